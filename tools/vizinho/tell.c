#include "tools/vizinho/tell.h"

#include <stdarg.h>
#include <time.h>

#include "tools/vizinho/wrap.h"

int viz_tell_fault(const struct viz_cli *cli, int status, const char *code, const char *text)
{
	json_t *o;

	if (cli->quiet)
		return status;
	if (!cli->json) {
		fprintf(stderr, "%s\n", text);
		return status;
	}
	o = json_pack("{s:{s:s,s:s}}", "error", "code", code, "message", text);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
	return status;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
int viz_tell_error(const struct viz_cli *cli, int status, const char *code, enum viz_say_id id, ...)
{
	char text[2048];
	va_list args;

	va_start(args, id);
	vsnprintf(text, sizeof text, viz_say_text(cli->lang, id), args);
	va_end(args);
	return viz_tell_fault(cli, status, code, text);
}

void viz_tell(const struct viz_cli *cli, enum viz_say_id id, ...)
{
	va_list args;

	if (cli->json)
		return;
	va_start(args, id);
	vprintf(viz_say_text(cli->lang, id), args);
	va_end(args);
	putchar('\n');
}

void viz_tell_aside(const struct viz_cli *cli, enum viz_say_id id, ...)
{
	va_list args;

	if (cli->json)
		return;
	fflush(stdout);
	va_start(args, id);
	vfprintf(stderr, viz_say_text(cli->lang, id), args);
	va_end(args);
	fputc('\n', stderr);
}
#pragma GCC diagnostic pop

void viz_tell_aloud(const struct viz_cli *cli, enum viz_say_id heading, const char *text)
{
	char set_in[8192];

	if (cli->json)
		return;
	printf("\n%s\n\n", viz_say_text(cli->lang, heading));
	snprintf(set_in, sizeof set_in, "  %s", text);
	viz_wrap(stdout, set_in, viz_wrap_columns());
	putchar('\n');
}

void viz_tell_gap(const struct viz_cli *cli)
{
	if (!cli->json)
		putchar('\n');
}

int viz_tell_ask(json_t **result, const struct viz_cli *cli, const char *op, json_t *args)
{
	json_t *got = NULL;
	int status = viz_client_ask(&got, cli, op, args);

	*result = NULL;
	if (status != VIZ_EXIT_OK)
		return status;
	if (!cli->json) {
		*result = got;
		return VIZ_EXIT_OK;
	}
	viz_client_print(got);
	json_decref(got);
	return VIZ_EXIT_OK;
}

int64_t viz_tell_seconds(const json_t *time)
{
	const char *text = json_string_value(time);
	struct tm tm = {0};

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
				   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)timegm(&tm);
}

void viz_tell_time(char out[VIZ_TELL_MAX], const struct viz_cli *cli, const json_t *time)
{
	time_t t = (time_t)viz_tell_seconds(time);
	struct tm tm;

	localtime_r(&t, &tm);
	if (t == 0 ||
	    strftime(out, VIZ_TELL_MAX,
		     cli->lang == VIZ_CLI_PT ? "%d/%m/%Y %H:%M" : "%Y-%m-%d %H:%M", &tm) == 0)
		snprintf(out, VIZ_TELL_MAX, "-");
}

void viz_tell_area(char out[VIZ_TELL_MAX], const struct viz_cli *cli, uint64_t m2)
{
	char *point;

	snprintf(out, VIZ_TELL_MAX, "%.*f km²", m2 < 9995000 ? 2 : 1, (double)m2 / 1e6);
	point = strchr(out, '.');
	if (point != NULL && cli->lang == VIZ_CLI_PT)
		*point = ',';
}

void viz_tell_money(char out[VIZ_TELL_MAX], const struct viz_cli *cli, int64_t cents)
{
	snprintf(out, VIZ_TELL_MAX, "R$ %lld%c%02d", (long long)(cents / 100),
		 cli->lang == VIZ_CLI_PT ? ',' : '.', (int)(cents % 100));
}

const char *viz_tell_technology(const struct viz_cli *cli, int64_t technology)
{
	static const char *const names[][VIZ_CLI_LANGS] = {
	    {"fibra", "fiber"},  {"cabo", "cable"},         {"rádio", "radio"},
	    {"cobre", "copper"}, {"satélite", "satellite"},
	};

	if (technology < 1 || technology > 5)
		return "?";
	return names[technology - 1][cli->lang];
}

const char *viz_tell_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

const char *viz_tell_peer(const json_t *peer)
{
	const char *label = viz_tell_text(peer, "label");

	return label[0] != '\0' ? label : viz_tell_text(peer, "name");
}

int64_t viz_tell_number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

bool viz_tell_true(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

void viz_tell_heads(struct viz_grid *g, const struct viz_cli *cli, const enum viz_say_id *ids,
		    size_t count)
{
	viz_grid_init(g, count);
	for (size_t i = 0; i < count; i++)
		viz_grid_add(g, viz_say_text(cli->lang, ids[i]));
}

void viz_tell_cell_time(struct viz_grid *g, const struct viz_cli *cli, const json_t *time)
{
	char text[VIZ_TELL_MAX];

	viz_tell_time(text, cli, time);
	viz_grid_add(g, text);
}

void viz_tell_print(struct viz_grid *g)
{
	viz_grid_print(g, stdout);
	viz_grid_free(g);
}
