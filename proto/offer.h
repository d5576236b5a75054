/* The bodies of OFFER, PLEDGE, CLOSE, RESULT and CHOICE. PROTOCOL.md section 9. */
#ifndef VIZ_PROTO_OFFER_H
#define VIZ_PROTO_OFFER_H

#include "proto/coverage.h"

/* Where a record stands in the log of its origin. The bodies of OFFER, CLOSE, RESULT and CHOICE
 * begin with its four fields. */
struct viz_position {
	uint64_t log;         /* not 0 */
	uint32_t number;      /* from 1 on, without a gap */
	struct viz_id before; /* the value of the log at number - 1 */
	uint32_t offer;       /* the number of the OFFER of this offer; of an OFFER its own */
};

/* Reads the position at the beginning of the body of one of the four. Errors are the reader's. */
int viz_position_parse(struct viz_position *at, const struct viz_record *rec);

/* Reads the id of the OFFER that a CLOSE, RESULT or CHOICE names. Errors are the reader's. */
int viz_offer_named(struct viz_id *offer, const struct viz_record *rec);

/* An entry of a list: a partner by its index in the PARTNERS that OFFER names, and its turn when
 * the draw was made. */
struct viz_list_entry {
	uint8_t index;
	uint32_t turn;
	bool newcomer;
};

/* Each partner stands in one list at most. asked, struck and not_drawn ascend by turn and index,
 * blocked and silent by index. */
struct viz_offer {
	struct viz_position at;
	struct viz_id node;        /* record id of the origin's newest NODE */
	struct viz_time node_time; /* its time */
	struct viz_id partners;    /* record id of the PARTNERS that it names, whose entries are
				      the authors of the view */
	uint32_t draw;             /* its number */
	struct viz_time drawn;     /* its instant */
	struct viz_time closes;    /* no CLOSE before this time, unless all have answered */
	struct viz_id view;        /* digest of the draw's view */
	struct viz_area area;
	struct viz_list_entry asked[VIZ_ASKED_MAX];
	size_t asked_count;
	struct viz_list_entry struck[VIZ_ASKED_MAX - 1]; /* drawn too, but the customer struck it */
	size_t struck_count;
	struct viz_list_entry not_drawn[VIZ_PARTNERS_MAX - 1];
	size_t not_drawn_count;
	uint8_t blocked[VIZ_PARTNERS_MAX - 1]; /* removed by the origin, and still effective */
	size_t blocked_len;
	uint8_t silent[VIZ_PARTNERS_MAX - 1]; /* the origin has no heartbeat of it, or it is no
						 member */
	size_t silent_len;
	bool has_previous;
	struct viz_id previous; /* record id of the last OFFER for the same customer */
	bool has_opening;
	uint8_t opening[32];           /* opens the release hash of the last award of previous */
	struct viz_id order_commit;    /* H("vizinho/order-salt", salt, ""): an empty second part */
	struct viz_id location_commit; /* H("vizinho/location", blinding, location bytes) */
	struct viz_id receipt_commit;  /* H("vizinho/receipt", blinding, receipt's record id) */
};

/* How many partners were drawn. */
static inline size_t viz_offer_drawn(const struct viz_offer *o)
{
	return o->asked_count + o->struck_count;
}

/* Whether OFFER asks the partner with this index. */
bool viz_offer_asks(const struct viz_offer *o, size_t index);

enum viz_answer {
	VIZ_ANSWER_YES = 1,
	VIZ_ANSWER_ANALYSIS = 2,
	VIZ_ANSWER_NO = 3,
	VIZ_ANSWER_NO_CONTENT = 4, /* the origin refused or delayed the location */
};

enum viz_no_reason {
	VIZ_NO_NONE = 0,     /* with yes, analysis and no-content */
	VIZ_NO_PLANT = 1,    /* outside the plant */
	VIZ_NO_CAPACITY = 2, /* no free port */
	VIZ_NO_POLICY = 3,   /* policy of the provider */
};

/* PLEDGE, a statement of an asked partner. */
struct viz_pledge {
	struct viz_id offer; /* the OFFER's record id */
	enum viz_answer answer;
	struct viz_id commitment; /* to proposal and nonce; zero for no and no-content */
};

/* What the customer may choose: yes and analysis. */
bool viz_pledge_promises(enum viz_answer answer);

/* One of CLOSE's entries: the signed PLEDGE of an asked partner, if it has come. */
struct viz_close_entry {
	bool answered;
	uint8_t pledge[VIZ_PLEDGE_SIGNED];
};

struct viz_close {
	struct viz_position at;
	struct viz_id offer;
	struct viz_close_entry entry[VIZ_ASKED_MAX]; /* in the order of those asked */
	size_t count;
};

enum viz_result_kind {
	VIZ_RESULT_ORDER = 1,
	VIZ_RESULT_WITHDRAWN = 2, /* the consent was revoked: there is no order */
};

/* One of RESULT's entries: what opens the pledge of an asked partner. */
struct viz_result_entry {
	bool revealed;
	struct viz_id nonce;   /* zero unless revealed */
	struct viz_id blinded; /* H("vizinho/proposal", blinding, proposal); likewise */
};

struct viz_result {
	struct viz_position at;
	struct viz_id offer;
	struct viz_id close;
	enum viz_result_kind kind;
	struct viz_secret salt;                       /* public from RESULT on */
	struct viz_result_entry entry[VIZ_ASKED_MAX]; /* in the order of those asked */
	size_t count;
	uint8_t order[VIZ_ASKED_MAX]; /* positions in entry, as they are shown */
	size_t order_len;
};

enum viz_choice_what {
	VIZ_CHOICE_AWARD = 1,
	VIZ_CHOICE_NONE = 2, /* nobody, or nobody else: the last CHOICE of an offer */
};

/* CHOICE k, for award k or for none; k stands in the slot. */
struct viz_choice {
	struct viz_position at;
	struct viz_id offer;
	enum viz_choice_what what;
	struct viz_id commitment; /* viz_commitment_choice; zero for none */
	bool has_opening;
	uint8_t opening[32]; /* opens the release hash of award k - 1 */
};

VIZ_BODY(offer);
VIZ_BODY(pledge);
VIZ_BODY(close);
VIZ_BODY(result);
VIZ_BODY(choice);

/* The PLEDGE in the entry at this position. False: it has none. */
bool viz_close_pledge(const struct viz_close *close, size_t position, struct viz_record *rec,
		      struct viz_pledge *pledge);

/* "yes", "analysis", "no", "no-content"; "none" otherwise. */
const char *viz_offer_answer_name(enum viz_answer a);

#endif
