#!/usr/bin/env python3
"""The plainest things people say of one firm ("Love Brightmoor", 别买霁鹭, "The bus stops right in front of Brightmoor"): the label toward it, with
floors that only rise.

The sentences of statements.tsv are invented, both languages; whoever wrote the posts that the model learns from (`models/texts`) was given none of the first seventy,
and eight of the others as examples of what to do better. With -v every miss is printed."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))
import scoring  # noqa: E402

FLOORS = {'zh': 0.88, 'en': 0.88}


def main():
    failed = False
    rows = scoring.table(os.path.join(HERE, 'statements.tsv'))
    pairs = [(row, said['label']) for row, said in zip(rows, scoring.verdicts(rows))]
    for row, label in pairs:
        if '-v' in sys.argv and label != row['sentiment']:
            print('# %s, not %s: %s' % (row['sentiment'], label, row['text']))
    for lang, floor in FLOORS.items():
        right = [label == row['sentiment'] for row, label in pairs if row['lang'] == lang]
        share = sum(right) / len(right)
        failed = failed or share < floor
        print('%s - plain statements, %s: %.3f of %d right (at least %.2f)' % ('ok' if share >= floor else 'not ok', lang, share, len(right), floor))
    return failed


if __name__ == '__main__':
    sys.exit(main())
