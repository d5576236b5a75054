// A foreign node as a partner in a lead of a real vizinhod, from the invitation to `installed`. A is the origin, C a
// third node in the circle. Everything was written from PROTOCOL.md alone: session.mjs, lead.mjs, records.mjs.
import { federationId } from './vizinho.mjs';
import { CHOICE, CLOSE, COVERAGE, COVERAGE_ACK, LEASE, OFFER, PLEDGE_ACK, RESULT, REVEAL_ACK } from './records.mjs';
import { HANDOFF, LOCATION, VIEW, VIEW_ASK } from './session.mjs';
import { Member, NAME, byName } from './member.mjs';
import { Partner, judgeLocation, judgeOffer, viewDigest, viewHashes } from './lead.mjs';
import { Daemon, TIMES, check, failed, freePort, plan, until } from './daemon.mjs';

const federation = federationId('teste', Object.values(TIMES));
const PLACE = { municipality: { code: 3201209 }, cep: 29300100, lat_udeg: -20848900, lon_udeg: -41112900, precision_m: 20 };
const YES = { given: true, channel: 'phone', evidence: 'gravacao-1' };
const CONTACT = { name: 'Canaria Zuleica Trinado', phone: '+5528987650001',
  address: 'Rua do Canario Secreto, 4711', date: '2031-05-17', plan: '500 Mega' };
const PLANS = [['500 Mega', 9990, 500, 250, 1, 3, 'https://example.com/planos']];

const a = new Daemon('Provedor A', await freePort());
const c = new Daemon('Provedor C', await freePort());
const member = new Member(federation);
const { me } = member;
const comes = (what, probe) => member.comes(what, probe);
let session;

async function joins() {
  const line = (await a.ctl('peer.invite')).line;
  await c.ctl('peer.accept', { line });
  const { name } = await until('C is pending', async () => (await a.ctl('peer.list')).peers.find((p) => p.pending));
  await a.ctl('peer.trust', { peer: name });
  await c.ctl('plan.add', { name: '500 Mega', price_cents: 9990, down_mbps: 500, up_mbps: 250, technology: 'fiber',
    install_days: 3, url: 'https://example.com/planos' });
  await c.cover();
  await a.cover();
}

async function comesIn() {
  session = await member.comesIn(a);
  session.publish(me.coverage([3201209], [[29300000, 29329999]]));
  await member.becomesPartner(a);
  const mine = session.store.get(me.id, COVERAGE);
  const ack = await comes('COVERAGE_ACK', () => session.statement(COVERAGE_ACK));
  check(ack.slot === 0 && ack.body[0].equals(me.id) && ack.body[1].equals(mine.id), 'A acknowledges its COVERAGE');
  await until('both cover the place', async () =>
    (await a.ctl('lead.lookup', { place: PLACE })).partners.length === 2);
  await comes('the head of A\'s log', () => session.chain.openings > 0);
}

async function offered() {
  const shown = await a.ctl('lead.draw', { place: PLACE });
  const { language, text, contact_text } = shown.consent;
  const lead = (await a.ctl('lead.offer', { protocol: 'P-1', draw: shown.draw, place: PLACE, strike: [],
    consent: { ...YES, language, text, contact_text } })).lead.id;
  const offer = await comes('OFFER', () => session.store.all(OFFER)[0]);
  const wrong = judgeOffer(session.store, offer, TIMES);
  check(wrong.length === 0, 'OFFER, with the NODE and PARTNERS that it names', wrong);
  const hashes = viewHashes(session.store, offer, TIMES.partner_delay_ms);
  check(hashes.length === 2 && viewDigest(offer, hashes).equals(offer.body[10]),
    'the digest of the view, by what it holds itself');
  session.post(VIEW_ASK, [offer.slot]);
  const view = await comes('VIEW', () => session.letter(VIEW));
  check(view[0] === offer.slot && view[1]?.equals(Buffer.concat(hashes)), 'and by the VIEW that A serves');
  return { lead, partner: new Partner(session, offer, PLANS) };
}

async function answers({ lead, partner }) {
  const { offer } = partner;
  partner.askLocation();
  const { wrong, location } = judgeLocation(session.store, me, offer,
    await comes('LOCATION', () => session.letter(LOCATION)));
  check(wrong.length === 0 && location.point[0] === PLACE.lat_udeg && location.point[1] === PLACE.lon_udeg &&
    location.cep === PLACE.cep, 'LOCATION opens both commitments, with a receipt that names it', wrong);
  partner.pledge();
  const ack = await comes('PLEDGE_ACK', () => session.statement(PLEDGE_ACK));
  check(ack.body[0].equals(offer.id) && ack.body[1].equals(partner.pledgeId) && ack.seq === partner.position,
    'PLEDGE is acknowledged by its id');
  await comes('CLOSE', () => partner.held(CLOSE));
  const close = partner.judgeClose();
  check(close.length === 0, 'CLOSE has its PLEDGE at its position, and that of C', close);
  partner.reveal();
  const opened = await comes('REVEAL_ACK', () => session.statement(REVEAL_ACK));
  check(opened.body[1].equals(partner.pledgeId) && opened.seq === partner.position, 'REVEAL is acknowledged');
  await comes('RESULT', () => partner.held(RESULT));
  const result = partner.judgeResult();
  check(result.length === 0, 'RESULT: salt, reveals, and the order computed anew', result);
  const { proposals } = await until('proposals', async () => {
    const r = await a.ctl('lead.proposals', { lead }).catch(() => null);
    return r?.proposals.length === 2 && r;
  });
  const own = proposals.find((p) => p.name === NAME);
  check(own.plans?.[0].name === '500 Mega' && own.plans[0].price_cents === 9990, 'A shows the proposal', JSON.stringify(own));
  return own;
}

async function holds({ lead, partner }, own) {
  await a.ctl('lead.choose', { lead, peer: NAME, consent: { ...YES, text: own.consent_text }, contact: CONTACT });
  const handoff = await comes('HANDOFF', () => session.letter(HANDOFF));
  const wrong = partner.takeHandoff(handoff);
  check(wrong.length === 0 && partner.held(CHOICE, 1), 'HANDOFF: CHOICE, AWARD and RECEIPT fit', wrong);
  check(partner.contact.join() === Object.values(CONTACT).join(), 'with exactly the contact that was given');
  partner.askLease();
  const lease = await comes('LEASE', () => session.statement(LEASE));
  const [award, hash, asked, granted, extended, left, end] = lease.body;
  check(award.equals(partner.award.id) && hash.equals(partner.hash) && asked === partner.asked && granted &&
    !extended && left === TIMES.lease_ms && end > Date.now(), 'LEASE is granted for lease_ms', lease.body);
  partner.sayContacted();
  const longer = await comes('LEASE, extended', () => session.statements.filter((s) => s.type === LEASE)[1]);
  check(longer.body[2] === partner.contacted.time && longer.body[3] && longer.body[4] &&
    longer.body[5] === TIMES.contacted_ms, 'and extended after CONTACTED');
  partner.sayInstalled(3);
  const state = async () => (await a.ctl('lead.show', { lead })).lead;
  const end2 = await until('installed', async () => { const l = await state(); return l.state === 'installed' && l; });
  check(end2.days_offline === 3, 'A says installed, with the days that were said');
  await until('erased', async () => (await state()).asked.find((p) => p.name === NAME).erased);
  check(true, 'and that it has erased');
}

// After more than suspicion_ms on the link nothing is held against anybody.
async function inOrder() {
  const end = Date.now() + 1.5 * TIMES.suspicion_ms;
  await comes('the suspicions\' time', () => Date.now() > end);
  const { chain } = session;
  check(chain.wrong.length === 0 && chain.newest === 4 && chain.openings > 2,
    'the log of A: four records in one chain, and each NODE opened', JSON.stringify([chain.wrong, chain.newest]));
  check(session.unacknowledged.size === 0, 'A has acknowledged all mail');
  for (const [d, who] of [[a, 'A'], [c, 'C']]) {
    const found = d.cli('audit').findings;
    check(found.length === 0, `\`vizinho audit\` at ${who}: in order`, JSON.stringify(found, null, 1));
  }
}

let status = 1;
try {
  await Promise.all([a.started(), c.started()]);
  await joins();
  await comesIn();
  await until('C counts it as a member', async () => (await byName(c, NAME))?.member);
  await until('A may sign', async () => !(await a.ctl('status')).starting);
  const lead = await offered();
  const own = await answers(lead);
  await holds(lead, own);
  await inOrder();
} catch (e) {
  check(false, 'goes on to its end', e.stack);
  for (const d of [a, c]) console.log(`# ${d.log.slice(-4000).replace(/\n/g, '\n# ')}`);
} finally {
  member.end();
  status = Math.max(await a.end(), await c.end());
}
check(status === 0, 'and both end in order');
plan();
process.exit(failed > 0 ? 1 : 0);
