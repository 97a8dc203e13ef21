#!/usr/bin/env python3
"""Third-party headers are included by their one owner file only."""
import re

from lintlib import Lint, line_of, without_comments

OWNERS = [
    ('curl/', ['common/base/http_loop.c', 'common/base/http_proxy.c', 'common/base/http_talk.c', 'common/base/http_transfer.c', 'cli/bench_crawl_bare.c']),
    ('libxml/', ['cli/bench_crawl_bare.c', 'cli/bench_extract.c', 'cli/bench_feeds.c']),
    ('gumbo.h', ['common/base/tree_gumbo.c']),
    ('cjson/', ['common/base/json.c']),
    ('libpsl.h', ['common/base/url.c']),
    ('idn2.h', ['common/base/url.c']),
    ('openssl/', ['common/base/crypto.c']),
    ('brotli/', ['common/base/http_unpack.c']),
    ('zstd', ['common/base/segment.c', 'common/base/http_unpack.c']),
    ('zlib.h', ['common/base/gzip.c', 'common/base/http_unpack.c']),
    ('hiredis/', ['common/store/redis.c']),
    ('hs.h', ['cli/bench_vectorscan.c']),
    ('pcre2.h', ['common/text/regex.c']),
    ('linear.h', ['detector/train.c', 'detector/lessons.c']),
    ('utf8proc.h', ['common/text/normalise.c']),
    ('unicode/', ['common/text/words.c', 'tools/gen_letters.c', 'tools/gen_pinyin.c']),
    ('microhttpd.h', ['common/base/http_server.c']),
    ('opencc/', ['tools/gen_t2s.c']),
    ('iconv.h', ['common/base/charset.c', 'common/base/charset_table.c', 'tests/unit/test_charset.c']),
    ('cmocka.h', ['tests/']),
    ('sanitizer/', ['common/base/arena.c']),
]
# What the C library and Linux bring is everybody's.
SYSTEM = re.compile(r'^(earshot|sys|arpa|netinet|linux|net)/|^[a-z]+\.h$')

lint = Lint()
for path in lint.files('.c', '.h'):
    code = without_comments(lint.read(path))
    for found in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*<([^>]+)>', code, re.M):
        header = found[1]
        row = next((r for r in OWNERS if header.startswith(r[0])), None)
        place = '%s:%d' % (path, line_of(code, found.start()))
        if row and not any(path == o or (o.endswith('/') and path.startswith(o)) for o in row[1]):
            lint.say(place, '<%s> belongs to %s; call that file\'s functions instead' % (header, ' and '.join(row[1])))
        elif not row and not SYSTEM.match(header):
            lint.say(place, 'nobody owns <%s>; name its one owner file in tests/lint/owners.py, and the library in docs/dependencies.md' % header)
lint.end()
