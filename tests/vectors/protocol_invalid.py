"""Encodings that must be refused, each with the class of its error. make_protocol.py uses this file.

`what` names the decoder: "value" (one value of depth at most 6), "record" (the envelope, after 64 bytes
of signature), "body TYPE", "check" (a whole record: envelope, exact expiry, body against its envelope),
"hello", "message", "invite" (text), or a part by its name. In `bytes`, (xx*n) repeats xx n times."""
import re
import zlib

from primitives import ID, NO_SIG, Raw, changed, pack
from protocol_invalid_links import invitations, on_links

DAY = 86400000

VALUES = [
    # integers that are not in their shortest form
    ('form', 'cc00'), ('form', 'cc7f'), ('form', 'cd0000'), ('form', 'cd00ff'), ('form', 'ce00000000'),
    ('form', 'ce0000ffff'), ('form', 'cf0000000000000000'), ('form', 'cf00000000ffffffff'),
    ('form', 'd0ff'), ('form', 'd0e0'), ('form', 'd1ffff'), ('form', 'd1ff80'), ('form', 'd2ffffffff'),
    ('form', 'd2ffff8000'), ('form', 'd3ffffffff80000000'), ('form', 'd3ffffffffffffffff'),
    # a non-negative number in a signed form
    ('form', 'd000'), ('form', 'd07f'), ('form', 'd10080'), ('form', 'd200010000'),
    ('form', 'd30000000100000000'),
    # lengths and counts that are not in their shortest form
    ('form', 'c50001aa'), ('form', 'c600000001aa'), ('form', 'c500ff' + 'aa' * 255),
    ('form', 'd90161'), ('form', 'd91f' + '61' * 31), ('form', 'da000161'), ('form', 'da00ff' + '61' * 255),
    ('form', 'db0000000161'), ('form', 'dc0001c0'), ('form', 'dc000f' + 'c0' * 15), ('form', 'dd00000001c0'),
    # types that do not exist here
    ('form', '80'), ('form', '81c0c0'), ('form', 'de0000'), ('form', 'df00000000'), ('form', 'ca00000000'),
    ('form', 'cb0000000000000000'), ('form', 'c70000'), ('form', 'c8000000'), ('form', 'c90000000000'),
    ('form', 'd40000'), ('form', 'd5000000'), ('form', 'd600' + '00' * 4), ('form', 'd700' + '00' * 8),
    ('form', 'd800' + '00' * 16), ('form', 'c1'),
    # truncated, or with bytes behind
    ('form', ''), ('form', 'cc'), ('form', 'cd01'), ('form', 'ce000100'), ('form', 'cf00000001000000'),
    ('form', 'd0'), ('form', 'c4'), ('form', 'c401'), ('form', 'c5'), ('form', 'a1'), ('form', 'a2c3'),
    ('form', 'd9'), ('form', '91'), ('form', '92c0'), ('form', 'dc'), ('form', 'c0c0'), ('form', '90c0'),
    # counts and lengths past the end, for which no memory may be allocated
    ('form', 'dcffff'), ('form', 'ddffffffff'), ('form', 'c6ffffffff'), ('form', 'dbffffffff'),
    ('form', 'dc0010' + 'c0' * 15),
    # nesting
    ('limit', '91' * 7 + 'c0'), ('limit', '91' * 6 + '90'), ('limit', '91' * 4000), ('form', '9191919191dc0010'),
    # text
    ('form', 'a100'), ('form', 'a10a'), ('form', 'a11f'), ('form', 'a17f'), ('form', 'a2c280'),
    ('form', 'a2c29f'), ('form', 'a2c080'), ('form', 'a2c1bf'), ('form', 'a3e08080'), ('form', 'a3e09fbf'),
    ('form', 'a3eda080'), ('form', 'a3edbfbf'), ('form', 'a4f0808080'), ('form', 'a4f08fbfbf'),
    ('form', 'a4f4908080'), ('form', 'a4f5808080'), ('form', 'a180'), ('form', 'a1bf'), ('form', 'a2e282'),
    ('form', 'a3f09f98'), ('form', 'a1ff'), ('form', 'a1fe'), ('form', 'a2c361'), ('form', 'a3c3a900'),
] + [
    # text that is invisible or changes the direction: the limits of each range
    ('form', pack(chr(c)).hex()) for c in (
        0xad, 0x61c, 0x200b, 0x200f, 0x2028, 0x202e, 0x2060, 0x206f, 0xfeff, 0xfff9, 0xfffb, 0xe0000, 0xe007f)
] + [
    ('form', pack('Provedor\u202eA').hex()),
]


def runs(text):
    """Shortens long runs of a byte, so that the file stays readable."""
    pairs = ' '.join(text[i:i + 2] for i in range(0, len(text), 2))
    short = re.sub(r'\b(..)(?: \1){31,}', lambda m: '(%s*%d)' % (m[1], (len(m[0]) + 1) // 3), pairs)
    return short.replace(' ', '')


class List:
    def __init__(self):
        self.out = []

    def add(self, what, error, name, data):
        text = data if isinstance(data, str) else runs(bytes(data).hex())
        self.out.append({'what': what, 'error': error, 'name': name, 'bytes': text})


def envelope(m, **fields):
    f = {'version': 1, 'type': 1, 'author': m['a'].id, 'key': 0, 'slot': 0, 'seq': m['t0'], 'time': m['t0'],
         'expires': 0, 'body': Raw(b'\x90')}
    f.update(fields)
    return NO_SIG + pack(list(f.values()))


def write_once(m, type_number, **fields):
    slot = m['slot'] | (type_number == m['types']['CHOICE'])
    f = {'type': type_number, 'slot': slot, 'seq': 1,
         'expires': (m['t0'] // DAY + 1) * DAY + m['write_once_ms']}
    f.update(fields)
    return envelope(m, **f)


def envelopes(out, m):
    t, t0 = m['types'], m['t0']

    def bad(error, name, data):
        out.add('record', error, name, data)

    bad('limit', 'nothing', b'')
    bad('limit', 'a signature alone', NO_SIG)
    bad('limit', 'longer than any record', NO_SIG + bytes(32769))
    bad('form', 'version 0', envelope(m, version=0))
    bad('form', 'version 2', envelope(m, version=2))
    bad('form', 'eight elements', NO_SIG + pack([1, 1, m['a'].id, 0, 0, t0, t0, 0]))
    bad('form', 'ten elements', envelope(m, more=0))
    bad('form', 'author of 31 bytes', envelope(m, author=bytes(31)))
    bad('form', 'author of 33 bytes', envelope(m, author=bytes(33)))
    bad('form', 'author as text', envelope(m, author='a' * 32))
    bad('form', 'negative slot', envelope(m, slot=-1))
    bad('form', 'body is a number', envelope(m, body=0))
    bad('form', 'body is nil', envelope(m, body=None))
    bad('form', 'body is bytes', envelope(m, body=b'\x90'))
    bad('form', 'body with a long count', envelope(m, body=Raw(b'\xdd\x00\x00\x00\x00')))
    bad('form', 'something behind the body', envelope(m) + b'\xc0')
    bad('limit', 'body nested too deep', envelope(m, body=Raw(b'\x91' * 6 + b'\x90')))
    bad('limit', 'key 64', envelope(m, key=64))
    bad('limit', 'type 256', envelope(m, type=256))
    bad('limit', 'slot of 2^48', envelope(m, slot=1 << 48))
    bad('limit', 'seq of 2^63', envelope(m, seq=1 << 63))
    bad('limit', 'time past the year 9999', envelope(m, time=253402300800001))
    bad('limit', 'expires past the year 9999', envelope(m, expires=1 << 60))
    for n in (0, 12, 13, 14, 63, max(t.values()) + 1, 255):
        if n not in t.values():
            bad('absent', 'type %d' % n, envelope(m, type=n))
    for name in ('NODE', 'PARTNERS'):
        bad('meaning', name + ' at slot 1', envelope(m, type=t[name], slot=1))
    for name in ('VOUCH', 'COVERAGE'):
        bad('meaning', name + ' at slot 64', envelope(m, type=t[name], slot=64))
    for name in ('NODE', 'VOUCH', 'PARTNERS', 'COVERAGE'):
        bad('meaning', name + ' with seq before its time', envelope(m, type=t[name], seq=t0 - 1))
        bad('meaning', name + ' that expires', envelope(m, type=t[name], expires=t0 + 1))
    for name in ('SUCCESSION', 'REVOCATION'):
        bad('meaning', name + ' at another slot than its key', envelope(m, type=t[name], key=1, slot=2, seq=1))
        bad('meaning', name + ' with seq 2', envelope(m, type=t[name], key=1, slot=1, seq=2))
        bad('meaning', name + ' that expires', envelope(m, type=t[name], key=1, slot=1, seq=1, expires=t0))
    bad('meaning', 'SUCCESSION of key 0', envelope(m, type=t['SUCCESSION'], seq=1))
    for name in ('OFFER', 'CLOSE', 'RESULT', 'CHOICE'):
        slot = m['slot'] | (name == 'CHOICE')
        bad('meaning', name + ' with seq 2', write_once(m, t[name], seq=2))
        bad('meaning', name + ' with seq 0', write_once(m, t[name], seq=0))
        bad('meaning', name + ' of number 2048', write_once(m, t[name], slot=slot & ~0xffff00 | 2048 << 8))
        bad('meaning', name + ' with a bit above its number', write_once(m, t[name], slot=slot | 1 << 31))
        bad('meaning', name + ' of tomorrow', write_once(m, t[name], slot=slot + (1 << 32)))
        bad('meaning', name + ' with another k',
            write_once(m, t[name], slot=slot & ~0xff | (17 if name == 'CHOICE' else 1)))
    bad('meaning', 'CHOICE with k 0', write_once(m, t['CHOICE'], slot=m['slot']))
    protest = (m['t0'] // DAY) << 32
    for name, slot in (('number 544', protest | 544 << 8), ('k 1', protest | 1), ('yesterday', protest - (1 << 32)),
                       ('tomorrow', protest + (1 << 32))):
        bad('meaning', 'PROTEST of ' + name, write_once(m, t['PROTEST'], slot=slot))
    bad('meaning', 'PROTEST with seq 2', write_once(m, t['PROTEST'], slot=protest, seq=2))
    bad('meaning', 'OFFER of yesterday', write_once(m, t['OFFER'], slot=m['slot'] - (1 << 32)))
    pledge = {'type': t['PLEDGE'], 'slot': m['slot'], 'seq': 1, 'body': [ID, 3, bytes(32)]}
    bad('meaning', 'PLEDGE with seq 2', envelope(m, **{**pledge, 'seq': 2}))
    bad('meaning', 'PLEDGE that expires', envelope(m, **{**pledge, 'expires': 1}))
    bad('meaning', 'PLEDGE of 120 bytes', envelope(m, **{**pledge, 'slot': 1 << 31}, time=1 << 31))
    bad('meaning', 'PLEDGE of 128 bytes that expires', envelope(m, **{**pledge, 'slot': 1 << 31, 'expires': 1 << 31}))
    bad('limit', 'PLEDGE of 129 bytes', envelope(m, **{**pledge, 'expires': 200}))
    for name, most in (('NODE', 2048), ('VOUCH', 512), ('PARTNERS', 16384), ('SUCCESSION', 512)):
        bad('limit', name + ' too large', envelope(m, type=t[name], body=[bytes(most)]))
    for name, most in (('OFFER', 2600), ('CLOSE', 6144), ('RESULT', 2048), ('CHOICE', 512), ('PROTEST', 1024)):
        bad('limit', name + ' too large', write_once(m, t[name], body=[bytes(most)]))
    for name, most in (('RECEIPT', 2048), ('REVEAL', 5120), ('AWARD', 1024), ('LEASE', 512)):
        bad('limit', name + ' too large', envelope(m, type=t[name], body=[bytes(most)]))


def of_body(out, type_name, good):
    """Adds the changes that every body has. Returns a function that adds another changed body."""
    def bad(error, name, path, value):
        out.add('body ' + type_name, error, type_name + ': ' + name, pack(changed(good, path, value)))

    out.add('body ' + type_name, 'form', type_name + ': one element more', pack(list(good) + [0]))
    if good:
        out.add('body ' + type_name, 'form', type_name + ': one element less', pack(good[:-1]))
    out.add('body ' + type_name, 'form', type_name + ': truncated', pack(good)[:-1])
    out.add('body ' + type_name, 'form', type_name + ': something behind', pack(good) + b'\xc0')
    return bad


def trust(out, m):
    a, b, c, t0 = m['a'], m['b'], m['c'], m['t0']
    node = a.node('Provedor', m['cnpj'], 64512, ['192.0.2.1:7411'], False, None, None, None)
    bad = of_body(out, 'NODE', node)
    bad('form', 'key of 31 bytes', 0, bytes(31))
    bad('form', 'nonce of 17 bytes', 2, bytes(17))
    bad('limit', 'empty name', 4, '')
    bad('limit', 'name of 81 bytes', 4, 'n' * 81)
    bad('form', 'name is nil', 4, None)
    bad('form', 'name is bytes', 4, b'nome')
    bad('form', 'newline in the name', 4, 'a\nb')
    bad('form', 'a character of no width in the name', 4, 'Prove\u200bdor')
    bad('meaning', 'name of a space', 4, ' ')
    bad('meaning', 'name of spaces', 4, '\u00a0\u3000 ')
    bad('meaning', 'space before the name', 4, ' Provedor')
    bad('meaning', 'space behind the name', 4, 'Provedor\u2003')
    bad('limit', 'empty CNPJ instead of nil', 5, '')
    bad('limit', 'CNPJ of 15', 5, m['cnpj'] + '0')
    bad('meaning', 'CNPJ with a wrong check digit', 5, m['cnpj'][:13] + str((int(m['cnpj'][13]) + 1) % 10))
    bad('meaning', 'CNPJ of zeros', 5, '0' * 14)
    bad('meaning', 'CNPJ in lower case', 5, '12abc34501de35')
    bad('limit', 'ASN of 33 bits', 6, 1 << 32)
    bad('limit', 'five addresses', 7, ['a:1'] * 5)
    bad('limit', 'address of 2 bytes', 7, ['a:'])
    bad('limit', 'address of 64 bytes', 7, ['a' * 64])
    bad('form', 'by hand is 1', 8, 1)
    bad('limit', 'whatsapp of 21 bytes', 9, '+' + '5' * 20)
    bad('limit', 'hours of 65 bytes', 10, 'h' * 65)
    bad('limit', 'privacy of 81 bytes', 11, 'p' * 81)
    bad('limit', 'version of 25 bytes', 12, 'v' * 25)
    bad('form', 'version is nil', 12, None)
    bad('form', 'journal is nil', 13, None)
    bad('form', 'partners of 31 bytes', 14, bytes(31))
    bad('form', 'start is nil', 15, None)
    bad('limit', 'log 0', 16, 0)
    bad('form', 'head is nil', 17, None)
    bad = of_body(out, 'SUCCESSION', [a.keys[1], a.next_hash(2)])
    bad('form', 'short key', 0, bytes(16))
    of_body(out, 'REVOCATION', [])
    bad = of_body(out, 'VOUCH', [b.id, 0, False])
    bad('limit', 'another role', 1, 1)
    bad('form', 'withdrawn is nil', 2, None)
    entries = sorted([[b.id, t0, 0], [c.id, t0, 0]])
    bad = of_body(out, 'PARTNERS', [7, ID, entries])
    bad('limit', 'log 0', 0, 0)
    bad('form', 'previous is nil', 1, None)
    bad('form', 'unsorted', 2, entries[::-1])
    bad('meaning', 'removed before it was added', (2, 0, 2), t0 - 1)
    bad('form', 'entry of two', (2, 0), entries[0][:2])
    bad('limit', '257 entries', 2, [[i.to_bytes(32, 'big'), 0, 0] for i in range(257)])
    bad('meaning', 'two entries of one that was not removed', 2, [[b.id, t0, 0], [b.id, t0 + 1, 0]])
    bad('meaning', 'came back before it was removed', 2, [[b.id, t0, t0 + 2], [b.id, t0 + 1, 0]])
    bad('form', 'the later entry first', 2, [[b.id, t0 + 2, t0 + 2], [b.id, t0, t0 + 1]])


def coverage(out, m):
    ok = ['BR', 1, 100, [m['linhares'], m['vitoria']], [[29900000, 29919999]], b'']
    bad = of_body(out, 'COVERAGE', ok)
    bad('meaning', 'another country', 0, 'AR')
    bad('limit', 'country of three', 0, 'BRA')
    bad('limit', 'technology 0', 1, 0)
    bad('limit', 'technology 6', 1, 6)
    bad('limit', 'too fast', 2, 1000001)
    bad('form', 'municipalities unsorted', 3, [m['vitoria'], m['linhares']])
    bad('form', 'municipality twice', 3, [m['linhares']] * 2)
    bad('meaning', 'municipality with a wrong check digit', 3, [m['linhares'] + 1])
    bad('limit', 'municipality of 8 digits', 3, [10000000])
    bad('limit', '1025 municipalities', 3, [m['linhares']] * 1025)
    bad('meaning', 'range from behind', (4, 0), [2, 1])
    bad('limit', 'CEP of 9 digits', (4, 0), [0, 100000000])
    bad('form', 'ranges unsorted', 4, [[5, 6], [1, 2]])
    bad('form', 'ranges that touch', 4, [[1, 2], [3, 4]])
    bad('form', 'ranges that overlap', 4, [[1, 5], [4, 9]])
    bad('form', 'range of three', (4, 0), [1, 2, 3])
    bad('limit', 'region too large', 5, bytes(24577))
    bad('form', 'region is nil', 5, None)
    bad('meaning', 'ranges without municipalities', 3, [])
    out.add('body COVERAGE', 'meaning', 'COVERAGE: cells without municipalities',
            pack(['BR', 1, 0, [], [], b'\1\0']))

    def region(error, name, plain, level=16, version=1, tail=b''):
        out.add('region', error, 'region: ' + name, bytes([version, level]) + zlib.compress(plain, 0) + tail)

    good = m['region']([m['cell']], 16)
    children = [m['cell'] - (1 << 8) + (1 << 6) * (2 * i + 1) for i in range(4)]
    region('form', 'another version', zlib.decompress(good[2:]), version=2)
    region('form', 'level 21', zlib.decompress(good[2:]), level=21)
    region('form', 'nothing inside', b'')
    region('form', 'something behind the stream', zlib.decompress(good[2:]), tail=b'\0')
    region('form', 'a level that no cell has', zlib.decompress(m['region']([m['cell']], 18)[2:]), level=18)
    region('form', 'a number that is cut off', b'\x80')
    region('form', 'a number in a longer form', b'\x81\x00')
    region('form', 'a number of seven bytes', b'\x80' * 6 + b'\1')
    region('form', 'twice the same cell', zlib.decompress(good[2:]) + b'\0')
    region('form', 'an id past the square', b'\xff' * 5 + b'\x7f')
    out.add('region', 'meaning', 'region: four children', m['region'](children, 17))
    out.add('region', 'meaning', 'region: a cell inside another', m['region']([m['cell'], children[0]], 17))
    out.add('region', 'form', 'region: header alone', good[:2])
    out.add('region', 'form', 'region: stream cut off', good[:-1])


def offers(out, m, o):
    t0, slot = m['t0'], m['slot']
    at = [5, 7, ID, 3]

    def of_log(type_name, good):
        bad = of_body(out, type_name, good)
        bad('limit', 'log 0', 0, 0)
        bad('limit', 'number 0', 1, 0)
        bad('limit', 'number of 2^31', 1, 1 << 31)
        bad('form', 'value of 31 bytes', 2, bytes(31))
        bad('limit', 'offer number 0', 3, 0)
        bad('limit', 'offer number of 2^31', 3, 1 << 31)
        return bad

    entries = m['entries']
    area = [m['linhares'], m['area_cell']]
    offer = [5, 7, ID, 7, ID, t0, ID, 9, t0, t0 + 20000, ID, area, entries((1, 3, 0), (0, 4, 1)),
             entries((2, 3, 0)), entries((3, 4, 0)), b'\4', b'\5\6', ID, ID, ID, ID, ID]
    bad = of_log('OFFER', offer)
    bad('meaning', 'offer number of another', 3, 3)
    bad('form', 'commitment of 31 bytes', 20, bytes(31))
    bad('form', 'no area', 11, None)
    bad('form', 'previous of 31 bytes', 17, bytes(31))
    bad('form', 'opening of 31 bytes', 18, bytes(31))
    bad('meaning', 'an opening without previous', 17, None)
    bad('limit', 'draw 0', 7, 0)
    bad('limit', 'draw 2^31', 7, 1 << 31)
    bad('limit', 'nobody asked', 12, b'')
    bad('limit', '17 asked', 12, entries(*((10 + i, 1, 0) for i in range(17))))
    bad('limit', '16 struck', 13, entries(*((10 + i, 1, 0) for i in range(16))))
    bad('limit', '2 asked and 15 struck', 13, entries(*((10 + i, 1, 0) for i in range(15))))
    bad('limit', '256 not drawn', 14, entries(*((i, 1, 0) for i in range(256))))
    bad('limit', '256 blocked', 15, bytes(range(256)))
    bad('limit', '256 silent', 16, bytes(range(256)))
    bad('form', 'half an entry', 12, entries((1, 3, 0))[:4] + entries((0, 4, 1))[:4])
    bad('form', 'asked unsorted by turn', 12, entries((0, 4, 1), (1, 3, 0)))
    bad('form', 'asked unsorted by index', 12, entries((1, 3, 0), (0, 3, 0)))
    bad('form', 'struck unsorted', 13, entries((7, 4, 0), (2, 3, 0)))
    bad('form', 'not drawn unsorted', 14, entries((7, 5, 0), (3, 4, 0)))
    bad('form', 'blocked unsorted', 15, b'\x08\4')
    bad('form', 'silent twice', 16, b'\5\5')
    bad('form', 'asked and struck', 13, entries((1, 3, 0)))
    bad('form', 'asked and not drawn', 14, entries((0, 4, 1)))
    bad('form', 'struck and blocked', 15, b'\2')
    bad('form', 'not drawn and silent', 16, b'\3')
    bad('form', 'blocked and silent', 16, b'\4')
    bad('form', 'the turn of the draw itself', 12, entries((1, 9, 0)))
    bad('form', 'a later turn', 14, entries((3, 10, 1)))
    bad('form', 'asked as an array', 12, [1])
    bad = of_body(out, 'PLEDGE', [ID, 1, ID])
    bad('limit', 'answer 0', 1, 0)
    bad('limit', 'answer 5', 1, 5)
    bad('meaning', 'yes without a commitment', 2, bytes(32))
    bad('meaning', 'no with a commitment', 1, 3)
    bad('meaning', 'no content with a commitment', 1, 4)
    pledge = o.pledges[0]['record'].signed
    bad = of_log('CLOSE', [*at, ID, [pledge, None]])
    bad('limit', 'no entry', 5, [])
    bad('limit', '17 entries', 5, [None] * 17)
    bad('form', 'entry of 191 bytes', (5, 0), pledge[:-1])
    bad('form', 'entry of 193 bytes', (5, 0), pledge + b'\0')
    bad('form', 'entry of zeros', (5, 0), bytes(192))
    bad('form', 'entry is an array', (5, 1), [])
    bad('form', 'entry of another type', (5, 0), NO_SIG + pledge[64:66] + b'\x43' + pledge[67:])
    bad('form', 'entry with an answer 5', (5, 0), pledge[:157] + b'\5' + pledge[158:])
    bad = of_log('RESULT', [*at, ID, ID, 1, ID, [bytes(64), None], b'\0'])
    bad('limit', 'kind 0', 6, 0)
    bad('limit', 'kind 3', 6, 3)
    bad('limit', 'no entry', 8, [])
    bad('limit', '17 entries', 8, [None] * 17)
    bad('form', 'entry of 63 bytes', (8, 0), bytes(63))
    bad('form', 'entry of 65 bytes', (8, 0), bytes(65))
    bad('limit', '17 in the order', 9, bytes(17))
    bad('form', 'order as an array', 9, [0])
    bad = of_log('CHOICE', [*at, ID, 1, ID, None])
    bad('limit', 'what 0', 5, 0)
    bad('limit', 'what 3', 5, 3)
    bad('meaning', 'an award without a commitment', 6, bytes(32))
    bad('meaning', 'none with a commitment', 5, 2)
    bad('form', 'opening of 31 bytes', 7, bytes(31))
    protests(out, pledge)

    def part(what, error, name, value):
        out.add(what, error, what + ': ' + name, pack(value))

    part('area', 'form', 'one element', area[:1])
    part('area', 'form', 'a third element', area + [0])
    part('area', 'meaning', 'no municipality', changed(area, 0, 0))
    part('area', 'meaning', 'no such municipality', changed(area, 0, 9999999))
    part('area', 'limit', 'municipality of 8 digits', changed(area, 0, 10000000))
    part('area', 'form', 'a range for the municipality', changed(area, 0, [29900000, 29919999]))
    part('area', 'meaning', 'no such cell', changed(area, 1, 2))
    part('area', 'meaning', 'past the last cell', changed(area, 1, (1 << 64) - 1))
    part('area', 'meaning', 'a cell of level 13', changed(area, 1, m['cell_of'](-19.391, -40.072, 13)))
    part('area', 'meaning', 'a cell of level 15', changed(area, 1, m['cell_of'](-19.391, -40.072, 15)))
    part('area', 'form', 'nil for the cell', changed(area, 1, None))


def statements(out, m):
    recipients = sorted([[ID, None], [m['b'].id, None]], key=lambda r: r[0])
    receipt = [bytes(16), m['slot'], 1, 'BR', 'pt-BR', ID, None, recipients, 1, '1', ID, 'phone', ID, 5, 6, 5,
               'dpo@example.com', 2, bytes(32)]
    bad = of_body(out, 'RECEIPT', receipt)
    bad('meaning', 'purpose 0', 2, 0)
    bad('limit', 'purpose 3', 2, 3)
    bad('meaning', 'another jurisdiction', 3, 'US')
    bad('limit', 'language of 6 bytes', 4, 'pt-BRA')
    bad('limit', 'names nobody', 7, [])
    bad('limit', '17 recipients', 7, [[bytes([i]) * 32, None] for i in range(17)])
    bad('form', 'recipients unsorted', 7, recipients[::-1])
    bad('limit', 'a field that does not exist', 8, 64)
    bad('meaning', 'state 0', 17, 0)
    bad('limit', 'state 7', 17, 7)
    bad('meaning', 'expires when it is given', 14, 5)
    bad('meaning', 'erased before it is given', 15, 4)
    bad('meaning', 'the location, and the name', 8, 3)
    bad('meaning', 'a controller of 13 characters', 6, 'A' * 13)
    bad('meaning', 'a recipient of 13 characters', (7, 0, 1), 'A' * 13)
    bad('form', 'evidence in words', 12, 'call 4711')
    bad('form', 'withdrawal is nil', 16, None)
    bad('limit', 'withdrawal is empty', 16, '')
    bad('limit', 'withdrawal of 81 bytes', 16, 'w' * 81)
    bad('limit', 'channel of 17 bytes', 11, 'c' * 17)
    bad('meaning', 'channel of no name', 11, 'fax')
    contact = changed(changed(changed(receipt, 2, 2), 7, recipients[:1]), 8, 14)
    for name, path, value in (('of two', 7, recipients), ('without a telephone', 8, 10), ('and location', 8, 15)):
        out.add('body RECEIPT', 'meaning', 'RECEIPT: contact ' + name, pack(changed(contact, path, value)))
    for name in ('COVERAGE_ACK', 'PLEDGE_ACK', 'REVEAL_ACK'):
        bad = of_body(out, name, [ID, ID])
        bad('form', 'short id', 1, bytes(31))
    bad = of_body(out, 'REVEAL', [ID, ID, ID, ID, ID, b'\x90'])
    bad('limit', 'empty proposal', 5, b'')
    bad('limit', 'proposal too large', 5, bytes(4097))
    bad('form', 'short nonce', 3, bytes(24))
    bad = of_body(out, 'AWARD', [ID, 1, ID, ID, ID, bytes(32), ID, 5])
    bad('limit', 'award 0', 1, 0)
    bad('limit', 'award 16', 1, 16)
    bad = of_body(out, 'HANDOFF_ACK', [ID, False, 1])
    bad('form', 'a number for a bool', 1, 0)
    bad('limit', 'reason 7', 2, 7)
    bad('meaning', 'refused, without a reason', 2, 0)
    bad('meaning', 'accepted, with a reason', 1, True)
    bad = of_body(out, 'CONTACTED', [ID])
    bad('form', 'short id', 0, bytes(31))
    bad = of_body(out, 'RELEASE', [ID, ID])
    bad('form', 'short secret', 1, bytes(31))
    bad('form', 'a bool for the secret', 1, False)
    bad = of_body(out, 'LEASE', [ID, ID, 5, True, False, 7, 9])
    bad('form', 'asked is nil', 2, None)
    bad('limit', 'left of 2^40', 5, 1 << 40)
    refused = [ID, ID, 5, False, False, 0, 0]
    for name, path, value in (('extended', 4, True), ('with time left', 5, 1), ('until', 6, 1)):
        out.add('body LEASE', 'meaning', 'LEASE: not granted, but ' + name, pack(changed(refused, path, value)))
    bad = of_body(out, 'OUTCOME', [ID, 1, 0, None])
    bad('form', 'short secret', 3, bytes(31))
    bad('limit', 'kind 0', 1, 0)
    bad('limit', 'kind 3', 1, 3)
    bad('limit', '367 days', 2, 367)
    bad = of_body(out, 'WITHDRAWAL', [ID, 1, 0])
    bad('meaning', 'scope 0', 1, 0)
    bad('limit', 'scope 3', 1, 3)
    bad('meaning', 'everything, with an award', 2, 1)
    bad('meaning', 'an award, without its number', 1, 2)
    bad = of_body(out, 'PROOF', [ID, '2025-1', ID, [ID, ID], bytes(1), 1, ID, ID])
    bad('limit', 'text version of 0', 1, '')
    bad('limit', 'text version of 17', 1, 'x' * 17)
    bad('limit', 'nobody asked', 3, [])
    bad('limit', '17 asked', 3, [ID] * 17)
    bad('limit', 'order of 17', 4, bytes(17))
    bad('limit', 'choice 17', 5, 17)
    bad('meaning', 'choice 16 of somebody', 5, 16)
    bad('meaning', 'somebody before a choice', 5, 0)
    bad('meaning', 'chosen, without what opens it', 7, None)
    bad('meaning', 'nobody, with what opens it', 6, bytes(32))
    bad('form', 'blinding of 31', 7, bytes(31))
    bad = of_body(out, 'ERASED', [ID, 1, 0, None])
    bad('meaning', 'a location, with an award', 2, 1)
    bad('meaning', 'everything, without an award', 1, 2)
    bad('limit', 'award 16', 2, 16)
    bad('form', 'short secret', 3, bytes(31))
    bad('limit', 'nothing', 1, 0)
    bad('limit', 'an unknown part', 1, 4)


def parts(out, m):
    def part(what, error, name, value):
        out.add(what, error, what + ': ' + name, pack(value))

    ok = [[0, 0], 30, m['linhares'], 0, 1, 202512]
    part('location', 'limit', 'latitude past the square', changed(ok, (0, 0), 85000001))
    part('location', 'limit', 'longitude', changed(ok, (0, 1), -180000001))
    part('location', 'form', 'point of three', changed(ok, 0, [0, 0, 0]))
    part('location', 'meaning', 'no municipality', changed(ok, 2, 0))
    part('location', 'limit', 'CEP of 9 digits', changed(ok, 3, 100000000))
    part('location', 'form', 'no wish', ok[:4])
    part('location', 'limit', 'service 0', changed(ok, 4, 0))
    part('location', 'limit', 'service 3', changed(ok, 4, 3))
    part('location', 'meaning', 'month 13', changed(ok, 5, 202513))
    part('location', 'meaning', 'month 0 of a year', changed(ok, 5, 202500))
    part('location', 'meaning', 'a month of 2019', changed(ok, 5, 201912))
    part('location', 'limit', 'a month of the year 10000', changed(ok, 5, 1000001))
    ok = ['Zé', '+5527988887777', 'Rua A, 1', '2025-12-01', 'Fibra']
    part('contact', 'limit', 'no name', changed(ok, 0, ''))
    part('contact', 'limit', 'name of 121 bytes', changed(ok, 0, 'n' * 121))
    part('contact', 'limit', 'short phone', changed(ok, 1, '5527988'))
    part('contact', 'limit', 'long phone', changed(ok, 1, '+' + '5' * 20))
    part('contact', 'meaning', 'phone without a plus', changed(ok, 1, '5527988887777'))
    part('contact', 'meaning', 'phone of six digits', changed(ok, 1, '+552798  '))
    part('contact', 'meaning', 'phone with words', changed(ok, 1, '+5527988 Maria'))
    part('contact', 'meaning', 'phone of 16 digits', changed(ok, 1, '+' + '5' * 16))
    part('contact', 'meaning', 'date in another form', changed(ok, 3, '01/12/2025'))
    part('contact', 'meaning', 'date of words', changed(ok, 3, 'amanha'))
    part('contact', 'meaning', 'month 13', changed(ok, 3, '2025-13-01'))
    part('contact', 'meaning', 'day 0', changed(ok, 3, '2025-12-00'))
    part('contact', 'meaning', 'a day that no month has', changed(ok, 3, '2025-01-32'))
    part('contact', 'meaning', '31 February', changed(ok, 3, '2026-02-31'))
    part('contact', 'meaning', '29 February of a year that has none', changed(ok, 3, '2100-02-29'))
    part('contact', 'meaning', '31 June', changed(ok, 3, '2026-06-31'))
    part('contact', 'limit', 'no address', changed(ok, 2, ''))
    part('contact', 'limit', 'address of 241 bytes', changed(ok, 2, 'a' * 241))
    part('contact', 'limit', 'date of 11 bytes', changed(ok, 3, '2025-12-011'))
    part('contact', 'limit', 'plan of 61 bytes', changed(ok, 4, 'p' * 61))
    part('contact', 'form', 'a sixth field', ok + ['CPF'])
    plan = ['Fibra', 9990, 500, 250, 1, 3, 'https://a.example']
    part('proposal', 'limit', '17 plans', [plan] * 17)
    part('proposal', 'limit', 'a plan without a price', [changed(plan, 1, 0)])
    part('proposal', 'limit', 'a plan without technology', [changed(plan, 4, 0)])
    part('proposal', 'limit', 'a plan without an address', [changed(plan, 6, '')])
    part('proposal', 'limit', 'an address of 121 bytes', [changed(plan, 6, 'u' * 121)])
    part('proposal', 'form', 'a plan of six', [plan[:6]])
    times = list(range(len(m['times'])))
    part('federation', 'limit', 'times out of bounds', ['x'] + times)
    part('federation', 'form', 'one time less', ['x'] + times[1:])
    part('federation', 'form', 'one time more', ['x'] + times + [5])
    for name, value in (('partner_delay_ms', 86399999), ('partner_keep_ms', 8035199999), ('ack_ms', 604800001),
                        ('serve_ms', 172799999)):
        part('federation', 'meaning', name + ' does not fit', ['x'] + list({**m['times'], name: value}.values()))
    part('federation', 'limit', 'ask_max of 17', ['x'] + list({**m['times'], 'ask_max': 17}.values()))
    part('federation', 'limit', 'no name', [''] + times)


def protests(out, pledge):
    good = [ID, ID, 1000, ID, ID, 1, 0, pledge, []]
    bad = of_body(out, 'PROTEST', good)
    bad('form', 'origin of 31 bytes', 0, bytes(31))
    bad('form', 'offer of 31 bytes', 4, bytes(31))
    bad('limit', 'kind 9', 5, 9)
    bad('limit', 'number of 2^31', 6, 1 << 31)
    bad('form', 'pledge of 191 bytes', 7, pledge[:-1])
    bad('meaning', 'kind 1 without its offer', 4, None)
    bad('meaning', 'kind 1 without the pledge', 7, None)
    bad('meaning', 'kind 1 with a number', 6, 1)
    bad('meaning', 'kind 1 with a reply', 8, [[ID, 1]])
    bad('meaning', 'kind 3 with a pledge', 5, 3)
    bad('meaning', 'kind 0 with an offer and a pledge', 5, 0)
    reply = [ID, ID, 1000, ID, None, 0, 0, None, [[ID, 1], [b'\xff' * 32, 6]]]
    for error, name, at, value in (
            ('meaning', 'a reply to nothing', 8, []), ('limit', 'a reply to 17', 8, [[ID, 1]] * 17),
            ('limit', 'answer 0', (8, 0), [ID, 0]), ('limit', 'answer 7', (8, 0), [ID, 7]),
            ('form', 'a reply twice to one', 8, [[ID, 1], [ID, 2]]),
            ('form', 'replies unsorted', 8, [[b'\xff' * 32, 1], [ID, 1]]),
            ('form', 'a reply of three', (8, 0), [ID, 1, 1]), ('meaning', 'kind 8 with replies', 5, 8),
            ('meaning', 'kind 5 of number 0', 5, 5), ('meaning', 'a reply with a number', 6, 1)):
        out.add('body PROTEST', error, 'PROTEST: ' + name, pack(changed(reply, at, value)))


def whole_records(out, m, o):
    """Well-formed bodies that are wrong together with their envelope or the federation."""
    from make_protocol import Record, write_once as once
    a, t0, slot = m['a'], m['t0'], m['slot']
    out.add('check', 'meaning', 'VOUCH for oneself', Record('VOUCH', a, [a.id, 0, False]).signed)
    for name, previous, entry in (
            ('an entry added later than its record', ID, [m['b'].id, t0 + 1, 0]),
            ('an entry removed later than its record', ID, [m['b'].id, t0 - 5, t0 + 1]),
            ('a first record with an older entry', bytes(32), [m['b'].id, t0 - 1, 0])):
        out.add('check', 'meaning', 'PARTNERS: ' + name, Record('PARTNERS', a, [7, previous, [entry]]).signed)
    out.add('check', 'meaning', 'VOUCH with a seq far from its time',
            Record('VOUCH', a, [m['b'].id, 0, False], seq=t0 + 120001).signed)
    node = a.node('Provedor', None, 0, [], False, None, None, None)
    node[15] = t0 + 1
    out.add('check', 'meaning', 'NODE whose process began later', Record('NODE', a, node).signed)
    at = [5, 7, ID, 7]
    entries = m['entries']
    body = [*at, ID, t0, ID, 9, t0, t0 + 19999, ID, [m['linhares'], 0], entries((0, 3, 0)), b'', b'', b'', b'', None,
            None, ID, ID, ID]
    out.add('check', 'meaning', 'OFFER that closes too early', once('OFFER', a, body, slot, t0).signed)
    body = changed(body, 9, t0 + 20000)
    good = once('OFFER', a, body, slot, t0)
    for name, time in (('is later', t0 + 1), ('is old', t0 - m['times']['heartbeat_ms'] - 1)):
        out.add('check', 'meaning', 'OFFER whose NODE ' + name, once('OFFER', a, changed(body, 5, time), slot, t0).signed)
    for name, time in (('later', t0 + 1), ('long ago', t0 - m['times']['draw_ms'] - 1)):
        out.add('check', 'meaning', 'OFFER that was drawn ' + name, once('OFFER', a, changed(body, 8, time), slot, t0).signed)
    many = entries(*((i, 1, 0) for i in range(m['times']['ask_max'] + 1)))
    out.add('check', 'meaning', 'OFFER to more than ask_max', once('OFFER', a, changed(body, 12, many), slot, t0).signed)
    day_end = (t0 // DAY + 1) * DAY + m['write_once_ms']
    for name, expires in (('a millisecond less', day_end - 1), ('a day more', day_end + DAY), ('never', 0)):
        late = Record('OFFER', a, Raw(good.body), slot, 1, t0, expires)
        out.add('check', 'meaning', 'OFFER that expires ' + name, late.signed)
    by_slot = Record('RESULT', a, Raw(o.result.body), slot, 1, t0 + DAY, day_end)
    out.add('check', 'meaning', 'RESULT that expires by its slot', by_slot.signed)
    out.add('check', 'meaning', 'CHOICE 16 of an award', once('CHOICE', a, [*at, ID, 1, ID, None], slot | 16, t0).signed)
    out.add('check', 'meaning', 'CHOICE 1 with an opening', once('CHOICE', a, [*at, ID, 1, ID, ID], slot | 1, t0).signed)
    day = t0 // DAY << 32
    pledge = o.chosen['record'].signed
    body = [a.id, ID, t0, ID, o.offer.id, 1, 0, pledge, []]
    reply = [a.id, ID, t0, ID, None, 0, 0, None, [[ID, 1]]]
    for name, author, value, n in (
            ('of kind 1 in the slot of a reply', m['b'], body, 32), ('reply in the slot of another', a, reply, 31),
            ('about oneself', a, changed(changed(body, 5, 6), 7, None), 0), ('reply of another', m['b'], reply, 32),
            ('with the PLEDGE of another', m['c'], body, 0),
            ('with a PLEDGE for another offer', m['b'], changed(body, 4, ID), 0),
            ('with what is no PLEDGE', m['b'], changed(body, 7, bytes(192)), 0)):
        out.add('check', 'meaning', 'PROTEST ' + name, once('PROTEST', author, value, day | n << 8, t0).signed)
    out.add('check', 'form', 'NODE with an empty body', Record('NODE', a, []).signed)


def invalid(m, records, receipts, o):
    out = List()
    for error, data in VALUES:
        out.add('value', error, data[:24] or 'nothing', bytes.fromhex(data))
    envelopes(out, m)
    trust(out, m)
    coverage(out, m)
    offers(out, m, o)
    statements(out, m)
    parts(out, m)
    on_links(out, m, records)
    invitations(out, m)
    whole_records(out, m, o)
    return out.out
