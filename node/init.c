#include "node/init.h"

#include "crypto/id.h"
#include "crypto/rng.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/backend.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

/* Draws the keys 0 and 1, the transport key and the nonce of the author id. */
static void make_identity(struct viz_trust *trust, struct viz_offline *offline)
{
	struct viz_self *self = &trust->self;
	struct viz_secret seed;
	struct viz_signer next;

	viz_rng_bytes(&trust->core->rng, seed.b, sizeof seed.b);
	viz_rng_bytes(&trust->core->rng, offline->next_seed.b, sizeof offline->next_seed.b);
	viz_rng_bytes(&trust->core->rng, self->transport.b, sizeof self->transport.b);
	viz_rng_bytes(&trust->core->rng, self->birth.nonce, sizeof self->birth.nonce);
	offline->next_number = 1;
	viz_sign_seed_keypair(&self->signer, &seed);
	viz_sign_seed_keypair(&next, &offline->next_seed);
	viz_id_next_hash(&self->next_hash, &next.pub);
	self->birth.first_key = self->signer.pub;
	self->birth.next_hash = self->next_hash;
	viz_id_author(&self->author, &trust->core->federation_id, &self->birth);
	viz_secret_wipe(&seed, sizeof seed);
	viz_sign_wipe(&next);
}

/* Makes the identity and writes the rows "federation" and "identity". */
static int fill(struct viz_trust *trust, struct viz_offline *offline)
{
	VIZ_WRITER(w, VIZ_FEDERATION_BYTES_MAX);
	struct viz_slice v;

	if (viz_core_get(trust->core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_IDENTITY)))
		return VIZ_ERR_EXISTS;
	make_identity(trust, offline);
	/* After a theft the key may be out of our hands, so it is signed now. */
	VIZ_REQUIRE(viz_identity_presign_revocation(trust, offline->revocation,
						    &offline->revocation_len,
						    trust->core->now) == VIZ_OK);
	viz_federation_write(&w, &trust->core->federation);
	viz_core_put_row(trust->core, VIZ_TABLE_META, VIZ_META(VIZ_META_FEDERATION), &w);
	viz_identity_save(trust);
	viz_identity_new_log(trust);
	return VIZ_OK;
}

int viz_node_init(struct viz_store *store, struct viz_offline *offline,
		  const struct viz_federation *federation, const struct viz_secret *entropy,
		  struct viz_time now)
{
	struct viz_core core = {.store = store, .now = now, .federation = *federation};
	struct viz_trust trust = {.core = &core};
	int err;

	viz_ids_federation(&core.federation_id, federation);
	viz_rng_seed(&core.rng, entropy);
	err = viz_store_begin(store);
	if (err == VIZ_OK) {
		err = fill(&trust, offline);
		if (err == VIZ_OK && core.store_full)
			err = VIZ_ERR_LIMIT;
		if (err == VIZ_OK)
			err = viz_store_commit(store);
		else
			viz_store_abort(store);
	}
	viz_secret_wipe(&trust, sizeof trust);
	viz_secret_wipe(&core, sizeof core);
	return err;
}
