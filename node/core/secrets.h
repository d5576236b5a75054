/* What the vault holds for one lead or one offer of a partner: the key that seals its
 * personal data, and the blindings that must never stand in a record. */
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

/* Fresh ones, in a new block. *ref gets block + 1 (0 means none). The caller wipes `out`. */
void viz_secrets_create(struct viz_core *core, struct viz_lead_secrets *out, uint32_t *ref);

/* False: erased. The caller wipes `out`. */
bool viz_secrets_read(struct viz_core *core, struct viz_lead_secrets *out, uint32_t ref);

/* Marks the block for erasure (done before anything tells of it) and sets *ref to 0. */
void viz_secrets_erase(struct viz_core *core, uint32_t *ref);

/* Seals `len` bytes of `plain` into `out` (which holds `max`). */
int viz_secrets_seal(struct viz_core *core, uint8_t *out, size_t *out_len, size_t max,
		     const struct viz_lead_secrets *s, const uint8_t *plain, size_t len);

/* `out` holds `len` bytes. */
int viz_secrets_open(uint8_t *out, size_t *out_len, const struct viz_lead_secrets *s,
		     const uint8_t *sealed, size_t len);

/* What was sealed under the block `ref`: the bytes (`out` holds len - 40), a contact, a location.
 * VIZ_ERR_ABSENT: erased, or never there. The caller wipes `out`. */
int viz_secrets_unseal(struct viz_core *core, uint8_t *out, size_t *out_len, uint32_t ref,
		       const uint8_t *sealed, size_t len);

int viz_secrets_unseal_contact(struct viz_core *core, struct viz_contact *out, uint32_t ref,
			       const uint8_t *sealed, size_t len);

int viz_secrets_unseal_location(struct viz_core *core, struct viz_location *out, uint32_t ref,
				const uint8_t *sealed, size_t len);

#endif
