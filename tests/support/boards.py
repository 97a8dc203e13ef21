"""Feeds of many hosts that publish numbered posts at a steady pace, from begin() to stop(), odd ones in English and even ones in Chinese:
what the fault tests of the crawler count. In a thread of the test; standard library only.

    b = boards.Boards(hosts, seed=7)
    web = auditweb.Web(b.answer)
    b.begin()           # ... break things ...
    b.stop()
    b.expected('yunque')
"""
import email.utils
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import auditweb  # noqa: E402

SLOW_S = (0.0, 0.0, 0.01, 0.1, 0.4)         # some are always under way
SHOWN = 200                                 # posts that a feed shows, newest first
FEED = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>板块 board</title>%s</channel></rss>'
ITEM = '<item><guid isPermaLink="false">%s</guid><title>%s</title><description>%s</description><pubDate>%s</pubDate></item>'
TEXTS = {'yunque': ('云雀又坏了', '云雀电动车第%d次坏在路上，要求退款，客服不理人。'),
         'harbour': ('Refund refused', 'Harbour Coffee refuses my refund, visit %d. Terrible service.')}


class Boards:
    """`rate`: posts a second of one feed. `slow_s`: an answer is given after one of these. `pad`: bytes that each page has besides."""

    def __init__(self, hosts, seed, rate=0.4, slow_s=SLOW_S, pad=0):
        self.random, self.rate, self.slow_s, self.pad = random.Random(seed), rate, slow_s, '<!--%s-->' % ('x' * pad) if pad else ''
        self.phase = {host: self.random.random() for host in hosts}
        self.begun = self.stopped = 0.0

    def begin(self):
        self.begun = time.time()

    def stop(self):
        self.stopped = time.time()

    def count(self, host):
        if not self.begun:
            return 0
        return int(((self.stopped or time.time()) - self.begun) * self.rate + self.phase[host])

    @staticmethod
    def brand(number):
        return 'harbour' if number % 2 else 'yunque'

    def item(self, host, number):
        title, text = TEXTS[self.brand(number)]
        when = email.utils.formatdate(self.begun + max(0.0, (number + 1 - self.phase[host]) / self.rate), usegmt=True)
        return ITEM % ('%s-%d' % (host, number), title, text % number, when)

    def answer(self, request):
        if request.path == '/robots.txt':
            return auditweb.Answer(404)
        n, after = self.count(request.host), self.random.choice(self.slow_s)
        etag = '"%d"' % n
        if request.header('If-None-Match') == etag:
            return auditweb.Answer(304, {'ETag': etag}, after=after)
        items = ''.join(self.item(request.host, i) for i in range(n - 1, max(-1, n - 1 - SHOWN), -1))
        return auditweb.Answer(200, {'ETag': etag, 'Content-Type': 'application/rss+xml'}, (FEED % (items + self.pad)).encode(), after=after)

    def expected(self, brand):
        """Native ids."""
        return {'%s-%d' % (host, i) for host in self.phase for i in range(self.count(host)) if self.brand(i) == brand}
