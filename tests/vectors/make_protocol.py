#!/usr/bin/env python3
"""Vectors of the whole protocol, from primitives.py and the text of proto/PROTOCOL.md:
python3 make_protocol.py > protocol.json"""
import json
import math
import sys
import zlib

sys.dont_write_bytecode = True
from primitives import *  # noqa: E402,F403
from protocol_invalid import invalid  # noqa: E402
from protocol_tree import sketch_vector, tree_messages, tree_vector  # noqa: E402

DAY = 86400000
TURN_MAX = LOG_NUMBER_MAX = 2147483647
T0 = 1764072000000  # 2025-11-25T12:00:00Z
ZERO = bytes(32)
LOG, OLD_LOG = 0x1122334455667788, 0x99

TIMES = {
    'partner_delay_ms': 86400000, 'partner_keep_ms': 8035200000, 'suspicion_ms': 172800000,
    'silence_ms': 1209600000, 'grace_ms': 604800000, 'heartbeat_ms': 28800000,
    'old_transport_ms': 1209600000, 'write_once_ms': 7776000000, 'draw_ms': 86400000, 'window_min_ms': 20000,
    'reveal_ms': 20000, 'choice_ms': 259200000, 'lease_ms': 900000, 'lease_margin_ms': 60000,
    'contacted_ms': 259200000, 'location_erase_ms': 86400000, 'undelivered_ms': 2592000000,
    'contact_origin_ms': 2592000000, 'contact_holder_ms': 7776000000, 'ack_ms': 604800000,
    'serve_ms': 1209600000, 'start_ms': 5000, 'repair_ms': 600000, 'skew_ms': 120000, 'ask_max': 5,
}
FEDERATION_BYTES = pack(['vizinho-br'] + list(TIMES.values()))
FEDERATION = h('vizinho/federation', FEDERATION_BYTES)

TYPES = {
    'NODE': 1, 'SUCCESSION': 2, 'REVOCATION': 3, 'VOUCH': 4, 'PARTNERS': 5, 'COVERAGE': 6, 'OFFER': 7,
    'CLOSE': 8, 'RESULT': 9, 'CHOICE': 10, 'PROTEST': 11, 'RECEIPT': 64, 'COVERAGE_ACK': 65, 'PLEDGE': 66,
    'PLEDGE_ACK': 67, 'REVEAL': 68, 'REVEAL_ACK': 69, 'AWARD': 70, 'HANDOFF_ACK': 71, 'LEASE': 72,
    'CONTACTED': 73, 'OUTCOME': 74, 'RELEASE': 75, 'WITHDRAWAL': 76, 'ERASED': 77, 'PROOF': 78,
}


def stream(label, n=32):
    """n pseudo-random bytes, the same in every run."""
    return hashlib.shake_256(b'vizinho vectors ' + label.encode()).digest(n)  # noqa: F405


def base32(data):
    import base64
    return base64.b32encode(data).decode().lower().rstrip('=')


def id_text(prefix, data):
    return prefix + '1' + base32(data) + base32(h('vizinho/text', prefix.encode(), data)[:5])[:7]


def cnpj(base):
    """Appends the two check digits to 12 characters."""
    for _ in range(2):
        s = sum((ord(c) - 48) * (2 + i % 8) for i, c in enumerate(reversed(base)))
        base += str(0 if s % 11 < 2 else 11 - s % 11)
    return base


class Author:
    def __init__(self, label):
        self.label = label
        self.seeds = [stream('%s key %d' % (label, n)) for n in range(3)]
        self.keys = [public_key(s) for s in self.seeds]
        self.nonce = stream(label + ' nonce', 16)
        self.transport_secret = stream(label + ' transport')
        self.transport = x25519_public(self.transport_secret)
        self.id = h('vizinho/author', FEDERATION, self.keys[0], self.next_hash(1), self.nonce)

    def next_hash(self, n):
        return h('vizinho/next-key', self.keys[n])

    def node(self, name, cnpj_text, asn, addresses, by_hand, whatsapp, hours, privacy, partners=ZERO, head=None):
        return [self.keys[0], self.next_hash(1), self.nonce, self.transport, name, cnpj_text, asn,
                addresses, by_hand, whatsapp, hours, privacy, '0.1.0', stream('journal'), partners, T0 - 1000, LOG, head or head_of(T0, 0, LOG_START)]

    def json(self):
        sums = h('vizinho/fingerprint', self.id, self.keys[0])
        return {
            'seed': self.seeds[0].hex(), 'key': self.keys[0].hex(), 'next_key': self.keys[1].hex(),
            'next_hash': self.next_hash(1).hex(), 'nonce': self.nonce.hex(), 'id': self.id.hex(),
            'text': id_text('viz', self.id), 'transport_secret': self.transport_secret.hex(),
            'transport': self.transport.hex(),
            'fingerprint': ' '.join('%05d' % (int.from_bytes(sums[5 * i:5 * i + 5], 'big') % 100000)
                                    for i in range(6)),
        }


class Record:
    """A signed record or statement."""

    def __init__(self, type_name, author, body, slot=0, seq=None, time=T0, expires=0, key=0, note=''):
        self.type_name, self.author, self.key, self.note = type_name, author, key, note
        self.type, self.slot = TYPES[type_name], slot
        self.seq = time if seq is None else seq
        self.body = pack(body)
        self.bytes = pack([1, self.type, author.id, key, slot, self.seq, time, expires, Raw(self.body)])
        self.id = h('vizinho/record', FEDERATION, u64(self.type), self.bytes)
        self.signed = sign(author.seeds[key], self.id) + self.bytes

    def item(self, dead=False):
        return h('vizinho/item', self.author.id, u64(self.type), u64(self.slot), u64(self.seq),
                 b'dead' if dead else self.id)

    def json(self):
        out = {'type': self.type_name, 'author': self.author.label, 'note': self.note,
               'signed': self.signed.hex(), 'id': self.id.hex(),
               'key': self.author.keys[self.key].hex(), 'body': self.body.hex()}
        if self.type < 64:
            out['item'], out['item_dead'] = self.item().hex(), self.item(True).hex()
        return out


def write_once(type_name, author, body, slot, time, note=''):
    expires = (time // DAY + 1) * DAY + TIMES['write_once_ms']
    return Record(type_name, author, body, slot, 1, time, expires, note=note)


def slot_of(time, n, k=0):
    return time // DAY << 32 | n << 8 | k


def cell(lat, lon, level):
    n = 1 << level
    x = min(int((lon + 180) * n / 360), n - 1)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n)
    q = sum(((x >> i & 1) | (y >> i & 1) << 1) << 2 * i for i in range(level))
    return (2 * q + 1) << 2 * (20 - level)


def varint(v):
    out = b''
    while v >= 128:
        out, v = out + bytes([v & 127 | 128]), v >> 7
    return out + bytes([v])


def region(cells, level):
    """Stored without compression, so that every zlib gives the same bytes."""
    shift, before, plain = 2 * (20 - level), 0, b''
    for c in sorted(cells):
        plain, before = plain + varint((c >> shift) - before), c >> shift
    return bytes([1, level]) + zlib.compress(plain, 0)


A, B, C = Author('origin'), Author('asked'), Author('other')
LINHARES, VITORIA = 3203205, 3205309
CNPJ_A, CNPJ_B = cnpj('112223330001'), cnpj('12ABC34501DE')
CELL = cell(-19.391, -40.072, 16)
AREA_CELL = cell(-19.391, -40.072, 14)
SLOT = slot_of(T0, 3)
MATERIAL = {'federation': FEDERATION, 'a': A, 'b': B, 'c': C, 't0': T0, 'slot': SLOT, 'types': TYPES, 'times': TIMES,
            'linhares': LINHARES, 'vitoria': VITORIA, 'cell': CELL, 'area_cell': AREA_CELL, 'cnpj': CNPJ_A,
            'region': region, 'cell_of': cell, 'write_once_ms': TIMES['write_once_ms']}


LOG_START = h('vizinho/log-start', u64(LOG), u64(OLD_LOG), u64(5), stream('old value'))
FIRST_START = h('vizinho/log-start', u64(LOG), u64(0), u64(0), ZERO)


def head_of(seq, number, value):
    """The commitment of a NODE with this seq to the head of a log."""
    return h('vizinho/head', u64(seq), u64(LOG), u64(number), value)


class Log:
    """The chain of an origin's OFFER, CLOSE, RESULT and CHOICE."""

    def __init__(self):
        self.number, self.value, self.values = 0, LOG_START, []

    def position(self, offer_number):
        return [LOG, self.number + 1, self.value, offer_number]

    def take(self, record, offer_number):
        self.number += 1
        self.value = h('vizinho/log', self.value, u64(LOG), u64(self.number), u64(offer_number), u64(record.type),
                       u64(record.slot), record.id)
        self.values.append(self.value.hex())
        return record


def log_vector():
    return {'log': LOG, 'first_start': FIRST_START.hex(), 'old_log': OLD_LOG, 'old_number': 5,
            'old_value': stream('old value').hex(), 'start': LOG_START.hex(), 'seq': T0, 'number': 17,
            'value': stream('log value').hex(), 'head': head_of(T0, 17, stream('log value')).hex()}


def public_records():
    by_id = sorted((B, C), key=lambda a: a.id)
    entries = [[p.id, T0 - 3 * DAY, 0 if p is B else T0 - DAY // 2] for p in by_id]
    partners = Record('PARTNERS', A, [LOG, stream('partners before'), entries])
    returned = [e for p in entries for e in ([p] if p[0] == B.id else [p, [p[0], T0 + 1, 0]])]
    cells = [CELL, cell(-19.42, -40.06, 16), cell(-19.5, -40.3, 12)]
    return [
        Record('NODE', A, A.node('Provedor Água Doce', CNPJ_A, 64512,
                                 ['[2001:db8::1]:7411', '192.0.2.1:7411'], False, '+5527999990000',
                                 'seg a sex, 8h às 18h', 'privacidade@aguadoce.example', partners.id,
                                 head_of(T0, 17, stream('log value')))),
        Record('NODE', B, B.node('Bairro Fibra', CNPJ_B, 0, [], True, None, None, None),
               note='an alphanumeric CNPJ, everything else omitted'),
        Record('NODE', C, C.node('C', None, 4294967295, ['a:1'], False, None, None, None)),
        Record('SUCCESSION', A, [A.keys[1], A.next_hash(2)], slot=1, seq=1, key=1),
        Record('REVOCATION', A, [], slot=0, seq=1, key=0, note='of key 0'),
        Record('REVOCATION', A, [], slot=1, seq=1, key=1, note='of key 1'),
        Record('VOUCH', A, [B.id, 0, False], slot=0),
        Record('VOUCH', A, [C.id, 0, True], slot=63, seq=T0 + 1, note='withdrawn'),
        partners,
        Record('PARTNERS', B, [1, ZERO, []], note='nobody'),
        Record('COVERAGE', B, ['BR', 1, 1000, [LINHARES, VITORIA], [[29900000, 29919999], [29990000, 29990000]],
                               region(cells, 16)]),
        Record('COVERAGE', B, ['BR', 5, 0, [LINHARES], [], b''], slot=63, note='a municipality only'),
        Record('COVERAGE', C, ['BR', 3, 50, [LINHARES], [[0, 99999999]], b''], note='one range'),
        Record('COVERAGE', C, ['BR', 1, 0, [], [], b''], slot=1, note='withdrawn'),
        Record('PARTNERS', A, [LOG, partners.id, returned], time=T0 + 1, note='one came back: two entries'),
        Record('PARTNERS', C, [(1 << 64) - 1, ZERO, [[A.id, T0, 0]]], note='the first: all dates are its own'),
    ]


def entries(*of):
    """A list of an OFFER: index, turn, newcomer."""
    return b''.join(bytes([index]) + (turn | newcomer << 31).to_bytes(4, 'big') for index, turn, newcomer in of)


CONSENT_TEXT = 'texto lido ao cliente'


def proof_line(author, proof, keys, offer):
    """The customer's line of a PROOF, and the same as JSON."""
    array = pack([FEDERATION, proof.signed, author.keys[0], author.next_hash(1), author.nonce,
                  [k.signed for k in keys]])
    line = 'VIZPROOF1.' + (base32(array) + base32(h('vizinho/text', b'VIZPROOF', array)[:5])[:7]).upper()
    assert len(line) <= 3200
    k = proof.seq
    return {'line': line, 'id': proof.id.hex(), 'key': proof.key, 'text': CONSENT_TEXT, 'json': {
        'federation': FEDERATION.hex(), 'offer': offer.offer.id.hex(), 'author': id_text('viz', author.id),
        'text_version': '2025-1', 'text_hash': h('vizinho/consent-text', CONSENT_TEXT.encode()).hex(),
        'asked': [id_text('viz', a.id) for a in offer.asked],
        'order': [id_text('viz', offer.asked[i].id) for i in offer.order], 'k': k,
        **({'chosen': id_text('viz', B.id)} if k == 1 else {}), 'line': line}}


class Offer:
    """One lead from OFFER to ERASED."""

    def __init__(self):
        self.salt = stream('salt')
        self.location = pack([[-19391000, -40072000], 30, LINHARES, 29900000, 1, 202512])
        self.location_blinding, self.receipt_blinding = stream('location b'), stream('receipt b')
        self.release = stream('release')
        self.release_hash = h('vizinho/release', self.release)
        self.reference_blinding = stream('reference b')
        self.asked = sorted((B, C), key=lambda a: a.id)
        self.drawn = T0 - 60000
        self.items = self.view_items()
        self.hashes = [author_items(a, 1, self.items[a.id]) for a in self.asked]
        self.view = h('vizinho/view', u64(self.drawn), *self.hashes)
        self.node, self.partners = stream('named node'), stream('partners')
        self.log = Log()
        self.receipt = self.make_receipt(1, [[e.id, CNPJ_B if e is B else None] for e in self.asked],
                                         1, 1, 'location')
        self.at = self.log.position(1)
        # by index: those asked have turns 3 and 7, a newcomer was struck, two were not drawn
        self.offer = self.log.take(write_once('OFFER', A, self.body(
            entries((200, 3, 0), (0, 7, 0)), entries((3, 5, 1)), entries((1, 9, 0), (2, 9, 1)), bytes([4, 255]),
            bytes([17]), stream('previous'), None), SLOT, T0), 1)
        self.largest = write_once('OFFER', A, self.body(
            entries(*((i, TURN_MAX - 1, 1) for i in range(5))), b'',
            entries(*((i, TURN_MAX - 1, 1) for i in range(5, 255))), b'', b'', stream('previous'),
            stream('opening'), TURN_MAX), SLOT, T0, 'the longest lists')
        assert len(self.largest.signed) - 64 <= 2048
        self.first = write_once('OFFER', A, self.body(entries((0, 0, 1)), b'', b'', b'', b'', None, None), SLOT, T0,
                                'one partner; no offer before')
        self.proposal = pack([['Fibra 500', 9990, 500, 250, 1, 3, 'https://bairrofibra.example/planos']])
        self.pledges = [self.pledge(e, 1 if e is B else 3) for e in self.asked]
        self.close_and_result()

    def body(self, asked, struck, not_drawn, blocked, silent, previous, opening, draw=12):
        return [
            *self.at, self.node, T0 - 5, self.partners, draw, self.drawn, T0 + 20000, self.view,
            [LINHARES, AREA_CELL], asked, struck, not_drawn, blocked, silent, previous, opening,
            h('vizinho/order-salt', self.salt, b''),
            h('vizinho/location', self.location_blinding, self.location),
            h('vizinho/receipt', self.receipt_blinding, self.receipt.id)]

    def view_items(self):
        """Type, slot, seq and record id (None: dead) of the places of each author."""
        full = [[2, 1, 1, stream('succession')], [3, 0, 1, stream('revocation')],
                [5, 0, T0 - 5, stream('their partners')], [6, 0, T0 - 9, None],
                [6, 63, T0 - 7, stream('coverage 63')]]
        return {self.asked[0].id: full, self.asked[1].id: []}

    def make_receipt(self, purpose, recipients, fields, seq, label, state=2, previous=ZERO):
        rid = stream('receipt ' + label, 16)
        return Record('RECEIPT', A, [
            rid, SLOT, purpose, 'BR', 'pt-BR', h('vizinho/subject', stream('subject salt'), rid), CNPJ_A,
            recipients, fields, '2025-1', h('vizinho/consent-text', CONSENT_TEXT.encode()),
            'phone', h('vizinho/reference', self.reference_blinding, b'chamada 4711', b'ana'), T0,
            T0 + TIMES['undelivered_ms'],
            T0 + 20000 + TIMES['location_erase_ms'] + TIMES['suspicion_ms'] if purpose == 1
            else T0 + TIMES['contact_holder_ms'],
            'privacidade@aguadoce.example', state, previous], SLOT, seq)

    def pledge(self, author, answer):
        nonce, blinding = stream(author.label + ' pledge nonce'), stream(author.label + ' blinding')
        blinded = h('vizinho/proposal', blinding, self.proposal)
        commitment = ZERO
        if answer < 3:
            commitment = h('vizinho/pledge', self.offer.id, author.id, blinded, nonce)
        record = Record('PLEDGE', author, [self.offer.id, answer, commitment], SLOT, 1, T0 + 5000,
                        note='answer %d' % answer)
        assert len(record.signed) == 192
        return {'author': author, 'answer': answer, 'nonce': nonce, 'blinding': blinding,
                'blinded': blinded, 'record': record, 'commitment': commitment}

    def close_and_result(self):
        log, at = self.log, self.log.position(1)
        self.close = log.take(write_once('CLOSE', A, [*at, self.offer.id, [p['record'].signed for p in self.pledges]],
                                         SLOT, T0 + 6000), 1)
        self.early = write_once('CLOSE', A, [*at, self.offer.id, [None, self.pledges[1]['record'].signed]],
                                SLOT, T0 + DAY, 'one has not answered; on the next day')
        revealed = [p['nonce'] + p['blinded'] if p['answer'] < 3 else None for p in self.pledges]
        self.chosen = next(p for p in self.pledges if p['author'] is B)
        self.choice_blinding = stream('choice blinding')
        self.order = order = order_of(self.offer.id, self.close.id, self.salt,
                         [(p['record'].id, p['nonce']) if p['answer'] < 3 else None for p in self.pledges])
        at = log.position(1)
        self.result = log.take(write_once('RESULT', A, [*at, self.offer.id, self.close.id, 1, self.salt, revealed,
                                                        order], SLOT, T0 + 30000), 1)
        self.withdrawn = write_once('RESULT', A, [*at, self.offer.id, self.close.id, 2, self.salt, revealed, b''],
                                    SLOT, T0 + 7000, 'withdrawn: no order')
        commitment = h('vizinho/choice', self.choice_blinding, self.offer.id, u64(1), B.id)
        self.choice = log.take(write_once('CHOICE', A, [*log.position(1), self.offer.id, 1, commitment, None],
                                          SLOT | 1, T0 + 60000), 1)
        log.take(write_once('OFFER', A, [*log.position(5)], SLOT + 256, T0 + 70000), 5)  # of another offer
        at = log.position(1)
        self.none = write_once('CHOICE', A, [*at, self.offer.id, 2, ZERO, None], SLOT | 16, T0 + 5 * DAY,
                               'none')
        self.opening = write_once('CHOICE', A, [*at, self.offer.id, 1, stream('second'), self.release],
                                  SLOT | 2, T0 + DAY, 'opens the release of award 1')

    def protests(self):
        """One of each kind, by B, and the replies of A."""
        day, pledge = T0 // DAY << 32, self.chosen['record'].signed

        def protest(kind, n, number=0, note=None):
            return write_once('PROTEST', B, [
                A.id, self.node, T0 - 5, self.partners, None if kind in (5, 8) else self.offer.id, kind, number,
                pledge if kind < 3 else None, []], day | n << 8, T0 + 40000, note or 'kind %d' % kind)
        out = [protest(kind, kind - 1, 17 if kind == 5 else 0) for kind in range(1, 9)]
        out.append(protest(5, 31, LOG_NUMBER_MAX, 'the last of a day'))
        for n, answers in ((32, [(p.id, 1 + i % 6) for i, p in enumerate(out)]),
                           (543, [(stream('protest %d' % i), 2) for i in range(16)])):
            out.append(write_once('PROTEST', A, [A.id, self.node, T0 - 5, self.partners, None, 0, 0, None,
                                                 [list(a) for a in sorted(answers)]], day | n << 8, T0 + 50000,
                                  'a reply to %d' % len(answers)))
        return out

    def statements(self):
        self.make_proofs()
        p, offer = self.chosen, self.offer.id
        second = self.make_receipt(2, [[B.id, CNPJ_B]], 62, 2, 'contact')
        reveal = Record('REVEAL', B, [offer, self.close.id, p['record'].id, p['nonce'], p['blinding'],
                                      self.proposal], SLOT, 1)
        award = Record('AWARD', A, [offer, 1, B.id, p['record'].id, self.choice.id, self.choice_blinding,
                                    second.id, T0 + 30 * DAY], SLOT, 1)
        self.award, self.second = award, second
        return [
            self.receipt, second,
            self.make_receipt(1, [[e.id, CNPJ_B if e is B else None] for e in self.asked], 1, 35, 'location', 4,
                              self.receipt.id),
            self.make_receipt(2, [[B.id, CNPJ_B]], 14, 81, 'contact', 6, second.id),
            Record('COVERAGE_ACK', A, [B.id, stream('coverage')], 0, 1),
            *[q['record'] for q in self.pledges],
            Record('PLEDGE_ACK', A, [offer, p['record'].id], SLOT, self.pledges.index(p)),
            reveal, Record('REVEAL_ACK', A, [offer, p['record'].id], SLOT, self.pledges.index(p)), award,
            Record('HANDOFF_ACK', B, [award.id, True, 0], SLOT, 1),
            Record('HANDOFF_ACK', B, [award.id, False, 6], SLOT, 1, note='refused'),
            Record('LEASE', A, [award.id, self.release_hash, T0 + 70000, True, False, TIMES['lease_ms'],
                                T0 + TIMES['lease_ms'] + TIMES['lease_margin_ms']], SLOT, 1),
            Record('LEASE', A, [award.id, self.release_hash, T0 + 80000, True, True, TIMES['contacted_ms'],
                                T0 + TIMES['contacted_ms'] + TIMES['lease_margin_ms']], SLOT, 1, note='extended'),
            Record('LEASE', A, [award.id, ZERO, T0 + 70000, False, False, 0, 0], SLOT, 1, note='not granted'),
            Record('CONTACTED', B, [award.id], SLOT, 1),
            Record('OUTCOME', B, [award.id, 1, 2, self.release], SLOT, 1),
            Record('OUTCOME', B, [award.id, 2, None, None], SLOT, 1, note='lost'),
            Record('RELEASE', B, [award.id, self.release], SLOT, 1),
            Record('RELEASE', B, [award.id, None], SLOT, 1, note='no lease was asked for'),
            Record('WITHDRAWAL', A, [offer, 1, 0], SLOT, 1 << 32, note='everything'),
            Record('WITHDRAWAL', A, [offer, 2, 1], SLOT, 2 << 32 | 1, note='award 1'),
            Record('ERASED', B, [offer, 1, 0, None], SLOT, 1 << 32, note='the location'),
            Record('ERASED', B, [offer, 2, 1, self.release], SLOT, 2 << 32 | 1, note='everything'),
            Record('ERASED', B, [offer, 3, 0, None], SLOT, 3 << 32, note='withdrawn, before an award'),
            Record('ERASED', B, [offer, 3, 1, self.release], SLOT, 3 << 32 | 1, note='withdrawn'),
            *self.proofs,
        ]

    def make_proofs(self):
        """What the customer keeps: before a choice, after it, and after the last word."""
        text = ['2025-1', h('vizinho/consent-text', CONSENT_TEXT.encode())]
        asked = [a.id for a in self.asked]

        def proof(author, k, chosen, blinding, key=0, time=T0 + 61000, note=''):
            return Record('PROOF', author, [self.offer.id, *text, asked, self.order, k, chosen, blinding], SLOT, k,
                          time, key=key, note=note)
        self.proofs = [proof(A, 0, ZERO, None, time=T0 + 30000), proof(A, 1, B.id, self.choice_blinding),
                       proof(A, 2, ZERO, None, time=T0 + 5 * DAY, note='nobody')]
        keys = [Record('SUCCESSION', A, [A.keys[1], A.next_hash(2)], slot=1, seq=1, key=1),
                Record('SUCCESSION', A, [A.keys[2], stream('no next key')], slot=2, seq=1, key=2)]
        late = [proof(A, 1, B.id, self.choice_blinding, key) for key in (1, 2)]
        many = Author('many keys')
        many.seeds += [stream('many keys key %d' % n) for n in (3, 4, 5)]
        many.keys += [public_key(s) for s in many.seeds[3:]]
        far = proof(many, 1, B.id, self.choice_blinding, 5)
        self.lines = [proof_line(A, p, keys[:p.key], self) for p in self.proofs + late] + [
            proof_line(many, far, [], self)]

    def json(self):
        pledges = [{'author': p['author'].id.hex(), 'id': p['record'].id.hex(),
                    'nonce': p['nonce'].hex(), 'blinding': p['blinding'].hex(),
                    'blinded': p['blinded'].hex(), 'commitment': p['commitment'].hex(),
                    'signed': p['record'].signed.hex()} for p in self.pledges]
        return {
            'origin': A.id.hex(), 'slot': SLOT, 'salt': self.salt.hex(),
            'location': self.location.hex(), 'location_blinding': self.location_blinding.hex(),
            'receipt_blinding': self.receipt_blinding.hex(), 'receipt_id': self.receipt.id.hex(),
            'release': self.release.hex(), 'release_hash': self.release_hash.hex(),
            'reference_blinding': self.reference_blinding.hex(),
            'reference': h('vizinho/reference', self.reference_blinding, b'chamada 4711', b'ana').hex(),
            'view_authors': [{'author': a.id.hex(), 'items': pack(self.items[a.id]).hex(), 'hash': x.hex()}
                             for a, x in zip(self.asked, self.hashes)],
            'view_time': self.drawn, 'view_digest': self.view.hex(), 'partners': self.partners.hex(),
            'offer': self.offer.signed.hex(), 'proposal': self.proposal.hex(), 'pledges': pledges,
            'close': self.close.signed.hex(), 'result': self.result.signed.hex(),
            'choice': self.choice.signed.hex(), 'choice_blinding': self.choice_blinding.hex(),
            'chosen': B.id.hex(), 'log_values': self.log.values,
        }


def unpacked(data):
    """The ids of a region's cells; None when it does not unpack."""
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(data[2:])
    except zlib.error:
        return None
    if data[0] != 1 or data[1] > 20 or not stream.eof or stream.unused_data:
        return None
    cells, v, at, shift = [], 0, 0, 2 * (20 - data[1])
    while at < len(plain):
        end = next((i for i in range(at, len(plain)) if plain[i] < 128), None)
        if end is None or end > at and plain[end] == 0:
            return None
        v += sum((plain[i] & 127) << 7 * (i - at) for i in range(at, end + 1))
        cells, at = cells + [v << shift], end + 1
    levels = [20 - ((c & -c).bit_length() - 1) // 2 for c in cells]
    if not cells or max(levels) != data[1] or any((c & -c).bit_length() % 2 == 0 for c in cells):
        return None
    if any(b <= a or touch(a, b) for a, b in zip(cells, cells[1:])):
        return None
    return cells


def touch(a, b):
    """Of two cells that have a point in common one is the other, or holds it."""
    return any(x - (x & -x) < y < x + (x & -x) for x, y in ((a, b), (b, a)))


def meets(coverage, area):
    codes, packed_cells = coverage[3], coverage[5]
    if area[0] not in codes:
        return False
    if not packed_cells:
        return True
    cells = unpacked(packed_cells)
    return cells is not None and (area[1] == 0 or any(touch(c, area[1]) for c in cells))


def meets_vector():
    ranges = [[29900000, 29919999]]
    west = cell(-19.391, -40.072 - 360 / (1 << 14), 14)
    sound = region([CELL], 16)
    records = [(note, ['BR', 1, 0, codes, ceps, packed_cells]) for note, codes, ceps, packed_cells in (
        ('a municipality only', [LINHARES], [], b''), ('another municipality', [VITORIA], [], b''),
        ('ranges, no region', [LINHARES, VITORIA], ranges, b''), ('withdrawn', [], [], b''),
        ('a smaller cell', [LINHARES], [], region([CELL], 16)),
        ('the same cell', [LINHARES], ranges, region([AREA_CELL], 14)),
        ('a larger cell', [LINHARES], [], region([cell(-19.391, -40.072, 9)], 9)),
        ('the whole map', [LINHARES], [], region([1 << 40], 0)),
        ('the cell beside it', [LINHARES], ranges, region([west], 14)),
        ('the cell beside it, and a smaller one', [LINHARES], [], region([west, CELL], 16)),
        ('the cell, of another municipality', [VITORIA], [], region([AREA_CELL], 14)),
        ('a region without its last byte', [LINHARES], ranges, sound[:-1]),
        ('a region and one byte more', [LINHARES], [], sound + b'\0'),
        ('a region with a wrong checksum', [LINHARES], [], sound[:-1] + bytes([sound[-1] ^ 1])),
        ('a region of another version', [LINHARES], [], b'\2' + sound[1:]),
        ('a region with the level of none of its cells', [LINHARES], [], region([CELL], 17)),
        ('a region with a cell inside another', [LINHARES], [], region([AREA_CELL, CELL], 16)),
        ('a region with a cell twice', [LINHARES], [], region([CELL, CELL], 16)))]
    return [{'note': note, 'coverage': pack(body).hex(), 'area': pack(area).hex(), 'meets': meets(body, area)}
            for note, body in records for area in ([LINHARES, 0], [LINHARES, AREA_CELL])]


def fits(location, area):
    point, precision, reach = location[0], location[1], 12 * location[1]
    if location[2] != area[0]:
        return False
    if area[1] == 0:
        return True
    return point is not None and all(
        abs(lat) <= 90000000 and abs(lon) <= 180000000 and cell(lat / 1e6, lon / 1e6, 14) == area[1]
        for lat in (point[0] - reach, point[0] + reach) for lon in (point[1] - reach, point[1] + reach))


def edges():
    """The first and last microdegrees of AREA_CELL, around the point (-19391000, -40072000)."""
    def last(lat, lon, dlat, dlon):
        step = 1 << 16
        while step:
            if cell((lat + step * dlat) / 1e6, (lon + step * dlon) / 1e6, 14) == AREA_CELL:
                lat, lon = lat + step * dlat, lon + step * dlon
            else:
                step >>= 1
        return lat if dlat else lon
    here = (-19391000, -40072000)
    return last(*here, -1, 0), last(*here, 1, 0), last(*here, 0, -1), last(*here, 0, 1)


def fits_vector():
    south, north, west, east = edges()
    lat, lon = (south + north) // 2, (west + east) // 2
    largest = min(lat - south, north - lat, lon - west, east - lon) // 12
    points = [('in the middle', [lat, lon], 50), ('no point', None, 0), ('exact, in a corner', [south, west], 0),
              ('exact, one microdegree south', [south - 1, west], 0),
              ('precision as large as the cell', [lat, lon], largest),
              ('precision larger than the cell', [lat, lon], largest + 1),
              ('precision of 1000 km', [lat, lon], 1000000)]
    for name, at, step in (('south', [south + 600, lon], [-1, 0]), ('north', [north - 600, lon], [1, 0]),
                           ('west', [lat, west + 600], [0, -1]), ('east', [lat, east - 600], [0, 1])):
        points.append(('the circle touches the border: ' + name, at, 50))
        points.append(('the circle crosses the border: ' + name, [at[0] + step[0], at[1] + step[1]], 50))
    cases = [(note, [point, precision, LINHARES, 0, 1, 0], [LINHARES, AREA_CELL])
             for note, point, precision in points]
    cases += [('no cell', [None, 5000, LINHARES, 0, 1, 0], [LINHARES, 0]),
              ('another municipality', [[lat, lon], 50, VITORIA, 0, 1, 0], [LINHARES, AREA_CELL]),
              ('another municipality, no cell', [None, 0, VITORIA, 0, 1, 0], [LINHARES, 0])]
    return [{'note': note, 'location': pack(location).hex(), 'area': pack(area).hex(),
             'fits': fits(location, area)} for note, location, area in cases]


def author_items(author, number, items):
    return h('vizinho/author-items', author.id, u64(number), *[
        h('vizinho/item', author.id, u64(t), u64(slot), u64(seq), b'dead' if rid is None else rid)
        for t, slot, seq, rid in items])


def order_of(offer, close, salt, entries):
    """Positions of the entries (pledge, nonce); None: not revealed."""
    seed = h('vizinho/order', offer, close, salt, *[part for e in entries if e for part in e])
    return bytes(sorted((i for i, e in enumerate(entries) if e),
                        key=lambda i: h('vizinho/order-item', seed, entries[i][0])))


def order_vector():
    entries = [(stream('order pledge %d' % i), stream('order nonce %d' % i)) for i in range(9)]
    for i in (2, 5):
        entries[i] = None
    offer, close, salt = stream('order offer'), stream('order close'), stream('order salt')
    return {'offer': offer.hex(), 'close': close.hex(), 'salt': salt.hex(),
            'entries': [e and [part.hex() for part in e] for e in entries],
            'order': order_of(offer, close, salt, entries).hex()}


HOUR = T0 // (6 * TIMES['repair_ms'])


def invitation(addresses, name, cnpj_text, asn):
    array = pack([FEDERATION, A.id, A.transport, stream('token', 16), T0 + 7 * DAY, name, cnpj_text, asn,
                  addresses])
    line = 'vizinvite1.' + (array + h('vizinho/invite-line', array)[:4]).hex()
    return {'line': line, 'array': array.hex(), 'author': A.id.hex(), 'transport': A.transport.hex(),
            'token': stream('token', 16).hex(),
            'token_hash': h('vizinho/invite', stream('token', 16)).hex()}


def hellos(records):
    by = {(r.type_name, r.author.label): r.signed for r in records if r.key == 0 or r.type == 2}
    return [
        {'name': 'first key', 'bytes': pack([B.id, None, [by['NODE', 'asked']]]).hex()},
        {'name': 'invitation', 'bytes': pack([A.id, stream('token', 16), [by['NODE', 'origin']]]).hex()},
        {'name': 'rotated', 'bytes': pack([A.id, None, [by['SUCCESSION', 'origin'],
                                                        by['NODE', 'origin']]]).hex()},
    ]


def mails(records, offer):
    """One of each kind, in their order."""
    return [
        ('STATEMENT', 1, [offer.receipt.signed]), ('LOCATION_ASK', 2, [SLOT]),
        ('LOCATION', 3, [SLOT, offer.location, offer.location_blinding, offer.receipt.signed,
                         offer.receipt_blinding]),
        ('LOCATION_REFUSED', 4, [SLOT]),
        ('PLEDGE', 5, [offer.pledges[0]['record'].signed, 1 if offer.pledges[0]['answer'] == 3 else 0]),
        ('VIEW_ASK', 7, [SLOT]), ('VIEW', 8, [SLOT, b''.join(offer.hashes)]),
        ('VIEW_ITEMS_ASK', 9, [SLOT, B.id]),
        ('VIEW_ITEMS', 10, [SLOT, offer.asked[0].id, offer.items[offer.asked[0].id]]),
        ('EVIDENCE_ASK', 11, [SLOT, [stream('view 1'), stream('view 2')]]),
        ('EVIDENCE_ASK of what is named', 11, [None, [offer.partners, offer.node]]),
        ('EVIDENCE', 12, [SLOT, records[10].id, records[10].signed]),
        ('EVIDENCE of what is named', 12, [None, records[0].id, records[0].signed]),
        ('HANDOFF', 13, [offer.choice.signed, offer.award.signed, offer.second.signed,
                         pack(['Maria das Dores', '+5527988887777', 'Rua das Palmeiras, 12, Centro',
                               '2025-12-01', 'Fibra 500'])]),
        ('LEASE_ASK', 14, [offer.award.id, T0 + 70000, offer.release_hash]),
        ('STATE asked', 15, [offer.offer.id, 0, 7, ZERO]),
        ('STATE of no award', 15, [offer.offer.id, 0, 0, ZERO]),
        ('STATE', 15, [offer.offer.id, 1, 4, offer.award.id]),
    ]


def messages(records, offer):
    place = [B.id, 6, 0]
    out = [
        ('RECORD', [1, records[0].signed]), ('WANT', [4, [place]]), ('MAIL_ACK', [6, 17]),
        ('ANNOUNCE', [15, [[B.id, 6, 0, stream('item')[:8]], [A.id, 4, 63, bytes(8)]]]),
        ('HEAD', [10, A.id, T0, LOG, 17, 17, stream('log value'), [OLD_LOG, 5, stream('old value')]]),
        ('HEAD of the first log', [10, A.id, T0, LOG, 0, 0, FIRST_START, None]),
        ('HEAD of another', [10, A.id, 0, LOG, 3, 17, stream('log value'), None]),
        ('HEAD of nothing', [10, A.id, 0, 0, 0, 0, ZERO, None]),
        ('LOG_ASK', [11, A.id, LOG, 4, 515]), ('LOG_ASK of one', [11, A.id, LOG, 4, 4]),
        ('LOG', [12, A.id, LOG, 1, [[1, r.type, r.slot, r.id] for r in
                                    (offer.offer, offer.close, offer.result, offer.choice)]]),
        ('LOG empty', [12, A.id, LOG, 4, []]), ('LOG_WANT', [13, A.id, LOG, [1, 3, LOG_NUMBER_MAX]]),
        ('OFFER_ASK', [24, sorted([offer.offer.id, stream('offer')])]), ('OFFER_ASK of one', [24, [offer.offer.id]]),
        ('TOKEN', [2, stream('token')[:16]]), ('TOKEN_END', [3, True]), ('TOKEN_END dead', [3, False]),
        ('CLOCK', [7, T0]), ('MEMBER', [8, T0]), ('CLONE', [9]), ('LAST', [25, records[0].signed]),
        ('LAST of a statement', [25, offer.award.signed]), ('LAST empty', [25, None]),
        ('PROTESTS', [14, A.id, T0 // DAY, True, b''.join(sorted(p.id[:8] for p in offer.protests()))]),
        ('PROTESTS none', [14, A.id, 65535, False, b'']),
    ] + tree_messages(records[:4] + records[6:14], HOUR) + [('MAIL ' + name, [5, 17 + kind, kind, body]) for name, kind, body in mails(records, offer)]
    return [{'name': name, 'bytes': pack(body).hex()} for name, body in out]


def parts(offer):
    """Values that are parts of others, each with the name of its codec."""
    contact = ['Zé', '+5527988887777', 'Sítio Boa Vista, lote 3', '', '']
    return [{'what': what, 'bytes': pack(v).hex()} for what, v in (
        ('location', [None, 0, LINHARES, 0, 1, 0]),
        ('location', [[-85000000, 180000000], 1000000, VITORIA, 99999999, 2, 999912]),
        ('contact', contact), ('area', [LINHARES, 0]), ('area', [LINHARES, AREA_CELL]),
        ('proposal', Raw(offer.proposal)), ('proposal', []),
        ('federation', Raw(FEDERATION_BYTES)))]


def main():
    self_check()
    records = public_records()
    offer = Offer()
    statements = offer.statements()
    protests = offer.protests()
    gossiped = records + [offer.offer, offer.first, offer.largest, offer.close, offer.early, offer.result, offer.withdrawn,
                          offer.choice, offer.opening, offer.none, *protests]
    json.dump({
        'comment': 'python3 make_protocol.py > protocol.json',
        'federation': {'name': 'vizinho-br', 'times': TIMES, 'bytes': FEDERATION_BYTES.hex(),
                       'id': FEDERATION.hex(), 'prologue': (b'vizinho\x01' + FEDERATION).hex()},
        'authors': {a.label: a.json() for a in (A, B, C)},
        'records': [r.json() for r in gossiped], 'statements': [s.json() for s in statements],
        'parts': parts(offer), 'hellos': hellos(records), 'messages': messages(records, offer),
        'log': log_vector(), 'meets': meets_vector(), 'fits': fits_vector(),
        'proofs': offer.lines, 'offer': offer.json(), 'order': order_vector(), 'tree': tree_vector(records[:4] + records[6:14], HOUR),
        'sketch': sketch_vector(records[:4] + records[6:14]),
        'invitations': [invitation(['[2001:db8::1]:7411'], 'Provedor Água Doce', CNPJ_A, 64512),
                        invitation([], 'C', None, 0)],
        'invalid': invalid({**MATERIAL, 'entries': entries, 'mail_kinds': max(kind for _, kind, _ in mails(records, offer))}, gossiped, statements, offer),
    }, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == '__main__':
    main()
