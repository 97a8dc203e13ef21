#!/usr/bin/env python3
"""robots.txt: asked for before anything else of a host, obeyed, kept in Redis; what is disallowed is never asked for; while it cannot be read
nothing is fetched, unless a good copy is there. Run alone: python3 tests/flow/test_robots.py"""
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

RULES = 'User-agent: *\nDisallow: /\n\nUser-agent: earshot\nDisallow: /private/\nDisallow: /投诉\nCrawl-delay: 2\n'


class Site(smallweb.Site):
    def answer(self, request):
        return (200, {}, RULES) if request.path == '/moved.txt' else super().answer(request)


def copy_key(s, site):
    return (s.ask('KEYS', 'es:{s*}:robots:' + site.url) or [''])[0]


def refused(s, source):
    return s.source(source).get('error', '')


def again(f, s):
    """A crawler that knows nothing but what is in Redis."""
    os.kill(s.pids()['crawler'], signal.SIGKILL)
    f.wait(lambda: 'crawler' in s.pids(), 10)


def obeyed(f, s, strict):
    f.check('what is allowed is fetched', f.wait(lambda: '/feed.xml' in strict.paths(), 30), str(strict.paths()))
    f.check('robots.txt came first, and once', strict.paths()[0] == '/robots.txt' and strict.paths().count('/robots.txt') == 1, str(strict.paths()))
    f.wait(lambda: refused(s, 'private'), 15)
    f.check('a disallowed source says so, and what to do', 'disallows /private/feed.xml for earshot' in refused(s, 'private') and
            'robots = ignore' in refused(s, 'private'), refused(s, 'private'))
    f.check('and is looked at rarely', int(s.source('private').get('next_ms', 0)) > (time.time() + 3000) * 1000, str(s.source('private')))
    f.check('a Chinese path, too', f.wait(lambda: '%E6%8A%95%E8%AF%89' in refused(s, 'chinese'), 10), str(s.source('chinese')))
    f.wait(lambda: len(strict.gaps()) >= 3, 15)
    f.check('Crawl-delay is the pause between requests', len(strict.gaps()) >= 3 and min(strict.gaps()) > 1.9, str(strict.gaps()))
    f.check('nothing disallowed was ever asked for', set(strict.paths()) == {'/robots.txt', '/feed.xml'}, str(set(strict.paths())))
    kept = s.pairs('HGETALL', copy_key(s, strict))
    f.check('the text is kept in Redis', kept.get('holds') == 'rules' and kept.get('text') == RULES and kept.get('status') == '200', str(kept))
    day = int(kept.get('expires_ms', 0)) / 1000 - time.time()
    f.check('for as long as Cache-Control says', 3000 < day < 3601, str(day))


def unread(f, s, away):
    f.check('while robots.txt answers 503 nothing is fetched', f.wait(lambda: 'cannot be read' in refused(s, 'away'), 15) and
            set(away.paths()) == {'/robots.txt'}, '%s %s' % (s.source('away'), away.paths()))
    f.check('with the status as reason', '503' in refused(s, 'away'), refused(s, 'away'))
    away.robots = (404, {}, 'Disallow: /')
    f.check('404 lets everything in', f.wait(lambda: '/feed.xml' in away.paths(), 40), '%s %s' % (s.source('away'), away.paths()))
    f.check('and the trouble is over', f.wait(lambda: s.source('away').get('failures') == '0', 10), str(s.source('away')))


def good_copy(f, s, strict):
    fetched = strict.paths().count('/feed.xml')
    again(f, s)
    f.check('a new crawler has the rules from Redis', f.wait(lambda: strict.paths().count('/feed.xml') > fetched + 1, 30) and
            strict.paths().count('/robots.txt') == 1, str(strict.paths()))
    strict.robots = (500, {}, '')
    s.ask('HSET', copy_key(s, strict), 'expires_ms', '1')
    strict.forget()
    again(f, s)
    f.check('it is asked for again when its time is over', f.wait(lambda: '/robots.txt' in strict.paths(), 20), str(strict.paths()))
    f.check('while it cannot be read the last good one holds', f.wait(lambda: '/feed.xml' in strict.paths(), 20) and
            not any(p.startswith('/private') for p in strict.paths()), str(strict.paths()))
    kept = s.pairs('HGETALL', copy_key(s, strict))
    f.check('and is still there', kept.get('text') == RULES and kept.get('status') == '500' and int(kept.get('failures', 0)) >= 1, str(kept))


def run(f):
    strict, away, free, moved = (Site('127.0.0.%d' % n) for n in (2, 3, 4, 5))
    strict.robots = (200, {'Cache-Control': 'max-age=3600'}, RULES)
    away.robots = (503, {}, '')
    free.robots = (200, {}, 'User-agent: *\nDisallow: /\n')
    moved.robots = (301, {'Location': '/moved.txt'}, '')
    s = system.System(f, feeds=''.join([
        system.source('allowed', strict.url + '/feed.xml'), system.source('private', strict.url + '/private/feed.xml'),
        system.source('chinese', strict.url + '/投诉/feed.xml'), system.source('away', away.url + '/feed.xml'),
        system.source('free', free.url + '/feed.xml', more='robots = ignore'), system.source('moved', moved.url + '/private/feed.xml')]))
    s.start()
    f.check('robots = ignore asks nobody', f.wait(lambda: '/feed.xml' in free.paths(), 20) and '/robots.txt' not in free.paths(), str(free.paths()))
    obeyed(f, s, strict)
    unread(f, s, away)
    f.check('a redirect is followed, and its rules hold', 'disallows' in refused(s, 'moved') and set(moved.paths()) == {'/robots.txt', '/moved.txt'},
            '%s %s' % (refused(s, 'moved'), moved.paths()))
    good_copy(f, s, strict)
    strict.robots = (200, {}, RULES)
    code, out, err = f.earshot('fetch', strict.url + '/private/feed.xml', '--allow-cidr', '127.0.0.0/8')
    f.check('earshot fetch obeys, too', code == 1 and not out and 'disallows /private/feed.xml' in err, '%d %s %s' % (code, out, err))
    code, out, err = f.earshot('fetch', strict.url + '/feed.xml', '--allow-cidr', '127.0.0.0/8')
    f.check('and fetches what is allowed', code == 0 and len(out.splitlines()) == 1, '%d %s %s' % (code, out, err))
    f.check('earshot up ends with 0', s.stop() == 0, f.log('up.log')[-300:])


if __name__ == '__main__':
    with flow.Flow('robots') as flow_:
        run(flow_)
    sys.exit(flow_.exit_code())
