#!/usr/bin/env python3
"""What answers make of a source: limited, challenged, gone, moved; seen in Redis, in the log, and by who is asked when. Run alone:
python3 tests/flow/test_standing.py"""
import collections
import email.utils
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

WEEK_S = 7 * 86400
CHALLENGE = '<!doctype html><html><head><title>Just a moment...</title></head><body></body></html>'.encode()
CAPTCHA = '<html><head><title>百度安全验证</title></head><body><p>请完成安全验证，云雀电动车</p></body></html>'.encode()
FEED = ('<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><guid>%s</guid><title>云雀电动车</title>'
        '<description>Skylark EV, the same post</description></item></channel></rss>')


class Site:
    def __init__(self):
        self.seen, self.broken = collections.Counter(), False

    def answer(self, request):
        if request.path == '/robots.txt':
            return auditweb.Answer(404)
        self.seen[request.path] += 1
        return getattr(self, request.path.strip('/').partition('?')[0])(self.seen[request.path])

    def fine(self, n=0):
        return auditweb.Answer(200, {'Content-Type': 'application/rss+xml'}, (FEED % 'g').encode('utf-8'))

    def seconds(self, n):
        return auditweb.Answer(429, {'Retry-After': '3'}, wait=3) if n == 2 else self.fine()

    def date(self, n):
        at = int(time.time()) + 4
        return auditweb.Answer(503, {'Retry-After': email.utils.formatdate(at, usegmt=True)}, until=at) if n == 2 else self.fine()

    def ladder(self, n):
        return auditweb.Answer(429)

    def cloudflare(self, n):
        return auditweb.Answer(403, {'Content-Type': 'text/html'}, CHALLENGE)

    def captcha(self, n):
        return auditweb.Answer(200, {'Content-Type': 'text/html; charset=utf-8'}, CAPTCHA)

    def gone(self, n):
        return auditweb.Answer(410)

    def missing(self, n):
        return auditweb.Answer(404)

    def old(self, n):
        return auditweb.Answer(301, {'Location': '/new'})

    def new(self, n):
        return auditweb.Answer(500) if self.broken else self.fine()

    def away(self, n):
        return auditweb.Answer(308, {'Location': 'http://127.4.9.9:%d/fine?key=secret' % self.port})


class Test:
    def __init__(self, f):
        self.f, self.site = f, Site()
        self.web = auditweb.Web(self.site.answer)
        self.site.port = self.web.port
        f.start_redis()
        f.load_functions()
        paths = ['seconds', 'date', 'ladder', 'cloudflare', 'captcha', 'gone', 'missing', 'old', 'away']
        feeds = ''.join(system.source(p, self.web.url('127.4.0.%d' % (i + 1), '/' + p), more='kind = page' if p == 'captcha' else '') for i, p in enumerate(paths))
        self.s = system.System(f, feeds=feeds)
        self.s.link = resp.Redis(f.socket)
        f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', f.url], 'crawler.log')

    def stands(self, source, standing, patience=30):
        self.f.wait(lambda: self.s.source(source).get('standing') == standing, patience)
        found = self.s.source(source)
        self.f.check('%s is %s' % (source, standing), found.get('standing') == standing, str(found))
        return found

    def told(self, event, source):
        return self.f.wait(lambda: any(' %s ' % event in line and 'source=%s ' % source in line + ' ' for line in self.f.log('crawler.log').splitlines()), 10)

    def check_limited(self):
        for name in ('seconds', 'date'):
            self.f.wait(lambda: len(self.web.of('/' + name)) >= 3, 30)
            asked = self.web.of('/' + name)
            self.f.check('Retry-After as %s is kept' % name, len(asked) >= 3 and asked[2].start >= asked[1].wait_until,
                         str([(r.start, r.wait_until) for r in asked[:3]]))
            self.f.check('and told', self.told('source_limited', name), self.f.log('crawler.log')[-400:])
            self.stands(name, 'unchanged')
        self.stands('ladder', 'limited')
        self.f.wait(lambda: int(self.s.source('ladder').get('limits', 0)) >= 3, 60)
        state = self.s.source('ladder')
        self.f.check('without it the ladder is climbed', int(state['limits']) >= 3 and int(state['next_ms']) >= int(state['fetched_ms']) + 500, str(state))

    def check_challenged(self):
        for name in ('cloudflare', 'captcha'):
            state = self.stands(name, 'challenged')
            self.f.check('with who asks in its error', 'challenge page' in state.get('error', ''), str(state))
            self.f.check('and told', self.told('source_challenged', name))
        self.f.check('nothing of a challenge page becomes a post', self.s.source('captcha').get('posts', '0') == '0')

    def check_gone(self):
        state = self.stands('gone', 'retired')
        rest = (int(state['next_ms']) - int(state['fetched_ms'])) / 1000
        self.f.check('410 is asked again in a week', WEEK_S <= rest <= WEEK_S + 120, '%.0f s' % rest)
        self.f.check('and told', self.told('source_retired', 'gone'))
        self.stands('missing', 'gone')
        key = self.s.ask('KEYS', 'es:{s*}:source:missing')[0]
        self.f.wait(lambda: self.s.ask('HSET', key, 'gone_ms', int((time.time() - WEEK_S) * 1000) - 1) is None or
                    self.s.source('missing').get('standing') == 'retired', 60, 0.3)
        self.stands('missing', 'retired')

    def check_moved(self):
        f = self.f
        learned = f.wait(lambda: self.s.source('old').get('moves') == '3' and len(self.web.of('/new')) >= 5, 30)
        f.check('an address that 301 named three times is learned', learned and self.s.source('old')['moved'].endswith('/new'), str(self.s.source('old')))
        f.check('and asked for itself: the old one was asked three times', len(self.web.of('/old')) == 3, str(len(self.web.of('/old'))))
        f.check('and told', self.told('source_moved', 'old'))
        self.site.broken = True
        f.check('when it fails the old one is asked again', f.wait(lambda: len(self.web.of('/old')) > 3, 20) and self.s.source('old').get('moves') != '3')
        f.wait(lambda: self.s.source('away').get('moves') == '3', 30)
        n = len(self.web.of('/away'))
        f.check('another host is told …', self.told('source_moved', 'away') and 'secret' not in f.log('crawler.log'))
        f.check('… and asked through its old address', f.wait(lambda: len(self.web.of('/away')) > n + 1, 20))

    def run(self):
        self.check_gone()
        self.check_challenged()
        self.check_moved()
        self.check_limited()


def main():
    with flow.Flow('standing') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
