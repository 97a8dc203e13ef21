#!/usr/bin/env python3
"""A frozen detector: stopped for longer than its lease while a second one takes over, then woken again, twice; nothing is counted
twice. Run alone: python3 tests/fault/test_freeze.py"""
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

POSTS = 400
LEASE_S = 7        # LIMIT_LEASE_MS
TEXTS = [{'title': '云雀又坏了', 'text': '云雀电动车第{i}次坏在路上，要求退款。', 'lang': 'zh'}]


class Test:
    def __init__(self, f):
        self.f = f
        f.start_redis()
        f.load_functions()
        web = f.start_web()
        f.web('PUT', '/plan/board', {'texts': TEXTS, 'total': POSTS, 'start': 0, 'per_second': POSTS / 26})
        self.s = system.System(f, feeds=system.source('board', web + '/grow/board.xml', every='500ms'))
        self.s.link = resp.Redis(f.socket)
        self.detectors = {}

    def start(self, name):
        role = 'detector' if name != 'crawler' else name
        child = self.f.start([flow.EARSHOT, role, '--config', self.s.config, '--redis', self.f.url], name + '.log')
        self.detectors[child.pid] = child
        return child

    def owner(self):
        """Process id of the detector that holds the brand."""
        text = self.s.ask('HGET', 'es:{b:yunque}:lease:detector', 'owner') or '::0'
        return int(text.rsplit(':', 1)[1])

    def catch_pending(self, child):
        """Freezes it, if possible at a moment at which it has entries that it read and did not acknowledge yet."""
        for _ in range(100):
            child.send_signal(signal.SIGSTOP)
            groups = self.s.ask('XINFO', 'GROUPS', 'es:{b:yunque}:posts')
            if any(dict(zip(g[::2], g[1::2])).get('pending', 0) > 0 for g in groups):
                return
            child.send_signal(signal.SIGCONT)
            time.sleep(0.003)    # lets it run a little; not a wait for anything
        child.send_signal(signal.SIGSTOP)

    def freeze_and_wake(self, number):
        f, s = self.f, self.s
        frozen = self.detectors[self.owner()]
        self.catch_pending(frozen)
        before = s.total('yunque')
        f.wait(lambda: self.owner() != frozen.pid, LEASE_S + 8)
        f.check('the other detector takes over within a lease of the %d. freeze' % number, self.owner() != frozen.pid)
        f.wait(lambda: s.total('yunque') > before, 5)
        f.check('and goes on counting', s.total('yunque') > before, '%d posts' % s.total('yunque'))
        frozen.send_signal(signal.SIGCONT)
        name = 'first' if frozen is self.first else 'second'
        noticed = f.wait(lambda: any(w in f.log(name + '.log') for w in ('fenced', 'lease_lost')), 10)
        f.check('the one that wakes up late finds that the brand is not its own any more', noticed, f.log(name + '.log')[-300:])

    def take_entries(self):
        """What a frozen predecessor does that wakes up between two looks at its lease: it reads entries and cannot commit them."""
        group = ('XREADGROUP', 'GROUP', 'detector', self.consumer(), 'COUNT', 50, 'STREAMS', 'es:{b:yunque}:posts', '>')
        taken = self.f.wait(lambda: self.s.ask(*group), 10, 0.01)
        self.f.check('a reader without the lease can take entries', taken)

    def consumer(self):
        rows = self.s.ask('XINFO', 'CONSUMERS', 'es:{b:yunque}:posts', 'detector')
        return dict(zip(rows[0][::2], rows[0][1::2]))['name']

    def run(self):
        f, s = self.f, self.s
        self.start('crawler')
        self.first = self.start('first')
        f.wait(lambda: self.owner() == self.first.pid, 20)
        self.start('second')
        f.wait(lambda: s.total('yunque') >= 20, 20)
        self.freeze_and_wake(1)
        self.freeze_and_wake(2)
        self.take_entries()
        f.wait(lambda: s.total('yunque') == POSTS, 30)
        ids = {'board-%d' % i for i in range(POSTS)}
        f.check('each of the %d posts is there once' % POSTS, set(s.mentions('yunque')) == ids and s.total('yunque') == POSTS, '%d mentions' % s.total('yunque'))
        f.check('and counted once', s.counted('yunque') == POSTS, str(s.counted('yunque')))
        code, out, err = f.earshot('verify', '--config', s.config, '--redis', f.url)
        f.check('verify agrees', code == 0, '%d %s%s' % (code, out, err))
        revisions = [int(e['revision']) for e in s.timeline('yunque')]
        f.check('the timeline has no gap and no repeat', revisions == list(range(1, len(revisions) + 1)), str(revisions))


def main():
    with flow.Flow('freeze') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
