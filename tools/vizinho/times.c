#include "tools/vizinho/times.h"

#include <errno.h>
#include "tools/vizinho/grid.h"
#include "tools/vizinho/print.h"

static const struct {
	const char *name;
	int64_t def, least, most;
	bool count; /* not a time */
} times[] = {
#define X(field, def, least, most) {#field, def, least, most, false},
    VIZ_FEDERATION_TIMES(X)
#undef X
#define X(field, def, least, most) {#field, def, least, most, true},
	VIZ_FEDERATION_COUNTS(X)
#undef X
};

#define TIMES_N (sizeof times / sizeof times[0])

static const char *meaning(const struct viz_cli *cli, const char *name)
{
	enum viz_msg id;

	VIZ_REQUIRE(viz_msg_find(&id, "time_", name)); /* a test asks for each of them */
	return viz_msg(cli->lang, id);
}

void viz_times_list(const struct viz_cli *cli)
{
	json_t *list = json_array(), *counts = json_array();
	struct viz_grid g;

	viz_grid_init(&g, 3);
	for (size_t i = 0; i < TIMES_N; i++) {
		viz_grid_add(&g, times[i].name);
		viz_grid_number(&g, times[i].def);
		viz_grid_add(&g, meaning(cli, times[i].name));
		json_array_append_new(
		    times[i].count ? counts : list,
		    json_pack("{s:s,s:I,s:I,s:I,s:s}", "name", times[i].name,
			      times[i].count ? "default" : "default_ms", (json_int_t)times[i].def,
			      times[i].count ? "least" : "least_ms", (json_int_t)times[i].least,
			      times[i].count ? "most" : "most_ms", (json_int_t)times[i].most,
			      "meaning", meaning(cli, times[i].name)));
	}
	if (cli->json) {
		json_t *o = json_pack("{s:O,s:O}", "times", list, "counts", counts);

		viz_print_json_new(o);
	} else {
		viz_grid_print(&g, stdout);
	}
	viz_grid_free(&g);
	json_decref(list);
	json_decref(counts);
}

static int bad(const struct viz_cli *cli, const char *text, const char *expected)
{
	return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION, "--set",
			       text, expected);
}

int viz_times_set(struct viz_federation *f, const struct viz_cli *cli, const char *text)
{
	size_t len = strcspn(text, "=");
	char expected[1024] = "", range[96], *end;
	long long value;

	for (size_t i = 0; i < TIMES_N; i++) {
		if (strlen(times[i].name) != len || strncmp(times[i].name, text, len) != 0)
			continue;
		viz_print_text(range, sizeof range, cli->lang, VIZ_MSG_WANT_RANGE,
			       (long long)times[i].least, (long long)times[i].most);
		snprintf(expected, sizeof expected, "%s=%s, %s", times[i].name,
			 times[i].count ? "N" : "MS", range);
		if (text[len] != '=')
			return bad(cli, text, expected);
		errno = 0;
		value = strtoll(text + len + 1, &end, 10);
		if (errno != 0 || end == text + len + 1 || *end != '\0' ||
		    viz_federation_set(f, times[i].name, value) != VIZ_OK)
			return bad(cli, text, expected);
		return VIZ_EXIT_OK;
	}
	for (size_t i = 0, at = 0; i < TIMES_N; i++)
		at += (size_t)snprintf(expected + at, sizeof expected - at, "%s%s",
				       i > 0 ? ", " : "", times[i].name);
	return bad(cli, text, expected);
}

int viz_times_fit(const struct viz_federation *f, const struct viz_cli *cli)
{
	return viz_federation_check(f) == VIZ_OK
		   ? VIZ_EXIT_OK
		   : bad(cli, f->name,
			 "partner_delay_ms >= 3 * heartbeat_ms, partner_keep_ms >= write_once_ms + "
			 "86400000 + partner_delay_ms + draw_ms, ack_ms <= grace_ms, serve_ms >= "
			 "suspicion_ms");
}
