#!/usr/bin/env python3
"""Tells the demo's story in the terminal while it happens: story.py FOLDER SITE PID-OF-UP (run.sh calls it). Standard library only.

All it knows comes from where a user would look: the earshot commands, the console's /metrics, what the alert's receivers got.
Ends with 0 when the story was told, with 1 and the reason when it did not happen in time."""
import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
import unicodedata
import urllib.request

PATIENCE_S = 60
STEP_S = 0.4
SHOWN_POSTS = 10
FOLDER, SITE, UP = sys.argv[1], sys.argv[2], int(sys.argv[3])
EARSHOT = os.environ['EARSHOT']
STARTED = time.monotonic()


class NotToBe(Exception):
    """The story ends here: the text says why."""


def colour(code, text):
    return '\033[%sm%s\033[0m' % (code, text) if sys.stdout.isatty() else text


def say(text=''):
    print(text, flush=True)


def chapter(title):
    say()
    say(colour('1', '%4.1f s  %s' % (time.monotonic() - STARTED, title)))


def earshot(*arguments):
    done = subprocess.run([EARSHOT, *arguments, '--config', os.path.join(FOLDER, 'earshot.conf')], capture_output=True, text=True, timeout=20, check=False)
    if done.returncode not in (0, 75):
        raise NotToBe('earshot %s: %s' % (' '.join(arguments), done.stderr.strip()))
    return done.stdout


def objects(*arguments):
    return [json.loads(line) for line in earshot(*arguments, '--json').splitlines() if line.startswith('{')]


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode('utf-8')


def await_story(what, look):
    """The first true answer of `look`; the story fails when there is none in time, or when earshot has ended."""
    while True:
        found = look()
        if found:
            return found
        try:
            os.kill(UP, 0)
        except ProcessLookupError:
            raise NotToBe('earshot up has ended: ' + last_words('up.log', 3)) from None
        if time.monotonic() - STARTED > PATIENCE_S:
            raise NotToBe('%s: not within %d s. The last words of the log:\n%s' % (what, PATIENCE_S, last_words('up.log', 8)))
        time.sleep(STEP_S)


def last_words(name, n):
    with open(os.path.join(FOLDER, name), encoding='utf-8', errors='replace') as f:
        return '\n'.join(f.read().splitlines()[-n:])


def metric(text, name, role):
    return sum(float(v) for v in re.findall(r'^earshot_%s\{role="%s"[^}]*\} (\S+)' % (name, role), text, re.M))


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


def cut(text, columns):
    """Chinese signs are two columns wide."""
    out = ''
    for c in text:
        if width(out + c) > columns - 1:
            return out + '…'
        out += c
    return out


def row(post):
    p, v = post['record']['post'], post['record']['verdict']
    mark = colour({'negative': '31', 'positive': '32'}.get(v['label'], '33'), '%-8s %+.2f' % (v['label'], v['sentiment']))
    complaint = 'complaint %3d%% %-9s' % (round(100 * v['complaint']), v['category']) if v['nature'] == 'complaint' else '%-24s' % v['nature']
    return '   %s  %s  %s' % (mark, complaint, cut(p.get('title') or p['text'], 52))


def newest(brand, n):
    """Oldest first."""
    return sorted(objects('posts', brand, '--limit', str(n)), key=lambda p: p['count_ms'])


# ---- the chapters

def tell_start():
    url = await_story('the console of earshot up', lambda: os.path.exists(os.path.join(FOLDER, 'data/console.url')) and
                      open(os.path.join(FOLDER, 'data/console.url'), encoding='utf-8').read().strip())
    chapter('earshot is up: Redis of its own, crawler, detector, notifier, console')
    say('   console: %s   (open it now and watch)' % colour('4', url))
    say('   three feeds to watch: %s/news.xml (RSS), /blog.json (JSON Feed), /forum.xml' % SITE)
    return url


def tell_quiet(console):
    def fetched():
        text = get(console.rstrip('/') + '/metrics')
        return metric(text, 'entries_total', 'crawler') >= 100 and metric(text, 'posts_appended_total', 'crawler') >= 50 and text

    text = await_story('posts fetched', fetched)
    await_story('mentions counted', lambda: sum(b['sums']['all'] for b in objects('stats')) >= metric(text, 'posts_appended_total', 'crawler'))
    chapter('posts fetched, brands matched: four quiet hours of a small web')
    say('   %d entries read, of which %d are about a brand; %d pieces of personal data masked before anything was stored'
        % (metric(text, 'entries_total', 'crawler'), metric(text, 'posts_appended_total', 'crawler'), metric(text, 'masked_total', 'crawler')))
    chapter('sentiment and complaint scored (earshot posts)')
    for brand in objects('stats'):
        say('   %s, %d mentions:' % (brand['name'], brand['sums']['all']))
        for post in newest(brand['brand'], 60)[:4]:
            say(row(post))


def tell_crisis():
    """Shows new posts until the incident opens; returns it."""
    chapter('something begins …')
    seen = {p['id'] for p in newest('yunque', 100)[:-3]}
    shown = 0

    def look():
        nonlocal shown
        for post in newest('yunque', 20):
            if post['id'] not in seen and shown < SHOWN_POSTS:
                say(row(post))
                shown += 1
            seen.add(post['id'])
        return objects('incidents')

    return await_story('an incident', look)[0]


def tell_incident(i):
    chapter('a surge: incident %s' % i['id'])
    say('   %s, series "%s", mostly %s: %d posts in %d minutes, expected %.1f (×%.0f), evidence score %.1f, level %s' % (
        i['brand'], i['series'], i['category'], i['observed'], i['window_ms'] // 60000, i['expected'], i['ratio'], i['score'],
        colour('1;31', i['level'].upper())))


def received(sink):
    return json.loads(get('%s/sink/%s' % (SITE, sink)))


def headers(record):
    return {k.lower(): v for k, v in record['headers'].items()}


def quote(text):
    for line in text.strip().splitlines():
        say('   │ ' + line)


def tell_alert():
    wecom = await_story('the alert at the chat group', lambda: received('wecom-pr'))[0]
    chapter('the alert as the PR group reads it (WeCom text, Chinese)')
    quote(json.loads(wecom['body'])['text']['content'])
    hook = await_story('the alert at the webhook', lambda: received('pr'))[0]
    chapter('the same alert at the signed webhook (English)')
    quote(json.loads(hook['body'])['data']['text'])
    return hook


def tell_delivery(hook):
    """What a receiver has to do: Standard Webhooks, HMAC-SHA256 over id.timestamp.body."""
    h = headers(hook)
    with open(os.path.join(FOLDER, 'secrets/pr-desk'), encoding='ascii') as f:
        key = base64.b64decode(f.read().strip().removeprefix('whsec_'))
    signed = '%s.%s.%s' % (h['webhook-id'], h['webhook-timestamp'], hook['body'])
    expected = 'v1,' + base64.b64encode(hmac.new(key, signed.encode('utf-8'), hashlib.sha256).digest()).decode()
    if not any(hmac.compare_digest(expected, s) for s in h['webhook-signature'].split()):
        raise NotToBe('the signature of the webhook is wrong: %s, expected %s' % (h['webhook-signature'], expected))
    chapter('webhook delivered, and its signature holds')
    say('   webhook-id: %s' % h['webhook-id'])
    say('   webhook-signature: %s   = HMAC-SHA256(secret, id.timestamp.body), checked here with hmac' % h['webhook-signature'])
    with open(os.path.join(FOLDER, 'data/alerts.log'), encoding='utf-8') as f:
        say('   and in the log file: %d line(s) of JSON in data/alerts.log' % len(f.read().splitlines()))


def tell_escalation():
    risen = await_story('the escalation', lambda: [i for i in objects('incidents') if i['revision'] > 1])[0]
    chapter('it grows: revision %d, level %s, %d posts, %d of them complaints' % (
        risen['revision'], colour('1;31', risen['level'].upper()), risen['posts'], risen['complaints']))


def tell_counts(console):
    chapter('what is counted by now (earshot stats)')
    for line in earshot('stats').splitlines():
        say('   ' + line)
    text = get(console.rstrip('/') + '/metrics')
    say('   memory: ' + ', '.join('%s %.0f MB' % (role, metric(text, 'rss_bytes', role) / 1e6) for role in ('crawler', 'detector', 'notifier', 'console')))


def main():
    console = tell_start()
    tell_quiet(console)
    tell_incident(tell_crisis())
    hook = tell_alert()
    tell_delivery(hook)
    tell_escalation()
    tell_counts(console)
    chapter('the end of the story')
    if not os.environ.get('KEEP'):
        say('   Everything is stopped now and its folder removed. `make demo KEEP=1` leaves it running, with the console to look around in.')


if __name__ == '__main__':
    try:
        main()
    except NotToBe as reason:
        print('\ndemo: the story did not happen: %s' % reason, file=sys.stderr)
        sys.exit(1)
