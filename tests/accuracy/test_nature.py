#!/usr/bin/env python3
"""What does the writer do, and is it urgent? Nature and urgency over the files nature*.tsv, with floors that only rise.

The sentences were written before the rules they are counted on, both languages, all natures. The part `tune` was looked at
while the rules were made; `report` was only counted. One hand wrote sentences and rules, so the figures are kinder than strangers' posts
will be (`../shared/data/labelled`): read them as a guard against falling back. nature_wide.tsv was
written before the word lists, but by the hand that wrote them. Since 27,000 rows of those lists gave way to heads that learn from models/texts, these files are
texts that nobody learnt from: floors of nature_wide fell (its sentences had stood behind the rows), those of nature_grave rose by .15 to .20. nature_grave.tsv has what is grave without the
plain words for it, praise told as a story and everyday talk. The floors of precision are below those of recall on purpose: a harmless post
raised costs a glance, a threat not raised may cost the firm. With -v every
miss of the part `tune` is printed."""
import os
import sys
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'support'))
import scoring  # noqa: E402

TOP = ('high', 'critical')
# (macro-F1 of nature, precision and recall of high and critical together) at least
FLOORS = {
    'tune': (0.85, 0.80, 0.95),
    'report': (0.85, 0.80, 0.95),
    'zh': (0.85, 0.80, 0.95),
    'en': (0.85, 0.80, 0.95),
}
WIDE_FLOORS = {
    'tune': (0.81, 0.80, 0.82),
    'report': (0.84, 0.85, 0.83),
    'zh': (0.85, 0.85, 0.90),
    'en': (0.77, 0.75, 0.68),
}
GRAVE_FLOORS = {
    'tune': (0.88, 0.90, 0.83),
    'report': (0.87, 0.90, 0.77),
    'zh': (0.90, 0.90, 0.80),
    'en': (0.81, 0.90, 0.82),
}
FILES = {'nature.tsv': FLOORS, 'nature_wide.tsv': WIDE_FLOORS, 'nature_grave.tsv': GRAVE_FLOORS}


def macro_f1(pairs):
    right, wrong, missed = defaultdict(int), defaultdict(int), defaultdict(int)
    for true, said in pairs:
        right[true] += true == said
        wrong[said] += true != said
        missed[true] += true != said
    classes = {true for true, _ in pairs}
    return sum(2 * right[c] / (2 * right[c] + wrong[c] + missed[c]) for c in classes) / len(classes)


def figures(pairs):
    nature = macro_f1([(row['nature'], said['nature']) for row, said in pairs])
    raised = [row['urgency'] in TOP for row, said in pairs if said['urgency'] in TOP]
    top = [said['urgency'] in TOP for row, said in pairs if row['urgency'] in TOP]
    return nature, sum(raised) / max(1, len(raised)), sum(top) / max(1, len(top))


def show_misses(pairs):
    for row, said in pairs:
        if row['part'] != 'tune':
            continue
        for key in ('nature', 'urgency'):
            if row[key] != said[key]:
                print('# %s: %s, said %s: %s' % (row['id'], row[key], said[key], row['text']))


def check(name, floors_of):
    rows, failed = scoring.table(os.path.join(HERE, name)), False
    pairs = list(zip(rows, scoring.verdicts(rows)))
    if '-v' in sys.argv:
        show_misses(pairs)
    for key, floors in floors_of.items():
        got = figures([p for p in pairs if p[0]['part'] == key or p[0]['lang'].startswith(key)])
        good = all(g >= f for g, f in zip(got, floors))
        failed = failed or not good
        print('%s - %s, %s: macro-F1 %.3f (at least %.2f); high and critical: precision %.3f (at least %.2f), recall %.3f (at least %.2f)' % (
            'ok' if good else 'not ok', name[:-4], key, got[0], floors[0], got[1], floors[1], got[2], floors[2]))
    return failed


def main():
    return any([check(name, floors_of) for name, floors_of in FILES.items()])


if __name__ == '__main__':
    sys.exit(main())
