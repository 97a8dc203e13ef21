#!/usr/bin/env python3
"""Size of functions: none over 100 lines, six parameters at most, median of the product at most 20 lines. --report adds the figures."""
import statistics
import sys

from lintlib import PRODUCT, Lint, functions

MOST_LINES, MOST_PARAMETERS, MEDIAN_LINES = 100, 6, 20
# Callbacks whose parameters a library chose.
CALLBACKS = {('common/base/http_server.c', 'on_request')}

report = '--report' in sys.argv
if report:
    sys.argv.remove('--report')
lint = Lint()
lengths = []
for path in lint.files('.c', '.h'):
    for f in functions(lint.read(path)):
        place = '%s:%d' % (path, f.line)
        if f.length > MOST_LINES:
            lint.say(place, '%s has %d lines, %d are the most; split it into steps' % (f.name, f.length, MOST_LINES))
        if f.parameters() > MOST_PARAMETERS and (path, f.name) not in CALLBACKS:
            lint.say(place, '%s has %d parameters, %d are the most; make a struct of those that belong together' % (f.name, f.parameters(), MOST_PARAMETERS))
        if any(path.startswith(p + '/') for p in PRODUCT):
            lengths.append(f.length)
lengths.sort()
if lengths and statistics.median(lengths) > MEDIAN_LINES:
    lint.say('functions', 'the median is %d lines, %d is the most; split the long ones' % (statistics.median(lengths), MEDIAN_LINES))
if report and lengths:
    print('%d functions: median %d lines, nine in ten under %d, longest %d'
          % (len(lengths), statistics.median(lengths), lengths[len(lengths) * 9 // 10], lengths[-1]))
lint.end()
