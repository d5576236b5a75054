/* What an author makes a node store, counted anew from all rows of the store: what its account
 * (node/core/account.h) must say. */
#ifndef VIZ_TESTS_RECOUNT_H
#define VIZ_TESTS_RECOUNT_H

#include "proto/base.h"

struct viz_core;
struct viz_id;

struct recount {
	uint64_t bytes, evidence, used; /* as in struct viz_account, and viz_account_used */
};

/* Within a transaction of the store. */
struct recount recount_of(struct viz_core *core, const struct viz_id *author);

#endif
