/* The counts while rows are read. Their size depends on the gazetteer and the limits alone. */
#ifndef VIZ_ANALYZE_TOTALS_H
#define VIZ_ANALYZE_TOTALS_H

#include "tools/analyze/coverage.h"
#include "tools/analyze/groups.h"
#include "tools/analyze/reason.h"

/* One municipality that movers went to. */
struct viz_town_total {
	uint32_t movers, kept, covered, uncovered;
	uint32_t left; /* movers whose old address was here: the provider has customers there */
	int64_t cents; /* of those with an amount */
};

/* Uncovered movers of one municipality, by day: the last VIZ_ANALYZE_RING_DAYS of those seen. A
 * slot belongs to the latest day that came to it. */
struct viz_ring_day {
	int32_t day;
	uint32_t n;
};

struct viz_totals {
	uint64_t rows;      /* of data, all */
	uint64_t rejected;  /* not read */
	uint64_t active;    /* no date and no reason: contracts that were not cancelled */
	uint64_t in_force;  /* by the status of the contract: not cancelled */
	uint64_t undone;    /* by the status: the cancellation was taken back */
	uint64_t cancelled; /* what remains */
	uint64_t defects;   /* values that could not be read, in rows that were */

	uint32_t by_month[VIZ_ANALYZE_MONTHS][VIZ_REASONS];
	uint64_t by_reason[VIZ_REASONS];
	uint64_t undated;
	int32_t day_min, day_max; /* INT32_MAX, INT32_MIN while there is none */

	int64_t month_cents[VIZ_ANALYZE_MONTHS];
	int64_t cents;       /* of all rows with an amount */
	uint64_t valued;     /* rows with an amount */
	int64_t mover_cents; /* of movers with an amount */
	uint64_t mover_valued;

	uint64_t persons, companies, masked; /* by document */
	uint64_t coded_reasons; /* texts of digits only: an ERP's code without its table */
	uint64_t movers;
	uint64_t asked_not;     /* no value in the columns of the destination */
	uint64_t unresolved;    /* a value is there, but no place was found */
	uint64_t by_mention;    /* only the free text named the destination */
	uint64_t by_near_state; /* the name belongs to several states; the near one was taken */
	uint64_t located;       /* movers with a destination */
	uint64_t no_number;     /* of these, without house number, where there is a column */
	uint64_t same_town;     /* destination in the municipality that was left */
	uint64_t precision[VIZ_HOWS]; /* how finely the destination is known */
	uint64_t kept[VIZ_HOWS];      /* in own coverage, by certainty; [0] unused */
	uint64_t covered[VIZ_HOWS];   /* else in a partner's, by the best certainty */
	uint64_t uncovered;
	uint64_t partner[VIZ_PARTIES_MAX][VIZ_HOWS];
	int64_t kept_cents[VIZ_HOWS]; /* of those in own coverage that have an amount */
	uint64_t kept_valued[VIZ_HOWS];
	int64_t covered_cents; /* of those in a partner's coverage that have an amount */
	uint64_t covered_valued;
	int64_t blind_cents; /* of those without a destination */
	uint64_t blind_valued;

	struct viz_groups plan, quarter;
	struct viz_group_count tenure[VIZ_TENURES];
	bool
	    own_known; /* own coverage was given: without it a town with customers may be covered */
	struct viz_town_total *town; /* by number */
	struct viz_ring_day *ring;   /* VIZ_ANALYZE_RING_DAYS for each town */
	uint32_t *cep_area;          /* movers by the first five digits */
	size_t towns;
	int16_t *month_of; /* by days since day_zero */
	int32_t day_zero;
	size_t days;
};

int viz_totals_init(struct viz_totals *t, size_t towns);
void viz_totals_free(struct viz_totals *t);

/* The month of a day, from 0 = January VIZ_ANALYZE_YEAR_MIN; -1 outside. */
int viz_totals_month(const struct viz_totals *t, int32_t day);
void viz_totals_uncovered(struct viz_totals *t, uint16_t town, int32_t day);
/* Uncovered movers of `town` in the VIZ_ANALYZE_INVITE_DAYS up to the latest cancellation. */
uint32_t viz_totals_recent(const struct viz_totals *t, uint16_t town);

#endif
