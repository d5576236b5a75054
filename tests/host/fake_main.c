/* vizinhod with the tests' core. $FAKE_LIMITS sets limits: "name=value ...". */
#include "node/host/run.h"

struct limit {
	const char *name;
	uint32_t *value;
};

static void set(struct viz_host_limits *l, const char *name, uint32_t value)
{
	const struct limit all[] = {
#define X(name, value) {#name, &l->name},
	    VIZ_HOST_LIMITS(X)
#undef X
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
	struct viz_host_options options = {
	    .limits = VIZ_HOST_LIMITS_DEFAULT, .keep_dumpable = true, .strict = true};
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
