#include "tests/unit/proto/bodies.h"

#include "tests/unit/proto/values.h"
#include "tests/unit/unit.h"

#include "proto/federation.h"
#include "proto/message.h"
#include "proto/proof.h"
#include "proto/protest.h"
#include "proto/receipt.h"
#include "proto/statement.h"
#include "proto/trust.h"

static void node(struct viz_writer *w)
{
	struct viz_node_body b = {.next_hash = id_of(),
				  .journal = id_of(),
				  .partners = id_of(),
				  .log = between(1, UINT64_MAX - 1),
				  .head = id_of(),
				  .asn = small(0, UINT32_MAX),
				  .by_hand = draw() & 1};

	bytes_of(b.first_key.b, 32);
	bytes_of(b.nonce, 16);
	bytes_of(b.transport.b, 32);
	name_of(b.name);
	cnpj_of(b.cnpj);
	b.address_count = between(0, VIZ_ADDRESSES_MAX);
	for (size_t i = 0; i < b.address_count; i++)
		text_of(b.address[i], 3, VIZ_ADDRESS_MAX);
	text_of(b.whatsapp, 0, VIZ_WHATSAPP_MAX);
	text_of(b.hours, 0, VIZ_HOURS_MAX);
	text_of(b.privacy, 0, VIZ_PRIVACY_MAX);
	text_of(b.version, 1, VIZ_VERSION_MAX);
	viz_node_body_write(w, &b);
}

static void succession(struct viz_writer *w)
{
	struct viz_succession b = {.next_hash = id_of()};

	bytes_of(b.key.b, 32);
	viz_succession_write(w, &b);
}

static void revocation(struct viz_writer *w)
{
	viz_writer_array(w, 0);
}

static void vouch(struct viz_writer *w)
{
	struct viz_vouch b = {.sponsee = id_of(), .withdrawn = draw() & 1};

	viz_vouch_write(w, &b);
}

static void partners(struct viz_writer *w)
{
	struct viz_partners *b = calloc(1, sizeof *b);

	assert_non_null(b);
	b->previous = id_of();
	b->log = between(1, UINT64_MAX - 1);
	b->count = ids_of(b->entry, sizeof *b->entry, 0, VIZ_PARTNERS_MAX);
	for (size_t i = 0; i < b->count; i++) {
		b->entry[i].added = time_of();
		if (most || draw() & 1)
			b->entry[i].removed = (struct viz_time){(int64_t)between(
			    (uint64_t)b->entry[i].added.ms, UINT64_C(253402300800000))};
	}
	viz_partners_write(w, b);
	free(b);
}

static void coverage(struct viz_writer *w)
{
	static uint8_t region[VIZ_REGION_BYTES_MAX];
	struct viz_coverage *c = calloc(1, sizeof *c);
	uint32_t code = 1100000, cep = 0;
	/* all three lists at their limits do not fit into a record */
	size_t codes = between(1, most ? 600 : VIZ_COVERAGE_CODES_MAX);
	size_t ceps = between(0, most ? 300 : VIZ_COVERAGE_CEPS_MAX);

	assert_non_null(c);
	c->technology = small(1, VIZ_TECH_SATELLITE);
	c->down_mbps = small(0, 1000000);
	while (c->municipality_count < codes) {
		code += 1 + (uint32_t)(draw() % 300);
		if (viz_coverage_municipality_valid(code))
			c->municipality[c->municipality_count++] = code;
	}
	for (; c->cep_count < ceps; cep = c->cep[c->cep_count++].to + 2) {
		c->cep[c->cep_count].from = cep + (uint32_t)(draw() % 40000);
		c->cep[c->cep_count].to = c->cep[c->cep_count].from + (uint32_t)(draw() % 40000);
	}
	c->region = region;
	c->region_len = between(0, VIZ_REGION_BYTES_MAX);
	viz_coverage_write(w, c);
	free(c);
}

static struct viz_position position_of(void)
{
	return (struct viz_position){.log = between(1, UINT64_MAX - 1),
				     .number = small(1, VIZ_LOG_NUMBER_MAX),
				     .before = id_of(),
				     .offer = small(1, VIZ_LOG_NUMBER_MAX)};
}

static struct viz_area area_of(void)
{
	struct viz_area a = {.municipality = 3203205};

	if (draw() & 1)
		a.cell = viz_cell_from_xy((uint32_t)(draw() % 16384), (uint32_t)(draw() % 16384),
					  VIZ_AREA_LEVEL);
	return a;
}

/* Entries with the turns of `turn` and the indices of `index`, which both go on. */
static size_t entries_of(struct viz_list_entry *e, uint64_t min, uint64_t max, uint32_t *turn,
			 uint8_t *index)
{
	size_t n = between(min, max);

	for (size_t i = 0; i < n; i++) {
		*turn += small(0, 3);
		e[i] = (struct viz_list_entry){(*index)++, *turn, draw() & 1};
	}
	return n;
}

static size_t indices_of(uint8_t *out, uint64_t max, uint8_t *index)
{
	size_t n = between(0, max);

	for (size_t i = 0; i < n; i++)
		out[i] = (*index)++;
	return n;
}

static void offer(struct viz_writer *w)
{
	struct viz_offer *o = calloc(1, sizeof *o);
	uint32_t turn = 0;
	uint8_t index = 0;

	assert_non_null(o);
	o->at = position_of();
	o->at.offer = o->at.number;
	o->node = id_of();
	o->node_time = time_of();
	o->partners = id_of();
	o->drawn = time_of();
	o->closes = time_of();
	o->view = id_of();
	o->area = area_of();
	o->asked_count = entries_of(o->asked, 1, 12, &turn, &index);
	o->struck_count = entries_of(o->struck, 0, 4, &turn, &index);
	o->not_drawn_count = entries_of(o->not_drawn, 0, 180, &turn, &index);
	o->blocked_len = indices_of(o->blocked, 30, &index);
	o->silent_len = indices_of(o->silent, 29, &index);
	o->draw = turn + 1 + small(0, 1000);
	o->has_previous = draw() & 1;
	o->previous = id_of();
	o->has_opening = o->has_previous && draw() & 1;
	bytes_of(o->opening, sizeof o->opening);
	o->order_commit = id_of();
	o->location_commit = id_of();
	o->receipt_commit = id_of();
	viz_offer_write(w, o);
	free(o);
}

static void pledge(struct viz_writer *w)
{
	struct viz_pledge p = {.offer = id_of(),
			       .answer = (enum viz_answer)small(1, VIZ_ANSWER_NO_CONTENT)};

	if (viz_pledge_promises(p.answer))
		p.commitment = id_of();
	viz_pledge_write(w, &p);
}

/* A PLEDGE with any signature. */
static void signed_pledge(uint8_t out[VIZ_PLEDGE_SIGNED])
{
	struct viz_record rec = {.type = VIZ_TYPE_PLEDGE,
				 .author = id_of(),
				 .key = small(0, VIZ_KEYS_MAX - 1),
				 .slot = between(UINT64_C(1) << 32, UINT64_MAX >> 16),
				 .seq = 1,
				 .time = {(int64_t)between(UINT64_C(1) << 32, UINT64_C(1) << 42)}};
	VIZ_WRITER(body, 128);
	size_t len = 0;

	pledge(&body);
	rec.body = viz_writer_done(&body).p;
	rec.body_len = viz_writer_done(&body).len;
	bytes_of(out, 64);
	assert_int_equal(viz_record_write(out + 64, &len, VIZ_PLEDGE_SIGNED - 64, &rec), VIZ_OK);
	assert_int_equal(len, VIZ_PLEDGE_SIGNED - 64);
}

static void close_list(struct viz_writer *w)
{
	struct viz_close *c = calloc(1, sizeof *c);

	assert_non_null(c);
	c->at = position_of();
	c->offer = id_of();
	c->count = between(1, VIZ_ASKED_MAX);
	for (size_t i = 0; i < c->count; i++) {
		c->entry[i].answered = most || draw() & 1;
		if (c->entry[i].answered)
			signed_pledge(c->entry[i].pledge);
	}
	viz_close_write(w, c);
	free(c);
}

static void result(struct viz_writer *w)
{
	struct viz_result *res = calloc(1, sizeof *res);

	assert_non_null(res);
	res->at = position_of();
	res->offer = id_of();
	res->close = id_of();
	res->kind = (enum viz_result_kind)small(1, VIZ_RESULT_WITHDRAWN);
	bytes_of(res->salt.b, 32);
	res->count = between(1, VIZ_ASKED_MAX);
	for (size_t i = 0; i < res->count; i++) {
		res->entry[i].revealed = most || draw() & 1;
		if (!res->entry[i].revealed)
			continue;
		res->entry[i].nonce = id_of();
		res->entry[i].blinded = id_of();
		res->order[res->order_len++] = (uint8_t)i;
	}
	viz_result_write(w, res);
	free(res);
}

static void choice(struct viz_writer *w)
{
	struct viz_choice c = {.at = position_of(),
			       .offer = id_of(),
			       .what = (enum viz_choice_what)small(1, VIZ_CHOICE_NONE),
			       .has_opening = most || draw() & 1};

	if (c.what == VIZ_CHOICE_AWARD)
		c.commitment = id_of();
	if (c.has_opening)
		bytes_of(c.opening, sizeof c.opening);
	viz_choice_write(w, &c);
}

static void protest(struct viz_writer *w)
{
	struct viz_protest p = {.origin = id_of(),
				.node = id_of(),
				.node_time = time_of(),
				.partners = id_of(),
				.kind =
				    (enum viz_protest_kind)(draw() % (VIZ_PROTEST_KIND_MAX + 1))};

	if (most)
		p.kind = VIZ_PROTEST_REPLY;
	p.has_offer = viz_protest_names_offer(p.kind);
	p.has_pledge = p.kind == VIZ_PROTEST_PLEDGE || p.kind == VIZ_PROTEST_REVEAL;
	bytes_of(p.offer, sizeof p.offer);
	bytes_of(p.pledge, sizeof p.pledge);
	if (p.kind == VIZ_PROTEST_NUMBER)
		p.number = small(1, VIZ_LOG_NUMBER_MAX);
	if (p.kind == VIZ_PROTEST_REPLY)
		p.reply_count = ids_of(p.reply, sizeof *p.reply, 1, VIZ_PROTEST_REPLIES);
	for (size_t i = 0; i < p.reply_count; i++)
		p.reply[i].answer = (enum viz_protest_answer)small(1, VIZ_PROTEST_FAILED);
	viz_protest_write(w, &p);
}

static void receipt(struct viz_writer *w)
{
	static const char *const channels[] = {"phone", "desk", "whatsapp", "web"};
	struct viz_receipt *c = calloc(1, sizeof *c);

	assert_non_null(c);
	bytes_of(c->receipt_id, sizeof c->receipt_id);
	c->offer_slot = slot_of();
	c->purpose = (enum viz_purpose)small(1, VIZ_PURPOSE_CONTACT);
	text_of(c->language, 2, 5);
	c->subject = id_of();
	cnpj_of(c->controller_cnpj);
	c->recipient_count = ids_of(c->recipient, sizeof *c->recipient, 1,
				    c->purpose == VIZ_PURPOSE_LOCATION ? VIZ_ASKED_MAX : 1);
	for (size_t i = 0; i < c->recipient_count; i++)
		cnpj_of(c->recipient[i].cnpj);
	c->fields = c->purpose == VIZ_PURPOSE_LOCATION ? 1 : 14 | small(0, 3) << 4;
	text_of(c->text_version, 1, 16);
	c->text_hash = id_of();
	snprintf(c->channel, sizeof c->channel, "%s", channels[small(0, 3)]);
	c->reference = id_of();
	c->given = (struct viz_time){(int64_t)between(0, UINT64_C(253402300799999))};
	c->expires = (struct viz_time){
	    (int64_t)between((uint64_t)c->given.ms + 1, UINT64_C(253402300800000))};
	c->erase =
	    (struct viz_time){(int64_t)between((uint64_t)c->given.ms, UINT64_C(253402300800000))};
	text_of(c->withdrawal, 1, VIZ_PRIVACY_MAX);
	c->state = (enum viz_consent_state)small(1, VIZ_CONSENT_TERMINATED);
	c->previous = id_of();
	viz_receipt_write(w, c);
	free(c);
}

static void coverage_ack(struct viz_writer *w)
{
	struct viz_coverage_ack s = {id_of(), id_of()};

	viz_coverage_ack_write(w, &s);
}

static void offer_ack(struct viz_writer *w)
{
	struct viz_offer_ack s = {id_of(), id_of()};

	viz_offer_ack_write(w, &s);
}

static void reveal(struct viz_writer *w)
{
	static uint8_t proposal[VIZ_PROPOSAL_MAX];
	struct viz_reveal s = {.offer = id_of(),
			       .close = id_of(),
			       .pledge = id_of(),
			       .proposal = proposal,
			       .proposal_len = between(1, VIZ_PROPOSAL_MAX)};

	bytes_of(s.nonce.b, 32);
	bytes_of(s.blinding.b, 32);
	viz_reveal_write(w, &s);
}

static void award(struct viz_writer *w)
{
	struct viz_award s = {.offer = id_of(),
			      .n = small(1, VIZ_AWARDS_MAX),
			      .recipient = id_of(),
			      .pledge = id_of(),
			      .choice = id_of(),
			      .receipt = id_of(),
			      .latest = time_of()};

	bytes_of(s.blinding.b, 32);
	viz_award_write(w, &s);
}

static void handoff_ack(struct viz_writer *w)
{
	struct viz_handoff_ack s = {id_of(), false, (enum viz_refusal)small(0, VIZ_REFUSAL_NUMBER)};

	s.accepted = s.reason == VIZ_REFUSAL_NONE;
	viz_handoff_ack_write(w, &s);
}

static void lease(struct viz_writer *w)
{
	struct viz_lease s = {.award = id_of(), .hash = id_of(), .asked = time_of()};

	s.granted = most || draw() & 1;
	if (s.granted) {
		s.extended = most || draw() & 1;
		s.left_ms = between(0, (UINT64_C(1) << 40) - 1);
		s.until = time_of();
	}
	viz_lease_write(w, &s);
}

static void contacted(struct viz_writer *w)
{
	viz_contacted_write(w, &(struct viz_contacted){id_of()});
}

/* A secret that may be nil. */
static bool secret_of(uint8_t out[32])
{
	bool has = most || draw() & 1;

	if (has)
		bytes_of(out, 32);
	return has;
}

static void release(struct viz_writer *w)
{
	struct viz_release s = {.award = id_of()};

	s.has_secret = secret_of(s.secret);
	viz_release_write(w, &s);
}

static void outcome(struct viz_writer *w)
{
	struct viz_outcome s = {.award = id_of(),
				.kind = (enum viz_outcome_kind)small(1, VIZ_OUTCOME_LOST),
				.has_days = most || draw() & 1};

	if (s.has_days)
		s.days_offline = small(0, 366);
	s.has_secret = secret_of(s.secret);
	viz_outcome_write(w, &s);
}

static void withdrawal(struct viz_writer *w)
{
	struct viz_withdrawal s = {.offer = id_of(), .scope = VIZ_WITHDRAW_ALL};

	if (draw() & 1) {
		s.scope = VIZ_WITHDRAW_AWARD;
		s.award_n = small(1, VIZ_AWARDS_MAX);
	}
	viz_withdrawal_write(w, &s);
}

static void erased(struct viz_writer *w)
{
	struct viz_erased s = {.offer = id_of(), .what = VIZ_ERASED_LOCATION};

	if (most || draw() & 1) {
		s.what = VIZ_ERASED_ALL;
		s.award_n = small(1, VIZ_AWARDS_MAX);
	}
	if (most || draw() & 1)
		s.what = VIZ_ERASED_WITHDRAWN;
	s.has_secret = secret_of(s.secret);
	viz_erased_write(w, &s);
}

static void proof(struct viz_writer *w)
{
	struct viz_proof s = {
	    .offer = id_of(), .text_hash = id_of(), .k = small(0, VIZ_AWARDS_MAX)};

	text_of(s.text_version, 1, 16);
	s.asked_count = between(1, VIZ_ASKED_MAX);
	for (size_t i = 0; i < s.asked_count; i++)
		s.asked[i] = id_of();
	s.order_len = between(0, VIZ_ASKED_MAX);
	bytes_of(s.order, s.order_len);
	if (s.k > 0 && (most || draw() & 1)) {
		s.chosen = id_of();
		s.has_blinding = true;
		bytes_of(s.blinding.b, sizeof s.blinding.b);
	}
	viz_proof_write(w, &s);
}

static void proposal(struct viz_writer *w)
{
	struct viz_proposal *p = calloc(1, sizeof *p);

	assert_non_null(p);
	p->count = between(0, VIZ_PLANS_MAX);
	for (size_t i = 0; i < p->count; i++) {
		struct viz_plan *plan = &p->plan[i];

		text_of(plan->name, 1, VIZ_PLAN_MAX);
		plan->price_cents = small(1, 100000000);
		plan->down_mbps = small(0, 1000000);
		plan->up_mbps = small(0, 1000000);
		plan->technology = small(1, VIZ_TECH_SATELLITE);
		plan->install_days = small(0, 366);
		text_of(plan->url, 1, sizeof plan->url - 1);
	}
	viz_proposal_write(w, p);
	free(p);
}

static void location(struct viz_writer *w)
{
	struct viz_location l = {
	    .has_point = most || draw() & 1,
	    .municipality = 3205309,
	    .precision_m = small(0, 1000000),
	    .cep = small(0, 99999999),
	    .service = (enum viz_service)small(1, VIZ_SERVICE_BUSINESS),
	    .month = most || draw() & 1 ? small(2020, 9999) * 100 + small(1, 12) : 0};

	if (l.has_point) {
		l.point.lat_udeg = (int32_t)between(0, 170000000) - 85000000;
		l.point.lon_udeg = (int32_t)between(0, 360000000) - 180000000;
	}
	viz_location_write(w, &l);
}

static void contact(struct viz_writer *w)
{
	struct viz_contact c;

	text_of(c.name, 1, VIZ_PERSON_MAX);
	snprintf(c.phone, sizeof c.phone, "+%llu",
		 (unsigned long long)between(1000000, UINT64_C(999999999999999)));
	text_of(c.address, 1, VIZ_STREET_MAX);
	snprintf(c.date, sizeof c.date, "%04u-%02u-%02u", small(0, 9999) % 10000u,
		 small(1, 12) % 13u, small(1, 28) % 29u);
	if (!most && draw() & 1)
		c.date[0] = '\0';
	text_of(c.plan, 0, VIZ_PLAN_MAX);
	viz_contact_write(w, &c);
}

static void hello(struct viz_writer *w)
{
	static uint8_t record[VIZ_HELLO_RECORDS_MAX][740];
	struct viz_hello *h = calloc(1, sizeof *h);

	assert_non_null(h);
	h->author = id_of();
	h->has_token = draw() & 1;
	bytes_of(h->token, sizeof h->token);
	h->record_count = between(1, VIZ_HELLO_RECORDS_MAX);
	for (size_t i = 0; i < h->record_count; i++) {
		h->record[i].p = record[i];
		h->record[i].len = between(65, sizeof record[i]);
	}
	viz_hello_write(w, h);
	free(h);
}

/* Lists of authors, as a BUCKET has them. */
static void bucket(struct viz_writer *w)
{
	static uint8_t entries[8][VIZ_TREE_ENTRY * 64];
	struct viz_message_bucket *m = calloc(1, sizeof *m);

	assert_non_null(m);
	m->hour = draw() >> 16;
	m->cut = (uint8_t)(draw() % VIZ_TREE_CUTS);
	m->count = between(1, 8);
	for (size_t i = 0; i < m->count; i++) {
		struct viz_tree_list *l = &m->list[i];
		unsigned tail = (unsigned)(draw() % 100);

		l->bucket = (uint16_t)(draw() % VIZ_TREE_BUCKETS);
		l->from = (uint16_t)tail;
		l->to = VIZ_TREE_TAIL_MAX;
		l->entries = entries[i];
		l->entries_len = between(0, 64) * VIZ_TREE_ENTRY;
		for (size_t k = 0; k < l->entries_len; k += VIZ_TREE_ENTRY) {
			viz_be_put_u16(entries[i] + k, (uint16_t)tail);
			viz_be_put_u32(entries[i] + k + 2, (uint32_t)draw());
			tail += (unsigned)(draw() % 100);
		}
	}
	viz_message_bucket_write(w, m);
	free(m);
}

/* Items of authors, as AUTHOR has them. */
static void author_items(struct viz_writer *w)
{
	static uint8_t items[16][VIZ_TREE_ITEM * 32], ids[16][32];
	struct viz_message_author *m = calloc(1, sizeof *m);

	assert_non_null(m);
	m->hour = draw() >> 16;
	m->cut = (uint8_t)(draw() % VIZ_TREE_CUTS);
	m->last = draw() & 1;
	m->count = between(0, 16);
	for (size_t i = 0; i < m->count; i++) {
		struct viz_tree_author *x = &m->author[i];

		x->author = ids[i];
		x->author_len = draw() & 1 ? VIZ_TREE_PREFIX : 32;
		x->sets = (uint8_t)(draw() % 4);
		x->items = items[i];
		x->items_len = x->sets ? between(0, 32) * VIZ_TREE_ITEM : 0;
		for (size_t k = 0; k < x->items_len; k += VIZ_TREE_ITEM) {
			items[i][k] = VIZ_TYPE_COVERAGE;
			items[i][k + 1] = (uint8_t)(k / VIZ_TREE_ITEM);
			viz_be_put_u32(items[i] + k + 2, (uint32_t)draw());
		}
	}
	viz_message_author_write(w, m);
	free(m);
}

/* The largest envelope of a body, in bytes. */
#define ENVELOPE 80

const struct viz_body viz_bodies[] = {
    {"NODE", node, 2048 - ENVELOPE},
    {"SUCCESSION", succession, 512 - ENVELOPE},
    {"REVOCATION", revocation, 512 - ENVELOPE},
    {"VOUCH", vouch, 512 - ENVELOPE},
    {"PARTNERS", partners, 16384 - ENVELOPE},
    {"COVERAGE", coverage, VIZ_RECORD_MAX - ENVELOPE},
    {"OFFER", offer, VIZ_OFFER_MAX - ENVELOPE},
    {"PLEDGE", pledge, 70},
    {"CLOSE", close_list, VIZ_CLOSE_MAX - ENVELOPE},
    {"RESULT", result, VIZ_RESULT_MAX - ENVELOPE},
    {"CHOICE", choice, VIZ_CHOICE_MAX - ENVELOPE},
    {"PROTEST", protest, 1024 - ENVELOPE},
    {"RECEIPT", receipt, VIZ_RECEIPT_MAX - ENVELOPE},
    {"COVERAGE_ACK", coverage_ack, 512 - ENVELOPE},
    {"PLEDGE_ACK", offer_ack, 512 - ENVELOPE},
    {"REVEAL", reveal, 1024 + VIZ_PROPOSAL_MAX - ENVELOPE},
    {"REVEAL_ACK", offer_ack, 512 - ENVELOPE},
    {"AWARD", award, 1024 - ENVELOPE},
    {"HANDOFF_ACK", handoff_ack, 512 - ENVELOPE},
    {"CONTACTED", contacted, 512 - ENVELOPE},
    {"RELEASE", release, 512 - ENVELOPE},
    {"LEASE", lease, 512 - ENVELOPE},
    {"OUTCOME", outcome, 512 - ENVELOPE},
    {"WITHDRAWAL", withdrawal, 512 - ENVELOPE},
    {"ERASED", erased, 512 - ENVELOPE},
    {"PROOF", proof, 1024 - ENVELOPE},
    {"proposal", proposal, VIZ_PROPOSAL_MAX},
    {"location", location, VIZ_LOCATION_MAX},
    {"contact", contact, VIZ_CONTACT_MAX - 40},
    {"hello", hello, VIZ_HELLO_MAX},
    {"message", bucket, VIZ_BODY_MAX},
    {"message", author_items, VIZ_BODY_MAX},
};

const size_t viz_body_count = sizeof viz_bodies / sizeof *viz_bodies;
