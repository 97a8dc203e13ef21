#!/usr/bin/env python3
"""Redirects to other hosts: the host they lead to is asked for its robots.txt, in its turn, at its pace, and never beside another request; what comes
from there is the source's. Run alone: python3 tests/flow/test_redirect.py"""
import http.server
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

RSS = '''<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><guid>g-%s</guid><title>云雀 Skylark EV</title>
<description>云雀电动车刹车失灵，客服没有人管。 Nobody answers.</description></item></channel></rss>'''
PAUSE = 2


class Site(http.server.ThreadingHTTPServer):
    """Leads where `led` says; all else is a feed. Notes when each request came, and how many were there at once."""

    def __init__(self, host):
        super().__init__((host, 0), Answer)
        self.led, self.robots, self.asked, self.now, self.most, self.seen = {}, None, [], 0, 0, []
        self.lock = threading.Lock()
        self.url = 'http://%s:%d' % (host, self.server_address[1])
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def paths(self):
        return [path for path, _, _ in self.asked]

    def gaps(self):
        """From the end of a request to the begin of the next."""
        return [b[1] - a[2] for a, b in zip(self.asked, self.asked[1:])]


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        site = self.server
        with site.lock:
            site.now += 1
            site.most = max(site.most, site.now)
            site.seen.append((self.path, dict(self.headers)))
        start = time.monotonic()
        time.sleep(0.2)
        with site.lock:
            site.asked.append((self.path, start, time.monotonic()))
            site.now -= 1
        self.answer(site)

    def answer(self, site):
        status, headers, body = 200, {}, RSS % self.path
        if self.path in site.led:
            status, headers, body = site.led[self.path][0], {'Location': site.led[self.path][1]}, ''
        elif self.path == '/robots.txt':
            status, body = (200, site.robots) if site.robots else (404, '')
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def source(name, url, every='1h', more=''):
    return system.source(name, url, every=every, more=more).replace('delay = 0', 'delay = %dms' % (1000 * PAUSE))


def main():
    with flow.Flow('redirect') as f:
        target, ring = Site('127.0.0.9'), Site('127.0.0.8')
        target.robots = 'User-agent: *\nDisallow: /private/\n'
        froms = [Site('127.0.1.%d' % i) for i in range(1, 5)]
        feeds = source('its-own', target.url + '/own.xml', every='500ms')
        for i, (site, status) in enumerate(zip(froms, (301, 302, 307, 308))):
            site.led['/feed.xml'] = (status, '%s/from-%d.xml' % (target.url, i))
            feeds += source('led-%d' % i, site.url + '/feed.xml', more='header = X-Key: secret-of-%d\n' % i)
        froms[0].led['/hidden.xml'] = (302, target.url + '/private/feed.xml')
        feeds += source('hidden', froms[0].url + '/hidden.xml')
        froms[1].led['/near.xml'] = (302, '/there.xml')
        froms[1].robots = 'User-agent: *\nDisallow: /closed/\n'
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
        f.check('one request a host at a time', target.most == 1 and ring.most == 1, '%d, %d' % (target.most, ring.most))
        f.check('its pause is kept between the requests of all sources (%.2f s at least)' % min(target.gaps()), min(target.gaps()) > PAUSE * 0.9,
                str(target.gaps()))
        f.check('its own source goes on beside them', target.paths().count('/own.xml') >= 2, str(target.paths()))
        f.check('headers of the source stay with its own host', not [h for _, h in target.seen if 'X-Key' in h] and
                [h for _, h in froms[0].seen if h.get('X-Key') == 'secret-of-0'])
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
        others = [g for site in froms if site is not froms[1] for g in site.gaps()]
        f.check('no host was asked too early', min(others + ring.gaps()) > PAUSE * 0.9, str(others))
        code, out, errors = s.run('fetch', froms[3].url + '/feed.xml', '--allow-cidr', '127.0.0.0/8')
        f.check('fetch goes the same way', code == 0 and 'from-3' in out, out[-300:] + errors)
        code, out, errors = s.run('fetch', froms[0].url + '/hidden.xml', '--allow-cidr', '127.0.0.0/8')
        f.check('and stops at the same robots.txt', code != 0 and 'disallows' in errors, errors)
        s.stop()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
