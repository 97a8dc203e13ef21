#!/usr/bin/env python3
"""Health of sources: silent, drifting, empty, challenged, failing; what operators hear and the PR team does not; many at once; coverage.
Run alone: python3 tests/flow/test_health.py"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

DAY_MS = 86400000
MANY, FINE = 12, 25    # sources
ILL = ['silent', 'drift', 'canary', 'challenge', 'broken']
CHALLENGE = '<!doctype html><html><head><title>Just a moment...</title></head><body></body></html>'.encode()
HEALTH = '\n[health]\ntell_after = 1s\nremind = %s\n'
ROUTES = '''
[target pr]
channel = webhook
lang = zh
url = {web}/sink/pr
allow_cidr = 127.0.0.0/8
[target operators]
channel = webhook
lang = zh
url = {web}/sink/operators
allow_cidr = 127.0.0.0/8
operators = yes
[target log]
channel = log
path = alerts.log
[route everything]
events = *
targets = pr, log
'''
RECIPE = '''
[recipe board]
about = an invented board
kind = html
list = article
require = text
every = 500ms
delay = 100ms
expect = 3
[fields]
id = @id
text = .body
author = .who
published = time
'''


def feed(items):
    rows = ''.join('<item><guid>%s</guid><title>云雀电动车 %s</title><description>Skylark EV, number %s</description></item>' % (i, i, i) for i in items)
    return ('<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>%s</channel></rss>' % rows).encode()


class Site:
    """What stands at each path; `ill` names those that are in trouble, each in its own way."""

    def __init__(self):
        self.ill, self.news, self.n = set(), 0, 0

    def answer(self, request):
        path = request.path.strip('/')
        self.n += 1
        if path == 'robots.txt':
            return auditweb.Answer(404)
        if path in ('drift', 'canary'):
            return auditweb.Answer(200, {'Content-Type': 'text/html; charset=utf-8'}, self.board(path).encode())
        if path in self.ill and path != 'silent':
            return auditweb.Answer(403, {'Content-Type': 'text/html'}, CHALLENGE) if path == 'challenge' else auditweb.Answer(500)
        items = range(20, 20 + 5 + (self.news if path == 'silent' else 0))
        return auditweb.Answer(200, {'Content-Type': 'application/rss+xml'}, feed(items))

    def board(self, path):
        """Six posts, and a comment that makes each page another one."""
        who = 'nick' if path == 'drift' and path in self.ill else 'who'
        tag = 'section' if path == 'canary' and path in self.ill else 'article'
        row = '<%s id="%%d"><span class="%s">user %%d</span><time>2026-01-0%%d 10:00</time><p class="body">云雀 Skylark EV %%d</p></%s>' % (tag, who, tag)
        return '<html><body><!-- %d -->%s</body></html>' % (self.n, ''.join(row % (i, i, i, i) for i in range(1, 7)))


class Test:
    def __init__(self, f, names, remind):
        self.f, self.site = f, Site()
        self.web = auditweb.Web(self.site.answer)
        f.start_redis()
        f.load_functions()
        sink = f.start_web()
        f.write('feeds/board.recipe', RECIPE)
        feeds = ''.join(system.source(n, self.web.url('127.5.0.%d' % (i + 1), '/' + n), every='500ms', more='recipe = board' if n in ('drift', 'canary') else '')
                        for i, n in enumerate(names))
        self.s = system.System(f, feeds=feeds, routes=ROUTES.format(web=sink), redis=HEALTH % remind)
        self.s.link = resp.Redis(f.socket)
        self.crawler = self.start('crawler')
        self.start('notifier')

    def start(self, role):
        return self.f.start([flow.EARSHOT, role, '--config', self.s.config, '--redis', self.f.url], role + '.log')

    def told(self, source='', kind=None):
        """Notices of a source that reached the operators, oldest first."""
        found = [json.loads(r['body'])['data'] for r in self.f.sink('operators')]
        return [d for d in found if d['notice'].get('source', '') == source and kind in (None, d['notice']['notice'])]

    def is_health(self, source, health, patience=30):
        self.f.wait(lambda: self.s.source(source).get('health') == health, patience)
        state = self.s.source(source)
        return self.f.check('%s is %s' % (source, health), state.get('health') == health, str(state))

    def has_reads(self, source, n):
        return self.f.wait(lambda: int(self.memory(source).get('reads', 0)) >= n, 30)

    def memory(self, source):
        return dict(p.split('=', 1) for p in self.s.source(source).get('health_memory', '').split(' ') if '=' in p)

    def coverage(self):
        """[share, healthy, sources] of the newest minute."""
        now = time.time()
        for at in (now, now - 60):
            value = self.s.ask('HGET', time.strftime('es:{coverage}:minute:%Y-%m-%d', time.gmtime(at)), time.strftime('%H:%M', time.gmtime(at)))
            if value:
                return [float(v) for v in value.split(' ')]
        return None

    def one(self, source, kind, words):
        f = self.f
        f.wait(lambda: self.told(source, kind), 20)
        found = self.told(source, kind)
        f.check('the operators hear once that %s is %s' % (source or 'all', kind), len(found) == 1 and all(w in found[0]['text'] for w in words),
                json.dumps(self.told(source), ensure_ascii=False)[:900])


class Single(Test):
    def __init__(self, f):
        super().__init__(f, ILL + ['fine%d' % i for i in range(FINE)], '5s')

    def grow_silent(self):
        """The past of a source that posts twenty times a day, and has not for three days."""
        now = int(time.time() * 1000)
        memory = 'first_ms=%d polled_ms=%d news_ms=%d usual=20000 known=140000 owed=60000 clump=1000 page=healthy doubt=healthy reader=' % (
            now - 20 * DAY_MS, now, now - 3 * DAY_MS)
        key = self.s.ask('KEYS', 'es:{s*}:source:silent')[0]
        end = time.time() + 20
        while time.time() < end and 'owed=6' not in self.s.source('silent').get('health_memory', ''):
            self.s.ask('HSET', key, 'health_memory', memory)
            time.sleep(0.5)

    def fall_ill(self):
        f = self.f
        f.check('all are healthy first', f.wait(lambda: self.coverage() == [1.0, FINE + 5.0, FINE + 5.0], 40), str(self.coverage()))
        f.check('pages were learned', self.has_reads('drift', 6) and self.has_reads('canary', 6), str(self.memory('drift')))
        f.check('and nobody was told anything', not f.sink('operators'))
        self.site.ill = set(ILL)
        self.grow_silent()
        self.is_health('silent', 'silent')
        self.is_health('drift', 'drift')
        self.is_health('canary', 'canary')
        self.is_health('challenge', 'challenged')
        self.is_health('broken', 'failing')

    def check_told(self):
        self.one('silent', 'sick', ['沉默', '3 天', '每天约 20 条'])
        self.one('drift', 'sick', ['作者', '0%', '100%'])
        self.one('challenge', 'sick', ['人机验证', 'challenge page'])
        self.one('canary', 'sick', ['读不出来', 'recipe board'])
        self.one('broken', 'sick', ['连续失败', '500'])
        en = self.told('silent')[0]['notice']['en']
        self.f.check('the same in English', 'nothing new for 3 d' in en and 'earshot source explain silent' in en, en)
        for name in ILL:
            self.f.check('and once in the log (%s)' % name, self.f.log('crawler.log').count(' source_sick source=%s ' % name) == 1)

    def check_shown(self):
        f = self.f
        f.check('the coverage is told beside the minute', f.wait(lambda: self.coverage()[1:] == [FINE, FINE + 5.0], 20) and self.coverage()[0] < 0.9, str(self.coverage()))
        code, out, _ = f.earshot('source', 'list', '--config', self.s.config, '--redis', f.url)
        f.check('source list has it', code == 1 and 'silent ' in out and '5 sick' in out, out)
        code, out, _ = f.earshot('source', 'explain', 'silent', '--config', self.s.config, '--redis', f.url)
        f.check('source explain says why', 'nothing new for 3 d' in out and 'operators were told' in out and 'it is sick (silent)' in out, out)
        code, out, _ = f.earshot('status', '--config', self.s.config, '--redis', f.url)
        f.check('status tells the coverage', '%d of %d are healthy' % (FINE, FINE + 5) in out, out)

    def check_slowed(self):
        f, state = self.f, self.s.source('silent')
        rest = int(state['next_ms']) - int(state['fetched_ms'])
        f.check('a sick source is slowed …', 1000 <= rest <= 1200 and state['why'] == 'health', str(rest))
        n = len(self.web.of('/silent'))
        f.check('… and not dropped', f.wait(lambda: len(self.web.of('/silent')) > n + 2, 10))

    def recover(self):
        f = self.f
        f.check('a reminder comes while it lasts', f.wait(lambda: self.told('silent', 'reminder'), 20))
        self.site.ill, self.site.news = set(), 1
        for name in ILL:
            self.is_health(name, 'healthy', 60)
            self.one(name, 'well', ['已恢复正常'])
        f.check('the coverage is whole again', f.wait(lambda: self.coverage() == [1.0, FINE + 5.0, FINE + 5.0], 20), str(self.coverage()))
        f.check('the PR team heard nothing of all that', not f.sink('pr') and not os.path.exists(os.path.join(self.s.data, 'alerts.log')))
        f.check('nobody was ever told of the source that is fine', not self.told('fine0'))
        f.check('no notice is left over', self.s.ask('XLEN', 'es:{b:_operators}:outbox') == 0 and not self.s.ask('ZCARD', 'es:{b:_operators}:deliveries:due'))

    def run(self):
        self.fall_ill()
        self.check_told()
        self.check_shown()
        self.check_slowed()
        self.recover()


class Many(Test):
    def __init__(self, f):
        self.names = ['many%d' % i for i in range(MANY)] + ['fine']
        super().__init__(f, self.names, '1d')

    def run(self):
        f = self.f
        f.check('all are healthy first', f.wait(lambda: self.coverage() == [1.0, MANY + 1.0, MANY + 1.0], 40), str(self.coverage()))
        self.site.ill = set(self.names[:MANY])
        for name in self.names[:MANY]:
            self.f.wait(lambda: self.s.source(name).get('health') == 'failing', 40)
        self.one('', 'many-sick', ['13 个来源中有 12 个同时异常'])
        time.sleep(3)
        f.check('no notice of a single one', len(f.sink('operators')) == 1, str([self.told(n) for n in self.names])[:600])
        self.restart()
        self.site.ill = set()
        self.one('', 'many-well', ['大面积异常已结束'])
        f.check('and all are well', f.wait(lambda: self.coverage() == [1.0, MANY + 1.0, MANY + 1.0], 60), str(self.coverage()))
        f.check('with two notices in all', len(f.sink('operators')) == 2, str(len(f.sink('operators'))))
        f.check('none of them for the PR team', not f.sink('pr'))
        f.check('and nothing is remembered of it', f.wait(lambda: not self.words(), 10), str(self.words()))

    def words(self):
        """crawler -> [began, told, how often, said again], in ms."""
        return {k: [int(n) for n in v.split(' ')] for k, v in self.s.pairs('HGETALL', 'es:{coverage}:many').items()}

    def restart(self):
        """Another process, with a name of its own, some time after the first one has ended: it goes on with what that has told."""
        f, before = self.f, self.words()
        f.check('what was told stands in Redis', len(before) == 1 and list(before.values())[0][2] == 1, str(before))
        f.end(self.crawler)
        for name, word in before.items():
            self.s.ask('HSET', 'es:{coverage}:many', name, ' '.join(str(n) for n in word[:3] + [word[3] - 30000]))
        self.crawler = self.start('crawler')
        f.wait(lambda: self.words().keys() != before.keys() and len(self.words()) == 1, 20)
        after = self.words()
        f.check('another crawler goes on with it', len(after) == 1 and after.keys() != before.keys() and list(after.values())[0][:3] == list(before.values())[0][:3],
                '%s, then %s' % (before, after))
        time.sleep(2)


def main():
    failed = 0
    for test in (Single, Many):
        with flow.Flow('health') as f:
            test(f).run()
        failed = failed or f.exit_code()
    return failed


if __name__ == '__main__':
    sys.exit(main())
