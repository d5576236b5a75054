#include "node/audit/lists.h"

#include "node/audit/finding.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/coverage/acknowledge.h"
#include "node/inbox/row.h"
#include "node/link/net.h"
#include "node/offer/seal.h"
#include "node/offer/view.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/trust.h"

enum list { NOWHERE, ELIGIBLE, BLOCKED, STRUCK };

struct finding {
	enum viz_rule rule;
	enum viz_verdict verdict;
	struct viz_id about;
};

struct judgement {
	struct viz_net *net;
	const struct viz_inbox *in;
	struct viz_record
	    *view; /* ascending by place; views of the store, so nothing is written yet */
	size_t n;
	const struct viz_offer_secret *secret;
	struct viz_partners *origins;  /* the origin's PARTNERS in the view */
	struct viz_partners *other;    /* scratch */
	struct viz_coverage *coverage; /* scratch */
	struct finding *found;
	size_t found_count, found_room;
};

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

static void find(struct judgement *j, enum viz_rule rule, enum viz_verdict verdict,
		 const struct viz_id *about)
{
	if (j->found_count == j->found_room) {
		j->found_room = j->found_room ? j->found_room * 2 : 16;
		j->found = viz_core_grow(j->found, j->found_room, sizeof *j->found);
	}
	j->found[j->found_count++] = (struct finding){rule, verdict, *about};
}

static int compare(const void *a, const void *b)
{
	const struct viz_record *x = a, *y = b;
	int c = viz_id_cmp(&x->author, &y->author);

	if (c != 0 || x->type != y->type)
		return c != 0 ? c : x->type - y->type;
	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Parses each record of the view once: whoever is judged is then found by its place. */
static void read_view(struct judgement *j, const uint8_t *ids, size_t n)
{
	j->view = viz_core_alloc(n * sizeof *j->view);
	for (size_t i = 0; i < n; i++) {
		struct viz_slice v;
		struct viz_id id;

		memcpy(id.b, ids + i * 32, sizeof id.b);
		if (viz_view_evidence_get(j->net->core, &v, &id) &&
		    viz_record_parse(&j->view[j->n], v.p, v.len) == VIZ_OK)
			j->n++;
	}
	qsort(j->view, j->n, sizeof *j->view, compare);
}

/* Where the author's records of this type begin in the view; they end where another's do. */
static size_t first_of(const struct judgement *j, const struct viz_id *author, uint8_t type)
{
	struct viz_record key = {.author = *author, .type = type};
	size_t lo = 0, hi = j->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (compare(&j->view[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool is_of(const struct judgement *j, size_t at, const struct viz_id *author, uint8_t type)
{
	return at < j->n && j->view[at].type == type && viz_id_eq(&j->view[at].author, author);
}

/* PARTNERS of `author` in the view. */
static bool view_partners(const struct judgement *j, struct viz_partners *out,
			  const struct viz_id *author)
{
	size_t at = first_of(j, author, VIZ_TYPE_PARTNERS);
	struct viz_reader r;

	if (!is_of(j, at, author, VIZ_TYPE_PARTNERS))
		return false;
	viz_reader_init(&r, j->view[at].body, j->view[at].body_len);
	viz_partners_read(&r, out);
	return viz_reader_finish(&r) == VIZ_OK;
}

static bool meets(struct judgement *j, const struct viz_record *rec)
{
	struct viz_reader r;

	viz_reader_init(&r, rec->body, rec->body_len);
	viz_coverage_read(&r, j->coverage);
	return viz_reader_finish(&r) == VIZ_OK && viz_coverage_meets(j->coverage, &j->secret->area);
}

static bool view_covers(struct judgement *j, const struct viz_id *author)
{
	size_t at = first_of(j, author, VIZ_TYPE_COVERAGE);

	for (; is_of(j, at, author, VIZ_TYPE_COVERAGE); at++)
		if (meets(j, &j->view[at]))
			return true;
	return false;
}

/* Whether `id` must stand in a list: an effective mutual partner whose coverage meets the area. */
static bool must_be_listed(struct judgement *j, const struct viz_id *id)
{
	int64_t delay = j->net->core->federation.partner_delay_ms;
	const struct viz_partner_entry *e = viz_partners_find(j->origins, id), *back;

	if (!e || !viz_partner_effective(e, j->in->time, delay) || !view_partners(j, j->other, id))
		return false;
	back = viz_partners_find(j->other, &j->in->origin);
	return back && viz_partner_effective(back, j->in->time, delay) && view_covers(j, id);
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

/* A view has one record per place, and of the origin's own PARTNERS the newest from before the
 * OFFER. */
static void judge_view(struct judgement *j)
{
	const struct viz_id *origin = &j->in->origin;
	size_t at = first_of(j, origin, VIZ_TYPE_PARTNERS);
	bool twice = false;
	struct viz_record rec;

	for (size_t i = 1; i < j->n && !twice; i++)
		twice = is_of(j, i, &j->view[i - 1].author, j->view[i - 1].type) &&
			j->view[i].slot == j->view[i - 1].slot;
	if (twice || (viz_live_get(j->net->trust, &rec, origin, VIZ_TYPE_PARTNERS, 0) &&
		      rec.time.ms < j->in->time.ms &&
		      (!is_of(j, at, origin, VIZ_TYPE_PARTNERS) || rec.seq > j->view[at].seq)))
		find(j, VIZ_RULE_VIEW_FALSE, VIZ_VERDICT_CONTRADICTION, &j->in->view);
}

/* Whether, by the origin's own word in the view, we were its partner at the OFFER's time. */
static bool counted_as_partner(struct judgement *j)
{
	const struct viz_partner_entry *e =
	    viz_partners_find(j->origins, &j->net->trust->self.author);

	return e &&
	       viz_partner_effective(e, j->in->time, j->net->core->federation.partner_delay_ms) &&
	       viz_live_partner(j->net->trust, &j->in->origin);
}

/* Our own coverage: what the origin has acknowledged it cannot have missed, unless it has not heard
 * our heartbeat since for so long that we had become silent to it. */
static void judge_self(struct judgement *j)
{
	struct viz_net *net = j->net;
	const struct viz_id *self = &net->trust->self.author;

	if (where(j->secret, self) != NOWHERE || must_be_listed(j, self) || !counted_as_partner(j))
		return;
	for (uint64_t slot = 0; slot < VIZ_COVERAGE_SLOTS; slot++) {
		struct viz_record rec;
		struct viz_time when;
		struct viz_id id;

		if (!viz_live_get(net->trust, &rec, self, VIZ_TYPE_COVERAGE, slot) ||
		    rec.time.ms > j->in->time.ms)
			continue;
		if (!meets(j, &rec))
			continue;
		viz_core_record_id(&id, &net->core->federation_id, &rec);
		if (viz_coverage_acknowledged(net->core, &when, self, slot, &id, &j->in->origin)) {
			if (when.ms <= j->in->time.ms)
				find(j, VIZ_RULE_OMITTED,
				     when.ms + net->core->federation.silence_ms / 2 > j->in->time.ms
					 ? VIZ_VERDICT_CONTRADICTION
					 : VIZ_VERDICT_SUSPICION,
				     self);
		} else if (rec.time.ms + net->core->federation.suspicion_ms <= j->in->time.ms) {
			find(j, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, self);
		}
	}
}

static bool open_offer(struct viz_core *core, struct viz_offer_secret *secret,
		       const struct viz_inbox *in)
{
	struct viz_record rec;
	struct viz_held held;
	struct viz_reader r;
	struct viz_offer o;

	if (!viz_place_get(core, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot))
		return false;
	viz_reader_init(&r, rec.body, rec.body_len);
	viz_offer_read(&r, &o);
	return viz_reader_finish(&r) == VIZ_OK &&
	       viz_offer_open(secret, &o, &in->key, &in->origin, in->slot) == VIZ_OK;
}

void viz_audit_lists(struct viz_net *net, struct viz_inbox *in, const uint8_t *view, size_t n)
{
	struct viz_offer_secret *secret = viz_core_alloc(sizeof *secret);
	struct judgement j = {.net = net, .in = in, .secret = secret};

	j.origins = viz_core_alloc(sizeof *j.origins);
	j.origins->count = 0;
	j.other = viz_core_alloc(sizeof *j.other);
	j.coverage = viz_core_alloc(sizeof *j.coverage);
	if (open_offer(net->core, secret, in)) {
		read_view(&j, view, n);
		view_partners(&j, j.origins, &in->origin);
		judge_view(&j);
		judge_lists(&j);
		judge_self(&j);
	}
	for (size_t i = 0; i < j.found_count; i++)
		viz_audit_find(net->trust, &in->origin, in->slot, j.found[i].rule,
			       j.found[i].verdict, &j.found[i].about);
	in->view_judged = true;
	viz_inbox_put(net->core, in);
	free(j.found);
	free(j.view);
	free(j.coverage);
	free(j.other);
	free(j.origins);
	free(secret);
}
