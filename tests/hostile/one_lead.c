#include "tests/hostile/one_lead.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/lead/award.h"
#include "node/lead/lead.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"

void cover(struct one_node *b)
{
	static struct viz_coverage c;
	uint8_t body[256];
	struct viz_writer w;

	c = (struct viz_coverage){.technology = 1, .municipality_count = 1};
	c.municipality[0] = 3201209;
	viz_writer_init(&w, body, sizeof body);
	viz_coverage_write(&w, &c);
	b->now.ms += 600;
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_COVERAGE, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
}

const char *peer_op(struct one_node *b, const char *op)
{
	char json[256], id[65];

	viz_hex(id, b->evil.author.b, 32);
	snprintf(json, sizeof json, "{\"op\":\"%s\",\"args\":{\"peer\":\"%s\"}}", op, id);
	return request(b, json);
}

bool ok(const char *reply)
{
	return strstr(reply, "\"ok\":true") != NULL;
}

const char *heard(struct one_node *b, const char *name)
{
	static char yes[4096];
	const char *reply = request(b, "{\"op\":\"lead.draw\",\"args\":{" PLACE "}}"), *at;
	char key[32];

	at = strstr(reply, "\"draw\":");
	b->draw = at ? (uint32_t)strtoul(at + strlen("\"draw\":"), NULL, 10) : 0;
	at = strstr(reply, "\"consent\"");
	assert_non_null(at);
	snprintf(key, sizeof key, "\"%s\":\"", name);
	at = strstr(at, key);
	if (!at) /* null: there is no partner to ask */
		return "\"consent\":{\"given\":true}";
	at += strlen(key);
	snprintf(yes, sizeof yes, "\"consent\":{\"given\":true,\"text\":\"%.*s\"}",
		 (int)strcspn(at, "\""), at);
	return yes;
}

const char *ask_offer(struct one_node *b, const char *op, const char *consent)
{
	static char json[8192];
	char draw[32] = "";

	if (strcmp(op, "lead.offer") == 0)
		snprintf(draw, sizeof draw, "\"draw\":%u,", b->draw != 0 ? b->draw : 999);
	snprintf(json, sizeof json,
		 "{\"op\":\"%s\",\"args\":{%s\"protocol\":\"P\",\"again\":true," PLACE ",%s}}", op,
		 draw, consent);
	return request(b, json);
}

char *unescaped(char *json)
{
	for (char *at = json; (at = strstr(at, "\\n")) != NULL;) {
		*at++ = '\n';
		memmove(at, at + 1, strlen(at));
	}
	return json;
}

uint64_t offer(struct one_node *b)
{
	cover(b);
	assert_true(ok(ask_offer(b, "lead.offer", heard(b, "text"))));
	return viz_record_slot_make(b->now, 0);
}

void get(struct one_node *b, struct viz_lead *lead, uint64_t slot)
{
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_lead_get(&b->node->core, lead, slot));
	viz_store_abort(b->store);
}

void put(struct one_node *b, const struct viz_lead *lead)
{
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_lead_put(&b->node->core, lead);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
}

uint64_t awarded(struct one_node *b, struct viz_lead *lead, enum viz_lead_state state)
{
	uint64_t slot = offer(b);

	get(b, lead, slot);
	lead->state = state;
	lead->award_n = 1;
	memset(lead->award.b, 5, sizeof lead->award.b);
	lead->award_to = b->evil.author;
	lead->award_at = b->now;
	lead->award_latest = viz_after(b->now, b->federation.undelivered_ms);
	if (state != VIZ_LEAD_AWARDED)
		lead->delivered_at = b->now;
	lead->peer[0].located_at = b->now;
	lead->peer[0].award_n = 1;
	put(b, lead);
	return slot;
}

const char *lead_op(struct one_node *b, const char *op, uint64_t slot)
{
	char text[VIZ_SLOT_TEXT_MAX], json[256];

	viz_request_slot_text(text, slot);
	snprintf(json, sizeof json, "{\"op\":\"%s\",\"args\":{\"lead\":\"%s\"}}", op, text);
	return request(b, json);
}

const uint8_t lead_secret[32] = {7, 8, 9};

void lease_ask(struct one_node *b, const struct viz_lead *lead)
{
	struct viz_mail_lease_ask ask = {.award = lead->award, .asked = b->now};
	uint8_t payload[128];
	struct viz_writer w;

	viz_commitment_release(&ask.hash, lead_secret);
	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_lease_ask_write(&w, &ask);
	mail(b, 5, VIZ_MAIL_LEASE_ASK, &w);
	assert_int_equal(b->closed, 0);
}

int choose(struct one_node *b, struct viz_lead *lead)
{
	const struct viz_contact contact = {.name = "N", .phone = "+5527999990000", .address = "R"};
	struct viz_effects fx;
	int err;

	viz_effects_init(&fx);
	b->node->core.fx = &fx; /* CHOICE is flooded */
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	err = viz_lead_award_choose(&b->node->net, lead, &b->evil.author, &contact);
	viz_store_abort(b->store);
	b->node->core.fx = NULL;
	viz_effects_clear(&fx);
	return err;
}

void chosen_another(struct viz_lead *lead)
{
	memset(lead->award_to.b, 9, sizeof lead->award_to.b);
	lead->peer[lead->peer_count++] =
	    (struct viz_lead_peer){.id = lead->award_to, .award_n = lead->award_n};
	lead->peer[0].revealed = true;
	lead->peer[0].award_n = 0;
}

bool receipt(struct one_node *b, struct viz_receipt *c, uint64_t slot, uint64_t number)
{
	const struct viz_id *self = viz_node_author(b->node);
	struct viz_record rec;
	struct viz_slice v;
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_statement_get(&b->node->core, &v, self, slot, VIZ_TYPE_RECEIPT, self, number);
	if (there) {
		assert_int_equal(viz_record_parse(&rec, v.p, v.len), VIZ_OK);
		assert_int_equal(viz_receipt_parse(c, &rec), VIZ_OK);
	}
	viz_store_abort(b->store);
	return there;
}

void cover_two(struct one_node *b, struct forge *other)
{
	struct forge evil;

	befriend(b, other, 8);
	evil = b->evil;
	cover(b);
	b->evil = *other; /* its COVERAGE may come over any link */
	cover(b);
	b->evil = evil;
}

uint64_t offer_to_two(struct one_node *b, struct forge *other)
{
	cover_two(b, other);
	return offer(b);
}
