/* Files that a command reads. Errors name the file, the line, the column and what was expected. The
 * text may be personal data, so it is wiped. */
#ifndef VIZ_TOOLS_VIZINHO_INPUT_H
#define VIZ_TOOLS_VIZINHO_INPUT_H

#include <jansson.h>

#include "tools/vizinho/command.h"

#define VIZ_INPUT_MAX 65536 /* bytes */

struct viz_input {
	const struct viz_cli *cli;
	const char *name; /* of the file (borrowed), or "stdin" */
	char *text;       /* owned, with a final NUL */
	size_t len;
	json_t *root; /* owned; NULL after viz_input_text */
};

/* `path`: a file, or "-" or NULL for standard input. VIZ_EXIT_FAILED, with the error printed. */
int viz_input_text(struct viz_input *in, const struct viz_cli *cli, const char *path);
/* The same, and it must be text, and not empty. */
int viz_input_file(struct viz_input *in, const struct viz_cli *cli, const char *path);
/* Likewise, and it must be one JSON object. */
int viz_input_json(struct viz_input *in, const struct viz_cli *cli, const char *path);
void viz_input_free(struct viz_input *in);

/* What a key of an object must be. */
enum viz_input_kind {
	VIZ_INPUT_TEXT,
	VIZ_INPUT_NUMBER, /* a whole one */
	VIZ_INPUT_FLAG,
	VIZ_INPUT_OBJECT,
	VIZ_INPUT_TEXTS, /* an array of texts */
};

struct viz_input_key {
	const char *name; /* NULL ends the table */
	enum viz_input_kind kind;
	bool needed;
};

/* Whether the object has only these keys, each of its kind, and all that are needed. `where` names
 * the object in errors ("", "contact"). VIZ_EXIT_FAILED, with the error printed. */
int viz_input_check(const struct viz_input *in, const json_t *object, const char *where,
		    const struct viz_input_key *keys);
/* "FILE:LINE:COLUMN: KEY: expected ..." Returns VIZ_EXIT_FAILED. */
int viz_input_wrong(const struct viz_input *in, const char *key, const char *expected);

#endif
