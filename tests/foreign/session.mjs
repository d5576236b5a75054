// A full link of a member: greeting, LAST, HEAD, comparison and mail of PROTOCOL.md sections 6, 11 and 12.
import { H, pack, readRecord, unpack } from './vizinho.mjs';
import { CHOICE, COVERAGE, COVERAGE_ACK, NODE, OFFER, PARTNERS, Store, effective, logStart, logValue } from './records.mjs';
import { CELLS_FIRST, Tree, hourOf, randomCut } from './tree.mjs';

const RECORD = 1, WANT = 4, MAIL = 5, MAIL_ACK = 6, CLOCK = 7, MEMBER = 8, HEAD = 10,
  LOG_ASK = 11, LOG = 12, LOG_WANT = 13, ANNOUNCE = 15, TREE = 18, BUCKETS = 19, BUCKET = 20,
  AUTHOR = 21, LAST = 25;
const PAD_SMALL = 512, PAD_CLASS = 2048;
export const STATEMENT_MAIL = 1, LOCATION_ASK = 2, LOCATION = 3, PLEDGE_MAIL = 5,
  VIEW_ASK = 7, VIEW = 8, VIEW_ITEMS_ASK = 9, VIEW_ITEMS = 10, EVIDENCE_ASK = 11, EVIDENCE = 12, HANDOFF = 13, LEASE_ASK = 14;

// What is known of the peer's log: values by number, from the first opened head on.
export class Chain {
  constructor() { this.values = new Map(); this.openings = 0; this.records = new Map(); this.wrong = []; }

  open(node, [, , seq, log, , number, value]) {
    if (seq !== node.seq || !H('vizinho/head', seq, log, number, value).equals(node.body[17]))
      return this.wrong.push(`the HEAD of NODE ${seq} does not open it`);
    this.openings++;
    const known = this.values.get(number);
    if (known && !known.equals(value)) this.wrong.push(`another value at ${number}`);
    if (number === 0 && !value.equals(logStart(log))) this.wrong.push('the first value is not the start of a log');
    if (this.values.size === 0 || known) this.values.set(number, value);
    return this.follow();
  }

  add(record) { this.records.set(record.body[1], record); this.follow(); }

  // Goes on from the newest known value with the records that follow it.
  follow() {
    for (;;) {
      if (this.values.size === 0) return;
      const at = Math.max(...this.values.keys());
      const r = this.records.get(at + 1);
      if (!r) return;
      const [log, number, before, offer] = r.body;
      if (!before.equals(this.values.get(at))) this.wrong.push(`record ${number} does not name the value before it`);
      this.values.set(number, logValue(before, log, number, offer, r.type, r.slot, r.id));
    }
  }

  get newest() { return Math.max(...this.values.keys()); }
}

export class Session {
  constructor(me, link, peer, { name, times }) {
    Object.assign(this, { me, link, peer, name, times });
    this.store = new Store(me.federation);
    this.chain = new Chain();
    this.statements = [];
    this.seen = []; // statements that an origin has handled
    this.mail = []; // received: [kind, payload]
    this.unacknowledged = new Map();
    this.mailNumber = 0;
    this.got = this.said = this.full = this.closed = false;
    this.waitingHeads = [];
    this.newestOfPeer = null;
    this.fetched = new Set(); // items that were announced and asked for
    this.acknowledged = new Set(); // COVERAGE records
    this.question = () => {}; // (kind, payload) of each mail that comes, before it is kept
  }

  send(message, padTo = 0) {
    const body = pack(message);
    const plain = body.length + 2;
    this.link.send(body, padTo ? (padTo - plain % padTo) % padTo : 0);
  }

  // Keeps and sends a record of our own.
  publish(signed) { this.store.take(signed); this.send([RECORD, signed]); }

  post(kind, payload, padTo = 0) {
    this.unacknowledged.set(++this.mailNumber, kind);
    this.send([MAIL, this.mailNumber, kind, payload], padTo);
  }

  say(type, slot, seq, body, time = this.me.now()) {
    const signed = this.me.statement(type, slot, seq, body, time);
    this.post(STATEMENT_MAIL, [signed]);
    return readRecord(signed, this.me.federation);
  }

  sayMember() { this.said = true; this.send([MEMBER, Date.now()]); this.becomeFull(); }

  becomeFull() {
    if (this.full || !this.said || !this.got) return;
    this.full = true;
    this.send([LAST, this.newestOfPeer && this.newestOfPeer.signed]);
    const partners = this.store.get(this.me.id, PARTNERS);
    if (partners) this.send([RECORD, partners.signed]);
    this.head();
    this.compare();
  }

  heartbeat() {
    this.announce(this.me.node(this.name));
    this.head();
    this.acknowledge();
  }

  // Whether the peer is an effective mutual partner at the time of our newest NODE.
  inForce() {
    const { time } = this.store.get(this.me.id, NODE), delay = this.times.partner_delay_ms;
    return this.full && effective(this.store.get(this.me.id, PARTNERS), this.peer, time, delay) &&
      effective(this.store.get(this.peer, PARTNERS), this.me.id, time, delay);
  }

  // HEAD of our own log, when the peer is in the circle of our newest NODE.
  head() {
    const node = this.store.get(this.me.id, NODE);
    if (!this.inForce()) return;
    this.send([HEAD, this.me.id, node.seq, this.me.log, this.me.number, this.me.number, this.me.value, null]);
  }

  items() { return this.store.federated(); }

  tree() { return new Tree(this.items()); }

  compare() {
    this.compared = [hourOf(Date.now(), this.times), randomCut()];
    this.send([TREE, ...this.compared, this.tree().root(this.compared[0]), CELLS_FIRST]);
  }

  answerTree([, hour, cut, root, cells]) {
    const now = hourOf(Date.now(), this.times), tree = this.tree();
    if ((hour === now || hour === now - 1) && !root.equals(tree.root(hour)))
      this.send([BUCKETS, hour, cut, ...tree.answerTree(cut, cells)]);
  }

  // Whether a message belongs to the comparison that we have begun.
  mine(m) { return this.compared && m[1] === this.compared[0] && m[2] === this.compared[1]; }

  exchange({ want, push }) {
    if (want.length) this.send([WANT, want]);
    for (const r of push) this.send([RECORD, r.signed]);
  }

  differ(m) {
    const tree = this.tree(), shown = this.mine(m) ? tree.differ(m[6]) : null;
    const lists = this.mine(m) && !shown ? tree.lists(m[4], m[2]) : [];
    if (shown) this.exchange(shown);
    if (lists.length) this.send([BUCKET, m[1], m[2], lists]);
  }

  answerLists([, hour, cut, lists]) {
    const tree = this.tree();
    this.send([AUTHOR, hour, cut, true, lists.flatMap((l) => tree.answer(l, cut))]);
  }

  merge(m) {
    const tree = this.tree();
    for (const author of this.mine(m) ? m[4] : []) this.exchange(tree.merge(author, m[2]));
  }

  wanted([, places]) {
    for (const [author, type, slot] of places)
      for (const r of this.items().filter((x) => x.author.subarray(0, author.length).equals(author) &&
          (type === 0 ? slot === (x.type > 4 ? 1 : 0) : x.type === type && x.slot === slot)))
        this.send([RECORD, r.signed]);
  }

  // Asks for what is announced and not held, once.
  fetch([, announced]) {
    const lacking = announced.filter(([author, type, slot, item]) => {
      const held = this.store.get(author, type, slot), key = Buffer.from(item).toString('hex');
      if ((held && this.store.item(held).subarray(0, 8).equals(item)) || this.fetched.has(key)) return false;
      return this.fetched.add(key);
    });
    if (lacking.length) this.send([WANT, lacking.map((x) => x.slice(0, 3))]);
  }

  // A record of our own that all may have: its name goes out, and the peer asks for it.
  announce(signed) {
    const r = this.store.take(signed);
    this.send([ANNOUNCE, [[r.author, r.type, r.slot, this.store.item(r).subarray(0, 8)]]]);
  }

  // COVERAGE_ACK for what is held of the peer, once for each record.
  acknowledge() {
    if (!this.inForce()) return;
    for (const r of this.items().filter((x) => x.type === COVERAGE && x.author.equals(this.peer))) {
      if (!this.acknowledged.has(r.id)) this.say(COVERAGE_ACK, r.slot, 1, [r.author, r.id]);
      this.acknowledged.add(r.id);
    }
  }

  notePeer(record) {
    if (record.author.equals(this.peer) && (!this.newestOfPeer || record.time >= this.newestOfPeer.time))
      this.newestOfPeer = record;
  }

  record(signed) {
    const r = this.store.take(signed);
    if (r === null) return;
    this.notePeer(r);
    if (r.type >= OFFER && r.type <= CHOICE) this.chain.add(r);
    if (r.type === COVERAGE) this.acknowledge();
    if (r.type === NODE && r.author.equals(this.peer)) this.openHeads();
  }

  // The records of our own log behind a number.
  sendLog(from, to = this.me.number) {
    for (const [, type, slot] of this.me.stubs.slice(from, to))
      this.send([RECORD, this.store.get(this.me.id, type, slot).signed]);
  }

  openHeads() {
    const node = this.store.get(this.peer, NODE);
    for (const head of this.waitingHeads.filter((h) => h[2] === node.seq)) this.chain.open(node, head);
    this.waitingHeads = this.waitingHeads.filter((h) => h[2] > node.seq);
  }

  takeMail([, number, kind, payload]) {
    if (kind === STATEMENT_MAIL) {
      const s = { ...readRecord(payload[0], this.me.federation), signed: payload[0] };
      if (!s.author.equals(this.peer) || !this.store.genuine(s)) throw new Error('a statement that is not of the peer');
      this.notePeer(s);
      this.statements.push(s);
    } else {
      this.mail.push([kind, payload]);
    }
    this.send([MAIL_ACK, number]);
    this.question(kind, payload);
  }

  take(m) {
    switch (m[0]) {
      case RECORD: return this.record(m[1]);
      case TREE: return this.answerTree(m);
      case BUCKETS: return this.differ(m);
      case BUCKET: return this.answerLists(m);
      case AUTHOR: return this.merge(m);
      case WANT: return this.wanted(m);
      case ANNOUNCE: return this.fetch(m);
      case MAIL: return this.takeMail(m);
      case MAIL_ACK:
        for (const n of this.unacknowledged.keys()) if (n <= m[1]) this.unacknowledged.delete(n);
        return undefined;
      case CLOCK: return undefined; // told to people
      case MEMBER: this.got = true; return this.becomeFull();
      case HEAD:
        if (m[1].equals(this.peer)) { this.waitingHeads.push(m); this.openHeads(); }
        if (m[1].equals(this.me.id)) this.sendLog(m[4]);
        return undefined;
      case LOG_ASK: return this.send([LOG, m[1], m[2], m[3], this.me.stubs.slice(m[3] - 1, m[4])]);
      case LOG_WANT:
        return m[3].filter((n) => this.me.stubs[n - 1]).forEach((n) => this.sendLog(n - 1, n));
      default: return undefined;
    }
  }

  async run() {
    try {
      for (;;) {
        const got = await this.link.receive();
        if (got === null) break;
        if (got.kind === 'body') this.take(unpack(got.body));
      }
    } catch (e) {
      this.error = e;
      this.link.close();
    }
    this.closed = true;
  }

  statement(type) { return this.statements.find((s) => s.type === type); }

  letter(kind) { return this.mail.find(([k]) => k === kind)?.[1]; }
}

export const askLocation = (s, slot) => s.post(LOCATION_ASK, [slot], PAD_SMALL);
export const postPledge = (s, signed, reason) => s.post(PLEDGE_MAIL, [signed, reason], PAD_SMALL);
export const giveLocation = (s, payload) => s.post(LOCATION, payload, PAD_CLASS);
export const handOff = (s, payload) => s.post(HANDOFF, payload, PAD_CLASS);
