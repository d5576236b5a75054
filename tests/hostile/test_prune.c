/* A spam branch, and an operator who prunes it: it goes, and does not come back by any door; who
 * has another way stays. */
#include "tests/hostile/one_node.h"

#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/link/link.h"
#include "node/link/remote.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"

#define PUPPETS     4
#define LINK_HONEST 8
#define LINK_LATER  9

/* The false peer is let in by an honest partner, and brings in puppets. */
struct branch {
	struct forge honest, spam, puppet[PUPPETS];
};

/* `f` and `by` vouch for each other. */
static void join(struct one_node *b, struct forge *by, uint64_t by_slot, struct forge *f,
		 uint64_t slot)
{
	b->now.ms += 1000;
	forge_vouch(&b->scratch, by, by_slot, b->now, &f->author, false);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, f, slot, b->now, &by->author, false);
	give(b, &b->scratch);
}

static void come(struct one_node *b, struct forge *by, uint64_t by_slot, struct forge *f,
		 const char *name)
{
	forge_author(f, &b->federation, &b->rng);
	snprintf(f->name, sizeof f->name, "%s", name);
	b->now.ms += 1000;
	forge_vouch(&b->scratch, by, by_slot, b->now, &f->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, f, b->now);
	give(b, &b->scratch);
	join(b, by, by_slot, f, 0);
	for (unsigned slot = 0; slot < 2; slot++) {
		forge_coverage(&b->scratch, f, slot, b->now, 8, 0);
		give(b, &b->scratch);
	}
	assert_true(viz_member_find(&b->node->trust, &f->author)->member);
}

static struct branch *make(struct one_node *b)
{
	struct branch *x = calloc(1, sizeof *x);
	char name[16];

	assert_non_null(x);
	befriend(b, &x->honest, LINK_HONEST);
	come(b, &x->honest, 5, &x->spam, "Spam");
	for (unsigned i = 0; i < PUPPETS; i++) {
		snprintf(name, sizeof name, "Boneco %u", i);
		come(b, i < 2 ? &x->spam : &x->puppet[0], i + 1, &x->puppet[i], name);
	}
	tick(b, 1000);
	return x;
}

static struct viz_member *of(struct one_node *b, const struct forge *f)
{
	return viz_member_find(&b->node->trust, &f->author);
}

static bool holds(struct one_node *b, const struct forge *f, uint8_t type)
{
	struct viz_held held;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_place_get(&b->node->core, &held, NULL, &f->author, type, 0);
	viz_store_abort(b->store);
	return there;
}

static const char *ask(struct one_node *b, const char *op, const struct forge *f, const char *more)
{
	char json[256], id[65];

	viz_hex(id, f->author.b, 32);
	snprintf(json, sizeof json, "{\"op\":\"%s\",\"args\":{\"peer\":\"%s\"%s}}", op, id, more);
	return request(b, json);
}

static void asked(struct one_node *b, const char *op, const struct forge *f, const char *more,
		  const char *expected)
{
	const char *reply = ask(b, op, f, more);

	if (!strstr(reply, expected))
		print_message("# %s\n", reply);
	assert_non_null(strstr(reply, expected));
}

static void rest(struct one_node *b, int seconds)
{
	for (int i = 0; i < seconds; i++)
		tick(b, 1000);
}

static void is_gone(struct one_node *b, const struct forge *f)
{
	assert_true(of(b, f)->in && of(b, f)->pruned && !of(b, f)->member);
	assert_true(holds(b, f, VIZ_TYPE_NODE) && holds(b, f, VIZ_TYPE_VOUCH));
	assert_false(holds(b, f, VIZ_TYPE_COVERAGE));
}

static void is_there(struct one_node *b, const struct forge *f)
{
	assert_true(of(b, f)->in && !of(b, f)->pruned && of(b, f)->member);
	assert_true(holds(b, f, VIZ_TYPE_COVERAGE));
}

/* It is shown before, and stays after a restart; who has another way stays. */
static void a_branch_goes(void **state)
{
	struct one_node *b = *state;
	struct branch *x = make(b);

	join(b, &x->honest, 6, &x->puppet[1], 1);
	asked(b, "peer.prune", &x->spam, ",\"dry_run\":true", "\"member_count\":3");
	asked(b, "peer.prune", &x->spam, ",\"dry_run\":true", "\"staying_count\":2");
	asked(b, "peer.prune", &x->spam, ",\"dry_run\":true", "\"done\":false");
	rest(b, 100);
	is_there(b, &x->spam);
	asked(b, "peer.prune", &x->spam, "", "\"done\":true");
	asked(b, "peer.show", &x->spam, "", "\"standing\":\"pruned\"");
	assert_false(of(b, &x->spam)->member);
	rest(b, 100);
	for (int round = 0; round < 2; round++) {
		is_gone(b, &x->spam);
		is_gone(b, &x->puppet[0]);
		is_there(b, &x->puppet[1]);
		is_gone(b, &x->puppet[2]);
		is_gone(b, &x->puppet[3]);
		asked(b, "peer.show", &x->puppet[2], "", "\"standing\":\"cut\"");
		assert_non_null(strstr(request(b, "{\"op\":\"status\"}"), "\"pruned_count\":4"));
		restart(b, 1000);
	}
	asked(b, "peer.prune", &x->honest, ",\"undo\":true", "\"not-pruned\"");
	asked(b, "peer.prune", &x->spam, ",\"undo\":true", "\"done\":true");
	assert_true(of(b, &x->spam)->member && of(b, &x->puppet[3])->member);
	free(x);
}

/* It dials. */
static void try(struct one_node *b, struct forge *f, const uint8_t *token)
{
	static uint8_t bytes[VIZ_HELLO_MAX];
	struct viz_event ev = {.kind = VIZ_EVENT_HELLO,
			       .link = LINK_LATER,
			       .bytes = bytes,
			       .remote = f->transport_pub};

	forge_node(&b->scratch, f, b->now);
	ev.len = forge_hello(bytes, sizeof bytes, f, &b->scratch, token);
	run(b, &ev, 1);
}

/* Nothing of it is taken but keys, NODE and VOUCHes, it is let in by no door, and none of what it
 * sends is a reason to compare. */
static void it_comes_by_no_door(void **state)
{
	struct one_node *b = *state;
	struct branch *x = make(b);
	const char *at;
	struct viz_invite invite;
	char line[VIZ_INVITE_TEXT_MAX];
	struct forge late;

	asked(b, "peer.prune", &x->spam, "", "\"done\":true");
	rest(b, 100);
	for (unsigned i = 0; i < 3; i++) {
		b->now.ms += 1000;
		viz_link_find(&b->node->net, LINK_HONEST)->behind = false;
		forge_coverage(&b->scratch, &x->puppet[i], 0, b->now, 8, 0);
		give_on(b, LINK_HONEST, &b->scratch);
		assert_false(viz_link_find(&b->node->net, LINK_HONEST)->behind);
		assert_false(holds(b, &x->puppet[i], VIZ_TYPE_COVERAGE));
	}
	/* one more comes in through it */
	forge_author(&late, &b->federation, &b->rng);
	b->now.ms += 1000;
	forge_vouch(&b->scratch, &x->puppet[3], 9, b->now, &late.author, false);
	give_on(b, LINK_HONEST, &b->scratch);
	forge_node(&b->scratch, &late, b->now);
	give_on(b, LINK_HONEST, &b->scratch);
	forge_vouch(&b->scratch, &late, 0, b->now, &x->puppet[3].author, false);
	give_on(b, LINK_HONEST, &b->scratch);
	assert_true(of(b, &late)->in && of(b, &late)->pruned && !of(b, &late)->member);
	/* not by an invitation, which others may have passed on */
	at = strstr(request(b, "{\"op\":\"peer.invite\"}"), "vizinvite1.");
	assert_non_null(at);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(viz_invite_parse(&invite, line), VIZ_OK);
	try(b, &x->spam, invite.token);
	assert_string_equal(b->reason, "not-a-member");
	assert_null(viz_link_find(&b->node->net, LINK_LATER));
	assert_false(of(b, &x->spam)->peer.pending);
	asked(b, "peer.trust", &x->spam, "", "\"code\":\"pruned\"");
	/* whom the operator sets up itself is let in, with whom that one lets in */
	asked(b, "peer.trust", &x->puppet[0], "", "\"ok\":true");
	rest(b, 1);
	assert_true(of(b, &x->puppet[0])->member && of(b, &x->puppet[3])->member);
	assert_true(of(b, &late)->member);
	assert_false(of(b, &x->puppet[1])->member || of(b, &x->spam)->member);
	free(x);
}

/* A partner is judged by, and may hold what a customer takes back: it stays, and nobody comes in by
 * it. When it is none, it goes, and our own vouch is taken back. */
static void a_partner_stays_alone(void **state)
{
	struct one_node *b = *state;
	struct branch *x = make(b);

	asked(b, "peer.prune", &x->honest, ",\"dry_run\":true",
	      "\"own_vouch\":false,\"stays\":true");
	asked(b, "peer.prune", &x->honest, "", "\"member_count\":5");
	rest(b, 100);
	is_gone(b, &x->spam);
	is_gone(b, &x->puppet[0]);
	assert_true(of(b, &x->honest)->member && !of(b, &x->honest)->pruned);
	assert_true(of(b, &x->honest)->peer.partner && of(b, &x->honest)->remote->link != 0);
	asked(b, "peer.trust", &x->spam, ",\"vouch\":false", "\"ok\":true");
	rest(b, 1);
	assert_true(of(b, &x->spam)->member && of(b, &x->puppet[2])->member);
	asked(b, "peer.remove", &x->spam, "", "\"ok\":true");
	asked(b, "peer.block", &x->honest, ",\"reason\":\"avaliza todos\"", "\"ok\":true");
	asked(b, "peer.trust", &x->honest, "", "\"code\":\"pruned\"");
	rest(b, PARTNER_DELAY_MS / 1000 + 1);
	assert_true(of(b, &x->honest)->member); /* not a partner, but it was one */
	asked(b, "peer.prune", &x->honest, ",\"dry_run\":true",
	      "\"own_vouch\":true,\"stays\":true");
	asked(b, "peer.prune", &x->honest, "", "\"done\":true");
	assert_false(of(b, &x->honest)->peer.present);
	rest(b, 100);
	/* without our vouch it is out for all */
	assert_false(of(b, &x->honest)->in);
	restart(b, 1000);
	assert_true(of(b, &x->honest)->pruned_at.ms != 0);
	asked(b, "peer.prune", &x->honest, ",\"undo\":true", "\"done\":true");
	free(x);
}

/* Whether we vouch for it by a record that is held. */
static bool vouch_for(struct one_node *b, const struct viz_member *m)
{
	const struct viz_member *self = viz_member_find(&b->node->trust, viz_node_author(b->node));

	for (size_t i = 0; i < self->vouch_count; i++)
		if (self->vouch[i].to == m->as && !self->vouch[i].withdrawn)
			return true;
	return false;
}

/* A partnership ends a day after it was removed. So long we vouch for it: it stays a member, and
 * what is under way between the two can end. Then our vouch is withdrawn, also after a start. */
static void a_vouch_outlasts_the_partnership(void **state)
{
	struct one_node *b = *state;
	struct branch *x = make(b);

	asked(b, "peer.remove", &b->evil, "", "\"ok\":true");
	assert_false(evil(b)->peer.present);
	rest(b, 100);
	assert_true(vouch_for(b, evil(b)));
	assert_true(evil(b)->member && evil(b)->remote->link != 0);
	/* trusted again meanwhile: we vouch for it as before, and once more not */
	asked(b, "peer.trust", &b->evil, "", "\"vouched\":true");
	rest(b, 2);
	asked(b, "peer.remove", &b->evil, "", "\"vouched\":false");
	assert_true(vouch_for(b, evil(b)));
	restart(b, 1000);
	tick(b, PARTNER_DELAY_MS - 20000);
	assert_true(vouch_for(b, evil(b)) && evil(b)->member);
	rest(b, 20);
	assert_false(vouch_for(b, evil(b)));
	/* one that is no partner: at once */
	asked(b, "peer.trust", &x->spam, ",\"vouch\":true,\"partner\":false", "\"ok\":true");
	rest(b, 2);
	assert_true(vouch_for(b, of(b, &x->spam)));
	asked(b, "peer.remove", &x->spam, "", "\"ok\":true");
	assert_false(vouch_for(b, of(b, &x->spam)));
	free(x);
}

/* The ways by which one is in, and who holds it alone. */
static void it_is_known_why(void **state)
{
	struct one_node *b = *state;
	struct branch *x = make(b);
	const char *reply;

	reply = ask(b, "peer.why", &x->puppet[3], "");
	assert_non_null(strstr(reply, "\"point_count\":3")); /* honest, spam, puppet 0 */
	assert_non_null(strstr(reply, "\"behind_count\":5"));
	assert_non_null(strstr(reply, "\"month_vouch_count\":3"));
	join(b, &x->honest, 6, &x->puppet[3], 1);
	reply = ask(b, "peer.why", &x->puppet[3], "");
	assert_non_null(strstr(reply, "\"point_count\":1"));
	assert_non_null(strstr(reply, "\"by_one\":false,\"behind_count\":0,\"vouchers\""));
	asked(b, "peer.prune", &x->spam, "",
	      "\"member_count\":1"); /* the others have a way through 3 */
	reply = ask(b, "peer.why", &x->spam, "");
	assert_non_null(strstr(reply, "\"standing\":\"pruned\""));
	free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_branch_goes, setup, teardown),
	    cmocka_unit_test_setup_teardown(it_comes_by_no_door, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_partner_stays_alone, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_vouch_outlasts_the_partnership, setup, teardown),
	    cmocka_unit_test_setup_teardown(it_is_known_why, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
