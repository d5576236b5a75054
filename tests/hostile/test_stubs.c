/* A partner tells false stubs of an honest origin's log, or few of them, or none, and says HEAD
 * again and again: it must not keep out what others tell, nor make the origin look guilty or
 * innocent. */
#include "node/audit/suspicion.h"
#include "node/core/ids.h"
#include "node/gossip/chain.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "store/store.h"
#include "tests/hostile/one_circle.h"
#include "tests/hostile/one_log.h"
#include "tests/hostile/one_offer.h"

#define LINK_LIAR 8
#define LINK_FAIR 9
#define COUNT     4 /* numbers of the log that we do not know yet */

struct scene {
	struct forge liar, fair;
	struct forged offer[COUNT];
	struct viz_stub stub[COUNT];
};

/* Three are in the origin's circle with us. Its log has COUNT records that it has not sent to us.
 */
static struct scene *begin(struct one_node *b)
{
	struct scene *s = calloc(1, sizeof *s);
	struct viz_id us = *viz_node_author(b->node);
	struct false_offer *o = calloc(1, sizeof *o);

	assert_true(s && o);
	befriend(b, &s->liar, LINK_LIAR);
	befriend(b, &s->fair, LINK_FAIR);
	for (unsigned i = 0; i < 2; i++)
		give_partners(b, i ? &s->fair : &s->liar, i ? LINK_FAIR : LINK_LIAR,
			      (struct entry[]){{&us, LONG_AGO, 0}, {&b->evil.author, LONG_AGO, 0}},
			      2);
	give_partners(b, &b->evil, LINK_EVIL,
		      (struct entry[]){{&us, LONG_AGO, 0},
				       {&s->liar.author, LONG_AGO, 0},
				       {&s->fair.author, LONG_AGO, 0}},
		      3);
	open_head(b, 0, &b->evil.value);
	for (unsigned i = 0; i < COUNT; i++) {
		b->now.ms += 10;
		false_offer_init(b, o, i);
		false_offer_sign(b, o);
		s->offer[i] = o->offer;
		s->stub[i] = (struct viz_stub){i + 1, VIZ_TYPE_OFFER, o->slot, o->offer.id};
	}
	open_head(b, COUNT, &b->evil.value);
	free(o);
	return s;
}

/* The peer of this link answers LOG_ASK with these stubs. */
static void tell(struct one_node *b, uint64_t link, const struct viz_stub *stub, size_t count)
{
	struct viz_message_log *m = calloc(1, sizeof *m);
	uint8_t *body = malloc(VIZ_BODY_MAX);
	struct viz_writer w;

	assert_true(m && body && b->log_ask.from > 0);
	m->origin = b->log_ask.origin;
	m->log = b->log_ask.log;
	m->from = b->log_ask.from;
	m->count = count;
	memcpy(m->stub, stub, count * sizeof *stub);
	viz_writer_init(&w, body, VIZ_BODY_MAX);
	viz_message_log_write(&w, m);
	message_on(b, link, &w);
	assert_int_equal(b->closed, 0);
	free(body);
	free(m);
}

static void say_head(struct one_node *b, uint64_t link)
{
	uint8_t body[256];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_head_write(&w, &(struct viz_message_head){.origin = b->evil.author,
							      .log = b->evil.log,
							      .held = COUNT,
							      .number = COUNT,
							      .value = b->evil.value});
	message_on(b, link, &w);
	assert_int_equal(b->closed, 0);
}

/* Stubs of CLOSEs of an offer that nobody knows. */
static void lie(struct viz_stub *stub, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		stub[i] = (struct viz_stub){.offer = 77,
					    .type = VIZ_TYPE_CLOSE,
					    .slot = (uint64_t)(START_MS / VIZ_DAY_MS) << 32 |
						    (uint64_t)(100 + i) << 8,
					    .id = {{1, (uint8_t)i}}};
	}
}

static bool is_asked(const struct one_node *b, uint64_t link)
{
	return b->log_ask.from > 0 && b->log_asked == link;
}

/* The liar answers with `count` stubs, and the fair one with the true ones, as often as they are
 * asked. After each answer the liar says HEAD again. */
static void play(struct one_node *b, const struct scene *s, size_t count)
{
	struct viz_stub false_stub[COUNT];
	unsigned heads = 0;

	lie(false_stub, COUNT);
	for (unsigned i = 0; i < 40; i++) {
		uint32_t n = b->log_ask.to - b->log_ask.from + 1;

		if (is_asked(b, LINK_LIAR))
			tell(b, LINK_LIAR, false_stub, count < n ? count : n);
		else if (is_asked(b, LINK_FAIR))
			tell(b, LINK_FAIR, s->stub + b->log_ask.from - 1, n);
		else
			say_head(b, ++heads % 8 ? LINK_LIAR : LINK_FAIR);
	}
}

/* The origin's link has ended: the liar comes first, and says all, all but the last, one or none.
 */
static void others_are_heard(void **state)
{
	for (size_t count = 0; count <= COUNT; count++) {
		struct one_node *b = *state;
		struct scene *s = begin(b);
		struct viz_chain c;

		print_message("# %zu false stubs\n", count);
		cut(b, LINK_EVIL);
		say_head(b, LINK_LIAR);
		assert_true(is_asked(b, LINK_LIAR));
		play(b, s, count);
		assert_true(chain(b, &c));
		assert_int_equal(c.met, COUNT);
		free(s);
		teardown(state);
		setup_named(state);
	}
}

/* Two liars link anew whenever the other one has answered, so that a link of theirs is always the
 * newest. The fair one, whose link is older, is asked in the same round. */
static void new_links_bring_no_new_turn(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_id us = *viz_node_author(b->node);
	struct viz_stub false_stub[COUNT];
	struct forge other, *liar[] = {&s->liar, &other};
	uint64_t link[] = {LINK_FAIR + 1, LINK_FAIR + 2}, newest = LINK_FAIR + 2;
	unsigned turns = 0;

	lie(false_stub, COUNT);
	befriend(b, &other, link[1]);
	give_partners(b, &other, link[1],
		      (struct entry[]){{&us, LONG_AGO, 0}, {&b->evil.author, LONG_AGO, 0}}, 2);
	give_partners(b, &b->evil, LINK_EVIL,
		      (struct entry[]){{&us, LONG_AGO, 0},
				       {&s->liar.author, LONG_AGO, 0},
				       {&s->fair.author, LONG_AGO, 0},
				       {&other.author, LONG_AGO, 0}},
		      4);
	open_head(b, COUNT, &b->evil.value);
	cut(b, LINK_EVIL);
	cut(b, LINK_LIAR);
	come_in_as(b, &s->liar, link[0], NULL);
	tick(b, 11000);
	say_head(b, link[0]);
	assert_true(is_asked(b, link[0]));
	for (unsigned i = 0; turns < 4 && !is_asked(b, LINK_FAIR); i = 1 - i, turns++) {
		struct viz_message_log_ask ask = b->log_ask;

		assert_true(is_asked(b, link[i]));
		cut(b, link[1 - i]);
		link[1 - i] = ++newest;
		come_in_as(b, liar[1 - i], newest, NULL);
		b->log_ask = ask; /* it is still open */
		tell(b, link[i], false_stub, COUNT);
	}
	assert_true(is_asked(b, LINK_FAIR));
	free(s);
}

/* The liar is asked, and says nothing: after a while the fair one is. */
static void silence(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_chain c;

	cut(b, LINK_EVIL);
	say_head(b, LINK_LIAR);
	assert_true(is_asked(b, LINK_LIAR));
	tick(b, 1000);
	say_head(b, LINK_FAIR);
	assert_false(is_asked(b, LINK_FAIR));
	tick(b, 10000);
	say_head(b, LINK_LIAR);
	assert_true(is_asked(b, LINK_FAIR));
	tell(b, LINK_FAIR, s->stub, COUNT);
	assert_true(chain(b, &c));
	assert_int_equal(c.met, COUNT);
	free(s);
}

/* The liar was faster than the origin: its opening is a question to itself. */
static void the_origin_is_heard(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_stub false_stub[COUNT];
	struct viz_chain c;

	lie(false_stub, COUNT);
	tick(b, 20000); /* it did not answer */
	say_head(b, LINK_LIAR);
	if (is_asked(b, LINK_LIAR))
		tell(b, LINK_LIAR, false_stub, COUNT - 1);
	open_head(b, COUNT, &b->evil.value);
	assert_true(is_asked(b, LINK_EVIL));
	assert_int_equal(b->log_ask.from, 1);
	tell(b, LINK_EVIL, s->stub, COUNT);
	assert_true(chain(b, &c));
	assert_int_equal(c.met, COUNT);
	free(s);
}

/* A record that its origin has signed stands against what somebody told: nobody contradicts itself.
 */
static void records_stand(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_stub false_stub[COUNT], stub;

	lie(false_stub, COUNT);
	cut(b, LINK_EVIL);
	say_head(b, LINK_LIAR);
	tell(b, LINK_LIAR, false_stub, COUNT - 1);
	for (unsigned i = 0; i < COUNT; i++)
		give_on(b, LINK_FAIR, &s->offer[i]);
	assert_null(strstr(b->logs, "stands in it twice"));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (unsigned i = 0; i < COUNT; i++) {
		assert_true(
		    viz_chain_stub_get(&b->node->core, &stub, &b->evil.author, b->evil.log, i + 1));
		assert_memory_equal(stub.id.b, s->stub[i].id.b, sizeof stub.id.b);
	}
	viz_store_abort(b->store);
	free(s);
}

/* What was told, and nobody has confirmed, does not stand for what is withheld. */
static void hides_nothing(void **state)
{
	struct one_node *b = *state;
	struct scene *s = begin(b);
	struct viz_stub false_stub[COUNT];

	lie(false_stub, COUNT);
	cut(b, LINK_EVIL);
	cut(b, LINK_FAIR); /* nobody else is asked */
	say_head(b, LINK_LIAR);
	tell(b, LINK_LIAR, false_stub, COUNT - 1);
	hours(b, 60);
	assert_int_equal(findings(b, VIZ_SUSPICION_WITHHELD), COUNT);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(others_are_heard, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(new_links_bring_no_new_turn, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(silence, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(the_origin_is_heard, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(records_stand, setup_named, teardown),
	    cmocka_unit_test_setup_teardown(hides_nothing, setup_named, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
