#!/usr/bin/env python3
"""Rows that nobody uses: a key of keys.def, a metric of metrics.def, an event of events.def, a header that no file includes."""
import re

from lintlib import Lint, line_of, without_comments

TABLES = [('include/earshot/keys.def', 'KEY', 'KEY_', 'common/store'), ('include/earshot/metrics.def', 'METRIC', 'M_', ''),
          ('include/earshot/events.def', 'EVENT', 'EV_', '')]

lint = Lint()
sources = {p: without_comments(lint.read(p)) for p in lint.product('.c', '.h', '.def')}
for table, macro, prefix, user in TABLES:
    if not lint.exists(table):
        continue
    text = without_comments(lint.read(table))
    code = '\n'.join(c for p, c in sources.items() if p != table and p.startswith(user))
    for row in re.finditer(r'^%s\((\w+)' % macro, text, re.M):
        if not re.search(r'\b%s%s\b' % (prefix, row[1]), code):
            lint.say('%s:%d' % (table, line_of(text, row.start())), '%s%s is used by no file of %s; use the row or take it away'
                     % (prefix, row[1], user or 'the product'))
included = set(re.findall(r'#[ \t]*include[ \t]*["<]([^">]+)[">]', '\n'.join([*sources.values(), *map(lint.read, lint.files('.c', under=['tools']))])))
for path in lint.product('.h', '.def'):
    if path not in included and path.removeprefix('include/') not in included:
        lint.say(path, 'no file includes it; take it away or use it')
lint.end()
