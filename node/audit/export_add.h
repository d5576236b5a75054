/* What is added to an export. Each record stands in it once. */
#ifndef VIZ_NODE_AUDIT_EXPORT_ADD_H
#define VIZ_NODE_AUDIT_EXPORT_ADD_H

#include "node/audit/export.h"

struct viz_core;

void viz_export_add(struct viz_export *x, const struct viz_record *rec);
/* Adds what stands at this place, both halves of a dead one only when `dead`. */
void viz_export_add_place(struct viz_core *core, struct viz_export *x, const struct viz_id *author,
			  uint8_t type, uint64_t slot, bool dead);
/* Adds how the author's id is made, and its later keys. False: its NODE is not held. */
bool viz_export_add_author(struct viz_trust *trust, struct viz_export *x,
			   const struct viz_id *author);
/* Adds the PROTESTs about x->offer, which is of this slot, and what the accused has replied. */
void viz_export_add_replies(struct viz_trust *trust, struct viz_export *x, uint64_t offer_slot);

#endif
