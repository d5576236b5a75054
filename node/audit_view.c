/* The lists of an OFFER, judged by the records of its origin's view. */
#include "node/audit.h"
#include "node/core.h"
#include "node/inbox.h"
#include "node/mail.h"
#include "node/place.h"
#include "node/record_id.h"
#include "node/statements.h"
#include "node/view.h"

/* The view as it arrives is kept under the offer, under a type that is no statement. */
enum { PARTIAL_VIEW = 1, EVIDENCE_ASK_MAX = VIZ_ELIGIBLE_MAX };

static void ask_evidence(struct viz_node *node, const struct viz_inbox *in,
    const struct viz_id *missing, size_t n)
{
	uint8_t payload[64 + EVIDENCE_ASK_MAX * 34];
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, in->slot);
	viz_writer_array(&w, n);
	for (size_t i = 0; i < n; i++)
		viz_writer_id(&w, &missing[i]);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_mail_send(node, &in->origin, VIZ_MAIL_EVIDENCE_ASK, payload, len);
}

/* One of the view's records, parsed. */
static bool evidence_record(struct viz_node *node, struct viz_record *rec, const uint8_t *id)
{
	struct viz_slice v;
	struct viz_id key;

	memcpy(key.b, id, sizeof key.b);
	return viz_evidence_get(node, &v, &key) && viz_record_parse(rec, v.p, v.len) == VIZ_OK;
}

/* PARTNERS of `author` in the view. */
static bool view_partners(struct viz_node *node, struct viz_partners *out, const uint8_t *view,
    size_t n, const struct viz_id *author)
{
	for (size_t i = 0; i < n; i++) {
		struct viz_record rec;
		struct viz_reader r;

		if (!evidence_record(node, &rec, view + i * 32) ||
		    rec.type != VIZ_TYPE_PARTNERS || !viz_id_eq(&rec.author, author))
			continue;
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_partners_read(&r, out);
		return viz_reader_finish(&r) == VIZ_OK;
	}
	return false;
}

static bool view_covers(struct viz_node *node, const uint8_t *view, size_t n,
    const struct viz_id *author, const struct viz_area *area)
{
	struct viz_coverage *c = viz_core_alloc(sizeof *c);
	bool meets = false;

	for (size_t i = 0; i < n && !meets; i++) {
		struct viz_record rec;
		struct viz_reader r;

		if (!evidence_record(node, &rec, view + i * 32) ||
		    rec.type != VIZ_TYPE_COVERAGE || !viz_id_eq(&rec.author, author))
			continue;
		viz_reader_init(&r, rec.body, rec.body_len);
		viz_coverage_read(&r, c);
		meets = viz_reader_finish(&r) == VIZ_OK && viz_coverage_meets(c, area);
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

struct judgement {
	struct viz_node *node;
	const struct viz_inbox *in;
	const uint8_t *view;
	size_t n;
	const struct viz_offer_secret *secret;
	struct viz_partners *origins; /* the origin's PARTNERS in the view */
	struct viz_partners *other;   /* scratch */
};

/* Whether `id` must stand in a list: an effective mutual partner whose coverage meets the area. */
static bool must_be_listed(struct judgement *j, const struct viz_id *id)
{
	int64_t delay = j->node->federation.partner_delay_ms;
	const struct viz_partner_entry *e = viz_partners_find(j->origins, id), *back;

	if (!e || !viz_partner_effective(e, j->in->time, delay) ||
	    !view_partners(j->node, j->other, j->view, j->n, id))
		return false;
	back = viz_partners_find(j->other, &j->in->origin);
	return back && viz_partner_effective(back, j->in->time, delay) &&
	       view_covers(j->node, j->view, j->n, id, &j->secret->area);
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

static int compare_places(const void *a, const void *b)
{
	return memcmp(a, b, VIZ_PLACE_LEN);
}

/* A view has one record per place, and of the origin's own PARTNERS the newest from before the OFFER. */
static void judge_view(struct judgement *j)
{
	uint8_t(*places)[VIZ_PLACE_LEN] = viz_core_alloc((j->n + 1) * sizeof *places);
	const struct viz_id *origin = &j->in->origin;
	struct viz_record rec;
	uint64_t newest = 0;
	size_t n = 0;

	for (size_t i = 0; i < j->n; i++) {
		if (!evidence_record(j->node, &rec, j->view + i * 32))
			continue;
		viz_place_key(places[n++], &rec.author, rec.type, rec.slot);
		if (rec.type == VIZ_TYPE_PARTNERS && viz_id_eq(&rec.author, origin))
			newest = rec.seq;
	}
	qsort(places, n, sizeof *places, compare_places);
	for (size_t i = 1; i < n; i++)
		if (compare_places(places[i - 1], places[i]) == 0)
			find(j, VIZ_RULE_VIEW_FALSE, VIZ_VERDICT_CONTRADICTION, &j->in->view);
	free(places);
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

static void judge(struct viz_node *node, struct viz_inbox *in, const uint8_t *view, size_t len)
{
	struct viz_offer_secret *secret = viz_core_alloc(sizeof *secret);
	struct judgement j = {.node = node, .in = in, .view = view, .n = len / 32,
	    .secret = secret};
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
			view_partners(node, j.origins, view, j.n, &in->origin);
			judge_view(&j);
			judge_lists(&j);
			judge_self(&j);
		}
	}
	in->view_judged = true;
	viz_inbox_put(node, in);
	free(j.origins);
	free(j.other);
	free(secret);
}

/* Judges when all records are here, asks for those that are not. */
static void proceed(struct viz_node *node, struct viz_inbox *in)
{
	struct viz_id missing[EVIDENCE_ASK_MAX];
	struct viz_slice v;
	uint8_t *view;
	size_t n, len;

	if (!viz_evidence_get(node, &v, &in->view))
		return;
	len = v.len;
	view = viz_core_alloc(len);
	memcpy(view, v.p, len);
	n = viz_view_resolve(node, missing, EVIDENCE_ASK_MAX, &in->origin, view, len);
	if (n == 0)
		judge(node, in, view, len);
	else if (n % EVIDENCE_ASK_MAX == 0 || in->view_have != len)
		ask_evidence(node, in, missing, n < EVIDENCE_ASK_MAX ? n : EVIDENCE_ASK_MAX);
	in->view_have = len;
	viz_inbox_put(node, in);
	free(view);
}

void viz_audit_view_part(struct viz_node *node, struct viz_inbox *in, const uint8_t *part,
    size_t len, size_t total)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	uint8_t *bytes = viz_core_alloc(in->view_have + len);
	struct viz_slice v = {NULL, 0};
	struct viz_id digest;

	viz_statement_key(key, &in->origin, in->slot, PARTIAL_VIEW, &node->self.author, 0);
	if (in->view_have > 0 && (!viz_core_get(node, &v, VIZ_TABLE_STATEMENT, key, sizeof key) ||
				     v.len != in->view_have)) {
		free(bytes);
		return;
	}
	if (v.len > 0)
		memcpy(bytes, v.p, v.len);
	memcpy(bytes + v.len, part, len);
	len += v.len;
	if (len < total) {
		viz_core_put(node, VIZ_TABLE_STATEMENT, key, sizeof key, bytes, len);
		in->view_have = len;
		in->view_total = total;
		viz_inbox_put(node, in);
	} else {
		viz_core_del(node, VIZ_TABLE_STATEMENT, key, sizeof key);
		viz_view_digest(&digest, bytes, len);
		in->view_have = in->view_total = 0;
		if (len % 32 != 0 || !viz_id_eq(&digest, &in->view)) {
			viz_audit_find(node, &in->origin, in->slot, VIZ_RULE_VIEW_BYTES,
			    VIZ_VERDICT_SUSPICION, &digest);
			in->view_judged = true;
			viz_inbox_put(node, in);
		} else {
			viz_evidence_put(node, &digest, bytes, len);
			proceed(node, in);
		}
	}
	free(bytes);
}

static bool names(struct viz_node *node, const struct viz_id *view, const struct viz_id *id)
{
	struct viz_slice v;

	if (!viz_evidence_get(node, &v, view))
		return false;
	for (size_t at = 0; at + 32 <= v.len; at += 32)
		if (memcmp(v.p + at, id->b, 32) == 0)
			return true;
	return false;
}

void viz_audit_evidence(struct viz_node *node, struct viz_inbox *in, const uint8_t *bytes,
    size_t len)
{
	struct viz_record rec;
	struct viz_slice v;
	struct viz_pub pub;
	struct viz_id id;

	if (viz_record_parse(&rec, bytes, len) != VIZ_OK)
		return;
	viz_record_id(&id, &node->federation_id, &rec);
	if (!names(node, &in->view, &id) || viz_evidence_get(node, &v, &id) ||
	    !viz_author_known(node, &rec.author) || viz_author_key(node, &pub, &rec) != VIZ_OK ||
	    viz_verify(&rec.sig, &id, &pub) != VIZ_OK)
		return;
	viz_evidence_put(node, &id, bytes, len);
	proceed(node, in);
}
