"""Made-up posts full of personal data, and posts that only look like it, in both languages: seeded, nobody's data, checksums true
where the kind has them. Each is (text, [(from, to, kind)], group): places in characters; no spans for a near miss.

The sentences are those of people who complain; they were written without a look at the masker's lists."""
import random

GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚桂英华慧建国文博雨欣子轩浩宇梓涵思琪嘉怡晨曦'
FAMILY = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷黎史龙陶贺毛郝顾龚邵万'
FIRST = 'Alice Daniel Priya Tomasz Grace Omar Hannah Luis Yuki Fatima Connor Ingrid Wei Noah Chloe Mateo Zoë José'.split()
LAST = "Miller O'Brien Nguyen Kowalski Patel Schmidt Garcia Lindqvist Okafor Zhang Thompson Rossi Dubois Haddad Smith-Jones".split()
CITIES = ['北京市海淀区', '上海市浦东新区', '广东省广州市天河区', '浙江省宁波市鄞州区', '成都市武侯区', '', '苏州市', '湖北省武汉市洪山区']
ROADS = ['学院路', '建设北路', '解放大道', '和平街', '延安西路', '梧桐巷', '滨江大道', '文三路', '青年路']
ESTATES = ['翠湖花园', '万科城市花园', '东方公寓', '锦绣家园', '绿地小区', '春江豪庭']
STREETS = ['Maple Street', 'Oak Ave', 'Washington Blvd', 'N Lincoln Road', '5th Avenue', 'Cherry Hill Lane', 'St. James Court', 'Sunset Drive']
PROVINCES = '京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新'
PLATE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'


def digits(r, n):
    return ''.join(r.choice('0123456789') for _ in range(n))


def wide(s):
    return ''.join(chr(ord(c) + 0xFEE0) if '!' <= c <= '~' else c for c in s)


def luhn(body):
    total = sum(sum(divmod(int(c) * 2, 10)) if i % 2 == 0 else int(c) for i, c in enumerate(reversed(body)))
    return str(-total % 10)


def mod11(body):
    return '10X98765432'[sum(int(c) * (2 ** (17 - i) % 11) for i, c in enumerate(body)) % 11]


def groups(s, *lengths, by=' '):
    out = []
    for n in lengths:
        out.append(s[:n])
        s = s[n:]
    return by.join(out + ([s] if s else []))


def mobile(r):
    d = '1' + r.choice('3456789') + digits(r, 9)
    return r.choice([d, d, groups(d, 3, 4, 4), groups(d, 3, 4, 4, by='-'), '+86 ' + d, '+86' + d, wide(d), ' '.join(d)])


def id_body(r):
    return r.choice(['110108', '310115', '440106', '510107', '330212']) + '%d%02d%02d' % (r.randint(1950, 2010), r.randint(1, 12), r.randint(1, 28)) + digits(r, 3)


def id_card(r):
    b = id_body(r)
    d = b + mod11(b)
    return r.choice([d, d, groups(d, 6, 8, 4), wide(d)])


def card(r):
    b = r.choice(['6222', '6217', '6228', '4532', '5412', '4916']) + digits(r, 11)
    if b[0] == '6' and r.random() < .6:
        b += digits(r, 3)
    d = b + luhn(b)
    return r.choice([d, d, groups(d, 4, 4, 4, 4), groups(d, 4, 4, 4, 4, by='-'), wide(d)])


def landline(r):
    area, n = r.choice([('010', 8), ('021', 8), ('0755', 8), ('0571', 8), ('0431', 8), ('0554', 7), ('028', 8)])
    d = r.choice('2345678') + digits(r, n - 1)
    return r.choice(['%s-%s', '%s %s', '(%s)%s', '（%s）%s']) % (area, d)


def plate(r):
    head = r.choice(PROVINCES) + r.choice('ABCDEFGH')
    tail = digits(r, 3) + r.choice(PLATE_LETTERS) + digits(r, 1)
    green = r.choice('DF') + digits(r, 5)
    return head + r.choice(['', '·', ' ']) + r.choice([digits(r, 5), tail, green])


def us_phone(r):
    area, mid, end = r.choice(['212', '415', '617', '303', '512', '206']), r.choice('23456789') + r.choice('023456789') + r.choice('023456789'), digits(r, 4)
    return r.choice(['(%s) %s-%s', '%s-%s-%s', '%s.%s.%s', '+1 %s %s %s', '+1-%s-%s-%s', '1 (%s) %s-%s']) % (area, mid, end)


def ssn(r):
    return '%03d-%02d-%04d' % (r.randint(1, 665), r.randint(1, 99), r.randint(1, 9999))


def email(r):
    host = r.choice(['mail.example.com', 'example.org', 'example.net', 'post.example.cn'])
    user = r.choice(['lily', 'dk_moreno', 'sun.wu', 'a']) + digits(r, r.randint(1, 4))
    return user + r.choice(['@', '@', '＠']) + host


def ipv4(r):
    return '.'.join(str(n) for n in (r.choice([58, 113, 203, 198, 91]), r.randint(0, 255), r.randint(0, 255), r.randint(1, 254)))


def ipv6(r):
    return '2001:db8:' + ':'.join('%x' % r.randint(1, 65535) for _ in range(6))


def name_zh(r):
    return r.choice(FAMILY) + ''.join(r.choice(GIVEN) for _ in range(r.choice([1, 2, 2])))


def name_en(r):
    return r.choice(FIRST) + ' ' + r.choice(LAST)


def address_zh(r):
    road = r.choice(CITIES) + r.choice(ROADS) + '%d号' % r.randint(1, 999)
    flat = r.choice(ESTATES) + '%d%s%d单元%d%02d室' % (r.randint(1, 30), r.choice(['栋', '幢', '号楼']), r.randint(1, 4), r.randint(1, 20), r.randint(1, 4))
    return r.choice([road, road + flat, r.choice(CITIES) + flat])


def address_en(r):
    return '%d %s' % (r.randint(10, 9999), r.choice(STREETS)) + r.choice(['', ', Apt %d' % r.randint(1, 40), ', Denver, CO 80%s' % digits(r, 3)])


def wechat(r):
    return r.choice(['wxid_' + digits(r, 6), 'xiaoyu' + digits(r, 4), 'Blue-Sky_' + digits(r, 2), 'ting' + digits(r, 5)])


def qq(r):
    d = r.choice('123456789') + digits(r, r.randint(6, 9))
    return r.choice([d, d, wide(d)])


def passport(r):
    return r.choice(['E' + digits(r, 8), 'G' + digits(r, 8), 'E' + r.choice('ABCDEF') + digits(r, 7)])


# kind: (group, maker, sentences with {} where the value stands)
KINDS = {
    'CN_MOBILE': ('checksum', mobile, ['客服让我留{}，结果三天没人打。', '{} 麻烦尽快回我', '退款的事请拨{}谈', 'Reach my Chinese number {} anytime', 'text {} please, still waiting']),
    'CN_ID': ('checksum', id_card, ['他们把我的{}贴在群里！', '实名用的证件{}被拒', 'They printed my Chinese ID {} on the box', '办卡时填了{}，一直审核']),
    'BANK_CARD': ('checksum', card, ['钱退到{}了吗', '尾款从{}扣了两次', 'You charged {} twice!', 'refund to {} never came', '卡 {} 被冻结']),
    'EMAIL': ('checksum', email, ['发票请发{}，谢谢', '我写信到{}没人理', 'write to {} please', 'I used {} to sign up.']),
    'CN_LANDLINE': ('checksum', landline, ['家里座机{}一直被骚扰', '单位电话 {} 打不进', 'my Beijing office line is {} thanks']),
    'CN_PLATE': ('checksum', plate, ['司机开着{}闯红灯', '那辆{}占了我的车位', 'The van {} blocked my gate', '投诉{}，态度恶劣']),
    'US_PHONE': ('checksum', us_phone, ['My cell is {} and nobody rings', 'ring {} after six', '我在美国的电话是{}', 'Text me: {}.']),
    'US_SSN': ('checksum', ssn, ['they leaked {} to strangers', 'My SSN {} is on the form', '我的社安号{}泄露了']),
    'IPV4': ('checksum', ipv4, ['someone from {} logged in', '异地登录显示{}，不是我', 'blocked {} again?']),
    'IPV6': ('checksum', ipv6, ['login from {} was not me', '后台记录{}登录过']),
    'QQ': ('cue', qq, ['有事加QQ {}', '我的QQ号是{}，来聊', 'QQ：{} 群里都是受害者', 'my qq is {} if you need proof']),
    'WECHAT': ('cue', wechat, ['加微信{}细说', '微信号：{}', 'vx: {} 有证据', 'add me on WeChat: {} please', 'my wechat id is {}']),
    'CN_PASSPORT': ('cue', passport, ['护照{}被酒店复印', '我的护照号码：{}，', 'passport number {} was leaked', 'Passport: {}']),
    'NAME zh': ('name', name_zh, ['联系人：{}，电话打不通', '我叫{}，是老顾客', '收货人{}没收到货', '姓名 {} 订了两晚', '收件人是{}，写错了']),
    'NAME en': ('name', name_en, ['Hi, my name is {} and I want a refund', 'Contact: {}', 'Recipient: {}, not my neighbour', 'name: {}', 'please contact {} about this']),
    'ADDRESS zh': ('address', address_zh, ['我住在{}，一周没水', '货送到{}门口就跑了', '地址：{}', '快递应寄往{}，却丢了']),
    'ADDRESS en': ('address', address_en, ['I live at {} and the noise is awful', 'the parcel went to {} instead', 'Address: {}', 'pick it up from {} today']),
}


def wrong(make, check, r):
    """A number as `make` makes it, of plain digits, whose check digit is one off."""
    while True:
        value = make(r)
        if value.isascii() and value.isdigit():
            return value[:-1] + str((int(value[-1]) + 1) % 10)


def near_miss(r):
    return r.choice([
        lambda: '订单号%s一直没发货' % wrong(id_card, mod11, r),
        lambda: '流水%s查不到' % wrong(card, luhn, r),
        lambda: 'reference %s is wrong' % wrong(card, luhn, r),
        lambda: '运单SF%s三天不动' % digits(r, 13),
        lambda: 'tracking 1Z%s stuck' % digits(r, 16),
        lambda: 'order no. %s-%s-%s is late' % (digits(r, 3), digits(r, 3), digits(r, 4)),
        lambda: '打%s和12345都没用' % r.choice(['12315', '400-%s-%s' % (digits(r, 3), digits(r, 4)), '95588', '800-820-%s' % digits(r, 4)]),
        lambda: 'call 1-800-%s-%s they say' % (digits(r, 3), digits(r, 4)),
        lambda: '花了%d元，退%d.%02d' % (r.randint(100, 99999), r.randint(1, 999), r.randint(0, 99)),
        lambda: 'I paid $%d,%s for nothing' % (r.randint(1, 99), digits(r, 3)),
        lambda: '%d-%02d-%02d %02d:%02d:%02d 崩溃' % (r.randint(2019, 2026), r.randint(1, 12), r.randint(1, 28), r.randint(0, 23), r.randint(0, 59), r.randint(0, 59)),
        lambda: 'version %d.%d.%d.%d broke it' % tuple(r.randint(0, 99) for _ in range(4)),
        lambda: '升级到v%d.%d.%d就闪退' % tuple(r.randint(0, 30) for _ in range(3)),
        lambda: '案号（%d）京%s民初%d号' % (r.randint(2015, 2026), digits(r, 4), r.randint(1, 9999)),
        lambda: '地铁%d号线又停了' % r.randint(1, 20),
        lambda: '%d号楼电梯坏%d天' % (r.randint(1, 20), r.randint(1, 20)),
        lambda: 'waited %d minutes on the road' % r.randint(5, 90),
        lambda: 'room %d, floor %d, no hot water' % (r.randint(100, 999), r.randint(1, 30)),
        lambda: '微信支付%d元失败' % r.randint(10000, 99999),
        lambda: 'contact customer service %d times' % r.randint(2, 20),
        lambda: '联系人方式在哪里改，找了%d遍' % r.randint(2, 9),
        lambda: 'part number A%s does not fit' % digits(r, 11),
        lambda: '播放量%s次' % ('1' + digits(r, 9)),
        lambda: '型号%s%s质量差' % (r.choice('XKM'), digits(r, 8)),
    ])()


def made(seed, each=100):
    """`each` posts of every kind, and as many near misses as all of them together would need to tell: ten times `each`."""
    r = random.Random(seed)
    posts = []
    for kind, (group, make, sentences) in KINDS.items():
        for _ in range(each):
            value, (before, after) = make(r), r.choice(sentences).split('{}')
            posts.append((before + value + after, [(len(before), len(before) + len(value), kind.split()[0])], group))
    posts += [(near_miss(r), [], 'near miss') for _ in range(10 * each)]
    r.shuffle(posts)
    return posts
