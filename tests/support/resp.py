"""A small Redis client for tests that ask often: one connection, commands in, plain Python values out. Standard library only.

    r = resp.Redis('/run/redis.sock', 'admin', password)
    r('HGET', key, field)            -> str, int, list or None
    r.pipeline([('PING',), …])       -> list of answers; a refused command is an Error among them
"""
import socket


class Error(Exception):
    """What Redis answered instead of a value: NOPERM …, WRONGTYPE …"""


class Redis:
    def __init__(self, path, user=None, password=None, timeout=20):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.file = self.socket.makefile('rb')
        if user:
            self('AUTH', user, password)

    def close(self):
        self.file.close()
        self.socket.close()

    def __call__(self, *command):
        answer = self.pipeline([command])[0]
        if isinstance(answer, Error):
            raise answer
        return answer

    def pipeline(self, commands):
        out = []
        for command in commands:
            words = [w if isinstance(w, bytes) else str(w).encode() for w in command]
            out.append(b'*%d\r\n' % len(words) + b''.join(b'$%d\r\n%s\r\n' % (len(w), w) for w in words))
        self.socket.sendall(b''.join(out))
        return [self.answer() for _ in commands]

    def answer(self):
        line = self.file.readline()
        if not line.endswith(b'\r\n'):
            raise ConnectionError('Redis closed the connection')
        kind, rest = line[:1], line[1:-2]
        if kind == b'$':
            n = int(rest)
            return None if n < 0 else self.file.read(n + 2)[:-2].decode('utf-8', 'replace')
        if kind == b'*':
            return None if int(rest) < 0 else [self.answer() for _ in range(int(rest))]
        if kind == b'-':
            return Error(rest.decode('utf-8', 'replace'))
        return int(rest) if kind == b':' else rest.decode('utf-8', 'replace')
