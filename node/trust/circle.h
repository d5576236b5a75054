/* Who is in a circle: the origin of an offer and its partners at the time of a NODE. It is a
 * function of PARTNERS records alone, so that all who hold them agree, also later. PROTOCOL.md
 * section 7. */
#ifndef VIZ_NODE_TRUST_CIRCLE_H
#define VIZ_NODE_TRUST_CIRCLE_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_core;
struct viz_trust;

/* What a record of a circle says about it. */
struct viz_circle {
	struct viz_id origin;
	struct viz_time at;     /* the time of the NODE that the record names */
	struct viz_id partners; /* the id of the PARTNERS that this NODE names */
};

enum viz_circle_answer {
	VIZ_CIRCLE_OUT = 0,
	VIZ_CIRCLE_IN,
	VIZ_CIRCLE_UNKNOWN, /* the named PARTNERS is not held */
};

/* Whether `who` is in the circle: the origin is, and whoever lists the origin and is listed by it,
 * both effective at `at`. The origin's entry counts in the PARTNERS that is named, the other in the
 * newest PARTNERS of `who` that is held. Whether somebody is a member or revoked now is for the
 * caller to ask. */
enum viz_circle_answer viz_circle_has(struct viz_trust *trust, const struct viz_circle *circle,
				      const struct viz_id *who);

/* Whether `who` was in the circles of the origin without a break, from `from` to this one. */
bool viz_circle_has_since(struct viz_trust *trust, const struct viz_circle *circle,
			  const struct viz_id *who, struct viz_time from);

/* The origin, and those whom the PARTNERS that the circle names lists as effective at its instant:
 * nobody else can be in it. Returns how many. */
#define VIZ_CIRCLE_LISTED_MAX (VIZ_PARTNERS_MAX + 1)
size_t viz_circle_listed(struct viz_trust *trust, struct viz_id out[VIZ_CIRCLE_LISTED_MAX],
			 const struct viz_circle *circle);

/* Our author and those that our PARTNERS lists, of whatever dates: nobody else's circle can have
 * us. Ascending, each once; returns how many. */
#define VIZ_CIRCLE_NEAR_MAX (VIZ_PARTNERS_MAX + 1)
size_t viz_circle_near(struct viz_trust *trust, struct viz_id out[VIZ_CIRCLE_NEAR_MAX]);

/* Whether the newest PARTNERS of `author` has an entry for `id`, of whatever dates. */
bool viz_circle_had(struct viz_trust *trust, const struct viz_id *author, const struct viz_id *id);

/* Frees the PARTNERS that were kept in memory for these questions. */
void viz_circle_forget(struct viz_trust *trust);

/* The index of a partner: the position in the named PARTNERS of its entry that is effective at
 * `when`. False: that record is not held, or has no such entry. */
bool viz_circle_index(struct viz_core *core, uint8_t *index, const struct viz_circle *circle,
		      const struct viz_id *who, struct viz_time when);

#endif
