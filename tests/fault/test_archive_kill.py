#!/usr/bin/env python3
"""kill -9 of the crawler while it archives: what is missing was fetched in the second before a kill, nothing else, and no segment is lost.

  python3 tests/fault/test_archive_kill.py [--kills N] [--seed N]"""
import argparse
import glob
import json
import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import storm  # noqa: E402

UNFLUSHED_MS = 1000     # LIMIT_SEGMENT_BLOCK_MS
TURN_MS = 400           # a turn of the crawler's loop, on a busy machine


class Test:
    def __init__(self, f, seed, kills):
        self.f, self.random, self.kills = f, random.Random(seed), kills
        self.world = storm.Storm(f, seconds=kills * 3)
        self.system = self.world.system
        self.killed_ms = []

    def spree(self):
        for _ in range(self.kills):
            time.sleep(self.random.uniform(1.5, 4))   # the random moment that the test is about
            pid = self.f.wait(lambda: self.system.pids().get('crawler'), 15, 0.02)
            os.kill(pid, signal.SIGKILL)
            self.killed_ms.append(time.time() * 1000)

    def archived(self):
        found = {}
        for term in ('云雀', 'Harbour'):
            code, out, said = self.f.earshot('search', term, '--json', '--limit', '2000', '--since', '30d', '--config', self.system.config)
            self.f.check('search finds %s after the kills, and no damage' % term, code == 0 and 'damaged' not in said, said)
            found.update((json.loads(line)['post']['native_id'], True) for line in out.splitlines())
        return set(found)

    def fetched(self):
        """Native id -> when it was fetched, of every mention."""
        times = {}
        for brand in ('yunque', 'harbour'):
            _, out, _ = self.system.run('posts', brand, '--json', '--limit', '2000', '--since', '30d')
            for line in out.splitlines():
                post = json.loads(line)['record']['post']
                times[post['native_id']] = post['fetched_ms']
        return times

    def check(self):
        f, fetched = self.f, self.fetched()
        kept = self.archived()
        missing = set(fetched) - kept
        excused = {i for i in missing if any(-TURN_MS <= k - fetched[i] <= UNFLUSHED_MS + TURN_MS for k in self.killed_ms)}
        f.check('every post was counted', len(fetched) == 2 * 3 * storm.EACH, len(fetched))
        f.check('what is missing (%d of %d) was fetched in the second before one of %d kills' % (len(missing), len(fetched), len(self.killed_ms)),
                missing == excused, sorted(missing - excused)[:10])
        f.check('the rest is there', len(kept) > len(fetched) / 3, len(kept))
        segments = glob.glob(os.path.join(self.system.data, 'archive', '*', '*.seg'))
        f.check('a killed crawler goes on in its segment', len(segments) <= 2, segments)   # two: midnight may pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--kills', type=int, default=6)
    parser.add_argument('--seed', type=int, default=random.randrange(10 ** 6))
    options = parser.parse_args()
    with flow.Flow('archive-kill') as f:
        t = Test(f, options.seed, options.kills)
        t.system.start()
        t.world.begin()
        t.spree()
        t.world.settle()
        time.sleep(1.5)     # the last block's second
        t.check()
        f.check('it ends in good order (seed %d)' % options.seed, t.system.stop() == 0)
    sys.exit(f.exit_code())


if __name__ == '__main__':
    main()
