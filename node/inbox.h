/* Offers of partners, as this node sees them: VIZ_TABLE_INBOX, key (origin, slot). */
#ifndef VIZ_NODE_INBOX_H
#define VIZ_NODE_INBOX_H

#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"

struct viz_node;

enum viz_inbox_state {
	VIZ_INBOX_SEALED = 1,  /* the offer's key has not come yet */
	VIZ_INBOX_LISTED = 2,  /* eligible; the location is asked for */
	VIZ_INBOX_LOCATED = 3, /* the location is here: a person must answer */
	VIZ_INBOX_PLEDGED = 4,
	VIZ_INBOX_REVEALED = 5, /* CLOSE holds our pledge; our proposal is revealed */
	VIZ_INBOX_OVER = 6,     /* RESULT is there, and nothing was handed to us */
	VIZ_INBOX_AWARDED = 7,
	VIZ_INBOX_CONTACTED = 8,
	VIZ_INBOX_INSTALLED = 9,
	VIZ_INBOX_LOST = 10,
	VIZ_INBOX_RELEASED = 11,
	VIZ_INBOX_WITHDRAWN = 12,
	VIZ_INBOX_BYSTANDER = 13, /* a partner of the origin, not eligible: it only checks */
};

struct viz_inbox {
	struct viz_id origin;
	uint64_t slot;
	enum viz_inbox_state state;
	struct viz_id offer; /* record id */
	struct viz_time time, closes;
	struct viz_id view; /* digest, from the OFFER */
	bool has_key;
	struct viz_secret key; /* the offer key */
	struct viz_area area;
	enum viz_service service;
	uint32_t month;
	size_t eligible_count;
	/* the view, on its way */
	size_t view_have, view_total;
	bool view_judged;
	/* our answer */
	uint32_t vault; /* block + 1 */
	uint8_t location[VIZ_LOCATION_MAX + 40];
	size_t location_len;
	enum viz_answer answer; /* 0: none yet */
	enum viz_no_reason reason;
	struct viz_id pledge;
	struct viz_secret nonce, blinding; /* open our pledge: from CLOSE on known to the origin */
	bool pledge_acked, reveal_acked;
	struct viz_id reveal; /* statement id */
	struct viz_id close, result;
	struct viz_time result_at;
	/* the hand-off */
	uint8_t contact[VIZ_CONTACT_MAX];
	size_t contact_len;
	uint32_t award_n;     /* of the award that we hold; 0: none */
	uint32_t tombstone_n; /* awards up to this one are refused */
	struct viz_id award;
	struct viz_time award_latest, awarded_at;
	struct viz_time lease_asked, lease_until;
	bool lease_answered; /* what was asked at lease_asked */
	struct viz_time contacted_at;
	uint32_t days_offline;
	bool withdrawn; /* the person revoked: nothing of this offer is taken any more */
	enum viz_erased_what say_erased; /* to be told when the vault is wiped; 0: nothing */
};

bool viz_inbox_get(struct viz_node *node, struct viz_inbox *out, const struct viz_id *origin,
		   uint64_t slot);
void viz_inbox_put(struct viz_node *node, const struct viz_inbox *in);
const char *viz_inbox_state_name(enum viz_inbox_state state);

/* Whether one more pledge may go to this origin, of a day on which `done` are made, by origin. A
 * part of a day's pledges is shared out evenly among the partners, the rest goes to whoever comes
 * first: no two origins use up what a third one asks for. */
bool viz_pledge_share(const struct viz_id *origin, const struct viz_id *done, size_t n,
		      size_t partners);
/* Publishes our answer; the row is the caller's to write. VIZ_ERR_LIMIT: the day's pledges, or this
 * origin's part of them, are used up. */
int viz_inbox_pledge(struct viz_node *node, struct viz_inbox *in, enum viz_answer answer,
		     enum viz_no_reason reason);

/* A person's answer, for nodes that answer by hand. VIZ_ERR_STATE. */
int viz_inbox_answer(struct viz_node *node, struct viz_inbox *in, enum viz_answer answer,
		     enum viz_no_reason reason);

/* Whether the contact may be shown now; if not, asks the origin for a lease (one question at a
 * time, and once a second at most). */
bool viz_inbox_may_show(struct viz_node *node, struct viz_inbox *in);
int viz_inbox_contact(struct viz_node *node, struct viz_contact *out, const struct viz_inbox *in);
int viz_inbox_location_get(struct viz_node *node, struct viz_location *out,
			   const struct viz_inbox *in);

/* The holder's reports. VIZ_ERR_STATE. */
int viz_inbox_contacted(struct viz_node *node, struct viz_inbox *in);
int viz_inbox_release(struct viz_node *node, struct viz_inbox *in);
int viz_inbox_outcome(struct viz_node *node, struct viz_inbox *in, enum viz_outcome_kind kind,
		      uint32_t days_offline);

/* Events. */
void viz_inbox_offer(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id);
void viz_inbox_close(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id);
void viz_inbox_result(struct viz_node *node, const struct viz_record *rec, const struct viz_id *id);
void viz_inbox_key_arrived(struct viz_node *node, const struct viz_id *origin);
void viz_inbox_offer_key(struct viz_node *node, const struct viz_id *from, struct viz_reader *r);
void viz_inbox_view(struct viz_node *node, const struct viz_id *from, struct viz_reader *r);
void viz_inbox_evidence(struct viz_node *node, const struct viz_id *from, struct viz_reader *r);
void viz_inbox_location(struct viz_node *node, const struct viz_id *from, struct viz_reader *r);
void viz_inbox_location_refused(struct viz_node *node, const struct viz_id *from,
				struct viz_reader *r);
void viz_inbox_handoff(struct viz_node *node, const struct viz_id *from, struct viz_reader *r);
void viz_inbox_pledge_ack(struct viz_node *node, const struct viz_record *rec,
			  struct viz_reader *body);
void viz_inbox_reveal_ack(struct viz_node *node, const struct viz_record *rec,
			  struct viz_reader *body);
void viz_inbox_lease(struct viz_node *node, const struct viz_record *rec, struct viz_reader *body);
void viz_inbox_withdrawal(struct viz_node *node, const struct viz_record *rec,
			  struct viz_reader *body);
void viz_inbox_due(struct viz_node *node, const struct viz_id *origin, uint64_t slot);

/* Erasure: marks the vault block now, and remembers to say so when it is wiped. */
void viz_inbox_erase(struct viz_node *node, struct viz_inbox *in, enum viz_erased_what what);
/* After the vault is wiped, in the transaction that removes the references. */
void viz_inbox_say_erased(struct viz_node *node);
/* What could not be signed while our key was revoked is said at the end of this batch. */
void viz_inbox_key_rotated(struct viz_node *node);
/* At start-up: erasures that were done and not yet told. */
void viz_inbox_resume(struct viz_node *node);

struct viz_erasure {
	struct viz_id origin;
	uint64_t slot;
};

#endif
