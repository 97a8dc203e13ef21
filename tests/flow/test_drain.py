#!/usr/bin/env python3
"""TERM of a crawler: what is under way ends and is committed, nothing new begins, and its shards are another one's at once; a server
that never ends its answer does not hold it up. Run alone: python3 tests/flow/test_drain.py"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

HOSTS = 40
SLOW_S = 1.5            # from now on, until an answer is given
STUCK_S = 25
DRAIN_S = 5             # LIMIT_DRAIN_MS
HAND_OVER_S = 2.5       # the look of the others, and their first requests
MARGIN_S = 1.5          # for a machine with other work
FEED = ('<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>'
        '<item><guid>%(id)s-zh</guid><title>云雀</title><description>云雀电动车又坏了，要求退款。</description></item>'
        '<item><guid>%(id)s-en</guid><title>Refund</title><description>Harbour Coffee refuses my refund.</description></item></channel></rss>')


class Test:
    def __init__(self, f):
        self.f, self.after, self.turn = f, {}, 0
        self.web = auditweb.Web(self.answer)
        f.start_redis()
        f.load_functions()
        self.hosts = ['127.7.0.%d' % (i + 1) for i in range(HOSTS)]
        feeds = ''.join(system.source('f' + h.replace('.', '-'), self.web.url(h, '/feed.xml'), every='500ms') for h in self.hosts)
        self.s = system.System(f, feeds=feeds)
        self.s.link = resp.Redis(f.socket)

    def answer(self, request):
        if request.path == '/robots.txt':
            return auditweb.Answer(404)
        request.turn = self.turn
        name = '%s-%d' % (request.host, self.turn)
        return auditweb.Answer(200, {}, (FEED % {'id': name}).encode(), after=self.after.get(request.host, self.after.get('*', 0)))

    def start(self, name):
        text = open(self.s.config, encoding='utf-8').read().replace('[earshot]\n', '[earshot]\nuser_agent = %s\n' % name, 1)
        config = self.f.write(name + '.conf', text.replace('data = data', 'data = data-' + name))
        return self.f.start([flow.EARSHOT, 'crawler', '--config', config, '--redis', self.f.url], name + '.log')

    def of(self, name):
        """Its requests for feeds."""
        return [r for r in list(self.web.requests) if r.path != '/robots.txt' and r.agent.startswith(name + '/')]

    def under_way(self, name):
        return [r for r in self.of(name) if r.end == 0.0]

    def shown(self):
        """Hosts whose posts of this turn are in both streams."""
        found = []
        for brand, mark in (('yunque', '-%d-zh"' % self.turn), ('harbour', '-%d-en"' % self.turn)):
            text = ''.join(str(e[1]) for e in self.s.ask('XRANGE', 'es:{b:%s}:posts' % brand, '-', '+'))
            found.append({h for h in self.hosts if h + mark in text})
        return found[0] & found[1]

    def stop(self, child):
        """-> (exit code, when it was told, when it was gone)"""
        told = time.time()
        return self.f.end(child, patience=DRAIN_S + 5), told, time.time()

    def look_at_other(self, name, hosts, gone):
        """Another crawler asks for these hosts."""
        self.f.wait(lambda: {r.host for r in self.of(name) if r.start > gone} >= hosts, 12, 0.02)
        took = [min((r.start - gone for r in self.of(name) if r.host == host and r.start > gone), default=float('inf')) for host in hosts]
        self.f.check('its %d sources are asked by another crawler at once, not when its leases would have run out' % len(hosts),
                     took and max(took) < HAND_OVER_S, 'after %s s' % sorted(took)[-3:])

    def run_slow(self):
        f = self.f
        first = self.start('first')
        f.wait(lambda: len({r.host for r in self.of('first')}) == HOSTS, 20)
        self.second = self.start('second')
        f.wait(lambda: ' started ' in f.log('second.log'), 10)
        self.after, self.turn = {'*': SLOW_S}, 1
        f.wait(lambda: len([r for r in self.under_way('first') if self.is_of_turn(r)]) > 10, 20, 0.01)
        under_way = self.under_way('first')
        hosts = {r.host for r in under_way}
        code, told, gone = self.stop(first)
        shown = self.shown()
        f.check('a crawler that is told to stop ends with 0 when its transfers are over, after %.1f s' % (gone - told), code == 0 and gone - told < SLOW_S + MARGIN_S, str(code))
        new = [r for r in self.of('first') if r.start > told + 0.3]
        f.check('it begins nothing new', not new, '%d requests' % len(new))
        f.check('the %d answers that were under way arrive' % len(under_way), under_way and not any(r.is_lost for r in under_way))
        f.check('and are in the streams', shown >= {r.host for r in under_way if self.is_of_turn(r)}, str(hosts - shown))
        self.look_at_other('second', hosts, gone)

    def run_stuck(self):
        f = self.f
        self.after, self.turn = {'*': 0.3, self.hosts[0]: STUCK_S, self.hosts[1]: STUCK_S}, 2
        crawlers = {'second': self.second, 'third': self.start('third')}    # the third waits for leases, or has its share
        f.wait(lambda: {r.host for name in crawlers for r in self.under_way(name)} >= set(self.hosts[:2]) and len(self.shown()) >= HOSTS - 2, 20, 0.01)
        name, other = ('second', 'third') if self.is_stuck('second') else ('third', 'second')
        stuck = {r.host for r in self.under_way(name)} & set(self.hosts[:2])
        code, told, gone = self.stop(crawlers[name])
        f.check('a server that does not end its answer holds it up for %d s, not longer' % DRAIN_S, code == 0 and DRAIN_S - 1 < gone - told < DRAIN_S + MARGIN_S,
                'exit code %s after %.1f s' % (code, gone - told))
        f.check('that is said', 'drain_cut transfers=%d' % len(stuck) in f.log(name + '.log'), f.log(name + '.log')[-300:])
        self.after = {}
        self.look_at_other(other, stuck, gone)
        f.wait(lambda: self.shown() >= set(self.hosts), STUCK_S)
        f.check('and nothing is lost', self.shown() >= set(self.hosts), str(set(self.hosts) - self.shown()))

    def is_of_turn(self, request):
        return getattr(request, 'turn', -1) == self.turn

    def is_stuck(self, name):
        return bool({r.host for r in self.under_way(name)} & set(self.hosts[:2]))


def main():
    with flow.Flow('drain') as f:
        test = Test(f)
        test.run_slow()
        test.run_stuck()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
