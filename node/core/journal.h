/* The event journal: hash-chained, commitments only, no personal data. Its head stands in
 * the NODE record. VIZ_TABLE_JOURNAL: number -> [previous hash, time, event, about]. */
#ifndef VIZ_NODE_CORE_JOURNAL_H
#define VIZ_NODE_CORE_JOURNAL_H

#include "proto/base.h"

struct viz_core;
struct viz_id;

int viz_journal_load(struct viz_core *core);

/* `event` is a word of ours ("award", "erased", ...); `about` a record or statement id. */
void viz_journal_add(struct viz_core *core, const char *event, const struct viz_id *about);

/* VIZ_TABLE_ACCESS: who saw which personal data, when: number -> [time, who, what, origin, slot].
 */
void viz_journal_access(struct viz_core *core, const char *who, const char *what,
			const struct viz_id *origin, uint64_t slot);

#endif
