/* Messages that bring nothing, as fast as a link carries them: each costs its sender, and is told
 * of once. */
#include "crypto/crypto.h"
#include "node/core/event.h"
#include "node/gossip/gossip.h"
#include "node/link/link.h"
#include "node/link/remote.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "tests/hostile/one_fetch.h"
#include "tests/hostile/one_node.h"
#include "tests/hostile/one_offer.h"

/* Gives the record as often as ten checks allow when each costs `looks`, and once more without
 * budget. */
static void costs(struct one_node *b, const struct forged *rec, unsigned looks)
{
	set_budget(b, 100);
	for (unsigned i = 0; i < 10 * VIZ_LOOKS_PER_CHECK / looks; i++)
		give(b, rec);
	assert_in_range(budget(b), 89, 91);
	assert_int_equal(b->closed, 0);
	evil(b)->remote->tokens = 0;
	evil(b)->remote->tokens_at = b->now;
	give(b, rec);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "too-many");
	assert_int_equal(b->node->gossip.intake.count, 0);
}

/* A record of somebody whom nobody knows. */
static void of_unknown_authors(void **state)
{
	struct one_node *b = *state;
	struct forge stranger;

	forge_author(&stranger, &b->federation, &b->rng);
	forge_coverage(&b->scratch, &stranger, 0, b->now, 1, 0);
	costs(b, &b->scratch, 1);
}

/* A CLOSE whose OFFER nobody has. */
static void without_an_offer(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);

	assert_non_null(o);
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	false_offer_sign_close(b, o, false);
	costs(b, &o->close, VIZ_LOOKS_PER_CHECK);
	assert_true(b->offer_asks <= 1);
	free(o);
}

/* An OFFER that is not for us. */
static void outside_of_its_circle(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_id nobody;
	uint64_t outside;

	assert_non_null(o);
	viz_rng_bytes(&b->rng, nobody.b, sizeof nobody.b);
	b->now.ms += 1000;
	forge_partners(&b->scratch, &b->evil, b->now, &nobody, b->now);
	b->evil.names = b->scratch.id;
	give(b, &b->scratch);
	b->now.ms += 1000;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	false_offer_init(b, o, 0);
	false_offer_sign(b, o);
	outside = b->node->gossip.intake.outside;
	costs(b, &o->offer, VIZ_LOOKS_PER_CHECK);
	assert_int_equal(b->node->gossip.intake.outside - outside, 10);
	free(o);
}

/* HEAD of our own log that says that much is lacking here: each lets us look for many numbers. */
static void heads(void **state)
{
	struct one_node *b = *state;
	struct viz_message_head m = {.origin = *viz_node_author(b->node),
				     .log = b->node->trust.self.log,
				     .number = 100000,
				     .held = 100000};
	VIZ_WRITER(w, 192);
	size_t answered = 0;

	b->evil.names = evil(b)->partners_id;
	b->now.ms += 1000;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	tick(b, 20000);
	viz_message_head_write(&w, &m);
	evil(b)->remote->repair_bytes = VIZ_REPAIR_BURST_BYTES;
	evil(b)->remote->repair_bytes_at = b->now;
	for (unsigned i = 0; i < 2000; i++) {
		message(b, &w);
		answered += b->sent;
	}
	print_message("# %zu of 2000 answered\n", answered);
	assert_in_range(answered, 1, VIZ_REPAIR_BURST_BYTES / 4096);
	assert_int_equal(b->closed, 0);
}

static unsigned lines(const struct one_node *b, const char *text)
{
	unsigned n = 0;

	for (const char *at = strstr(b->logs, text); at; at = strstr(at + 1, text))
		n++;
	return n;
}

/* MEMBER with a wrong clock, and LAST with a key of ours that nobody knows. */
static void what_is_said_again_is_logged_once(void **state)
{
	struct one_node *b = *state;
	VIZ_WRITER(w, 64);

	viz_message_member_write(
	    &w, &(struct viz_message_member){viz_after(b->now, 2 * b->federation.skew_ms)});
	for (unsigned i = 0; i < 20; i++)
		message(b, &w);
	assert_int_equal(lines(b, "ahead of ours"), 1);
	assert_int_equal(b->closed, 0);
}

/* Many peers announce what is not there. What they make us walk over is not walked over in each
 * batch. */
static void what_many_announce(void **state)
{
	struct one_node *b = *state;
	struct viz_announced *x = calloc(VIZ_ANNOUNCE_MAX, sizeof *x);
	struct viz_fetch *f = fetch(b);
	int64_t deadline;

	assert_non_null(x);
	for (unsigned k = 0; k < 4; k++) {
		for (unsigned i = 0; i < VIZ_ANNOUNCE_MAX; i++) {
			x[i].place = (struct viz_item){
			    .author = b->evil.author, .type = VIZ_TYPE_COVERAGE, .slot = i % 64};
			viz_rng_bytes(&b->rng, x[i].item, sizeof x[i].item);
			if (k >= 2)
				viz_rng_bytes(&b->rng, x[i].place.author.b, 32);
		}
		b->now.ms += 10;
		announce_all(b, LINK_EVIL, x, VIZ_ANNOUNCE_MAX);
	}
	assert_true(f->count >= 256);
	b->now.ms += 10;
	f->changed = true;
	tick(b, 0); /* a step */
	assert_false(f->changed);
	deadline = b->now.ms + (int64_t)(f->count / 256);
	assert_in_range(f->pause.ms, b->now.ms + 1, deadline);
	f->changed = true;
	tick(b, 0);
	assert_true(f->changed);
	assert_true(viz_node_deadline(b->node).ms <= f->pause.ms);
	tick(b, f->pause.ms - b->now.ms);
	assert_false(f->changed);
	free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(of_unknown_authors),
	    T(without_an_offer),
	    T(outside_of_its_circle),
	    T(heads),
	    T(what_is_said_again_is_logged_once),
	    T(what_many_announce),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests_name("flood", tests, NULL, NULL);
}
