/* After a quiet time all connected nodes hold the same federation records (I6), no lead is stuck,
 * the journal has each hand-off once, and what had to be erased is erased. */
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "node/lead/restart.h"
#include "node/link/link.h"
#include "node/self/reach.h"
#include "node/self/start.h"
#include "node/trust/items.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/sketch.h"
#include "node/trust/tree.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/sim/check.h"

struct held {
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_id item;
};

struct held_set {
	struct held *list;
	size_t count, capacity;
};

/* Whether somebody has pruned it, and does not hold its PARTNERS and COVERAGE. */
static bool is_pruned(const struct sim_world *w, const struct viz_id *author)
{
	for (unsigned i = 0; i < w->count && w->options.prune; i++) {
		const struct sim_machine *m = &w->machine[i];
		const struct viz_member *o =
		    m->node ? viz_member_find(&m->node->trust, author) : NULL;

		if (o && o->pruned)
			return true;
	}
	return false;
}

/* Collects the live places of federation records as repair compares them. NODE changes with every
 * heartbeat, so that only its presence counts. */
static void collect(struct sim_world *w, struct sim_machine *m, struct held_set *out)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	viz_walk_init(&walk, m->store, VIZ_TABLE_RECORD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;
		struct held *h;

		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (viz_record_is_write_once(rec.type))
			continue; /* check_strata.c */
		if (rec.type >= VIZ_TYPE_PARTNERS && is_pruned(w, &rec.author))
			continue;
		if (!held.dead &&
		    !viz_live_record(&m->node->trust, &held, &rec, (struct viz_time){w->now}))
			continue;
		out->list = sim_more(out->list, out->count, &out->capacity, sizeof *out->list);
		h = &out->list[out->count++];
		memset(h, 0, sizeof *h);
		memcpy(h->key, key.p, sizeof h->key);
		if (rec.type != VIZ_TYPE_NODE)
			h->item = held.item;
	}
	viz_store_abort(m->store);
}

/* Whether this node should hold what the others hold. */
static bool counts(const struct sim_machine *m)
{
	return m->node && (m->lies & (SIM_LIE_MALFORMED | SIM_LIE_FLOOD)) == 0;
}

static void differ(struct sim_world *w, struct sim_machine *a, struct sim_machine *b,
		   const struct held_set *x, const struct held_set *y)
{
	size_t i = 0;

	while (i < x->count && i < y->count &&
	       memcmp(&x->list[i], &y->list[i], sizeof *x->list) == 0)
		i++;
	if (i < x->count || i < y->count) {
		const struct held *h = i < x->count ? &x->list[i] : &y->list[i];
		const struct sim_machine *author;
		struct viz_id id;

		if (i < x->count && i < y->count &&
		    memcmp(y->list[i].key, h->key, sizeof h->key) < 0)
			h = &y->list[i];
		memcpy(id.b, h->key, sizeof id.b);
		author = sim_machine_of(w, &id);
		sim_fail(w, "I6", a,
			 "holds %zu live records, %s %zu; the first difference is %s of %s, "
			 "slot %llx",
			 x->count, b->name, y->count, viz_record_type_name(h->key[32]),
			 author ? author->name : "?",
			 (unsigned long long)viz_be_get_u64(h->key + 33));
	}
}

static void check_same(struct sim_world *w)
{
	struct held_set first = {0};
	struct sim_machine *one = NULL;

	for (unsigned i = 0; i < w->count; i++) {
		struct held_set other = {0};

		if (!counts(&w->machine[i]))
			continue;
		collect(w, &w->machine[i], one ? &other : &first);
		if (one)
			differ(w, one, &w->machine[i], &first, &other);
		else
			one = &w->machine[i];
		free(other.list);
	}
	free(first.list);
}

static struct viz_id root_of(struct viz_trust *trust, uint64_t hour)
{
	return viz_tree_at(trust, hour)->root;
}

/* The sketch of that hour is what it would be if it were made anew. */
static bool sketch_holds(struct viz_trust *trust, uint64_t hour)
{
	struct viz_sketch *again = calloc(1, sizeof *again), *kept = calloc(1, sizeof *kept);
	struct viz_time at = viz_tree_begins(trust->core, hour);
	uint8_t parities[VIZ_SKETCH_PARITIES];
	bool same;

	VIZ_REQUIRE(again && kept);
	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *m = trust->directory.list[i];
		struct viz_items_place place[VIZ_TREE_ITEMS_MAX];
		size_t n = 0;

		if (viz_member_counts(trust, m) && !m->items.left_out)
			n = viz_items_places(trust, place, m, 3, at);
		for (size_t k = 0; k < n; k++)
			viz_sketch_toggle(again, viz_sketch_mark(&m->id, &place[k]));
	}
	viz_tree_sketch(trust, hour, VIZ_SKETCH_CELLS, kept->cell[0], parities);
	same = memcmp(again, kept, sizeof *kept) == 0;
	free(again);
	free(kept);
	return same;
}

/* The trees by which repair compares are what they would be if they were built anew. */
static void check_trees(struct sim_world *w, struct sim_machine *m)
{
	struct viz_trust *trust = &m->node->trust;
	struct viz_tree_hour *hour[] = {&trust->tree.now, &trust->tree.last};
	struct viz_id before[2];

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	while (!viz_tree_ready(trust))
		viz_tree_step(trust);
	for (size_t i = 0; i < 2; i++)
		before[i] = root_of(trust, hour[i]->hour);
	for (size_t i = 0; i < trust->directory.count; i++)
		viz_member_stale(&trust->directory, trust->directory.list[i]);
	while (!viz_tree_ready(trust))
		viz_tree_step(trust);
	for (size_t i = 0; i < 2; i++) {
		struct viz_id again;

		memset(hour[i]->dirty, 1, sizeof hour[i]->dirty);
		again = root_of(trust, hour[i]->hour);
		if (!viz_id_eq(&before[i], &again))
			sim_fail(w, "I6", m, "the tree of %s hour is not what is held",
				 i == 0 ? "this" : "the last");
		if (!sketch_holds(trust, hour[i]->hour))
			sim_fail(w, "I6", m, "the sketch of %s hour is not what is held",
				 i == 0 ? "this" : "the last");
	}
	viz_store_abort(m->store);
}

/* Every node has become a member, although some nodes are gone by now (I7). */
static void check_members(struct sim_world *w)
{
	for (unsigned i = 0; i < w->count; i++) {
		struct sim_machine *m = &w->machine[i];

		for (unsigned k = 0; counts(m) && k < w->count; k++) {
			const struct viz_member *o =
			    viz_member_find(&m->node->trust, &w->machine[k].author);

			if (k != i && counts(&w->machine[k]) && (!o || !(o->member || o->pruned)))
				sim_fail(w, "I7", m, "%s has not become a member",
					 w->machine[k].name);
			if (o && o->pruned && (o->member || viz_link_of(&m->node->net, &o->id)))
				sim_fail(w, "prune", m, "%s is pruned, and a member or linked",
					 w->machine[k].name);
		}
	}
}

/* Whether the lead is past all of its own dates, with time to spare. */
static bool stuck(const struct sim_world *w, const struct viz_lead *l)
{
	int64_t then = w->now - 20000;

	switch (l->state) {
	case VIZ_LEAD_OPEN:
		return l->closes.ms < then;
	case VIZ_LEAD_CLOSED:
		return l->reveal_until.ms < then;
	case VIZ_LEAD_CHOOSING:
		return l->choose_until.ms < then;
	case VIZ_LEAD_AWARDED:
	case VIZ_LEAD_DELIVERED:
	case VIZ_LEAD_CONTACTED:
		return l->award_latest.ms < then;
	case VIZ_LEAD_NO_NEIGHBOUR:
		return l->vault != 0 && l->award_latest.ms < then;
	case VIZ_LEAD_INSTALLED:
	case VIZ_LEAD_WITHDRAWN:
	case VIZ_LEAD_EXPIRED:
	case VIZ_LEAD_NONE_CHOSEN:
		return l->vault != 0;
	case VIZ_LEAD_LOST:
		return l->vault != 0 && l->award_latest.ms < then;
	case VIZ_LEAD_KEPT:
		return false;
	}
	return true;
}

/* Whether an offer that has ended lacks a record: RESULT, or after one with an order the last
 * CHOICE, or has one more. */
static bool unended(const struct sim_world *w, const struct viz_lead *l)
{
	int64_t then = w->now - 20000;

	if (l->number == 0 || l->closes.ms + w->federation.reveal_ms > then)
		return false;
	if (l->result_kind != VIZ_RESULT_ORDER)
		return l->result_kind == 0 || l->none_chosen;
	return (l->state == VIZ_LEAD_WITHDRAWN || l->state == VIZ_LEAD_EXPIRED ||
		l->state == VIZ_LEAD_NONE_CHOSEN || l->state == VIZ_LEAD_NO_NEIGHBOUR) &&
	       l->lease_until.ms < then && !l->none_chosen;
}

/* Whether the origin has begun a new log since it made the offer: by the OFFER, and by what its
 * newest NODE says to all others. */
static bool is_of_old_log(struct sim_machine *m, const struct viz_lead *l)
{
	struct viz_node_body *node = viz_core_alloc(sizeof *node);
	struct viz_core *core = &m->node->core;
	struct viz_record rec;
	struct viz_held held;
	struct viz_offer o;
	bool old = viz_place_get(core, &held, &rec, &m->author, VIZ_TYPE_OFFER, l->slot) &&
		   viz_offer_parse(&o, &rec) == VIZ_OK &&
		   viz_place_get(core, &held, &rec, &m->author, VIZ_TYPE_NODE, 0) &&
		   viz_node_body_parse(node, &rec) == VIZ_OK && node->log != o.at.log;

	free(node);
	return old;
}

/* Whether the origin waits, since its start, for LAST of somebody with whom it has no link, or for
 * any partner: they have quarrelled. The offer is then shown as one that has not ended. */
static bool waits_for_absent(struct sim_machine *m, const struct viz_lead *l)
{
	struct viz_trust *trust = &m->node->trust;
	struct viz_reach r = viz_reach_look(&m->node->net);
	bool absent = false;

	if (r.any && !r.heard && !r.awaited)
		return true; /* it is alone, and signs nothing in its log */

	if (viz_lead_restart_may_close(trust, l) && viz_lead_restart_may_result(trust, l) &&
	    viz_lead_restart_may_choose(trust, l))
		return false;
	for (size_t i = 0; i < l->peer_count; i++) {
		const struct viz_link *link = viz_link_of(&m->node->net, &l->peer[i].id);

		if (viz_start_shown(trust, &l->peer[i].id))
			continue;
		if (link && !link->guest)
			return false;
		absent = true;
	}
	return absent;
}

static void check_lead(struct sim_world *w, struct sim_machine *m, const struct viz_lead *l)
{
	const struct viz_self *self = &m->node->trust.self;

	/* a clock that was set back began a new log: nothing more is signed in the old one; nor in
	 * quarantine, into which its own forgery brings an equivocator, and an older state others
	 */
	if (!self->revoked && !((m->lies || m->rolled) && self->quarantine.ms != 0) &&
	    unended(w, l) && !is_of_old_log(m, l) && !waits_for_absent(m, l))
		sim_fail(w, "progress", m, "the offer of lead %llx has ended without its records",
			 (unsigned long long)l->slot);
	if (l->delivered_at.ms != 0 && l->vault != 0 &&
	    l->delivered_at.ms + w->federation.contact_origin_ms < w->now - 20000)
		sim_fail(w, "I4", m, "lead %llx is delivered long since, and its contact is here",
			 (unsigned long long)l->slot);
	if (stuck(w, l))
		sim_fail(w, "progress", m, "lead %llx is stuck in \"%s\"",
			 (unsigned long long)l->slot, viz_lead_state_name(l->state));
	if (!l->revoked)
		return;
	for (size_t i = 0; i < l->peer_count; i++) {
		const struct sim_machine *p = sim_machine_of(w, &l->peer[i].id);

		/* a partner that has blocked this node meanwhile may not know of the offer;
		 * then it holds nothing. Nor does one know what a copy of it took. */
		if (p && !sim_clone_other(w, p) && p->node && p->lies == 0 && m->lies == 0 &&
		    !p->rolled && !m->rolled && l->peer[i].located_at.ms != 0 && !l->peer[i].erased)
			sim_fail(w, "I4", m, "%s has not said that it erased the revoked lead %llx",
				 p->name, (unsigned long long)l->slot);
	}
}

static void check_inbox(struct sim_world *w, struct sim_machine *m, const struct viz_inbox *in)
{
	const struct viz_federation *f = &w->federation;
	int64_t then = w->now - 20000,
		over = in->closes.ms + f->reveal_ms + f->choice_ms + f->location_erase_ms;

	if (in->vault == 0)
		return;
	if (in->withdrawn ||
	    (in->state <= VIZ_INBOX_OVER && in->result_at.ms != 0 &&
	     in->result_at.ms + f->location_erase_ms < then) ||
	    (in->state < VIZ_INBOX_AWARDED && over < then) ||
	    (in->award_n != 0 && in->award_latest.ms < then) ||
	    (in->awarded_at.ms != 0 && in->awarded_at.ms + f->contact_holder_ms < then))
		sim_fail(w, "I4", m, "holds data of lead %llx in state \"%s\" past their time",
			 (unsigned long long)in->slot, viz_inbox_state_name(in->state));
}

/* The journal has each award's hand-off once. */
static void check_journal(struct sim_world *w, struct sim_machine *m)
{
	struct viz_id *seen = NULL;
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t count = 0, capacity = 0;

	viz_walk_init(&walk, m->store, VIZ_TABLE_JOURNAL, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		char event[32] = "";
		struct viz_reader r;
		struct viz_id about;

		viz_reader_init(&r, value.p, value.len);
		viz_reader_tuple(&r, 6);
		viz_reader_id(&r);
		viz_reader_time(&r);
		viz_reader_text(&r, event, 1, sizeof event - 1);
		about = viz_reader_id(&r);
		viz_reader_id(&r);
		viz_reader_uint(&r, UINT64_MAX);
		if (viz_reader_finish(&r) != VIZ_OK)
			sim_fail(w, "I2", m, "the journal cannot be read");
		if (strcmp(event, "handoff") != 0)
			continue;
		for (size_t i = 0; i < count; i++)
			if (viz_id_eq(&seen[i], &about))
				sim_fail(w, "I2", m, "a hand-off shows twice");
		seen = sim_more(seen, count, &capacity, sizeof *seen);
		seen[count++] = about;
	}
	free(seen);
}

static void check_rows(struct sim_world *w, struct sim_machine *m)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t waiting = 0;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	viz_walk_init(&walk, m->store, VIZ_TABLE_LEAD, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		VIZ_REQUIRE(viz_lead_get(&m->node->core, lead, viz_be_get_u64(key.p)));
		check_lead(w, m, lead);
	}
	viz_inbox_walk_init(&walk, &m->node->core, NULL);
	while (viz_inbox_walk_next(&walk, in)) {
		check_inbox(w, m, in);
		waiting += viz_inbox_waiting_for_us(in);
	}
	if (waiting != m->node->core.inbox_waiting)
		sim_fail(w, "I5", m, "%zu offers wait for a person, and %zu are counted", waiting,
			 m->node->core.inbox_waiting);
	check_journal(w, m);
	viz_store_abort(m->store);
	free(in);
	free(lead);
}

void sim_end_check(struct sim_world *w)
{
	check_members(w);
	check_same(w);
	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].node)
			check_trees(w, &w->machine[i]);
	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].node)
			check_rows(w, &w->machine[i]);
}
