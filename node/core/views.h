/* Who sees the personal data of how many people: a warning when it is many in an hour. It is kept
 * in memory alone, and counts anew when the process starts. */
#ifndef VIZ_NODE_CORE_VIEWS_H
#define VIZ_NODE_CORE_VIEWS_H

#include "proto/base.h"

struct viz_core;

#define VIZ_VIEWS_MAX 60 /* people in an hour that nobody is warned of */
#define VIZ_VIEWS_ACCOUNTS                                                                         \
	32 /* that are watched at once: whoever has seen nothing for longest goes */
#define VIZ_VIEWS_WHO 64

/* A person is a lead. */
struct viz_view {
	struct viz_time time; /* 0: none */
	uint64_t slot;
	uint8_t origin[8]; /* the first ones */
};

struct viz_viewer {
	char who[VIZ_VIEWS_WHO]; /* "": none */
	struct viz_view view[VIZ_VIEWS_MAX];
	size_t at;              /* of the oldest one */
	struct viz_time warned; /* 0: never */
};

struct viz_views {
	struct viz_viewer viewer[VIZ_VIEWS_ACCOUNTS];
};

/* `who` sees data of the lead (origin, slot). True: this is more than VIZ_VIEWS_MAX people within
 * an hour, and nothing was said of it in this hour. */
bool viz_views_are_many(struct viz_core *core, const char *who, const struct viz_id *origin,
			uint64_t slot);

#endif
