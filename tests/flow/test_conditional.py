#!/usr/bin/env python3
"""The conditional audit: a witness writes down every request. Repeats are conditional, with validators as they came, none is invented or
kept beyond its page, and a page that changed behind an unchanged ETag is found. Run alone: python3 tests/flow/test_conditional.py"""
import collections
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

VALIDATORS = [('"abc"', None), ('W/"weak/1"', None), ('unquoted-1', None), ('"odd \\"quotes', None), ('W/"a,b"', None), ('w/"small"', None),
              (None, 'Sun, 22 Nov 2026 12:00:00 GMT'), (None, '2026-11-22 12:00 CST'), ('"\xe9"', 'Sunday, 22-Nov-26 12:00:00 GMT'), ('"both"', '0'),
              (None, None)]
REPEATS = 6


def feed(name, n=1):
    items = ''.join('<item><guid>%s-%d</guid><title>云雀电动车 %d</title><description>Skylark EV post %d of %s</description></item>' % (name, i, i, i, name)
                    for i in range(n))
    return ('<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title>%s</channel></rss>' % (name, items)).encode('utf-8')


class Site:
    """What each path answers; `seen` counts requests of a path."""

    def __init__(self):
        self.seen, self.posts = collections.Counter(), 1

    def answer(self, request):
        if request.path == '/robots.txt':
            return auditweb.Answer(404)
        self.seen[request.path] += 1
        kind = request.path.strip('/').split('/')[0]
        return getattr(self, kind)(request)

    def page(self, request, etag, modified, body):
        headers = {name: value for name, value in (('ETag', etag), ('Last-Modified', modified)) if value is not None}
        same = (etag and request.header('if-none-match') == etag) or (modified and request.header('if-modified-since') == modified)
        return auditweb.Answer(304 if same else 200, headers, b'' if same else body)

    def v(self, request):
        etag, modified = VALIDATORS[int(request.path.split('/')[2])]
        return self.page(request, etag, modified, feed(request.path))

    def drops(self, request):
        n = self.seen[request.path]
        return auditweb.Answer(200, {'ETag': '"1"', 'Last-Modified': 'x'} if n == 1 else {}, feed('drops', n))

    def long(self, request):
        return self.page(request, '"%s"' % ('x' * 5000), None, feed('long'))

    def dislikes(self, request):
        asked = request.header('if-none-match')
        return auditweb.Answer(412 if asked else 200, {'ETag': '"1"'}, feed('dislikes'))

    def liar(self, request):
        return self.page(request, '"for-ever"', None, feed('liar', self.posts))

    def early(self, request):
        """304 to the first two requests, which named nothing."""
        return auditweb.Answer(304 if self.seen[request.path] <= 2 else 200, {}, b'' if self.seen[request.path] <= 2 else feed('early'))


class Test:
    def __init__(self, f):
        self.f, self.site = f, Site()
        self.web = auditweb.Web(self.site.answer)
        f.start_redis()
        f.load_functions()
        paths = ['/v/%d' % i for i in range(len(VALIDATORS))] + ['/drops', '/long', '/dislikes', '/liar', '/early']
        names = {p: p.strip('/').replace('/', '-') for p in paths}
        feeds = ''.join(system.source(names[p], self.web.url('127.3.0.%d' % (i + 1), p)) for i, p in enumerate(paths))
        self.s = system.System(f, feeds=feeds)
        self.s.link = resp.Redis(f.socket)
        f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', f.url], 'crawler.log')

    def asked(self, path, n):
        """The first n requests for it, once they are there."""
        self.f.wait(lambda: len(self.web.of(path)) >= n, 60)
        return self.web.of(path)[:n]

    def named(self, requests):
        return [(r.header('if-none-match'), r.header('if-modified-since')) for r in requests]

    def check_verbatim(self):
        repeats = right = 0
        wrong = []
        for i, validators in enumerate(VALIDATORS):
            named = self.named(self.asked('/v/%d' % i, 1 + REPEATS))
            self.f.check('the first request for %r names nothing' % (validators,), named[:1] == [(None, None)], str(named[:1]))
            repeats += len(named) - 1
            right += sum(n == validators for n in named[1:])
            wrong += [(validators, n) for n in named[1:] if n != validators]
        self.f.check('all %d repeats are conditional, with the validators as they came' % repeats, right == repeats == len(VALIDATORS) * REPEATS, str(wrong[:3]))

    def check_dropped(self):
        named = self.named(self.asked('/drops', 4))
        self.f.check('validators go with the page that brought them', named == [(None, None), ('"1"', 'x'), (None, None), (None, None)], str(named))
        named = self.named(self.asked('/long', 3))
        self.f.check('an ETag that no server would take back is not sent', named == [(None, None)] * 3, str(named))
        answers = [(r.header('if-none-match'), r.status) for r in self.asked('/dislikes', 5)]
        self.f.check('a server that refuses conditional requests is asked without', answers[:3] == [(None, 200), ('"1"', 412), (None, 200)], str(answers))

    def check_early(self):
        self.asked('/early', 3)
        found = self.f.wait(lambda: self.s.source('early').get('posts') == '1', 20)
        self.f.check('304 to a request that named nothing is no success', found, str(self.s.source('early')))
        self.f.check('and is told', 'answered 304 (not modified) to a request that named no version' in self.f.log('crawler.log'))

    def whole(self):
        return [r for r in self.web.of('/liar')[1:] if r.header('if-none-match') is None]

    def hurry(self, unchanged):
        """Redis says that so many polls found nothing new; true once the page was asked for whole."""
        key = self.s.ask('KEYS', 'es:{s*}:source:liar')[0]
        if int(self.s.source('liar').get('unchanged', 0)) < unchanged:
            self.s.ask('HSET', key, 'unchanged', unchanged)
        return self.whole()

    def check_liar(self):
        f = self.f
        self.asked('/liar', 3)
        self.site.posts = 3
        self.asked('/liar', 5)
        f.check('behind an unchanged ETag nothing is seen at first', self.s.source('liar').get('posts') == '1' and not self.whole(), str(self.s.source('liar')))
        f.check('after the 50th 304 the page is asked for whole', f.wait(lambda: self.hurry(50), 30, 0.3))
        found = f.wait(lambda: self.s.source('liar').get('posts') == '3', 20)
        f.check('and what had changed is found', found, str(self.s.source('liar')))
        f.check('the lie is remembered', self.s.source('liar').get('lies') == '1')
        n = len(self.web.of('/liar'))
        named = self.named(self.asked('/liar', n + 3)[n + 1:])
        f.check('then its ETag is sent again', named == [('"for-ever"', None)] * 2, str(named))

    def run(self):
        self.check_verbatim()
        self.check_dropped()
        self.check_early()
        self.check_liar()


def main():
    with flow.Flow('conditional') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
