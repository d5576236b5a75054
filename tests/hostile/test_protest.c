/* PROTESTs: what our node says of an origin that does not hear it, and what false partners say. */
#include "tests/hostile/one_node.h"

#include <jansson.h>

#include "crypto/crypto.h"
#include "node/audit/protest.h"
#include "node/audit/suspicion.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/gossip/protest.h"
#include "node/inbox/inbox.h"
#include "node/inbox/protest.h"
#include "node/link/link.h"
#include "node/node.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/protest.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"

#define LINK_OTHER 8

/* What is held about an origin: how often each kind was said by `by`, with its replies. */
static struct viz_audit_protester count(struct one_node *b, const struct viz_id *origin,
					const struct viz_id *by)
{
	struct viz_audit_protester *list, found = {.author = *by};
	size_t n;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	list = viz_audit_protest_count(&b->node->core, &n, origin);
	viz_store_abort(b->store);
	for (size_t i = 0; i < n; i++)
		if (viz_id_eq(&list[i].author, by))
			found = list[i];
	free(list);
	return found;
}

/* How often our node has said this kind of the false origin; `total` gets all kinds. */
static uint32_t said(struct one_node *b, enum viz_protest_kind kind, uint32_t *total)
{
	struct viz_audit_protester p = count(b, &b->evil.author, viz_node_author(b->node));

	*total = 0;
	for (unsigned i = 1; i <= VIZ_PROTEST_KIND_MAX; i++)
		*total += p.said[i];
	return p.said[kind];
}

/* Gives an offer to our node, which asks for the location. */
static void offer(struct one_node *b, struct false_offer *o, unsigned number)
{
	false_offer_to_us(b, o, number);
	false_offer_sign(b, o);
	give(b, &o->offer);
}

static void close_offer(struct one_node *b, struct false_offer *o, bool answered)
{
	false_offer_sign_close(b, o, answered);
	give(b, &o->close);
	assert_int_equal(b->closed, 0);
}

/* The false origin acknowledges all mail, whatever it does with it. */
static void take_mail(struct one_node *b)
{
	const struct viz_link *link = viz_link_find(&b->node->net, LINK_EVIL);
	uint8_t body[32];
	struct viz_writer w;

	assert_non_null(link);
	if (link->mail_open == 0)
		return;
	viz_writer_init(&w, body, sizeof body);
	viz_message_mail_ack_write(&w, &(struct viz_message_mail_ack){link->mail_sent});
	message(b, &w);
	assert_int_equal(b->closed, 0);
}

static void a_pledge_that_was_not_heard(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000); /* nearly all of the window */
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	assert_int_equal(total, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 1);
	free(in);
	free(o);
}

/* After a start the place of a PROTEST may have been taken by one that the store has lost. */
static void nothing_is_said_at_once_after_a_start(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000);
	restart(b, 0);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 0);
	say_last(b, LINK_EVIL);
	for (unsigned i = 0; i < 40; i++)
		tick(b, 1000);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	free(in);
	free(o);
}

/* What was acknowledged is a contradiction, and no PROTEST. */
static void an_acknowledged_pledge_was_heard(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	assert_true(inbox_row(b, in, o->slot));
	false_offer_mail_ack(b, o, VIZ_TYPE_PLEDGE_ACK, &in->pledge);
	tick(b, 29000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 0);
	assert_int_equal(total, 0);
	assert_int_equal(findings(b, VIZ_RULE_PLEDGE_DROPPED), 1);
	free(in);
	free(o);
}

/* An honest origin may not have heard us: the link was another one. */
static void a_link_that_ended_says_nothing(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	take_mail(b);
	cut(b, LINK_EVIL);
	b->now.ms += 100;
	come_in(b, NULL);
	tick(b, 26000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 0);
	assert_int_equal(total, 0);
	/* it is sent again on a new link while it was not taken, and that one stays up */
	offer(b, o, 1);
	answer_yes(b, o, in);
	cut(b, LINK_EVIL);
	restart(b, 100);
	say_last(b, LINK_EVIL);
	tick(b, 29000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	assert_int_equal(total, 1);
	free(in);
	free(o);
}

static void a_reveal_that_was_not_heard(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000);
	close_offer(b, o, true);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	tick(b, 1000);
	false_offer_sign_result(b, o, NULL);
	give(b, &o->result);
	assert_int_equal(said(b, VIZ_PROTEST_REVEAL, &total), 1);
	assert_int_equal(total, 1);
	free(in);
	free(o);
}

static void a_location_that_did_not_come(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	offer(b, o, 0);
	tick(b, 22000);
	assert_int_equal(said(b, VIZ_PROTEST_LOCATION, &total), 0);
	tick(b, 1000); /* three quarters of 30 s are over */
	assert_int_equal(said(b, VIZ_PROTEST_LOCATION, &total), 1);
	assert_int_equal(total, 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 1);
	free(o);
}

/* Also when its date says that the window was over. */
static void an_offer_that_closes_at_once(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	tick(b, 60000);
	b->now.ms -= 30000; /* an OFFER that is dated back */
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	b->now.ms += 30000;
	give(b, &o->offer);
	tick(b, 200);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_LATE, &total), 1);
	assert_int_equal(total, 1);
	assert_int_equal(findings(b, VIZ_RULE_CLOSED_EARLY), 0);
	free(o);
}

/* What follows the last tenth of the window may be a link's delay. */
static void an_offer_that_closes_in_time(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	offer(b, o, 0);
	tick(b, 27000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_LATE, &total), 0);
	assert_int_equal(said(b, VIZ_PROTEST_LOCATION, &total), 1);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1); /* no-content */
	assert_int_equal(total, 2);
	free(o);
}

static void a_view_that_was_not_served(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	tick(b, 1000);
	false_offer_init(b, o, 0); /* of zeros as view */
	false_offer_sign(b, o);
	give(b, &o->offer);
	for (int64_t at = 0; at < b->federation.suspicion_ms + 1800000; at += 600000) {
		tick(b, 600000);
		assert_int_equal(said(b, VIZ_PROTEST_VIEW, &total),
				 findings(b, VIZ_SUSPICION_VIEW_UNSERVED));
	}
	assert_int_equal(said(b, VIZ_PROTEST_VIEW, &total), 1);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 0);
	free(o);
}

/* The log is no offer's: one of a kind for each NODE. */
static void a_log_that_was_not_shown(void **state)
{
	struct one_node *b = *state;
	uint32_t total;

	tick(b, 1000);
	held_partners(b, &b->evil.names);
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	for (int i = 0; i < 2; i++) {
		struct viz_event ev = {.kind = VIZ_EVENT_TICK};
		struct viz_effects fx;

		viz_effects_init(&fx);
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		b->node->core.fx = &fx;
		viz_inbox_protest_log(&b->node->net, &b->evil.author, 0);
		viz_inbox_protest_log(&b->node->net, &b->evil.author, 7);
		b->node->core.fx = NULL;
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		viz_effects_clear(&fx);
		run(b, &ev, 1);
	}
	assert_int_equal(said(b, VIZ_PROTEST_HEAD, &total), 1);
	assert_int_equal(said(b, VIZ_PROTEST_NUMBER, &total), 1);
	assert_int_equal(total, 2);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 0);
}

/* At most 32 a day. */
static void no_more_than_its_slots(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	uint32_t total;

	for (unsigned i = 0; i < VIZ_PROTESTS_PER_DAY + 2; i++) {
		offer(b, o, i);
		take_mail(b);
		tick(b, 10);
	}
	tick(b, 23000);
	said(b, VIZ_PROTEST_LOCATION, &total);
	assert_int_equal(total, VIZ_PROTESTS_PER_DAY);
	assert_non_null(strstr(b->logs, "no more is published"));
	take_mail(b);
	tick(b, VIZ_DAY_MS); /* a new day has new slots */
	take_mail(b);
	offer(b, o, 0);
	tick(b, 23000);
	said(b, VIZ_PROTEST_LOCATION, &total);
	assert_int_equal(total, VIZ_PROTESTS_PER_DAY + 1);
	free(o);
}

/* A PROTEST of `f` about our node, without an offer: of our newest NODE, as that names its circle.
 */
static struct viz_protest about_us(struct one_node *b)
{
	const struct viz_member *self = viz_member_find(&b->node->trust, viz_node_author(b->node));
	struct viz_protest p = {.origin = self->id, .kind = VIZ_PROTEST_HEAD};
	struct viz_record rec;
	struct viz_held held;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_place_get(&b->node->core, &held, &rec, &self->id, VIZ_TYPE_NODE, 0));
	viz_ids_record(&p.node, &b->node->core.federation_id, &rec);
	viz_store_abort(b->store);
	p.node_time = self->node_time;
	p.partners = self->node.partners;
	return p;
}

static void sign(struct one_node *b, struct forged *out, const struct forge *f,
		 const struct viz_protest *p, unsigned n)
{
	uint8_t body[1024];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_protest_write(&w, p);
	forge_record(out, f, VIZ_TYPE_PROTEST, viz_record_slot_make(b->now, n), b->now, &w);
}

/* How many records stand in this list of the reply. */
static size_t listed(const char *reply, const char *list)
{
	json_t *json = json_loads(reply, 0, NULL);
	size_t n = json_array_size(json_object_get(json_object_get(json, "result"), list));

	json_decref(json);
	return n;
}

/* What we said of an offer, and what its origin replied, go along with evidence about the offer. */
static void the_reply_is_in_the_evidence(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_gossip_protest_found *f = calloc(1, sizeof *f);
	struct viz_gossip_protest_walk walk;
	struct viz_protest p = {.origin = b->evil.author, .reply_count = 1};
	uint32_t total;

	offer(b, o, 0);
	answer_yes(b, o, in);
	tick(b, 29000);
	close_offer(b, o, false);
	assert_int_equal(said(b, VIZ_PROTEST_PLEDGE, &total), 1);
	assert_true(exports(b, VIZ_RULE_CLOSED_EARLY));
	assert_int_equal(listed(b->reply, "replies"), 1);
	/* what was not heard has no record */
	assert_non_null(
	    strstr(export_finding(b, VIZ_SUSPICION_UNHEARD, ""), "\"code\":\"suspicion-only\""));
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_gossip_protest_walk_init(&walk, &b->node->core, &b->evil.author, 0);
	assert_true(viz_gossip_protest_walk_next(&walk, f));
	p.reply[0] = (struct viz_protest_reply){f->id, VIZ_PROTEST_TOO_LATE};
	viz_store_abort(b->store);
	p.node = o->node;
	p.node_time = o->node_time;
	p.partners = o->partners;
	sign(b, &b->scratch, &b->evil, &p, VIZ_PROTESTS_PER_DAY);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_true(exports(b, VIZ_RULE_CLOSED_EARLY));
	assert_int_equal(listed(b->reply, "replies"), 2);
	free(f);
	free(in);
	free(o);
}

static size_t held(struct one_node *b)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_PROTEST, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		n++;
	viz_store_abort(b->store);
	return n;
}

/* However often a partner says it, it counts once, and each has a reply of ours beside it. */
static void a_flood_counts_once(void **state)
{
	struct one_node *b = *state;
	const struct viz_id *self = viz_node_author(b->node);
	struct viz_protest p = about_us(b);
	struct viz_audit_protester c;

	for (unsigned n = 0; n < VIZ_PROTESTS_PER_DAY; n++) {
		sign(b, &b->scratch, &b->evil, &p, n);
		give(b, &b->scratch);
		assert_int_equal(b->closed, 0);
		b->now.ms++;
	}
	assert_int_equal(held(b), VIZ_PROTESTS_PER_DAY);
	tick(b, 5000);
	assert_int_equal(held(b), VIZ_PROTESTS_PER_DAY + 2); /* 16 in each reply */
	c = count(b, self, &b->evil.author);
	assert_int_equal(c.said[VIZ_PROTEST_HEAD], 1);
	assert_int_equal(c.answered[VIZ_PROTEST_SERVED], 1);
	assert_int_equal(c.answered[0], 0);
	tick(b, 60000);
	assert_int_equal(held(b), VIZ_PROTESTS_PER_DAY + 2);
	/* a finding against nobody */
	assert_non_null(strstr(request(b, "{\"op\":\"audit.show\"}"), "\"findings\":[]"));
	assert_non_null(strstr(b->reply, "\"replies\":{\"served\":{\"count\":1,\"of\":1,"));
	/* the slots behind are the origin's */
	sign(b, &b->scratch, &b->evil, &p, VIZ_PROTESTS_PER_DAY);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "bad-body");
}

static void what_we_did_not_make_is_dropped(void **state)
{
	struct one_node *b = *state;
	struct viz_protest p = about_us(b), q;

	q = p; /* an offer that we did not make */
	q.kind = VIZ_PROTEST_LOCATION;
	q.has_offer = true;
	memset(q.offer, 9, sizeof q.offer);
	sign(b, &b->scratch, &b->evil, &q, 0);
	give(b, &b->scratch);
	q = p; /* our NODE, with another time */
	q.node_time.ms--;
	sign(b, &b->scratch, &b->evil, &q, 1);
	give(b, &b->scratch);
	q = p; /* or other PARTNERS: nobody's circle */
	q.partners.b[0] ^= 1;
	sign(b, &b->scratch, &b->evil, &q, 2);
	give(b, &b->scratch);
	q = p; /* of a time at which it was no partner */
	q.node = (struct viz_id){{5}};
	q.node_time.ms = START_MS;
	sign(b, &b->scratch, &b->evil, &q, 3);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
	tick(b, 5000);
	assert_int_equal(held(b), 0);
}

/* A member that is no partner at the time of the NODE: it says nothing, and nothing is sent to it.
 */
static void outsiders_have_no_part(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	struct viz_protest p = about_us(b);
	struct viz_message_protests *m = calloc(1, sizeof *m);
	uint8_t body[256];
	struct viz_writer w;
	size_t records;

	befriend(b, other, LINK_OTHER); /* behind this NODE */
	sign(b, &b->scratch, other, &p, 0);
	give_on(b, LINK_OTHER, &b->scratch);
	assert_int_equal(b->closed, 0);
	assert_int_equal(held(b), 0);
	sign(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	assert_int_equal(held(b), 1);
	assert_int_equal(b->sent_on[LINK_OTHER], 0);
	tick(b, 5000);
	assert_int_equal(held(b), 2); /* with our reply */
	/* nor when it asks */
	m->origin = p.origin;
	m->day = (uint32_t)(b->now.ms / VIZ_DAY_MS);
	m->ask = true;
	viz_writer_init(&w, body, sizeof body);
	viz_message_protests_write(&w, m);
	records = b->records;
	message_on(b, LINK_OTHER, &w);
	assert_int_equal(b->records, records);
	/* a co-member gets both */
	message(b, &w);
	assert_int_equal(b->records, records + 2);
	/* and one that it lists no more */
	m->id[m->count++] = viz_be_get_u64(b->scratch.id.b);
	viz_writer_init(&w, body, sizeof body);
	viz_message_protests_write(&w, m);
	message(b, &w);
	assert_int_equal(b->records, records + 3);
	/* by place there is none, and nobody asks so */
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_WANT);
	viz_writer_array(&w, 1);
	viz_writer_array(&w, 3);
	viz_writer_id(&w, &b->evil.author);
	viz_writer_uint(&w, VIZ_TYPE_PROTEST);
	viz_writer_uint(&w, viz_record_slot_make(b->now, 0));
	message(b, &w);
	assert_int_equal(b->records, records + 3);
	assert_int_equal(b->closed, 1);
	free(m);
	free(other);
}

/* A new circle has the new partner too, which is told at once. */
static void co_members_are_told(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);
	struct viz_protest p;

	befriend(b, other, LINK_OTHER);
	tick(b, b->federation.heartbeat_ms);
	forge_partners(&b->scratch, other, b->now, viz_node_author(b->node), b->now);
	p = about_us(b);
	sign(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	assert_int_equal(held(b), 1);
	assert_int_equal(b->sent_on[LINK_EVIL], 0);
	free(other);
}

/* Two different ones in one slot count for nothing, and both are kept. */
static void a_split_place_counts_for_nothing(void **state)
{
	struct one_node *b = *state;
	struct viz_protest p = about_us(b);
	struct viz_audit_protester c;

	sign(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	p.kind = VIZ_PROTEST_NUMBER;
	p.number = 3;
	sign(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	assert_int_equal(held(b), 1);
	c = count(b, viz_node_author(b->node), &b->evil.author);
	assert_int_equal(c.said[VIZ_PROTEST_HEAD] + c.said[VIZ_PROTEST_NUMBER], 0);
	assert_int_equal(findings(b, VIZ_RULE_EQUIVOCATION), 1);
}

/* All goes when it has expired, with what is charged to the author. */
static void what_has_expired_goes(void **state)
{
	struct one_node *b = *state;
	struct viz_protest p = about_us(b);

	sign(b, &b->scratch, &b->evil, &p, 0);
	give(b, &b->scratch);
	tick(b, 5000);
	assert_int_equal(held(b), 2);
	tick(b, b->federation.write_once_ms + 2 * VIZ_DAY_MS);
	tick(b, 2000);
	assert_int_equal(held(b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_pledge_that_was_not_heard),
	    T(the_reply_is_in_the_evidence),
	    T(nothing_is_said_at_once_after_a_start),
	    T(an_acknowledged_pledge_was_heard),
	    T(a_link_that_ended_says_nothing),
	    T(a_reveal_that_was_not_heard),
	    T(a_location_that_did_not_come),
	    T(an_offer_that_closes_at_once),
	    T(an_offer_that_closes_in_time),
	    T(a_view_that_was_not_served),
	    T(a_log_that_was_not_shown),
	    T(no_more_than_its_slots),
	    T(a_flood_counts_once),
	    T(what_we_did_not_make_is_dropped),
	    T(outsiders_have_no_part),
	    T(co_members_are_told),
	    T(a_split_place_counts_for_nothing),
	    T(what_has_expired_goes),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
