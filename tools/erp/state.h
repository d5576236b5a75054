/* What vizinho-erp keeps on disk: one file, state.json, written whole beside its place, synced and
 * renamed. It has ids, times and words, and nothing personal:
 *
 *   kind      of the ERP; the cursors and ids below are its own
 *   hold_s    until then the ERP has asked for a pause
 *   streams   {STREAM: {"cursor", "read_s", "failed_s", "why"}}
 *   drafts    {EXTERNAL_ID: {"kind", "put_s", "looked_s", "undone"}}
 *   leads     {LEAD: {"kind", "state", "id", "since_s", "tries", "next_s", "why", "differs",
 * "by_hand"}}
 *
 * Whoever changes something holds the lock from reading to writing. */
#ifndef VIZ_TOOLS_ERP_STATE_H
#define VIZ_TOOLS_ERP_STATE_H

#include <jansson.h>

#include "proto/base.h"

#define VIZ_ERP_DRAFTS_MAX 100000 /* then the oldest are forgotten */
#define VIZ_ERP_LEADS_MAX  10000  /* then none is written any more */

struct viz_erp_state {
	const char *dir;
	int lock;     /* file descriptor; -1: not held */
	json_t *root; /* NULL: not read */
};

/* Takes the lock, waiting for at most `patience_s`, and reads the file. A missing file is an empty
 * state. VIZ_ERR_STATE: another one has the lock; VIZ_ERR_STORE: a file cannot be opened (errno);
 * VIZ_ERR_FORM: the file is not whole. */
int viz_erp_state_open(struct viz_erp_state *s, const char *dir, int patience_s);
/* Reads it without the lock, to show it. Likewise. */
int viz_erp_state_read(struct viz_erp_state *s, const char *dir);
/* False, with errno: it cannot be written, and the old one is there yet. */
bool viz_erp_state_save(struct viz_erp_state *s);
/* Lets go of the lock. What was not saved is lost. */
void viz_erp_state_close(struct viz_erp_state *s);

/* Borrowed; made when they are not there. */
json_t *viz_erp_state_streams(struct viz_erp_state *s);
json_t *viz_erp_state_drafts(struct viz_erp_state *s);
json_t *viz_erp_state_leads(struct viz_erp_state *s);

void viz_erp_state_set_text(json_t *o, const char *key, const char *value);
void viz_erp_state_set_number(json_t *o, const char *key, int64_t value);

#endif
