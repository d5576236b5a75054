/* Links by lot: the core alone, among many members with addresses, some of them mute. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "crypto/rng.h"
#include "node/core/event.h"
#include "node/link/link.h"
#include "node/link/lot.h"
#include "node/link/net.h"
#include "node/link/overlay.h"
#include "node/link/remote.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "node/trust/sponsee.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"

#define FIRST 60 /* members for whom the false peer vouches; each of them vouches for 10 more */

struct world {
	struct one_node *b;
	struct forge *member;
	size_t count;
	uint64_t link;      /* number of the last one */
	size_t *dialled;    /* how often each was */
	size_t outstanding; /* dials that nobody has answered */
};

static void learn(struct one_node *b, const struct forge *f, const struct forge *voucher,
		  uint64_t slot)
{
	b->now.ms += 600; /* within the budget of updates */
	forge_vouch(&b->scratch, voucher, slot, b->now, &f->author, false);
	give(b, &b->scratch);
	forge_node(&b->scratch, f, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, f, 0, b->now, &voucher->author, false);
	give(b, &b->scratch);
	assert_true(viz_member_find(&b->node->trust, &f->author)->member);
}

static struct viz_overlay *overlay(struct one_node *b)
{
	return &b->node->net.links.overlay;
}

/* Members with addresses: one in `crowded` of them in a /16 of its own, the others in 10.0. */
static struct world populate(struct one_node *b, size_t count, size_t crowded)
{
	struct world w = {.b = b, .count = count, .link = 100};

	w.member = calloc(count, sizeof *w.member);
	w.dialled = calloc(count, sizeof *w.dialled);
	assert_non_null(w.member);
	assert_non_null(w.dialled);
	overlay(b)->dial_at.ms = INT64_MAX; /* until all are known */
	for (size_t i = 0; i < count; i++) {
		struct forge *f = &w.member[i];
		size_t j = i - FIRST;

		forge_author(f, &b->federation, &b->rng);
		if (i % crowded == 0)
			snprintf(f->address, sizeof f->address, "%zu.%zu.0.1:4000", 11 + i / 200,
				 i % 200);
		else
			snprintf(f->address, sizeof f->address, "10.0.%zu.%zu:4000", i / 200,
				 i % 200);
		learn(b, f, i < FIRST ? &b->evil : &w.member[j / 10],
		      i < FIRST ? 1 + i : 1 + j % 10);
	}
	overlay(b)->dial_at.ms = 0;
	return w;
}

static void forget(struct world *w)
{
	free(w->member);
	free(w->dialled);
}

static size_t index_of(const struct world *w, const struct viz_pub *transport)
{
	for (size_t i = 0; i < w->count; i++)
		if (memcmp(w->member[i].transport_pub.b, transport->b, sizeof transport->b) == 0)
			return i;
	return w->count;
}

enum answer { MUTE, REFUSES, LETS_IN };

/* Answers the dials of the last run. Others than members stay mute. */
static void answer(struct world *w, enum answer how)
{
	struct one_node *b = w->b;
	struct viz_event ev[512];
	size_t n = b->dials, who[512];

	for (size_t i = 0; i < n; i++) {
		who[i] = index_of(w, &b->dial[i].remote);
		ev[i] = (struct viz_event){.attempt = b->dial[i].attempt};
	}
	for (size_t i = 0; i < n; i++) {
		if (who[i] == w->count)
			continue;
		w->dialled[who[i]]++;
		if (how == MUTE) {
			w->outstanding++;
		} else if (how == REFUSES) {
			ev[i].kind = VIZ_EVENT_DIAL_FAILED;
			run(b, &ev[i], 1);
		} else {
			ev[i].kind = VIZ_EVENT_OPENED;
			ev[i].link = ++w->link;
			run(b, &ev[i], 1);
			b->now.ms++;
			forge_node(&b->scratch, &w->member[who[i]], b->now);
			give_on(b, w->link, &b->scratch);
			say_member(b, w->link);
		}
	}
}

static void go(struct world *w, int64_t seconds, enum answer how)
{
	for (int64_t i = 0; i < seconds; i++) {
		tick(w->b, 1000);
		answer(w, how);
	}
}

static size_t outbound(struct one_node *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->node->net.links.count; i++)
		n += b->node->net.links.list[i].outbound && !b->node->net.links.list[i].closing;
	return n;
}

/* 8 links, at most 2 of them in the crowded /16, and 1 of 10 members is elsewhere. Each 10 minutes
 * one is replaced, so all members get their turn. */
static void few_of_one_net_and_all_in_turn(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 100, 10);
	size_t different = 0;

	go(&w, 100, LETS_IN);
	assert_int_equal(outbound(b), VIZ_LINKS_LOT);
	assert_int_equal(viz_overlay_count(overlay(b), false), VIZ_LINKS_LOT);
	for (int turn = 0; turn < 150; turn++) {
		size_t crowded = 0;

		go(&w, 600, LETS_IN);
		assert_int_equal(outbound(b), VIZ_LINKS_LOT);
		for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++) {
			struct viz_site here;

			viz_site_make(&here, "10.0.0.1:1", 0);
			crowded += overlay(b)->place[i].used &&
				   viz_site_same_net(&overlay(b)->place[i].site, &here);
		}
		assert_true(crowded <= VIZ_LINKS_SITE);
	}
	for (size_t i = 0; i < w.count; i++)
		different += w.dialled[i] > 0;
	assert_true(different > 40); /* 2 places of 8 are all that 90 of them get */
	forget(&w);
}

/* The caps are no reason to have fewer links. */
static void one_net_is_better_than_none(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 30, 1000);

	go(&w, 100, LETS_IN);
	assert_int_equal(outbound(b), VIZ_LINKS_LOT);
	forget(&w);
}

/* All have one ASN but some. */
static void few_of_one_asn(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 50, 1);
	size_t same = 0;

	for (size_t i = 0; i < w.count; i++) {
		w.member[i].asn = i % 5 == 0 ? 70000 + (uint32_t)i : 65000;
		b->now.ms++;
		forge_node(&b->scratch, &w.member[i], b->now);
		give(b, &b->scratch);
	}
	/* those that were dialled before are gone */
	for (uint64_t link = 101; link <= w.link; link++)
		cut(b, link);
	memset(overlay(b)->place, 0, sizeof overlay(b)->place);
	go(&w, 200, LETS_IN);
	assert_int_equal(outbound(b), VIZ_LINKS_LOT);
	for (size_t i = 0; i < VIZ_OVERLAY_PLACES; i++)
		same += overlay(b)->place[i].used && overlay(b)->place[i].site.asn == 65000;
	assert_true(same <= VIZ_LINKS_SITE);
	forget(&w);
}

/* 66,000 ids for whom members vouch, and as many mute members as are known: dials to a partner
 * begin as soon as its back-off ends, whatever hangs, and it gets in at once when it dials. */
static void mute_members_keep_no_partner_out(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 350, 1);
	struct viz_directory *d = &b->node->trust.directory;
	size_t known = d->count, rows = 0, tried = 0;
	int64_t waited = 0;

	for (size_t i = 0; i < w.count; i++) {
		struct viz_member *m = viz_member_find(&b->node->trust, &w.member[i].author);

		for (unsigned slot = 64; slot < 253; slot++, rows++) {
			struct viz_id ghost;

			viz_rng_bytes(&b->rng, ghost.b, sizeof ghost.b);
			viz_member_put_vouch(&b->node->trust, m, (uint8_t)slot, 0, &ghost, false);
		}
		viz_member_changed(&b->node->trust, m);
	}
	snprintf(b->evil.address, sizeof b->evil.address, "192.0.2.1:4000");
	b->now.ms++;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	assert_true(rows > 66000);
	assert_int_equal(d->count, known); /* a ghost is no entry of the directory */
	go(&w, 300, MUTE);
	assert_true(w.outstanding <= VIZ_OVERLAY_PLACES);
	for (int round = 0; round < 5; round++) {
		cut(b, LINK_EVIL);
		for (waited = 0; evil(b)->remote->attempt == 0; waited++) {
			assert_true(waited < 5);
			go(&w, 1, MUTE);
		}
		tried++;
		come_in(b, NULL);
		assert_non_null(viz_link_of(&b->node->net, &b->evil.author));
		go(&w, 61, MUTE);
	}
	assert_int_equal(tried, 5);
	assert_true(w.outstanding <= VIZ_OVERLAY_PLACES);
	forget(&w);
}

/* Ids for whom members vouch have a bound, and when half of it is used, one author has few of them.
 */
static void ghosts_have_a_bound(void **state)
{
	struct one_node *b = *state;
	struct viz_trust *trust = &b->node->trust;
	struct viz_strangers *s = &trust->directory.strangers;
	struct viz_id id = {{0}};
	uint32_t n = 0;

	for (; s->count < VIZ_STRANGERS_MAX / 2; n++) {
		viz_be_put_u64(id.b, n + 1);
		viz_sponsee_ensure(s, &id, 64);
	}
	for (unsigned slot = 100; slot < 164; slot++) {
		viz_rng_bytes(&b->rng, id.b, sizeof id.b);
		viz_member_put_vouch(trust, evil(b), (uint8_t)slot, 0, &id, false);
	}
	assert_int_equal(s->count, VIZ_STRANGERS_MAX / 2 + VIZ_STRANGERS_EACH);
	assert_int_equal(s->nobody.named, 64 - VIZ_STRANGERS_EACH);
	viz_member_changed(trust, evil(b));
	tick(b, 1000);
	/* the last one has no place, so its NODE is unknown */
	assert_false(viz_member_known(trust, &id));
	for (; s->count < VIZ_STRANGERS_MAX; n++) {
		viz_be_put_u64(id.b, n + 1);
		viz_sponsee_ensure(s, &id, 0);
	}
	viz_rng_bytes(&b->rng, id.b, sizeof id.b);
	assert_ptr_equal(viz_sponsee_ensure(s, &id, 0), &s->nobody);
	for (unsigned slot = 100; slot < 164; slot++)
		viz_member_drop_vouch(trust, evil(b), (uint8_t)slot);
	assert_int_equal(s->count, VIZ_STRANGERS_MAX - VIZ_STRANGERS_EACH);
	assert_int_equal(s->nobody.named, 0);
	assert_int_equal(s->nobody.sponsors, 0);
	tick(b, 1000);
	assert_true(evil(b)->member);
}

/* A dial by lot that fails, or a first comparison that differs, may mean that the net is split. */
static void a_split_is_looked_for(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 100, 1);
	size_t before = 0, after = 0;

	overlay(b)->replace_at.ms = INT64_MAX;
	go(&w, 100, LETS_IN);
	assert_int_equal(overlay(b)->doubt, 0);
	for (size_t i = 0; i < w.count; i++)
		before += w.dialled[i];
	go(&w, 480, LETS_IN);
	for (size_t i = 0; i < w.count; i++)
		after += w.dialled[i];
	assert_int_equal(after, before); /* none besides */
	cut(b, w.link);                  /* one ends, and the dial of another fails */
	answer(&w, REFUSES);
	for (int i = 0; i < 30 && overlay(b)->doubt == 0; i++)
		go(&w, 1, REFUSES);
	assert_int_equal(overlay(b)->doubt, 3);
	/* each 2 minutes one besides, until three agree */
	go(&w, 10, LETS_IN);
	before = 0;
	for (size_t i = 0; i < w.count; i++)
		before += w.dialled[i];
	go(&w, 500, LETS_IN);
	assert_int_equal(overlay(b)->doubt, 0);
	after = 0;
	for (size_t i = 0; i < w.count; i++)
		after += w.dialled[i];
	assert_true(after - before >= 2 && after - before <= 5);
	assert_int_equal(viz_overlay_count(overlay(b), true), 0);
	assert_int_equal(outbound(b), VIZ_LINKS_LOT);
	forget(&w);
}

/* The answer to the first TREE on a new link shows a difference. */
static void a_difference_is_a_doubt(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 20, 1);
	static struct viz_message_buckets m;
	const struct viz_link *link;
	static uint8_t body[VIZ_TREE_BUCKETS * 2];
	struct viz_writer out;

	for (int i = 0; i < 60 && w.link == 100; i++)
		go(&w, 1, LETS_IN);
	link = viz_link_find(&b->node->net, w.link);
	assert_non_null(link);
	assert_true(link->first_at.ms != 0 && !link->judged);
	assert_true(link->tree_open);
	m = (struct viz_message_buckets){.hour = link->tree_hour, .cut = link->tree_cut};
	viz_writer_init(&out, body, sizeof body);
	viz_message_buckets_write(&out, &m);
	assert_int_equal(overlay(b)->doubt, 0);
	message_on(b, w.link, &out);
	assert_int_equal(overlay(b)->doubt, 3);
	forget(&w);
}

/* After a start those two are dialled first that were linked for longest. The others follow, spread
 * over a minute. */
static void two_are_remembered(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 100, 1);
	struct viz_id old[VIZ_LINKS_REMEMBERED];
	size_t found = 0;

	go(&w, 100, LETS_IN);
	assert_int_equal(overlay(b)->stored_count, VIZ_LINKS_REMEMBERED);
	memcpy(old, overlay(b)->stored, sizeof old);
	memset(w.dialled, 0, w.count * sizeof *w.dialled);
	restart(b, 1000);
	for (int i = 0; i < 60 && outbound(b) < VIZ_LINKS_REMEMBERED; i++)
		go(&w, 1, LETS_IN);
	for (size_t i = 0; i < w.count; i++)
		for (size_t k = 0; k < VIZ_LINKS_REMEMBERED; k++)
			found += w.dialled[i] > 0 && viz_id_eq(&w.member[i].author, &old[k]);
	assert_int_equal(found, VIZ_LINKS_REMEMBERED);
	go(&w, 100, LETS_IN);
	assert_int_equal(outbound(b), VIZ_LINKS_LOT);
	restart(b, 1000);
	go(&w, 10, LETS_IN);
	assert_true(outbound(b) < VIZ_LINKS_LOT);
	forget(&w);
}

/* A node with 100 partners starts among 100 others. The partners are dialled at once, the others
 * over a minute. */
static void a_start_is_spread(void **state)
{
	struct one_node *b = *state;
	struct world w = populate(b, 200, 1);
	size_t at_once, others = 0;

	for (size_t i = 0; i < 100; i++) {
		struct viz_member *m = viz_member_find(&b->node->trust, &w.member[i].author);

		m->peer.present = m->peer.vouched = true;
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		viz_peer_save(&b->node->trust, m);
		assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		tick(b, 0);
	}
	close_node(b);
	b->now.ms += 1000;
	open_node(b);
	tick(b, 0);
	at_once = b->dials;
	assert_int_equal(at_once, 100);
	for (int i = 0; i < 20; i++) {
		tick(b, 1000);
		others += b->dials;
	}
	assert_true(others < VIZ_LINKS_LOT);
	for (int i = 0; i < 100; i++) {
		tick(b, 1000);
		others += b->dials;
	}
	assert_int_equal(others, VIZ_LINKS_LOT);
	come_in(b, NULL);
	forget(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(few_of_one_net_and_all_in_turn),
	    T(one_net_is_better_than_none),
	    T(few_of_one_asn),
	    T(mute_members_keep_no_partner_out),
	    T(ghosts_have_a_bound),
	    T(a_split_is_looked_for),
	    T(a_difference_is_a_doubt),
	    T(two_are_remembered),
	    T(a_start_is_spread),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
