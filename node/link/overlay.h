/* The links by lot: which members stand in their places, and whether the net may be split.
 * PROTOCOL.md section 6. lot.h decides whom to dial. */
#ifndef VIZ_NODE_LINK_OVERLAY_H
#define VIZ_NODE_LINK_OVERLAY_H

#include "node/link/site.h"
#include "proto/base.h"
#include "proto/limits.h"

struct viz_link;

#define VIZ_OVERLAY_PLACES (VIZ_LINKS_LOT + VIZ_LINKS_BESIDES)

/* A first comparison that is not answered within this time has found no difference. */
#define VIZ_OVERLAY_ANSWER_MS 10000

/* A link by lot, or the dial to it. */
struct viz_overlay_place {
	bool used;
	bool besides; /* not one of the VIZ_LINKS_LOT: only while the net may be split */
	struct viz_id peer;
	uint64_t attempt; /* of the dial; 0: it is over */
	uint64_t link;    /* 0: not up yet */
	struct viz_time since;
	struct viz_site site;
};

/* All zero when the process begins. */
struct viz_overlay {
	struct viz_overlay_place place[VIZ_OVERLAY_PLACES];
	struct viz_id
	    remembered[VIZ_LINKS_REMEMBERED]; /* linked before the start, not dialled yet */
	size_t remembered_count;
	struct viz_id stored[VIZ_LINKS_REMEMBERED]; /* the row of the store */
	size_t stored_count;
	unsigned doubt;   /* so many new links in a row must agree at once; 0: no split is likely */
	unsigned failed;  /* dials by lot in a row */
	uint64_t changes; /* links.changes at the last look */
	struct viz_time look_at, dial_at, replace_at, besides_at;
};

/* A place that is free, now used. NULL: all are used. Borrowed. */
struct viz_overlay_place *viz_overlay_take(struct viz_overlay *o, bool besides);

/* How many places are used, of those besides or of the others. */
size_t viz_overlay_count(const struct viz_overlay *o, bool besides);

/* The dial of this number has led to this link. No other dial is known here. */
void viz_overlay_opened(struct viz_overlay *o, uint64_t attempt, uint64_t link);

/* It has led to none. `failed`: nobody answered, which a split would cause too. */
void viz_overlay_ended_dial(struct viz_overlay *o, uint64_t attempt, bool failed);

/* This link, of whatever kind, has ended. `proven`: its peer had let us in. */
void viz_overlay_ended(struct viz_overlay *o, uint64_t link, bool proven);

/* A comparison on this link has shown a difference. It counts when it is the first one. Repair
 * calls this. */
void viz_overlay_differs(struct viz_overlay *o, struct viz_link *link, struct viz_time now);

/* The first comparison on this link, which was by lot, has shown none. */
void viz_overlay_agrees(struct viz_overlay *o);

#endif
