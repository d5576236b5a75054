/* Erasure at a partner: after the vault is wiped we sign ERASED for the origin. */
#ifndef VIZ_NODE_INBOX_ERASE_H
#define VIZ_NODE_INBOX_ERASE_H

#include "proto/statement.h"

struct viz_core;
struct viz_inbox;
struct viz_net;

/* Clears the personal data in the row, drops who has claimed it, and marks its vault block, which
 * is wiped after this batch is on disk. `what` is reported to the origin then. The caller writes
 * the row. */
void viz_inbox_erase(struct viz_core *core, struct viz_inbox *in, enum viz_erased_what what);

/* Signs and mails ERASED for what was wiped, in the transaction after the wipe. With a revoked key
 * the rows keep the report until the next rotation. */
void viz_inbox_erase_report(struct viz_net *net);

/* After a rotation: the end of this batch reports what a revoked key could not sign. */
void viz_inbox_erase_key_rotated(struct viz_core *core);

/* In the first batch after a start: reports erasures that were wiped and not reported, and forgets
 * all leases, because the clock may have been set since. */
void viz_inbox_erase_resume(struct viz_net *net);

#endif
