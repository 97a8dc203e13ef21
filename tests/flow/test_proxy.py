#!/usr/bin/env python3
"""Sources by way of a proxy, http and socks5: robots.txt and pages go through it, to the address that was looked up and checked here; forbidden targets
never reach it, its own address needs leave, its password is nowhere. Run alone: python3 tests/flow/test_proxy.py"""
import base64
import os
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import flow  # noqa: E402
import smallweb  # noqa: E402
import system  # noqa: E402

PASSWORD = 'p-4471c0de'


class Site(smallweb.Site):
    def answer(self, request):
        return (302, {'Location': 'http://%s/' % request.path[4:]}, '') if request.path.startswith('/to/') else super().answer(request)


class Proxy:
    """HTTP CONNECT, or SOCKS5 without a password; goes out from its own address, so that the target can tell."""

    def __init__(self, host, is_socks=False, password=''):
        self.host, self.password, self.asked, self.heads = host, password, [], []
        self.port = smallweb.listen(host, self.socks if is_socks else self.tunnel)

    def tunnel(self, connection):
        text = smallweb.read_head(connection)
        if not text:
            return
        self.heads.append(text)
        method, target, _ = text.split('\r\n')[0].split(' ')
        self.asked.append('%s %s' % (method, target))
        wanted = base64.b64encode(b'earshot:' + self.password.encode()).decode()
        if self.password and 'Proxy-Authorization: Basic ' + wanted not in text:
            connection.sendall(b'HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n')
            return
        host, port = target.rsplit(':', 1)
        self.join(connection, host.strip('[]'), int(port), b'HTTP/1.1 200 Connected\r\nX-Proxy: yes\r\n\r\n')

    def socks(self, connection):
        connection.recv(2 + 255)
        connection.sendall(b'\x05\x00')
        head = connection.recv(4)
        host = socket.inet_ntoa(connection.recv(4)) if head[3] == 1 else connection.recv(connection.recv(1)[0]).decode()
        port = struct.unpack('>H', connection.recv(2))[0]
        self.asked.append('%s %s:%d' % ('address' if head[3] == 1 else 'name', host, port))
        self.join(connection, host, port, b'\x05\x00\x00\x01' + bytes(6))

    def join(self, connection, host, port, hello):
        with socket.create_connection((host, port), 5, (self.host, 0)) as other:
            connection.sendall(hello)
            back = threading.Thread(target=pump, args=(other, connection), daemon=True)
            back.start()
            pump(connection, other)
            back.join(5)


def pump(one, other):
    try:
        for piece in iter(lambda: one.recv(65536), b''):
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def peers(site):
    """Addresses that it was asked from."""
    return {r.connection.peer for r in site.requests()}


def section(name, url, proxy, allow='127.0.6.0/24', more='', leave='proxy_allow_cidr = 127.0.5.0/24\n'):
    return '[source %s]\nurl = %s\nevery = 1h\ndelay = 0\nallow_cidr = %s\nproxy = %s\n%s%s' % (name, url, allow, proxy, leave, more)


def wrong_options(f):
    """What `earshot check` says of proxies that are none."""
    rows = (('proxy = ftp://127.0.0.1:1', 'a proxy is http://host:port'), ('proxy = http://u:secret@h.example:8080', 'proxy_user = NAME'),
            ('proxy = http://h.example', 'ends with its port'), ('proxy_user = x', 'write proxy = ADDRESS'),
            ('proxy = http://h.example:8080\nproxy_user = x', 'belong together'), ('proxy = http://h.example:8080/x', 'ends with its port'),
            ('proxy = http://h.example:8080\nproxy_allow_cidr = inside', 'proxy_allow_cidr: '))
    for i, (line, word) in enumerate(rows):
        config = f.write('wrong-%d.conf' % i, '[earshot]\nfeeds = wrong-%d\ndata = d\n' % i)
        f.write('wrong-%d/a.conf' % i, '[source a]\nurl = https://a.example/\n%s\n' % line)
        code, out, errors = f.earshot('check', '--config', config)
        f.check('%s is refused' % line.replace('\n', ', '), code == 78 and word in out + errors and 'secret' not in out + errors, (out + errors)[-300:])


def main():
    with flow.Flow('proxy') as f:
        wrong_options(f)
        site = Site('127.0.6.1')
        web, socks, shut = Proxy('127.0.5.1', password=PASSWORD), Proxy('127.0.5.2', is_socks=True), Proxy('127.0.5.3')
        named = Proxy('127.0.5.4')
        f.write('password', PASSWORD + '\n')
        login = 'proxy_user = earshot\nproxy_password_file = %s\nheader = X-Key: of-the-source\n' % f.path('password')
        base = 'http://127.0.6.1:%d' % site.port
        feeds = section('by-web', base + '/web.xml', 'http://127.0.5.1:%d' % web.port, more=login)
        feeds += section('by-socks', base + '/socks.xml', 'socks5://127.0.5.2:%d' % socks.port)
        feeds += section('by-name', 'http://localhost:%d/name.xml' % site.port, 'socks5://127.0.5.2:%d' % socks.port)
        near = Site('127.0.0.1')
        feeds += section('by-good-name', 'http://localhost:%d/name.xml' % near.port, 'http://127.0.5.4:%d' % named.port, allow='127.0.0.1/32')
        feeds += section('led', base + '/to/169.254.169.254', 'http://127.0.5.3:%d' % shut.port)
        feeds += section('no-leave', base + '/x.xml', 'http://127.0.5.3:%d' % shut.port, leave='')
        feeds += section('no-login', base + '/x.xml', 'http://127.0.5.1:%d' % web.port)
        s = system.System(f, feeds)
        s.start()

        def error(name):
            return f.wait(lambda: s.source(name).get('error'), 30) or ''

        f.check('a source is read through an http proxy', f.wait(lambda: s.source('by-web').get('posts') == '1', 30), str(s.source('by-web')))
        f.check('and through a socks5 proxy', f.wait(lambda: s.source('by-socks').get('posts') == '1', 30), str(s.source('by-socks')))
        f.check('the http proxy was asked for tunnels to the address alone', set(web.asked) == {'CONNECT 127.0.6.1:%d' % site.port}, str(web.asked))
        f.check('a name is told to the proxy as the address that passed', f.wait(lambda: s.source('by-good-name').get('posts') == '1', 30) and
                set(named.asked) == {'CONNECT 127.0.0.1:%d' % near.port}, '%s %s' % (s.source('by-good-name'), named.asked))
        f.check('a name that leads to a forbidden address is refused before the proxy hears of it', 'localhost' in error('by-name') and
                'loopback' in error('by-name') and set(socks.asked) == {'address 127.0.6.1:%d' % site.port}, '%s %s' % (error('by-name'), socks.asked))
        f.check('so is a redirect', 'cloud metadata' in error('led') and not [a for a in shut.asked if '169.254' in a], '%s %s' % (error('led'), shut.asked))
        f.check('a proxy inside needs leave', 'proxy_allow_cidr = 127.0.0.0/8' in error('no-leave'), error('no-leave'))
        f.check('a proxy that wants a password says so', '407' in error('no-login') or 'proxy' in error('no-login'), error('no-login'))
        f.check('robots.txt and pages went through the proxies, nothing went straight', peers(site) <= {'127.0.5.1', '127.0.5.2', '127.0.5.3'} and
                '/robots.txt' in site.paths(), '%s %s' % (peers(site), site.paths()))
        f.check('header lines of the source are not for the proxy, and the login is not for the site',
                not [h for h in web.heads if 'X-Key' in h] and [r for r in site.requests() if r.path == '/web.xml' and r.header('X-Key')] and
                not [r for r in site.requests() if r.header('Proxy-Authorization')])
        code, out, errors = s.run('source', 'try', 'by-web')
        f.check('source try goes the same way', code == 0, out[-300:] + errors)
        listed = s.run('source', 'list', '--json')[1] + s.run('source', 'explain', 'by-web')[1] + out + errors
        f.check('the password is in no log, list or answer', PASSWORD not in s.log() and PASSWORD not in listed)
        s.stop()
    return f.exit_code()


if __name__ == '__main__':
    sys.exit(main())
