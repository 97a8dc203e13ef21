"""What the fake web serves: feeds in three formats and a plain forum page, out of a list of posts. Standard library only.

A post is a dict: guid, title, text, author, lang, at (seconds since 1970), likes, replies; url is filled in by the caller.
"""
import email.utils
import html
import json
import time
from xml.sax.saxutils import escape, quoteattr


def http_date(at):
    return email.utils.formatdate(at, usegmt=True)


def iso_date(at):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(at))


def paragraphs(text):
    return ''.join('<p>%s</p>' % html.escape(part) for part in text.split('\n') if part.strip())


def rss(name, posts, base):
    langs = {p['lang'] for p in posts}
    language = '<language>%s</language>' % escape(langs.pop()) if len(langs) == 1 else ''  # a mixed board names none
    items = []
    for p in posts:
        items.append('<item><title>%s</title><link>%s</link><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate>'
                     '<dc:creator>%s</dc:creator><slash:comments>%d</slash:comments><description>%s</description></item>'
                     % (escape(p['title']), escape(p['url']), escape(p['guid']), http_date(p['at']), escape(p['author']),
                        p.get('replies', 0), escape(paragraphs(p['text']))))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>%s</title><link>%s/</link>'
            '<description>%s</description>%s\n%s\n</channel></rss>\n'
            % (escape(name), escape(base), escape(name), language, '\n'.join(items)))


def atom(name, posts, base):
    entries = []
    for p in posts:
        entries.append('<entry xml:lang=%s><title>%s</title><link href=%s/><id>%s</id><published>%s</published><updated>%s</updated>'
                       '<author><name>%s</name></author><thr:total>%d</thr:total><content type="html">%s</content></entry>'
                       % (quoteattr(p['lang']), escape(p['title']), quoteattr(p['url']), escape('tag:fakeweb,2020:' + p['guid']),
                          iso_date(p['at']), iso_date(p['at']), escape(p['author']), p.get('replies', 0),
                          escape(paragraphs(p['text']))))
    newest = max([p['at'] for p in posts], default=0)
    return ('<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:thr="http://purl.org/syndication/thread/1.0"><title>%s</title><link href=%s/><id>tag:fakeweb,2020:%s</id>'
            '<updated>%s</updated>\n%s\n</feed>\n'
            % (escape(name), quoteattr(base + '/'), escape(name), iso_date(newest), '\n'.join(entries)))


def json_feed(name, posts, base):
    items = [{'id': p['guid'], 'url': p['url'], 'title': p['title'], 'content_text': p['text'], 'date_published': iso_date(p['at']),
              'language': p['lang'], 'authors': [{'name': p['author']}], '_counters': {'likes': p.get('likes', 0), 'replies': p.get('replies', 0)}}
             for p in posts]
    return json.dumps({'version': 'https://jsonfeed.org/version/1.1', 'title': name, 'home_page_url': base + '/', 'items': items},
                      ensure_ascii=False, indent=0)


def board(name, posts, base):
    """A page for people: newest first, as a forum shows it."""
    rows = []
    for p in reversed(posts):
        rows.append('<article class="post" id=%s lang=%s><h2><a href=%s>%s</a></h2><p class="meta"><span class="author">%s</span> '
                    '<time datetime="%s">%s</time> · %d 回复 · %d 赞</p>%s</article>'
                    % (quoteattr(p['guid']), quoteattr(p['lang']), quoteattr(p['url']), html.escape(p['title']), html.escape(p['author']),
                       iso_date(p['at']), time.strftime('%Y-%m-%d %H:%M', time.localtime(p['at'])), p.get('replies', 0),
                       p.get('likes', 0), paragraphs(p['text'])))
    return ('<!doctype html><html><head><meta charset="utf-8"><title>%s</title><meta name="viewport" content="width=device-width">'
            '<link rel="alternate" type="application/rss+xml" href="%s/%s.xml"><style>body{font:16px/1.5 sans-serif;max-width:46em;'
            'margin:2em auto;padding:0 1em}.meta{color:#666;font-size:.85em}article{border-top:1px solid #ddd}</style></head>'
            '<body><h1>%s</h1>%s</body></html>' % (html.escape(name), base, html.escape(name), html.escape(name), ''.join(rows)))


RENDER = {
    'xml': (rss, 'application/rss+xml; charset=utf-8'),
    'atom': (atom, 'application/atom+xml; charset=utf-8'),
    'json': (json_feed, 'application/feed+json; charset=utf-8'),
    'html': (board, 'text/html; charset=utf-8'),
}
