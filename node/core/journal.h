/* Two logs in the store: the event journal and the access log.
 *
 * VIZ_TABLE_JOURNAL, u64be number -> [previous hash, time, event, about]: a hash chain of
 * commitments, without personal data. Its head is published in our NODE record.
 * VIZ_TABLE_ACCESS, u64be number -> [time, who, what, origin, slot]: which user read which personal
 * data. */
#ifndef VIZ_NODE_CORE_JOURNAL_H
#define VIZ_NODE_CORE_JOURNAL_H

#include "proto/base.h"

struct viz_core;
struct viz_id;

/* Reads the head of the journal from the store. Always VIZ_OK: an empty journal is no error. */
int viz_journal_load(struct viz_core *core);

/* Appends an entry. `event` is a short constant word ("award", "erased"); `about` is the id of a
 * record or a statement. */
void viz_journal_add(struct viz_core *core, const char *event, const struct viz_id *about);

/* Appends to the access log: the UNIX user `who` read `what` (a constant word) of the offer
 * (origin, slot). */
void viz_journal_access(struct viz_core *core, const char *who, const char *what,
			const struct viz_id *origin, uint64_t slot);

#endif
