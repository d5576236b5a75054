/* The totals, put in the order of a report. */
#ifndef VIZ_ANALYZE_SUMMARY_H
#define VIZ_ANALYZE_SUMMARY_H

#include "tools/analyze/analyze.h"

/* The assumptions behind the range of the revenue. */
#define VIZ_ACCEPT_LOW_PERCENT                                                                     \
	30                         /* of those offered a transfer: cautious, an assumption of ours \
				    */
#define VIZ_ACCEPT_HIGH_PERCENT 57 /* accepted at the Cable Movers Hotline (USA, since 2003) */
/* A month of an access in Brazil where a file has no amounts: between these. */
#define VIZ_ARPU_LOW_CENTS  8200
#define VIZ_ARPU_HIGH_CENTS 8800

struct viz_ranked {
	uint32_t what; /* a town's number, a CEP area (five digits), a partner's number */
	uint64_t n;
};

struct viz_revenue {
	bool assumed;                  /* no amounts in the file */
	int64_t mean_cents;            /* of one access */
	int64_t lost_cents;            /* leaves each month, on average over the months */
	int64_t low_cents, high_cents; /* of that, what could stay */
	int64_t covered_cents;         /* leaves each month to where a partner covers */
	uint64_t low_movers;           /* surely in own coverage */
	uint64_t high_movers;          /* in own coverage at all */
	uint64_t blind;                /* movers whose destination is unknown */
	uint64_t without;              /* cancellations without amount, in a file that has them */
	bool no_better_bound; /* no destination or no coverage: the high end takes all movers */
};

struct viz_summary {
	const struct viz_analysis *a;
	const struct viz_totals *t;
	int month_first, month_last; /* -1: no date at all */
	unsigned months;             /* first to last, at least 1 */
	uint64_t base; /* customers: told, or in force and cancelled by the file; 0: not known */
	bool file_is_base; /* the file has enough contracts in force to be all customers */
	uint64_t kept, covered, uncovered;
	uint64_t own_towns;       /* else nobody's, while own coverage is unknown: movers to
				   * municipalities where the provider has customers */
	uint64_t silent;          /* reasons that say nothing */
	uint64_t at_home;         /* movers to municipalities where the provider has customers */
	struct viz_ranked *towns; /* by movers, descending; ties by code */
	size_t towns_n;
	/* towns by uncovered movers; while own coverage is unknown without those where the provider
	 * has customers, because it may well serve them */
	struct viz_ranked *uncovered_in;
	size_t uncovered_n;
	struct viz_ranked
	    *invites; /* towns with at least VIZ_ANALYZE_SMALL recent uncovered movers */
	size_t invites_n;
	struct viz_ranked *cep_areas;
	size_t cep_areas_n;
	struct viz_ranked *partners;
	size_t partners_n;
	struct viz_revenue revenue;
};

/* Borrows `a`, which outlives it. VIZ_ERR_NOMEM. */
int viz_summary_make(struct viz_summary *s, const struct viz_analysis *a);
void viz_summary_free(struct viz_summary *s);

/* Of the movers to a town: those that nobody is known to serve, and those where it depends on our
 * own coverage, which is unknown, because we have customers there. One of the two is zero. */
uint32_t viz_summary_uncovered(const struct viz_summary *s, uint32_t town);
uint32_t viz_summary_own_town(const struct viz_summary *s, uint32_t town);

/* Movers of a party over all certainties. */
uint64_t viz_summary_partner(const struct viz_summary *s, size_t party);
uint64_t viz_summary_month(const struct viz_summary *s, int month);
/* "Linhares/ES". `out` of VIZ_TOWN_TEXT bytes. */
#define VIZ_TOWN_TEXT 72
const char *viz_summary_town(const struct viz_summary *s, char *out, uint32_t town);

#endif
