// Hashes, encoding, identities and records of PROTOCOL.md sections 2 to 8, written from that text.
// node:crypto serves for Ed25519 alone.
import crypto from 'node:crypto';

// BLAKE2b (RFC 7693) with 32 bytes of output, unkeyed.
const M = (1n << 64n) - 1n;
const IV = [0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n];
const SIGMA = ['0123456789abcdef', 'ea489fd61c02b753', 'b8c052fdae367194', '7931dcbe265a40f8',
  '905724afe1bc683d', '2c6a0b834d75fe19', 'c51fed4a0763928b', 'db7ec13950f4862a',
  '6fe9b308c2d714a5', 'a2847615fb9e3cd0']
  .map((s) => [...s].map((c) => parseInt(c, 16)));
const rotate = (x, n) => ((x >> n) | (x << (64n - n))) & M;

function compress(h, block, length, last) {
  const m = Array.from({ length: 16 }, (_, i) => block.readBigUInt64LE(8 * i));
  const v = [...h, ...IV];
  const mix = (a, b, c, d, x, y) => {
    v[a] = (v[a] + v[b] + x) & M;
    v[d] = rotate(v[d] ^ v[a], 32n);
    v[c] = (v[c] + v[d]) & M;
    v[b] = rotate(v[b] ^ v[c], 24n);
    v[a] = (v[a] + v[b] + y) & M;
    v[d] = rotate(v[d] ^ v[a], 16n);
    v[c] = (v[c] + v[d]) & M;
    v[b] = rotate(v[b] ^ v[c], 63n);
  };
  v[12] ^= length;
  if (last) v[14] ^= M;
  for (let round = 0; round < 12; round++) {
    const s = SIGMA[round % 10];
    for (let i = 0; i < 4; i++) mix(i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]]);
    for (let i = 0; i < 4; i++)
      mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
  }
  for (let i = 0; i < 8; i++) h[i] ^= v[i] ^ v[i + 8];
}

export function blake2b256(data) {
  const h = [...IV];
  h[0] ^= 0x01010000n ^ 32n;
  let at = 0;
  for (; data.length - at > 128; at += 128)
    compress(h, data.subarray(at, at + 128), BigInt(at + 128), false);
  const block = Buffer.alloc(128);
  data.copy(block, 0, at);
  compress(h, block, BigInt(data.length), true);
  const out = Buffer.alloc(64);
  h.forEach((x, i) => out.writeBigUInt64LE(x, 8 * i));
  return out.subarray(0, 32);
}

// H(domain, part, ...). A number or BigInt is hashed as u64be.
export function H(domain, ...parts) {
  const bytes = [Buffer.from([domain.length]), Buffer.from(domain)];
  for (const part of parts) {
    const p = Buffer.isBuffer(part) ? part : u64be(part);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(p.length));
    bytes.push(length, p);
  }
  return blake2b256(Buffer.concat(bytes));
}

export function u64be(n) {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(n));
  return out;
}

// Canonical msgpack: null, boolean, integer, string, Buffer, array.
const be = (tag, n, bytes) => {
  const out = Buffer.alloc(1 + bytes);
  out[0] = tag;
  for (let i = bytes, v = BigInt(n); i > 0; i--, v >>= 8n) out[i] = Number(v & 255n);
  return out;
};
const sized = (n, tags) => be(n < 256 ? tags[0] : tags[1], n, n < 256 ? 1 : 2);

function negative(v) {
  if (v >= -32) return Buffer.from([v & 0xff]);
  const bytes = v >= -128 ? 1 : v >= -32768 ? 2 : v >= -(2 ** 31) ? 4 : 8;
  return be(0xd0 + Math.log2(bytes), BigInt.asUintN(64, BigInt(v)), bytes);
}

export function pack(v) {
  if (v === null) return Buffer.from([0xc0]);
  if (typeof v === 'boolean') return Buffer.from([v ? 0xc3 : 0xc2]);
  if (typeof v === 'number' || typeof v === 'bigint') {
    if (v < 0) return negative(Number(v));
    if (v < 128) return Buffer.from([Number(v)]);
    if (v < 256) return be(0xcc, v, 1);
    if (v < 65536) return be(0xcd, v, 2);
    return v < 4294967296 ? be(0xce, v, 4) : be(0xcf, v, 8);
  }
  if (typeof v === 'string') {
    const b = Buffer.from(v);
    return Buffer.concat([b.length < 32 ? Buffer.from([0xa0 | b.length]) : sized(b.length, [0xd9, 0xda]), b]);
  }
  if (Buffer.isBuffer(v)) return Buffer.concat([sized(v.length, [0xc4, 0xc5]), v]);
  return Buffer.concat([v.length < 16 ? Buffer.from([0x90 | v.length]) : be(0xdc, v.length, 2), ...v.map(pack)]);
}

// Decodes what a vizinhod sends: one value, and no byte after it. Integers above 2^53 become BigInts.
export function unpack(bytes) {
  let at = 0;
  const take = (n) => {
    if (at + n > bytes.length) throw new Error('ends too soon');
    at += n;
    return bytes.subarray(at - n, at);
  };
  const number = (n) => {
    const v = BigInt(`0x${take(n).toString('hex')}`);
    return v <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(v) : v;
  };
  const list = (n) => Array.from({ length: n }, value);
  function value() {
    const tag = take(1)[0];
    if (tag < 0x80) return tag;
    if (tag >= 0xe0) return tag - 256;
    if ((tag & 0xf0) === 0x90) return list(tag & 15);
    if ((tag & 0xe0) === 0xa0) return take(tag & 31).toString();
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: case 0xc5: case 0xc6: return take(number(1 << (tag - 0xc4)));
      case 0xcc: case 0xcd: case 0xce: case 0xcf: return number(1 << (tag - 0xcc));
      case 0xd0: case 0xd1: case 0xd2: case 0xd3: {
        const bytes = 1 << (tag - 0xd0);
        return Number(BigInt.asIntN(8 * bytes, BigInt(number(bytes))));
      }
      case 0xd9: case 0xda: return take(number(1 << (tag - 0xd9))).toString();
      case 0xdc: return list(number(2));
      default: throw new Error(`no type of section 3: ${tag.toString(16)}`);
    }
  }
  const v = value();
  if (at !== bytes.length) throw new Error('something follows');
  return v;
}

export const federationId = (name, times) => H('vizinho/federation', pack([name, ...times]));

const ED_SPKI = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410, Ed25519
const raw = (key) => key.export({ format: 'der', type: 'spki' }).subarray(-32);

// Signature || record -> {signature, bytes, fields...}; the id too when `federation` is given.
export function readRecord(signed, federation) {
  const bytes = signed.subarray(64);
  const [version, type, author, key, slot, seq, time, expires, body] = unpack(bytes);
  if (version !== 1 || !pack(unpack(bytes)).equals(bytes)) throw new Error('not canonical');
  return { type, author, key, slot, seq, time, expires, body, signature: signed.subarray(0, 64),
    id: H('vizinho/record', federation, type, bytes) };
}

export const verifies = (record, publicKey) => crypto.verify(null, record.id,
  crypto.createPublicKey({ key: Buffer.concat([ED_SPKI, publicKey]), format: 'der', type: 'spki' }),
  record.signature);

export const authorId = (federation, first, next, nonce) => H('vizinho/author', federation, first, next, nonce);

export class Author {
  constructor(federation) {
    const keys = [0, 1].map(() => crypto.generateKeyPairSync('ed25519'));
    this.federation = federation;
    this.key = keys[0].privateKey;
    this.first = raw(keys[0].publicKey);
    this.next = H('vizinho/next-key', raw(keys[1].publicKey));
    this.nonce = crypto.randomBytes(16);
    this.id = authorId(federation, this.first, this.next, this.nonce);
    this.transport = crypto.generateKeyPairSync('x25519').privateKey;
    this.last = 0;
  }

  record(type, slot, body) { // replaceable
    const time = this.last = Math.max(this.last + 1, Date.now());
    const bytes = pack([1, type, this.id, 0, slot, time, time, 0, body]);
    const id = H('vizinho/record', this.federation, type, bytes);
    return Buffer.concat([crypto.sign(null, id, this.key), bytes]);
  }

  node(name) {
    const transport = raw(crypto.createPublicKey(this.transport));
    return this.record(1, 0, [this.first, this.next, this.nonce, transport, name, null, 0, [], false, null,
      null, null, 'foreign', Buffer.alloc(32), Buffer.alloc(32), 0, 1, Buffer.alloc(32)]);
  }

  vouch(slot, sponsee) { return this.record(4, slot, [sponsee, 0, false]); }

  hello(node, token = null) { return pack([this.id, token, [node]]); }
}

// "vizinvite1." and hexadecimal: section 6.
export function readInvitation(line) {
  const bytes = Buffer.from(line.slice('vizinvite1.'.length), 'hex');
  const array = bytes.subarray(0, -4);
  if (!line.startsWith('vizinvite1.') ||
      !H('vizinho/invite-line', array).subarray(0, 4).equals(bytes.subarray(-4)))
    throw new Error('not an invitation');
  const [federation, author, transport, token, expires, name] = unpack(array);
  return { federation, author, transport, token, expires, name };
}
