/* Whom VOUCHes name. A sponsee of which nothing else is known is not in the directory: a member
 * could fill that by sponsoring one id after the other. Here it costs some bytes, and only as long
 * as a VOUCH that is held names it. */
#ifndef VIZ_NODE_TRUST_SPONSEE_H
#define VIZ_NODE_TRUST_SPONSEE_H

#include "proto/base.h"

struct viz_member;

struct viz_sponsee {
	struct viz_id id;
	struct viz_member *member; /* NULL: it is not in the directory */
	uint32_t named;            /* how many VOUCHes that are held name it */
	uint32_t sponsors;         /* how many of these stand, and are of nodes in the closure */
};

/* Those that are not in the directory. The others belong to their viz_member. */
struct viz_strangers {
	struct viz_sponsee **list; /* ascending by id; owned */
	size_t count, capacity;
	struct viz_sponsee nobody; /* whom VOUCHes name for whom there is no place */
};

/* NULL: no VOUCH names `id`, or it is in the directory. */
struct viz_sponsee *viz_sponsee_find(const struct viz_strangers *s, const struct viz_id *id);

/* Finds `id` or inserts it, when there is a place: there are VIZ_STRANGERS_MAX, and in the second
 * half of them none for an author whose VOUCHes have `own` already. Else it is &s->nobody. */
struct viz_sponsee *viz_sponsee_ensure(struct viz_strangers *s, const struct viz_id *id,
				       size_t own);

/* It comes into the directory as `m`: takes it from the list, or makes it. */
struct viz_sponsee *viz_sponsee_take(struct viz_strangers *s, struct viz_member *m);

/* A VOUCH has ended, or its member leaves the directory (m NULL from now on): frees it when nothing
 * names it, or gives it back to the list. */
void viz_sponsee_release(struct viz_strangers *s, struct viz_sponsee *x);

void viz_sponsee_free_all(struct viz_strangers *s);

#endif
