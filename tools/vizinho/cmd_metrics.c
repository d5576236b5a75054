/* `vizinho metrics`: the figures of the node in a text format of monitoring systems
 * (tools/health/openmetrics.h). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/host/speech.h"
#include "tools/health/openmetrics.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

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
	viz_openmetrics_print(out, set, open_metrics);
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
	json_t *result = NULL;
	const json_t *set;
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
	set = json_object_get(result, "metrics"); /* NULL: the node does not answer */
	if (path == NULL) {
		viz_openmetrics_print(stdout, set, open_metrics);
	} else {
		written = write_file(cli, path, set, open_metrics);
		status = status != VIZ_EXIT_OK ? status : written;
	}
	json_decref(result);
	return status;
}
