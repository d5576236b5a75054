/* The view of a false origin and the evidence that it sends: how much a partner keeps of them. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/node.h"
#include "node/offer/view.h"
#include "node/trust/live.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"

/* Sends the day's n-th OFFER with this view, and its key. */
static uint64_t offer_n(struct one_node *b, unsigned number, const uint8_t *view, size_t len)
{
	static struct false_offer o;

	false_offer_init(b, &o, number);
	viz_view_digest(&o.view, view, len);
	false_offer_sign(b, &o);
	give(b, &o.offer);
	false_offer_mail_key(b, &o);
	return o.slot;
}

static uint64_t offer(struct one_node *b, const uint8_t *view, size_t len)
{
	return offer_n(b, 0, view, len);
}

static void part(struct one_node *b, uint64_t slot, uint64_t offset, uint64_t total,
		 const uint8_t *bytes, size_t len)
{
	static uint8_t payload[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, slot);
	viz_writer_uint(&w, offset);
	viz_writer_uint(&w, total);
	viz_writer_bin(&w, bytes, len);
	mail(b, 2, VIZ_MAIL_VIEW, &w);
}

static void all_parts(struct one_node *b, uint64_t slot, const uint8_t *view, size_t len)
{
	for (size_t at = 0; at < len; at += VIZ_VIEW_PART_BYTES)
		part(b, slot, at, len, view + at,
		     len - at < VIZ_VIEW_PART_BYTES ? len - at : VIZ_VIEW_PART_BYTES);
}

static void evidence(struct one_node *b, uint64_t slot, const struct forged *rec)
{
	static uint8_t payload[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, slot);
	viz_writer_bin(&w, rec->bytes, rec->len);
	b->now.ms += 5;
	mail(b, 3, VIZ_MAIL_EVIDENCE, &w);
}

static uint64_t kept(struct one_node *b)
{
	return viz_store_headroom_entries(b->store, VIZ_TABLE_EVIDENCE);
}

/* A view may name the records of the origin and its partners. A view of twenty thousand ids is
 * not kept. */
static void long_views_are_not_kept(void **state)
{
	struct one_node *b = *state;
	static uint8_t view[VIZ_VIEW_IDS_MAX * 32];
	uint64_t slot = offer(b, view, sizeof view), statements;

	statements = viz_store_headroom_entries(b->store, VIZ_TABLE_STATEMENT);
	all_parts(b, slot, view, sizeof view);
	assert_int_equal(b->closed, 0);
	assert_int_equal(kept(b), 0);
	assert_int_equal(viz_store_headroom_entries(b->store, VIZ_TABLE_STATEMENT), statements);
}

/* To take a part of one byte would write again all that came before. */
static void parts_are_whole(void **state)
{
	struct one_node *b = *state;
	static uint8_t view[2 * VIZ_VIEW_PART_BYTES];
	uint64_t slot = offer(b, view, sizeof view);

	part(b, slot, 0, sizeof view, view, 1);
	assert_int_equal(b->closed, 1);
	come_in(b, NULL);
	part(b, slot, 0, 1024, view, 1024);
	assert_int_equal(b->closed, 0);
}

static void totals_do_not_change(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	static uint8_t view[VIZ_VIEW_PART_BYTES];
	uint64_t slot = offer(b, view, sizeof view);

	/* as if the partners allowed longer views */
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_inbox_get(&b->node->core, in, &b->evil.author, slot));
	in->view_have = VIZ_VIEW_PART_BYTES;
	in->view_total = 2 * VIZ_VIEW_PART_BYTES;
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	part(b, slot, VIZ_VIEW_PART_BYTES, VIZ_VIEW_PART_BYTES + 32, view, 32);
	assert_int_equal(b->closed, 1);
	free(in);
}

/* The origin lists many partners that we do not know, so that its views may be long. */
static void long_list(struct one_node *b)
{
	static struct viz_partners p;
	static uint8_t body[16384];
	struct viz_partner_entry self = {.id = *viz_node_author(b->node),
					 .added = viz_after(b->now, -PARTNER_DELAY_MS)};
	struct viz_writer w;
	size_t at = 0;

	p.previous.b[0] = 1;
	p.log = 1;
	p.count = 0;
	for (unsigned i = 0; i < 110; i++)
		p.entry[p.count++] =
		    (struct viz_partner_entry){.id = {{(uint8_t)(i * 2 + 1)}}, .added = b->now};
	while (at < p.count && viz_id_cmp(&p.entry[at].id, &self.id) < 0)
		at++;
	memmove(&p.entry[at + 1], &p.entry[at], (p.count - at) * sizeof *p.entry);
	p.entry[at] = self;
	p.count++;
	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, &p);
	b->now.ms += 1000;
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	tick(b, 1000);
	assert_true(viz_live_partner(&b->node->trust, &b->evil.author));
}

/* Many views begin and do not end. Only the last one is kept, and it can still be completed. */
static void one_view_on_its_way(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	static uint8_t view[3 * VIZ_VIEW_PART_BYTES];
	uint64_t slot = 0, first, statements;

	long_list(b);
	statements = viz_store_headroom_entries(b->store, VIZ_TABLE_STATEMENT);
	for (unsigned i = 0; i < 20; i++) {
		slot = offer_n(b, i, view, sizeof view);
		part(b, slot, 0, sizeof view, view, VIZ_VIEW_PART_BYTES);
		part(b, slot, VIZ_VIEW_PART_BYTES, sizeof view, view, VIZ_VIEW_PART_BYTES);
		assert_int_equal(viz_store_headroom_entries(b->store, VIZ_TABLE_STATEMENT),
				 statements + 1);
	}
	first = viz_record_slot_make(b->now, 0);
	part(b, first, 2 * VIZ_VIEW_PART_BYTES, sizeof view, view, VIZ_VIEW_PART_BYTES);
	assert_int_equal(kept(b), 0);
	part(b, slot, 2 * VIZ_VIEW_PART_BYTES, sizeof view, view, VIZ_VIEW_PART_BYTES);
	assert_int_equal(b->closed, 0);
	assert_true(kept(b) > 0);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_inbox_get(&b->node->core, in, &b->evil.author, slot));
	viz_store_abort(b->store);
	assert_int_equal(in->view_have, sizeof view);
	free(in);
}

/* Evidence has many old versions of one record. The first is kept, the second makes a finding,
 * and the rest is dropped. */
static void one_record_a_place(void **state)
{
	struct one_node *b = *state;
	struct forged *rec = calloc(60, sizeof *rec);
	static uint8_t view[60 * 32];
	uint64_t slot;

	for (size_t i = 0; i < 60; i++) {
		forge_coverage(&rec[i], &b->evil, 0, viz_after(b->now, -(int64_t)i), 1024,
			       (uint32_t)i);
		memcpy(view + i * 32, rec[i].id.b, 32);
	}
	slot = offer(b, view, sizeof view);
	all_parts(b, slot, view, sizeof view);
	for (size_t i = 0; i < 60; i++)
		evidence(b, slot, &rec[i]);
	assert_int_equal(b->closed, 0);
	assert_int_equal(kept(b), 3); /* the view, and the two records that prove the finding */
	assert_int_equal(viz_store_headroom_entries(b->store, VIZ_TABLE_FINDING), 1);
	free(rec);
}

/* Evidence is not kept when its author is no partner of the origin, its type is another, or
 * nobody asked for it. */
static void only_what_a_view_may_name(void **state)
{
	struct one_node *b = *state;
	struct forged *rec = calloc(3, sizeof *rec);
	static uint8_t view[2 * 32];
	struct forge puppet;
	uint64_t slot;

	forge_author(&puppet, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &puppet.author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, &puppet, b->now);
	give(b, &b->scratch);
	forge_coverage(&rec[0], &puppet, 5, b->now, 1024, 1);
	forge_vouch(&rec[1], &b->evil, 9, b->now, &puppet.author, false);
	forge_coverage(&rec[2], &b->evil, 5, b->now, 1024, 1);
	memcpy(view, rec[0].id.b, 32);
	memcpy(view + 32, rec[1].id.b, 32);
	slot = offer(b, view, sizeof view);
	all_parts(b, slot, view, sizeof view);
	for (size_t i = 0; i < 3; i++)
		evidence(b, slot, &rec[i]);
	assert_int_equal(b->closed, 0);
	assert_int_equal(kept(b), 1);
	free(rec);
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
	assert_int_equal(n, VIZ_EVIDENCE_PER_ORIGIN / (each + VIZ_EVIDENCE_ROW));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(long_views_are_not_kept), T(parts_are_whole),
	    T(totals_do_not_change),    T(one_view_on_its_way),
	    T(one_record_a_place),      T(only_what_a_view_may_name),
	    T(evidence_has_a_bound),    T(evidence_outlives_the_last_offer),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
