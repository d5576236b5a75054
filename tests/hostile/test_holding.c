/* A lead at a partner: how long its contact shows and how long it is kept. */
#include "tests/hostile/one_award.h"
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/audit/finding.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/event.h"
#include "node/core/secrets.h"
#include "node/inbox/inbox.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/receipt.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"

#include <jansson.h>

/* Sets a lead of the false peer that has chosen us. */
static void award(struct one_node *b, struct viz_inbox *in, enum viz_inbox_state state)
{
	const struct viz_contact contact = {.name = "N", .phone = "+5527999990000", .address = "R"};
	struct viz_lead_secrets s;
	uint8_t bytes[256];
	struct viz_writer w;
	size_t len = 0;

	*in = (struct viz_inbox){.origin = b->evil.author,
				 .slot = viz_record_slot_make(b->now, 0),
				 .state = state,
				 .award_n = 1,
				 .awarded_at = b->now,
				 .award_latest = viz_after(b->now, b->federation.undelivered_ms)};
	memset(in->offer.b, 1, sizeof in->offer.b);
	memset(in->award.b, 2, sizeof in->award.b);
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_contact_write(&w, &contact);
	assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_secrets_create(&b->node->core, &s, &in->vault);
	assert_int_equal(viz_secrets_seal(&b->node->core, in->contact, &in->contact_len,
					  sizeof in->contact, &s, bytes, len),
			 VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	viz_due_set(&b->node->core, in->award_latest, VIZ_DUE_INBOX, &in->origin, in->slot);
	viz_due_set(&b->node->core, viz_after(b->now, b->federation.contact_holder_ms),
		    VIZ_DUE_INBOX, &in->origin, in->slot);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

static void get(struct one_node *b, struct viz_inbox *in)
{
	const struct viz_id origin = in->origin;
	uint64_t slot = in->slot;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_inbox_get(&b->node->core, in, &origin, slot));
	viz_store_abort(b->store);
}

static void lease(struct one_node *b, const struct viz_inbox *in, struct viz_time asked,
		  bool extended)
{
	struct viz_lease l = {
	    .award = in->award,
	    .asked = asked,
	    .granted = true,
	    .extended = extended,
	    .left_ms = (uint64_t)(extended ? b->federation.contacted_ms : b->federation.lease_ms)};
	uint8_t body[256];
	struct viz_writer w;

	viz_commitment_release(&l.hash, in->release);
	l.until = viz_after(b->now, (int64_t)l.left_ms + b->federation.lease_margin_ms);
	viz_writer_init(&w, body, sizeof body);
	viz_lease_write(&w, &l);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_LEASE, in->slot, 1, b->now, &w);
	mail_statement(b, 9, &b->scratch);
	assert_int_equal(b->closed, 0);
}

/* The request was dated by a clock an hour ahead, and the answer comes after the clock was set
 * right. Such a lease would last an hour longer than the origin counts. */
static void lease_of_another_clock_is_none(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_time asked;

	award(b, in, VIZ_INBOX_AWARDED);
	tick(b, 3600000);
	assert_false(shows_contact(b, in));
	asked = b->now;
	restart(b, -3600000 + 2000);
	lease(b, in, asked, false);
	assert_false(shows_contact(b, in));
	tick(b, 1800000);
	assert_false(shows_contact(b, in));
	lease(b, in, asked, false);
	assert_false(shows_contact(b, in));
	/* the answer to the new request came: the lease counts from that request */
	get(b, in);
	lease(b, in, in->lease_asked, false);
	assert_true(shows_contact(b, in));
	tick(b, b->federation.lease_ms);
	assert_false(shows_contact(b, in));
	free(in);
}

/* After a start no lease counts, even one that runs to the latest date. The node asks for it
 * again. */
static void lease_ends_with_the_process(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);

	award(b, in, VIZ_INBOX_CONTACTED);
	assert_false(shows_contact(b, in));
	get(b, in);
	lease(b, in, in->lease_asked, true);
	assert_true(shows_contact(b, in));
	restart(b, 1000);
	assert_false(shows_contact(b, in));
	get(b, in);
	assert_int_not_equal(in->lease_asked.ms, 0);
	lease(b, in, in->lease_asked, true);
	assert_true(shows_contact(b, in));
	free(in);
}

/* At the award's latest date the contact is erased. After our call it is kept longer: as long as a
 * holder may, or until the date that the consent promised. */
static void contact_goes_at_its_date(void **state)
{
	struct one_node *b = *state;
	const int64_t latest = b->federation.undelivered_ms, most = b->federation.contact_holder_ms;
	const struct {
		enum viz_inbox_state state;
		int64_t erase, goes; /* ms from the hand-off; erase 0: no date */
	} cases[] = {{VIZ_INBOX_AWARDED, 0, latest},
		     {VIZ_INBOX_AWARDED, latest / 2, latest / 2},
		     {VIZ_INBOX_CONTACTED, 0, most},
		     {VIZ_INBOX_CONTACTED, latest * 2, latest * 2}};
	struct viz_inbox *in = calloc(1, sizeof *in);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		award(b, in, cases[i].state);
		if (cases[i].erase != 0) {
			in->erase = viz_after(b->now, cases[i].erase);
			assert_int_equal(viz_store_begin(b->store), VIZ_OK);
			viz_inbox_put(&b->node->core, in);
			viz_due_set(&b->node->core, in->erase, VIZ_DUE_INBOX, &in->origin,
				    in->slot);
			assert_int_equal(viz_store_commit(b->store), VIZ_OK);
		}
		tick(b, cases[i].goes - 1000);
		get(b, in);
		assert_int_not_equal(in->vault, 0);
		tick(b, 2000);
		get(b, in);
		assert_int_equal(in->vault, 0);
	}
	free(in);
}

/* A partner whose pledge is not in CLOSE, and that gets no RESULT, keeps the location no longer. */
static void location_goes_without_a_result(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	struct viz_time over;

	award(b, in, VIZ_INBOX_PLEDGED);
	in->award_n = 0;
	in->awarded_at = in->award_latest = (struct viz_time){0};
	in->answer = VIZ_ANSWER_YES;
	memset(in->close.b, 3, sizeof in->close.b);
	in->closes = viz_after(b->now, 30000);
	over = viz_inbox_location_over(&b->node->core, in);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	viz_due_set(&b->node->core, over, VIZ_DUE_INBOX, &in->origin, in->slot);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	tick(b, over.ms - b->now.ms - 1);
	get(b, in);
	assert_int_not_equal(in->vault, 0);
	tick(b, 1);
	get(b, in);
	assert_int_equal(in->vault, 0);
	assert_int_equal(in->state, VIZ_INBOX_OVER);
	free(in);
}

/* A short id that fits two origins is refused, and the refusal names both. The long id is
 * accepted. */
static void ids_are_not_guessed(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	char full[65], slot[VIZ_SLOT_TEXT_MAX], json[300];

	award(b, in, VIZ_INBOX_AWARDED);
	viz_hex(full, in->origin.b, 32);
	viz_request_slot_text(slot, in->slot);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	in->origin.b[20] ^= 1;
	in->vault = 0;
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	snprintf(json, sizeof json, "{\"op\":\"inbox.show\",\"args\":{\"lead\":\"%.8s-%s\"}}", full,
		 slot);
	assert_non_null(strstr(request(b, json), "ambiguous"));
	assert_non_null(strstr(request(b, json), full));
	snprintf(json, sizeof json, "{\"op\":\"inbox.show\",\"args\":{\"lead\":\"%s-%s\"}}", full,
		 slot);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	free(in);
}

/* When a lead is over and its records have expired, no table has a row of it. */
static void rows_go_with_their_records(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	const struct viz_id about = {{1}};

	award(b, in, VIZ_INBOX_CONTACTED);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_finding_keep(&b->node->trust, &in->origin, in->slot, VIZ_RULE_SALT,
			 VIZ_VERDICT_CONTRADICTION, &about);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	for (unsigned day = 0; day < 88; day++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 1);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 1);
	for (unsigned day = 0; day < 5; day++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_INBOX), 0);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_FINDING), 0);
	free(in);
}

/* What the node replies about this lead. */
static const char *about(struct one_node *b, const struct viz_inbox *in, const char *op,
			 const char *args)
{
	char hex[9], slot[VIZ_SLOT_TEXT_MAX], json[300];

	viz_hex(hex, in->origin.b, 4);
	viz_request_slot_text(slot, in->slot);
	snprintf(json, sizeof json, "{\"op\":\"inbox.%s\",\"args\":{\"lead\":\"%s-%s\"%s}}", op,
		 hex, slot, args);
	return request(b, json);
}

static bool has(const char *reply, const char *what)
{
	return strstr(reply, what) != NULL;
}

/* Who was not called can be lost, with a reason of the list, which the origin does not get. */
static void lost_without_a_call(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);

	award(b, in, VIZ_INBOX_AWARDED);
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"lost\""), "\"missing\""));
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"lost\",\"lost_reason\":\"x\""),
			"bad-choice"));
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"installed\""), "not-now"));
	assert_true(has(about(b, in, "outcome",
			      ",\"outcome\":\"lost\",\"lost_reason\":\"price\",\"days_offline\":2"),
			"unknown-field"));
	assert_true(
	    has(about(b, in, "outcome", ",\"outcome\":\"installed\",\"lost_reason\":\"price\""),
		"unknown-field"));
	assert_true(has(about(b, in, "answer", ",\"answer\":\"yes\",\"no_reason\":\"plant\""),
			"unknown-field"));
	get(b, in);
	assert_int_equal(in->state, VIZ_INBOX_AWARDED);
	assert_true(
	    has(about(b, in, "outcome", ",\"outcome\":\"lost\",\"lost_reason\":\"unreached\""),
		"\"lost_reason\":\"unreached\""));
	get(b, in);
	assert_int_equal(in->state, VIZ_INBOX_LOST);
	assert_int_equal(in->vault, 0);
	free(in);
}

/* What was said wrong is said again; a loss that brought the secret stays. Days that nobody said
 * are no days. */
static void outcomes_are_corrected(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	uint64_t mails;

	award(b, in, VIZ_INBOX_CONTACTED);
	assert_true(
	    has(about(b, in, "outcome", ",\"outcome\":\"installed\""), "\"state\":\"installed\""));
	mails = viz_mail_waiting(&b->node->trust, &b->evil.author);
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"installed\",\"days_offline\":0"),
			"\"days_offline\":0"));
	assert_true(viz_mail_waiting(&b->node->trust, &b->evil.author) > mails);
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"lost\",\"lost_reason\":\"price\""),
			"\"state\":\"lost\""));
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"installed\""), "\"ok\":true"));
	get(b, in);
	in->has_release = true;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"lost\",\"lost_reason\":\"price\""),
			"\"ok\":true"));
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"lost\",\"lost_reason\":\"date\""),
			"\"lost_reason\":\"date\""));
	assert_true(has(about(b, in, "outcome", ",\"outcome\":\"installed\""), "not-now"));
	free(in);
}

/* The call by our promise, the report by the end of the contact; the next one first. What the list
 * has is what `status` counts. */
static void deadlines(void **state)
{
	struct one_node *b = *state;
	struct viz_inbox *in = calloc(1, sizeof *in);
	json_t *times = json_object();
	const char *reply, *first, *second;

	b->node->trust.profile.work.promise_min = 120;
	award(b, in, VIZ_INBOX_CONTACTED);
	viz_request_set_time(times, "report",
			     viz_after(in->awarded_at, b->federation.contact_holder_ms));
	tick(b, VIZ_DAY_MS);
	award(b, in, VIZ_INBOX_AWARDED);
	viz_request_set_time(times, "call", viz_after(in->awarded_at, 2 * HOUR));
	reply = request(b, "{\"op\":\"inbox.list\"}");
	first = strstr(reply, json_string_value(json_object_get(times, "call")));
	second = strstr(reply, json_string_value(json_object_get(times, "report")));
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first < second);
	assert_true(has(request(b, "{\"op\":\"status\"}"), "\"inbox_count\":2,"));
	award(b, in, VIZ_INBOX_BYSTANDER); /* the second one, in its place */
	assert_true(has(request(b, "{\"op\":\"status\"}"), "\"inbox_count\":1,"));
	json_decref(times);
	free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(lease_of_another_clock_is_none),
	    T(lease_ends_with_the_process),
	    T(contact_goes_at_its_date),
	    T(location_goes_without_a_result),
	    T(ids_are_not_guessed),
	    T(rows_go_with_their_records),
	    T(lost_without_a_call),
	    T(outcomes_are_corrected),
	    T(deadlines),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
