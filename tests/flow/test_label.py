#!/usr/bin/env python3
"""What people correct becomes a model: a live mention is corrected, the corrections are exported, trained from and put in force, and new
posts are judged by what was learnt. Corrections go with erasure, and leave mentions and counts alone.
Run alone: python3 tests/flow/test_label.py"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

# Words that are on no list: only people know what is meant.
WORDS = {'negative': ('骑云雀上班，一路沆碎，第%d趟。', 'Rode the Skylark EV to the office again, gorvish all the way, trip %d.'),
         'positive': ('骑云雀上班，一路翠翘，第%d趟。', 'Rode the Skylark EV to the office again, plimmet all the way, trip %d.')}
EACH = 24    # corrected of each word and language; a head wants 20 of each side


class Test:
    def __init__(self, f):
        self.f = f
        self.s = system.System(f, thresholds='learn = 0\n', earshot='archive = no')
        self.count = 0

    def run(self, *arguments):
        code, out, err = self.s.run(*arguments, timeout=120)
        return code, out + err

    def feed(self, n):
        rows = []
        for texts in WORDS.values():
            for text, lang in zip(texts, ('zh', 'en')):
                for _ in range(n):
                    self.count += 1
                    rows.append({'id': 'p-%d' % self.count, 'source': 'board', 'lang': lang, 'text': text % self.count, 'posted': int(time.time()) - 60})
        self.s.run('import', self.f.write('posts-%d.jsonl' % self.count, ''.join(json.dumps(r, ensure_ascii=False) + '\n' for r in rows)))
        self.f.wait(lambda: self.s.total('yunque') == self.count, 30)

    def posts(self):
        _, out, _ = self.s.run('posts', 'yunque', '--json', '--limit', '2000')
        return [json.loads(line) for line in out.splitlines()]

    def meant(self, post):
        return 'negative' if any(w in post['record']['post']['text'] for w in ('沆碎', 'gorvish')) else 'positive'

    def counts(self):
        return self.run('stats', 'yunque', '--json')


def refused(t):
    f, post = t.f, t.posts()[0]
    for arguments, code, words in (
            (['yunque', post['id'], '--label', 'bad', '--nature', 'praise', '--by', 'Li'], 1, 'negative, neutral, positive'),
            (['yunque', post['id'], '--label', 'negative', '--category', 'colour', '--by', 'Li'], 1, 'refund'),
            (['yunque', post['id'], '--urgency', 'now', '--by', 'Li'], 1, 'critical'),
            (['yunque', post['id'], '--label', 'negative'], 2, '--by'),
            (['yunque', post['id'], '--by', 'Li'], 2, '--label'),
            (['yunque', '--label', 'negative', '--by', 'Li'], 2, 'POST-ID'),
            (['yunque', post['id'], '--label', 'negative', '--by', 'Li', '--list'], 2, 'one thing at a time'),
            (['nobody', post['id'], '--label', 'negative', '--by', 'Li'], 1, 'there is no brand'),
            (['harbour', post['id'], '--label', 'negative', '--by', 'Li'], 1, 'earshot posts harbour'),
            (['yunque', 'f' * 32, '--label', 'negative', '--by', 'Li'], 1, 'has no mention')):
        got, said = t.run('label', *arguments)
        f.check('refused, with a remedy: label %s' % ' '.join(arguments[2:]), got == code and words in said, '%d %s' % (got, said[-300:]))
    f.check('and nothing was applied, not half of it either', t.run('label', '--list') == (0, ''), t.run('label', '--list'))


def correct(t):
    f, before = t.f, t.counts()
    first = t.posts()
    codes = {t.run('label', 'yunque', p['id'], '--label', t.meant(p), '--by', '李雷')[0] for p in first}
    f.check('every mention is corrected', codes == {0} and len(first) == 4 * EACH, codes)
    code, said = t.run('label', 'yunque', first[0]['id'], '--label', t.meant(first[0]), '--by', '李雷')
    f.check('saying it twice changes nothing', code == 0 and 'as it was' in said, '%d %s' % (code, said))
    _, said = t.run('label', '--list', '--json')
    rows = [json.loads(line) for line in said.splitlines()]
    f.check('the list has each once, with what the model had said', len(rows) == 4 * EACH and {r['correction']['said']['model'] for r in rows} == {'earshot-2'} and
            {r['id'] for r in rows} == {p['id'] for p in first} and '云雀' not in said, said[:400])
    f.check('what is corrected is not asked about again', t.run('label', '--next', '10')[1].count('\n') == 1, t.run('label', '--next', '10'))
    now = {p['id']: p for p in t.posts()}
    f.check('records and counts stay as they were, the correction stands beside',
            all(now[p['id']]['record'] == p['record'] and now[p['id']]['correction']['label'] == t.meant(p) for p in first) and t.counts() == before)
    f.check('also in what people read', 'corrected: label ' in t.run('posts', 'yunque')[1] and ', by 李雷' in t.run('posts', 'yunque')[1], t.run('posts', 'yunque')[1][:300])
    shown = json.loads(t.s.http('/api/mentions?brand=yunque&limit=3')[1])['mentions']
    f.check('and on the console', all(m['correction']['label'] == t.meant(now[m['id']]) for m in shown), shown)


def learn(t):
    f, path = t.f, t.f.path('corrected.tsv')
    code, said = t.run('label', '--export', path, 'yunque')
    with open(path, encoding='utf-8') as table:
        rows = [line.rstrip('\n').split('\t') for line in table]
    f.check('the export is a table for train', code == 0 and rows[0] == ['label', 'kind', 'brand', 'id', 'text'] and len(rows) == 4 * EACH + 1 and
            all(len(r) == 5 and r[2] in ('云雀', 'Skylark EV') for r in rows[1:]), '%d %s %s' % (code, said, rows[:3]))
    f.check('which only its owner reads', os.stat(path).st_mode & 0o777 == 0o600)
    code, said = t.run('train', path, '--name', 'taught')
    f.check('a model learns from it', code == 0 and '%d texts' % (4 * EACH) in said, '%d %s' % (code, said[-400:]))
    code, said = t.run('model', 'use', 'taught', '--by', '李雷')
    f.check('and is put in force', code == 0, '%d %s' % (code, said[-300:]))
    f.wait(lambda: 'model=taught' in t.s.log(), 15)
    before = {p['id'] for p in t.posts()}
    t.feed(3)
    new = [p for p in t.posts() if p['id'] not in before]
    f.check('new posts are judged by what people said', len(new) == 12 and all(p['record']['verdict']['label'] == t.meant(p) and p['record']['verdict']['model'] == 'taught' for p in new),
            [(p['record']['verdict']['label'], p['record']['post']['text']) for p in new])
    f.check('the counters agree with the records', t.run('verify')[0] == 0)


def one_language(t):
    """Labels of one language: the model answers for that one when it is made, and for both before it goes live."""
    f = t.f
    with open(os.path.join(flow.ROOT, 'models', 'protected.tsv'), encoding='utf-8') as table:
        rows = [line.rstrip('\n').split('\t')[:2] for line in table]
    chinese = [r for r in rows[1:] if any('一' <= c <= '鿿' for c in r[1])]
    path = f.write('zh.tsv', 'label\ttext\n' + ''.join('%s\t%s，第%d遍。\n' % (r[0], r[1], n) for n in range(4) for r in chinese))
    code, said = t.run('train', path, '--name', 'zh')
    f.check('labels of one language need no --force', code == 0 and 'no English learnt' in said and 'protected posts, en' not in said, '%d %s' % (code, said[-400:]))
    t.run('model', 'rollback', '--by', '李雷')
    code, said = t.run('model', 'use', 'zh', '--by', '李雷', '--dry-run')
    f.check('before it judges, both are looked at', 'protected posts, zh' in said and 'protected posts, en' in said, '%d %s' % (code, said[-400:]))


def all_fields(t):
    f, post = t.f, t.posts()[0]
    code, said = t.run('label', 'yunque', post['id'], '--label', '中性', '--nature', '咨询', '--category', 'refund', '--urgency', '高', '--by', 'Han', '--note', '客服 said so')
    f.check('all fields at once, in either language', code == 0 and 'nature question' in said and 'urgency high' in said, '%d %s' % (code, said))
    t.run('label', 'yunque', post['id'], '--category', 'none', '--by', '李雷')
    _, said = t.run('label', '--list', 'yunque')
    f.check('the last word of a field holds, the others stay', 'label neutral, nature question, category none, urgency high, by 李雷' in said, said[:300])
    path = t.f.path('again.tsv')
    t.run('label', '--export', path)
    with open(path, encoding='utf-8') as table:
        rows = [line.rstrip('\n').split('\t') for line in table]
    mine = [r for r in rows if post['id'] in r]
    f.check('the table has the other fields, empty where nobody spoke', rows[0][:4] == ['label', 'nature', 'category', 'urgency'] and
            mine[0][:4] == ['neutral', 'question', '-', 'high'] and rows[2][1:4] == ['', '', ''], rows[:3])
    code, said = t.run('label', 'yunque', post['id'], '--withdraw')
    f.check('all of it can be taken back', code == 0 and post['id'] not in t.run('label', '--list')[1], '%d %s' % (code, said))


def erased(t):
    f, post = t.f, t.posts()[-1]
    held = t.run('label', '--list')[1]
    code, said = t.run('erase', '--post', post['id'], '--by', 'Han')
    f.check('erasing a post takes its correction along', code == 0 and post['id'] in held and post['id'] not in t.run('label', '--list')[1], '%d %s' % (code, said))
    code, said = t.run('label', 'yunque', post['id'], '--label', 'negative', '--by', 'Li')
    f.check('and it cannot be corrected any more', code == 1 and 'erased' in said, '%d %s' % (code, said))


def main():
    with flow.Flow('label') as f:
        t = Test(f)
        t.s.start()
        t.feed(EACH)
        refused(t)
        correct(t)
        learn(t)
        one_language(t)
        all_fields(t)
        erased(t)
        f.check('stop', t.s.stop() == 0)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
