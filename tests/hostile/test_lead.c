/* A lead at its origin. Its partner is false, silent, or has a revoked key. */
#include "tests/hostile/one_lead.h"

#include "crypto/crypto.h"
#include "node/control/request.h"
#include "node/core/place.h"
#include "node/lead/end.h"
#include "node/lead/eligible.h"
#include "node/link/mail.h"
#include "node/retention.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "proto/statement.h"
#include "store/meta.h"
#include "store/stat.h"

static bool withdrawal_signed(struct one_node *b, uint64_t slot)
{
	const struct viz_id *self = viz_node_author(b->node);
	struct viz_slice v;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_statement_get(&b->node->core, &v, self, slot, VIZ_TYPE_WITHDRAWAL, self,
				  (uint64_t)VIZ_WITHDRAW_ALL << 32);
	viz_store_abort(b->store);
	return there;
}

/* A person revokes while our key cannot sign. We erase at once and send the withdrawal when we
 * can sign again. */
static void revocation_waits_for_our_key(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED), before;

	revoke_own_key(b);
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	get(b, lead, slot);
	assert_int_equal(lead->vault, 0);
	assert_false(withdrawal_signed(b, slot));
	close_node(b);
	open_node(b);
	tick(b, 1000);
	before = viz_mail_waiting(&b->node->trust, &b->evil.author);
	rotate_own_key(b);
	assert_true(withdrawal_signed(b, slot));
	assert_true(viz_mail_waiting(&b->node->trust, &b->evil.author) > before);
	get(b, lead, slot);
	assert_false(lead->withdrawal_owed);
	free(lead);
}

static void revoke_its_key(struct one_node *b)
{
	static const uint8_t empty[] = {0x90};

	forge_any(&b->scratch, &b->evil, VIZ_TYPE_REVOCATION, 0, 1, b->now, (struct viz_time){0},
		  empty, sizeof empty);
	give(b, &b->scratch);
	assert_true(viz_author_revoked(evil(b)));
}

/* A person revokes while the holder's key is revoked. The withdrawal waits for the holder's next
 * key. */
static void revocation_waits_for_the_holders_key(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_DELIVERED), before;

	before = viz_mail_waiting(&b->node->trust, &b->evil.author);
	revoke_its_key(b);
	b->mails = 0;
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	tick(b, 60000);
	assert_int_equal(b->mails, 0);
	assert_int_equal(viz_mail_waiting(&b->node->trust, &b->evil.author), before + 1);
	free(lead);
}

/* A key is revoked in the batch in which its node acknowledges mail. The node gets no more mail. */
static void revoked_key_gets_no_more_mail(void **state)
{
	struct one_node *b = *state;
	static const uint8_t empty[] = {0x90};
	char hex[600], json[700];
	uint8_t body[32];
	struct viz_event events[2] = {
	    {.kind = VIZ_EVENT_REQUEST, .client = 1, .bytes = (const uint8_t *)json, .who = "root"},
	    {.kind = VIZ_EVENT_MESSAGE, .link = LINK_EVIL, .bytes = body}};
	struct viz_writer w;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	for (uint64_t i = 0; i < 2 * VIZ_MAIL_WINDOW; i++)
		viz_mail_slot(&b->node->net, &b->evil.author, VIZ_MAIL_VIEW_ASK, i);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	tick(b, 10);
	forge_any(&b->scratch, &b->evil, VIZ_TYPE_REVOCATION, 0, 1, b->now, (struct viz_time){0},
		  empty, sizeof empty);
	viz_hex(hex, b->scratch.bytes, b->scratch.len);
	events[0].len = (size_t)snprintf(
	    json, sizeof json, "{\"op\":\"key.revoke\",\"args\":{\"revocation\":\"%s\"}}", hex);
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 2);
	viz_writer_uint(&w, VIZ_MESSAGE_MAIL_ACK);
	viz_writer_uint(&w, viz_link_find(&b->node->net, LINK_EVIL)->mail_sent);
	assert_int_equal(viz_writer_finish(&w, &events[1].len), VIZ_OK);
	b->mails = 0;
	run(b, events, 2);
	assert_true(viz_author_revoked(evil(b)));
	assert_int_equal(b->mails, 0);
}

static bool text_names(struct one_node *b, const char *names)
{
	const char *reply = request(b, "{\"op\":\"lead.lookup\",\"args\":{" PLACE "}}");
	char text[128];

	if (names[0] == '\0')
		return strstr(reply, "\"consent\":{") && !strstr(reply, "\"text\":");
	snprintf(text, sizeof text, "%s atende a região.", names);
	return strstr(reply, text) != NULL;
}

/* The consent text names the same partners as the receipt: those in our published PARTNERS
 * record, not those of settings that are not published yet. */
static void text_names_whom_the_receipt_names(void **state)
{
	struct one_node *b = *state;

	cover(b);
	assert_true(text_names(b, "Provedor Hostil"));
	evil(b)->peer.blocked = true; /* the PARTNERS record does not say so yet */
	assert_true(text_names(b, "Provedor Hostil"));
	revoke_own_key(b);
	assert_non_null(strstr(peer_op(b, "peer.block"), "own-key-revoked"));
	assert_non_null(strstr(peer_op(b, "peer.trust"), "own-key-revoked"));
	assert_non_null(strstr(peer_op(b, "peer.remove"), "own-key-revoked"));
	rotate_own_key(b);
	assert_true(viz_lead_eligible_removed(&b->node->trust, &b->evil.author));
	tick(b, 1); /* a removal counts in a draw that is dated after it */
	assert_true(text_names(b, ""));
}

/* Without the text that was read there is no offer. A customer who agreed to wait is not offered
 * to a partner that has arrived in between. */
static void no_offer_without_its_text(void **state)
{
	struct one_node *b = *state;
	char waiting[4096];

	assert_non_null(strstr(ask_offer(b, "lead.offer", heard(b, "text")), "no-such-draw"));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 0);
	snprintf(waiting, sizeof waiting, "%s", heard(b, "later_text"));
	assert_true(ok(ask_offer(b, "lead.later", waiting)));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 1);
	cover(b);
	assert_false(ok(ask_offer(b, "lead.later", waiting)));
	assert_false(ok(ask_offer(b, "lead.offer", waiting)));
	heard(b, "text"); /* makes a draw */
	assert_non_null(
	    strstr(ask_offer(b, "lead.offer", "\"consent\":{\"given\":true}"), "consent.text"));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 1);
}

static const char *offer_of(struct one_node *b, const char *protocol, const char *more)
{
	static char json[8192];
	const char *said = heard(b, "text");

	snprintf(json, sizeof json,
		 "{\"op\":\"lead.offer\",\"args\":{\"draw\":%u,\"protocol\":\"%s\"%s," PLACE
		 ",%s}}",
		 b->draw, protocol, more, said);
	return request(b, json);
}

/* Two leads of one cancellation make two ISPs call. */
static void one_open_lead_for_a_protocol_number(void **state)
{
	struct one_node *b = *state;
	char text[VIZ_SLOT_TEXT_MAX];
	uint64_t slot;
	const char *reply;

	cover(b);
	assert_true(ok(offer_of(b, "2026/11-0042a", "")));
	slot = viz_record_slot_make(b->now, 0);
	viz_request_slot_text(text, slot);
	reply = offer_of(b, "2026 11 0042A", "");
	assert_non_null(strstr(reply, "\"protocol-open\""));
	assert_non_null(strstr(reply, text)); /* it says which lead */
	assert_non_null(strstr(request(b, "{\"op\":\"lead.list\",\"args\":{\"protocol\":"
					  "\"202611 0042a\"}}"),
			       text));
	assert_non_null(
	    strstr(request(b, "{\"op\":\"lead.list\",\"args\":{\"protocol\":\"2026110043\"}}"),
		   "\"leads\":[]"));
	assert_true(ok(offer_of(b, "2026110043", "")));
	assert_true(ok(offer_of(b, "2026/11-0042a", ",\"again\":true")));
	/* one is enough; a lead that has ended does not count */
	assert_true(ok(lead_op(b, "lead.revoke", viz_record_slot_make(b->now, 2))));
	assert_non_null(strstr(offer_of(b, "2026/11-0042a", ""), text));
	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	assert_true(ok(offer_of(b, "2026/11-0042a", "")));
}

static const char *keep(struct one_node *b, const char *where)
{
	char json[256];

	snprintf(json, sizeof json,
		 "{\"op\":\"lead.keep\",\"args\":{\"protocol\":\"K\",\"place\":{%s}}}", where);
	return request(b, json);
}

/* Who stays is a customer whom our own plant reaches: not one whom a technician may reach. */
static void kept_is_whom_our_plant_serves(void **state)
{
	struct one_node *b = *state;

	assert_non_null(strstr(keep(b, "\"municipality\":{\"code\":3205309}"), "\"own-no\""));
	assert_true(ok(request(b, "{\"op\":\"coverage.import\",\"args\":{\"name\":\"rede\","
				  "\"ceps\":[[29300120,29300129]],"
				  "\"municipalities\":[{\"code\":3205309}]}}")));
	assert_non_null(strstr(keep(b, "\"municipality\":{\"code\":3205309}"), "\"own-analysis\""));
	assert_non_null(
	    strstr(keep(b, "\"municipality\":{\"code\":3304557},\"cep\":20000150"), "\"own-no\""));
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 0);
	assert_non_null(strstr(keep(b, "\"municipality\":{\"code\":3205309},\"cep\":29300125"),
			       "\"state\":\"kept\""));
}

/* The person is erased everywhere; that the customer was connected is still counted. */
static void revocation_keeps_what_was_reached(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_INSTALLED);

	assert_true(ok(lead_op(b, "lead.revoke", slot)));
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_INSTALLED);
	assert_true(lead->revoked);
	assert_int_equal(lead->vault, 0);
	assert_true(withdrawal_signed(b, slot));
	assert_false(lead->peer[0].erased);
	assert_non_null(strstr(lead_op(b, "lead.revoke", slot), "\"revoked-already\""));
	free(lead);
}

/* What the holder says of a lead after the revocation does not count. */
static void an_outcome_after_the_revocation(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = awarded(b, lead, VIZ_LEAD_INSTALLED);
	struct viz_outcome o = {.award = lead->award, .kind = VIZ_OUTCOME_LOST};
	uint8_t body[128];
	struct viz_writer w;

	for (unsigned revoked = 0; revoked < 2; revoked++) {
		o.kind = revoked ? VIZ_OUTCOME_LOST : VIZ_OUTCOME_INSTALLED;
		o.has_days = true;
		o.days_offline = 3 + revoked;
		viz_writer_init(&w, body, sizeof body);
		viz_outcome_write(&w, &o);
		b->now.ms += 1000;
		forge_statement(&b->scratch, &b->evil, VIZ_TYPE_OUTCOME, slot, 1, b->now, &w);
		mail_statement(b, 1 + revoked, &b->scratch);
		get(b, lead, slot);
		assert_int_equal(lead->state, VIZ_LEAD_INSTALLED);
		assert_int_equal(lead->days_offline, 3);
		if (!revoked)
			assert_true(ok(lead_op(b, "lead.revoke", slot)));
	}
	free(lead);
}

/* How many leads are noted as open by their protocol numbers. */
static size_t noted_open(struct one_node *b)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_META, (const uint8_t *)VIZ_META_PROTOCOL,
		      strlen(VIZ_META_PROTOCOL));
	while (viz_walk_next(&walk, &key, &value))
		n++;
	viz_store_abort(b->store);
	return n;
}

/* A lead whose customer may choose another partner is open: somebody may still call. */
static void a_lost_lead_may_be_open(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);

	awarded(b, lead, VIZ_LEAD_LOST);
	assert_true(lead->vault != 0);
	assert_non_null(strstr(offer_of(b, "P", ""), "\"protocol-open\""));
	lead->vault = 0;
	put(b, lead);
	assert_int_equal(noted_open(b), 0);
	assert_true(ok(offer_of(b, "P", "")));
	free(lead);
}

/* The row of a lead goes by its date. What was noted of it goes too, though the lead is open. */
static void a_lead_that_goes_leaves_no_note(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);

	awarded(b, lead, VIZ_LEAD_CONTACTED);
	lead->vault = 0;
	put(b, lead);
	assert_int_equal(noted_open(b), 1);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	b->node->core.now =
	    viz_after(b->now, b->federation.write_once_ms + 2 * (int64_t)VIZ_DAY_MS);
	viz_retention_sweep(&b->node->trust);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 0);
	assert_int_equal(noted_open(b), 0);
	free(lead);
}

/* A neighbour arrives in the usual order: first its coverage, and a day after it the partnership
 * counts. */
static void arrival_is_seen_and_logged_once(void **state)
{
	struct one_node *b = *state;
	const char *line = "a neighbour serves the place now", *at;

	assert_true(ok(ask_offer(b, "lead.later", heard(b, "later_text"))));
	assert_non_null(strstr(request(b, "{\"op\":\"lead.list\"}"), "\"neighbour_came\":false"));
	assert_true(ok(peer_op(b, "peer.block")));
	tick(b, PARTNER_DELAY_MS);
	cover(b);
	assert_null(strstr(b->logs, line));
	assert_true(ok(peer_op(b, "peer.trust")));
	tick(b, PARTNER_DELAY_MS);
	tick(b, 5000);
	assert_non_null(strstr(request(b, "{\"op\":\"lead.list\"}"), "\"neighbour_came\":true"));
	at = strstr(b->logs, line);
	assert_non_null(at);
	cover(b);
	assert_null(strstr(at + 1, line));
}

/* A neighbour has come, and the customer is asked again: the new lead is the next one of the
 * waiting one, which has no part in it any more. */
static void who_waited_is_offered(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = viz_record_slot_make(b->now, 0);
	char text[VIZ_SLOT_TEXT_MAX], more[64];

	assert_true(ok(ask_offer(b, "lead.later", heard(b, "later_text"))));
	cover(b);
	assert_non_null(strstr(offer_of(b, "P", ""), "\"protocol-open\""));
	viz_request_slot_text(text, slot);
	snprintf(more, sizeof more, ",\"previous\":\"%s\"", text);
	assert_true(ok(offer_of(b, "P", more)));
	get(b, lead, slot);
	assert_true(lead->next != 0);
	assert_int_equal(lead->vault, 0);
	assert_int_equal(noted_open(b), 1);
	free(lead);
}

/* Leads that are over are removed together with the records. */
static void leads_go_with_their_records(void **state)
{
	struct one_node *b = *state;

	offer(b);
	peer_op(b, "peer.block");
	for (unsigned day = 0; day < 95; day++)
		tick(b, VIZ_DAY_MS);
	assert_int_equal(viz_store_stat_entries(b->store, VIZ_TABLE_LEAD), 0);
}

/* The clock was fast, and our log is a new one. For an offer of the old one nothing more is signed.
 */
static void offers_end_with_their_log(void **state)
{
	struct one_node *b = *state;
	struct viz_lead *lead = calloc(1, sizeof *lead);
	uint64_t slot = offer(b);
	struct viz_held held;

	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_OPEN);
	assert_int_equal(lead->log, b->node->trust.self.log);
	assert_int_equal(lead->number, 1);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_identity_new_log(&b->node->trust);
	viz_lead_end_wake(&b->node->core);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	tick(b, 1);
	get(b, lead, slot);
	assert_int_equal(lead->state, VIZ_LEAD_EXPIRED);
	assert_int_equal(lead->vault, 0);
	tick(b, 10 * VIZ_DAY_MS);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_false(viz_place_get(&b->node->core, &held, NULL, viz_node_author(b->node),
				   VIZ_TYPE_CLOSE, slot));
	assert_int_equal(b->node->trust.self.log_number, 0);
	viz_store_abort(b->store);
	free(lead);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(revocation_waits_for_our_key),
	    T(revocation_waits_for_the_holders_key),
	    T(offers_end_with_their_log),
	    T(revoked_key_gets_no_more_mail),
	    T(text_names_whom_the_receipt_names),
	    T(no_offer_without_its_text),
	    T(arrival_is_seen_and_logged_once),
	    T(leads_go_with_their_records),
	    T(one_open_lead_for_a_protocol_number),
	    T(kept_is_whom_our_plant_serves),
	    T(revocation_keeps_what_was_reached),
	    T(an_outcome_after_the_revocation),
	    T(a_lost_lead_may_be_open),
	    T(who_waited_is_offered),
	    T(a_lead_that_goes_leaves_no_note),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
