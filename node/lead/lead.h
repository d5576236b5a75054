/* The rows of VIZ_TABLE_LEAD: leads of which this node is the origin. Key: slot. PROTOCOL.md
 * section 9. */
#ifndef VIZ_NODE_LEAD_LEAD_H
#define VIZ_NODE_LEAD_LEAD_H

#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"

struct viz_core;
struct viz_slice;
struct viz_trust;

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

/* A partner that is asked, as the origin sees it. */
struct viz_lead_peer {
	struct viz_id id;
	struct viz_time located_at; /* when it first got the location; 0: it has not */
	bool answered;
	enum viz_answer answer;
	enum viz_no_reason reason;
	struct viz_id pledge;
	struct viz_id commitment;
	bool revealed;
	struct viz_id nonce, blinded;
	uint32_t award_n; /* of the last award to it: it holds or may hold the contact; 0: none */
	bool erased;      /* it has confirmed that it erased what we sent it last */
};

struct viz_lead {
	uint64_t slot;
	enum viz_lead_state state;
	struct viz_time created;
	char protocol[VIZ_REF_MAX + 1]; /* of the cancellation */
	struct viz_time cancelled_at;
	uint32_t municipality;
	struct viz_area area;
	uint64_t previous;
	struct viz_time closes;
	struct viz_time reveal_until;
	struct viz_time choose_until;
	uint64_t log;    /* in which OFFER stands, */
	uint32_t number; /* with this number; 0: no offer was made */
	struct viz_id offer, view, close, result;
	enum viz_result_kind result_kind; /* 0: no RESULT yet */
	bool none_chosen;                 /* CHOICE none is made: it is the last one */
	struct viz_id view_partners;      /* id of our PARTNERS that OFFER names */
	struct viz_secret salt;
	uint32_t draw;                            /* its number; 0: no offer was made */
	struct viz_time drawn;                    /* its instant: the view is of it */
	struct viz_lead_peer peer[VIZ_ASKED_MAX]; /* in the order of the draw */
	size_t peer_count;
	size_t struck, blocked, not_drawn; /* how many others serve the place, and why not asked */
	uint8_t order[VIZ_ASKED_MAX];      /* positions in peer, as they are shown */
	size_t order_len;
	uint32_t vault;                          /* block + 1; 0: erased or none */
	uint8_t location[VIZ_LOCATION_MAX + 40]; /* sealed under the lead's key */
	size_t location_len;
	struct viz_time
	    location_over;      /* we erase it then, unless somebody was chosen; 0: no offer */
	uint32_t contact_vault; /* a block of its own: it may be erased before the rest */
	uint8_t contact[VIZ_CONTACT_MAX]; /* sealed under that block's key */
	size_t contact_len;
	bool single; /* one screen, two consents: we award the only partner if it says yes */
	char language[6], channel[17], evidence[VIZ_REF_MAX + 1], agent[VIZ_REF_MAX + 1];
	char text_version[17];
	struct viz_id text_hash;         /* of the text that was read last, */
	struct viz_time given;           /* and when the customer agreed to it */
	struct viz_id contact_text_hash; /* single: of the second text on that screen */
	/* the current award */
	uint32_t award_n;
	struct viz_id award;
	struct viz_id award_to;
	struct viz_time award_at, award_latest, delivered_at;
	struct viz_time handoff_at;  /* when the hand-off is sent again; 0: not before an award */
	struct viz_time lease_until; /* 0: no lease runs */
	struct viz_id release_hash; /* of the holder's first question; zero: no lease was granted */
	bool opened;         /* the holder has opened it: it can no longer show the contact */
	uint8_t release[32]; /* what opened it */
	struct viz_time contacted_at;
	bool released;
	bool has_days; /* the holder has said how many days */
	uint32_t days_offline;
	bool recalled;        /* the customer chooses anew: the holder gets no more leases */
	uint64_t next;        /* the offer that names this one as previous; 0: none */
	bool revoked;         /* the person has taken the consent back */
	bool withdrawal_owed; /* revoked while our key could not sign: WITHDRAWAL is due */
};

/* Reads the row. False: there is none. */
bool viz_lead_get(struct viz_core *core, struct viz_lead *out, uint64_t slot);

void viz_lead_put(struct viz_core *core, const struct viz_lead *lead);

/* Whether an offer was made, and nothing more may be signed for it: its log is not our log any
 * more.
 */
bool viz_lead_is_over(const struct viz_trust *trust, const struct viz_lead *lead);

const char *viz_lead_state_name(enum viz_lead_state state);

/* Whether the lead waits for a neighbour. VIZ_TABLE_META has a row for each such lead
 * (VIZ_META_WAITING), which viz_lead_put keeps. */
bool viz_lead_waits(const struct viz_lead *lead);

/* The lead whose current award this is, in new memory, which the caller frees; NULL: there is none.
 * VIZ_TABLE_META has a row for each such award (VIZ_META_AWARD), which viz_lead_put writes. */
struct viz_lead *viz_lead_of_award(struct viz_core *core, const struct viz_id *award);

/* Of the number of a cancellation: that of its letters, as capitals, and digits alone. */
void viz_lead_protocol_hash(struct viz_id *out, const char *protocol);

/* An open lead of this number of a cancellation, but not that of the slot `except`, in new memory,
 * which the caller frees; NULL: there is none. Open is one from which somebody calls the customer,
 * or still may. Numbers are equal when their letters and digits are. VIZ_TABLE_META has a row for
 * each such lead (VIZ_META_PROTOCOL), which viz_lead_put keeps. */
struct viz_lead *viz_lead_of_protocol(struct viz_core *core, const char *protocol, uint64_t except);

/* Removes the rows of VIZ_TABLE_META of a lead whose row is deleted. */
void viz_lead_forget(struct viz_core *core, const struct viz_slice *key,
		     const struct viz_slice *value);

/* NULL: `id` is not asked. */
struct viz_lead_peer *viz_lead_find_peer(struct viz_lead *lead, const struct viz_id *id);

/* Likewise into new memory, which the caller frees; NULL: there is none. */
struct viz_lead *viz_lead_fetch(struct viz_core *core, uint64_t slot);

#endif
