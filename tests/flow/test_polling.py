#!/usr/bin/env python3
"""How often sources are asked: by their rate, by the operator's word, by what the server wishes; and the reason in Redis. Run alone:
python3 tests/flow/test_polling.py"""
import email.utils
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

# name: posts, seconds between two of them, headers, options of the source
SOURCES = {
    'busy': (30, 60, {}, ''),
    'quiet': (5, 5 * 86400, {}, ''),
    'capped': (5, 5 * 86400, {}, 'every_max = 2s\nevery_min = 1s'),
    'wishing': (30, 60, {'Cache-Control': 'public, max-age=1800'}, ''),
    'ordered': (5, 5 * 86400, {'Cache-Control': 'public, max-age=1800'}, 'every = 1s'),
    'told': (0, 1, {'Retry-After': '3000'}, 'every = 1s'),
}
SECTION = '[source %s]\nurl = http://127.0.0.%d:%d/%s.xml\nfamily = forum\ndelay = 10ms\nallow_cidr = 127.0.0.0/8\n%s\n'


class Site(smallweb.Site):
    began = time.time()

    def answer(self, request):
        name = request.path[1:-4]
        posts, apart, headers, _ = SOURCES[name]
        items = ''.join('<item><guid>%s-%d</guid><title>云雀 Skylark EV %d</title><pubDate>%s</pubDate></item>' % (
            name, i, i, email.utils.formatdate(self.began - (i + 1) * apart)) for i in range(posts))
        headers = dict(headers, **{'Content-Type': 'application/rss+xml; charset=utf-8'})
        return 200 if posts else 429, headers, '<rss version="2.0"><channel><title>t</title>%s</channel></rss>' % items


def check_traffic(f, s, nordered):
    """What was asked, and what came, as counted by the crawler; the web is the witness."""
    rows = {r['id']: r for r in (json.loads(line) for line in s.run('source', 'list', '--json')[1].splitlines())}
    own, told, host = rows['ordered']['traffic'], rows['told']['traffic'], rows['ordered']['host_traffic']
    f.check('requests of a source are counted', nordered - 1 <= own['requests'] <= nordered + 2 and own['2xx'] == own['requests'] and own['bytes'] > 200 * nordered, '%d: %s' % (nordered, own))
    f.check('by what was answered', told['4xx'] == told['requests'] >= 1 and told['2xx'] == 0, str(told))
    f.check('and how long it took', sum(own[k] for k in ('100ms', '300ms', '1s', '3s', '10s', 'longer')) == own['requests'], str(own))
    sources = sum(r['traffic']['requests'] for n, r in rows.items() if n != 'told')
    f.check('those of a host are those of its sources and one for robots.txt', sources + 1 <= host['requests'] <= sources + 3 and host['4xx'] == 1, '%d %s' % (sources, host))
    words = s.run('source', 'explain', 'ordered')[1]
    f.check('explain tells both', re.search(r'requests +\d+ requests since 2\S+, [\d.]+ k?B: \d+ × 2xx; \d+ ms in the mean', words) and '1 × 4xx; ' in words, words)


def main():
    with flow.Flow('polling') as f:
        web = Site('0.0.0.0')
        names = [n for n in SOURCES if n != 'told']  # which bids its whole host to wait, so it has one of its own
        s = system.System(f, feeds=''.join(SECTION % (n, 2 if n == 'told' else 1, web.port, n, SOURCES[n][3]) for n in SOURCES))
        s.start()

        def asked(name):
            return [r.start for r in web.requests() if r.path == '/%s.xml' % name]
        f.check('every source is asked, those with a short interval again and again',
                f.wait(lambda: all(asked(n) for n in names) and len(asked('ordered')) >= 4 and len(asked('capped')) >= 3, 30), str(web.paths()))
        f.check('one that is learned is not asked again so soon', all(len(asked(n)) == 1 for n in ('busy', 'quiet', 'wishing')), str(web.paths()))
        state = {n: s.source(n) for n in names}
        why = {n: state[n].get('why') for n in names}
        f.check('the reason stands with the source', why == {'busy': 'rate', 'quiet': 'rate', 'capped': 'every_max', 'wishing': 'hint', 'ordered': 'every'}, str(why))
        busy, quiet = (int(state[n]['interval_ms']) for n in ('busy', 'quiet'))
        f.check('who posts every minute is asked within minutes, others later', 60000 <= busy < 600000 < quiet <= 6 * 3600000, '%d %d' % (busy, quiet))
        f.check("a server's wish is kept", int(state['wishing']['interval_ms']) == 1800000 and int(state['wishing']['hint_ms']) == 1800000, str(state['wishing']))
        f.check('and next_ms is what was decided, with a tenth of jitter at most',
                all(1.0 <= (int(v['next_ms']) - int(v['fetched_ms'])) / int(v['interval_ms']) <= 1.101 for v in state.values()), str(state))
        gaps = [b - a for a, b in zip(asked('ordered'), asked('ordered')[1:])]
        f.check('an interval that is written is kept', all(g >= 0.95 for g in gaps), str(gaps))
        f.check('Retry-After holds against all', f.wait(lambda: s.source('told').get('why') == 'standing' and 3000000 <= int(s.source('told')['interval_ms']) <= 3300000, 20),
                str(s.source('told')))
        check_traffic(f, s, len(asked('ordered')))
        s.stop()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
