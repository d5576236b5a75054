// The part of an asked partner in a lead, and what it checks: PROTOCOL.md sections 8 to 10, written from that text.
import crypto from 'node:crypto';
import { H, pack, readRecord, unpack } from './vizinho.mjs';
import { CHOICE, CLOSE, CONTACTED, ERASED, HANDOFF_ACK, NODE, OUTCOME, PARTNERS, PLEDGE, RESULT, REVEAL, ZEROS,
  effective, hex } from './records.mjs';
import { LEASE_ASK, askLocation, postPledge } from './session.mjs';

const LISTS = [12, 13, 14]; // asked, struck, not drawn: 5 bytes an entry
const random = () => crypto.randomBytes(32);

export const turnsOf = (bytes) => Array.from({ length: bytes.length / 5 }, (_, i) => {
  const word = bytes.readUInt32BE(5 * i + 1);
  return { index: bytes[5 * i], turn: word & 0x7fffffff, newcomer: word >= 2 ** 31 };
});

// What an OFFER says by itself and against the records that it names: a list of what is wrong.
export function judgeOffer(store, offer, times) {
  const [, number, , own, nodeId, nodeTime, partnersId, draw, drawn, closes] = offer.body;
  const wrong = [];
  const node = store.id(nodeId), partners = store.id(partnersId);
  if (own !== number) wrong.push('its number is not its own');
  if (!node || node.type !== NODE || node.time !== nodeTime) wrong.push('the NODE that it names');
  if (!partners || partners.type !== PARTNERS || !node.body[14].equals(partnersId)) wrong.push('its PARTNERS');
  if (nodeTime > offer.time || offer.time - nodeTime > times.heartbeat_ms) wrong.push('its NODE is old');
  if (drawn > offer.time || offer.time - drawn > times.draw_ms) wrong.push('its draw is old');
  if (closes < offer.time + times.window_min_ms) wrong.push('its window is short');
  if (offer.expires !== (Math.floor(offer.time / 86400000) + 1) * 86400000 + times.write_once_ms)
    wrong.push('its expires is not exact');
  if (Math.floor(offer.slot / 2 ** 32) !== Math.floor(offer.time / 86400000) || offer.slot % 256 !== 0)
    wrong.push('its slot');
  for (const list of LISTS) {
    const turns = turnsOf(offer.body[list]);
    const sorted = [...turns].sort((a, b) => a.turn - b.turn || a.index - b.index);
    if (turns.some((t, i) => t !== sorted[i] || t.turn >= draw)) wrong.push(`the order of list ${list}`);
  }
  return wrong;
}

// The author ids of asked, in the order of the OFFER.
export const askedIds = (store, offer) =>
  turnsOf(offer.body[12]).map(({ index }) => store.id(offer.body[6]).body[2][index][0]);

// The hashes of the view of the draw, by what is held.
export function viewHashes(store, offer, delay) {
  const partners = store.id(offer.body[6]);
  return partners.body[2].map(([id]) => id)
    .filter((id) => effective(partners, id, offer.body[8], delay)).map((id) => store.authorItems(id));
}

export const viewDigest = (offer, hashes) => H('vizinho/view', offer.body[8], ...hashes);

// LOCATION against OFFER and RECEIPT. Returns what is wrong, and the location.
export function judgeLocation(store, me, offer, [slot, location, blinding, signedReceipt, receiptBlinding]) {
  const wrong = [];
  const receipt = readRecord(signedReceipt, me.federation);
  const [, offerSlot, purpose, , , , , recipients, fields, , , , , given, expires, erase, , state, previous] =
    receipt.body;
  const [point, precision, municipality, cep, service, month] = unpack(location);
  const asked = [...askedIds(store, offer)].sort(Buffer.compare);
  if (slot !== offer.slot) wrong.push('slot');
  if (!H('vizinho/location', blinding, location).equals(offer.body[20])) wrong.push('location commit');
  if (!H('vizinho/receipt', receiptBlinding, receipt.id).equals(offer.body[21])) wrong.push('receipt commit');
  if (!store.genuine(receipt) || !receipt.author.equals(offer.author)) wrong.push('the receipt\'s signer');
  if (receipt.type !== 64 || receipt.seq !== 1 || receipt.slot !== slot || offerSlot !== slot) wrong.push('receipt name');
  if (purpose !== 1 || fields !== 1 || state !== 2 || !previous.equals(ZEROS)) wrong.push('receipt purpose');
  if (given > receipt.time || expires <= Date.now() || expires <= given || erase < given) wrong.push('receipt times');
  if (recipients.length !== asked.length || recipients.some(([id], i) => !id.equals(asked[i])))
    wrong.push('recipients are not asked');
  if (municipality !== offer.body[11][0]) wrong.push('municipality');
  return { wrong, location: { point, precision, municipality, cep, service, month } };
}

// An asked partner's part in one lead.
export class Partner {
  constructor(session, offer, plans) {
    Object.assign(this, { session, offer, me: session.me, plans });
    this.secret = random();
  }

  askLocation() { askLocation(this.session, this.offer.slot); }

  pledge() {
    this.proposal = pack(this.plans);
    this.blinding = random();
    this.nonce = random();
    this.blinded = H('vizinho/proposal', this.blinding, this.proposal);
    const commitment = H('vizinho/pledge', this.offer.id, this.me.id, this.blinded, this.nonce);
    const signed = this.me.statement(PLEDGE, this.offer.slot, 1, [this.offer.id, 1, commitment]);
    this.signedPledge = signed;
    this.pledgeId = readRecord(signed, this.me.federation).id;
    postPledge(this.session, signed, 0);
  }

  // The record of this offer of a type.
  held(type, k = 0) { return this.session.store.get(this.offer.author, type, this.offer.slot + k); }

  get position() { return askedIds(this.session.store, this.offer).findIndex((id) => id.equals(this.me.id)); }

  reveal() {
    const close = this.held(CLOSE);
    this.session.say(REVEAL, this.offer.slot, 1,
      [this.offer.id, close.id, this.pledgeId, this.nonce, this.blinding, this.proposal]);
  }

  judgeClose() {
    const close = this.held(CLOSE), wrong = [];
    if (!close.body[4].equals(this.offer.id) || close.body[3] !== this.offer.body[1]) wrong.push('its offer');
    if (close.body[5].length !== turnsOf(this.offer.body[12]).length) wrong.push('the number of entries');
    if (!close.body[5][this.position]?.equals(this.signedPledge)) wrong.push('our pledge');
    if (close.time < this.offer.body[9] && close.body[5].includes(null)) wrong.push('too early');
    askedIds(this.session.store, this.offer).forEach((id, i) => {
      const entry = close.body[5][i] && readRecord(close.body[5][i], this.me.federation);
      if (entry && (!entry.author.equals(id) || !entry.body[0].equals(this.offer.id) || !this.session.store.genuine(entry)))
        wrong.push(`the pledge of ${i}`);
    });
    return wrong;
  }

  judgeResult() {
    const close = this.held(CLOSE), result = this.held(RESULT), wrong = [];
    const [, , , , , closeId, kind, salt, entries, order] = result.body;
    if (!closeId.equals(close.id) || kind !== 1) wrong.push('close or kind');
    if (!H('vizinho/order-salt', salt, Buffer.alloc(0)).equals(this.offer.body[19])) wrong.push('salt');
    if (!entries[this.position]?.equals(Buffer.concat([this.nonce, this.blinded]))) wrong.push('our reveal');
    const revealed = [];
    entries.forEach((e, i) => {
      if (e === null) return;
      const pledge = readRecord(close.body[5][i], this.me.federation);
      const nonce = e.subarray(0, 32), blinded = e.subarray(32);
      if (!H('vizinho/pledge', this.offer.id, pledge.author, blinded, nonce).equals(pledge.body[2]))
        wrong.push(`the commitment of ${i}`);
      revealed.push({ i, id: pledge.id, nonce });
    });
    const seed = H('vizinho/order', this.offer.id, close.id, salt, ...revealed.flatMap((r) => [r.id, r.nonce]));
    const rank = (r) => hex(H('vizinho/order-item', seed, r.id));
    const mine = revealed.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).map((r) => r.i);
    if (!Buffer.from(mine).equals(order)) wrong.push('order');
    return wrong;
  }

  // HANDOFF: takes the CHOICE that comes with it, judges it all and answers.
  takeHandoff([signedChoice, signedAward, signedReceipt, contact]) {
    const { store } = this.session, wrong = [];
    this.session.record(signedChoice);
    const choice = readRecord(signedChoice, this.me.federation);
    const award = readRecord(signedAward, this.me.federation);
    const receipt = readRecord(signedReceipt, this.me.federation);
    const [offerId, k, recipient, pledge, choiceId, blinding, receiptId, latest] = award.body;
    if (![choice, award, receipt].every((r) => r.author.equals(this.offer.author) && store.genuine(r)))
      wrong.push('signer');
    if (choice.type !== CHOICE || award.type !== 70 || award.seq !== k || choice.slot !== this.offer.slot + k)
      wrong.push('names');
    if (!offerId.equals(this.offer.id) || !choiceId.equals(choice.id) || choice.body[5] !== 1) wrong.push('choice');
    if (!H('vizinho/choice', blinding, this.offer.id, k, this.me.id).equals(choice.body[6])) wrong.push('commitment');
    if (!recipient.equals(this.me.id) || !pledge.equals(this.pledgeId)) wrong.push('pledge');
    if (latest <= Date.now()) wrong.push('over');
    if (!receiptId.equals(receipt.id) || receipt.body[2] !== 2 || receipt.body[17] !== 2 ||
        receipt.body[7].length !== 1 || !receipt.body[7][0][0].equals(this.me.id)) wrong.push('receipt');
    this.award = award;
    this.k = k;
    this.contact = unpack(contact);
    if (wrong.length === 0) this.say(HANDOFF_ACK, [award.id, true, 0]);
    return wrong;
  }

  say(type, body) { return this.session.say(type, this.offer.slot, this.k, body); }

  askLease() {
    this.hash = H('vizinho/release', this.secret);
    this.asked = Date.now();
    this.session.post(LEASE_ASK, [this.award.id, this.asked, this.hash]);
  }

  sayContacted() { this.contacted = this.say(CONTACTED, [this.award.id]); }

  // Installed: the contact is erased, and both are said.
  sayInstalled(days) {
    this.contact = null;
    this.say(OUTCOME, [this.award.id, 1, days, this.secret]);
    this.session.say(ERASED, this.offer.slot, 2 * 2 ** 32 + this.k, [this.offer.id, 2, this.k, this.secret]);
  }
}
