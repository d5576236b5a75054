/* Attacks of a partner and of an origin. Each case says what must hold; one that fails is an attack
 * that succeeds. */
#include <sys/wait.h>
#include <unistd.h>

#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/lead/eligible.h"
#include "node/lead/lead.h"
#include "node/trust/member.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/offer/view.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/items.h"
#include "node/trust/live.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_offer.h"

static uint64_t waiting(struct one_node *b)
{
	return viz_mail_waiting(&b->node->trust, &b->evil.author);
}

/* VIEW_ITEMS that says "not served". It holds, also with MALLOC_PERTURB_=165. */
static void items_that_are_not_served(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	static struct viz_mail_view_items items;
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_id hash;
	struct viz_mail_view view;
	VIZ_WRITER(w, 128);
	VIZ_WRITER(w2, 128);
	const struct viz_id partners = b->scratch.id;

	false_offer_init(b, o, 0);
	o->partners = partners;
	viz_ids_author_items(&hash, viz_node_author(b->node), VIZ_ITEMS_VIEW, NULL, 0);
	viz_ids_view(&o->view, b->now, hash.b, 1);
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	view = (struct viz_mail_view){o->slot, hash.b, sizeof hash};
	viz_mail_view_write(&w, &view);
	mail(b, 3, VIZ_MAIL_VIEW, &w);
	items = (struct viz_mail_view_items){
	    .slot = o->slot, .author = *viz_node_author(b->node), .served = false};
	viz_mail_view_items_write(&w2, &items);
	mail(b, 4, VIZ_MAIL_VIEW_ITEMS, &w2);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->unchecked, VIZ_UNCHECKED_VIEW);
	free(in);
	free(o);
}

/* The OFFER names as its PARTNERS a record that is none, and the origin serves it again and again:
 * nothing of it is kept. */
static void a_view_of_no_partners_ends(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct forged *coverage = calloc(1, sizeof *coverage);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_mail_evidence m;
	uint8_t payload[4096];
	struct viz_writer w;
	uint64_t before, named;

	forge_coverage(coverage, &b->evil, 5, b->now, 1, 0);
	false_offer_init(b, o, 0);
	named = viz_store_stat_entries(b->store, VIZ_TABLE_NAMED);
	o->partners = coverage->id;
	false_offer_sign(b, o);
	give(b, &o->offer);
	tick(b, 1000);
	before = waiting(b);
	m = (struct viz_mail_evidence){.named = true,
				       .id = coverage->id,
				       .record = coverage->bytes,
				       .record_len = coverage->len};
	for (unsigned i = 0; i < 6000; i++) {
		b->now.ms += 2;
		viz_writer_init(&w, payload, sizeof payload);
		viz_mail_evidence_write(&w, &m);
		mail(b, 4 + i, VIZ_MAIL_EVIDENCE, &w);
		assert_int_equal(b->closed, 0);
	}
	assert_true(waiting(b) - before < 10);
	assert_false(inbox_row(b, in, o->slot));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_NAMED), named);
	assert_int_equal(b->offer_asks, 0);
	free(in);
	free(coverage);
	free(o);
}

static size_t checks; /* of signatures */

int __real_viz_sign_verify(const struct viz_sig *sig, const struct viz_id *id,
			   const struct viz_pub *pub);
int __wrap_viz_sign_verify(const struct viz_sig *sig, const struct viz_id *id,
			   const struct viz_pub *pub);

int __wrap_viz_sign_verify(const struct viz_sig *sig, const struct viz_id *id,
			   const struct viz_pub *pub)
{
	checks++;
	return __real_viz_sign_verify(sig, id, pub);
}

/* An author may replace its records only so often. One that is beyond that is dropped, and could be
 * sent again and again: it is not checked each time. */
static void what_is_not_taken_is_not_checked(void **state)
{
	struct one_node *b = *state;
	uint64_t taken = b->node->gossip.intake.accepted;
	size_t before;

	for (unsigned i = 0; i < VIZ_UPDATES_BURST + 16; i++) {
		forge_coverage(&b->scratch, &b->evil, 0, viz_after(b->now, i), 1, i);
		give(b, &b->scratch);
	}
	assert_true(b->node->gossip.intake.accepted - taken <= VIZ_UPDATES_BURST + 1);
	before = checks;
	for (unsigned i = 0; i < 2000; i++)
		give(b, &b->scratch);
	assert_true(checks - before <= 1);
	assert_int_equal(b->closed, 0);
}

/* An acknowledgement costs one check of the budget. With a CLOSE of 16 entries it must not cost 16
 * more. */
static void acknowledgements_are_cheap(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_close *c = calloc(1, sizeof *c);
	struct viz_pledge p = {.answer = VIZ_ANSWER_YES, .commitment = {{1}}};
	uint8_t *body = malloc(VIZ_RECORD_MAX);
	struct forged *pledge = calloc(1, sizeof *pledge);
	struct viz_writer w;
	size_t cost[2];

	false_offer_init(b, o, 0); /* its key never comes */
	false_offer_sign(b, o);
	give(b, &o->offer);
	for (unsigned closed = 0; closed < 2; closed++) {
		if (closed) {
			c->at = FORGE_LATER_AT;
			c->offer = o->offer.id;
			c->count = VIZ_ASKED_MAX;
			p.offer = o->offer.id;
			for (size_t i = 0; i < c->count; i++) {
				VIZ_WRITER(w2, 128);

				p.commitment.b[5] = (uint8_t)i;
				viz_pledge_write(&w2, &p);
				forge_statement(pledge, &b->evil, VIZ_TYPE_PLEDGE, o->slot, 1,
						b->now, &w2);
				c->entry[i].answered = true;
				memcpy(c->entry[i].pledge, pledge->bytes,
				       sizeof c->entry[i].pledge);
			}
			viz_writer_init(&w, body, VIZ_RECORD_MAX);
			viz_close_write(&w, c);
			forge_record(&o->close, &b->evil, VIZ_TYPE_CLOSE, o->slot, b->now, &w);
			give(b, &o->close);
			assert_int_equal(b->closed, 0);
		}
		checks = 0;
		for (unsigned i = 0; i < 500; i++)
			false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &o->offer.id);
		cost[closed] = checks;
	}
	assert_true(cost[0] >= 500);
	assert_int_equal(cost[1], cost[0]);
	free(pledge);
	free(body);
	free(c);
	free(o);
}

/* The false peer says RELEASE or CONTACTED of its award. */
static void note(struct one_node *b, const struct viz_lead *lead, uint8_t type)
{
	VIZ_WRITER(w, 64);

	if (type == VIZ_TYPE_RELEASE)
		viz_release_write(&w, &(struct viz_release){.award = lead->award});
	else
		viz_contacted_write(&w, &(struct viz_contacted){lead->award});
	forge_statement(&b->scratch, &b->evil, type, lead->slot, 1, b->now, &w);
	mail_statement(b, 9, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* Who has given an award back gets no lease by saying that it has called. */
static void a_released_award_is_not_extended(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED);

	note(b, lead, VIZ_TYPE_RELEASE);
	get(b, lead, slot);
	assert_true(lead->released);
	note(b, lead, VIZ_TYPE_CONTACTED);
	get(b, lead, slot);
	assert_int_equal(lead->lease_until.ms, 0);
	assert_int_not_equal(lead->state, VIZ_LEAD_CONTACTED);
	free(lead);
}

/* A store that is full when many offers want their answer at once: nothing is written, and the node
 * goes on. */
static void answers_of_a_full_store(void **state)
{
	static const uint8_t zeros[16000];
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	unsigned taken = 0, kept = 1;
	int status = 0;
	pid_t child;

	for (unsigned i = 0; i < 300; i++) {
		false_offer_to_us(b, o, i);
		false_offer_sign(b, o);
		give(b, &o->offer);
		b->now.ms += 1;
	}
	while (kept != taken) {
		kept = taken;
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		for (unsigned i = 0; i < 20; i++) {
			uint8_t key[8] = "fill";

			viz_be_put_u32(key + 4, taken);
			if (!viz_core_has_headroom(&b->node->core) ||
			    viz_store_put(b->store, VIZ_TABLE_META, key, sizeof key, zeros,
					  sizeof zeros) != VIZ_OK)
				break;
			taken++;
		}
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	}
	fflush(NULL);
	child = fork();
	if (child == 0) {
		struct viz_event ev = {.kind = VIZ_EVENT_TICK};
		struct viz_effects fx;
		int err = VIZ_OK;

		for (unsigned i = 0; i < 40; i++) {
			viz_effects_init(&fx);
			b->now.ms += 1000;
			err = viz_node_run(b->node, &fx, b->now, &ev, 1);
			viz_effects_clear(&fx);
			if (err != VIZ_OK)
				break;
		}
		_exit(err == VIZ_OK ? 0 : 100);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(items_that_are_not_served),        T(a_view_of_no_partners_ends),
	    T(what_is_not_taken_is_not_checked), T(acknowledgements_are_cheap),
	    T(a_released_award_is_not_extended), T(answers_of_a_full_store),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
