#include "tests/unit/tools/plant_evidence.h"

#include "proto/proof.h"
#include "proto/protest.h"
#include "tests/unit/node/audit/offered.h"

static const struct viz_id unseen_offer = {{20}}; /* its pledges are enough */

void plant_open(void)
{
	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
}

static struct viz_evidence *begin(enum viz_rule rule, const struct viz_id *accused)
{
	struct viz_evidence *e = calloc(1, sizeof *e);
	uint8_t bytes[80];

	assert_non_null(e);
	e->rule = rule;
	e->accused = *accused;
	e->federation = federation;
	viz_ids_federation(&e->federation_id, &federation);
	for (size_t i = 0; i < 3; i++) { /* the origin, a and b */
		memcpy(bytes, made_author[i].birth.first_key.b, 32);
		memcpy(bytes + 32, made_author[i].birth.next_hash.b, 32);
		memcpy(bytes + 64, made_author[i].birth.nonce, 16);
		assert_int_equal(viz_evidence_add_author(e, bytes), VIZ_OK);
	}
	return e;
}

static void put(struct viz_evidence *e, const struct viz_record *rec)
{
	assert_int_equal(viz_evidence_add(e, rec->bytes - 64, rec->len + 64), VIZ_OK);
}

static bool shows(struct viz_evidence *e, const struct viz_id *about)
{
	size_t bad;
	int err;

	e->about = *about;
	err = viz_evidence_check(e, &bad);
	assert_int_not_equal(err, VIZ_ERR_AUTH);
	return err == VIZ_OK;
}

/* Finds what the breach is about: an author, a record, the digest of the view, or a type. */
static void find_about(struct viz_evidence *e)
{
	struct viz_id type = {{VIZ_TYPE_PARTNERS}}, id;

	if (shows(e, &origin) || shows(e, &a) || shows(e, &b) || shows(e, &view_digest) ||
	    shows(e, &type) || shows(e, &unseen_offer))
		return;
	for (size_t i = 0; i < made_count; i++) {
		viz_ids_record(&id, &e->federation_id, &made[i].rec);
		if (shows(e, &id))
			return;
	}
	fail_msg("rule %d: not shown", (int)e->rule);
}

/* The view, with the items of one author and their records. */
static void put_view(struct viz_evidence *e, const struct viz_case *c, const struct viz_id *of)
{
	memcpy(e->view, view_hash, sizeof view_hash);
	e->view_count = view_hash_count;
	e->items.author = *of;
	e->items.list.count = items_of(c, e->items.list.item, of);
	for (size_t i = 0; i < c->view_count; i++)
		if (viz_id_eq(&c->view[i].author, of) && !c->view[i].dead)
			put(e, &c->view[i].rec);
}

static void put_next(struct viz_evidence *e, const struct viz_case *c)
{
	put(e, c->next);
	memcpy(e->stub, c->stub, c->stub_count * sizeof *c->stub);
	e->stub_count = c->stub_count;
	e->stub_log = LOG;
	e->stub_number = 5;
}

/* The records of the rule, of an offer with this breach. */
static struct viz_evidence *of_case(enum breach how, enum viz_rule rule)
{
	static const uint8_t acks[] = {[VIZ_RULE_OMITTED_ACKNOWLEDGED] = VIZ_TYPE_COVERAGE_ACK,
				       [VIZ_RULE_PLEDGE_DROPPED] = VIZ_TYPE_PLEDGE_ACK,
				       [VIZ_RULE_REVEAL_DROPPED] = VIZ_TYPE_REVEAL_ACK,
				       [VIZ_RULE_LEASE_OUTLASTED] = VIZ_TYPE_LEASE,
				       [VIZ_RULE_PROOF_FALSE] = 0};
	struct viz_case c = make_case(how);
	struct viz_evidence *e = begin(rule, &origin);

	put(e, c.offer);
	put(e, &named_made->rec);
	if (rule == VIZ_RULE_OMITTED_ACKNOWLEDGED) {
		put(e, c.node);
		put(e, c.coverage);
	}
	if (rule >= VIZ_RULE_CLOSED_EARLY && rule <= VIZ_RULE_ORDER)
		put(e, c.close);
	if (rule >= VIZ_RULE_SALT && rule <= VIZ_RULE_CHOICE_ORDER)
		put(e, c.result);
	for (size_t i = 0; i < c.choice_count && rule >= VIZ_RULE_CHOICE_ORDER; i++)
		put(e, &c.choice[i]);
	for (size_t i = 0; i < c.statement_count; i++)
		if (acks[rule] != 0 && c.statement[i].type == acks[rule])
			put(e, &c.statement[i]);
	if (rule == VIZ_RULE_LEASE_OUTLASTED && c.next)
		put_next(e, &c);
	if (rule == VIZ_RULE_OMITTED || rule == VIZ_RULE_UNFOUNDED)
		put_view(e, &c, &b);
	if (rule == VIZ_RULE_OMITTED_ACKNOWLEDGED || how == FORGE_LATER)
		put_view(e, &c, &a);
	return e;
}

static struct made *node_of(int64_t time, const struct viz_id *names)
{
	static struct viz_node_body n;
	BODY(body);

	n = (struct viz_node_body){.partners = *names, .log = LOG};
	snprintf(n.name, sizeof n.name, "the origin");
	snprintf(n.cnpj, sizeof n.cnpj, "11222333000181");
	snprintf(n.version, sizeof n.version, "1");
	viz_node_body_write(&body, &n);
	return make(&origin, VIZ_TYPE_NODE, 0, time, &body);
}

/* An OFFER of the origin, the n-th of the day. a is asked under its turn 2. */
static struct made *offer_of(uint32_t number, int64_t time, uint32_t draw, const struct made *node,
			     uint64_t n)
{
	static struct viz_offer o;
	BODY(body);

	o = (struct viz_offer){.at = {LOG, number, {{0}}, number},
			       .node = node ? node->id : node_id,
			       .node_time = {time - 1000},
			       .partners = named_made->id,
			       .draw = draw,
			       .drawn = {time - 1000},
			       .closes = {time + 30000},
			       .area = {.municipality = CITY}};
	o.asked[o.asked_count++] = (struct viz_list_entry){A, 2, false};
	o.not_drawn[o.not_drawn_count++] = (struct viz_list_entry){B, 3, true};
	viz_offer_write(&body, &o);
	return make(&origin, VIZ_TYPE_OFFER, n << 8, time, &body);
}

static struct viz_evidence *two(enum viz_rule rule, const struct viz_id *accused,
				const struct made *x, const struct made *y)
{
	struct viz_evidence *e = begin(rule, accused);

	put(e, &x->rec);
	put(e, &y->rec);
	return e;
}

static struct viz_evidence *of_partners(enum viz_rule rule)
{
	struct viz_partner_entry entry = since(&a, 1000);
	struct made *older, *newer;

	previous = (struct viz_id){{0}};
	older = partners(&origin, OFFERED, 1, &entry);
	if (rule == VIZ_RULE_EQUIVOCATION)
		return two(rule, &origin, older, partners(&origin, OFFERED, 0, &entry));
	previous = older->id;
	if (rule == VIZ_RULE_PARTNER_DATES) /* a is gone without a removal */
		return two(rule, &origin, older, partners(&origin, OFFERED + 7, 0, &entry));
	newer = partners(&origin, OFFERED + 7, 1, &entry);
	return two(rule, &origin, newer, node_of(OFFERED + 8, &older->id));
}

/* The customer's proof says that b was asked first. */
static struct viz_evidence *of_proof(void)
{
	struct viz_evidence *e = of_case(NONE, VIZ_RULE_PROOF_FALSE);
	struct viz_proof p = {.text_version = "1", .asked_count = 2, .asked = {b, a}};
	BODY(body);

	viz_ids_record(&p.offer, &e->federation_id, &e->record[0]);
	viz_proof_write(&body, &p);
	signing_seq = 0;
	put(e, &make(&origin, VIZ_TYPE_PROOF, e->record[0].slot, CLOSES + 1, &body)->rec);
	signing_seq = -1;
	return e;
}

static struct viz_evidence *of_log(enum viz_rule rule)
{
	static struct viz_close close;
	struct viz_evidence *e;
	struct made *x, *y;
	BODY(body);

	switch ((int)rule) {
	case VIZ_RULE_NODE_FALSE:
		y = node_of(OFFERED, &named_made->id); /* the OFFER says another time */
		return two(rule, &origin, offer_of(1, OFFERED + 5, 5, y, 0), y);
	case VIZ_RULE_LOG_MIXED:
		x = offer_of(1, OFFERED, 5, NULL, 0);
		close =
		    (struct viz_close){.at = {LOG + 1, 2, {{0}}, 1}, .offer = x->id, .count = 1};
		viz_close_write(&body, &close);
		return two(rule, &origin, x, make(&origin, VIZ_TYPE_CLOSE, 0, OFFERED + 5, &body));
	case VIZ_RULE_LOG_FORK:
		return two(rule, &origin, offer_of(1, OFFERED, 5, NULL, 0),
			   offer_of(1, OFFERED + 1, 6, NULL, 1));
	case VIZ_RULE_LOG_ORDER:
		return two(rule, &origin, offer_of(1, OFFERED + 1, 5, NULL, 0),
			   offer_of(2, OFFERED, 6, NULL, 1));
	default: /* of two draws */
		x = offer_of(1, OFFERED, 5, NULL, 0);
		y = offer_of(2, OFFERED + 5, rule == VIZ_RULE_DRAW_DOUBLE ? 5 : 6, NULL, 1);
		e = two(rule, &origin, x, y);
		put(e, &named_made->rec);
		return e;
	}
}

static struct viz_evidence *of_pledges(void)
{
	struct made *first = make_pledge(&a, &unseen_offer, &proposal[0], VIZ_ANSWER_YES);

	return two(VIZ_RULE_TWO_PLEDGES, &a, first,
		   make_pledge(&a, &unseen_offer, &proposal[1], VIZ_ANSWER_YES));
}

const struct plant_breach plant_breaches[] = {
    {VIZ_RULE_EQUIVOCATION, NONE},
    {VIZ_RULE_PARTNER_DATES, NONE},
    {VIZ_RULE_PARTNER_BACKDATED, NONE},
    {VIZ_RULE_NODE_FALSE, NONE},
    {VIZ_RULE_NODE_STALE, OLD_NODE_NAMED},
    {VIZ_RULE_LOG_FORK, NONE},
    {VIZ_RULE_LOG_ORDER, NONE},
    {VIZ_RULE_LOG_MIXED, NONE},
    {VIZ_RULE_DRAW_DOUBLE, NONE},
    {VIZ_RULE_DRAW_SHORT, DRAW_FEWER},
    {VIZ_RULE_DRAW_TURN, SKIP_TURN},
    {VIZ_RULE_TURN_FALSE, NONE},
    {VIZ_RULE_NEWCOMER_FALSE, UNMARK_A},
    {VIZ_RULE_OMITTED, OMIT_B},
    {VIZ_RULE_OMITTED_ACKNOWLEDGED, OMIT_ACKNOWLEDGED},
    {VIZ_RULE_UNFOUNDED, LIST_STRANGER},
    {VIZ_RULE_FALSE_REASON, CALL_B_BLOCKED},
    {VIZ_RULE_ASKED_OUTSIDE, ASK_B_OUTSIDE},
    {VIZ_RULE_CLOSED_EARLY, CLOSE_EARLY},
    {VIZ_RULE_PLEDGE_FORGED, FORGE_PLEDGE},
    {VIZ_RULE_PLEDGE_FORGED, FORGE_LATER},
    {VIZ_RULE_PLEDGE_FORGED, OTHER_SIGNER},
    {VIZ_RULE_PLEDGE_DROPPED, DROP_PLEDGE},
    {VIZ_RULE_CLOSE_ENTRIES, OTHER_OFFER},
    {VIZ_RULE_TWO_PLEDGES, NONE},
    {VIZ_RULE_SALT, OTHER_SALT},
    {VIZ_RULE_RESULT_FALSE, OTHER_CLOSE},
    {VIZ_RULE_REVEAL_FALSE, FALSE_REVEAL},
    {VIZ_RULE_REVEAL_DROPPED, DROP_REVEAL},
    {VIZ_RULE_RESULT_EARLY, EARLY_RESULT},
    {VIZ_RULE_ORDER, OTHER_ORDER},
    {VIZ_RULE_CHOICE_ORDER, CHOICE_AFTER_NONE},
    {VIZ_RULE_LEASE_OUTLASTED, LEASE_RUNS},
    {VIZ_RULE_LEASE_OUTLASTED, NEXT_AFTER_NONE},
    {VIZ_RULE_PROOF_FALSE, NONE},
};
const size_t plant_breach_count = sizeof plant_breaches / sizeof *plant_breaches;

struct viz_evidence *plant_evidence(enum viz_rule rule, enum breach how)
{
	struct viz_evidence *e;

	if (how != NONE) {
		e = of_case(how, rule);
	} else if (rule == VIZ_RULE_PROOF_FALSE) {
		e = of_proof();
	} else {
		make_case(NONE); /* for its PARTNERS */
		e = rule <= VIZ_RULE_PARTNER_BACKDATED ? of_partners(rule)
		    : rule == VIZ_RULE_TWO_PLEDGES     ? of_pledges()
						       : of_log(rule);
	}
	find_about(e);
	return e;
}

/* A PROTEST of a about the offer, or the origin's reply to one. */
static struct made *protest(const struct viz_id *by, const struct viz_id *offer,
			    const struct viz_id *answers)
{
	struct viz_protest p = {.origin = origin,
				.node = node_id,
				.node_time = {OFFERED - 1000},
				.partners = named_id,
				.has_offer = !answers,
				.kind = answers ? VIZ_PROTEST_REPLY : VIZ_PROTEST_VIEW,
				.reply_count = answers != NULL};
	BODY(body);

	memcpy(p.offer, offer->b, sizeof p.offer);
	if (answers)
		p.reply[0] = (struct viz_protest_reply){*answers, VIZ_PROTEST_FAILED};
	viz_protest_write(&body, &p);
	return make(by, VIZ_TYPE_PROTEST, (uint64_t)(answers ? 32 : 0) << 8, OFFERED + 60000,
		    &body);
}

static int add_reply(struct viz_evidence *e, const struct made *m)
{
	return viz_evidence_add_reply(e, m->bytes, m->rec.len + 64);
}

int plant_protest(struct viz_evidence *e, struct viz_id *id, const struct viz_id *offer)
{
	struct made *m = protest(&a, offer, NULL);

	*id = m->id;
	return add_reply(e, m);
}

int plant_reply(struct viz_evidence *e, const struct viz_id *offer, const struct viz_id *to)
{
	return add_reply(e, protest(&origin, offer, to));
}

int plant_empty(struct viz_evidence *e, uint8_t type)
{
	struct made *m;
	BODY(body);

	viz_writer_array(&body, 0);
	m = make(&origin, type, e->record[0].slot, OFFERED, &body);
	return viz_evidence_add(e, m->bytes, m->rec.len + 64);
}
