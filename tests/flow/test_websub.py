#!/usr/bin/env python3
"""WebSub: a hub of the test's own pushes what is new; the real crawler subscribes, verifies, takes, renews, and polls again as soon as the
hub does not do its duty. Run alone: python3 tests/flow/test_websub.py"""
import hashlib
import hmac
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

LEASE = 24
SAFETY = 8    # seconds


class Site(smallweb.Site):
    """A blog and its hub on one port. What the hub is asked is kept; how it behaves can be changed."""

    def __init__(self):
        self.entries, self.forms, self.answers = [], [], []
        self.behaviour, self.with_hub, self.lease = 'verify', True, LEASE
        super().__init__()
        self.topic = self.url + '/feed.xml'

    def answer(self, request):
        if request.method == 'GET':
            return 200 if request.path == '/feed.xml' else 404, {'Content-Type': 'application/atom+xml'}, self.feed(self.entries)
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        self.forms.append(form)
        if self.behaviour in ('verify', 'deny'):
            threading.Thread(target=self.verify, args=(form,), daemon=True).start()
        return 500 if self.behaviour == 'broken' else 202, {}, b''

    def feed(self, entries):
        links = '<link rel="hub" href="%s/hub"/><link rel="self" href="%s"/>' % (self.url, self.topic) if self.with_hub else ''
        return ('<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>%s%s</feed>' % (links, ''.join(entries))).encode()

    def verify(self, form):
        time.sleep(0.2)
        if self.behaviour == 'deny':
            query = {'hub.mode': 'denied', 'hub.topic': form['hub.topic'], 'hub.reason': 'no'}
        else:
            query = {'hub.mode': form['hub.mode'], 'hub.topic': form['hub.topic'], 'hub.challenge': 'c-%d' % time.time_ns(),
                     'hub.lease_seconds': str(self.lease)}
        self.answers.append((form['hub.mode'], query.get('hub.challenge'), get(form['hub.callback'] + '?' + urllib.parse.urlencode(query))))

    def of(self, mode):
        return [form for form in self.forms if form['hub.mode'] == mode]

    def polls_within(self, seconds):
        now = time.time()
        return len([at for at in self.polls() if now - at < seconds])

    def polls(self):
        return [r.start for r in self.requests() if r.path == '/feed.xml']


def sent(request):
    """Its status; 0 = no answer."""
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as e:
        return e.code
    except OSError:
        return 0


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, ''
    except OSError:
        return 0, ''


def entry(number, text, age=0):
    at = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - age))
    return ('<entry><id>urn:e:%d</id><link href="https://blog.example/%d"/><title>%s</title><updated>%s</updated><published>%s</published></entry>'
            % (number, number, text, at, at))


class Test:
    def __init__(self, f):
        self.f, self.site, self.port = f, Site(), system.free_port()
        feeds = ('[source blog]\nurl = %s\nfamily = blog\nevery_min = 500ms\nevery_max = 1s\nsafety_min = %ds\ndelay = 0\n'
                 'allow_cidr = 127.0.0.0/8\n' % (self.site.topic, SAFETY))
        self.s = system.System(f, feeds=feeds)
        with open(self.s.config, 'a', encoding='utf-8') as out:
            out.write('[intake]\nport = %d\n[websub]\ncallback = http://127.0.0.1:%d/\nlease = 1h\nallow_cidr = 127.0.0.0/8\n' % (self.port, self.port))

    def push(self, entries, method='sha256', secret=None, link=None, body=None):
        """Status of a push as the hub would make it; method '' = unsigned. What is told to come later (the lease of a shard may be late
        on a busy machine) comes later, as from a hub."""
        form = self.site.of('subscribe')[-1]
        body = self.site.feed(entries) if body is None else body
        headers = {'Content-Type': 'application/atom+xml', 'Link': link or '<%s/hub>; rel="hub", <%s>; rel="self"' % (self.site.url, self.site.topic)}
        if method:
            headers['X-Hub-Signature'] = method + '=' + hmac.new((secret or form['hub.secret']).encode(), body, getattr(hashlib, method)).hexdigest()
        request = urllib.request.Request(form['hub.callback'], data=body, method='POST', headers=headers)
        status, until = 503, time.time() + 15
        while status == 503 and time.time() < until:
            status = sent(request)
            time.sleep(0.5 if status == 503 else 0)
        return status

    def mentions(self):
        code, out, _ = self.s.run('posts', 'yunque', '--json', '--limit', '2000')
        return [json.loads(line)['record']['post'] for line in out.splitlines()] if code == 0 else []

    def count(self):
        return len(self.mentions())

    def explain(self):
        return self.s.run('source', 'explain', 'blog')[1]

    def relied_on(self):
        return 'its hub pushes what is new' in self.explain()

    def subscribes(self):
        f, site = self.f, self.site
        site.entries.insert(0, entry(1, '云雀电动车：轮询看到的'))
        f.check('the hub that the feed names is asked', f.wait(lambda: site.of('subscribe'), 60), self.s.log()[-500:])
        form = (site.of('subscribe') or [{}])[0]
        f.check('for its topic, with secret and lease', form.get('hub.topic') == site.topic and len(form.get('hub.secret', '')) >= 32 and
                form.get('hub.lease_seconds') == '3600', form)
        f.check('and calls back to an address nobody can guess', form.get('hub.callback', '').startswith('http://127.0.0.1:%d/websub/blog/' % self.port) and
                len(form['hub.callback'].rsplit('/', 1)[1]) >= 32, form)
        f.check('its question is answered', f.wait(lambda: site.answers, 10) and site.answers[0][2] == (200, site.answers[0][1]), site.answers)
        f.check('the subscription is live', f.wait(lambda: 'subscribed at' in self.explain(), 10), self.explain())
        f.check('nothing secret is shown', form['hub.secret'] not in self.explain() + self.s.log() and
                form['hub.callback'].rsplit('/', 1)[1] not in self.explain() + self.s.log())
        f.check('what a poll found is counted', f.wait(lambda: self.count() == 1, 15), self.count())
        f.check('polls go on until something was pushed', f.wait(lambda: site.polls_within(6) >= 3, 12), site.polls_within(6))

    def questions(self):
        f, site = self.f, self.site
        form = site.of('subscribe')[0]
        query = {'hub.mode': 'subscribe', 'hub.topic': site.topic + 'x', 'hub.challenge': 'x', 'hub.lease_seconds': '5'}
        f.check('a question about another topic is refused', get(form['hub.callback'] + '?' + urllib.parse.urlencode(query))[0] == 404)
        query['hub.topic'] = site.topic
        f.check('and at another address', get(form['hub.callback'][:-1] + 'z?' + urllib.parse.urlencode(query))[0] == 404)
        query['hub.mode'] = 'unsubscribe'
        f.check('and an unsubscription that is not ours', get(form['hub.callback'] + '?' + urllib.parse.urlencode(query))[0] == 404)
        query = {'hub.mode': 'denied', 'hub.topic': site.topic + 'x'}
        f.check('and a refusal of another topic', get(form['hub.callback'] + '?' + urllib.parse.urlencode(query))[0] == 404)

    def pushes(self):
        f, site = self.f, self.site
        for i, method in enumerate(('sha256', 'sha1', 'sha384', 'sha512')):
            pushed = entry(10 + i, '云雀电动车：推送 %s' % method)
            site.entries.insert(0, pushed)
            f.check('a push signed with %s is taken' % method, self.push([pushed], method) == 202)
        f.check('and counted once each, whatever polls show', f.wait(lambda: self.count() == 5, 15), self.count())
        f.check('polls become slow', f.wait(self.relied_on, 10), self.explain())
        time.sleep(7)
        f.check('they only check', site.polls_within(6) <= 1, site.polls_within(6))
        f.check('nothing was counted twice', self.count() == 5, self.count())
        f.check('the same push again is acknowledged', self.push([site.entries[0]], 'sha512') == 202)

    def ignored(self):
        f, site = self.f, self.site
        forged = [entry(66, '云雀电动车：伪造')]
        f.check('a push without a signature is acknowledged', self.push(forged, '') == 202)
        f.check('one with a wrong signature, too', self.push(forged, secret='not the secret') == 202)
        f.check('and one of another topic', self.push(forged, link='<%sx>; rel="self"' % site.topic) == 202)
        form = site.of('subscribe')[-1]
        f.check('at an address that was never given out nothing is read', post(form['hub.callback'][:-1] + 'z', b'x' * 100) == 404)
        time.sleep(1)
        f.check('none of it is counted', self.count() == 5 and 'urn:e:66' not in json.dumps(self.mentions()), self.count())

    def renews(self):
        f, site = self.f, self.site
        before = len(site.of('subscribe'))
        f.check('the lease is renewed before it ends', f.wait(lambda: len(site.of('subscribe')) > before, LEASE + 4), len(site.of('subscribe')))
        one, other = site.of('subscribe')[0], site.of('subscribe')[-1]
        f.check('under the same address and secret', one['hub.callback'] == other['hub.callback'] and one['hub.secret'] == other['hub.secret'])
        time.sleep(1)
        f.check('and stays live', 'subscribed at' in self.explain() and '3 pushes were ignored' in self.explain(), self.explain())

    def unreadable(self):
        f, site = self.f, self.site
        before = len(site.polls())
        f.wait(lambda: len(site.polls()) > before, SAFETY + 6)    # the next one would be far off
        time.sleep(0.3)
        polls = len(site.polls())
        site.entries.insert(0, entry(20, '云雀电动车：只有通知'))
        f.check('a push that is no feed is acknowledged', self.push([], body=b'ping') == 202)
        f.check('and the source is polled at once', f.wait(lambda: len(site.polls()) > polls, 3), 'no poll')
        f.check('so that what it tells of is there', f.wait(lambda: self.count() == 6, 15), self.count())

    def under_way(self):
        """A poll that left before the hub spoke may have missed what it tells of: there is another one behind it."""
        f, site = self.f, self.site
        polls = len(site.polls())
        site.after = 2
        f.check('a poll is under way', f.wait(lambda: len(site.polls()) > polls, SAFETY + 6), len(site.polls()))
        taken = self.push([], body=b'pong')
        f.check('while the hub says that there is news', taken == 202 and len(site.polls()) == polls + 1, taken)
        site.after = 0
        f.check('and the next one follows at once', f.wait(lambda: len(site.polls()) > polls + 1, 5), 'no poll')

    def outlives(self):
        """What was accepted is on disk: Redis and the crawler may die."""
        f, s, site = self.f, self.s, self.site
        secret = site.of('subscribe')[-1]['hub.secret']
        os.kill(s.pids()['redis-server'], signal.SIGKILL)
        time.sleep(0.1)
        taken = [self.push([entry(30 + i, 'Skylark EV, pushed while Redis is away')]) for i in range(3)]
        os.kill(s.pids()['crawler'], signal.SIGKILL)
        f.check('pushes are taken while Redis is away', taken == [202] * 3, taken)
        f.check('and counted by the next crawler', f.wait(lambda: self.count() == 9, 40), self.count())
        os.kill(s.pids()['crawler'], signal.SIGKILL)
        f.check('a new crawler knows the subscription', f.wait(lambda: self.push([entry(40, '云雀电动车：重启之后')], secret=secret) == 202, 20))
        f.check('and what comes under it', f.wait(lambda: self.count() == 10, 20), self.count())

    def misses(self):
        """The hub stays silent about a post: the safety poll finds it, and polls are what they were."""
        f, site = self.f, self.site
        f.check('the hub is relied on again', f.wait(lambda: self.push([entry(41, '云雀电动车：推送')]) == 202 and self.relied_on(), 20, 1), self.explain())
        f.wait(lambda: self.count() == 11, 10)
        time.sleep(SAFETY + 2)    # a poll lies between the push and the miss
        site.entries.insert(0, entry(50, '云雀电动车：集线器漏掉的', age=900))
        f.check('what a hub misses is found by a safety poll', f.wait(lambda: self.count() == 12, 2 * SAFETY + 5), self.count())
        f.check('and ends the reliance', f.wait(lambda: 'not relied on' in self.explain() and not self.relied_on(), 10), self.explain())
        f.check('polls are as often as before', f.wait(lambda: site.polls_within(6) >= 3, 12), site.polls_within(6))
        f.check('it is said in the log', 'websub_missed source=blog' in self.s.log())

    def hub_dies(self):
        f, site = self.f, self.site
        site.behaviour = 'broken'
        before = self.s.log().count('the lease ended')
        f.check('a hub that answers errors lets the lease end', f.wait(lambda: self.s.log().count('the lease ended') > before, LEASE + 10), self.explain())
        f.check('and explain says what went wrong', 'answered 500' in self.explain(), self.explain())
        site.entries.insert(0, entry(60, '云雀电动车：集线器没了'))
        f.check('polls find what is new', f.wait(lambda: self.count() == 13, 20), self.count())
        site.behaviour = 'verify'
        f.check('it is asked again, and live again', f.wait(lambda: 'subscribed at' in self.explain(), 100), self.explain())

    def leaves(self):
        f, site = self.f, self.site
        callback = site.of('subscribe')[-1]['hub.callback']
        self.s.run('source', 'pause', 'blog')
        f.check('a paused source is unsubscribed', f.wait(lambda: site.of('unsubscribe'), 10))
        f.check('and says so when it is asked', f.wait(lambda: [a for a in site.answers if a[0] == 'unsubscribe' and a[2] == (200, a[1])], 10), site.answers[-2:])
        f.check('a push is told that nobody waits for it', self.push([entry(70, '云雀')]) == 410)
        site.behaviour = 'deny'
        before = len(site.of('subscribe'))
        self.s.run('source', 'resume', 'blog')
        site.entries.insert(0, entry(80, '云雀电动车：恢复之后'))
        f.check('a resumed one asks anew, elsewhere', f.wait(lambda: len(site.of('subscribe')) > before, 10) and
                site.of('subscribe')[-1]['hub.callback'] != callback)
        f.check('a hub that denies it is left alone', f.wait(lambda: 'denied it' in self.explain(), 10), self.explain())
        f.check('and the source is polled', f.wait(lambda: self.count() == 14, 10), self.count())

    def run(self):
        self.s.start()
        for step in (self.subscribes, self.questions, self.pushes, self.ignored, self.renews, self.unreadable, self.under_way, self.outlives, self.misses,
                     self.hub_dies, self.leaves):
            step()
        self.s.stop()


def post(url, body):
    return sent(urllib.request.Request(url, data=body, method='POST'))


if __name__ == '__main__':
    with flow.Flow('websub') as flow_:
        Test(flow_).run()
    sys.exit(flow_.exit_code())
