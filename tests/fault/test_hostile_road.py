#!/usr/bin/env python3
"""The heaviest of the hostile documents on the live road: what a command survives in an arena of its own, the crawler has to survive in its.
Run alone: python3 tests/fault/test_hostile_road.py"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import hostile  # noqa: E402
import system  # noqa: E402
import test_hostile  # noqa: E402

BRAND = '[brand everything]\nname = Everything\naliases = hostile everything\n'
PATIENCE_S = 200


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
    return names, feeds


def main():
    with flow.Flow('hostile-road') as f:
        site = f.path('site')
        os.makedirs(site)
        names, feeds = serve(f, f.start_web('--root', site), site)
        s = system.System(f, feeds=feeds, brands=BRAND, tick='60s')
        s.start()
        first = s.pids()['crawler']
        f.wait(lambda: s.pids().get('crawler') != first or all(s.source(n) for n in names), PATIENCE_S, 0.5)
        unread = [n for n in names if not s.source(n)]
        f.check('the crawler takes %d hostile documents from the web, and goes on' % len(names), not unread and s.pids().get('crawler') == first and
                'child_died' not in s.log(), '%s have no state; %s' % (unread, s.log()[-800:]))
        f.check('all roles end well', s.stop() == 0, s.log()[-300:])
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
