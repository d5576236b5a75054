/* The findings that are kept. VIZ_TABLE_FINDING: (accused author, slot, rule, about) ->
 * [verdict, time, number]. */
#ifndef VIZ_NODE_AUDIT_FINDING_H
#define VIZ_NODE_AUDIT_FINDING_H

#include "node/audit/rules.h"
#include "node/core/ids.h"

struct viz_core;
struct viz_reader;
struct viz_trust;
struct viz_writer;

/* A row of VIZ_TABLE_FINDING. */
struct viz_finding {
	enum viz_verdict verdict;
	struct viz_time time;
	/* by which people name it. Drawn: the accused has a part in all else of the row, and could
	 * give two findings one name, so that the worse one is not found */
	uint32_t number;
};

#define VIZ_FINDING_KEY_LEN (VIZ_ID_SLOT_LEN + 33)
#define VIZ_FINDING_ID_MAX  10

/* "F" and 8 hexadecimal digits: short enough to type, and the same as long as it is kept. */
void viz_finding_id_text(char out[VIZ_FINDING_ID_MAX], const struct viz_finding *f);

void viz_finding_write(struct viz_writer *w, const struct viz_finding *f);
void viz_finding_read(struct viz_reader *r, struct viz_finding *f);

/* "contradiction" or "suspicion". */
const char *viz_finding_verdict_name(enum viz_verdict verdict);

/* Keeps a finding and logs it, once. Of one rule the first VIZ_FINDINGS_PER_OFFER about each
 * offer are kept, and the first VIZ_FINDINGS_PER_RULE about none. True: it is new, and kept. */
bool viz_finding_keep(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, enum viz_verdict verdict, const struct viz_id *about);

/* Whether it is kept. */
bool viz_finding_kept(struct viz_core *core, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, const struct viz_id *about);

/* Removes a finding whose reason is gone. */
void viz_finding_drop(struct viz_trust *trust, const struct viz_id *origin, uint64_t slot,
		      enum viz_rule rule, const struct viz_id *about);

/* Whether anything was found about this offer of the origin, at its own slot or at those of its
 * CHOICEs. `worst` gets the worst verdict. */
bool viz_finding_of_offer(struct viz_core *core, enum viz_verdict *worst,
			  const struct viz_id *origin, uint64_t slot);

/* The offer that the finding with this key is about, with its origin, who need not be the accused.
 * False: it is about none, as a pair of COVERAGEs, or about one that is not held. */
bool viz_finding_offer(struct viz_id *origin, uint64_t *slot, struct viz_trust *trust,
		       const uint8_t key[VIZ_FINDING_KEY_LEN]);

/* What the rules have found. It is written when they have ended, because they read records in the
 * store, which the first write makes invalid. */
struct viz_finding_list {
	struct viz_finding_list_entry {
		enum viz_rule rule;
		enum viz_verdict verdict;
		struct viz_id about;
	} * list; /* owned */
	size_t count, capacity;
	bool twice_only; /* takes equivocation and log-fork alone: the other record is at a dead
			    place */
	bool key_ended;  /* what is judged was signed, in part, by a key that has ended: takes a
			    contradiction as that suspicion, unless it is in the list already */
};

/* A viz_rules_found; `arg` is a struct viz_finding_list. */
void viz_finding_list_add(void *arg, enum viz_rule rule, enum viz_verdict verdict,
			  const struct viz_id *about);

/* Keeps all of them, and frees the list. True: one was new, and is kept. */
bool viz_finding_list_keep(struct viz_trust *trust, struct viz_finding_list *f,
			   const struct viz_id *accused, uint64_t slot);

#endif
