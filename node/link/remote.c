#include "node/link/remote.h"

#include "crypto/seal.h"
#include "node/core/core.h"
#include "node/link/link.h"
#include "node/link/linked.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "proto/limits.h"

#define BACKOFF_MIN_MS 500
#define BACKOFF_MAX_MS 60000

#define LET_IN_EVERY_MS 3600000

/* After this time without a charge each budget is full again, as in a new remote. A back-off that
 * ended so long ago, with no dial since, says nothing about the next dial. */
#define REFILLED_MS 600000
_Static_assert(VIZ_SIGNATURES_BURST / VIZ_SIGNATURES_PER_SEC < REFILLED_MS / 1000,
	       "refills in time");
_Static_assert(VIZ_FULL_LINKS_BURST * 60 / VIZ_FULL_LINKS_MINUTE < REFILLED_MS / 1000,
	       "refills in time");
_Static_assert(VIZ_REPAIR_BURST_BYTES / VIZ_REPAIR_BYTES_SEC < REFILLED_MS / 1000,
	       "refills in time");

struct viz_remote *viz_remote_ensure(struct viz_net *net, struct viz_member *m)
{
	struct viz_links *l = &net->links;
	struct viz_remote *r = m->remote;

	if (r)
		return r;
	r = viz_core_alloc(sizeof *r);
	*r = (struct viz_remote){.member = m,
				 .tokens = (int64_t)VIZ_SIGNATURES_BURST * 1000,
				 .tokens_at = net->core->now,
				 .full_links = VIZ_FULL_LINKS_BURST * 1000,
				 .full_links_at = net->core->now,
				 .repair_bytes = VIZ_REPAIR_BURST_BYTES,
				 .repair_bytes_at = net->core->now};
	if (l->remote_count == l->remote_capacity) {
		l->remote_capacity = l->remote_capacity ? l->remote_capacity * 2 : 64;
		l->remote = viz_core_grow(l->remote, l->remote_capacity, sizeof *l->remote);
	}
	l->remote[l->remote_count++] = r;
	m->remote = r;
	return r;
}

void viz_remote_back_off(struct viz_core *core, struct viz_remote *r)
{
	/* A peer whose clock is slow refuses our hello until our NODE is old enough for it, and
	 * again after each heartbeat. So we dial more than once in a heartbeat. */
	int64_t most = core->federation.heartbeat_ms / 2;

	if (most > BACKOFF_MAX_MS)
		most = BACKOFF_MAX_MS;
	r->backoff_ms = r->backoff_ms ? r->backoff_ms * 2 : BACKOFF_MIN_MS;
	if (r->backoff_ms > most)
		r->backoff_ms = most;
	r->dial_at =
	    viz_after(core->now, r->backoff_ms / 2 +
				     (int64_t)viz_rng_below(&core->rng, (uint64_t)r->backoff_ms));
}

void viz_remote_ended(const struct viz_core *core, struct viz_remote *r, enum viz_link_end end)
{
	r->end = end;
	r->end_at = core->now;
}

void viz_remote_free(struct viz_net *net, size_t at)
{
	struct viz_links *l = &net->links;

	l->remote[at]->member->remote = NULL;
	free(l->remote[at]);
	l->remote[at] = l->remote[--l->remote_count];
}

void viz_remote_free_of(struct viz_net *net, struct viz_member *m)
{
	for (size_t i = net->links.remote_count; i-- > 0;)
		if (net->links.remote[i] == m->remote) {
			viz_remote_free(net, i);
			return;
		}
}

/* Keeps the span. Of two that began shortly after each other the earlier one is enough, so that
 * many links make nobody forget the ones before. */
static void keep_span(const struct viz_core *core, struct viz_remote *r, struct viz_span span)
{
	int64_t apart_ms = core->federation.draw_ms / (VIZ_FULL_SPANS / 2);

	if (span.to.ms - span.from.ms < VIZ_LINKED_LEAD_MS)
		return;
	if (r->full[1].to.ms == 0 || r->full[0].from.ms >= r->full[1].from.ms + apart_ms)
		memmove(&r->full[1], &r->full[0], sizeof r->full - sizeof r->full[0]);
	r->full[0] = span;
}

void viz_remote_full_ended(struct viz_core *core, struct viz_remote *r, const struct viz_link *link)
{
	struct viz_time from =
	    link->counted_at.ms > link->full_at.ms ? link->counted_at : link->full_at;

	if (link->guest)
		return;
	r->full_ms += core->now.ms - from.ms;
	if (r->member->us_count > 0) /* it may make offers to us */
		keep_span(core, r, (struct viz_span){link->full_at, core->now});
}

bool viz_remote_let_in(const struct viz_core *core, const struct viz_remote *r)
{
	return r->let_in_at.ms != 0 && r->let_in_at.ms + LET_IN_EVERY_MS > core->now.ms;
}

/* How long the spans of full links may matter: an OFFER names a draw so old, and silent-false looks
 * so long before it as the NODE counts that was sent then. */
static int64_t spans_ms(const struct viz_federation *f)
{
	return f->silence_ms + f->draw_ms;
}

static bool is_idle(const struct viz_core *core, const struct viz_remote *r)
{
	int64_t now = core->now.ms;
	int64_t refilled = now - REFILLED_MS;

	/* The operator is told since when a peer of its own has no link. */
	return !viz_peer_is_kept(r->member) && r->link == 0 && r->attempt == 0 && r->mail == 0 &&
	       r->dial_at.ms <= refilled && r->tree_after.ms <= now && r->last_until.ms <= now &&
	       r->slow_until.ms <= now && r->tokens_at.ms <= refilled &&
	       r->repair_bytes_at.ms <= refilled && r->full_links_at.ms <= refilled &&
	       r->replaced_at.ms <= refilled && !viz_remote_let_in(core, r) && !r->clone &&
	       r->full_ms == 0 && r->full[0].to.ms + spans_ms(&core->federation) <= now;
}

void viz_remote_free_idle(struct viz_net *net)
{
	struct viz_links *l = &net->links;

	for (size_t i = l->remote_count; i-- > 0;)
		if (is_idle(net->core, l->remote[i]))
			viz_remote_free(net, i);
}

void viz_remote_free_all(struct viz_net *net)
{
	while (net->links.remote_count > 0)
		viz_remote_free(net, net->links.remote_count - 1);
	free(net->links.remote);
	net->links.remote = NULL;
	net->links.remote_capacity = 0;
}

bool viz_remote_linked(const struct viz_member *m)
{
	return m->remote && m->remote->link != 0;
}
