#!/usr/bin/env python3
"""Every command, option of a file, address of the console, source kind and channel is named in README or docs."""
import re

from lintlib import Lint, line_of, without_comments

# What a row looks like, where rows stand, and how a document names it.
ROWS = [
    ('command', 'cli/earshot.c', r'^\t\{ "([\w-]+)", ', r'earshot %s\b', 'write `earshot %s` into README.md or docs/'),
    ('option', 'common/base/settings.c', r'\.name = "(\w+)"', r'(?<![\w-])%s(_file|_env)?\b', 'explain `%s` in docs/ or earshot.conf.example'),
    ('option', 'crawler/sources.c', r'\.name = "(\w+)"', r'(?<![\w-])%s\b', 'explain `%s` in docs/'),
    ('option', 'notifier/route.c', r'\.name = "(\w+)"', r'(?<![\w-])%s\b', 'explain `%s` in docs/'),
    ('address', 'console/routes.def', r'^ROUTE\("\w+", "(/[^"]*)"', r'%s(?![\w/])', 'write `%s` into docs/'),
    ('channel', 'notifier/channels.def', r'^CHANNEL\(channel_(\w+)', r'(?i)\b%s\b', 'write `%s` into docs/'),
]

lint = Lint()
documents = ''.join(lint.read(p) for p in lint.files('.md', '.example') if p.startswith('docs/') or '/' not in p)
for kind, path, row, mention, remedy in ROWS:
    if not lint.exists(path):
        continue
    code = without_comments(lint.read(path))
    for found in re.finditer(row, code, re.M):
        if not re.search(mention % re.escape(found[1]), documents):
            lint.say('%s:%d' % (path, line_of(code, found.start())), '%s %s is in no document; %s' % (kind, found[1], remedy % found[1]))
lint.end()
