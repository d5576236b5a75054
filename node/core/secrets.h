/* The secrets of one lead, or of one offer of a partner, in a block of the vault: the key that
 * seals its personal data, and blindings that must never be published before their time. Erasing
 * the block makes the sealed data unreadable.
 *
 * A row of the store refers to its block by `ref`: the number of the block + 1, or 0 for none. */
#ifndef VIZ_NODE_CORE_SECRETS_H
#define VIZ_NODE_CORE_SECRETS_H

#include "proto/base.h"

struct viz_contact;
struct viz_core;
struct viz_location;

struct viz_lead_secrets {
	struct viz_secret key;
	struct viz_secret location_blinding;
	struct viz_secret receipt_blinding;
	struct viz_secret subject_salt;
	struct viz_secret choice_blinding;
};

/* Draws fresh secrets and stores them in a new block. The caller wipes `out`. When the vault is
 * full, the batch will not be committed. */
void viz_secrets_create(struct viz_core *core, struct viz_lead_secrets *out, uint32_t *ref);

/* False: there is no block, or it is erased. The caller wipes `out`. */
bool viz_secrets_read(struct viz_core *core, struct viz_lead_secrets *out, uint32_t ref);

/* Marks the block for erasure and sets *ref to 0. The block is overwritten after the commit, before
 * anybody is notified of it. */
void viz_secrets_erase(struct viz_core *core, uint32_t *ref);

/* Seals `len` bytes of `plain` into `out`, which holds `max` bytes: *out_len is
 * len + VIZ_SEAL_OVERHEAD. VIZ_ERR_LIMIT: `max` is too small. */
int viz_secrets_seal(struct viz_core *core, uint8_t *out, size_t *out_len, size_t max,
		     const struct viz_lead_secrets *s, const uint8_t *plain, size_t len);

/* Opens what viz_secrets_seal made. `out` holds `len` bytes; the caller wipes it. VIZ_ERR_AUTH. */
int viz_secrets_open(uint8_t *out, size_t *out_len, const struct viz_lead_secrets *s,
		     const uint8_t *sealed, size_t len);

/* Opens what was sealed under the block `ref`, as bytes, as a contact or as a location. `out` of
 * the first holds len - VIZ_SEAL_OVERHEAD bytes. VIZ_ERR_ABSENT: the block is erased, or nothing
 * was sealed (len is 0). The caller wipes `out`. */
int viz_secrets_unseal(struct viz_core *core, uint8_t *out, size_t *out_len, uint32_t ref,
		       const uint8_t *sealed, size_t len);

int viz_secrets_unseal_contact(struct viz_core *core, struct viz_contact *out, uint32_t ref,
			       const uint8_t *sealed, size_t len);

int viz_secrets_unseal_location(struct viz_core *core, struct viz_location *out, uint32_t ref,
				const uint8_t *sealed, size_t len);

#endif
