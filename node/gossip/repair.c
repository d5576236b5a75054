#include "node/gossip/repair.h"

#include "crypto/rng.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/compare.h"
#include "node/gossip/differ.h"
#include "node/gossip/gossip.h"
#include "node/gossip/listing.h"
#include "node/gossip/log.h"
#include "node/gossip/protests.h"
#include "node/gossip/spread.h"
#include "node/gossip/want.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/link/overlay.h"
#include "node/link/remote.h"
#include "node/trust/items.h"
#include "node/trust/member.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"

#define NOT_READY_MS 500    /* until the tree is asked for again */
#define STEP_MS      10     /* between steps of a repair */
#define PUSH_MS      30     /* between those that send what was not asked for */
#define STALL_MS     10000  /* a repair of which nothing new comes ends */
#define SLOW_MS      4000   /* after this one must have brought some news, */
#define SLOW_NEWS    8      /* so many a second, or its place is given to another one */
#define WAS_SLOW_MS  600000 /* and then it gives way to others at once, for so long */
#define LONGEST_MS   60000  /* one ends, so that others get their turn */
#define ANSWER_MS    1000   /* what was asked for comes within this, or not */
#define LATER_MS     1000   /* after its keys and VOUCHes an author's other records are sent */
#define WANTED       48     /* records that are asked for at a time */
#define WANTED_OPEN  144    /* records that were asked for and are yet to come, at most */
#define CHECKS_OPEN  1024   /* no more is asked of a link while so many signatures wait */
#define PUSHED       32     /* records that a step sends */

/* ---- lists and tasks ---- */

static void list_add(struct viz_repair_list *l, const struct viz_id *author, uint8_t type,
		     uint64_t slot)
{
	if (l->count == VIZ_REPAIR_LIST_MAX)
		return; /* the next repair has it */
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 64;
		l->item = viz_core_grow(l->item, l->capacity, sizeof *l->item);
	}
	l->item[l->count++] = (struct viz_item){.author = *author, .type = type, .slot = slot};
}

static bool list_done(const struct viz_repair_list *l)
{
	return l->next == l->count;
}

static struct viz_repair_task *task_of(struct viz_net *net, uint64_t link)
{
	struct viz_repair *repair = &net->gossip->repair;

	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++)
		if (repair->task[i].link == link)
			return &repair->task[i];
	return NULL;
}

static void task_end(struct viz_net *net, struct viz_repair_task *t)
{
	struct viz_link *link = t->link != 0 ? viz_link_find(net, t->link) : NULL;

	if (link)
		link->repairing = false;
	free(t->want.item);
	free(t->push.item);
	free(t->later.item);
	viz_lack_free(&t->lack);
	*t = (struct viz_repair_task){.link = 0};
}

/* Whether the repair has brought less that is new than a slow link carries. */
static bool is_slow(const struct viz_core *core, const struct viz_repair_task *t)
{
	int64_t ms = core->now.ms - t->since.ms - SLOW_MS;

	return ms > 0 && (int64_t)t->news * 1000 < ms * SLOW_NEWS;
}

static bool was_slow(struct viz_trust *trust, const struct viz_id *peer)
{
	const struct viz_member *m = viz_member_find(trust, peer);

	return m && m->remote && m->remote->slow_until.ms > trust->core->now.ms;
}

/* Whether the repair has to go when somebody wants its place for `link`. Who was slow before goes
 * at once. */
static bool gives_way(struct viz_net *net, const struct viz_repair_task *t,
		      const struct viz_link *link)
{
	const struct viz_link *its = viz_link_find(net, t->link);

	return !its || is_slow(net->core, t) ||
	       (was_slow(net->trust, &its->peer) && !was_slow(net->trust, &link->peer));
}

/* Ends a repair so that another one has its turn. */
static void give_way(struct viz_net *net, struct viz_repair_task *t)
{
	struct viz_link *link = viz_link_find(net, t->link);
	struct viz_member *m = link ? viz_member_find(net->trust, &link->peer) : NULL;

	if (m && is_slow(net->core, t))
		viz_remote_ensure(net, m)->slow_until = viz_after(net->core->now, WAS_SLOW_MS);
	if (link)
		link->behind = true;
	task_end(net, t);
}

/* A place for a repair on this link. One is for those whom we have chosen: the others could hold
 * all of them. NULL: there is none. */
static struct viz_repair_task *free_task(struct viz_net *net, const struct viz_link *link)
{
	size_t places = VIZ_REPAIRS_MAX - !viz_link_is_chosen(net->trust, link);
	struct viz_repair_task *task = net->gossip->repair.task;

	for (size_t i = 0; i < places; i++)
		if (task[i].link == 0)
			return &task[i];
	for (size_t i = 0; i < places; i++)
		if (gives_way(net, &task[i], link)) {
			give_way(net, &task[i]);
			return &task[i];
		}
	return NULL;
}

void viz_repair_free(struct viz_net *net)
{
	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++)
		task_end(net, &net->gossip->repair.task[i]);
}

/* ---- TREE ---- */

/* The hour by our clock, but not one that has just begun: by the clock of an honest peer it may not
 * have begun yet. */
static uint64_t hour_to_name(const struct viz_core *core)
{
	int64_t half = viz_tree_hour_ms(core) / 2, skew = core->federation.skew_ms;

	return viz_tree_hour_of(core, viz_after(core->now, -(skew < half ? skew : half)));
}

static void send_tree(struct viz_core *core, struct viz_link *link, const struct viz_id *root,
		      uint16_t cells)
{
	VIZ_WRITER(w, 64);

	link->tree_open = true;
	link->tree_cells = cells;
	viz_message_tree_write(
	    &w, &(struct viz_message_tree){link->tree_hour, link->tree_cut, *root, cells});
	viz_spread_send(core, link, &w);
}

void viz_repair_begin(struct viz_net *net, struct viz_link *link)
{
	struct viz_core *core = net->core;
	const struct viz_tree_hour *tree = NULL;
	int64_t step = core->federation.repair_ms;

	link->repair_at = viz_after(core->now, NOT_READY_MS);
	if (viz_tree_ready(net->trust) && !task_of(net, link->number))
		tree = viz_tree_at(net->trust, hour_to_name(core));
	if (!tree)
		return;
	link->repair_at =
	    viz_after(core->now, step / 2 + (int64_t)viz_rng_below(&core->rng, (uint64_t)step));
	link->behind = link->compare_wants = false;
	link->compare_taken = link->taken;
	link->tree_hour = tree->hour;
	link->tree_cut = (uint8_t)viz_rng_below(&core->rng, VIZ_TREE_CUTS);
	send_tree(core, link, &tree->root,
		  core->now.ms < link->sketch_after.ms ? 0 : VIZ_SKETCH_FIRST);
	viz_gossip_log_show(net, link);
	viz_gossip_protests_show(net, link);
}

/* ---- BUCKETS: we ask for what we lack, or list our authors ---- */

static void begin_to_ask(struct viz_net *net, struct viz_repair_task *t);

/* Begins a repair of what differs. */
static void task_begin(struct viz_net *net, struct viz_link *link,
		       const struct viz_message_buckets *m, struct viz_differ *d)
{
	struct viz_repair_task *t = free_task(net, link); /* what nobody asked for takes no place */

	if (!t) {
		link->behind = true; /* its turn comes when another repair has ended */
		return;
	}
	*t = (struct viz_repair_task){
	    .link = link->number,
	    .hour = m->hour,
	    .cut = m->cut,
	    .began = net->core->now,
	    .since = net->core->now,
	    .moved = net->core->now,
	    .want = {.item = d->want, .count = d->want_count, .capacity = d->capacity},
	    .push = {.item = d->push, .count = d->push_count, .capacity = d->capacity}};
	d->want = d->push = NULL;
	link->repairing = true;
	t->open = viz_listing_send(net, link, m, d->list);
	if (t->open == 0)
		begin_to_ask(net, t);
}

/* Our TREE is answered. */
static void take_buckets(struct viz_net *net, struct viz_link *link,
			 const struct viz_message_buckets *m, const struct viz_tree_hour *tree)
{
	struct viz_differ *d = viz_core_alloc(sizeof *d);

	link->tree_open = false;
	/* Who has pruned differs from all others, and that is no sign of a split. */
	if (net->trust->directory.prune_count == 0)
		viz_overlay_differs(&net->links.overlay, link, net->core->now);
	viz_differ_find(d, net, link, m, tree);
	if (d->more > 0)
		send_tree(net->core, link, &tree->root, d->more);
	else if (d->want_count + d->push_count + d->lists > 0)
		task_begin(net, link, m, d);
	else
		link->told = true;
	free(d->want);
	free(d->push);
	free(d);
}

void viz_repair_buckets(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_buckets *m = viz_core_alloc(sizeof *m);
	const struct viz_tree_hour *tree = NULL;

	viz_message_buckets_read(r, m);
	if (viz_reader_finish(r) == VIZ_OK && link->tree_open && link->tree_hour == m->hour &&
	    link->tree_cut == m->cut && m->sketch_len <= VIZ_SKETCH_BYTES(link->tree_cells) &&
	    !task_of(net, link->number))
		tree = viz_tree_at(net->trust, m->hour);
	if (tree)
		take_buckets(net, link, m, tree);
	free(m);
}

/* ---- AUTHOR: we note what differs ---- */

/* The other's item against ours at one place. Their age says which record is the newer one, where
 * it can. */
static void note_differing(struct viz_trust *trust, struct viz_repair_task *t,
			   const struct viz_member *m, const uint8_t *theirs, const uint8_t *ours)
{
	int16_t age = (int16_t)(viz_be_get_u16(theirs + 2) - viz_be_get_u16(ours + 2));

	if (age >= 0 && viz_budget_may_renew(trust, m, ours[0], ours[1]))
		list_add(&t->want, &m->id, ours[0], ours[1]);
	if (age <= 0)
		list_add(&t->push, &m->id, ours[0], ours[1]);
}

static void note_lacking(struct viz_trust *trust, struct viz_repair_task *t,
			 const struct viz_member *m, const uint8_t *theirs, unsigned sets)
{
	if (viz_member_accepted(trust, m, theirs[0]) &&
	    ((sets & 1 && viz_items_in_set(VIZ_ITEMS_VIEW, theirs[0])) ||
	     (sets & 2 && viz_items_in_set(VIZ_ITEMS_OTHER, theirs[0]))))
		list_add(&t->want, &m->id, theirs[0], theirs[1]);
}

/* Merges their items of an author with ours. */
static void merge(struct viz_trust *trust, struct viz_repair_task *t, const struct viz_member *m,
		  const struct viz_tree_author *a)
{
	struct viz_items_place place[VIZ_TREE_ITEMS_MAX];
	struct viz_time at = viz_tree_begins(trust->core, t->hour);
	size_t n = viz_items_places(trust, place, m, a->sets, at), i = 0;

	for (size_t k = 0; k < n; k++) {
		uint8_t ours[VIZ_TREE_ITEM];

		viz_compare_item(ours, &place[k], t->cut);
		for (; i < a->items_len && memcmp(a->items + i, ours, 2) < 0; i += VIZ_TREE_ITEM)
			note_lacking(trust, t, m, a->items + i, a->sets);
		if (i == a->items_len || memcmp(a->items + i, ours, 2) != 0) {
			list_add(&t->push, &m->id, ours[0], ours[1]);
			continue;
		}
		if (memcmp(a->items + i, ours, sizeof ours) != 0)
			note_differing(trust, t, m, a->items + i, ours);
		i += VIZ_TREE_ITEM;
	}
	for (; i < a->items_len; i += VIZ_TREE_ITEM)
		note_lacking(trust, t, m, a->items + i, a->sets);
}

static void note_author(struct viz_trust *trust, struct viz_repair_task *t,
			const struct viz_tree_author *a)
{
	struct viz_id id = {{0}}, sets[2];
	const struct viz_member *m;

	memcpy(id.b, a->author, a->author_len);
	m = a->author_len == sizeof id.b ? viz_member_find(trust, &id)
					 : viz_tree_only(trust, a->author, t->hour);
	if (m && m->items.left_out)
		return;
	if (m && !viz_tree_author(trust, sets, m, t->hour))
		m = NULL;
	if (!m) {
		if (a->author_len == sizeof id.b)
			viz_lack_add(&t->lack, &id);
	} else if (a->sets != 0) {
		merge(trust, t, m, a);
	} else if (a->author_len == VIZ_TREE_PREFIX) {
		list_add(&t->push, &m->id, VIZ_WANT_ALL, VIZ_WANT_IDENTITY);
		list_add(&t->later, &m->id, VIZ_WANT_ALL, VIZ_WANT_REST);
	}
}

static size_t noted(const struct viz_repair_task *t)
{
	return t->want.count + t->push.count + t->lack.count;
}

/* All that we lack is noted. Whom another repair has asked for is left to it. */
static void begin_to_ask(struct viz_net *net, struct viz_repair_task *t)
{
	t->since = t->moved = net->core->now;
	viz_lack_sort(&t->lack);
	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++)
		viz_lack_leave(net->core, &t->lack, &net->gossip->repair.task[i].lack);
}

void viz_repair_author(struct viz_net *net, struct viz_link *link, struct viz_reader *r)
{
	struct viz_message_author *m = viz_core_alloc(sizeof *m);
	struct viz_repair_task *t = task_of(net, link->number);
	size_t before;

	viz_message_author_read(r, m);
	if (viz_reader_finish(r) != VIZ_OK || !t || t->open == 0 || t->hour != m->hour ||
	    t->cut != m->cut) {
		free(m);
		return;
	}
	before = noted(t);
	for (size_t i = 0; i < m->count; i++) {
		const struct viz_tree_author *a = &m->author[i];

		if (!viz_budget_repair(net, link,
				       VIZ_COMPARE_AUTHOR_COST +
					   a->items_len / VIZ_TREE_ITEM * VIZ_COMPARE_ITEM_COST)) {
			link->behind = true;
			break;
		}
		note_author(net->trust, t, a);
	}
	if (noted(t) > before)
		t->moved = net->core->now;
	if (m->last && --t->open == 0)
		begin_to_ask(net, t);
	free(m);
}

/* ---- steps ---- */

/* Asks for `n` places or authors. */
static void ask(struct viz_net *net, struct viz_link *link, struct viz_repair_task *t,
		const struct viz_item *item, size_t n)
{
	viz_want_send(net->trust, link, item, n);
	link->compare_wants = true;
	t->heard_at = net->core->now;
}

static bool is_place(const struct viz_item *x, const struct viz_record *rec)
{
	return x->type == rec->type && x->slot == rec->slot && viz_id_eq(&x->author, &rec->author);
}

static bool place_came(struct viz_repair_task *t, const struct viz_record *rec)
{
	for (size_t i = t->answered; i < t->want.next; i++)
		if (is_place(&t->want.item[i], rec)) {
			t->answered = i + 1;
			return true;
		}
	return false;
}

bool viz_repair_expects(struct viz_net *net, const struct viz_link *link,
			const struct viz_record *rec, bool taken)
{
	struct viz_repair_task *t = link->repairing ? task_of(net, link->number) : NULL;

	if (!t || (!viz_lack_came(&t->lack, &rec->author) && !place_came(t, rec)))
		return false;
	t->heard_at = net->core->now;
	if (taken) {
		t->moved = net->core->now;
		t->news++;
	}
	return true;
}

void viz_repair_learned(struct viz_net *net, const struct viz_record *rec)
{
	struct viz_vouch v;

	if (rec->type != VIZ_TYPE_VOUCH && rec->type != VIZ_TYPE_NODE)
		return;
	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++) {
		struct viz_repair_task *t = &net->gossip->repair.task[i];

		if (t->link == 0 || t->open > 0)
			continue;
		viz_lack_look(&t->lack, &rec->author);
		if (rec->type == VIZ_TYPE_VOUCH && viz_vouch_parse(&v, rec) == VIZ_OK)
			viz_lack_look(&t->lack, &v.sponsee);
	}
}

/* What was asked for last comes no more: the peer's budget was used up, or it does not answer. */
static void give_up(const struct viz_core *core, struct viz_repair_task *t)
{
	if (t->heard_at.ms + ANSWER_MS > core->now.ms)
		return;
	t->lack.open_count = 0;
	t->answered = t->want.next;
}

/* Many at a time, when half of those before have come. */
static void ask_authors(struct viz_net *net, struct viz_link *link, struct viz_repair_task *t)
{
	struct viz_item item[VIZ_LACK_OPEN];
	size_t n = 0;

	if (t->lack.open_count <= VIZ_LACK_OPEN / 2)
		n = viz_lack_choose(net->trust, &t->lack, item, t->moved);
	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++) {
		struct viz_repair_task *other = &net->gossip->repair.task[i];

		for (size_t k = 0; k < n && other != t && other->open == 0; k++)
			viz_lack_asked(net->core, &other->lack, &item[k]);
	}
	if (n > 0)
		ask(net, link, t, item, n);
}

static void ask_next(struct viz_net *net, struct viz_link *link, struct viz_repair_task *t)
{
	size_t left = t->want.count - t->want.next, n = left < WANTED ? left : WANTED;

	give_up(net->core, t);
	if (link->expected >= CHECKS_OPEN)
		return;
	if (n > 0 && t->want.next - t->answered + n <= WANTED_OPEN) {
		ask(net, link, t, t->want.item + t->want.next, n);
		t->want.next += n;
	} else if (n == 0 && t->open == 0) {
		ask_authors(net, link, t);
	}
}

/* Sends the next of the list: what is held at the place, or all that it stands for. False: the
 * peer's budget is used up, and what is left of it is to be sent later. */
static bool push_one(struct viz_net *net, struct viz_link *link, struct viz_repair_task *t,
		     size_t *sent)
{
	const struct viz_item *x = &t->push.item[t->push.next];
	size_t before = t->push_done;
	struct viz_held held;
	bool all = true;

	if (x->type == VIZ_WANT_ALL) {
		all = viz_want_answer_all(net, link, &x->author, x->slot, &t->push_done);
		*sent += t->push_done - before;
	} else if (viz_place_get(net->core, &held, NULL, &x->author, x->type, x->slot)) {
		all = viz_spread_answer(net, link, &held);
		*sent += all;
	}
	if (all) {
		t->push.next++;
		t->push_done = 0;
	}
	return all;
}

static void push_next(struct viz_net *net, struct viz_link *link, struct viz_repair_task *t)
{
	size_t sent = 0;

	if (t->pushed_at.ms + PUSH_MS > net->core->now.ms)
		return;
	if (list_done(&t->push) && !list_done(&t->later) &&
	    t->pushed_at.ms + LATER_MS <= net->core->now.ms) {
		free(t->push.item);
		t->push = t->later;
		t->later = (struct viz_repair_list){.item = NULL};
	}
	while (sent < PUSHED && !list_done(&t->push) && push_one(net, link, t, &sent))
		;
	if (sent > 0)
		t->pushed_at = t->moved = net->core->now;
}

static bool is_done(const struct viz_repair_task *t)
{
	return t->open == 0 && t->lack.open_count == 0 && t->answered == t->want.count &&
	       list_done(&t->push) && list_done(&t->later) && t->lack.count == 0;
}

static void step(struct viz_net *net, struct viz_repair_task *t)
{
	struct viz_link *link = viz_link_find(net, t->link);

	if (!link || link->closing || link->guest) {
		task_end(net, t);
		return;
	}
	ask_next(net, link, t);
	push_next(net, link, t);
	if (is_done(t)) {
		link->told = true;
		task_end(net, t);
	} else if (t->moved.ms + STALL_MS <= net->core->now.ms) {
		task_end(net, t);
	} else if (t->began.ms + LONGEST_MS <= net->core->now.ms) {
		link->behind = true;
		task_end(net, t);
	}
}

void viz_repair_step(struct viz_net *net)
{
	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++)
		if (net->gossip->repair.task[i].link != 0)
			step(net, &net->gossip->repair.task[i]);
}

struct viz_time viz_repair_deadline(const struct viz_net *net)
{
	struct viz_time at = {INT64_MAX};

	if (!viz_tree_ready(net->trust))
		at = net->core->now;
	for (size_t i = 0; i < VIZ_REPAIRS_MAX; i++) {
		const struct viz_repair_task *t = &net->gossip->repair.task[i];
		struct viz_time next = viz_after(net->core->now, STEP_MS);

		if (t->link != 0 && t->open == 0 && next.ms < at.ms)
			at = next;
	}
	return at;
}
