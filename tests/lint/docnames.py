#!/usr/bin/env python3
"""What documents name exists: files, folders, functions, names in the code, commands, make targets, and what links point to.

Looked at: `words in backticks` of README.md, SECURITY.md and docs/, outside fenced blocks, and [links](to files). A path with a slash or a
known ending must be there; `name()` and `file.c:name` must be defined (there); a name_with_underscores must occur in the tree; `earshot x`
must be a command, `make x` a target. Words in CAPITALS, <…>, * and … mark a placeholder."""
import os
import re

from lintlib import Lint, functions, line_of

ENDINGS = ('.c', '.h', '.def', '.py', '.sh', '.lua', '.conf', '.md', '.js', '.mjs', '.html', '.css', '.txt', '.zh', '.en', '.jsonl', '.example')
PLACEHOLDER = re.compile(r'[<>*…{}$|]|\b[A-Z]{2,}\b(?!\.md)|\.\.\.')
PATH = re.compile(r'^(?:[\w.-]+/)*[\w.-]+/?$')
NAME = re.compile(r'^[a-z]\w*_\w+$')
GONE_AFTER_CLEAN = ('build/', '../', '/', '~', 'node_modules/')

lint = Lint()
everything = lint.files()
basenames = {os.path.basename(p) for p in everything}
folders = {os.path.dirname(p) for p in everything}
folders |= {d for f in list(folders) for d in (f.rsplit('/', n)[0] for n in range(f.count('/') + 1))}
code = {p: lint.read(p) for p in everything if p.endswith(('.c', '.h', '.def', '.py', '.sh', '.lua', '.js', '.mjs', '.conf', '.html', '.example'))
        and not p.startswith('tests/lint/')}
for path in ('Makefile', 'tests/run'):
    if lint.exists(path):
        code[path] = lint.read(path)
words = set(re.findall(r'\w+', '\n'.join(code.values())))
defined = {}
for path, text in code.items():
    names = [f.name for f in functions(text)] if path.endswith('.c') else re.findall(r'(?:function|def) +(\w+)|^local function (\w+)|\b(\w+) *= *function', text, re.M)
    for name in names:
        for one in [name] if isinstance(name, str) else [n for n in name if n]:
            defined.setdefault(one, set()).add(path)
# Functions of Redis are registered under a name in quotes.
for path, text in code.items():
    if path.endswith('.lua'):
        for name in re.findall(r"function_name *= *['\"](\w+)|register_function\(['\"](\w+)", text):
            defined.setdefault(name[0] or name[1], set()).add(path)
commands = set(re.findall(r'^\t\{ "([\w-]+)", ', code.get('cli/earshot.c', ''), re.M))
targets = set(re.findall(r'^([a-z-]+):', code.get('Makefile', ''), re.M))


def path_exists(path, base):
    path = path.rstrip('/').removeprefix('./')
    return any(lint.exists(p) for p in (path, os.path.join(base, path))) or ('/' not in path and path in basenames) or ('/' in path and any(
        p.endswith('/' + path) for p in everything)) or ('include/' + path) in everything


def check_place(say, file, name, base):
    if not path_exists(file, base):
        return say('there is no file %s' % file)
    homes = defined.get(name, set())
    if not any(h == file or h.endswith('/' + file) for h in homes):
        text = '\n'.join(t for p, t in code.items() if p == file or p.endswith('/' + file))
        if not re.search(r'\b%s\b' % name, text) or re.search(r'\b%s\(' % name, text):
            say('%s is not defined in %s%s' % (name, file, ' but in ' + ', '.join(sorted(homes)) if homes else ''))


def check_token(say, token, base):
    place = re.match(r'^([\w./-]+\.\w+):(\w+)(?:\(\))?$', token)
    call = re.match(r'^(\w+)\(\)$', token)
    command = re.match(r'^(?:\S*/)?earshot +([a-z][\w-]*)', token)
    target = re.match(r'^make +([a-z][a-z-]*)\b(?!=)', token)
    if command:
        if commands and command[1] not in commands:
            say('there is no command "earshot %s"' % command[1])
    elif target:
        if targets and target[1] not in targets:
            say('there is no target "make %s"' % target[1])
    elif PLACEHOLDER.search(token) or token.startswith(GONE_AFTER_CLEAN) or '://' in token:
        return
    elif place and not place[2].isdigit():
        check_place(say, place[1], place[2], base)
    elif call:
        if call[1] not in defined:
            say('there is no function %s' % call[1])
    elif PATH.match(token) and ('/' in token or token.endswith(ENDINGS)):
        first = token.split('/')[0]
        if token.endswith(ENDINGS) or first in folders or first in basenames:
            if not path_exists(token, base):
                say('there is no file or folder %s' % token)
    elif NAME.match(token):
        # A secret may also be given by file or environment: the option's name with _file or _env.
        if token not in words and re.sub(r'_(file|env)$', '', token) not in words:
            say('the name %s does not occur in the tree' % token)


def check_document(path):
    text = lint.read(path)
    prose = re.sub(r'^```.*?^```', lambda m: re.sub(r'[^\n]', ' ', m[0]), text, flags=re.M | re.S)
    base = os.path.dirname(path)

    def say_at(at):
        return lambda what: lint.say('%s:%d' % (path, line_of(text, at)), what + '; correct the document, or what it tells of')

    for found in re.finditer(r'`([^`\n]+)`', prose):
        check_token(say_at(found.start()), found[1].strip(), base)
    for found in re.finditer(r'\]\(([^)#\s]+)(?:#[^)]*)?\)', prose):
        if '://' not in found[1] and not found[1].startswith('mailto:') and not lint.exists(os.path.join(base, found[1])):
            say_at(found.start())('the link to %s leads nowhere' % found[1])


for document in everything:
    if document.endswith('.md') and (document.startswith('docs/') or '/' not in document):
        check_document(document)
lint.end()
