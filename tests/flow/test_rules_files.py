#!/usr/bin/env python3
"""Rules as files: what `rules pull --excel` writes survives Excel in every encoding, and a broken file of any kind leaves the rulebook
in force as it is. Run alone: python3 tests/flow/test_rules_files.py"""
import csv
import glob
import io
import json
import os
import shutil
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

# How Excel saves a table: name, ending, separator, encoding, line end, and whether short rows are filled up.
SAVES = [
    ('CSV of a Chinese Excel (GB18030)', '.csv', ',', 'gb18030', '\r\n', True),
    ('CSV UTF-8', '.csv', ',', 'utf-8-sig', '\r\n', True),
    ('Unicode text (UTF-16LE with tabs)', '.tsv', '\t', 'utf-16', '\r\n', False),
    ('UTF-16LE without its mark', '.tsv', '\t', 'utf-16-le', '\r\n', False),
    ('CSV of a German Excel (semicolons)', '.csv', ';', 'utf-8-sig', '\r\n', True),
    ('CSV of an old Mac (CR)', '.csv', ',', 'utf-8', '\r', True),
    ('what an editor makes of it (LF, no mark)', '.csv', ',', 'utf-8', '\n', False),
]
OWN = {'complaint.own.tsv': '#folds: +pinyin\n#category: refund\n=CASH\t0.6\n\\@help\t0.5\n3-15\t0.7\n007\t0.5\nrefund*\t0.4\n退款；难\t70%\tservice\t"备注, 很长"\n',
       'sensitive.own.tsv': 'term\tfolds\tnote\n罢工\t+pinyin -leet\t\nTRUE\tplain\t=1+1\nMay 1\t\t\n',
       'exclude.own.tsv': 'I recall\n召回来\n'}
BROKEN = ['workbook-renamed', 'unclosed-quote', 'column-misspelt', 'weight-is-a-word', 'category-misspelt', 'fold-misspelt', 'brand-id-in-chinese',
          'latin-1', 'top-line-too-late']


def save_as(folder, to, ending, separator, encoding, line_end, filled):
    """Opens every list of a folder as Excel does and saves it in another way."""
    os.makedirs(to)
    for path in sorted(glob.glob(os.path.join(folder, '*'))):
        name = os.path.basename(path)
        if not name.endswith('.csv'):
            shutil.copy(path, to)
            continue
        with open(path, encoding='utf-8-sig', newline='') as f:
            rows = list(csv.reader(f))
        width = max(len(r) for r in rows)
        out = io.StringIO()
        csv.writer(out, delimiter=separator, lineterminator=line_end).writerows([r + [''] * (width - len(r)) if filled else r for r in rows])
        with open(os.path.join(to, name[:-4] + ending), 'wb') as f:
            f.write(out.getvalue().encode(encoding))


def contents(folder):
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, '*'))):
        with open(path, 'rb') as f:
            found[os.path.basename(path)] = f.read()
    return found


def round_trip(f, what, rules):
    first = f.path('pulled-' + what)
    code, _, err = f.earshot('rules', 'pull', rules, '--to', first, '--excel')
    if not f.check('%s rules are pulled for Excel' % what, code == 0, err):
        return
    lists = [n for n in os.listdir(first) if n.endswith('.csv')]
    f.check('with a mark, CR LF and commas', all(b.startswith(b'\xef\xbb\xbf') and b.count(b'\n') == b.count(b'\r\n') for n, b in contents(first).items() if n in lists))
    _, _, before = f.earshot('rules', 'diff', rules, first)
    f.check('and are the same rules', 'error' not in before, before)
    for i, (name, *how) in enumerate(SAVES):
        saved, again = f.path('saved-%s-%d' % (what, i)), f.path('again-%s-%d' % (what, i))
        save_as(first, saved, *how)
        code, _, err = f.earshot('rules', 'pull', saved, '--to', again, '--excel')
        f.check('%s: saved as %s and read back they are the same' % (what, name), code == 0 and contents(again) == contents(first), err[:400])


def versions(s):
    """Role -> the rulebook that it says it works with."""
    beats = [s.pairs('HGETALL', k) for k in s.ask('KEYS', 'es:{proc}:process:*')]
    return {b['role']: b.get('rulebook', '') for b in beats if b.get('role') in ('crawler', 'detector')}


def reload_broken(f):
    s = system.System(f)
    s.start()
    in_force = versions(s)
    f.check('crawler and detector work with one version', len(in_force) == 2 and len(set(in_force.values())) == 1, str(in_force))
    for case in BROKEN:
        folder = os.path.join(flow.ROOT, 'tests', 'golden', 'rules', case)
        files = [n for n in os.listdir(folder) if n != 'expected.txt']
        with open(os.path.join(folder, 'expected.txt'), encoding='utf-8') as expected:
            code = expected.read().split('[')[1].split(']')[0]
        kept = contents(f.path('rules'))
        seen = {r: s.log().count('error %s config_error' % r) for r in ('crawler', 'detector')}
        loaded = s.log().count('config_loaded rulebook=')
        for name in files:
            shutil.copy(os.path.join(folder, name), f.path('rules', name))
        s.child.send_signal(signal.SIGHUP)
        refused = f.wait(lambda: all(s.log().count('error %s config_error' % r) > n for r, n in seen.items()), 10)
        f.check('%s: a HUP refuses the whole with %s' % (case, code), refused and 'code=%s why' % code in s.log(), s.log()[-300:])
        f.check('and the old rulebook stays live', s.log().count('config_loaded rulebook=') == loaded and versions(s) == in_force, str(versions(s)))
        for name in files:
            os.remove(f.path('rules', name))
        for name, text in kept.items():
            with open(f.path('rules', name), 'wb') as out:
                out.write(text)
    f.write('rules/sensitive.zh.tsv', '罢工\n')
    s.child.send_signal(signal.SIGHUP)
    f.check('a good file is live after the next HUP', f.wait(lambda: not set(versions(s).values()) & set(in_force.values()), 15), str(versions(s)))
    f.check('no role fell over', 'child_died' not in s.log(), s.log()[-300:])
    s.stop()


def lint(f):
    """What the options of lint do; what it says is in tests/golden/rules."""
    f.write('broad/complaint.en.tsv', 'late\t0.6\tlogistics\nbroken\t0.6\tquality\n')
    f.write('broad/complaint.zh.tsv', '质量差\t0.6\tquality\n')
    texts = ['It came late again.' if i % 10 == 0 else '质量差得很，退了。' if i % 50 == 1 else 'A day like any other.' for i in range(200)]
    posts = f.write('posts.jsonl', ''.join(json.dumps({'text': t}) + '\n' for t in texts))
    code, _, err = f.earshot('rules', 'lint', f.path('broad'), '--posts', posts)
    f.check('a rule that hits one post in ten is told with its number', code == 0 and 'complaint.en.tsv:1: warning: [R314] "late" hits 20 of 200' in err, err)
    f.check('and one that hits one in fifty is not', err.count('R314') == 1, err)
    code, _, err = f.earshot('rules', 'lint', f.path('broad'), '--posts', posts, '--strict')
    f.check('--strict ends with 78 for a warning', code == 78, '%d %s' % (code, err))
    code, out, err = f.earshot('rules', 'lint', f.path('broad'), '--posts', posts, '--json')
    told = json.loads(out)
    f.check('--json says the same for machines', code == 0 and err == '' and told['errors'] == 0 and told['rules'] == 3
            and [(p['line'], p['severity'], p['code']) for p in told['problems']] == [(1, 'warning', 'R314')], out + err)
    code, out, _ = f.earshot('rules', 'lint', os.path.join(flow.ROOT, 'tests/golden/rules/weight-is-a-word'), '--json')
    f.check('and errors have place and code there, too', code == 78 and [(p['line'], p['column'], p['code']) for p in json.loads(out)['problems']] == [(1, 4, 'R102')], out)
    f.write('mine/complaint.en.tsv', 'late again\t0.6\tlogistics\n')
    _, _, err = f.earshot('rules', 'lint', f.path('broad'), f.path('mine'))
    f.check('of two folders the last is tidied, beside the first', err.count('warning') == 1 and 'mine/complaint.en.tsv:1:1: warning: [R308]' in err, err)


def main():
    with flow.Flow('rules') as f:
        round_trip(f, 'shipped', os.path.join(flow.ROOT, 'rules'))
        for name, text in OWN.items():
            f.write('own/' + name, text)
        round_trip(f, 'own', f.path('own'))
        lint(f)
        reload_broken(f)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
