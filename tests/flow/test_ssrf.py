#!/usr/bin/env python3
"""Nothing that leaves this machine reaches an address that was not allowed: a source, a redirect of a source and of a robots.txt, `source try`,
`recipe record`, a webhook, proxies of the environment. A canary on loopback must stay silent. Run alone: python3 tests/flow/test_ssrf.py"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import auditweb  # noqa: E402
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402
import test_notifier  # noqa: E402

SHARED = os.path.join(flow.ROOT, '..', 'shared', 'data', 'badinput', 'ssrf.jsonl')
# Ways to write addresses that must not be reached; {port} is the canary's.
FORMS = '''
http://127.0.0.1:{port}/
http://127.1:{port}/
http://127.0.1:{port}/
http://2130706433:{port}/
http://0x7f000001:{port}/
http://0x7f.0.0.1:{port}/
http://017700000001:{port}/
http://0177.0.0.01:{port}/
http://127.0.0.1.:{port}/
http://１２７.０.０.１:{port}/
http://127。0。0。1:{port}/
http://①②⑦.⓪.⓪.①:{port}/
http://%31%32%37.0.0.1:{port}/
http://127.0.0.1:{port}#@example.com/
http://127.0.0.1:{port}?@example.com/
http://example.com@127.0.0.1:{port}/
http://127.0.0.1:{port}\\@example.com/
http:\\\\127.0.0.1:{port}\\
//127.0.0.1:{port}/
\\\\127.0.0.1:{port}/
hTTp://127.0.0.1:{port}/
https://127.0.0.1:{port}/
http://0.0.0.0:{port}/
http://0:{port}/
http://localhost:{port}/
http://LOCALHOST.:{port}/
http://foo.localhost:{port}/
http://ip6-localhost:{port}/
http://[::1]:{port}/
http://[::]:{port}/
http://[0:0:0:0:0:0:0:1]:{port}/
http://[::ffff:127.0.0.1]:{port}/
http://[::ffff:7f00:1]:{port}/
http://[::127.0.0.1]:{port}/
http://[64:ff9b::7f00:1]:{port}/
http://[64:ff9b:1::7f00:1]:{port}/
http://[2002:7f00:1::]:{port}/
http://[2001:0:7f00:1::]:{port}/
http://[fe80::1%25lo]:{port}/
http://[fd00::1]:{port}/
http://10.0.0.1/
http://172.16.0.1/
http://192.168.0.1/
http://100.64.0.1/
http://169.254.169.254/latest/meta-data/
http://[fd00:ec2::254]/latest/meta-data/
http://168.63.129.16/
http://192.0.0.192/
http://198.18.0.1/
http://224.0.0.1/
http://240.0.0.1/
http://255.255.255.255/
http://127.0.0.1:6379/
http://127.0.0.1:22/
file:///etc/passwd
file://127.0.0.1/etc/passwd
gopher://127.0.0.1:{port}/_x
dict://127.0.0.1:{port}/x
ftp://127.0.0.1:{port}/
unix:///run/redis.sock
'''.split('\n')[1:-1]
# What is said of an address that nobody was sent to; a trouble with a connection ("nobody answers") is none of these.
REFUSED = re.compile(r'allow it with|allow its addresses|redirect refused|does not resolve|not an absolute|valid host|port|backslash|user name|white space|'
                     r'control|must be|is not|bytes|no source|does not begin')
TRIED = re.compile(r'nobody answers|too slow|broke|TLS|without an answer|not HTTP|answered [0-9]')
RECIPE = '''[recipe one]
about = x
kind = feed
hosts = *
example = https://bbs.example/
terms = x
every = 5m
[fields]
id = link
text = summary
'''


class Site(smallweb.Site):
    """On every address 127.x.y.z: /to/N, and the robots.txt of the hosts 127.3.y.z (N = 256 y + z), redirect to form N; all else is a feed."""

    def __init__(self, forms):
        super().__init__('0.0.0.0')
        self.forms = forms

    def take(self, request):
        host = [int(n) for n in request.host.split('.')]
        if request.path == '/robots.txt' and host[1] == 3:
            return self.lead(host[2] * 256 + host[3])
        return self.lead(int(request.path[4:])) if request.path.startswith('/to/') else super().take(request)

    def lead(self, n):
        return auditweb.Answer(302, {'Location': self.forms[n].encode('utf-8').decode('latin-1')})


def shared_forms(f):
    """What the shared list says must be blocked, whatever a name server answers."""
    if not os.path.exists(SHARED):
        print('skip - ssrf: the shared list is not there (%s)' % os.path.relpath(SHARED, flow.ROOT))
        return []
    with open(SHARED, encoding='utf-8') as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    urls = [r['url'] for r in rows if r['expect'].startswith('block') and 'resolve' not in r]
    # Those with control characters are no line of a header, and "http:x" beside an http page is a path of its own host.
    return [u for u in urls if u.isprintable() and u.strip() == u and not re.match('(?i)https?:/?[^/\\\\]', u)]


def check_refused(f, sentence, reasons):
    """`reasons`: form -> what was said of it."""
    bad = ['%s: %s' % (form, why[:160]) for form, why in reasons.items() if not REFUSED.search(why) or TRIED.search(why)]
    f.check('%s (%d forms)' % (sentence, len(reasons)), not bad and reasons, '%d are not refused, as %s' % (len(bad), bad[:3]))


def heard(canary):
    return '%d connections, %s' % (len(canary.web.connections), canary.paths()[:5])


def redirects(f, canary, forms):
    """Every form as the target of a redirect: of the source itself, and of its host's robots.txt."""
    site = Site(forms)
    feeds = ''
    for i in range(len(forms)):
        for net, name, path in ((2, 'hop', '/to/%d' % i), (3, 'robots', '/feed.xml')):
            section = system.source('%s-%d' % (name, i), 'http://127.%d.%d.%d:%d%s' % (net, i // 256, i % 256, site.port, path), every='1h')
            feeds += section.replace('127.0.0.0/8', '127.%d.0.0/16' % net)
    s = system.System(f, feeds)
    s.start(60)
    names = ['%s-%d' % (name, i) for name in ('hop', 'robots') for i in range(len(forms))]
    why = {}

    def all_told():
        why.update({n: s.source(n).get('error', '') for n in names if not why.get(n)})
        return all(why.values())

    f.wait(all_told, 120, 1)
    for name, what in (('hop', 'of a source'), ('robots', 'of a robots.txt')):
        check_refused(f, 'a redirect %s leads to no forbidden address' % what, {form: why['%s-%d' % (name, i)] for i, form in enumerate(forms)})
    f.check('what was behind such a robots.txt was not fetched', not [r for r in site.requests() if r.host.startswith('127.3.') and r.path == '/feed.xml'])
    f.check('nobody came to the canary by a redirect', not canary.web.connections, heard(canary))
    return s, site


def commands(f, s, canary, site, forms):
    """The commands that fetch: of an address itself, and behind a redirect."""
    recipe = f.write('one.recipe', RECIPE)
    tried, direct, recorded, hops = {}, {}, {}, {}
    allow = ['--allow-cidr', '127.4.0.0/16']
    for i, form in enumerate(forms):
        hop = 'http://127.4.0.1:%d/to/%d' % (site.port, i)
        direct[form] = s.run('fetch', form)
        tried[form] = s.run('source', 'try', form)
        recorded[form] = s.run('recipe', 'record', recipe, form)
        hops[form] = s.run('fetch', hop, *allow)
    for sentence, results in (('fetch goes to no forbidden address', direct), ('source try goes to none', tried), ('recipe record goes to none', recorded),
                              ('fetch is led to none', hops)):
        check_refused(f, sentence, {form: said[2] or said[1] for form, said in results.items()})
        f.check('and says so by its exit code', not [form for form, said in results.items() if said[0] == 0])
    f.check('nobody came to the canary by a command', not canary.web.connections, heard(canary))


def environment(f, s, canary, site):
    """A proxy of the environment would connect for us, behind the check of addresses."""
    for name in ('http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'):
        os.environ[name] = 'http://127.0.0.1:%d' % canary.port
    code, _, errors = s.run('fetch', 'http://127.4.0.1:%d/feed.xml' % site.port, '--allow-cidr', '127.4.0.0/16')
    f.check('proxies of the environment are not used', code == 0 and not canary.web.connections, errors)
    for name in ('http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'):
        del os.environ[name]


def webhooks(f, canary, site):
    """Targets of alerts: addresses without allow_cidr, and a target that redirects."""
    forms = [form.format(port=canary.port) for form in ('http://127.0.0.1:{port}/', 'http://2130706433:{port}/', 'http://[::ffff:127.0.0.1]:{port}/',
                                                         'http://localhost:{port}/', 'http://0:{port}/', 'http://169.254.169.254/')]
    routes, names = '', []
    for i, form in enumerate(forms):
        routes += '[target t%d]\nchannel = webhook\nurl = %s\n' % (i, form)
        names.append('t%d' % i)
    routes += '[target led]\nchannel = webhook\nurl = http://127.4.0.1:%d/to/0\nallow_cidr = 127.4.0.0/16\n' % site.port
    routes += '[route all]\nbrands = yunque\ntargets = %s, led\n' % ', '.join(names)
    f.write('hooks/routes.conf', routes)
    f.write('hooks/brands.conf', system.BRANDS)
    config = f.write('hooks.conf', '[earshot]\nrules = hooks\ndata = hooks-data\n')
    f.start_redis()
    f.load_functions()
    f.redis('HSET', 'es:{cfg}:brands', 'yunque', json.dumps({'id': 'yunque', 'name': 'yunque', 'name_en': 'yunque', 'rulebook': 'r1'}))
    alert = test_notifier.alert('yunque', 1)
    notifier = f.start([flow.EARSHOT, 'notifier', '--redis', f.url, '--config', config], 'hooks.log')
    f.redis('XADD', 'es:{b:yunque}:outbox', '*', 'alert', json.dumps(alert, ensure_ascii=False))

    def state(name):
        text = f.redis('HGET', 'es:{b:yunque}:deliveries', '%s:%s' % (alert['event_id'], name))
        return json.loads(text) if text else {}

    f.wait(lambda: all(state(n).get('error') for n in names + ['led']), 30)
    check_refused(f, 'a webhook goes to no forbidden address', {form: state('t%d' % i).get('error', '') for i, form in enumerate(forms)})
    f.check('a webhook is not led anywhere', state('led').get('state') == 'dead' and not canary.web.connections,
            '%s %s' % (state('led'), heard(canary)))
    f.end(notifier)


with flow.Flow('ssrf') as f:
    canary = smallweb.Site()     # whoever speaks to it was led where nobody may go
    own = [form.format(port=canary.port) for form in FORMS]
    s, site = redirects(f, canary, own + shared_forms(f))
    commands(f, s, canary, site, own)
    environment(f, s, canary, site)
    s.stop()
    webhooks(f, canary, site)
    f.check('the canary was silent to the end', not canary.web.connections, heard(canary))
sys.exit(f.exit_code())
