#!/usr/bin/env python3
"""The notifier from outbox to target: signatures, retries, dead letters, kill -9, reload. Run alone: python3 tests/flow/test_notifier.py"""
import base64
import hashlib
import hmac
import json
import os
import signal
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402

HOOK_KEY = b'0123456789abcdef01234567'
HOOK_SECRET = 'whsec_' + base64.b64encode(HOOK_KEY).decode()
DING_SECRET = 'SECflowtest0001'
TOKEN = 'tok-3f9c1a77'

ROUTES = '''
[target log]
channel = log
path = alerts.log
lang = zh
[target hook]
channel = webhook
url = {web}/sink/hook?token={token}
secret_env = FLOW_HOOK_SECRET
allow_cidr = 127.0.0.0/8
[target slow]
channel = webhook
url = {web}/sink/slow
allow_cidr = 127.0.0.0/8
[target gone]
channel = webhook
url = {web}/no/such/place
allow_cidr = 127.0.0.0/8
[target guarded]
channel = webhook
url = {web}/sink/guarded
[target wecom]
channel = wecom
lang = zh
url = {web}/sink/wecom
token_env = FLOW_TOKEN
allow_cidr = 127.0.0.0/8
[target dingtalk]
channel = dingtalk
url = {web}/sink/dingtalk
token_env = FLOW_TOKEN
secret_env = FLOW_DING_SECRET
allow_cidr = 127.0.0.0/8
[route hook]
brands = yunque
targets = hook, log
[route dead]
brands = harbour
targets = gone, guarded
[route robots]
brands = robots
targets = wecom, dingtalk
[route slow]
brands = snail, yunque
events = escalated
targets = slow
'''
BRANDS = ['yunque', 'harbour', 'robots', 'snail']


def alert(brand, number, event='surge'):
    """The JSON of an alert, from the golden cases, for another incident."""
    with open(os.path.join(flow.ROOT, 'tests', 'golden', 'render', 'opened-red.in'), encoding='utf-8') as f:
        a = json.load(f)
    incident = hashlib.sha256(('%s %d' % (brand, number)).encode()).hexdigest()[:32]
    a['event_id'] = incident + ':1'
    a['brand'] = brand
    a['event'] = event
    a['incident'].update(id=incident, revision=1)
    return a


class Test:
    def __init__(self, f):
        self.f = f
        self.role = None
        self.redis = f.start_redis()

    def put(self, brand, number, event='surge'):
        a = alert(brand, number, event)
        self.f.redis('XADD', 'es:{b:%s}:outbox' % brand, '*', 'alert', json.dumps(a, ensure_ascii=False))
        return a['event_id']

    def state(self, brand, delivery):
        text = self.f.redis('HGET', 'es:{b:%s}:deliveries' % brand, delivery)
        return json.loads(text) if text else {}

    def settled(self, brand, delivery, state, timeout=30):
        self.f.wait(lambda: self.state(brand, delivery).get('state') == state, timeout)
        return self.state(brand, delivery)

    def received(self, sink, delivery):
        return [r for r in self.f.sink(sink) if header(r, 'webhook-id') == delivery]

    def start(self):
        self.role = self.f.role('notifier', '--config', self.f.path('earshot.conf'))

    # ---- the cases

    def signed_webhook(self):
        f, event = self.f, self.put('yunque', 1)
        f.wait(lambda: self.received('hook', event + ':hook'))
        got = self.received('hook', event + ':hook')
        f.check('an alert in the outbox arrives once at the webhook with its delivery id', len(got) == 1, '%d requests' % len(got))
        if not got:
            return
        signed = '%s.%s.%s' % (event + ':hook', header(got[0], 'webhook-timestamp'), got[0]['body'])
        expected = 'v1,' + base64.b64encode(hmac.new(HOOK_KEY, signed.encode(), hashlib.sha256).digest()).decode()
        f.check('its signature is that of Standard Webhooks over the bytes received', header(got[0], 'webhook-signature') == expected)
        f.check('its time is that of now', abs(int(header(got[0], 'webhook-timestamp')) - time.time()) < 60)
        body = json.loads(got[0]['body'])
        f.check('its body is one cloud event with the alert', body['specversion'] == '1.0' and body['data']['alert']['brand'] == 'yunque')
        f.check('it is settled as sent after one attempt', self.settled('yunque', event + ':hook', 'sent').get('attempts') == 1)
        self.settled('yunque', event + ':log', 'sent')
        with open(f.path('data', 'alerts.log'), encoding='utf-8') as log:
            lines = [json.loads(line) for line in log]
        f.check('the log file has it as one line, in Chinese', [x['delivery'] for x in lines] == [event + ':log'] and '红色' in lines[0]['text'])
        f.check('the outbox is empty then', f.redis('XLEN', 'es:{b:yunque}:outbox') == '0')

    def tried_again(self):
        f = self.f
        f.web('PUT', '/mode/hook', {'mode': '500', 'times': 2})
        event = self.put('yunque', 2)
        done = self.settled('yunque', event + ':hook', 'sent')
        got = self.received('hook', event + ':hook')
        f.check('a target that fails twice gets the same id a third time', len(got) == 3 and done.get('attempts') == 3,
                '%d requests, %s' % (len(got), done.get('attempts')))
        f.check('the pauses grow', len(got) == 3 and got[2]['time'] - got[1]['time'] > 1.5)
        f.web('PUT', '/mode/hook', {'mode': '429', 'times': 1})
        event = self.put('yunque', 3)
        self.settled('yunque', event + ':hook', 'sent')
        got = self.received('hook', event + ':hook')
        f.check('a Retry-After is waited for', len(got) == 2 and got[1]['time'] - got[0]['time'] >= 1.9)

    def dead_letters(self):
        f, event = self.f, self.put('harbour', 1)
        gone = self.settled('harbour', event + ':gone', 'dead')
        f.check('a 4xx ends in the dead letters after one attempt', gone.get('state') == 'dead' and gone.get('attempts') == 1, str(gone)[:200])
        guarded = self.settled('harbour', event + ':guarded', 'dead')
        f.check('a loopback address without allow_cidr is refused', guarded.get('state') == 'dead', str(guarded)[:200])
        f.check('nothing reached it', f.sink('guarded') == [])
        dead = f.redis_json('XRANGE', 'es:{b:harbour}:deliveries:dead', '-', '+')
        f.check('both lie in the dead-letter list with their reason', len(dead) == 2 and all('error' in str(d) for d in dead), str(dead)[:200])
        f.redis('XADD', 'es:{b:harbour}:outbox', '*', 'alert', '{"broken')
        f.wait(lambda: f.redis('XLEN', 'es:{b:harbour}:deliveries:dead') == '3')
        dead = f.redis_json('XREVRANGE', 'es:{b:harbour}:deliveries:dead', '+', '-', 'COUNT', '1')
        f.check('an alert that cannot be read lies there too', 'cannot be read' in str(dead), str(dead)[:200])
        later = self.put('harbour', 2)
        f.check('and does not hold up the next', self.settled('harbour', later + ':gone', 'dead').get('state') == 'dead')

    def robots(self):
        f, event = self.f, self.put('robots', 1)
        self.settled('robots', event + ':wecom', 'sent')
        self.settled('robots', event + ':dingtalk', 'sent')
        wecom, ding = f.sink('wecom'), f.sink('dingtalk')
        f.check('the WeCom robot gets a Chinese text of at most 2,048 bytes', len(wecom) == 1 and 'key=' + TOKEN in wecom[0]['path'] and
                len(json.loads(wecom[0]['body'])['text']['content'].encode()) <= 2048)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(ding[0]['path']).query) if ding else {}
        stamp = query.get('timestamp', ['0'])[0]
        sign = base64.b64encode(hmac.new(DING_SECRET.encode(), ('%s\n%s' % (stamp, DING_SECRET)).encode(), hashlib.sha256).digest()).decode()
        f.check('the DingTalk robot gets a signed address', query.get('sign') == [sign] and query.get('access_token') == [TOKEN])
        f.web('PUT', '/mode/wecom', {'mode': 'wecom-error', 'times': 1})
        event = self.put('robots', 2)
        f.check('an errcode in a 200 is a refusal', self.settled('robots', event + ':wecom', 'dead').get('state') == 'dead')

    def slow_target(self):
        f = self.f
        f.web('PUT', '/mode/slow', {'mode': 'slow', 'seconds': 6, 'times': 2})
        self.put('snail', 1, 'escalate')
        f.wait(lambda: f.sink('slow'))
        started = time.time()
        event = self.put('yunque', 4)
        self.settled('yunque', event + ':hook', 'sent', 5)
        f.check("one brand's slow target does not hold up another brand", time.time() - started < 3, '%.1f s' % (time.time() - started))

    def killed(self):
        f = self.f
        f.web('PUT', '/mode/hook', {'mode': 'slow', 'seconds': 4, 'times': 1})
        event = self.put('yunque', 5)
        f.wait(lambda: self.received('hook', event + ':hook'))
        f.end(self.role, signal.SIGKILL)
        held = self.state('yunque', event + ':hook')
        f.check('the attempt was written down before it left', held.get('state') == 'sending' and held.get('attempts') == 1, str(held)[:200])
        later = self.put('yunque', 6)
        self.start()
        f.check('what came while it was dead is delivered after the restart', self.settled('yunque', later + ':hook', 'sent', 40).get('state') == 'sent')
        done = self.settled('yunque', event + ':hook', 'sent', 40)
        got = self.received('hook', event + ':hook')
        f.check('what was under way when it was killed goes out again under the same id', done.get('state') == 'sent' and len(got) == 2,
                '%d requests, %s' % (len(got), str(done)[:200]))

    def redis_killed(self):
        f = self.f
        f.web('PUT', '/mode/hook', {'mode': 'slow', 'seconds': 4, 'times': 1})
        event = self.put('yunque', 9)
        f.wait(lambda: self.received('hook', event + ':hook'))
        time.sleep(1.5)  # the append-only file is flushed once a second
        f.end(self.redis, signal.SIGKILL)
        time.sleep(4)
        self.redis = f.start_redis()
        done = self.settled('yunque', event + ':hook', 'sent', 30)
        got = self.received('hook', event + ':hook')
        f.check('Redis killed while an alert is out: it is settled afterwards and not sent twice', done.get('state') == 'sent' and len(got) == 1,
                '%d requests, %s' % (len(got), str(done)[:200]))

    def reload(self):
        f = self.f
        good = f.path('rules', 'routes.conf')
        f.write('rules/routes.conf', '[target x]\nchannel = nonsense\n')
        self.role.send_signal(signal.SIGHUP)
        f.wait(lambda: 'config_error' in f.log('notifier.log'), 5)
        event = self.put('yunque', 7)
        f.check('a wrong file leaves the old routes in force', self.settled('yunque', event + ':hook', 'sent').get('state') == 'sent')
        f.check('and says where it is wrong', 'routes.conf:2:' in f.log('notifier.log'))
        f.write('rules/routes.conf', '[target log]\nchannel = log\npath = other.log\n[route all]\ntargets = log\n')
        before = f.log('notifier.log').count('config_loaded')
        self.role.send_signal(signal.SIGHUP)
        f.wait(lambda: f.log('notifier.log').count('config_loaded') > before, 5)
        event = self.put('yunque', 8)
        self.settled('yunque', event + ':log', 'sent')
        f.check('a right one is in force at once', os.path.exists(f.path('data', 'other.log')) and os.path.exists(good))

    def stopped(self):
        f = self.f
        code = f.end(self.role)
        f.check('TERM ends it with 0', code == 0, 'exit code %s' % code)
        log = f.log('notifier.log')
        f.check('no address, token or secret is in its log', not any(s in log for s in (TOKEN, HOOK_SECRET, DING_SECRET, '/sink/')))
        dead = f.redis('XRANGE', 'es:{b:harbour}:deliveries:dead', '-', '+')
        f.check('nor in the dead letters', TOKEN not in dead and f.web_url not in dead)


def header(record, name):
    return {k.lower(): v for k, v in record['headers'].items()}.get(name, '')


def main():
    os.environ.update(FLOW_HOOK_SECRET=HOOK_SECRET, FLOW_DING_SECRET=DING_SECRET, FLOW_TOKEN=TOKEN)
    with flow.Flow('notifier') as f:
        t = Test(f)
        f.load_functions()
        f.start_web()
        f.write('rules/routes.conf', ROUTES.format(web=f.web_url, token=TOKEN))
        f.write('earshot.conf', '[earshot]\nrules = rules\ndata = data\n')
        for brand in BRANDS:
            f.redis('HSET', 'es:{cfg}:brands', brand, json.dumps({'id': brand, 'name': brand, 'name_en': brand, 'rulebook': 'r1'}))
        t.start()
        for case in (t.signed_webhook, t.tried_again, t.dead_letters, t.robots, t.slow_target, t.killed, t.redis_killed, t.reload, t.stopped):
            case()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
