#include "node/link/dial.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/hello.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/overlay.h"
#include "node/link/remote.h"
#include "node/link/tell.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"

static struct viz_remote *by_attempt(struct viz_net *net, uint64_t attempt)
{
	for (size_t i = 0; i < net->links.remote_count; i++)
		if (attempt != 0 && net->links.remote[i]->attempt == attempt)
			return net->links.remote[i];
	return NULL;
}

void viz_link_dial_opened(struct viz_net *net, const struct viz_event *ev)
{
	struct viz_remote *r = by_attempt(net, ev->attempt);

	if (r)
		r->attempt = 0;
	if (!r || !viz_link_hello_one_per_pair(net, &r->member->id, true)) {
		viz_overlay_ended_dial(&net->links.overlay, ev->attempt, false);
		viz_link_refuse(net, ev->link, "duplicate");
		return;
	}
	viz_overlay_opened(&net->links.overlay, ev->attempt, ev->link);
	viz_link_hello_attach(net, r->member, ev->link, true, &r->dialled);
	viz_link_find(net, ev->link)->token = r->dialled_token;
}

void viz_link_dial_failed(struct viz_net *net, uint64_t attempt, enum viz_link_end end)
{
	struct viz_remote *r = by_attempt(net, attempt);

	if (!r)
		return;
	r->attempt = 0;
	r->address_turn++;
	r->failed++;
	viz_remote_ended(net->core, r, end);
	viz_overlay_ended_dial(&net->links.overlay, attempt, true);
	viz_link_tell_unreached(net->core, r->member);
	net->links.changes++;
	viz_remote_back_off(net->core, r);
}

static bool has_address(const struct viz_member *m)
{
	return (m->has_node && m->node.has_address) || m->peer.address_count > 0;
}

unsigned viz_link_dial_turn(const struct viz_member *m)
{
	return m->remote ? m->remote->address_turn : 0;
}

/* The address that is the next one to try; the caller frees it. What was said last goes first: the
 * addresses of an invitation that is newer than NODE, then those of NODE. */
static char *dial_address(struct viz_core *core, const struct viz_member *m)
{
	struct viz_node_body b = {.address_count = 0};
	size_t invited, turn = viz_link_dial_turn(m);
	char *address;

	if (!viz_member_node(core, &b, m))
		b.address_count = 0;
	invited = viz_peer_said_later(m) || b.address_count == 0 ? m->peer.address_count : 0;
	/* None: the store has failed, and with it the batch. */
	turn = invited + b.address_count > 0 ? turn % (invited + b.address_count) : 0;
	address = strdup(turn < invited ? m->peer.address[turn] : b.address[turn - invited]);
	VIZ_REQUIRE(address);
	return address;
}

/* Whether a dial to `m` would reach another node to which we have a link already. The NODE of `m`
 * can carry that node's transport key and address. The other node would then close our link to it
 * in favour of the new one. The comparison uses the keys that handshakes have proved, because the
 * NODE of the other node can be false in the same way. */
static bool reaches_another(struct viz_net *net, const struct viz_member *m)
{
	for (size_t i = 0; m->has_node && i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (!link->closing && !viz_id_eq(&link->peer, &m->id) &&
		    viz_link_hello_transport_matches(m, &link->transport))
			return true;
	}
	return false;
}

bool viz_link_dial_possible(struct viz_net *net, const struct viz_member *m)
{
	const struct viz_remote *r = m->remote;

	if (r && (r->link != 0 || r->attempt != 0 || r->dial_at.ms > net->core->now.ms))
		return false;
	if (viz_author_revoked(m) || !has_address(m))
		return false;
	if (!m->has_node && !m->peer.present)
		return false;
	return !reaches_another(net, m);
}

void viz_link_dial_afresh(struct viz_net *net, struct viz_member *m)
{
	struct viz_remote *r = m->remote;

	if (r) {
		r->attempt = 0; /* what comes of it is nobody's */
		r->address_turn = 0;
		r->backoff_ms = 0;
		r->dial_at = net->core->now;
	}
	net->links.changes++;
}

void viz_link_dial_node(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_member *m = viz_member_find(net->trust, &rec->author);

	(void)id;
	if (m && m->remote && m->remote->link == 0 && m->remote->attempt == 0 &&
	    viz_peer_is_kept(m))
		viz_link_dial_afresh(net, m);
}

void viz_link_dial(struct viz_net *net, struct viz_member *m)
{
	uint8_t *hello = viz_core_alloc(VIZ_HELLO_MAX);
	struct viz_remote *r = viz_remote_ensure(net, m);
	bool token = m->peer.token_len > 0;
	struct viz_effect *fx;
	size_t len = 0;

	if (viz_link_hello_own(net->trust, hello, &len, token ? m->peer.token : NULL) == VIZ_OK) {
		fx = viz_effects_add(net->core->fx, VIZ_EFFECT_DIAL, hello, len);
		fx->attempt = r->attempt = ++net->links.last_attempt;
		r->dialled = viz_peer_said_later(m) ? m->peer.transport : m->node.transport;
		r->dialled_token = token;
		fx->remote = r->dialled;
		net->links.changes++;
		fx->text = dial_address(net->core, m);
	}
	viz_secret_wipe(hello, VIZ_HELLO_MAX);
	free(hello);
}
