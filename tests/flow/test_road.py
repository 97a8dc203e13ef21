#!/usr/bin/env python3
"""The whole road: feeds over HTTP, mentions, incident, alert, people's answers, reload and stop. Run alone: python3 tests/flow/test_road.py"""
import base64
import glob
import hashlib
import hmac
import json
import os
import signal
import sys
import time
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import fakepages  # noqa: E402
import flow  # noqa: E402
import system  # noqa: E402

HOOK_KEY = b'89abcdef0123456789abcdef'
DING_SECRET = 'SECroadtest0001'
CALM = [{'brand': 'yunque', 'title': '通勤记录{i}', 'text': '今天骑云雀上班，路上二十分钟。', 'lang': 'zh'}]
COFFEE = [{'brand': 'harbour', 'title': 'Morning {i}', 'text': 'A flat white at Harbour Coffee, then the train.', 'lang': 'en'}]
BOTH = [{'title': '两家都去了', 'text': '骑云雀电动车去港湾咖啡，第{i}天。', 'lang': 'zh'}]
NOBODY = [{'title': 'Weather {i}', 'text': 'Rain again, and no skylark in sight. 云与雀。', 'lang': 'en'}]
STORM = [{'brand': 'yunque', 'title': '云雀刹车失灵', 'text': '云雀刹车突然失灵，差点出事，客服不管，要求退款！第{i}次投诉。', 'lang': 'zh'}]
QUEUE = [{'brand': 'harbour', 'title': 'Terrible service', 'text': 'Harbour Coffee overcharged me and refuses a refund. Awful service, visit {i}.', 'lang': 'en'}]
NAME, MOBILE, MAIL, CARD = '王小明同学', '13800138000', 'li.lei@example.com', '11010519491231002X'
PRIVATE = '云雀客服请打%s，邮箱 %s ，身份证%s，订单号2024001。' % (MOBILE, MAIL, CARD)


def plan(texts, start, total=None, per_second=0.0):
    return {'texts': texts, 'start': start, 'total': start if total is None else total, 'per_second': per_second, 'spacing_s': 120}


def routes(web):
    return (system.target('hook', 'webhook', web + '/sink/hook', more='secret_env = ROAD_HOOK_SECRET') +
            system.target('wecom', 'wecom', web + '/sink/wecom', 'zh', 'token_env = ROAD_TOKEN') +
            system.target('dingtalk', 'dingtalk', web + '/sink/dingtalk', 'zh', 'token_env = ROAD_TOKEN\nsecret_env = ROAD_DING_SECRET') +
            '[route everything]\nbrands = *\nlevel = blue\nevents = *\ntargets = log, hook, wecom, dingtalk\n')


def header(record, name):
    return {k.lower(): v for k, v in record['headers'].items()}.get(name, '')


class Test:
    def __init__(self, f):
        self.f = f
        self.site = f.path('site')
        os.makedirs(self.site)
        self.show_private(3)
        web = f.start_web('--root', self.site)
        feeds = ''
        for name, ending, family, spec in (('board', 'xml', 'forum', plan(CALM, 60)), ('blog', 'json', 'blog', plan(COFFEE, 60)),
                                           ('news', 'atom', 'news', plan(BOTH, 10, 20, 4)), ('noise', 'xml', 'other', plan(NOBODY, 10)),
                                           ('storm', 'xml', 'forum', plan(STORM, 0)), ('queue', 'json', 'review', plan(QUEUE, 0))):
            f.web('PUT', '/plan/' + name, spec)
            feeds += system.source(name, '%s/grow/%s.%s' % (web, name, ending), family)
        feeds += system.source('private', web + '/private.xml')
        self.s = system.System(f, feeds=feeds, routes=routes(web), thresholds='learn = 0\n')

    def show_private(self, replies):
        post = {'guid': 'private-1', 'title': '云雀售后', 'text': PRIVATE, 'author': NAME, 'lang': 'zh', 'at': int(time.time()) - 600,
                'replies': replies, 'url': 'http://board.example/private-1'}
        with open(os.path.join(self.site, 'private.xml.new'), 'w', encoding='utf-8') as out:
            out.write(fakepages.rss('private', [post], 'http://board.example'))
        os.replace(out.name, os.path.join(self.site, 'private.xml'))

    def totals(self):
        return {b: self.s.total(b) for b in ('yunque', 'harbour')}

    def reach(self, yunque, harbour, patience=30):
        wanted = {'yunque': yunque, 'harbour': harbour}
        return self.f.wait(lambda: self.totals() == wanted, patience) and self.totals() == wanted

    # ---- the cases

    def counted(self):
        f, s = self.f, self.s
        f.check('RSS, JSON Feed and a growing Atom feed become mentions of the brands they name, and of no other', self.reach(81, 80), str(self.totals()))
        f.check('the counters say the same', (s.counted('yunque'), s.counted('harbour')) == (81, 80), str((s.counted('yunque'), s.counted('harbour'))))
        both = set(s.mentions('yunque')) & set(s.mentions('harbour'))
        f.check('a post that names two brands is a mention of each', len(both) == 20, str(len(both)))
        families = {r['post']['family'] for r in s.mentions('yunque').values()}
        f.check('the family of the source is kept', families == {'forum', 'news'}, str(families))

    def private(self):
        f, s = self.f, self.s
        post = s.mentions('yunque')['private-1']['post']
        f.check('personal data is masked, an order number is not', not any(x in post['text'] for x in (MOBILE, MAIL, CARD)) and '2024001' in post['text'],
                post['text'])
        f.check('length-preserving', len(post['text']) == len(PRIVATE), '%d of %d' % (len(post['text']), len(PRIVATE)))
        places = [p for p in s.mentions('yunque')['private-1']['places'] if p[0] == 'text']
        f.check('the brand stands where the places say', places and all(post['text'][p[1]:p[2]] == '云雀' for p in places), str(places))
        f.check('the author is a pseudonym', post['author'].startswith('a:') and len(post['author']) == 34, post['author'])

    def seen_again(self):
        f, s = self.f, self.s
        before = s.counted('yunque', 'replies')
        self.show_private(11)
        post_id = s.mentions('yunque')['private-1']['post']['id']
        f.wait(lambda: s.ask('HGET', 'es:{b:yunque}:observations', post_id))
        seen = json.loads(s.ask('HGET', 'es:{b:yunque}:observations', post_id) or '{}')
        f.check('a known post with a new reply counter is an observation', seen.get('replies') == 11, str(seen))
        f.check('its difference is counted', s.counted('yunque', 'replies') == before + 8, '%d after %d' % (s.counted('yunque', 'replies'), before))
        f.check('and it is no second mention', s.total('yunque') == 81 and s.counted('yunque') == 81, str(self.totals()))

    def alerted(self):
        f, s = self.f, self.s
        f.web('PUT', '/plan/storm', plan(STORM, 0, 40, 20))
        f.web('PUT', '/plan/queue', plan(QUEUE, 0, 40, 20))
        f.wait(lambda: s.incidents('yunque') and s.incidents('harbour'), 30)
        f.check('a surge opens an incident', len(s.incidents('yunque')) == 1 and s.incidents('yunque')[0]['state'] == 'detected', str(s.incidents('yunque'))[:300])
        f.check('the other brand has its own', len(s.incidents('harbour')) == 1, str(s.incidents('harbour'))[:300])
        self.incident, self.other = (s.incidents(b)[0]['id'] for b in ('yunque', 'harbour'))
        f.wait(lambda: all(self.alerts_of(sink, self.incident) for sink in ('hook', 'wecom', 'dingtalk')), 20)
        got = self.alerts_of('hook', self.incident)
        f.check('the alert reaches the webhook', got, str(f.sink('hook'))[:200])
        if got:
            signed = '%s.%s.%s' % (header(got[0], 'webhook-id'), header(got[0], 'webhook-timestamp'), got[0]['body'])
            expected = 'v1,' + base64.b64encode(hmac.new(HOOK_KEY, signed.encode(), hashlib.sha256).digest()).decode()
            f.check('signed as Standard Webhooks says', header(got[0], 'webhook-signature') == expected)
            f.check('with the incident and revision as its id', header(got[0], 'webhook-id') == self.incident + ':1:hook', header(got[0], 'webhook-id'))
            alert = json.loads(got[0]['body'])['data']['alert']
            f.check('and the brand, the level and excerpts of posts', alert['brand'] == 'yunque' and alert['incident']['level'] in ('orange', 'red') and
                    '刹车' in json.dumps(alert, ensure_ascii=False), str(alert)[:300])
        self.chats()

    def alerts_of(self, sink, incident):
        """Those of its first revision; a chat text holds the first digits of the id."""
        if sink == 'hook':
            return [r for r in self.f.sink(sink) if header(r, 'webhook-id').startswith(incident + ':1')]
        return [r for r in self.f.sink(sink) if '】云雀电动车' in r['body']]  # the headline: another brand's excerpt may name it too

    def chats(self):
        f = self.f
        wecom, ding = self.alerts_of('wecom', self.incident), self.alerts_of('dingtalk', self.incident)
        text = json.loads(wecom[0]['body'])['text']['content'] if wecom else ''
        f.check('the WeCom group is told in Chinese', '云雀电动车' in text and '刹车' in text and len(text.encode()) <= 2048, text[:200])
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(ding[0]['path']).query) if ding else {}
        stamp = query.get('timestamp', ['0'])[0]
        sign = base64.b64encode(hmac.new(DING_SECRET.encode(), ('%s\n%s' % (stamp, DING_SECRET)).encode(), hashlib.sha256).digest()).decode()
        f.check('the DingTalk group through a signed address', query.get('sign') == [sign], str(query))
        log = os.path.join(self.s.data, 'alerts.log')
        f.wait(lambda: os.path.exists(log) and self.incident in open(log, encoding='utf-8').read())
        with open(log, encoding='utf-8') as lines:
            rows = [json.loads(line) for line in lines]
        f.check('and the log file has a line of it', any(self.incident in r['delivery'] for r in rows), str(rows)[:200])

    def wish(self, verb, incident, *arguments):
        return self.s.run('incidents', verb, incident, *arguments)

    def refused(self, sentence, answer, code, *words):
        said = (answer[1] + answer[2]).strip()
        self.f.check(sentence, answer[0] == code and all(w in said for w in words), 'exit code %d, said: %s' % (answer[0], said))

    def people(self):
        f, s = self.f, self.s
        code, out, err = self.wish('ack', self.incident, '--by', '李雷', '--note', 'looking into it')
        row = s.incidents('yunque')[0]
        f.check('ack moves the incident', code == 0 and row['state'] == 'acknowledged' and row['by'] == '李雷', '%d %s%s %s' % (code, out, err, row['state']))
        f.check('and stands in the timeline', s.timeline('yunque')[-1]['event'] == 'ack' and s.timeline('yunque')[-1]['note'] == 'looking into it')
        self.refused('a second ack is refused with the reason', self.wish('ack', self.incident, '--by', '李雷'), 1, 'refused', 'acknowledged')
        self.refused('a wish without a name is a usage error', self.wish('close', self.incident), 2, '--by')
        self.refused('an unknown incident is said so', self.wish('ack', 'f' * 32, '--by', 'x'), 1, 'f' * 32)
        self.refused('an unknown verb names the verbs', self.wish('dance', self.incident, '--by', 'x'), 2, 'false-alarm')
        self.refused('a false alarm wants its reason', self.wish('false-alarm', self.other, '--by', 'Han'), 1, '--note')
        code, out, err = self.wish('false-alarm', self.other, '--by', 'Han Meimei', '--note', 'a campaign of our own')
        f.check('with one it is taken', code == 0 and s.incidents('harbour')[0]['state'] == 'false-alarm', '%d %s%s' % (code, out, err))
        code, out, err = self.wish('mute', self.incident, '--by', '李雷', '--until', '1h')
        f.check('mute holds it quiet', code == 0 and int(s.incidents('yunque')[0]['muted_until_ms']) > time.time() * 1000 + 3000000, '%d %s%s' % (code, out, err))
        code, out, err = self.wish('close', self.incident, '--by', '李雷', '--note', 'recall announced')
        f.check('close resolves it', code == 0 and s.incidents('yunque')[0]['state'] == 'resolved', '%d %s%s' % (code, out, err))
        self.refused('a closed one takes no ack', self.wish('ack', self.incident, '--by', '李雷'), 1, 'resolved')
        revisions = [int(e['revision']) for e in s.timeline('yunque')]
        f.check('the timeline has every revision once', revisions == list(range(1, len(revisions) + 1)), str(revisions))

    def commands(self):
        f, s = self.f, self.s
        f.check('all posts of both storms are counted once', self.reach(121, 120), str(self.totals()))
        code, out, _ = s.run('posts', 'yunque', '--json', '--limit', '5')
        rows = [json.loads(line) for line in out.splitlines()]
        f.check('posts gives the newest mentions as JSON', code == 0 and len(rows) == 5 and all('verdict' in r['record'] for r in rows), out[:200])
        code, out, _ = s.run('posts', 'yunque', '--limit', '3')
        f.check('and as lines for people', code == 0 and '刹车' in out, out[:200])
        code, out, _ = s.run('stats', 'yunque', '--json')
        sums = json.loads(out)['sums'] if code == 0 else {}
        f.check('stats sums the dimensions', sums.get('all') == 121 and sums.get('negative', 0) >= 40 and sums.get('source:news') == 20, out[:300])
        code, out, err = s.run('status')
        f.check('status finds all roles alive', code == 0 and 'DOWN' not in out, '%d %s%s' % (code, out, err))
        code, out, _ = s.run('incidents', '--json')
        rows = [json.loads(line) for line in out.splitlines()]
        f.check('incidents lists both', code == 0 and {r['id'] for r in rows} >= {self.incident, self.other}, out[:300])
        code, out, err = s.run('verify')
        f.check('verify finds every counter right', code == 0, '%d %s%s' % (code, out, err))
        code, out, _ = f.earshot('keys')
        f.check('keys prints the table', code == 0 and 'es:{b:BRAND}:mentions' in out)
        self.refused('an unknown brand is answered with those there are', s.run('posts', 'nobody'), 1, 'yunque', 'harbour')

    def console(self):
        f, s = self.f, self.s
        f.check('/healthz answers', s.http('/healthz')[0] == 200)
        f.wait(lambda: s.metrics('detector').get('mentions_total', 0) >= 241, 8)
        code, text = s.http('/metrics')
        f.check('/metrics counts the mentions', code == 200 and any('mentions_total' in line and line.endswith(' 241') for line in text.splitlines()), text[:300])
        code, text = s.http('/api/overview')
        f.check('/api/overview knows both brands', code == 200 and 'yunque' in json.dumps(json.loads(text)) and 'harbour' in text, text[:200])
        for path, word in (('/api/incidents', self.incident), ('/api/mentions?brand=yunque&limit=5', '刹车'), ('/api/processes', 'crawler'),
                           ('/api/series?brand=yunque&minutes=60&step=5', 'negative')):
            code, text = s.http(path)
            f.check(path.split('?')[0] + ' answers in JSON', code == 200 and word in json.dumps(json.loads(text), ensure_ascii=False), '%d %s' % (code, text[:200]))
        f.check('an unknown path and an unknown brand are 404', [s.http(p)[0] for p in ('/nowhere', '/api/mentions?brand=nobody')] == [404, 404])
        f.check('the page is there', '<html' in s.http('/')[1].lower())

    def reload(self):
        f, s = self.f, self.s
        rulebooks = {r['rulebook'] for r in s.mentions('yunque').values()}
        f.write('rules/brands.conf', system.BRANDS + '\n[brand broken]\nname =\nfancy = yes\n')
        s.child.send_signal(signal.SIGHUP)
        said = f.wait(lambda: all('error %s config_error' % r in s.log() for r in ('crawler', 'detector')), 10)
        f.check('HUP with a wrong rules file says file, line and column', said and 'brands.conf:' in s.log().split('config_error')[1].split('\n')[0], s.log()[-400:])
        f.web('PUT', '/plan/noise', dict(plan(CALM, 5), id_prefix='after-'))
        f.check('and the old rules stay in force', self.reach(126, 120), str(self.totals()))
        f.check('unchanged', {r['rulebook'] for r in s.mentions('yunque').values()} == rulebooks)
        loaded = s.log().count('config_loaded')
        f.write('rules/brands.conf', system.BRANDS.replace('aliases = 港湾咖啡', 'aliases = 蓝鸢, 港湾咖啡'))
        s.child.send_signal(signal.SIGHUP)
        f.wait(lambda: s.log().count('config_loaded') >= loaded + 3, 10)
        f.web('PUT', '/plan/noise', dict(plan([{'title': '新店', 'text': '蓝鸢开了新店{i}', 'lang': 'zh'}], 4), id_prefix='new-'))
        f.check('right ones are in force after the next HUP', self.reach(126, 124), str(self.totals()))

    def second(self):
        started = time.monotonic()
        code, out, err = self.s.run('up', timeout=20)
        self.f.check('a second earshot up on the same folder is refused at once', code == 1 and 'another earshot up' in err and time.monotonic() - started < 5,
                     '%d %s%s' % (code, out, err))
        self.f.check('and the first goes on', set(self.s.pids()) == {*system.ROLES, 'redis-server'}, str(self.s.pids()))

    def stopped(self):
        f, s = self.f, self.s
        pids, started = s.pids(), time.monotonic()
        code = s.stop()
        f.check('TERM ends it with 0 within 5 s', code == 0 and time.monotonic() - started < 5, 'exit code %s after %.1f s' % (code, time.monotonic() - started))
        f.check('and leaves no process', not any(system.state_of(p) for p in pids.values()), str({r: system.state_of(p) for r, p in pids.items()}))
        written = b''.join(open(p, 'rb').read() for p in glob.glob(os.path.join(s.data, 'redis', 'appendonlydir', '*')))
        f.check('no name, number or address of a person ever reached the disk', '云雀'.encode() in written and
                not any(x.encode() in written for x in (MOBILE, MAIL, CARD, NAME)))
        f.check('nor the log', not any(x in s.log() for x in (MOBILE, MAIL, CARD, NAME, '刹车', 'ROADtoken')))
        s.start()
        f.check('started again it knows everything it knew', self.totals() == {'yunque': 126, 'harbour': 124} and s.run('verify')[0] == 0, str(self.totals()))
        f.check('without a repair', 'repaired' not in s.log())


def main():
    os.environ.update(ROAD_HOOK_SECRET='whsec_' + base64.b64encode(HOOK_KEY).decode(), ROAD_DING_SECRET=DING_SECRET, ROAD_TOKEN='ROADtoken')
    with flow.Flow('road') as f:
        t = Test(f)
        t.s.start()
        for case in (t.counted, t.private, t.seen_again, t.alerted, t.people, t.commands, t.console, t.reload, t.second, t.stopped):
            case()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
