#!/usr/bin/env python3
"""Copies of one text are one story: joined across edits, languages apart, counted once whatever is killed, known again after a restart.
Run alone: python3 tests/flow/test_stories.py"""
import collections
import json
import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

ZH = '云雀电动车昨天下午在地下车库充电的时候突然冒烟起火，客服到现在都没有给任何说法，旁边两辆车也被烧坏了'
EN = 'My Skylark EV caught fire while charging in the garage last night and support keeps telling me to wait for a callback'
ZH_EDITS = ['转发微博：' + ZH, ZH + '！！！', ZH.replace('，', ' '), '雲雀電動車昨天下午在地下車庫充電的時候突然冒煙起火，客服到現在都沒有給任何說法，旁邊兩輛車也被燒壞了',
            ZH + '，求扩散', ZH.replace('昨天下午', '昨天')]
EN_EDITS = ['RT @someone: ' + EN, EN.upper(), EN + '!!! please share', EN.replace('last night', 'yesterday')]
ALONE = ['云雀电动车的坐垫偏硬，骑半个小时腰就酸，打算换一个加厚的坐垫试试', 'Skylark EV has opened a new store by the river, went there for a test ride today',
         '短评：云雀不错']
STORM = '云雀电动车新款的刹车在雨天会打滑，我们小区已经有三位车主摔倒受伤，希望厂家尽快召回检修'


class Test:
    def __init__(self, f):
        self.f, self.n = f, 0
        self.s = system.System(f)

    def post(self, text, source, author, minutes_ago, number=None):
        self.n += 1
        return {'id': 'p%s' % (number or self.n), 'text': text, 'source': source, 'author': author, 'brand': 'yunque',
                'posted': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - 60 * minutes_ago))}

    def send(self, posts):
        path = self.f.write('posts-%d.jsonl' % self.n, ''.join(json.dumps(p, ensure_ascii=False) + '\n' for p in posts))
        code, _, said = self.s.run('import', path)
        if code != 0:
            raise RuntimeError('import: ' + said)
        return [p['id'] for p in posts]

    def records(self):
        code, out, _ = self.s.run('posts', 'yunque', '--json', '--since', '2d', '--limit', '2000')
        rows = [json.loads(line) for line in out.splitlines()] if code == 0 else []
        return {r['record']['post']['native_id']: dict(r['record'], key=r['id'], observation=r['observation']) for r in rows if 'post' in r['record']}

    def arrive(self, ids):
        found = self.f.wait(lambda: (lambda r: r if set(r) >= set(ids) else None)(self.records()), 30, 0.2)
        self.f.check('%d posts become mentions' % len(ids), found, 'of %s there are %s' % (len(ids), len(set(self.records()) & set(ids))))
        return found or self.records()

    def stories(self):
        code, out, _ = self.s.run('stories', 'yunque', '--json', '--limit', '500')
        return {s['story']: s for s in (json.loads(line) for line in out.splitlines())} if code == 0 else {}

    def kill_detector(self):
        os.kill(self.f.wait(lambda: self.s.pids().get('detector'), 15, 0.02), signal.SIGKILL)

    def agree(self, when):
        """What is counted of each story is what the records say."""
        records, stories = self.records(), self.stories()
        groups = collections.defaultdict(list)
        for r in records.values():
            if r.get('story'):
                groups[r['story']].append(r['post'])
        expected = {k: (len(g), len({p['source'] for p in g}), len({p['author'] for p in g})) for k, g in groups.items() if len(g) > 1}
        counted = {k: (s['copies'], s['sources'], s['authors']) for k, s in stories.items()}
        self.f.check('copies, sources and authors are what the records say, ' + when, counted == expected, '%s, not %s' % (counted, expected))

    def joins(self):
        f = self.f
        self.send([self.post(ZH, 'weibo', '甲', 30), self.post(EN, 'boards', 'Ann', 29)])
        self.arrive(['p1', 'p2'])
        ids = self.send([self.post(t, 'forum-%d' % (i % 3), '作者%d' % (i % 3), 20 - i) for i, t in enumerate(ZH_EDITS)] +
                        [self.post(t, 'reviews', 'user %d' % i, 10 - i) for i, t in enumerate(EN_EDITS)] +
                        [self.post(t, 'weibo', '丁', 5) for t in ALONE])
        records = self.arrive(ids)
        zh, en = records['p1']['key'], records['p2']['key']
        f.check('a text without a copy is a story of its own', records['p1']['story'] == zh and records['p2']['story'] == en, records['p1'].get('story'))
        stray = [i for i in ids[:6] if records[i].get('story') != zh]
        f.check('edited Chinese copies join it', not stray, stray)
        stray = [i for i in ids[6:10] if records[i].get('story') != en]
        f.check('edited English copies join theirs', not stray, stray)
        own = [records[i].get('story') == records[i]['key'] for i in ids[10:12]]
        f.check('other texts of the brand stay apart', all(own), own)
        f.check('a text of a few letters is no story', records[ids[12]].get('story') is None, records[ids[12]].get('story'))
        self.agree('after edited copies')
        return zh

    def told(self, zh):
        f = self.f
        story = self.stories().get(zh, {})
        author = self.records()['p1']['post']['author']
        f.check('a story tells its copies, sources and authors', (story.get('copies'), story.get('sources'), story.get('authors')) == (7, 4, 4), story)
        f.check('who posted it first, where, and what', story.get('first', {}).get('author') == author and story['first']['source'] == 'weibo' and
                story.get('sample') == ZH, story)
        code, out, _ = self.s.run('stories', 'yunque')
        f.check('the largest comes first, for a person', code == 0 and out.lstrip().startswith('7 copies  4 sources  4 authors') and ZH[:20] in out, out[:300])
        code, out, _ = self.s.run('posts', 'yunque', '--limit', '100')
        f.check('posts name the story of a copy', 'a copy, story ' + zh in out, out[:300])
        code, out, said = self.s.run('stories', 'yunque', '--limit', '0')
        f.check('a limit that is none is refused', code == 2 and '--limit' in said, said)
        keys = self.s.pairs('HGETALL', 'es:{b:yunque}:story:' + zh)
        f.check('no pseudonym stands in the count of a story', author not in str(keys), keys)

    def twice(self, zh):
        self.send([self.post(ZH + '（更新：已报警）', 'weibo', '甲', 30, 1), self.post(ZH_EDITS[0], 'forum-0', '作者0', 20, 3)])
        self.f.wait(lambda: self.records()['p1']['observation'], 5)
        self.agree('after an edit and a post that came again')
        self.f.check('an edit is no copy', self.stories().get(zh, {}).get('copies') == 7, self.stories().get(zh))

    def kills(self, zh):
        pick, posts = random.Random(7), []
        for i in range(300):
            text = pick.choice([STORM, STORM + '，' + pick.choice('甲乙丙丁') + '也遇到了', ZH, '云雀电动车的第%d条闲聊：%s' % (i, ''.join(
                chr(0x4E00 + pick.randrange(20000)) for _ in range(20)))])
            posts.append(self.post(text, 'forum-%d' % (i % 7), 'u%d' % (i % 40), 100 - i // 4))
        ids = []
        for at in range(0, len(posts), 30):
            ids += self.send(posts[at:at + 30])
            self.kill_detector()
        records = self.arrive(ids)
        names = {records[p['id']].get('story') for p in posts if p['text'].startswith(STORM) and p['id'] in records}
        self.f.check('copies are told across %d kill -9 of the detector' % (len(posts) // 30), len(names) == 1, names)
        names = {records[p['id']].get('story') for p in posts if p['text'] == ZH and p['id'] in records}
        self.f.check('also copies of what was there before', names == {zh}, names)
        self.agree('after the kills')
        code, out, said = self.s.run('verify', '--brand', 'yunque')
        self.f.check('verify finds nothing wrong', code == 0 and ' 0 wrong' in out, out + said)

    def wrong(self, zh):
        """A count that is not what the records say is found, told and set right."""
        right = self.stories()[zh]['copies']
        self.s.ask('HSET', 'es:{b:yunque}:story:' + zh, 'copies', right + 5)
        code, out, _ = self.s.run('verify', '--brand', 'yunque')
        self.f.check('verify finds a wrong count of copies', code == 1 and 'story %s: counter %d, records %d' % (zh, right + 5, right) in out, out)
        code, out, _ = self.s.run('verify', '--brand', 'yunque', '--fix')
        self.f.check('and sets it right', code == 0 and self.stories()[zh]['copies'] == right, (out, self.stories()[zh]))

    def restart(self, zh):
        before = self.stories()[zh]['copies']
        self.s.stop()
        self.s.start()
        self.send([self.post('【转】' + ZH, 'late', '戊', 1), self.post(ZH, 'weibo', '甲', 30, 1)])
        self.f.wait(lambda: self.stories().get(zh, {}).get('copies') == before + 1, 20, 0.2)
        self.f.check('after a restart a copy joins the story of before, and its first post is not counted again',
                     self.stories()[zh]['copies'] == before + 1, (before, self.stories()[zh]))
        self.agree('after a restart')

    def erased(self, zh):
        """What is erased still counts: a tombstone names its story."""
        before, author = self.stories()[zh], self.records()['p3']['post']['author']
        code, out, said = self.s.run('erase', '--author', author)
        self.f.check('an author of copies is erased', code == 0 and 'p3' not in self.records(), out + said)
        left = [r for r in self.s.pairs('HGETALL', 'es:{b:yunque}:mentions').values() if json.loads(r).get('story') == zh]
        self.f.check('the story still counts what is erased, and the records agree', self.stories()[zh]['copies'] == before['copies'] == len(left),
                     (before, len(left)))

    def run(self):
        self.s.start()
        zh = self.joins()
        self.told(zh)
        self.twice(zh)
        self.kills(zh)
        self.wrong(zh)
        self.restart(zh)
        self.erased(zh)
        self.s.stop()


def main():
    with flow.Flow('stories') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
