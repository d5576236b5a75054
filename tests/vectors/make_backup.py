#!/usr/bin/env python3
"""backup.json: a recovery key and the file of a backup (node/DESIGN.md, "The backup file"), made with libsodium by
ctypes and with hashlib: `python3 make_backup.py > backup.json`. `open_file` opens such a file; the end-to-end tests
use it on what `vizinho backup` writes."""
import ctypes
import ctypes.util
import hashlib
import json
import sys

HEAD, CHUNK, TAG = 189, 65536, 17
MORE, PART, LAST = 0, 1, 3
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def sodium():
    lib = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
    assert lib.sodium_init() >= 0
    return lib


def base32(data, chars):
    bits = int.from_bytes(data, "big") << (5 * chars - 8 * len(data) if 5 * chars > 8 * len(data) else 0)
    return "".join(ALPHABET[bits >> 5 * (chars - 1 - i) & 31] for i in range(chars))


def domain_hash(domain, *parts):
    h = hashlib.blake2b(bytes([len(domain)]) + domain.encode(), digest_size=32)
    for p in parts:
        h.update(len(p).to_bytes(8, "little") + p)
    return h.digest()


def text(secret):
    data, groups = base32(secret, 52), []
    for i in range(13):
        four = data[4 * i:4 * i + 4]
        check = domain_hash("vizinho/recovery", i.to_bytes(8, "big"), four.encode())
        bits = int.from_bytes(check[:2], "big") >> 6
        groups.append(four + ALPHABET[bits >> 5] + ALPHABET[bits & 31])
    return " ".join(groups)


def public(lib, secret):
    out = ctypes.create_string_buffer(32)
    lib.crypto_scalarmult_base(out, secret)
    return out.raw


def seal(lib, pub, key, ephemeral):
    """crypto_box_seal with a chosen ephemeral key."""
    own = public(lib, ephemeral)
    nonce = hashlib.blake2b(own + pub, digest_size=24).digest()
    out = ctypes.create_string_buffer(len(key) + 16)
    assert lib.crypto_box_easy(out, key, ctypes.c_ulonglong(len(key)), nonce, pub, ephemeral) == 0
    return own + out.raw


def make_file(lib, pub, kind, schema, made_ms, author, file_key, ephemeral, begin, parts):
    head = (b"vizback1" + bytes([kind]) + schema.to_bytes(4, "big") + made_ms.to_bytes(8, "big") + author + pub +
            seal(lib, pub, file_key, ephemeral) + begin)
    assert len(head) == HEAD
    state = ctypes.create_string_buffer(64)
    assert lib.crypto_secretstream_xchacha20poly1305_init_pull(state, begin, file_key) == 0  # the same state as to push
    out, ad = head, head
    for n, part in enumerate(parts):
        for at in range(0, len(part) + 1, CHUNK):
            plain = part[at:at + CHUNK]
            tag = MORE if len(plain) == CHUNK else LAST if n == len(parts) - 1 else PART
            chunk = ctypes.create_string_buffer(len(plain) + TAG)
            lib.crypto_secretstream_xchacha20poly1305_push(state, chunk, None, plain, ctypes.c_ulonglong(len(plain)),
                                                           ad, ctypes.c_ulonglong(len(ad)), tag)
            out += len(chunk.raw).to_bytes(4, "big") + chunk.raw
            ad = b""
    return out


def open_file(data, secret):
    """(fields of the head, parts) of a backup."""
    lib = sodium()
    head, sealed, begin = data[:HEAD], data[85:165], data[165:HEAD]
    pub = public(lib, secret)
    assert head[:8] == b"vizback1" and head[53:85] == pub
    key = ctypes.create_string_buffer(32)
    assert lib.crypto_box_seal_open(key, sealed, ctypes.c_ulonglong(80), pub, secret) == 0, "the file key"
    state = ctypes.create_string_buffer(64)
    assert lib.crypto_secretstream_xchacha20poly1305_init_pull(state, begin, key.raw) == 0
    parts, at, ad, tag = [b""], HEAD, head, ctypes.c_ubyte(0)
    while tag.value != LAST:
        size = int.from_bytes(data[at:at + 4], "big")
        assert TAG <= size <= CHUNK + TAG
        plain = ctypes.create_string_buffer(size - TAG + 1)
        assert lib.crypto_secretstream_xchacha20poly1305_pull(
            state, plain, None, ctypes.byref(tag), data[at + 4:at + 4 + size], ctypes.c_ulonglong(size), ad,
            ctypes.c_ulonglong(len(ad))) == 0, f"the chunk at {at}"
        parts[-1] += plain.raw[:size - TAG]
        at, ad = at + 4 + size, b""
        if tag.value == PART:
            parts.append(b"")
    assert at == len(data), "something stands behind the end"
    return {"kind": head[8], "schema": int.from_bytes(head[9:13], "big"), "made_ms": int.from_bytes(head[13:21], "big"),
            "author": head[21:53]}, parts


def main():
    lib = sodium()
    fixed = lambda name, n: hashlib.blake2b(name.encode(), digest_size=n).digest()  # noqa: E731
    secret, cases = fixed("recovery secret", 32), []
    for kind, parts in ((1, [b""]), (1, [b"a store"]), (2, [b"a store", b"a vault"])):
        name = f"{kind}-{len(cases)}"
        data = make_file(lib, public(lib, secret), kind, 9, 1796083200000, fixed("author", 32), fixed(name + "key", 32),
                         fixed(name + "ephemeral", 32), fixed(name + "begin", 24), parts)
        assert open_file(data, secret)[1] == parts
        cases.append({"kind": kind, "parts": [p.hex() for p in parts], "file": data.hex()})
    json.dump({"secret": secret.hex(), "public": public(lib, secret).hex(), "text": text(secret), "made_ms": 1796083200000,
               "schema": 9, "author": fixed("author", 32).hex(), "files": cases}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
