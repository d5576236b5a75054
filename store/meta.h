/* The keys of VIZ_TABLE_META: rows that stand alone, and small indexes. All keys are listed here,
 * so that no two rows take the same one. Numbers in values are big-endian unless they are msgpack.
 */
#ifndef VIZ_STORE_META_H
#define VIZ_STORE_META_H

#include "proto/base.h"

/* A key as two arguments: bytes and length. */
#define VIZ_META(key) (const uint8_t *)(key), (sizeof(key) - 1)

/* store/ */
#define VIZ_META_SCHEMA   "schema"  /* msgpack: VIZ_SCHEMA_VERSION */
#define VIZ_META_SUMS     "sums"    /* u64s: version, transaction, the sum of each table (sums.c) */
#define VIZ_META_SALVAGE  "salvage" /* salvage_loss.c: what the store lost when it was rebuilt */
#define VIZ_META_HEADROOM "headroom" /* never committed: a write that only tries for space */

/* node/core/growth.c */
#define VIZ_META_GROWTH "growth" /* msgpack: what live pages used, every six hours of a week */

/* node/trust/identity.c */
#define VIZ_META_FEDERATION "federation" /* msgpack: viz_federation_write */
#define VIZ_META_IDENTITY   "identity"   /* msgpack: our keys */
#define VIZ_META_SIGNED     "signed"     /* msgpack: the latest time that we signed; our log */

/* node/trust/pause.c */
#define VIZ_META_PAUSES "pauses" /* msgpack: when no process of ours ran */

/* node/self/backup.c */
#define VIZ_META_RECOVERY "recovery" /* msgpack: the public part of the recovery key */
#define VIZ_META_BACKUP   "backup"   /* msgpack: when the last good backup was made */
#define VIZ_META_RESTORED "restored" /* msgpack: the backup of which this store was restored */
#define VIZ_META_MOVED    "moved"    /* msgpack: when the node left this machine for another */

/* node/link/mail.c */
#define VIZ_META_MAIL "mail" /* u64: the number of the last mail */

/* node/link/lot.c */
#define VIZ_META_OVERLAY "overlay" /* ids: the links by lot that were up for longest */

/* node/self/statement.c: prefix, then the id of an author */
#define VIZ_META_NEWEST                                                                            \
	"newest--" /* time ms u64, key in VIZ_TABLE_STATEMENT: what it signed last */

/* node/control/hook.c */
#define VIZ_META_HOOK "hook" /* u64: the last entry of the journal that it has taken */

/* node/coverage/index.c */
#define VIZ_META_COVERAGE_INDEX "coverage-index" /* msgpack: how far the index is built */

/* node/gossip/protest.c: prefix, then the id of an author */
#define VIZ_META_PROTESTS "protests" /* u64: the bytes of its PROTESTs that are held */

/* node/core/account.c: prefixes, then the id of an author; of "reserve:" then a day u32 */
#define VIZ_META_ACCOUNT "account:" /* msgpack: the bytes that it makes us store */
#define VIZ_META_RESERVE "reserve:" /* msgpack: its offers of that day */

/* node/core/weight.c: prefix, then the id of an author */
#define VIZ_META_WEIGHT "weight--" /* msgpack: the bytes of its federation records */

/* node/trust/prune.c: prefix, then the id of an author */
#define VIZ_META_PRUNED "pruned--" /* u64: when the operator pruned it */

/* node/inbox/tombstone.c: prefix, then the id of an origin, and a slot u64 */
#define VIZ_META_TOMBSTONE "tombston" /* nothing */

/* node/offer/probing.c: prefixes, then the id of a peer. msgpack: counts of 30 days */
#define VIZ_META_PROBE_TAKER "probe-in" /* of its offers to us */
#define VIZ_META_PROBE_GIVER "probe-of" /* of its answers to us */

/* node/lead/lead.c: prefix, then the slot u64 of a lead that waits for a neighbour */
#define VIZ_META_WAITING "later" /* u8: 1 when the log has said that one arrived */

/* node/lead/lead.c: prefix, then the id of the current AWARD of a lead of ours */
#define VIZ_META_AWARD "award---" /* u64: the slot of the lead */

/* node/lead/lead.c: prefix, then the hash of the number of a cancellation, and the slot u64 of an
 * open lead of it */
#define VIZ_META_PROTOCOL "protocol" /* nothing */

/* node/lead/draft.c: prefix, then the hash of the number of a cancellation, and the id of an open
 * draft of it */
#define VIZ_META_DRAFT "draft---" /* nothing */

/* node/lead/waiting.c */
#define VIZ_META_PARTNERS "partners" /* ids of our effective partners, when we looked last */

/* node/lead/draw.c */
#define VIZ_META_DRAW "draw" /* msgpack: the last draw's number; how many were burnt */

/* node/audit/suspect.c */
#define VIZ_META_AUDIT "audit" /* msgpack: when the last pass was */

/* node/audit/suspect_draw.c: prefix, then the id of an origin */
#define VIZ_META_COUNTED "counted:" /* u64: how many of its offers the last count over them had */

/* node/audit/suspect_node.c: prefix, then the id of an author */
#define VIZ_META_HISTORY "history:" /* msgpack: its logs and starts, as its NODEs showed them */

/* Where the last step of a sweep ended: a key of the table that is swept. node/retention.c. */
#define VIZ_META_SWEEP_INVITE    "sweep-invite"
#define VIZ_META_SWEEP_EVIDENCE  "sweep-evidence"
#define VIZ_META_SWEEP_ACCESS    "sweep-access"
#define VIZ_META_SWEEP_STATEMENT "sweep-statement"
#define VIZ_META_SWEEP_LEAD      "sweep-lead"
#define VIZ_META_SWEEP_INBOX     "sweep-inbox"
#define VIZ_META_SWEEP_FINDING   "sweep-finding"
#define VIZ_META_SWEEP_NAMED     "sweep-named"
#define VIZ_META_SWEEP_LOG       "sweep-log"
#define VIZ_META_SWEEP_OFFER     "sweep-offer"
#define VIZ_META_SWEEP_OPENING   "sweep-opening"
#define VIZ_META_SWEEP_DRAWN     "sweep-drawn"
#define VIZ_META_SWEEP_DRAFT     "sweep-draft"
#define VIZ_META_SWEEP_CUSTOMER  "sweep-customer"

/* VIZ_META_ACCOUNT, VIZ_META_RESERVE, VIZ_META_WEIGHT, VIZ_META_PRUNED, VIZ_META_TOMBSTONE,
 * VIZ_META_PROTESTS, VIZ_META_AWARD, VIZ_META_PROTOCOL, VIZ_META_DRAFT, VIZ_META_COUNTED,
 * VIZ_META_HISTORY, VIZ_META_NEWEST, VIZ_META_PROBE_TAKER or VIZ_META_PROBE_GIVER, and an id. */
#define VIZ_META_ID_LEN (8 + 32)
/* VIZ_META_PROTOCOL, a hash and a slot. */
#define VIZ_META_LEAD_LEN (VIZ_META_ID_LEN + 8)
/* VIZ_META_DRAFT, a hash and an id. */
#define VIZ_META_DRAFT_LEN (VIZ_META_ID_LEN + 32)
/* VIZ_META_RESERVE, an id and a day. */
#define VIZ_META_DAY_LEN (VIZ_META_ID_LEN + 4)

static inline void viz_meta_id_key(uint8_t key[VIZ_META_ID_LEN], const char *prefix,
				   const struct viz_id *id)
{
	memcpy(key, prefix, 8);
	memcpy(key + 8, id->b, sizeof id->b);
}

/* VIZ_META_WAITING and a slot. */
#define VIZ_META_WAITING_LEN (5 + 8)

static inline void viz_meta_waiting_key(uint8_t key[VIZ_META_WAITING_LEN], uint64_t slot)
{
	memcpy(key, VIZ_META_WAITING, 5);
	viz_be_put_u64(key + 5, slot);
}

#endif
