/* The rules of neutrality without a node. Each case is an honest offer with one breach planted
 * in it. This program is linked with the rules, proto and crypto alone. */
#include "tests/unit/unit.h"

#include "crypto/crypto.h"
#include "crypto/rng.h"
#include "crypto/sign.h"
#include "node/audit/rules.h"
#include "node/core/ids.h"
#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/unit/node/audit/made.h"

#define DRAWN  (OFFERED - 60000)
#define CLOSES (OFFERED + 30000)
#define CITY   3201209

enum breach {
	NONE,
	OMIT_NEW_B, /* no breach: b lists the origin for only an hour */
	OMIT_B,
	LIST_STRANGER,
	CALL_B_BLOCKED,
	OMIT_B_OF_ENDED_KEY,  /* no breach: the key of b's COVERAGE has ended in the view */
	OMIT_B_OF_DEAD_PLACE, /* no breach: the place of b's COVERAGE is dead in the view */
	OMIT_B_REVOKED,       /* no breach: b's newest key is revoked in the view */
	CALL_B_SILENT,        /* no breach */
	OLD_NODE_NAMED,       /* an entry ended since the named NODE */
	/* a is in no list, and its coverage is not in the view */
	OMIT_ACKNOWLEDGED,
	OMIT_ACKNOWLEDGED_LONG_AGO,
	OMIT_ACKNOWLEDGED_BEFORE_START, /* of the process that signed the OFFER */
	OMIT_ACKNOWLEDGED_IN_OTHER_LOG,
	OMIT_ACKNOWLEDGED_AT_DEAD_PLACE, /* no breach: the place is dead in the view */
	OMIT_ACKNOWLEDGED_AFTER,         /* no breach: acknowledged after the draw */
	OMIT_NEW_A,                      /* no breach: the origin lists a for only an hour */
	OMIT_UNSEEN,
	OMIT_UNSEEN_FOR_A_DAY, /* no breach: the origin may not have seen it yet */
	NOT_DRAW_B,            /* no breach: one is asked, and it was a's turn */
	DRAW_FEWER,
	SKIP_TURN,
	UNMARK_A, /* a has never been drawn, and is no newcomer */
	ASK_B_OUTSIDE,
	STRIKE_B, /* no breach */
	CLOSE_EARLY,
	DROP_PLEDGE,
	FORGE_PLEDGE,   /* a's signature is not a's */
	FORGE_LATER,    /* a's signature by key 1 is by key 0 */
	LATER_KEY,      /* no breach: a's signature is by key 1 */
	UNKNOWN_KEY,    /* no breach: the view does not give it */
	OTHER_SIGNER,   /* a stranger's pledge at b's position */
	OTHER_OFFER,    /* b's pledge for another offer */
	ONE_ENTRY_LESS, /* b has no entry */
	OTHER_SALT,
	OTHER_CLOSE,
	FALSE_REVEAL,
	REVEAL_OF_NO, /* b said no */
	DROP_REVEAL,
	NO_REVEAL, /* no breach: a has not revealed in time */
	EARLY_RESULT,
	OTHER_ORDER,
	TWICE_IN_ORDER,
	WITHDRAWN, /* no breach: the customer withdrew and saw no order */
	WITHDRAWN_WITH_ORDER,
	CHOICE_AFTER_WITHDRAWAL,
	CHOICE_AFTER_NONE,
	CHOICE_BEFORE_RESULT, /* in the log */
	NONE_BEFORE_CHOICE,   /* likewise */
	NONE_AFTER_CHOICE,    /* no breach */
	/* likewise, and a has a LEASE of the award */
	LEASE_OVER,        /* no breach */
	LEASE_OPENED,      /* no breach: CHOICE 2 opens it */
	LEASE_NOT_GRANTED, /* no breach */
	LEASE_OF_AWARD_2,  /* no breach: CHOICE 3 is not here */
	LEASE_RUNS,
	LEASE_OPENED_FALSELY,
	/* a has a LEASE of award 1, and another OFFER names this one as previous */
	NEXT_LATER,         /* no breach: the lease is over */
	NEXT_OPENED,        /* no breach */
	NEXT_AFTER_AWARD,   /* no breach: CHOICE 2 opens the lease, and award 2 has none */
	NEXT_AFTER_UNSEEN,  /* no breach: CHOICE 2 is in the log and not here */
	NEXT_OF_SHORT_LOG,  /* no breach: the stub of CHOICE 1 is not here */
	NEXT_OF_FALSE_LOG,  /* no breach: the stubs do not chain */
	NEXT_OF_OTHER_LOG,  /* no breach */
	NEXT_NAMES_ANOTHER, /* no breach */
	NEXT_RUNS,
	NEXT_AFTER_NONE, /* CHOICE 2 opens it, OFFER does not */
	NEXT_OPENED_FALSELY,
	BREACHES,
};

static const struct viz_id blocked = {{4}}, stranger = {{5}};
enum { A, B, BLOCKED }; /* their indices in the origin's PARTNERS */
static struct viz_signer signer;
static struct viz_signer later; /* its key 1 */
static struct viz_rules_key pledge_key[2];
static const struct viz_id view_digest = {{9}};
static const struct viz_secret salt = {{8}};

/* The proposals of a and b. Their pledges commit to these values, and RESULT opens them. */
struct proposal {
	struct viz_id nonce, blinded;
};

static struct viz_rng rng;
static enum breach breach;
static struct viz_rules_item view[12];
static struct viz_partners named;
static struct viz_id node_id, named_id, previous; /* the latter is named by the next PARTNERS */
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
	m = make(&origin, VIZ_TYPE_NODE, 0, OFFERED - 1000, &body);
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
		if (i == 1 && breach == OMIT_B_OF_ENDED_KEY)
			put_key_item(c, VIZ_TYPE_SUCCESSION, 1);
		if (i == 1 && breach == OMIT_B_REVOKED)
			put_key_item(c, VIZ_TYPE_REVOCATION, 0);
		put_item(c, &partners(all[i], OFFERED - VIZ_DAY_MS, 1, &ours)->rec);
		if (!hidden)
			put_item(c, &coverage(all[i], OFFERED - VIZ_DAY_MS)->rec);
		if (i == 0 && breach == OMIT_ACKNOWLEDGED_AT_DEAD_PLACE)
			put_item(c, &coverage(all[i], OFFERED - VIZ_DAY_MS)->rec);
		if ((i == 1 && breach == OMIT_B_OF_DEAD_PLACE) ||
		    (i == 0 && breach == OMIT_ACKNOWLEDGED_AT_DEAD_PLACE))
			view[c->view_count - 1].dead = true;
	}
	theirs[2].removed.ms = OFFERED - VIZ_HOUR_MS;
	if (breach == OLD_NODE_NAMED)
		theirs[2].removed.ms = OFFERED - VIZ_DAY_MS - 500;
	if (breach == ASK_B_OUTSIDE) {
		theirs[1].removed.ms = OFFERED - 30 * VIZ_HOUR_MS;
		theirs[2].removed.ms = OFFERED - 49 * VIZ_HOUR_MS;
	}
	named_id = partners(&origin, OFFERED - VIZ_HOUR_MS, 3, theirs)->id;
	named.count = 3;
	named.log = LOG;
	memcpy(named.entry, theirs, sizeof theirs);
	c->named = &named;
	c->view = view;
	c->node = make_node(theirs[0].added.ms);
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

	o = (struct viz_offer){
	    .at = {LOG, 1, {{0}}, 1},
	    .node = node_id,
	    .node_time = {OFFERED - 1000},
	    .partners = named_id,
	    .draw = 9,
	    .drawn = {breach == ASK_B_OUTSIDE ? OFFERED - 2 * VIZ_DAY_MS : DRAWN},
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
	viz_sign(&m->rec.sig, breach == LATER_KEY ? &later : &signer, &m->id);
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
	m = make(&origin, VIZ_TYPE_LEASE, offer->rec.slot, CLOSES + 49000, &body);
	m->rec.seq = breach == LEASE_OF_AWARD_2 ? 2 : 1;
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
	c->next = &make(&origin, VIZ_TYPE_OFFER, 0, CLOSES + 50000, &body)->rec;
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
	m = make(&origin, type, offer->rec.slot, OFFERED, &body);
	m->rec.seq = 0; /* a's position */
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

static struct report judge(const struct viz_case *c)
{
	struct report r = {0};

	viz_rules_lists(c, found, &r);
	viz_rules_result(c, found, &r);
	viz_rules_choice(c, found, &r);
	return r;
}

static const struct {
	enum breach breach;
	enum viz_rule rule;
	enum viz_verdict verdict;
	const struct viz_id *about; /* NULL: `record` names it */
	enum { NO_RECORD, PLEDGE_A, PLEDGE_B, CLOSE, RESULT, CHOICE_1, CHOICE_2, NEXT } record;
} cases[] = {
#define PROVED VIZ_VERDICT_CONTRADICTION
    {OMIT_B, VIZ_RULE_OMITTED, PROVED, &b, NO_RECORD},
    {LIST_STRANGER, VIZ_RULE_UNFOUNDED, PROVED, &named_id, NO_RECORD},
    {DRAW_FEWER, VIZ_RULE_DRAW_SHORT, PROVED, &view_digest, NO_RECORD},
    {SKIP_TURN, VIZ_RULE_DRAW_TURN, PROVED, &view_digest, NO_RECORD},
    {UNMARK_A, VIZ_RULE_NEWCOMER_FALSE, PROVED, &view_digest, NO_RECORD},
    {ASK_B_OUTSIDE, VIZ_RULE_ASKED_OUTSIDE, PROVED, &b, NO_RECORD},
    {CALL_B_BLOCKED, VIZ_RULE_FALSE_REASON, PROVED, &b, NO_RECORD},
    {OLD_NODE_NAMED, VIZ_RULE_NODE_STALE, PROVED, &named_id, NO_RECORD},
    {OMIT_ACKNOWLEDGED, VIZ_RULE_OMITTED_ACKNOWLEDGED, PROVED, &a, NO_RECORD},
    {OMIT_ACKNOWLEDGED_LONG_AGO, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {OMIT_ACKNOWLEDGED_BEFORE_START, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {OMIT_ACKNOWLEDGED_IN_OTHER_LOG, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {OMIT_UNSEEN, VIZ_RULE_UNSEEN, VIZ_VERDICT_SUSPICION, &a, NO_RECORD},
    {CLOSE_EARLY, VIZ_RULE_CLOSED_EARLY, PROVED, NULL, CLOSE},
    {DROP_PLEDGE, VIZ_RULE_PLEDGE_DROPPED, PROVED, NULL, PLEDGE_A},
    {FORGE_PLEDGE, VIZ_RULE_PLEDGE_FORGED, PROVED, NULL, PLEDGE_A},
    {FORGE_LATER, VIZ_RULE_PLEDGE_FORGED, PROVED, NULL, PLEDGE_A},
    {OTHER_SIGNER, VIZ_RULE_PLEDGE_FORGED, PROVED, NULL, PLEDGE_B},
    {OTHER_OFFER, VIZ_RULE_CLOSE_ENTRIES, PROVED, NULL, PLEDGE_B},
    {ONE_ENTRY_LESS, VIZ_RULE_CLOSE_ENTRIES, PROVED, NULL, CLOSE},
    {OTHER_SALT, VIZ_RULE_SALT, PROVED, NULL, RESULT},
    {OTHER_CLOSE, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {REVEAL_OF_NO, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {TWICE_IN_ORDER, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {WITHDRAWN_WITH_ORDER, VIZ_RULE_RESULT_FALSE, PROVED, NULL, RESULT},
    {EARLY_RESULT, VIZ_RULE_RESULT_EARLY, PROVED, NULL, RESULT},
    {CHOICE_AFTER_WITHDRAWAL, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_1},
    {CHOICE_AFTER_NONE, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_2},
    {CHOICE_BEFORE_RESULT, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_1},
    {NONE_BEFORE_CHOICE, VIZ_RULE_CHOICE_ORDER, PROVED, NULL, CHOICE_2},
    {LEASE_RUNS, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, CHOICE_2},
    {LEASE_OPENED_FALSELY, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, CHOICE_2},
    {NEXT_RUNS, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, NEXT},
    {NEXT_AFTER_NONE, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, NEXT},
    {NEXT_OPENED_FALSELY, VIZ_RULE_LEASE_OUTLASTED, PROVED, NULL, NEXT},
    {FALSE_REVEAL, VIZ_RULE_REVEAL_FALSE, PROVED, NULL, PLEDGE_B},
    {DROP_REVEAL, VIZ_RULE_REVEAL_DROPPED, PROVED, NULL, PLEDGE_A},
    {OTHER_ORDER, VIZ_RULE_ORDER, PROVED, NULL, RESULT},
};

static bool is_breach(enum breach how)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (cases[i].breach == how)
			return true;
	return false;
}

/* All that are in no row of the table are no breach. */
static void an_honest_offer_is_in_order(void **state)
{
	(void)state;
	for (enum breach how = NONE; how < BREACHES; how++) {
		struct viz_case c = make_case(how);

		if (is_breach(how))
			continue;
		print_message("# no breach: %d\n", (int)how);
		assert_int_equal(judge(&c).count, 0);
	}
}

static void each_breach_is_found_as_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_case c = make_case(cases[i].breach);
		const struct viz_record *const records[] = {NULL,       &pledge[0], &pledge[1],
							    c.close,    c.result,   &choice[0],
							    &choice[1], c.next};
		struct viz_id about, id;
		struct report r = judge(&c);

		viz_ids_federation(&id, &federation);
		if (cases[i].about)
			about = *cases[i].about;
		else
			viz_ids_record(&about, &id, records[cases[i].record]);
		print_message("# breach %d\n", (int)cases[i].breach);
		assert_int_equal(r.count, 1);
		assert_int_equal(r.rule, cases[i].rule);
		assert_int_equal(r.verdict, cases[i].verdict);
		assert_memory_equal(&r.about, &about, sizeof about);
	}
}

/* A rule is not applied when the case lacks what it needs. */
static void nothing_is_found_of_what_is_unknown(void **state)
{
	static const enum breach breaches[] = {OMIT_B, OTHER_SIGNER};
	struct viz_case c;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		c = make_case(breaches[i]);
		c.named = NULL;
		assert_int_equal(judge(&c).count, 0);
	}
	c = make_case(FORGE_PLEDGE);
	c.pledge_key_count = 0;
	assert_int_equal(judge(&c).count, 0);
	c = make_case(DROP_REVEAL);
	c.statement_count = 0;
	assert_int_equal(judge(&c).count, 0);
	c = make_case(OTHER_ORDER);
	c.result = NULL;
	assert_int_equal(judge(&c).count, 0);
}

static void one_author_pledges_once(void **state)
{
	const struct viz_id offer = {{20}};
	struct report r = {0};
	struct made *first, *second, *other;

	(void)state;
	made_count = 0;
	first = make_pledge(&a, &offer, &proposal[0], VIZ_ANSWER_YES);
	second = make_pledge(&a, &offer, &proposal[1], VIZ_ANSWER_YES);
	other = make_pledge(&b, &offer, &proposal[1], VIZ_ANSWER_YES);
	viz_rules_records_pledges(&first->rec, &first->rec, found, &r);
	viz_rules_records_pledges(&first->rec, &other->rec, found, &r);
	assert_int_equal(r.count, 0);
	viz_rules_records_pledges(&first->rec, &second->rec, found, &r);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.rule, VIZ_RULE_TWO_PLEDGES);
	assert_memory_equal(&r.about, &offer, sizeof offer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_honest_offer_is_in_order),
	    cmocka_unit_test(each_breach_is_found_as_what_it_is),
	    cmocka_unit_test(nothing_is_found_of_what_is_unknown),
	    cmocka_unit_test(one_author_pledges_once),
	};
	struct viz_secret seed = {{1}};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
	viz_rng_seed(&rng, &seed);
	viz_sign_seed_keypair(&signer, &seed);
	seed.b[0] = 2;
	viz_sign_seed_keypair(&later, &seed);
	pledge_key[0] = (struct viz_rules_key){a, 0, signer.pub};
	pledge_key[1] = (struct viz_rules_key){a, 1, later.pub};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
