#!/usr/bin/env python3
"""How well a trained model judges shops of a kind it has never seen: for each category of the shopping reviews, train without it (and
without any text of it), judge it, and take the mean. Needs ../shared/data. Run alone: tests/soak/unseen_shops.py"""
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, '..', 'shared', 'data', 'text')
EARSHOT = os.path.abspath(os.environ.get('EARSHOT') or os.path.join(ROOT, 'build', 'earshot'))
OTHERS = ('zh_htl_train', 'zh_waimai_train', 'zh_smp_binary_train')
HOTELS = '酒店'    # the other hotel reviews stay out with them
FLOOR = 0.89


def rows_of(name):
    with gzip.open(os.path.join(DATA, name + '.tsv.gz'), 'rt', encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))


def write(path, rows):
    with open(path, 'w', encoding='utf-8') as out:
        out.write('label\ttext\n')
        out.writelines('%s\t%s\n' % (r['label'], r['text']) for r in rows)


def train(folder, domain, shops, unseen):
    write(folder + '/train.tsv', [r for r in shops if r['domain'] != domain] +
          [r for name in OTHERS if not (name == 'zh_htl_train' and domain == HOTELS) for r in rows_of(name)])
    write(folder + '/unseen.tsv', unseen)
    os.mkdir(folder + '/rules')
    subprocess.run([EARSHOT, 'train', '--force', '--name', 'unseen', '--out', folder + '/rules/unseen.model', '--without', folder + '/unseen.tsv',
                    folder + '/train.tsv'], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    with open(folder + '/rules/scoring.conf', 'w', encoding='utf-8') as out:
        out.write('[scoring]\nmodel = unseen\n')


def accuracy(folder, unseen):
    posts = ''.join(json.dumps({'id': str(i), 'text': r['text']}) + '\n' for i, r in enumerate(unseen))
    out = subprocess.run([EARSHOT, 'score', '--batch', '--rules', 'rules', '--rules', folder + '/rules'], input=posts.encode(), check=True,
                         stdout=subprocess.PIPE, cwd=ROOT).stdout.decode().splitlines()
    good = sum((json.loads(line)['sentiment'] > 0) == (r['label'] == '1') for line, r in zip(out, unseen))
    return good / len(unseen)


def main():
    if not os.path.isdir(DATA):
        print('skipped: ../shared/data is not there')
        return 0
    shops, found = rows_of('zh_shop10_train') + rows_of('zh_shop10_dev'), {}
    for domain in sorted({r['domain'] for r in shops}):
        unseen = [r for r in shops if r['domain'] == domain]
        with tempfile.TemporaryDirectory(prefix='earshot-unseen-') as folder:
            train(folder, domain, shops, unseen)
            found[domain] = accuracy(folder, unseen)
        print('# %s: %.4f of %d' % (domain, found[domain], len(unseen)), flush=True)
    mean = sum(found.values()) / len(found)
    print('%s - unseen shops: mean accuracy %.4f (at least %.2f)' % ('ok' if mean >= FLOOR else 'not ok', mean, FLOOR))
    return 0 if mean >= FLOOR else 1


if __name__ == '__main__':
    sys.exit(main())
