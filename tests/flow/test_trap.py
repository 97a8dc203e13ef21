#!/usr/bin/env python3
"""Sites that lead on for ever: a relative link without its slash, a calendar, a session id in every link. Each visit ends after a few pages, the log
says why, and the posts that were there are counted. Run alone: python3 tests/flow/test_trap.py"""
import itertools
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

RECIPE = '''[recipe endless]
about   = a list that always has a next page
kind    = json
hosts   = *
example = http://a.example/board
terms   = a test
every   = 5m
list    = /items/*
[fields]
id   = /id
text = /text
[paging]
by   = link
next = ^/next
most = 50
'''


class Site(smallweb.Site):
    """Every page has two posts that nobody saw before, and a next page."""

    def __init__(self):
        super().__init__()
        self.number = itertools.count(1)

    def next_of(self, path):
        n = next(self.number)
        if path.startswith('/board'):
            return 'board/list/%d' % n if path == '/board' else path.rsplit('/', 1)[0] + '/board/list/%d' % n
        if path.startswith('/events'):
            year = int(path.split('/')[2]) if path.count('/') > 2 else time.gmtime().tm_year - 1
            return '/events/%d/07/' % (year + 1)
        return '/session?PHPSESSID=%032x' % n

    def answer(self, request):
        n = next(self.number)
        posts = [{'id': 'p%d-%d' % (n, i), 'text': '云雀电动车刹车失灵，第 %d-%d 次投诉。 Skylark EV brakes fail again.' % (n, i)} for i in (1, 2)]
        return 200, {'Content-Type': 'application/json'}, json.dumps({'items': posts, 'next': self.next_of(request.path)})


with flow.Flow('trap') as f:
    site = Site()
    names = ('board', 'events', 'session')
    feeds = ''.join(system.source(name, site.url + '/' + name, every='1h', more='recipe = endless\n') for name in names)
    f.write('feeds/endless.recipe', RECIPE)
    s = system.System(f, feeds)
    s.start()
    f.wait(lambda: all(s.source(n).get('polls') == '1' and not s.source(n).get('page') for n in names), 60)
    counts = {n: len([p for p in site.asked() if p.startswith('/' + n)]) for n in names}
    f.check('a list that repeats its path ends after a few pages (%d)' % counts['board'], 2 <= counts['board'] <= 5, str(site.asked()))
    f.check('a calendar ends in the year after the next (%d)' % counts['events'], 2 <= counts['events'] <= 4, str(site.asked()))
    f.check('another session id is no further page', counts['session'] == 1, str(site.asked()))
    for name, word in (('board', 'repeats itself'), ('events', 'calendar')):
        f.check('the log says why %s ended' % name, any('source_trap source=%s ' % name in line and word in line for line in s.log().splitlines()))
    f.check('once', s.log().count('source_trap source=board ') == 1)
    f.check('and it is counted', int(s.metrics('crawler').get('traps_refused_total', 0)) >= 2 or
            f.wait(lambda: int(s.metrics('crawler').get('traps_refused_total', 0)) >= 2, 10), str(s.metrics('crawler')))
    f.check('what stood on the pages is counted, and no source failed', f.wait(lambda: s.total('yunque') == 2 * len(site.asked()), 15) and
            all(s.source(n).get('failures') == '0' for n in names), '%s of %d' % (s.total('yunque'), 2 * len(site.asked())))
    s.stop()
sys.exit(f.exit_code())
