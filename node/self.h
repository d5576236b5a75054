/* This node's own identity, and the records and statements that it signs. */
#ifndef VIZ_NODE_SELF_H
#define VIZ_NODE_SELF_H

#include "crypto/identity.h"
#include "crypto/sign.h"
#include "proto/offer.h"
#include "proto/record.h"

struct viz_node;

struct viz_self {
	struct viz_id author;
	struct viz_birth birth;
	uint32_t key_number;
	struct viz_signer signer;
	struct viz_id next_hash; /* commitment to key key_number + 1 */
	struct viz_secret transport;
	struct viz_secret transport_old;
	struct viz_time transport_old_until; /* 0: there is none */
	bool mending; /* what is held of us and dated ahead may be replaced */
	bool revoked; /* the current key is revoked and has no successor: sign nothing */
};

/* Rows "federation" and "identity" of VIZ_TABLE_META. */
int viz_self_load(struct viz_node *node);
void viz_self_save(struct viz_node *node);

/* Signs and takes in a record of our own: stores it, applies it, floods it. `body` is one msgpack
 * array. For write-once types `slot` is the place; for others seq is chosen (max(last + 1, now)).
 * *id gets the record id (may be NULL). VIZ_ERR_STATE when the key is revoked, VIZ_ERR_LIMIT when
 * the record is too large. */
int viz_self_publish(struct viz_node *node, struct viz_id *id, uint8_t type, uint64_t slot,
		     const uint8_t *body, size_t body_len);

/* How far the newest of our own NODE is ahead of the clock, when that is more than skew_ms (others
 * would not take what is signed now, or take it late); else 0. */
int64_t viz_self_ahead_ms(struct viz_node *node);
/* Whether an offer or a pledge may be begun: our key is not revoked, and others take what we sign.
 */
bool viz_self_may_begin(struct viz_node *node);
/* At the start: when the clock was fast and no longer is, signs what it dated ahead anew. A slow
 * clock looks the same, but for others' records, which are ahead too: then nothing is done, but
 * said. */
void viz_self_mend_dates(struct viz_node *node);

/* The next free write-once slot of `type` today. VIZ_ERR_LIMIT when the day is full, VIZ_ERR_STATE
 * when the clock is slow: our own NODE is ahead of it by more than a heartbeat. */
int viz_self_next_slot(struct viz_node *node, uint64_t *slot, uint8_t type);

/* Signs a statement about the offer (origin, slot) and keeps it in VIZ_TABLE_STATEMENT under
 * (origin, slot, type, own id, number). *id may be NULL. */
int viz_self_state(struct viz_node *node, struct viz_id *id, uint8_t type,
		   const struct viz_id *origin, uint64_t slot, uint64_t number, const uint8_t *body,
		   size_t body_len);

/* The NODE record from the profile; published when it differs, or as the daily heartbeat. */
int viz_self_publish_node(struct viz_node *node);

/* Rotates to the revealed next key: SUCCESSION, all replaceable records signed anew, a new
 * transport key. `revocation` gets the pre-signed REVOCATION of the new key (room: 512 bytes);
 * asked again for the change that was done last, it gives the same bytes again. VIZ_ERR_AUTH when
 * the seed is not the committed one, VIZ_ERR_STATE when our own NODE is ahead of the clock. */
int viz_self_rotate(struct viz_node *node, uint8_t *revocation, size_t *revocation_len,
		    const struct viz_secret *next_seed, const struct viz_id *following_hash);

/* Message 3's payload: own SUCCESSIONs and NODE, and the token of an invitation (may be NULL).
 * `out` holds VIZ_HELLO_MAX bytes. */
int viz_self_hello(struct viz_node *node, uint8_t *out, size_t *len, const uint8_t *token);

/* Signature || record of the fields of `rec` (bytes, len, sig are set by this). */
int viz_sign_record(uint8_t *out, size_t *out_len, size_t max, struct viz_id *id,
		    const struct viz_record *rec, const struct viz_signer *signer,
		    const struct viz_id *federation_id);

#endif
