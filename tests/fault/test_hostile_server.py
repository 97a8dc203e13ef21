#!/usr/bin/env python3
"""Servers that mean harm: bombs, endless and slow answers, garbage, resets, loops. Each ends in 15 s with a sentence that says why, at 32 MiB at most,
and a good source beside them is not delayed by more than twice. Run alone: python3 tests/fault/test_hostile_server.py"""
import functools
import gzip
import os
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

SECONDS = 15
GROWTH_KB = 32 << 10
CRLF = b'\r\n'
FEED = (b'<rss version="2.0"><channel><title>good</title><item><title>Larkbike</title><guid>g1</guid><link>/1</link>'
        b'<description>It rides well.</description></item></channel></rss>')

# 64 MiB of spaces under brotli (node's zlib made it; nothing in Debian's python does).
BROTLI_BOMB = bytes.fromhex('cfffff7f002440e2b14072effff9ffff0f8004401c1680eefd3fffffff01900088c302d0bdffcfffff7f001200715800baf7ff')


def zstd_bomb(mib=512):
    """A frame of blocks that say "128 KiB of this byte": RFC 8878, 3.1.1."""
    block = struct.pack('<I', (128 << 10) << 3 | 1 << 1)[:3] + b' '
    last = struct.pack('<I', 1 << 3 | 1 << 1 | 1)[:3] + b' '
    return b'\x28\xb5\x2f\xfd\x00\x50' + block * (mib * 8) + last


@functools.cache
def gzip_bomb(mib=64):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b''.join(packer.compress(b' ' * (1 << 20)) for _ in range(mib)) + packer.flush()


def answer(body, *headers, length=None):
    lines = [b'HTTP/1.1 200 OK', b'Content-Type: application/rss+xml', b'Content-Length: %d' % (len(body) if length is None else length)]
    return CRLF.join(lines + [h.encode() for h in headers]) + CRLF * 2 + body


def drip(data, pause):
    for at in range(len(data)):
        yield data[at:at + 1]
        time.sleep(pause)


def forever(piece, start=b'', pause=0):
    yield start
    while True:
        yield piece
        time.sleep(pause)


def go(where):
    return lambda: [('HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n' % where).encode()]


OPEN = b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n'
CHUNKED = b'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n'
STALLED = 'too slow'
RESET = None    # closes with RST

# Name, pieces of the answer, a word of the reason that has to be given.
ATTACKS = [
    ('gzip-bomb', lambda: [answer(gzip_bomb(), 'Content-Encoding: gzip')], 'decompression bomb'),
    ('gzip-twice', lambda: [answer(gzip.compress(gzip_bomb()), 'Content-Encoding: gzip, gzip')], 'decompression bomb'),
    ('gzip-fifty-times', lambda: [answer(b'x', 'Content-Encoding: ' + ', '.join(['gzip'] * 50))], 'unpacked'),
    ('brotli-bomb', lambda: [answer(BROTLI_BOMB, 'Content-Encoding: br')], 'decompression bomb'),
    ('zstd-bomb', lambda: [answer(zstd_bomb(), 'Content-Encoding: zstd')], 'decompression bomb'),
    ('endless-body', lambda: forever(b'x' * 65536, OPEN), 'more than 8388608 decoded bytes'),
    ('endless-chunks', lambda: forever(b'1\r\nx\r\n' * 4096, CHUNKED), 'more than 8388608 decoded bytes'),
    ('endless-chunk-line', lambda: forever(b'0' * 4096, CHUNKED), 'broke'),
    ('endless-headers', lambda: forever(b'X-More: of this\r\n' * 64, b'HTTP/1.1 200 OK\r\n'), 'bytes of headers'),
    ('endless-header-line', lambda: forever(b'x' * 4096, b'HTTP/1.1 200 OK\r\nX-More: '), 'a line of more than'),
    ('endless-trailers', lambda: forever(b'X-More: of this\r\n' * 64, CHUNKED + b'1\r\nx\r\n0\r\n'), 'bytes of headers|failed'),
    ('huge-header', lambda: [b'HTTP/1.1 200 OK\r\nX-Huge: ' + b'x' * (1 << 20) + CRLF * 2], 'a line of more than'),
    ('only-100-continue', lambda: forever(b'HTTP/1.1 100 Continue\r\n\r\n' * 64), 'bytes of headers'),
    ('only-103-hints', lambda: forever(b'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n', pause=0.001), 'bytes of headers'),
    ('slow-headers', lambda: drip(b'HTTP/1.1 200 OK\r\n' + b'X-Slow: 1\r\n' * 1000, 0.5), STALLED),
    ('slow-body', lambda: forever(b'x', answer(b'', length=100000), 0.5), STALLED),
    ('slow-chunks', lambda: forever(b'1\r\nx\r\n', CHUNKED, 0.5), STALLED),
    ('silence', lambda: forever(b'', b'', 0.5), STALLED),
    ('slow-after-a-start', lambda: forever(b'x' * 40, answer(b'x' * 2000, length=1 << 20), 0.1), STALLED),
    ('redirect-to-itself', go('/redirect-to-itself'), 'more than 5 redirects'),
    ('redirect-to-file', go('file:///etc/passwd'), 'redirect refused'),
    ('redirect-to-gopher', go('gopher://127.0.0.1:6379/_FLUSHALL'), 'redirect refused'),
    ('redirect-to-metadata', go('http://169.254.169.254/latest/meta-data/'), 'cloud metadata'),
    ('redirect-to-user', go('http://user:word@127.0.0.1/'), 'user name'),
    ('redirect-to-port', go('http://127.0.0.1:6379/'), 'port 6379'),
    ('redirect-to-backslash', go('http:\\\\127.0.0.1\\'), 'backslash'),
    ('redirect-of-length', go('/' + 'x' * 60000), 'redirect refused|bytes of headers|failed'),
    ('garbage', lambda: [bytes(i * 131 >> 2 & 255 for i in range(4096))], 'not HTTP'),
    ('other-protocol', lambda: [b'220 mail.example ESMTP\r\n'], 'not HTTP'),
    ('nothing', lambda: [], 'without an answer|broke'),
    ('reset', lambda: [RESET], 'broke|without an answer'),
    ('reset-in-the-middle', lambda: [answer(FEED, length=10000), RESET], 'broke|ended too early'),
    ('cut', lambda: [answer(FEED, length=10000)], 'ended too early'),
    ('length-below-zero', lambda: [answer(FEED, length=-5)], 'failed|not'),
    ('length-of-words', lambda: [b'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n' + FEED], 'failed|not'),
    ('two-lengths', lambda: [b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7000000000\r\n\r\n' + FEED], 'early|failed|not'),
    ('length-of-terabytes', lambda: [answer(FEED, length=1 << 42)], 'early|more than'),
    ('chunk-of-terabytes', lambda: [CHUNKED + b'7fffffffffffffff\r\n' + FEED], 'early|broke|failed'),
    ('false-gzip', lambda: [answer(FEED, 'Content-Encoding: gzip')], 'unpacked'),
    ('cut-gzip', lambda: [answer(gzip.compress(FEED * 100)[:60], 'Content-Encoding: gzip')], 'cut short'),
    ('cut-gzip-trailer', lambda: [answer(gzip.compress(FEED)[:-1], 'Content-Encoding: gzip')], 'cut short'),
    ('cut-second-member', lambda: [answer(gzip.compress(FEED) + gzip.compress(FEED)[:30], 'Content-Encoding: gzip')], 'cut short'),
    ('cut-brotli', lambda: [answer(BROTLI_BOMB[:12], 'Content-Encoding: br')], 'cut short'),
    ('cut-zstd', lambda: [answer(zstd_bomb(1)[:-4], 'Content-Encoding: zstd')], 'cut short|decompression bomb'),
    ('wide-zstd', lambda: [answer(b'\x28\xb5\x2f\xfd\x00\x98' + bytes(64), 'Content-Encoding: zstd')], 'unpacked'),
    ('member-bomb', lambda: [answer(gzip.compress(b' ' * 60000) * 400, 'Content-Encoding: gzip')], 'decoded bytes|decompression bomb'),
    ('unknown-packing', lambda: [answer(FEED, 'Content-Encoding: rot13')], 'unpacked'),
]


class Server:
    """One thread a connection. Until `attacks` is set it serves a feed under every path. Counts when /good was asked for."""

    def __init__(self):
        self.attacks, self.good = False, []
        self.port = smallweb.listen('0.0.0.0', self.serve)

    def serve(self, connection):
        connection.settimeout(60)
        head = smallweb.read_head(connection)
        if head:
            self.say(connection, head.split(' ')[1].split('?')[0].strip('/'))

    def say(self, connection, name):
        if name == 'good':
            self.good.append(time.monotonic())
        attack = next((a for a in ATTACKS if a[0] == name), None)
        pieces = attack[1]() if attack and self.attacks else [answer(FEED, 'Connection: close')]
        for piece in pieces:
            if piece is RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                return
            connection.sendall(piece)


def fetch(url):
    """(seconds, exit code, peak KiB, what was said)"""
    with tempfile.TemporaryFile() as said:
        start = time.monotonic()
        child = subprocess.Popen([flow.EARSHOT, 'fetch', url, '--allow-cidr', '127.0.0.0/8'], stdout=subprocess.DEVNULL, stderr=said, cwd=flow.ROOT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - start
        said.seek(0)
        return took, child.returncode, usage.ru_maxrss, said.read().decode('utf-8', 'replace').strip()


def check_each(f, server):
    gzip_bomb()     # made before anybody waits for it
    _, code, plain_kb, said = fetch('http://127.0.0.1:%d/good' % server.port)
    f.check('a good answer is read', code == 0, said)
    server.attacks = True
    results = {}

    def one(name):
        results[name] = fetch('http://127.0.0.1:%d/%s' % (server.port, name))

    slow = [a[0] for a in ATTACKS if a[2] == STALLED]
    threads = [threading.Thread(target=one, args=(name,)) for name in slow]     # they wait, so they wait together
    for t in threads:
        t.start()
    for name in (a[0] for a in ATTACKS if a[0] not in slow):
        one(name)
    for t in threads:
        t.join()
    for name, _, reason in ATTACKS:
        took, code, peak_kb, said = results[name]
        f.check('%s ends with a reason' % name, code in (1, 75) and re.search(reason, said),
                'exit %d, expected "%s" in: %s' % (code, reason, said[-300:]))
        f.check('%s ends in %d s (%.1f)' % (name, SECONDS, took), took <= SECONDS, '%.1f s' % took)
        f.check('%s takes 32 MiB at most (%+.1f)' % (name, (peak_kb - plain_kb) / 1024), peak_kb - plain_kb <= GROWTH_KB or flow.is_sanitized(), said)
    server.attacks = False


def gap(server, seconds):
    """The median pause between two visits of the good source, in the seconds to come."""
    start = time.monotonic()
    time.sleep(seconds)
    times = [t for t in server.good if t >= start]
    return statistics.median(b - a for a, b in zip(times, times[1:])) if len(times) > 2 else float('inf')


def check_beside(f, server):
    feeds = system.source('good', 'http://127.0.0.1:%d/good' % server.port)
    for i, row in enumerate(ATTACKS):
        feeds += system.source('bad-%d' % i, 'http://127.0.1.%d:%d/%s' % (i + 1, server.port, row[0]))
    crawl = system.System(f, feeds)
    crawl.start(60)
    f.wait(lambda: len(server.good) > 3, 30)
    before = gap(server, 8)
    server.attacks = True
    during = gap(server, 16)
    f.check('a good source beside %d hostile ones is not delayed by more than twice (%.2f s, before %.2f s)' % (len(ATTACKS), during, before),
            during <= 2 * before, '%.2f s after %.2f s' % (during, before))
    server.attacks = False
    crawl.stop()


with flow.Flow('hostile-server') as f:
    server = Server()
    check_each(f, server)
    check_beside(f, server)
sys.exit(f.exit_code())
