#!/usr/bin/env python3
"""Power loss: everything dies at once and the append-only file has lost its tail. Run alone: python3 tests/fault/test_torn.py [--rounds N]"""
import argparse
import glob
import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import storm  # noqa: E402
import system  # noqa: E402


def cut_power(f, s):
    """All of it ends within a moment and without a last word: `up` is frozen first, so that it can neither restart nor stop anything."""
    pids = list(s.pids().values())
    s.hang_up()
    os.kill(s.child.pid, signal.SIGSTOP)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    f.end(s.child, signal.SIGKILL)
    f.wait(lambda: not any(system.state_of(p) for p in pids), 5)


def tear(s, cut):
    """Takes `cut` bytes off the newest part of the append-only file; returns how many are left."""
    path = max(glob.glob(os.path.join(s.data, 'redis', 'appendonlydir', '*.incr.aof')), key=os.path.getmtime)
    left = max(0, os.path.getsize(path) - cut)
    os.truncate(path, left)
    return left


def run(seed, losses):
    with flow.Flow('torn') as f:
        chance = random.Random(seed)
        world = storm.Storm(f, seconds=losses * 3.5)
        s = world.system
        s.start()
        world.begin()
        for _ in range(losses):
            time.sleep(chance.uniform(1, 3))    # the random moment that the test is about
            cut_power(f, s)
            cut = chance.choice([1, 7, chance.randint(10, 300), chance.randint(300, 30000)])
            left = tear(s, cut)
            before, counted = s.log().count('redis_repaired'), s.log().count('detector recount')
            s.start()
            f.check('with %d bytes torn off (%d left) it repairs the file and starts' % (cut, left), s.log().count('redis_repaired') > before, s.log()[-300:])
            f.wait(lambda was=counted: s.log().count('detector recount') > was, 20)
            f.check('and the detector counts its records again, though it was down too', s.log().count('detector recount') > counted, s.log()[-300:])
        world.settle()
        world.check('after %d power losses (seed %d)' % (losses, seed), exact=False)
    return f


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--rounds', type=int, default=1)
    parser.add_argument('--losses', type=int, default=4)
    parser.add_argument('--seed', type=int, default=5)
    options = parser.parse_args()
    return max(run(seed, options.losses).exit_code() for seed in range(options.seed, options.seed + options.rounds))


if __name__ == '__main__':
    sys.exit(main())
