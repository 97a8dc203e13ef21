#!/usr/bin/env python3
"""A Redis that stands still, is slow or is full, and a disk that is full under the archive: a crawler begins nothing that it cannot
commit, does not grow, says what is the matter once, goes on by itself, and loses nothing.

  python3 tests/fault/test_backpressure.py [--seconds N] [frozen] [slow] [full] [disk]

--seconds: how long each trouble lasts; `make soak` takes 20, more than a command may take."""
import argparse
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import boards  # noqa: E402
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

HOSTS = 100
PAGE_BYTES = 300 << 10
GROWTH_KB = 32 << 10        # one page of each host, which were under way
SLOW_MS = 150               # a command of a slow Redis
DISK = '1m'
HOLD_S = 30                 # LIMIT_FETCH_MS: how long a host is held by a request whose end could not be written


class Trouble:
    """A crawler at work on feeds with large pages, and what has to hold around a time of trouble."""

    def __init__(self, f, seconds, earshot=''):
        self.f, self.seconds = f, seconds
        self.hosts = ['127.9.0.%d' % (i + 1) for i in range(HOSTS)]
        self.boards = boards.Boards(self.hosts, seed=3, slow_s=(0.0, 0.05, 0.2), pad=PAGE_BYTES)
        self.web = auditweb.Web(self.boards.answer)
        self.redis = f.start_redis()
        f.load_functions()
        feeds = ''.join(system.source('f' + h.replace('.', '-'), self.web.url(h, '/feed.xml'), every='1s') for h in self.hosts)
        self.s = system.System(f, feeds=feeds, earshot=earshot)
        self.s.link = resp.Redis(f.socket)
        self.child = f.start([flow.EARSHOT, 'crawler', '--config', self.s.config, '--redis', f.url], 'crawler.log')
        f.wait(lambda: len(self.asked(0)) == HOSTS, 30)
        self.boards.begin()
        time.sleep(4)               # every page was read some times: the heap has its shape
        self.before_kb = system.rss_kb(self.child.pid)

    def asked(self, since):
        return {r.host for r in list(self.web.requests) if r.start > since and r.path != '/robots.txt'}

    def stand(self, what, least_s=1.0):
        """While it lasts: a second for what was under way, and nothing more."""
        f, began, most_kb = self.f, time.time(), 0
        while time.time() < began + self.seconds:
            time.sleep(0.1)
            most_kb = max(most_kb, system.rss_kb(self.child.pid))
        new = [r for r in list(self.web.requests) if r.start > began + least_s]
        f.check('%s: nothing is begun that could not be committed' % what, not new, '%d requests' % len(new))
        self.look_at_size(what, most_kb)

    def look_at_size(self, what, most_kb):
        self.f.check('%s: what waits does not pile up (%.1f MB before, %.1f MB at most)' % (what, self.before_kb / 1024, most_kb / 1024),
                     most_kb <= self.before_kb + GROWTH_KB)

    def go_on(self, what, patience_s=10):
        """All sources are read again, and what was published meanwhile is there."""
        f, s, since = self.f, self.s, time.time()
        f.wait(lambda: len(self.asked(since)) == HOSTS, patience_s)
        f.check('%s is over: all sources are read again within %.1f s' % (what, time.time() - since), len(self.asked(since)) == HOSTS)
        self.boards.stop()
        wanted = {brand: self.boards.expected(brand) for brand in boards.TEXTS}
        f.wait(lambda: all(set(s.stream(brand)) >= wanted[brand] for brand in wanted), 20, 0.3)
        came = {brand: set(s.stream(brand)) for brand in wanted}
        f.check('and each of %d posts is in its stream' % sum(len(w) for w in wanted.values()), came == wanted and all(wanted.values()),
                ', '.join('%s: %d lost' % (brand, len(wanted[brand] - came[brand])) for brand in wanted))
        f.check('the crawler is the same process', self.child.poll() is None, 'exit code %s' % self.child.returncode)

    def said(self, event):
        return self.f.log('crawler.log').count(' crawler %s ' % event)


def run_frozen(seconds):
    with flow.Flow('bp-frozen') as f:
        t = Trouble(f, seconds)
        t.redis.send_signal(signal.SIGSTOP)
        t.stand('Redis stands still for %g s' % seconds)
        t.redis.send_signal(signal.SIGCONT)
        t.go_on('the stillness')
    return f


def run_slow(seconds):
    """Every command takes its time: fewer pages come in, none waits in memory for its turn."""
    with flow.Flow('bp-slow') as f:
        t = Trouble(f, seconds)
        began, most_kb, requests = time.time(), 0, len(t.web.requests)
        while time.time() < began + seconds:
            t.s.ask('CLIENT', 'PAUSE', SLOW_MS, 'ALL')
            time.sleep((SLOW_MS + 20) / 1000)      # some commands pass between two pauses
            most_kb = max(most_kb, system.rss_kb(t.child.pid))
        t.look_at_size('Redis lets commands wait %d ms, %d pages in %g s' % (SLOW_MS, len(t.web.requests) - requests, seconds), most_kb)
        t.go_on('the slowness')
    return f


def run_full(seconds):
    """No room for what is written, as with maxmemory reached or its disk full: reads are answered still."""
    with flow.Flow('bp-full') as f:
        t = Trouble(f, seconds)
        t.s.ask('CONFIG', 'SET', 'maxmemory', '1mb')
        t.stand('Redis is full for %g s' % seconds)
        f.check('that is said once', t.said('redis_lost') == 1 and t.said('redis_back') == 0 and t.said('source_failed') == 0,
                '%d redis_lost, %d redis_back, %d source_failed' % (t.said('redis_lost'), t.said('redis_back'), t.said('source_failed')))
        t.s.ask('CONFIG', 'SET', 'maxmemory', '0')
        t.go_on('the fullness', HOLD_S + 10)
        f.check('and that it is over, once', t.said('redis_back') == 1, str(t.said('redis_back')))
    return f


def run_disk(seconds):
    """The archive is no reason to be late with news: crawling goes on, and what the disk does not take is counted."""
    with flow.Flow('bp-disk') as f:
        disk = f.path('disk')
        os.makedirs(disk)
        done = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=' + DISK, 'tmpfs', disk], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print('skip - a full disk under the archive: %s' % done.stderr.strip())
            f.checks += 1
            return f
        try:
            with open(os.path.join(disk, 'ballast'), 'wb') as ballast:
                ballast.write(bytes(960 << 10))
            t = Trouble(f, seconds, 'archive_folder = %s' % os.path.join(disk, 'archive'))
            with open(os.path.join(disk, 'rest'), 'wb', buffering=0) as rest:
                try:
                    while True:
                        rest.write(bytes(4096))
                except OSError:
                    pass
            most_kb, until = 0, time.time() + seconds
            while time.time() < until:
                time.sleep(0.1)
                most_kb = max(most_kb, system.rss_kb(t.child.pid))
            t.look_at_size('the disk of the archive is full for %g s' % seconds, most_kb)
            f.check('that is said', f.wait(lambda: t.said('archive_failed') > 0, 5), f.log('crawler.log')[-300:])
            os.remove(os.path.join(disk, 'ballast'))
            f.check('and that it is over', f.wait(lambda: t.said('archive_back') > 0, 10))
            t.go_on('the fullness of the disk')
        finally:
            for child in list(f.children):
                f.end(child)
            subprocess.run(['umount', disk], check=False)
    return f


RUNS = {'frozen': run_frozen, 'slow': run_slow, 'full': run_full, 'disk': run_disk}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seconds', type=float, default=5)
    parser.add_argument('which', nargs='*', choices=[*RUNS, []], default=[])
    options = parser.parse_args()
    code = 0
    for name in options.which or RUNS:
        code |= RUNS[name](options.seconds).exit_code()
    return code


if __name__ == '__main__':
    sys.exit(main())
