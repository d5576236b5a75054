// The part of an origin in a lead with one partner: PROTOCOL.md sections 9 to 11, written from that text.
import crypto from 'node:crypto';
import { H, pack, readRecord, unpack } from './vizinho.mjs';
import { AWARD, CHOICE, CLOSE, CONTACTED, DAY_MS, HANDOFF_ACK, LEASE, NODE, OFFER, PARTNERS, PLEDGE_ACK, RECEIPT,
  RESULT, REVEAL, REVEAL_ACK, ZEROS } from './records.mjs';
import { EVIDENCE, EVIDENCE_ASK, LEASE_ASK, LOCATION_ASK, PLEDGE_MAIL, VIEW, VIEW_ASK, VIEW_ITEMS, VIEW_ITEMS_ASK,
  giveLocation, handOff } from './session.mjs';
import { viewDigest, viewHashes } from './lead.mjs';

const random = () => crypto.randomBytes(32);
const NEWCOMER = 2 ** 31;

export class Origin {
  constructor(session) {
    Object.assign(this, { session, me: session.me, partner: session.peer, times: session.times, wrong: [] });
    this.salt = random();
    session.question = (kind, payload) => this.answer(kind, payload);
  }

  read(signed) { return readRecord(signed, this.me.federation); }

  // Signs and publishes the next record of the log.
  append(type, slot, rest) {
    const signed = this.me.append(type, slot, rest, this.offer?.body[1]);
    this.session.publish(signed);
    return this.read(signed);
  }

  receipt(purpose, seq, fields, text) {
    const id = crypto.randomBytes(16), given = this.me.now();
    return this.me.statement(RECEIPT, this.slot, seq, [id, this.slot, purpose, 'BR', 'pt-BR',
      H('vizinho/subject', random(), id), null, [[this.partner, null]], fields, '1',
      H('vizinho/consent-text', Buffer.from(text)), 'phone',
      H('vizinho/reference', random(), Buffer.from('gravacao-1'), Buffer.from('agente-1')), given,
      given + DAY_MS, given + 2 * DAY_MS, 'privacidade@p.example', 2, ZEROS]);
  }

  // Draw 1: the only partner in the view is drawn, a newcomer with turn 0.
  makeOffer(location) {
    this.session.heartbeat(); // so the NODE that is named is new
    const node = this.session.store.get(this.me.id, NODE), partners = this.session.store.get(this.me.id, PARTNERS);
    const drawn = this.me.now();
    const draft = { body: { 6: partners.id, 8: drawn } };
    this.hashes = viewHashes(this.session.store, draft, this.times.partner_delay_ms);
    this.items = this.session.items().filter((r) => r.author.equals(this.partner) && [PARTNERS, 6].includes(r.type));
    this.slot = Math.floor(Date.now() / DAY_MS) * 2 ** 32 + 2 ** 8;
    this.location = pack(location);
    this.firstReceipt = this.receipt(1, 1, 1, 'Pode avisar o vizinho?');
    this.blindings = [random(), random()];
    const asked = Buffer.alloc(5);
    asked[0] = partners.body[2].findIndex(([id]) => id.equals(this.partner));
    asked.writeUInt32BE(NEWCOMER, 1);
    const none = Buffer.alloc(0), closes = this.me.now() + this.times.window_min_ms + 1000;
    this.offer = this.append(OFFER, this.slot, [node.id, node.time, partners.id, 1, drawn, closes,
      viewDigest(draft, this.hashes), [location[2], 0], asked, none, none, none, none, null, null,
      H('vizinho/order-salt', this.salt, none), H('vizinho/location', this.blindings[0], this.location),
      H('vizinho/receipt', this.blindings[1], this.read(this.firstReceipt).id)]);
  }

  answer(kind, payload) {
    switch (kind) {
      case LOCATION_ASK:
        this.gaveLocation = true;
        return giveLocation(this.session, [payload[0], this.location, this.blindings[0], this.firstReceipt,
          this.blindings[1]]);
      case PLEDGE_MAIL: return this.takePledge(payload);
      case VIEW_ASK: return this.session.post(VIEW, [payload[0], Buffer.concat(this.hashes)]);
      case VIEW_ITEMS_ASK:
        return this.session.post(VIEW_ITEMS, [...payload, payload[1].equals(this.partner)
          ? this.items.map((r) => [r.type, r.slot, r.seq, r.id]) : null]);
      case EVIDENCE_ASK:
        return payload[1].forEach((id) =>
          this.session.post(EVIDENCE, [payload[0], id, this.session.store.id(id)?.signed ?? null]));
      case LEASE_ASK: return this.grant(payload);
      default: return this.takeStatements();
    }
  }

  takePledge([signed, reason]) {
    const pledge = { ...this.read(signed), signed };
    if (signed.length !== 192 || !this.session.store.genuine(pledge) || pledge.slot !== this.slot ||
        !pledge.body[0].equals(this.offer.id)) this.wrong.push('PLEDGE');
    this.pledge ??= { ...pledge, reason };
    this.session.say(PLEDGE_ACK, this.slot, 0, [this.offer.id, this.pledge.id]);
  }

  close() { this.closed = this.append(CLOSE, this.slot, [this.offer.id, [this.pledge.signed]]); }

  // Statements that came since the last look.
  takeStatements() {
    for (const s of this.session.statements.splice(0)) {
      this.session.seen.push(s);
      if (s.type === REVEAL) this.takeReveal(s);
      if (s.type === HANDOFF_ACK) this.accepted = s.body;
      if (s.type === CONTACTED && this.accepted?.[1]) this.extend(s);
    }
  }

  takeReveal(s) {
    const [offer, close, pledge, nonce, blinding, proposal] = s.body;
    const blinded = H('vizinho/proposal', blinding, proposal);
    if (!offer.equals(this.offer.id) || !close.equals(this.closed.id) || !pledge.equals(this.pledge.id) ||
        !H('vizinho/pledge', offer, this.partner, blinded, nonce).equals(this.pledge.body[2])) this.wrong.push('REVEAL');
    this.revealed = Buffer.concat([nonce, blinded]);
    this.plans = unpack(proposal);
    this.session.say(REVEAL_ACK, this.slot, 0, [this.offer.id, pledge]);
  }

  result() {
    this.resulted = this.append(RESULT, this.slot, [this.offer.id, this.closed.id, 1, this.salt, [this.revealed],
      Buffer.from([0])]);
  }

  // Second RECEIPT, CHOICE 1, AWARD, and then HANDOFF.
  choose(contact) {
    const blinding = random();
    const receipt = this.receipt(2, 2, 62, 'Pode dar o contato?');
    const choice = this.append(CHOICE, this.slot + 1, [this.offer.id, 1,
      H('vizinho/choice', blinding, this.offer.id, 1, this.partner), null]);
    const award = this.me.statement(AWARD, this.slot, 1, [this.offer.id, 1, this.partner, this.pledge.id, choice.id,
      blinding, this.read(receipt).id, this.me.now() + DAY_MS]);
    this.award = this.read(award);
    handOff(this.session, [this.session.store.id(choice.id).signed, award, receipt, pack(contact)]);
  }

  grant([award, asked, hash]) {
    const time = this.me.now();
    this.hash ??= hash;
    if (!award.equals(this.award.id) || !hash.equals(this.hash)) this.wrong.push('LEASE_ASK');
    const end = this.extended ?? time + this.times.lease_ms + this.times.lease_margin_ms;
    this.granted = true;
    this.lease(asked, !!this.extended, end - this.times.lease_margin_ms - time, end, time);
  }

  extend(contacted) {
    const time = this.me.now();
    this.extended ??= time + this.times.contacted_ms + this.times.lease_margin_ms;
    this.lease(contacted.time, true, this.times.contacted_ms, this.extended, time);
  }

  lease(asked, extended, left, end, time) {
    this.session.say(LEASE, this.slot, 1, [this.award.id, this.hash, asked, true, extended, left, end], time);
  }

  // A statement of a type that has come.
  said(type) { return this.session.seen.find((s) => s.type === type); }
}
