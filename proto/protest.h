/* The body of PROTEST: what a partner did not hear of an origin, and the origin's reply.
 * PROTOCOL.md section 9. */
#ifndef VIZ_PROTO_PROTEST_H
#define VIZ_PROTO_PROTEST_H

#include "proto/record.h"

enum viz_protest_kind {
	VIZ_PROTEST_REPLY = 0,
	VIZ_PROTEST_PLEDGE = 1,   /* a PLEDGE is neither acknowledged nor in CLOSE */
	VIZ_PROTEST_REVEAL = 2,   /* a REVEAL is neither acknowledged nor in RESULT */
	VIZ_PROTEST_LOCATION = 3, /* LOCATION_ASK had no answer */
	VIZ_PROTEST_VIEW = 4,     /* the view, or a record of it, was not served */
	VIZ_PROTEST_NUMBER = 5,   /* a number of the log was not served */
	VIZ_PROTEST_LATE = 6,     /* CLOSE came too soon after the location */
	VIZ_PROTEST_FALSE = 7,    /* the location does not fit its offer */
	VIZ_PROTEST_HEAD = 8,     /* a NODE was not opened */
};
#define VIZ_PROTEST_KIND_MAX VIZ_PROTEST_HEAD

enum viz_protest_answer {
	VIZ_PROTEST_STANDS = 1,   /* it stands in a record of mine */
	VIZ_PROTEST_TOO_LATE = 2, /* it did not come in time */
	VIZ_PROTEST_NO_LINK = 3,
	VIZ_PROTEST_SERVED = 4,
	VIZ_PROTEST_OVER = 5,
	VIZ_PROTEST_FAILED = 6, /* I failed */
};

struct viz_protest_reply {
	struct viz_id protest; /* its record id */
	enum viz_protest_answer answer;
};

struct viz_protest {
	struct viz_id origin; /* about whom; of a reply its author */
	/* The three decide who may hold it: those of the OFFER, else of a NODE of the origin. */
	struct viz_id node;
	struct viz_time node_time;
	struct viz_id partners;
	bool has_offer;
	uint8_t offer[32]; /* id of the OFFER; not with kinds 0, 5 and 8 */
	enum viz_protest_kind kind;
	uint32_t number; /* kind 5: in the log of the named NODE; else 0 */
	bool has_pledge;
	uint8_t pledge[VIZ_PLEDGE_SIGNED]; /* kinds 1 and 2: the author's own */
	struct viz_protest_reply reply[VIZ_PROTEST_REPLIES];
	size_t reply_count; /* kind 0: at least one; else 0 */
};

VIZ_BODY(protest);

/* Whether the body fits its record: a protest has a slot below VIZ_PROTESTS_PER_DAY and another
 * author than the origin, a reply the others, and the PLEDGE is the author's for that offer. */
bool viz_protest_fits(const struct viz_protest *p, const struct viz_record *rec);

/* The PLEDGE in a protest of kind 1 or 2, as a record. */
int viz_protest_pledge(struct viz_record *rec, const struct viz_protest *p);

/* Whether a protest of this kind names an OFFER, and not a NODE alone. */
bool viz_protest_names_offer(enum viz_protest_kind kind);

/* The id of the OFFER. */
static inline struct viz_id viz_protest_offer(const struct viz_protest *p)
{
	struct viz_id id = {{0}};

	if (p->has_offer)
		memcpy(id.b, p->offer, sizeof id.b);
	return id;
}

/* "pledge", "reveal", ...; "reply" for a reply. */
const char *viz_protest_kind_name(enum viz_protest_kind kind);

/* "stands", "too-late", ... */
const char *viz_protest_answer_name(enum viz_protest_answer answer);

#endif
