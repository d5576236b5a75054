/* How one member can harm the links of others. Like test_core.c: the core alone, forged records. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "crypto/rng.h"
#include "node/core/event.h"
#include "node/link/budget.h"
#include "node/link/link.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"

/* One member floods with what is sent whole. It must not fill the queues of others, nor use the
 * memory once for each of them. A link has a budget for that, and repair brings the rest. */
static void floods_are_bounded(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(2, sizeof *other);
	struct viz_id stranger;
	size_t bytes = 0;

	assert_non_null(other);
	befriend(b, &other[0], 8);
	befriend(b, &other[1], 9);
	tick(b, 20000);
	/* a partner's small records go out over the used-up budget, once as much again */
	viz_link_find(&b->node->net, 8)->flood_bytes = 20000 - VIZ_FLOOD_BURST_BYTES;
	viz_link_find(&b->node->net, 8)->flood_at = b->now;
	for (size_t i = 0; i < 256; i++) {
		b->now.ms++;
		viz_rng_bytes(&b->rng, stranger.b, sizeof stranger.b);
		forge_vouch(&b->scratch, &b->evil, 1 + i % 32, b->now, &stranger, true);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
		assert_int_equal(b->blocks, 1);
		assert_int_equal(b->shared, b->records_on[8] + b->records_on[9]);
		assert_int_equal(b->records_on[9], 1);
		bytes += b->bytes_on[8];
	}
	assert_true(b->node->gossip.intake.accepted > 256);
	assert_true(bytes > 20000 / 4);
	assert_true(bytes <= 20000 + 256 * VIZ_FLOOD_BYTES_SEC / 1000);
	assert_true(viz_link_find(&b->node->net, 8)->behind);
	assert_false(viz_link_find(&b->node->net, 9)->behind);
	tick(b, 3000); /* the link is compared */
	assert_false(viz_link_find(&b->node->net, 8)->behind);
	assert_true(viz_link_find(&b->node->net, 8)->tree_open);
	free(other);
}

/* A member that vouches for one author after another must not make every node compare each time. */
static void news_is_compared_now_and_then(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(other);
	befriend(b, other, 8);
	tick(b, 20000);
	b->trees = 0;
	for (int i = 0; i < 120; i++) {
		struct viz_id stranger;

		b->now.ms += 500;
		viz_rng_bytes(&b->rng, stranger.b, sizeof stranger.b);
		forge_vouch(&b->scratch, &b->evil, 1, b->now, &stranger, false);
		give(b, &b->scratch);
	}
	/* a minute on two links */
	assert_true(b->trees <= 2 * 2);
	b->trees = 0;
	tick(b, 60000);
	tick(b, 3000);
	assert_true(b->trees >= 2); /* the last change was not forgotten */
	free(other);
}

static void announce(struct one_node *b, struct forge *f, uint64_t link)
{
	b->now.ms += 5;
	forge_node(&b->scratch, f, b->now);
	give_on(b, link, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* Likewise with a transport key that did not make the link. */
static void announce_other_key(struct one_node *b, struct forge *f, uint64_t link)
{
	b->now.ms += 5;
	forge_node(&b->scratch, f, b->now);
	give_on(b, link, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "rotated");
}

/* A peer's NODE has the transport key and the address of another node, which is linked to us. To
 * dial the peer would reach that node and close its link. */
static void nobody_is_dialled_in_anothers_place(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(other);
	befriend(b, other, 8);
	b->evil.transport_pub = other->transport_pub;
	snprintf(b->evil.address, sizeof b->evil.address, "127.0.0.1:9");
	announce_other_key(b, &b->evil, LINK_EVIL);
	cut(b, LINK_EVIL);
	for (int i = 0; i < 10; i++) {
		tick(b, 60000);
		assert_int_equal(evil(b)->remote->attempt, 0);
	}
	/* without that link no harm is done: the node that answers shows that it is another one */
	cut(b, 8);
	tick(b, 60000);
	assert_int_not_equal(evil(b)->remote->attempt, 0);
	free(other);
}

/* When a link that has lasted is lost, we dial as soon as after a first loss. */
static void a_link_that_lasted_is_dialled_at_once(void **state)
{
	struct one_node *b = *state;
	struct viz_event opened = {.kind = VIZ_EVENT_OPENED, .link = LINK_EVIL};

	snprintf(b->evil.address, sizeof b->evil.address, "127.0.0.1:9");
	announce(b, &b->evil, LINK_EVIL);
	tick(b, 61000);
	for (int i = 0; i < 10; i++) {
		cut(b, LINK_EVIL);
		tick(b, 1000);
		opened.attempt = evil(b)->remote->attempt;
		assert_int_not_equal(opened.attempt, 0);
		run(b, &opened, 1);
		announce(b, &b->evil, LINK_EVIL);
		tick(b, 61000);
	}
	/* a peer whose links do not last is dialled less and less often */
	for (int i = 0; i < 6; i++) {
		cut(b, LINK_EVIL);
		tick(b, 100000);
		opened.attempt = evil(b)->remote->attempt;
		run(b, &opened, 1);
		announce(b, &b->evil, LINK_EVIL);
	}
	cut(b, LINK_EVIL);
	tick(b, 1000);
	assert_int_equal(evil(b)->remote->attempt, 0);
}

/* Inbound links of so many members that the operator has not set up. Earlier ones are gone. */
static void crowd(struct one_node *b, size_t n)
{
	struct viz_links *l = &b->node->net.links;

	for (size_t i = l->count; i-- > 0;)
		if (l->list[i].number >= 1000)
			l->list[i] = l->list[--l->count];
	l->list = realloc(l->list, (l->count + n) * sizeof *l->list);
	assert_non_null(l->list);
	l->capacity = l->count + n;
	for (size_t i = 0; i < n; i++) {
		struct viz_id id = {{0xc0, (uint8_t)i}};
		struct viz_member *m = viz_member_ensure(&b->node->trust, &id);

		m->member = m->peer.present = true;
		l->list[l->count++] = (struct viz_link){.number = 1000 + i,
							.peer = id,
							.since = b->now,
							.repair_at = {INT64_MAX},
							.said = true,
							.said_day = b->now.ms / VIZ_DAY_MS};
	}
}

/* Members that the operator has not set up have taken all links. Partners still get one. */
static void partners_get_a_link(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	static uint8_t hello[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = 9, .bytes = hello};

	assert_non_null(other);
	forge_author(other, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &other->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, other, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, other, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	assert_true(viz_member_find(&b->node->trust, &other->author)->member);
	cut(b, LINK_EVIL);
	crowd(b, VIZ_LINKS_INBOUND);
	forge_node(&b->scratch, other, b->now);
	ev.len = forge_hello(hello, sizeof hello, other, &b->scratch, NULL);
	ev.remote = other->transport_pub;
	run(b, &ev, 1);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "full");
	come_in(b, NULL);
	free(other);
}

/* A hello of a member that is not refused. */
static bool gets_in(struct one_node *b, struct forge *f, uint64_t link)
{
	static uint8_t hello[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO, .link = link, .bytes = hello};

	forge_node(&b->scratch, f, b->now);
	ev.len = forge_hello(hello, sizeof hello, f, &b->scratch, NULL);
	ev.remote = f->transport_pub;
	run(b, &ev, 1);
	return viz_link_of(&b->node->net, &f->author) != NULL;
}

/* Takes all places for inbound links but those that are kept. The last link has been up for so
 * long. */
static struct viz_link *crowd_with(struct one_node *b, int64_t age_ms)
{
	struct viz_links *l = &b->node->net.links;

	crowd(b, VIZ_LINKS_INBOUND);
	l->list[l->count - 1].since = viz_after(b->now, -age_ms);
	return &l->list[l->count - 1];
}

/* All places are taken. A member gets the one of a link by lot, but none of a partner and none that
 * is young; and not again within the hour. A link that we dialled takes no such place. */
static void a_member_gets_in_by_lot(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(other);
	forge_author(other, &b->federation, &b->rng);
	b->now.ms += 600;
	forge_vouch(&b->scratch, &b->evil, 1, b->now, &other->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, other, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, other, 0, b->now, &b->evil.author, false);
	give(b, &b->scratch);
	tick(b, 600000); /* the partner's link is old */
	crowd_with(b, 599000);
	assert_false(gets_in(b, other, 9));
	crowd_with(b, 600000);
	assert_true(gets_in(b, other, 9));
	assert_non_null(viz_link_find(&b->node->net, LINK_EVIL));
	cut(b, 9);
	crowd_with(b, 600000);
	assert_false(gets_in(b, other, 9));
	b->now.ms += 3600000;
	crowd_with(b, 600000);
	assert_true(gets_in(b, other, 9));
	cut(b, 9);
	b->now.ms += 3600000;
	crowd_with(b, 0)->outbound = true;
	assert_true(gets_in(b, other, 9));
	free(other);
}

/* A linked peer that publishes another node's transport key has not proved that it has it. */
static void a_false_key_keeps_nobody_apart(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other), *copy = calloc(1, sizeof *copy);

	assert_non_null(other);
	assert_non_null(copy);
	befriend(b, other, 8);
	snprintf(other->address, sizeof other->address, "192.0.2.1:4000");
	announce(b, other, 8);
	*copy = b->evil;
	copy->transport_pub = other->transport_pub;
	announce_other_key(b, copy, LINK_EVIL);
	cut(b, 8);
	tick(b, 60000);
	assert_int_not_equal(viz_member_find(&b->node->trust, &other->author)->remote->attempt, 0);
	free(copy);
	free(other);
}

/* A peer's budgets and dial state are removed when it has been silent for long. */
static void a_peer_that_is_long_gone_takes_no_memory(void **state)
{
	struct one_node *b = *state;
	struct viz_net *net = &b->node->net;
	size_t before = net->links.remote_count;
	struct viz_id id = {{7}};
	struct viz_member *m = viz_member_ensure(&b->node->trust, &id);

	m->peer.present = true;
	assert_true(viz_budget_signature(net, m));
	assert_int_equal(net->links.remote_count, before + 1);
	tick(b, 500000);
	assert_non_null(m->remote);
	assert_true(viz_budget_signature(net, m));
	tick(b, 500000);
	assert_non_null(m->remote);
	tick(b, 100000);
	assert_null(m->remote);
	assert_int_equal(net->links.remote_count, before);
}

/* Nothing is known of a peer any more, but a dial to it is under way. Its entry stays until the
 * dial has ended. */
static void a_peer_that_is_dialled_is_not_forgotten(void **state)
{
	struct one_node *b = *state;
	struct viz_id id = {{7}};
	struct viz_remote *r;

	r = viz_remote_ensure(&b->node->net, viz_member_ensure(&b->node->trust, &id));
	r->attempt = 99;
	viz_member_changed(&b->node->trust, r->member);
	tick(b, 1000);
	assert_non_null(viz_member_find(&b->node->trust, &id));
	r->attempt = 0;
	viz_member_changed(&b->node->trust, r->member);
	tick(b, 1000);
	assert_null(viz_member_find(&b->node->trust, &id));
}

/* Without the peer's MEMBER a link with a member carries no mail in either direction and takes no
 * records of others, and nobody is blamed. MEMBER makes it full, once. */
static void a_link_is_full_when_both_say_so(void **state)
{
	struct one_node *b = *state;
	struct viz_event dialled = {.kind = VIZ_EVENT_OPENED, .link = LINK_EVIL};
	uint64_t accepted, waiting;

	snprintf(b->evil.address, sizeof b->evil.address, "127.0.0.1:9");
	announce(b, &b->evil, LINK_EVIL);
	mail_withdrawal(b, 1, viz_record_slot_make(b->now, 3)); /* ERASED waits for the peer */
	cut(b, LINK_EVIL);
	tick(b, 60000);
	dialled.attempt = evil(b)->remote->attempt;
	b->mails = b->members = b->trees = b->acks = 0;
	run(b, &dialled, 1);
	announce(b, &b->evil, LINK_EVIL);
	assert_int_equal(b->members, 1);
	mail_withdrawal(b, 2, viz_record_slot_make(b->now, 4));
	accepted = b->node->gossip.intake.accepted;
	forge_coverage(&b->scratch, &b->evil, 1, b->now, 1024, 1);
	give(b, &b->scratch);
	assert_int_equal(b->node->gossip.intake.accepted, accepted);
	tick(b, 3600000);
	assert_int_equal(b->mails + b->trees + b->acks, 0);
	assert_non_null(viz_link_find(&b->node->net, LINK_EVIL));
	waiting = viz_mail_waiting(&b->node->trust, &b->evil.author);
	assert_int_not_equal(waiting, 0);
	say_member(b, LINK_EVIL);
	assert_int_equal(b->mails, waiting);
	assert_int_equal(b->trees, 1);
	say_member(b, LINK_EVIL);
	assert_int_equal(b->mails, waiting);
	assert_int_equal(b->trees, 1);
	accepted = b->node->gossip.intake.accepted;
	give(b, &b->scratch);
	assert_int_equal(b->node->gossip.intake.accepted, accepted + 1);
	assert_int_equal(b->members, 1);
	/* a UTC day begins */
	tick(b, VIZ_DAY_MS - b->now.ms % VIZ_DAY_MS - 1);
	assert_int_equal(b->members, 1);
	tick(b, 1);
	assert_int_equal(b->members, 2);
}

/* Who is no member any more has no full link. What was said cannot be taken back, so the link is
 * closed. */
static void who_left_has_no_link(void **state)
{
	struct one_node *b = *state;

	forge_vouch(&b->scratch, &b->evil, 0, viz_after(b->now, 1), viz_node_author(b->node), true);
	b->now.ms++;
	give(b, &b->scratch);
	for (int hour = 0; hour < 24 * 8 && b->closed == 0; hour++)
		tick(b, 3600000);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "not-a-member");
	/* the operator has vouched, so that it may come as a guest */
	come_in(b, NULL);
	assert_true(viz_link_find(&b->node->net, LINK_EVIL)->guest);
}

static const char *status(struct one_node *b)
{
	return request(b, "{\"op\":\"status\"}");
}

/* A peer's MEMBER shows its clock. When three of them differ likewise, it is ours. */
static void clocks_are_compared(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(2, sizeof *other);
	struct viz_time right;

	assert_non_null(other);
	befriend(b, &other[0], 8);
	befriend(b, &other[1], 9);
	right = b->now;
	b->now.ms += b->federation.skew_ms;
	say_member(b, 8);
	assert_non_null(strstr(status(b), "\"clock_ahead_count\":0,\"clock_behind_count\":0,"));
	b->now = viz_after(right, 10 * 60000);
	tick(b, 0);
	for (uint64_t link = 7; link <= 9; link++) {
		uint8_t body[16];
		struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = link, .bytes = body};
		struct viz_writer w;

		assert_null(strstr(b->logs, "our clock is wrong"));
		viz_writer_init(&w, body, sizeof body);
		viz_message_member_write(&w, &(struct viz_message_member){right});
		ev.len = viz_writer_done(&w).len;
		run(b, &ev, 1);
		assert_non_null(strstr(b->logs, "is 600 s behind ours"));
		assert_non_null(strstr(status(b), "\"clock_other_ahead_ms\":-600000"));
	}
	assert_non_null(strstr(b->logs, "our clock is wrong"));
	assert_non_null(strstr(
	    status(b), "\"clock_ahead_count\":0,\"clock_behind_count\":3,\"clock_wrong\":true"));
	free(other);
}

/* Each full link costs a search: a peer that comes and goes is let in only so often. */
static void comes_and_goes(void **state)
{
	struct one_node *b = *state;
	unsigned full = 0;

	tick(b, 1000);
	for (unsigned i = 0; i < 2 * VIZ_FULL_LINKS_BURST; i++) {
		cut(b, LINK_EVIL);
		hello(b, &b->evil, LINK_EVIL, NULL);
		say_member(b, LINK_EVIL);
		full += b->closed == 0;
	}
	assert_true(full >= VIZ_FULL_LINKS_BURST - 2 && full <= VIZ_FULL_LINKS_BURST);
	assert_string_equal(b->reason, "too-often");
	tick(b, 10000);
	cut(b, LINK_EVIL);
	hello(b, &b->evil, LINK_EVIL, NULL);
	say_member(b, LINK_EVIL);
	assert_int_equal(b->closed, 0);
}

/* Neither the node nor the peer has an address. */
static void the_doctor_names_who_cannot_be_linked(void **state)
{
	struct one_node *b = *state;
	const char *reply = request(b, "{\"op\":\"doctor\"}");

	assert_non_null(strstr(reply, "\"own_address\":false"));
	assert_non_null(strstr(reply, "\"unlinkable_peers\":[{"));
	assert_non_null(strstr(reply, b->evil.name));
	snprintf(b->evil.address, sizeof b->evil.address, "192.0.2.1:4000");
	announce(b, &b->evil, LINK_EVIL);
	assert_non_null(strstr(request(b, "{\"op\":\"doctor\"}"), "\"unlinkable_peers\":[]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(floods_are_bounded),
	    T(comes_and_goes),
	    T(news_is_compared_now_and_then),
	    T(nobody_is_dialled_in_anothers_place),
	    T(a_link_that_lasted_is_dialled_at_once),
	    T(partners_get_a_link),
	    T(a_member_gets_in_by_lot),
	    T(a_false_key_keeps_nobody_apart),
	    T(a_peer_that_is_long_gone_takes_no_memory),
	    T(a_peer_that_is_dialled_is_not_forgotten),
	    T(a_link_is_full_when_both_say_so),
	    T(who_left_has_no_link),
	    T(clocks_are_compared),
	    T(the_doctor_names_who_cannot_be_linked),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
