/* vizinhod with the tests' core and with limits from $FAKE_LIMITS: "name=value ...". */
#include "proto/base.h"
#include "node/host/run.h"
#include "node/host/limits.h"

struct limit {
	const char *name;
	uint32_t *value;
};

static void set(struct viz_host_limits *l, const char *name, uint32_t value)
{
	const struct limit all[] = {
	    {"handshake_ms", &l->handshake_ms},
	    {"message_1_ms", &l->message_1_ms},
	    {"idle_ms", &l->idle_ms},
	    {"keepalive_ms", &l->keepalive_ms},
	    {"rekey_ms", &l->rekey_ms},
	    {"flush_ms", &l->flush_ms},
	    {"sweep_ms", &l->sweep_ms},
	    {"half_open_max", &l->half_open_max},
	    {"half_local_max", &l->half_local_max},
	    {"connections_max", &l->connections_max},
	    {"local_max", &l->local_max},
	    {"queue_messages", &l->queue_messages},
	    {"queue_bytes", &l->queue_bytes},
	    {"out_bytes", &l->out_bytes},
	    {"out_all_bytes", &l->out_all_bytes},
	    {"slow_ms", &l->slow_ms},
	    {"rate_bytes", &l->rate_bytes},
	    {"burst_bytes", &l->burst_bytes},
	    {"ctl_idle_ms", &l->ctl_idle_ms},
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if (strcmp(all[i].name, name) == 0) {
			*all[i].value = value;
			return;
		}
	}
	VIZ_REQUIRE(false && name);
}

int main(int argc, char **argv)
{
	struct viz_host_options options = {.limits = VIZ_HOST_LIMITS_DEFAULT,
					   .keep_dumpable = true};
	char text[1024], *save = NULL;

	snprintf(text, sizeof text, "%s", getenv("FAKE_LIMITS") ? getenv("FAKE_LIMITS") : "");
	for (char *p = strtok_r(text, " ", &save); p != NULL; p = strtok_r(NULL, " ", &save)) {
		char *is = strchr(p, '=');

		VIZ_REQUIRE(is != NULL);
		*is = '\0';
		set(&options.limits, p, (uint32_t)strtoul(is + 1, NULL, 10));
	}
	return viz_host_run(argc, argv, &options);
}
