"""A web server as fast as Python allows, in a process of its own: canned answers to whoever asks, on any 127.x.y.z. For tests that
count fetches by the million. Standard library only.

    web = fastweb.Web(after=1.0)        # seconds until an answer is given
    web.url('127.1.0.1', '/feed.xml')
    web.most                            # requests under way at one moment, the most so far
"""
import asyncio
import multiprocessing
import resource

BACKLOG = 8192
FEED = ('<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>板块 board</title>%s</channel></rss>' % ''.join(
    '<item><guid>%d</guid><title>今天骑车上班 %d</title><description>路上二十分钟，天气不错。 A quiet day at the café, nothing to report.</description></item>'
    % (i, i) for i in range(5))).encode()


def answer_of(status, body=b'', headers=b''):
    return b'HTTP/1.1 %d Answer\r\nContent-Length: %d\r\n%s\r\n%s' % (status, len(body), headers, body)


FULL = answer_of(200, FEED, b'ETag: "1"\r\nContent-Type: application/rss+xml\r\n')
SAME = b'HTTP/1.1 304 Answer\r\nETag: "1"\r\n\r\n'
NONE = answer_of(404)


class Connection(asyncio.Protocol):
    def __init__(self, web):
        self.web = web

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        web = self.web
        answer = NONE if data.startswith(b'GET /robots.txt') else SAME if b'\nIf-None-Match:' in data else FULL
        if web.after == 0 or answer is NONE:
            self.transport.write(answer)
            return
        web.now += 1
        if web.now > web.shared.value:
            web.shared.value = web.now
        asyncio.get_running_loop().call_later(web.after, self.give, answer)

    def give(self, answer):
        self.web.now -= 1
        self.transport.write(answer)


class Web:
    def __init__(self, after=0.0):
        self.after, self.now = after, 0
        self.shared, port, ready = multiprocessing.Value('i', 0), multiprocessing.Value('i', 0), multiprocessing.Event()
        self.process = multiprocessing.Process(target=self.run, args=(port, ready), daemon=True)
        self.process.start()
        if not ready.wait(10):
            raise RuntimeError('the fast web server did not start')
        self.port = port.value

    def run(self, port, ready):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

        async def serve():
            server = await asyncio.get_running_loop().create_server(lambda: Connection(self), '0.0.0.0', 0, backlog=BACKLOG)
            port.value = server.sockets[0].getsockname()[1]
            ready.set()
            await server.serve_forever()
        asyncio.run(serve())

    def url(self, host, path):
        return 'http://%s:%d%s' % (host, self.port, path)

    @property
    def most(self):
        return self.shared.value

    def stop(self):
        self.process.terminate()
        self.process.join()
