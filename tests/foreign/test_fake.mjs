// A foreign peer against a vizinhod with the tests' core. VIZ_FAKE is its program,
// VIZ_FEDERATION_ID the hexadecimal id of the tests' federation.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Link, PATIENCE_MS, prologue, publicBytes, publicKey, secretKey } from './noise_xk.mjs';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viz-foreign-'));
const conf = path.join(dir, 'conf');
fs.writeFileSync(conf, '[node]\nname = Teste\n[listen]\naddress = 127.0.0.1:0\n[store]\nmap_mib = 64\n');
const daemon = spawn(process.env.VIZ_FAKE, ['--config', conf, '--state', dir], {
  stdio: ['ignore', 'ignore', 'pipe'],
  env: { ...process.env, FAKE_KEY: 'a', FAKE_LIMITS: 'sweep_ms=20 keepalive_ms=200 rekey_ms=500' },
});
let log = '';
daemon.stderr.on('data', (d) => { log += d; });

let count = 0, failed = 0;
function check(ok, what) {
  console.log(`${ok ? 'ok' : 'not ok'} ${++count} - ${what}`);
  if (!ok) failed++;
}

async function port() {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
    const m = log.match(/listening on 127\.0\.0\.1:(\d+)/);
    if (m && log.includes('ready')) return Number(m[1]);
    await new Promise((r) => setTimeout(r, 20));
  }
  throw new Error(`the daemon did not start: ${log}`);
}

const bound = prologue(Buffer.from(process.env.VIZ_FEDERATION_ID, 'hex'));
const local = secretKey(Buffer.alloc(32, 'f'));
const remote = publicKey(publicBytes(secretKey(Buffer.alloc(32, 'a'))));
const hello = Buffer.from('hello');

async function body(link) {
  for (;;) {
    const got = await link.receive();
    if (got === null || got.kind === 'body') return got && got.body.toString();
  }
}

async function talks(where) {
  const link = new Link('127.0.0.1', where);
  await link.handshake({ prologue: bound, local, remote, hello });
  link.send(Buffer.from('Eolá'), 40);
  check((await body(link)) === 'Rolá', 'a body goes there and back');
  link.keepalive();
  link.rekey();
  link.send(Buffer.from('Edepois'));
  check((await body(link)) === 'Rdepois', 'and after a keep-alive and a rekey of ours');
  const seen = new Set();
  while (!(seen.has('keep-alive') && seen.has('rekey'))) seen.add((await link.receive()).kind);
  check(true, 'its keep-alive and its rekey are understood');
  link.send(Buffer.from('E3'));
  check((await body(link)) === 'R3', 'and what comes after its rekey');
  const big = Buffer.alloc(65517, 'x');
  big[0] = 'E'.charCodeAt(0);
  link.send(big);
  check((await body(link)).length === 65517, 'the largest frame');
  link.close();
}

async function refused(where, what, options) {
  const link = new Link('127.0.0.1', where);
  let got;
  try {
    await link.handshake({ prologue: bound, local, remote, hello, ...options });
    got = await link.receive();
  } catch (e) {
    got = e.message.startsWith('closed') ? null : e;
  }
  check(got === null, what);
  link.close();
}

try {
  const where = await port();
  await talks(where);
  await refused(where, 'a hello that is not admitted: closed', { hello: Buffer.from('refuse') });
  await refused(where, 'another federation: closed', { prologue: prologue(Buffer.alloc(32)) });
  await refused(where, 'another version of the protocol: closed',
    { prologue: Buffer.concat([bound.subarray(0, 7), Buffer.from([2]), bound.subarray(8)]) });
  await refused(where, 'another key than its own: closed',
    { remote: publicKey(publicBytes(secretKey(Buffer.alloc(32, 'x')))) });
} catch (e) {
  check(false, e.stack);
}
console.log(`1..${count}`);
const gone = new Promise((r) => { daemon.on('exit', r); });
daemon.kill('SIGTERM');
const status = await gone;
fs.rmSync(dir, { recursive: true });
process.exit(failed > 0 || status !== 0 ? 1 : 0);
