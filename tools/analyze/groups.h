/* Cancellations by what a column says: plans, neighbourhoods; and by how long the customer stayed.
 */
#ifndef VIZ_ANALYZE_GROUPS_H
#define VIZ_ANALYZE_GROUPS_H

#include "proto/base.h"

#define VIZ_GROUPS_MAX        512 /* different names; rows of others are only counted together */
#define VIZ_GROUPS_SLOTS      1024
#define VIZ_GROUPS_NAME_BYTES 48

struct viz_group_count {
	uint32_t cancelled, movers, in_force;
};

struct viz_group {
	char name[VIZ_GROUPS_NAME_BYTES]; /* as the file first had it, as UTF-8 */
	uint64_t hash;                    /* of the folded name */
	struct viz_group_count count;
};

struct viz_groups {
	struct viz_group group[VIZ_GROUPS_MAX];
	uint16_t slot[VIZ_GROUPS_SLOTS]; /* index + 1 by hash; 0: free */
	size_t n;
	struct viz_group_count others;
};

/* The counts of this name, to be raised; those of `others` when there is no room; NULL for a text
 * that is empty or looks like a value (an amount, a document, a telephone). */
struct viz_group_count *viz_groups_of(struct viz_groups *groups, const char *text, size_t len);

/* The groups with at least `least` cancellations, most first, ties by name: their indexes in
 * `order`. Returns how many. */
size_t viz_groups_rank(uint16_t order[VIZ_GROUPS_MAX], const struct viz_groups *groups,
		       uint32_t least);

/* How long a customer stayed. */
#define VIZ_TENURES 6 /* under 3, 6, 12, 24, 36 months, and longer */
/* The bucket of days between the start and the end of a contract; -1 when it ended before. */
int viz_groups_tenure(int32_t since, int32_t until);

#endif
