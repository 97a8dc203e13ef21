"""600 posts of two brands in six growing feeds, with alerts on the way, and the invariants that hold at the end whatever was
killed meanwhile: what the fault tests share.

    s = storm.Storm(f, seconds=30)
    s.system.start()
    s.begin()           # … kill things …
    s.settle()
    s.check('after 50 kills')
"""
import base64
import collections
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import system  # noqa: E402

FEEDS = [('y0', 'xml', 'yunque'), ('y1', 'atom', 'yunque'), ('y2', 'json', 'yunque'),
         ('h0', 'json', 'harbour'), ('h1', 'xml', 'harbour'), ('h2', 'atom', 'harbour')]
EACH = 100
HISTORY = 10    # posts of each feed that lie in the past, so that there is a baseline
TEXTS = {'yunque': [{'title': '云雀又坏了', 'text': '云雀电动车第{i}次坏在路上，要求退款，售后很差。', 'lang': 'zh'},
                    {'title': '云雀记录{i}', 'text': '今天骑云雀上班，天气不错。', 'lang': 'zh'}],
         'harbour': [{'title': 'Refund refused {i}', 'text': 'Harbour Coffee refuses my refund. Terrible service.', 'lang': 'en'},
                     {'title': 'Visit {i}', 'text': 'Flat white at Harbour Coffee before work.', 'lang': 'en'}]}
TICK_S = 1.5    # a tick of system.py and some
# Low steps: several alerts a run are wanted here, not sense.
THRESHOLDS = 'learn = 0\nmin_posts = 2\nopen_score = 1.5\nescalate_step = 1.1\n'
SECRET = 'whsec_' + base64.b64encode(b'0123456789abcdef01234567').decode()
ROUTES = '[route everything]\nbrands = *\nlevel = blue\nevents = *\ntargets = log, hook\n'


class Storm:
    def __init__(self, f, seconds, every='500ms'):
        self.f, self.seconds = f, seconds
        web = f.start_web()
        os.environ['STORM_SECRET'] = SECRET
        feeds = ''.join(system.source(name, '%s/grow/%s.%s' % (web, name, ending), every=every) for name, ending, _ in FEEDS)
        for name, _, brand in FEEDS:
            self.plan(name, brand, HISTORY, 0)
        routes = system.target('hook', 'webhook', web + '/sink/hook', more='secret_env = STORM_SECRET') + ROUTES
        self.system = system.System(f, feeds=feeds, routes=routes, thresholds=THRESHOLDS)

    def plan(self, name, brand, total, per_second):
        self.f.web('PUT', '/plan/' + name, {'texts': TEXTS[brand], 'start': HISTORY, 'total': total, 'per_second': per_second, 'spacing_s': 300})

    def begin(self):
        """From now on posts appear, all of them within `seconds`."""
        for name, _, brand in FEEDS:
            self.plan(name, brand, EACH, (EACH - HISTORY) / self.seconds)

    def expected(self, brand):
        """Native ids."""
        return {'%s%s-%d' % ('tag:fakeweb,2020:' if ending == 'atom' else '', name, i) for name, ending, b in FEEDS if b == brand for i in range(EACH)}

    def progress(self):
        """Posts counted so far."""
        return self.system.total('yunque') + self.system.total('harbour')

    def quiet(self):
        """Everything counted, nothing on its way."""
        s, answers = self.system, []
        try:
            for brand in ('yunque', 'harbour'):
                answers.append(s.total(brand) >= 3 * EACH)
                answers.append(s.ask('XLEN', 'es:{b:%s}:outbox' % brand) == 0)
                answers.append(s.ask('ZCARD', 'es:{b:%s}:deliveries:due' % brand) == 0)
                groups = s.ask('XINFO', 'GROUPS', 'es:{b:%s}:posts' % brand)
                answers.append(all(dict(zip(g[::2], g[1::2])).get('pending') == 0 for g in groups))
            return all(answers)
        except (OSError, system.resp.Error):
            return False

    def told(self):
        return [len(self.system.timeline(brand)) for brand in ('yunque', 'harbour')]

    def settle(self, patience=60):
        """Quiet, and still so a tick later: what was counted last may move an incident once more."""
        def stays_quiet():
            told = self.told()
            time.sleep(TICK_S)
            return self.quiet() and self.told() == told
        self.f.wait(self.quiet, patience, 0.2)
        self.f.wait(stays_quiet, patience, 0.2)

    # ---- invariants

    def check(self, when, exact=True):
        """`exact` is false where Redis lost its last moments: what was told in them is told again, maybe otherwise."""
        for brand in ('yunque', 'harbour'):
            self.check_counts(brand, when)
            self.check_timeline(brand, when)
            self.check_alerts(brand, when, exact)
        code, out, err = self.system.run('verify')
        self.f.check('verify finds every counter right ' + when, code == 0, 'exit code %d: %s%s' % (code, out[-300:], err))

    def check_counts(self, brand, when):
        f, s = self.f, self.system
        found, expected = set(s.mentions(brand)), self.expected(brand)
        f.check('%s has each of its %d posts once %s' % (brand, len(expected), when), found == expected and s.total(brand) == len(expected),
                '%d mentions, %d missing, %d unknown' % (s.total(brand), len(expected - found), len(found - expected)))
        counted = s.counted(brand, 'all', 'own', 'backfill')
        f.check('its counters are %d %s' % (len(expected), when), counted == len(expected), str(counted))
        f.check('its dead lists are empty ' + when, s.ask('XLEN', 'es:{b:%s}:posts:dead' % brand) == 0 and
                s.ask('XLEN', 'es:{b:%s}:deliveries:dead' % brand) == 0, str(s.ask('XRANGE', 'es:{b:%s}:posts:dead' % brand, '-', '+'))[:300])

    def check_timeline(self, brand, when):
        entries = self.system.timeline(brand)
        revisions = [int(e['revision']) for e in entries]
        self.f.check("%s's revisions have no gap and no repeat %s" % (brand, when), revisions and revisions == list(range(1, len(revisions) + 1)), str(revisions))
        opened = collections.Counter(e['incident'] for e in entries if e['event'] == 'surge')
        self.f.check('none of its incidents opened twice ' + when, opened and max(opened.values()) == 1, str(opened))

    def check_alerts(self, brand, when, exact):
        """Ids at the sink are those of the told transitions; a repeat has the same body."""
        told = {'%s:%s:hook' % (e['incident'], e['revision']) for e in self.system.timeline(brand) if e['event'] in ('surge', 'escalate', 'calm')}
        bodies = collections.defaultdict(set)
        for r in self.f.sink('hook'):
            if json.loads(r['body'])['data']['alert']['brand'] == brand:
                bodies[{k.lower(): v for k, v in r['headers'].items()}['webhook-id']].add(r['body'])
        self.f.check('each of its %d alerts reached the sink under one id %s' % (len(told), when), told <= set(bodies) and (told == set(bodies) or not exact),
                     'missing %s, unknown %s' % (sorted(told - set(bodies)), sorted(set(bodies) - told)))
        if exact:
            self.f.check('what came twice was the same alert ' + when, all(len(b) == 1 for b in bodies.values()))
