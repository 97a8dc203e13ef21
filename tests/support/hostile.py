"""Hostile documents of our own making, at and beyond the caps of include/earshot/limits.h. Each row of rows(): name, command that reads it,
bytes. Nothing here is random, so a row that fails today fails tomorrow. Standard library only."""
import glob
import os
import re

PAGE = 2 << 20      # LIMIT_HTML_BYTES
BODY = 8 << 20      # LIMIT_BODY_BYTES
LINE = 1 << 20      # LIMIT_JSONL_BYTES
IMPORT_PATIENCE = 4     # a file on the operator's disk may hold as many posts as it likes: some of these have one every five bytes


def fill(unit, size=PAGE, head='', tail=''):
    """`unit` until `size` is full; a function is called with 0, 1, 2 …"""
    head, tail = (x.encode() if isinstance(x, str) else x for x in (head, tail))
    if not callable(unit):
        unit = unit.encode() if isinstance(unit, str) else unit
        return head + unit * max(1, (size - len(head) - len(tail)) // len(unit)) + tail
    parts, room, piece = [], size - len(head) - len(tail), unit(0).encode()
    while len(piece) <= room:
        parts.append(piece)
        room -= len(piece)
        piece = unit(len(parts)).encode()
    return head + b''.join(parts) + tail


def around(start, end, n, inside=''):
    return (start * n + inside + end * n).encode()


def post(i):
    return ('<div class="post p%d" id="p%d"><a class="author" href="/u/%d">user%d</a> <time datetime="2024-05-%02d">2024-05-%02d</time>'
            '<div class="body">充电 %d 次 and it broke again.</div></div>' % (i % 7, i, i, i, i % 28 + 1, i % 28 + 1, i))


def distinct(i):
    return '<div class="c%d d%d e%d">text %d of its own kind</div>' % (i, i * 7, i * 13, i)


def attributes(i, most=256):
    return '<p ' + ' '.join('a%d-%d=%d' % (i, k, k) for k in range(most)) + '>x'


def page(body, head=''):
    return '<!doctype html><html><head><title>hostile</title>%s</head><body>%s' % (head, body)


def pages():
    start = page('')

    def body(unit, head='', tail=''):
        return fill(unit, head=start + head, tail=tail)
    yield 'words', body('word 词 ')
    yield 'no-markup-at-all', fill('a')
    yield 'nodes', body('<p>a')
    yield 'empty-elements', body('<i></i>')
    yield 'depth', around('<div>', '</div>', 150000, 'x')
    yield 'depth-inline', around('<b>', '</b>', 250000, 'x')
    yield 'depth-unclosed', body('<div><span>')
    yield 'depth-at-each-end', fill('<div>', PAGE // 2, start) + fill('<p>y</p>', PAGE // 2)
    yield 'misnested-formatting', body('<a><b><i>x</a>y</b>z')
    yield 'misnested-deep', fill('<b><p>', PAGE // 2, start) + fill('</b>x', PAGE // 2)
    yield 'font-bomb', fill(lambda i: '<font color=%d size=%d>' % (i, i), PAGE // 2, start) + fill('<p>x', PAGE // 2)
    yield 'nobr-anchor', body('<a href=x><nobr><button>')
    yield 'foster', body('<table>a<b>')
    yield 'tables', body('<table><tr><td>')
    yield 'table-text', b'<table>' + body('a<tr>')
    yield 'select', body('<select><option>x<optgroup>')
    yield 'lists', body('<ul><li>')
    yield 'list-items', body('<li>x<dd>y<dt>z')
    yield 'forms', body('<form><input></p></form>')
    yield 'svg', body('<svg><foreignObject><math><mi>')
    yield 'svg-flat', body('<svg><path d=x /></svg>')
    yield 'template', body('<template>')
    yield 'frameset', fill('<frameset><frame>')
    yield 'end-tags', body('</p></x></br>')
    yield 'end-tags-deep', fill('<div>', PAGE // 4, start) + fill('</span>', PAGE // 2)
    yield 'paragraphs-in-depth', around('<div>', '', 600) + fill('<p>x</p><b>y</b>')
    yield 'comment-open', body('<!-- x ')
    yield 'comments', body('<!---->x')
    yield 'comment-dashes', body('-', '<!--')
    yield 'angle-brackets', body('<')
    yield 'ampersands', body('&')
    yield 'references', body('&amp;&#x4e2d;&nosuch;&notin;&#0;')
    yield 'reference-long', body('9', '&#')
    yield 'reference-name', body('a', '&')
    yield 'script-open', body('<script>')
    yield 'script-escaped', body('<script><!--<script></script>')
    yield 'style-open', body('<style></style')
    yield 'title-open', fill('<title>x', head='')
    yield 'textarea', body('<textarea></text')
    yield 'plaintext', body('<p>x', '<plaintext>')
    yield 'scripts-of-a-large-page', fill('<script>var x = "</scrip";', BODY, start)
    yield 'scripts-closed-of-a-large-page', fill('<script>var x = 1</script>', BODY - PAGE, start) + fill('<p>word')
    yield 'one-tag-of-attributes', body(lambda i: ' a%d=%d' % (i, i), '<p', tail='>x')
    yield 'one-tag-of-same-attributes', body(' a', '<p', tail='>x')
    yield 'tags-of-256-attributes', body(attributes)
    yield 'tags-of-256-short-attributes', body('<p ' + ' '.join('%c%c' % (97 + k % 26, 97 + k // 26) for k in range(256)) + '>x')
    yield 'attribute-long', body('x', '<p title="')
    yield 'attribute-open', body('<p title="x')
    yield 'attribute-references', body('&amp;', '<p title="', tail='">x')
    yield 'tag-name-long', body('x', '<p')
    yield 'class-long', body(lambda i: 'c%d ' % i, '<p class="', tail='">x')
    yield 'classes-long', body(lambda i: '<p class="%s">x' % ' '.join('c%d' % (i * 40 + k) for k in range(40)))
    yield 'posts', body(post)
    yield 'posts-without-end', body('<div class=post><a class=author href=/u/1>u</a><time>2024-05-01 10:00</time><p>x')
    yield 'posts-each-another-build', body(distinct)
    yield 'posts-in-tables', body(lambda i: '<tr><td><a href="?uid=%d">u</a></td><td>3分钟前</td><td>文字 %d</td></tr>' % (i, i), '<table>')
    yield 'posts-nested', body('<div class=comment><a class=user>u</a><time>2024-05-01</time><p>some words of a reply here</p>')
    yield 'discuz', fill(lambda i: '<div id="post_%d"><table class="plhin"><tr><td class=pls><div class=authi><a class=xw1>u%d</a></div></td><td class=plc><div class=authi>'
                         '<em id="authorposton%d">发表于 2024-5-1 10:00</em></div><td class=t_f id="postmessage_%d">很好</td></tr></table></div>' % (i, i, i, i),
                         head=page('<div id="postlist">', '<meta name=generator content="Discuz! X3.4">'))
    yield 'dates', body('<p>2024-05-01 10:00:00</p><i>3分钟前</i><b>May 5, 2024</b>')
    yield 'dates-in-one-text', body('2024-05-01 ')
    yield 'dates-of-chinese', body('二〇二四年五月一日昨天今天3分钟前')
    yield 'dates-of-names', body('may march mon 3 days ago jan 2024 ')
    yield 'dates-of-digits', body('2024')
    yield 'dates-of-dashes', body('1-1-1/1.1:1 ')
    yield 'dates-written', body('<p>发布时间：2024-13-45 99:99 发表于 ')
    yield 'date-metas', fill('<meta property="article:published_time" content="2024-05-01T10:00:00+08:00">', head='<head>')
    yield 'date-classes', body('<span class="date time publish">x</span>')
    yield 'date-scripts', body('<script>var publishDate="2024-05-01 10:00";</script>')
    yield 'metas', fill('<meta property="og:title" content="x"><meta name=author content="y">', head='<head>')
    yield 'titles', body('<h1>x</h1><h2 class=title>y</h2>')
    yield 'title-long', fill('长 title | - _ ', head='<title>', tail='</title><p>x')
    yield 'heading-long', body('长 title | - _ ', '<h1>', tail='</h1><p>x')
    yield 'bylines', body('<p class="author byline">by A. Writer 作者：小王 记者 ')
    yield 'links', body(lambda i: '<a href="../%d?utm_source=x#y">l</a>' % i)
    yield 'link-long', body('../', '<a href="', tail='">x</a>')
    yield 'link-host-long', body('a.', '<a class=author href="http://', tail='/">x</a>')
    yield 'links-with-long-base', fill(lambda i: '<a class=author href="?u=%d">u%d</a><time>2024-05-01</time><p>words and words</p>' % (i, i),
                                       head='<head><base href="http://example.org/%s"></head><body>' % ('long/' * 12000))
    yield 'bases', fill('<base href="http://example.org/x/">', head='<head>')
    yield 'json-ld-depth', page('', '<script type="application/ld+json">').encode() + around('{"@type":"Comment","comment":[', ']}', 40000) + b'</script>x'
    yield 'json-ld-list', fill('{"@type":"Comment","text":"a","author":"b"},', head=page('', '<script type="application/ld+json">['), tail='{}]</script>')
    yield 'json-ld-graph', fill(lambda i: '{"@id":"#%d","@type":"Comment","text":"a","parentItem":{"@id":"#%d"}},' % (i, i + 1),
                                head=page('', '<script type="application/ld+json">{"@graph":['), tail='{}]}</script>')
    yield 'json-ld-scripts', body('<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>')
    yield 'json-ld-bad', body('<script type="application/ld+json">{"@type":[[[[[[[[[[</script>')
    yield 'json-ld-keys', fill(lambda i: '"k%d":1,' % i, head=page('', '<script type="application/ld+json">{"@type":"Review",'), tail='"a":1}</script>')
    yield 'json-preloaded', fill('{"id":1,"content":"text of a comment","author":{"name":"u"},"created_at":"2024-05-01"},',
                                 head=page('', '<script id="__NEXT_DATA__" type="application/json">{"props":['), tail='{}]}</script>')
    yield 'json-preloaded-depth', page('', '<script id="__NEXT_DATA__" type="application/json">').encode() + around('{"a":[', ']}', 60000) + b'</script>x'
    yield 'json-preloaded-open', body('window.__INITIAL_STATE__={"a":"{', '<script>')
    yield 'json-scripts', body('<script>window.__DATA__ = {"a":[1,{"b":"}"}]};</script>')
    yield 'microdata-depth', body('<div itemscope itemtype="http://schema.org/Comment" itemprop=comment><span itemprop=text>x')
    yield 'microdata', body('<div itemscope itemtype="http://schema.org/Comment"><span itemprop=text>x</span><i itemprop=author>u</i></div>')
    yield 'microdata-refs', body(lambda i: '<div itemscope id=r%d itemref="r%d r%d">x</div>' % (i, i + 1, i + 2))
    yield 'h-entry', body('<div class=h-entry><p class=e-content>x</p><a class="p-author h-card">u</a>')
    yield 'hidden', body('<div style="display:none">x</div><div hidden>y')
    yield 'quotes', body('<blockquote><p>x')
    yield 'noscript', body('<noscript><p>x')
    yield 'nul-bytes', body(b'\0')
    yield 'invalid-bytes', fill(b'\xff', BODY)
    yield 'half-characters', body(b'\xe4\xb8 ')
    yield 'control-references', body('&#x80;&#x9f;\x80\x01')
    yield 'joiners', body('‍‮́')
    yield 'a-little-of-everything', bytes((i * 7919 >> 3) & 255 for i in range(PAGE))


def engine_words():
    """What our engine rules look for, each as an element that bears it."""
    words = set()
    for path in sorted(glob.glob(os.path.join(os.path.dirname(__file__), '..', '..', 'feeds', '*.engine'))):
        with open(path, encoding='utf-8') as f:
            rules = ''.join(line for line in f if not line.startswith('#'))
        words |= {' class="%s"' % w for w in re.findall(r'\.([A-Za-z_][\w-]*)', rules)} | {' id="%s"' % w for w in re.findall(r'#([A-Za-z_][\w-]*)', rules)}
        words |= {' %s="%s1"' % w for w in re.findall(r'\[([a-z-]+)[*^$~]?=["\']?([^"\'\]]+)', rules)}
    return sorted(words)


def engines():
    words, end = engine_words(), '<p class=text>x</p>'
    classes = ' class="%s"' % ' '.join(w[8:-1] for w in words if w.startswith(' class'))
    yield 'engine-marks', fill(lambda i: '<div%s>x</div>' % words[i % len(words)], head=page(''))
    yield 'engine-marks-nested', fill(lambda i: '<div%s>x' % words[i % len(words)], head=page(''))
    yield 'engine-marks-all-nested', fill('<div%s>' % classes, head=page(''), tail=end)
    yield 'engine-marks-then-depth', fill('<div%s>' % classes, 200 * len(classes), page('')) + fill('<div class=post>x')
    yield 'engine-marks-then-classes', fill('<div%s></div>' % classes, 4 * len(classes), page('')) + fill(
        lambda i: '<p class="post %s">x' % ' '.join('c%d' % (i * 200 + k) for k in range(200)))
    yield 'engine-marks-then-posts', fill('<div%s></div>' % classes, 4 * len(classes), page('')) + fill(post)
    for kind in ('discuz', 'phpbb', 'xenforo', 'vbulletin', 'comments', 'reviews'):
        marks = ''.join('<div%s></div>' % w for w in words)
        yield 'engine-%s-nested' % kind, (page(marks) + '<div class="post comment message postbody" id="post_1">').encode() + fill(
            '<div class="post comment message %s" id="p1"><a class="author username">u</a><p class=text>x' % kind)


def charsets():
    text = '<html><head><meta charset="%s"></head><body><p>'
    for label, unit in (('gb18030', b'\x81\x30\x81\x30'), ('gbk', b'\xb3\xe4\xb5\xe7'), ('gb2312', b'\xff'), ('big5', b'\x88\x62'), ('big5', b'\xfe'), ('shift_jis', b'\x83\x41\xff'),
                        ('euc-kr', b'\xb0\xa1\x80'), ('euc-jp', b'\x8f\xa2\xaf'), ('iso-2022-jp', b'\x1b$B\x1b(B'), ('iso-2022-jp', b'\x1b$B0l'), ('utf-16le', b'\x00\xd8'),
                        ('utf-7', b'+AGE-'), ('windows-1252', b'\x81'), ('hz-gb-2312', b'~{0!~}'), ('x-user-defined', b'\xff'), ('utf-8', b'\xf0\x9f\x98\x80'), ('koi8-r', b'\xc1')):
        yield 'charset-%s-%s' % (label, unit.hex()), fill(unit, BODY, text % label)
    yield 'charset-utf-16-bom', fill(b'a\0', BODY, b'\xff\xfe')
    yield 'charset-metas', fill('<meta charset=nonsense>', BODY)
    yield 'charset-none-chinese', fill('充电'.encode('gb18030') + b' ', BODY)
    yield 'charset-undecided', fill(b'\xa4\xa4 \x83\x41 \xe4', BODY)


RSS = '<rss version="2.0"><channel><title>hostile</title>'
ITEM = RSS + '<item><title>x</title>'


def declared(n, start):
    return ''.join('<x%d %s>' % (k, ' '.join('xmlns:p%d_%d="u"' % (start + k, i) for i in range(200))) for k in range(n))


def escaped(html):
    return html.replace('&', '&amp;').replace('<', '&lt;')


def feeds():
    def feed(unit, head=RSS, tail='', size=BODY):
        return fill(unit, size, head, tail)

    def described(unit):
        return feed(unit, ITEM + '<description>')

    def html(unit, before='', after=''):
        return feed(unit, ITEM + '<description><![CDATA[' + before, after + ']]></description>')

    def json_feed(unit, head='"items":[', tail=']}'):
        return feed(unit, '{"version":"https://jsonfeed.org/version/1.1",' + head, tail)
    yield 'items', feed('<item/>')
    yield 'items-small', feed(lambda i: '<item><guid>%d</guid><title>t</title><link>/x</link><pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate></item>' % i)
    yield 'items-same-id', feed('<item><guid>same</guid><link>/x</link><title>t</title></item>')
    yield 'items-open', feed('<item><title>')
    yield 'items-of-text', feed('<item><title>t</title><description>%s</description></item>' % escaped('<p>Some <b>text</b> &amp; more.</p>' * 40))
    yield 'depth', feed('<a>')
    yield 'depth-prefixed', feed('<media:group>', ITEM)
    yield 'depth-closed', around('<a>', '</a>', 1 << 20)
    yield 'depth-mixed', feed('<a><b></a>x</b>')
    yield 'end-tags', feed('</x></item>')
    yield 'text', feed('word 词 ')
    yield 'attributes-of-one-tag', feed(lambda i: ' a%d="%d"' % (i, i), RSS + '<item')
    yield 'attributes-same', feed(' a="b"', RSS + '<item')
    yield 'attributes-256', feed(lambda i: '<item %s/>' % ' '.join('a%d="%d"' % (k, k) for k in range(256)))
    yield 'attributes-256-short', feed('<item ' + ' '.join('%c%c=""' % (97 + k % 26, 97 + k // 26) for k in range(256)) + '/>')
    yield 'namespaces-in-scope', feed('<q:y/>', RSS + declared(200, 0), size=BODY // 2)
    yield 'namespaces-in-scope-used', feed('<p0_0:y/>', RSS + declared(200, 0), size=BODY // 2)
    yield 'namespaces-each', feed(lambda i: '<item xmlns:a%d="http://x/%d"><a%d:b/></item>' % (i, i, i))
    yield 'prefix-long', feed('p', RSS + '<', ':x/>')
    yield 'xml-base', feed('<x xml:base="a/">', '<feed xmlns="http://www.w3.org/2005/Atom">')
    yield 'xml-base-long', feed('<entry><link href="x"/><id>y</id></entry>', '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://e.org/%s">' % ('long/' * 50000))
    yield 'comments-open', feed('<!-- ')
    yield 'comments', feed('<!---->')
    yield 'cdata-open', feed('<![CDATA[')
    yield 'cdata', described('<![CDATA[x]]>')
    yield 'cdata-brackets', feed(']', RSS + '<![CDATA[')
    yield 'instructions', feed('<?x ?>')
    yield 'instruction-open', feed('<?x ')
    yield 'doctype-open', feed('<!ENTITY a "b">', '<?xml version="1.0"?><!DOCTYPE rss [')
    yield 'doctype-laughs', ('<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">' + ''.join('<!ENTITY a%d "%s">' % (i, '&a%d;' % (i - 1) * 10) for i in range(1, 12)) +
                             ']>' + ITEM + '<description>' + '&a11;' * 1000).encode()
    yield 'references', described('&amp;&#x4e2d;&nosuch;&hellip;&')
    yield 'references-twice', described('&amp;amp;&amp;lt;b&amp;gt;')
    yield 'ampersands', described('&')
    yield 'angle-brackets', described('<')
    yield 'html-open', described(escaped('<b>x'))
    yield 'html-depth', described(escaped('<div><span>'))
    yield 'html-misnested', described(escaped('<b><i></b></i>'))
    yield 'html-tables', described(escaped('<table><tr><td>'))
    yield 'html-cdata', html('<p>x<')
    yield 'html-script', html('<script>')
    yield 'html-comment', html('<!--')
    yield 'html-attribute-open', html('<p title="')
    yield 'html-style', html('color:red;background:url(x);', '<p style="', '">x')
    yield 'html-style-brackets', html('((((', '<p style="width:', '">x')
    yield 'html-styles', html('<p style="color:red;margin:expression(x)">')
    yield 'html-links', feed('<a href="x">y</a>', RSS.replace('<channel>', '<channel xml:base="http://e.org/%s">' % ('long/' * 800)) + '<item><description><![CDATA[', ']]></description>')
    yield 'html-link-long', html('../', '<a href="', '">x</a>')
    yield 'html-scheme', html('java&#9;', '<a href="', 'script:x">x</a>')
    yield 'xhtml', feed('<p xmlns="http://www.w3.org/1999/xhtml">x', '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div>')
    yield 'title-long', feed('long 长 ', RSS + '<item><title>')
    yield 'date-long', feed('2024 May ', ITEM + '<pubDate>')
    yield 'date-digits', feed('2', ITEM + '<pubDate>')
    yield 'dates', feed('<item><title>x</title><pubDate>%s</pubDate></item>' % ('Mon 6 May 2024 或 三天前 ' * 50))
    yield 'links', feed(lambda i: '<link href="%d" rel="enclosure"/>' % i, '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title>')
    yield 'people', feed('<author><name>x</name><email>a@b</email></author>', '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title>')
    yield 'person-long', feed('(a@b.c) <x', ITEM + '<author>')
    yield 'categories', feed(lambda i: '<category domain="d">c%d</category>' % i, ITEM)
    yield 'unknown-elements', feed(lambda i: '<e%d>x</e%d>' % (i, i), ITEM)
    yield 'unknown-elements-of-items', feed(lambda i: '<item>%s</item>' % ''.join('<e%d a="b">x</e%d>' % (k, k) for k in range(60)))
    yield 'media', feed('<media:content url="x"><media:thumbnail url="y"/></media:content>', RSS.replace('<rss', '<rss xmlns:media="http://search.yahoo.com/mrss/"') + '<item>')
    yield 'geo', feed('<georss:polygon>1 2 3 4 5 6</georss:polygon>', RSS.replace('<rss', '<rss xmlns:georss="http://www.georss.org/georss"') + '<item>')
    yield 'geo-long', feed('1 2 ', RSS.replace('<rss', '<rss xmlns:georss="http://www.georss.org/georss"') + '<item><georss:polygon>')
    yield 'sources', feed('<source><title>x</title>', '<feed xmlns="http://www.w3.org/2005/Atom"><entry>')
    yield 'nested-items', feed('<item><entry>')
    yield 'gb18030', feed('充电'.encode('gb18030'), b'<?xml version="1.0" encoding="gb2312"?>' + ITEM.encode() + b'<description>')
    yield 'wrong-bytes', feed(b'\xff\xfe\x80', ITEM.encode() + b'<description>')
    yield 'nul-bytes', feed(b'\0', ITEM.encode())
    yield 'utf-16', '\ufeff'.encode('utf-16-le') + (RSS + '<item><title>x</title></item>' * 100000).encode('utf-16-le')[:BODY]
    yield 'sitemap', feed(lambda i: '<url><loc>http://e.org/%d</loc><lastmod>2024-05-01</lastmod></url>' % i, '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    yield 'sitemap-news', feed('<news:news><news:title>x</news:title>', '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>')
    yield 'sitemap-index', feed('<sitemap><loc>x', '<sitemapindex>')
    yield 'address-list', feed(lambda i: 'http://e.org/%d\n' % i, '')
    yield 'address-list-long', feed('a/', 'http://e.org/')
    yield 'json-items', json_feed('{"id":"1","content_html":"<p>x","date_published":"2024-05-01"},', '"items":[', '{}]}')
    yield 'json-open', feed('[{"a":', '')
    yield 'json-depth', feed('[', '')
    yield 'json-depth-items', feed('{"items":[', '{"version":"https://jsonfeed.org/version/1.1",')
    yield 'json-keys', json_feed(lambda i: '"k%d":%d,' % (i, i), '', '"items":[]}')
    yield 'json-same-keys', json_feed('"items":[],', '', '"items":[]}')
    yield 'json-numbers', json_feed('1e999,-0.0000001,', '"items":[', '1]}')
    yield 'json-number-long', json_feed('9')
    yield 'json-escapes', json_feed('\\ud83d\\u0000\\n', '"items":[{"title":"', '"}]}')
    yield 'json-html', json_feed('<b><i>', '"items":[{"content_html":"', '"}]}')


def tables():
    head = 'text,posted,author\n'
    yield 'csv-cell-open', fill('endless ', BODY, head + '"')
    yield 'csv-cell-of-lines', fill('line\n', LINE, head + '"')
    yield 'csv-quotes', fill('"', BODY, head)
    yield 'csv-quotes-open', fill('"x,', BODY, head)
    yield 'csv-quotes-and-lines', fill('"a""b\n', LINE, head)
    yield 'csv-separators', fill(',', BODY, head)
    yield 'csv-columns', fill(lambda i: 'c%d,' % i, BODY)
    yield 'csv-line-long', fill('x', BODY, head)
    yield 'csv-lines', fill('\n', BODY, head)
    yield 'csv-gb18030', fill('充电,'.encode('gb18030'), BODY, head.encode())
    yield 'csv-nul', fill(b'\0', BODY, head.encode())


def mails():
    head = 'From a@b Mon May  6 10:00:00 2024\n'
    yield 'mbox-headers', fill(lambda i: 'X-H%d: y\n' % i, BODY, head)
    yield 'mbox-header-long', fill('long ', BODY, head + 'Subject: ')
    yield 'mbox-header-folded', fill(' x\n', BODY, head + 'Subject: x\n')
    yield 'mbox-subjects', fill('Subject: x\n', BODY, head)
    yield 'mbox-words-open', fill('=?utf-8?q?', BODY, head + 'Subject: ')
    yield 'mbox-words', fill('=?gb2312?b?xOO6ww==?= ', BODY, head + 'Subject: ')
    yield 'mbox-words-empty', fill('=?', BODY, head + 'Subject: ')
    yield 'mbox-address', fill('"a" <', BODY, head + 'From: ')
    yield 'mbox-parts-nested', (head + ''.join('Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n' % (i, i) for i in range(20000)) + '\nx\n').encode()
    yield 'mbox-parts', fill('--b\nContent-Type: text/html\n\n<p>x\n', BODY, head + 'Content-Type: multipart/mixed; boundary=b\n\n')
    yield 'mbox-parts-same-boundary', fill('--b\nContent-Type: multipart/mixed; boundary=b\n\n', BODY, head + 'Content-Type: multipart/mixed; boundary=b\n\n')
    yield 'mbox-boundary-like', fill('--b', BODY, head + 'Content-Type: multipart/mixed; boundary=b\n\n')
    yield 'mbox-base64', fill('QUJD', BODY, head + 'Content-Transfer-Encoding: base64\n\n')
    yield 'mbox-quoted-printable', fill('=E4=B8=\n=AD', BODY, head + 'Content-Transfer-Encoding: quoted-printable\n\n')
    yield 'mbox-html', fill('<div><b>', BODY, head + 'Content-Type: text/html\n\n')
    yield 'mbox-quotes', fill('On Mon, x wrote:\n\n', BODY, head + '\n')
    yield 'mbox-marks', fill('>', BODY, head + '\n')
    yield 'mbox-marked-froms', fill('>>>>From \n', BODY, head + '\n')
    yield 'mbox-date', fill('Mon 6 May ', BODY, head + 'Date: ')
    yield 'mbox-parameters', fill('; a="b', BODY, head + 'Content-Type: text/plain')


def objects():
    yield 'jsonl-depth', b'{"text":"x","a":' + b'[' * (LINE // 2) + b'\n'
    yield 'jsonl-line-long', fill('x', BODY, '{"text":"', '"}\n')
    yield 'jsonl-keys', fill(lambda i: '"k%d":1,' % i, LINE - 64, '{"text":"x",', '"a":1}\n')
    yield 'jsonl-same-keys', fill('"text":1,', LINE - 64, '{"text":"x",', '"a":1}\n')
    yield 'jsonl-html', fill('<b><i>', LINE - 64, '{"html":"', '"}\n')
    yield 'json-array-open', fill('{"text":"x"},', BODY, '[')
    yield 'json-array-deep', fill('[', BODY)


RECIPE = '''[recipe NAME]
about = hostile
kind  = html
list  = %s
expect = 0
[fields]
id    = %s
text  = %s
'''


def recipes():
    """A recipe, NUL, the page it reads. Recipes are an operator's; their pages are anybody's."""
    def recipe(list_, id_, text, data):
        return (RECIPE % (list_, id_, text)).encode() + b'\0' + data
    deep = around('<div class=a>', '</div>', 500, '<p>x') + fill('<i class=b></i>')
    chain = ' '.join(['div'] * 24)
    yield 'recipe-descendants', recipe(chain + ' i.c', '.', '.', deep)
    yield 'recipe-descendants-of-each', recipe('i.b', chain + ' b', '.', around('<div>', '', 500) + fill('<i class=b>x</i>'))
    yield 'recipe-siblings', recipe('p + p + p + p + p + b', '.', '.', fill('<p>x</p>'))
    yield 'recipe-nth', recipe('p:nth-of-type(99999)', '.', '.', fill('<p>x</p>'))
    yield 'recipe-not', recipe('p:not(.a):not(.b):not(.c):not([d])', 'b', 'p', fill('<p>x</p>'))
    yield 'recipe-xpath', recipe('//div//div//div//div//div//p', '//a/b/c', '.', deep)
    yield 'recipe-items-in-items', recipe('div', 'div div b', '. | without div', fill('<div>', PAGE))
    yield 'recipe-all-of-each', recipe('p', '.', '^ p | join ", "', fill('<p>x</p>'))
    yield 'recipe-html-in-attributes', recipe('p', '.', '. | attr t | html | match /(a|b|ab)+c/', fill('<p t="%s">x' % ('ab' * 5000)))
    yield 'recipe-json-in-scripts', recipe('script', '. | json /a/**', '. | json /**/**', fill('<script>%s</script>' % ('{"a":[' * 60 + ']}' * 60)))
    yield 'recipe-between', recipe('p', '<page> | between "<p" "</nothing>"', '<page> | between "x" "y"', fill('<p>x'))
    yield 'recipe-replace', recipe('p', '<place>', '. | replace "x" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" | replace "x" "xxxxxxxxxxxxxxxxxxxxxxxx"', fill('<p>' + 'x' * 5000))


def outside():
    """Documents that name files and addresses beside them, which nobody may look at. For the feed reader and the page reader."""
    for name, inside in (('entity-file', '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>'),
                         ('entity-address', '<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><rss><channel><item><title>&x;</title></item></channel></rss>'),
                         ('entity-parameter', '<!DOCTYPE rss [<!ENTITY % x SYSTEM "file:///etc/hostname">%x;]><rss><channel><item><title>a</title></item></channel></rss>'),
                         ('dtd', '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd"><rss><channel><item><title>a</title></item></channel></rss>'),
                         ('dtd-file', '<!DOCTYPE rss PUBLIC "x" "file:///etc/hostname"><rss><channel><item><title>a</title></item></channel></rss>'),
                         ('include', '<rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><item><xi:include href="file:///etc/passwd" parse="text"/></item></channel></rss>'),
                         ('style-sheet', '<?xml-stylesheet href="file:///etc/passwd" type="text/xsl"?><rss><channel><item><title>a</title></item></channel></rss>'),
                         ('schema', '<rss xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="file:///etc/passwd"><channel/></rss>'),
                         ('frames', '<html><head><link rel=stylesheet href="file:///etc/passwd"><base href="file:///etc/"></head><iframe src=passwd></iframe><img src="http://127.0.0.1:9/">x')):
        yield name, ('<?xml version="1.0"?>' + inside if name != 'frames' else inside).encode()


HEAVY = re.compile('^(posts|tags-of-256-short-attributes|titles|words|nodes|charset-(utf-16le|big5-fe|windows).*|invalid-bytes|links-with-long-base|json-ld-list|items-of-text|'
                   'items-small|html-open|ampersands|gb18030|wrong-bytes|text|unknown-elements-of-items|xml-base-long|sitemap|address-list|json-(items|numbers|html))$')


def heavy():
    """Those that fill most memory, for the live road. None is as large as a body may be by bytes alone: that is refused before it is read."""
    for command, makers in (('extract', (pages, charsets)), ('parse', (feeds,))):
        for make in makers:
            for name, data in make():
                if HEAVY.search(name):
                    yield name, command, data


def rows():
    for command, makers in (('extract', (pages, engines, charsets)), ('parse', (feeds,)), ('import', (tables, mails, objects)), ('recipe', (recipes,))):
        for make in makers:
            for name, data in make():
                yield name, command, data
