/* Two nodes whose operators have pruned different branches: what both hold is the same, nothing is
 * sent again and again, and what is taken back comes back. */
#include "tests/unit/unit.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/gossip.h"
#include "node/link/link.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"
#include "tools/bench/bench.h"
#include "tools/bench/members.h"
#include "tools/bench/pair.h"

#define MEMBERS   48
#define PARENT    40 /* brings in the first branch; the one behind it the second */
#define PUPPETS   6  /* of each */
#define SPARE     4  /* authors who come later */
#define COVERAGES 2

static size_t puppet(unsigned branch, size_t i)
{
	return MEMBERS + branch * PUPPETS + i;
}

static void give(unsigned node, const struct signed_record *rec)
{
	members_give(pair.node[node], 1, rec);
}

static void give_both(const struct signed_record *rec)
{
	give(0, rec);
	give(1, rec);
}

/* One signs, and both nodes take it in. Time goes on by the records. */
static void sign_vouch(size_t by, size_t for_whom, bool withdrawn)
{
	struct members *b = pair.node[0];
	struct signed_record rec;
	struct viz_id id;
	struct keys k = members_keys(b, by, &id);

	pair_set_time(b->now.ms + 10);
	members_vouch(b, &rec, &k, by, 32 + for_whom % 32, &b->author[for_whom].id, withdrawn);
	give_both(&rec);
}

/* Author n comes into the closure by another one, with all that a member signs. */
static void come(size_t by, size_t n)
{
	struct members *b = pair.node[0];
	struct signed_record rec;
	struct keys k = members_keys(b, n, &b->author[n].id);

	pair.node[1]->author[n].id = b->author[n].id;
	sign_vouch(by, n, false);
	pair_set_time(b->now.ms + 10);
	members_node(b, &rec, &k, n);
	give_both(&rec);
	members_vouch(b, &rec, &k, n, 0, &b->author[by].id, false);
	give_both(&rec);
	for (unsigned slot = 0; slot < COVERAGES; slot++) {
		members_coverage(b, &rec, &k, n, slot);
		give_both(&rec);
	}
}

static int make(void **state)
{
	(void)state;
	memset(&pair, 0, sizeof pair);
	assert_int_equal(viz_crypto_init(), VIZ_OK);
	for (unsigned i = 0; i < 2; i++) {
		struct members *b =
		    pair_make(i, MEMBERS + 2 * PUPPETS + SPARE, COVERAGES, 0, "/tmp");

		pair.node[i] = b;
		b->count = MEMBERS;
		members_fill(b, false);
		b->count = MEMBERS + 2 * PUPPETS + SPARE;
	}
	pair_set_time(pair.node[1]->now.ms > pair.node[0]->now.ms ? pair.node[1]->now.ms
								  : pair.node[0]->now.ms);
	pair.lost = true;
	/* half of them hang on the parent, the others on a puppet */
	for (unsigned branch = 0; branch < 2; branch++)
		for (size_t i = 0; i < PUPPETS; i++)
			come(i < PUPPETS / 2 ? PARENT + branch : puppet(branch, 0),
			     puppet(branch, i));
	pair.lost = false;
	pair_link_them();
	pair_wait_ms(65000);
	assert_true(pair_equal());
	return 0;
}

static int take_down(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		members_close(pair.node[i]);
		bench_dir_remove(pair.node[i]->dir);
		free(pair.node[i]->author);
		free(pair.node[i]);
	}
	while (pair.count > 0 || pair.list) {
		free(pair.list);
		pair.list = NULL;
		pair.count = 0;
	}
	return 0;
}

static struct viz_member *member(unsigned node, size_t n)
{
	return viz_member_find(&pair.node[node]->node->trust, &pair.node[0]->author[n].id);
}

static bool holds(unsigned node, size_t n, uint8_t type)
{
	struct members *b = pair.node[node];
	struct viz_held held;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_place_get(&b->node->core, &held, NULL, &pair.node[0]->author[n].id, type, 0);
	viz_store_abort(b->store);
	return there;
}

static struct viz_link *link_at(unsigned node)
{
	struct viz_link *link = pair_link_of(pair.node[node]);

	assert_non_null(link);
	return link;
}

static void prune(unsigned node, size_t n, const char *more)
{
	char *reply = malloc(65536), json[256], id[65];

	assert_non_null(reply);
	viz_hex(id, pair.node[0]->author[n].id.b, 32);
	snprintf(json, sizeof json, "{\"op\":\"peer.prune\",\"args\":{\"peer\":\"%s\"%s}}", id,
		 more);
	assert_non_null(strstr(members_request(pair.node[node], reply, json), "\"ok\":true"));
	free(reply);
}

/* The branch is pruned at this node, or a member's like others. */
static void check_branch(unsigned node, unsigned branch, bool pruned)
{
	for (size_t i = 0; i <= PUPPETS; i++) {
		size_t n = i == PUPPETS ? PARENT + branch : puppet(branch, i);
		const struct viz_member *m = member(node, n);

		assert_true(m && m->in);
		assert_int_equal(m->pruned, pruned);
		assert_int_equal(m->member, !pruned);
		assert_true(holds(node, n, VIZ_TYPE_NODE));
		assert_true(holds(node, n, VIZ_TYPE_VOUCH));
		assert_int_equal(holds(node, n, VIZ_TYPE_COVERAGE), !pruned);
	}
}

/* Of whom both have as a member, both hold the same; of all, the same keys, NODEs and VOUCHes. */
static size_t check_common(void)
{
	struct viz_trust *t[2] = {&pair.node[0]->node->trust, &pair.node[1]->node->trust};
	uint64_t hour = viz_tree_hour_of(t[0]->core, t[0]->core->now);
	size_t common = 0;

	assert_true(viz_tree_ready(t[0]) && viz_tree_ready(t[1]));
	for (size_t i = 0; i < t[0]->directory.count; i++) {
		const struct viz_member *x = t[0]->directory.list[i],
					*y = viz_member_find(t[1], &x->id);
		struct viz_id a[2], b[2];
		bool has = viz_tree_author(t[0], a, x, hour);

		assert_true(y != NULL || !has);
		if (!y)
			continue;
		assert_int_equal(x->in, y->in);
		assert_int_equal(has, viz_tree_author(t[1], b, y, hour));
		if (!has)
			continue;
		assert_memory_equal(&a[1], &b[1], sizeof a[1]);
		if (x->member && y->member) {
			assert_memory_equal(&a[0], &b[0], sizeof a[0]);
			common++;
		}
	}
	return common;
}

/* The other node announces what the pruned one signs anew. That is no reason to compare. */
static void announcements_cost_nothing(void)
{
	struct members *b = pair.node[0];
	struct signed_record rec;
	struct viz_id id;
	struct keys k = members_keys(b, PARENT, &id);
	size_t before = b->node->gossip.fetch.asked;

	pair_wait_ms(30000);
	for (unsigned i = 0; i < COVERAGES; i++) {
		link_at(0)->behind = false;
		pair_set_time(b->now.ms + 10);
		members_coverage(b, &rec, &k, PARENT, i);
		pair_reset();
		give(1, &rec);
		pair_wait_ms(1000);
		assert_true(pair.messages > 0);
		for (unsigned n = 0; n < 120; n++) {
			assert_false(link_at(0)->behind);
			pair_wait_ms(100);
		}
	}
	assert_int_equal(b->node->gossip.fetch.asked, before);
}

/* Time goes on: repairs come and go. No record is sent, and not many messages. */
static void nothing_is_sent_for(int64_t ms)
{
	size_t repairs;

	pair_wait_ms(30000); /* what was under way */
	pair_reset();
	pair_wait_ms(ms);
	repairs = 2 * (size_t)(ms / pair.node[0]->federation.repair_ms + 1);
	print_message("# %zu messages, %zu bytes, %zu records\n", pair.messages,
		      pair.bytes[0] + pair.bytes[1], pair.records);
	assert_int_equal(pair.records, 0);
	assert_true(pair.messages > 0 && pair.messages < 8 * repairs);
}

static void what_both_hold_is_the_same(void **state)
{
	struct signed_record rec;
	struct viz_id id;
	struct keys k;
	size_t all, late = MEMBERS + 2 * PUPPETS;

	(void)state;
	all = check_common();
	prune(0, PARENT, "");
	prune(1, PARENT + 1, "");
	pair_wait_ms(130000);
	for (unsigned node = 0; node < 2; node++)
		for (unsigned branch = 0; branch < 2; branch++)
			check_branch(node, branch, branch == node);
	assert_int_equal(check_common(), all - 2 * (PUPPETS + 1));
	nothing_is_sent_for(3 * INT64_C(3600000));
	announcements_cost_nothing();
	/* what only one node got comes to the other, a pruned author's VOUCHes and NODE too */
	pair.lost = true;
	k = members_keys(pair.node[0], 20, &id);
	pair_set_time(pair.node[0]->now.ms + 10);
	members_coverage(pair.node[0], &rec, &k, 20, 0);
	give(0, &rec);
	k = members_keys(pair.node[0], PARENT, &id);
	members_node(pair.node[0], &rec, &k, PARENT);
	give(1, &rec);
	members_coverage(pair.node[0], &rec, &k, PARENT, 1);
	give(1, &rec);
	pair.lost = false;
	pair_wait_ms(2 * pair.node[0]->federation.repair_ms);
	assert_int_equal(check_common(), all - 2 * (PUPPETS + 1));
	check_branch(0, 0, true);
	/* who comes in through it later is pruned too, and who finds another way is not any more */
	come(puppet(0, 1), late);
	pair_wait_ms(5000);
	assert_true(member(0, late)->pruned && !member(0, late)->member);
	assert_true(member(1, late)->member && holds(1, late, VIZ_TYPE_COVERAGE));
	assert_false(holds(0, late, VIZ_TYPE_COVERAGE));
	nothing_is_sent_for(3 * INT64_C(3600000));
	sign_vouch(30, late, false);
	k = members_keys(pair.node[0], late, &id);
	members_vouch(pair.node[0], &rec, &k, late, 1, &pair.node[0]->author[30].id, false);
	give_both(&rec);
	pair_wait_ms(2 * pair.node[0]->federation.repair_ms);
	assert_true(member(0, late)->member);
	assert_true(holds(0, late, VIZ_TYPE_COVERAGE));
	assert_true(member(0, puppet(0, 1))->member); /* it has let its own voucher in */
	check_common();
}

static void what_is_taken_back_comes_back(void **state)
{
	(void)state;
	prune(0, PARENT, "");
	prune(1, PARENT + 1, "");
	pair_wait_ms(2 * pair.node[0]->federation.repair_ms);
	assert_false(pair_equal());
	prune(0, PARENT, ",\"undo\":true");
	prune(1, PARENT + 1, ",\"undo\":true");
	pair_wait_ms(2 * pair.node[0]->federation.repair_ms);
	for (unsigned node = 0; node < 2; node++)
		for (unsigned branch = 0; branch < 2; branch++)
			check_branch(node, branch, false);
	assert_true(pair_equal());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_both_hold_is_the_same, make, take_down),
	    cmocka_unit_test_setup_teardown(what_is_taken_back_comes_back, make, take_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
