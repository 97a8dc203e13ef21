#!/usr/bin/env python3
"""A source of kind "imap", against a real mail server (dovecot) on loopback: mails are counted once each, the mailbox is never changed, a killed
crawler loses nothing, a mailbox that was made anew is read anew. Run alone: python3 tests/flow/test_mailbox.py"""
import email.message
import email.utils
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import mailserver  # noqa: E402
import system  # noqa: E402

FOLDER = '投诉'
CODED = '&YpWLyQ-'


def mail(n, text, charset='utf-8', age_s=600, date=None):
    m = email.message.Message()
    m['From'] = '王先生 <wang%d@example.com>' % n if charset == 'utf-8' else 'Jo <jo%d@example.com>' % n
    m['Subject'] = 'No. %d' % n
    m['Message-ID'] = '<m%d@mail.test>' % n
    m['Date'] = date or email.utils.formatdate(time.time() - age_s)
    m['Content-Type'] = 'text/plain; charset=' + charset
    m['Content-Transfer-Encoding'] = '8bit'
    head = ''.join('%s: %s\r\n' % h for h in m.items()).encode('utf-8')
    return head + b'\r\n' + text.encode(charset).replace(b'\n', b'\r\n')


class Test:
    def __init__(self, f, box):
        self.f, self.box = f, box
        self.secret = f.write('mail.secret', box.PASSWORD + '\n')
        more = 'kind = imap\nuser = %s\npassword_file = %s\nfolder = %s\nca_file = %s' % (box.USER, self.secret, FOLDER, box.ca)
        self.feeds = system.source('support', 'imaps://127.0.0.1:%d' % box.port, family='complaint', more=more)
        self.s = system.System(f, feeds=self.feeds)
        link = box.login()
        link.create(CODED)
        link.logout()

    def posts(self):
        """By title; the ids look like addresses and are masked."""
        rows = self.s.pairs('HGETALL', 'es:{b:yunque}:mentions').values()
        return {p['title']: p for p in (json.loads(r)['post'] for r in rows)}

    def counts(self, n, patience=20):
        return self.f.wait(lambda: self.s.total('yunque') == n, patience)

    def error(self):
        state = self.s.source('support')
        return state.get('error', '') if int(state.get('failures', 0)) > 0 else ''

    def reads(self):
        f, s, box = self.f, self.s, self.box
        box.append(CODED, mail(1, '云雀电动车起火，请打13800138000。\n\n> 旧邮件\n'))
        box.append(CODED, mail(2, '云雀的客服没有人接电话。', charset='gb18030'))
        box.append(CODED, mail(3, 'Skylark EV: my dealer refuses a refund.\r\n-- \r\nJo'))
        box.append(CODED, mail(4, 'Skylark EV, but nobody can read this date.', date='someday'))
        box.append(CODED, mail(5, 'This one is about the weather.'))
        box.append(CODED, b'\r\n')
        code, out, err = s.run('fetch', 'support')
        f.check('earshot fetch shows the mails', code == 0 and out.count('\n') >= 5 and 'mailbox' in err and box.PASSWORD not in out + err, '%d %s%s' % (code, out, err))
        s.start()
        f.check('mails about the brand are counted', self.counts(4), '%s %s' % (s.source('support'), self.posts()))
        post = self.posts().get('No. 1', {})
        f.check('masked, under a pseudonym, without what was quoted', '13800138000' not in str(post) and '旧邮件' not in post.get('text', '') and
                post.get('author', '').startswith('a:'), post)
        f.check('in other encodings, too', self.posts().get('No. 2', {}).get('text') == '云雀的客服没有人接电话。', self.posts())
        late = self.posts().get('No. 4', {})
        f.check('a date that nobody can read is that of the server', abs(late.get('posted_ms', 0) / 1000 - time.time()) < 120, late)
        f.check('no message was marked as read', not any('Seen' in row for row in box.flags(CODED)), box.flags(CODED))

    def goes_on(self):
        f, s, box = self.f, self.s, self.box
        box.append(CODED, mail(6, '云雀又坏了。'))
        f.check('a new mail is found', self.counts(5), s.source('support'))
        f.check('and with nothing new nothing is read', f.wait(lambda: s.source('support').get('status') == '304', 10), s.source('support'))
        os.kill(s.pids()['crawler'], signal.SIGSTOP)
        pid = s.pids()['crawler']
        for n in range(7, 17):
            box.append(CODED, mail(n, '云雀第%d次投诉。' % n))
        os.kill(pid, signal.SIGCONT)
        f.wait(lambda: s.total('yunque') > 5, 5, step=0.001)
        os.kill(pid, signal.SIGKILL)
        f.check('a killed crawler loses no mail and counts none twice', self.counts(15), s.total('yunque'))
        big = '云雀。' + 'x' * 76 + '\n'
        box.append(CODED, mail(20, big * 40000))
        box.append(CODED, mail(21, '云雀：大邮件后面的一封。'))
        f.check('a mail beyond the cap is read as far as it goes, and the next one whole', self.counts(17) and
                self.posts().get('No. 21', {}).get('text') == '云雀：大邮件后面的一封。', s.total('yunque'))
        for n in range(100, 230):
            box.append(CODED, mail(n, '云雀，第%d封。' % n))
        f.check('more than one look takes are read by several', self.counts(147, 40), s.total('yunque'))

    def made_anew(self):
        f, s, box = self.f, self.s, self.box
        link = box.login()
        link.delete(CODED)
        link.create(CODED)
        link.logout()
        box.append(CODED, mail(1, '云雀电动车起火，请打13800138000。\n\n> 旧邮件\n'))
        box.append(CODED, mail(300, '云雀：换了邮箱。'))
        f.check('a mailbox that was made anew is read anew, and known mails count once', self.counts(148), s.total('yunque'))
        time.sleep(1.5)
        f.check('and stay so', s.total('yunque') == 148, s.total('yunque'))

    def trouble(self, sentence, feeds, words, secret=None):
        """Told while it lasts, and over when it is over."""
        f, s = self.f, self.s
        f.write('mail.secret', (secret or self.box.PASSWORD) + '\n')
        f.write('feeds/test.conf', feeds)
        os.kill(s.pids()['crawler'], signal.SIGHUP)
        f.check(sentence, f.wait(lambda: words in self.error(), 15), self.error())
        f.write('mail.secret', self.box.PASSWORD + '\n')
        f.write('feeds/test.conf', self.feeds)
        os.kill(s.pids()['crawler'], signal.SIGHUP)
        f.check('until it is over', f.wait(lambda: self.error() == '', 30), self.error())

    def troubled(self):
        f, s, box = self.f, self.s, self.box
        self.trouble('a wrong password is told', self.feeds, 'refuses user and password', secret='not the password')
        self.trouble('a certificate that nobody vouches for is refused', self.feeds.replace('ca_file', '# '), 'certificate is not valid')
        self.trouble('a folder that is not there is told', self.feeds.replace('folder = ' + FOLDER, 'folder = nowhere'), 'does not open this folder')
        f.check('the password stands in no log', box.PASSWORD not in s.log() and 'not the password' not in s.log())
        f.write('feeds/bad.conf', system.source('plain', 'imap://mail.example', more='kind = imap\nuser = x\npassword_file = ' + self.secret)
                .replace('allow_cidr = 127.0.0.0/8\n', ''))
        code, out, err = s.run('check')
        f.check('earshot check refuses a password in the clear', code == 78 and 'write imaps://' in err + out, '%d %s%s' % (code, out, err))

    def run(self):
        self.reads()
        self.goes_on()
        self.made_anew()
        self.troubled()
        self.s.stop()


if __name__ == '__main__':
    with flow.Flow('mailbox') as flow_:
        with mailserver.MailServer(flow_) as box_:
            if box_.why:
                print('skip - mailbox: ' + box_.why)
            else:
                Test(flow_, box_).run()
    sys.exit(0 if box_.why else flow_.exit_code())
