#!/usr/bin/env python3
"""Proof before a rule goes live: `earshot rules test`, `diff`, `ledger` and `suggest` through the binary. What they say of a small file of
posts and two folders of rules is in tests/golden/backtest (UPDATE=1 writes it anew); a backtest of a week of real posts opens the
incidents that a replay opens; the archive and a file give the same answer. Run alone: python3 tests/flow/test_rules_test.py"""
import html.parser
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402

GOLDEN = os.path.join('tests', 'golden', 'backtest')
OLD, NEW, POSTS = (os.path.join(GOLDEN, n) for n in ('old', 'new', 'posts.jsonl'))
AIRLINE_POSTS = os.path.join(os.path.dirname(flow.ROOT), 'shared', 'data', 'text', 'en_airline_replay_texts.tsv.gz')
CONFIG = '[earshot]\nrules = {root}/rules, {root}/tests/support/airline\nfeeds = feeds\ndata = data\n' \
         '[retention]\nmentions = 3650d\nminutes = 3650d\nhours = 3650d\n'


def without_cost(text):
    """What a clock says is another number every time."""
    text = re.sub(r'; \d+\.\d µs/post( dearer| cheaper)?', '', text)
    text = re.sub(r'\nCost of a post\n(  .*\n)*', '', text)
    text = re.sub(r',"cost":\{.*?\]\}', '', text)
    return re.sub(r'"ns_per_post":[\d.]+', '"ns_per_post":0', text)


def ledger_without_cost(text):
    return re.sub(r'^(. +\d+ +\d+) +[\d.]+  ', r'\1  ', without_cost(text), flags=re.M)


def golden(f, name, sentence, came):
    path = os.path.join(flow.ROOT, GOLDEN, name)
    if os.environ.get('UPDATE'):
        with open(path, 'w', encoding='utf-8') as out:
            out.write(came)
    with open(path, encoding='utf-8') as file:
        expected = file.read()
    if not f.check(sentence, came == expected, 'differs from %s; UPDATE=1 writes it anew' % os.path.join(GOLDEN, name)):
        for a, b in zip(expected.split('\n'), came.split('\n')):
            if a != b:
                print('# expected: %s\n# came:     %s' % (a[:300], b[:300]))
                break


class Page(html.parser.HTMLParser):
    """Tags of a page, and what they carry."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.hrefs, self.handlers, self.open = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.hrefs += [v for k, v in attrs if k in ('href', 'src')]
        self.handlers += [k for k, _ in attrs if k.startswith('on') or k == 'style']
        if tag not in ('meta', 'br', 'polyline', 'polygon'):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()


def small_cases(f):
    test = ('rules', 'test', NEW, '--against', OLD, '--posts', POSTS)
    code, out, err = f.earshot(*test, '--samples', '2')
    f.check('a test ends well', code == 0, '%s: %s' % (code, err[-300:]))
    golden(f, 'test.txt', 'rules test tells a person what changes', without_cost(out))
    code, out, err = f.earshot(*test, '--json', '--samples', '1')
    golden(f, 'test.json', 'rules test tells a program the same', without_cost(out))
    doc = json.loads(out)
    gone = [b for b in doc['brands'] if b['brand'] == 'skylark'][0]
    f.check('gained, lost and kept add up to what each book counts',
            gone['kept'] + gone['lost'] == gone['dimensions']['all']['before'] + gone['dimensions'].get('own', {}).get('before', 0) and
            gone['kept'] + gone['gained'] == gone['dimensions']['all']['now'] + gone['dimensions'].get('own', {}).get('now', 0), str(gone['dimensions']))
    with open(os.path.join(flow.ROOT, POSTS), encoding='utf-8') as file:
        hostile = f.write('hostile.jsonl', ''.join(line for line in file if '<b>' in line))
    f.earshot('rules', 'test', NEW, '--against', OLD, '--posts', hostile, '--html', f.path('page.html'))
    with open(f.path('page.html'), encoding='utf-8') as file:
        text = file.read()
    page = Page(text)
    f.check('the page stands alone: no script, no other file, no handler, all tags closed',
            'script' not in page.tags and not page.handlers and not page.open and all(h.startswith('https://example.com/') for h in page.hrefs),
            '%s %s %s %s' % (sorted(page.tags), page.hrefs, page.handlers, page.open))
    f.check('what strangers wrote is text on the page', '&lt;b&gt;' in text and '?a=1&amp;b=&quot;2&quot;' in text and '\x1b' not in text)
    f.check('the page speaks Chinese and English', '提及新增' in text and 'mentions' in text)


def gates(f):
    test = ('rules', 'test', NEW, '--against', OLD, '--posts', POSTS, '--samples', '0')
    f.check('a gain above --max-gain is a no', f.earshot(*test, '--max-gain', '5%')[0] == 1)
    f.check('alerts above --max-alerts are a no', f.earshot(*test, '--max-alerts', '0')[0] == 1)
    f.check('gates that hold are a yes', f.earshot(*test, '--max-gain', '1000%', '--max-alerts', '5')[0] == 0)
    f.check('rules against themselves pass the tightest gates',
            f.earshot('rules', 'test', OLD, '--against', OLD, '--posts', POSTS, '--max-gain', '0%', '--max-alerts', '0')[0] == 0)
    f.check('nonsense is refused', f.earshot(*test, '--max-gain', 'much')[0] == 2 and f.earshot('rules', 'test')[0] == 2)
    code, _, err = f.earshot('rules', 'test', NEW, '--against', OLD, '--archive', f.path('nowhere'))
    f.check('an archive that is not there is said', code == 1 and 'nowhere' in err, '%s %s' % (code, err))


def others(f):
    code, out, _ = f.earshot('rules', 'diff', OLD, NEW)
    golden(f, 'diff.txt', 'rules diff tells in words what changed', out)
    code, out, _ = f.earshot('rules', 'diff', OLD, NEW, '--json')
    f.check('rules diff --json holds the same changes', code == 0 and json.loads(out)['added'] + json.loads(out)['removed'] > 0)
    code, out, _ = f.earshot('rules', 'diff', NEW, NEW)
    f.check('equal rules differ in nothing', code == 0 and out == '0 rules added, 0 removed, 0 changed; 0 brands and 0 thresholds differ\n', out)
    code, out, _ = f.earshot('rules', 'ledger', '--rules', NEW, '--posts', POSTS)
    golden(f, 'ledger.txt', 'rules ledger tells what each rule did', ledger_without_cost(out))
    code, out, _ = f.earshot('rules', 'ledger', '--rules', NEW, '--posts', POSTS, '--json')
    rows = [json.loads(line) for line in out.splitlines()]
    f.check('the ledger marks the dead', [r['rule'] for r in rows if r.get('dead') and r['list'] == 'complaint'] == ['另一个从不出现的词'],
            str([r['rule'] for r in rows if r.get('dead')]))
    code, out, _ = f.earshot('rules', 'suggest', '--rules', NEW, '--posts', POSTS)
    golden(f, 'suggest.txt', 'rules suggest gives lines for a list', out)
    suggested = f.write('mine/complaint.suggested.tsv', out.split('# sentiment.suggested')[0])
    code, out, err = f.earshot('rules', 'lint', NEW, os.path.dirname(suggested))
    f.check('what is suggested can be pasted into a list', code == 0, err[-300:])


def real_week(f):
    """A backtest of one book finds the incidents of a replay: ids, levels, states."""
    f.write('earshot.conf', CONFIG.format(root=flow.ROOT))
    f.write('feeds/none.conf', '')
    with open(f.path('posts.jsonl'), 'w', encoding='utf-8') as out:
        subprocess.run([sys.executable, os.path.join(flow.ROOT, 'tests', 'support', 'airline.py'), AIRLINE_POSTS], stdout=out, check=True)
    code, out, err = f.earshot('replay', f.path('posts.jsonl'), '--config', f.path('earshot.conf'), timeout=280)
    replayed = sorted((i['brand'], i['id'], i['level'], i['state'], i['category']) for i in map(json.loads, out.splitlines()))
    code, out, err = f.earshot('rules', 'test', 'rules', 'tests/support/airline', '--alone', '--posts', f.path('posts.jsonl'), '--json', '--samples', '0')
    now = [(i['brand'], i['now']) for i in json.loads(out)['incidents']]
    tested = sorted((b, i['id'], i['level'], i['state'], i.get('category', '')) for b, i in now)
    f.check('a backtest of a week of real posts opens the %d incidents of its replay' % len(replayed), replayed and tested == replayed,
            '%s, not %s' % (tested, replayed))


def main():
    with flow.Flow('rules-test') as f:
        small_cases(f)
        gates(f)
        others(f)
        if not os.environ.get('SOAK'):
            print('skip - a backtest of a real week against its replay: `make soak` runs it')
        elif os.path.exists(AIRLINE_POSTS):
            real_week(f)
        else:
            print('skip - a backtest of a real week: there is no ../shared/data/text beside the checkout')
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
