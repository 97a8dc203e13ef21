#!/usr/bin/env python3
"""A source of kind "page": a thread without a feed is read by what it shows, its replies are counted once each, an article is one post; a thread of
several pages is read to its end, and from then on there; of reviews the newest come first. Run alone: python3 tests/flow/test_page_source.py"""
import json
import os
import shutil
import signal
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

START = time.time()
REPLY = '''<div class="post" id="p{n}"><div class="postprofile"><a class="username" href="/user/{n}">car owner {n}</a></div>
<p class="author"><time datetime="{at}">{at}</time></p>
<div class="content">{text}</div><a href="/thread/7#p{n}">#{n}</a></div>'''
ARTICLE = '''<html><head><title>云雀召回部分车辆 - 新闻网</title></head><body><div class="nav"><a href="/">首页</a> <a href="/c">财经</a></div><h1>云雀召回部分车辆</h1>
<article><p>记者今日获悉，云雀汽车决定召回四千辆存在刹车隐患的车辆，车主可以预约免费检修，公司承担由此产生的全部费用。</p>
<p>多名车主此前投诉，车辆在下坡时刹车距离明显变长，4S店却表示检测不出问题，要求车主自行承担检测的费用。</p>
<p>业内人士认为，企业应当及时公布召回的范围和进度，给消费者一个明确的答复，而不是等到舆论发酵之后再行动。</p></article></body></html>'''


def written(minutes_ago):
    return time.strftime('%Y-%m-%dT%H:%M:00Z', time.gmtime(START - 60 * minutes_ago))


class Site(smallweb.Site):
    def __init__(self):
        super().__init__()
        self.texts = ['云雀的刹车又失灵了，4S店说检测不出问题，我已经去了三次，谁来管一管？',
                      'Same here, my Skylark EV did not stop in time twice last week and the dealer shrugs.',
                      '我的车没有问题，大家不要着急，先看看是不是刹车片的原因。',
                      '云雀客服让我等通知，等了一个月也没有任何结果，准备去投诉平台。']

        self.long = ['云雀电动车的第%d次投诉：刹车又失灵了，售后让我继续等消息，没有人负责。' % i for i in range(5)]
        self.reviews = ['Skylark EV, review number %d: the battery died after a week and nobody answers.' % i for i in range(5)]
        self.has_pager = True

    def answer(self, request):
        url = urllib.parse.urlsplit(request.path)
        if url.path in ('/long', '/reviews'):
            page = self.page(url.path, int(urllib.parse.parse_qs(url.query).get('page', ['1'])[0]))
        else:
            page = ARTICLE if url.path.startswith('/news') else self.thread()
        return 200 if page else 404, {'Content-Type': 'text/html; charset=utf-8'}, page or '<html><body><p>This page does not exist.</p></body></html>'

    def thread(self):
        return framed(replies(enumerate(self.texts)))

    def page(self, path, number):
        """Two posts a page; the first post of the thread stands on each of them."""
        if path == '/reviews':
            posts = list(reversed(list(enumerate(self.reviews))))
        else:
            posts = list(enumerate(self.long))
        shown = posts[2 * number - 2:2 * number]
        if not shown:
            return None
        if path == '/long' and number > 1:
            shown.insert(0, posts[0])
        last = (len(posts) + 1) // 2
        pager = ''.join('<a href="%s?page=%d">%d</a> ' % (path, n, n) if n != number else '<b>%d</b> ' % n for n in range(1, last + 1))
        return framed(replies(shown) + ('<div class="pages">%s</div>' % pager if self.has_pager else ''))


def replies(numbered):
    return ''.join(REPLY.format(n=i + 1, at=written(60 - 5 * i), text=t) for i, t in numbered)


def framed(posts):
    return ('<html><head><title>刹车失灵 - 车主论坛</title></head><body><div id="nav"><a href="/">首页</a></div><h1>刹车失灵</h1>' +
            '<div id="posts">' + posts + '</div><div id="footer">© 车主论坛</div></body></html>')


def run(f):
    site = Site()
    url = site.url
    s = system.System(f, feeds=system.source('thread', url + '/thread/7', more='kind = page'))
    code, out, err = f.earshot('fetch', 'thread', '--config', s.config)
    posts = [json.loads(line) for line in out.splitlines()]
    f.check('earshot fetch shows the posts of a page', code == 0 and [p['text'][:6] for p in posts] == [t[:6] for t in site.texts],
            '%d %s%s' % (code, out, err))
    f.check('the first has the title of the thread, the others are its replies',
            posts[:1] and posts[0]['title'] == '刹车失灵' and all(p['kind'] == 'reply' and p['parent'] == posts[0]['id'] for p in posts[1:]), out)
    s.start()
    f.check('posts that name the brand are counted', f.wait(lambda: s.total('yunque') == 3, 20), str(s.total('yunque')))
    site.texts.append('云雀终于给我换了新的刹车，问题解决了，感谢大家的建议。')
    f.check('a new reply is counted when it comes', f.wait(lambda: s.total('yunque') == 4, 20), str(s.total('yunque')))
    f.check('and the others are not counted again', not f.wait(lambda: s.total('yunque') != 4, 2), str(s.total('yunque')))
    f.check('earshot up ends with 0', s.stop() == 0, f.log('up.log')[-300:])
    f.write('feeds/news.conf', system.source('news', url + '/news/1', more='kind = page'))
    code, out, err = f.earshot('fetch', 'news', '--config', s.config)
    posts = [json.loads(line) for line in out.splitlines()]
    f.check('an article is one post', code == 0 and len(posts) == 1 and posts[0]['kind'] == 'article' and posts[0]['title'] == '云雀召回部分车辆' and
            '首页' not in posts[0]['text'], '%d %s%s' % (code, out, err))
    os.remove(f.path('feeds', 'news.conf'))
    shutil.rmtree(s.data)
    threads(f, url, site)


def count(s, source):
    """Mentions of one source."""
    records = [json.loads(r) for r in s.pairs('HGETALL', 'es:{b:yunque}:mentions').values()]
    return [r['post'] for r in records if r['post']['source'] == source]


def asked(f, site):
    """What is asked for in one quiet second."""
    site.forget()
    f.wait(lambda: len(site.asked()) >= 3, 5)
    return set(site.asked())


def threads(f, url, site):
    s = system.System(f, feeds=system.source('long', url + '/long', more='kind = page'))
    code, out, err = f.earshot('fetch', 'long', '--config', s.config)
    f.check('earshot fetch tells where the next page is', code == 0 and 'next page: %s/long?page=2' % url in err, err)
    site.forget()
    s.start()
    f.check('a thread is read to its last page', f.wait(lambda: len(count(s, 'long')) == 5, 20), '%s; %s' % (count(s, 'long'), site.asked()))
    f.check('page after page', site.asked()[:3] == ['/long', '/long?page=2', '/long?page=3'], str(site.asked()[:5]))
    posts = sorted(count(s, 'long'), key=lambda p: p['posted_ms'])
    f.check('its first post opens it, on whatever page it stands; the others answer it', posts[0].get('title') == '刹车失灵' and
            all(p['kind'] == 'reply' and p['parent'] == posts[0]['id'] and not p.get('title') for p in posts[1:]), str(posts))
    f.check('from then on it is read at its end', asked(f, site) == {'/long?page=3'}, str(site.asked()))
    site.long += ['云雀客服终于回电话了，可是说的还是老一套。', 'Skylark EV never called me back, same story here.', '云雀电动车，我再也不会买了。']
    f.check('where new posts are found, also on a page that is new', f.wait(lambda: len(count(s, 'long')) == 8, 20), str(count(s, 'long')))
    f.check('and the end is there', f.wait(lambda: asked(f, site) == {'/long?page=4'}, 10), str(site.asked()))
    os.kill(s.pids()['crawler'], signal.SIGKILL)
    f.wait(lambda: 'crawler' in s.pids(), 10)
    f.check('a killed crawler goes on there', f.wait(lambda: asked(f, site) == {'/long?page=4'}, 20), str(site.asked()))
    del site.long[4:]
    f.check('when that page is gone the thread is read again', f.wait(lambda: asked(f, site) == {'/long?page=2'}, 20), str(site.asked()))
    site.long += ['云雀电动车：帖子被删了一半，我再说第%d次，刹车有问题。' % i for i in range(5)]    # p5 to p9: the last one is new
    f.check('and its new posts are found', f.wait(lambda: len(count(s, 'long')) == 9, 20), str(count(s, 'long')))
    f.write('feeds/reviews.conf', system.source('reviews', url + '/reviews', family='review', more='kind = page'))
    os.kill(s.pids()['crawler'], signal.SIGHUP)
    f.check('reviews are read to the oldest', f.wait(lambda: len(count(s, 'reviews')) == 5, 20), str(count(s, 'reviews')))
    f.wait(lambda: asked(f, site) <= {'/reviews', '/long?page=3'}, 10)
    f.check('and from then on where the newest are', '/reviews' in asked(f, site) and not any('/reviews?' in p for p in site.asked()), str(site.asked()))
    site.reviews += ['Skylark EV review from today: it caught fire.']
    f.check('new ones are found', f.wait(lambda: len(count(s, 'reviews')) == 6, 20), str(count(s, 'reviews')))
    f.check('earshot up ends with 0 again', s.stop() == 0, f.log('up.log')[-300:])


if __name__ == '__main__':
    with flow.Flow('page') as flow_:
        run(flow_)
    sys.exit(flow_.exit_code())
