// A foreign node as the origin of a lead towards a real vizinhod, B, from the draw to `installed`. Everything was
// written from PROTOCOL.md alone: session.mjs, origin.mjs, records.mjs.
import { H, federationId } from './vizinho.mjs';
import { COVERAGE, ERASED, OUTCOME } from './records.mjs';
import { Member } from './member.mjs';
import { Origin } from './origin.mjs';
import { Daemon, TIMES, check, failed, freePort, plan, until } from './daemon.mjs';

const LOCATION = [[-20848900, -41112900], 20, 3201209, 29300100, 1, 0];
const CONTACT = ['Canaria Zuleica Trinado', '+5528987650001', 'Rua do Canario Secreto, 4711', '2031-05-17', '500 Mega'];

const b = new Daemon('Provedor B', await freePort());
const member = new Member(federationId('teste', Object.values(TIMES)));
const comes = (what, probe) => member.comes(what, probe);
const entry = async () => (await b.ctl('inbox.list', { all: true })).entries[0];

async function comesIn() {
  await b.ctl('plan.add', { name: '500 Mega', price_cents: 9990, down_mbps: 500, up_mbps: 250, technology: 'fiber',
    install_days: 3, url: 'https://example.com/planos' });
  await b.cover();
  const session = await member.comesIn(b);
  await member.becomesPartner(b);
  await comes('COVERAGE of B', () => session.store.get(session.peer, COVERAGE));
  return new Origin(session);
}

async function offers(o) {
  o.makeOffer(LOCATION);
  await comes('LOCATION_ASK', () => o.gaveLocation);
  check(true, 'B takes the OFFER and asks for the location');
  await comes('PLEDGE', () => o.pledge);
  check(o.pledge.body[1] === 1 && o.pledge.reason === 0, 'B finds it true, and pledges yes');
  o.close();
  await comes('REVEAL', () => o.revealed);
  check(o.plans.length === 1 && o.plans[0][0] === '500 Mega' && o.plans[0][1] === 9990,
    'after CLOSE B reveals its proposal, which opens the pledge');
  o.result();
}

async function awards(o) {
  o.choose(CONTACT);
  await comes('HANDOFF_ACK', () => o.accepted);
  check(o.accepted[0].equals(o.award.id) && o.accepted[1] === true && o.accepted[2] === 0, 'B accepts the hand-off',
    o.accepted);
  const { id } = await entry();
  const shown = await comes('B may show it', async () => (await b.ctl('inbox.show', { lead: id })).contact);
  check(o.granted && Object.values(shown).join() === CONTACT.join(), 'with the lease B shows exactly the contact', JSON.stringify(shown));
  await b.ctl('inbox.contacted', { lead: id });
  await comes('CONTACTED', () => o.extended);
  await b.ctl('inbox.outcome', { lead: id, outcome: 'installed', days_offline: 3 });
  const outcome = await comes('OUTCOME', () => o.said(OUTCOME));
  check(outcome.body[0].equals(o.award.id) && outcome.body[1] === 1 && outcome.body[2] === 3, 'B says installed');
  check(H('vizinho/release', outcome.body[3]).equals(o.hash), 'with the secret of its lease');
  const erased = await comes('ERASED', () => o.said(ERASED));
  check(erased.seq === 2 * 2 ** 32 + 1 && erased.body[1] === 2 && erased.body[2] === 1, 'and erased');
}

async function inOrder(o) {
  await until('B has judged the view', async () => (await entry()).checked);
  const end = Date.now() + 1.5 * TIMES.suspicion_ms;
  await comes('the suspicions\' time', () => Date.now() > end);
  check(o.wrong.length === 0 && o.session.unacknowledged.size === 0, 'B has acknowledged all mail', o.wrong);
  const found = b.cli('audit').findings;
  check(found.length === 0, '`vizinho audit` at B: in order', JSON.stringify(found, null, 1));
}

let status = 1;
try {
  await b.started();
  const o = await comesIn();
  await offers(o);
  await awards(o);
  await inOrder(o);
} catch (e) {
  check(false, 'goes on to its end', e.stack);
  console.log(`# ${b.log.slice(-4000).replace(/\n/g, '\n# ')}`);
} finally {
  member.end();
  status = await b.end();
}
check(status === 0, 'and it ends in order');
plan();
process.exit(failed > 0 ? 1 : 0);
