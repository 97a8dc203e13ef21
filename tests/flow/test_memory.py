#!/usr/bin/env python3
"""Resident memory: at most 40 MB a role in a run like the demo, and no growth with the number of posts and alerts.

  python3 tests/flow/test_memory.py [--posts N]      (default 24,000; make soak: 120,000; compared with a third and two thirds of them)"""
import argparse
import hashlib
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

MOST_KB = 40 << 10
GROWTH = 1.10
SLACK_KB = 2048  # of a heap that settles: a tenth of a small process is less than that
CHUNK = 500
ALERTS = 1500
ROLES = ('crawler', 'detector', 'notifier')
CALM = [{'title': '记录{i}', 'text': '今天骑云雀上班，路上二十分钟。', 'lang': 'zh'}]
STORM = [{'title': '云雀刹车失灵', 'text': '云雀刹车突然失灵，差点出事，客服不管，要求退款！第{i}次投诉。', 'lang': 'zh'}]
TEXT = '云雀电动车第%d次维修，店员说要等两个星期，客服电话打不通，要求退款。The Skylark EV shop told me to wait again; ticket %d. ' * 2


def plan(texts, start, total=None):
    return {'texts': texts, 'start': start, 'total': start if total is None else total, 'per_second': 20, 'spacing_s': 120}


class Test:
    def __init__(self, f):
        self.f, self.sent, self.alerts = f, 0, 0
        web = f.start_web()
        feeds = ''
        for name, ending, spec in (('board', 'xml', plan(CALM, 60)), ('blog', 'json', plan(CALM, 60)), ('storm', 'atom', plan(STORM, 0))):
            f.web('PUT', '/plan/' + name, spec)
            feeds += system.source(name, '%s/grow/%s.%s' % (web, name, ending))
        self.s = system.System(f, feeds=feeds, thresholds='learn = 0\n')

    def sizes(self):
        pids = self.s.pids()
        return {r: system.rss_kb(pids[r]) for r in ROLES}

    def told(self, sizes):
        return ', '.join('%s %.1f MB' % (r, kb / 1024) for r, kb in sizes.items())

    def demo(self):
        f, s = self.f, self.s
        s.start()
        f.wait(lambda: s.total('yunque') == 120)
        f.web('PUT', '/plan/storm', plan(STORM, 0, 60))
        log = os.path.join(s.data, 'alerts.log')
        f.wait(lambda: os.path.exists(log) and os.path.getsize(log) > 0, 30)
        f.check('an alert went out', os.path.exists(log) and os.path.getsize(log) > 0)
        sizes = self.sizes()
        f.check('after a run like the demo no role has more than 40 MB: ' + self.told(sizes), max(sizes.values()) <= MOST_KB)

    def post(self, number):
        now = int(time.time() * 1000)
        post = {'id': hashlib.sha256(b'memory %d' % number).hexdigest()[:32], 'source': 'board', 'family': 'forum', 'kind': 'post', 'native_id': 'm-%d' % number,
                'url': 'http://board.example/%d' % number, 'author': 'a:%032x' % (number % 5000), 'title': '云雀维修%d' % number, 'text': TEXT % (number, number, number, number),
                'lang': 'zh-Hans', 'replies': number % 7, 'posted_ms': now - number % 3600 * 1000, 'fetched_ms': now}
        return json.dumps({'brand': 'yunque', 'rulebook': 'memory', 'places': [['title', 0, 2, '云雀'], ['text', 0, 2, '云雀']], 'post': post}, ensure_ascii=False)

    def feed(self, upto):
        """Posts straight into the brand's stream, as a crawler appends them; waits until all are counted."""
        s = self.s
        while self.sent < upto:
            n = min(CHUNK, upto - self.sent)
            s.link.pipeline([('XADD', 'es:{b:yunque}:posts', '*', 'post', self.post(self.sent + i)) for i in range(n)])
            self.sent += n
            self.f.wait(lambda: s.total('yunque') > self.sent + 180 - 4 * CHUNK, 60, 0.01)
        self.f.wait(lambda: s.total('yunque') == self.sent + 180, 60)
        return s.total('yunque') == self.sent + 180

    def alert(self, upto):
        """Alerts straight into the outbox."""
        with open(os.path.join(flow.ROOT, 'tests', 'golden', 'render', 'opened-red.in'), encoding='utf-8') as sample:
            alert = json.load(sample)
        alert['brand'] = 'harbour'
        commands = []
        for number in range(self.alerts, upto):
            incident = hashlib.sha256(b'alert %d' % number).hexdigest()[:32]
            alert['event_id'] = incident + ':1'
            alert['incident'].update(id=incident, revision=1)
            commands.append(('XADD', 'es:{b:harbour}:outbox', '*', 'alert', json.dumps(alert, ensure_ascii=False)))
        self.s.link.pipeline(commands)
        self.alerts = upto
        self.f.wait(lambda: self.s.ask('ZCARD', 'es:{b:harbour}:deliveries:done') >= upto, 60)

    @staticmethod
    def same(before, after):
        return after <= before * GROWTH or after - before <= SLACK_KB

    def growth(self, posts):
        f, s = self.f, self.s
        started = time.monotonic()
        arrived, sizes = True, []
        for third in (1, 2, 3):
            arrived = self.feed(posts * third // 3) and arrived
            self.alert(ALERTS * third // 3)
            sizes.append(self.sizes())
        took = time.monotonic() - started
        f.check('%d posts more are counted, each once (%.0f s)' % (posts, took), arrived and s.counted('yunque') == posts + 180, str(s.total('yunque')))
        f.check('%d alerts more are delivered' % self.alerts, s.ask('ZCARD', 'es:{b:harbour}:deliveries:done') == self.alerts)
        # What leaks grows in every third; a heap that settles takes one step.
        f.check('no role grows with every third of %d posts: %s' % (posts, '; then '.join(self.told(x) for x in sizes)),
                all(any(self.same(x[r], y[r]) for x, y in zip(sizes, sizes[1:])) for r in ROLES))
        f.check('nor fallen over', 'child_died' not in s.log(), s.log()[-300:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--posts', type=int, default=24000)
    options = parser.parse_args()
    if flow.is_sanitized():
        print('skip - memory: sanitizers need some of their own')
        return 0
    with flow.Flow('memory') as f:
        t = Test(f)
        t.demo()
        t.growth(options.posts)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
