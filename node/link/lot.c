#include "node/link/lot.h"

#include "node/core/core.h"
#include "node/link/dial.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/overlay.h"
#include "node/link/remote.h"
#include "node/link/site.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/trust.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

#define LOOK_MS    1000
#define SPREAD_MS  60000  /* dials after a start are spread over this time */
#define REPLACE_MS 600000 /* one of the links by lot ends for another one */
#define BESIDES_MS 120000 /* between two dials besides, while the net may be split */
#define PROBES     256    /* members that are looked at for one dial */
#define GAP_MS     100    /* between two dials; doubled for each that failed, */
#define GAP_MAX_MS 5000   /* up to this */

/* ---- the choice ---- */

static bool is_near(const struct viz_overlay *o, const struct viz_site *site)
{
	size_t net = 0, asn = 0;

	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++) {
		const struct viz_overlay_place *p = &o->place[i];

		if (!p->used || p->besides)
			continue;
		net += viz_site_same_net(&p->site, site);
		asn += viz_site_same_asn(&p->site, site);
	}
	return net >= VIZ_LINKS_SITE || asn >= VIZ_LINKS_SITE;
}

static bool may_dial(struct viz_net *net, const struct viz_member *m)
{
	return m->member && !viz_peer_is_kept(m) && !viz_id_eq(&m->id, &net->trust->self.author) &&
	       viz_link_dial_possible(net, m);
}

static struct viz_site site_of(struct viz_core *core, const struct viz_member *m)
{
	struct viz_site site = {.asn = 0};
	struct viz_node_body b;

	if (viz_member_node(core, &b, m) && b.address_count > 0)
		viz_site_make(&site, b.address[viz_link_dial_turn(m) % b.address_count], b.asn);
	return site;
}

/* A member by lot. The caps only pass over those who are near others; when the look finds nobody
 * else, the first of these is taken. With few members all are looked at, in a row that begins at
 * random and jumps by a random odd step, else some at random. */
static struct viz_member *draw(struct viz_net *net, struct viz_site *site)
{
	const struct viz_dialable *dialable = &net->trust->directory.dialable;
	struct viz_member *second = NULL;
	struct viz_site second_site = {.asn = 0};
	uint32_t order[PROBES];
	size_t n = dialable->count < PROBES ? dialable->count : PROBES;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (size_t i = 0; i < n; i++) {
		struct viz_member *m;
		size_t at;

		if (dialable->count > PROBES) {
			at = viz_rng_below(&net->core->rng, dialable->count);
		} else {
			size_t other = i + viz_rng_below(&net->core->rng, n - i);
			uint32_t drawn = order[other];

			order[other] = order[i];
			at = order[i] = drawn;
		}
		m = dialable->list[at];
		if (!may_dial(net, m))
			continue;
		*site = site_of(net->core, m);
		if (!is_near(&net->links.overlay, site))
			return m;
		if (!second) {
			second = m;
			second_site = *site;
		}
	}
	*site = second_site;
	return second;
}

static void dial_into(struct viz_net *net, struct viz_overlay_place *p, struct viz_member *m,
		      const struct viz_site *site)
{
	p->peer = m->id;
	p->site = *site;
	p->since = net->core->now;
	viz_link_dial(net, m);
	p->attempt = m->remote->attempt;
	if (p->attempt == 0)
		p->used = false;
}

/* ---- the row ---- */

int viz_lot_load(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;
	struct viz_slice v;

	if (!viz_core_get(net->core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_OVERLAY)))
		return VIZ_OK;
	if (v.len % sizeof o->stored[0] != 0 || v.len > sizeof o->stored)
		return VIZ_ERR_STORE;
	o->stored_count = o->remembered_count = v.len / sizeof o->stored[0];
	memcpy(o->stored, v.p, v.len);
	memcpy(o->remembered, v.p, v.len);
	return VIZ_OK;
}

static bool is_up(struct viz_net *net, const struct viz_overlay_place *p)
{
	const struct viz_link *link = p->used && p->link != 0 ? viz_link_find(net, p->link) : NULL;

	return link && !link->closing && link->proven;
}

/* Remembers the links by lot that are up for longest, so that whoever surrounds a node while it
 * starts does not have it to themselves. */
static void remember(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;
	const struct viz_overlay_place *old[VIZ_LINKS_REMEMBERED] = {NULL};
	struct viz_id id[VIZ_LINKS_REMEMBERED];
	size_t n = 0;

	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++) {
		const struct viz_overlay_place *p = &o->place[i];

		if (p->besides || !is_up(net, p))
			continue;
		for (size_t k = 0; k < VIZ_LINKS_REMEMBERED; k++)
			if (!old[k] || p->since.ms < old[k]->since.ms) {
				const struct viz_overlay_place *later = old[k];

				old[k] = p;
				p = later;
				if (!p)
					break;
			}
	}
	while (n < VIZ_LINKS_REMEMBERED && old[n]) {
		id[n] = old[n]->peer;
		n++;
	}
	/* As long as few are up, what was remembered stays. */
	if (n < VIZ_LINKS_REMEMBERED ||
	    (n == o->stored_count && memcmp(id, o->stored, sizeof id) == 0) ||
	    !viz_core_has_headroom(net->core))
		return;
	memcpy(o->stored, id, sizeof id);
	o->stored_count = n;
	viz_core_put(net->core, VIZ_TABLE_META, VIZ_META(VIZ_META_OVERLAY), id[0].b, sizeof id);
}

/* ---- dials ---- */

/* Until the next dial: spread after a start, later longer and longer while they fail. */
static int64_t gap(struct viz_net *net)
{
	const struct viz_core *core = net->core;
	unsigned failed = net->links.overlay.failed;
	int64_t most = GAP_MS << (failed < 8 ? failed : 8);

	if (core->now.ms < core->started.ms + SPREAD_MS)
		most = 2 * SPREAD_MS / VIZ_LINKS_LOT;
	else if (most > GAP_MAX_MS)
		most = GAP_MAX_MS;
	return 1 + (int64_t)viz_rng_below(&net->core->rng, (uint64_t)most);
}

static struct viz_member *take_remembered(struct viz_net *net, struct viz_site *site)
{
	struct viz_overlay *o = &net->links.overlay;

	while (o->remembered_count > 0) {
		struct viz_member *m =
		    viz_member_find(net->trust, &o->remembered[--o->remembered_count]);

		if (m && m->dialable != 0 && may_dial(net, m)) {
			*site = site_of(net->core, m);
			return m;
		}
	}
	return NULL;
}

static void dial_one(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;
	struct viz_overlay_place *p;
	struct viz_member *m;
	struct viz_site site;

	if (o->dial_at.ms == 0)
		o->dial_at = viz_after(net->core->now, gap(net));
	if (o->dial_at.ms > net->core->now.ms || viz_overlay_count(o, false) >= VIZ_LINKS_LOT)
		return;
	m = take_remembered(net, &site);
	if (!m)
		m = draw(net, &site);
	o->dial_at = viz_after(net->core->now, m ? gap(net) : LOOK_MS);
	p = m ? viz_overlay_take(o, false) : NULL;
	if (p)
		dial_into(net, p, m, &site);
}

/* One by lot makes room for another one, so that nobody stays around a node for good. */
static void replace(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;
	struct viz_overlay_place *chosen = NULL, old;
	struct viz_site site;
	struct viz_member *m;
	uint64_t n = 0;

	if (o->replace_at.ms == 0)
		o->replace_at = viz_after(net->core->now, REPLACE_MS);
	if (o->replace_at.ms > net->core->now.ms)
		return;
	o->replace_at = viz_after(net->core->now, REPLACE_MS);
	if (viz_overlay_count(o, false) < VIZ_LINKS_LOT)
		return;
	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++)
		if (!o->place[i].besides && is_up(net, &o->place[i]) &&
		    viz_rng_below(&net->core->rng, ++n) == 0)
			chosen = &o->place[i];
	if (!chosen)
		return;
	old = *chosen;
	chosen->used = false; /* its site does not count */
	m = draw(net, &site);
	if (!m) {
		*chosen = old;
		return;
	}
	viz_link_close(net, old.link, "another-by-lot");
	*chosen = (struct viz_overlay_place){.used = true};
	dial_into(net, chosen, m, &site);
}

static void end(struct viz_net *net, struct viz_overlay_place *p)
{
	uint64_t link = p->link;

	p->used = false;
	if (link != 0)
		viz_link_close(net, link, "besides");
}

/* A place for a dial besides; the oldest link there makes room. */
static struct viz_overlay_place *take_besides(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;
	struct viz_overlay_place *oldest = NULL, *p = viz_overlay_take(o, true);

	for (size_t i = 0; !p && i < VIZ_OVERLAY_PLACES; i++)
		if (o->place[i].used && o->place[i].besides &&
		    (!oldest || o->place[i].since.ms < oldest->since.ms))
			oldest = &o->place[i];
	if (p || !oldest)
		return p;
	end(net, oldest);
	return viz_overlay_take(o, true);
}

/* While the net may be split, members are dialled besides: some of them are on the other side. */
static void dial_besides(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;
	struct viz_overlay_place *p;
	struct viz_site site;
	struct viz_member *m;

	if (o->doubt == 0) {
		o->besides_at = (struct viz_time){0};
		return;
	}
	if (o->besides_at.ms == 0)
		o->besides_at = viz_after(net->core->now,
					  1 + (int64_t)viz_rng_below(&net->core->rng, BESIDES_MS));
	if (o->besides_at.ms > net->core->now.ms)
		return;
	o->besides_at = viz_after(net->core->now, BESIDES_MS);
	m = draw(net, &site);
	p = m ? take_besides(net) : NULL;
	if (p)
		dial_into(net, p, m, &site);
}

/* ---- what has become of them ---- */

/* Judges the first comparison. A link besides that agrees has done its part. */
static void judge(struct viz_net *net, struct viz_overlay_place *p)
{
	struct viz_overlay *o = &net->links.overlay;
	struct viz_link *link = viz_link_find(net, p->link);

	if (!link || link->closing || !link->proven)
		return;
	o->failed = 0;
	if (link->judged || link->first_at.ms == 0 ||
	    net->core->now.ms <= link->first_at.ms + VIZ_OVERLAY_ANSWER_MS)
		return;
	link->judged = true;
	viz_overlay_agrees(o);
	if (p->besides)
		end(net, p);
}

static void look(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;

	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++) {
		struct viz_overlay_place *p = &o->place[i];
		const struct viz_member *m = p->used ? viz_member_find(net->trust, &p->peer) : NULL;

		if (m && viz_peer_is_kept(m))
			p->used = false; /* it has a place of its own now */
		else if (p->used && p->link != 0)
			judge(net, p);
	}
}

void viz_lot_step(struct viz_net *net)
{
	struct viz_overlay *o = &net->links.overlay;

	if (o->changes == net->links.changes && o->look_at.ms > net->core->now.ms)
		return;
	o->changes = net->links.changes;
	o->look_at = viz_after(net->core->now, LOOK_MS);
	look(net);
	remember(net);
	replace(net);
	dial_one(net);
	dial_besides(net);
}
