#!/usr/bin/env python3
"""WebSub: two crawlers behind one callback address. Whatever the hub says reaches the one that has the source, or the other one: neither loses a
subscription, takes what is not signed, or lets a stranger end it. And pushes that are no XML: JSON Feed, pages. Run alone:
python3 tests/flow/test_websub_shared.py"""
import hashlib
import hmac
import http.server
import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402
import test_websub  # noqa: E402

PAGE = '''<html><head><title>云雀电动车测评</title></head><body><article><h1>云雀电动车测评</h1><p>骑了半年，云雀电动车的刹车声音越来越大，售后说这是正常现象，
让我们继续骑。</p><p>同样的问题在车友群里有十几个人遇到，大家都在等一个说法，希望厂家尽快给出解决方案。</p></article></body></html>'''


class Balancer(http.server.ThreadingHTTPServer):
    """Passes every request to the crawler that is chosen."""

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Passing)
        self.to = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Passing(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        size = int(self.headers.get('Content-Length') or 0)
        wanted = {n: v for n, v in self.headers.items() if n.lower() in ('content-type', 'link', 'x-hub-signature')}
        request = urllib.request.Request('http://127.0.0.1:%d%s' % (self.server.to, self.path), data=self.rfile.read(size) if size else None, headers=wanted,
                                         method=self.command)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as e:
            status, body = e.code, b''
        except OSError:    # nobody listens yet
            status, body = 502, b''
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


class Test:
    def __init__(self, f):
        f.start_redis()
        f.load_functions()
        self.f, self.site, self.balancer, self.child, self.port = f, test_websub.Site(), Balancer(), {}, {}
        self.site.lease = 3600
        self.write_feeds('feed')
        self.s = system.System(f, feeds=self.feeds)
        self.s.link = resp.Redis(f.socket)

    def write_feeds(self, kind):
        self.feeds = ('[source blog]\nurl = %s\nkind = %s\nfamily = blog\nevery = 1s\ndelay = 0\nallow_cidr = 127.0.0.0/8\n' % (self.site.topic, kind) +
                      system.source('ballast', self.site.url + '/other.xml', every='1h', more='robots = ignore\n'))

    def start(self, name):
        self.port[name] = system.free_port()
        text = open(self.s.config, encoding='utf-8').read().replace('[earshot]\n', '[earshot]\npseudonym_key_env = SHARED\n', 1)
        text += '[intake]\nport = %d\n[websub]\ncallback = http://127.0.0.1:%d/\nlease = 1h\nallow_cidr = 127.0.0.0/8\n' % (
            self.port[name], self.balancer.server_port)
        config = self.f.write(name + '.conf', text.replace('data = data', 'data = data-' + name))
        self.child[name] = self.f.start([flow.EARSHOT, 'crawler', '--config', config, '--redis', self.f.url], name + '.log', env={'SHARED': 'k' * 32})

    def record(self):
        for key in self.s.ask('KEYS', 'es:{s*}:websub'):
            text = self.s.ask('HGET', key, 'blog')
            if text:
                return json.loads(text)
        return {}

    def owner(self):
        """Who has the shard of the source, and who has not."""
        log = {n: [line.split()[3] for line in self.f.log(n + '.log').splitlines() if 'lease_' in line and self.shard in line] for n in self.child}
        have = [n for n in log if log[n] and log[n][-1] == 'lease_taken']
        return (have[0], next(n for n in self.child if n != have[0])) if len(have) == 1 and len(self.child) == 2 else (None, None)

    @property
    def shard(self):
        return 'partition=' + next((k[4:7] for k in self.s.ask('KEYS', 'es:{s*}:due') if self.s.ask('ZSCORE', k, 'blog')), '?')

    def ids(self):
        """Of the posts in the stream; what comes twice counts once."""
        return {json.loads(e[1][1])['post'].get('native_id') for e in self.s.ask('XRANGE', 'es:{b:yunque}:posts', '-', '+') or []}

    def push(self, body, kind='application/atom+xml', signed=True):
        form = self.site.of('subscribe')[-1]
        headers = {'Content-Type': kind, 'Link': '<%s/hub>; rel="hub", <%s>; rel="self"' % (self.site.url, self.site.topic)}
        if signed:
            headers['X-Hub-Signature'] = 'sha256=' + hmac.new(form['hub.secret'].encode(), body, hashlib.sha256).hexdigest()
        try:
            with urllib.request.urlopen(urllib.request.Request(form['hub.callback'], data=body, method='POST', headers=headers), timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as e:
            return e.code

    def question(self, mode):
        form = self.site.of('subscribe')[-1]
        query = {'hub.mode': mode, 'hub.topic': self.site.topic, 'hub.challenge': 'x', 'hub.lease_seconds': '3600'}
        return test_websub.get(form['hub.callback'] + '?' + urllib.parse.urlencode(query))

    def verified_by_the_other(self):
        f = self.f
        self.site.with_hub = False
        self.start('a')
        f.wait(lambda: self.site.polls, 20)
        self.start('b')
        f.check('two crawlers share the sources', f.wait(lambda: self.owner()[0], 20), self.f.log('a.log')[-400:])
        self.has, self.other = self.owner()
        self.balancer.to = self.port[self.other]
        f.wait(lambda: test_websub.get('http://127.0.0.1:%d/' % self.balancer.to)[0] == 404, 15)
        self.site.with_hub = True
        self.site.entries.insert(0, test_websub.entry(1, '云雀电动车：轮询看到的'))
        f.check('the hub is asked by the one', f.wait(lambda: self.site.of('subscribe'), 20))
        f.check('its question is answered by the other', f.wait(lambda: self.site.answers, 10) and self.site.answers[0][2] == (200, self.site.answers[0][1]),
                self.site.answers)
        f.check('and the one hears of it', f.wait(lambda: 'websub_live source=blog' in f.log(self.has + '.log'), 10), f.log(self.has + '.log')[-400:])
        f.check('which is what Redis says', f.wait(lambda: self.record().get('state') == 'live', 5), self.record())

    def pushed_to_the_other(self):
        f, site = self.f, self.site
        f.check('a push is taken by the other', self.push(site.feed([test_websub.entry(2, '云雀电动车：推给另一个')])) == 202)
        f.check('and in the stream', f.wait(lambda: 'urn:e:2' in self.ids(), 10), self.ids())
        f.check('one that is not signed is acknowledged', self.push(site.feed([test_websub.entry(66, '云雀：伪造')]), signed=False) == 202)
        f.check('one that says nothing is left to the one that has the source', self.push(b'ping') == 503)
        f.check('a question about what is live is answered', self.question('subscribe') == (200, 'x'))
        f.check('an end that was not asked for is refused', self.question('unsubscribe')[0] == 404)
        self.balancer.to = self.port[self.has]
        f.check('and by the one, too', self.question('unsubscribe')[0] == 404)
        f.check('the forged post came nowhere', 'urn:e:66' not in self.ids(), self.ids())

    def json_feed(self):
        body = json.dumps({'version': 'https://jsonfeed.org/version/1.1', 'title': 't', 'items': [
            {'id': 'j1', 'content_text': '云雀电动车：JSON Feed 推送'}, {'id': 'j2', 'content_text': 'Skylark EV pushed as JSON Feed'}]}).encode()
        self.f.check('a JSON Feed is taken', self.push(body, 'application/feed+json') == 202)
        self.f.check('and in the stream', self.f.wait(lambda: self.ids() >= {'j1', 'j2'}, 10), self.ids())

    def starts_anew(self):
        """Until its shards are read nothing that a hub says is answered by "gone"."""
        f = self.f
        for name in (self.has, self.other):
            f.end(self.child[name], how=signal.SIGKILL)
        self.write_feeds('page')
        f.write('feeds/test.conf', self.feeds)
        self.start(self.has)
        self.balancer.to, seen = self.port[self.has], []
        body = PAGE.encode()

        def push_again():
            seen.append(self.push(body, 'text/html; charset=utf-8'))
            return seen[-1] == 202
        f.check('a crawler that starts takes a page, or says later', f.wait(push_again, 20, 0.05) and set(seen) <= {202, 503, 502}, set(seen))
        f.check('the page is read as a page', f.wait(lambda: any('骑了半年' in json.dumps(e, ensure_ascii=False) for e in
                                                                 self.s.ask('XRANGE', 'es:{b:yunque}:posts', '-', '+')), 10), self.ids())

    def removed(self):
        f = self.f
        f.wait(lambda: self.record().get('state') == 'live', 10)
        f.write('feeds/test.conf', self.feeds[self.feeds.index('[source ballast]'):])
        self.child[self.has].send_signal(signal.SIGHUP)
        f.check('a source that is taken out is unsubscribed', f.wait(lambda: self.site.of('unsubscribe'), 20), f.log(self.has + '.log')[-500:])
        f.check('and the end is confirmed', f.wait(lambda: [a for a in self.site.answers if a[0] == 'unsubscribe' and a[2] == (200, a[1])], 10),
                self.site.answers[-2:])
        f.check('a push is told that nobody waits for it', self.push(PAGE.encode(), 'text/html') == 410)
        f.check('nothing of it is left', not self.record(), self.record())

    def run(self):
        for step in (self.verified_by_the_other, self.pushed_to_the_other, self.json_feed, self.starts_anew, self.removed):
            step()


if __name__ == '__main__':
    with flow.Flow('websub-shared') as flow_:
        Test(flow_).run()
    sys.exit(flow_.exit_code())
