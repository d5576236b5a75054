/* JSON requests of the control socket to a real node. Each request gets one reply, an object
 * that states the result, and the node runs on. */
#include "tests/fuzz/fuzz.h"

#include <jansson.h>

#include "crypto/crypto.h"
#include "node/core/event.h"
#include "node/init.h"
#include "node/node.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/backend.h"
#include "store/store.h"
#include "store/vault.h"
#include "tests/unit/scratch.h"

#define RUNS_MAX 200 /* then a new node starts, so that old inputs do not decide for long */

static struct bed {
	char dir[SCRATCH_PATH];
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node;
	struct viz_time now;
	unsigned runs;
} bed;

static void end(void)
{
	if (bed.node == NULL)
		return;
	viz_node_close(bed.node);
	viz_vault_file_close(bed.vault);
	viz_store_close(bed.store);
	bed.node = NULL;
	scratch_remove(bed.dir);
}

static void begin(void)
{
	static const char *const readers[] = {"root"};
	struct viz_store_config config = {
	    .dir = bed.dir, .map_bytes = UINT64_C(64) << 20, .volatile_commit = true};
	struct viz_node_config nc = {.profile = {.name = "Provedor A",
						 .privacy = "dpo@example.com",
						 .withdrawal = "0800 123 4567"},
				     .seed = {{1}},
				     .readers = readers,
				     .reader_count = 1};
	struct viz_secret entropy = {{42}};
	struct viz_offline offline;
	struct viz_federation f;

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	scratch_make(bed.dir);
	bed.now.ms = INT64_C(1790000000000);
	bed.runs = 0;
	viz_federation_default(&f, "teste");
	VIZ_REQUIRE(viz_store_open(&bed.store, NULL, &config) == VIZ_OK);
	VIZ_REQUIRE(viz_vault_file_open(&bed.vault, NULL, bed.store, bed.dir) == VIZ_OK);
	VIZ_REQUIRE(viz_node_init(bed.store, &offline, &f, &entropy, bed.now) == VIZ_OK);
	VIZ_REQUIRE(viz_node_open(&bed.node, bed.store, bed.vault, &nc, bed.now) == VIZ_OK);
}

static void check_reply(const struct viz_effect *e)
{
	json_t *reply = json_loadb((const char *)e->bytes, e->len, 0, NULL);
	const json_t *error = json_object_get(reply, "error");

	VIZ_REQUIRE(json_is_boolean(json_object_get(reply, "ok")));
	VIZ_REQUIRE(json_integer_value(json_object_get(reply, "protocol")) == VIZ_CONTROL_PROTOCOL);
	VIZ_REQUIRE(json_is_true(json_object_get(reply, "ok"))
			? json_is_object(json_object_get(reply, "result"))
			: json_string_length(json_object_get(error, "code")) > 0 &&
			      json_is_string(json_object_get(error, "message")));
	json_decref(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct viz_event ev = {
	    .kind = VIZ_EVENT_REQUEST, .client = 1, .bytes = data, .len = len, .who = "root"};
	struct viz_effects fx;
	size_t replies = 0;
	static bool registered;

	if (!registered)
		registered = atexit(end) == 0;
	if (bed.runs == RUNS_MAX)
		end();
	if (bed.node == NULL)
		begin();
	bed.runs++;
	bed.now.ms += 1000;
	viz_effects_init(&fx);
	VIZ_REQUIRE(viz_node_run(bed.node, &fx, bed.now, &ev, 1) == VIZ_OK);
	for (size_t i = 0; i < fx.count; i++) {
		if (fx.list[i].kind != VIZ_EFFECT_REPLY)
			continue;
		check_reply(&fx.list[i]);
		replies++;
	}
	VIZ_REQUIRE(replies == 1);
	viz_effects_clear(&fx);
	return 0;
}
