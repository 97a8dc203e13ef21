#!/usr/bin/env python3
"""A source with a recipe: pages, headers, a cookie of the operator, errors that the site tells, a site that changes. Run alone:
python3 tests/flow/test_recipe_source.py"""
import json
import os
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

RECIPE = '''
[recipe board]
about   = an invented board
kind    = json
paths   = /api/posts*
list    = /items/*
require = id, text, published
every   = 500ms
delay   = 100ms
header  = X-Board: yes, Accept: application/json
login   = operator-cookie

[fields]
id        = /id
url       = "/post/{/id}"
title     = /title
text      = /body | html
author    = /user/name
published = /at | since-1970 seconds
parent    = /answers
likes     = /likes

[error members]
status = 403
reason = the board is for members only

[error told]
when   = /error
reason = the board asks for a pause
wait   = /pause

[paging]
by        = page
parameter = page
most      = 5
'''
BROKEN = '[recipe broken]\nabout = one mistake\nkind = json\nlist = /items/*\n\n[fields]\nid = /id\ntext = /body | htlm\n'


class Board(smallweb.Site):
    """Six posts on three pages; `mode` says how it behaves."""

    def __init__(self):
        super().__init__()
        self.mode, self.posts = 'posts', []
        for i in range(6):
            brand = '云雀' if i % 2 == 0 else 'Skylark EV'
            self.posts.append({'id': 'p%d' % i, 'title': '%s 售后 %d' % (brand, i), 'body': '<p>%s 刹车失灵，<b>第%d次</b>投诉。</p>' % (brand, i),
                               'user': {'name': 'author %d' % i}, 'at': int(time.time()) - 60 * (i + 1), 'likes': '1.%dk' % i,
                               'answers': 'p0' if i == 3 else None})

    def page(self, number):
        if self.mode == 'told':
            return {'error': 'slow down', 'pause': 3600}
        if self.mode == 'changed':
            return {'entries': self.posts}
        return {'items': self.posts[2 * number - 2:2 * number]}

    def answer(self, request):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(request.path).query)
        page = self.page(int(query.get('page', ['1'])[0]))
        return 403 if self.mode == 'members' else 200, {'Content-Type': 'application/json'}, json.dumps(page)


class Test:
    def __init__(self, f):
        self.f, self.board = f, Board()
        self.url = self.board.url + '/api/posts'
        f.write('feeds/board.recipe', RECIPE)
        cookie = f.write('cookie', 'session=of-the-operator\n')
        self.s = system.System(f, feeds=system.source('board', self.url, more='recipe = board\ncookie_file = ' + cookie))

    def state(self):
        keys = self.s.ask('KEYS', 'es:{s*}:source:board')
        return self.s.pairs('HGETALL', keys[0]) if keys else {}

    def failure(self):
        return self.state().get('error', '') if int(self.state().get('failures', 0)) > 0 else ''

    # ---- the cases

    def checked(self):
        f = self.f
        f.write('feeds/broken.recipe', BROKEN)
        code, out, err = f.earshot('check', '--config', self.s.config)
        f.check('earshot check names a wrong recipe with place, code and remedy',
                code == 78 and 'broken.recipe:8:16: error: [P105] there is no filter "htlm"; did you mean "html"?' in err, '%d %s' % (code, err))
        os.remove(f.path('feeds', 'broken.recipe'))
        f.write('feeds/other.conf', system.source('other', self.url, more='recipe = bord'))
        code, out, err = f.earshot('check', '--config', self.s.config)
        f.check('and a source that names a recipe which there is not', code == 78 and '[P401] source other: there is no recipe "bord"' in err, err)
        f.write('feeds/other.conf', system.source('other', self.url, more='recipe = board'))
        code, out, err = f.earshot('check', '--config', self.s.config)
        f.check('and one without the cookie that its recipe asks for', code == 78 and '[P402] source other' in err, err)
        os.remove(f.path('feeds', 'other.conf'))
        code, out, err = f.earshot('check', '--config', self.s.config)
        f.check('without them all is well', code == 0 and '; 1 sources, 1 recipes' in out, '%d %s%s' % (code, out, err))

    def fetched(self):
        f = self.f
        code, out, err = f.earshot('fetch', 'board', '--config', self.s.config)
        posts = [json.loads(line) for line in out.splitlines()]
        f.check('earshot fetch shows the posts of the first page and where the next is', code == 0 and len(posts) == 2 and
                'next page: %s?page=2' % self.url in err and posts[0]['likes'] == 1000 and posts[0]['text'] == '云雀 刹车失灵，第0次投诉。',
                '%d %s%s' % (code, out, err))
        f.check('and no name of an author', 'author 0' not in out and posts[0]['author'].startswith('a:'), out)

    def counted(self):
        f, s, board = self.f, self.s, self.board
        board.forget()
        s.start()
        f.check('all posts of three pages are counted', f.wait(lambda: s.total('yunque') == 6, 20), '%d; %s' % (s.total('yunque'), board.asked()))
        f.wait(lambda: board.asked()[-1:] == ['/api/posts'] and len(board.asked()) > 4, 10)
        first = board.asked()[:4]
        f.check('page by page, up to the first that holds nothing', first == ['/api/posts', '/api/posts?page=2', '/api/posts?page=3', '/api/posts?page=4'], str(first))
        first = [r for r in board.requests() if r.path in first][:3]
        gaps = [b.start - a.end for a, b in zip(first, first[1:])]
        f.check('with the pause of the recipe between two', len(gaps) == 2 and all(g >= 0.1 for g in gaps), str(gaps))
        headers = first[0].headers
        f.check("the recipe's headers and the operator's cookie are sent", headers.get('x-board') == 'yes' and
                headers.get('accept') == 'application/json' and headers.get('cookie') == 'session=of-the-operator', str(headers))
        code, out, err = f.earshot('posts', 'yunque', '--json', '--limit', '10', '--config', s.config)
        posts = {p['native_id']: p for p in (json.loads(line)['record']['post'] for line in out.splitlines())}
        f.check('likes and parents arrive in the records', posts.get('p3', {}).get('likes') == 1300 and posts['p3'].get('kind') == 'reply' and
                posts['p3']['parent'] == posts['p0']['id'], str(posts.get('p3')))
        board.forget()
        board.posts[0]['likes'] = 7
        f.wait(lambda: len(board.asked()) >= 2, 10)
        f.check('later, known posts are no reason to turn the page', set(board.asked()) == {'/api/posts'}, str(board.asked()))
        f.check('and nothing is counted twice', s.total('yunque') == 6, str(s.total('yunque')))

    def troubled(self):
        f, board = self.f, self.board
        board.mode = 'changed'
        f.check('a site that changed is a failure with what to do', f.wait(lambda: 'the site may have changed; record a new sample' in self.failure(), 15),
                self.failure())
        board.mode = 'members'
        f.check('an HTTP answer that the recipe knows is told with its reason',
                f.wait(lambda: 'answered 403: the board is for members only' in self.failure(), 15), self.failure())
        board.mode = 'told'
        f.check('and so is what the page says', f.wait(lambda: 'the board asks for a pause (error told of recipe board)' in self.failure(), 15), self.failure())
        asked = len(board.asked())
        time.sleep(1.5)
        f.check('which is heard: no request before the pause is over', len(board.asked()) == asked and
                int(self.state()['next_ms']) > time.time() * 1000 + 3000000, str(self.state()))

    def run(self):
        self.checked()
        self.fetched()
        self.counted()
        self.troubled()
        self.f.check('earshot up ends with 0', self.s.stop() == 0, self.f.log('up.log')[-300:])


if __name__ == '__main__':
    with flow.Flow('recipe') as flow_:
        Test(flow_).run()
    sys.exit(flow_.exit_code())
