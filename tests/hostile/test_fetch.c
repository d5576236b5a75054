/* What a node does with what others announce: whom it asks, whom it does not wait for, what it
 * charges; and what false announcements can do. */
#include "tests/hostile/one_node.h"

#include "crypto/id.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/link/remote.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "store/store.h"

#define MINUTE 60000

static struct viz_link *link_of(struct one_node *b, uint64_t number)
{
	return viz_link_find(&b->node->net, number);
}

static struct viz_fetch *fetch(struct one_node *b)
{
	return &b->node->gossip.fetch;
}

static struct forge *friends(struct one_node *b)
{
	struct forge *f = calloc(2, sizeof *f);

	assert_non_null(f);
	befriend(b, &f[0], 8);
	befriend(b, &f[1], 9);
	tick(b, 20000);
	tick(b, 1000);
	return f;
}

static bool is_last(struct one_node *b, const struct forge *f)
{
	const struct viz_member *m = viz_member_find(&b->node->trust, &f->author);

	return m->remote->last_until.ms > b->now.ms;
}

static struct viz_announced named(const struct forged *rec)
{
	struct viz_announced x = {.item = {0}};
	struct viz_record r;
	struct viz_id item;

	assert_int_equal(viz_record_parse(&r, rec->bytes, rec->len), VIZ_OK);
	viz_ids_item(&item, &r, &rec->id, false);
	x.place = (struct viz_item){r.author, r.type, r.slot};
	memcpy(x.item, item.b, sizeof x.item);
	return x;
}

static void announce_all(struct one_node *b, uint64_t link, const struct viz_announced *x, size_t n)
{
	struct viz_message_announce *m = calloc(1, sizeof *m);
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	assert_non_null(m);
	m->count = n;
	memcpy(m->what, x, n * sizeof *x);
	viz_writer_init(&w, body, sizeof body);
	viz_message_announce_write(&w, m);
	message_on(b, link, &w);
	free(m);
}

static void announce(struct one_node *b, uint64_t link, const struct forged *rec)
{
	struct viz_announced x = named(rec);

	announce_all(b, link, &x, 1);
}

/* A record of an honest author that the node lacks. */
static struct forged *lacking(struct one_node *b, const struct forge *author, uint64_t slot)
{
	struct forged *rec = calloc(1, sizeof *rec);

	assert_non_null(rec);
	b->now.ms++;
	forge_coverage(rec, author, slot, b->now, 1, (uint32_t)slot);
	return rec;
}

static bool holds(struct one_node *b, const struct forged *rec)
{
	struct viz_announced x = named(rec);
	struct viz_held held;
	bool found;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	found = viz_place_get(&b->node->core, &held, NULL, &x.place.author, x.place.type,
			      x.place.slot) &&
		memcmp(held.item.b, x.item, sizeof x.item) == 0;
	viz_store_abort(b->store);
	return found;
}

#define A_MS 4 /* checks that come in within a millisecond */

static void set_budget(struct one_node *b, int64_t checks)
{
	evil(b)->remote->tokens = checks * 1000;
	evil(b)->remote->tokens_at = b->now;
}

static int64_t budget(struct one_node *b)
{
	return evil(b)->remote->tokens / 1000;
}

/* ---- whom we ask ---- */

static void the_first_announcer_is_asked(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].type, VIZ_TYPE_COVERAGE);
	assert_int_equal(b->want.place[0].slot, 5);
	assert_true(viz_id_eq(&b->want.place[0].author, &f[1].author));
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	tick(b, 100);
	give_on(b, 8, x);
	assert_true(holds(b, x));
	assert_int_equal(fetch(b)->count, 0);
	assert_int_equal(link_of(b, 8)->owed_count, 0);
	tick(b, 1000);
	assert_false(is_last(b, &f[0]) || is_last(b, &b->evil));
	free(x);
	free(f);
}

/* The first one says nothing: after 150 ms the next one is asked. */
static void one_that_is_silent_is_not_waited_for(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	tick(b, 10);
	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 0);
	assert_true(viz_node_deadline(b->node).ms <= b->now.ms + 140);
	tick(b, 139);
	assert_int_equal(b->asked_on[8], 0);
	tick(b, 1);
	assert_int_equal(b->asked_on[8], 1);
	assert_true(is_last(b, &b->evil));
	give_on(b, 8, x);
	assert_true(holds(b, x));
	assert_false(is_last(b, &f[0]));
	free(x);
	free(f);
}

/* For ten minutes others are asked first, and it alone after a while. A new link changes nothing.
 */
static void one_that_did_not_deliver_is_asked_last(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *y = lacking(b, &f[1], 6),
		      *z = lacking(b, &f[1], 7);

	announce(b, LINK_EVIL, x);
	tick(b, 150);
	assert_true(is_last(b, &b->evil));
	cut(b, LINK_EVIL);
	tick(b, 5000);
	come_in(b, NULL);
	tick(b, 1000);
	announce(b, LINK_EVIL, y);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	announce(b, 8, y);
	assert_int_equal(b->asked_on[8], 1);
	give_on(b, 8, y);
	announce(b, LINK_EVIL, z);
	tick(b, 149);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	tick(b, 1);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	give(b, z);
	assert_true(holds(b, z));
	tick(b, 10 * MINUTE);
	assert_false(is_last(b, &b->evil));
	free(x);
	x = lacking(b, &f[1], 8);
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	free(x);
	free(y);
	free(z);
	free(f);
}

/* One that delivers slowly keeps its turn; what it passes over it does not. */
static void one_that_delivers_is_not_overtaken(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_announced all[4];
	struct forged *x[4];

	for (size_t i = 0; i < 4; i++) {
		x[i] = lacking(b, &f[1], 10 + i);
		all[i] = named(x[i]);
	}
	announce_all(b, LINK_EVIL, all, 4);
	assert_int_equal(b->asked_on[LINK_EVIL], 4);
	assert_int_equal(b->want.count, 4);
	announce_all(b, 8, all, 4);
	tick(b, 140);
	give(b, x[0]);
	tick(b, 140);
	assert_int_equal(b->asked_on[8], 0);
	give(b, x[2]);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].slot, 11);
	tick(b, 149);
	assert_int_equal(b->asked_on[8], 0);
	tick(b, 1);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].slot, 13);
	for (size_t i = 0; i < 4; i++)
		free(x[i]);
	free(f);
}

/* A COVERAGE of a partner has places of its own: what others announce does not keep it back. */
static void few_are_open_on_a_link(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_announced all[64];
	struct viz_member *m = viz_member_find(&b->node->trust, &f[1].author);
	struct forged *x = lacking(b, &f[0], 5);

	m->peer.partner = false; /* of others */
	for (size_t i = 0; i < 64; i++) {
		all[i] = (struct viz_announced){.place = {f[1].author, VIZ_TYPE_COVERAGE, i},
						.item = {1, (uint8_t)i}};
	}
	announce_all(b, LINK_EVIL, all, 64);
	assert_int_equal(b->asked_on[LINK_EVIL], VIZ_FETCH_OPEN);
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	give(b, x);
	assert_true(holds(b, x));
	tick(b, 10000);
	assert_int_equal(b->asked_on[LINK_EVIL], VIZ_FETCH_OPEN);
	assert_int_equal(link_of(b, LINK_EVIL)->owed_count, VIZ_FETCH_OPEN);
	tick(b, 150);
	assert_int_equal(fetch(b)->count, 0);
	m->peer.partner = true;
	free(x);
	free(f);
}

/* A VOUCH makes an author known. What was announced of it before is asked for then. */
static void one_that_is_not_known_yet_waits(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b), newcomer;
	struct forged *node = calloc(1, sizeof *node), *vouch = calloc(1, sizeof *vouch);

	assert_true(node && vouch);
	forge_author(&newcomer, &b->federation, &b->rng);
	forge_node(node, &newcomer, b->now);
	forge_vouch(vouch, &f[1], 1, b->now, &newcomer.author, false);
	announce(b, 8, node);
	assert_int_equal(b->asked_on[8], 0);
	announce(b, 8, vouch);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].type, VIZ_TYPE_VOUCH);
	give_on(b, 8, vouch);
	assert_int_equal(b->asked_on[8], 1);
	assert_int_equal(b->want.place[0].type, VIZ_TYPE_NODE);
	give_on(b, 8, node);
	assert_true(holds(b, node));
	/* one for whom nobody vouches */
	forge_author(&newcomer, &b->federation, &b->rng);
	forge_node(node, &newcomer, b->now);
	announce(b, 8, node);
	link_of(b, 8)->behind = false;
	link_of(b, 8)->repair_at = viz_after(b->now, 10 * MINUTE);
	for (int i = 0; i < 10; i++) {
		assert_false(link_of(b, 8)->behind);
		tick(b, 1000);
		assert_int_equal(b->asked_on[8], 0);
	}
	assert_int_equal(fetch(b)->count, 0);
	assert_true(link_of(b, 8)->behind);
	free(node);
	free(vouch);
	free(f);
}

/* ---- false announcements ---- */

/* All have announced it, and nobody gives it: each is asked once, and charged. */
static void all_announcers_lie(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);
	uint64_t before = fetch(b)->unserved;

	for (uint64_t link = LINK_EVIL; link < LINK_EVIL + 3; link++)
		announce(b, link, x);
	tick(b, 150);
	assert_int_equal(b->asked_on[8], 1);
	tick(b, 150);
	assert_int_equal(b->asked_on[9], 1);
	tick(b, 150);
	assert_int_equal(fetch(b)->count, 0);
	assert_true(is_last(b, &f[0]) && is_last(b, &f[1]) && is_last(b, &b->evil));
	tick(b, 9549);
	assert_int_equal(fetch(b)->unserved, before);
	set_budget(b, 1000);
	tick(b, 1);
	assert_int_equal(fetch(b)->unserved, before + 1);
	assert_int_equal(budget(b), 1000 + A_MS - VIZ_FETCH_COST);
	tick(b, 300);
	assert_int_equal(fetch(b)->unserved, before + 3);
	/* once on a link */
	announce(b, LINK_EVIL, x);
	tick(b, 1000);
	assert_int_equal(b->asked_on[LINK_EVIL], 0);
	assert_int_equal(fetch(b)->count, 0);
	/* late, and welcome */
	give(b, x);
	assert_true(holds(b, x));
	assert_int_equal(b->closed, 0);
	free(x);
	free(f);
}

/* A link that charges more than is left has nothing left. */
static void a_budget_does_not_fall_below_nothing(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	tick(b, 9999);
	set_budget(b, 3);
	tick(b, 1);
	assert_int_equal(evil(b)->remote->tokens, 0);
	free(x);
	free(f);
}

static void what_is_held_is_not_asked_for(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	give_on(b, 9, x);
	assert_true(holds(b, x));
	for (int i = 0; i < 100; i++) {
		announce(b, LINK_EVIL, x);
		assert_int_equal(b->sent_on[LINK_EVIL], 0);
	}
	assert_int_equal(fetch(b)->count, 0);
	assert_int_equal(link_of(b, LINK_EVIL)->owed_count, 0);
	free(x);
	free(f);
}

/* The announcer has something newer by now: it is as good, and nobody is charged. */
static void one_that_was_replaced_is_not_charged(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *y = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	give(b, y);
	assert_true(holds(b, y));
	tick(b, 11000);
	assert_int_equal(fetch(b)->unserved, 0);
	assert_int_equal(fetch(b)->count, 0);
	assert_false(is_last(b, &b->evil));
	free(x);
	free(y);
	free(f);
}

/* It answers by what is held already, to keep the true one back. */
static void an_old_record_is_no_answer(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *old = lacking(b, &f[1], 5), *x = lacking(b, &f[1], 5);

	give_on(b, 9, old);
	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 0);
	give(b, old);
	assert_int_equal(b->asked_on[8], 1);
	assert_true(is_last(b, &b->evil));
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(old);
	free(x);
	free(f);
}

/* An author signs two records, and gives us the newer one itself while we ask for the older one:
 * who answers with the newer one is not to blame. */
static void an_author_blames_nobody(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &b->evil, 5), *newer = lacking(b, &b->evil, 5);

	announce(b, 8, x);
	assert_int_equal(b->asked_on[8], 1);
	tick(b, 20);
	give(b, newer);
	assert_true(holds(b, newer));
	tick(b, 20);
	give_on(b, 8, newer);
	assert_int_equal(link_of(b, 8)->owed_count, 0);
	assert_false(is_last(b, &f[0]));
	free(newer);
	free(x);
	free(f);
}

/* Records that are held already are no sign of life: they keep no other announcer waiting. */
static void chatter_is_no_delivery(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *old = lacking(b, &f[1], 5), *x = lacking(b, &f[1], 6);

	give_on(b, 9, old);
	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	for (int i = 0; i < 3; i++) {
		tick(b, 50);
		if (i < 2)
			give(b, old);
	}
	assert_int_equal(b->asked_on[8], 1);
	free(old);
	free(x);
	free(f);
}

/* It gives new records of its own, one after the other, and never what it has announced: that keeps
 * the next announcer waiting for a while, and not for ever. */
static void other_news_is_no_delivery_for_long(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *own;
	size_t asked = 0;

	announce(b, LINK_EVIL, x);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	announce(b, 8, x);
	for (uint64_t i = 0; i < 23; i++) {
		tick(b, 99);
		asked += b->asked_on[8];
		own = lacking(b, &b->evil, i);
		give(b, own);
		asked += b->asked_on[8];
		assert_true(holds(b, own));
		free(own);
	}
	assert_int_equal(asked, 1);
	assert_true(is_last(b, &b->evil));
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(x);
	free(f);
}

/* It answers, with something newer, what it was asked for after that: so it has passed it over. */
static void newer_answers_are_no_delivery_of_others(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5), *own, *newer;

	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	own = lacking(b, &b->evil, 1);
	announce(b, LINK_EVIL, own);
	assert_int_equal(b->asked_on[LINK_EVIL], 1);
	newer = lacking(b, &b->evil, 1);
	give(b, newer);
	assert_true(holds(b, newer));
	assert_int_equal(b->asked_on[8], 1);
	free(newer);
	free(own);
	free(x);
	free(f);
}

/* `f` becomes a member by the false peer, with a link of its own. */
static void puppet(struct one_node *b, struct forge *f, uint64_t slot, uint64_t link)
{
	forge_author(f, &b->federation, &b->rng);
	b->now.ms++;
	forge_vouch(&b->scratch, &b->evil, slot, b->now, &f->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, f, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, f, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	come_in_as(b, f, link, NULL);
	assert_false(link_of(b, link)->guest);
}

/* So many as are remembered are quick to announce, and give nothing: a partner that announces it
 * later is remembered too. */
static void many_first_announcers_do_not_hide_the_others(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b), *p = calloc(VIZ_FETCH_FROM + 2, sizeof *p);
	struct forged *x;

	assert_non_null(p);
	for (unsigned i = 0; i < VIZ_FETCH_FROM + 2; i++)
		puppet(b, &p[i], i + 1, 20 + i);
	tick(b, 5000);
	x = lacking(b, &f[1], 5);
	for (unsigned i = 0; i < VIZ_FETCH_FROM + 2; i++)
		announce(b, 20 + i, x);
	announce(b, 8, x);
	for (int i = 0; i < 20 && b->asked_on[8] == 0; i++)
		tick(b, 100);
	assert_int_equal(b->asked_on[8], 1);
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(x);
	free(p);
	free(f);
}

/* The right bytes with a wrong signature cost the link, and the next one is asked. */
static void a_false_signature_keeps_nothing_back(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	announce(b, LINK_EVIL, x);
	announce(b, 8, x);
	x->bytes[3] ^= 1;
	give(b, x);
	assert_int_equal(b->closed, 1);
	x->bytes[3] ^= 1;
	tick(b, 0);
	assert_int_equal(fetch(b)->list[0].link, 8);
	give_on(b, 8, x);
	assert_true(holds(b, x));
	free(x);
	free(f);
}

static void a_guest_announces_nothing(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct forged *x = lacking(b, &f[1], 5);

	cut(b, LINK_EVIL);
	hello(b, &b->evil, LINK_EVIL, NULL);
	announce(b, LINK_EVIL, x);
	assert_int_equal(b->sent, 0);
	assert_int_equal(fetch(b)->count, 0);
	free(x);
	free(f);
}

/* 10,000 false ids a second, of honest authors: what an honest peer announces is asked for at once,
 * also where the false one was the first to announce it. All that it makes us keep is bounded. */
static void false_ids_without_end_block_nobody(void **state)
{
	struct one_node *b = *state;
	struct forge *f = friends(b);
	struct viz_announced all[VIZ_ANNOUNCE_MAX];
	size_t honest = 0, most = 0, at_once = 0;

	for (size_t i = 0; i < 781; i++) { /* messages, in ten seconds */
		struct forged *x = i % 16 == 0 ? lacking(b, &f[1], i / 16 % 64) : NULL;

		for (size_t k = 0; k < VIZ_ANNOUNCE_MAX; k++) {
			all[k].place = (struct viz_item){f[k % 2].author, VIZ_TYPE_COVERAGE, k / 2};
			viz_rng_bytes(&b->rng, all[k].item, sizeof all[k].item);
		}
		if (x && i % 32 == 0)
			all[0] = named(x);
		announce_all(b, LINK_EVIL, all, VIZ_ANNOUNCE_MAX);
		most = fetch(b)->count > most ? fetch(b)->count : most;
		assert_true(link_of(b, LINK_EVIL)->owed_count <= 2 * VIZ_FETCH_OPEN);
		b->now.ms += 12;
		if (!x)
			continue;
		announce(b, 8, x);
		at_once += b->asked_on[8];
		if (b->asked_on[8] == 0)
			tick(b, 150);
		give_on(b, 8, x);
		assert_true(holds(b, x));
		honest++;
		free(x);
	}
	assert_int_equal(honest, 49);
	assert_true(at_once >= 48);
	assert_true(most <= 2 * VIZ_FETCH_NOTED + 1);
	assert_int_equal(b->closed, 0);
	assert_false(is_last(b, &f[0]));
	tick(b, 10000);
	tick(b, 10000);
	tick(b, 10000);
	assert_int_equal(fetch(b)->count, 0);
	assert_int_equal(link_of(b, LINK_EVIL)->owed_count, 0);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(the_first_announcer_is_asked),
	    T(one_that_is_silent_is_not_waited_for),
	    T(one_that_did_not_deliver_is_asked_last),
	    T(one_that_delivers_is_not_overtaken),
	    T(few_are_open_on_a_link),
	    T(one_that_is_not_known_yet_waits),
	    T(all_announcers_lie),
	    T(a_budget_does_not_fall_below_nothing),
	    T(what_is_held_is_not_asked_for),
	    T(one_that_was_replaced_is_not_charged),
	    T(an_old_record_is_no_answer),
	    T(an_author_blames_nobody),
	    T(chatter_is_no_delivery),
	    T(other_news_is_no_delivery_for_long),
	    T(newer_answers_are_no_delivery_of_others),
	    T(many_first_announcers_do_not_hide_the_others),
	    T(a_false_signature_keeps_nothing_back),
	    T(a_guest_announces_nothing),
	    T(false_ids_without_end_block_nobody),
	};

	return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
