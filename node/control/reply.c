#include "node/control/reply.h"

#include "crypto/secret.h"
#include "node/control/control.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "proto/base.h"

/* Takes `value`. */
static void send(struct viz_core *core, uint64_t client, bool ok, const char *name, json_t *value)
{
	json_t *reply = json_pack("{s:b,s:i,s:s,s:o}", "ok", ok, "protocol", VIZ_CONTROL_PROTOCOL,
				  "version", VIZ_VERSION, name, value);
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
	send(core, client, true, "result", json_incref(result));
}

void viz_reply_error(struct viz_core *core, uint64_t client, json_t *error)
{
	send(core, client, false, "error", error);
}
