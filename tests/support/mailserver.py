"""A dovecot of the test's own: unprivileged, on loopback, with a certificate of its own. Standard library only.

    with mailserver.MailServer(f) as mail:      # mail.why: why there is none, "" when it runs
        mail.append('INBOX', message_bytes)
"""
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import time

import system

CONFIG = '''
protocols = imap
listen = 127.0.0.1
base_dir = {dir}/run
log_path = {dir}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
ssl = required
ssl_cert = <{dir}/cert.pem
ssl_key = <{dir}/key.pem
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={dir}/mail/%u
}}
mail_location = maildir:{dir}/mail/%u
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
'''


class MailServer:
    USER, PASSWORD = 'support', 'secret-of-the-mailbox-密'

    def __init__(self, f, port=None):
        self.f, self.child, self.why = f, None, ''
        self.port = port or system.free_port()
        self.dir = tempfile.mkdtemp(prefix='earshot-mail-')
        self.ca = os.path.join(self.dir, 'cert.pem')
        binary = shutil.which('dovecot', path=os.environ.get('PATH', '') + ':/usr/sbin')
        if binary is None or not os.path.exists('/usr/lib/dovecot/imap'):
            self.why = 'dovecot-imapd is not installed (make deps)'
            return
        self.binary = binary
        self.account = pwd.getpwnam('nobody') if os.geteuid() == 0 else pwd.getpwnam(getpass.getuser())
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
                        '/CN=mail.test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', os.path.join(self.dir, 'key.pem'), '-out', self.ca],
                       check=True, capture_output=True)
        with open(os.path.join(self.dir, 'dovecot.conf'), 'w', encoding='utf-8') as out:
            out.write(CONFIG.format(dir=self.dir, user=self.account.pw_name, group=grp.getgrgid(self.account.pw_gid).gr_name, port=self.port,
                                    password=self.PASSWORD))
        os.mkdir(os.path.join(self.dir, 'mail'))
        for folder, _, files in os.walk(self.dir):
            for name in [folder] + [os.path.join(folder, n) for n in files]:
                os.chown(name, self.account.pw_uid, self.account.pw_gid)

    def __enter__(self):
        if not self.why:
            self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self):
        as_account = {'user': self.account.pw_uid, 'group': self.account.pw_gid, 'extra_groups': []} if os.geteuid() == 0 else {}
        self.child = subprocess.Popen([self.binary, '-F', '-c', os.path.join(self.dir, 'dovecot.conf')], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd='/', **as_account)
        if not self.f.wait(self.answers, 10):
            self.stop()
            self.why = 'dovecot does not start here: ' + self.log()[-300:]

    def stop(self):
        if self.child is not None and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        self.child = None

    def log(self):
        try:
            with open(os.path.join(self.dir, 'dovecot.log'), encoding='utf-8', errors='replace') as f:
                return f.read()
        except OSError:
            return ''

    def answers(self):
        try:
            self.login().logout()
            return True
        except (OSError, imaplib.IMAP4.error):
            return False

    def login(self):
        link = imaplib.IMAP4_SSL('127.0.0.1', self.port, ssl_context=ssl.create_default_context(cafile=self.ca), timeout=10)
        link.authenticate('PLAIN', lambda _: ('\0%s\0%s' % (self.USER, self.PASSWORD)).encode())
        return link

    def append(self, folder, message, at=None):
        link = self.login()
        link.append(folder, None, imaplib.Time2Internaldate(at or time.time()), message)
        link.logout()

    def flags(self, folder):
        """Of all messages, without changing them."""
        link = self.login()
        link.select(folder, readonly=True)
        _, rows = link.fetch('1:*', '(FLAGS)')
        link.logout()
        return [r.decode() for r in rows if r]
