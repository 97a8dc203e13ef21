#!/usr/bin/env python3
"""A source that keeps its posts for a shorter time: older ones go from mentions and archive and are refused at the door, those of other
sources stay, and the counts stay true.
Run alone: python3 tests/flow/test_retention.py"""
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import fakepages  # noqa: E402
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

OLD, YOUNG = 7200, 600    # seconds ago


def posts(name, *extra):
    rows = [('old', OLD, '云雀电动车在%s旧巷坏了。'), ('elder', OLD, 'Skylark EV broke down at %s oldgate.'), ('young', YOUNG, '云雀电动车在%s新街坏了。')] + list(extra)
    return [{'guid': '%s-%s' % (name, g), 'title': '云雀', 'text': text % name, 'lang': 'zh', 'author': name,
             'at': int(time.time()) - ago, 'url': 'http://%s.example/%s' % (name, g)} for g, ago, text in rows]


class Board(smallweb.Site):
    posts = {}

    def answer(self, request):
        name = request.path.strip('/').split('.')[0]
        return 200, {'Content-Type': 'application/rss+xml'}, fakepages.rss(name, self.posts[name], 'http://%s.example' % name)


class Test:
    def __init__(self, f):
        self.f, self.board = f, Board()
        self.board.posts = {'short': posts('short'), 'long': posts('long')}
        self.s = system.System(f, feeds=self.feeds(''), tick='1s')

    def feeds(self, retention):
        return (system.source('short', self.board.url + '/short.xml', more=retention) + system.source('long', self.board.url + '/long.xml'))

    def texts(self):
        return {r['post']['native_id'] for r in (json.loads(v) for v in self.s.pairs('HGETALL', 'es:{b:yunque}:mentions').values()) if 'post' in r}

    def archived(self):
        found = [json.loads(line) for line in self.s.run('search', '云雀 OR skylark', '--json')[1].splitlines()]
        return {p.get('native_id') or p['post']['native_id'] for p in found}

    def metric(self, name):
        lines = self.s.http('/metrics')[1].splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith('earshot_retention_%s_total{' % name))

    def follow(self, retention):
        self.f.write('feeds/test.conf', self.feeds(retention))
        os.kill(self.s.child.pid, signal.SIGHUP)


ALL = {'%s-%s' % (name, g) for name in ('short', 'long') for g in ('old', 'elder', 'young')}
KEPT = ALL - {'short-old', 'short-elder'}


def stored(t):
    f, s = t.f, t.s
    f.check('without a retention of its own a source keeps all', f.wait(lambda: t.texts() == ALL and t.archived() == ALL, 30), '%s %s' % (t.texts(), t.archived()))
    post = next(json.loads(line) for line in s.run('posts', 'yunque', '--json')[1].splitlines() if 'short-old' in line)
    s.run('label', 'yunque', post['id'], '--label', 'negative', '--by', '李雷')
    s.ask('HSET', 'es:{b:yunque}:observations', post['id'], json.dumps({'fetched_ms': 1, 'text': 'short 旧巷', 'edited': True}, ensure_ascii=False))


def shortened(t):
    f, s = t.f, t.s
    before = s.run('stats', 'yunque', '--json')[1]
    t.follow('retention = 1h')
    f.check('its older mentions go, those of the other source stay', f.wait(lambda: t.texts() == KEPT, 30), t.texts())
    f.check('so do the archived ones', f.wait(lambda: t.archived() == KEPT, 40, 0.5), t.archived())
    f.check('and what hung on them', not s.ask('EXISTS', 'es:{b:yunque}:corrections') and not s.ask('EXISTS', 'es:{b:yunque}:observations'))
    code, out, _ = s.run('verify')
    f.check('the counts stay as they were, and agree', code == 0 and s.run('stats', 'yunque', '--json')[1] == before and s.counted('yunque') == 6, out)
    f.check('the metrics tell it', f.wait(lambda: (t.metric('mentions'), t.metric('archived')) == (2, 2), 15), '%s %s' % (t.metric('mentions'), t.metric('archived')))
    f.check('the list says for how long', s.pairs('HGETALL', 'es:{cfg}:retentions') == {'short': '3600000'}, s.pairs('HGETALL', 'es:{cfg}:retentions'))


def at_the_door(t):
    f = t.f
    late = [('late', OLD, '云雀电动车在%s后门坏了。')]
    t.board.posts = {'short': posts('short', *late), 'long': posts('long', *late)}
    f.check('an older post is refused of the one, and taken of the other', f.wait(lambda: 'long-late' in t.texts(), 20) and 'short-late' not in t.texts() | t.archived(), t.texts())
    f.check('and none comes back', t.texts() == KEPT | {'long-late'}, t.texts())


def checked(t):
    f = t.f
    for value in ('5m', 'soon', '99999d'):
        f.write('feeds/test.conf', t.feeds('retention = ' + value))
        code, out, said = t.s.run('check')
        f.check('retention = %s is a mistake' % value, code == 78 and 'retention' in out + said, '%d %s' % (code, (out + said)[-300:]))
    t.follow('retention = 1h\nenabled = no')
    f.check('a source that is off keeps its time', f.wait(lambda: 'short' in t.s.pairs('HGETALL', 'es:{cfg}:retentions'), 20))
    t.follow('')
    f.check('taken out again, it holds no more', f.wait(lambda: t.s.pairs('HGETALL', 'es:{cfg}:retentions') == {}, 20), t.s.pairs('HGETALL', 'es:{cfg}:retentions'))


def main():
    with flow.Flow('retention') as f:
        t = Test(f)
        t.s.start()
        stored(t)
        shortened(t)
        at_the_door(t)
        checked(t)
        f.check('stop', t.s.stop() == 0)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
