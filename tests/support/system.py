"""A whole earshot for a test: its configuration, `earshot up`, the roles' process ids, its Redis, and what was counted.

    with flow.Flow('road') as f:
        s = system.System(f, feeds=system.source('board', f.start_web() + '/grow/board.xml'))
        s.start()
        s.mentions('yunque')
"""
import json
import os
import socket
import sys
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import flow  # noqa: E402
import resp  # noqa: E402

BRANDS = '''
[brand yunque]
name = 云雀电动车
name_en = Skylark EV
aliases = 云雀, Skylark EV
own_accounts = 云雀电动车官方
[brand harbour]
name = 港湾咖啡
name_en = Harbour Coffee
aliases = 港湾咖啡, Harbour Coffee
'''
CONFIG = '''
[earshot]
rules = {root}/rules, rules
feeds = feeds
data = data
{earshot}
[console]
port = 0
[tick]
every = {tick}
[redis]
{redis}
'''
ROLES = ('crawler', 'detector', 'notifier', 'console')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def source(name, url, family='forum', every='500ms', more=''):
    """A section of a feeds file: a source on loopback that is asked often."""
    return '[source %s]\nurl = %s\nfamily = %s\nevery = %s\ndelay = 0\nallow_cidr = 127.0.0.0/8\n%s\n' % (name, url, family, every, more)


def target(name, channel, url, lang='en', more=''):
    """A target on loopback; to be named by a route."""
    return '[target %s]\nchannel = %s\nlang = %s\nurl = %s\nallow_cidr = 127.0.0.0/8\n%s\n' % (name, channel, lang, url, more)


class System:
    def __init__(self, f, feeds='', brands=BRANDS, routes='', thresholds='', tick='1s', redis='', earshot=''):
        self.f, self.child, self.link = f, None, None
        self.data = f.path('data')
        self.config = f.write('earshot.conf', CONFIG.format(root=flow.ROOT, tick=tick, redis=redis, earshot=earshot))
        f.write('feeds/test.conf', feeds)
        f.write('rules/brands.conf', brands)
        if routes:
            f.write('rules/routes.conf', routes)
        if thresholds:
            f.write('rules/thresholds.conf', '[thresholds]\n' + thresholds)

    # ---- life

    def spawn(self):
        url = os.path.join(self.data, 'console.url')
        if os.path.exists(url):
            os.remove(url)
        self.child = self.f.start([flow.EARSHOT, 'up', '--config', self.config], 'up.log')

    def start(self, patience=30):
        """Starts it and waits until every role beats and the console answers."""
        self.spawn()
        if not self.f.wait(self.is_up, patience):
            raise RuntimeError('earshot up is not up after %d s: %s' % (patience, self.f.log('up.log')[-600:]))

    def is_up(self):
        if self.child.poll() is not None:
            raise RuntimeError('earshot up ended with %d: %s' % (self.child.returncode, self.f.log('up.log')[-600:]))
        try:
            alive = self.pids()
            beats = [self.pairs('HGETALL', k) for k in self.ask('KEYS', 'es:{proc}:process:*')]
            beating = {b['role'] for b in beats if int(b['pid']) == alive.get(b['role'])}
            return beating >= set(ROLES) and self.http('/readyz')[0] == 200
        except (OSError, resp.Error):
            return False

    def stop(self):
        self.hang_up()
        return self.f.end(self.child, patience=25)

    def pids(self):
        """Role (and redis-server) -> process id of the children that live now."""
        found = {}
        try:
            with open('/proc/%d/task/%d/children' % (self.child.pid, self.child.pid), encoding='ascii') as f:
                children = f.read().split()
        except OSError:
            return found
        for pid in children:
            try:
                with open('/proc/%s/cmdline' % pid, encoding='utf-8', errors='replace') as f:
                    words = f.read().split('\0')
            except OSError:
                continue
            if words[0].startswith('redis-server'):
                found['redis-server'] = int(pid)
            elif len(words) > 1 and words[1] in ROLES and state_of(pid) != 'Z':
                found[words[1]] = int(pid)
        return found

    def log(self):
        return self.f.log('up.log')

    # ---- questions

    def run(self, *arguments, timeout=60):
        """A command against this system: (exit code, stdout, stderr)."""
        return self.f.earshot(*arguments, '--config', self.config, timeout=timeout)

    def http(self, path):
        """(status, text) of the console; (0, '') while it is not there."""
        try:
            with open(os.path.join(self.data, 'console.url'), encoding='ascii') as f:
                base = f.read().strip().rstrip('/')
            with urllib.request.urlopen(base + path, timeout=5) as answer:
                return answer.status, answer.read().decode('utf-8')
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode('utf-8', 'replace')
        except OSError:
            return 0, ''

    def hang_up(self):
        if self.link is not None:
            self.link.close()
            self.link = None

    def ask(self, *command):
        """One Redis command as admin; connects again when the server was restarted."""
        try:
            if self.link is None:
                with open(os.path.join(self.data, 'admin.password'), encoding='ascii') as f:
                    password = f.read().strip()
                self.link = resp.Redis(os.path.join(self.data, 'redis.sock'), 'admin', password)
            return self.link(*command)
        except OSError:
            self.hang_up()
            raise

    def pairs(self, *command):
        flat = self.ask(*command)
        return dict(zip(flat[::2], flat[1::2]))

    def total(self, brand):
        return self.ask('HLEN', 'es:{b:%s}:mentions' % brand)

    def mentions(self, brand):
        """native id -> record."""
        records = [json.loads(r) for r in self.pairs('HGETALL', 'es:{b:%s}:mentions' % brand).values()]
        return {r['post']['native_id']: r for r in records}

    def stream(self, brand):
        """Native ids of all posts that wait for the detector, repeats included."""
        entries = (dict(zip(e[1][::2], e[1][1::2])) for e in self.ask('XRANGE', 'es:{b:%s}:posts' % brand, '-', '+'))
        return [json.loads(e['post'])['post']['native_id'] for e in entries]

    def counted(self, brand, *dimensions):
        """Sum of the minute counters of these dimensions."""
        total = 0
        for dimension in dimensions or ('all',):
            for key in self.ask('KEYS', 'es:{b:%s}:minute:%s:????-??-??' % (brand, dimension)):
                total += sum(int(v) for v in self.ask('HVALS', key))
        return total

    def incidents(self, brand):
        ids = self.ask('ZRANGE', 'es:{b:%s}:incidents' % brand, 0, -1)
        return [self.pairs('HGETALL', 'es:{b:%s}:incident:%s' % (brand, i)) for i in ids]

    def timeline(self, brand):
        """Its entries as dicts, oldest first."""
        return [dict(zip(e[1][::2], e[1][1::2])) for e in self.ask('XRANGE', 'es:{b:%s}:timeline' % brand, '-', '+')]

    def source(self, name):
        """State of a source; {} while it was never read."""
        keys = self.ask('KEYS', 'es:{s*}:source:%s' % name)
        return self.pairs('HGETALL', keys[0]) if keys else {}

    def metrics(self, role):
        """The heartbeat's metrics of a role (of the newest process)."""
        rows = [self.pairs('HGETALL', k) for k in self.ask('KEYS', 'es:{proc}:process:%s:*' % role)]
        newest = max(rows, key=lambda r: int(r.get('started_ms', 0)), default={})
        return json.loads(newest.get('metrics', '{}'))


def state_of(pid):
    """R, S, T, Z … of a process; '' when there is none."""
    try:
        with open('/proc/%s/stat' % pid, encoding='ascii', errors='replace') as f:
            return f.read().rsplit(')', 1)[1].split()[0]
    except (OSError, IndexError):
        return ''


def rss_kb(pid):
    try:
        with open('/proc/%d/status' % pid, encoding='ascii', errors='replace') as f:
            return next((int(line.split()[1]) for line in f if line.startswith('VmRSS:')), 0)
    except OSError:
        return 0
