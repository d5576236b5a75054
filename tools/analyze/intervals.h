/* Who covers a number: the intervals of many parties, cut into pieces with one set of parties each.
 * It is built once; a question is one binary search. */
#ifndef VIZ_ANALYZE_INTERVALS_H
#define VIZ_ANALYZE_INTERVALS_H

#include "proto/base.h"
#include "tools/analyze/limits_analyze.h"

/* Party 0 is the provider itself, the others are partners. */
#define VIZ_PARTIES_MAX (VIZ_ANALYZE_PARTNERS_MAX + 1)
#define VIZ_PARTY_WORDS ((VIZ_PARTIES_MAX + 63) / 64)

struct viz_party_set {
	uint64_t w[VIZ_PARTY_WORDS];
};

struct viz_interval_event {
	uint64_t at;
	uint16_t party;
	bool enters;
};

struct viz_intervals {
	struct viz_interval_event *event; /* until built */
	size_t events, events_max;
	uint64_t *start; /* of each piece */
	struct viz_party_set *set;
	size_t n;
};

/* Adds [from, to], both ends included, to < UINT64_MAX. VIZ_ERR_NOMEM. */
int viz_intervals_add(struct viz_intervals *iv, uint16_t party, uint64_t from, uint64_t to);
int viz_intervals_build(struct viz_intervals *iv);
/* The parties at `at`; NULL for none. */
const struct viz_party_set *viz_intervals_at(const struct viz_intervals *iv, uint64_t at);
void viz_intervals_free(struct viz_intervals *iv);

static inline bool viz_party_in(const struct viz_party_set *s, unsigned party)
{
	return (s->w[party / 64] >> (party % 64)) & 1;
}

static inline void viz_party_put(struct viz_party_set *s, unsigned party)
{
	s->w[party / 64] |= UINT64_C(1) << (party % 64);
}

#endif
