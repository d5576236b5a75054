#include "tools/vizinho/input.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/host/speech.h"
#include "node/host/spelling.h"
#include "tools/vizinho/print.h"

/* An error with its place as members: the file, the line and column (0: none), the key (NULL:
 * none).
 */
static int fault(const struct viz_input *in, int line, int column, const char *key, enum viz_msg id,
		 ...)
{
	json_t *more = json_pack("{s:o}", "file", viz_print_path(in->name));
	char text[2048];
	va_list args;

	va_start(args, id);
	viz_print_vtext(text, sizeof text, in->cli->lang, id, args);
	va_end(args);
	if (line > 0)
		json_object_set_new(more, "line", json_integer(line));
	if (column > 0)
		json_object_set_new(more, "column", json_integer(column));
	if (key != NULL)
		json_object_set_new(more, "field", json_string(key));
	return viz_print_fault(in->cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, text, more);
}

static int cannot(const struct viz_input *in, int error)
{
	return fault(in, 0, 0, NULL, VIZ_MSG_CANNOT, in->name, viz_host_speech_errno(error));
}

static int read_all(struct viz_input *in, int fd)
{
	while (in->len <= VIZ_INPUT_MAX) {
		ssize_t n = read(fd, in->text + in->len, VIZ_INPUT_MAX + 1 - in->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return cannot(in, errno);
		if (n == 0) {
			in->text[in->len] = '\0';
			return VIZ_EXIT_OK;
		}
		in->len += (size_t)n;
	}
	return cannot(in, EFBIG);
}

int viz_input_text(struct viz_input *in, const struct viz_cli *cli, const char *path)
{
	bool from_stdin = path == NULL || strcmp(path, "-") == 0;
	int fd, status;

	*in = (struct viz_input){
	    .cli = cli, .name = from_stdin ? viz_msg(cli->lang, VIZ_MSG_FILE_STDIN) : path};
	fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return cannot(in, errno);
	in->text = malloc(VIZ_INPUT_MAX + 2);
	status = in->text != NULL ? read_all(in, fd) : cannot(in, ENOMEM);
	if (!from_stdin)
		close(fd);
	if (status != VIZ_EXIT_OK)
		viz_input_free(in);
	return status;
}

int viz_input_file(struct viz_input *in, const struct viz_cli *cli, const char *path)
{
	int status = viz_input_text(in, cli, path);

	if (status != VIZ_EXIT_OK)
		return status;
	if (in->text[strspn(in->text, " \t\r\n")] == '\0' && strlen(in->text) == in->len)
		status = fault(in, 0, 0, NULL, VIZ_MSG_CANNOT, in->name,
			       viz_msg(cli->lang, VIZ_MSG_FILE_EMPTY));
	else if (strlen(in->text) != in->len)
		status = fault(in, 0, 0, NULL, VIZ_MSG_CANNOT, in->name,
			       viz_msg(cli->lang, VIZ_MSG_FILE_BINARY));
	if (status != VIZ_EXIT_OK)
		viz_input_free(in);
	return status;
}

int viz_input_json(struct viz_input *in, const struct viz_cli *cli, const char *path)
{
	int status = viz_input_file(in, cli, path);
	json_error_t error;

	if (status != VIZ_EXIT_OK)
		return status;
	in->root = json_loadb(in->text, in->len, JSON_REJECT_DUPLICATES, &error);
	if (in->root == NULL) {
		/* The message of the library may quote personal data, so only line and column are
		 * printed. */
		status =
		    json_error_code(&error) == json_error_premature_end_of_input
			? fault(in, error.line, 0, NULL, VIZ_MSG_EARLY_JSON, in->name, error.line)
			: fault(in, error.line, error.column, NULL, VIZ_MSG_BAD_JSON, in->name,
				error.line, error.column);
	} else if (!json_is_object(in->root)) {
		status = fault(in, 1, 1, NULL, VIZ_MSG_BAD_JSON, in->name, 1, 1);
	}
	if (status != VIZ_EXIT_OK)
		viz_input_free(in);
	return status;
}

void viz_input_free(struct viz_input *in)
{
	json_decref(in->root);
	if (in->text != NULL)
		viz_secret_wipe(in->text, VIZ_INPUT_MAX + 2);
	free(in->text);
	in->text = NULL;
	in->root = NULL;
}

/* The line and the column of the key: where its name is first followed by a colon. */
static void locate(int *line, int *column, const struct viz_input *in, const char *key)
{
	char quoted[80];
	const char *at = in->text, *start;

	*line = *column = 1;
	if (snprintf(quoted, sizeof quoted, "\"%s\"", key) >= (int)sizeof quoted)
		return;
	while ((at = strstr(at, quoted)) != NULL) {
		const char *end = at + strlen(quoted);

		if (end[strspn(end, " \t\r\n")] == ':')
			break;
		at = end;
	}
	if (at == NULL)
		return;
	start = in->text;
	for (const char *p = in->text; p < at; p++) {
		if (*p == '\n') {
			++*line;
			start = p + 1;
		}
	}
	*column = (int)(at - start) + 1;
}

int viz_input_wrong(const struct viz_input *in, const char *key, const char *expected)
{
	int line, column;

	locate(&line, &column, in, key);
	return fault(in, line, column, key, VIZ_MSG_BAD_KEY, in->name, line, column, key, expected);
}

static bool all_texts(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!json_is_string(json_array_get(list, i)))
			return false;
	return json_is_array(list);
}

static bool is_kind(const json_t *value, enum viz_input_kind kind)
{
	switch (kind) {
	case VIZ_INPUT_TEXT:
		return json_is_string(value);
	case VIZ_INPUT_NUMBER:
		return json_is_integer(value);
	case VIZ_INPUT_FLAG:
		return json_is_boolean(value);
	case VIZ_INPUT_OBJECT:
		return json_is_object(value);
	case VIZ_INPUT_TEXTS:
		return all_texts(value);
	}
	return false;
}

static const char *expected_kind(const struct viz_input *in, enum viz_input_kind kind)
{
	static const enum viz_msg texts[] = {
	    [VIZ_INPUT_TEXT] = VIZ_MSG_KIND_TEXT,   [VIZ_INPUT_NUMBER] = VIZ_MSG_KIND_NUMBER,
	    [VIZ_INPUT_FLAG] = VIZ_MSG_KIND_FLAG,   [VIZ_INPUT_OBJECT] = VIZ_MSG_KIND_OBJECT,
	    [VIZ_INPUT_TEXTS] = VIZ_MSG_KIND_TEXTS,
	};

	return viz_msg(in->cli->lang, texts[kind]);
}

static const struct viz_input_key *known(const struct viz_input_key *keys, const char *name)
{
	for (const struct viz_input_key *k = keys; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static int unknown(const struct viz_input *in, const struct viz_input_key *keys, const char *name)
{
	struct viz_host_spelling s = viz_host_spelling_of(name);
	int line, column;

	for (const struct viz_input_key *k = keys; k->name != NULL; k++)
		viz_host_spelling_known(&s, k->name);
	locate(&line, &column, in, name);
	if (s.nearest != NULL)
		return fault(in, line, column, name, VIZ_MSG_UNKNOWN_KEY_NEAR, in->name, line,
			     column, name, s.nearest);
	return fault(in, line, column, name, VIZ_MSG_UNKNOWN_KEY, in->name, line, column, name);
}

int viz_input_check(const struct viz_input *in, const json_t *object, const char *where,
		    const struct viz_input_key *keys)
{
	/* The iterators of jansson want an object that is not const. */
	json_t *o = (json_t *)(uintptr_t)object;
	const char *name;
	json_t *value;

	json_object_foreach(o, name, value)
	{
		const struct viz_input_key *k = known(keys, name);

		if (k == NULL)
			return unknown(in, keys, name);
		if (!is_kind(value, k->kind))
			return viz_input_wrong(in, name, expected_kind(in, k->kind));
	}
	for (const struct viz_input_key *k = keys; k->name != NULL; k++)
		if (k->needed && json_object_get(object, k->name) == NULL)
			return fault(in, 0, 0, k->name, VIZ_MSG_MISSING_KEY, in->name, where,
				     where[0] != '\0' ? "." : "", k->name);
	return VIZ_EXIT_OK;
}
