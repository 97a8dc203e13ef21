#!/usr/bin/env python3
"""Does memory grow? 100,000 posts (SOAK_POSTS=) through `earshot up`: a feed that grows by 400 posts a second, each of them about a brand.
The resident memory of each role after a fifth of the posts is compared with that at the end. About five minutes; not part of `make test`."""
import os
import re
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402

POSTS = int(os.environ.get('SOAK_POSTS', '100000'))
RATE = 400          # a second; the feed shows the newest WINDOW, polled each half second
WINDOW = 1200
MOST_MB = 40        # the bound of each worker
MOST_GROWTH = 1.10  # caches fill in the first fifth; what grows by a tenth after that would grow for ever
WORKERS = ('crawler', 'detector', 'notifier')

CONFIG = '''[earshot]
rules = {root}/rules, {root}/tests/demo/rules
feeds = feeds
data = data
log_level = warn
[console]
port = 0
'''
SOURCE = '''[source soak]
url = {web}/grow/soak.xml
every = 500ms
delay = 0s
allow_cidr = 127.0.0.0/8
'''


def metrics(f):
    with open(f.path('data', 'console.url'), encoding='utf-8') as url, urllib.request.urlopen(url.read().strip().rstrip('/') + '/metrics', timeout=10) as answer:
        return answer.read().decode()


def value(text, name, role):
    return sum(float(v) for v in re.findall(r'^earshot_%s\{role="%s"[^}]*\} (\S+)' % (name, role), text, re.M))


def resident_mb(text):
    return {role: value(text, 'rss_bytes', role) / 1e6 for role in WORKERS}


def wait_counted(f, n, patience_s):
    f.wait(lambda: value(metrics(f), 'mentions_total', 'detector') >= n, patience_s, 1)
    return value(metrics(f), 'mentions_total', 'detector')


def main():
    with flow.Flow('soak') as f:
        web = f.start_web()
        f.web('PUT', '/plan/soak', {'total': POSTS, 'per_second': RATE, 'window': WINDOW})
        f.write('earshot.conf', CONFIG.format(root=flow.ROOT))
        f.write('feeds/soak.conf', SOURCE.format(web=web))
        started = time.monotonic()
        f.start([flow.EARSHOT, 'up', '--config', f.path('earshot.conf')], 'up.log')
        f.wait(lambda: os.path.exists(f.path('data', 'console.url')), 20)
        wait_counted(f, POSTS // 5, POSTS / RATE + 60)
        early = resident_mb(metrics(f))
        counted = wait_counted(f, POSTS, POSTS / RATE * 1.5 + 120)
        time.sleep(6)       # a heartbeat, so that the figures are those of now
        late = resident_mb(metrics(f))
        print('# %d posts in %.0f s' % (counted, time.monotonic() - started))
        f.check('each of %d posts is counted once' % POSTS, counted == POSTS, 'expected %d, came %d' % (POSTS, counted))
        for role in WORKERS:
            figures = '%.1f MB after a fifth of the posts, %.1f MB at the end' % (early[role], late[role])
            print('# %s: %s' % (role, figures))
            f.check('the %s does not grow' % role, late[role] <= early[role] * MOST_GROWTH, figures)
            f.check('the %s stays under %d MB' % (role, MOST_MB), late[role] <= MOST_MB, figures)
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
