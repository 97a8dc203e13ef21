"""A web server that is a witness: it answers what a function tells it to and remembers of each request when it began and ended, what
was asked, by whom, and over how many connections. In a thread of the test; any 127.x.y.z is one of its hosts. Standard library only.
For one site that is asked for a few things there is smallweb.py.

    web = auditweb.Web(lambda request: auditweb.Answer(200, {'ETag': '"1"'}, b'<rss/>', after=0.1))
    web.url('127.1.0.1', '/feed.xml')
    web.requests        # list of Request, oldest first
"""
import asyncio
import threading
import time

GRACE_S = 10


class Request:
    """One request. `end` is the moment at which its answer was handed to the socket, or its connection was gone; 0 = under way."""

    def __init__(self, line, headers, body, connection):
        self.method, self.path = line.split(' ')[:2]
        self.host, self.headers, self.body, self.connection = connection.host, headers, body, connection
        self.start, self.end = time.time(), 0.0
        self.status, self.is_lost, self.wait_until = 0, False, 0.0

    def header(self, name):
        return self.headers.get(name.lower())

    @property
    def agent(self):
        return self.header('user-agent') or ''


class Answer:
    """`after`: seconds until it is given. `wait`: seconds that its Retry-After asks for, or `until` when, to be held against later requests."""

    def __init__(self, status=200, headers=None, body=b'', after=0.0, wait=0.0, until=0.0):
        self.status, self.headers, self.body, self.after, self.wait, self.until = status, headers or {}, body, after, wait, until


class Connection(asyncio.Protocol):
    def __init__(self, web):
        self.web, self.data, self.now, self.timer = web, b'', None, None

    def connection_made(self, transport):
        self.transport = transport
        self.host, self.peer = transport.get_extra_info('sockname')[0], transport.get_extra_info('peername')[0]
        self.opened, self.closed = time.time(), 0.0
        self.web.connections.append(self)

    def data_received(self, data):
        self.data += data
        while self.now is None and b'\r\n\r\n' in self.data:
            head, rest = self.data.split(b'\r\n\r\n', 1)
            line, *lines = head.decode('latin-1').split('\r\n')
            headers = {name.strip().lower(): value.strip(' ') for name, _, value in (line.partition(':') for line in lines)}
            size = int(headers.get('content-length', 0))
            if len(rest) < size:
                return
            self.data = rest[size:]
            self.take(Request(line, headers, rest[:size], self))

    def take(self, request):
        self.now = request
        self.web.requests.append(self.now)
        answer = self.web.answer(self.now)
        if answer.after > 0:
            self.timer = self.web.loop.call_later(answer.after, self.give, answer)
        else:
            self.give(answer)

    def give(self, answer):
        r, self.now, self.timer = self.now, None, None
        r.status, r.end = answer.status, time.time()
        r.wait_until = r.end + answer.wait if answer.wait else answer.until
        headers = dict(answer.headers)
        if answer.status != 304:
            headers['Content-Length'] = str(len(answer.body))
        head = ''.join('%s: %s\r\n' % pair for pair in headers.items())
        self.transport.write(('HTTP/1.1 %d Answer\r\n%s\r\n' % (answer.status, head)).encode('latin-1') + answer.body)
        self.data_received(b'')

    def connection_lost(self, error):
        self.closed = time.time()
        if self.timer is not None:
            self.timer.cancel()
        if self.now is not None:
            self.now.end, self.now.is_lost = self.closed, True
            self.now = None


class Web:
    def __init__(self, answer, host='0.0.0.0'):
        self.answer, self.host, self.requests, self.connections = answer, host, [], []
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self.run, args=(ready,), daemon=True).start()
        if not ready.wait(GRACE_S):
            raise RuntimeError('the witness did not start')

    def run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(self.loop.create_server(lambda: Connection(self), self.host, 0, backlog=1024))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    def url(self, host, path):
        return 'http://%s:%d%s' % (host, self.port, path)

    def of(self, path):
        return [r for r in list(self.requests) if r.path == path]
