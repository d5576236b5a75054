#include "node/control/reply.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "proto/base.h"

void viz_reply_send(struct viz_core *core, uint64_t client, json_t *reply)
{
	char *text = json_dumps(reply, JSON_COMPACT);

	VIZ_REQUIRE(text);
	viz_effects_add(core->fx, VIZ_EFFECT_REPLY, (const uint8_t *)text, strlen(text))->client =
	    client;
	viz_secret_wipe(text, strlen(text));
	free(text);
	json_decref(reply);
}

void viz_reply_ok(struct viz_core *core, uint64_t client, json_t *result)
{
	json_t *reply = json_object();

	json_object_set_new(reply, "ok", json_true());
	json_object_set(reply, "result", result);
	viz_reply_send(core, client, reply);
}
