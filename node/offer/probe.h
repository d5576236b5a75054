/* Probing: whether a peer gathers what an offer shows, without offers that lead anywhere. Counts of
 * the last 30 days for one peer, and what they say. PROTOCOL.md section 9. Pure: the rows are in
 * node/offer/probing.h.
 *
 * A count belongs to the UTC day of its lead, not to the day when it came: an award counts beside
 * the location that it answers. */
#ifndef VIZ_NODE_OFFER_PROBE_H
#define VIZ_NODE_OFFER_PROBE_H

#include "proto/base.h"
#include "proto/limits.h"
#include "proto/offer.h"

struct viz_federation;
struct viz_reader;
struct viz_writer;

#define VIZ_PROBE_DAYS 30

enum viz_probe_side {
	VIZ_PROBE_TAKER = 0, /* the peer asks us: we get locations and answer */
	VIZ_PROBE_GIVER = 1, /* we ask the peer: it gets locations and answers */
};

enum viz_probe_what {
	VIZ_PROBE_LOCATION = 0,
	VIZ_PROBE_YES = 1,
	VIZ_PROBE_ANALYSIS = 2,
	VIZ_PROBE_NO_ANSWER = 3, /* the answer `no` */
	VIZ_PROBE_NO_CONTENT = 4,
	VIZ_PROBE_AWARD = 5,     /* the lead was awarded to the one that was asked */
	VIZ_PROBE_AWARD_ANY = 6, /* taker: to anybody */
	VIZ_PROBE_INSTALL = 7,   /* giver */
	VIZ_PROBE_WHATS = 8,
};

/* What an answer counts as. */
enum viz_probe_what viz_probe_answer(enum viz_answer answer);

/* Bits: why the peer is reported. */
enum viz_probe_reason {
	VIZ_PROBE_MANY = 1,         /* too many locations within ten minutes, or an hour */
	VIZ_PROBE_NONE_TO_US = 2,   /* taker: we promised, and got fewer leads than chance gives */
	VIZ_PROBE_NONE_TO_ALL = 4,  /* taker: hardly ever anybody got the lead */
	VIZ_PROBE_NEVER_YES = 8,    /* giver: it takes locations and never promises */
	VIZ_PROBE_NO_INSTALLS = 16, /* giver: it takes contacts and never installs */
};

#define VIZ_PROBE_REASONS 31 /* all of them */

struct viz_probe_day {
	uint32_t day; /* UTC */
	uint32_t n[VIZ_PROBE_WHATS];
};

/* A row: what is known of one peer on one side. Zeros: nothing. */
struct viz_probe {
	struct viz_time recent[VIZ_PROBE_HOUR + 1]; /* the last locations, ascending */
	size_t recent_count;
	struct viz_probe_day day[VIZ_PROBE_DAYS + 1]; /* in any order; one more by a clock step */
	size_t day_count;
	uint32_t reasons; /* of the report that runs */
	struct viz_time since, until;
	bool stopped; /* taker: by the operator's choice we take no location of this origin */
};

void viz_probe_write(struct viz_writer *w, const struct viz_probe *p);
void viz_probe_read(struct viz_reader *r, struct viz_probe *p);

/* Counts one of `what` for a lead of the day of `lead`. A day that is over is not counted. */
void viz_probe_count(struct viz_probe *p, enum viz_probe_what what, struct viz_time lead,
		     struct viz_time now);

/* Sums of the last 30 days. */
void viz_probe_sum(uint64_t n[VIZ_PROBE_WHATS], const struct viz_probe *p, struct viz_time now);

/* What the counts say now: bits of viz_probe_reason; 0: nothing. Awards are missed only of offers
 * that have ended: the customers of the others may choose still. */
uint32_t viz_probe_judge(const struct viz_probe *p, enum viz_probe_side side,
			 const struct viz_federation *federation, struct viz_time now);

/* Begins or prolongs the report by what the counts say now: it runs for 30 days from the last time
 * that they said something. Returns the reasons that are new in it. */
uint32_t viz_probe_report(struct viz_probe *p, enum viz_probe_side side,
			  const struct viz_federation *federation, struct viz_time now);

/* Whether the report runs. */
bool viz_probe_reported(const struct viz_probe *p, struct viz_time now);

/* Removes what is older than 30 days. Whether it removed anything. */
bool viz_probe_trim(struct viz_probe *p, struct viz_time now);

/* Whether nothing is left that must be kept. */
bool viz_probe_empty(const struct viz_probe *p);

/* "many-an-hour", ...: the name of one bit. */
const char *viz_probe_reason_name(enum viz_probe_reason reason);

#endif
