#!/usr/bin/env python3
"""Turns the airline posts of the shared data set into post lines for `earshot replay`. Standard library only.

  airline.py en_airline_replay_texts.tsv.gz > posts.jsonl

A post line has no brand: the handles in the text decide (rules in tests/support/airline/brands.conf).
"""
import csv
import gzip
import json
import sys


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with gzip.open(sys.argv[1], 'rt', encoding='utf-8', newline='\n') as f:
        for row in csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE):
            line = {'id': row['tweet_id'], 'source': 'twitter', 'family': 'social', 'text': row['text'], 'posted': row['ts']}
            print(json.dumps(line, ensure_ascii=False))


if __name__ == '__main__':
    main()
