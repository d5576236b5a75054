/* Attacks with mail and statements. */
#include "tests/hostile/peer.h"
#include "crypto/rng.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"

/* Sends questions of every kind about the victim's own offers and others. Never acknowledges the
 * answers. */
static void asks(struct peer *p, size_t count)
{
	static const enum viz_mail_kind kinds[] = {VIZ_MAIL_LOCATION_ASK, VIZ_MAIL_VIEW_ASK,
						   VIZ_MAIL_EVIDENCE_ASK, VIZ_MAIL_LEASE_ASK};

	for (size_t i = 0; i < count && peer_open(p); i++) {
		enum viz_mail_kind kind = kinds[i % (sizeof kinds / sizeof *kinds)];
		uint64_t slot = p->offer.type ? p->offer.slot : viz_record_slot_make(peer_now(), 0);
		struct viz_id view = {{0}};
		struct viz_writer w;

		if (i % 7 == 6)
			slot += i << 8;
		peer_mail(p, &w, kind);
		if (kind == VIZ_MAIL_EVIDENCE_ASK) {
			viz_writer_array(&w, 2);
			viz_writer_uint(&w, slot);
			viz_writer_array(&w, VIZ_EVIDENCE_IDS_MAX);
			for (size_t k = 0; k < VIZ_EVIDENCE_IDS_MAX; k++)
				viz_writer_id(&w, k % 8 ? &p->kept.id : &p->offer_id);
		} else if (kind == VIZ_MAIL_LEASE_ASK) {
			viz_writer_array(&w, 3);
			viz_writer_uint(&w, slot);
			viz_writer_id(&w, &view);
			viz_writer_time(&w, peer_now());
		} else {
			viz_writer_array(&w, 1);
			viz_writer_uint(&w, slot);
		}
		peer_send(p, &w);
		peer_drain(p, 0);
	}
}

/* Sends the same questions and acknowledges all answers. */
static void asks_and_takes(struct peer *p, size_t count)
{
	p->acknowledges = true;
	asks(p, count);
	peer_drain(p, 300);
	p->acknowledges = false;
}

/* Sends views and evidence that nobody asked for. */
static void gifts(struct peer *p, size_t count)
{
	uint8_t *junk = calloc(1, VIZ_PARTNERS_MAX * 32);

	VIZ_REQUIRE(junk);
	for (size_t i = 0; i < count && peer_open(p); i++) {
		uint64_t slot = viz_record_slot_make(peer_now(), (unsigned)peer_below(p, 512));
		struct viz_writer w;

		viz_rng_bytes(&p->rng, junk, 64);
		if (i % 2 == 0) {
			peer_mail(p, &w, VIZ_MAIL_VIEW);
			viz_writer_array(&w, 2);
			viz_writer_uint(&w, slot);
			viz_writer_bin(&w, junk, VIZ_PARTNERS_MAX * 32);
		} else {
			peer_mail(p, &w, VIZ_MAIL_EVIDENCE);
			viz_writer_array(&w, 3);
			viz_writer_uint(&w, slot);
			viz_writer_id(&w, &p->offer_id);
			forge_node(&p->scratch, &p->me, peer_time(p));
			viz_writer_bin(&w, p->scratch.bytes, p->scratch.len);
		}
		peer_send(p, &w);
		peer_drain(p, 0);
	}
	free(junk);
}

static void statement_body(struct peer *p, struct viz_writer *w, uint8_t type)
{
	struct viz_id id = p->offer_id;

	if (type == VIZ_TYPE_WITHDRAWAL) {
		viz_withdrawal_write(
		    w, &(struct viz_withdrawal){.offer = id, .scope = VIZ_WITHDRAW_ALL});
	} else if (type == VIZ_TYPE_OUTCOME) {
		viz_outcome_write(w, &(struct viz_outcome){.award = id, .kind = VIZ_OUTCOME_LOST});
	} else if (type == VIZ_TYPE_ERASED) {
		viz_erased_write(w, &(struct viz_erased){.offer = id, .what = VIZ_ERASED_ALL});
	} else if (type == VIZ_TYPE_LEASE) {
		viz_lease_write(
		    w, &(struct viz_lease){.award = id, .granted = true, .extended = true});
	} else if (type == VIZ_TYPE_COVERAGE_ACK || type == VIZ_TYPE_PLEDGE_ACK ||
		   type == VIZ_TYPE_REVEAL_ACK) {
		viz_offer_ack_write(w, &(struct viz_offer_ack){.offer = id, .pledge = id});
	} else {
		viz_award_note_write(w, &(struct viz_award_note){.award = id, .accepted = true});
	}
}

/* Sends statements of every type about our offers and the victim's, by true and false authors. */
static void statements(struct peer *p, size_t count)
{
	static const uint8_t types[] = {
	    VIZ_TYPE_COVERAGE_ACK, VIZ_TYPE_PLEDGE_ACK, VIZ_TYPE_REVEAL_ACK, VIZ_TYPE_HANDOFF_ACK,
	    VIZ_TYPE_LEASE,        VIZ_TYPE_CONTACTED,  VIZ_TYPE_OUTCOME,    VIZ_TYPE_RELEASE,
	    VIZ_TYPE_WITHDRAWAL,   VIZ_TYPE_ERASED,     VIZ_TYPE_RECEIPT,    VIZ_TYPE_REVEAL,
	    VIZ_TYPE_AWARD};

	for (size_t i = 0; i < count && peer_open(p); i++) {
		/* most of them leave the link open, so that the others arrive too */
		uint8_t type = types[peer_below(p, i % 20 == 19 ? sizeof types : 10)];
		struct forge f = p->me;
		uint8_t body[256];
		struct viz_writer w;
		uint64_t slot = p->offer.type && i % 2
				    ? p->offer.slot
				    : viz_record_slot_make(peer_now(), (unsigned)(i % 512));

		if (i % 40 == 39)
			f.author = p->invite.author;
		if (i % 5 == 4)
			slot += i << 32;
		viz_writer_init(&w, body, sizeof body);
		statement_body(p, &w, type);
		forge_statement(&p->scratch, &f, type, slot, 1 + i % 3, peer_time(p), &w);
		peer_statement(p, &p->scratch);
		peer_drain(p, i % 20 == 19 ? 20 : 0);
	}
}

/* A receipt that names the victim, as well as a stranger can forge it. */
static void receipt(struct peer *p, struct forged *out, uint64_t slot, enum viz_purpose purpose)
{
	struct viz_receipt *c = calloc(1, sizeof *c);
	uint8_t body[4096];
	struct viz_writer w;

	VIZ_REQUIRE(c);
	c->offer_slot = slot;
	c->purpose = purpose;
	c->state = VIZ_CONSENT_GIVEN;
	c->recipient_count = 1;
	c->recipient[0].id = p->invite.author;
	c->given = peer_now();
	c->expires = viz_after(c->given, VIZ_DAY_MS);
	snprintf(c->language, sizeof c->language, "pt-BR");
	snprintf(c->text_version, sizeof c->text_version, "x");
	snprintf(c->channel, sizeof c->channel, "phone");
	viz_writer_init(&w, body, sizeof body);
	viz_receipt_write(&w, c);
	forge_statement(out, &p->me, VIZ_TYPE_RECEIPT, slot, 1, peer_time(p), &w);
	free(c);
}

/* Sends a kind of statement that may only come inside another statement. */
static void misplaced(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count && peer_open(p); i++) {
		receipt(p, &p->scratch, viz_record_slot_make(peer_now(), 9), VIZ_PURPOSE_CONTACT);
		peer_statement(p, &p->scratch);
		peer_drain(p, PATIENCE_MS);
		VIZ_REQUIRE(p->wire.fd < 0);
	}
}

/* Sends the same withdrawal again and again. */
static void withdrawals(struct peer *p, size_t count)
{
	uint8_t body[128];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	statement_body(p, &w, VIZ_TYPE_WITHDRAWAL);
	forge_statement(&p->scratch, &p->me, VIZ_TYPE_WITHDRAWAL,
			viz_record_slot_make(peer_now(), 9), 1, peer_time(p), &w);
	for (size_t i = 0; i < count && peer_open(p); i++) {
		peer_statement(p, &p->scratch);
		peer_drain(p, 0);
	}
}

/* Sends locations and contact data that belong to no offer. */
static void persons(struct peer *p, size_t count)
{
	struct forged *award = calloc(1, sizeof *award);
	struct viz_contact contact = {
	    .name = "Vitima do Hostil", .phone = "+5527999990000", .address = "Rua do Hostil, 1"};
	struct viz_location location = {.municipality = 3201209, .service = 1};

	VIZ_REQUIRE(award);
	for (size_t i = 0; i < count && peer_open(p); i++) {
		uint64_t slot =
		    i % 2 && p->offer.type ? p->offer.slot : viz_record_slot_make(peer_now(), 9);
		uint8_t plain[512], body[512];
		struct viz_writer w, inner;
		struct viz_id zero = {{0}};

		viz_writer_init(&inner, plain, sizeof plain);
		receipt(p, &p->scratch, slot, i % 3 ? VIZ_PURPOSE_CONTACT : VIZ_PURPOSE_LOCATION);
		if (i % 3 == 0) {
			viz_location_write(&inner, &location);
			peer_mail(p, &w, VIZ_MAIL_LOCATION);
			viz_writer_array(&w, 5);
			viz_writer_uint(&w, slot);
			viz_writer_bin(&w, plain, inner.len);
			viz_writer_id(&w, &zero);
			viz_writer_bin(&w, p->scratch.bytes, p->scratch.len);
			viz_writer_id(&w, &zero);
		} else {
			struct viz_award a = {.n = 1 + (uint32_t)(i % VIZ_AWARDS_MAX),
					      .recipient = p->invite.author,
					      .receipt = p->scratch.id,
					      .latest = viz_after(peer_now(), 99999999)};

			viz_writer_init(&w, body, sizeof body);
			viz_award_write(&w, &a);
			forge_statement(award, &p->me, VIZ_TYPE_AWARD, slot, a.n, peer_time(p), &w);
			viz_contact_write(&inner, &contact);
			peer_mail(p, &w, VIZ_MAIL_HANDOFF);
			viz_writer_array(&w, 4);
			viz_writer_bin(&w, award->bytes, award->len); /* no CHOICE */
			viz_writer_bin(&w, award->bytes, award->len);
			viz_writer_bin(&w, p->scratch.bytes, p->scratch.len);
			viz_writer_bin(&w, plain, inner.len);
		}
		peer_send(p, &w);
		peer_drain(p, 0);
	}
	free(award);
}

/* Pledges to offers of the victim that do not name us, and to offers that do not exist. */
static void pledges(struct peer *p, size_t count)
{
	for (size_t i = 0; i < count && peer_open(p); i++) {
		uint64_t slot = p->offer.type ? p->offer.slot : viz_record_slot_make(peer_now(), 0);
		struct viz_pledge pledge = {.offer = p->offer_id,
					    .answer = (enum viz_answer)(1 + i % 4)};
		uint8_t body[128];
		struct viz_writer w;

		if (viz_pledge_promises(pledge.answer))
			viz_rng_bytes(&p->rng, pledge.commitment.b, sizeof pledge.commitment.b);
		if (i % 3 == 2)
			slot += i << 32;
		viz_writer_init(&w, body, sizeof body);
		viz_pledge_write(&w, &pledge);
		forge_statement(&p->scratch, &p->me, VIZ_TYPE_PLEDGE, slot, 1, peer_time(p), &w);
		p->scratch.bytes[peer_below(p, 64)] ^= i % 9 == 8;
		peer_mail(p, &w, VIZ_MAIL_PLEDGE);
		viz_writer_array(&w, 2);
		viz_writer_bin(&w, p->scratch.bytes, p->scratch.len);
		viz_writer_uint(&w, pledge.answer == VIZ_ANSWER_NO);
		peer_send(p, &w);
		peer_drain(p, i % 9 == 8 ? 20 : 0);
	}
}

const struct attack attack_mails[] = {
    {"pledges", pledges},
    {"asks", asks},
    {"gifts", gifts},
    {"statements", statements},
    {"withdrawals", withdrawals},
    {"persons", persons},
    {"asks-and-takes", asks_and_takes},
    {"misplaced", misplaced},
    {NULL, NULL},
};
