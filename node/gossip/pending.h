/* The records whose signatures are being checked, in the order in which they came. */
#ifndef VIZ_NODE_GOSSIP_PENDING_H
#define VIZ_NODE_GOSSIP_PENDING_H

#include "proto/base.h"

struct viz_id;
struct viz_intake;
struct viz_link;
struct viz_pending;
struct viz_record;

/* NULL: nobody waits for this job. Borrowed until something is added. */
struct viz_pending *viz_pending_find(struct viz_intake *in, uint64_t job);

/* Whether these bytes are being checked already. Whoever brings them again brings nothing new. */
bool viz_pending_has(struct viz_intake *in, const uint8_t *bytes, size_t len);

/* Whether the signature of another record of this author is being checked. */
bool viz_pending_has_of(struct viz_intake *in, const struct viz_id *author);

/* Adds a copy of the signed record, behind what the link has brought before of this class. Fewer
 * than VIZ_INTAKE_SLOTS_MAX may wait. The caller sets key and id. Borrowed likewise. */
struct viz_pending *viz_pending_add(struct viz_intake *in, struct viz_link *link,
				    const struct viz_record *rec, bool near, bool asked);

/* Takes it out. The caller frees its bytes. */
struct viz_pending viz_pending_take_out(struct viz_intake *in, struct viz_pending *p);

void viz_pending_free(struct viz_intake *in);

#endif
