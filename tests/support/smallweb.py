"""A site of a test: what it answers is all that a test has to write. The witness below it (auditweb.py) knows each request.

    class Board(smallweb.Site):
        def answer(self, request):
            return 200, {'Content-Type': 'application/json'}, '{"items": []}'

    board = Board('127.0.0.2')
    board.url, board.paths()

Besides: feed(), the document that most tests serve, and listen(), for servers that do not speak HTTP as others do. Standard library only.
"""
import os
import socket
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import auditweb  # noqa: E402


def feed(*guids, title='云雀 Skylark EV', text='云雀电动车刹车失灵，客服没有人管。 Nobody answers.'):
    """RSS with one post for each guid."""
    item = '<item><guid>%s</guid><title>%s</title><description>%s</description></item>'
    return '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>%s</channel></rss>' % ''.join(item % (guid, title, text) for guid in guids)


class Site:
    """One host. `robots`: the answer to /robots.txt; `after`: seconds until any answer is given."""

    def __init__(self, host='127.0.0.1', after=0.0):
        self.robots, self.after = (404, {}, ''), after
        self.web = auditweb.Web(self.take, host)
        self.host, self.port, self.url = host, self.web.port, self.web.url(host, '')

    def answer(self, request):
        """(status, headers, body); to be overridden. Body: bytes or text."""
        return 200, {}, feed('g-' + request.path)

    def take(self, request):
        status, headers, body = self.robots if request.path == '/robots.txt' else self.answer(request)
        return auditweb.Answer(status, headers, body.encode() if isinstance(body, str) else body, after=self.after)

    def requests(self):
        """All, oldest first, those under way too."""
        return list(self.web.requests)

    def paths(self):
        return [r.path for r in self.requests()]

    def asked(self):
        """Paths without /robots.txt, which crawlers ask for when they like."""
        return [path for path in self.paths() if path != '/robots.txt']

    def gaps(self):
        """Seconds from the end of a request to the begin of the next one."""
        ended = [r for r in self.requests() if r.end > 0]
        return [b.start - a.end for a, b in zip(ended, ended[1:])]

    def forget(self):
        self.web.requests.clear()


def listen(host, serve):
    """Calls serve(connection) for each connection in a thread of its own, and closes it afterwards. -> the port"""
    def one(connection):
        try:
            serve(connection)
        except OSError:
            pass
        finally:
            connection.close()

    def accept():
        while True:
            threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    listener = socket.create_server((host, 0), backlog=128)
    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def read_head(connection):
    """The request up to its empty line, as text; '' when the other side is gone."""
    head = b''
    while b'\r\n\r\n' not in head:
        more = connection.recv(65536)
        if not more:
            return ''
        head += more
    return head.decode('latin-1')
