/* What is added to an export. Each record stands in it once. */
#ifndef VIZ_NODE_AUDIT_EXPORT_ADD_H
#define VIZ_NODE_AUDIT_EXPORT_ADD_H

#include "node/audit/export.h"

struct viz_core;
struct viz_offer;
struct viz_trust;

/* What is collected, and from where. */
struct viz_export_collection {
	struct viz_trust *trust;
	struct viz_core *core;
	struct viz_export *x;
	unsigned halves; /* of dead places of the accused the second: 1 of OFFER, 2 of others */
	bool dead;       /* one was read */
};

void viz_export_add(struct viz_export *x, const struct viz_record *rec);
/* Reads what stands at the place, or one half of it. */
bool viz_export_add_read(struct viz_export_collection *c, struct viz_record *out,
			 const struct viz_id *author, uint8_t type, uint64_t slot);
/* Adds that, if it is held. */
void viz_export_add_place(struct viz_export_collection *c, const struct viz_id *author,
			  uint8_t type, uint64_t slot);
/* Adds both halves of a dead place of the accused. */
void viz_export_add_dead(struct viz_export_collection *c, uint8_t type, uint64_t slot);
void viz_export_add_statement(struct viz_export_collection *c, const struct viz_id *origin,
			      uint64_t slot, uint8_t type, const struct viz_id *author,
			      uint64_t number);
/* Adds what the accused has acknowledged of our coverage before the draw, as it was kept when that
 * was found (judge.c), and our coverage. */
void viz_export_add_acknowledged(struct viz_export_collection *c);
/* Adds the NODE or PARTNERS of the accused with this id, or another record kept as evidence, if it
 * is here. */
void viz_export_add_named(struct viz_export_collection *c, const struct viz_id *id);
/* Adds the OFFER of the slot and the PARTNERS that it names; out (may be NULL) gets its body.
 * False: it is not held. */
bool viz_export_add_offer(struct viz_export_collection *c, uint64_t slot, struct viz_offer *out);
/* Adds the NODE that the accused's first OFFER names: it says who the accused is. */
void viz_export_add_offering_node(struct viz_export_collection *c);
/* Adds how the author's id is made, and its later keys. False: its NODE is not held. */
bool viz_export_add_author(struct viz_trust *trust, struct viz_export *x,
			   const struct viz_id *author);
/* Adds the PROTESTs about x->offer, which is of this slot, and what the accused has replied. */
void viz_export_add_replies(struct viz_trust *trust, struct viz_export *x, uint64_t offer_slot);

#endif
