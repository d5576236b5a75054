/* Links of customers, by whoever has a token and whoever has none; and what each role may ask for.
 */
#include "tests/hostile/one_node.h"

#include "node/control/request.h"
#include "node/control/wait.h"
#include "node/lead/customer.h"
#include "node/lead/draw.h"
#include "node/state.h"
#include "proto/base.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/vault.h"
#include "tests/hostile/one_lead.h"

#define DAY (24 * HOUR)

/* Whoever asks is both faces. */
static int setup_faces(void **state)
{
	int rc = setup(state);
	struct one_node *b = *state;

	strcpy(b->node->readers.web, "root");
	strcpy(b->node->readers.erp, "root");
	return rc;
}

/* Whoever asks is an operator, who may ask for less. */
static int setup_operator(void **state)
{
	int rc = setup(state);
	struct one_node *b = *state;

	strcpy(b->node->readers.name[0], "root"); /* there is room for one more */
	b->node->readers.count = 1;
	return rc;
}

/* A request of this role; `args` without the braces. */
static const char *ask_as(struct one_node *b, const char *role, const char *op, const char *args)
{
	char json[4096];

	snprintf(json, sizeof json,
		 "{\"op\":\"%s\",\"as\":{\"role\":\"%s\",\"who\":\"maria\"},\"args\":{%s}}", op,
		 role, args);
	return request(b, json);
}

static const char *customer(struct one_node *b, const char *op, const char *token)
{
	char args[160], name[64];

	snprintf(name, sizeof name, "customer.%s", op);
	snprintf(args, sizeof args, "\"token\":\"%s\"", token);
	return ask_as(b, "customer", name, args);
}

/* The value of a text in the reply. */
static void text_of(char *out, size_t max, const char *reply, const char *name)
{
	char key[64];
	const char *at;

	snprintf(key, sizeof key, "\"%s\":\"", name);
	at = strstr(reply, key);
	if (!at)
		fail_msg("no %s in %s", name, reply);
	snprintf(out, max, "%.*s", (int)strcspn(at + strlen(key), "\""), at + strlen(key));
}

static bool stage_is(struct one_node *b, const char *token, const char *stage)
{
	char found[32];

	text_of(found, sizeof found, customer(b, "show", token), "stage");
	return strcmp(found, stage) == 0;
}

static void make(struct one_node *b, char token[VIZ_CUSTOMER_TOKEN_CHARS + 1])
{
	const char *reply =
	    ask_as(b, "agent", "link.create",
		   "\"protocol\":\"P\",\"again\":true,\"first_name\":\"Ana\"," PLACE);

	assert_true(ok(reply));
	text_of(token, VIZ_CUSTOMER_TOKEN_CHARS + 1, reply, "token");
}

static uint64_t links(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_CUSTOMER_LINK);
}

static uint64_t blocks(struct one_node *b)
{
	return viz_store_stat_entries(b->store, VIZ_TABLE_VAULT);
}

static uint64_t burnt_draws(struct one_node *b)
{
	uint64_t n;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	n = viz_lead_draw_burnt(&b->node->core);
	viz_store_abort(b->store);
	return n;
}

/* Of each operation and role: a role that its row does not have is refused before anything else is
 * looked at, and one that it has is not. */
static void roles(void **state)
{
	struct one_node *b = *state;
	const struct viz_control_op *op;
	unsigned pairs = 0;

	for (size_t t = 0; (op = viz_control_ops(t)) != NULL; t++)
		for (; op->name; op++)
			for (unsigned role = VIZ_ROLE_CUSTOMER; role <= VIZ_ROLE_PUBLIC;
			     role <<= 1) {
				const char *name =
				    viz_control_role_name((enum viz_control_role)role);
				bool refused = strstr(ask_as(b, name, op->name, "\"unknown\":1"),
						      "\"not-allowed\"") != NULL;

				if (refused == ((op->roles & role) != 0))
					fail_msg("%s as %s: %s", op->name, name, b->reply);
				pairs++;
			}
	assert_true(pairs > 6 * 70);
	/* A customer has no other operation, and nobody else has these. */
	for (size_t t = 0; (op = viz_control_ops(t)) != NULL; t++)
		for (; op->name; op++)
			assert_true((op->roles == VIZ_ROLE_CUSTOMER) ==
					(strncmp(op->name, "customer.", 9) == 0) &&
				    (op->roles == VIZ_ROLE_CUSTOMER ||
				     (op->roles & VIZ_ROLE_CUSTOMER) == 0));
}

/* Personal data: a reader and the public have none, by any operation. */
static void roles_without_persons(void **state)
{
	const struct viz_control_op *op;

	(void)state;
	for (size_t t = 0; (op = viz_control_ops(t)) != NULL; t++)
		for (; op->name; op++)
			if (op->privacy == VIZ_PRIVACY_GIVES || op->privacy == VIZ_PRIVACY_TAKES)
				assert_true((op->roles & (VIZ_ROLE_READER | VIZ_ROLE_PUBLIC)) == 0);
}

/* Reading burns no turn. Whoever has a token makes a draw a day, and not more than some. */
static void draws_of_a_link(void **state)
{
	struct one_node *b = *state;
	char token[VIZ_CUSTOMER_TOKEN_CHARS + 1];
	uint64_t burnt;

	cover(b);
	make(b, token);
	for (unsigned i = 0; i < 100; i++)
		assert_true(stage_is(b, token, "begin"));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_DRAW), 0);
	for (unsigned i = 0; i < VIZ_CUSTOMER_DRAWS_MAX; i++) {
		burnt = burnt_draws(b);
		assert_true(ok(customer(b, "open", token)));
		assert_true(ok(customer(b, "open", token)));
		assert_true(stage_is(b, token, "single"));
		assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_DRAW), 1);
		tick(b, b->federation.draw_ms + 1000);
		assert_true(stage_is(b, token, "begin"));
		assert_int_equal(burnt_draws(b), burnt + 1);
	}
	assert_non_null(strstr(customer(b, "open", token), "\"too-many\""));
	/* Seven days from its making it ends, and its key with it. */
	assert_int_equal(links(b), 1);
	assert_int_equal(blocks(b), 1);
	tick(b, 2 * (int64_t)DAY);
	tick(b, 1000);
	assert_int_equal(links(b), 0);
	assert_int_equal(blocks(b), 0);
	assert_non_null(strstr(customer(b, "show", token), "\"no-such-link\""));
}

/* The lead has the place from the yes on, under its own key: that of the link is gone. */
static void the_place_goes_to_the_lead(void **state)
{
	char token[VIZ_CUSTOMER_TOKEN_CHARS + 1], hash[65], args[160];
	struct viz_lead_customer link;
	struct one_node *b = *state;

	cover(b);
	make(b, token);
	assert_true(ok(customer(b, "open", token)));
	text_of(hash, sizeof hash, b->reply, "text_hash");
	assert_int_equal(blocks(b), 1);
	/* the same text, and a draw that is over */
	snprintf(args, sizeof args, "\"token\":\"%s\",\"text_hash\":\"%s\"", token, hash);
	tick(b, b->federation.draw_ms + 1000);
	assert_non_null(strstr(ask_as(b, "customer", "customer.agree", args), "\"not-now\""));
	assert_true(ok(customer(b, "open", token)));
	assert_true(ok(ask_as(b, "customer", "customer.agree", args)));
	assert_non_null(strstr(ask_as(b, "customer", "customer.agree", args), "\"not-now\""));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 1);
	assert_int_equal(blocks(b), 1);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_lead_customer_find(&b->node->core, &link, token));
	viz_store_abort(b->store);
	assert_true(link.used && link.slot != 0 && link.vault == 0 && link.sealed_len == 0);
}

/* No token, or that of a link that has ended, is told from another. */
static void one_answer(void **state)
{
	static const char *const ops[] = {"show",     "open", "refuse", "call-again",
					  "withdraw", "held", "proof",  "code"};
	char token[4][VIZ_CUSTOMER_TOKEN_CHARS + 1], id[VIZ_CUSTOMER_ID_CHARS + 1], args[64];
	struct one_node *b = *state;
	char answer[512];

	cover(b);
	make(b, token[0]);
	assert_true(ok(customer(b, "open", token[0])));
	assert_true(ok(customer(b, "refuse", token[0])));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_DRAW), 0);
	make(b, token[1]);
	text_of(id, sizeof id, b->reply, "id");
	snprintf(args, sizeof args, "\"link\":\"%s\"", id);
	assert_true(ok(ask_as(b, "agent", "link.cancel", args)));
	strcpy(token[2], "aaaaaaaaaaaaaaaaaaaaaaaaaa");
	strcpy(token[3], "!!!!!!!!!!!!!!!!!!!!!!!!!!");
	assert_int_equal(links(b), 0);
	assert_int_equal(blocks(b), 0);
	snprintf(answer, sizeof answer, "%s", customer(b, "show", token[0]));
	assert_non_null(strstr(answer, "\"no-such-link\""));
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < sizeof ops / sizeof *ops; k++)
			assert_string_equal(customer(b, ops[k], token[i]), answer);
}

/* A store that was restored has rows whose blocks are gone: their links are none, and end. */
static void a_link_without_its_block(void **state)
{
	char token[VIZ_CUSTOMER_TOKEN_CHARS + 1];
	struct one_node *b = *state;

	make(b, token);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_vault_erase(b->vault, 0), VIZ_OK);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_non_null(strstr(customer(b, "show", token), "\"no-such-link\""));
	tick(b, 8 * (int64_t)DAY);
	tick(b, 1000);
	assert_int_equal(links(b), 0);
}

/* The link of a lead goes with the row of the lead, used or not. */
static void a_link_without_its_lead(void **state)
{
	char token[VIZ_CUSTOMER_TOKEN_CHARS + 1], text[VIZ_SLOT_TEXT_MAX], args[64];
	struct one_node *b = *state;
	uint64_t slot;

	cover(b);
	slot = offer(b);
	viz_request_slot_text(text, slot);
	snprintf(args, sizeof args, "\"lead\":\"%s\"", text);
	assert_true(ok(ask_as(b, "agent", "link.create", args)));
	text_of(token, sizeof token, b->reply, "token");
	assert_true(stage_is(b, token, "waiting"));
	assert_true(ok(customer(b, "withdraw", token)));
	tick(b, 8 * (int64_t)DAY);
	assert_true(stage_is(b, token, "withdrawn"));
	assert_int_equal(links(b), 1);
	hours(b, 1);
	tick(b, b->federation.write_once_ms + 2 * (int64_t)DAY);
	for (unsigned i = 0; i < 20 && links(b) > 0; i++)
		tick(b, HOUR);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 0);
	assert_int_equal(links(b), 0);
	assert_non_null(strstr(customer(b, "show", token), "\"no-such-link\""));
}

/* A row of a lead that was swept, or that a damaged store has lost. */
static void a_link_of_no_lead(void **state)
{
	char token[VIZ_CUSTOMER_TOKEN_CHARS + 1], text[VIZ_SLOT_TEXT_MAX], args[64];
	struct one_node *b = *state;
	uint8_t key[8];
	uint64_t slot;

	cover(b);
	slot = offer(b);
	viz_request_slot_text(text, slot);
	snprintf(args, sizeof args, "\"lead\":\"%s\"", text);
	assert_true(ok(ask_as(b, "agent", "link.create", args)));
	text_of(token, sizeof token, b->reply, "token");
	viz_be_put_u64(key, slot);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_store_del(b->store, VIZ_TABLE_LEAD, key, sizeof key), VIZ_OK);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_non_null(strstr(customer(b, "show", token), "\"no-such-link\""));
}

/* The log has whoever asked, also one whose name is long and not of ASCII. */
static void a_long_name(void **state)
{
	static const char json[] = "{\"op\":\"consent.dossier\",\"as\":{\"role\":\"agent\",\"who\":"
				   "\"0123456789012345678901234567890123456789-maria\\u00e7\"},"
				   "\"args\":{\"lead\":\"P\"}}";
	static const char user[] = "jos\xc3\xa9-da-concei\xc3\xa7\xc3\xa3o-\xc3\xa7";
	struct one_node *b = *state;
	struct viz_event ev = {.kind = VIZ_EVENT_REQUEST,
			       .client = 1,
			       .bytes = (const uint8_t *)json,
			       .len = sizeof json - 1};

	cover(b);
	offer(b);
	/* each place of the cut, within a character and between two */
	for (size_t i = 0; i < 8; i++) {
		ev.who = user + i;
		if (((unsigned char)user[i] & 0xc0) == 0x80)
			continue;
		strcpy(b->node->readers.name[0], user + i);
		b->reply[0] = '\0';
		run(b, &ev, 1);
		assert_true(ok(b->reply));
	}
	strcpy(b->node->readers.name[0], "root");
	assert_non_null(
	    strstr(ask_as(b, "agent", "events", "\"log\":\"access\""), "-maria\xc3\xa7"));
}

/* Readers of the events wait, as many as there may be, until their time is over. */
static void waiting_for_events(void **state)
{
	static const char json[] =
	    "{\"op\":\"events\",\"args\":{\"cursor\":\"end\",\"wait_ms\":25000}}";
	struct one_node *b = *state;

	for (unsigned i = 0; i < VIZ_WAITS_MAX; i++) {
		ask_once(b, json);
		assert_string_equal(b->reply, "");
	}
	assert_non_null(strstr(request(b, json), "\"busy\""));
	assert_int_equal(b->node->laters.waits.count, VIZ_WAITS_MAX);
	assert_true(viz_node_deadline(b->node).ms <= b->now.ms + 25000);
	tick(b, 24000);
	assert_int_equal(b->node->laters.waits.count, VIZ_WAITS_MAX);
	tick(b, 1000);
	assert_int_equal(b->node->laters.waits.count, 0);
	assert_non_null(strstr(b->reply, "\"events\":[]"));
	/* one that comes is told at once, and a stop frees who waits */
	ask_once(b, json);
	assert_true(ok(ask_as(b, "agent", "lead.list", "")));
	assert_int_equal(b->node->laters.waits.count, 1);
	cover(b);
	offer(b);
	assert_int_equal(b->node->laters.waits.count, 0);
	ask_once(b, json);
}

int main(void)
{
#define O(name) cmocka_unit_test_setup_teardown(name, setup_operator, teardown)
#define T(name) cmocka_unit_test_setup_teardown(name, setup_faces, teardown)
	const struct CMUnitTest tests[] = {
	    T(roles),
	    T(roles_without_persons),
	    T(draws_of_a_link),
	    T(the_place_goes_to_the_lead),
	    T(one_answer),
	    T(a_link_without_its_block),
	    O(a_link_without_its_lead),
	    O(a_link_of_no_lead),
	    O(a_long_name),
	    O(waiting_for_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
