/* The rows of VIZ_TABLE_INBOX: offers of partners, as this node sees them. Key: origin, slot. */
#ifndef VIZ_NODE_INBOX_INBOX_H
#define VIZ_NODE_INBOX_INBOX_H

#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/statement.h"

struct viz_core;
struct viz_walk;

enum viz_inbox_state {
	VIZ_INBOX_UNKNOWN = 1, /* what ends it has come before its OFFER */
	VIZ_INBOX_LISTED = 2,  /* we are asked, and have asked for the location */
	VIZ_INBOX_LOCATED = 3, /* the location has come: a person must answer */
	VIZ_INBOX_PLEDGED = 4,
	VIZ_INBOX_REVEALED = 5, /* CLOSE holds our pledge; our proposal is revealed */
	VIZ_INBOX_OVER = 6,     /* the customer has chosen, and nobody handed us a contact */
	VIZ_INBOX_AWARDED = 7,
	VIZ_INBOX_CONTACTED = 8,
	VIZ_INBOX_INSTALLED = 9,
	VIZ_INBOX_LOST = 10,
	VIZ_INBOX_RELEASED = 11,
	VIZ_INBOX_WITHDRAWN = 12,
	VIZ_INBOX_BYSTANDER = 13, /* we are not asked, and only check the offer */
};

/* Why the lists of an offer were not judged. */
enum viz_unchecked {
	VIZ_UNCHECKED_NOT = 0,   /* they were, or will be */
	VIZ_UNCHECKED_VIEW = 1,  /* the view, or what it names, was not served, or fits no hash */
	VIZ_UNCHECKED_SHARE = 2, /* the origin has as much evidence here as it may */
};

/* Why a customer who chose us was lost. Only this node knows it: the origin learns that, not why.
 */
enum viz_lost {
	VIZ_LOST_NOT = 0,
	VIZ_LOST_UNREACHED = 1,  /* nobody answered our calls */
	VIZ_LOST_NO_SERVICE = 2, /* the technician cannot serve the place */
	VIZ_LOST_PRICE = 3,
	VIZ_LOST_DATE = 4, /* not as soon as the customer wants it */
	VIZ_LOST_COMPETITOR = 5,
	VIZ_LOST_GAVE_UP = 6, /* no move, or no internet there */
	VIZ_LOST_OTHER = 7,
};

struct viz_inbox {
	struct viz_id origin;
	uint64_t slot;
	enum viz_inbox_state state;
	struct viz_id offer; /* record id */
	struct viz_time time, closes;
	struct viz_time came;         /* when the OFFER came, by our clock; of a tombstone, it */
	struct viz_id view, partners; /* from the OFFER: digest; id of PARTNERS */
	struct viz_time drawn;        /* instant of the draw: the view is of it */
	/* the view */
	struct viz_time view_since; /* when we began to compare it; 0: not yet */
	bool view_judged;
	enum viz_unchecked unchecked; /* why the lists were not judged, or not yet */
	bool settled;                 /* the audit misses nothing of this offer any more */
	/* whether later keys than the view has verify their PLEDGEs in CLOSE: 0: this was not
	 * tried; 1: they do; else 2 + the position of the first that does not */
	uint32_t pledges;
	/* our answer */
	uint32_t vault; /* block + 1; 0: erased or none */
	uint8_t location[VIZ_LOCATION_MAX + 40];
	size_t location_len;
	struct viz_time
	    erase; /* the latest at which we erase, by the receipt that we have; 0: none */
	struct viz_time located_at; /* when it came, by our clock; 0: it has not */
	enum viz_answer answer;     /* 0: none yet */
	enum viz_no_reason reason;
	struct viz_id pledge;
	struct viz_secret nonce, blinding; /* they open our pledge; REVEAL has them */
	bool pledge_acked, reveal_acked;
	struct viz_id close, result;
	struct viz_time result_at;
	/* the hand-off */
	uint8_t contact[VIZ_CONTACT_MAX];
	size_t contact_len;
	uint32_t award_n;     /* of the award that we hold; 0: none */
	uint32_t tombstone_n; /* awards up to this one are refused */
	struct viz_id award;
	struct viz_time award_latest, awarded_at;
	struct viz_time lease_asked; /* when we asked last; 0: never */
	struct viz_time lease_until;
	uint32_t lease_key;         /* number of the origin's key that signed the lease */
	bool lease_answered;        /* the question of lease_asked, or CONTACTED of that time */
	bool has_release;           /* we have asked for a lease of this award; RELEASE then has */
	uint8_t release[32];        /* this secret */
	struct viz_time show_after; /* the time of the CHOICE of this award */
	struct viz_time contacted_at;
	bool has_days; /* how many days were said */
	uint32_t days_offline;
	enum viz_lost lost_why;
	bool withdrawn; /* the customer revoked: we take nothing of this offer any more */
	enum viz_erased_what erased_owed; /* to report when the vault is wiped; 0: nothing */
};

/* Reads the row. False: there is none. */
bool viz_inbox_get(struct viz_core *core, struct viz_inbox *out, const struct viz_id *origin,
		   uint64_t slot);
/* Walks over the rows of one origin, the oldest first; NULL: of all. */
void viz_inbox_walk_init(struct viz_walk *walk, struct viz_core *core,
			 const struct viz_id *origin_or_null);
/* Those of the origin with a slot of the day of `since` or a later one. */
void viz_inbox_walk_since(struct viz_walk *walk, struct viz_core *core, const struct viz_id *origin,
			  struct viz_time since);
/* False at the end. Rows may be written and removed on the way. */
bool viz_inbox_walk_next(struct viz_walk *walk, struct viz_inbox *out);

void viz_inbox_put(struct viz_core *core, const struct viz_inbox *in);
/* Deletes the row, if there is one. */
void viz_inbox_del(struct viz_core *core, const struct viz_id *origin, uint64_t slot);

/* Whether it waits for something that a person here must do. How many do is kept in
 * core->inbox_waiting from viz_inbox_erase_resume on. */
bool viz_inbox_waiting_for_us(const struct viz_inbox *in);

/* Why the lists were not judged; NULL: VIZ_UNCHECKED_NOT. */
const char *viz_inbox_unchecked_name(enum viz_unchecked why);

const char *viz_inbox_state_name(enum viz_inbox_state state);
/* NULL: VIZ_LOST_NOT. */
const char *viz_inbox_lost_name(enum viz_lost why);
bool viz_inbox_lost_parse(enum viz_lost *why, const char *name);

/* Likewise into new memory, which the caller frees; NULL: there is none. */
struct viz_inbox *viz_inbox_fetch(struct viz_core *core, const struct viz_id *origin,
				  uint64_t slot);

/* Whether nothing depends on the row: no data is here, no statement owed, no award running. */
bool viz_inbox_is_over(const struct viz_core *core, const struct viz_inbox *in);

/* When we pledge `no-content` if the location has not come. */
struct viz_time viz_inbox_answer_by(const struct viz_inbox *in);

/* When we erase the location even if RESULT has not come. */
struct viz_time viz_inbox_location_over(struct viz_core *core, const struct viz_inbox *in);

#endif
