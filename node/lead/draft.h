/* Drafts: cancellations and moves that an ERP, or somebody of ours, has noted, of which a lead may
 * come. A draft has references into that ERP and a coarse place, nothing else of the person, and
 * goes after 30 days. VIZ_TABLE_DRAFT: hash of source and external id -> a row. Under
 * VIZ_META_DRAFT, the hash of the protocol number and that key -> nothing. */
#ifndef VIZ_NODE_LEAD_DRAFT_H
#define VIZ_NODE_LEAD_DRAFT_H

#include "node/core/journal.h"
#include "proto/base.h"
#include "proto/limits.h"

struct viz_core;
struct viz_slice;
struct viz_walk;

#define VIZ_DRAFT_SOURCE_MAX   32
#define VIZ_DRAFT_EXTERNAL_MAX 64
#define VIZ_DRAFT_REASON_MAX   80
#define VIZ_DRAFTS_MAX         20000
#define VIZ_DRAFT_MS           (30 * VIZ_DAY_MS)
#define VIZ_DRAFT_CEP_PART     1000 /* of a CEP the first five digits are kept: a district */

enum viz_draft_kind {
	VIZ_DRAFT_MOVE = 1, /* asked to move */
	VIZ_DRAFT_CANCELLATION = 2,
};

enum viz_draft_state {
	VIZ_DRAFT_OPEN = 1,
	VIZ_DRAFT_TAKEN = 2,  /* a lead of its protocol number has begun */
	VIZ_DRAFT_CLOSED = 3, /* by one of us: no lead comes of it */
	VIZ_DRAFT_UNDONE = 4, /* the cancellation was undone in the ERP */
};

struct viz_draft {
	char source[VIZ_DRAFT_SOURCE_MAX + 1];
	char external_id[VIZ_DRAFT_EXTERNAL_MAX + 1];
	char protocol[VIZ_REF_MAX + 1]; /* "": not said */
	enum viz_draft_kind kind;
	char reason[VIZ_DRAFT_REASON_MAX + 1];
	uint32_t municipality, cep;   /* of the new place; 0: not said */
	struct viz_time cancelled_at; /* 0: not said */
	struct viz_time created;
	enum viz_draft_state state;
	char who[VIZ_JOURNAL_WHO_MAX + 1]; /* who has set the state, and when */
	struct viz_time changed;
};

void viz_draft_id(struct viz_id *out, const char *source, const char *external_id);

/* False: there is none, or its time is over. */
bool viz_draft_get(struct viz_core *core, struct viz_draft *out, const struct viz_id *id);

void viz_draft_put(struct viz_core *core, const struct viz_draft *d);

/* How many there are, of VIZ_DRAFTS_MAX. */
size_t viz_draft_count(const struct viz_core *core);

void viz_draft_walk_init(struct viz_walk *walk, struct viz_core *core);
/* Over all that are not over. It looks at one row; *there: it is one of these. False at the end. */
bool viz_draft_walk_next(struct viz_walk *walk, struct viz_core *core, struct viz_draft *out,
			 bool *there);

/* A lead of this number has begun: its open drafts are taken. */
void viz_draft_take(struct viz_core *core, const char *protocol);

/* Whether the row may be deleted; and what else goes with it. */
bool viz_draft_over(const struct viz_core *core, const struct viz_slice *value);
void viz_draft_forget(struct viz_core *core, const struct viz_slice *key,
		      const struct viz_slice *value);

const char *viz_draft_state_name(enum viz_draft_state state);

#endif
