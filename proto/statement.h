/* The bodies of the statements that two nodes sign for each other about an offer. The record's slot
 * is the offer's slot at its origin. PROTOCOL.md section 10. RECEIPT is in receipt.h. */
#ifndef VIZ_PROTO_STATEMENT_H
#define VIZ_PROTO_STATEMENT_H

#include "proto/geo/cell.h"
#include "proto/offer.h"

/* COVERAGE_ACK: the author has this COVERAGE of `publisher`. The slot is the COVERAGE's. */
struct viz_coverage_ack {
	struct viz_id publisher, coverage;
};

/* PLEDGE_ACK (origin): CLOSE will show the pledge. REVEAL_ACK (origin): RESULT will show what opens
 * it. seq is the pledger's position among those asked. */
struct viz_offer_ack {
	struct viz_id offer;  /* record id of OFFER */
	struct viz_id pledge; /* statement id of PLEDGE */
};

/* REVEAL (pledger): opens a pledge's commitment. */
struct viz_reveal {
	struct viz_id offer, close, pledge;
	struct viz_secret nonce, blinding;
	const uint8_t *proposal; /* viz_proposal_write; borrowed */
	size_t proposal_len;
};

/* AWARD (origin): the customer chose `recipient`. seq = n, the k of PROTOCOL.md. */
struct viz_award {
	struct viz_id offer;
	uint32_t n; /* 1 for the first choice */
	struct viz_id recipient;
	struct viz_id pledge;
	struct viz_id choice;       /* record id of CHOICE n */
	struct viz_secret blinding; /* opens its commitment */
	struct viz_id receipt;      /* statement id of the second RECEIPT */
	struct viz_time latest;     /* the hand-off ends then, whatever happens */
};

enum viz_refusal {
	VIZ_REFUSAL_NONE = 0, /* accepted */
	VIZ_REFUSAL_OVER = 1, /* its `latest` or its receipt */
	VIZ_REFUSAL_RECEIPT = 2,
	VIZ_REFUSAL_CHOICE = 3, /* the award does not open the CHOICE */
	VIZ_REFUSAL_WITHDRAWN = 4,
	VIZ_REFUSAL_PLEDGE = 5, /* not ours, or not shown as revealed */
	VIZ_REFUSAL_NUMBER = 6, /* not above an award that was seen */
};

/* HANDOFF_ACK (recipient). */
struct viz_handoff_ack {
	struct viz_id award;
	bool accepted;
	enum viz_refusal reason; /* VIZ_REFUSAL_NONE exactly when accepted */
};

/* LEASE (origin): the answer to LEASE_ASK or CONTACTED. The holder counts `left_ms` from `asked`,
 * by its own clock; the origin awards to nobody else before `until`, by its own. Not granted:
 * left_ms and until are 0. */
struct viz_lease {
	struct viz_id award;
	struct viz_id hash;    /* that the origin keeps for the award: viz_commitment_release */
	struct viz_time asked; /* the holder's own time: of its question, or of CONTACTED */
	bool granted;
	bool extended; /* CONTACTED is on disk at the origin */
	uint64_t left_ms;
	struct viz_time until;
};

#define VIZ_LEASE_LEFT_MAX ((UINT64_C(1) << 40) - 1) /* ms */

/* CONTACTED (recipient): the customer was called. */
struct viz_contacted {
	struct viz_id award;
};

/* RELEASE (recipient): the award is given back. */
struct viz_release {
	struct viz_id award;
	bool has_secret;
	uint8_t secret[32]; /* opens the release hash; none when no lease was asked for */
};

enum viz_outcome_kind {
	VIZ_OUTCOME_INSTALLED = 1,
	VIZ_OUTCOME_LOST = 2,
};

/* OUTCOME (recipient). */
struct viz_outcome {
	struct viz_id award;
	enum viz_outcome_kind kind;
	bool has_days;
	uint32_t days_offline; /* days without internet, at most 366 */
	bool has_secret;
	uint8_t secret[32];
};

enum viz_withdrawal_scope {
	VIZ_WITHDRAW_ALL = 1,   /* the person revoked the consent: erase all of this offer */
	VIZ_WITHDRAW_AWARD = 2, /* award n no longer holds: erase the contact data */
};

/* WITHDRAWAL (origin): the holder erases, and confirms it by ERASED. It keeps a tombstone for an
 * award that it has not seen yet. */
struct viz_withdrawal {
	struct viz_id offer;
	enum viz_withdrawal_scope scope;
	uint32_t award_n; /* with VIZ_WITHDRAW_AWARD: all awards up to this one */
};

enum viz_erased_what {
	VIZ_ERASED_LOCATION = 1,
	VIZ_ERASED_ALL = 2,
	VIZ_ERASED_WITHDRAWN = 3, /* everything, and nothing is taken any more */
};

/* ERASED (holder): no file of the holder has the data or the keys that open it. */
struct viz_erased {
	struct viz_id offer;
	enum viz_erased_what what;
	uint32_t award_n; /* the award that was held last; 0: none, never with VIZ_ERASED_ALL */
	bool has_secret;
	uint8_t secret[32];
};

VIZ_BODY(coverage_ack);
VIZ_BODY(offer_ack);
VIZ_BODY(reveal);
VIZ_BODY(award);
VIZ_BODY(handoff_ack);
VIZ_BODY(lease);
VIZ_BODY(contacted);
VIZ_BODY(release);
VIZ_BODY(outcome);
VIZ_BODY(withdrawal);
VIZ_BODY(erased);

/* A published list plan; a proposal is a list of them. */
struct viz_plan {
	char name[VIZ_PLAN_MAX + 1];
	uint32_t price_cents; /* BRL a month */
	uint32_t down_mbps, up_mbps;
	unsigned technology;   /* enum viz_technology */
	uint32_t install_days; /* promised days to installation */
	char url[121];         /* where the plan is published */
};

struct viz_proposal {
	struct viz_plan plan[VIZ_PLANS_MAX];
	size_t count;
};

void viz_plan_write(struct viz_writer *w, const struct viz_plan *p);
void viz_plan_read(struct viz_reader *r, struct viz_plan *p);
void viz_proposal_write(struct viz_writer *w, const struct viz_proposal *p);
void viz_proposal_read(struct viz_reader *r, struct viz_proposal *p);

enum viz_service {
	VIZ_SERVICE_INTERNET = 1,
	VIZ_SERVICE_BUSINESS = 2,
};

/* Where service is wanted, and the wish. Nothing about the person: no street, no number. */
struct viz_location {
	bool has_point;
	struct viz_point point;
	uint32_t precision_m;
	uint32_t municipality;
	uint32_t cep; /* 0: unknown */
	enum viz_service service;
	uint32_t month; /* wished month: year * 100 + month; 0: not said */
};

/* The contact data of a hand-off: these fields and no others. */
struct viz_contact {
	char name[VIZ_PERSON_MAX + 1];
	char phone[VIZ_PHONE_MAX + 1]; /* E.164: '+' and 7 to 15 digits */
	char address[VIZ_STREET_MAX + 1];
	char date[11]; /* wished date, YYYY-MM-DD; "" when not said */
	char plan[VIZ_PLAN_MAX + 1];
};

void viz_location_write(struct viz_writer *w, const struct viz_location *l);
void viz_location_read(struct viz_reader *r, struct viz_location *l);

/* Year * 100 + month, from 2020 on; or 0. */
bool viz_location_month_valid(uint32_t month);

/* Whether the area is true of the location: the same municipality and, if the area has a cell, a
 * point whose circle of precision lies in the cell. */
bool viz_location_fits(const struct viz_location *l, const struct viz_area *area);

void viz_contact_write(struct viz_writer *w, const struct viz_contact *c);
/* Refuses a phone or a date of another form (VIZ_ERR_MEANING), so that no field can hold free text.
 */
void viz_contact_read(struct viz_reader *r, struct viz_contact *c);

/* A telephone number as Brazilians write it, "(27) 99999-0000", as E.164. VIZ_ERR_INPUT. */
int viz_contact_phone(char out[VIZ_PHONE_MAX + 1], const char *text);
/* "" or YYYY-MM-DD. */
bool viz_contact_date_valid(const char *date);

#endif
