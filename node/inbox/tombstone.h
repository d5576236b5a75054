/* WITHDRAWALs that came before what they end: a row of VIZ_TABLE_INBOX without an OFFER (its time
 * is 0) refuses what comes after it. Of one origin VIZ_TOMBSTONES_MAX are kept, each for
 * undelivered_ms. PROTOCOL.md section 10.
 *
 * VIZ_TABLE_META: VIZ_META_TOMBSTONE, the origin and the slot u64 -> nothing. */
#ifndef VIZ_NODE_INBOX_TOMBSTONE_H
#define VIZ_NODE_INBOX_TOMBSTONE_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_inbox;
struct viz_trust;

/* The caller writes such a row next. When there are too many, the one with the lowest slot goes,
 * and ERASED that we have signed for it. */
void viz_inbox_tombstone_add(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot);

/* The row is none any more, as its OFFER has come, or goes. Does nothing when it was none. */
void viz_inbox_tombstone_end(struct viz_core *core, const struct viz_id *origin, uint64_t slot);

/* Whether the row is one that may go. */
bool viz_inbox_tombstone_over(const struct viz_core *core, const struct viz_inbox *in);

#endif
