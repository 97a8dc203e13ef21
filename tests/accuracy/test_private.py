#!/usr/bin/env python3
"""Is personal data found, and only that? Recall and precision of the masker over made-up posts of both languages, with floors.
A span counts when its kind is right and it covers at least half of both. -v prints every miss; SEED= another seed."""
import json
import os
import subprocess
import sys
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))
import private_posts  # noqa: E402

EARSHOT = os.environ.get('EARSHOT') or os.path.join(ROOT, 'build/earshot')
GROUPS = {kind.split()[0]: group for kind, (group, _, _) in private_posts.KINDS.items()}
FLOORS = {'checksum': (.99, .99), 'cue': (.95, .95), 'name': (.85, .90), 'address': (.85, .90)}    # recall, precision


def answers(posts):
    lines = ''.join(json.dumps({'text': text}) + '\n' for text, _, _ in posts)
    done = subprocess.run([EARSHOT, 'case', 'pii', '--batch'], cwd=ROOT, input=lines.encode(), stdout=subprocess.PIPE, timeout=120, check=True)
    return [json.loads(line)['spans'] for line in done.stdout.splitlines()]


def is_same(truth, said):
    over = min(truth[1], said[1]) - max(truth[0], said[0])
    kind = 'BANK_CARD' if said[2] == 'US_CARD' else said[2]
    return kind == truth[2] and over * 2 >= max(truth[1], said[1]) - min(truth[0], said[0])


def main():
    posts = private_posts.made(int(os.environ.get('SEED', '6')))
    counts, good = defaultdict(lambda: [0, 0, 0]), True     # of a kind: found, missed, wrongly
    for (text, truth, _), said in zip(posts, answers(posts)):
        right = [s for s in said if any(is_same(t, s) for t in truth)]
        for t in truth:
            counts[t[2]][0 if right else 1] += 1
        for s in said:
            if s not in right:
                counts['BANK_CARD' if s[2] == 'US_CARD' else s[2]][2] += 1
        if '-v' in sys.argv and len(right) != max(len(truth), len(said)):
            print('# %s: %s, said %s' % (text, truth, said))
    for group, (recall_floor, precision_floor) in FLOORS.items():
        kinds = sorted(k for k in counts if GROUPS[k] == group)
        for k in kinds:
            print('# %-12s found %d, missed %d, wrongly %d' % (k, *counts[k]))
        found, missed, wrongly = (sum(counts[k][i] for k in kinds) for i in range(3))
        recall, precision = found / (found + missed), found / max(1, found + wrongly)
        holds = recall >= recall_floor and precision >= precision_floor
        good = good and holds
        print('%s - personal data of the group %s: recall %.4f (at least %.2f), precision %.4f (at least %.2f)'
              % ('ok' if holds else 'not ok', group, recall, recall_floor, precision, precision_floor))
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
