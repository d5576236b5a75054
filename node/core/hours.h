/* The hours in which people of this node work, and how long a promise of some of them lasts. */
#ifndef VIZ_NODE_CORE_HOURS_H
#define VIZ_NODE_CORE_HOURS_H

#include "proto/base.h"

#define VIZ_HOURS_SPANS  4  /* of one day */
#define VIZ_HOURS_CLOSED 32 /* days on which nobody works */

/* All zeros: no hours are known, so that each hour counts. */
struct viz_hours {
	struct viz_hours_span {
		uint16_t from, to;        /* minutes of the day; from < to */
	} day[7][VIZ_HOURS_SPANS];        /* Sunday first; equal: no more of this day */
	int zone_min;                     /* minutes east of UTC */
	int64_t closed[VIZ_HOURS_CLOSED]; /* days since 1970-01-01, in that zone */
	size_t closed_count;
	uint32_t promise_min; /* minutes of work until a customer is called */
};

/* Monday to Friday 8-18 and Saturday 8-12 in Brasilia, and two hours. */
void viz_hours_default(struct viz_hours *h);
/* Sets the week from text: days, then times, in Portuguese or English: "seg-sex 8-18, sab 8-12",
 * "seg a sex das 8h às 12h e das 13h30 às 18h", "24h". Times before any day are those of Monday to
 * Friday. False: it is none of this, and the week is as it was. */
bool viz_hours_parse(struct viz_hours *h, const char *text);
/* "-03:00": minutes east of UTC. False: it is no zone. */
bool viz_hours_parse_zone(int *minutes, const char *text);
/* "2026-12-25": days since 1970-01-01. False: there is no such day. */
bool viz_hours_parse_day(int64_t *day, const char *text);
/* The day of an instant in that zone, since 1970-01-01. */
int64_t viz_hours_day(const struct viz_hours *h, struct viz_time t);
/* Whether people work at that instant. */
bool viz_hours_open(const struct viz_hours *h, struct viz_time t);
/* The end of the promise that began at `from`. */
struct viz_time viz_hours_promised(const struct viz_hours *h, struct viz_time from);

#endif
