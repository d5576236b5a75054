/* An origin's log has no gap and no fork, whenever its process dies (I7). What stands in its own
 * store is looked at after every start and at the end, what it sends whenever it sends it. */
#include "node/audit/suspect.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/sim/check.h"

/* A record of a log. */
struct entry {
	struct viz_id author;
	struct viz_position at;
	struct viz_id id, value;
};

/* What was sent by its origin; sorted by author, log and number. */
struct sim_logs {
	struct entry *list;
	size_t count, capacity;
};

struct sim_logs *sim_logs_new(void)
{
	struct sim_logs *l = calloc(1, sizeof *l);

	VIZ_REQUIRE(l);
	return l;
}

void sim_logs_free(struct sim_logs *l)
{
	free(l->list);
	free(l);
}

static int compare(const struct entry *a, const struct entry *b)
{
	int c = viz_id_cmp(&a->author, &b->author);

	if (c == 0)
		c = (a->at.log > b->at.log) - (a->at.log < b->at.log);
	if (c == 0)
		c = (a->at.number > b->at.number) - (a->at.number < b->at.number);
	return c;
}

/* The place of `e` in the list, or where it would be. */
static size_t find(const struct sim_logs *l, const struct entry *e)
{
	size_t low = 0, high = l->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(&l->list[middle], e) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void insert(struct sim_logs *l, const struct entry *e, size_t at)
{
	l->list = sim_more(l->list, l->count, &l->capacity, sizeof *l->list);
	memmove(&l->list[at + 1], &l->list[at], (l->count - at) * sizeof *l->list);
	l->list[at] = *e;
	l->count++;
}

static bool entry_of(const struct sim_machine *m, struct entry *e, const struct viz_record *rec)
{
	if (!viz_record_is_write_once(rec->type) || !viz_id_eq(&rec->author, &m->author) ||
	    viz_position_parse(&e->at, rec) != VIZ_OK)
		return false;
	e->author = rec->author;
	viz_ids_record(&e->id, &m->node->core.federation_id, rec);
	viz_ids_log(&e->value, &e->at, rec->type, rec->slot, &e->id);
	return true;
}

void sim_logs_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	struct sim_logs *l = w->checks->logs;
	struct viz_message_record message;
	struct viz_record rec;
	struct viz_reader r, kind;
	struct entry e;
	size_t at;

	/* what an older state sends again may have reached nobody: check_audit.c sees the rest */
	if (fx->kind != VIZ_EFFECT_SEND || m->lies != 0 || m->rolled)
		return;
	viz_reader_init(&r, fx->bytes + 2, viz_be_get_u16(fx->bytes));
	kind = r;
	if (viz_message_kind_read(&kind) != VIZ_MESSAGE_RECORD)
		return;
	viz_message_record_read(&r, &message);
	if (r.err != VIZ_OK ||
	    viz_record_parse(&rec, message.record, message.record_len) != VIZ_OK ||
	    !entry_of(m, &e, &rec))
		return;
	at = find(l, &e);
	if (at == l->count || compare(&l->list[at], &e) != 0)
		insert(l, &e, at);
	else if (!viz_id_eq(&l->list[at].id, &e.id))
		sim_fail(w, "I7", m, "two records have number %u of its log", e.at.number);
}

void sim_logs_check(struct sim_world *w, struct sim_machine *m)
{
	const struct viz_self *self = &m->node->trust.self;
	struct sim_logs own = {0};
	struct viz_slice key, value;
	struct viz_walk walk;

	/* to an older state the peers bring what it has lost */
	if (m->lies != 0 || m->rolled)
		return;
	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	viz_walk_init(&walk, m->store, VIZ_TABLE_RECORD, m->author.b, sizeof m->author.b);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_held held;
		struct viz_record rec;
		struct entry e;

		VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
			    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
		if (entry_of(m, &e, &rec) && e.at.log == self->log)
			insert(&own, &e, find(&own, &e));
	}
	viz_store_abort(m->store);
	for (size_t i = 0; i < own.count; i++) {
		const struct entry *e = &own.list[i];
		bool last = i + 1 == own.count;

		if (last ? e->at.number != self->log_number ||
			       !viz_id_eq(&e->value, &self->log_value)
			 : e[1].at.number != e->at.number + 1 ||
			       !viz_id_eq(&e[1].at.before, &e->value))
			sim_fail(w, "I7", m, "its log does not go on behind number %u",
				 e->at.number);
	}
	free(own.list);
}

/* Who has left the circle gets no more of the log. */
static bool is_in_circle(struct sim_machine *m, const struct sim_machine *origin)
{
	const struct viz_member *o = viz_member_find(&m->node->trust, &origin->author);

	return o && viz_suspect_in_circle(&m->node->trust, o, &m->author);
}

void sim_logs_end(struct sim_world *w, struct sim_machine *m)
{
	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	for (unsigned i = 0; i < w->count; i++) {
		const struct sim_machine *origin = &w->machine[i];
		struct viz_chain c;

		if (origin->node && origin->lies == 0 && m->lies == 0 &&
		    viz_chain_get(&m->node->core, &c, &origin->author) && c.met != c.last &&
		    is_in_circle(m, origin))
			sim_fail(w, "I7", m,
				 "the log of %s was opened to number %u and is met to %u",
				 origin->name, c.last, c.met);
	}
	viz_store_abort(m->store);
}
