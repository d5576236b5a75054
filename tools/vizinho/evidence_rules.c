/* What verify.sh can compare for a rule: bytes that are the same, or not, and numbers. */
#include "proto/base.h"
#include "proto/trust.h"
#include "tools/vizinho/evidence_draft.h"

/* Fields of a record, by their positions from its array on. */
struct field {
	size_t path[2], depth;
};

static const struct field type = {{1}, 1}, slot = {{4}, 1}, seq = {{5}, 1}, when = {{6}, 1};
static const struct field in_log = {{8, 0}, 2}, number = {{8, 1}, 2};
static const struct field offer_number = {{8, 3}, 2}, named_offer = {{8, 4}, 2};
static const struct field offer_node = {{8, 4}, 2}, offer_node_time = {{8, 5}, 2};
static const struct field offer_partners = {{8, 6}, 2}, offer_closes = {{8, 9}, 2};
static const struct field draw = {{8, 7}, 2};
static const struct field node_partners = {{8, 14}, 2}, node_log = {{8, 16}, 2};
static const struct field partners_log = {{8, 0}, 2}, partners_previous = {{8, 1}, 2};
static const struct field pledge_offer = {{8, 0}, 2};

/* The record of this type with this number among those of the type, from 0. */
static bool find(const struct viz_evidence *e, size_t *out, uint8_t wanted, unsigned which)
{
	for (size_t i = 0; i < viz_evidence_proof_count(e); i++)
		if (e->record[i].type == wanted && which-- == 0) {
			*out = i;
			return true;
		}
	return false;
}

/* Whether the two fields have the same bytes, another value of one length, or other lengths. */
enum relation { SAME, OTHER, INCOMPARABLE };

static enum relation compare(const struct viz_evidence_draft *b, struct viz_evidence_place *x,
			     struct viz_evidence_place *y, size_t a, const struct field *f,
			     size_t c, const struct field *g)
{
	const uint8_t *p, *q;
	size_t at, at2, len, len2;

	if (!viz_evidence_parts_field(&b->e->record[a], f->path, f->depth, &at, &len) ||
	    !viz_evidence_parts_field(&b->e->record[c], g->path, g->depth, &at2, &len2) ||
	    !viz_evidence_draft_field(b, x, a, f->path, f->depth) ||
	    !viz_evidence_draft_field(b, y, c, g->path, g->depth) || len != len2)
		return INCOMPARABLE;
	p = b->e->record[a].bytes + at;
	q = b->e->record[c].bytes + at2;
	return memcmp(p, q, len) == 0 ? SAME : OTHER;
}

/* Adds that the fields are equal, or that they differ. False: the records say otherwise. */
static bool equal(struct viz_evidence_draft *b, size_t a, const struct field *f, size_t c,
		  const struct field *g)
{
	struct viz_evidence_place x, y;
	bool same = compare(b, &x, &y, a, f, c, g) == SAME;

	if (same)
		viz_evidence_draft_compare(b, VIZ_EVIDENCE_EQUAL, x, y);
	return same;
}

static bool differ(struct viz_evidence_draft *b, size_t a, const struct field *f, size_t c,
		   const struct field *g)
{
	struct viz_evidence_place x, y;
	bool other = compare(b, &x, &y, a, f, c, g) == OTHER;

	if (other)
		viz_evidence_draft_compare(b, VIZ_EVIDENCE_DIFFER, x, y);
	return other;
}

/* The number in the field, without the first byte of its encoding unless that is the number. */
static bool number_at(const struct viz_evidence_draft *b, struct viz_evidence_place *out,
		      uint64_t *value, size_t record, const struct field *f)
{
	const uint8_t *p;
	size_t at, len;

	if (!viz_evidence_parts_field(&b->e->record[record], f->path, f->depth, &at, &len) ||
	    !viz_evidence_draft_field(b, out, record, f->path, f->depth))
		return false;
	p = b->e->record[record].bytes + at;
	if (len > 1) {
		out->offset++;
		out->len--;
		p++;
	}
	*value = 0;
	for (size_t i = 0; i < out->len; i++)
		*value = *value << 8 | p[i];
	return out->len <= 8;
}

static bool less(struct viz_evidence_draft *b, size_t a, const struct field *f, size_t c,
		 const struct field *g)
{
	struct viz_evidence_place x, y;
	uint64_t m, n;
	bool below = number_at(b, &x, &m, a, f) && number_at(b, &y, &n, c, g) && m < n;

	if (below)
		viz_evidence_draft_compare(b, VIZ_EVIDENCE_LESS, x, y);
	return below;
}

static struct viz_evidence_place id_of(size_t record)
{
	return viz_evidence_draft_place("r", record + 1, "id", 0, 32);
}

/* Adds that the field (bin of 32) is the id of the record. */
static bool names(struct viz_evidence_draft *b, size_t a, const struct field *f, size_t record)
{
	struct viz_evidence_place x;
	size_t at, len;
	struct viz_id id;

	if (!viz_evidence_parts_field(&b->e->record[a], f->path, f->depth, &at, &len) ||
	    len != 34 || !viz_evidence_draft_field(b, &x, a, f->path, f->depth))
		return false;
	memcpy(id.b, b->e->record[a].bytes + at + 2, 32);
	if (viz_evidence_find(b->e, &id) != record)
		return false;
	x.offset += 2;
	x.len = 32;
	viz_evidence_draft_compare(b, VIZ_EVIDENCE_EQUAL, x, id_of(record));
	return true;
}

static void two_records(struct viz_evidence_draft *b)
{
	viz_evidence_draft_compare(b, VIZ_EVIDENCE_DIFFER, id_of(0), id_of(1));
}

/* The OFFER and its NODE, or its PARTNERS, whichever the finding is about. */
static bool node_false(struct viz_evidence_draft *b)
{
	size_t offer, node, partners;

	if (!find(b->e, &offer, VIZ_TYPE_OFFER, 0))
		return false;
	if (find(b->e, &partners, VIZ_TYPE_PARTNERS, 0) &&
	    viz_evidence_find(b->e, &b->e->about) == partners)
		return names(b, offer, &offer_partners, partners) &&
		       differ(b, offer, &in_log, partners, &partners_log);
	return find(b->e, &node, VIZ_TYPE_NODE, 0) && names(b, offer, &offer_node, node) &&
	       (differ(b, offer, &offer_node_time, node, &when) ||
		differ(b, offer, &offer_partners, node, &node_partners) ||
		differ(b, offer, &in_log, node, &node_log));
}

void viz_evidence_rules_compare(struct viz_evidence_draft *b)
{
	const struct viz_evidence *e = b->e;
	size_t x = 0, y = 1;

	if (e->rule == VIZ_RULE_EQUIVOCATION && e->record_count >= 2) {
		b->complete = equal(b, 0, &type, 1, &type) && equal(b, 0, &slot, 1, &slot) &&
			      equal(b, 0, &seq, 1, &seq);
		two_records(b);
	} else if (e->rule == VIZ_RULE_LOG_FORK && e->record_count >= 2 && e->head_count == 0) {
		b->complete = equal(b, 0, &in_log, 1, &in_log) && equal(b, 0, &number, 1, &number);
		two_records(b);
	} else if (e->rule == VIZ_RULE_LOG_ORDER && e->record_count >= 2 && e->head_count == 0) {
		if (e->record[0].time.ms < e->record[1].time.ms) {
			x = 1;
			y = 0;
		}
		b->complete = equal(b, x, &in_log, y, &in_log) && less(b, x, &number, y, &number) &&
			      less(b, y, &when, x, &when);
	} else if (e->rule == VIZ_RULE_PARTNER_BACKDATED && find(e, &x, VIZ_TYPE_PARTNERS, 0) &&
		   find(e, &y, VIZ_TYPE_NODE, 0)) {
		b->complete = equal(b, x, &partners_log, y, &node_log) &&
			      equal(b, x, &partners_previous, y, &node_partners) &&
			      less(b, x, &when, y, &when);
	} else if (e->rule == VIZ_RULE_NODE_FALSE) {
		b->complete = node_false(b);
	} else if (e->rule == VIZ_RULE_LOG_MIXED && find(e, &x, VIZ_TYPE_OFFER, 0)) {
		y = x == 0;
		b->complete =
		    e->record_count >= 2 && names(b, y, &named_offer, x) &&
		    (differ(b, x, &in_log, y, &in_log) || differ(b, x, &number, y, &offer_number));
	} else if (e->rule == VIZ_RULE_DRAW_DOUBLE && find(e, &x, VIZ_TYPE_OFFER, 0) &&
		   find(e, &y, VIZ_TYPE_OFFER, 1)) {
		b->complete = equal(b, x, &in_log, y, &in_log) && equal(b, x, &draw, y, &draw);
		viz_evidence_draft_compare(b, VIZ_EVIDENCE_DIFFER, id_of(x), id_of(y));
	} else if (e->rule == VIZ_RULE_TWO_PLEDGES && find(e, &x, VIZ_TYPE_PLEDGE, 0) &&
		   find(e, &y, VIZ_TYPE_PLEDGE, 1)) {
		b->complete = equal(b, x, &pledge_offer, y, &pledge_offer);
		viz_evidence_draft_compare(b, VIZ_EVIDENCE_DIFFER, id_of(x), id_of(y));
	} else if (e->rule == VIZ_RULE_CLOSED_EARLY && find(e, &x, VIZ_TYPE_OFFER, 0) &&
		   find(e, &y, VIZ_TYPE_CLOSE, 0)) {
		/* that an answer is missing is more than a comparison */
		names(b, y, &named_offer, x);
		less(b, y, &when, x, &offer_closes);
	}
}
