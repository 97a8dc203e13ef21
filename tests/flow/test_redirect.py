#!/usr/bin/env python3
"""Redirects to other hosts: the host they lead to is asked for its robots.txt, in its turn, at its pace, and never beside another request; what comes
from there is the source's. Run alone: python3 tests/flow/test_redirect.py"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

PAUSE = 1         # seconds between two requests to a host
AFTER = 0.2       # until an answer is given


class Site(smallweb.Site):
    """Leads where `led` says; all else is a feed."""

    def __init__(self, host, disallowed=''):
        super().__init__(host, AFTER)
        self.led = {}
        if disallowed:
            self.robots = (200, {}, 'User-agent: *\nDisallow: %s\n' % disallowed)

    def answer(self, request):
        if request.path not in self.led:
            return super().answer(request)
        status, where = self.led[request.path]
        return status, {'Location': where}, ''


def source(name, url, every='1h', more=''):
    return system.source(name, url, every=every, more=more).replace('delay = 0', 'delay = %dms' % (1000 * PAUSE))


def main():
    with flow.Flow('redirect') as f:
        target, ring = Site('127.0.0.9', '/private/'), Site('127.0.0.8')
        froms = [Site('127.0.1.%d' % i, '/closed/' if i == 2 else '') for i in range(1, 5)]
        feeds = source('its-own', target.url + '/own.xml', every='500ms')
        for i, (site, status) in enumerate(zip(froms, (301, 302, 307, 308))):
            site.led['/feed.xml'] = (status, '%s/from-%d.xml' % (target.url, i))
            feeds += source('led-%d' % i, site.url + '/feed.xml', more='header = X-Key: secret-of-%d\n' % i)
        froms[0].led['/hidden.xml'] = (302, target.url + '/private/feed.xml')
        feeds += source('hidden', froms[0].url + '/hidden.xml')
        froms[1].led['/near.xml'] = (302, '/there.xml')
        froms[1].led['/shut.xml'] = (302, '/closed/feed.xml')
        feeds += source('near', froms[1].url + '/near.xml') + source('shut', froms[1].url + '/shut.xml')
        froms[2].led['/ring.xml'] = (302, ring.url + '/ring.xml')
        ring.led['/ring.xml'] = (302, froms[2].url + '/ring.xml')
        feeds += source('ring', froms[2].url + '/ring.xml')
        s = system.System(f, feeds)
        s.start()
        names = ['led-%d' % i for i in range(4)]
        f.check('sources that are led elsewhere are read there', f.wait(lambda: all(s.source(n).get('posts') == '1' for n in names), 90, 0.5),
                str({n: s.source(n) for n in names}))
        f.check('robots.txt of that host came first', target.paths() and target.paths()[0] == '/robots.txt', str(target.paths()[:5]))
        f.check('its pause is kept between the requests of all sources (%.2f s at least)' % min(target.gaps()), min(target.gaps()) > PAUSE * 0.9,
                str(target.gaps()))
        f.check('its own source goes on beside them', target.paths().count('/own.xml') >= 2, str(target.paths()))
        f.check('headers of the source stay with its own host', not [r for r in target.requests() if r.header('X-Key')] and
                [r for r in froms[0].requests() if r.header('X-Key') == 'secret-of-0'])
        error = f.wait(lambda: s.source('hidden').get('error'), 60, 0.5)
        f.check('what its robots.txt disallows is not fetched', error and 'disallows /private/feed.xml' in error and
                '/private/feed.xml' not in target.paths(), str(s.source('hidden')))
        f.check('a redirect within the host is followed at once', f.wait(lambda: s.source('near').get('posts') == '1', 60, 0.5), str(s.source('near')))
        error = f.wait(lambda: s.source('shut').get('error'), 60, 0.5)
        f.check('unless its robots.txt disallows where it leads', error and 'disallows /closed/feed.xml' in error and
                '/closed/feed.xml' not in froms[1].paths(), str(error))
        error = f.wait(lambda: s.source('ring').get('error'), 90, 0.5)
        f.check('a ring of redirects ends', error and 'more than 5 redirects' in error and len(ring.paths()) <= 4, '%s %s' % (error, ring.paths()))
        f.check('nothing is left of the way', all(not s.source(n).get('hop') and s.source(n).get('hops') == '0' for n in names + ['hidden', 'ring']))
        gaps = {site.host: site.gaps() for site in (target, ring, *froms)}
        f.check('one request a host at a time', all(g and min(g) > 0 for g in gaps.values()), str(gaps))
        del gaps[froms[1].host]     # whose redirect within the host is followed at once
        f.check('no host was asked too early', min(min(g) for g in gaps.values()) > PAUSE * 0.9, str(gaps))
        code, out, errors = s.run('fetch', froms[3].url + '/feed.xml', '--allow-cidr', '127.0.0.0/8')
        f.check('fetch goes the same way', code == 0 and 'from-3' in out, out[-300:] + errors)
        code, out, errors = s.run('fetch', froms[0].url + '/hidden.xml', '--allow-cidr', '127.0.0.0/8')
        f.check('and stops at the same robots.txt', code != 0 and 'disallows' in errors, errors)
        s.stop()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
