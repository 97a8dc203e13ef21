#!/usr/bin/env python3
"""Calls that are not used here, with what is used instead."""
import re

from lintlib import Lint, line_of, only_code

BANNED = {
    'strcpy': 'str.h or buf.h', 'strcat': 'buf_add', 'sprintf': 'buf_addf, or snprintf with its result checked', 'vsprintf': 'buf_addv or vsnprintf',
    'strtok': 'str_split', 'atoi': 'str_i64', 'atol': 'str_i64', 'gets': 'file_read', 'system': 'proc_spawn', 'popen': 'proc_spawn', 'alloca': 'the arena',
    'strncpy': 'str.h or memcpy with a checked length', 'strncat': 'buf_add',
}
CALL = re.compile(r'(?<![\w.>])(%s)\s*\(' % '|'.join(BANNED))

lint = Lint()
for path in lint.files('.c', '.h'):
    code = only_code(lint.read(path))
    for found in CALL.finditer(code):
        lint.say('%s:%d' % (path, line_of(code, found.start())), '%s() is banned; use %s' % (found[1], BANNED[found[1]]))
lint.end()
