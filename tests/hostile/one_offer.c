#include "tests/hostile/one_offer.h"

#include <jansson.h>

#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"
#include "tools/vizinho/evidence.h"

/* "+55279999" of the contacts that the tests hand off. */
#define CONTACT_HEX "2b3535323739393939"

/* The id of what the false peer has at this place, and its time. */
static struct viz_time held_of_type(struct one_node *b, struct viz_id *id, uint8_t type)
{
	struct viz_time time;
	struct viz_record rec;
	struct viz_held held;

	VIZ_REQUIRE(viz_store_begin(b->store) == VIZ_OK &&
		    viz_place_get(&b->node->core, &held, &rec, &b->evil.author, type, 0));
	viz_ids_record(id, &b->node->core.federation_id, &rec);
	time = rec.time;
	viz_store_abort(b->store);
	return time;
}

void held_partners(struct one_node *b, struct viz_id *id)
{
	held_of_type(b, id, VIZ_TYPE_PARTNERS);
}

/* The PARTNERS of the false peer that is held. Borrowed until the next call. */
static struct viz_partners *partners_of(struct one_node *b)
{
	static struct viz_partners p;
	struct viz_record rec;
	struct viz_held held;

	VIZ_REQUIRE(
	    viz_store_begin(b->store) == VIZ_OK &&
	    viz_place_get(&b->node->core, &held, &rec, &b->evil.author, VIZ_TYPE_PARTNERS, 0) &&
	    viz_partners_parse(&p, &rec) == VIZ_OK);
	viz_store_abort(b->store);
	return &p;
}

static void give_partners(struct one_node *b, const struct viz_partners *p)
{
	uint8_t body[512];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_partners_write(&w, p);
	forge_record(&b->scratch, &b->evil, VIZ_TYPE_PARTNERS, 0, b->now, &w);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
}

void give_partners_again(struct one_node *b, uint64_t log, const struct viz_id *previous,
			 struct viz_time removed)
{
	struct viz_partners *p = partners_of(b);

	p->log = log;
	p->previous = *previous;
	p->entry[0].removed = removed;
	give_partners(b, p);
}

void give_partners_with_another(struct one_node *b)
{
	struct viz_partners *p = partners_of(b);

	held_partners(b, &p->previous);
	p->entry[1] = p->entry[0];
	memset(p->entry[1].id.b, 0xff, sizeof p->entry[1].id.b);
	p->entry[1].added = b->now;
	p->count = 2;
	give_partners(b, p);
}

/* An OFFER names a NODE that is alive and names the PARTNERS: the false peer signs one, if what is
 * held is no such NODE. */
static void live_node(struct one_node *b, const struct viz_id *partners)
{
	const struct viz_member *m = viz_member_find(&b->node->trust, &b->evil.author);
	struct forge naming = b->evil;
	static struct forged node;

	VIZ_REQUIRE(m && m->has_node);
	if (viz_id_eq(&m->node.partners, partners) &&
	    m->node_time.ms + b->federation.heartbeat_ms >= b->now.ms)
		return;
	if (m->node_time.ms >= b->now.ms)
		b->now.ms = m->node_time.ms + 1;
	naming.names = *partners;
	forge_node(&node, &naming, b->now);
	give(b, &node);
}

void false_offer_init(struct one_node *b, struct false_offer *o, unsigned number)
{
	memset(o, 0, sizeof *o);
	o->slot = viz_record_slot_make(b->now, number);
	o->salt = (struct viz_secret){{8}};
	o->closes = viz_after(b->now, 30000);
	o->lists.area.municipality = 3201209;
	o->lists.draw = number + 1;
	o->lists.asked[0].newcomer = true;
	o->lists.drawn = b->now;
	o->lists.asked_count = 1;
	o->lists.asked[0].index = 255;
	held_of_type(b, &o->partners, VIZ_TYPE_PARTNERS);
	live_node(b, &o->partners);
	o->node_time = held_of_type(b, &o->node, VIZ_TYPE_NODE);
}

void false_offer_to_us(struct one_node *b, struct false_offer *o, unsigned number)
{
	false_offer_init(b, o, number);
	o->lists.asked[0].index = 0; /* the only entry of its PARTNERS */
}

void false_offer_sign(struct one_node *b, struct false_offer *o)
{
	static uint8_t body[VIZ_OFFER_MAX];
	struct viz_offer offer = o->lists;
	struct viz_writer w;

	offer.at = o->at.number ? o->at : forge_at(&b->evil, 0);
	offer.node = o->node;
	offer.node_time = o->node_time;
	offer.closes = o->closes;
	offer.location_commit = o->location_commit;
	offer.receipt_commit = o->receipt_commit;
	offer.view = o->view;
	offer.partners = o->partners;
	viz_commitment(&offer.order_commit, "vizinho/order-salt", &o->salt, NULL, 0);
	viz_writer_init(&w, body, sizeof body);
	viz_offer_write(&w, &offer);
	o->number = offer.at.number;
	forge_logged(&o->offer, &b->evil, VIZ_TYPE_OFFER, o->slot, b->now, &w);
}

/* Our node's signed PLEDGE for the offer. */
static void our_pledge(struct one_node *b, const struct false_offer *o,
		       uint8_t out[VIZ_PLEDGE_SIGNED])
{
	struct viz_slice v;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_true(viz_statement_get(&b->node->core, &v, &b->evil.author, o->slot, VIZ_TYPE_PLEDGE,
				      viz_node_author(b->node), 1));
	assert_int_equal(v.len, VIZ_PLEDGE_SIGNED);
	memcpy(out, v.p, v.len);
	viz_store_abort(b->store);
}

void false_offer_sign_close(struct one_node *b, struct false_offer *o, bool answered)
{
	static struct viz_close c;
	uint8_t body[512];
	struct viz_writer w;

	c = (struct viz_close){
	    .at = forge_at(&b->evil, o->number), .offer = o->offer.id, .count = 1};
	c.entry[0].answered = answered;
	if (answered)
		our_pledge(b, o, c.entry[0].pledge);
	viz_writer_init(&w, body, sizeof body);
	viz_close_write(&w, &c);
	forge_logged(&o->close, &b->evil, VIZ_TYPE_CLOSE, o->slot, b->now, &w);
}

void false_offer_sign_withdrawn(struct one_node *b, struct false_offer *o)
{
	const struct viz_result r = {.at = forge_at(&b->evil, o->number),
				     .offer = o->offer.id,
				     .close = o->close.id,
				     .kind = VIZ_RESULT_WITHDRAWN,
				     .salt = o->salt,
				     .count = 1};
	uint8_t body[512];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_result_write(&w, &r);
	forge_logged(&o->result, &b->evil, VIZ_TYPE_RESULT, o->slot, b->now, &w);
}

void false_offer_sign_result(struct one_node *b, struct false_offer *o,
			     const struct viz_result_entry *opened)
{
	static struct viz_result r;
	uint8_t body[512];
	struct viz_writer w;

	r = (struct viz_result){.at = forge_at(&b->evil, o->number),
				.offer = o->offer.id,
				.close = o->close.id,
				.kind = VIZ_RESULT_ORDER,
				.salt = o->salt,
				.count = 1,
				.order_len = opened != NULL};
	if (opened)
		r.entry[0] = *opened;
	viz_writer_init(&w, body, sizeof body);
	viz_result_write(&w, &r);
	forge_logged(&o->result, &b->evil, VIZ_TYPE_RESULT, o->slot, b->now, &w);
}

void false_offer_mail_ack(struct one_node *b, const struct false_offer *o, uint8_t type,
			  const struct viz_id *pledge)
{
	const struct viz_offer_ack ack = {.offer = o->offer.id, .pledge = *pledge};
	uint8_t body[128];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_offer_ack_write(&w, &ack);
	forge_statement(&b->scratch, &b->evil, type, o->slot, 0, b->now, &w);
	mail_statement(b, 2, &b->scratch);
	assert_int_equal(b->closed, 0);
}

bool inbox_row(struct one_node *b, struct viz_inbox *in, uint64_t slot)
{
	bool there;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	there = viz_inbox_get(&b->node->core, in, &b->evil.author, slot);
	viz_store_abort(b->store);
	return there;
}

size_t findings(struct one_node *b, unsigned rule)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	size_t n = 0;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_FINDING, b->evil.author.b, 32);
	while (viz_walk_next(&walk, &key, &value))
		n += key.p[VIZ_ID_SLOT_LEN] == rule;
	viz_store_abort(b->store);
	return n;
}

void answer_yes(struct one_node *b, const struct false_offer *o, struct viz_inbox *in)
{
	char hex[9], slot[VIZ_SLOT_TEXT_MAX], json[200];

	assert_true(inbox_row(b, in, o->slot));
	in->state = VIZ_INBOX_LOCATED;
	in->located_at = b->now;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_inbox_put(&b->node->core, in);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	viz_hex(hex, b->evil.author.b, 4);
	viz_request_slot_text(slot, o->slot);
	snprintf(json, sizeof json,
		 "{\"op\":\"inbox.answer\",\"args\":{\"lead\":\"%s-%s\",\"answer\":\"yes\"}}", hex,
		 slot);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
}

/* The NODE that the first OFFER names is in it: it has the accused's name. */
static void names_accused(const struct viz_evidence *e)
{
	struct viz_offer *o = calloc(1, sizeof *o);
	struct viz_id id;

	assert_non_null(o);
	if (viz_evidence_offer(e, &id)) {
		assert_int_equal(viz_offer_parse(o, &e->record[viz_evidence_find(e, &id)]), VIZ_OK);
		assert_true(viz_evidence_find(e, &o->node) < viz_evidence_proof_count(e));
	}
	free(o);
}

/* Whether what the node hands out proves its finding, as `vizinho audit verify` reads the folder.
 */
static bool verifies(const char *reply)
{
	struct viz_evidence *e = calloc(1, sizeof *e), *again = calloc(1, sizeof *again);
	struct viz_evidence_folder folder = {0}, other = {0};
	json_t *json = json_loads(reply, 0, NULL);
	bool good, other_words;
	const char *bad;
	size_t at;

	assert_non_null(e);
	assert_non_null(again);
	good = viz_evidence_from_reply(e, json_object_get(json, "result")) == VIZ_OK &&
	       viz_evidence_check(e, &at) == VIZ_OK;
	if (good) {
		names_accused(e);
		viz_evidence_build(&folder, e);
		good = viz_evidence_read(again, &bad, &folder) == VIZ_OK &&
		       viz_evidence_check(again, &at) == VIZ_OK;
	}
	if (good) {
		viz_evidence_build(&other, again);
		good = !viz_evidence_compare(&folder, &other, &other_words) && !other_words;
	}
	viz_evidence_folder_free(&other);
	viz_evidence_folder_free(&folder);
	viz_evidence_free(again);
	viz_evidence_free(e);
	json_decref(json);
	free(again);
	free(e);
	return good;
}

const char *export_finding(struct one_node *b, unsigned rule, const char *proof)
{
	json_t *shown = json_loads(request(b, "{\"op\":\"audit.show\"}"), 0, NULL), *f;
	static char json[VIZ_PROOF_LINE_MAX + 160];
	const char *id = "";
	size_t i;

	json_array_foreach(json_object_get(json_object_get(shown, "result"), "findings"), i, f)
	{
		if (json_integer_value(json_object_get(f, "rule_number")) == (json_int_t)rule)
			id = json_string_value(json_object_get(f, "id"));
	}
	assert_string_not_equal(id, "");
	snprintf(json, sizeof json, "{\"op\":\"audit.export\",\"args\":{\"finding\":\"%s\"%s%s%s}}",
		 id, proof[0] ? ",\"proof\":\"" : "", proof, proof[0] ? "\"" : "");
	json_decref(shown);
	return request(b, json);
}

bool exports_with(struct one_node *b, enum viz_rule rule, const char *proof)
{
	const char *reply = export_finding(b, rule, proof);

	VIZ_REQUIRE(reply);
	if (!strstr(reply, "\"ok\":true"))
		print_message("# rule %d: %s\n", (int)rule, reply);
	assert_null(strstr(reply, CONTACT_HEX));
	return strstr(reply, "\"ok\":true") != NULL && verifies(reply);
}

bool exports(struct one_node *b, enum viz_rule rule)
{
	return exports_with(b, rule, "");
}
