#!/usr/bin/env python3
"""What a person asks to have erased is gone from everything, what is held of them can be handed out, and the counts stay true.
Run alone: python3 tests/flow/test_erase.py"""
import hashlib
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import fakepages  # noqa: E402
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402
from test_privacy import READERS, flat  # noqa: E402

PERSON, OTHER = '李晓芳在路上', 'Morgan Vale'
AGO = 900
POSTS = [
    {'guid': 'p-1', 'title': '云雀要退款', 'text': '云雀电动车刹车失灵，乌篷渡口摔倒。', 'lang': 'zh', 'author': PERSON},
    {'guid': 'p-2', 'title': 'Skylark EV', 'text': 'Skylark EV battery smouldered at quillhaven.', 'lang': 'en', 'author': PERSON},
    {'guid': 'p-3', 'title': '别家', 'text': '别家的店在杨梅坞也好。', 'lang': 'zh', 'author': PERSON},
    {'guid': 'o-1', 'title': '云雀', 'text': '云雀电动车很好，梧桐里试过。', 'lang': 'zh', 'author': OTHER},
    {'guid': 'o-2', 'title': 'Skylark EV', 'text': 'Skylark EV is fine at marrowgate.', 'lang': 'en', 'author': OTHER},
    {'guid': 'o-3', 'title': 'Nobody', 'text': 'Some shop in dunnockvale.', 'lang': 'en', 'author': OTHER},
]
HERS, THEIRS = ['乌篷渡口', 'quillhaven', '杨梅坞'], ['梧桐里', 'marrowgate', 'dunnockvale']
DELAYS = (0.02, 0.1, 0.25, 0.5)     # until a run is killed
ROUTES = '''
[target log]
channel = log
path = alerts.log
lang = zh
[target words]
channel = log
path = words.log
format = text
lang = en
[route everything]
brands = *
events = *
targets = log, words
'''


def dated(post, ago=AGO):
    return dict(post, at=int(time.time()) - ago, url='http://board.example/' + post['guid'])


class Board(smallweb.Site):
    posts = []

    def answer(self, request):
        return 200, {'Content-Type': 'application/rss+xml'}, fakepages.rss('board', self.posts, 'http://board.example')


class Test:
    def __init__(self, f):
        self.f, self.board = f, Board()
        self.board.posts = [dated(p) for p in POSTS]
        self.s = system.System(f, feeds=system.source('board', self.board.url + '/board.xml'), routes=ROUTES, earshot='log_level = debug')

    # ---- where things are

    def redis(self):
        parts = []
        for key in self.s.ask('KEYS', '*'):
            read = READERS.get(flat(self.s.ask('TYPE', key)))
            parts.append(flat(key) + '\n' + (flat(self.s.ask(read[0], key, *read[1])) if read else ''))
        return '\n'.join(parts)

    def files(self, *without):
        """Everything in the data folder as it lies on disk, and what the roles say."""
        parts = [self.f.log('up.log')]
        for folder, _, names in os.walk(self.s.data):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and name not in without:
                    with open(path, 'rb') as file:
                        parts.append(file.read().decode('utf-8', 'replace'))
        return '\n'.join(parts)

    def archive(self):
        """As one gets at it: segments are packed."""
        found = [json.loads(line) for word in ('云雀 OR skylark', '别家', 'shop') for line in self.s.run('search', word, '--json')[1].splitlines()]
        return json.dumps(found, ensure_ascii=False)

    def shown(self):
        return '\n'.join(self.s.run('posts', 'yunque', *more)[1] for more in ([], ['--json'], ['--csv']))

    def erase(self, *arguments):
        code, out, said = self.s.run('erase', *arguments, '--json')
        return code, json.loads(out) if out.startswith('{') else {}, said

    # ---- how it begins

    def alert(self, post):
        """An alert that quotes a post, as the detector leaves it for the notifier."""
        with open(os.path.join(flow.ROOT, 'tests', 'golden', 'render', 'opened-red.in'), encoding='utf-8') as f:
            a = json.load(f)
        incident = hashlib.sha256(post['id'].encode()).hexdigest()[:32]
        a.update(event_id=incident + ':1', brand='yunque')
        a['incident'].update(id=incident, revision=1)
        mine = {'post_id': post['id'], 'title': post['title'], 'text': post['text'], 'url': post['url'], 'family': 'forum', 'lang': post['lang'],
                'sentiment': -0.8, 'posted_ms': post['posted_ms']}
        kept = dict(mine, post_id='0' * 32, text='陌生人说的话 marrowgate')
        a['excerpts'] = [mine, kept]
        self.s.ask('XADD', 'es:{b:yunque}:outbox', '*', 'alert', json.dumps(a, ensure_ascii=False, separators=(',', ':')))

    def settle(self):
        f, s = self.f, self.s
        f.check('the posts about the brand are stored', f.wait(lambda: s.total('yunque') == 4, 30), s.total('yunque'))
        f.check('the archive has all', f.wait(lambda: all(w in self.archive() for w in HERS + THEIRS), 15))
        post = s.mentions('yunque')['p-1']['post']
        self.author, self.id, self.hidden = post['author'], post['id'], [PERSON, post['author']] + HERS
        self.alert(post)
        logs = [os.path.join(s.data, name) for name in ('alerts.log', 'words.log')]
        f.check('an alert that quotes her is in the files of both targets',
                f.wait(lambda: all(os.path.exists(p) and HERS[0] in open(p, encoding='utf-8').read() for p in logs), 20))
        name = 'ab' * 16
        f.write('data/intake/%s.done' % name, '{"source":"x","body":"y"}\n' + ''.join(
            json.dumps({'post': s.mentions('yunque')[g]['post']}, ensure_ascii=False) + '\n' for g in ('p-1', 'o-1')))
        s.ask('XADD', 'es:{b:yunque}:posts:dead', '*', 'entry', '1-1', 'post', json.dumps({'post': post}, ensure_ascii=False), 'error', 'x')
        s.ask('XADD', 'es:{b:yunque}:posts:dead', '*', 'entry', '1-2', 'post', '{broken "' + self.author, 'error', 'x')
        s.ask('HSET', 'es:{b:yunque}:observations', self.id, json.dumps({'fetched_ms': 1, 'text': HERS[0], 'edited': True}, ensure_ascii=False))
        s.run('label', 'yunque', self.id, '--label', 'negative', '--by', 'dpo')
        f.check('what is to go is there: Redis and files hold it', all(v in self.redis() for v in [self.author] + HERS[:2]) and HERS[1] in self.files())

    # ---- what is asked

    def handed_out(self):
        f = self.f
        code, out, said = self.s.run('export', '--subject', 'board:' + PERSON)
        lines = [json.loads(line) for line in out.splitlines()]
        places = {line['place'] for line in lines}
        f.check('the export has every place', code == 0 and places == {'archive', 'intake', 'alert logs', 'dead entries', 'deliveries', 'later sights',
                                                                     'corrections', 'mentions'}, (code, sorted(places), said))
        f.check('and her texts, nobody else’s', all(v in out for v in HERS) and not any(v in out for v in THEIRS + [OTHER]), out[:600])
        f.check('by pseudonym it is the same', self.s.run('export', '--subject', self.author)[1] == out)
        code, out, said = self.s.run('export', '--subject', 'board:nobody here')
        f.check('of somebody unknown nothing is held, which is exit 1', code == 1 and out == '' and 'nothing is held' in said, said)

    def refusals(self):
        f = self.f
        for arguments, words in ((['--author', PERSON], 'SOURCE:NAME'), (['--post', 'xyz'], '32 hex digits')):
            code, _, said = self.erase(*arguments)
            f.check('erase %s is refused with a remedy' % arguments[0], code == 1 and words in said, (code, said))
        f.check('erase of nothing is a mistake', self.erase()[0] == 2)

    def looked_at(self):
        f, before = self.f, self.redis().count(self.author)
        code, told, said = self.erase('--author', 'board:' + PERSON, '--dry-run')
        found = {p['place']: p['found'] for p in told.get('places', [])}
        f.check('a dry run counts', code == 0 and told.get('posts') == 3 and found == {
            'archive': 3, 'intake': 1, 'alert logs': 2, 'waiting': 0, 'dead entries': 2, 'outbox': 0, 'deliveries': 2, 'dead letters': 0, 'later sights': 1,
            'corrections': 1, 'mentions': 2}, (told, said))
        f.check('and changes nothing', self.redis().count(self.author) == before)

    def killed(self):
        """Begun four times and killed at another moment each time."""
        for delay in DELAYS:
            child = subprocess.Popen([flow.EARSHOT, 'erase', '--author', 'board:' + PERSON, '--config', self.s.config], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
            child.wait()

    def nothing_left(self, when):
        f = self.f
        for where, text in (('Redis', self.redis()), ('files and logs', self.files()), ('the archive', self.archive()), ('earshot posts', self.shown())):
            left = [v for v in self.hidden if v in text]
            f.check('%s: nothing of her is in %s' % (when, where), not left, left)
        redis, archive = self.redis(), self.archive()
        f.check('%s: what others said remains' % when, all(v in redis for v in THEIRS[:2]) and all(v in archive for v in THEIRS), (redis[:200], archive[:300]))
        code, out, _ = self.s.run('verify')
        f.check('%s: the counts agree with the records' % when, code == 0 and ' 0 wrong' in out and self.s.counted('yunque') == 4, out)

    def erased(self):
        f = self.f
        code, told, said = self.erase('--author', 'board:' + PERSON, '--by', 'dpo', '--note', 'request 17')
        f.check('erase is complete', code == 0 and told.get('complete') and told.get('append_only_file') == 'written anew', (code, told, said))
        self.nothing_left('after it')
        with open(os.path.join(self.s.data, 'intake', 'ab' * 16 + '.done'), encoding='utf-8') as file:
            f.check('of a pushed request the others remain', THEIRS[0] in file.read())
        with open(os.path.join(self.s.data, 'alerts.log'), encoding='utf-8') as file:
            lines = [json.loads(line) for line in file]
        f.check('the file of alerts is whole, and says that something went', len(lines) == 1 and lines[0].get('erased') and
                [x['text'] for x in lines[0]['alert']['excerpts']] == ['陌生人说的话 marrowgate'], lines)
        entries = [json.loads(e[1][1]) for e in self.s.ask('XRANGE', 'es:{cfg}:erasures', '-', '+')]
        f.check('the audit line names no person', entries and entries[-1]['by'] == 'dpo' and entries[-1]['note'] == 'request 17' and
                not any(v in json.dumps(entries, ensure_ascii=False) for v in self.hidden + [self.id]), entries)
        code, told, said = self.erase('--author', 'board:' + PERSON)
        f.check('again: nothing is found, and that is fine', code == 0 and all(p['found'] == 0 for p in told['places']), (told, said))
        f.check('no correction of hers is left', not self.s.ask('EXISTS', 'es:{b:yunque}:corrections'))
        f.check('the export is empty', self.s.run('export', '--subject', 'board:' + PERSON)[0] == 1)

    def stays_away(self):
        """The board shows the same posts, changed ones, an old one that was never seen, and a new one."""
        f, s = self.f, self.s
        edited = [dict(p, text=p['text'] + '!', replies=7) for p in self.board.posts]
        unseen = dated({'guid': 'p-4', 'title': '云雀', 'text': '云雀的车在乌篷渡口。', 'lang': 'zh', 'author': PERSON}, 3600)
        fresh = dated({'guid': 'p-5', 'title': '云雀', 'text': '云雀后来给修好了。', 'lang': 'zh', 'author': PERSON}, -1)
        self.board.posts = edited + [unseen, fresh, dated({'guid': 'o-4', 'title': '云雀', 'text': '云雀电动车还行。', 'lang': 'zh', 'author': OTHER})]
        f.check('what she and others write later is stored', f.wait(lambda: s.total('yunque') == 6, 20), s.total('yunque'))
        text = self.redis() + self.archive()
        f.check('what she had erased does not come back', not any(v in text for v in HERS), [v for v in HERS if v in text])
        pids = s.pids()
        os.kill(pids['redis-server'], signal.SIGKILL)
        f.wait(lambda: s.pids().get('redis-server') not in (None, pids['redis-server']), 20)
        f.wait(s.is_up, 30)
        time.sleep(2)       # unconditional polls, with nothing trusted that was seen: nothing is what is waited for
        text = self.redis() + self.archive()
        f.check('nor when Redis was killed and all is fetched anew', not any(v in text for v in HERS), [v for v in HERS if v in text])
        code, out, _ = s.run('verify')
        f.check('and the counts agree', code == 0, out)

    def rotated(self):
        """Another key: what was stored under the old one is still found by name, and who was erased stays away."""
        f, s = self.f, self.s
        before = {r['post']['author'] for r in self.records() if 'post' in r}
        code, out, said = s.run('rotate-key')
        f.check('the key is rotated', code == 0 and 'start the crawlers again' in out, out + said)
        os.kill(s.pids()['crawler'], signal.SIGTERM)
        old = s.total('yunque')
        unseen = dated({'guid': 'p-6', 'title': '云雀', 'text': '云雀的车又在乌篷渡口。', 'lang': 'zh', 'author': PERSON}, 3000)
        self.board.posts = self.board.posts + [unseen] + [dated(dict(POSTS[3], guid='o-%d' % n, text='云雀电动车，沉香阁，第%d天。' % n), -1) for n in (7, 8)]
        f.check('posts come in under it', f.wait(lambda: s.total('yunque') == old + 2 and '沉香阁' in self.archive(), 30), s.total('yunque'))
        authors = {r['post']['author'] for r in self.records() if 'post' in r}
        f.check('with other pseudonyms', len(authors - before) == 1, (before, authors))
        f.check('what was erased under the old key stays away', not any(v in self.redis() + self.archive() for v in HERS))
        code, out, _ = s.run('export', '--subject', 'board:' + OTHER)
        held = [json.loads(line)['held'] for line in out.splitlines()]
        f.check('by name both keys are found', {h['author'] for h in held if 'author' in h} == {a for a in authors if a in out} and '沉香阁' in out and
                THEIRS[1] in out and len({h['author'] for h in held if 'author' in h}) == 2, out[:500])
        code, told, said = self.erase('--author', 'board:' + OTHER)
        text = self.redis() + self.archive()
        f.check('and erased', code == 0 and told['complete'] and not any(v in text for v in (THEIRS[2], 'fine at ' + THEIRS[1], '沉香阁')), (told, said))
        f.check('and the counts agree', s.run('verify')[0] == 0)

    def records(self):
        return [json.loads(r) for r in self.s.pairs('HGETALL', 'es:{b:yunque}:mentions').values()]

    def one_post(self):
        f, s = self.f, self.s
        post = next(r['post'] for r in self.records() if r.get('post', {}).get('native_id') == 'o-1')
        code, told, said = self.erase('--post', post['id'])
        f.check('one post goes', code == 0 and told['posts'] == 1 and told['complete'], (told, said))
        f.check('and its author’s others stay', THEIRS[0] not in self.redis() + self.archive() and THEIRS[1] in self.redis())


def main():
    with flow.Flow('erase') as f:
        t = Test(f)
        t.s.start()
        t.settle()
        t.handed_out()
        t.refusals()
        t.looked_at()
        t.killed()
        t.erased()
        t.stays_away()
        t.one_post()
        t.rotated()
        f.check('it ends in good order', t.s.stop() == 0)
    sys.exit(f.exit_code())


if __name__ == '__main__':
    main()
