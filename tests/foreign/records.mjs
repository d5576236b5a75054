// An author that signs all its records and statements with one clock, and the sets of section 12: PROTOCOL.md
// sections 1, 7, 8, 9, 10 and 12, written from that text.
import crypto from 'node:crypto';
import { Author, H, pack, readRecord, u64be, verifies, authorId } from './vizinho.mjs';

export const NODE = 1, VOUCH = 4, PARTNERS = 5, COVERAGE = 6, OFFER = 7, CLOSE = 8, RESULT = 9, CHOICE = 10;
export const RECEIPT = 64, COVERAGE_ACK = 65, PLEDGE = 66, PLEDGE_ACK = 67, REVEAL = 68, REVEAL_ACK = 69, AWARD = 70,
  HANDOFF_ACK = 71, LEASE = 72, CONTACTED = 73, OUTCOME = 74, RELEASE = 75, WITHDRAWAL = 76, ERASED = 77;

export const ZEROS = Buffer.alloc(32);
export const DAY_MS = 86400000;
export const hex = (bytes) => bytes.toString('hex');

const placeOf = (author, type, slot) => hex(Buffer.concat([author, Buffer.from([type]), u64be(slot)]));

export const logStart = (log) => H('vizinho/log-start', log, 0, 0, ZEROS);
export const logValue = (before, log, number, offer, type, slot, id) =>
  H('vizinho/log', before, log, number, offer, type, slot, id);

export class Signer extends Author {
  constructor(federation, writeOnceMs = 7776000000) {
    super(federation);
    this.writeOnceMs = writeOnceMs;
    this.stubs = []; // of the log's records, from number 1
    this.log = crypto.randomBytes(8).readBigUInt64BE() | 1n;
    this.start = Date.now();
    this.number = 0; // of the log's newest record, and the value there
    this.value = logStart(this.log);
    this.listed = ZEROS; // id of the PARTNERS in force
  }

  // The next time of the author's clock.
  now() { return this.last = Math.max(this.last + 1, Date.now()); }

  sign(type, slot, seq, time, expires, body) {
    const bytes = pack([1, type, this.id, 0, slot, seq, time, expires, body]);
    const id = H('vizinho/record', this.federation, type, bytes);
    return Buffer.concat([crypto.sign(null, id, this.key), bytes]);
  }

  replaceable(type, slot, body, time = this.now()) { return this.sign(type, slot, time, time, 0, body); }

  statement(type, slot, seq, body, time = this.now()) { return this.sign(type, slot, seq, time, 0, body); }

  // The next record of the log. An OFFER has no number of an offer before it: it is its own.
  append(type, slot, rest, offerNumber = this.number + 1) {
    const time = this.now(), number = this.number + 1;
    const expires = (Math.floor(time / DAY_MS) + 1) * DAY_MS + this.writeOnceMs;
    const signed = this.sign(type, slot, 1, time, expires, [this.log, number, this.value, offerNumber, ...rest]);
    const { id } = readRecord(signed, this.federation);
    this.value = logValue(this.value, this.log, number, offerNumber, type, slot, id);
    this.stubs.push([offerNumber, type, slot, id]);
    this.number = number;
    return signed;
  }

  node(name, time = this.now()) {
    const transport = crypto.createPublicKey(this.transport).export({ format: 'der', type: 'spki' }).subarray(-32);
    return this.replaceable(NODE, 0, [this.first, this.next, this.nonce, transport, name, null, 0, [], false, null,
      null, null, 'foreign', ZEROS, this.listed, this.start, this.log,
      H('vizinho/head', time, this.log, this.number, this.value)], time);
  }

  vouch(slot, sponsee) { return this.replaceable(VOUCH, slot, [sponsee, 0, false]); }

  // The first PARTNERS, and the NODE that names it: one time, PARTNERS first.
  partners(ids, name) {
    const time = this.now();
    const entries = [...ids].sort(Buffer.compare).map((id) => [id, time, 0]);
    const signed = this.replaceable(PARTNERS, 0, [this.log, ZEROS, entries], time);
    this.listed = readRecord(signed, this.federation).id;
    return [signed, this.node(name, time)];
  }

  coverage(municipalities, ceps) {
    return this.replaceable(COVERAGE, 0, ['BR', 1, 500, municipalities, ceps, Buffer.alloc(0)]);
  }
}

// Federation records by place and all records by id, each checked when it is taken.
export class Store {
  constructor(federation) {
    this.federation = federation;
    this.places = new Map();
    this.ids = new Map();
    this.keys = new Map();
  }

  // The record, checked; null when it is held, is replaced, or its author is not known.
  take(signed) {
    const record = { ...readRecord(signed, this.federation), signed };
    const place = placeOf(record.author, record.type, record.slot);
    const before = this.places.get(place);
    if (this.ids.has(hex(record.id)) || (before && before.seq >= record.seq)) return null;
    if (record.type === NODE) {
      const [first, next, nonce] = record.body;
      if (!authorId(this.federation, first, next, nonce).equals(record.author)) throw new Error('birth inputs');
      this.keys.set(hex(record.author), first);
    }
    if (!this.keys.has(hex(record.author))) return null;
    if (!this.genuine(record)) throw new Error(`bad signature of a record of type ${record.type}`);
    this.ids.set(hex(record.id), record);
    this.places.set(place, record);
    return record;
  }

  genuine(record) { return verifies(record, this.keys.get(hex(record.author))); }

  get(author, type, slot = 0) { return this.places.get(placeOf(author, type, slot)); }

  id(id) { return this.ids.get(hex(id)); }

  all(type) { return [...this.ids.values()].filter((r) => r.type === type); }

  // Federation records, ascending by place.
  federated() {
    return [...this.places.keys()].sort().map((p) => this.places.get(p)).filter((r) => r.type < OFFER);
  }

  item(r) { return H('vizinho/item', r.author, r.type, r.slot, r.seq, r.id); }

  // Set 1 of an author: SUCCESSION, REVOCATION, PARTNERS, COVERAGE.
  authorItems(author) {
    const own = this.federated().filter((r) => r.author.equals(author) && [2, 3, PARTNERS, COVERAGE].includes(r.type));
    return H('vizinho/author-items', author, 1, ...own.map((r) => this.item(r)));
  }
}

// Whether the PARTNERS has an entry for `id` that is effective at t.
export const effective = (partners, id, t, delay) => !!partners && partners.body[2].some(([x, added, removed]) =>
  x.equals(id) && t >= added + delay && (removed === 0 || t < removed + delay));
