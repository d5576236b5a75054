/* What happens, for people: an entry of the journal, and a line of the log that names partner and
 * lead and never a person. The table node/core/events.tsv has all kinds; `vizinho events`, the hook
 * and the webhook show the entry (control/event.h). */
#ifndef VIZ_NODE_TRUST_NOTICE_H
#define VIZ_NODE_TRUST_NOTICE_H

#include "node/core/notice_kinds.h"
#include "proto/base.h"

struct viz_core;
struct viz_journal_entry;
struct viz_trust;

/* Adds an entry, unless the store has no space for one that can wait, and logs the line. `about`
 * and `peer` as in viz_journal_add. */
void viz_notice_add(struct viz_trust *trust, enum viz_notice what, const struct viz_id *about,
		    const struct viz_id *peer, uint64_t slot);

/* The same of a kind that names no other node. */
void viz_notice_add_own(struct viz_core *core, enum viz_notice what, const struct viz_id *about,
			uint64_t slot);

#define VIZ_NOTICE_LEAD_MAX 40
#define VIZ_NOTICE_TEXT_MAX 512

/* The kind with this code; NULL: another version has written it. */
const struct viz_notice_kind *viz_notice_find(const char *code);

/* How people name the lead of this entry; "" when it is about none. */
void viz_notice_lead(char out[VIZ_NOTICE_LEAD_MAX], const struct viz_journal_entry *e);

/* What the fields of a text are filled with. NULL: the text has no such field. */
struct viz_notice_fill {
	const char *lead, *peer, *who, *origin;
};

/* Copies `text` with its fields filled. */
void viz_notice_text(char out[VIZ_NOTICE_TEXT_MAX], const char *text,
		     const struct viz_notice_fill *fill);

#endif
