#!/usr/bin/env python3
"""A source of kind "page": a thread without a feed is read by what it shows, its replies are counted once each, an article is one post. Run alone:
python3 tests/flow/test_page_source.py"""
import http.server
import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
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


class Site(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(('127.0.0.1', 0), Answer)
        self.texts = ['云雀的刹车又失灵了，4S店说检测不出问题，我已经去了三次，谁来管一管？',
                      'Same here, my Skylark EV did not stop in time twice last week and the dealer shrugs.',
                      '我的车没有问题，大家不要着急，先看看是不是刹车片的原因。',
                      '云雀客服让我等通知，等了一个月也没有任何结果，准备去投诉平台。']

    def thread(self):
        replies = ''.join(REPLY.format(n=i + 1, at=written(60 - 5 * i), text=t) for i, t in enumerate(self.texts))
        return ('<html><head><title>刹车失灵 - 车主论坛</title></head><body><div id="nav"><a href="/">首页</a></div><h1>刹车失灵</h1>' +
                '<div id="posts">' + replies + '</div><div id="footer">© 车主论坛</div></body></html>')


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = (ARTICLE if self.path.startswith('/news') else self.server.thread()).encode()
        self.send_response(200)
        self.send_header('Content-Type', 'text/html; charset=utf-8')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def run(f):
    site = Site()
    threading.Thread(target=site.serve_forever, daemon=True).start()
    url = 'http://127.0.0.1:%d' % site.server_address[1]
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


if __name__ == '__main__':
    with flow.Flow('page') as flow_:
        run(flow_)
    sys.exit(flow_.exit_code())
