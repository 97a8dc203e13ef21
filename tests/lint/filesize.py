#!/usr/bin/env python3
"""Files of more than 800 lines are refused; each .c and .h of the product opens with a comment that says what it is for."""
from lintlib import PRODUCT, Lint

MOST_LINES = 800

lint = Lint()
for path in lint.files('.c', '.h', '.def', '.py', '.js', '.mjs', '.lua', '.sh', '.css'):
    text = lint.read(path)
    n = text.count('\n')
    if n > MOST_LINES:
        lint.say(path, '%d lines, %d are the most; split it by what its parts are for' % (n, MOST_LINES))
    if path.endswith(('.c', '.h')) and any(path.startswith(p + '/') for p in PRODUCT) and not text.startswith('/*'):
        lint.say(path + ':1', 'does not say what it is for; open it with one sentence in a /* comment */')
lint.end()
