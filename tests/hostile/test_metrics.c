/* The metrics stay few, whoever makes this node know many, and name nothing of a lead. */
#include "tests/hostile/one_lead.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "node/state.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "proto/base.h"
#include "proto/record.h"
#include "store/store.h"

#include <jansson.h>

#define MANY   300
#define LISTED 128

/* The samples of this metric in the last reply; NULL: it has none of that name. Borrowed. */
static json_t *samples(json_t *reply, const char *name)
{
	json_t *set = json_object_get(json_object_get(reply, "result"), "metrics"), *metric;
	size_t i;

	json_array_foreach(set, i, metric)
	{
		if (strcmp(json_string_value(json_object_get(metric, "name")), name) == 0)
			return json_object_get(metric, "samples");
	}
	return NULL;
}

/* Of the sample with this label, or the first one. */
static double value(json_t *reply, const char *name, const char *label, const char *text)
{
	json_t *list = samples(reply, name), *sample;
	size_t i;

	assert_non_null(list);
	json_array_foreach(list, i, sample)
	{
		const char *has = label ? json_string_value(json_object_get(sample, label)) : "";

		if (!label || strcmp(has, text) == 0)
			return json_number_value(json_object_get(sample, "value"));
	}
	fail_msg("%s has no sample %s", name, text);
	return 0;
}

static json_t *ask(struct one_node *b)
{
	json_t *reply = json_loads(request(b, "{\"op\":\"metrics\"}"), 0, NULL);

	assert_true(json_is_true(json_object_get(reply, "ok")));
	return reply;
}

static size_t sample_count(json_t *reply)
{
	json_t *set = json_object_get(json_object_get(reply, "result"), "metrics"), *metric;
	size_t i, n = 0;

	json_array_foreach(set, i, metric) n += json_array_size(json_object_get(metric, "samples"));
	return n;
}

static void many_partners_have_few_samples(void **state)
{
	struct one_node *b = *state;
	json_t *few = ask(b), *many;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (unsigned i = 0; i < MANY; i++) {
		struct viz_member *m;
		struct viz_id id;

		viz_rng_bytes(&b->rng, id.b, sizeof id.b);
		m = viz_member_ensure(&b->node->trust, &id);
		assert_non_null(m);
		m->peer.present = m->peer.partner = true;
		m->peer.blocked = i == 0;
		viz_peer_save(&b->node->trust, m);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	many = ask(b);
	/* with the false peer, and without the one that is blocked */
	assert_int_equal(value(many, "vizinho_partners_wanted", NULL, NULL), MANY);
	assert_int_equal(value(many, "vizinho_partners_unlisted", NULL, NULL), MANY - LISTED);
	assert_int_equal(json_array_size(samples(many, "vizinho_partner_linked")), LISTED);
	assert_int_equal(json_array_size(samples(many, "vizinho_partner_info")), LISTED);
	assert_int_equal(value(few, "vizinho_partners_unlisted", NULL, NULL), 0);
	assert_int_equal(json_array_size(samples(few, "vizinho_partner_linked")), 1);
	assert_int_equal(sample_count(many), sample_count(few) + 3 * (LISTED - 1));
	json_decref(few);
	json_decref(many);
}

/* An award whose time is over, one that has time, and one that waits for nobody here. */
static void what_is_overdue_is_counted(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	json_t *reply;

	assert_non_null(in);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (unsigned i = 0; i < 3; i++) {
		in->origin = b->evil.author;
		in->slot = viz_record_slot_make(b->now, i);
		in->state = i < 2 ? VIZ_INBOX_LOCATED : VIZ_INBOX_BYSTANDER;
		in->time = in->came = b->now;
		in->closes = viz_after(b->now, i == 0 ? -1000 : HOUR);
		in->unchecked = i == 2 ? VIZ_UNCHECKED_SHARE : VIZ_UNCHECKED_NOT;
		viz_inbox_put(&b->node->core, in);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	free(in);
	reply = ask(b);
	assert_int_equal(value(reply, "vizinho_inbox_waiting", NULL, NULL), 2);
	assert_int_equal(value(reply, "vizinho_inbox_overdue", NULL, NULL), 1);
	assert_int_equal(value(reply, "vizinho_audit_unchecked_offers", NULL, NULL), 1);
	assert_int_equal(value(reply, "vizinho_inbox_offers", "state", "to-answer"), 2);
	assert_int_equal(value(reply, "vizinho_inbox_offers", "state", "not-listed"), 1);
	json_decref(reply);
}

/* What the host counts is what a request gives. */
static void the_host_is_heard(void **state)
{
	struct one_node *b = *state;
	struct viz_figures *f = viz_node_figures(b->node);
	json_t *reply;

	viz_figures_closed(f, VIZ_CLOSE_PREFIX);
	viz_figures_closed(f, VIZ_CLOSE_PREFIX);
	viz_figures_batch(f, 5, 900);
	viz_figures_batch(f, 2, 4000);
	viz_figures_batch(f, 1, 2000000);
	viz_figures_set(f, VIZ_FIGURE_RESIDENT_BYTES, 12345678);
	reply = ask(b);
	assert_int_equal(value(reply, "vizinho_connections_closed_total", "reason", "prefix"), 2);
	assert_int_equal(value(reply, "vizinho_connections_closed_total", "reason", "io"), 0);
	assert_int_equal(value(reply, "vizinho_core_events_total", NULL, NULL), 8);
	assert_int_equal(value(reply, "vizinho_batch_duration_seconds", "le", "0.001"), 1);
	assert_int_equal(value(reply, "vizinho_batch_duration_seconds", "le", "0.004"), 2);
	assert_int_equal(value(reply, "vizinho_batch_duration_seconds", "le", "1.0"), 2);
	assert_int_equal(value(reply, "vizinho_batch_duration_seconds", "le", "+Inf"), 3);
	assert_int_equal(value(reply, "vizinho_resident_memory_bytes", NULL, NULL), 12345678);
	json_decref(reply);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(many_partners_have_few_samples),
	    T(what_is_overdue_is_counted),
	    T(the_host_is_heard),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
