/* The two strata: federation records are for every member, circle records for their circle alone.
 * PROTOCOL.md section 7. VIZ_TABLE_OFFER: record id of an OFFER that is held, or was within a dead
 * place -> [origin, slot]. */
#ifndef VIZ_NODE_GOSSIP_STRATA_H
#define VIZ_NODE_GOSSIP_STRATA_H

#include "proto/base.h"

#include "node/trust/circle.h"

struct viz_core;
struct viz_link;
struct viz_record;
struct viz_slice;
struct viz_trust;

/* Gives the circle of a circle record: those of OFFER and PROTEST stand in them, CLOSE, RESULT and
 * CHOICE have that of their OFFER. `offer` gets the id of the OFFER that decides; of OFFER and
 * PROTEST, zeros.
 * VIZ_ERR_ABSENT: the OFFER is not held. Other errors: the body is malformed. */
int viz_strata_circle(struct viz_core *core, struct viz_circle *circle, struct viz_id *offer,
		      const struct viz_record *rec);

/* Whether a record may be sent on the link: a federation record to everybody, a circle record on a
 * full link to who is in its circle, when the PARTNERS that the newest NODE of the peer names has
 * come. */
bool viz_strata_may_send(struct viz_trust *trust, const struct viz_link *link,
			 const struct viz_record *rec);

/* Whether we and the peer of a full link are in the circle of the origin's newest NODE. */
bool viz_strata_shared(struct viz_trust *trust, const struct viz_id *origin,
		       const struct viz_link *link);

/* Whether `who` is in that circle. */
bool viz_strata_in_newest(struct viz_trust *trust, const struct viz_id *origin,
			  const struct viz_id *who);

/* Whether the OFFER of this slot is so old that it is taken only when we have asked for it. */
bool viz_strata_is_late(struct viz_core *core, uint64_t slot);

/* An OFFER is held now: it is found by its id. What it names is kept as long as it. */
void viz_strata_held(struct viz_core *core, const struct viz_record *rec, const struct viz_id *id);

/* Finds the place of an OFFER. False: none with this id is held. */
bool viz_strata_find(struct viz_core *core, struct viz_id *origin, uint64_t *slot,
		     const struct viz_id *offer);

/* It is held no more. */
void viz_strata_gone(struct viz_core *core, const struct viz_id *offer);

/* Whether the row of VIZ_TABLE_OFFER may go. */
bool viz_strata_over(struct viz_core *core, const struct viz_slice *value);

#endif
