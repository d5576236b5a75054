#include "node/gossip/fetch.h"

#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/gossip/want.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/member.h"
#include "node/trust/prune.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"

#define QUIET_MS 150    /* a link that delivers nothing for this long is not waited for */
#define LAST_MS  600000 /* and then is asked last, this long */
#define NEWS_MS  2000   /* nor for longer when it delivers only what it was not asked for */
#define SERVE_MS 10000  /* what was asked for comes within this, or is charged */
#define CHECK_MS 1000   /* a signature is checked within this */
#define NOTED_MS 256    /* things noted for each ms between two steps */

static bool same(const struct viz_announced *a, const struct viz_announced *b)
{
	return memcmp(a->item, b->item, sizeof a->item) == 0 && a->place.type == b->place.type &&
	       a->place.slot == b->place.slot && viz_id_eq(&a->place.author, &b->place.author);
}

static uint64_t piece(const struct viz_announced *a)
{
	return viz_be_get_u64(a->item);
}

/* ---- the table ---- */

/* Where it stands, or would stand. Who announces chooses the items, and does not know the key. */
static size_t table_at(const struct viz_fetch *f, const struct viz_announced *what)
{
	uint64_t h = (piece(what) ^ f->key) * UINT64_C(0x9e3779b97f4a7c15);
	size_t at;

	h ^= (viz_be_get_u64(what->place.author.b) + what->place.slot * 8 + what->place.type) *
	     (f->key | 1);
	h *= UINT64_C(0xff51afd7ed558ccd);
	at = (size_t)(h >> 32) & (f->table_size - 1);
	while (f->table[at] != 0 && !same(&f->list[f->table[at] - 1].what, what))
		at = (at + 1) & (f->table_size - 1);
	return at;
}

static void table_build(struct viz_fetch *f)
{
	memset(f->table, 0, f->table_size * sizeof *f->table);
	for (size_t i = 0; i < f->count; i++)
		f->table[table_at(f, &f->list[i].what)] = (uint32_t)i + 1;
}

static struct viz_fetch_item *find(struct viz_fetch *f, const struct viz_announced *what)
{
	uint32_t at = f->count > 0 ? f->table[table_at(f, what)] : 0;

	return at > 0 ? &f->list[at - 1] : NULL;
}

static struct viz_fetch_item *add(struct viz_net *net, const struct viz_announced *what)
{
	struct viz_fetch *f = &net->gossip->fetch;

	if (f->count == f->capacity) {
		f->capacity = f->capacity ? f->capacity * 2 : 64;
		f->list = viz_core_grow(f->list, f->capacity, sizeof *f->list);
		f->table_size = 4 * f->capacity;
		f->table = viz_core_grow(f->table, f->table_size, sizeof *f->table);
		viz_rng_bytes(&net->core->rng, (uint8_t *)&f->key, sizeof f->key);
		table_build(f);
	}
	f->list[f->count] = (struct viz_fetch_item){.what = *what, .noted = net->core->now};
	f->table[table_at(f, what)] = (uint32_t)f->count + 1;
	return &f->list[f->count++];
}

void viz_fetch_free(struct viz_net *net)
{
	free(net->gossip->fetch.list);
	free(net->gossip->fetch.table);
	net->gossip->fetch = (struct viz_fetch){.list = NULL};
}

/* ---- links ---- */

static bool is_last(struct viz_trust *trust, const struct viz_link *link)
{
	const struct viz_member *m = viz_member_find(trust, &link->peer);

	return m && m->remote && m->remote->last_until.ms > trust->core->now.ms;
}

static void make_last(struct viz_net *net, const struct viz_link *link)
{
	struct viz_member *m = viz_member_find(net->trust, &link->peer);

	if (m)
		viz_remote_ensure(net, m)->last_until = viz_after(net->core->now, LAST_MS);
}

static struct viz_link *full_link(struct viz_net *net, uint64_t number)
{
	struct viz_link *link = viz_link_find(net, number);

	return link && !link->closing && !link->guest ? link : NULL;
}

/* Whether the link was asked for it already, lately. */
static bool was_asked(const struct viz_link *link, const struct viz_announced *what)
{
	for (size_t i = 0; i < link->owed_count; i++)
		if (same(&link->owed[i].what, what))
			return true;
	for (size_t i = 0; i < VIZ_FETCH_UNSERVED; i++)
		if (link->unserved[i] == piece(what))
			return true;
	return false;
}

static void forget_owed(struct viz_link *link, size_t i)
{
	link->owed_count--;
	memmove(&link->owed[i], &link->owed[i + 1], (link->owed_count - i) * sizeof *link->owed);
}

/* What was not served in time is charged. It is not asked for again on this link. */
static void charge(struct viz_net *net, struct viz_link *link)
{
	while (link->owed_count > 0 && link->owed[0].asked_at.ms + SERVE_MS <= net->core->now.ms) {
		link->unserved[link->unserved_next++ % VIZ_FETCH_UNSERVED] =
		    piece(&link->owed[0].what);
		viz_budget_charge(net, link, VIZ_FETCH_COST);
		net->gossip->fetch.unserved++;
		forget_owed(link, 0);
	}
}

/* ---- ANNOUNCE ---- */

static bool is_held(struct viz_core *core, const struct viz_announced *what)
{
	const struct viz_item *p = &what->place;
	struct viz_held held;

	return viz_place_get(core, &held, NULL, &p->author, p->type, p->slot) &&
	       memcmp(held.item.b, what->item, sizeof what->item) == 0;
}

/* Whom we rather ask: those whom we have chosen. Last comes who is to be asked last. */
static unsigned rank(struct viz_net *net, const struct viz_link *link)
{
	if (!link || is_last(net->trust, link))
		return 0;
	return viz_link_is_chosen(net->trust, link) ? 2 : 1;
}

/* Whether an announcer was asked and is not waited for any more, or is one that we would rather not
 * ask. */
static bool gives_place(struct viz_net *net, const struct viz_fetch_item *x, size_t i, unsigned own)
{
	if (x->asked & 1u << i)
		return x->from[i] != x->link;
	return rank(net, full_link(net, x->from[i])) < own;
}

/* One more announcer. When there are too many, it takes the place of another one. */
static void add_from(struct viz_net *net, struct viz_fetch_item *x, const struct viz_link *link)
{
	unsigned own = rank(net, link);

	for (size_t i = 0; i < x->from_count; i++)
		if (x->from[i] == link->number)
			return;
	if (x->from_count < VIZ_FETCH_FROM) {
		x->from[x->from_count++] = link->number;
		return;
	}
	for (size_t i = 0; i < x->from_count; i++)
		if (gives_place(net, x, i, own)) {
			x->from[i] = link->number;
			x->asked &= ~(1u << i);
			return;
		}
}

static void take(struct viz_net *net, struct viz_link *link, const struct viz_announced *what)
{
	const struct viz_member *author = viz_member_find(net->trust, &what->place.author);
	struct viz_fetch *f = &net->gossip->fetch;
	struct viz_fetch_item *x = find(f, what);
	bool near;

	if (was_asked(link, what) || (author && viz_prune_refuses(author, what->place.type)))
		return;
	if (!x) {
		near = viz_member_is_near(net->trust, &what->place.author);
		if (link->fetches[near] >= VIZ_FETCH_NOTED) {
			f->dropped++;
			link->behind = true; /* repair brings it */
			return;
		}
		if (is_held(net->core, what))
			return;
		link->fetches[near]++;
		x = add(net, what);
		x->near = near;
	}
	add_from(net, x, link);
	f->changed = true;
}

void viz_fetch_announced(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_announce *m;

	if (!viz_budget_announced(net->core, link, (size_t)(r->end - r->at))) {
		link->behind = true; /* it is not even read; repair brings what it names */
		return;
	}
	m = viz_core_alloc(sizeof *m);
	viz_message_announce_read(r, m);
	if (viz_reader_finish(r) != VIZ_OK)
		m->count = 0;
	else if (!viz_budget_looks(net, link, m->count))
		link->behind = true;
	else
		for (size_t i = 0; i < m->count; i++)
			take(net, link, &m->what[i]);
	free(m);
}

/* ---- RECORD ---- */

static struct viz_announced announced(const struct viz_record *rec, const struct viz_id *item)
{
	struct viz_announced what = {
	    .place = {.author = rec->author, .type = rec->type, .slot = rec->slot}};

	memcpy(what.item, item->b, sizeof what.item);
	return what;
}

/* Whether the place has got something newer since we asked the link for it. */
static bool was_renewed(struct viz_core *core, const struct viz_asked *owed)
{
	const struct viz_item *p = &owed->what.place;
	struct viz_held held;

	return viz_place_get(core, &held, NULL, &p->author, p->type, p->slot) &&
	       held.received.ms > owed->asked_at.ms;
}

/* The link has answered for what it owed at this place, by this record. */
static void answered(struct viz_net *net, struct viz_link *link, size_t i,
		     const struct viz_record *rec, bool taken)
{
	struct viz_fetch_item *x = find(&net->gossip->fetch, &link->owed[i].what);
	struct viz_id id, item;
	bool match;

	viz_ids_record(&id, &net->core->federation_id, rec);
	viz_ids_item(&item, rec, &id, false);
	match = memcmp(item.b, link->owed[i].what.item, VIZ_ANNOUNCE_ITEM) == 0;
	if ((match || taken) && link->owed[i].number > link->served)
		link->served = link->owed[i].number;
	if (match || taken)
		link->delivered_at = net->core->now;
	else if (!was_renewed(net->core, &link->owed[i]))
		make_last(net, link); /* neither what it announced nor anything new */
	if (x && x->link == link->number && match) {
		x->came = net->core->now;
		x->done = !taken; /* the same record of another one is not taken either */
	} else if (x && x->link == link->number) {
		x->link = 0;
	}
	forget_owed(link, i);
	net->gossip->fetch.changed = true;
}

void viz_fetch_record(struct viz_net *net, struct viz_link *link, const struct viz_record *rec,
		      bool taken)
{
	for (size_t i = 0; i < link->owed_count; i++) {
		const struct viz_item *p = &link->owed[i].what.place;

		if (p->type == rec->type && p->slot == rec->slot &&
		    viz_id_eq(&p->author, &rec->author)) {
			answered(net, link, i, rec, taken);
			return;
		}
	}
	if (taken)
		link->news_at = net->core->now;
}

void viz_fetch_held(struct viz_net *net, const struct viz_record *rec, const struct viz_id *item)
{
	struct viz_fetch *f = &net->gossip->fetch;
	struct viz_announced what = announced(rec, item);
	struct viz_fetch_item *x = find(f, &what);

	if (x)
		x->done = true;
	f->changed |= f->count > 0; /* others may have waited for this author */
}

/* ---- steps ---- */

/* What a step needs to know about a full link. */
struct lane {
	uint64_t number;
	struct viz_link *link;
	bool last;      /* it is asked last */
	size_t room[2]; /* how many may be asked for yet; [1]: of our own, or of partners */
};

struct lanes {
	struct lane list[VIZ_LINKS_MAX]; /* ascending by number */
	size_t count;
};

static int compare_lanes(const void *a, const void *b)
{
	uint64_t x = ((const struct lane *)a)->number, y = ((const struct lane *)b)->number;

	return x < y ? -1 : x > y;
}

static void lanes_init(struct viz_net *net, struct lanes *lanes)
{
	lanes->count = 0;
	for (size_t i = 0; i < net->links.count && lanes->count < VIZ_LINKS_MAX; i++) {
		struct viz_link *link = &net->links.list[i];
		struct lane *x = &lanes->list[lanes->count];

		if (link->closing || link->guest)
			continue;
		*x = (struct lane){link->number,
				   link,
				   is_last(net->trust, link),
				   {VIZ_FETCH_OPEN, VIZ_FETCH_OPEN}};
		for (size_t k = 0; k < link->owed_count; k++)
			x->room[link->owed[k].near]--;
		link->fetches[0] = link->fetches[1] = 0;
		lanes->count++;
	}
	qsort(lanes->list, lanes->count, sizeof *lanes->list, compare_lanes);
}

/* NULL: there is no such full link. */
static struct lane *lane_of(struct lanes *lanes, uint64_t number)
{
	struct lane key = {.number = number};

	return bsearch(&key, lanes->list, lanes->count, sizeof key, compare_lanes);
}

static void by(struct viz_fetch *f, struct viz_time at)
{
	if (at.ms < f->next.ms)
		f->next = at;
}

static struct viz_time earlier(struct viz_time a, struct viz_time b)
{
	return a.ms < b.ms ? a : b;
}

static struct viz_time later(struct viz_time a, struct viz_time b)
{
	return a.ms > b.ms ? a : b;
}

/* Until when we wait for what the link was asked for, if it delivers nothing more. Anybody can sign
 * new records without end: what was not asked for keeps others waiting for NEWS_MS at most. */
static struct viz_time wait_until(const struct viz_link *link, const struct viz_fetch_item *x)
{
	struct viz_time at = later(link->delivered_at, x->asked_at);

	at = later(at, earlier(link->news_at, viz_after(x->asked_at, NEWS_MS)));
	return earlier(viz_after(at, QUIET_MS), viz_after(x->asked_at, SERVE_MS));
}

/* Whether it is still to come from the link that was asked. A link passes over what it does not
 * serve before something that was asked for later. */
static bool is_coming(struct viz_net *net, struct lanes *lanes, const struct viz_fetch_item *x)
{
	struct lane *lane = x->link != 0 ? lane_of(lanes, x->link) : NULL;
	struct viz_time until;

	if (!lane)
		return false;
	until = wait_until(lane->link, x);
	if (x->came.ms != 0)
		until = viz_after(x->came, CHECK_MS);
	else if (lane->link->served > x->number)
		until = net->core->now;
	if (until.ms > net->core->now.ms) {
		by(&net->gossip->fetch, until);
		return true;
	}
	if (x->came.ms == 0) {
		make_last(net, lane->link);
		lane->last = true;
	}
	return false;
}

/* Whether its author's records can be taken by now. */
static bool is_known(struct viz_trust *trust, const struct viz_item *place)
{
	const struct viz_member *m = viz_member_find(trust, &place->author);

	if (place->type <= VIZ_TYPE_VOUCH)
		return viz_member_known(trust, &place->author);
	return m && viz_member_accepted(trust, m, place->type);
}

/* The next announcer to ask; from_count: there is none with room, or it is not its turn. `*left`:
 * there will be one. */
static size_t next_from(const struct viz_core *core, struct lanes *lanes,
			const struct viz_fetch_item *x, bool *left)
{
	size_t last = x->from_count;

	*left = false;
	for (size_t i = 0; i < x->from_count; i++) {
		const struct lane *lane = x->asked & 1u << i ? NULL : lane_of(lanes, x->from[i]);

		if (!lane)
			continue;
		*left = true;
		if (lane->room[x->near] == 0)
			continue;
		if (!lane->last)
			return i;
		if (last == x->from_count)
			last = i;
	}
	/* Others may announce it soon. */
	if (x->asked == 0 && x->noted.ms + QUIET_MS > core->now.ms)
		return x->from_count;
	return last;
}

static void ask(struct viz_net *net, struct lanes *lanes, struct viz_fetch_item *x, size_t i)
{
	struct lane *lane = lane_of(lanes, x->from[i]);
	struct viz_link *link = lane->link;

	x->asked |= 1u << i;
	x->link = link->number;
	x->number = ++link->asked;
	x->asked_at = net->core->now;
	link->owed = viz_core_grow(link->owed, link->owed_count + 1, sizeof *link->owed);
	link->owed[link->owed_count++] =
	    (struct viz_asked){x->what, net->core->now, x->number, x->near};
	link->owed_new++;
	lane->room[x->near]--;
	net->gossip->fetch.asked++;
	by(&net->gossip->fetch, viz_after(net->core->now, QUIET_MS));
}

/* What nobody is left to ask for goes. What waits for too long for its author or for a place on a
 * link comes by repair. */
static void step_item(struct viz_net *net, struct lanes *lanes, struct viz_fetch_item *x)
{
	struct viz_fetch *f = &net->gossip->fetch;
	struct lane *first;
	bool left;
	size_t i;

	if (x->done || is_coming(net, lanes, x))
		return;
	x->link = 0;
	x->came = (struct viz_time){0};
	i = next_from(net->core, lanes, x, &left);
	if (!left || (i < x->from_count && is_held(net->core, &x->what))) {
		x->done = true;
	} else if (i < x->from_count && is_known(net->trust, &x->what.place)) {
		ask(net, lanes, x, i);
	} else if (x->noted.ms + SERVE_MS <= net->core->now.ms) {
		x->done = true;
		first = lane_of(lanes, x->from[0]);
		if (first)
			first->link->behind = true;
	} else {
		by(f, viz_after(x->noted,
				x->noted.ms + QUIET_MS > net->core->now.ms ? QUIET_MS : SERVE_MS));
	}
}

/* Removes what is done, and counts for each link what it was the first to announce. */
static void remove_done(struct viz_fetch *f, struct lanes *lanes)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++) {
		struct lane *first = f->list[i].done ? NULL : lane_of(lanes, f->list[i].from[0]);

		if (first)
			first->link->fetches[f->list[i].near]++;
		if (!f->list[i].done)
			f->list[n++] = f->list[i];
	}
	if (n < f->count) {
		f->count = n;
		table_build(f);
	}
}

static void step_items(struct viz_net *net)
{
	struct viz_fetch *f = &net->gossip->fetch;
	struct lanes *lanes = viz_core_alloc(sizeof *lanes);

	lanes_init(net, lanes);
	for (size_t i = 0; i < f->count; i++)
		step_item(net, lanes, &f->list[i]);
	remove_done(f, lanes);
	free(lanes);
}

/* Sends WANT for what was added to the link's list. */
static void send_want(struct viz_trust *trust, struct viz_link *link)
{
	struct viz_item place[2 * VIZ_FETCH_OPEN];

	if (link->owed_new == 0)
		return;
	for (size_t i = 0; i < link->owed_new; i++)
		place[i] = link->owed[link->owed_count - link->owed_new + i].what.place;
	viz_want_send(trust, link, place, link->owed_new);
	link->owed_new = 0;
}

void viz_fetch_step(struct viz_net *net)
{
	struct viz_fetch *f = &net->gossip->fetch;

	if (!f->changed && f->links == net->links.changes && f->next.ms > net->core->now.ms)
		return;
	if (net->core->now.ms <
	    f->pause.ms) /* a walk over all that is noted is not for each batch */
		return;
	f->pause = viz_after(net->core->now, (int64_t)(f->count / NOTED_MS));
	f->changed = false;
	f->links = net->links.changes; /* what was to come by one that has ended */
	f->next = (struct viz_time){INT64_MAX};
	for (size_t i = 0; i < net->links.count; i++)
		charge(net, &net->links.list[i]);
	if (f->count > 0)
		step_items(net);
	for (size_t i = 0; i < net->links.count; i++) {
		struct viz_link *link = &net->links.list[i];

		send_want(net->trust, link);
		if (link->owed_count > 0)
			by(f, viz_after(link->owed[0].asked_at, SERVE_MS));
	}
}

struct viz_time viz_fetch_deadline(const struct viz_net *net)
{
	const struct viz_fetch *f = &net->gossip->fetch;
	struct viz_time at = f->changed ? net->core->now : f->next;

	return later(at, f->pause);
}
