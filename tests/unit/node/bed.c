#include "tests/unit/unit.h"

#include "tests/unit/node/bed.h"

#include "crypto/crypto.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/init.h"
#include "node/node.h"
#include "node/state.h"
#include "node/trust/closure.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/backend.h"
#include "store/store.h"
#include "store/vault.h"
#include "tests/unit/scratch.h"

void bed_open(struct bed *b)
{
	struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = 64 << 20, .volatile_commit = true};
	struct viz_node_config nc = {.profile = {.name = "Teste"}};
	struct viz_secret entropy = {{7}};
	struct viz_offline offline;
	struct viz_federation f;
	int err;

	assert_int_equal(viz_store_open(&b->store, NULL, &config), VIZ_OK);
	assert_int_equal(viz_vault_file_open(&b->vault, NULL, b->store, b->dir), VIZ_OK);
	viz_federation_default(&f, "teste");
	err = viz_node_init(b->store, &offline, &f, &entropy, b->now);
	assert_true(err == VIZ_OK || err == VIZ_ERR_EXISTS);
	assert_int_equal(viz_node_open(&b->node, b->store, b->vault, &nc, b->now), VIZ_OK);
	viz_effects_init(&b->fx);
}

void bed_close(struct bed *b)
{
	viz_effects_clear(&b->fx);
	viz_node_close(b->node);
	viz_vault_file_close(b->vault);
	viz_store_close(b->store);
}

int bed_setup(void **state)
{
	return bed_setup_at(state, (struct viz_time){INT64_C(1764072000000)});
}

int bed_setup_at(void **state, struct viz_time now)
{
	struct bed *b = calloc(1, sizeof *b);

	assert_non_null(b);
	assert_int_equal(viz_crypto_init(), VIZ_OK);
	scratch_make(b->dir);
	b->now = now;
	bed_open(b);
	*state = b;
	return 0;
}

int bed_teardown(void **state)
{
	struct bed *b = *state;

	bed_close(b);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

void bed_run(struct bed *b)
{
	viz_effects_clear(&b->fx);
	viz_effects_init(&b->fx);
	assert_int_equal(viz_node_run(b->node, &b->fx, b->now, NULL, 0), VIZ_OK);
}

void bed_begin(struct bed *b)
{
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	b->node->core.fx = &b->fx;
	b->node->core.now = b->now;
}

void bed_end(struct bed *b)
{
	viz_closure_refresh(&b->node->trust);
	assert_false(b->node->core.store_full);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	b->node->core.fx = NULL;
}
