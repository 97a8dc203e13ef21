#!/usr/bin/env python3
"""While a brand is in alert the sources that lately found mentions of it are polled more often, by whichever crawler holds them, and after a
restart, too; orders, floors and pauses of hosts hold. Run alone: python3 tests/flow/test_boost.py"""
import email.utils
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

FINDERS = ['finder-%d' % i for i in range(6)]    # on hosts of several shards
CROWD = ['crowd-%d' % i for i in range(3)]    # on one host that wants a second
BEGAN = time.time()
RATE = 'every_max = 4s\nevery_min = 500ms'    # four seconds usually, one in alert
# name: what its posts are about, options
SOURCES = dict({n: ('云雀 Skylark EV', RATE + ('\ndelay = 1s' if n in CROWD else '')) for n in FINDERS + CROWD},
               floor=('云雀 Skylark EV', 'every_max = 4s\nevery_min = 3s'),
               order=('云雀 Skylark EV', 'every = 4s'),
               other=('weather', RATE),
               own=('', RATE + '\nbrands = yunque'))
SECTION = '[source %s]\nurl = %s\nfamily = forum\nallow_cidr = 127.0.0.0/8\n%s\n'


def answer(request):
    name = request.path.strip('/')
    if name == 'robots.txt':
        return auditweb.Answer(404)
    items = ''.join('<item><guid>%s-%d</guid><title>%s %d</title><pubDate>%s</pubDate></item>' % (name, i, SOURCES[name][0], i, email.utils.formatdate(BEGAN - 3600 * (i + 1)))
                    for i in range(3 if SOURCES[name][0] else 0))
    return auditweb.Answer(200, {'Content-Type': 'application/rss+xml; charset=utf-8'}, ('<rss version="2.0"><channel><title>t</title>%s</channel></rss>' % items).encode())


class Test:
    def __init__(self, f):
        self.f = f
        f.start_redis()
        f.load_functions()
        self.web = auditweb.Web(answer)
        feeds = ''.join(SECTION % (n, self.web.url('127.7.1.1' if n in CROWD else '127.7.0.%d' % (i + 1), '/' + n), SOURCES[n][1]) for i, n in enumerate(SOURCES))
        self.s = system.System(f, feeds=feeds)
        self.s.link = resp.Redis(f.socket)
        self.crawlers = [self.spawn(i) for i in range(2)]

    def spawn(self, i):
        return self.f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', self.f.url], 'crawler-%d.log' % i)

    def whys(self):
        return {n: self.s.source(n).get('why') for n in SOURCES}

    def are(self, what, names, why, patience=15):
        self.f.wait(lambda: all(w == why for n, w in self.whys().items() if n in names), patience)
        self.f.check(what, all(self.whys()[n] == why for n in names), str(self.whys()))

    def alert(self, state, opened_ms):
        """What the detector writes of an incident, as far as others read it."""
        self.s.ask('HSET', 'es:{b:yunque}:incident:abc', 'id', 'abc', 'state', state, 'opened_ms', opened_ms)
        self.s.ask('HSET', 'es:{b:yunque}:progress', 'incident', 'abc')

    def run(self):
        f, s = self.f, self.s
        f.check('all are polled', f.wait(lambda: all(s.source(n).get('why') for n in SOURCES), 20), str(self.whys()))
        self.are('by their rate', FINDERS + ['other', 'own'], 'every_max', 1)
        shards = sorted(s.ask('KEYS', 'es:{s*}:found:yunque'))
        found = sorted(n for k in shards for n in s.ask('ZRANGE', k, 0, -1))
        f.check('who found mentions stands with the shards', found == sorted(FINDERS + CROWD + ['floor', 'order']) and len(shards) > 1, '%s %s' % (shards, found))
        f.check('for a while', all(0 < s.ask('PTTL', k) <= 7 * 86400000 for k in shards), str([s.ask('PTTL', k) for k in shards]))
        opened_ms = int(time.time() * 1000) - 60000
        self.alert('detected', opened_ms)
        self.are('in alert its sources are polled for that reason, those of every worker', FINDERS + ['own'], 'boost', 12)
        state = s.source(FINDERS[0])
        f.check('four times as often', int(state['interval_ms']) == 1000 and state['boost'] == 'yunque' and int(state['boost_ms']) == opened_ms, str(state))
        words = s.run('source', 'explain', FINDERS[0], '--redis', f.url)[1]
        f.check('explain says so', 'polled every 1 s instead of 4 s because brand yunque is in alert since 20' in words, words)
        self.are('not below its floor', ['floor'], 'every_min', 8)
        whys = self.whys()
        f.check('against no order, and nobody else', whys['order'] == 'every' and whys['other'] == 'every_max', str(whys))
        began = time.time()
        for crawler in self.crawlers:
            f.end(crawler)
        self.crawlers = [self.spawn(2)]
        f.check('and after a restart', f.wait(lambda: all(int(s.source(n)['fetched_ms']) > began * 1000 + 1000 and s.source(n)['why'] == 'boost' for n in FINDERS), 20),
                str(self.whys()))
        asked = [r for r in self.web.requests if r.host == '127.7.1.1']
        gaps = [b.start - a.end for a, b in zip(asked, asked[1:])]
        f.check('a host keeps its pause, whoever waits for it', len(gaps) > 4 and min(gaps) > 0.99, str(gaps))
        self.alert('resolved', opened_ms)
        self.are('as usual when it is over', FINDERS + ['own', 'floor'], 'every_max', 20)
        f.check('with nothing left of it', s.source(FINDERS[0])['boost'] == '', str(s.source(FINDERS[0])))


def main():
    with flow.Flow('boost') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
