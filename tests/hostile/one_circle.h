/* PARTNERS of the false peers, with entries of any dates: whose circle has whom. */
#ifndef VIZ_TESTS_ONE_CIRCLE_H
#define VIZ_TESTS_ONE_CIRCLE_H

#include "tests/hostile/one_node.h"

/* An entry of PARTNERS; instants count from now, 0 as removal: none. */
struct entry {
	const struct viz_id *id;
	int64_t added, removed;
};

#define LONG_AGO (-10 * (int64_t)PARTNER_DELAY_MS)

/* Signs a PARTNERS with these entries, and the NODE that names it. */
void sign_partners(struct one_node *b, struct forge *f, struct forged *partners,
		   struct forged *node, const struct entry *e, size_t count);
/* And gives both. */
void give_partners(struct one_node *b, struct forge *f, uint64_t link, const struct entry *e,
		   size_t count);

#endif
