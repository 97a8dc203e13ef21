#!/usr/bin/env python3
"""Posts full of personal data, in both languages: after a real run none of it is in Redis, in its files, in the archive, in logs or in
what people get to see. Run alone: python3 tests/flow/test_privacy.py"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import fakepages  # noqa: E402
import flow  # noqa: E402
import private_posts  # noqa: E402
import system  # noqa: E402

EACH = 6        # posts of each kind
SEED = 66
BRAND = {'zh': '云雀电动车：', 'en': 'Skylark EV: '}
READERS = {'string': ('GET', ()), 'hash': ('HGETALL', ()), 'list': ('LRANGE', (0, -1)), 'set': ('SMEMBERS', ()), 'zset': ('ZRANGE', (0, -1, 'WITHSCORES')),
           'stream': ('XRANGE', ('-', '+'))}


def masked_values(f, posts):
    """What the masker reports of the texts: the values themselves."""
    lines = ''.join(json.dumps({'text': p['text']}) + '\n' for p in posts)
    code, out, said = f.earshot('case', 'pii', '--batch', stdin=lines)
    spans = [json.loads(line)['spans'] for line in out.splitlines()]
    f.check('the masker reports spans of every post', code == 0 and len(spans) == len(posts) and all(spans), said)
    return sorted({p['text'][a:b] for p, found in zip(posts, spans) for a, b, _ in found})


def made_posts():
    found = [text for text, spans, _ in private_posts.made(SEED, EACH) if spans]
    return [{'guid': 'post-%d' % i, 'title': text, 'text': (BRAND['en'] if text.isascii() else BRAND['zh']) + text, 'lang': 'en' if text.isascii() else 'zh',
             'author': 'someone', 'at': int(time.time()) - 600, 'url': 'http://board.example/%d' % i} for i, text in enumerate(found)]


def flat(value):
    if isinstance(value, (list, tuple)):
        return '\n'.join(flat(v) for v in value)
    return value.decode('utf-8', 'replace') if isinstance(value, bytes) else str(value)


class Test:
    def __init__(self, f):
        self.f, self.posts = f, made_posts()
        site = f.path('site')
        os.makedirs(site)
        with open(os.path.join(site, 'board.xml'), 'w', encoding='utf-8') as out:
            out.write(fakepages.rss('board', self.posts, 'http://board.example'))
        self.s = system.System(f, feeds=system.source('board', f.start_web('--root', site) + '/board.xml'), earshot='log_level = debug')
        self.values = masked_values(f, self.posts)

    def archive(self):
        """The archive, unpacked."""
        return self.s.run('search', '云雀 OR skylark', '--limit', '1000', '--json')[1]

    def redis(self):
        parts = []
        for key in self.s.ask('KEYS', '*'):
            read = READERS.get(flat(self.s.ask('TYPE', key)))
            parts.append(flat(key) + '\n' + (flat(self.s.ask(read[0], key, *read[1])) if read else ''))
        return '\n'.join(parts)

    def files(self):
        """All of the data folder as it lies on disk: logs, append-only file, what waits."""
        parts = []
        for folder, _, names in os.walk(self.s.data):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, 'rb') as file:
                        parts.append(file.read().decode('utf-8', 'replace'))
        return '\n'.join(parts)

    def nothing_in(self, where, text, holds):
        """`holds`: something that has to be in it, so that an empty answer is no success."""
        left = [v for v in self.values if v in text]
        self.f.check('none of %d values is in %s' % (len(self.values), where), not left and holds in text,
                     'left: %s; %d characters' % (left[:5], len(text)))

    def run(self):
        f, s = self.f, self.s
        n = len(self.posts)
        f.check('all %d posts are stored' % n, f.wait(lambda: s.total('yunque') == n, 30), s.total('yunque'))
        self.nothing_in('Redis', self.redis(), '█')
        f.check('the archive has them all', f.wait(lambda: len(self.archive().splitlines()) == n, 15))
        archive = self.archive()
        self.nothing_in('the archive', '\n'.join(json.dumps(json.loads(line), ensure_ascii=False) for line in archive.splitlines()), '█')
        for shape in ([], ['--json'], ['--csv']):
            self.nothing_in('what `earshot posts %s` shows' % ' '.join(shape), s.run('posts', 'yunque', '--limit', '1000', *shape)[1], '█')
        self.nothing_in('logs and files of the data folder', self.files() + f.log('up.log'), 'batch_committed')


def main():
    with flow.Flow('privacy') as f:
        t = Test(f)
        t.s.start()
        t.run()
        f.check('it ends in good order', t.s.stop() == 0)
        t.nothing_in('the files that are left', t.files(), '█')
    sys.exit(f.exit_code())


if __name__ == '__main__':
    main()
