#!/usr/bin/env python3
"""Bad input: wrong files name place and remedy and start nothing; commands end with the exit codes of the contract; hostile servers
cost bounded memory and leave a reason. Run alone: python3 tests/flow/test_bad_input.py"""
import json
import os
import re
import signal
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402

GROWTH_KB = 32 << 10
TEXTS = [{'title': '云雀记录{i}', 'text': '今天骑云雀上班。', 'lang': 'zh'}]

# What is wrong, the file, what stands in it, and what has to be said: place and remedy.
WRONG_FILES = [
    ('an option that is no number', 'earshot.conf', '[console]\nport = lots\n', r'earshot\.conf:2:8: error: port: "lots" .*write it in digits'),
    ('an unknown option', 'earshot.conf', '[earshot]\ncolour = blue\n', r'earshot\.conf:2:1: error: .*"colour".*docs/options\.md'),
    ('an unknown section', 'earshot.conf', '[tikc]\nevery = 1s\n', r'earshot\.conf:1:1: error: .*\[tikc\].*did you mean \[tick\]'),
    ('a line that is none', 'earshot.conf', '[tick]\nevery 1s\n', r'earshot\.conf:2:\d+: error: .*='),
    ('a console for everybody', 'earshot.conf', '[console]\nlisten = 0.0.0.0\n', r'earshot\.conf: error: .*use 127\.0\.0\.1'),
    ('bytes that are no UTF-8', 'earshot.conf', b'[earshot]\nuser_agent = \xff\xfe\n', r'earshot\.conf:2:\d+: error: .*UTF-8'),
    ('a brand without a name', 'rules/brands.conf', '[brand x]\naliases = X\n', r'brands\.conf:1:1: error: .*name'),
    ('a brand id with a space', 'rules/brands.conf', '[brand X Y]\nname = a\n', r'brands\.conf:1:1: error: .*use 1 to 32'),
    ('a brand that stands twice', 'rules/brands.conf', '[brand x]\nname = a\n[brand x]\nname = b\n', r'brands\.conf:3:1: error: .*twice'),
    ('a term without a weight', 'rules/sentiment.zh.tsv', '很好\n', r'sentiment\.zh\.tsv:1:1: error: .*with a tab'),
    ('a weight that is no number', 'rules/complaint.en.tsv', 'refund\tmuch\trefund\n', r'complaint\.en\.tsv:1:8: error: '),
    ('a threshold that is no number', 'rules/thresholds.conf', '[thresholds]\nopen_score = high\n', r'thresholds\.conf:2:14: error: .*0\.75'),
    ('a channel there is not', 'rules/routes.conf', '[target a]\nchannel = pigeon\n', r'routes\.conf:2:11: error: .*webhook, wecom'),
    ('a route to nowhere', 'rules/routes.conf', '[route r]\ntargets = nowhere\n', r'routes\.conf:2:11: error: .*\[target'),
    ('a source that is no web address', 'feeds/a.conf', '[source a]\nurl = ftp://example.org/\n', r'a\.conf:1:1: error: .*http'),
    ('a source without an address', 'feeds/a.conf', '[source a]\nevery = 5m\n', r'a\.conf:1:1: error: .*url'),
    ('a source with a bad interval', 'feeds/a.conf', '[source a]\nurl = http://example.org/\nevery = soon\n', r'a\.conf:3:9: error: .*90s'),
    ('a source with a bad network', 'feeds/a.conf', '[source a]\nurl = http://example.org/\nallow_cidr = 1.2.3\n', r'a\.conf:\d+:\d+: error: .*127\.0\.0\.0/8'),
    ('a source of a brand there is not', 'feeds/a.conf', '[source a]\nurl = http://example.org/\nbrands = ghost\n', r'error: .*"ghost".*\[brand ghost\]'),
]

# Arguments, exit code, and what has to be said on standard error.
COMMANDS = [
    ([], 2, 'usage'),
    (['detectr'], 2, 'did you mean "detector"'),
    (['posts', 'x', '--limti', '3'], 2, 'did you mean --limit'),
    (['posts', 'x', '--limit'], 2, '--limit needs a value'),
    (['posts', 'x', '--json=yes'], 2, '--json takes no value'),
    (['keys', '--format', 'poem'], 2, 'table, docs'),
    (['check', 'this'], 2, '"this"'),
    (['case', 'nonsense', '--batch'], 2, 'kinds'),
    (['bench', 'nonsense'], 2, 'bench'),
    (['score'], 2, '--batch'),
    (['try'], 2, 'TEXT'),
    (['console', '--port', 'none'], 2, '65535'),
    (['check', '--config', '{folder}/none.conf'], 78, 'none.conf'),
    (['stats', '--redis', 'unix://{folder}/none.sock'], 69, 'earshot up'),
    (['status', '--redis', 'redis://127.0.0.1:{port}'], 69, 'refused'),
    (['verify', '--redis', 'unix://{folder}/none.sock'], 69, 'none.sock'),
    (['posts', 'x', '--redis', 'http://example.org'], 69, 'not a Redis URL'),
    (['parse', '{folder}/none.xml'], 1, 'none.xml'),
    (['parse', '{folder}/no-feed.xml'], 1, 'no feed'),
    (['detect-csv', '{folder}/none.csv'], 1, 'none.csv'),
    (['replay', '{folder}/none.jsonl'], 1, 'none.jsonl'),
    (['fetch', 'gopher://example.org/'], 1, 'http'),
    (['fetch', 'http://127.0.0.1:{port}/'], 1, '127.0.0.1'),
    (['fetch', 'http://169.254.169.254/latest/meta-data/'], 1, '169.254.169.254'),
]

# Path on a hostile server, and a word of the reason that the source has to show. All of one address wait for each other.
HOSTILE = [
    ('bomb', '127.0.0.5', '/fault/gzip-bomb', 'decoded|larger|cap|MiB|times'),
    ('bomb2', '127.0.0.5', '/fault/gzip-bomb?layers=2', 'decoded|larger|cap|MiB|times'),
    ('endless', '127.0.0.5', '/fault/huge-body', 'larger|cap|MiB|bytes'),
    ('headers', '127.0.0.5', '/fault/huge-headers', 'header'),
    ('loop', '127.0.0.5', '/fault/redirect-loop', 'redirect'),
    ('metadata', '127.0.0.5', '/fault/redirect-private', '169.254.169.254'),
    ('file', '127.0.0.5', '/fault/redirect-private?to=file:///etc/passwd', 'http|redirect'),
    ('cut', '127.0.0.5', '/fault/truncate', '.'),
    ('garbage', '127.0.0.5', '/fault/garbage', 'no feed'),
    ('mail', '127.0.0.5', '/fault/not-http', '.'),
    ('reset', '127.0.0.5', '/fault/reset', '.'),
    ('broken', '127.0.0.5', '/fault/500', '500'),
    ('busy', '127.0.0.5', '/fault/503', '503'),
    ('slow', '127.0.0.6', '/fault/slow', 'time|slow|30'),
    ('silent', '127.0.0.7', '/fault/timeout', 'too slow'),
]
XXE = ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "{web}/canary">]>'
       '<rss version="2.0"><channel><title>x</title><item><guid>xxe</guid><title>云雀 &a;</title><description>&b;</description></item></channel></rss>')
LAUGHS = ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "' + 'ha' * 50 + '">' +
          ''.join('<!ENTITY a%d "%s">' % (i, '&a%d;' % (i - 1) * 10) for i in range(1, 10)) +
          ']><rss version="2.0"><channel><item><guid>laughs</guid><title>云雀 &a9;</title></item></channel></rss>')


# The same against a running system.
QUESTIONS = [
    (['posts'], 2, 'name one brand'),
    (['posts', 'nobody'], 1, 'yunque'),
    (['posts', 'yunque', '--since', 'long'], 2, '30m'),
    (['posts', 'yunque', '--limit', '0'], 2, 'from 1 to'),
    (['stats', 'yunque', 'harbour'], 2, 'one brand'),
    (['incidents', 'ack'], 2, 'incident id'),
]


def make_folder(f, name, files):
    """A configuration with good files, and some wrong ones in their place."""
    good = {'earshot.conf': '[earshot]\nrules = rules\nfeeds = feeds\ndata = data\n[console]\nport = 0\n', 'rules/brands.conf': system.BRANDS,
            'rules/routes.conf': '[target log]\nchannel = log\n[route all]\ntargets = log\n', 'feeds/none.conf': ''}
    for path, text in {**good, **files}.items():
        os.makedirs(os.path.dirname(f.path(name, path)), exist_ok=True)
        with open(f.path(name, path), 'wb') as out:
            out.write(text if isinstance(text, bytes) else text.encode())
    return f.path(name, 'earshot.conf')


def wrong_files(f):
    for i, (what, path, text, said) in enumerate(WRONG_FILES):
        config = make_folder(f, 'wrong%d' % i, {path: text})
        code, _, err = f.earshot('check', '--config', config)
        lines = [line for line in err.splitlines() if 'error: ' in line]
        f.check('%s is refused with its place and a remedy' % what, code == 78 and any(re.search(said, line) for line in lines), 'exit code %d: %s' % (code, err[:400]))
    code, _, err = f.earshot('check', '--config', make_folder(f, 'right', {}))
    f.check('good files pass without a word', code == 0 and err == '', '%d %s' % (code, err))


def nothing_starts(f):
    for name, path, text in (('settings', 'earshot.conf', '[tick]\nevery = never\n'), ('rules', 'rules/brands.conf', '[brand x]\nname =\n'),
                             ('routes', 'rules/routes.conf', '[target a]\nchannel = pigeon\n'), ('sources', 'feeds/a.conf', '[source a]\nurl = nonsense\n')):
        config = make_folder(f, 'up-' + name, {path: text})
        code, _, err = f.earshot('up', '--config', config, '--data', f.path('up-' + name, 'data'), timeout=20)
        redis = os.path.exists(f.path('up-' + name, 'data', 'redis'))
        f.check('earshot up with wrong %s ends with 78 and starts nothing' % name, code == 78 and 'error: ' in err and not redis, '%d %s' % (code, err[:300]))


def commands(f):
    f.write('no-feed.xml', '<html><body>no feed here</body></html>')
    config, port = make_folder(f, 'right', {}), system.free_port()
    for arguments, expected, said in COMMANDS:
        words = [a.format(folder=f.folder, port=port) for a in arguments]
        if words and words[0] in ('replay', 'fetch', 'stats', 'status', 'verify'):
            words += ['--config', config]
        code, out, err = f.earshot(*words)
        f.check('earshot %s ends with %d and says why' % (' '.join(arguments), expected), code == expected and said in err and 'Traceback' not in err,
                'exit code %d: %s%s' % (code, out[:100], err[:300]))
    f.write('posts.jsonl', '{"id":"1","source":"x","text":"云雀","posted":"2024-01-01T00:00:00Z"}\n{"broken\n{"id":"2","source":"x","text":"云雀"}\n')
    code, _, err = f.earshot('replay', f.path('posts.jsonl'), '--config', config)
    f.check('replay names the lines it cannot read and goes on', code == 0 and 'posts.jsonl:2: ' in err and 'posts.jsonl:3: ' in err and '1 mentions' in err, err[-300:])
    code, out, _ = f.earshot('score', '--batch', '--config', config, stdin='{"id":"1","text":"云雀很好"}\nnonsense\n[]\n')
    rows = [json.loads(line) for line in out.splitlines()]
    f.check('score answers a line that is no post with an error, in its place', code == 0 and len(rows) == 3 and rows[0]['id'] == '1' and
            'error' in rows[1] and 'error' in rows[2], out[:300])


class Hostile:
    """A good source and many bad ones, in one crawler."""

    def __init__(self, f):
        self.f = f
        site = f.path('site')
        os.makedirs(site)
        good = f.start_web('--root', site)
        f.web('PUT', '/plan/good', {'texts': TEXTS, 'start': 5, 'total': 100000, 'per_second': 2})
        webs = {host: f.start_web(host=host) for host in sorted({h for _, h, _, _ in HOSTILE})}
        for name, text in (('xxe.xml', XXE.format(web=good)), ('laughs.xml', LAUGHS)):
            with open(os.path.join(site, name), 'w', encoding='utf-8') as out:
                out.write(text)
        feeds = ''.join(system.source(name, webs[host] + path, every='2s') for name, host, path, _ in HOSTILE)
        feeds += system.source('good', good + '/grow/good.xml')
        feeds += ''.join(system.source(n, '%s/%s.xml' % (good, n)) for n in ('xxe', 'laughs'))
        feeds += '[source stranger]\nurl = %s/canary\n' % good      # a loopback address that it may not reach
        self.s = system.System(f, feeds=feeds)
        self.good = good
        self.s.start()
        f.wait(lambda: self.s.total('yunque') > 0)
        pid = self.s.pids()['crawler']
        self.before_kb = system.rss_kb(pid)
        try:
            with open('/proc/%d/clear_refs' % pid, 'w', encoding='ascii') as out:
                out.write('5')    # the highest mark so far is that of loading the rules
        except OSError:
            self.before_kb = self.peak_kb()    # a kernel that does not take it back: what comes on top of it

    def judge(self):
        f, s = self.f, self.s
        names = [n for n, _, _, _ in HOSTILE]
        f.wait(lambda: all(s.source(n).get('failures', '0') != '0' for n in names), 45)
        for name, _, path, reason in HOSTILE:
            state = s.source(name)
            f.check('%s ends as a failure with its reason' % path, state.get('failures', '0') != '0' and re.search(reason, state.get('error', '')), str(state))
        state = s.source('stranger')
        f.check('a loopback address without allow_cidr is refused', state.get('failures', '0') != '0' and '127.0.0.1' in state.get('error', ''), str(state))
        paths = [r['path'] for r in json.loads(urllib.request.urlopen(self.good + '/log', timeout=10).read())]
        f.check('and never asked, nor does an entity of a feed reach out', '/canary' not in paths)
        for arguments, expected, said in QUESTIONS:
            code, out, err = s.run(*arguments)
            f.check('earshot %s ends with %d and says why' % (' '.join(arguments), expected), code == expected and said in err, '%d %s%s' % (code, out[:100], err[:300]))
        self.memory()
        self.entities()
        self.beside()

    def memory(self):
        peak = self.peak_kb()
        self.f.check("the crawler's memory grew by at most 32 MB (%.1f)" % ((peak - self.before_kb) / 1024), peak - self.before_kb <= GROWTH_KB or flow.is_sanitized())

    def peak_kb(self):
        with open('/proc/%d/status' % self.s.pids()['crawler'], encoding='ascii', errors='replace') as f:
            return next(int(line.split()[1]) for line in f if line.startswith('VmHWM:'))

    def entities(self):
        s = self.s
        texts = [json.dumps(r['post'], ensure_ascii=False) for n, r in s.mentions('yunque').items() if n in ('xxe', 'laughs')]
        self.f.check('entities bring neither files nor a flood', not any('root:' in t or len(t) > 100000 for t in texts), str(texts)[:300])

    def beside(self):
        """The good source was read all the time, and the crawler is still the first one."""
        f, s = self.f, self.s
        f.wait(lambda: int(s.source('good')['polls']) >= 10, 5)
        state, before = s.source('good'), s.total('yunque')
        f.check('a good source beside them is read as ever', int(state['polls']) >= 10 and state['failures'] == '0', str(state))
        f.check('and its posts go on coming', f.wait(lambda: s.total('yunque') > before, 5))
        f.check('no role fell over', 'child_died' not in s.log(), s.log()[-300:])
        f.write('feeds/test.conf', '[source a]\nurl = nonsense\n')
        s.child.send_signal(signal.SIGHUP)
        f.wait(lambda: 'crawler config_error' in s.log(), 10)
        before = s.total('yunque')
        f.check('HUP with a wrong sources file leaves the old ones in force', 'test.conf:1:1' in s.log() and f.wait(lambda: s.total('yunque') > before + 2, 10), s.log()[-300:])


def main():
    with flow.Flow('bad') as f:
        hostile = Hostile(f)
        wrong_files(f)
        nothing_starts(f)
        commands(f)
        hostile.judge()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
