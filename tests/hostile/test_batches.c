/* What one batch of the core looks at for the audit, though an origin has many offers here: the
 * leads of customers wait no longer. */
#include "tests/hostile/one_lead.h"
#include "tests/hostile/one_log.h"

#include "crypto/crypto.h"
#include "node/core/event.h"
#include "node/control/later.h"
#include "node/core/place.h"
#include "node/gossip/chain.h"
#include "node/inbox/inbox.h"
#include "node/inbox/result.h"
#include "node/lead/end.h"
#include "node/lead/lead.h"
#include "node/node.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

#define OFFERS (3 * VIZ_AUDIT_ROWS - 7)

/* ---- rows that are looked at: of offers, if nothing else is said ---- */

static struct {
	size_t now, most, all; /* in this batch, in one batch, in all of them */
	enum viz_table table;  /* 0: of offers */
} rows;

int __real_viz_store_begin(struct viz_store *s);
int __wrap_viz_store_begin(struct viz_store *s);
int __real_viz_store_get(struct viz_store *s, struct viz_slice *out, enum viz_table table,
			 const uint8_t *key, size_t key_len);
int __wrap_viz_store_get(struct viz_store *s, struct viz_slice *out, enum viz_table table,
			 const uint8_t *key, size_t key_len);
bool __real_viz_walk_next(struct viz_walk *w, struct viz_slice *key, struct viz_slice *value);
bool __wrap_viz_walk_next(struct viz_walk *w, struct viz_slice *key, struct viz_slice *value);

int __wrap_viz_store_begin(struct viz_store *s)
{
	rows.now = 0;
	return __real_viz_store_begin(s);
}

static void count_row(void)
{
	rows.all++;
	if (++rows.now > rows.most)
		rows.most = rows.now;
}

int __wrap_viz_store_get(struct viz_store *s, struct viz_slice *out, enum viz_table table,
			 const uint8_t *key, size_t key_len)
{
	if (rows.table == VIZ_TABLE_LOG && table == rows.table)
		count_row();
	return __real_viz_store_get(s, out, table, key, key_len);
}

bool __wrap_viz_walk_next(struct viz_walk *w, struct viz_slice *key, struct viz_slice *value)
{
	bool more = __real_viz_walk_next(w, key, value);

	/* not the sweeps */
	if (more && (rows.table != 0 ? w->table == rows.table
				     : w->table == VIZ_TABLE_INBOX && w->prefix_len > 0))
		count_row();
	return more;
}

static void count_anew(void)
{
	memset(&rows, 0, sizeof rows);
}

static void count_of(enum viz_table table)
{
	count_anew();
	rows.table = table;
}

/* ---- the offers ---- */

/* Rows of offers that were made long since: their records are not here. */
static void put_offers(struct one_node *b)
{
	struct viz_inbox *in = calloc(1, sizeof *in);

	assert_non_null(in);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (unsigned i = 0; i < OFFERS; i++) {
		in->origin = b->evil.author;
		in->slot = viz_record_slot_make(b->now, i);
		in->state = VIZ_INBOX_BYSTANDER;
		in->time = in->came = b->now;
		in->closes = viz_after(b->now, 30000);
		in->view_judged = true;
		viz_inbox_put(&b->node->core, in);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	free(in);
}

/* Batches follow at once while the node wants it. Gives how many there were. */
static unsigned batches(struct one_node *b)
{
	unsigned n = 0;

	while (viz_node_deadline(b->node).ms <= b->now.ms && n < 100) {
		tick(b, 0);
		n++;
	}
	return n;
}

static json_int_t offers_shown(const char *reply, const char *of)
{
	json_t *json = json_loads(reply, 0, NULL), *o = json_object_get(json, "result");
	json_int_t n;

	if (of)
		o = json_object_get(o, of);
	n = json_integer_value(json_object_get(o, "offer_count"));
	json_decref(json);
	return n;
}

/* Of the whole audit, and of one partner with its facts. */
static void a_page_goes_on_over_batches(void **state)
{
	struct one_node *b = *state;

	tick(b, 1000);
	batches(b);
	put_offers(b);
	count_anew();
	ask_once(b, "{\"op\":\"audit.show\"}");
	assert_string_equal(b->reply, ""); /* not yet */
	assert_int_equal(batches(b), 2);   /* and that of the request */
	assert_int_equal(offers_shown(b->reply, NULL), OFFERS);
	print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
	assert_true(rows.most <= VIZ_AUDIT_ROWS && rows.all >= OFFERS);
	count_anew();
	ask_once(b, "{\"op\":\"audit.show\",\"args\":{\"what\":\"Provedor Hostil\"}}");
	assert_true(batches(b) >= 8); /* each offer is looked at three times */
	assert_int_equal(offers_shown(b->reply, "origin"), OFFERS);
	print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
	assert_true(rows.most <= VIZ_AUDIT_ROWS && rows.all >= 3 * OFFERS);
}

/* Each waits for those before it, and no more than so many wait. */
static void pages_wait_for_each_other(void **state)
{
	struct one_node *b = *state;
	const char *json = "{\"op\":\"audit.show\"}";
	struct viz_event ev[VIZ_LATER_MAX + 1];

	tick(b, 1000);
	batches(b);
	put_offers(b);
	for (unsigned i = 0; i <= VIZ_LATER_MAX; i++)
		ev[i] = (struct viz_event){.kind = VIZ_EVENT_REQUEST,
					   .client = 1 + i,
					   .bytes = (const uint8_t *)json,
					   .len = strlen(json),
					   .who = "root"};
	count_anew();
	run(b, ev, VIZ_LATER_MAX + 1);
	assert_non_null(strstr(b->reply, "\"busy\""));
	assert_int_equal(b->node->laters.count, VIZ_LATER_MAX);
	for (unsigned i = 0; i < 10; i++)
		tick(b, 0);
	print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
	assert_true(rows.most <= VIZ_AUDIT_ROWS);
	assert_true(rows.all > 10 * VIZ_AUDIT_ROWS);
	close_node(b); /* those that wait go with it */
	open_node(b);
}

static void a_pass_goes_on_over_batches(void **state)
{
	struct one_node *b = *state;
	unsigned n;

	tick(b, 1000);
	batches(b);
	put_offers(b);
	count_anew();
	tick(b, PASS);
	n = batches(b);
	assert_false(b->node->pass.on);
	assert_true(n >= 3);
	print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
	assert_true(rows.most <= VIZ_AUDIT_ROWS && rows.all >= OFFERS);
}

/* What a pass of several batches has named is not taken for what has come. */
static void what_a_pass_misses_stays_missed(void **state)
{
	struct one_node *b = *state;
	struct viz_owed_what what;
	bool missed;

	tick(b, 1000);
	batches(b);
	put_offers(b);
	cut(b, LINK_EVIL);
	for (unsigned i = 0; i < 3; i++) {
		tick(b, PASS);
		while (b->node->pass.on)
			tick(b, 1); /* each batch of a pass has a time of its own */
	}
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	missed = viz_owed_first(&b->node->core, &what, &b->evil.author, VIZ_SUSPICION_NO_LINK);
	viz_store_abort(b->store);
	assert_true(missed);
}

/* Begins a pass, whose first batch has the sweeps too, and counts in the others. Gives how many. */
static unsigned pass(struct one_node *b, enum viz_table table)
{
	unsigned n;

	tick(b, PASS);
	assert_true(b->node->pass.on);
	count_of(table);
	n = batches(b);
	assert_false(b->node->pass.on);
	print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
	return n;
}

/* Leads of ours that have ended, each another one. */
static void put_leads(struct one_node *b)
{
	struct viz_lead *lead = calloc(1, sizeof *lead);

	get(b, lead, offer(b));
	lead->state = VIZ_LEAD_EXPIRED;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (unsigned i = 0; i < OFFERS; i++) {
		lead->slot = viz_record_slot_make(b->now, 1 + i);
		snprintf(lead->protocol, sizeof lead->protocol, "p-%u", i);
		viz_lead_put(&b->node->core, lead);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	free(lead);
}

static void our_leads_are_looked_at_over_batches(void **state)
{
	struct one_node *b = *state;

	cover(b);
	tick(b, 1000);
	batches(b);
	put_leads(b);
	assert_int_equal(pass(b, VIZ_TABLE_LEAD), 2);
	assert_true(rows.most <= VIZ_AUDIT_ROWS && rows.all > OFFERS - VIZ_AUDIT_ROWS);
}

static size_t listed(const char *reply, const char *list)
{
	json_t *json = json_loads(reply, 0, NULL);
	size_t n = json_array_size(json_object_get(json_object_get(json, "result"), list));

	json_decref(json);
	return n;
}

/* Gives how many batches it took, besides that of the request. */
static unsigned ask_list(struct one_node *b, const char *json, enum viz_table table)
{
	unsigned n;

	tick(b, 1000);
	batches(b);
	count_of(table);
	ask_once(b, json);
	n = batches(b);
	print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
	assert_true(rows.most <= VIZ_LATER_ROWS);
	return n;
}

static void lists_go_on_over_batches(void **state)
{
	struct one_node *b = *state;

	cover(b);
	put_offers(b);
	put_leads(b);
	assert_int_equal(
	    ask_list(b, "{\"op\":\"inbox.list\",\"args\":{\"all\":true}}", VIZ_TABLE_INBOX), 2);
	assert_true(rows.all >= OFFERS);
	assert_int_equal(ask_list(b, "{\"op\":\"inbox.list\"}", VIZ_TABLE_INBOX), 2);
	assert_int_equal(listed(b->reply, "entries"), 0);
	assert_int_equal(ask_list(b, "{\"op\":\"lead.list\"}", VIZ_TABLE_LEAD), 2);
	assert_true(rows.all > OFFERS);
	/* leads and offers, one after the other */
	assert_true(ask_list(b, "{\"op\":\"metrics\"}", VIZ_TABLE_INBOX) > 3);
	assert_true(rows.all >= OFFERS);
}

static void status_counts_no_rows(void **state)
{
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct one_node *b = *state;

	put_offers(b);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(viz_inbox_get(&b->node->core, in, &b->evil.author,
					  viz_record_slot_make(b->now, i)));
		in->state = i < 2 ? VIZ_INBOX_LOCATED : VIZ_INBOX_BYSTANDER;
		in->vault = i < 2;
		viz_inbox_put(&b->node->core, in);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	count_of(VIZ_TABLE_INBOX);
	assert_non_null(strstr(request(b, "{\"op\":\"status\"}"), "\"inbox_count\":2,"));
	assert_int_equal(rows.all, 0);
	close_node(b); /* a start counts anew */
	open_node(b);
	tick(b, 0);
	assert_non_null(strstr(request(b, "{\"op\":\"status\"}"), "\"inbox_count\":2,"));
	free(in);
}

/* Something of each of so many offers of the false peer was missed once, and has come since. */
static void put_owed(struct one_node *b)
{
	const struct viz_owed o = {.since = b->now, .named = b->now};
	uint8_t key[32 + 1 + 8 + 32] = {0};

	memcpy(key, b->evil.author.b, 32);
	key[32] = VIZ_SUSPICION_VIEW_UNSERVED;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (unsigned i = 0; i < OFFERS; i++) {
		VIZ_WRITER(w, 64);

		viz_be_put_u64(key + 33, viz_record_slot_make(b->now, i));
		viz_owed_write(&w, &o);
		viz_core_put_row(&b->node->core, VIZ_TABLE_OWED, key, sizeof key, &w);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

static void what_has_come_is_looked_at_over_batches(void **state)
{
	struct one_node *b = *state;

	tick(b, 1000);
	batches(b);
	put_owed(b);
	assert_int_equal(pass(b, VIZ_TABLE_OWED), 2);
	assert_true(rows.most <= VIZ_AUDIT_ROWS && rows.all > OFFERS - VIZ_AUDIT_ROWS);
	assert_true(viz_store_stat_entries(b->store, VIZ_TABLE_OWED) < 8);
}

/* The log of the false peer, as far as it was opened: two numbers are missing. */
static void put_log(struct one_node *b, uint32_t missing, uint32_t other)
{
	struct viz_core *core = &b->node->core;
	const struct viz_stub stub = {
	    .offer = 1, .type = VIZ_TYPE_CLOSE, .slot = viz_record_slot_make(b->now, 0)};
	struct viz_chain c = {0};

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_chain_get(core, &c, &b->evil.author);
	c.log = LOG;
	c.first = c.whole = 0;
	c.last = c.met = OFFERS;
	viz_chain_put(core, &b->evil.author, &c);
	for (uint32_t n = 1; n <= OFFERS; n++)
		if (n != missing && n != other)
			assert_true(viz_chain_stub_put(core, &b->evil.author, c.log, n, &stub));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

static size_t numbers_missed(struct one_node *b)
{
	uint8_t prefix[33];
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	memcpy(prefix, b->evil.author.b, 32);
	prefix[32] = VIZ_SUSPICION_WITHHELD;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_OWED, prefix, sizeof prefix);
	while (viz_walk_next(&walk, &key, &value))
		n++;
	viz_store_abort(b->store);
	return n;
}

/* Behind a gap all numbers are looked at in each pass. */
static void a_log_is_looked_at_over_batches(void **state)
{
	enum { GETS = 2 }; /* of the rows of a log, for one number */
	struct one_node *b = *state;

	tick(b, 1000);
	batches(b);
	commit_to(b, OFFERS, &(struct viz_id){{7}});
	put_log(b, 3, OFFERS - 1);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(pass(b, VIZ_TABLE_LOG) >= 2);
		assert_true(rows.most <= GETS * VIZ_AUDIT_ROWS && rows.all > OFFERS);
		assert_int_equal(numbers_missed(b), 2);
	}
}

/* LAST has come: what waited for it is tried again. */
static void what_waits_is_looked_at_over_batches(void **state)
{
	struct one_node *b = *state;

	cover(b);
	put_offers(b);
	put_leads(b);
	for (unsigned offers = 0; offers < 2; offers++) {
		tick(b, 1000);
		batches(b);
		if (offers)
			viz_inbox_result_wake(&b->node->core);
		else
			viz_lead_end_wake(&b->node->core);
		count_of(offers ? VIZ_TABLE_INBOX : VIZ_TABLE_LEAD);
		tick(b, 0);
		assert_true(batches(b) >= 2);
		print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
		assert_true(rows.most <= VIZ_WAKE_ROWS && rows.all >= OFFERS);
	}
}

/* The false peer has signed one of many statements about our offers. The last thing that it signed
 * is found without looking at all. */
static void what_a_peer_signed_last_is_known(void **state)
{
	struct one_node *b = *state;
	struct forged *last = calloc(1, sizeof *last);
	struct viz_outcome outcome = {.kind = VIZ_OUTCOME_LOST};
	struct viz_record rec;
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	VIZ_WRITER(w, 64);

	tick(b, 1000);
	viz_outcome_write(&w, &outcome);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_OUTCOME, viz_record_slot_make(b->now, 7), 1,
			b->now, &w);
	assert_int_equal(viz_record_parse(&rec, b->scratch.bytes, b->scratch.len), VIZ_OK);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_statement_keep(&b->node->core, viz_node_author(b->node), &rec, 1);
	for (unsigned i = 8; i < OFFERS; i++) {
		viz_place_statement_key(key, viz_node_author(b->node),
					viz_record_slot_make(b->now, i), VIZ_TYPE_OUTCOME,
					&b->evil.author, 1);
		viz_core_put(&b->node->core, VIZ_TABLE_STATEMENT, key, sizeof key, (uint8_t[1]){0},
			     1);
	}
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	*last = b->scratch;
	cut(b, LINK_EVIL);
	tick(b, 1000);
	b->last_len = 0;
	count_of(VIZ_TABLE_STATEMENT);
	come_in(b, NULL);
	print_message("# %zu at most in a batch, %zu in all\n", rows.most, rows.all);
	assert_true(rows.all < 8);
	assert_int_equal(b->last_len, last->len);
	assert_memory_equal(b->last, last->bytes, last->len);
	free(last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(a_page_goes_on_over_batches),
	    T(pages_wait_for_each_other),
	    T(a_pass_goes_on_over_batches),
	    T(what_a_pass_misses_stays_missed),
	    T(our_leads_are_looked_at_over_batches),
	    T(lists_go_on_over_batches),
	    T(status_counts_no_rows),
	    T(what_has_come_is_looked_at_over_batches),
	    T(what_waits_is_looked_at_over_batches),
	    T(what_a_peer_signed_last_is_known),
	    cmocka_unit_test_setup_teardown(a_log_is_looked_at_over_batches, setup_named, teardown),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
