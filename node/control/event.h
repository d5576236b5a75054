/* An event as JSON: what `vizinho events`, the hook and the webhook show. node/CONTROL.md has its
 * fields and, from node/core/events.tsv, all kinds. */
#ifndef VIZ_NODE_CONTROL_EVENT_H
#define VIZ_NODE_CONTROL_EVENT_H

#include <jansson.h>

#include "proto/base.h"

struct viz_id;
struct viz_journal_access;
struct viz_journal_entry;
struct viz_trust;

/* Of the journal. `hash` is that of the entry: with it the "id" is another one when a number comes
 * again after an old backup. A new reference. */
json_t *viz_control_event_entry(struct viz_trust *trust, const struct viz_journal_entry *e,
				const struct viz_id *hash, uint64_t number);

/* Of the access log. A new reference. */
json_t *viz_control_event_access(struct viz_trust *trust, const struct viz_journal_access *a,
				 uint64_t number);

#endif
