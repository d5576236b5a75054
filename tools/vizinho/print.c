#include "tools/vizinho/print.h"

#include <errno.h>

#include "node/host/speech.h"
#include "tools/text/encoding.h"
#include "tools/vizinho/names.h"
#include "tools/vizinho/wrap.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#ifndef __clang__
/* UBSan's own check of a pointer for NULL makes gcc warn that the format may be NULL. */
#pragma GCC diagnostic ignored "-Wformat-overflow"
#endif
/* The compiler of the texts has compared the conversions of all languages, and the macros of
 * print.h the arguments with them. */
void viz_print_vtext(char *out, size_t max, enum viz_lang lang, enum viz_msg id, va_list args)
{
	vsnprintf(out, max, viz_msg(lang, id), args);
}

/* A name from a file or the command line may hold anything, also what drives a terminal. */
static void print_line(FILE *out, enum viz_lang lang, enum viz_msg id, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, viz_msg(lang, id), args) < 0)
		return;
	viz_encoding_clean(text, true);
	fprintf(out, "%s\n", text);
	free(text);
}
#pragma GCC diagnostic pop

void(viz_print)(const struct viz_cli *cli, enum viz_msg id, ...)
{
	va_list args;

	if (cli->json)
		return;
	va_start(args, id);
	print_line(stdout, cli->lang, id, args);
	va_end(args);
}

void(viz_print_hint)(const struct viz_cli *cli, enum viz_msg id, ...)
{
	va_list args;

	if (cli->json)
		return;
	fflush(stdout);
	va_start(args, id);
	print_line(stderr, cli->lang, id, args);
	va_end(args);
}

void(viz_print_to)(FILE *out, enum viz_lang lang, enum viz_msg id, ...)
{
	va_list args;

	va_start(args, id);
	print_line(out, lang, id, args);
	va_end(args);
}

void(viz_print_text)(char *out, size_t max, enum viz_lang lang, enum viz_msg id, ...)
{
	va_list args;

	va_start(args, id);
	viz_print_vtext(out, max, lang, id, args);
	va_end(args);
}

/* Each paragraph of a consent text is one line. */
static void print_indented(const char *text)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n"), blanks = strspn(text + n, "\n");
		char *line = malloc(n + 3);

		VIZ_REQUIRE(line != NULL);
		snprintf(line, n + 3, "  %.*s", (int)n, text);
		viz_wrap(stdout, line, viz_wrap_columns());
		free(line);
		text += n + blanks;
		if (*text != '\0')
			putchar('\n');
	}
}

void viz_print_aloud(const struct viz_cli *cli, enum viz_msg heading, const char *text)
{
	if (cli->json)
		return;
	printf("\n%s\n\n", viz_msg(cli->lang, heading));
	print_indented(text);
	putchar('\n');
}

void viz_print_under(const struct viz_cli *cli, enum viz_msg heading, const char *text)
{
	if (cli->json)
		return;
	printf("\n%s\n", viz_msg(cli->lang, heading));
	print_indented(text);
}

void viz_print_blank(const struct viz_cli *cli)
{
	if (!cli->json)
		putchar('\n');
}

int(viz_print_error)(const struct viz_cli *cli, int status, enum viz_code code, enum viz_msg id,
		     ...)
{
	char text[2048];
	va_list args;

	va_start(args, id);
	viz_print_vtext(text, sizeof text, cli->lang, id, args);
	va_end(args);
	return viz_print_fault(cli, status, code, text, NULL);
}

int viz_print_fault(const struct viz_cli *cli, int status, enum viz_code code, const char *text,
		    json_t *more)
{
	char *clean = cli->quiet ? NULL : strdup(text);
	json_t *error;

	if (clean != NULL)
		viz_encoding_clean(clean, true);
	if (clean != NULL && cli->error != NULL) {
		json_decref(*cli->error);
		*cli->error = json_pack("{s:s,s:s}", "code", viz_code_name(code), "message", clean);
	} else if (clean != NULL && cli->json) {
		error = json_pack("{s:s,s:s}", "code", viz_code_name(code), "message", clean);
		if (more != NULL)
			json_object_update(error, more);
		viz_print_json_new(json_pack("{s:o}", "error", error));
	} else if (clean != NULL) {
		fprintf(stderr, "%s\n", clean);
	}
	json_decref(more);
	free(clean);
	return status;
}

int viz_print_end(const struct viz_cli *cli, int status)
{
	const char *why;
	char text[512];

	errno = 0;
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return status;
	why = viz_host_speech_errno(errno != 0 ? errno : EIO);
	viz_print_text(text, sizeof text, cli->lang, VIZ_MSG_CANNOT, "stdout", why);
	if (cli->json)
		fprintf(stderr, "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}\n",
			viz_code_name(VIZ_CODE_NOT_WRITTEN), text);
	else
		fprintf(stderr, "%s\n", text);
	return status == VIZ_EXIT_OK ? VIZ_EXIT_FAILED : status;
}

json_t *viz_print_path(const char *path)
{
	char *clean = strdup(path);
	json_t *o;

	if (clean == NULL)
		return NULL;
	viz_encoding_clean(clean, false);
	o = json_string(clean);
	free(clean);
	return o;
}

void viz_print_json_new(json_t *value)
{
	viz_print_json(value);
	json_decref(value);
}

void viz_print_json(json_t *value)
{
	viz_names_add(value);
	json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
	putchar('\n');
}
