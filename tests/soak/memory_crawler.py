#!/usr/bin/env python3
"""Resident memory of a crawler: no growth over a million fetches, and a bound with 100,000 known sources and as many requests under way
as it has at most.

  python3 tests/soak/memory_crawler.py [--fetches N] [--known N] [growth] [size]

Both against a server of the test on loopback; a growth run takes as long as the machine needs for its fetches."""
import argparse
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import fastweb  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

GROWTH = 1.02
MOST_KB = 160 << 10      # the aim is 64 MB; libcurl alone takes 75 for 4,000 transfers (docs/decisions.md)
SETTLED = 0.05          # of the fetches: caches are full and the heap has its shape
SAMPLES = 20            # the median of so many counts, a second apart
EVERY = '500ms'
HOSTS = 2000
IN_A_FILE = 10000       # sources


def host_of(i):
    return '127.%d.%d.%d' % (16 + i // 50000, i // 200 % 250, i % 200 + 1)


class Crawler:
    def __init__(self, f, web, n, every):
        self.f, self.web = f, web
        f.start_redis()
        f.load_functions()
        self.s = system.System(f)
        for first in range(0, n, IN_A_FILE):
            f.write('feeds/part%d.conf' % (first // IN_A_FILE), ''.join(
                system.source('f%d' % i, web.url(host_of(i), '/f%d.xml' % i), every=every, more='robots = ignore') for i in range(first, min(n, first + IN_A_FILE))))
        self.s.link = resp.Redis(f.socket)
        self.child = f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', f.url], 'crawler.log')

    def rss_kb(self):
        return system.rss_kb(self.child.pid)

    def alive(self):
        if self.child.poll() is not None:
            raise RuntimeError('the crawler ended with %d' % self.child.returncode)
        return True

    def fetches(self):
        self.alive()
        return self.s.metrics('crawler').get('fetches_total', 0)

    def settled_kb(self):
        sizes = []
        for _ in range(SAMPLES):
            time.sleep(1)
            sizes.append(self.rss_kb())
        return sorted(sizes)[SAMPLES // 2]


def run_growth(options):
    with flow.Flow('crawler-growth') as f:
        web = fastweb.Web()
        c = Crawler(f, web, HOSTS, EVERY)
        begun, sizes = time.time(), []
        for part in (SETTLED, 0.25, 0.5, 0.75, 1.0):
            while c.fetches() < options.fetches * part:
                time.sleep(1)
            sizes.append((c.fetches(), c.settled_kb()))
            print('# after %d fetches in %.0f s: %.2f MB' % (sizes[-1][0], time.time() - begun, sizes[-1][1] / 1024), flush=True)
        (few, first), (many, last) = sizes[0], sizes[-1]
        f.check('from %d to %d fetches a crawler grows from %.2f to %.2f MB (%+.1f %%)' % (few, many, first / 1024, last / 1024, 100 * (last / first - 1)),
                last <= first * GROWTH)
        web.stop()
    return f


def run_size(options):
    with flow.Flow('crawler-size') as f:
        web = fastweb.Web(after=2.0)
        c = Crawler(f, web, options.known, '1d')
        f.wait(lambda: c.alive() and web.most > 0, 120)
        most_kb, until, reached = 0, time.time() + 40, 0
        while time.time() < until and c.alive():
            time.sleep(0.5)
            most_kb = max(most_kb, c.rss_kb())
            if web.most > reached:
                reached, until = web.most, time.time() + 15
        f.check('with %d sources and %d requests under way a crawler has %.1f MB' % (options.known, reached, most_kb / 1024), most_kb <= MOST_KB)
        web.stop()
    return f


RUNS = {'growth': run_growth, 'size': run_size}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--fetches', type=int, default=1000000)
    parser.add_argument('--known', type=int, default=100000)
    parser.add_argument('which', nargs='*', choices=[*RUNS, []], default=[])
    options = parser.parse_args()
    code = 0
    for name in options.which or RUNS:
        code |= RUNS[name](options).exit_code()
    return code


if __name__ == '__main__':
    sys.exit(main())
