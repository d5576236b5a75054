/* The lists of an OFFER, judged by the records of its origin's view. */
#include "node/audit.h"
#include "node/core.h"
#include "node/inbox.h"
#include "node/place.h"
#include "node/record_id.h"
#include "node/statements.h"
#include "node/view.h"

/* A record of the view, by its place. */
struct item {
	uint8_t place[VIZ_PLACE_LEN];
	struct viz_id id;
};

struct judgement {
	struct viz_node *node;
	const struct viz_inbox *in;
	struct item *item; /* ascending by place */
	size_t n;
	const struct viz_offer_secret *secret;
	struct viz_partners *origins; /* the origin's PARTNERS in the view */
	struct viz_partners *other;   /* scratch */
};

/* One of the view's records, parsed; borrowed until the next read. */
static bool evidence_record(struct viz_node *node, struct viz_record *rec, const struct viz_id *id)
{
	struct viz_slice v;

	return viz_evidence_get(node, &v, id) && viz_record_parse(rec, v.p, v.len) == VIZ_OK;
}

static int compare_places(const void *a, const void *b)
{
	return memcmp(a, b, VIZ_PLACE_LEN);
}

static void sort_view(struct judgement *j, const uint8_t *view, size_t len)
{
	j->item = viz_core_alloc((len / 32 + 1) * sizeof *j->item);
	for (size_t at = 0; at + 32 <= len; at += 32) {
		struct item *item = &j->item[j->n];
		struct viz_record rec;

		memcpy(item->id.b, view + at, sizeof item->id.b);
		if (!evidence_record(j->node, &rec, &item->id))
			continue;
		viz_place_key(item->place, &rec.author, rec.type, rec.slot);
		j->n++;
	}
	qsort(j->item, j->n, sizeof *j->item, compare_places);
}

/* The view's record at a place. */
static bool at_place(struct judgement *j, struct viz_record *rec, const struct viz_id *author,
    uint8_t type, uint64_t slot)
{
	uint8_t place[VIZ_PLACE_LEN];
	const struct item *item;

	viz_place_key(place, author, type, slot);
	item = bsearch(place, j->item, j->n, sizeof *j->item, compare_places);
	return item && evidence_record(j->node, rec, &item->id);
}

/* PARTNERS of `author` in the view. */
static bool view_partners(struct judgement *j, struct viz_partners *out,
    const struct viz_id *author)
{
	struct viz_record rec;
	struct viz_reader r;

	if (!at_place(j, &rec, author, VIZ_TYPE_PARTNERS, 0))
		return false;
	viz_reader_init(&r, rec.body, rec.body_len);
	viz_partners_read(&r, out);
	return viz_reader_finish(&r) == VIZ_OK;
}

static bool view_covers(struct judgement *j, const struct viz_id *author)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	bool meets = false;

	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS && !meets; slot++) {
		struct viz_record rec;
		struct viz_reader r;

		if (!at_place(j, &rec, author, VIZ_TYPE_COVERAGE, slot))
			continue;
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_coverage_read(&r, c);
		meets = viz_reader_finish(&r) == VIZ_OK &&
			viz_coverage_meets(c, &j->secret->area);
	}
	free(c);
	return meets;
}

enum list { NOWHERE, ELIGIBLE, BLOCKED, STRUCK };

static enum list where(const struct viz_offer_secret *s, const struct viz_id *id)
{
	for (size_t i = 0; i < s->eligible_count; i++)
		if (viz_id_eq(&s->eligible[i], id))
			return ELIGIBLE;
	for (size_t i = 0; i < s->excluded_count; i++)
		if (viz_id_eq(&s->excluded[i].id, id))
			return s->excluded[i].reason == VIZ_EXCLUDED_BLOCKED ? BLOCKED : STRUCK;
	return NOWHERE;
}

/* Whether `id` must stand in a list: an effective mutual partner whose coverage meets the area. */
static bool must_be_listed(struct judgement *j, const struct viz_id *id)
{
	int64_t delay = j->node->federation.partner_delay_ms;
	const struct viz_partner_entry *e = viz_partners_find(j->origins, id), *back;

	if (!e || !viz_partner_effective(e, j->in->time, delay) ||
	    !view_partners(j, j->other, id))
		return false;
	back = viz_partners_find(j->other, &j->in->origin);
	return back && viz_partner_effective(back, j->in->time, delay) &&
	       view_covers(j, id);
}

static void find(struct judgement *j, enum viz_rule rule, enum viz_verdict verdict,
    const struct viz_id *about)
{
	viz_audit_find(j->node, &j->in->origin, j->in->slot, rule, verdict, about);
}

static void judge_lists(struct judgement *j)
{
	const struct viz_offer_secret *s = j->secret;

	for (size_t i = 0; i < j->origins->count; i++) {
		const struct viz_partner_entry *e = &j->origins->entry[i];
		enum list at = where(s, &e->id);

		if (at == NOWHERE && must_be_listed(j, &e->id))
			find(j, VIZ_RULE_OMITTED, VIZ_VERDICT_CONTRADICTION, &e->id);
		if (at == BLOCKED && e->removed.ms == 0)
			find(j, VIZ_RULE_FALSE_REASON, VIZ_VERDICT_CONTRADICTION, &e->id);
	}
	for (size_t i = 0; i < s->eligible_count; i++)
		if (!must_be_listed(j, &s->eligible[i]))
			find(j, VIZ_RULE_UNFOUNDED, VIZ_VERDICT_CONTRADICTION, &s->eligible[i]);
}

/* A view has one record per place, and of the origin's own PARTNERS the newest from before the OFFER. */
static void judge_view(struct judgement *j)
{
	const struct viz_id *origin = &j->in->origin;
	struct viz_record rec;
	uint64_t newest = 0;

	for (size_t i = 1; i < j->n; i++)
		if (compare_places(&j->item[i - 1], &j->item[i]) == 0)
			find(j, VIZ_RULE_VIEW_FALSE, VIZ_VERDICT_CONTRADICTION, &j->in->view);
	if (at_place(j, &rec, origin, VIZ_TYPE_PARTNERS, 0))
		newest = rec.seq;
	if (viz_place_live_get(j->node, &rec, origin, VIZ_TYPE_PARTNERS, 0) && rec.seq > newest &&
	    rec.time.ms < j->in->time.ms)
		find(j, VIZ_RULE_VIEW_FALSE, VIZ_VERDICT_CONTRADICTION, &j->in->view);
}

/* Whether, by the origin's own word in the view, we were its partner at the OFFER's time. */
static bool counted_as_partner(struct judgement *j)
{
	const struct viz_partner_entry *e =
	    viz_partners_find(j->origins, &j->node->self.author);

	return e && viz_partner_effective(e, j->in->time, j->node->federation.partner_delay_ms) &&
	       viz_partner_now(j->node, &j->in->origin);
}

/* Our own coverage: what the origin has acknowledged it cannot have missed, unless it has not heard our
 * heartbeat since for so long that we had become silent to it. */
static void judge_self(struct judgement *j)
{
	struct viz_node *node = j->node;
	const struct viz_id *self = &node->self.author;

	if (where(j->secret, self) != NOWHERE || must_be_listed(j, self) || !counted_as_partner(j))
		return;
	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		struct viz_coverage *c;
		struct viz_record rec;
		struct viz_reader r;
		struct viz_time when;
		struct viz_id id;
		bool meets;

		if (!viz_place_live_get(node, &rec, self, VIZ_TYPE_COVERAGE, slot) ||
		    rec.time.ms > j->in->time.ms)
			continue;
		c = viz_core_alloc(sizeof *c);
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_coverage_read(&r, c);
		meets = viz_coverage_meets(c, &j->secret->area);
		free(c);
		viz_record_id(&id, &node->federation_id, &rec);
		if (!meets)
			continue;
		if (viz_audit_acknowledged(node, &when, self, slot, &id, &j->in->origin)) {
			if (when.ms <= j->in->time.ms)
				find(j, VIZ_RULE_OMITTED,
				    when.ms + node->federation.silence_ms / 2 > j->in->time.ms
					? VIZ_VERDICT_CONTRADICTION
					: VIZ_VERDICT_SUSPICION,
				    self);
		} else if (rec.time.ms + node->federation.suspicion_ms <= j->in->time.ms) {
			find(j, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, self);
		}
	}
}

void viz_audit_judge(struct viz_node *node, struct viz_inbox *in, const uint8_t *view, size_t len)
{
	struct viz_offer_secret *secret = viz_core_alloc(sizeof *secret);
	struct judgement j = {.node = node, .in = in, .secret = secret};
	struct viz_record rec;
	struct viz_held held;
	struct viz_reader r;
	struct viz_offer o;

	j.origins = viz_core_alloc(sizeof *j.origins);
	j.other = viz_core_alloc(sizeof *j.other);
	j.origins->count = 0;
	if (viz_place_get(node, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot)) {
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_offer_read(&r, &o);
		if (viz_reader_finish(&r) == VIZ_OK &&
		    viz_offer_open(secret, &o, &in->key, &in->origin, in->slot) == VIZ_OK) {
			sort_view(&j, view, len);
			view_partners(&j, j.origins, &in->origin);
			judge_view(&j);
			judge_lists(&j);
			judge_self(&j);
		}
	}
	in->view_judged = true;
	viz_inbox_put(node, in);
	free(j.item);
	free(j.origins);
	free(j.other);
	free(secret);
}
