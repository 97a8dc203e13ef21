#!/usr/bin/env python3
"""Key names are spelled in common/store (and its table keys.def) only."""
import re

from lintlib import Lint, line_of, without_comments

lint = Lint()
for path in lint.product('.c', '.h', '.def', '.js', '.html', '.lua'):
    if path.startswith('common/store/') or path == 'include/earshot/keys.def':
        continue
    code = without_comments(lint.read(path)) if path.endswith(('.c', '.h', '.def')) else lint.read(path)
    for found in re.finditer(r'["\'`]es:', code):
        lint.say('%s:%d' % (path, line_of(code, found.start())), 'spells a Redis key; use a function of common/store (keys.h makes key strings)')
lint.end()
