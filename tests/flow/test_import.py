#!/usr/bin/env python3
"""Files of posts reach their brands by the road of crawled ones, once, in both languages. Run alone: python3 tests/flow/test_import.py"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import system  # noqa: E402


class Test:
    def __init__(self, f):
        self.f = f
        self.s = system.System(f)

    def file(self, name, data):
        with open(self.f.path(name), 'wb') as out:
            out.write(data)
        return self.f.path(name)

    def posts(self, brand):
        code, out, _ = self.s.run('posts', brand, '--json', '--since', '7d', '--limit', '2000')
        return {p['native_id']: p for p in (json.loads(line)['record']['post'] for line in out.splitlines())} if code == 0 else {}

    def arrive(self, brand, ids):
        return self.f.wait(lambda: set(self.posts(brand)) >= set(ids), 15)

    def chinese(self):
        f = self.f
        when = time.strftime('%Y/%m/%d %H:%M', time.gmtime(time.time() + 8 * 3600 - 900))
        rows = '"编号","标题","正文","发布时间","作者","来源","点赞数","星级"\r\n'
        rows += '"z1","退款","云雀电动车要退款，\r\n请打13800138000，客服说""不行""","%s","小明","微博","1.2万","二星"\r\n' % when
        rows += '"z2","","云雀好看","%s","小红","论坛","3",""\r\n"z3","","与谁都无关","%s","","论坛","",""\r\n' % (when, when)
        rows += '"z4","","云雀的日期坏了","不知道","","","",""\r\n'
        path = self.file('导出.csv', rows.encode('gb18030'))
        code, _, said = self.s.run('import', path, '--utc-offset', '480')
        f.check('a GBK table of Excel is read', code == 0 and '4 read, 1 refused, 3 taken, 2 about a brand' in said, said)
        f.check('the row that cannot be read is told with its line', '导出.csv:6: the date "不知道"' in said, said)
        f.check('its posts reach the brand', self.arrive('yunque', ['z1', 'z2']), list(self.posts('yunque')))
        post = self.posts('yunque').get('z1', {})
        f.check('masked, with likes, stars, family and time', '13800138000' not in json.dumps(post) and post.get('likes') == 12000 and post.get('stars') == 2 and
                post.get('family') == 'social' and abs(post.get('posted_ms', 0) / 1000 - time.time() + 900) < 130, post)
        code, out, _ = self.s.run('search', '无关', '--json')
        f.check('the archive has what is about no brand', self.f.wait(lambda: 'z3' in self.s.run('search', '无关', '--json')[1], 10), out)

    def english(self):
        f = self.f
        rows = 'sep=;\r\nReview ID;Content;Date;Rating;User\r\n'
        rows += 'e1;"Harbour Coffee: no; refund";%s;2/5;Jo\r\n' % time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - 900))
        code, _, said = self.s.run('import', self.file('reviews.csv', b'\xff\xfe' + rows.encode('utf-16le')))
        f.check('a UTF-16 table with semicolons is read', code == 0 and '1 about a brand' in said, said)
        mail = 'From a@b Mon\nFrom: Jo <jo@x.example>\nSubject: Harbour Coffee\nDate: %s\nMessage-ID: <m1@x>\n\nThe cup leaks.\n> old\n' % time.strftime(
            '%a, %d %b %Y %H:%M:%S +0000', time.gmtime(time.time() - 900))
        code, _, said = self.s.run('import', self.file('box.mbox', mail.encode()), '--source', 'support', '--family', 'complaint')
        f.check('a mailbox is read', code == 0 and '1 about a brand' in said, said)
        line = json.dumps({'ticket': {'no': 'j1', 'body': '<p>The cup leaks</p>'}, 'created_at': int(time.time()) - 900})
        path = self.file('t.jsonl', (line + '\n').encode())
        code, _, said = self.s.run('import', path, '--map', 'id=/ticket/no,text=/ticket/body', '--brand', 'harbour')
        f.check('JSON lines are read by pointers', code == 0 and '1 about a brand' in said, said)
        f.check('all of them are there', self.arrive('harbour', ['e1', 'm1@x', 'j1']), list(self.posts('harbour')))

    def once(self):
        f = self.f
        before = len(self.posts('yunque'))
        code, _, said = self.s.run('import', self.f.path('导出.csv'), '--utc-offset', '480')
        time.sleep(2)
        f.check('a file that is imported again counts nothing twice', code == 0 and len(self.posts('yunque')) == before == 2, (said, before))
        code, out, said = self.s.run('verify', '--brand', 'yunque')
        f.check('the counters agree with the records', code == 0, out + said)

    def wrong(self):
        f = self.f
        code, _, said = self.s.run('import', self.file('book.csv', b'PK\x03\x04rest'))
        f.check('a workbook is told from a table', code == 1 and 'CSV UTF-8' in said, said)
        code, _, said = self.s.run('import', self.file('x.csv', b'a,b\n1,2\n'))
        f.check('without a text column the columns are named', code == 1 and '--map text=' in said and 'a, b' in said, said)
        code, _, said = self.s.run('import', f.path('x.csv'), '--map', 'txt=a')
        f.check('a wrong part is told with the nearest', code == 2 and 'did you mean "text"' in said, said)
        code, _, said = self.s.run('import', f.path('none.csv'))
        f.check('a missing file is told', code == 1 and 'none.csv' in said, said)
        code, out, _ = self.s.run('import', self.file('y.csv', 'text\n云雀\n'.encode()), '--dry-run')
        f.check('a dry run prints and stores nothing', code == 0 and json.loads(out)['text'] == '云雀' and len(self.posts('yunque')) == 2, out)

    def run(self):
        self.s.start()
        self.chinese()
        self.english()
        self.once()
        self.wrong()
        self.s.stop()


with flow.Flow('import') as flow_:
    Test(flow_).run()
sys.exit(flow_.exit_code())
