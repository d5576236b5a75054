// A foreign node that comes in at a daemon by an invitation and becomes its mutual partner: PROTOCOL.md sections 6
// and 8.
import { Link, prologue, publicKey } from './noise_xk.mjs';
import { readInvitation } from './vizinho.mjs';
import { PARTNERS, Signer, VOUCH, effective } from './records.mjs';
import { Session } from './session.mjs';
import { TIMES, check, until } from './daemon.mjs';

export const NAME = 'Provedor Estrangeiro';

export const byName = async (d, name) => (await d.ctl('peer.list')).peers.find((p) => p.name === name);

export class Member {
  constructor(federation) { this.me = new Signer(federation, TIMES.write_once_ms); }

  // Waits for something at our own end of the link.
  comes(what, probe) {
    return until(what, () => {
      if (this.session.error) throw this.session.error;
      if (this.session.closed) throw new Error('the link was closed');
      return probe();
    });
  }

  // By an invitation; VOUCH, MEMBER, PARTNERS and NODE follow.
  async comesIn(daemon) {
    const { me } = this;
    const invitation = readInvitation((await daemon.ctl('peer.invite')).line);
    const node = me.node(NAME);
    const link = new Link('127.0.0.1', daemon.port);
    await link.handshake({ prologue: prologue(me.federation), local: me.transport,
      remote: publicKey(invitation.transport), hello: me.hello(node, invitation.token) });
    const session = this.session = new Session(me, link, invitation.author, { name: NAME, times: TIMES });
    session.store.take(node);
    session.run();
    const first = await this.comes('the first record', () => session.newestOfPeer);
    check(first.author.equals(invitation.author), 'the first message is a record of whom we dialled');
    await until('pending', async () => (await byName(daemon, NAME))?.pending);
    await daemon.ctl('peer.trust', { peer: NAME });
    await this.comes('its VOUCH', () => session.store.all(VOUCH).some((r) => r.body[0].equals(me.id)));
    session.publish(me.vouch(0, invitation.author));
    session.publish(me.node(NAME));
    session.sayMember();
    await this.comes('MEMBER', () => session.full);
    for (const signed of me.partners([invitation.author], NAME)) session.publish(signed);
    this.beat = setInterval(() => { if (!session.closed) session.heartbeat(); }, TIMES.heartbeat_ms);
    return session;
  }

  async becomesPartner(daemon) {
    await until('a partner', async () => (await byName(daemon, NAME))?.partner);
    check(true, 'VOUCH and PARTNERS make it a mutual partner');
    await this.comes('its entry is effective', () => effective(this.session.store.get(this.session.peer, PARTNERS),
      this.me.id, Date.now(), TIMES.partner_delay_ms) && this.session.inForce());
  }

  end() {
    clearInterval(this.beat);
    this.session?.link.close();
  }
}
