#!/usr/bin/env python3
"""Crawlers share the source shards: one, then three, then two after a kill -9, then one after another is frozen; and the frozen one
comes back. Run alone: python3 tests/fault/test_share.py"""
import collections
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

HOSTS = 40
TAKE_OVER_S = 10


class Test:
    def __init__(self, f):
        self.f = f
        f.start_redis()
        f.load_functions()
        port = int(f.start_web(host='0.0.0.0').rsplit(':', 1)[1])
        f.web('PUT', '/plan/board', {'total': 5, 'start': 5})
        feeds = ''.join(system.source('s-%d' % i, 'http://127.3.%d.1:%d/grow/board.xml?%d' % (i, port, i), every='1s') for i in range(HOSTS))
        self.s = system.System(f, feeds=feeds)
        self.s.link = resp.Redis(f.socket)
        self.shards = 0

    def start(self, name):
        return self.f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', self.f.url], name + '.log')

    def owners(self):
        """Number of shards of each crawler, by process id; those whose lease ran out or was given up belong to nobody."""
        now, found = self.s.ask('TIME'), collections.Counter()
        now_ms = int(now[0]) * 1000 + int(now[1]) // 1000
        for shard in range(64):
            owner, until = self.s.ask('HMGET', 'es:{s%02d}:lease:crawler' % shard, 'owner', 'until_ms')
            if owner and int(until or 0) > now_ms:
                found[int(owner.rsplit(':', 1)[1])] += 1
        return found

    def is_fair(self, children):
        owners, most = self.owners(), -(-self.shards // len(children))
        return set(owners) <= {c.pid for c in children} and sum(owners.values()) == self.shards and max(owners.values()) <= most

    def expect(self, what, children, patience=TAKE_OVER_S):
        start = time.monotonic()
        fair = self.f.wait(lambda: self.is_fair(children), patience, 0.1)
        self.f.check('%s within %d s' % (what, patience), fair, '%s of %d shards' % (dict(self.owners()), self.shards))
        print('# after %.1f s' % (time.monotonic() - start), flush=True)

    def all_polled(self, what):
        self.f.web('DELETE', '/log')
        wanted = {'/grow/board.xml?%d' % i for i in range(HOSTS)}
        self.f.wait(lambda: not wanted - self.asked(), 20, 0.2)
        self.f.check('all sources are polled ' + what, not wanted - self.asked(), 'not: %s' % sorted(wanted - self.asked()))

    def asked(self):
        return {e['path'] for e in self.f.web('GET', '/log')}

    def run(self):
        f = self.f
        first = self.start('first')
        f.wait(lambda: f.web('GET', '/log'), 15)
        f.wait(lambda: sum(self.owners().values()) > 20, 5)
        self.shards = sum(self.owners().values())
        f.check('one crawler has all shards', self.is_fair([first]), str(self.owners()))
        second, third = self.start('second'), self.start('third')
        self.expect('three crawlers have a third of them each', [first, second, third], 15)
        self.all_polled('by three')
        f.end(second, signal.SIGKILL)
        self.expect('after a kill -9 the other two have half of them each', [first, third])
        self.all_polled('by two')
        third.send_signal(signal.SIGSTOP)
        self.expect('after a freeze the last one has all', [first])
        self.all_polled('by one')
        third.send_signal(signal.SIGCONT)
        self.expect('one that wakes up gets its half', [first, third])
        self.all_polled('again')


def main():
    with flow.Flow('share') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
