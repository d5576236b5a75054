/* Two logs in the store: the event journal and the access log.
 *
 * VIZ_TABLE_JOURNAL, u64be number -> viz_journal_entry: a hash chain of commitments, without
 * personal data. Its head is published in our NODE record.
 * VIZ_TABLE_ACCESS, u64be number -> viz_journal_access: which user read which personal data. */
#ifndef VIZ_NODE_CORE_JOURNAL_H
#define VIZ_NODE_CORE_JOURNAL_H

#include "node/core/notice_kinds.h"
#include "proto/base.h"

struct viz_core;
struct viz_reader;
struct viz_writer;

#define VIZ_JOURNAL_WORD_MAX 31 /* bytes of an event, or of what was read */
#define VIZ_JOURNAL_WHO_MAX  63 /* bytes of the name of a UNIX user */

/* A row of VIZ_TABLE_JOURNAL. */
struct viz_journal_entry {
	struct viz_id previous; /* hash of the entry before; zeros in the first */
	struct viz_time time;
	char event[VIZ_JOURNAL_WORD_MAX + 1]; /* code of its kind (events.tsv) */
	struct viz_id about;                  /* of a record or a statement; zeros: none */
	struct viz_id peer; /* the other node in it; of its offers the origin; zeros: none */
	uint64_t slot;      /* of an offer, by us or by `peer`; 0: none */
};

/* A row of VIZ_TABLE_ACCESS. */
struct viz_journal_access {
	struct viz_time time;
	char who[VIZ_JOURNAL_WHO_MAX + 1];
	char what[VIZ_JOURNAL_WORD_MAX + 1];
	struct viz_id origin; /* of the offer whose data was read, with its slot */
	uint64_t slot;
};

void viz_journal_entry_write(struct viz_writer *w, const struct viz_journal_entry *e);
void viz_journal_entry_read(struct viz_reader *r, struct viz_journal_entry *e);
void viz_journal_access_write(struct viz_writer *w, const struct viz_journal_access *a);
void viz_journal_access_read(struct viz_reader *r, struct viz_journal_access *a);

/* Reads the head of the journal from the store. Always VIZ_OK: an empty journal is no error. */
int viz_journal_load(struct viz_core *core);

/* Appends an entry. `about` and `peer` may be NULL. */
void viz_journal_add(struct viz_core *core, enum viz_notice what, const struct viz_id *about,
		     const struct viz_id *peer, uint64_t slot);

/* Reads the entry with this number, and its hash, by which the next one names it. VIZ_ERR_ABSENT:
 * there is none. VIZ_ERR_STORE: it is damaged. */
int viz_journal_get(struct viz_core *core, struct viz_journal_entry *out, struct viz_id *hash,
		    uint64_t number);

/* Appends to the access log: the UNIX user `who` read `what` (a constant word) of the offer
 * (origin, slot). `who` is text of at most VIZ_JOURNAL_WHO_MAX bytes. When it is data of many
 * people in an hour (views.h), both logs say so. */
void viz_journal_accessed(struct viz_core *core, const char *who, const char *what,
			  const struct viz_id *origin, uint64_t slot);

#endif
