#!/usr/bin/env python3
"""A hundred sources on a hundred hosts: what their polls cost in round trips to Redis; and a host with hundreds of sources that never
answers takes nobody's turn. Run alone: python3 tests/flow/test_round_trips.py"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

HOSTS, CROWD = 100, 300
TURN_S = 0.2    # LIMIT_ROUND_MS, while one request is under way
SPAN_MS = 4000    # that is measured at least
TRIPS = 3    # a turn: rulebook, cursors with what is asked next, and now and then leases, backlog, due lists


def feeds(port):
    hosts = ['127.1.%d.%d' % (i // 50, 1 + i % 50) for i in range(HOSTS)]
    good = ''.join(system.source('good-%d' % i, 'http://%s:%d/grow/board.xml' % (h, port)) for i, h in enumerate(hosts))
    # Their host takes the request and says nothing. They sort before the others, and all are due at once.
    crowd = ''.join(system.source('a-crowd-%d' % i, 'http://127.2.0.1:%d/fault/timeout?%d' % (port, i)) for i in range(CROWD))
    return crowd + good


class Test:
    def __init__(self, f):
        self.f = f
        f.start_redis()
        f.load_functions()
        url = f.start_web(host='0.0.0.0')
        self.port = int(url.rsplit(':', 1)[1])
        f.web('PUT', '/plan/board', {'total': 5, 'start': 5})
        self.s = system.System(f, feeds=feeds(self.port))

    def metrics(self):
        """(time of the beat, pages, round trips) as the crawler's last heartbeat tells them."""
        names = [n for n in self.f.redis('ZRANGE', 'es:{proc}:processes', '0', '-1').splitlines() if n.startswith('crawler:')]
        if not names:
            return 0, 0, 0
        key = 'es:{proc}:process:' + names[0]
        told = json.loads(self.f.redis('HGET', key, 'metrics') or '{}')
        return int(self.f.redis('HGET', key, 'beat_ms') or 0), told.get('fetches_total', 0), told.get('redis_round_trips_total', 0)

    def next_beat(self, after_ms):
        self.f.wait(lambda: self.metrics()[0] > after_ms, 15)
        return self.metrics()

    def polled(self):
        return {e['path'] + '@' + str(i) for i, e in enumerate(self.f.web('GET', '/log')) if e['path'].startswith('/grow/')}

    def run(self):
        f = self.f
        f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', f.url], 'crawler.log')
        start = time.monotonic()
        f.wait(lambda: len(self.polled()) >= HOSTS, 20)
        took = time.monotonic() - start
        f.check('hosts behind a crowd of sources of one silent host are all asked', len(self.polled()) >= HOSTS, '%d after %.1f s' % (len(self.polled()), took))
        asked = [e for e in f.web('GET', '/log') if e['path'].startswith('/fault/timeout')]
        f.check('of which one is asked at a time', len(asked) <= 1, str(len(asked)))
        before = self.next_beat(self.next_beat(0)[0])
        after = self.next_beat(before[0] + SPAN_MS)
        pages, trips = after[1] - before[1], after[2] - before[2]
        f.check('polls go on', pages > 2 * HOSTS, '%d pages between the beats' % pages)
        turns = (after[0] - before[0]) / 1000 / TURN_S
        f.check('a turn costs %d round trips to Redis at most, however many pages it has' % TRIPS, trips <= TRIPS * turns + 5,
                '%d trips for %d pages in %d turns' % (trips, pages, turns))
        f.check('which is less than one for five pages', trips * 5 <= pages, '%d trips for %d pages' % (trips, pages))


def main():
    with flow.Flow('round-trips') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
