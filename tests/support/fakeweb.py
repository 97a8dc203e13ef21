#!/usr/bin/env python3
"""The fake web: serves the flow tests and the demo on loopback. Standard library only.

  fakeweb.py --port 0 --port-file F [--root DIR] [--script POSTS.jsonl] [--plans PLANS.json] [--sink-log FILE]

GET  /PATH              a file under --root, with ETag, Last-Modified, 304, gzip
GET  /FEED.xml|.atom|.json|.html      a feed of --script: a post appears once its time has come
GET  /grow/NAME.xml|.atom|.json|.html a feed that grows by its plan (see Plan)
GET  /fault/KIND        one of FAULTS
POST /sink/NAME[?mode=M] a webhook receiver; GET gives all it received as a JSON list, DELETE empties it
PUT  /mode/NAME         how the sink or grow feed NAME behaves: a mode, or {"mode": M, "times": N, "seconds": S}
PUT  /plan/NAME         a plan for /grow/NAME, as JSON; starts its clock
PUT  /clock             starts the clock of --script and of all plans again
GET  /log               requests served: method, path, status, start, end, if_none_match …; DELETE empties it

FAULTS are the fault_… methods (ask for any other name to see the list). Modes: ok 500 503 429 lost (taken in, no answer) slow timeout reset garbage truncate wecom-error dingtalk-error.
"""
import argparse
import calendar
import collections
import email.utils
import gzip
import hashlib
import http.server
import json
import mimetypes
import os
import random
import re
import signal
import socket
import struct
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fakepages  # noqa: E402

LOG_LENGTH = 200000
BODY_LIMIT = 16 << 20
PATIENCE_S = 120    # a "timeout" ends by itself after this
TYPES = {'.xml': 'application/xml; charset=utf-8', '.rss': 'application/rss+xml; charset=utf-8', '.atom': 'application/atom+xml; charset=utf-8',
         '.json': 'application/json; charset=utf-8', '.jsonl': 'application/jsonl; charset=utf-8', '.html': 'text/html; charset=utf-8',
         '.txt': 'text/plain; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8'}

# Used where a plan brings no texts; {i} is the number of the post.
TEXTS = [
    {'brand': 'yunque', 'lang': 'zh', 'title': '云雀电动车刹车异响', 'text': '云雀电动车骑了两个月刹车就异响，售后让我自己拧螺丝。第{i}次投诉。'},
    {'brand': 'harbour', 'lang': 'en', 'title': 'Harbour Coffee got my order wrong', 'text': 'Harbour Coffee gave me the wrong drink again and nobody apologised. Visit {i}.'},
    {'brand': 'yunque', 'lang': 'zh', 'title': '云雀续航不错', 'text': '云雀电动车今天跑了六十公里还有电，续航满意。记录{i}。'},
    {'brand': 'harbour', 'lang': 'en', 'title': 'Lovely morning at Harbour Coffee', 'text': 'The flat white at Harbour Coffee was great and the staff were kind. Note {i}.'},
    {'brand': 'yunque', 'lang': 'en', 'title': 'Skylark EV refuses my refund', 'text': 'Skylark EV refuses to refund my deposit although the scooter never arrived. Ticket {i}.'},
    {'brand': 'harbour', 'lang': 'zh', 'title': '港湾咖啡排队太久', 'text': '港湾咖啡今天排队四十分钟，服务员态度很差，很失望。编号{i}。'},
]


class Plan:
    """total posts, `per_second` of them from the start of the clock, `start` of them there before; texts cycle. `window` = only
    the newest N are in the feed (0 = whole history). `epoch` (seconds) fixes the dates; else they follow the clock."""

    def __init__(self, name, spec):
        self.name = name
        self.total = int(spec.get('total', 100))
        self.per_second = float(spec.get('per_second', 1))
        self.start = int(spec.get('start', 0))
        self.spacing_s = float(spec.get('spacing_s', 60))
        self.window = int(spec.get('window', 0))
        self.prefix = spec.get('id_prefix', name + '-')
        self.lang = spec.get('lang')
        self.epoch = spec.get('epoch')
        texts = [t if isinstance(t, dict) else {'text': t} for t in spec.get('texts') or TEXTS]
        brands = spec.get('brands')
        self.texts = [t for t in texts if not brands or t.get('brand') is None or t['brand'] in brands] or texts
        self.restart()

    def restart(self):
        self.clock = time.time()

    def count(self):
        return max(0, min(self.total, self.start + int((time.time() - self.clock) * self.per_second)))

    def post(self, i, base):
        t = self.texts[i % len(self.texts)]
        text = t['text'].replace('{i}', str(i))
        zero = self.epoch if self.epoch is not None else self.clock
        step = 1 / self.per_second if self.per_second > 0 else self.spacing_s
        at = zero + ((i + 1 - self.start) * step if i >= self.start else (i - self.start) * self.spacing_s)
        return {'guid': '%s%d' % (self.prefix, i), 'title': t.get('title', text[:24]).replace('{i}', str(i)), 'text': text,
                'author': t.get('author') or 'reader%d' % (i % 97), 'lang': t.get('lang') or self.lang or 'en', 'at': int(at),
                'replies': i % 7, 'likes': i % 23, 'url': '%s/grow/%s/post/%d' % (base, self.name, i)}

    def posts(self, base):
        n = self.count()
        first = max(0, n - self.window) if self.window > 0 else 0
        return [self.post(i, base) for i in range(first, n)]


class Script:
    """The demo site: posts with a time relative to the start of the clock ("at_minutes" before it, or "after_start_s")."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as f:
            self.rows = [json.loads(line) for line in f if line.strip()]
        self.restart()

    def restart(self):
        self.clock = time.time()

    def names(self):
        return sorted({r['feed'] for r in self.rows})

    def posts(self, feed, base):
        now, out = time.time(), []
        for r in self.rows:
            at = self.clock + (r['after_start_s'] if 'after_start_s' in r else r['at_minutes'] * 60)
            if r['feed'] != feed or at > now:
                continue
            out.append({'guid': r['guid'], 'title': r.get('title', ''), 'text': r['text'], 'author': r['author'], 'lang': r['lang'],
                        'at': int(at), 'likes': r.get('likes', 0), 'replies': r.get('replies', 0),
                        'url': '%s/%s.html#%s' % (base, feed, r['guid'])})
        return sorted(out, key=lambda p: (p['at'], p['guid']))


class World:
    """Everything that is shared between requests."""

    def __init__(self, options):
        self.lock = threading.Lock()
        self.root = os.path.realpath(options.root) if options.root else None
        self.script = Script(options.script) if options.script else None
        self.plans, self.modes, self.sinks = {}, {}, collections.defaultdict(list)
        self.log = collections.deque(maxlen=LOG_LENGTH)
        self.sink_log = open(options.sink_log, 'a', encoding='utf-8') if options.sink_log else None
        if options.plans:
            with open(options.plans, encoding='utf-8') as f:
                self.plans = {name: Plan(name, spec) for name, spec in json.load(f).items()}

    def take_mode(self, name):
        """The mode of the next request to NAME; a mode with "times" wears off."""
        with self.lock:
            m = self.modes.get(name)
            if m is None:
                return {'mode': 'ok'}
            if m.get('times') is not None:
                m['times'] -= 1
                if m['times'] <= 0:
                    del self.modes[name]
            return dict(m)

    def receive(self, name, record):
        with self.lock:
            self.sinks[name].append(record)
            if self.sink_log:
                self.sink_log.write(json.dumps(record, ensure_ascii=False) + '\n')
                self.sink_log.flush()


def sink_answer(name, mode):
    """-> status, headers, body as the named service answers."""
    if mode == '500':
        return 500, {}, 'something broke'
    if mode == '503':
        return 503, {'Retry-After': '2'}, 'busy'
    if mode == '429':
        return 429, {'Retry-After': '2'}, 'too many requests'
    if mode == 'wecom-error':
        return 200, {}, json.dumps({'errcode': 93000, 'errmsg': 'invalid webhook url'})
    if mode == 'dingtalk-error':
        return 200, {}, json.dumps({'errcode': 310000, 'errmsg': 'sign not match'})
    if name.startswith(('dingtalk', 'wecom')):
        return 200, {}, json.dumps({'errcode': 0, 'errmsg': 'ok'})
    if name.startswith(('feishu', 'lark')):
        return 200, {}, json.dumps({'code': 0, 'msg': 'success', 'data': {}})
    return 200, {}, json.dumps({'ok': True})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_version, sys_version = 'fakeweb', ''
    timeout = PATIENCE_S
    world = None

    # ---- answers

    def log_message(self, *args):
        pass

    def base(self):
        return 'http://%s' % (self.headers.get('Host') or 'localhost')

    def reply(self, status, body=b'', content_type='text/plain; charset=utf-8', headers=None):
        if isinstance(body, str):
            body = body.encode('utf-8')
        self.send_response(status)
        if status != 304:
            self.send_header('Content-Type', content_type)
            self.send_header('Content-Length', str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD' and status != 304:
            self.wfile.write(body)

    def reply_json(self, value, status=200):
        self.reply(status, json.dumps(value, ensure_ascii=False), 'application/json; charset=utf-8')

    def reply_document(self, body, content_type, modified):
        """With validators: 304 when the client has it, gzip when the client can."""
        etag = '"%s"' % hashlib.sha256(body).hexdigest()[:24]
        headers = {'ETag': etag, 'Last-Modified': fakepages.http_date(modified), 'Vary': 'Accept-Encoding'}
        match, since = self.headers.get('If-None-Match'), self.headers.get('If-Modified-Since')
        if match is not None:
            known = match.strip() == '*' or etag in [t.strip().removeprefix('W/') for t in match.split(',')]
        else:
            parsed = email.utils.parsedate(since) if since else None
            known = parsed is not None and calendar.timegm(parsed) >= int(modified)
        if known:
            return self.reply(304, headers=headers)
        if 'gzip' in self.headers.get('Accept-Encoding', '') and len(body) > 256:
            body = gzip.compress(body, 6, mtime=0)
            headers['Content-Encoding'] = 'gzip'
        self.reply(200, body, content_type, headers)

    def drop(self):
        """Ends the connection with a reset, as a crashed server does."""
        self.close_connection = True
        self.status = 0
        try:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            self.connection.close()
        except OSError:
            pass

    def send_response(self, code, message=None):
        self.status = code
        super().send_response(code, message)

    # ---- requests

    def body(self):
        length = self.headers.get('Content-Length', '0')
        n = int(length) if length.isdigit() else 0
        return self.rfile.read(min(n, BODY_LIMIT))

    def serve(self):
        started, self.status = time.time(), 0
        try:
            self.route()
        except (BrokenPipeError, ConnectionResetError, TimeoutError, OSError, ValueError) as e:
            self.close_connection = True
            if isinstance(e, ValueError) and not self.wfile.closed:
                try:
                    self.reply(400, str(e))
                except OSError:
                    pass
        finally:
            self.world.log.append({'method': self.command, 'path': self.path, 'status': self.status, 'start': started, 'end': time.time(),
                                   'if_none_match': self.headers.get('If-None-Match'), 'if_modified_since': self.headers.get('If-Modified-Since'),
                                   'user_agent': self.headers.get('User-Agent'), 'authorization': self.headers.get('Authorization'),
                                   'client': '%s:%d' % self.client_address[:2]})

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = serve

    def route(self):
        url = urllib.parse.urlsplit(self.path)
        path, query = urllib.parse.unquote(url.path), dict(urllib.parse.parse_qsl(url.query))
        body = self.body()
        first, _, rest = path.lstrip('/').partition('/')
        if self.command == 'PUT':
            return self.put(first, rest, body)
        if first == 'sink':
            return self.sink(rest, query, body)
        if first == 'log':
            return self.show_log()
        if first == 'fault':
            return self.fault(rest, query)
        if first == 'grow':
            return self.grow(rest)
        return self.page(path)

    def put(self, what, name, body):
        w, text = self.world, body.decode('utf-8', 'replace').strip()
        with w.lock:
            if what == 'mode':
                w.modes[name] = json.loads(text) if text.startswith('{') else {'mode': text or 'ok'}
            elif what == 'plan':
                w.plans[name] = Plan(name, json.loads(text))
            elif what == 'clock':
                for clock in list(w.plans.values()) + [w.script] * (w.script is not None):
                    clock.restart()
            else:
                return self.reply(404, 'PUT knows /mode/NAME, /plan/NAME and /clock')
        self.reply_json({'ok': True})

    def show_log(self):
        entries = list(self.world.log)
        if self.command == 'DELETE':
            self.world.log.clear()
        self.reply_json(entries)

    def sink(self, name, query, body):
        w = self.world
        if self.command in ('GET', 'HEAD'):
            return self.reply_json(list(w.sinks[name]))
        if self.command == 'DELETE':
            with w.lock:
                w.sinks[name] = []
            return self.reply_json({'ok': True})
        how = {'mode': query['mode']} if 'mode' in query else w.take_mode(name)
        mode = how.get('mode', 'ok')
        w.receive(name, {'time': time.time(), 'sink': name, 'path': self.path, 'mode': mode, 'headers': dict(self.headers.items()),
                         'body': body.decode('utf-8', 'replace')})
        if mode not in ('slow',) and self.misbehave(mode, how):
            return None
        if mode == 'slow':
            time.sleep(float(how.get('seconds', 3)))
        status, headers, answer = sink_answer(name, mode)
        self.reply(status, answer, 'application/json; charset=utf-8', headers)
        return None

    def grow(self, rest):
        found = re.fullmatch(r'([\w.-]+)\.(xml|atom|json|html)', rest)
        plan = self.world.plans.get(found[1]) if found else None
        if plan is None:
            return self.reply(404, 'no plan for %s; PUT one to /plan/NAME' % rest)
        how = self.world.take_mode(found[1])
        if self.misbehave(how.get('mode', 'ok'), how):
            return None
        return self.feed(found[1], plan.posts(self.base()), found[2], plan.clock)

    def feed(self, name, posts, ending, clock):
        render, content_type = fakepages.RENDER[ending]
        modified = max([p['at'] for p in posts], default=clock)
        self.reply_document(render(name, posts, self.base()).encode('utf-8'), content_type, min(modified, time.time()))

    def page(self, path):
        w = self.world
        found = re.fullmatch(r'/([\w-]+)\.(xml|atom|json|html)', path)
        if w.script and found and found[1] in w.script.names():
            return self.feed(found[1], w.script.posts(found[1], self.base()), found[2], w.script.clock)
        full = os.path.realpath(os.path.join(w.root, path.lstrip('/'))) if w.root and '\0' not in path else None
        if full and os.path.isdir(full):
            full = os.path.join(full, 'index.html')
        if not full or not full.startswith(w.root + os.sep) or not os.path.isfile(full):
            return self.index() if path == '/' and w.script else self.reply(404, 'nothing here')
        ending = os.path.splitext(full)[1].lower()
        with open(full, 'rb') as f:
            self.reply_document(f.read(), TYPES.get(ending) or mimetypes.guess_type(full)[0] or 'application/octet-stream', os.path.getmtime(full))
        return None

    def index(self):
        rows = ''.join('<li><a href="/%s.html">%s</a> (<a href="/%s.xml">RSS</a>, <a href="/%s.atom">Atom</a>, <a href="/%s.json">JSON Feed</a>)</li>'
                       % (n, n, n, n, n) for n in self.world.script.names())
        self.reply(200, '<!doctype html><meta charset="utf-8"><title>fake web</title><h1>Demo site</h1><ul>%s</ul>' % rows, 'text/html; charset=utf-8')

    # ---- misbehaviour

    def misbehave(self, mode, how):
        """True when the request was answered (or not) in a bad way and is over."""
        act = {'500': self.fault_500, '503': self.fault_503, '429': self.fault_429, 'timeout': self.fault_timeout, 'lost': self.fault_reset,
               'reset': self.fault_reset, 'garbage': self.fault_garbage, 'truncate': self.fault_truncate, 'slow': self.fault_slow}.get(mode)
        if act is None:
            return False
        act(how)
        return True

    def fault(self, kind, query):
        act = getattr(self, 'fault_' + kind.replace('-', '_'), None)
        if act is None:
            names = sorted(n[6:].replace('_', '-') for n in dir(self) if n.startswith('fault_'))
            return self.reply(404, 'no such fault; there are: ' + ' '.join(names))
        return act(query)

    def fault_500(self, how):
        self.reply(500, 'something broke')

    def fault_503(self, how):
        self.reply(503, 'busy', headers={'Retry-After': str(how.get('after', 2))})

    def fault_429(self, how):
        self.reply(429, 'too many requests', headers={'Retry-After': str(how.get('after', 2))})

    def fault_timeout(self, how):
        time.sleep(float(how.get('seconds', PATIENCE_S)))
        self.drop()

    def fault_reset(self, how):
        self.drop()

    def fault_garbage(self, how):
        self.reply(200, random.Random(how.get('seed', 1)).randbytes(int(how.get('bytes', 20000))), 'application/rss+xml')

    def fault_not_http(self, how):
        self.close_connection = True
        self.wfile.write(b'220 mail.example ESMTP ready\r\n250 hello\r\n')

    def document(self):
        posts = Plan('fault', {'total': 50, 'start': 50}).posts(self.base())
        return fakepages.rss('fault', posts, self.base()).encode('utf-8')

    def fault_truncate(self, how):
        """Announces a whole feed, sends half of it."""
        body = self.document()
        self.send_response(200)
        self.send_header('Content-Type', 'application/rss+xml; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2])
        self.close_connection = True

    def fault_slow(self, how):
        """A good feed, a few bytes at a time."""
        body, pause = self.document(), float(how.get('pause', 0.5))
        self.send_response(200)
        self.send_header('Content-Type', 'application/rss+xml; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        for at in range(0, len(body), 16):
            self.wfile.write(body[at:at + 16])
            self.wfile.flush()
            time.sleep(pause)

    def fault_gzip_bomb(self, how):
        """Some kilobytes that unpack to 64 MiB; with ?layers=2 packed twice."""
        packed = gzip.compress(bytes(64 << 20), 9, mtime=0) if not hasattr(Handler, 'bomb') else Handler.bomb
        Handler.bomb = packed
        layers = int(how.get('layers', 1))
        for _ in range(layers - 1):
            packed = gzip.compress(packed, 9, mtime=0)
        self.reply(200, packed, 'application/rss+xml', {'Content-Encoding': ', '.join(['gzip'] * layers)})

    def fault_huge_body(self, how):
        """A feed without end: at most 64 MiB are sent."""
        self.send_response(200)
        self.send_header('Content-Type', 'application/rss+xml')
        self.send_header('Connection', 'close')
        self.end_headers()
        self.close_connection = True
        for _ in range(1024):
            self.wfile.write(b'<item><title>more</title></item>' * 2048)

    def fault_huge_headers(self, how):
        self.send_response(200)
        for i in range(int(how.get('n', 4000))):
            self.send_header('X-Filler-%d' % i, 'x' * 64)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def fault_redirect_loop(self, how):
        self.reply(302, headers={'Location': '/fault/redirect-loop'})

    def fault_redirect_private(self, how):
        self.reply(int(how.get('status', 302)), headers={'Location': how.get('to', 'http://169.254.169.254/latest/meta-data/')})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass    # a client that went away is no news

    def get_request(self):
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


def write_port(path, port):
    with open(path + '.new', 'w', encoding='ascii') as f:
        f.write('%d\n' % port)
    os.replace(path + '.new', path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--port-file')
    parser.add_argument('--root')
    parser.add_argument('--script')
    parser.add_argument('--plans')
    parser.add_argument('--sink-log')
    options = parser.parse_args()
    Handler.world = World(options)
    server = Server((options.host, options.port), Handler)
    if options.port_file:
        write_port(options.port_file, server.server_address[1])
    else:
        print(server.server_address[1], flush=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    server.serve_forever()


if __name__ == '__main__':
    main()
