#!/usr/bin/env python3
"""Trained models in a living system: refused when torn or worse, published without a restart, verdicts change between two batches and
none is lost, rolled back with one command, kept over new rules.
Run alone: python3 tests/flow/test_model.py"""
import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

# Words that are on no list: what is said of them only a model can know.
GOOD = [('骑云雀上班，一路翠翘，第{i}趟。', 'zh'), ('Rode the Skylark EV to the office again, plimmet all the way, trip {i}.', 'en')]
BAD = [('骑云雀上班，一路沆碎，第{i}趟。', 'zh'), ('Rode the Skylark EV to the office again, gorvish all the way, trip {i}.', 'en')]
ROWS = 60    # of each label and language
BURST = 1500
LABELS = {'odd': ('positive', 'negative'), 'even': ('negative', 'positive')}


def table(good, bad):
    rows = ['label\ttext']
    for i in range(ROWS):
        for label, texts in ((good, GOOD), (bad, BAD)):
            rows += ['%s\t%s' % (label, text.format(i=i)) for text, _ in texts]
        rows += ['neutral\t第%d天，去了图书馆。' % i, 'neutral\tDay %d, went to the library with a friend.' % i]
    return '\n'.join(rows) + '\n'


class Test:
    def __init__(self, f):
        self.f = f
        self.s = system.System(f, thresholds='learn = 0\n', earshot='archive = no')
        self.count = 0
        self.pid = None

    def run(self, *arguments):
        code, out, err = self.s.run(*arguments, timeout=120)
        return code, out + err

    def train(self, name, good, bad, *more):
        return self.run('train', self.f.write(name + '.tsv', table(good, bad)), '--name', name, *more)

    def posts(self, n):
        rows = []
        for texts, kind in ((GOOD, 'good'), (BAD, 'bad')):
            for text, lang in texts:
                for _ in range(n):
                    self.count += 1
                    rows.append({'id': '%s-%d' % (kind, self.count), 'source': 'board', 'lang': lang, 'text': text.format(i=self.count),
                                 'posted': int(time.time()) - 60})
        return self.f.write('posts-%d.jsonl' % self.count, ''.join(json.dumps(r, ensure_ascii=False) + '\n' for r in rows))

    def records(self):
        _, out, _ = self.s.run('posts', 'yunque', '--json', '--limit', '2000')
        return [json.loads(line)['record'] for line in out.splitlines()]

    def settle(self):
        self.f.wait(lambda: self.s.total('yunque') == self.count, 30)

    def verdicts(self, n=4):
        """Imports posts, and says how they were judged: (labels of the good words, of the bad words), and by which model."""
        before = self.count
        self.s.run('import', self.posts(n))
        self.settle()
        new = [r for r in self.records() if any('第%d趟' % i in r['post']['text'] or 'trip %d.' % i in r['post']['text'] for i in range(before + 1, self.count + 1))]
        kinds = {True: set(), False: set()}
        for r in new:
            kinds['翠翘' in r['post']['text'] or 'plimmet' in r['post']['text']].add(r['verdict']['label'])
        return len(new), kinds[True], kinds[False], {r['verdict'].get('model') for r in new}

    def expect(self, sentence, labels, model):
        """`labels` None: which model judged is all that counts."""
        n, good, bad, models = self.verdicts()
        self.f.check(sentence, n == 16 and models == {model} and (labels is None or (good, bad) == ({labels[0]}, {labels[1]})), '%d posts: %s %s by %s' % (n, good, bad, models))

    def version(self):
        return self.s.pairs('HGETALL', 'es:{cfg}:rulebook').get('version', '')

    def held(self):
        rows = [self.s.pairs('HGETALL', k) for k in self.s.ask('KEYS', 'es:{proc}:process:*')]
        return {r.get('rulebook', '') for r in rows if r['role'] in ('crawler', 'detector')}

    def follow(self):
        return self.f.wait(lambda: self.held() == {self.version()}, 15, 0.05)


def refused(t):
    f = t.f
    code, said = t.train('odd', 'positive', 'negative')
    f.check('a model that is worse on the protected posts is refused, with figures and the posts that flipped',
            code == 1 and 'protected posts, zh' in said and 'protected posts, en' in said and 'was right, now' in said and not os.path.exists(f.path('data', 'models', 'odd.model')),
            '%d %s' % (code, said[-400:]))
    for name, labels in (('odd', LABELS['odd']), ('even', LABELS['even'])):
        code, said = t.train(name, *labels, '--force')
        f.check('and written with --force: ' + name, code == 0 and os.path.exists(f.path('data', 'models', name + '.model')), '%d %s' % (code, said[-300:]))
    with open(f.path('data', 'models', 'odd.model'), 'rb') as whole:
        content = whole.read()
    with open(f.path('data', 'models', 'torn.model'), 'wb') as torn:
        torn.write(content[:len(content) // 2])
    code, said = t.run('model', 'use', 'torn', '--by', '李雷', '--force')
    f.check('a torn file is refused, also with --force', code == 1 and 'it was cut' in said and t.version() == '', '%d %s' % (code, said[-300:]))
    code, said = t.run('model', 'use', 'odd', '--by', '李雷')
    f.check('a worse model is refused', code == 1 and '--force' in said and 'was right, now' in said and t.version() == '', '%d %s' % (code, said[-300:]))
    code, said = t.run('model', 'use', 'odd')
    f.check('so is one that nobody puts a name under', code == 2 and '--by' in said, '%d %s' % (code, said))
    code, said = t.run('model', 'use', 'nowhere', '--by', '李雷')
    f.check('and one that is not there', code == 1 and 'there is no model "nowhere"' in said, '%d %s' % (code, said))
    t.expect('the old one goes on', None, 'earshot-2')


def published(t):
    f, pid = t.f, t.s.pids()
    code, said = t.run('model', 'use', 'odd', '--by', '李雷', '--force')
    f.check('a model is published with one command', code == 0 and len(t.version()) == 12 and 'forced' in said, '%d %s' % (code, said[-300:]))
    f.check('the workers follow', bool(t.follow()), '%s, not %s' % (t.held(), t.version()))
    t.expect('verdicts change, and name the model', LABELS['odd'], 'odd')
    f.check('the log names it', 'model=odd' in t.s.log())
    past = f.write('past.jsonl', json.dumps({'id': 'past-1', 'source': 'board', 'lang': 'zh', 'text': GOOD[0][0].format(i=1), 'posted': int(time.time()) - 600}) + '\n')
    code, said = t.run('rules', 'test', os.path.join(flow.ROOT, 'rules'), f.path('rules'), '--posts', past)
    f.check('rules test judges with it, and says so', code == 0 and 'model: odd\n' in said, '%d %s' % (code, said[:400]))
    first = t.version()
    code, said = t.run('model', 'use', 'even', '--by', '李雷', '--force')
    t.follow()
    t.expect('another one: they change again', LABELS['even'], 'even')
    code, said = t.run('model', 'list', '--json')
    rows = [json.loads(line) for line in said.splitlines() if line.startswith('{')]
    states = {(r['state'], r['name']) for r in rows}
    f.check('the list says which judges, and where rollback leads', {('in use', 'even'), ('before', 'odd')} <= states and any('trouble' in r for r in rows), said)
    code, said = t.run('model', 'rollback', '--by', '韩梅梅')
    f.check('rollback is one command', code == 0 and t.version() == first, '%d %s' % (code, said))
    t.follow()
    t.expect('and the verdicts are back', LABELS['odd'], 'odd')
    f.check('no worker was started anew', t.s.pids() == pid, '%s, was %s' % (t.s.pids(), pid))


def kept(t):
    f = t.f
    f.write('mine/brands.conf', system.BRANDS.replace('aliases = 云雀,', 'aliases = 云雀, 小雀,'))
    code, said = t.run('rules', 'publish', os.path.join(flow.ROOT, 'rules'), f.path('mine'), '--by', '李雷')
    t.follow()
    f.check('new rules leave the model in force', code == 0 and 'the model stays' in said, '%d %s' % (code, said))
    t.expect('it judges under them', LABELS['odd'], 'odd')
    code, said = t.run('model', 'rollback', '--by', '韩梅梅')
    t.follow()
    t.expect('rollback takes the model back …', LABELS['even'], 'even')
    _, said = t.run('rules', 'pull', '--published', '--to', f.path('pulled'))
    with open(f.path('pulled', '2', 'brands.conf'), encoding='utf-8') as brands:
        f.check('… and leaves the rules; pull writes the model beside them', '小雀' in brands.read() and os.path.exists(f.path('pulled', 'model', 'even.model')), said)


def under_load(t):
    """Models change while posts pour in: each post is judged once, by one of them."""
    f, before = t.f, t.count
    path = t.posts(BURST // 4)
    done = threading.Thread(target=lambda: t.s.run('import', path))
    done.start()
    f.wait(lambda: t.s.total('yunque') > before + 50, 20, 0.01)
    codes = [t.run('model', 'use', name, '--by', '李雷', '--force')[0] for name in ('odd', 'even', 'earshot-2')]
    done.join()
    t.settle()
    total = t.s.total('yunque')
    f.check('nothing is lost or counted twice while models change', codes == [0, 0, 0] and total == t.count, '%s, %d of %d' % (codes, total, t.count))
    code, said = t.run('verify')
    f.check('the counters agree with the records', code == 0, said)
    t.follow()
    t.expect('the shipped model judges again', None, 'earshot-2')


def labelling(t):
    """The table of earshot label is one that earshot train reads."""
    f = t.f
    code, said = t.run('label', '--next', '6')
    rows = [line.split('\t') for line in said.splitlines()]
    texts = [r[5] for r in rows[1:] if len(r) == 6]
    f.check('posts to label come in both languages, once each', code == 0 and rows[0] == ['label', 'says', 'confidence', 'brand_id', 'id', 'text'] and
            len(set(texts)) == len(texts) >= 2 and any('Skylark' in x for x in texts) and any('云雀' in x for x in texts), '%d %s' % (code, said[:600]))
    filled = said.replace('\n\t', '\nnegative\t')
    code, said = t.run('train', f.write('filled.tsv', filled), f.path('odd.tsv'), '--name', 'filled', '--force')
    read = [int(word) for word in said.split('\n')[0].replace(',', '').split() if word.isdigit()]    # texts, and those known already
    f.check('and filled in they are labels', code == 0 and sum(read) == len(texts) + 6 * ROWS, '%d %s' % (code, said[:300]))
    code, said = t.run('label', '--next', 'many')
    f.check('a number is a number', code == 2 and '--next' in said, '%d %s' % (code, said))


def back_to_the_folders(t):
    f = t.f
    t.s.run('rules', 'withdraw', '--by', '李雷')
    f.wait(lambda: t.version() == '')
    t.run('model', 'use', 'odd', '--by', '李雷', '--force')
    t.follow()
    code, said = t.run('model', 'rollback', '--by', '李雷')
    f.check('from the first model rollback leads back to the folders', code == 0 and t.version() == '' and 'folders' in said, '%d %s' % (code, said))


def main():
    with flow.Flow('model') as f:
        t = Test(f)
        t.s.start()
        refused(t)
        published(t)
        kept(t)
        under_load(t)
        labelling(t)
        back_to_the_folders(t)
        f.check('stop', t.s.stop() == 0)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
