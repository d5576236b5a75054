#include "node/core/secrets.h"

#include "crypto/rng.h"
#include "crypto/seal.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/statement.h"
#include "store/vault.h"

void viz_secrets_create(struct viz_core *core, struct viz_lead_secrets *out, uint32_t *ref)
{
	uint32_t block;

	viz_rng_bytes(&core->rng, (uint8_t *)out, sizeof *out);
	if (viz_vault_create(core->vault, &block, (const uint8_t *)out, sizeof *out) != VIZ_OK) {
		core->store_full =
		    true; /* no commit, so nothing that uses the secrets is written */
		block = 0;
	}
	*ref = block + 1;
}

bool viz_secrets_read(struct viz_core *core, struct viz_lead_secrets *out, uint32_t ref)
{
	uint8_t data[VIZ_VAULT_DATA];
	size_t len = 0;
	bool ok;

	if (ref == 0)
		return false;
	ok = viz_vault_read(core->vault, data, &len, ref - 1) == VIZ_OK && len == sizeof *out;
	if (ok)
		memcpy(out, data, sizeof *out);
	viz_secret_wipe(data, sizeof data);
	return ok;
}

void viz_secrets_erase(struct viz_core *core, uint32_t *ref)
{
	if (*ref != 0 && viz_vault_erase(core->vault, *ref - 1) == VIZ_ERR_STORE)
		core->store_full = true;
	*ref = 0;
}

int viz_secrets_seal(struct viz_core *core, uint8_t *out, size_t *out_len, size_t max,
		     const struct viz_lead_secrets *s, const uint8_t *plain, size_t len)
{
	uint8_t nonce[24];

	if (len + VIZ_SEAL_OVERHEAD > max)
		return VIZ_ERR_LIMIT;
	viz_rng_bytes(&core->rng, nonce, sizeof nonce);
	viz_seal(out, &s->key, nonce, NULL, 0, plain, len);
	*out_len = len + VIZ_SEAL_OVERHEAD;
	return VIZ_OK;
}

int viz_secrets_open(uint8_t *out, size_t *out_len, const struct viz_lead_secrets *s,
		     const uint8_t *sealed, size_t len)
{
	int err = viz_seal_open(out, &s->key, NULL, 0, sealed, len);

	if (err == VIZ_OK)
		*out_len = len - VIZ_SEAL_OVERHEAD;
	return err;
}

int viz_secrets_unseal(struct viz_core *core, uint8_t *out, size_t *out_len, uint32_t ref,
		       const uint8_t *sealed, size_t len)
{
	struct viz_lead_secrets s;
	int err;

	if (len == 0 || !viz_secrets_read(core, &s, ref))
		return VIZ_ERR_ABSENT;
	err = viz_secrets_open(out, out_len, &s, sealed, len);
	viz_secret_wipe(&s, sizeof s);
	return err;
}

int viz_secrets_unseal_contact(struct viz_core *core, struct viz_contact *out, uint32_t ref,
			       const uint8_t *sealed, size_t len)
{
	uint8_t bytes[VIZ_CONTACT_MAX];
	size_t plain = 0;
	int err = viz_secrets_unseal(core, bytes, &plain, ref, sealed, len);

	if (err == VIZ_OK)
		err = VIZ_PARSE(contact, out, bytes, plain);
	viz_secret_wipe(bytes, sizeof bytes);
	return err;
}

int viz_secrets_unseal_location(struct viz_core *core, struct viz_location *out, uint32_t ref,
				const uint8_t *sealed, size_t len)
{
	uint8_t bytes[VIZ_LOCATION_MAX];
	size_t plain = 0;
	int err = viz_secrets_unseal(core, bytes, &plain, ref, sealed, len);

	if (err == VIZ_OK)
		err = VIZ_PARSE(location, out, bytes, plain);
	viz_secret_wipe(bytes, sizeof bytes);
	return err;
}
