/* This node's own identity: keys and author id. Rows "federation" and "identity" of
 * VIZ_TABLE_META. */
#ifndef VIZ_NODE_TRUST_IDENTITY_H
#define VIZ_NODE_TRUST_IDENTITY_H

#include "crypto/identity.h"
#include "crypto/sign.h"
#include "proto/base.h"

struct viz_record;
struct viz_trust;

struct viz_self {
	struct viz_id author;
	struct viz_birth birth;
	uint32_t key_number;
	struct viz_signer signer;
	struct viz_id next_hash; /* commitment to key key_number + 1 */
	struct viz_secret transport;
	struct viz_secret transport_old;
	struct viz_time transport_old_until; /* 0: there is none */
	struct viz_time next_heartbeat;      /* then our NODE is signed anew */
	bool redating; /* what is held of us and dated ahead may be replaced */
	bool revoked;  /* the current key is revoked and has no successor: sign nothing */
};

/* The effect KEYS: the host must use other transport secrets from now on. */
void viz_identity_keys_changed(struct viz_trust *trust);

/* Rows "federation" and "identity" of VIZ_TABLE_META. */
int viz_identity_load(struct viz_trust *trust);

void viz_identity_save(struct viz_trust *trust);

/* Signature || record of the fields of `rec` (bytes, len, sig are set by this). */
int viz_identity_sign(uint8_t *out, size_t *out_len, size_t max, struct viz_id *id,
		      const struct viz_record *rec, const struct viz_signer *signer,
		      const struct viz_id *federation_id);

#endif
