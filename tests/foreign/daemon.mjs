// What the tests against real daemons share: TAP, the tests' federation, and a vizinhod of its own on loopback.
// VIZINHOD and VIZINHO name the programs.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { PATIENCE_MS } from './noise_xk.mjs';

// In the order of section 5, with ask_max at the end.
export const TIMES = { partner_delay_ms: 3000, partner_keep_ms: 8035200000, suspicion_ms: 10000,
  silence_ms: 1209600000, grace_ms: 604800000, heartbeat_ms: 1000, old_transport_ms: 1209600000,
  write_once_ms: 7776000000, draw_ms: 86400000, window_min_ms: 30000, reveal_ms: 30000, choice_ms: 600000,
  lease_ms: 20000, lease_margin_ms: 1000, contacted_ms: 259200000, location_erase_ms: 1000,
  undelivered_ms: 2592000000, contact_origin_ms: 2592000000, contact_holder_ms: 7776000000, ack_ms: 604800000,
  serve_ms: 1209600000, start_ms: 100, repair_ms: 1000, skew_ms: 120000, ask_max: 5 };

let count = 0;
export let failed = 0;
export function check(ok, what, why = '') {
  console.log(`${ok ? 'ok' : 'not ok'} ${++count} - ${what}`);
  if (!ok) failed++;
  if (!ok && why) console.log(`# ${String(why).replace(/\n/g, '\n# ')}`);
}
export const plan = () => console.log(`1..${count}`);

export async function until(what, probe) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((r) => setTimeout(r, 20));
  }
}

// A free port of loopback, outside the range of outgoing connections.
export async function freePort() {
  const low = Number(fs.readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]);
  for (;;) {
    const port = 10000 + Math.floor(Math.random() * Math.max(low - 10000, 1000));
    const free = await new Promise((done) => {
      const s = net.createServer();
      s.on('error', () => done(false));
      s.listen(port, '127.0.0.1', () => s.close(() => done(true)));
    });
    if (free) return port;
  }
}

export class Daemon {
  constructor(name, port) {
    this.port = port;
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'viz-real-'));
    this.conf = path.join(this.dir, 'conf');
    this.socket = path.join(this.dir, 's');
    this.log = '';
    const times = Object.entries(TIMES).flatMap(([k, v]) => ['--set', `${k}=${v}`]);
    execFileSync(process.env.VIZINHO, ['init', '--state', path.join(this.dir, 'state'), '--config', this.conf,
      '--offline', path.join(this.dir, 'offline'), '--federation', 'teste', ...times, '--name', name,
      '--privacy', 'privacidade@p.example', '--withdrawal', '0800 123 4567', '--address', `127.0.0.1:${port}`]);
    const head = fs.readFileSync(this.conf, 'utf8').split('[listen]')[0];
    fs.writeFileSync(this.conf, `${head}[listen]\naddress = 127.0.0.1:${port}\n[control]\nsocket = ${this.socket}\n` +
      `[access]\nreaders = ${os.userInfo().username}\n[store]\nmap_mib = 64\n[log]\nlevel = debug\n`);
    this.process = spawn(process.env.VIZINHOD, ['--config', this.conf, '--state', path.join(this.dir, 'state')],
      { stdio: ['ignore', 'ignore', 'pipe'] });
    this.process.stderr.on('data', (d) => { this.log += d; });
  }

  started() { return until('it starts', () => this.log.includes('ready')); }

  ctl(op, args = {}) {
    return new Promise((done, fail) => {
      const s = net.connect(this.socket);
      let text = '';
      s.on('error', fail);
      s.on('data', (d) => {
        text += d;
        if (!text.endsWith('\n')) return;
        s.destroy();
        const reply = JSON.parse(text);
        if (reply.ok) done(reply.result); else fail(new Error(`${op}: ${reply.error.message}`));
      });
      s.write(`${JSON.stringify({ op, args })}\n`);
    });
  }

  // `vizinho --json WORDS`, parsed. An audit with findings ends with 1 and prints them all the same.
  cli(...words) {
    try {
      return JSON.parse(execFileSync(process.env.VIZINHO, ['--socket', this.socket, '--json', ...words]));
    } catch (e) {
      if (e.stdout?.length) return JSON.parse(e.stdout);
      throw e;
    }
  }

  async peer(id) { return (await this.ctl('peer.list')).peers.find((p) => p.id === id); }

  cover() {
    return this.ctl('coverage.import', { name: 'rede', technology: 'fiber', down_mbps: 500, municipalities: [{ code: 3201209 }],
      ceps: [[29300000, 29329999]] });
  }

  async end() {
    const gone = new Promise((r) => { this.process.on('exit', r); });
    this.process.kill('SIGTERM');
    const status = await gone;
    fs.rmSync(this.dir, { recursive: true });
    return status;
  }
}
