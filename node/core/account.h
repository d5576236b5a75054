/* What an origin makes us store: one account for each author, of the bytes of its circle records
 * (core/place.c), of its stubs (gossip/chain.c), of its older NODEs and PARTNERS (trust/named.c)
 * and of the views and records that are kept for its offers (offer/view.c). Who writes or deletes
 * such a row says so here, in the same transaction. gossip/room.c holds the account to the author's
 * share (trust/share.h). PROTOCOL.md section 14.
 *
 * VIZ_TABLE_META: VIZ_META_ACCOUNT and the author -> [bytes, evidence, last_lost, looked_day,
 * looked, tombstones]; VIZ_META_RESERVE, the author and a day u32 -> [offers, followed]. */
#ifndef VIZ_NODE_CORE_ACCOUNT_H
#define VIZ_NODE_CORE_ACCOUNT_H

#include "proto/base.h"
#include "proto/limits.h"

struct viz_core;
struct viz_id;
struct viz_record;

/* What counts beside the bytes: for a row of the store; for an OFFER the row of the offer too (of
 * VIZ_TABLE_INBOX) and those of its draw (VIZ_TABLE_DRAWN); for a stub, all of it. */
#define VIZ_ACCOUNT_ROW   256
#define VIZ_ACCOUNT_OFFER 3328
#define VIZ_ACCOUNT_STUB  128

/* What may still come of an offer: VIZ_OFFER_RESERVE, in a CLOSE, a RESULT and 16 CHOICEs, and
 * their stubs. */
#define VIZ_ACCOUNT_RESERVE                                                                        \
	(VIZ_OFFER_RESERVE + (2 + VIZ_CHOICES_MAX) * (VIZ_ACCOUNT_ROW + VIZ_ACCOUNT_STUB))

struct viz_account {
	uint64_t bytes;     /* of all that is here */
	uint64_t evidence;  /* of them, by viz_account_evidence */
	uint64_t last_lost; /* the highest slot of an offer that we dropped or did not take for
			     * lack of room; 0: none */
	/* gossip/room.c: on this day the offers below this slot were looked at */
	uint64_t looked_day, looked;
	uint64_t tombstones; /* inbox/tombstone.h */
};

void viz_account_get(struct viz_core *core, struct viz_account *out, const struct viz_id *author);
void viz_account_put(struct viz_core *core, const struct viz_id *author,
		     const struct viz_account *account);

/* The bytes that are here, and what may still come of the offers that are open. */
uint64_t viz_account_used(struct viz_core *core, const struct viz_id *author);

/* The first slot of the offers that are open: of these something may still come by the dates of
 * the protocol. */
uint64_t viz_account_open_from(const struct viz_core *core);

/* What a record costs, without its stub; 0: it is not charged here. PROTESTs are not
 * (gossip/protest.h), replies are. */
uint64_t viz_account_cost(const struct viz_record *rec);

/* What the record adds to what is used when it is put at its place, where nothing stands, or beside
 * the one that stands there. */
uint64_t viz_account_adds(struct viz_core *core, const struct viz_record *rec, bool beside);

/* A record is put at its place, where nothing stood, or beside the one that stands there; or is
 * gone from there. */
void viz_account_came(struct viz_core *core, const struct viz_record *rec, bool beside);
void viz_account_gone(struct viz_core *core, const struct viz_record *rec, bool beside);

/* A row for this author with so many bytes beside VIZ_ACCOUNT_ROW is new, or gone; a stub; evidence
 * for its offers. */
void viz_account_row(struct viz_core *core, const struct viz_id *author, size_t len, bool more);
void viz_account_stub(struct viz_core *core, const struct viz_id *author, bool more);
void viz_account_evidence(struct viz_core *core, const struct viz_id *author, size_t len,
			  bool more);

#endif
