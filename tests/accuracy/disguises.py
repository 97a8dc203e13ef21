#!/usr/bin/env python3
"""Writes tests/accuracy/disguises.tsv: keywords in the disguises that people give them, by hand-made lists and fixed turns, so
that two runs write the same file. Nothing here looks at the product's own tables.

  tests/accuracy/disguises.py > tests/accuracy/disguises.tsv"""

# keyword: pinyin by character; homophones; splits; Traditional form (empty: the same); with a Kangxi radical (empty: none)
CHINESE = {
    '造假': ('zao jia', '造甲 早假', '造亻叚 造人叚', '', ''),
    '漏水': ('lou shui', '陋水 漏睡', '水屚水 氵屚水', '', '漏⽔'),
    '发霉': ('fa mei', '发煤 法霉', '发雨每', '發霉', ''),
    '过期': ('guo qi', '过欺 郭期', '过其月 寸辶期', '過期', ''),
    '侵权': ('qin quan', '侵拳 钦权', '侵木又', '侵權', ''),
    '抄袭': ('chao xi', '抄席 钞袭', '扌少袭 手少袭 抄龙衣', '抄襲', ''),
    '裁员': ('cai yuan', '材员 裁圆', '裁口贝', '裁員', ''),
    '欠薪': ('qian xin', '欠辛 歉薪', '欠艹新', '', '⽋薪'),
    '倒闭': ('dao bi', '倒毕 到闭', '倒门才', '倒閉', ''),
    '传销': ('chuan xiao', '船销 传消', '亻专销 传钅肖 传金肖', '傳銷', ''),
    '偷税': ('tou shui', '偷睡 投税', '亻俞税 人俞税 偷禾兑', '偷稅', ''),
    '封号': ('feng hao', '疯号 封浩', '圭寸号', '封號', ''),
    '盗号': ('dao hao', '到号 盗豪', '次皿号', '盜號', ''),
    '塌房': ('ta fang', '踏房 塌防', '塌户方', '', ''),
    '翻车': ('fan che', '番车 翻扯', '番羽车', '翻車', '翻⾞'),
    '猝死': ('cu si', '醋死 猝思', '犭卒死 猝歹匕', '', ''),
    '差评': ('cha ping', '插评 差平', '差讠平 差言平', '差評', ''),
    '索赔': ('suo pei', '锁赔 索陪', '索贝咅', '索賠', ''),
    '赔偿': ('pei chang', '陪偿 赔常', '贝咅偿 赔亻尝', '賠償', ''),
    '黑心': ('hei xin', '嘿心 黑芯', '里灬心', '', '⿊⼼'),
    '垃圾': ('la ji', '辣圾 垃级', '土立圾 垃土及', '', ''),
    '坑人': ('keng ren', '吭人 坑仁', '土亢人', '', '坑⼈'),
    '贪污': ('tan wu', '贪巫 滩污', '今贝污', '貪污', ''),
    '受贿': ('shou hui', '受慧 寿贿', '受贝有', '受賄', ''),
    '死机': ('si ji', '私机 死基', '歹匕机 死木几', '死機', ''),
    '闪退': ('shan tui', '闪腿 山退', '门人退 闪艮辶', '閃退', ''),
    '停产': ('ting chan', '停铲 庭产', '亻亭产 人亭产', '停產', ''),
    '欺骗': ('qi pian', '欺偏 期骗', '其欠骗 欺马扁', '欺騙', ''),
    '劣质': ('lie zhi', '烈质 劣志', '少力质', '劣質', ''),
    '致癌': ('zhi ai', '致挨 志癌', '致疒嵒', '', ''),
    '掉漆': ('diao qi', '吊漆 掉七', '扌卓漆 手卓漆', '', ''),
    '罚款': ('fa kuan', '罚宽 发款', '罚士示欠', '罰款', ''),
    '勒索': ('le suo', '乐索 勒锁', '革力索', '', ''),
    '虐待': ('nve dai', '虐代 疟待', '虐彳寺', '', ''),
    '支付宝': ('zhi fu bao', '支付保 支富宝', '支亻寸宝 支付宀玉', '支付寶', '⽀付宝'),
    '拼多多': ('pin duo duo', '拼朵多 聘多多', '扌并多多 手并多多', '', ''),
    '抖音': ('dou yin', '抖因 斗音', '扌斗音 手斗音', '', '抖⾳'),
    '特斯拉': ('te si la', '特撕拉 特斯啦', '牛寺斯拉 特斯扌立', '', ''),
    '虚假宣传': ('xu jia xuan chuan', '虚假宣船 需假宣传', '虚亻叚宣传', '虛假宣傳', ''),
    '捆绑销售': ('kun bang xiao shou', '捆绑消售 困绑销售', '扌困绑销售 捆绑销隹口', '捆綁銷售', ''),
    '数据泄露': ('shu ju xie lou', '数据谢露 数剧泄露', '数据氵世露 数据泄雨路', '數據洩露', ''),
    '暴力执法': ('bao li zhi fa', '暴力执发 爆力执法', '暴力执氵去', '暴力執法', '暴⼒执法'),
}
ENGLISH = ('phishing malware defective overcharged unsafe toxic shutdown outage hacked stolen bankrupt layoffs cheating misleading worthless '
           'harassment negligence pollution').split() + ['hidden fees', 'class action']

CARRIERS_ZH = ('朋友们注意，这次又是{}，真的无语', '问一下，遇到{}该找谁？', '{}这种事还要发生几次', '刚看到群里都在说{}，心凉了', '第三次了：{}！没人管吗',
               '昨晚又碰上{}，一宿没睡')
CARRIERS_EN = ('honestly, {} is all I can say about them', 'Third time this year: {}!', 'so this {} happened to my sister too', '{} again, thanks for nothing',
               'is anyone else seeing {} since Monday?')
HIDDEN = '\u200b\u200d\u2060\u00ad\ufe0f\u034f\u200c\ufeff\u2063'
EMOJI = '💢🤬👿⭐🚫✨❌🙃♦️🥲'
SYMBOLS = ('*', '/', '-', '·', '~', '|', '、', '…', '+', '_', '＊', '=', '^', '  ', '#')
STROKES = '\u0336\u0335\u0337\u0334'
HOMOGLYPHS = {'a': 'аɑαᎪ', 'b': 'ЬᏏƄ', 'c': 'сϲᴄⅽ', 'd': 'ԁⅾᏧ', 'e': 'еҽ℮', 'f': 'ꬵϝẝ', 'g': 'ɡցᏻ', 'h': 'һհᏂ', 'i': 'іıɩ', 'k': 'κкⲕ', 'l': 'ӏⅼǀ',
              'm': 'ⅿмᴍ', 'n': 'ոռɴ', 'o': 'оοօ', 'p': 'рρᴩ', 'r': 'гᴦʀ', 's': 'ѕꜱꓢ', 't': 'τтᴛ', 'u': 'υսᴜ', 'v': 'νѵᴠ', 'w': 'ԝѡᴡ', 'x': 'хⅹ', 'y': 'уγʏ',
              'z': 'ᴢʐ'}
LEET = {'a': '4@', 'e': '3', 'i': '1!', 'o': '0', 's': '5$', 't': '7+', 'l': '1', 'g': '9'}
ACCENTS = {'a': 'áäâ', 'e': 'éêë', 'i': 'íïî', 'o': 'óöô', 'u': 'úüû', 'c': 'ç', 'n': 'ñ', 's': 'š', 'd': 'ď', 'l': 'ł'}
ZALGO = '\u0301\u0323\u0353\u0308\u0330\u036b\u0317\u0489\u0315'


def turn(items, n):
    """The n-th of them, round and round."""
    return items[n % len(items)]


def between(word, mark):
    return mark.join(word)


def each(word, table, n):
    return ''.join(turn(table[c], n + i) if c in table else c for i, c in enumerate(word))


def references(word, form):
    return ''.join(form % ord(c) for c in word)


def chinese(keyword, n):
    """-> (how, level, disguised, is it HTML)"""
    sounds, homophones, splits, traditional, radical = CHINESE[keyword]
    sounds = sounds.split()
    at = n % len(keyword)
    must = [('zero-width', keyword[:1] + turn(HIDDEN, n) + keyword[1:]), ('emoji', keyword[:1] + turn(EMOJI, n) + keyword[1:]),
            ('punct', between(keyword, turn(SYMBOLS, n))), ('combining', ''.join(c + turn(STROKES, n) for c in keyword))]
    html = [('html-ncr', references(keyword, '&#%d;')), ('html-hex-ncr', references(keyword, '&#x%X;')), ('tag-split', keyword[:1] + '<i></i>' + keyword[1:]),
            ('comment-split', keyword[:1] + '<!-- - -->' + keyword[1:])]
    for i in range(3):
        yield turn(must, n + i)[0], 'must', turn(must, n + i)[1], False
    yield turn(html, n)[0], 'must', turn(html, n)[1], True
    if traditional:
        yield 'traditional', 'must', traditional, False
    if radical:
        yield 'kangxi radical', 'must', radical, False
    yield 'one pinyin', 'should', keyword[:at] + sounds[at] + keyword[at + 1:], False
    yield 'all pinyin', 'should', ''.join(sounds), False
    for homophone in homophones.split():
        yield 'homophone', 'should', homophone, False
    yield 'split character', 'should', turn(splits.split(), n), False
    if n % 2:
        yield 'rlo reversed', 'should', '\u202e' + keyword[::-1] + '\u202c', False
    else:
        yield 'repeat+punct', 'should', between(keyword, '。'), False
    if n % 3 == 0:
        yield 'spaced', 'should', between(keyword, ' '), False
    if len(keyword) == 2 or n % 2:
        yield 'pinyin initials', 'may', ''.join(s[0] for s in sounds), False


def styled(word, base):
    return ''.join(chr(base + ord(c) - 97) if c != ' ' else c for c in word)


def vowels_starred(word):
    return word[0] + ''.join('*' if c in 'aeiou' else c for c in word[1:])


def stretched(word, n):
    return ''.join(c * (3 + (n + i) % 2) if c in 'aeiou' else c for i, c in enumerate(word))


def english(keyword, n):
    styles = [('full-width', 0xFF41), ('math bold', 0x1D41A), ('math script', 0x1D4EA), ('circled', 0x24D0), ('math bold', 0x1D5EE), ('math script', 0x1D68A)]
    how, base = turn(styles, n)
    yield how, 'must', styled(keyword, base), False
    yield 'case', 'must', ''.join(c.upper() if (i + n) % 3 else c for i, c in enumerate(keyword)), False
    yield 'zero-width', 'must', turn(HIDDEN, n).join((keyword[:2], keyword[2:4], keyword[4:])), False
    yield 'homoglyph', 'must', each(keyword, HOMOGLYPHS, n), False
    yield 'homoglyph', 'must', ''.join(each(c, HOMOGLYPHS, n + 1) if (i + n) % 2 else c for i, c in enumerate(keyword)), False
    yield 'leet', 'must', each(keyword, LEET, n), False
    yield 'accent', 'must', each(keyword, ACCENTS, n), False
    yield 'zalgo', 'must', ''.join(c if c == ' ' else c + turn(ZALGO, n + i) + turn(ZALGO, n + 2 * i + 1) for i, c in enumerate(keyword)), False
    if ' ' not in keyword:
        yield 'spaced', 'must', between(keyword, ' '), False
        yield 'dotted', 'must', between(keyword, '.'), False
    if n % 2:
        yield 'html-ncr', 'must', references(keyword, '&#%d;'), True
    else:
        yield 'tag-split', 'must', keyword[:3] + '<b></b>' + keyword[3:], True
    yield 'stretched', 'should', stretched(keyword, n), False
    yield 'vowel drop', 'should', vowels_starred(keyword), False
    yield 'rlo reversed', 'should', '\u202e' + keyword[::-1] + '\u202c', False


def main():
    print('keyword\ttext\thow\tlevel\texpect\thtml')
    n = 0
    for words, disguise, carriers in ((CHINESE, chinese, CARRIERS_ZH), (ENGLISH, english, CARRIERS_EN)):
        for i, keyword in enumerate(words):
            for how, level, text, is_html in disguise(keyword, i):
                print('\t'.join((keyword, turn(carriers, n).format(text), how, level, 'yes', 'html' if is_html else '')))
                n += 1


if __name__ == '__main__':
    main()
