#!/usr/bin/env python3
"""Hostile documents: each is read, or refused with a reason, within a bounded time and memory, and nothing else is opened. Our own
(tests/support/hostile.py), and those of ../shared/data when that is beside the checkout. With EARSHOT_SAN=BINARY (make SAN=1) that
binary reads them all a second time. Run alone: python3 tests/fault/test_hostile.py [NAME…]"""
import base64
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import hostile  # noqa: E402

DATA = os.path.join(os.path.dirname(flow.ROOT), 'shared', 'data')
TIME_MS = 300       # CPU time, the start of the process included: what the contract allows on a machine of its own …
PATIENCE = 2        # … and how much slower this one may be: others work beside it, even where its load does not show them; the slowest are told
MEMORY_MB = 150
HANG_S = 60
SANITIZED_BODY = 1 << 20     # a sanitizer looks at all that iconv() could read, at each byte that means nothing
TRIES = 3           # the fastest counts
BATCH = 40          # small documents of one process; when these are fast together, each is
SETS = (('badinput/xml.jsonl', 'parse'), ('badinput/feeds.jsonl', 'parse'), ('badinput/json.jsonl', 'json'), ('badinput/xml.jsonl', 'extract'),
        ('badinput/xss.jsonl', 'extract'))
OUTSIDE = re.compile(rb'SYSTEM|PUBLIC|xi:include|<\?xml-stylesheet|schemaLocation', re.I)
WATCHED = 40        # of the documents that name something outside, as many are watched by strace
SANITIZER = re.compile('Sanitizer|runtime error')
ONE = {'parse': ['parse', '{}', '--url', 'http://example.org/feed'], 'extract': ['extract', '{}', '--url', 'http://example.org/t/1'],
       'import': ['import', '{}', '--dry-run'], 'recipe': ['recipe', 'test', '{}', '--accept']}
MANY = {'parse': ['parse', '--batch'], 'extract': ['extract', '--batch'], 'json': ['case', 'json', '--batch']}


class Run:
    """One process: exit code (None: out of time), what it said on standard error, number of answers, CPU time, peak memory."""

    def __init__(self, argv, said=b''):
        with open(os.devnull, 'rb') if not said else tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as errors:
            if said:
                source.write(said)
                source.seek(0)
            child = subprocess.Popen(argv, stdin=source, stdout=subprocess.PIPE, stderr=errors, cwd=flow.ROOT)
            alarm = threading.Timer(HANG_S, child.kill)
            alarm.start()
            self.bytes = self.lines = 0
            for piece in iter(lambda: child.stdout.read(1 << 16), b''):
                self.bytes += len(piece)
                self.lines += piece.count(b'\n')
            child.stdout.close()
            _, status, used = os.wait4(child.pid, 0)
            alarm.cancel()
            child.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0, 2)
            errors.seek(max(0, errors.tell() - 4000))
            self.said = errors.read().decode('utf-8', 'replace')
        self.code = child.returncode if child.returncode != -signal.SIGKILL else None
        self.ms = (used.ru_utime + used.ru_stime) * 1e3
        self.mb = used.ru_maxrss / 1024

    def trouble(self, answers=None):
        """"" when it ended as it should: with all answers, or with one document or a reason."""
        if self.code is None:
            return 'it did not end in %d s' % HANG_S
        if self.code not in (0, 1) or SANITIZER.search(self.said):
            return 'it ended with %d: %s' % (self.code, self.said[-1500:])
        if answers is not None and self.lines != answers:
            return '%d answers to %d documents: %s' % (self.lines, answers, self.said[-300:])
        return '' if self.bytes or self.said.strip() else 'there is neither a document nor a reason'


class Rows:
    """Documents come to the disk from a child of ours: what a process begins with counts as its memory, so this one stays small."""

    def __init__(self, folder, make):
        reader, writer = os.pipe()
        ear, mouth = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            os.close(reader)
            os.close(mouth)
            self.write_all(folder, make, writer, ear)
            os._exit(0)
        os.close(writer)
        os.close(ear)
        self.ready, self.mouth = os.fdopen(reader, 'r', encoding='utf-8'), mouth

    @staticmethod
    def write_all(folder, make, writer, ear):
        with os.fdopen(writer, 'w', encoding='utf-8') as out:
            for i, (name, command, data) in enumerate(make()):
                path = os.path.join(folder, '%d.bin' % i)
                if command == 'recipe':
                    path = write_recipe(os.path.join(folder, 'hostile%d' % i), data)
                else:
                    with open(path, 'wb') as file:
                        file.write(data)
                out.write('%s\t%s\t%s\n' % (name, command, path))
                out.flush()
                if os.read(ear, 1) != b'.':
                    return

    def __iter__(self):
        for line in self.ready:
            yield line.rstrip('\n').split('\t')
            os.write(self.mouth, b'.')

    def close(self):
        os.close(self.mouth)
        self.ready.close()
        os.waitpid(self.child, 0)


def write_recipe(stem, data):
    """Up to the first NUL the recipe, behind it the page that is its sample."""
    recipe, _, page = data.partition(b'\0')
    for end, text in (('.recipe', recipe.replace(b'NAME', os.path.basename(stem).encode())), ('.sample.html', page), ('.expected.json', b'')):
        with open(stem + end, 'wb') as file:
            file.write(text)
    return stem + '.recipe'


def documents(name):
    with open(os.path.join(DATA, name), encoding='utf-8') as f:
        for i, line in enumerate(f):
            x = json.loads(line)
            yield x.get('id') or str(i), base64.b64decode(x['b64']) if 'b64' in x else x['payload'].encode('utf-8', 'surrogatepass')


def shared_rows():
    for name, command in SETS:
        for id_, data in documents(name):
            yield '%s of %s' % (id_.replace('\t', ' '), name), command, data


def outside_rows():
    """Ours, and some of the shared ones: documents that ask for a file or an address beside them."""
    for name, data in hostile.outside():
        yield name, 'parse', data
        yield name, 'extract', data
    found = [(n, c, d) for n, c, d in shared_rows() if OUTSIDE.search(d)] if os.path.isdir(DATA) else []
    yield from found[::max(1, len(found) // WATCHED)]


class Test:
    def __init__(self, f, only):
        self.f, self.only = f, only
        self.binary = flow.EARSHOT
        self.is_plain = not flow.is_sanitized()
        self.keeps = False

    def argv(self, words, path=''):
        return [self.binary] + [w.format(path) for w in words]

    def rows(self, make):
        """Each document on the disk, as long as the loop is with it (or, when self.keeps, until somebody unlinks it)."""
        rows = Rows(self.f.folder, make)
        for name, command, path in rows:
            if not self.only or any(o in name for o in self.only):
                yield name, command, path
            for left in glob.glob(os.path.splitext(path)[0] + '.*') if command == 'recipe' else [path]:
                if not self.keeps:
                    os.unlink(left)
        rows.close()

    # ---- ours: one process a document

    def judge(self, name, command, path):
        """What is wrong with one document, and the figures of its fastest run."""
        allowed, best = TIME_MS * PATIENCE * (hostile.IMPORT_PATIENCE if command == 'import' else 1), None
        for _ in range(TRIES):
            run = Run(self.argv(ONE[command], path)) if command in ONE else Run(self.argv(MANY[command]), line_of(path))
            if run.trouble():
                return '%s (%s): %s' % (name, command, run.trouble()), run
            best = run if best is None or run.ms < best.ms else best
            if best.ms <= allowed or not self.is_plain:
                break
        if self.is_plain and best.ms > allowed:
            return '%s (%s): %.0f ms of CPU time, more than %d' % (name, command, best.ms, allowed), best
        if self.is_plain and best.mb > MEMORY_MB:
            return '%s (%s): %.0f MiB, more than %d' % (name, command, best.mb, MEMORY_MB), best
        return '', best

    def ours(self):
        self.keeps = False
        wrong, n, slow, largest = [], 0, [], (0, '')
        for name, command, path in self.rows(hostile.rows):
            trouble, run = self.judge(name, command, path)
            n += 1
            slow, largest = slow + [(run.ms, name)] * (command != 'import'), max(largest, (run.mb, name))
            if os.environ.get('SHOW'):
                print('# %-8s %-36s %7.0f ms %6.0f MiB %9d bytes out' % (command, name, run.ms, run.mb, run.bytes), flush=True)
            if trouble:
                wrong.append(trouble)
        self.f.check('%d documents at our caps are read or refused with a reason%s' % (n, self.bounds()), not wrong, '%d are not: %s' % (len(wrong), ' | '.join(wrong)[:3000]))
        over = sum(ms > TIME_MS for ms, _ in slow)
        print('# %d of %d took more than %d ms here, the slowest %.0f (%s); the largest %.0f MiB (%s)' % (over, len(slow), TIME_MS, *max(slow, default=(0, '')), *largest), flush=True)

    def bounds(self):
        return ', in %d ms (%d x while others work here) and %d MiB' % (TIME_MS, PATIENCE, MEMORY_MB) if self.is_plain else ''

    # ---- the shared ones: they are small, and many go through one process

    def shared(self):
        self.keeps = True
        wrong, n, waiting = [], 0, {}
        for name, command, path in self.rows(shared_rows):
            n += 1
            waiting.setdefault(command, []).append((name, command, path))
            if len(waiting[command]) >= BATCH:
                wrong += self.judge_many(waiting.pop(command))
        for rows in waiting.values():
            wrong += self.judge_many(rows)
        self.f.check('%d documents of ../shared/data/badinput are read or refused%s' % (n, self.bounds()),
                     not wrong, '%d are not: %s' % (len(wrong), ' | '.join(wrong)[:3000]))

    def judge_many(self, rows):
        run = Run(self.argv(MANY[rows[0][1]]), b''.join(line_of(path) for _, _, path in rows))
        is_fine = not run.trouble(len(rows)) and (not self.is_plain or (run.ms <= TIME_MS and run.mb <= MEMORY_MB))
        wrong = [] if is_fine else [self.judge(*row)[0] for row in rows]
        if not is_fine and not any(wrong) and run.trouble(len(rows)):
            wrong = ['%s … %s together: %s' % (rows[0][0], rows[-1][0], run.trouble(len(rows)))]
        for _, _, path in rows:
            os.unlink(path)
        return [w for w in wrong if w]

    # ---- nothing is opened

    def opened(self, command, paths):
        """Files that one process opened, and whatever it did with sockets. Those of the documents themselves do not count."""
        trace, words = self.f.path('trace'), 'trace=open,openat,socket,connect'
        run = Run(['strace', '-f', '-qq', '-e', words, '-o', trace, *self.argv(MANY[command])], b''.join(line_of(p) for p in paths))
        if run.trouble(len(paths)):
            return {run.trouble(len(paths))}
        with open(trace, encoding='utf-8', errors='replace') as f:
            calls = {re.sub(r'^\d+ +| = .*$', '', line.strip()) for line in f}
        return {c for c in calls if not any('"%s"' % p in c for p in paths) and '/proc/' not in c and '/gconv/' not in c}

    def nothing_outside(self):
        self.keeps = True
        paths = {}
        for name, command, path in self.rows(outside_rows):
            paths.setdefault(command, []).append(path)
        harmless = self.f.write('harmless.bin', '<rss><channel><item><title>x</title></item></channel></rss>')
        more = [c for command, list_ in paths.items() for c in self.opened(command, list_) - self.opened(command, [harmless])]
        self.f.check('%d documents that name files and addresses beside them make nothing be opened' % sum(map(len, paths.values())), not more, ' | '.join(more)[:1500])

    def run(self):
        if not self.is_plain:
            hostile.BODY = SANITIZED_BODY
        self.ours()
        if os.path.isdir(DATA):
            self.shared()
        else:
            print('skip - shared hostile documents: there is no ../shared/data beside the checkout')
        if self.is_plain and shutil.which('strace'):
            self.nothing_outside()
        elif self.is_plain:
            print('skip - nothing outside is opened: strace is not installed')


def line_of(path):
    return json.dumps({'file': path, 'url': 'http://example.org/t/1'}).encode() + b'\n'


def main():
    # That check of the sanitizer reads the whole rest of a document at each search in it.
    os.environ.setdefault('ASAN_OPTIONS', 'intercept_memmem=0')
    with flow.Flow('hostile') as f:
        test = Test(f, sys.argv[1:])
        test.run()
        if os.environ.get('EARSHOT_SAN') and test.is_plain:
            test.binary, test.is_plain = os.path.abspath(os.environ['EARSHOT_SAN']), False
            test.run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
