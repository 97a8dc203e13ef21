#!/usr/bin/env python3
"""The ten questions of docs/keys.md, asked with redis-cli as the read-only user of a running system. Run alone: python3 tests/flow/test_analyst.py"""
import json
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

POSTS = 100
CALM = [{'title': '记录{i}', 'text': '今天骑云雀上班，路上二十分钟。', 'lang': 'zh'}]
STORM = [{'title': '云雀刹车失灵', 'text': '云雀刹车突然失灵，要求退款！第{i}次投诉。', 'lang': 'zh'}]
NUMBER = r'-?\d+'

# What each question has to bring, line by line: a pattern that at least one line fits, and one that all of them fit.
ANSWERS = {
    'posts-per-minute': (r'\d\d:\d\d \d+', r'\d\d:\d\d \d+'),
    'negative-by-hour': (r'\d\dT\d\d', r'\d\dT\d\d|\d+'),
    'complaint-categories': (r'(safety|quality|refund) \d+', r'[a-z]+ \d*'),
    'incidents': (r'[0-9a-f]{32}', r'[0-9a-f]{32}|[a-z-]+|[\d.e+-]+'),
    'latest-mentions': (r'\{.*"verdict".*\}', r'\{.*\}'),
    'source-health': (r'200|304', r'\d*'),
    'waiting-alerts': (r'[0-9a-f]{32}:\d+:busy \d+', r'[0-9a-f]{32}:\d+:\w+ \d+'),
    'dead-letters': (r'.*404.*', r'.*'),
    'owner': (r'detector:.+:up[0-9a-f]{8}', r'detector:.*|\d+'),
    'chart': (r'\d\d-\d\d,\d+', r'\d\d-\d\d,\d+'),
}
REFUSED = [('SET', 'es:{b:yunque}:x', '1'), ('HSET', 'es:{b:yunque}:mentions', 'x', '{}'), ('DEL', 'es:{b:yunque}:mentions'), ('FLUSHALL',), ('CONFIG', 'GET', '*'),
           ('XADD', 'es:{b:yunque}:posts', '*', 'post', '{}'), ('FCALL', 'earshot_1_version', '0'), ('EVAL', 'return 1', '0'), ('HGETALL', 'es:{s10}:seen:board'),
           ('ACL', 'LIST'), ('KEYS', '*'), ('SHUTDOWN',), ('MONITOR',)]


def questions():
    with open(os.path.join(flow.ROOT, 'docs', 'keys.md'), encoding='utf-8') as f:
        return dict(re.findall(r'^```sh analyst ([a-z-]+)\n(.*?)^```$', f.read(), re.M | re.S))


class Test:
    def __init__(self, f):
        self.f, self.port = f, system.free_port()
        web = f.start_web()
        f.web('PUT', '/plan/board', {'texts': CALM, 'start': 60, 'total': 60, 'spacing_s': 120})
        f.web('PUT', '/plan/storm', {'texts': STORM, 'total': 0})
        targets = system.target('gone', 'webhook', web + '/nowhere') + system.target('busy', 'webhook', web + '/sink/busy')
        routes = targets + '[route everything]\nbrands = *\nevents = *\ntargets = gone, busy, log\n'
        f.web('PUT', '/mode/busy', '503')
        self.s = system.System(f, feeds=system.source('board', web + '/grow/board.xml') + system.source('storm', web + '/grow/storm.xml'), routes=routes, redis='analyst_port = %d' % self.port,
                               thresholds='learn = 0\n')

    def environment(self, **more):
        with open(os.path.join(self.s.data, 'analyst.password'), encoding='ascii') as f:
            password = f.read().strip()
        return dict(os.environ, R='redis-cli -p %d --user analyst --no-auth-warning' % self.port, REDISCLI_AUTH=password, BRAND='yunque', SOURCE='board', **more)

    def ask(self, script):
        done = subprocess.run(['sh', '-c', script], env=self.environment(), capture_output=True, text=True, timeout=30)
        return done.stdout + done.stderr

    def answers(self):
        f = self.f
        asked = questions()
        f.check('docs/keys.md asks the ten questions', set(asked) == set(ANSWERS), str(sorted(set(asked) ^ set(ANSWERS))))
        for name, script in asked.items():
            some, every = ANSWERS.get(name, ('.', '.*'))
            answer = self.ask(script)
            lines = [line for line in answer.splitlines() if line.strip()]
            good = any(re.fullmatch(some, x) for x in lines) and all(re.fullmatch(every, x) for x in lines) and 'NOPERM' not in answer
            f.check('the question "%s" is answered' % name, good, answer[:300])
        days = [time.strftime('%F', time.gmtime(time.time() - ago)) for ago in (0, 86400)]    # the board's posts go two hours back
        sums = [int(line.split(' ')[1]) for day in days for line in self.ask(asked['posts-per-minute'].replace('$(date -u +%F)', day)).splitlines() if line.strip()]
        f.check('the posts of all minutes are those that were counted', sum(sums) == POSTS, str(sums))
        records = [json.loads(line) for line in self.ask(asked['latest-mentions']).splitlines()]
        f.check('the latest mentions are five records', len(records) == 5 and all(r['post']['text'].startswith('云雀刹车') for r in records), str(records)[:200])

    def refused(self):
        f = self.f
        for command in REFUSED:
            words = ' '.join("'%s'" % w for w in command)
            answer = self.ask('timeout 5 $R ' + words)
            f.check('the analyst may not %s' % ' '.join(command[:2]), 'NOPERM' in answer, answer[:200])
        for password, said in (('', 'NOAUTH'), ('wrong', 'WRONGPASS')):
            done = subprocess.run(['sh', '-c', 'R="redis-cli -p %d --no-auth-warning"; $R %s GET x' % (self.port, '--user analyst --pass wrong' if password else '')],
                                  env={k: v for k, v in os.environ.items() if k != 'REDISCLI_AUTH'}, capture_output=True, text=True, timeout=30)
            f.check('and nobody may without the password (%s)' % said, said in done.stdout + done.stderr, done.stdout + done.stderr)

    def run(self):
        f, s = self.f, self.s
        s.start()
        f.wait(lambda: s.total('yunque') == 60)
        f.web('PUT', '/plan/storm', {'texts': STORM, 'total': POSTS - 60, 'per_second': 20})
        f.wait(lambda: s.total('yunque') == POSTS and s.incidents('yunque'), 30)
        f.wait(lambda: s.ask('XLEN', 'es:{b:yunque}:deliveries:dead') > 0 and s.ask('ZCARD', 'es:{b:yunque}:deliveries:due') > 0, 20)
        f.check('earshot up says how analysts get in', '--user analyst' in s.log() and str(self.port) in s.log(), s.log()[:300])
        self.answers()
        self.refused()


def main():
    with flow.Flow('analyst') as f:
        Test(f).run()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
