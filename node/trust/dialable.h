/* The members that can be dialled: those whose NODE has an address. A choice by lot among them
 * reads one entry, whatever their number. Their order means nothing. */
#ifndef VIZ_NODE_TRUST_DIALABLE_H
#define VIZ_NODE_TRUST_DIALABLE_H

#include "proto/base.h"

struct viz_directory;
struct viz_member;

struct viz_dialable {
	struct viz_member **list; /* not sorted; owned, its members are not */
	size_t count, capacity;
};

/* Puts `m` in or takes it out. Call this when its NODE or its membership has changed. */
void viz_dialable_update(struct viz_directory *d, struct viz_member *m);

void viz_dialable_free(struct viz_dialable *dialable);

#endif
