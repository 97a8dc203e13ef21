#!/usr/bin/env python3
"""Hundreds of sources on as many hosts, each answer with a new post: what their polls cost in round trips to Redis (waits for its answer,
not commands); and a host with hundreds of sources that never answers takes nobody's turn. Run alone: python3 tests/flow/test_round_trips.py"""
import json
import os
import selectors
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

HOSTS, CROWD = 400, 300
TURN_S = 0.25    # LIMIT_ROUND_MS, and earlier turns when nothing is under way
SPAN_MS = 6000    # that is measured at least
TRIPS = 3    # a turn: which posts are known, posts, cursors with all that is asked next
HOUSEKEEPING = 4    # a second: leases (two), heartbeat, backlog, due lists, health
MOST = 4    # for 100 pages
# Below it the trips that the clock asks for, ten a second whatever is polled, are more than MOST: they cost nothing then, and say nothing.
ENOUGH = 300    # pages a second

FEED = ('<rss version="2.0"><channel><title>t</title>%s</channel></rss>')
ITEM = '<item><guid>%s-%d</guid><title>%s</title><description>number %d</description></item>'


class Web:
    """Answers each request with a feed whose first post is new; says nothing at all to /silent."""

    def __init__(self):
        self.listener = socket.create_server(('0.0.0.0', 0), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.polled, self.silent = {}, 0
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.listener:
                    self.selector.register(self.listener.accept()[0], selectors.EVENT_READ)
                else:
                    self.answer(key.fileobj)

    def answer(self, connection):
        try:
            request = connection.recv(65536)    # small ones come whole
            reply = self.reply(request.split(b' ')[1].decode()) if request else b''
            if reply:
                connection.sendall(reply)
        except OSError:
            request = b''
        if not request:
            self.selector.unregister(connection)
            connection.close()

    def reply(self, path):
        if path.startswith('/silent'):
            self.silent += 1
            return b''
        if path == '/robots.txt':
            return b'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'
        n = self.polled[path] = self.polled.get(path, 0) + 1
        items = ''.join(ITEM % (path, i, 'Skylark EV' if i % 10 == 0 else 'weather', i) for i in range(n, max(n - 5, 0), -1))
        body = (FEED % items).encode()
        return b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n%s' % (len(body), body)


def feeds(port):
    good = ''.join(system.source('good-%d' % i, 'http://127.1.%d.%d:%d/%d' % (i // 50, 1 + i % 50, port, i)) for i in range(HOSTS))
    # They sort before the others, and all are due at once.
    crowd = ''.join(system.source('a-crowd-%d' % i, 'http://127.2.0.1:%d/silent/%d' % (port, i)) for i in range(CROWD))
    return crowd + good


class Test:
    def __init__(self, f):
        self.f = f
        f.start_redis()
        f.load_functions()
        self.web = Web()
        self.s = system.System(f, feeds=feeds(self.web.port))

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

    def run(self):
        f = self.f
        f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', f.url], 'crawler.log')
        start = time.monotonic()
        f.wait(lambda: len(self.web.polled) >= HOSTS, 30)
        took = time.monotonic() - start
        f.check('hosts behind a crowd of sources of one silent host are all asked', len(self.web.polled) >= HOSTS, '%d after %.1f s' % (len(self.web.polled), took))
        f.check('of which one is asked at a time', self.web.silent <= 1, str(self.web.silent))
        before = self.next_beat(self.next_beat(0)[0])
        after = self.next_beat(before[0] + SPAN_MS)
        self.judge(after[1] - before[1], after[2] - before[2], (after[0] - before[0]) / 1000)

    def judge(self, pages, trips, span_s):
        f = self.f
        told = '%d trips for %d pages in %.1f s: %.2f for 100' % (trips, pages, span_s, 100 * trips / max(pages, 1))
        print('     ' + told)
        f.check('polls go on', pages > 2 * HOSTS, told)
        turns = max(span_s / TURN_S, pages / 256)    # LIMIT_ROUND_PAGES
        f.check('a turn costs %d round trips to Redis at most, however many pages it has' % TRIPS, trips <= TRIPS * turns + HOUSEKEEPING * span_s + 5, told)
        if pages >= ENOUGH * span_s:
            f.check('a hundred pages cost %d at most' % MOST, 100 * trips <= MOST * pages, told)
        else:
            print('     not judged by the page: this machine polls fewer than %d a second' % ENOUGH)


def main():
    with flow.Flow('round-trips') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
