"""The primitives of PROTOCOL.md sections 2 and 3 in plain Python, from the texts of RFC 7693 (hashlib),
RFC 8032 (Ed25519), RFC 7748 (X25519), RFC 8439 and draft-irtf-cfrg-xchacha-03 (XChaCha20-Poly1305), and
canonical msgpack. They are slow, not constant-time, and share no code with the program: for vectors only."""
import hashlib
import struct

# --- H -----------------------------------------------------------------------------------------


def framed(domain, parts):
    out = bytes([len(domain)]) + domain.encode()
    for part in parts:
        out += struct.pack('<Q', len(part)) + part
    return out


def h(domain, *parts):
    return hashlib.blake2b(framed(domain, parts), digest_size=32).digest()


def u64(n):
    return struct.pack('>Q', n)


# --- Ed25519 -------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x % 2 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def point_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, hh = b - a, d - c, d + c, b + a
    return e * f % P, g * hh % P, f * g % P, e * hh % P


def point_mul(s, p):
    q = (0, 1, 1, 0)
    while s > 0:
        if s & 1:
            q = point_add(q, p)
        p = point_add(p, p)
        s >>= 1
    return q


def point_bytes(p):
    zinv = pow(p[2], P - 2, P)
    x, y = p[0] * zinv % P, p[1] * zinv % P
    return (y | (x & 1) << 255).to_bytes(32, 'little')


def expand(seed):
    digest = hashlib.sha512(seed).digest()
    a = int.from_bytes(digest[:32], 'little')
    return (a & ((1 << 254) - 8)) | 1 << 254, digest[32:]


def public_key(seed):
    return point_bytes(point_mul(expand(seed)[0], BASE))


def sign(seed, message):
    a, prefix = expand(seed)
    pub = point_bytes(point_mul(a, BASE))
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), 'little') % L
    big_r = point_bytes(point_mul(r, BASE))
    k = int.from_bytes(hashlib.sha512(big_r + pub + message).digest(), 'little') % L
    return big_r + ((r + k * a) % L).to_bytes(32, 'little')


# --- X25519 --------------------------------------------------------------------------------------


def x25519_public(secret):
    """RFC 7748, section 5, with the base point 9."""
    k = int.from_bytes(secret, 'little')
    k = (k & ~7 & ((1 << 254) - 1)) | 1 << 254
    x1, x2, z2, x3, z3, swap = 9, 1, 0, 9, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap != bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, 'little')


# --- XChaCha20-Poly1305 --------------------------------------------------------------------------


def rounds(state):
    def rotate(v, n):
        return ((v << n) | (v >> (32 - n))) & 0xffffffff

    def quarter(s, a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xffffffff
            s[z] = rotate(s[z] ^ s[x], n)

    s = list(state)
    for _ in range(10):
        for i in range(4):
            quarter(s, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return s


SIGMA = struct.unpack('<4I', b'expand 32-byte k')


def chacha20(key, counter, nonce, data):
    out = b''
    for i in range(0, len(data), 64):
        state = SIGMA + struct.unpack('<8I', key) + (counter + i // 64,) + struct.unpack('<3I', nonce)
        block = struct.pack('<16I', *[(a + b) & 0xffffffff for a, b in zip(rounds(state), state)])
        out += bytes(a ^ b for a, b in zip(data[i:i + 64], block))
    return out


def hchacha20(key, nonce):
    s = rounds(SIGMA + struct.unpack('<8I', key) + struct.unpack('<4I', nonce))
    return struct.pack('<8I', *(s[:4] + s[12:]))


def poly1305(key, message):
    r = int.from_bytes(key[:16], 'little') & 0x0ffffffc0ffffffc0ffffffc0fffffff
    acc = 0
    for i in range(0, len(message), 16):
        acc = (acc + int.from_bytes(message[i:i + 16] + b'\1', 'little')) * r % (2**130 - 5)
    return ((acc + int.from_bytes(key[16:], 'little')) % 2**128).to_bytes(16, 'little')


def seal(key, nonce, aad, plain):
    """nonce (24) || ciphertext || tag (16)."""
    sub, short = hchacha20(key, nonce[:16]), b'\0' * 4 + nonce[16:]
    cipher = chacha20(sub, 1, short, plain)

    def pad(b):
        return b + b'\0' * (-len(b) % 16)

    mac = pad(aad) + pad(cipher) + struct.pack('<QQ', len(aad), len(cipher))
    return nonce + cipher + poly1305(chacha20(sub, 0, short, b'\0' * 32), mac)


# --- canonical msgpack ---------------------------------------------------------------------------


class Raw(bytes):
    """Bytes that go to the output unchanged."""


def head(n, forms):
    for limit, tag, size in forms:
        if n <= limit:
            return tag(n) if callable(tag) else bytes([tag]) + n.to_bytes(size, 'big')
    raise ValueError(n)


def pack(v):
    if isinstance(v, Raw):
        return bytes(v)
    if v is None:
        return b'\xc0'
    if v is False or v is True:
        return b'\xc3' if v else b'\xc2'
    if isinstance(v, int) and v >= 0:
        return head(v, ((0x7f, lambda n: bytes([n]), 0), (0xff, 0xcc, 1), (0xffff, 0xcd, 2),
                        (2**32 - 1, 0xce, 4), (2**64 - 1, 0xcf, 8)))
    if isinstance(v, int):
        for size, tag in ((1, 0xd0), (2, 0xd1), (4, 0xd2), (8, 0xd3)):
            if v >= -32:
                return bytes([v + 256])
            if v >= -(1 << (8 * size - 1)):
                return bytes([tag]) + v.to_bytes(size, 'big', signed=True)
    if isinstance(v, bytes):
        return head(len(v), ((0xff, 0xc4, 1), (0xffff, 0xc5, 2), (2**32 - 1, 0xc6, 4))) + v
    if isinstance(v, str):
        b = v.encode()
        return head(len(b), ((31, lambda n: bytes([0xa0 | n]), 0), (0xff, 0xd9, 1),
                             (0xffff, 0xda, 2))) + b
    if isinstance(v, (list, tuple)):
        return head(len(v), ((15, lambda n: bytes([0x90 | n]), 0), (0xffff, 0xdc, 2),
                             (2**32 - 1, 0xdd, 4))) + b''.join(pack(x) for x in v)
    raise TypeError(type(v))


def self_check():
    """Checks the known answers of the RFCs, so that a wrong primitive makes no vectors."""
    seed = bytes.fromhex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
    assert public_key(seed).hex() == 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
    assert sign(seed, b'').hex().startswith('e5564300c360ac729086e2cc806e828a84877f1eb8e5d974')
    nine = b'\x09' + b'\0' * 31  # RFC 7748, section 5.2, one iteration
    assert x25519_public(nine).hex() == '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079'
    key = bytes(range(0x80, 0xa0))
    out = seal(key, bytes(range(0x40, 0x58)), bytes.fromhex('50515253c0c1c2c3c4c5c6c7'),
               b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
               b"the future, sunscreen would be it.")
    assert out[-16:].hex() == 'c0875924c1c7987947deafd8780acf49'


NO_SIG = bytes(64)
ID = bytes(range(32))


def changed(body, path, value):
    """`body` with another element at `path`, which is an index or a tuple of indices."""
    path = path if isinstance(path, tuple) else (path,)
    out = list(body)
    out[path[0]] = value if len(path) == 1 else changed(body[path[0]], path[1:], value)
    return out
