/* Leads of which this node is the origin: VIZ_TABLE_LEAD, key slot. The life of DESIGN sections 6
 * and 7, and PROTOCOL.md section 9. */
#ifndef VIZ_NODE_LEAD_H
#define VIZ_NODE_LEAD_H

#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"

struct viz_node;
struct viz_lead_secrets;

enum viz_lead_state {
	VIZ_LEAD_KEPT = 1,
	VIZ_LEAD_NO_NEIGHBOUR = 2,
	VIZ_LEAD_OPEN = 3,
	VIZ_LEAD_CLOSED = 4,
	VIZ_LEAD_CHOOSING = 5,
	VIZ_LEAD_AWARDED = 6,
	VIZ_LEAD_DELIVERED = 7,
	VIZ_LEAD_CONTACTED = 8,
	VIZ_LEAD_INSTALLED = 9,
	VIZ_LEAD_LOST = 10,
	VIZ_LEAD_WITHDRAWN = 11,
	VIZ_LEAD_EXPIRED = 12,
	VIZ_LEAD_NONE_CHOSEN = 13,
};

/* An eligible partner, as the origin sees it. */
struct viz_lead_peer {
	struct viz_id id;
	bool located; /* the location was sent to it */
	bool answered;
	enum viz_answer answer;
	enum viz_no_reason reason;
	struct viz_id pledge;
	struct viz_id commitment;
	bool revealed;
	struct viz_id nonce, blinded;
	bool awarded; /* it holds, or may hold, contact data */
	bool erased;  /* it has said that it erased what it has had last */
};

struct viz_lead {
	uint64_t slot;
	enum viz_lead_state state;
	struct viz_time created;
	char protocol[VIZ_REF_MAX + 1]; /* of the cancellation */
	struct viz_time cancelled_at;
	uint32_t municipality;
	struct viz_area area;
	enum viz_service service;
	uint32_t month;
	uint64_t previous;
	struct viz_time closes;
	struct viz_time reveal_until;
	struct viz_time choose_until;
	uint64_t epoch; /* 0: no offer was made */
	struct viz_id offer, view, close, result;
	struct viz_secret salt;
	struct viz_lead_peer peer[VIZ_ELIGIBLE_MAX]; /* ascending by id */
	size_t peer_count;
	size_t struck, blocked;                /* how many were excluded for which reason */
	struct viz_id order[VIZ_ELIGIBLE_MAX]; /* pledge ids */
	size_t order_count;
	uint32_t vault;                          /* block + 1; 0: erased or none */
	uint8_t location[VIZ_LOCATION_MAX + 40]; /* sealed under the lead's key */
	size_t location_len;
	uint32_t contact_vault; /* a block of its own: it may have to go before the rest */
	uint8_t contact[VIZ_CONTACT_MAX]; /* sealed under that block's key */
	size_t contact_len;
	bool single; /* one screen, one yes: award the only one when it promises */
	char language[6], channel[17], evidence[VIZ_REF_MAX + 1], agent[VIZ_REF_MAX + 1];
	char text_version[17];
	struct viz_id text_hash;         /* of what was read last */
	struct viz_id contact_text_hash; /* single: of the second text on that screen */
	/* the current award */
	uint32_t award_n;
	struct viz_id award;
	struct viz_id award_to;
	struct viz_time award_at, award_latest, delivered_at;
	struct viz_time lease_until; /* 0: none is out */
	struct viz_time contacted_at;
	bool released;
	uint32_t days_offline;
	bool recalled;        /* the customer picks again: no lease more, and the holder is told */
	bool withdrawal_owed; /* revoked while our key could not sign: the holders are to be told */
};

/* What `lead offer` says. */
struct viz_lead_request {
	char protocol[VIZ_REF_MAX + 1];
	struct viz_time cancelled_at;
	struct viz_location location;
	struct viz_area area;
	enum viz_service service;
	uint32_t month;
	uint64_t previous;
	struct viz_id struck[VIZ_ELIGIBLE_MAX];
	size_t struck_count;
	char language[6], channel[17], evidence[VIZ_REF_MAX + 1], agent[VIZ_REF_MAX + 1];
	char text_version[17];
	struct viz_id text_hash;
	bool single;                     /* contact is given along, for one eligible partner */
	struct viz_id contact_text_hash; /* single: of the second text */
	struct viz_contact contact;
};

bool viz_lead_get(struct viz_node *node, struct viz_lead *out, uint64_t slot);
void viz_lead_put(struct viz_node *node, const struct viz_lead *lead);
const char *viz_lead_state_name(enum viz_lead_state state);

/* Whether a live COVERAGE of this author meets the area. */
bool viz_covers(struct viz_node *node, const struct viz_id *author, const struct viz_area *area);

/* Who stands in which list of an offer: the effective mutual partners whose coverage meets the
 * area. What the customer hears, the receipt and the OFFER all come from here. VIZ_ERR_LIMIT. */
int viz_lead_lists(struct viz_node *node, struct viz_offer_secret *out, const struct viz_area *area,
		   const struct viz_id *struck, size_t struck_count);
/* Whether our PARTNERS says that this one is removed: until that is effective it is excluded. */
bool viz_lead_removed(struct viz_node *node, const struct viz_id *id);

/* Makes an offer. VIZ_ERR_ABSENT: there is nobody to ask, and nothing is kept. VIZ_ERR_STATE (key
 * revoked, no slot), VIZ_ERR_INPUT (nothing struck matches, single with several, ...),
 * VIZ_ERR_LIMIT. */
int viz_lead_offer(struct viz_node *node, struct viz_lead *out, const struct viz_lead_request *req);
/* The customer wants to be asked again when a neighbour arrives: the location is kept here, for up
 * to undelivered_ms, and goes nowhere, whoever arrives meanwhile. The row is the record of that
 * consent. */
int viz_lead_later(struct viz_node *node, struct viz_lead *out, const struct viz_lead_request *req);
/* Whether somebody could be asked now about a lead that is kept so. */
bool viz_lead_neighbour_came(struct viz_node *node, const struct viz_lead *lead);
/* The index of such leads follows their rows (viz_lead_put). */
bool viz_lead_waits(const struct viz_lead *lead);
void viz_lead_index(struct viz_node *node, const struct viz_lead *lead);
/* Somebody has arrived, as a partner or with coverage: said once for each lead that it serves. */
void viz_lead_tell_arrivals(struct viz_node *node);
/* The customer stays: served by us at the new address too. */
int viz_lead_keep(struct viz_node *node, struct viz_lead *out, const char *protocol,
		  struct viz_time cancelled_at, uint32_t municipality);

/* The customer's choice: a pledge's author, or nobody (NULL). VIZ_ERR_ABSENT: no such proposal.
 * VIZ_ERR_STATE: not now: no proposals; or the one chosen before may show the contact. That one is
 * then recalled: it is told, gets no further lease, and the choice opens when it lets go or its
 * lease ends. VIZ_ERR_LIMIT: too many awards, or no room in the store for one; to choose nobody and
 * to recall go without. */
int viz_lead_choose(struct viz_node *node, struct viz_lead *lead, const struct viz_id *who,
		    const struct viz_contact *contact);
/* The person revokes: erase here at once, and tell every holder, as soon as our key can sign. */
int viz_lead_revoke(struct viz_node *node, struct viz_lead *lead);
/* Contact data for a named reader. VIZ_ERR_ABSENT: erased, or never given. */
int viz_lead_contact(struct viz_node *node, struct viz_contact *out, const struct viz_lead *lead);
int viz_lead_location(struct viz_node *node, struct viz_location *out, const struct viz_lead *lead);

/* Events. */
void viz_lead_due(struct viz_node *node, uint64_t slot);
/* Our key can sign again: whatever waits for that is due now. */
void viz_lead_key_rotated(struct viz_node *node);
void viz_lead_coverage(struct viz_node *node, const struct viz_record *rec,
		       const struct viz_id *id);
void viz_lead_pledge(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id);
void viz_lead_reveal(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id,
		     struct viz_reader *body);
void viz_lead_note(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body);
void viz_lead_outcome(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body);
void viz_lead_erased(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body);
/* Whether this one was an effective mutual partner when the offer was made, and is now: its key,
 * its view and their evidence are for those alone. */
bool viz_lead_party(struct viz_node *node, const struct viz_lead *lead, const struct viz_id *id);
void viz_lead_location_asked(struct viz_node *node, const struct viz_id *from,
			     struct viz_reader *r);
void viz_lead_lease_asked(struct viz_node *node, const struct viz_id *from, struct viz_reader *r);
bool viz_lead_compose_location(struct viz_node *node, struct viz_writer *w, uint64_t slot,
			       const struct viz_id *to);
bool viz_lead_compose_handoff(struct viz_node *node, struct viz_writer *w, uint64_t slot,
			      const struct viz_id *to);

/* Between the lead's files. */
int viz_lead_begin(struct viz_node *node, struct viz_lead *lead,
		   const struct viz_lead_request *req);
/* The location's bytes are committed to and sealed. */
int viz_lead_seal_location(struct viz_node *node, struct viz_lead *lead, struct viz_id *commit,
			   const struct viz_lead_secrets *s, const struct viz_location *location);
struct viz_lead_peer *viz_lead_find_peer(struct viz_lead *lead, const struct viz_id *id);
void viz_lead_erase_contact(struct viz_node *node, struct viz_lead *lead);
void viz_lead_erase(struct viz_node *node, struct viz_lead *lead);
/* The lease that is out: noted as none when it has ended, else due at its end. */
void viz_lead_lapse(struct viz_node *node, struct viz_lead *lead);
/* Signs what a lead that is over still owes: WITHDRAWALs, CLOSE, RESULT. Nothing while our key is
 * revoked. */
void viz_lead_settle(struct viz_node *node, struct viz_lead *lead);
void viz_lead_withdraw(struct viz_node *node, const struct viz_lead *lead,
		       enum viz_withdrawal_scope scope, uint32_t award_n,
		       const struct viz_lead_peer *peer);
/* The order that follows from what is revealed. */
void viz_lead_set_order(struct viz_lead *lead);
void viz_lead_publish_close(struct viz_node *node, struct viz_lead *lead);
int viz_lead_award(struct viz_node *node, struct viz_lead *lead, struct viz_lead_peer *peer);
void viz_lead_publish_result(struct viz_node *node, struct viz_lead *lead,
			     enum viz_result_outcome outcome, const struct viz_id *chosen_pledge,
			     struct viz_secret *choice_blinding);
int viz_lead_seal_contact(struct viz_node *node, struct viz_lead *lead,
			  const struct viz_contact *contact);
/* The receipts' numbers: 1 is the first consent, ended under 2 + n, after award n; 1 + n that of
 * award n, ended under 32 + n; 32 a second consent that ended without an award. */
enum {
	VIZ_RECEIPT_FIRST = 1,
	VIZ_RECEIPT_FIRST_ENDED = 2,
	VIZ_RECEIPT_AWARD = 1,
	VIZ_RECEIPT_AWARD_ENDED = 32,
	VIZ_RECEIPT_SECOND_ENDED = 32,
};

int viz_lead_consent(struct viz_node *node, struct viz_id *id, struct viz_lead *lead,
		     enum viz_purpose purpose, uint64_t number, const struct viz_id *recipients,
		     size_t count, enum viz_consent_state state);
/* A later state of the consent whose receipt has the number `given`: the same receipt in that
 * state, which names the one before. */
void viz_lead_end_consent(struct viz_node *node, const struct viz_lead *lead, uint64_t given,
			  uint64_t number, enum viz_consent_state state);

/* The second consent of a single screen has ended without an award: written once. */
void viz_lead_end_second(struct viz_node *node, struct viz_lead *lead,
			 enum viz_consent_state state);

/* The order that nobody chose: sorts `pledge` (count of them, with their nonces) by
 * H("vizinho/order-item", seed, pledge), seed = H("vizinho/order", offer, close, salt, pledge and
 * nonce of each, ascending by pledge). */
void viz_order(struct viz_id *out, const struct viz_id *offer, const struct viz_id *close,
	       const struct viz_secret *salt, const struct viz_reveal_entry *entry, size_t count);
void viz_commitment(struct viz_id *out, const char *domain, const struct viz_id *a,
		    const uint8_t *b, size_t len);

#endif
