// Noise_XK_25519_ChaChaPoly_SHA256 (Noise revision 34) and the link layer of PROTOCOL.md section 6,
// written from the specifications with node:crypto alone. This second implementation shows that the first
// one follows the text and does not merely understand itself.
import crypto from 'node:crypto';
import net from 'node:net';

const NAME = Buffer.from('Noise_XK_25519_ChaChaPoly_SHA256'); // exactly 32 bytes: copied, not hashed
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex'); // RFC 8410, X25519
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');

export const secretKey = (raw) =>
  crypto.createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
export const publicKey = (raw) =>
  crypto.createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
export const publicBytes = (key) =>
  (key.type === 'public' ? key : crypto.createPublicKey(key))
    .export({ format: 'der', type: 'spki' }).subarray(-32);

const dh = (priv, pub) => crypto.diffieHellman({ privateKey: priv, publicKey: pub });
const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), crypto.createHash('sha256')).digest();
const hmac = (key, ...parts) =>
  parts.reduce((h, p) => h.update(p), crypto.createHmac('sha256', key)).digest();

function hkdf2(ck, ikm) {
  const temp = hmac(ck, ikm);
  const one = hmac(temp, Buffer.from([1]));
  return [one, hmac(temp, one, Buffer.from([2]))];
}

export class Cipher {
  constructor(key) { this.key = key; this.n = 0n; }

  nonce(n) {
    const out = Buffer.alloc(12); // 4 zero bytes, then little-endian 64
    out.writeBigUInt64LE(n, 4);
    return out;
  }

  seal(plain, ad = Buffer.alloc(0), n = this.n++) {
    const c = crypto.createCipheriv('chacha20-poly1305', this.key, this.nonce(n), { authTagLength: 16 });
    c.setAAD(ad, { plaintextLength: plain.length });
    return Buffer.concat([c.update(plain), c.final(), c.getAuthTag()]);
  }

  open(sealed, ad = Buffer.alloc(0)) {
    const d = crypto.createDecipheriv('chacha20-poly1305', this.key, this.nonce(this.n), { authTagLength: 16 });
    d.setAAD(ad, { plaintextLength: sealed.length - 16 });
    d.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([d.update(sealed.subarray(0, -16)), d.final()]);
    this.n++; // only after it has decrypted
    return plain;
  }

  rekey() { this.key = this.seal(Buffer.alloc(32), Buffer.alloc(0), 2n ** 64n - 1n).subarray(0, 32); }
}

export class InitiatorXK {
  constructor({ prologue, local, remote }) {
    this.h = NAME;
    this.ck = NAME;
    this.local = local;
    this.remote = remote;
    this.ephemeral = crypto.generateKeyPairSync('x25519').privateKey;
    this.mixHash(prologue);
    this.mixHash(publicBytes(remote)); // <- s
  }

  mixHash(data) { this.h = sha256(this.h, data); }

  mixKey(ikm) {
    const [ck, k] = hkdf2(this.ck, ikm);
    this.ck = ck;
    this.cipher = new Cipher(k);
  }

  sealAndHash(plain) {
    const sealed = this.cipher.seal(plain, this.h);
    this.mixHash(sealed);
    return sealed;
  }

  openAndHash(sealed) {
    const plain = this.cipher.open(sealed, this.h);
    this.mixHash(sealed);
    return plain;
  }

  message1() { // -> e, es
    const e = publicBytes(this.ephemeral);
    this.mixHash(e);
    this.mixKey(dh(this.ephemeral, this.remote));
    return Buffer.concat([e, this.sealAndHash(Buffer.alloc(0))]);
  }

  message2(bytes) { // <- e, ee
    const re = bytes.subarray(0, 32);
    this.mixHash(re);
    this.remoteEphemeral = publicKey(re);
    this.mixKey(dh(this.ephemeral, this.remoteEphemeral));
    return this.openAndHash(bytes.subarray(32));
  }

  message3(payload) { // -> s, se
    const s = this.sealAndHash(publicBytes(this.local));
    this.mixKey(dh(this.local, this.remoteEphemeral));
    return Buffer.concat([s, this.sealAndHash(payload)]);
  }

  split() {
    const [one, two] = hkdf2(this.ck, Buffer.alloc(0));
    return { send: new Cipher(one), receive: new Cipher(two), handshakeHash: this.h };
  }
}

// How long to wait for what must come. Speed is not tested: only a hang takes so long.
export const PATIENCE_MS = 240000;

// Frames over TCP: u16be length || message.
export class Link {
  constructor(host, port) {
    this.buffer = Buffer.alloc(0);
    this.frames = [];
    this.waiting = null;
    this.closed = false;
    this.socket = net.connect({ host, port, noDelay: true });
    this.socket.on('data', (d) => this.take(d));
    this.socket.on('error', () => {});
    this.socket.on('close', () => { this.closed = true; this.wake(); });
  }

  take(data) {
    this.buffer = Buffer.concat([this.buffer, data]);
    while (this.buffer.length >= 2 && this.buffer.length >= 2 + this.buffer.readUInt16BE(0)) {
      const len = this.buffer.readUInt16BE(0);
      this.frames.push(this.buffer.subarray(2, 2 + len));
      this.buffer = this.buffer.subarray(2 + len);
    }
    this.wake();
  }

  wake() { const w = this.waiting; this.waiting = null; if (w) w(); }

  // The next frame; null when the other side has closed.
  async frame(ms = PATIENCE_MS) {
    const until = Date.now() + ms;
    while (this.frames.length === 0 && !this.closed) {
      if (Date.now() >= until) throw new Error('no frame in time');
      await new Promise((done) => {
        const timer = setTimeout(done, until - Date.now());
        this.waiting = () => { clearTimeout(timer); done(); };
      });
    }
    return this.frames.shift() ?? null;
  }

  write(message) {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(message.length);
    this.socket.write(Buffer.concat([head, message]));
  }

  async handshake({ prologue, local, remote, hello }) {
    const noise = new InitiatorXK({ prologue, local, remote });
    this.write(noise.message1());
    const second = await this.frame();
    if (second === null) throw new Error('closed in the handshake');
    if (noise.message2(second).length !== 0) throw new Error('message 2 has a payload');
    this.write(noise.message3(hello));
    this.session = noise.split();
  }

  // Plaintext: u16be body length || body || zero padding.
  send(body, padding = 0) {
    const plain = Buffer.alloc(2 + body.length + padding);
    plain.writeUInt16BE(body.length);
    body.copy(plain, 2);
    this.write(this.session.send.seal(plain));
  }

  keepalive() { this.write(this.session.send.seal(Buffer.from([0, 0]))); }

  rekey() {
    this.write(this.session.send.seal(Buffer.from([0xff, 0xff])));
    this.session.send.rekey();
  }

  // Returns {kind, body}; null when the other side has closed. Follows rekeys of the other side.
  async receive(ms) {
    const sealed = await this.frame(ms);
    if (sealed === null) return null;
    const plain = this.session.receive.open(sealed);
    const len = plain.readUInt16BE(0);
    if (len === 0xffff) { this.session.receive.rekey(); return { kind: 'rekey' }; }
    if (plain.subarray(2 + len).some((b) => b !== 0)) throw new Error('padding is not zero');
    return len === 0 ? { kind: 'keep-alive' } : { kind: 'body', body: plain.subarray(2, 2 + len) };
  }

  close() { this.socket.destroy(); }
}

export const prologue = (federationId) =>
  Buffer.concat([Buffer.from('vizinho'), Buffer.from([1]), federationId]);
