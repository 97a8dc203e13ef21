#!/usr/bin/env python3
"""Keywords in disguise are seen and their innocent neighbours are not: tests/accuracy/disguises.tsv and near_misses.tsv through
`earshot case obfuscation`. Run alone: python3 tests/flow/test_disguises.py; -v prints what was judged wrongly."""
import collections
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402

FOLDER = os.path.join(flow.ROOT, 'tests', 'accuracy')
FLOORS = {'must': .99, 'should': .85, 'may': .40, 'precision': .99}
LEAST = {'disguises': 400, 'near_misses': 320}


def rows(name):
    with open(os.path.join(FOLDER, name + '.tsv'), encoding='utf-8', newline='\n') as f:
        lines = [line.rstrip('\n').split('\t') for line in f]
    return [dict(zip(lines[0], line)) for line in lines[1:]]


def answers(cases):
    lines = ''.join(json.dumps({'keyword': c['keyword'], 'text': c['text'], 'html': c.get('html') == 'html'}) + '\n' for c in cases)
    done = subprocess.run([flow.EARSHOT, 'case', 'obfuscation', '--batch'], input=lines, stdout=subprocess.PIPE, text=True, check=True, cwd=flow.ROOT)
    return [json.loads(line)['match'] for line in done.stdout.splitlines()]


def judge(f, name):
    cases = rows(name)
    got = answers(cases)
    f.check('%s: at least %d cases, each answered' % (name, LEAST[name]), len(cases) >= LEAST[name] and len(got) == len(cases), str(len(got)))
    right, total, wrong = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    for case, match in zip(cases, got):
        total[case['level']] += 1
        right[case['level']] += match == (case['expect'] == 'yes')
        if match != (case['expect'] == 'yes'):
            wrong[case['level']].append('%(how)s: %(keyword)s in %(text)s' % case)
    for level in total:
        share = right[level] / total[level]
        told = '\n'.join(wrong[level])
        f.check('%s: %s %.1f %% right, at least %.0f %%' % (name, level, 100 * share, 100 * FLOORS[level]), share >= FLOORS[level], told)
        if told and '-v' in sys.argv:
            print(told)


def run(f):
    for name in LEAST:
        judge(f, name)


def main():
    with flow.Flow('disguises') as f:
        run(f)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
