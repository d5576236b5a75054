// A foreign peer against a real vizinhod. VIZINHOD and VIZINHO name the programs. The peer comes in by an
// invitation with a NODE record of its own, and vouches. It was written from PROTOCOL.md alone.
import crypto from 'node:crypto';
import { Daemon, TIMES, check, failed, freePort, plan, until } from './daemon.mjs';
import { Link, prologue, publicKey } from './noise_xk.mjs';
import { Tree, hourOf } from './tree.mjs';
import { Author, authorId, blake2b256, federationId, H, pack, readInvitation, readRecord, unpack,
  verifies } from './vizinho.mjs';

const federation = federationId('teste', Object.values(TIMES));
const d = new Daemon('Provedor A', await freePort());

async function dial(author, hello, remote) {
  const link = new Link('127.0.0.1', d.port);
  await link.handshake({ prologue: prologue(federation), local: author.transport, remote: publicKey(remote), hello });
  return link;
}

async function closes(link, words, what) {
  let got;
  try {
    while ((got = await link.receive()) !== null);
  } catch (e) {
    got = e;
  }
  await until(`the log names ${words}`, () => d.log.includes(words)).catch(() => {});
  check(got === null && d.log.includes(words), what);
  link.close();
}

const member = () => pack([8, Date.now()]);

// The time in the next MEMBER.
async function nextMember(link) {
  for (;;) {
    const got = await link.receive();
    if (got === null) throw new Error('closed');
    const message = got.kind === 'body' ? unpack(got.body) : [];
    if (message[0] === 8) return message[1];
  }
}

// The next RECORD of this type and author, as received.
async function nextRecord(link, type, author) {
  for (;;) {
    const got = await link.receive();
    if (got === null) throw new Error('closed');
    if (got.kind !== 'body') continue;
    const message = unpack(got.body);
    if (message[0] !== 1) continue;
    const record = readRecord(message[1], federation);
    if (record.type === type && record.author.equals(author)) return record;
  }
}

function primitives() {
  const abc = 'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319'; // RFC 7693's input
  check(blake2b256(Buffer.from('abc')).toString('hex') === abc, 'BLAKE2b-256');
  check(unpack(pack([1, 300, 70000, 5e12, 'olá', null, true, Buffer.alloc(300)])).length === 8, 'msgpack');
}

async function strangers(remote) {
  const stranger = new Author(federation);
  await closes(await dial(stranger, Buffer.from('garbage'), remote), 'core, bad-hello', 'garbage for a hello: closed');
  await closes(await dial(stranger, stranger.hello(stranger.node('Estranho')), remote), 'core, unknown',
    'a hello that nothing admits: closed');
}

async function comesIn(remote) {
  const invitation = readInvitation((await d.ctl('peer.invite')).line);
  const me = new Author(federation);
  const node = me.node('Provedor Estrangeiro');

  check(invitation.federation.equals(federation), 'the federation\'s id is computed alike');
  check(invitation.transport.equals(remote), 'status and invitation say the same transport key');
  const link = await dial(me, me.hello(node, invitation.token), remote);
  const greeting = await nextRecord(link, 1, invitation.author);
  const [first, next, nonce, transport, name] = greeting.body;
  check(authorId(federation, first, next, nonce).equals(greeting.author), 'its author id follows from its NODE');
  check(verifies(greeting, first) && transport.equals(remote) && name === 'Provedor A', 'and its NODE verifies');
  const id = me.id.toString('hex');
  await until('pending', async () => (await d.ctl('peer.list')).peers.some((p) => p.pending));
  await d.ctl('peer.trust', { peer: id });
  const vouch = await nextRecord(link, 4, invitation.author);
  check(verifies(vouch, first) && vouch.body[0].equals(me.id) && vouch.body[2] === false,
    'its VOUCH for the foreign one verifies');
  link.send(pack([1, me.vouch(0, invitation.author)]));
  link.send(member());
  check(Math.abs(await nextMember(link) - Date.now()) < 60000, 'it says MEMBER with its clock');
  const peer = await until('a member', async () =>
    (await d.ctl('peer.list')).peers.find((p) => p.member && p.linked));
  check(peer.name === 'Provedor Estrangeiro' && peer.version === 'foreign', 'the foreign one is a member');
  return { link, me, author: invitation.author, first };
}

async function talks({ link, me, author, first }) {
  link.keepalive();
  link.rekey();
  const accepted = (await d.ctl('status')).received.accepted_count;
  link.send(pack([1, me.node('Provedor Renomeado')]), 7);
  await until('renamed', async () =>
    (await d.ctl('peer.list')).peers.some((p) => p.name === 'Provedor Renomeado'));
  check((await d.ctl('status')).received.accepted_count > accepted, 'keep-alive, rekey, and a record that is gossiped');
  link.send(pack([4, [[author, 1, 0]]])); // WANT
  check(verifies(await nextRecord(link, 1, author), first), 'WANT is answered');
  const hour = hourOf(Date.now(), TIMES);
  const buckets = await bucketsOf(link, hour, 48);
  check(buckets[1] === hour && buckets[2] === 2 && buckets[3] === true && buckets[4].length === 2048 &&
    buckets[6].length === 48 * 40, 'and TREE by BUCKETS');
}

// The answer to a TREE of another root.
async function bucketsOf(link, hour, cells) {
  link.send(pack([18, hour, 2, crypto.randomBytes(32), cells]));
  for (;;) {
    const got = await link.receive();
    const message = got.kind === 'body' ? unpack(got.body) : [];
    if (message[0] === 19) return message;
  }
}

// Whether our root equals that of the daemon, and our sketch. They differ when it has published meanwhile.
async function sameTree({ link, me, author }) {
  const held = [];
  const places = [[author, 1], [author, 4], [author, 5], [me.id, 1], [me.id, 4]].sort(([a, s], [b, t]) =>
    Buffer.compare(a, b) || s - t);
  link.send(pack([4, places.map(([id, type]) => [id, type, 0])]));
  for (const [id, type] of places) held.push(await nextRecord(link, type, id));
  const hour = hourOf(Date.now(), TIMES), tree = new Tree(held), cells = 100;
  const shown = (await bucketsOf(link, hour, cells)).slice(3);
  if (!tree.answerTree(2, cells).every((x, i) => x === shown[i] || x.equals(shown[i]))) return false;
  await new Promise((r) => setTimeout(r, 300));
  link.send(pack([18, hour, 2, tree.root(hour), 48]));
  link.send(pack([4, [[author.subarray(0, 3), 1, 0]]])); // the answer to this WANT comes next
  for (let same = true; ;) {
    const got = await link.receive();
    const message = got.kind === 'body' ? unpack(got.body) : [];
    if (message[0] === 19) same = false;
    if (message[0] === 1) return same;
  }
}

// Both sides compute the same root and sketch of the records that they hold: section 12.
async function agrees(peer) {
  let same = false;
  for (let i = 0; i < 20 && !same; i++) {
    await new Promise((r) => setTimeout(r, 300));
    same = await sameTree(peer);
  }
  check(same, 'the same root and sketch of the same records');
}

async function misbehaves({ link, me }, remote) {
  link.send(crypto.randomBytes(40).fill(0xc1, 0, 1));
  await closes(link, 'bad-message', 'garbage after the handshake: closed, with a named reason');
  const again = await dial(me, me.hello(me.node('Provedor Renomeado')), remote);
  const record = me.vouch(1, crypto.randomBytes(32));
  record[5] ^= 1;
  again.send(pack([1, record]));
  await closes(again, 'bad-signature', 'so is a bad signature, of a member that came again without a token');
  const last = await dial(me, me.hello(me.node('Provedor Renomeado')), remote);
  last.write(crypto.randomBytes(60));
  await closes(last, 'ends: auth', 'and a frame that does not open');
}

let status = 1;
try {
  await d.started();
  const remote = Buffer.from((await d.ctl('status')).transport, 'hex');
  primitives();
  await strangers(remote);
  const peer = await comesIn(remote);
  await talks(peer);
  await agrees(peer);
  await misbehaves(peer, remote);
} catch (e) {
  check(false, e.stack.replace(/\n/g, '\n# '));
  console.log(`# ${d.log.replace(/\n/g, '\n# ')}`);
} finally {
  status = await d.end();
}
check(status === 0, 'and it ends in order');
plan();
process.exit(failed > 0 ? 1 : 0);
