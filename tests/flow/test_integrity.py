#!/usr/bin/env python3
"""A copy wave among organic talk is told, with its evidence, in both languages, and nothing is taken out of what is stored or counted.
Run alone: python3 tests/flow/test_integrity.py"""
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

PARTS = {'zh': ['云雀电动车', '今天骑着去上班', '坐垫有点硬', '电池比去年耐用', '门口的店换了老板', '红灯起步很快', '车筐太小', '朋友借去买菜', '雨天刹车要提前', '充电口盖子松了',
                '颜色比照片好看', '孩子坐后面说舒服', '上坡有些吃力', '停在楼下没人偷', '骑了两千公里', '说明书写得很清楚'],
         'en': ['the Skylark EV', 'took it to work today', 'saddle is a bit hard', 'battery lasts longer than last year', 'the shop on the corner moved',
                'quick at the lights', 'basket is too small', 'lent it to a neighbour', 'brake early in the rain', 'the charging lid is loose',
                'nicer than in the pictures', 'my kid likes the back seat', 'hills are slow', 'nobody steals it downstairs', 'two thousand miles so far',
                'the manual is clear']}
WAVE = {'zh': '云雀电动车黑心厂家，电池都是翻新的，客服互相推诿，已经有很多人被骗了，大家千万不要买，转发让更多人看到',
        'en': 'Skylark EV is a scam, all batteries are refurbished, support sends you in circles, so many people were cheated already, do not buy, share this'}
FRAME = {'zh': '在%s的门店提了云雀电动车，才骑了%d天%s就出了毛病，打客服电话没有人理会，单号%d，大家千万不要上当',
         'en': 'Got my Skylark EV from the store in %s and after only %d days the %s gave up, support never picks up the phone, ticket %d, do not fall for it'}
PLACES = {'zh': ['杭州', '成都', '沈阳', '佛山', '南昌'], 'en': ['Leeds', 'Boston', 'Perth', 'Cardiff', 'Dallas']}
THINGS = {'zh': ['刹车', '屏幕', '喇叭', '坐垫', '后视镜'], 'en': ['brakes', 'screen', 'horn', 'saddle', 'mirror']}


class Test:
    def __init__(self, f):
        self.f, self.n, self.pick = f, 0, random.Random(11)
        self.s = system.System(f)

    def post(self, text, author, minutes_ago, **more):
        self.n += 1
        at = int(time.time() - 60 * minutes_ago)
        return dict({'id': 'p%d' % self.n, 'text': text, 'source': 'weibo', 'author': author, 'brand': 'yunque',
                     'posted': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(at))}, **more)

    def send(self, posts):
        path = self.f.write('posts-%d.jsonl' % self.n, ''.join(json.dumps(p, ensure_ascii=False) + '\n' for p in posts))
        code, _, said = self.s.run('import', path)
        if code != 0:
            raise RuntimeError('import: ' + said)
        stored = self.f.wait(lambda: len(self.stored()) >= self.n, 30, 0.2)
        self.f.check('%d posts are stored' % self.n, stored, len(self.stored()))

    def stored(self):
        return self.s.pairs('HGETALL', 'es:{b:yunque}:mentions')

    def integrity(self, *args):
        code, out, said = self.s.run('integrity', 'yunque', '--json', *args)
        self.f.check('integrity answers', code == 0, out + said)
        return json.loads(out) if code == 0 else {}

    def talk(self, n, lang):
        """Everybody puts it in their own way."""
        def words():
            return ' '.join(self.pick.sample(PARTS[lang], 2)) + ' ' + ''.join(
                chr(0x4E00 + self.pick.randrange(5000)) if lang == 'zh' else self.pick.choice('abcdefghijklmnopqrstuvwxyz') for _ in range(60))
        return [self.post(words(), '%s-%d' % (lang, self.n), 5 + self.pick.random() * 1200) for _ in range(n)]

    def organic(self):
        self.send(self.talk(60, 'zh') + self.talk(60, 'en'))
        told = self.integrity()
        self.f.check('talk in two languages is organic', told['word'] == 'organic' and told['coordinated'] == 0 and told['people'] == 120, told)
        self.f.check('the age of accounts is not known here', told['signals']['new_accounts'] is None, told['signals'])

    def reposts(self):
        self.send([self.post('转发微博：' + WAVE['zh'], 'r-%d' % i, 30) for i in range(20)] +
                  [self.post('RT @somebody: ' + WAVE['en'], 'r-%d' % i, 30) for i in range(20)])
        told = self.integrity()
        self.f.check('reposts that say so are counted apart and are no sign', told['word'] == 'organic' and told['reposts'] == 40, told)

    def wave(self, lang):
        before = self.integrity()
        counted = sum(int(v) for v in self.day().values())
        self.send([self.post(WAVE[lang], 'w-%s-%d' % (lang, i), 20) for i in range(100)])
        told = self.integrity()
        group = next((g for g in told['largest'] if g['sample'] == WAVE[lang]), {})
        self.f.check('%s: the wave is told with its size and its text' % lang, (group.get('posts'), group.get('authors'), group.get('kind')) == (100, 100, 'copies'), told['largest'])
        burst = group.get('burst', {})
        self.f.check('%s: and its minute' % lang, burst.get('authors', 0) >= 40 and burst['expected'] < 10, burst)
        self.f.check('%s: the estimate rises' % lang, told['estimate'] > before['estimate'], (before['estimate'], told['estimate']))
        self.f.check('%s: its posts are counted as coordinated, the others are not' % lang, 99 <= told['coordinated'] - before['coordinated'] <= 100,
                     (before['coordinated'], told['coordinated']))
        hints = {h['hint'] for h in told['hints']}
        self.f.check('%s: a copied complaint is hinted at' % lang, 'copied_complaint' in hints, hints)
        self.f.check('%s: nothing is removed: posts and counts have all of them' % lang,
                     told['posts'] == before['posts'] + 100 == self.n == len(self.stored()) and sum(int(v) for v in self.day().values()) == counted + 100,
                     (told['posts'], before['posts'], self.n, len(self.stored())))

    def day(self):
        found = {}
        for key in self.s.ask('KEYS', 'es:{b:yunque}:day:all:*'):
            found.update(self.s.pairs('HGETALL', key))
        return found

    def template(self, lang):
        before = self.integrity()['signals']['templates']['n']
        self.send([self.post(FRAME[lang] % (self.pick.choice(PLACES[lang]), self.pick.randrange(2, 90), self.pick.choice(THINGS[lang]), self.pick.randrange(10000, 99999)),
                             't-%s-%d' % (lang, i), 60 + 10 * i) for i in range(40)])
        told = self.integrity()
        found = told['signals']['copies']['n'] + told['signals']['templates']['n']
        alike = [g for g in told['largest'] if g['posts'] == 40]
        self.f.check('%s: texts with other words put in are found as copies or as a template' % lang, alike or found >= before + 36, told['largest'])

    def told(self):
        code, out, _ = self.s.run('integrity', 'yunque', '--hours', '48')
        words = ['coordinated  0.', 'copies ', 'burst at ', 'posts with signs of coordination', 'not known', 'malicious complaint?', WAVE['zh'][:12], WAVE['en'][:20]]
        self.f.check('a person reads it', code == 0 and not [w for w in words if w not in out], out)
        code, _, said = self.s.run('integrity', 'yunque', '--hours', '0')
        self.f.check('a span that is none is refused', code == 2 and '--hours' in said, said)
        code, _, said = self.s.run('integrity', 'nobody')
        self.f.check('a brand that is none is refused', code == 1 and 'yunque' in said, (code, said))

    def alerted(self):
        """The surge that the waves make is told as ever, and the alert says what it is made of."""
        def alerts():
            path = os.path.join(self.s.data, 'alerts.log')
            if not os.path.exists(path):
                return []
            with open(path, encoding='utf-8') as log:
                rows = [json.loads(line) for line in log]
            return [i for i in (r.get('integrity') or r.get('alert', {}).get('integrity') for r in rows) if i and i['word'] != 'organic']
        told = self.f.wait(alerts, 20, 0.2) or []
        self.f.check('an alert is sent, and tells how many of its posts look coordinated', told and 0 < told[0]['coordinated'] <= told[0]['posts'] <= 200, told)

    def erased(self):
        author = json.loads(next(iter(v for v in self.stored().values() if '"%s"' % WAVE['zh'] in v)))['post']['author']
        code, out, said = self.s.run('erase', '--author', author)
        told = self.integrity()
        self.f.check('what is erased is said, and judged no more', code == 0 and told['erased'] == 1 and told['posts'] == self.n - 1, (out, said, told['erased']))

    def run(self):
        self.s.start()
        self.organic()
        self.reposts()
        for lang in ('zh', 'en'):
            self.wave(lang)
        for lang in ('zh', 'en'):
            self.template(lang)
        self.told()
        self.alerted()
        self.erased()
        self.s.stop()


def main():
    with flow.Flow('integrity') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
