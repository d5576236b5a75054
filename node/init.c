#include "node/init.h"

#include "crypto/identity.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/backend.h"
#include "store/store.h"
#include "store/tables.h"
static void presign(struct viz_node *node, struct viz_offline *offline)
{
	static const uint8_t empty[] = {0x90};
	struct viz_record rec = {.type = VIZ_TYPE_REVOCATION,
				 .author = node->self.author,
				 .seq = 1,
				 .time = node->now,
				 .body = empty,
				 .body_len = sizeof empty};

	VIZ_REQUIRE(viz_sign_record(offline->revocation, &offline->revocation_len,
				    sizeof offline->revocation, NULL, &rec, &node->self.signer,
				    &node->federation_id) == VIZ_OK);
}

static void make_identity(struct viz_node *node, struct viz_offline *offline)
{
	struct viz_self *self = &node->self;
	struct viz_secret seed;
	struct viz_signer next;

	viz_rng_bytes(&node->rng, seed.b, sizeof seed.b);
	viz_rng_bytes(&node->rng, offline->next_seed.b, sizeof offline->next_seed.b);
	viz_rng_bytes(&node->rng, self->transport.b, sizeof self->transport.b);
	viz_rng_bytes(&node->rng, self->birth.nonce, sizeof self->birth.nonce);
	offline->next_number = 1;
	viz_signer_from_seed(&self->signer, &seed);
	viz_signer_from_seed(&next, &offline->next_seed);
	viz_next_hash(&self->next_hash, &next.pub);
	self->birth.first_key = self->signer.pub;
	self->birth.next_hash = self->next_hash;
	viz_author_id(&self->author, &node->federation_id, &self->birth);
	viz_wipe(&seed, sizeof seed);
	viz_signer_wipe(&next);
}

int viz_node_init(struct viz_store *store, struct viz_offline *offline,
		  const struct viz_federation *federation, const struct viz_secret *entropy,
		  struct viz_time now)
{
	struct viz_node *node = calloc(1, sizeof *node);
	uint8_t bytes[VIZ_FEDERATION_BYTES_MAX];
	struct viz_slice v;
	struct viz_writer w;
	size_t len = 0;
	int err;

	if (!node)
		return VIZ_ERR_NOMEM;
	node->store = store;
	node->now = now;
	node->federation = *federation;
	viz_federation_id(&node->federation_id, federation);
	viz_rng_seed(&node->rng, entropy);
	err = viz_store_begin(store);
	if (err != VIZ_OK)
		goto done;
	if (viz_core_get(node, &v, VIZ_TABLE_META, (const uint8_t *)"identity", 8)) {
		viz_store_abort(store);
		err = VIZ_ERR_EXISTS;
		goto done;
	}
	make_identity(node, offline);
	presign(node, offline);
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_federation_write(&w, federation);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(node, VIZ_TABLE_META, (const uint8_t *)"federation", 10, bytes, len);
	viz_self_save(node);
	err = viz_store_commit(store);
done:
	viz_wipe(node, sizeof *node);
	free(node);
	return err;
}
