#!/usr/bin/env python3
"""A week of real posts about airlines (February 2015) through the real detector: each counted once, the storm of 22 February found,
hardly anything before it, the same incidents every time. Run alone: python3 tests/flow/test_replay.py"""
import collections
import csv
import gzip
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402

POSTS = os.path.join(os.path.dirname(flow.ROOT), 'shared', 'data', 'text', 'en_airline_replay_texts.tsv.gz')
HANDLES = {'american': ['AmericanAir'], 'delta': ['Delta', 'DeltaAssist'], 'jetblue': ['JetBlue'], 'southwest': ['SouthwestAir'],
           'united': ['united'], 'usairways': ['USAirways'], 'virginamerica': ['VirginAmerica']}
STORM = '2015-02-22'
EARLY_AT_MOST = 3
CONFIG = '[earshot]\nrules = {root}/rules, {root}/tests/support/airline\nfeeds = feeds\ndata = data\n[retention]\nmentions = 3650d\nminutes = 3650d\nhours = 3650d\n'


def expected():
    """Distinct (brand, tweet id) pairs, by the handles as whole words, and nothing else of ours: brand -> ids."""
    pairs = collections.defaultdict(set)
    patterns = {b: re.compile('|'.join(r'@%s(?![A-Za-z0-9_])' % h for h in handles), re.I) for b, handles in HANDLES.items()}
    with gzip.open(POSTS, 'rt', encoding='utf-8', newline='\n') as f:
        for row in csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE):
            for brand, pattern in patterns.items():
                if pattern.search(row['text']):
                    pairs[brand].add(row['tweet_id'])
    return pairs


def day(ms):
    return time.strftime('%Y-%m-%d', time.gmtime(ms / 1000))


def replays(f, lines, n):
    """Runs n of them side by side -> of each: exit code, incidents as printed, mentions by brand, what it said."""
    argv, out = [flow.EARSHOT, 'replay', lines, '--config', f.path('earshot.conf')], []
    children = [subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=flow.ROOT) for _ in range(n)]
    f.children += children
    for child in children:
        printed, said = child.communicate(timeout=280)
        counts = {m[1]: int(m[2]) for m in re.finditer(r'^([a-z0-9-]+) +(\d+) mentions$', said, re.M)}
        out.append((child.returncode, printed, counts, said))
    return out


def run(f):
    f.write('earshot.conf', CONFIG.format(root=flow.ROOT))
    f.write('feeds/none.conf', '')
    with open(f.path('posts.jsonl'), 'w', encoding='utf-8') as out:
        subprocess.run([sys.executable, os.path.join(flow.ROOT, 'tests', 'support', 'airline.py'), POSTS], stdout=out, check=True)
    pairs = expected()
    started = time.monotonic()
    (code, first, counts, err), (other_code, second, again, other_err) = replays(f, f.path('posts.jsonl'), 2)
    took = time.monotonic() - started
    f.check('the replay of 14,640 posts ends well (%.0f s)' % took, code == 0, '%s: %s' % (code, err[-400:]))
    ids = set().union(*pairs.values())
    f.check('%d pairs of brand and post, of %d posts, are counted once each' % (sum(map(len, pairs.values())), len(ids)),
            counts == {b: len(s) for b, s in pairs.items()}, '%s, not %s' % (counts, {b: len(s) for b, s in pairs.items()}))
    incidents = [json.loads(line) for line in first.splitlines()]
    opened = sorted((day(i['opened_ms']), i['brand']) for i in incidents)
    f.check("American's incident opens on %s" % STORM, (STORM, 'american') in opened, str(opened))
    early = [o for o in opened if o[0] < STORM]
    f.check('at most %d incidents over all brands before that day' % EARLY_AT_MOST, len(early) <= EARLY_AT_MOST, str(early))
    f.check('another replay gives the same incidents, byte for byte', other_code == 0 and second == first and again == counts, other_err[-300:])


def main():
    if not os.path.exists(POSTS):
        print('skip - airline replay: there is no ../shared/data/text beside the checkout')
        return 0
    with flow.Flow('replay') as f:
        run(f)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
