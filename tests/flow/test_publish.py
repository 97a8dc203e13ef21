#!/usr/bin/env python3
"""A rulebook that finds three times as much is published in the middle of a replay: no incident comes of it, and a real surge in the same
minute opens its incident. Run alone: python3 tests/flow/test_publish.py"""
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402

START = 1750032000    # 2025-06-16T00:00:00Z, a Monday
SWITCH = START + 86400 + 10 * 3600
END = SWITCH + 5 * 3600
OLD = '[brand yunque]\nname = 云雀电动车\naliases = 云雀\n[brand harbour]\nname = Harbour Coffee\naliases = Harbour Coffee\n'
NEW = '[brand yunque]\nname = 云雀电动车\naliases = 云雀, 小雀\n[brand harbour]\nname = Harbour Coffee\naliases = Harbour Coffee, Harbor Cafe\n'
CONFIG = '[earshot]\nrules = {root}/rules, old\nfeeds = feeds\ndata = data\n[retention]\nmentions = 3650d\nminutes = 3650d\nhours = 3650d\n'
# brand: what the old rules find an hour, what only the new ones find besides, and the words of both
TALK = {
    'yunque': (40, 80, ('骑云雀上班，第{i}天。', '云雀刹车坏了，售后很差，第{i}次投诉。'), ('小雀骑了一周，第{i}篇。', '小雀客服不理人，要求退款，第{i}次。')),
    'harbour': (20, 40, ('Flat white at Harbour Coffee, visit {i}.', 'Harbour Coffee overcharged me, awful, visit {i}.'),
                ('Harbor Cafe before work, day {i}.', 'Harbor Cafe refuses my refund, terrible, ticket {i}.')),
}
COMPLAINTS = 4    # one text in so many is one


def posts(rng, start, end, per_hour, texts, stem):
    """Evenly random, with the swing of a day."""
    out, at = [], start
    while True:
        hour = (at // 3600) % 24
        at += rng.expovariate(per_hour / 3600 * (0.4 if hour < 7 else 1.2))
        if at >= end:
            return out
        i = len(out)
        out.append({'id': '%s-%d' % (stem, i), 'source': 'board', 'text': texts[i % COMPLAINTS == 0].format(i=i), 'posted': int(at)})


def background():
    rng = random.Random(7)
    out = []
    for brand, (old, more, known, unknown) in TALK.items():
        out += posts(rng, START, END, old, known, brand + '-old')
        out += posts(rng, START, END, more, unknown, brand + '-new')
    return out


def surge(brand, unknown):
    """Eight times all that is usual at that hour, in the words of either rulebook, from the minute of the publication on."""
    old, more, known, new = TALK[brand]
    return posts(random.Random(3), SWITCH, SWITCH + 3 * 3600, 7 * 1.2 * (old + more), (new if unknown else known), brand + '-surge')


def ratios(factor):
    """As the archive would have counted them over the days before, times `factor`."""
    hours = (SWITCH - START) / 3600
    brands = {}
    for brand, (old, more, _, _) in TALK.items():
        counts = {'all': (old, old + more), 'negative': (old / 4, (old + more) / 4), 'complaint': (old / 4, (old + more) / 4)}
        brands[brand] = {k: [int(a * hours), int(a * hours * (b / a) ** factor)] for k, (a, b) in counts.items()}
    return {'span_ms': SWITCH * 1000 - START * 1000, 'brands': brands}


class Test:
    def __init__(self, f):
        self.f = f
        f.write('earshot.conf', CONFIG.format(root=flow.ROOT))
        f.write('feeds/none.conf', '')
        f.write('old/brands.conf', OLD)
        f.write('new/brands.conf', NEW)
        f.write('ratios.json', json.dumps(ratios(1)))
        f.write('wrong.json', json.dumps(ratios(-1)))
        self.calm = background()

    def replay(self, rows, *publication):
        """-> (incidents that opened behind the switch as (brand, minutes), mentions by brand)"""
        rows = sorted(rows, key=lambda r: r['posted'])
        lines = self.f.write('posts.jsonl', ''.join(json.dumps(r, ensure_ascii=False) + '\n' for r in rows))
        code, out, err = self.f.earshot('replay', lines, '--config', self.f.path('earshot.conf'), *publication, timeout=240)
        if code != 0:
            raise RuntimeError('replay ended with %d: %s' % (code, err[-500:]))
        incidents = [json.loads(line) for line in out.splitlines()]
        counts = {w[0]: int(w[1]) for w in (line.split() for line in err.splitlines()) if len(w) == 3 and w[2] == 'mentions'}
        return sorted((i['brand'], round((i['opened_ms'] / 1000 - SWITCH) / 60)) for i in incidents if i['opened_ms'] >= SWITCH * 1000), counts

    def at_switch(self, ratio_file=None):
        when = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(SWITCH))
        return ['--publish', '%s,%s@%s' % (os.path.join(flow.ROOT, 'rules'), self.f.path('new'), when)] + (['--ratios', self.f.path(ratio_file)] if ratio_file else [])

    def run(self):
        f = self.f
        opened, before = self.replay(self.calm)
        f.check('without a publication nothing opens', not opened, str(opened))
        opened, after = self.replay(self.calm, *self.at_switch('ratios.json'))
        f.check('rules that find three times as much open nothing when they are published', not opened, str(opened))
        f.check('and they do find it', all(after[b] > 1.3 * before[b] for b in TALK), '%s after %s' % (after, before))
        opened, _ = self.replay(self.calm, *self.at_switch('wrong.json'))
        f.check('told that they find a third, the detector takes it for a surge: this test can fail', {b for b, _ in opened} == set(TALK), str(opened))
        opened, _ = self.replay(self.calm, *self.at_switch())
        f.check('nobody measured it: still nothing opens', not opened, str(opened))
        for brand, other, unknown in (('yunque', 'harbour', True), ('harbour', 'yunque', False)):
            opened, _ = self.replay(self.calm + surge(brand, unknown), *self.at_switch('ratios.json'))
            f.check('%s: a real surge in the same minute opens its incident within the hour, in %s words' % (brand, 'new' if unknown else 'old'),
                    any(b == brand and m <= 60 for b, m in opened), str(opened))
            f.check('and none at the other brand', not any(b == other for b, _ in opened), str(opened))
        opened, _ = self.replay(self.calm + surge('yunque', True), *self.at_switch())
        f.check('a storm shows even where nobody measured', any(b == 'yunque' for b, _ in opened), str(opened))


def main():
    with flow.Flow('publish') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
