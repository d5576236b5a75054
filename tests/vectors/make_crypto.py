#!/usr/bin/env python3
"""Known answers for crypto/, from hashlib and the text of RFC 8439: python3 make_crypto.py > crypto.json"""
import base64
import hashlib
import json
import struct


def framed(domain, parts):
    out = bytes([len(domain)]) + domain.encode()
    for part in parts:
        out += struct.pack('<Q', len(part)) + part
    return out


def h(domain, *parts, key=b''):
    return hashlib.blake2b(framed(domain, parts), digest_size=32, key=key).digest()


def stream(label, n):
    """n pseudo-random bytes, the same in every run."""
    return hashlib.shake_256(label.encode()).digest(n)


def base32(data):
    return base64.b32encode(data).decode().lower().rstrip('=')


def id_text(prefix, data):
    check = h('vizinho/text', prefix.encode(), data)
    return prefix + '1' + base32(data) + base32(check[:5])[:7]


def author_id(federation, first_key, next_hash, nonce):
    return h('vizinho/author', federation, first_key, next_hash, nonce)


def fingerprint(author, key):
    d = h('vizinho/fingerprint', author, key)
    return ' '.join('%05d' % (int.from_bytes(d[5 * i:5 * i + 5], 'big') % 100000) for i in range(6))


def chacha20_block(key, counter):
    """RFC 8439, section 2.3, with a nonce of zeros."""
    def rotate(v, n):
        return ((v << n) | (v >> (32 - n))) & 0xffffffff

    def quarter(s, a, b, c, d):
        s[a] = (s[a] + s[b]) & 0xffffffff
        s[d] = rotate(s[d] ^ s[a], 16)
        s[c] = (s[c] + s[d]) & 0xffffffff
        s[b] = rotate(s[b] ^ s[c], 12)
        s[a] = (s[a] + s[b]) & 0xffffffff
        s[d] = rotate(s[d] ^ s[a], 8)
        s[c] = (s[c] + s[d]) & 0xffffffff
        s[b] = rotate(s[b] ^ s[c], 7)

    start = list(struct.unpack('<4I', b'expand 32-byte k')) + list(struct.unpack('<8I', key)) + [counter, 0, 0, 0]
    s = start[:]
    for _ in range(10):
        for a in range(4):
            quarter(s, a, a + 4, a + 8, a + 12)
        for a in range(4):
            quarter(s, a, (a + 1) % 4 + 4, (a + 2) % 4 + 8, (a + 3) % 4 + 12)
    return struct.pack('<16I', *[(x + y) & 0xffffffff for x, y in zip(s, start)])


def draw(key, n):
    """The next key and n random bytes."""
    out = b''.join(chacha20_block(key, i) for i in range((32 + n + 63) // 64))
    return out[:32], out[32:32 + n]


def below(key, bound):
    while True:
        key, data = draw(key, 8)
        v = int.from_bytes(data, 'big')
        if v >= 2 ** 64 % bound:
            return key, v % bound


def hashes():
    shapes = [[], [0], [1], [0, 0], [32], [32, 32, 16], [127], [128], [129], [1000, 3], [4096], [9000]]
    domains = ['x', 'vizinho/test', 'd' * 64]
    for i, shape in enumerate(shapes):
        parts = [stream('part %d %d' % (i, j), n) for j, n in enumerate(shape)]
        domain = domains[i % 3]
        yield {'domain': domain, 'parts': [p.hex() for p in parts], 'hash': h(domain, *parts).hex()}


def authors():
    for i in range(8):
        fed, first, nxt, nonce = (stream('%s %d' % (what, i), n) for what, n in
                                  [('federation', 32), ('first', 32), ('next', 32), ('nonce', 16)])
        next_hash = h('vizinho/next-key', nxt)
        author = author_id(fed, first, next_hash, nonce)
        yield {'federation': fed.hex(), 'first_key': first.hex(), 'next_key': nxt.hex(),
               'next_hash': next_hash.hex(), 'nonce': nonce.hex(), 'author': author.hex(),
               'author_text': id_text('viz', author), 'key_text': id_text('vizkey', first),
               'fingerprint': fingerprint(author, first)}


def texts():
    for prefix in ['v', 'viz', 'vizkey', 'abcdefgh']:
        for data in [bytes(32), b'\xff' * 32, stream('text ' + prefix, 32)]:
            yield {'prefix': prefix, 'bytes': data.hex(), 'text': id_text(prefix, data)}


def rngs():
    for i in range(3):
        seed = key = stream('seed %d' % i, 32)
        draws = []
        for n in [0, 1, 31, 32, 33, 64, 95, 96, 97, 1000]:
            key, data = draw(key, n)
            draws.append(data.hex())
        belows = []
        for bound in [1, 2, 3, 10, 1000, 2 ** 32, 2 ** 63, 2 ** 63 + 1, 2 ** 64 - 1]:
            for _ in range(4):
                key, v = below(key, bound)
                belows.append([str(bound), str(v)])
        yield {'seed': seed.hex(), 'draws': draws, 'below': belows}


# RFC 8439, section 2.4.2 has another nonce. Appendix A.1, vector 1 has this one.
assert chacha20_block(bytes(32), 0).hex().startswith('76b8e0ada0f13d90405d6ae55386bd28')

print(json.dumps({'hash': list(hashes()), 'author': list(authors()),
                  'text': list(texts()), 'rng': list(rngs())}, indent=1))
