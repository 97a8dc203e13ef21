"""What the flow tests share: a folder of their own, a redis-server on a unix socket, the real binary, the fake web, and lines
`ok - sentence` / `not ok - sentence: why`. Standard library only.

    with flow.Flow('notifier') as f:
        f.start_redis()
        f.check('redis answers', f.redis('PING') == 'PONG')
    sys.exit(f.exit_code())

EARSHOT names the binary (default build/earshot). KEEP=1 keeps the folder of a run.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EARSHOT = os.path.abspath(os.environ.get('EARSHOT') or os.path.join(ROOT, 'build', 'earshot'))


def is_sanitized():
    """Is the binary one of SAN=1? It needs far more memory."""
    with open(EARSHOT, 'rb') as f:
        return b'__asan_init' in f.read()


class Flow:
    def __init__(self, name):
        self.name = name
        self.folder = tempfile.mkdtemp(prefix='earshot-%s-' % name)
        self.socket = os.path.join(self.folder, 'redis.sock')
        self.url = 'unix://' + self.socket
        self.children, self.failures, self.checks = [], 0, 0
        self.web_url = None

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))    # so that __exit__ cleans up
        return self

    def __exit__(self, kind, value, trace):
        for child in reversed(self.children):
            self.end(child)
        self.check_sanitizers()
        if kind is not None:
            self.check('the test ran to its end', False, '%s: %s' % (kind.__name__, value))
        if self.failures and not os.environ.get('KEEP'):
            self.show_logs()
        if not os.environ.get('KEEP'):
            shutil.rmtree(self.folder, ignore_errors=True)
        return False

    # ---- results

    def check(self, sentence, good, why=''):
        self.checks += 1
        if good:
            print('ok - ' + sentence, flush=True)
        else:
            self.failures += 1
            print('not ok - %s: %s' % (sentence, why or 'it does not hold'), flush=True)
        return bool(good)

    def exit_code(self):
        return 1 if self.failures or not self.checks else 0

    def check_sanitizers(self):
        """A binary made with SAN=1 reports leaks when it ends: that must not go by unseen."""
        for name in sorted(n for n in os.listdir(self.folder) if n.endswith('.log')):
            said = [line for line in self.log(name).splitlines() if 'Sanitizer' in line or 'runtime error' in line]
            if said:
                self.check('no sanitizer has a word to say', False, '%s: %s' % (name, said[0][:300]))

    def show_logs(self):
        for name in sorted(os.listdir(self.folder)):
            if name.endswith('.log'):
                with open(os.path.join(self.folder, name), encoding='utf-8', errors='replace') as f:
                    lines = f.read().splitlines()[-15:]
                for line in lines:
                    print('# %s: %s' % (name, line[:400]), flush=True)

    def wait(self, predicate, timeout=20.0, step=0.05):
        """The first true answer of `predicate`, or its last one when time is up."""
        end = time.monotonic() + timeout
        while True:
            answer = predicate()
            if answer or time.monotonic() > end:
                return answer
            time.sleep(step)

    # ---- files and processes

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'w', encoding='utf-8') as f:
            f.write(text)
        return self.path(name)

    def start(self, argv, log, env=None):
        with open(self.path(log), 'a', encoding='utf-8') as out:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=ROOT, env=dict(os.environ, **(env or {})))
        self.children.append(child)
        return child

    def end(self, child, how=signal.SIGTERM, patience=10):
        """Ends a child and returns its exit code."""
        if child.poll() is None:
            child.send_signal(how)
            try:
                child.wait(patience)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if child in self.children:
            self.children.remove(child)
        return child.returncode

    def log(self, name):
        with open(self.path(name), encoding='utf-8', errors='replace') as f:
            return f.read()

    def earshot(self, *arguments, stdin=None, timeout=60):
        """Runs a command to its end: (exit code, stdout, stderr)."""
        done = subprocess.run([EARSHOT, *arguments], input=stdin, capture_output=True, text=True, timeout=timeout, cwd=ROOT)
        return done.returncode, done.stdout, done.stderr

    def role(self, name, *arguments):
        """Starts a role against this test's Redis; its log is NAME.log."""
        return self.start([EARSHOT, name, '--redis', self.url, *arguments], name + '.log')

    # ---- redis

    def start_redis(self):
        server = self.start(['redis-server', '--port', '0', '--unixsocket', self.socket, '--dir', self.folder, '--appendonly', 'yes',
                             '--appendfsync', 'everysec', '--save', ''], 'redis.log')
        if not self.wait(lambda: self.redis_try('PING') == 'PONG', 10):
            raise RuntimeError('redis-server did not start: ' + self.log('redis.log')[-300:])
        return server

    def load_functions(self):
        code, source, errors = self.earshot('keys', '--format', 'functions')
        if code != 0:
            raise RuntimeError('earshot keys --format functions: ' + errors)
        done = subprocess.run(['redis-cli', '-s', self.socket, '-x', 'FUNCTION', 'LOAD', 'REPLACE'], input=source, capture_output=True, text=True)
        if 'earshot' not in done.stdout:
            raise RuntimeError('FUNCTION LOAD: ' + done.stdout + done.stderr)

    def redis_try(self, *command):
        done = subprocess.run(['redis-cli', '-s', self.socket, *command], capture_output=True, text=True)
        return done.stdout.rstrip('\n')

    def redis(self, *command):
        """One command; lists come as lines of text."""
        done = subprocess.run(['redis-cli', '-e', '-s', self.socket, *command], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError('redis-cli %s: %s%s' % (' '.join(command[:2]), done.stdout, done.stderr))
        return done.stdout.rstrip('\n')

    def redis_json(self, *command):
        return json.loads(self.redis('--json', *command))

    # ---- the fake web

    def start_web(self, *arguments, host='127.0.0.1'):
        """Starts one and returns its URL; web() and sink() speak to the first. Any 127.x.y.z will do as `host`."""
        port_file = self.path('web.port.' + host)
        self.start([sys.executable, os.path.join(ROOT, 'tests', 'support', 'fakeweb.py'), '--host', host, '--port', '0', '--port-file', port_file,
                    *arguments], 'web.log')
        if not self.wait(lambda: os.path.exists(port_file), 10):
            raise RuntimeError('the fake web did not start: ' + self.log('web.log')[-300:])
        with open(port_file, encoding='ascii') as f:
            url = 'http://%s:%d' % (host, int(f.read()))
        self.web_url = self.web_url or url
        return url

    def web(self, method, path, body=None):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.web_url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b'null')

    def sink(self, name):
        """What the sink NAME received, oldest first."""
        return self.web('GET', '/sink/' + name)
