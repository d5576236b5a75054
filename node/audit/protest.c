#include "node/audit/protest.h"

#include "node/audit/finding.h"
#include "node/audit/suspicion.h"
#include "node/audit/rules.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/protest.h"
#include "node/link/net.h"
#include "node/trust/circle.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

void viz_audit_protest_received(struct viz_net *net, const struct viz_record *rec,
				const struct viz_id *id)
{
	struct viz_record offer;
	struct viz_protest p;
	struct viz_id about;

	(void)id;
	if (!viz_id_eq(&rec->author, &net->trust->self.author) ||
	    viz_protest_parse(&p, rec) != VIZ_OK || !p.has_offer || p.kind == VIZ_PROTEST_VIEW ||
	    !viz_gossip_protest_offer(net->core, &offer, &p))
		return;
	about = viz_protest_offer(&p);
	viz_audit_protest_unsaid(net, &p.origin, offer.slot, &about);
}

void viz_audit_protest_unsaid(struct viz_net *net, const struct viz_id *origin, uint64_t slot,
			      const struct viz_id *offer)
{
	viz_finding_keep(net->trust, origin, slot, (enum viz_rule)VIZ_SUSPICION_UNHEARD,
			 VIZ_VERDICT_SUSPICION, offer);
}

/* A protest, or what a reply answers to one. */
struct entry {
	struct viz_id id;     /* of the protest */
	struct viz_id author; /* of a reply, the origin */
	struct viz_id about;  /* OFFER or NODE */
	enum viz_protest_kind kind;
	enum viz_protest_answer answer; /* of a reply; else 0 */
};

struct list {
	struct entry *entry;
	size_t count, capacity;
};

static struct entry *add(struct list *l)
{
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 64;
		l->entry = viz_core_grow(l->entry, l->capacity, sizeof *l->entry);
	}
	return &l->entry[l->count++];
}

bool viz_audit_protest_of_asked(enum viz_protest_kind kind)
{
	switch (kind) {
	case VIZ_PROTEST_PLEDGE:
	case VIZ_PROTEST_REVEAL:
	case VIZ_PROTEST_LOCATION:
	case VIZ_PROTEST_LATE:
	case VIZ_PROTEST_FALSE:
		return true;
	case VIZ_PROTEST_REPLY:
	case VIZ_PROTEST_VIEW:
	case VIZ_PROTEST_NUMBER:
	case VIZ_PROTEST_HEAD:
		return false;
	}
	return false;
}

/* Whether the OFFER asks the author. */
static bool asks(struct viz_core *core, const struct viz_record *offer, const struct viz_id *author)
{
	struct viz_circle circle = {.origin = offer->author};
	struct viz_offer *o = viz_core_alloc(sizeof *o);
	uint8_t index;
	bool found = false;

	if (viz_offer_parse(o, offer) == VIZ_OK) {
		circle.at = o->drawn;
		circle.partners = o->partners;
		found = viz_circle_index(core, &index, &circle, author, o->drawn) &&
			viz_offer_asks(o, index);
	}
	free(o);
	return found;
}

/* What is counted while it is looked at: first what was said and answered, then the offers of the
 * origin that ask those who said it. */
struct viz_audit_protests {
	struct viz_core *core;
	struct viz_id origin;
	struct list said, answered;
	struct viz_gossip_protest_walk walk;
	struct viz_gossip_protest_found found;
	bool all_said;
	struct viz_walk offers;
	struct viz_audit_protester *by;
	size_t count;
};

/* An offer of the origin, in a row of VIZ_TABLE_RECORD. */
static void look_at_offer(struct viz_audit_protests *a, const struct viz_slice *value)
{
	struct viz_held held;
	struct viz_record offer;

	VIZ_REQUIRE(viz_place_row_read(&held, value->p, value->len) == VIZ_OK &&
		    viz_record_parse(&offer, held.a, held.a_len) == VIZ_OK);
	for (size_t i = 0; i < a->count && !held.dead; i++)
		a->by[i].asked += asks(a->core, &offer, &a->by[i].author);
}

/* A PROTEST about the origin, or a reply. */
static void look_at_protest(struct viz_audit_protests *a)
{
	const struct viz_gossip_protest_found *f = &a->found;
	const struct viz_protest *p = &f->body;
	struct viz_record offer;

	for (size_t i = 0; i < p->reply_count && !f->dead; i++)
		*add(&a->answered) =
		    (struct entry){.id = p->reply[i].protest, .answer = p->reply[i].answer};
	if (p->kind == VIZ_PROTEST_REPLY || f->dead ||
	    (p->has_offer && !viz_gossip_protest_offer(a->core, &offer, p)) ||
	    (viz_audit_protest_of_asked(p->kind) && !asks(a->core, &offer, &f->rec.author)))
		return;
	*add(&a->said) = (struct entry){.id = f->id,
					.author = f->rec.author,
					.about = p->has_offer ? viz_protest_offer(p) : p->node,
					.kind = p->kind};
}

static int by_id(const void *a, const void *b)
{
	return viz_id_cmp(&((const struct entry *)a)->id, &((const struct entry *)b)->id);
}

/* By author, then by what counts once. */
static int by_author(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int author = viz_id_cmp(&x->author, &y->author), about = viz_id_cmp(&x->about, &y->about);

	if (author != 0)
		return author;
	if (about != 0)
		return about;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return by_id(a, b);
}

static enum viz_protest_answer answer_to(const struct list *answered, const struct entry *e)
{
	const struct entry *found =
	    answered->count > 0 ? bsearch(e, answered->entry, answered->count, sizeof *e, by_id)
				: NULL;

	return found ? found->answer : (enum viz_protest_answer)0;
}

/* All is read: sorts it by who said it, and begins to look at the offers. */
static void sum_up(struct viz_audit_protests *a)
{
	uint8_t from[VIZ_PLACE_LEN];

	a->all_said = true;
	viz_record_place_key(from, &a->origin, VIZ_TYPE_OFFER, 0);
	viz_walk_init(&a->offers, a->core->store, VIZ_TABLE_RECORD, from, 33);
	if (a->said.count > 0)
		qsort(a->said.entry, a->said.count, sizeof *a->said.entry, by_author);
	if (a->answered.count > 0)
		qsort(a->answered.entry, a->answered.count, sizeof *a->answered.entry, by_id);
	for (size_t i = 0; i < a->said.count; i++) {
		const struct entry *e = &a->said.entry[i];
		bool same_author = i > 0 && viz_id_eq(&e->author, &e[-1].author);

		if (same_author && e->kind == e[-1].kind && viz_id_eq(&e->about, &e[-1].about))
			continue;
		if (!same_author) {
			a->by = viz_core_grow(a->by, a->count + 1, sizeof *a->by);
			a->by[a->count++] = (struct viz_audit_protester){.author = e->author};
		}
		a->by[a->count - 1].said[e->kind]++;
		a->by[a->count - 1].answered[answer_to(&a->answered, e)]++;
	}
}

struct viz_audit_protests *viz_audit_protest_begin(struct viz_core *core,
						   const struct viz_id *origin)
{
	struct viz_audit_protests *a = viz_core_alloc(sizeof *a);

	memset(a, 0, sizeof *a);
	a->core = core;
	a->origin = *origin;
	viz_gossip_protest_walk_init(&a->walk, core, origin, 0);
	return a;
}

bool viz_audit_protest_step(struct viz_audit_protests *a, size_t *rows)
{
	struct viz_slice key, value;

	for (; *rows > 0 && !a->all_said; --*rows) {
		if (viz_gossip_protest_walk_next(&a->walk, &a->found))
			look_at_protest(a);
		else
			sum_up(a);
	}
	for (; *rows > 0 && a->count > 0; --*rows) {
		if (!viz_walk_next(&a->offers, &key, &value))
			return true;
		look_at_offer(a, &value);
	}
	return a->all_said && a->count == 0;
}

struct viz_audit_protester *viz_audit_protest_end(struct viz_audit_protests *a, size_t *count)
{
	struct viz_audit_protester *by = a->by;

	*count = a->count;
	a->by = NULL;
	viz_audit_protest_drop(a);
	return by;
}

void viz_audit_protest_drop(struct viz_audit_protests *a)
{
	if (!a)
		return;
	free(a->said.entry);
	free(a->answered.entry);
	free(a->by);
	free(a);
}

struct viz_audit_protester *viz_audit_protest_count(struct viz_core *core, size_t *count,
						    const struct viz_id *origin)
{
	struct viz_audit_protests *a = viz_audit_protest_begin(core, origin);
	size_t rows = SIZE_MAX;

	VIZ_REQUIRE(viz_audit_protest_step(a, &rows));
	return viz_audit_protest_end(a, count);
}
