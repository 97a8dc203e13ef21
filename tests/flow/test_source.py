#!/usr/bin/env python3
"""`earshot source`: an address is added and the crawler takes it up after HUP; list and explain show it; a pause ends its requests, outlasts a
killed crawler, and ends by itself or by resume; lists of subscriptions come in and go out; what is taken out is forgotten. Run alone: python3 tests/flow/test_source.py"""
import json
import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

LOOPBACK = ('--allow-cidr', '127.0.0.0/8')
FEED = '''<rss version="2.0"><channel><title>车主论坛 &amp; more</title><item><guid>1</guid><title>云雀刹车失灵</title>
<description>云雀电动车刹车失灵，售后不管。</description></item></channel></rss>'''
PAGES = {
    '/feed.xml': ('application/rss+xml', FEED),
    '/forum/': ('text/html', '<html><head><title>论坛</title><link rel=alternate type=application/rss+xml href="/gone.xml">'
                '<link rel=alternate type=application/atom+xml href="../feed.xml"></head><body><p>Nothing here.</p></body></html>'),
    '/silent/': ('text/html', '<html><head><title>a</title></head><body><p>No feed is named.</p></body></html>'),
    '/rss.xml': ('application/rss+xml', FEED.replace('<guid>1', '<guid>2')),
    '/map.xml': ('application/xml', '<urlset><url><loc>http://a.example/1</loc></url></urlset>'),
    '/rows.json': ('application/json', '{"rows": [{"id": "1", "text": "云雀刹车失灵"}]}'),
    '/data.json': ('application/json', '{"rows": []}'),
}
RECIPE = '''[recipe rows]
about = rows of the test
kind = json
hosts = 127.0.0.1
paths = /rows.json
list = /rows/*
[fields]
id = /id
text = /text
'''
OPML = '''<opml version="2.0"><body><outline text="新闻"><outline text="甲" xmlUrl="http://a.example/feed"/>
<outline text="again" xmlUrl="http://A.example/feed"/></outline><outline text="here" xmlUrl="{url}/feed.xml"/>
<outline text="b & c" xmlUrl="ftp://b.example/"/></body></opml>'''


class Site(smallweb.Site):
    def answer(self, request):
        if request.path == '/old.xml':
            return 301, {'Location': '/map.xml'}, ''
        kind, body = PAGES.get(request.path, ('text/plain', 'nothing'))
        return 200 if request.path in PAGES else 404, {'Content-Type': kind + '; charset=utf-8'}, body

    def quiet(self, seconds):
        """True when nothing is asked for so long."""
        self.forget()
        time.sleep(seconds)
        return not self.asked()


def said(f, sentence, answer, code, out, errors=''):
    """Exit code, all of standard output (a pattern), and something on standard error."""
    f.check(sentence, answer[0] == code and re.fullmatch(out, answer[1]) and re.search(errors, answer[2]), '%d\n%s%s' % answer)


def add(f, s, site):
    url = site.url
    section = r'# 车主论坛 & more\n\[source 127-0-0-1\]\nurl = %s/feed\.xml\nfamily = forum\nevery = 500ms\nallow_cidr = 127\.0\.0\.0/8\n' % re.escape(url)
    options = (*LOOPBACK, '--family', 'forum', '--every', '500ms')
    said(f, 'a dry run shows the section and writes nothing', s.run('source', 'add', url + '/forum/', *options, '--dry-run'), 0, section,
         r'page that names 2 feeds\n.*gone\.xml\n.*feed\.xml\n.*gone\.xml is no feed: .* answered 404\n.*feed\.xml is taken')
    f.check('no file came into being', not os.path.exists(f.path('feeds', 'local.conf')))
    said(f, 'the first feed of a page that can be read is added', s.run('source', 'add', url + '/forum/', *options), 0, section,
         r'read as rss20: 1 entries now\nwritten to .*feeds/local\.conf:3; crawlers read it on HUP')
    said(f, 'the same address is not added twice', s.run('source', 'add', url + '/feed.xml?utm_source=x', *LOOPBACK), 1, '',
         r'the source 127-0-0-1 \(.*local\.conf:4\) reads this address already')
    said(f, 'an address that moved for good is taken where it is now', s.run('source', 'add', url + '/old.xml', *LOOPBACK, '--dry-run'), 0,
         r'\[source 127-0-0-1-map\]\nurl = %s/map\.xml\n(.|\n)*' % re.escape(url), r'moved for good')
    said(f, 'usual addresses are asked for when wanted', s.run('source', 'add', url + '/silent/', *LOOPBACK, '--guess', '--dry-run'), 0,
         r'(.|\n)*url = .*/rss\.xml\n(.|\n)*', r'names 0 feeds')
    site.forget()
    said(f, 'and not else', s.run('source', 'add', url + '/silent/', *LOOPBACK, '--kind', 'feed'), 1, '', r'no feed was found')
    f.check('one request is one request', site.asked() == ['/silent/'], str(site.asked()))
    f.write('feeds/rows.recipe', RECIPE)
    said(f, 'an address that a recipe names is read by it', s.run('source', 'add', url + '/rows.json', *LOOPBACK, '--dry-run'), 0,
         r'\[source 127-0-0-1-rows\]\nurl = %s/rows\.json\nrecipe = rows\n(.|\n)*' % re.escape(url), r'the recipe rows reads(.|\n)*recipe rows: 1 entries')
    os.remove(f.path('feeds', 'rows.recipe'))
    for sentence, words, code, errors in (
            ('data without a recipe', (url + '/data.json',), 1, r'neither feed nor page; docs/recipes\.md'),
            ('what is not there', (url + '/nothing',), 1, r'answered 404'),
            ('an id that is taken', (url + '/map.xml', '--id', '127-0-0-1'), 1, r'stands twice(.|\n)*nothing was written'),
            ('an interval that is none', (url + '/map.xml', '--every', 'soon'), 1, r'every: "soon"(.|\n)*nothing was written'),
            ('a family there is not', (url + '/map.xml', '--family', 'gossip'), 1, r'family: (.|\n)*nothing was written'),
            ('a kind that cannot be added', (url + '/map.xml', '--kind', 'imap'), 2, r'--kind is feed or page'),
            ('a file that nobody reads', (url + '/map.xml', '--file', f.path('x.conf')), 1, r'would not be read')):
        answer = s.run('source', 'add', *words, *LOOPBACK)
        f.check(sentence + ' is refused with a reason', answer[0] == code and re.search(errors, answer[2]), '%d\n%s%s' % answer)
    said(f, 'loopback is not reached unless allowed', s.run('source', 'add', url + '/map.xml'), 1, '', r'loopback address')
    f.check('and nothing was written beside', not os.path.exists(f.path('x.conf')))


def look(f, s, site):
    os.kill(s.child.pid, signal.SIGHUP)
    f.check('after HUP the crawler reads it', f.wait(lambda: s.source('127-0-0-1').get('status') == '200', 20), f.log('up.log')[-300:])
    rows = [json.loads(line) for line in s.run('source', 'list', '--json')[1].splitlines()]
    f.check('list shows it as JSON', len(rows) == 1 and rows[0]['state'] == 'ok' and rows[0]['kind'] == 'feed' and not rows[0]['sick'] and
            rows[0]['failures'] == 0 and rows[0]['line'] == 4 and rows[0]['fetched'].endswith('Z'), str(rows))
    said(f, 'and as a table', s.run('source', 'list'), 0, r'id +kind +state +health +fetched +next +failed +posts +host\n'
         r'127-0-0-1 +feed +ok +healthy +\ds ago +(in )?\ds( ago)? +0 +1  127\.0\.0\.1\n1 sources, 0 sick\n')
    said(f, 'nothing is sick', s.run('source', 'list', '--sick'), 0, r'1 sources, 0 sick\n')
    said(f, 'explain says where it stands, who reads it and when it is next', s.run('source', 'explain', '127-0-0-1'), 0,
         r'127-0-0-1: ok\nconfigured +.*local\.conf:4\n +  url = .*\(line 5\)\n(.|\n)*'
         r'read as +a feed(.|\n)*last answer +status 200, (.|\n)*validators +none(.|\n)*next poll +20(.|\n)*host +127\.0\.0\.1, shard s\d\d; .*\n +2 requests since .*, 215 B: 1 × 2xx, 1 × 4xx; .*\n')
    said(f, 'try shows its posts', s.run('source', 'try', '127-0-0-1'), 0, r'\{.*刹车失灵.*\}\n', r'rss20')
    for verb in ('explain', 'pause', 'resume'):
        said(f, verb + ' knows no other', s.run('source', verb, 'ghost'), 1, '', r'no source "ghost".*source list')


def pause(f, s, site):
    said(f, 'a source is paused', s.run('source', 'pause', '127-0-0-1'), 0, r'127-0-0-1 is paused until `earshot source resume 127-0-0-1`\n')
    f.wait(lambda: site.quiet(1), 10)
    f.check('and not asked for', site.quiet(2.5), str(site.asked()))
    due = next(k for k in s.ask('KEYS', 'es:{s*}:due') if s.ask('ZSCORE', k, '127-0-0-1') is not None)
    s.ask('ZADD', due, 1, '127-0-0-1')    # as a visit that was under way would leave it
    f.check('what becomes due all the same is put off', f.wait(lambda: float(s.ask('ZSCORE', due, '127-0-0-1')) > 4e12, 10) and site.quiet(1),
            '%s; %s' % (s.ask('ZSCORE', due, '127-0-0-1'), f.log('up.log')[-500:]))
    said(f, 'list says so', s.run('source', 'list'), 0, r'(.|\n)*127-0-0-1 +feed +paused (.|\n)*')
    said(f, 'explain, too', s.run('source', 'explain', '127-0-0-1'), 0, r'127-0-0-1: paused\n(.|\n)*paused +until somebody(.|\n)*')
    os.kill(s.pids()['crawler'], signal.SIGKILL)
    f.wait(lambda: 'crawler' in s.pids(), 10)
    os.kill(s.child.pid, signal.SIGHUP)
    f.check('a killed crawler and a reload change nothing', site.quiet(4), str(site.asked()))
    said(f, 'it is resumed', s.run('source', 'resume', '127-0-0-1'), 0, 'is due now\n'.join(('127-0-0-1 ', '')))
    f.check('and asked for at once', f.wait(lambda: len(site.asked()) >= 2, 20), str(site.asked()))
    said(f, 'resuming twice does no harm', s.run('source', 'resume', '127-0-0-1'), 0, '127-0-0-1 was not paused\n')
    said(f, 'a pause may have an end', s.run('source', 'pause', '127-0-0-1', '--until', '5s'), 0, r'127-0-0-1 is paused until 20.* UTC\n')
    f.check('until then it is left alone', f.wait(lambda: site.quiet(1), 4), str(site.asked()))
    f.check('and then asked for', f.wait(lambda: len(site.asked()) >= 2, 15), str(site.asked()))
    for until in ('yesterday', '2020-01-01T00:00:00Z', '-3h'):
        said(f, 'a pause does not end at ' + until, s.run('source', 'pause', '127-0-0-1', '--until', until), 2, '', r'no time to come')


def lists(f, s, site):
    name = f.write('list.opml', OPML.format(url=site.url))
    new = r'# 甲\n# folder: 新闻\n\[source a-example\]\nurl = http://a\.example/feed\nfamily = news\n'
    counts = r'2 feeds: 1 new, 1 known already\n  1 repeat .*\n  1 cannot be fetched, the first is "ftp://b\.example/".*\n  the file is ill-formed'
    said(f, 'a list is shown', s.run('source', 'import', name, '--dry-run'), 0, new, counts)
    said(f, 'a list is imported', s.run('source', 'import', name), 0, '', counts + r'(.|\n)*written to .*local\.conf:\d+')
    said(f, 'a second time there is nothing new', s.run('source', 'import', name), 0, '', r'0 new, 2 known already')
    said(f, 'what was imported is checked', s.run('check'), 0, r'(.|\n)*2 sources(.|\n)*')
    answer = s.run('source', 'export', '--opml')
    f.check('and exported', answer[0] == 0 and 'xmlUrl="http://a.example/feed"' in answer[1] and '<outline text="news">' in answer[1], '%d\n%s%s' % answer)
    f.write('all.opml', answer[1])
    said(f, 'what is exported is known', s.run('source', 'import', f.path('all.opml')), 0, '', r'2 feeds: 0 new, 2 known already')
    said(f, 'a feed is no list', s.run('source', 'import', f.write('feed.opml', FEED)), 1, '', r'no OPML')
    f.write('feeds/wrong.conf', '[source b]\nurl = http://b.example/\ncolour = blue\n')
    said(f, 'into a configuration with errors nothing is written', s.run('source', 'import', name), 78, '', r'wrong\.conf:3:1: error')
    os.remove(f.path('feeds', 'wrong.conf'))
    f.write('feeds/off.conf', '[source quiet]\nurl = http://b.example/\nenabled = no\n')
    said(f, 'what is switched off is listed', s.run('source', 'list'), 0, r'(.|\n)*quiet +feed +off (.|\n)*3 sources, \d sick\n')
    said(f, 'and not paused', s.run('source', 'pause', 'quiet'), 1, '', r'nobody polls quiet: it says enabled = no')


def gone(f, s, site):
    """The only source of its shard: nobody would ask for that lease any more."""
    f.check('Redis knows a source', s.source('127-0-0-1'), s.ask('KEYS', 'es:{s*}:due'))
    os.remove(f.path('feeds', 'local.conf'))
    os.kill(s.child.pid, signal.SIGHUP)
    f.check('and forgets it when it is configured no more', f.wait(lambda: not s.ask('KEYS', 'es:{s*}:due') + s.ask('KEYS', 'es:{s*}:source:*'), 15),
            s.ask('KEYS', 'es:{s*}:*'))
    status = s.run('status')[1]
    f.check('so that status does not count it', '  0 in all' in status, status)


def run(f):
    site = Site()
    s = system.System(f)
    s.start()
    add(f, s, site)
    look(f, s, site)
    pause(f, s, site)
    lists(f, s, site)
    gone(f, s, site)
    f.check('earshot up ends with 0', s.stop() == 0, f.log('up.log')[-300:])


if __name__ == '__main__':
    with flow.Flow('source') as flow_:
        run(flow_)
    sys.exit(flow_.exit_code())
