/* `vizinho metrics`: the figures of the node as OpenMetrics, or as the older text format of
 * Prometheus, which promtool and node_exporter's text collector read.
 * https://github.com/OpenObservability/OpenMetrics (specification 1.0.0), and
 * https://prometheus.io/docs/instrumenting/exposition_formats/ */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/control/metric.h"
#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

/* The length of the name without this end. */
static int without(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return (int)(n > k && strcmp(name + n - k, end) == 0 ? n - k : n);
}

/* In OpenMetrics the lines about a counter or an info have the name without their ends. */
static void print_head(FILE *out, const json_t *metric, bool open)
{
	const char *name = viz_reply_text(metric, "name"), *type = viz_reply_text(metric, "type");
	const char *unit = viz_reply_text(metric, "unit");
	bool info = strcmp(type, "info") == 0;
	int n = (int)strlen(name);

	if (open)
		n = without(name, info ? "_info" : strcmp(type, "counter") == 0 ? "_total" : "\n");
	fprintf(out, "# TYPE %.*s %s\n", n, name, info && !open ? "gauge" : type);
	if (open && unit[0] != '\0')
		fprintf(out, "# UNIT %.*s %s\n", n, name, unit);
	fprintf(out, "# HELP %.*s %s\n", n, name, viz_reply_text(metric, "help"));
}

static void print_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '"')
			fputc('\\', out);
		if (*text == '\n')
			fputs("\\n", out);
		else
			fputc(*text, out);
	}
}

static void print_sample(FILE *out, const char *name, json_t *sample)
{
	const json_t *value = json_object_get(sample, "value");
	bool first = true;
	const char *key;
	json_t *label;

	fprintf(out, "%s%s", name, viz_reply_text(sample, "suffix"));
	json_object_foreach(sample, key, label)
	{
		if (strcmp(key, "value") == 0 || strcmp(key, "suffix") == 0)
			continue;
		fprintf(out, "%s%s=\"", first ? "{" : ",", key);
		print_escaped(out, json_string_value(label));
		fputc('"', out);
		first = false;
	}
	if (!first)
		fputc('}', out);
	if (json_is_integer(value))
		fprintf(out, " %lld\n", (long long)json_integer_value(value));
	else
		fprintf(out, " %.15g\n", json_real_value(value));
}

static void print_metrics(FILE *out, const json_t *set, bool open)
{
	json_t *metric, *sample;
	size_t i, k;

	json_array_foreach(set, i, metric)
	{
		print_head(out, metric, open);
		json_array_foreach(json_object_get(metric, "samples"), k, sample)
		    print_sample(out, viz_reply_text(metric, "name"), sample);
	}
	if (open)
		fputs("# EOF\n", out);
}

static int cannot(const struct viz_cli *cli, const char *path)
{
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT, path,
			       viz_host_speech_errno(errno));
}

/* The whole file or nothing, as it may be read at any time: first under another name, which
 * node_exporter does not read, then renamed. Others may read it: nothing in it is secret. */
static int write_file(const struct viz_cli *cli, const char *path, const json_t *set,
		      bool open_metrics)
{
	char part[PATH_MAX];
	FILE *out;
	bool ok;
	int fd;

	if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part) {
		errno = ENAMETOOLONG;
		return cannot(cli, path);
	}
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (out == NULL) {
		int status = cannot(cli, part);

		if (fd >= 0)
			close(fd);
		return status;
	}
	print_metrics(out, set, open_metrics);
	ok = fchmod(fd, 0644) == 0 && ferror(out) == 0;
	ok = fclose(out) == 0 && ok;
	if (!ok || rename(part, path) != 0) {
		int status = cannot(cli, path);

		unlink(part);
		return status;
	}
	if (cli->json)
		viz_print_json_new(json_pack("{s:o}", "file", viz_print_path(path)));
	return VIZ_EXIT_OK;
}

/* What is known of a node that does not answer. */
static json_t *down(void)
{
	json_t *set = json_pack("[{s:s,s:s,s:s,s:[{s:i}]}]", "name", VIZ_METRIC_UP_NAME, "type",
				"gauge", "help", VIZ_METRIC_UP_HELP, "samples", "value", 0);

	VIZ_REQUIRE(set != NULL);
	return set;
}

static int read_format(bool *open_metrics, const struct viz_cli *cli, const char *format)
{
	if (strcmp(format, "openmetrics") == 0)
		*open_metrics = true;
	else if (strcmp(format, "prometheus") == 0)
		*open_metrics = false;
	else
		return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE,
				       VIZ_MSG_METRICS_BAD_FORMAT, format);
	return VIZ_EXIT_OK;
}

int viz_cmd_metrics(const struct viz_cli *cli, int argc, char **argv)
{
	const char *path = NULL, *format = NULL;
	const struct viz_arg options[] = {
	    {"output", &path, NULL}, {"format", &format, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result = NULL, *set;
	bool open_metrics = true;
	int status, written;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	if (format == NULL)
		format = path != NULL ? "prometheus" : "openmetrics";
	status = read_format(&open_metrics, cli, format);
	if (status != VIZ_EXIT_OK)
		return status;
	if (cli->json && path == NULL) {
		status = viz_client_query(&result, cli, "metrics", NULL);
		json_decref(result);
		return status;
	}
	status = viz_client_ask(&result, cli, "metrics", NULL);
	if (status != VIZ_EXIT_OK && status != VIZ_EXIT_NO_DAEMON)
		return status;
	set = result != NULL ? json_incref(json_object_get(result, "metrics")) : down();
	json_decref(result);
	if (path == NULL) {
		print_metrics(stdout, set, open_metrics);
	} else {
		written = write_file(cli, path, set, open_metrics);
		status = status != VIZ_EXIT_OK ? status : written;
	}
	json_decref(set);
	return status;
}
