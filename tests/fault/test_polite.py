#!/usr/bin/env python3
"""The politeness audit: 8 crawlers on one Redis ask 200 hosts while they are killed and started again; a witness that is every host
writes down when each request began and ended, and says at the end who was hurried.

  python3 tests/fault/test_polite.py [--seconds N] [--workers N] [--hosts N] [--seed N]

All pauses are those of the real world divided by 60. `make soak` runs longer; the seed of a failing run is in its sentences."""
import argparse
import collections
import email.utils
import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import flow  # noqa: E402
import system  # noqa: E402

SOURCES = 2                                 # of each host
EVERY = '1s'
DELAYS_MS = (50, 200, 500, 2000)            # 3 s … 2 min
SLOW_S = (0.0, 0.0, 0.01, 0.05, 0.3)        # until an answer is given
CLOCK_S = 0.002                             # times are whole milliseconds on one side
COMMIT_S = 1.0                              # an answer that came so shortly before its reader's death may never have been read
BODY = '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><guid>%s</guid><title>nothing</title></item></channel></rss>'


class Site:
    """The 200 hosts: mostly well, at times in need of a rest."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def answer(self, request):
        if request.path == '/robots.txt':
            return auditweb.Answer(404)
        chance, after = self.random.random(), self.random.choice(SLOW_S)
        if chance < 0.02:
            return auditweb.Answer(429, {'Retry-After': '2'}, after=after, wait=2)
        if chance < 0.03:
            at = int(time.time() + after) + 3
            return auditweb.Answer(503, {'Retry-After': email.utils.formatdate(at, usegmt=True)}, after=after, until=at)
        if chance < 0.05:
            return auditweb.Answer(500, after=after)
        return auditweb.Answer(200, {'ETag': '"1"'}, (BODY % request.path).encode(), after=after)


class Workers:
    """Crawlers that are killed and started again; each life has a name of its own, which its requests carry."""

    def __init__(self, f, s, n, seed):
        self.f, self.s, self.random = f, s, random.Random(seed)
        self.lives, self.child, self.deaths = 0, {}, {}
        self.kills = self.stops = 0
        for slot in range(n):
            self.start(slot)

    def start(self, slot):
        """Most have a name that outlives them, as under `earshot up`: the next life has the leases of the dead one at once."""
        self.lives += 1
        agent = 'life%d' % self.lives
        with open(self.s.config, encoding='utf-8') as f:
            text = f.read().replace('[earshot]\n', '[earshot]\nuser_agent = %s\n' % agent, 1)
        config = self.f.write('worker%d.conf' % slot, text.replace('data = data', 'data = data%d' % slot))
        env = {'EARSHOT_UP': 'slot%d' % slot} if slot % 4 != 3 else {}
        self.child[slot] = (agent, self.f.start([flow.EARSHOT, 'crawler', '--config', config, '--redis', self.f.url], 'worker%d.log' % slot, env))

    def owner(self):
        """The slot that holds most leases: killing another one proves little."""
        held = collections.Counter(self.f.redis('HGET', key, 'owner') for key in self.f.redis('KEYS', 'es:{s*}:lease:crawler').splitlines()[:9])
        name = held.most_common(1)[0][0] if held else ''
        for slot, (_, child) in self.child.items():
            if name.endswith(':%d' % child.pid) or name.endswith(':upslot%d' % slot):
                return slot
        return self.random.choice(list(self.child))

    def end(self, slot, how):
        agent, child = self.child[slot]
        self.f.end(child, how)
        self.deaths[agent] = time.time()
        self.kills += how == signal.SIGKILL
        self.stops += how == signal.SIGTERM
        self.start(slot)

    def spree(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(self.random.uniform(0.5, 2.5))       # the random moment that the test is about
            slot = self.owner() if self.random.random() < 0.8 else self.random.choice(list(self.child))
            self.end(slot, signal.SIGKILL if self.random.random() < 0.8 else signal.SIGTERM)


class Audit:
    """What the witness saw, host by host."""

    def __init__(self, requests, delay_ms, deaths):
        self.delay_ms, self.deaths = delay_ms, deaths
        self.hosts = collections.defaultdict(list)
        for r in requests:
            self.hosts[r.host].append(r)
        self.found = {'delay': [], 'Retry-After': [], 'one connection a host': []}
        self.excused = 0

    def end_of(self, r):
        """A request ends when its answer was given, or when the one who asked was dead: the kernel's word takes its time."""
        death = self.deaths.get(r.agent.split('/')[0])
        if r.end == 0.0:
            return death or float('inf')
        return min(r.end, death) if r.is_lost and death else r.end

    def was_read(self, r):
        death = self.deaths.get(r.agent.split('/')[0])
        return death is None or r.end < death - COMMIT_S

    def pause(self, host):
        """Seconds from the end of a request to the next one. Crawl-delay of a robots.txt: max() with it, here."""
        return self.delay_ms[host] / 1000

    def note(self, what, host, first, second):
        self.found[what].append('%s: %.3f s after the end of %s (%d, %s) came %s (%s)' % (
            host, second.start - self.end_of(first), first.path, first.status, first.agent, second.path, second.agent))

    def look(self, host, requests):
        patient = None      # the answer whose Retry-After binds still
        for first, second in zip(requests, requests[1:]):
            if second.start < self.end_of(first) - CLOCK_S:
                self.note('one connection a host', host, first, second)
            elif second.start < self.end_of(first) + self.pause(host) - CLOCK_S:
                self.note('delay', host, first, second)
            if first.wait_until and not first.is_lost:
                patient = first
            if patient and second.start < patient.wait_until - CLOCK_S:
                if self.was_read(patient):
                    self.note('Retry-After', host, patient, second)
                else:
                    self.excused += 1

    def run(self):
        for host, requests in self.hosts.items():
            self.look(host, sorted(requests, key=lambda r: r.start))
        return self.found


def run(options):
    with flow.Flow('polite') as f:
        web = auditweb.Web(Site(options.seed).answer)
        f.start_redis()
        f.load_functions()
        hosts = ['127.5.%d.%d' % (i // 200, i % 200 + 1) for i in range(options.hosts)]
        delay_ms = {host: DELAYS_MS[i % len(DELAYS_MS)] for i, host in enumerate(hosts)}
        feeds = ''.join(system.source('h%d-%d' % (i, n), web.url(host, '/%d.xml' % n), every=EVERY).replace('delay = 0', 'delay = %dms' % delay_ms[host])
                        for i, host in enumerate(hosts) for n in range(SOURCES))
        workers = Workers(f, system.System(f, feeds=feeds), options.workers, options.seed)
        f.wait(lambda: len(web.requests) > len(hosts), 30)
        workers.spree(options.seconds)
        requests = list(web.requests)
        audit = Audit(requests, delay_ms, workers.deaths)
        found = audit.run()
        asked = sum(len(r) > 3 for r in audit.hosts.values())
        rested = sum(r.wait_until > 0 for r in requests)
        when = 'in %d s: %d requests to %d hosts by %d lives of %d crawlers, %d kill -9, %d stops, seed %d' % (
            options.seconds, len(requests), len(audit.hosts), workers.lives, options.workers, workers.kills, workers.stops, options.seed)
        f.check('the audit saw enough, %s' % when, asked >= len(hosts) * 0.9 and rested > 5 and workers.kills > options.seconds / 10, '%d hosts, %d rests' % (asked, rested))
        for what, wrong in found.items():
            f.check('no violation of %s' % what, not wrong, '%d, as %s' % (len(wrong), '; '.join(wrong[:4])))
        lost = sum(r.is_lost for r in requests)
        print('# %d requests died with their crawler; %d came too early for a Retry-After that had come within %g s of its reader\'s death' % (
            lost, audit.excused, COMMIT_S))
    return f


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seconds', type=int, default=60)
    parser.add_argument('--workers', type=int, default=8)
    parser.add_argument('--hosts', type=int, default=200)
    parser.add_argument('--seed', type=int, default=5)
    return run(parser.parse_args()).exit_code()


if __name__ == '__main__':
    sys.exit(main())
