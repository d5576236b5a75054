/* The view of a false origin and the evidence that it sends: what a partner asks, takes, keeps. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/node.h"
#include "node/core/account.h"
#include "node/offer/view.h"
#include "node/trust/share.h"
#include "node/trust/items.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"

/* The false origin's PARTNERS names our node alone, so its view has one hash. */
struct false_view {
	struct false_offer offer;
	struct viz_view_items items;
	struct viz_id hash;
	bool asks_us; /* else it asks somebody that the PARTNERS does not have */
};

static uint64_t kept(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_EVIDENCE);
}

/* Gives an OFFER whose view has one author, our node, with v->items. */
static void offer_view(struct one_node *b, struct false_view *v)
{
	struct viz_id item[VIZ_VIEW_ITEMS_MAX];

	if (v->asks_us)
		false_offer_to_us(b, &v->offer, 0);
	else
		false_offer_init(b, &v->offer, 0);
	viz_items_of_list(item, viz_node_author(b->node), &v->items);
	viz_ids_author_items(&v->hash, viz_node_author(b->node), VIZ_ITEMS_VIEW, item,
			     v->items.count);
	viz_ids_view(&v->offer.view, b->now, v->hash.b, 1);
	false_offer_sign(b, &v->offer);
	give(b, &v->offer.offer);
	tick(b, 1000);
}

/* The view that we hold of ourselves at the present. */
static void held_view(struct one_node *b, struct false_view *v)
{
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_items_list(&b->node->trust, &v->items, viz_node_author(b->node), VIZ_ITEMS_VIEW,
		       b->now);
	viz_store_abort(b->store);
}

static void mail_hashes(struct one_node *b, const struct false_view *v, const struct viz_id *hash)
{
	struct viz_mail_view m = {v->offer.slot, hash ? hash->b : NULL, hash ? sizeof *hash : 0};
	VIZ_WRITER(w, 256);

	viz_mail_view_write(&w, &m);
	mail(b, 2, VIZ_MAIL_VIEW, &w);
}

static void mail_items(struct one_node *b, const struct false_view *v,
		       const struct viz_view_items *list)
{
	static struct viz_mail_view_items m;
	VIZ_WRITER(w, 64 + VIZ_VIEW_ITEMS_MAX * 64);

	memset(&m, 0, sizeof m);
	m.slot = v->offer.slot;
	m.author = *viz_node_author(b->node);
	m.served = list != NULL;
	if (list)
		m.list = *list;
	viz_mail_view_items_write(&w, &m);
	mail(b, 3, VIZ_MAIL_VIEW_ITEMS, &w);
}

static void mail_record(struct one_node *b, const struct false_view *v, const struct viz_id *id,
			const struct forged *rec)
{
	struct viz_mail_evidence m = {.slot = v->offer.slot,
				      .id = *id,
				      .record = rec ? rec->bytes : NULL,
				      .record_len = rec ? rec->len : 0};
	static uint8_t payload[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_evidence_write(&w, &m);
	mail(b, 4, VIZ_MAIL_EVIDENCE, &w);
}

static void expect(struct one_node *b, const struct false_view *v, bool judged,
		   enum viz_unchecked why)
{
	struct viz_inbox *in = calloc(1, sizeof *in);

	assert_int_equal(b->closed, 0);
	assert_true(inbox_row(b, in, v->offer.slot));
	assert_int_equal(in->view_judged, judged);
	assert_int_equal(in->unchecked, why);
	free(in);
}

/* Who holds what the view names asks for the location alone. */
static void the_same_view_costs_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_view *v = calloc(1, sizeof *v);

	assert_non_null(strstr(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"a\","
					  "\"municipalities\":[{\"code\":3201209}]}}"),
			       "\"ok\":true"));
	held_view(b, v);
	v->asks_us = true;
	offer_view(b, v);
	expect(b, v, true, VIZ_UNCHECKED_NOT);
	assert_int_equal(kept(b), 0);
	assert_int_equal(b->mails, 1);
	free(v);
}

/* A view that names a COVERAGE that we never signed. */
static void other_view(struct one_node *b, struct false_view *v)
{
	held_view(b, v);
	v->items.item[v->items.count++] =
	    (struct viz_view_item){VIZ_TYPE_COVERAGE, 63, 5, true, {{7}}};
	offer_view(b, v);
	expect(b, v, false, VIZ_UNCHECKED_NOT);
	assert_int_equal(b->mails, 1);
}

/* Hashes and items are taken when they fit, and the record that is missing is not. */
static void a_missing_record(void **state)
{
	struct one_node *b = *state;
	struct false_view *v = calloc(1, sizeof *v);
	const struct viz_id id = {{7}};

	other_view(b, v);
	mail_hashes(b, v, &v->hash);
	assert_int_equal(kept(b), 1);
	mail_items(b, v, &v->items);
	assert_int_equal(kept(b), 2);
	expect(b, v, false, VIZ_UNCHECKED_NOT);
	assert_int_equal(b->mails, 3);
	mail_record(b, v, &v->hash, NULL); /* nobody asked for that */
	expect(b, v, false, VIZ_UNCHECKED_NOT);
	mail_record(b, v, &id, NULL);
	expect(b, v, false, VIZ_UNCHECKED_VIEW);
	free(v);
}

static void a_record_that_is_another(void **state)
{
	struct one_node *b = *state;
	struct false_view *v = calloc(1, sizeof *v);
	struct forged *rec = calloc(1, sizeof *rec);
	const struct viz_id id = {{7}};

	other_view(b, v);
	mail_hashes(b, v, &v->hash);
	mail_items(b, v, &v->items);
	forge_coverage(rec, &b->evil, 5, b->now, 256, 1);
	mail_record(b, v, &id, rec);
	expect(b, v, false, VIZ_UNCHECKED_VIEW);
	assert_int_equal(kept(b), 2);
	free(rec);
	free(v);
}

static void hashes_that_do_not_fit(void **state)
{
	struct one_node *b = *state;
	struct false_view *v = calloc(1, sizeof *v);
	const struct viz_id other = {{9}};

	other_view(b, v);
	mail_hashes(b, v, &other);
	expect(b, v, false, VIZ_UNCHECKED_VIEW);
	assert_int_equal(kept(b), 0);
	free(v);
}

static void items_that_do_not_fit(void **state)
{
	struct one_node *b = *state;
	struct false_view *v = calloc(1, sizeof *v);

	other_view(b, v);
	mail_hashes(b, v, &v->hash);
	v->items.count--;
	mail_items(b, v, &v->items);
	expect(b, v, false, VIZ_UNCHECKED_VIEW);
	assert_int_equal(kept(b), 1);
	free(v);
}

/* A refusal, and an origin that says nothing while it must serve the view. */
static void refusals(void **state)
{
	struct one_node *b = *state;
	struct false_view *v = calloc(1, sizeof *v);

	other_view(b, v);
	mail_hashes(b, v, NULL);
	expect(b, v, false, VIZ_UNCHECKED_VIEW);
	free(v);
}

static void silence(void **state)
{
	struct one_node *b = *state;
	struct false_view *v = calloc(1, sizeof *v);

	other_view(b, v);
	tick(b, b->federation.serve_ms - 2000);
	expect(b, v, false, VIZ_UNCHECKED_NOT);
	tick(b, 600000);
	expect(b, v, true, VIZ_UNCHECKED_VIEW);
	free(v);
}

/* What is kept of a false origin has a limit and expires. */
static void evidence_has_a_bound(void **state)
{
	struct one_node *b = *state;
	const size_t each = 15000;
	uint8_t *bytes = calloc(1, each);
	struct viz_id id = {{0}};
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (; n < 4000; n++) {
		id.b[0] = (uint8_t)n;
		id.b[1] = (uint8_t)(n >> 8);
		if (!viz_view_evidence_put(&b->node->trust, &id, &b->evil.author, bytes, each))
			break;
	}
	/* the map is small: a quarter of the share is less than VIZ_EVIDENCE_PER_ORIGIN */
	assert_int_equal(n, viz_share_bytes(&b->node->trust) / 4 / (each + VIZ_ACCOUNT_ROW));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	for (unsigned i = 0; i < 100; i++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(kept(b), 0);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_view_evidence_put(&b->node->trust, &id, &b->evil.author, bytes, each));
	viz_store_abort(b->store);
	free(bytes);
}

/* The views of two offers, 80 days apart, name one record. It is kept for as long as the second
 * offer needs it. */
static void evidence_outlives_the_last_offer(void **state)
{
	static const uint8_t bytes[100] = {1};
	struct one_node *b = *state;
	struct viz_id id = {{9}};
	struct viz_slice v;

	for (int day = 0; day < 2; day++) {
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		assert_true(viz_view_evidence_put(&b->node->trust, &id, viz_node_author(b->node),
						  bytes, sizeof bytes));
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		tick(b, 80 * VIZ_DAY_MS);
	}
	for (int i = 0; i < 5; i++)
		tick(b, 1000);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_view_evidence_get(&b->node->core, &v, &id));
	viz_store_abort(b->store);
	tick(b, 30 * VIZ_DAY_MS);
	for (int i = 0; i < 5; i++)
		tick(b, 1000);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_false(viz_view_evidence_get(&b->node->core, &v, &id));
	viz_store_abort(b->store);
}

/* A dead place of the false peer, one half of which we have asked for. */
struct dead {
	struct false_view view;
	struct forged half[2];
	struct viz_id item;
};

static void ask_dead(struct one_node *b, struct dead *d)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_record rec;

	other_view(b, &d->view);
	for (unsigned i = 0; i < 2; i++)
		forge_coverage(&d->half[i], &b->evil, 5, b->now, 256, i);
	assert_int_equal(viz_record_parse(&rec, d->half[0].bytes, d->half[0].len), VIZ_OK);
	viz_ids_item(&d->item, &rec, NULL, true);
	viz_place_statement_key(key, &b->evil.author, d->view.offer.slot, VIZ_OFFER_ROW_WANTED,
				viz_node_author(b->node), 0);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_core_put(&b->node->core, VIZ_TABLE_STATEMENT, key, sizeof key, d->item.b,
		     sizeof d->item);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

/* Fills the false peer's share of evidence so that `bytes` fit and no other row. */
static void fill_but(struct one_node *b, size_t bytes)
{
	const struct viz_id id = {{0xf1}};
	struct viz_account a;
	uint8_t *filling;
	size_t len;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_account_get(&b->node->core, &a, &b->evil.author);
	len = (size_t)(viz_share_bytes(&b->node->trust) / 4 - a.evidence) - bytes -
	      2 * VIZ_ACCOUNT_ROW;
	filling = calloc(1, len);
	assert_true(viz_view_evidence_put(&b->node->trust, &id, &b->evil.author, filling, len));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	free(filling);
}

/* How long the row of the dead place is; 0: there is none. `charged` gets what evidence costs
 * `whose` share. */
static size_t halves(struct one_node *b, const struct dead *d, uint64_t *charged,
		     const struct viz_id *whose)
{
	struct viz_slice v = {NULL, 0};
	struct viz_account a;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_view_evidence_get(&b->node->core, &v, &d->item);
	viz_account_get(&b->node->core, &a, whose);
	viz_store_abort(b->store);
	*charged = a.evidence;
	return v.len;
}

/* The record of a half has room, its note has not: we do not wait for the other half in vain. */
static void a_half_without_room_is_given_up(void **state)
{
	struct one_node *b = *state;
	struct dead *d = calloc(1, sizeof *d);
	uint64_t charged;

	ask_dead(b, d);
	fill_but(b, d->half[0].len);
	mail_record(b, &d->view, &d->item, &d->half[0]);
	expect(b, &d->view, true, VIZ_UNCHECKED_SHARE);
	assert_int_equal(halves(b, d, &charged, &b->evil.author), 0);
	free(d);
}

/* One half came for an offer of somebody else. The other one joins it there, though this origin's
 * share is full. */
static void the_other_half_joins_the_first(void **state)
{
	struct one_node *b = *state;
	struct dead *d = calloc(1, sizeof *d);
	struct forge other;
	uint64_t charged;

	befriend(b, &other, 8);
	ask_dead(b, d);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_view_evidence_put(&b->node->trust, &d->item, &other.author, d->half[0].id.b,
					  sizeof d->half[0].id));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	fill_but(b, d->half[1].len);
	mail_record(b, &d->view, &d->item, &d->half[1]);
	assert_int_equal(halves(b, d, &charged, &other.author), 64);
	assert_int_equal(charged, 64 + VIZ_ACCOUNT_ROW);
	expect(b, &d->view, false, VIZ_UNCHECKED_NOT);
	free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(the_same_view_costs_nothing),
	    T(a_missing_record),
	    T(a_record_that_is_another),
	    T(hashes_that_do_not_fit),
	    T(items_that_do_not_fit),
	    T(refusals),
	    T(silence),
	    T(evidence_has_a_bound),
	    T(evidence_outlives_the_last_offer),
	    T(a_half_without_room_is_given_up),
	    T(the_other_half_joins_the_first),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
