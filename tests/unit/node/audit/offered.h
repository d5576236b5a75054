/* An honest offer of the origin to a and b, with one breach planted in it: for the tests of the
 * rules and of evidence. A test program includes this once. */
#ifndef VIZ_TESTS_OFFERED_H
#define VIZ_TESTS_OFFERED_H

#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "node/audit/rules.h"
#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/unit/node/audit/breach.h"
#include "tests/unit/node/audit/made.h"

#define DRAWN  (OFFERED - 60000)
#define CLOSES (OFFERED + 30000)
#define CITY   3201209

enum { A, B, BLOCKED }; /* their indices in the origin's PARTNERS */
static struct viz_rules_key pledge_key[2];
static struct viz_id view_digest, view_hash[3];
static size_t view_hash_count;
static struct made *named_made; /* the PARTNERS that OFFER names */
static const struct viz_secret salt = {{8}};

/* The proposals of a and b. Their pledges commit to these values, and RESULT opens them. */
struct proposal {
	struct viz_id nonce, blinded;
};

static enum breach breach;
static struct viz_rules_item view[12];
static struct viz_partners named;
static struct viz_id node_id, named_id;
static struct viz_record pledge[2], choice[2], statement[4];
static struct viz_stub stub[2];
static const struct proposal proposal[2] = {{{{10}}, {{11}}}, {{{12}}, {{13}}}};

static struct made *coverage(const struct viz_id *author, int64_t time)
{
	static struct viz_coverage c;
	BODY(body);

	c.technology = VIZ_TECH_FIBER;
	c.municipality[0] = CITY;
	c.municipality_count = 1;
	viz_coverage_write(&body, &c);
	return make(author, VIZ_TYPE_COVERAGE, 0, time, &body);
}

static void put_item(struct viz_case *c, const struct viz_record *rec)
{
	view[c->view_count++] =
	    (struct viz_rules_item){rec->author, rec->type, rec->slot, false, *rec};
}

/* A SUCCESSION or REVOCATION of b. The rules do not read its body. */
static void put_key_item(struct viz_case *c, uint8_t type, uint64_t slot)
{
	view[c->view_count++] = (struct viz_rules_item){.author = b, .type = type, .slot = slot};
}

static struct made *succession(const struct viz_id *author)
{
	const struct made_author *x = made_by(author);
	struct viz_succession s = {.key = x->key[1].pub};
	struct made *m;
	BODY(body);

	viz_id_next_hash(&s.next_hash, &x->key[2].pub);
	viz_succession_write(&body, &s);
	signing_key = 1; /* a SUCCESSION is signed by the key that it brings */
	signing_seq = 1;
	m = make(author, VIZ_TYPE_SUCCESSION, 1, OFFERED - 2 * VIZ_DAY_MS, &body);
	signing_seq = -1;
	return m;
}

static struct viz_time drawn_at(void)
{
	return (struct viz_time){breach == ASK_B_OUTSIDE ? OFFERED - 2 * VIZ_DAY_MS : DRAWN};
}

/* The items of an author in the view; returns how many. */
static size_t items_of(const struct viz_case *c, struct viz_view_item *out,
		       const struct viz_id *author)
{
	struct viz_id id;
	size_t n = 0;

	viz_ids_federation(&id, &federation);
	for (size_t i = 0; i < c->view_count; i++) {
		const struct viz_rules_item *x = &c->view[i];

		if (!viz_id_eq(&x->author, author))
			continue;
		out[n] = (struct viz_view_item){
		    .type = x->type, .slot = x->slot, .seq = x->rec.seq, .has_id = !x->dead};
		if (x->rec.bytes)
			viz_ids_record(&out[n].id, &id, &x->rec);
		n++;
	}
	return n;
}

/* The digest that OFFER has of the view. */
static void hash_view(const struct viz_case *c)
{
	struct viz_id author[VIZ_PARTNERS_MAX], id[12];
	struct viz_view_item item[12];

	view_hash_count =
	    viz_partners_in_force(author, &named, drawn_at(), federation.partner_delay_ms);
	for (size_t i = 0; i < view_hash_count; i++) {
		size_t n = items_of(c, item, &author[i]);

		for (size_t k = 0; k < n; k++) {
			struct viz_record place = {.author = author[i],
						   .type = item[k].type,
						   .slot = item[k].slot,
						   .seq = item[k].seq};

			viz_ids_item(&id[k], &place, &item[k].id, !item[k].has_id);
		}
		viz_ids_author_items(&view_hash[i], &author[i], 1, id, n);
	}
	viz_ids_view(&view_digest, drawn_at(), view_hash->b, view_hash_count);
}

/* When the NODE was signed that the OFFER names. */
static struct viz_time node_at(void)
{
	return (struct viz_time){breach == ASK_B_UNKNOWN_TO_NODE ? DRAWN - 1000 : OFFERED - 1000};
}

/* The NODE of the origin that the OFFER names. */
static struct viz_record *make_node(int64_t start)
{
	static struct viz_node_body n;
	struct made *m;
	BODY(body);

	n = (struct viz_node_body){
	    .partners = named_id,
	    .log = LOG + (breach == OMIT_ACKNOWLEDGED_IN_OTHER_LOG),
	    .start = {breach == OMIT_ACKNOWLEDGED_BEFORE_START ? DRAWN : start}};
	snprintf(n.name, sizeof n.name, "the origin");
	snprintf(n.version, sizeof n.version, "1");
	viz_node_body_write(&body, &n);
	m = make(&origin, VIZ_TYPE_NODE, 0, node_at().ms, &body);
	node_id = m->id;
	return &m->rec;
}

/* The origin's partners a, b and the blocked one. All have coverage of the city. */
static void make_view(struct viz_case *c)
{
	const struct viz_id *const all[] = {&a, &b, &blocked};
	struct viz_partner_entry theirs[3], ours = since(&origin, 0);

	for (size_t i = 0; i < 3; i++) {
		bool hidden =
		    i == 0 && breach >= OMIT_ACKNOWLEDGED && breach <= OMIT_UNSEEN_FOR_A_DAY;

		theirs[i] = since(all[i], OFFERED - 5 * VIZ_DAY_MS);
		if (i == 0 && breach == OMIT_NEW_A)
			theirs[i].added.ms = OFFERED - VIZ_HOUR_MS;
		ours.added.ms = i == 1 && breach == OMIT_NEW_B ? OFFERED - VIZ_HOUR_MS
							       : OFFERED - 5 * VIZ_DAY_MS;
		if (i == 1 && breach == ASK_B_UNKNOWN_TO_NODE)
			ours.added.ms = DRAWN - federation.partner_delay_ms;
		if (i == 1 && breach == OMIT_B_OF_ENDED_KEY)
			put_key_item(c, VIZ_TYPE_SUCCESSION, 1);
		if (i == 1 && breach == OMIT_B_REVOKED)
			put_key_item(c, VIZ_TYPE_REVOCATION, 0);
		if (i == 0 && (breach == FORGE_LATER || breach == LATER_KEY)) {
			put_item(c, &succession(all[i])->rec);
		}
		put_item(c, &partners(all[i], OFFERED - VIZ_DAY_MS, 1, &ours)->rec);
		if (!hidden)
			put_item(c, &coverage(all[i], OFFERED - VIZ_DAY_MS)->rec);
		if (i == 0 && breach == OMIT_ACKNOWLEDGED_AT_DEAD_PLACE)
			put_item(c, &coverage(all[i], OFFERED - VIZ_DAY_MS)->rec);
		if ((i == 1 && breach == OMIT_B_OF_DEAD_PLACE) ||
		    (i == 0 && breach == OMIT_ACKNOWLEDGED_AT_DEAD_PLACE))
			view[c->view_count - 1].dead = true;
		signing_key = 0;
	}
	theirs[2].removed.ms = OFFERED - VIZ_HOUR_MS;
	if (breach == OLD_NODE_NAMED)
		theirs[2].removed.ms = OFFERED - VIZ_DAY_MS - 500;
	if (breach == ASK_B_OUTSIDE) {
		theirs[1].removed.ms = OFFERED - 30 * VIZ_HOUR_MS;
		theirs[2].removed.ms = OFFERED - 49 * VIZ_HOUR_MS;
	}
	named_made = partners(&origin, OFFERED - VIZ_HOUR_MS, 3, theirs);
	named_id = named_made->id;
	named.count = 3;
	named.log = LOG;
	memcpy(named.entry, theirs, sizeof theirs);
	c->named = &named;
	c->view = view;
	c->node = make_node(theirs[0].added.ms);
	hash_view(c);
}

/* The coverage that a has published and the origin has acknowledged. */
static void make_coverage(struct viz_case *c)
{
	struct made *own =
	    coverage(&a, OFFERED - (breach == OMIT_UNSEEN_FOR_A_DAY ? 1 : 20) * VIZ_DAY_MS);
	struct viz_coverage_ack ack = {.publisher = a, .coverage = own->id};
	int64_t when = DRAWN - (breach == OMIT_ACKNOWLEDGED_LONG_AGO ? 10 * VIZ_DAY_MS : 1) +
		       (breach == OMIT_ACKNOWLEDGED_AFTER ? 2 : 0);
	BODY(body);

	c->self = a;
	c->coverage = &own->rec;
	c->coverage_count = 1;
	viz_coverage_ack_write(&body, &ack);
	if (breach < OMIT_UNSEEN || breach > OMIT_UNSEEN_FOR_A_DAY)
		statement[c->statement_count++] =
		    make(&origin, VIZ_TYPE_COVERAGE_ACK, 0, when, &body)->rec;
}

static struct made *make_offer(void)
{
	static struct viz_offer o;
	struct viz_secret blinding = salt;
	BODY(body);

	o = (struct viz_offer){.at = {LOG, 1, {{0}}, 1},
			       .node = node_id,
			       .node_time = node_at(),
			       .partners = named_id,
			       .draw = 9,
			       .drawn = drawn_at(),
			       .closes = {CLOSES},
			       .view = view_digest,
			       .area = {.municipality = CITY}};
	if (breach < OMIT_ACKNOWLEDGED || breach > OMIT_UNSEEN_FOR_A_DAY)
		o.asked[o.asked_count++] =
		    (struct viz_list_entry){A, breach == UNMARK_A ? 0 : 3, false};
	if (breach < OMIT_NEW_B || breach == LIST_STRANGER || breach > CALL_B_SILENT)
		o.asked[o.asked_count++] = (struct viz_list_entry){B, 4, true};
	if (breach == LIST_STRANGER)
		o.asked[o.asked_count++] = (struct viz_list_entry){BLOCKED + 1, 5, false};
	if (breach == NOT_DRAW_B || breach == DRAW_FEWER || breach == SKIP_TURN)
		o.not_drawn[o.not_drawn_count++] = o.asked[--o.asked_count];
	if (breach == STRIKE_B)
		o.struck[o.struck_count++] = o.asked[--o.asked_count];
	if (breach == SKIP_TURN)
		o.asked[0].turn = 5;
	if (breach == CALL_B_BLOCKED)
		o.blocked[o.blocked_len++] = B;
	o.blocked[o.blocked_len++] = BLOCKED;
	if (breach == CALL_B_SILENT)
		o.silent[o.silent_len++] = B;
	blinding.b[1] = breach == OTHER_SALT;
	viz_commitment(&o.order_commit, "vizinho/order-salt", &blinding, NULL, 0);
	viz_offer_write(&body, &o);
	return make(&origin, VIZ_TYPE_OFFER, 0, OFFERED, &body);
}

static struct made *make_pledge(const struct viz_id *author, const struct viz_id *offer,
				const struct proposal *promised, enum viz_answer answer)
{
	struct viz_pledge p = {.offer = *offer, .answer = answer};
	struct made *m;
	BODY(body);

	if (viz_pledge_promises(answer))
		viz_commitment_pledge(&p.commitment, offer, author, &promised->blinded,
				      promised->nonce.b);
	viz_pledge_write(&body, &p);
	signing_key = breach == UNKNOWN_KEY ? 2 : breach == FORGE_LATER || breach == LATER_KEY;
	m = make(author, VIZ_TYPE_PLEDGE, viz_record_slot_make((struct viz_time){OFFERED}, 0),
		 OFFERED + 5000, &body);
	signing_key = 0;
	if (breach == FORGE_LATER)
		viz_sign(&m->rec.sig, &made_by(author)->key[0], &m->id);
	m->rec.sig.b[0] ^= breach == FORGE_PLEDGE;
	memcpy(m->bytes, m->rec.sig.b, sizeof m->rec.sig.b);
	return m;
}

static struct made *make_close(const struct made *offer, const struct made *of_a,
			       const struct made *of_b)
{
	static struct viz_close close;
	BODY(body);

	close = (struct viz_close){.at = {LOG, 2, {{0}}, 1}, .offer = offer->id, .count = 2};
	close.count -= breach == ONE_ENTRY_LESS;
	close.entry[0].answered = breach != DROP_PLEDGE && breach != CLOSE_EARLY;
	close.entry[1].answered = true;
	memcpy(close.entry[0].pledge, of_a->bytes, VIZ_PLEDGE_SIGNED);
	memcpy(close.entry[1].pledge, of_b->bytes, VIZ_PLEDGE_SIGNED);
	viz_close_write(&body, &close);
	return make(&origin, VIZ_TYPE_CLOSE, 0, breach == CLOSE_EARLY ? CLOSES - 1 : CLOSES, &body);
}

static struct made *make_result(const struct made *offer, const struct made *close,
				const struct made *of_a, const struct made *of_b)
{
	static struct viz_result r;
	struct viz_commitment_item item[2] = {{.pledge = of_a->id}, {.pledge = of_b->id}};
	bool withdrawn = breach >= WITHDRAWN && breach <= CHOICE_AFTER_WITHDRAWAL;
	BODY(body);

	r = (struct viz_result){.at = {LOG, 3, {{0}}, 1},
				.offer = offer->id,
				.close = close->id,
				.kind = withdrawn ? VIZ_RESULT_WITHDRAWN : VIZ_RESULT_ORDER,
				.salt = salt,
				.count = breach == ONE_ENTRY_LESS ? 1 : 2};
	r.entry[0].revealed = breach != DROP_REVEAL && breach != NO_REVEAL &&
			      breach != EARLY_RESULT && breach != DROP_PLEDGE &&
			      breach != CLOSE_EARLY;
	r.entry[1].revealed = breach != OTHER_SIGNER && breach != OTHER_OFFER;
	for (size_t i = 0; i < r.count; i++) {
		item[i].revealed = r.entry[i].revealed;
		item[i].nonce = r.entry[i].nonce = proposal[i].nonce;
		r.entry[i].blinded = proposal[i].blinded;
	}
	r.entry[1].blinded.b[1] = breach == FALSE_REVEAL;
	r.order_len = viz_commitment_order(r.order, &offer->id, &close->id, &salt, item, r.count);
	r.order[0] ^= breach == OTHER_ORDER;
	r.order[1] ^= breach == OTHER_ORDER;
	if (breach == TWICE_IN_ORDER)
		r.order[1] = r.order[0];
	r.close.b[0] ^= breach == OTHER_CLOSE;
	if (withdrawn && breach != WITHDRAWN_WITH_ORDER)
		r.order_len = 0;
	viz_result_write(&body, &r);
	return make(&origin, VIZ_TYPE_RESULT, 0, CLOSES + (breach == EARLY_RESULT ? 1 : 40000),
		    &body);
}

static struct made *make_choice(struct viz_case *c, const struct made *offer, uint64_t k,
				uint32_t number, const struct viz_id *commitment)
{
	struct viz_choice body_of = {.at = {LOG, number, {{0}}, 1},
				     .offer = offer->id,
				     .what = commitment ? VIZ_CHOICE_AWARD : VIZ_CHOICE_NONE,
				     .commitment = commitment ? *commitment : (struct viz_id){{0}}};
	struct made *m;
	BODY(body);

	body_of.has_opening = k == 2 && (breach == LEASE_OPENED || breach == LEASE_OPENED_FALSELY ||
					 breach > LEASE_OPENED_FALSELY);
	if (body_of.has_opening)
		memcpy(body_of.opening, salt.b, sizeof body_of.opening);
	body_of.opening[0] ^= breach == LEASE_OPENED_FALSELY;
	viz_choice_write(&body, &body_of);
	m = make(&origin, VIZ_TYPE_CHOICE, k, CLOSES + 50000, &body);
	choice[c->choice_count++] = m->rec;
	return m;
}

/* A LEASE of award 1 that is over when CHOICE 2 is made, or is not. */
static void make_lease(struct viz_case *c, const struct made *offer)
{
	struct viz_lease lease = {.granted = breach != LEASE_NOT_GRANTED, .asked = {1}};
	struct made *m;
	BODY(body);

	viz_commitment_release(&lease.hash, salt.b);
	if (lease.granted) {
		lease.left_ms = 1;
		lease.until = (struct viz_time){CLOSES + 50000 +
						(breach != LEASE_OVER && breach != NEXT_LATER)};
	}
	viz_lease_write(&body, &lease);
	signing_seq = breach == LEASE_OF_AWARD_2 ? 2 : 1;
	m = make(&origin, VIZ_TYPE_LEASE, offer->rec.slot, CLOSES + 49000, &body);
	signing_seq = -1;
	statement[c->statement_count++] = m->rec;
}

/* Another OFFER, number 7 of the log, and the stubs of 5 (CHOICE 1) and 6. */
static void make_next(struct viz_case *c, const struct made *offer, const struct made *first,
		      const struct made *second)
{
	struct viz_position at = {LOG, 5, {{0}}, 1};
	struct viz_offer *o = calloc(1, sizeof *o);
	struct viz_id value;
	BODY(body);

	assert_int_equal(viz_offer_parse(o, &offer->rec), VIZ_OK);
	stub[0] = (struct viz_stub){1, VIZ_TYPE_CHOICE, first->rec.slot, first->id};
	stub[1] = (struct viz_stub){4, VIZ_TYPE_CLOSE, 7, {{4}}};
	if (second)
		stub[1] = (struct viz_stub){1, VIZ_TYPE_CHOICE, second->rec.slot, second->id};
	for (size_t i = 0; i < 2; i++) {
		at.offer = stub[i].offer;
		viz_ids_log(&value, &at, stub[i].type, stub[i].slot, &stub[i].id);
		at.before = value;
		at.number++;
	}
	at.offer = at.number;
	at.log += breach == NEXT_OF_OTHER_LOG;
	o->at = at;
	o->draw++;
	o->has_previous = true;
	o->previous = offer->id;
	o->previous.b[0] ^= breach == NEXT_NAMES_ANOTHER;
	o->has_opening = breach == NEXT_OPENED || breach == NEXT_OPENED_FALSELY;
	memcpy(o->opening, salt.b, sizeof o->opening);
	o->opening[0] ^= breach == NEXT_OPENED_FALSELY;
	viz_offer_write(&body, o);
	c->next = &make(&origin, VIZ_TYPE_OFFER, 1 << 8, CLOSES + 50000, &body)->rec;
	c->stub = breach == NEXT_OF_SHORT_LOG ? stub + 1 : stub;
	c->stub_count = breach == NEXT_OF_SHORT_LOG ? 1 : 2;
	stub[1].id.b[0] ^= breach == NEXT_OF_FALSE_LOG;
	if (breach == NEXT_AFTER_UNSEEN)
		c->choice_count = 1;
	free(o);
}

/* CHOICE 1 of a, and what the breach has beside it. */
static void make_choices(struct viz_case *c, const struct made *offer)
{
	struct made *first, *second = NULL;
	struct viz_id commitment;

	viz_commitment_choice(&commitment, &salt, &offer->id, 1, &a);
	if (breach == CHOICE_AFTER_NONE)
		make_choice(c, offer, 1, 4, NULL);
	first = make_choice(c, offer, 1 + c->choice_count, breach == CHOICE_BEFORE_RESULT ? 2 : 5,
			    &commitment);
	if (breach >= NONE_BEFORE_CHOICE && breach <= LEASE_OPENED_FALSELY)
		make_choice(c, offer, 2, breach == NONE_BEFORE_CHOICE ? 4 : 6, NULL);
	if (breach == NEXT_AFTER_AWARD || breach == NEXT_AFTER_UNSEEN || breach == NEXT_AFTER_NONE)
		second =
		    make_choice(c, offer, 2, 6, breach == NEXT_AFTER_NONE ? NULL : &commitment);
	if (breach >= LEASE_OVER)
		make_lease(c, offer);
	if (breach >= NEXT_LATER)
		make_next(c, offer, first, second);
}

static void make_ack(struct viz_case *c, uint8_t type, const struct made *offer,
		     const struct made *pledged)
{
	struct viz_offer_ack ack = {.offer = offer->id, .pledge = pledged->id};
	struct made *m;
	BODY(body);

	viz_offer_ack_write(&body, &ack);
	signing_seq = 0; /* a's position */
	m = make(&origin, type, offer->rec.slot, OFFERED, &body);
	signing_seq = -1;
	statement[c->statement_count++] = m->rec;
}

/* Makes an offer of the origin to a and b, with the breach `how`. a asks for the judgement. */
static struct viz_case make_case(enum breach how)
{
	struct viz_case c = {.federation = &federation,
			     .choice = choice,
			     .statement = statement,
			     .pledge_key = pledge_key,
			     .pledge_key_count = 2};
	const struct viz_id elsewhere = {{21}};
	struct made *offer, *close, *of_a, *of_b;
	bool no;

	breach = how;
	made_count = 0;
	federation.ask_max = breach == NOT_DRAW_B || breach == SKIP_TURN ? 1 : 5;
	made_begin();
	pledge_key[0] = (struct viz_rules_key){a, 0, made_by(&a)->key[0].pub};
	pledge_key[1] = (struct viz_rules_key){a, 1, made_by(&a)->key[1].pub};
	no = breach == OTHER_SIGNER || breach == OTHER_OFFER || breach == REVEAL_OF_NO;
	make_view(&c);
	make_coverage(&c);
	offer = make_offer();
	of_a = make_pledge(&a, &offer->id, &proposal[0], VIZ_ANSWER_YES);
	of_b = make_pledge(breach == OTHER_SIGNER ? &stranger : &b,
			   breach == OTHER_OFFER ? &elsewhere : &offer->id, &proposal[1],
			   no ? VIZ_ANSWER_NO : VIZ_ANSWER_ANALYSIS);
	close = make_close(offer, of_a, of_b);
	pledge[0] = of_a->rec;
	pledge[1] = of_b->rec;
	c.offer = &offer->rec;
	if (breach == NONE || breach >= CLOSE_EARLY) /* the others have other lists */
		c.close = &close->rec;
	c.result = &make_result(offer, close, of_a, of_b)->rec;
	if (breach != CLOSE_EARLY)
		make_ack(&c, VIZ_TYPE_PLEDGE_ACK, offer, of_a);
	if (breach == DROP_REVEAL || breach == NONE || breach == NO_REVEAL)
		make_ack(&c, VIZ_TYPE_REVEAL_ACK, offer, breach == NO_REVEAL ? of_b : of_a);
	if (breach >= CHOICE_AFTER_WITHDRAWAL || breach == NONE)
		make_choices(&c, offer);
	return c;
}

#endif
