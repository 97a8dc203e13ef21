#!/usr/bin/env python3
"""kill -9 at random moments: 50 times over crawler, detector and notifier, then over redis-server, while 600 posts come in.

  python3 tests/fault/test_kill.py [--rounds N] [--kills N] [--seed N] [roles] [redis] [up]

`make soak` runs more rounds; the seed of a failing round is in its sentences."""
import argparse
import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import storm  # noqa: E402

PAUSE_S = (0.1, 0.6)        # between two kills
WRITES = {role: [(command, 'es:{b:%s}:%s' % (brand, key)) for brand in ('yunque', 'harbour')]
          for role, command, key in (('crawler', 'XLEN', 'posts'), ('detector', 'HLEN', 'mentions'), ('notifier', 'HLEN', 'deliveries'))}


class Killer:
    """Kills children of `earshot up`, which starts them again."""

    def __init__(self, f, s, seed):
        self.f, self.s, self.random = f, s, random.Random(seed)
        self.done = {}

    def kill(self, role):
        """SIGKILL to the role; waits for it when it is just being started again. Every other one hits it in the middle of a write."""
        pid = self.f.wait(lambda: self.s.pids().get(role), 15, 0.02)
        if not pid:
            raise RuntimeError('%s was not started again within 15 s' % role)
        if role in WRITES and self.random.random() < 0.5:
            self.aim(WRITES[role])
        os.kill(pid, signal.SIGKILL)
        self.done[role] = self.done.get(role, 0) + 1

    def aim(self, commands):
        """Returns the moment one of the answers changes: its writer has begun a step and is not through with it."""
        try:
            before, end = self.s.link.pipeline(commands), time.monotonic() + 1
            while time.monotonic() < end and self.s.link.pipeline(commands) == before:
                pass
        except (OSError, AttributeError):
            self.s.hang_up()

    def spree(self, roles, kills, pause=PAUSE_S):
        for n in range(kills):
            if n % len(roles) == 0:
                order = self.random.sample(roles, len(roles))
            time.sleep(self.random.uniform(*pause))    # the random moment that the test is about
            self.kill(order[n % len(roles)])

    def told(self):
        return ', '.join('%d %s' % (n, role) for role, n in sorted(self.done.items()))


def run_roles(seed, kills):
    with flow.Flow('kill') as f:
        world = storm.Storm(f, seconds=kills * 0.8)
        killer = Killer(f, world.system, seed)
        world.system.start()
        world.begin()
        f.web('PUT', '/mode/hook', {'mode': 'lost', 'times': 2})
        started = time.monotonic()
        killer.spree(['crawler', 'detector', 'notifier'], kills)
        took = time.monotonic() - started
        counted = world.progress()
        f.web('PUT', '/mode/hook', {'mode': '500', 'times': 1})
        world.settle()
        f.check('work went on between the kills: %d posts were counted before the last' % counted, counted > storm.EACH * len(storm.FEEDS) / 2)
        world.check('after %d kill -9 in %.0f s (%s; seed %d)' % (kills, took, killer.told(), seed))
    return f


def run_redis(seed, kills):
    with flow.Flow('kill-redis') as f:
        world = storm.Storm(f, seconds=kills * 2.5)
        killer = Killer(f, world.system, seed)
        world.system.start()
        world.begin()
        for _ in range(kills):
            killer.spree(['redis-server'], 1, (0.5, 2))
            killer.spree(['crawler', 'detector', 'notifier'], 1, (0.1, 1.5))
        world.settle()
        world.check('after %d kill -9 of redis-server (%s; seed %d)' % (kills, killer.told(), seed), exact=False)
    return f


def run_up(seed, kills):
    """`earshot up` itself is killed and started again at once, while what it left behind is still ending."""
    with flow.Flow('kill-up') as f:
        world = storm.Storm(f, seconds=kills * 2.5)
        chance = random.Random(seed)
        world.system.start()
        world.begin()
        for _ in range(kills):
            time.sleep(chance.uniform(0.5, 3))
            f.end(world.system.child, signal.SIGKILL)
            world.system.hang_up()
            world.system.start()
        world.settle()
        world.check('after %d kill -9 of earshot up (seed %d)' % (kills, seed))
        pids = world.system.pids()
        code = world.system.stop()
        f.check('and it still stops cleanly (seed %d)' % seed, code == 0 and not any(os.path.exists('/proc/%d' % p) for p in pids.values()),
                'exit code %s, %s' % (code, pids))
    return f


RUNS = {'roles': (run_roles, 50), 'redis': (run_redis, 5), 'up': (run_up, 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--rounds', type=int, default=1)
    parser.add_argument('--kills', type=int, help='of a round; default 50, 5 and 3')
    parser.add_argument('--seed', type=int, default=2)
    parser.add_argument('which', nargs='*', choices=[*RUNS, []], default=[])
    options = parser.parse_args()
    code = 0
    for seed in range(options.seed, options.seed + options.rounds):
        for name in options.which or RUNS:
            run, kills = RUNS[name]
            code |= run(seed, options.kills or kills).exit_code()
    return code


if __name__ == '__main__':
    sys.exit(main())
