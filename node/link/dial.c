#include "node/link/dial.h"

#include "crypto/rng.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/hello.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/author.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"

static struct viz_member *by_attempt(struct viz_trust *trust, uint64_t attempt)
{
	for (size_t i = 0; i < trust->directory.count; i++)
		if (attempt != 0 && trust->directory.list[i]->attempt == attempt)
			return trust->directory.list[i];
	return NULL;
}

void viz_link_opened(struct viz_net *net, const struct viz_event *ev)
{
	struct viz_member *m = by_attempt(net->trust, ev->attempt);

	if (m)
		m->attempt = 0;
	if (!m || !viz_link_one_per_pair(net, &m->id, true)) {
		viz_link_insert(net, ev->link)->closing = true;
		viz_link_emit_close(net->core, ev->link, "duplicate");
		return;
	}
	viz_link_attach(net, m, ev->link, true, &m->dialled);
}

void viz_link_dial_failed(struct viz_trust *trust, uint64_t attempt)
{
	struct viz_member *m = by_attempt(trust, attempt);

	if (!m)
		return;
	m->attempt = 0;
	m->address_turn++;
	m->backoff_ms = m->backoff_ms ? m->backoff_ms * 2 : VIZ_BACKOFF_MIN_MS;
	if (m->backoff_ms > VIZ_BACKOFF_MAX_MS)
		m->backoff_ms = VIZ_BACKOFF_MAX_MS;
	m->dial_at = viz_after(
	    trust->core->now,
	    m->backoff_ms / 2 + (int64_t)viz_rng_below(&trust->core->rng, (uint64_t)m->backoff_ms));
}

static const char *dial_address(const struct viz_member *m)
{
	if (m->has_node && m->node.address_count > 0)
		return m->node.address[m->address_turn % m->node.address_count];
	return m->peer.address[0] != '\0' ? m->peer.address : NULL;
}

/* A NODE may carry another one's transport key and address: to viz_link_dial its author is to reach
 * that other one, who takes us for dialling anew and closes the link that we have. Only the key
 * that a link's handshake has proved counts: what its peer publishes may be a lie likewise. */
static bool reaches_another(struct viz_net *net, const struct viz_member *m)
{
	for (size_t i = 0; m->has_node && i < net->links.count; i++) {
		const struct viz_link *link = &net->links.list[i];

		if (!link->closing && !viz_id_eq(&link->peer, &m->id) &&
		    viz_link_transport_matches(m, &link->transport))
			return true;
	}
	return false;
}

bool viz_link_should_dial(struct viz_net *net, const struct viz_member *m, size_t linked)
{
	bool wanted = m->peer.vouched || m->peer.partner;

	if (m->link != 0 || m->attempt != 0 || m->dial_at.ms > net->core->now.ms ||
	    viz_author_revoked(m) || !dial_address(m))
		return false;
	if (!m->has_node && !m->peer.present)
		return false;
	if (!wanted && (!m->member || linked >= VIZ_LINKS_WANTED))
		return false;
	return !reaches_another(net, m);
}

void viz_link_dial(struct viz_net *net, struct viz_member *m)
{
	uint8_t *hello = viz_core_alloc(VIZ_HELLO_MAX);
	bool token = m->peer.has_token && !m->member;
	struct viz_effect *fx;
	size_t len = 0;

	if (viz_link_own_hello(net->trust, hello, &len, token ? m->peer.token : NULL) == VIZ_OK) {
		fx = viz_effects_add(net->core->fx, VIZ_EFFECT_DIAL, hello, len);
		fx->attempt = m->attempt = ++net->links.last_attempt;
		m->dialled = m->has_node ? m->node.transport : m->peer.transport;
		fx->remote = m->dialled;
		fx->text = strdup(dial_address(m));
		VIZ_REQUIRE(fx->text);
	}
	viz_wipe(hello, VIZ_HELLO_MAX);
	free(hello);
}
