#!/usr/bin/env python3
"""Crawlers that die, freeze and share a name while 128 hosts publish all the time: no post is lost, none counts twice, somebody
else goes on within ten seconds, and who comes late may not write.

  python3 tests/fault/test_crawler_kill.py [--kills N] [--freeze SECONDS] [--workers N] [--hosts N] [--seed N]

Looks from outside only: what the hosts were asked, what lies in Redis, what the logs say. `make soak` kills 100 times and freezes for
30 s; the seed of a failing run is in its sentences."""
import argparse
import collections
import os
import random
import signal
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import boards  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

TAKE_OVER_S = 10
EVERY = '1s'


class Crawlers:
    """Workers in slots. A slot's next life has the leases of the one before at once when it keeps its name, as under `earshot up`;
    with a new name it has to wait for them, as everybody else."""

    def __init__(self, f, s, n, seed):
        self.f, self.s, self.random = f, s, random.Random(seed)
        self.lives, self.child, self.name = 0, {}, {}
        self.falls = []         # (when, what, shards that were its)
        for slot in range(n):
            self.start(slot)

    def start(self, slot, name=''):
        self.lives += 1
        self.name[slot] = name or 'life%d' % self.lives
        with open(self.s.config, encoding='utf-8') as f:
            text = f.read().replace('[earshot]\n', '[earshot]\nuser_agent = %s\n' % self.name[slot], 1).replace('data = data', 'data = data%s' % slot)
        config = self.f.write('worker%s.conf' % slot, text)
        self.child[slot] = self.f.start([flow.EARSHOT, 'crawler', '--config', config, '--redis', self.f.url], self.log_name(slot),
                                        {'EARSHOT_UP': self.name[slot]})

    @staticmethod
    def log_name(slot):
        return 'worker%s.log' % slot

    def log(self, slot):
        return self.f.log(self.log_name(slot))

    def leases(self):
        """shard -> (owner's name, token) of those that are held."""
        keys = self.s.ask('KEYS', 'es:{s*}:lease:crawler')
        rows = self.s.link.pipeline([('HMGET', key, 'owner', 'token') for key in keys])
        return {key[4:7]: (owner.rsplit(':up', 1)[-1], token) for key, (owner, token) in zip(keys, rows) if token}

    def shards_of(self, slot):
        return {shard for shard, (name, _) in self.leases().items() if name == self.name[slot]}

    def owner(self):
        """The slot that holds most leases."""
        held = collections.Counter(name for name, _ in self.leases().values())
        return max(self.child, key=lambda slot: held[self.name[slot]])

    def fall(self, slot, how):
        """It is looked up what it holds while it cannot do anything any more."""
        self.child[slot].send_signal(signal.SIGSTOP)
        when = time.time()
        self.falls.append((when, '%s of %s' % (how, self.name[slot]), self.shards_of(slot)))

    def aim(self):
        """Returns the moment a stream grows: its writer has begun a step and is not through with it."""
        lengths = [('XLEN', 'es:{b:%s}:posts' % brand) for brand in boards.TEXTS]
        before, end = self.s.link.pipeline(lengths), time.monotonic() + 1
        while time.monotonic() < end and self.s.link.pipeline(lengths) == before:
            pass

    def kill(self, slot):
        if self.random.random() < 0.5:
            self.aim()
        self.fall(slot, 'kill -9')
        self.f.end(self.child[slot], signal.SIGKILL)
        self.start(slot, self.name[slot] if self.random.random() < 0.5 else '')

    def spree(self, kills, pause):
        for _ in range(kills):
            time.sleep(self.random.uniform(*pause))     # the random moment that the test is about
            self.kill(self.owner() if self.random.random() < 0.6 else self.random.choice(list(self.child)))


class TakeOvers:
    """From a fall to the next request for each source of the fallen one: seconds. Who has taken over may fall, too, and that counts
    from then on."""

    def __init__(self, falls, requests, shard_of):
        self.took, self.late = [], []
        starts = collections.defaultdict(list)
        for r in requests:
            starts[r.host].append(r.start)
        for n, (when, what, shards) in enumerate(falls):
            later = [(w, s) for w, _, s in falls[n + 1:]]
            for host, shard in shard_of.items():
                if shard in shards:
                    self.look(when, what, host, next((w for w, s in later if shard in s), None), starts[host])

    def look(self, when, what, host, next_fall, starts):
        after = next((t for t in starts if t > when), None)
        if next_fall is not None and (after is None or after > next_fall):
            return
        took = float('inf') if after is None else after - when
        self.took.append(took)
        if took > TAKE_OVER_S:
            self.late.append('%s %.1f s after %s' % (host, took, what))

    def told(self):
        return '%d sources changed hands, in %.1f s at most and %.1f s usually' % (
            len(self.took), max(self.took, default=0), statistics.median(self.took or [0]))


class Test:
    def __init__(self, f, options):
        self.f, self.options = f, options
        self.hosts = ['127.6.%d.%d' % (i // 200, i % 200 + 1) for i in range(options.hosts)]
        self.boards = boards.Boards(self.hosts, options.seed)
        self.web = auditweb.Web(self.boards.answer)
        f.start_redis()
        f.load_functions()
        feeds = ''.join(system.source('f' + host.replace('.', '-'), self.web.url(host, '/feed.xml'), every=EVERY) for host in self.hosts)
        self.s = system.System(f, feeds=feeds)
        self.s.link = resp.Redis(f.socket)
        self.crawlers = Crawlers(f, self.s, options.workers, options.seed)

    def states(self, field):
        """host -> a field of its source."""
        keys = self.s.ask('KEYS', 'es:{s*}:source:*')
        rows = self.s.link.pipeline([('HGET', key, field) for key in keys])
        return {key.rsplit(':f', 1)[1].replace('-', '.'): row for key, row in zip(keys, rows)}

    def shard_of(self):
        return {key.rsplit(':f', 1)[1].replace('-', '.'): key[4:7] for key in self.s.ask('KEYS', 'es:{s*}:source:*')}

    def asked(self, since):
        return {r.host for r in list(self.web.requests) if r.start > since and r.path != '/robots.txt'}

    def start(self):
        f = self.f
        f.wait(lambda: len(self.states('fetched_ms')) == len(self.hosts), 30)
        shards = len(set(self.shard_of().values()))
        f.check('%d crawlers share the shards of %d hosts' % (self.options.workers, len(self.hosts)), shards > 40 and len(self.crawlers.leases()) == shards,
                '%d shards, %d leases' % (shards, len(self.crawlers.leases())))
        self.boards.begin()

    def lost_lease(self, slot, shards):
        held = self.crawlers.leases()
        return all(held.get(shard, ('', ''))[0] not in ('', self.crawlers.name[slot]) for shard in shards)

    def under_way(self, slot):
        return sum(r.end == 0.0 and r.agent.startswith(self.crawlers.name[slot] + '/') for r in self.web.requests[-1000:])

    def is_busy(self, slot):
        """For some time already: it has seen what it took over."""
        return self.under_way(slot) > 0 and self.crawlers.log(slot).rsplit(' started ', 1)[1].count(' source_fetched ') > 0

    def freeze(self):
        """A worker sleeps with requests under way; when it wakes up its answers are there, and its shards are somebody else's."""
        f, c = self.f, self.crawlers
        f.wait(lambda: self.is_busy(c.owner()), TAKE_OVER_S + 2, 0.02)
        slot = c.owner()
        c.fall(slot, 'the freeze')
        began, shards = time.monotonic(), c.falls[-1][2]
        under_way = self.under_way(slot)
        taken = f.wait(lambda: self.lost_lease(slot, shards), TAKE_OVER_S)      # later they may be free for a moment, as they are shared out
        f.check('others take over the %d shards of a frozen crawler' % len(shards), shards and taken, '%s was frozen; %s' % (c.name[slot], c.leases()))
        frozen = self.options.freeze - (time.monotonic() - began)
        time.sleep(max(0.5, frozen))    # how long it sleeps, and time for the others to write
        before, said = self.states('fetched_ms'), len(c.log(slot))
        c.child[slot].send_signal(signal.SIGCONT)
        refused = f.wait(lambda: 'fenced' in c.log(slot)[said:], 10)
        f.check('what it wants to write after %.0f s of sleep is refused (%d requests were under way)' % (time.monotonic() - began, under_way), refused,
                c.log(slot)[said:][-600:])
        back = [host for host, at in self.states('fetched_ms').items() if int(at or 0) < int(before[host] or 0)]
        f.check('no cursor goes back', not back, ', '.join(back[:5]))

    def twins(self, seconds):
        """A second worker with the name of the one that holds most: they take the leases from each other."""
        f, c = self.f, self.crawlers
        slot, began = c.owner(), time.time()
        said = len(c.log(slot))
        c.start('twin', c.name[slot])
        refused = f.wait(lambda: 'fenced' in c.log(slot)[said:] or 'fenced' in c.log('twin'), 10)
        f.check('of two crawlers with one name only one may write', refused, c.log(slot)[said:][-300:] + c.log('twin')[-300:])
        time.sleep(max(0.0, began + seconds - time.time()))     # how long they quarrel
        asked = self.asked(began)
        f.check('and all sources are read in these %.0f s' % seconds, len(asked) == len(self.hosts), '%d of %d' % (len(asked), len(self.hosts)))
        c.fall('twin', 'kill -9')
        f.end(c.child.pop('twin'), signal.SIGKILL)

    def settle(self):
        """Publishing ends; every source is looked at once more, and what came is counted."""
        f, s = self.f, self.s
        self.boards.stop()
        f.wait(lambda: all(int(at or 0) > (self.boards.stopped + 0.5) * 1000 for at in self.states('fetched_ms').values()), 25, 0.2)
        entries = {brand: s.stream(brand) for brand in boards.TEXTS}
        f.start([flow.EARSHOT, 'detector', '--config', s.config, '--redis', f.url], 'detector.log')
        f.wait(lambda: all(s.ask('XLEN', 'es:{b:%s}:posts' % brand) == 0 for brand in boards.TEXTS), 40, 0.2)
        return entries

    def check(self, when, entries):
        f, s = self.f, self.s
        for brand in boards.TEXTS:
            expected, came = self.boards.expected(brand), collections.Counter(entries[brand])
            f.check('each of the %d posts of %s is in its stream %s' % (len(expected), brand, when), expected and set(came) == expected,
                    '%d lost, as %s; %d unknown' % (len(expected - set(came)), sorted(expected - set(came))[:4], len(set(came) - expected)))
            found = s.mentions(brand)
            f.check('and counted once, though %d came again' % (sum(came.values()) - len(came)),
                    set(found) == expected and s.total(brand) == len(expected) and s.counted(brand, 'all', 'own', 'backfill') == len(expected),
                    '%d mentions, %d counted' % (s.total(brand), s.counted(brand, 'all', 'own', 'backfill')))
            f.check('none of them was put aside', s.ask('XLEN', 'es:{b:%s}:posts:dead' % brand) == 0)

    def run(self):
        f, o, c = self.f, self.options, self.crawlers
        self.start()
        c.spree(o.kills, (0.3, 3.0))
        self.freeze()
        self.twins(o.twins)
        entries = self.settle()
        requests = [r for r in list(self.web.requests) if r.path != '/robots.txt']
        overs = TakeOvers(c.falls, requests, self.shard_of())
        when = 'after %d kill -9, %d lives, %d requests (seed %d)' % (o.kills, c.lives, len(requests), o.seed)
        self.check(when, entries)
        f.check('%s: %s' % (when, overs.told()), len(overs.took) > len(self.hosts) and not overs.late, '%d late: %s' % (len(overs.late), '; '.join(overs.late[:4])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--kills', type=int, default=8)
    parser.add_argument('--freeze', type=float, default=0.0, help='seconds at least; always until the leases ran out')
    parser.add_argument('--twins', type=float, default=4.0, help='seconds that two of one name live side by side')
    parser.add_argument('--workers', type=int, default=4)
    parser.add_argument('--hosts', type=int, default=128)
    parser.add_argument('--seed', type=int, default=7)
    with flow.Flow('crawler-kill') as f:
        Test(f, parser.parse_args()).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
