#!/usr/bin/env python3
"""The heaviest of the hostile documents on the live road: what a command survives in an arena of its own, the crawler has to survive in its.
Run alone: python3 tests/fault/test_hostile_road.py"""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import hostile  # noqa: E402
import system  # noqa: E402
import test_hostile  # noqa: E402

BRAND = '[brand everything]\nname = Everything\naliases = hostile everything, 敌意\n'
PATIENCE_S = 200
WORDS = ('敌意', 'refund', 'fraud', 'scam', 'fr@ud', 'r3fund', '退*款', '退款')    # a brand, and what rules look for
FULL_BYTES, FULL_WORDS = 7900000, 2000


def serve(f, web, site):
    """The documents as sources: names, and the text of the feeds file."""
    names, feeds = [], ''
    rows = test_hostile.Rows(f.folder, hostile.heavy)
    for _, command, path in rows:
        name, ending = 'h%d' % len(names), 'html' if command == 'extract' else 'xml'
        os.rename(path, os.path.join(site, '%s.%s' % (name, ending)))
        more = 'brands = everything\n' + ('kind = page' if ending == 'html' else '')
        feeds += system.source(name, '%s/%s.%s' % (web, name, ending), every='7d', more=more)
        names.append(name)
    rows.close()
    names.append('full')
    with open(os.path.join(site, 'full.xml'), 'w', encoding='utf-8') as out:
        out.write(full_feed())
    return names, feeds + system.source('full', web + '/full.xml', every='7d')


def full_feed():
    """As large as an answer may be, and every post full of what is looked for: each alone is harmless."""
    dice, items, size = random.Random(5), [], 0
    while size < FULL_BYTES:
        items.append('<item><guid>%d</guid><description>%s</description></item>' % (len(items), ' '.join(dice.choices(WORDS, k=FULL_WORDS))))
        size += len(items[-1].encode())
    return '<rss version="2.0"><channel><title>full</title>%s</channel></rss>' % ''.join(items)


def was_read(s, name):
    """A look at robots.txt alone leaves a state, too."""
    return s.source(name).get('fetched_ms', '0') != '0'


def main():
    with flow.Flow('hostile-road') as f:
        site = f.path('site')
        os.makedirs(site)
        names, feeds = serve(f, f.start_web('--root', site), site)
        s = system.System(f, feeds=feeds, brands=BRAND, tick='60s')
        s.start()
        first = s.pids()['crawler']
        f.wait(lambda: s.pids().get('crawler') != first or all(was_read(s, n) for n in names), PATIENCE_S, 0.5)
        unread = [n for n in names if not was_read(s, n)]
        f.check('the crawler takes %d hostile documents from the web, and goes on' % len(names), not unread and s.pids().get('crawler') == first and
                'child_died' not in s.log(), '%s have no state; %s' % (unread, s.log()[-800:]))
        f.check('all roles end well', s.stop() == 0, s.log()[-300:])
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
