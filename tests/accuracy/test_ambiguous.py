#!/usr/bin/env python3
"""Brands that are everyday words: which posts mean the brand? Precision and recall over ambiguous.tsv, with floors that only rise.

The part `tune` was looked at while the general words and cues were made; `report` was written before them and only counted.
Brands with `context` in rules/brands.conf are judged apart from those that have nothing but their name.
With -v every miss of the part `tune` is printed."""
import os
import sys
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))
import scoring  # noqa: E402

# what is counted: (precision, recall) at least
FLOORS = {
    'report with context, zh': (0.95, 0.90),
    'report with context, en': (0.95, 0.90),
    'report by name alone, zh': (0.90, 0.80),
    'report by name alone, en': (0.85, 0.85),
    'report': (0.93, 0.90),
    'tune': (0.93, 0.92),
}


def brands_with_context():
    """Names of the sections that have a `context` line."""
    with open(os.path.join(HERE, 'rules/brands.conf'), encoding='utf-8') as f:
        sections = [dict(line.split(' = ', 1) for line in s.splitlines() if ' = ' in line) for s in f.read().split('[brand ')[1:]]
    return {s['name'] for s in sections if 'context' in s}


def answers(rows):
    """Of the text alone: the names of the brands it is about."""
    return [verdict['brands'] for verdict in scoring.verdicts([{'text': row['text']} for row in rows], os.path.join(HERE, 'rules'))]


def count(rows, said):
    known, counts = brands_with_context(), defaultdict(lambda: [0, 0, 0])
    for row, names in zip(rows, said):
        is_said, is_true = row['brand'] in names, row['about_brand'] == '1'
        how = 'with context' if row['brand'] in known else 'by name alone'
        for key in (row['part'], '%s %s, %s' % (row['part'], how, row['lang'])):
            counts[key][0] += is_said and is_true
            counts[key][1] += is_said and not is_true
            counts[key][2] += is_true and not is_said
        if '-v' in sys.argv and row['part'] == 'tune' and is_said != is_true:
            print('# %s %s: %s' % ('missed' if is_true else 'wrongly', row['brand'], row['text']))
    return counts


def main():
    rows, failed = scoring.table(os.path.join(HERE, 'ambiguous.tsv')), False
    counts = count(rows, answers(rows))
    for key, (precision_least, recall_least) in FLOORS.items():
        right, wrong, missed = counts[key]
        precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
        told = 'precision %.3f (at least %.2f), recall %.3f (at least %.2f), %d posts about the brand' % (
            precision, precision_least, recall, recall_least, right + missed)
        good = precision >= precision_least and recall >= recall_least
        failed = failed or not good
        print('%s - ambiguous brands, %s: %s' % ('ok' if good else 'not ok', key, told))
    return failed


if __name__ == '__main__':
    sys.exit(main())
