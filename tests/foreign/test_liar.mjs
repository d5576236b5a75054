// A foreign node as an origin that lies to a real vizinhod, B: PARTNERS of another log than its offers, and a second
// award while the lease of the first one runs, which it hides by a shorter lease. B finds both, a kill takes nothing
// of it away, anybody may check the evidence, and nothing of the person is in the log.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { federationId, readRecord } from './vizinho.mjs';
import { CHOICE, COVERAGE, PARTNERS } from './records.mjs';
import { Member } from './member.mjs';
import { Origin } from './origin.mjs';
import { Daemon, TIMES, check, failed, freePort, plan, until } from './daemon.mjs';

const LOCATION = [[-20848900, -41112900], 20, 3201209, 29300100, 1, 0];
const CONTACT = ['Canaria Zuleica Trinado', '+5528987650001', 'Rua do Canario Secreto, 4711', '2031-05-17', '500 Mega'];
const SHOWN_MS = 3000, LONG_MS = 3600000;

const b = new Daemon('Provedor B', await freePort());
const member = new Member(federationId('teste', Object.values(TIMES)));
const comes = (what, probe) => member.comes(what, probe);
const entry = async () => (await b.ctl('inbox.list', { all: true })).entries[0];
const found = () => b.cli('audit').findings;
const rule = (name) => found().find((f) => f.rule === name);

async function comesIn() {
  await b.ctl('plan.add', { name: '500 Mega', price_cents: 9990, down_mbps: 500, up_mbps: 250, technology: 'fiber',
    install_days: 3, url: 'https://example.com/planos' });
  await b.cover();
  const session = await member.comesIn(b);
  await member.becomesPartner(b);
  await comes('COVERAGE of B', () => session.store.get(session.peer, COVERAGE));
  return session;
}

// The same entries again, as of another log. NODE and OFFER go on in theirs.
function signsPartnersOfAnotherLog({ me, store }) {
  const entries = store.get(me.id, PARTNERS).body[2];
  const signed = me.replaceable(PARTNERS, 0, [me.log ^ 2n, me.listed, entries]);
  me.listed = readRecord(signed, me.federation).id;
  return signed;
}

async function offers(o) {
  o.makeOffer(LOCATION);
  await comes('PLEDGE', () => o.pledge);
  check(o.pledge.body[1] === 1, 'B pledges yes');
  await until('rule 4', () => rule('node-false'));
  check(rule('node-false').verdict === 'contradiction', 'PARTNERS of another log than the OFFER is a contradiction');
  o.close();
  await comes('REVEAL', () => o.revealed);
  o.result();
  o.choose(CONTACT);
  await comes('HANDOFF_ACK', () => o.accepted);
}

// The first lease is long by what it proves, and short by what it lets B show. The next one is over before it is given.
async function awardsTwice(o) {
  const { id } = await entry();
  const lease = o.lease.bind(o);
  let first = 0, asked = 0;
  o.lease = (at, extended, left, end, time) => {
    asked++;
    first ||= time;
    return asked === 1 ? lease(at, extended, SHOWN_MS, end + LONG_MS, time) : lease(at, extended, left, first + 1, time);
  };
  await comes('B shows the contact', async () => (await b.ctl('inbox.show', { lead: id })).contact);
  await comes('B asks again', async () => {
    await b.ctl('inbox.show', { lead: id });
    return asked > 1;
  });
  check(!(await b.ctl('inbox.show', { lead: id })).contact, 'by a lease that is over B shows nothing');
  o.append(CHOICE, o.slot + 2, [o.offer.id, 1, Buffer.alloc(32, 7), null]);
  await until('rule 31', () => rule('lease-outlasted'));
  check(rule('lease-outlasted').verdict === 'contradiction', 'a shorter lease hides no second award');
}

async function isKilled() {
  const gone = new Promise((r) => { b.process.on('exit', r); });
  b.process.kill('SIGKILL');
  await gone;
  const before = b.log;
  b.log = '';
  b.process = spawn(process.env.VIZINHOD, ['--config', b.conf, '--state', path.join(b.dir, 'state')],
    { stdio: ['ignore', 'ignore', 'pipe'] });
  b.process.stderr.on('data', (d) => { b.log += d; });
  await b.started();
  check(rule('node-false') && rule('lease-outlasted'), 'both are still found after a kill');
  return before;
}

function evidence() {
  for (const name of ['node-false', 'lease-outlasted']) {
    const dir = path.join(b.dir, name);
    b.cli('audit', 'export', rule(name).id, dir);
    check(execFileSync('sh', [path.join(dir, 'verify.sh')], { env: { ...process.env, LANG: 'C' } }).length > 0,
      `an outsider checks ${name}`);
    execFileSync(process.env.VIZINHO, ['audit', 'verify', dir]);
    const all = fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
      .map((f) => fs.readFileSync(path.join(f.parentPath ?? f.path, f.name), 'latin1')).join('');
    check(!CONTACT.some((x) => all.includes(x)), `and nothing of the person is in it`);
  }
}

let status = 1;
try {
  await b.started();
  const session = await comesIn();
  session.publish(signsPartnersOfAnotherLog(session));
  const o = new Origin(session);
  await offers(o);
  await awardsTwice(o);
  member.end();
  const log = (await isKilled()) + b.log;
  evidence();
  check(!CONTACT.slice(0, 4).some((x) => log.includes(x)) && !log.includes('20848900'), 'nor in the log, at level debug');
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
