#!/usr/bin/env python3
"""Real feeds over HTTP through the real crawler: every entry becomes a mention or a counted reason. With EARSHOT_SAN=BINARY a second
time with that binary. Run alone: python3 tests/flow/test_real_feeds.py"""
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import resp  # noqa: E402
import system  # noqa: E402

CRAWL = os.path.join(os.path.dirname(flow.ROOT), 'shared', 'data', 'crawl')
FOLDERS = ('feeds-real', 'gofeed')
BRANDS = '[brand everything]\nname = Everything\naliases = earshot test of everything\n'
TYPE = 'application/octet-stream'   # what the fake web says of *.feed: the bytes alone tell what it is


def find_files():
    found = []
    for folder in FOLDERS:
        for base, _, names in os.walk(os.path.join(CRAWL, folder)):
            found += [os.path.join(base, n) for n in names]
    return sorted(found)


class Test:
    def __init__(self, f, binary, files):
        self.f, self.binary, self.files = f, binary, files
        site = f.path('site')
        os.makedirs(site)
        web = f.start_web('--root', site)
        feeds = ''
        for i, path in enumerate(files):
            shutil.copyfile(path, os.path.join(site, '%d.feed' % i))
            feeds += system.source('f%d' % i, '%s/%d.feed' % (web, i), every='7d', more='brands = everything\nscope = f%d' % i)
        self.s = system.System(f, feeds=feeds, brands=BRANDS, tick='60s')
        f.write('earshot.conf', open(self.s.config, encoding='utf-8').read() + '[retention]\nmentions = 3650d\n')
        self.web = web

    def parse(self):
        """What `earshot parse` says of each file: version and entries."""
        lines = ''.join(json.dumps({'file': self.f.path('site', '%d.feed' % i), 'url': '%s/%d.feed' % (self.web, i), 'headers': {'content-type': TYPE}}) + '\n'
                        for i in range(len(self.files)))
        code, out, err = self.f.earshot('parse', '--batch', stdin=lines)
        results = [json.loads(line) for line in out.splitlines()]
        if code != 0 or len(results) != len(self.files):
            raise RuntimeError('earshot parse --batch: exit code %d, %d of %d answers: %s' % (code, len(results), len(self.files), err[-300:]))
        return [(r['version'], len(r['entries'])) for r in results]

    def sources(self):
        keys = self.s.ask('KEYS', 'es:{s*}:source:f*')
        rows = self.s.link.pipeline([('HGETALL', k) for k in keys])
        return {k.rsplit(':', 1)[1]: dict(zip(r[::2], r[1::2])) for k, r in zip(keys, rows)}

    def role(self, name):
        return self.f.start([self.binary, name, '--config', self.s.config, '--redis', self.f.url], name + '.log')

    def crawled(self):
        f, s, crawler = self.f, self.s, self.crawler
        f.wait(lambda: crawler.poll() is not None or len(self.sources()) == len(self.files), 120, 0.3)
        f.check('the crawler reads all %d files without falling over' % len(self.files), crawler.poll() is None and len(self.sources()) == len(self.files),
                '%d sources have a state; %s' % (len(self.sources()), f.log('crawler.log')[-300:]))
        f.wait(lambda: s.metrics('crawler').get('fetches_total') == len(self.files) and self.settled(), 15, 0.2)

    def settled(self):
        m = self.s.metrics('detector')
        return m.get('mentions_total', 0) + m.get('duplicates_total', 0) + m.get('observations_total', 0) + m.get('dead_entries_total', 0) == \
            self.s.metrics('crawler').get('posts_appended_total')

    def states(self, parsed):
        f, sources, wrong = self.f, self.sources(), []
        for i, (version, entries) in enumerate(parsed):
            state = sources.get('f%d' % i, {})
            good = (state.get('failures'), state.get('status'), state.get('entries')) == ('0', '200', str(entries))
            bad = state.get('failures') == '1' and state.get('error')
            if not (good if version else bad):
                wrong.append((os.path.basename(self.files[i]), version, entries, state))
        f.check('each source has the entries that earshot parse finds, or a failure with its reason', not wrong, '%d differ: %s' % (len(wrong), str(wrong[:3])[:500]))

    def sums(self, parsed):
        f, s = self.f, self.s
        crawler, detector, total = s.metrics('crawler'), s.metrics('detector'), sum(n for _, n in parsed)
        self.told = {k: v for k, v in {**detector, **{k: v for k, v in crawler.items() if v}}.items() if k.split('_')[0] in
                     ('entries', 'posts', 'mentions', 'duplicates', 'observations', 'dead')}
        f.check('%d entries: each was appended, refused or skipped' % total, crawler['entries_total'] == total ==
                crawler['posts_appended_total'] + crawler['posts_refused_total'] + crawler['posts_skipped_total'], str(self.told))
        f.check('each that was appended is a mention, or a repeat of one in its own file', self.settled() and s.total('everything') == detector['mentions_total'],
                str(self.told))
        f.check('nothing died', detector['dead_entries_total'] == 0 and s.ask('XLEN', 'es:{b:everything}:posts:dead') == 0, str(self.told))
        code, out, err = f.earshot('verify', '--config', s.config, '--redis', f.url)
        f.check('verify agrees with the counters', code == 0, '%d %s%s' % (code, out[-300:], err))

    def stopped(self):
        f = self.f
        codes = [f.end(self.crawler, patience=30), f.end(self.detector, patience=30)]
        logs = f.log('crawler.log') + f.log('detector.log')
        f.check('both roles end with 0 and no sanitizer has a word to say', codes == [0, 0] and not any(
            w in logs for w in ('AddressSanitizer', 'LeakSanitizer', 'runtime error')), '%s %s' % (codes, logs[-500:]))

    def run(self):
        f = self.f
        parsed = self.parse()
        f.start_redis()
        f.load_functions()
        self.s.link = resp.Redis(f.socket)
        self.detector = self.role('detector')
        self.crawler = self.role('crawler')
        self.crawled()
        self.states(parsed)
        self.sums(parsed)
        self.stopped()


def main():
    files = find_files() if os.path.isdir(CRAWL) else []
    if not files:
        print('skip - real feeds: there is no ../shared/data/crawl beside the checkout')
        return 0
    code = 0
    for binary in (flow.EARSHOT, os.environ.get('EARSHOT_SAN')):
        if not binary:
            continue
        with flow.Flow('feeds') as f:
            Test(f, binary, files).run()
        code |= f.exit_code()
    return code


if __name__ == '__main__':
    sys.exit(main())
