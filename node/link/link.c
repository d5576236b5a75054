#include "node/link/link.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/net.h"
#include "node/link/overlay.h"
#include "node/link/remote.h"
#include "node/link/tell.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

#define LASTED_MS 60000 /* a link that was up longer than this was no failure */

struct viz_link *viz_link_find(struct viz_net *net, uint64_t number)
{
	for (size_t i = 0; i < net->links.count; i++)
		if (net->links.list[i].number == number)
			return &net->links.list[i];
	return NULL;
}

struct viz_link *viz_link_of(struct viz_net *net, const struct viz_id *peer)
{
	for (size_t i = 0; i < net->links.count; i++)
		if (!net->links.list[i].closing && viz_id_eq(&net->links.list[i].peer, peer))
			return &net->links.list[i];
	return NULL;
}

bool viz_link_is_chosen(struct viz_trust *trust, const struct viz_link *link)
{
	const struct viz_member *m = viz_member_find(trust, &link->peer);

	return link->outbound || (m && viz_peer_is_kept(m));
}

struct viz_link *viz_link_insert(struct viz_net *net, uint64_t number)
{
	struct viz_links *l = &net->links;

	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 16;
		l->list = viz_core_grow(l->list, l->capacity, sizeof *l->list);
	}
	l->list[l->count] = (struct viz_link){.number = number,
					      .since = net->core->now,
					      .flood_bytes = VIZ_FLOOD_BURST_BYTES,
					      .flood_at = net->core->now};
	l->changes++;
	return &l->list[l->count++];
}

void viz_link_emit_close(struct viz_core *core, uint64_t number, const char *reason)
{
	struct viz_effect *fx = viz_effects_add(core->fx, VIZ_EFFECT_CLOSE, NULL, 0);

	fx->link = number;
	fx->text = strdup(reason);
	VIZ_REQUIRE(fx->text);
}

/* Notes for the operator how the link of this member ended. */
static void note_end(const struct viz_core *core, struct viz_remote *r, const struct viz_link *link,
		     const char *reason)
{
	if (link->proven) {
		r->lost_at = core->now;
		r->heard_at = link->heard_at;
		viz_remote_ended(core, r, reason ? VIZ_LINK_END_CLOSED : VIZ_LINK_END_LOST);
	} else {
		r->failed++;
		viz_remote_ended(core, r, reason ? VIZ_LINK_END_OTHER : VIZ_LINK_END_TURNED_AWAY);
	}
}

/* The member of this link has no link from now on; the next dial waits. */
static void detach(struct viz_net *net, const struct viz_link *link, const char *reason)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);

	net->links.changes++;
	viz_overlay_ended(&net->links.overlay, link->number, link->proven);
	if (!m || !m->remote || m->remote->link != link->number)
		return;
	m->remote->link = 0;
	note_end(net->core, m->remote, link, reason);
	viz_link_tell_down(net->trust, link, reason);
	viz_remote_full_ended(net->core, m->remote, link);
	if (link->proven && net->core->now.ms - link->since.ms > LASTED_MS)
		m->remote->backoff_ms = 0;
	viz_remote_back_off(net->core, m->remote);
}

void viz_link_refuse(struct viz_net *net, uint64_t number, const char *reason)
{
	viz_link_insert(net, number)->closing = true;
	viz_link_emit_close(net->core, number, reason);
}

void viz_link_close(struct viz_net *net, uint64_t number, const char *reason)
{
	struct viz_link *link = viz_link_find(net, number);

	if (!link || link->closing)
		return;
	link->closing = true;
	detach(net, link, reason);
	viz_link_emit_close(net->core, number, reason);
}

void viz_link_closed(struct viz_net *net, uint64_t number)
{
	struct viz_links *l = &net->links;
	struct viz_link *link = viz_link_find(net, number);

	if (!link)
		return;
	if (!link->closing)
		detach(net, link, NULL);
	l->changes++;
	free(link->owed);
	*link = l->list[l->count - 1];
	l->count--;
}

void viz_link_free_all(struct viz_net *net)
{
	viz_remote_free_all(net);
	for (size_t i = 0; i < net->links.count; i++)
		free(net->links.list[i].owed);
	free(net->links.list);
	net->links = (struct viz_links){0};
}

static void add_send(struct viz_core *core, struct viz_link *link, const uint8_t *body, size_t len,
		     size_t pad, bool bulk)
{
	struct viz_effect *fx;
	size_t size = len + 2;
	uint8_t *plain;

	if (link->closing)
		return;
	if (pad > 0)
		size = (size + pad - 1) / pad * pad;
	VIZ_REQUIRE(size <= VIZ_PLAINTEXT_MAX);
	plain = viz_core_alloc(size);
	memcpy(plain + 2, body, len);
	viz_message_pad(plain, len, size);
	fx = viz_effects_add(core->fx, VIZ_EFFECT_SEND, plain, size);
	fx->link = link->number;
	fx->bulk = bulk;
	viz_secret_wipe(plain, size);
	free(plain);
}

void viz_link_send(struct viz_core *core, struct viz_link *link, const uint8_t *body, size_t len,
		   size_t pad)
{
	add_send(core, link, body, len, pad, false);
}

void viz_link_send_bulk(struct viz_core *core, struct viz_link *link, const uint8_t *body,
			size_t len)
{
	add_send(core, link, body, len, 0, true);
}
