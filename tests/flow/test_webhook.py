#!/usr/bin/env python3
"""Posts that are brought: signed requests reach their brands once, whatever is sent twice, and nothing unsigned does.
Run alone: python3 tests/flow/test_webhook.py"""
import base64
import glob
import hashlib
import hmac
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

KEY = 'a-shared-secret-of-the-hotline'
WHSEC = 'whsec_' + base64.b64encode(b'another secret for tickets').decode()
FROZEN_S = 12      # longer than the patience of who asks Redis
FEEDS = '''
[source hotline]
kind = webhook
family = complaint
secret_file = {hotline}
utc_offset = 480
[source tickets]
kind = webhook
family = complaint
secret_file = {tickets}
items = /tickets
map = """
id = /key
text = /fields/description|/fields/summary
posted = /fields/created
author = /fields/reporter/displayName
"""
'''


def s_csv(s):
    return s.run('posts', 'harbour', '--csv')[1]


class Test:
    def __init__(self, f):
        self.f = f
        feeds = FEEDS.format(hotline=f.write('hotline.secret', KEY + '\n'), tickets=f.write('tickets.secret', WHSEC + '\n'))
        self.s = system.System(f, feeds=feeds)
        with open(self.s.config, 'a', encoding='utf-8') as out:
            out.write('[intake]\nport = 0\n')

    def url(self):
        try:
            with open(os.path.join(self.s.data, 'intake.url'), encoding='ascii') as f:
                return f.read().strip()
        except OSError:
            return ''

    def send(self, source, body, headers, method='POST'):
        """(status, answer)"""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        request = urllib.request.Request(self.url() + 'ingest/' + source, data=data if method != 'GET' else None, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as e:
            return e.code, json.loads(e.read() or b'{}')
        except OSError:
            return 0, {}

    def plain(self, body, key, secret=KEY, at=None, source='hotline'):
        """Signed as a shell script would."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        seconds = str(int(time.time() if at is None else at))
        mac = hmac.new(secret.encode(), b'.'.join((key.encode(), seconds.encode(), data)), hashlib.sha256).hexdigest()
        return self.send(source, data, {'Idempotency-Key': key, 'X-Earshot-Timestamp': seconds, 'X-Earshot-Signature': 'sha256=' + mac})

    def standard(self, body, key):
        """Signed as Standard Webhooks has it."""
        data = json.dumps(body, ensure_ascii=False).encode()
        seconds = str(int(time.time()))
        mac = hmac.new(base64.b64decode(WHSEC[6:]), b'.'.join((key.encode(), seconds.encode(), data)), hashlib.sha256).digest()
        return self.send('tickets', data, {'webhook-id': key, 'webhook-timestamp': seconds, 'webhook-signature': 'v1,' + base64.b64encode(mac).decode()})

    def mentions(self, brand):
        code, out, _ = self.s.run('posts', brand, '--json', '--limit', '2000')
        return [json.loads(line)['record']['post'] for line in out.splitlines()] if code == 0 else []

    def count(self, brand):
        return len(self.mentions(brand))

    def arrives(self):
        f = self.f
        now = time.strftime('%Y-%m-%d %H:%M', time.gmtime(time.time() + 8 * 3600 - 600))
        order = {'工单编号': 'W-1', '投诉内容': '云雀电动车起火，请打13800138000。', '来电时间': now, '来电人': '王先生', '品牌': '云雀'}
        status, answer = self.plain(order, 'first')
        f.check('a work order with Chinese names is accepted', (status, answer.get('accepted')) == (202, 1), (status, answer))
        self.plain({'id': 'F-1', 'title': '=HYPERLINK("http://x")', 'text': '港湾咖啡', 'brand': 'harbour'}, 'formula')
        f.check('posts as a table hold no formula', f.wait(lambda: "\"'=HYPERLINK(\"\"http://x\"\")\",港湾咖啡," in s_csv(self.s), 15), s_csv(self.s))
        f.check('it reaches its brand', f.wait(lambda: self.count('yunque') == 1, 15), self.count('yunque'))
        post = (self.mentions('yunque') or [{}])[0]
        f.check('masked, by a pseudonym, at its time in its zone', '13800138000' not in json.dumps(post) and post.get('author', '').startswith('a:') and
                abs(post.get('posted_ms', 0) / 1000 - time.time() + 600) < 130 and post.get('native_id') == 'W-1', post)
        tickets = {'tickets': [{'key': 'T-%d' % i, 'fields': {'description': 'Harbour Coffee refuses a refund %d' % i, 'created': int(time.time()) - 60,
                                                               'reporter': {'displayName': 'Jo'}}} for i in range(3)]}
        status, answer = self.standard(tickets, 'msg_1')
        f.check('tickets are found by pointers, signed as Standard Webhooks', (status, answer.get('accepted')) == (202, 3), (status, answer))
        f.check('each of them is counted', f.wait(lambda: self.count('harbour') == 4, 15), self.count('harbour'))
        lines = b'\n'.join(json.dumps({'id': 'n%d' % i, 'text': 'Skylark EV battery is broken'}).encode() for i in range(5)) + b'\n{"id": 1\n'
        status, answer = self.plain(lines, 'lines')
        f.check('of NDJSON the bad line is told and the others are taken', (status, answer.get('accepted'), answer.get('refused')) == (202, 5, 1) and
                answer['errors'][0]['item'] == 6, (status, answer))
        f.check('and counted', f.wait(lambda: self.count('yunque') == 6, 15), self.count('yunque'))

    def once(self):
        f = self.f
        order = {'text': '云雀电动车又坏了，没有编号'}
        first, again = self.plain(order, 'twice'), self.plain(order, 'twice')
        f.check('a repeated key is answered and says so', again[0] == 202 and again[1].get('repeated') is True and again[1]['accepted'] == first[1]['accepted'], again)
        f.check('the same key with another body is refused', self.plain({'text': '云雀别的事'}, 'twice')[0] == 409)
        f.check('the same post under another key', self.plain({'id': 'W-1', 'text': '云雀电动车起火'}, 'another')[0] == 202)
        f.check('is there once', f.wait(lambda: self.count('yunque') == 7, 15), self.count('yunque'))
        time.sleep(1.5)
        f.check('and stays so', self.count('yunque') == 7, self.count('yunque'))

    def refused(self):
        f = self.f
        post = {'id': 'evil', 'text': '云雀电动车：没有签名'}
        now = str(int(time.time()))
        f.check('without a signature: 401', self.send('hotline', post, {'Idempotency-Key': 'x'})[0] == 401)
        f.check('with a wrong one: 401', self.plain(post, 'x', secret='not the secret at all')[0] == 401)
        f.check('of another source: 401', self.plain(post, 'x', source='tickets')[0] == 401)
        f.check('with an old time: 401', self.plain(post, 'x', at=time.time() - 3600)[0] == 401)
        f.check('without an id: 400', self.send('hotline', post, {'X-Earshot-Timestamp': now, 'X-Earshot-Signature': 'sha256=00'})[0] == 400)
        f.check('to no source: 404', self.plain(post, 'x', source='nobody')[0] == 404)
        f.check('GET: 405', self.send('hotline', b'', {}, method='GET')[0] == 405)
        f.check('no JSON: 400', self.plain(b'{"text":', 'x')[0] == 400)
        f.check('nothing that is a post: 422', self.plain([{'a': 1}, 2], 'x')[0] == 422)
        begin = time.monotonic()
        f.check('a body beyond the cap: 413', self.plain(b'[' + b' ' * (3 << 20) + b']', 'x')[0] == 413)
        took = time.monotonic() - begin
        f.check('and said at once: what arrived is not left for the next turn', took < 5, '%.1f s' % took)
        f.check('more posts than one request may bring: 413', self.plain([{'id': i, 'text': 'x'} for i in range(1001)], 'x')[0] == 413)
        status, answer = self.plain([{'text': '云雀', 'brand': 'nobody'}], 'x')
        f.check('a brand nobody watches is told', status == 422 and 'nobody' in answer.get('error', ''), answer)
        f.check('none of it was counted', self.count('yunque') == 7, self.count('yunque'))

    def outlives(self):
        """What was accepted is on disk: Redis and the crawler may die."""
        f, s = self.f, self.s
        os.kill(s.pids()['redis-server'], signal.SIGKILL)
        taken = [self.plain({'id': 'away-%d' % i, 'text': 'Skylark EV, posted while Redis is away'}, 'away-%d' % i)[0] for i in range(5)]
        os.kill(s.pids()['crawler'], signal.SIGKILL)
        f.check('requests are taken while Redis is away', taken == [202] * 5, taken)
        f.check('and are counted by the next crawler', f.wait(lambda: self.count('yunque') == 12, 40), self.count('yunque'))
        f.check('nothing waits any more', f.wait(lambda: not glob.glob(os.path.join(s.data, 'intake', '*.jsonl')), 10))
        f.check('the intake listens again', f.wait(lambda: self.plain({'id': 'back', 'text': '云雀'}, 'back')[0] == 202, 10))

    def frozen(self):
        """Redis does not answer for longer than its patience: whoever brings posts is told so at once."""
        f, s = self.f, self.s
        f.wait(lambda: self.count('yunque') == 13, 10)
        before = self.count('yunque')
        pid = s.pids()['redis-server']
        os.kill(pid, signal.SIGSTOP)
        seen, slowest, end = {}, 0.0, time.monotonic() + FROZEN_S
        n = 0
        while time.monotonic() < end:
            begin, n = time.monotonic(), n + 1
            status = self.plain({'id': 'frozen-%d' % n, 'text': 'Skylark EV, posted while Redis is frozen'}, 'frozen-%d' % n)[0]
            slowest = max(slowest, time.monotonic() - begin)
            seen[status] = seen.get(status, 0) + 1
            time.sleep(0.1)
        os.kill(pid, signal.SIGCONT)
        f.check('while Redis is frozen no request waits for more than some seconds', slowest < 5, '%.1f s' % slowest)
        f.check('each is accepted or told to come later', set(seen) <= {202, 503} and 503 in seen, str(seen))
        f.check('and what was accepted is counted', f.wait(lambda: self.count('yunque') == before + seen.get(202, 0), 40),
                '%d, before %d; %s' % (self.count('yunque'), before, seen))

    def run(self):
        self.s.start()
        self.f.check('the intake listens', self.f.wait(self.url, 10), self.s.log()[-300:])
        self.arrives()
        self.once()
        self.refused()
        self.outlives()
        self.frozen()
        self.s.stop()


with flow.Flow('webhook') as flow_:
    Test(flow_).run()
sys.exit(flow_.exit_code())
