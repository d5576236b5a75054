/* The fields of requests: one table for each operation. The check of a request, the getters of the
 * operations and CONTROL.md go by it (tests/lint/control.py). */
#ifndef VIZ_NODE_CONTROL_FIELD_H
#define VIZ_NODE_CONTROL_FIELD_H

#include <jansson.h>

#include "proto/base.h"

struct viz_request;

enum viz_field_kind {
	VIZ_FIELD_TEXT,   /* min to max bytes of UTF-8, without control characters */
	VIZ_FIELD_FREE,   /* likewise; it leaves this node, or outlives the person's data here: what
			   * looks like a telephone, an e-mail, a CPF or a CNPJ is refused */
	VIZ_FIELD_READ,   /* a text that was read aloud, with its line ends */
	VIZ_FIELD_NUMBER, /* a whole one from min to max */
	VIZ_FIELD_FLAG,   /* true or false */
	VIZ_FIELD_BYTES,  /* min to max of them, in hexadecimal */
	VIZ_FIELD_TIME,   /* RFC 3339 */
	VIZ_FIELD_CHOICE, /* one of `choices` */
	VIZ_FIELD_OBJECT, /* of the fields `of` */
	VIZ_FIELD_LIST,   /* at most max entries, each like the one field `of` */
	VIZ_FIELD_RANGE,  /* [from, to], both from min to max */
};

/* A table ends with {0}. */
struct viz_field {
	const char *name;
	enum viz_field_kind kind;
	bool needed;
	int64_t min, max;
	const char *choices; /* "yes|analysis|no" */
	const struct viz_field *of;
};

/* Whether `args` (NULL: none) has these fields alone, each of its kind, and all that are needed. An
 * error names the field: code, message and field of the request are set. */
int viz_field_check(struct viz_request *req, const struct viz_field *fields, const json_t *args);

/* The word of a kind, for CONTROL.md. */
const char *viz_field_kind_name(enum viz_field_kind kind);

/* ---- fields of a request that was checked; `o` may be NULL ---- */

/* "" when it is absent. Borrowed from `o`. */
const char *viz_field_text(const json_t *o, const char *name);

int64_t viz_field_number(const json_t *o, const char *name, int64_t otherwise);

bool viz_field_flag(const json_t *o, const char *name, bool otherwise);

struct viz_time viz_field_time(const json_t *o, const char *name, struct viz_time otherwise);

/* The caller frees it. NULL when it is absent. */
uint8_t *viz_field_bytes(size_t *len, const json_t *o, const char *name);

#endif
