/* The records that this node holds: one row of VIZ_TABLE_RECORD per place (author, type, slot).
 * What comes and goes here is charged to its author (account.h). Value: [dead, received, item,
 * signed record, other signed record or nil]. */
#ifndef VIZ_NODE_CORE_PLACE_H
#define VIZ_NODE_CORE_PLACE_H

#include "proto/base.h"

struct viz_core;
struct viz_record;

/* A key of VIZ_TABLE_STATEMENT: (origin, slot) of the offer, type, author, number. */
#define VIZ_STATEMENT_KEY_LEN 81

/* What stands in VIZ_TABLE_STATEMENT beside the statements of an offer, under numbers that are no
 * statement's type. All but the reference and the text go when the offer's write-once records do.
 */
enum viz_offer_row {
	VIZ_OFFER_ROW_PROPOSAL = 0,  /* our plans when we pledged: bytes of the proposal */
	VIZ_OFFER_ROW_WANTED = 1,    /* ids of evidence that we asked for and that has not come */
	VIZ_OFFER_ROW_REFERENCE = 2, /* what opens the reference of our receipt of that number, and
					goes with it: [blinding, evidence, agent] */
	VIZ_OFFER_ROW_HEARD = 3,     /* what we have sent, and on which link (inbox/protest.c) */
	VIZ_OFFER_ROW_KEYS = 4,      /* u8 newest key in the view, for each entry of PARTNERS */
	VIZ_OFFER_ROW_NEXT = 5,  /* under slot 0, an OFFER's id as author and its log as number: u64
				    slot of the lowest OFFER of that log that names it as previous */
	VIZ_OFFER_ROW_STATE = 6, /* what its holder says of an award: the payload of STATE */
	VIZ_OFFER_ROW_TEXT = 7,  /* at the origin, a text's hash as author: the exact text that the
				    customer heard. It goes with the RECEIPTs */
	VIZ_OFFER_ROW_ACKED = 8, /* of the origin as author, under the slot of our COVERAGE as
				    number: its COVERAGE_ACK that proves rule 15 about the offer */
	VIZ_OFFER_ROW_WISH = 9,  /* of the origin as author: what the customer wants, sealed under
				    the  key of the contact that we hold (inbox/wish.h) */
	VIZ_OFFER_ROW_PRICE = 10, /* of the origin as author: what a customer of ours pays, u32
				     centavos (inbox/price.h) */
};

struct viz_held {
	bool dead; /* the author signed two different records at one place and seq: a and b */
	struct viz_time received;
	struct viz_id item;
	const uint8_t *a; /* signature || record; borrowed until the next write */
	size_t a_len;
	const uint8_t *b; /* likewise; NULL unless dead */
	size_t b_len;
};

void viz_place_statement_key(uint8_t out[VIZ_STATEMENT_KEY_LEN], const struct viz_id *origin,
			     uint64_t slot, uint8_t type, const struct viz_id *author,
			     uint64_t number);

/* Looks up what is held at the place. `rec` (may be NULL) receives held->a parsed. False: nothing
 * is held. */
bool viz_place_get(struct viz_core *core, struct viz_held *held, struct viz_record *rec,
		   const struct viz_id *author, uint8_t type, uint64_t slot);

/* Reads the value of a row; `held` borrows from it. VIZ_ERR_STORE: the row is damaged. */
int viz_place_row_read(struct viz_held *held, const uint8_t *value, size_t len);

/* Stores `rec`, whose id is `id`, as the live record of its place. The signature must stand before
 * rec->bytes in memory. `item` (may be NULL) receives its item. */
void viz_place_put(struct viz_core *core, struct viz_id *item, const struct viz_record *rec,
		   const struct viz_id *id);

/* Marks the place as dead and keeps `rec` beside the record that is held there. There must be one.
 */
void viz_place_mark_dead(struct viz_core *core, const struct viz_record *rec);

/* Removes what stands at the place; does nothing when nothing does. */
void viz_place_drop(struct viz_core *core, const struct viz_id *author, uint8_t type,
		    uint64_t slot);

#endif
