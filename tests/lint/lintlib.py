"""What the rules of tests/lint share: the files of the tree, C without comments, and a finder of C functions. Standard library only.

A rule is one executable file here that takes the root of a tree as its argument (default: this repository), prints one line a finding
(place: what is wrong; how to put it right) and ends with 1 when it found something."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
PRODUCT = ['include/earshot', 'common/base', 'common/text', 'common/store', 'common/rules', 'crawler', 'detector', 'notifier', 'console', 'cli']
SKIPPED = {'.git', 'build', 'node_modules', '__pycache__'}     # .git is a file in a worktree


class Lint:
    def __init__(self):
        self.root = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY
        self.found = 0

    def say(self, place, what):
        print('%s: %s' % (place, what))
        self.found += 1

    def end(self):
        sys.exit(1 if self.found else 0)

    def read(self, path):
        with open(os.path.join(self.root, path), encoding='utf-8', errors='replace') as f:
            return f.read()

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def files(self, *endings, under=None):
        """Paths relative to the root, sorted; `under`: only below these folders."""
        out = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(f for f in folders if f not in SKIPPED)
            for name in sorted(n for n in names if n not in SKIPPED):
                path = os.path.relpath(os.path.join(folder, name), self.root)
                if endings and not path.endswith(endings):
                    continue
                if under is None or any(path.startswith(u + '/') for u in under):
                    out.append(path)
        return out

    def product(self, *endings):
        return self.files(*endings, under=PRODUCT)


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text):
    """Spaces in place of everything but the line ends."""
    return re.sub(r'[^\n]', ' ', text)


def without_comments(code):
    return TOKEN.sub(lambda m: blank(m[0]) if m[0][0] == '/' else m[0], code)


def only_code(code):
    """Neither comments nor the insides of strings; places stay where they are."""
    return TOKEN.sub(lambda m: blank(m[0]) if m[0][0] == '/' else m[0][0] + blank(m[0][1:-1]) + m[0][0], code)


def line_of(text, at):
    return text.count('\n', 0, at) + 1


class Function:
    def __init__(self, name, head, line, length):
        self.name, self.head, self.line, self.length = name, head, line, length

    def parameters(self):
        """The count; the list is the last bracket of the head at depth 0."""
        end = self.head.rstrip().rfind(')')
        depth, start = 0, end
        while start >= 0:
            depth += {')': 1, '(': -1}.get(self.head[start], 0)
            if depth == 0:
                break
            start -= 1
        inside, depth, commas = self.head[start + 1:end].strip(), 0, 0
        for c in inside:
            depth += {'(': 1, ')': -1}.get(c, 0)
            commas += c == ',' and depth == 0
        return 0 if inside in ('', 'void') else commas + 1


NAME = re.compile(r'([A-Za-z_]\w*)\s*\(')
NOT_A_NAME = {'PRINTF_LIKE', '__attribute__', 'defined', 'constructor'}


def functions(code):
    """Our style: the head starts at column 0 and its brace stands alone at column 0; the body ends at the next } there."""
    lines = only_code(code).split('\n')
    out = []
    for i, line in enumerate(lines):
        if line.rstrip() != '{':
            continue
        first = i
        while first > 0 and lines[first - 1].strip() and not re.match(r'[}#]|.*;\s*$|.*\{\s*$', lines[first - 1]):
            first -= 1
        head = ' '.join(lines[first:i])
        names = [n for n in NAME.findall(head) if n not in NOT_A_NAME]
        last = next((k for k in range(i + 1, len(lines)) if lines[k].startswith('}')), len(lines) - 1)
        if names:
            out.append(Function(names[0], head, first + 1, last - first + 1))
    return out
