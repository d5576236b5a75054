"""What comes by a link or in a line and must be refused: hello, messages, mail, invitations."""
from primitives import ID, NO_SIG, Raw, changed, h, pack


def on_links(out, m, records):
    node = records[0].signed
    place = [ID, 6, 0]

    def hello(error, name, value):
        out.add('hello', error, 'hello: ' + name, pack(value))

    hello('form', 'two elements', [ID, None])
    hello('form', 'token of 15 bytes', [ID, bytes(15), [node]])
    hello('limit', 'no record', [ID, None, []])
    hello('limit', '66 records', [ID, None, [bytes(65)] * 66])
    hello('limit', 'a signature alone', [ID, None, [NO_SIG]])
    hello('limit', 'too large', [ID, None, [bytes(30000), bytes(30000)]])
    out.add('hello', 'form', 'hello: something behind', pack([ID, None, [node]]) + b'\0')

    def message(error, name, value):
        out.add('message', error, 'message: ' + name, pack(value))

    message('form', 'kind 0', [0, 0])
    message('form', 'CLONE of two', [9, 0])
    message('form', 'TOKEN of 15 bytes', [2, bytes(15)])
    message('form', 'TOKEN_END without an answer', [3])
    message('form', 'TOKEN_END with a number', [3, 1])
    message('form', 'kind 17', [17, 0])
    message('form', 'kind 16', [16, 0])
    message('limit', 'kind 256', [256, 0])
    message('form', 'kind alone', [1])
    message('limit', 'no element', [])
    message('form', 'six elements', [1, 2, 3, 4, 5, 6])
    message('limit', 'nine elements', [1, 2, 3, 4, 5, 6, 7, 8, 9])
    head = [10, ID, 5, 7, 3, 3, ID, None]
    message('form', 'HEAD: value of 31 bytes', changed(head, 6, bytes(31)))
    message('limit', 'HEAD: seq of 2^63', changed(head, 2, 1 << 63))
    message('limit', 'HEAD: number of 2^31', changed(head, 5, 1 << 31))
    message('limit', 'HEAD: held of 2^31', changed(head, 4, 1 << 31))
    message('limit', 'HEAD: old log 0', changed(head, 7, [0, 3, ID]))
    message('limit', 'HEAD: old number of 2^31', changed(head, 7, [1, 1 << 31, ID]))
    message('form', 'HEAD: old head of two', changed(head, 7, [1, 3]))
    message('limit', 'LOG_ASK from 0', [11, ID, 7, 0, 3])
    message('limit', 'LOG_ASK backwards', [11, ID, 7, 4, 3])
    message('limit', 'LOG_ASK for 513', [11, ID, 7, 1, 513])
    message('limit', 'LOG_ASK up to 2^31', [11, ID, 7, (1 << 31) - 1, 1 << 31])
    message('limit', 'LOG_ASK of log 0', [11, ID, 0, 1, 3])
    stub = [1, 7, 5, ID]
    message('limit', '513 stubs', [12, ID, 7, 1, [stub] * 513])
    message('limit', 'LOG: a stub of COVERAGE', [12, ID, 7, 1, [changed(stub, 1, 6)]])
    message('limit', 'LOG: a stub of PROTEST', [12, ID, 7, 1, [changed(stub, 1, 11)]])
    message('limit', 'LOG: offer number 0', [12, ID, 7, 1, [changed(stub, 0, 0)]])
    message('limit', 'LOG: offer number of 2^31', [12, ID, 7, 1, [changed(stub, 0, 1 << 31)]])
    message('limit', 'LOG from 2^31', [12, ID, 7, 1 << 31, []])
    message('limit', 'LOG: slot of 2^48', [12, ID, 7, 1, [changed(stub, 2, 1 << 48)]])
    message('form', 'LOG: a stub of three', [12, ID, 7, 1, [stub[:3]]])
    message('limit', 'LOG_WANT nothing', [13, ID, 7, []])
    message('limit', 'LOG_WANT 129', [13, ID, 7, list(range(1, 130))])
    message('form', 'LOG_WANT unsorted', [13, ID, 7, [2, 1]])
    message('form', 'LOG_WANT twice the same', [13, ID, 7, [2, 2]])
    message('limit', 'LOG_WANT number 0', [13, ID, 7, [0, 1]])
    message('limit', 'LOG_WANT number of 2^31', [13, ID, 7, [1, 1 << 31]])
    held = [14, ID, 20000, True, bytes(8) + b'\1' * 8]
    message('limit', 'PROTESTS of day 65536', changed(held, 2, 65536))
    message('form', 'PROTESTS with ids of 7 bytes', changed(held, 4, bytes(7)))
    message('form', 'PROTESTS unsorted', changed(held, 4, b'\1' * 8 + bytes(8)))
    message('form', 'PROTESTS twice the same', changed(held, 4, bytes(16)))
    message('limit', 'PROTESTS of 4097', changed(held, 4, b''.join(i.to_bytes(8, 'big') for i in range(4097))))
    message('form', 'PROTESTS that asks 1', changed(held, 3, 1))
    message('limit', 'OFFER_ASK nothing', [24, []])
    message('limit', 'OFFER_ASK 65', [24, [bytes(31) + bytes([i]) for i in range(65)]])
    message('form', 'OFFER_ASK unsorted', [24, [ID, bytes(32)]])
    message('form', 'OFFER_ASK twice the same', [24, [ID, ID]])
    message('form', 'OFFER_ASK by slot', [24, [5]])
    message('form', 'RECORD of three', [1, node, 0])
    message('form', 'a count of three before two', Raw(b'\x93' + pack([1, node])[1:]))
    message('form', 'a count of two before five', Raw(b'\x92' + pack([18, 5, 1, ID, 48])[1:]))
    message('limit', 'RECORD: a signature alone', [1, NO_SIG])
    message('form', 'kind 2', [2, 5])
    message('form', 'kind 3', [3, 5])
    message('form', 'kind 23', [23, 5])
    message('form', 'TREE: short root', [18, 5, 1, bytes(31), 48])
    message('limit', 'TREE: cut 8', [18, 5, 8, ID, 48])
    message('limit', 'TREE: hour of 2^48', [18, 1 << 48, 1, ID, 48])
    message('limit', 'TREE: 1401 cells', [18, 5, 1, ID, 1401])
    buckets = [19, 5, 1, True, bytes(2048), bytes(512), bytes(40)]
    for error, name, value in (
            ('form', 'of 2047', changed(buckets, 4, bytes(2047))), ('limit', 'cut 8', changed(buckets, 2, 8)),
            ('form', 'whole is 1', changed(buckets, 3, 1)), ('form', 'parities of 511', changed(buckets, 5, bytes(511))),
            ('form', 'half a cell', changed(buckets, 6, bytes(45))), ('form', 'a row lacks a cell', changed(buckets, 6, bytes(70))),
            ('limit', 'a sketch of 1401', changed(buckets, 6, bytes(40 * 1401)))):
        message(error, 'BUCKETS: ' + name, value)
    entry, bucket = b'\0\5abcd', [7, 0, 8191, b'']
    for error, name, value in (
            ('limit', 'no list', []), ('limit', '1025 lists', [bucket] * 1025),
            ('limit', 'bucket 2048', [changed(bucket, 0, 2048)]), ('limit', 'tails to 8192', [changed(bucket, 2, 8192)]),
            ('form', 'from above to', [[7, 6, 5, b'']]), ('form', 'half an entry', [changed(bucket, 3, entry[:5])]),
            ('form', 'a tail below from', [[7, 6, 8191, entry]]), ('form', 'a tail above to', [[7, 0, 4, entry]]),
            ('form', 'tails descend', [changed(bucket, 3, entry + bytes(6))]),
            ('limit', 'too many entries', [changed(bucket, 3, entry * 4097)]), ('form', 'a list of three', [bucket[:3]])):
        message(error, 'BUCKET: ' + name, [20, 5, 1, value])
    listed, one = bytes([6, 3, 0, 0, 1, 2, 3]), [ID, 1, b'']
    for error, name, value in (
            ('limit', '513 authors', [one] * 513), ('form', 'an id of 5 bytes', [changed(one, 0, bytes(5))]),
            ('limit', 'an id of 2 bytes', [changed(one, 0, bytes(2))]), ('limit', 'a third set', [changed(one, 1, 4)]),
            ('form', 'items of no set', [[ID, 0, listed]]), ('form', 'half an item', [changed(one, 2, listed[:6])]),
            ('form', 'an item twice', [changed(one, 2, listed * 2)]),
            ('form', 'items descend', [changed(one, 2, listed + bytes([5]) + listed[1:])]),
            ('form', 'an item of an OFFER', [changed(one, 2, bytes([7]) + listed[1:])]),
            ('form', 'an item of type 0', [changed(one, 2, bytes([0]) + listed[1:])]),
            ('limit', 'too many items', [changed(one, 2, b''.join(bytes([6, i % 256]) + bytes(5) for i in range(258)))])):
        message(error, 'AUTHOR: ' + name, [21, 5, 1, True, value])
    message('form', 'AUTHOR: last is 1', [21, 5, 1, 1, []])
    message('limit', 'WANT of an OFFER', [4, [[ID, 7, 1]]])
    message('limit', 'WANT nothing', [4, []])
    message('form', 'WANT of an id of 4 bytes', [4, [[ID[:4], 6, 1]]])
    message('limit', 'WANT of an id of 2 bytes', [4, [[ID[:2], 6, 1]]])
    message('form', 'WANT of all of a prefix', [4, [[ID[:3], 0, 0]]])
    message('limit', 'WANT 129', [4, [[ID, 6, i] for i in range(129)]])
    message('form', 'WANT with a hash', [4, [[ID, 6, 0, bytes(8)]]])
    message('limit', 'ANNOUNCE of an OFFER', [15, [[ID, 7, 1, bytes(8)]]])
    message('limit', 'ANNOUNCE of type 0', [15, [[ID, 0, 0, bytes(8)]]])
    message('limit', 'ANNOUNCE nothing', [15, []])
    message('limit', 'ANNOUNCE 129', [15, [[ID, 6, i, bytes(8)] for i in range(129)]])
    message('form', 'ANNOUNCE without an item', [15, [[ID, 6, 0]]])
    message('form', 'ANNOUNCE of 7 bytes', [15, [[ID, 6, 0, bytes(7)]]])
    message('limit', 'MAIL of kind 0', [5, 1, 0, []])
    unknown = m['mail_kinds'] + 1
    message('limit', 'MAIL of kind %d' % unknown, [5, 1, unknown, []])
    message('form', 'MAIL of a kind that does not exist', [5, 1, 6, []])
    message('limit', 'MAIL: number of 2^63', [5, 1 << 63, 3, [0]])
    message('form', 'STATEMENT of two', [5, 1, 1, [node, node]])
    message('limit', 'VIEW_ASK: slot of 2^48', [5, 1, 7, [1 << 48]])
    message('limit', 'VIEW: too large', [5, 1, 8, [5, bytes(8224)]])
    message('form', 'VIEW: half a hash', [5, 1, 8, [5, bytes(48)]])
    message('form', 'VIEW_ITEMS: a place twice', [5, 1, 10, [5, bytes(32), [[6, 0, 1, None], [6, 0, 2, None]]]])
    message('form', 'VIEW_ITEMS: types descend', [5, 1, 10, [5, bytes(32), [[6, 0, 1, None], [5, 0, 2, None]]]])
    message('form', 'VIEW_ITEMS: a VOUCH', [5, 1, 10, [5, bytes(32), [[4, 0, 1, None]]]])
    message('limit', 'VIEW_ITEMS: too many', [5, 1, 10, [5, bytes(32), [[6, i, 1, None] for i in range(193)]]])
    message('limit', 'EVIDENCE_ASK: nothing', [5, 1, 11, [5, []]])
    message('limit', 'EVIDENCE_ASK: 65', [5, 1, 11, [5, [ID] * 65]])
    message('limit', 'LOCATION of 65 bytes', [5, 1, 3, [5, bytes(65), ID, node, ID]])
    message('limit', 'HANDOFF without contact', [5, 1, 13, [bytes(65), node, node, b'']])
    message('limit', 'HANDOFF: contact too large', [5, 1, 13, [bytes(65), node, node, bytes(985)]])
    message('limit', 'HANDOFF: choice too large', [5, 1, 13, [bytes(577), node, node, bytes(9)]])
    message('form', 'PLEDGE of 191 bytes', [5, 1, 5, [bytes(191), 0]])
    message('limit', 'PLEDGE: reason 4', [5, 1, 5, [bytes(192), 4]])
    message('form', 'LEASE_ASK of two', [5, 1, 14, [ID, 5]])
    message('form', 'LEASE_ASK: short hash', [5, 1, 14, [ID, 5, bytes(31)]])
    message('limit', 'STATE: award 16', [5, 1, 15, [ID, 16, 1, ID]])
    message('limit', 'STATE: state 8', [5, 1, 15, [ID, 1, 8, ID]])
    message('meaning', 'STATE: a question with an award', [5, 1, 15, [ID, 1, 7, ID]])
    message('meaning', 'STATE: held, and no award', [5, 1, 15, [ID, 1, 1, bytes(32)]])
    message('meaning', 'STATE: held, and no number', [5, 1, 15, [ID, 0, 1, ID]])
    message('meaning', 'STATE: unknown, and an award', [5, 1, 15, [ID, 0, 0, ID]])
    message('limit', 'HANDOFF: receipt too large', [5, 1, 13, [bytes(65), node, bytes(2113), bytes(9)]])
    message('form', 'CLOCK of three', [7, 5, 5])
    message('limit', 'CLOCK: time of 2^63', [7, 1 << 63])
    message('form', 'MEMBER of three', [8, 5, 5])
    message('limit', 'LAST: a signature alone', [25, NO_SIG])
    message('form', 'LAST of three', [25, node, None])
    message('form', 'kind 26', [26, 0])
    message('limit', 'MEMBER: time of 2^63', [8, 1 << 63])


def invitations(out, m):
    array = [m['federation'], m['a'].id, m['a'].transport, bytes(16), 5, 'Nome', None, 0, []]

    def line(error, name, data, check=None):
        check = h('vizinho/invite-line', data)[:4] if check is None else check
        out.add('invite', error, 'invitation: ' + name, 'vizinvite1.' + (data + check).hex())

    line('form', 'wrong check', pack(array), bytes(4))
    line('form', 'one element more', pack(array + [0]))
    line('form', 'short token', pack(changed(array, 3, bytes(15))))
    line('form', 'five addresses', pack(changed(array, 8, ['a:1'] * 5)))
    line('form', 'no name', pack(changed(array, 5, '')))
    line('form', 'CNPJ of one character', pack(changed(array, 6, '1')))
    line('form', 'CNPJ with a wrong check digit', pack(changed(array, 6, '11222333000182')))
    line('form', 'something behind', pack(array) + b'\0')
    good = (pack(array) + h('vizinho/invite-line', pack(array))[:4]).hex()
    out.add('invite', 'form', 'invitation: another version', 'vizinvite2.' + good)
    out.add('invite', 'form', 'invitation: half a byte', 'vizinvite1.' + good[:-1])
    out.add('invite', 'form', 'invitation: not hexadecimal', 'vizinvite1.' + 'g' + good[1:])
    out.add('invite', 'form', 'invitation: nothing', '')
    out.add('invite', 'form', 'invitation: prefix alone', 'vizinvite1.')
    out.add('invite', 'form', 'invitation: much too long', 'vizinvite1.' + '00' * 800)
