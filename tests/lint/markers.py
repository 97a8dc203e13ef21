#!/usr/bin/env python3
"""Left-over markers: work that is not done is an issue, not a comment."""
import re

from lintlib import Lint, line_of

WORDS = 'TO' 'DO|FIX' 'ME|XX' 'X|HA' 'CK'   # in pieces, so that this file does not find itself
MARKER = re.compile(r'\b(%s)\b|\bnot (yet )?imple' r'mented\b|\bstu' r'bs?\b' % WORDS, re.I)
LOUD = re.compile(r'\b(%s)\b' % WORDS)

lint = Lint()
for path in lint.files():
    if path.startswith('tests/lint/') or path.endswith(('.jsonl', '.json', '.in', '.out', '.csv', '.png')) or '/corpus/' in path:
        continue
    is_code = path.endswith(('.c', '.h', '.def', '.py', '.js', '.mjs', '.lua', '.sh'))
    text = lint.read(path)
    for found in (MARKER if is_code else LOUD).finditer(text):
        lint.say('%s:%d' % (path, line_of(text, found.start())), '"%s" is left over; do it, or open an issue and take the words away' % found[0])
lint.end()
