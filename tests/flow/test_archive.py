#!/usr/bin/env python3
"""A crawl leaves an archive that search finds, in both languages; trouble with it stops nothing. Run alone: python3 tests/flow/test_archive.py"""
import glob
import json
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import fakepages  # noqa: E402
import flow  # noqa: E402
import system  # noqa: E402

AGO = 600
POSTS = [
    {'guid': 'zh-1', 'title': '云雀退款', 'text': '云雀电动车要退款，客服不理。', 'lang': 'zh', 'author': '王小明同学'},
    {'guid': 'en-1', 'title': 'Refund', 'text': 'Harbour Coffee refuses a refund again.', 'lang': 'en', 'author': 'Jo'},
    {'guid': 'zh-2', 'title': '无关', 'text': '别家的店也要退款，请打13800138000。', 'lang': 'zh', 'author': 'x'},
    {'guid': 'en-2', 'title': 'Nobody', 'text': 'Some other shop paid the refund at once.', 'lang': 'en', 'author': 'y'},
]


def show(site, posts):
    with open(os.path.join(site, 'board.xml.new'), 'w', encoding='utf-8') as out:
        out.write(fakepages.rss('board', posts, 'http://board.example'))
    os.replace(out.name, os.path.join(site, 'board.xml'))


def dated(posts):
    return [dict(p, at=int(time.time()) - AGO, url='http://board.example/' + p['guid']) for p in posts]


class Test:
    def __init__(self, f):
        self.f = f
        self.site = f.path('site')
        os.makedirs(self.site)
        show(self.site, dated(POSTS))
        self.s = system.System(f, feeds=system.source('board', f.start_web('--root', self.site) + '/board.xml', every='500ms'))

    def search(self, *arguments):
        """(exit code, found posts, what it said)"""
        code, out, said = self.f.earshot('search', *arguments, '--json', '--config', self.s.config)
        return code, [json.loads(line) for line in out.splitlines()], said

    def ids(self, *arguments):
        return sorted(hit['post']['native_id'] for hit in self.search(*arguments)[1])

    def found(self):
        f = self.f
        f.check('a Chinese term finds posts about a brand and about none', f.wait(lambda: self.ids('退款') == ['zh-1', 'zh-2'], 15), self.ids('退款'))
        f.check('an English term does, too', self.ids('refund') == ['en-1', 'en-2'], self.ids('refund'))
        for query, ids in (('退款 AND 云雀', ['zh-1']), ('refund NOT harbour', ['en-2']), ('退款 或 refund', ['en-1', 'en-2', 'zh-1', 'zh-2']),
                           ('refund AND @brand.harbour', ['en-1']), ('"refund at once"', ['en-2'])):
            f.check('the query %s finds %s' % (query, ', '.join(ids)), self.ids(query) == ids, self.ids(query))
        code, _, said = self.search('退款 AND')
        f.check('a wrong query is told with its place', code == 2 and 'query:1:' in said, said)
        hit = next(h for h in self.search('退款')[1] if h['post']['native_id'] == 'zh-1')
        place = hit['places'][0]
        f.check('places are told', place['text'] == '退款' and hit['post'][place['field']][place['from']:place['to']] == '退款', hit)
        f.check('posts are as fetched: masked, and their author a pseudonym',
                '13800138000' not in json.dumps(self.search('退款')[1]) and hit['post']['author'].startswith('a:'), hit)
        code, found, _ = self.search('飞碟')
        f.check('nothing found is exit 1', code == 1 and found == [], code)
        f.check('--since leaves older ones out', self.search('退款', '--since', '1m')[0] == 1)
        f.check('--until leaves newer ones out', self.search('退款', '--until', '1h')[0] == 1)
        f.check('--limit shows the newest', len(self.search('退款', '--limit', '1')[1]) == 1)
        code, out, said = f.earshot('search', '退款', '--config', self.s.config)
        f.check('people see the words marked', code == 0 and '«退款»' in out and 'http://board.example/zh-1' in out and '2 of 4' in said, out + said)
        code, _, said = f.earshot('search', '退款', '--since', '1h', '--until', '2h', '--config', self.s.config)
        f.check('a span that ends before it begins is a mistake', code == 2, said[:200])
        code, _, said = f.earshot('search', '退款', '--since', 'yesterday', '--config', self.s.config)
        f.check('a wrong time is told with a remedy', code == 2 and '7d' in said, said)

    def once(self):
        """Nothing is new: nothing is written."""
        f = self.f
        before = self.bytes()
        show(self.site, dated([dict(p, replies=7) for p in POSTS]))
        time.sleep(2.5)     # two polls and a block's second: nothing is what is waited for
        f.check('new counters alone are not written again', self.bytes() == before, '%d bytes became %d' % (before, self.bytes()))
        show(self.site, dated([dict(POSTS[0], text='云雀电动车要退款，已解决。')] + POSTS[1:]))
        f.check('an edit is written', f.wait(lambda: self.bytes() > before, 10))
        f.check('and search shows a post once', self.ids('退款') == ['zh-1', 'zh-2'], self.ids('退款'))

    def segments(self):
        return glob.glob(os.path.join(self.s.data, 'archive', '*', '*.seg'))

    def bytes(self):
        return sum(os.path.getsize(s) for s in self.segments())

    def trouble(self):
        """The folder is taken away and its place blocked: the disk is gone."""
        f = self.f
        f.check('a restart goes on in the same segment', self.restarted() and len(self.segments()) == 1, self.segments())
        self.s.stop()
        archive = os.path.join(self.s.data, 'archive')
        shutil.rmtree(archive)
        f.write('data/archive', 'not a folder')
        self.s.start()
        show(self.site, dated(POSTS + [dict(POSTS[0], guid='zh-3')]))
        f.check('crawling goes on without the archive', f.wait(lambda: self.s.total('yunque') == 2, 15), self.s.total('yunque'))
        f.check('it is told, and posts that were left out are counted', f.wait(lambda: 'archive_failed' in f.log('up.log'), 5))
        os.remove(archive)
        f.check('and told when it is over', f.wait(lambda: 'archive_back' in f.log('up.log'), 10))
        show(self.site, dated(POSTS + [dict(POSTS[0], guid='zh-4')]))
        f.check('then posts are kept again', f.wait(lambda: self.segments() and self.ids('退款') == ['zh-4'], 10))

    def restarted(self):
        self.s.stop()
        self.s.start()
        show(self.site, dated(POSTS + [dict(POSTS[1], guid='en-3')]))
        return self.f.wait(lambda: self.ids('refund') == ['en-1', 'en-2', 'en-3'], 15)


def main():
    with flow.Flow('archive') as f:
        t = Test(f)
        t.s.start()
        t.found()
        t.once()
        t.trouble()
        f.check('it ends in good order', t.s.stop() == 0)
    with flow.Flow('archive-off') as g:
        os.makedirs(g.path('site'))
        show(g.path('site'), dated(POSTS))
        s = system.System(g, feeds=system.source('board', g.start_web('--root', g.path('site')) + '/board.xml'), earshot='archive = no')
        s.start()
        g.wait(lambda: s.total('yunque') == 1, 15)
        g.check('archive = no writes none', s.stop() == 0 and not os.path.exists(os.path.join(s.data, 'archive')))
        code, _, said = g.earshot('search', '退款', '--config', s.config)
        g.check('and search says where it looked', code == 1 and 'archive' in said, said)
    sys.exit(f.exit_code() or g.exit_code())


if __name__ == '__main__':
    main()
