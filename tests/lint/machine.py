#!/usr/bin/env python3
"""Paths of one machine and addresses of package registries have no place in the repository."""
import re

from lintlib import Lint, line_of

TRACE = re.compile(r'(?<![\w./-])/(?:work|root|home/\w+|Users/\w+)(?:/[\w.-]+)+|[\w.-]*\b(?:registry|artifactory|nexus|pypi|mirrors?)\.[\w.-]+\.\w+'
                   r'|\b(?:deb|security|archive|ftp)\.(?:debian|ubuntu)\.(?:org|com)\b')

lint = Lint()
for path in lint.files():
    if path.startswith('tests/lint/') or path.endswith(('.in', '.out', '.png')) or '/corpus/' in path:
        continue
    text = lint.read(path)
    for found in TRACE.finditer(text):
        lint.say('%s:%d' % (path, line_of(text, found.start())), '"%s" is true on one machine only; read it from the machine at run time, or leave it out' % found[0])
lint.end()
