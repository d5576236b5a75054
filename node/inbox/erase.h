/* Erasure at a partner: what was wiped is told to the origin with a signature. */
#ifndef VIZ_NODE_INBOX_ERASE_H
#define VIZ_NODE_INBOX_ERASE_H

#include "proto/statement.h"

struct viz_core;
struct viz_inbox;
struct viz_net;

/* Erasure: marks the vault block now, and remembers to say so when it is wiped. */
void viz_inbox_erase(struct viz_core *core, struct viz_inbox *in, enum viz_erased_what what);

/* After the vault is wiped, in the transaction that removes the references. */
void viz_inbox_report_erased(struct viz_net *net);

/* What could not be signed while our key was revoked is said at the end of this batch. */
void viz_inbox_key_rotated(struct viz_core *core);

/* At start-up: erasures that were done and not yet told. */
void viz_inbox_resume(struct viz_net *net);

#endif
