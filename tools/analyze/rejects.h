/* The rejects file: which rows and values could not be read, and why. Line, column and reason;
 * never a value, so that the file can be mailed to whoever mends the export.
 *
 *   file;line;column;reason;lost
 *
 * `column` is the header's name where it is a known one, else its number; `lost` is "row" when the
 * cancellation was not counted, "value" when only that value was not. The file comes into being
 * with its first line. */
#ifndef VIZ_ANALYZE_REJECTS_H
#define VIZ_ANALYZE_REJECTS_H

#include "proto/base.h"

enum viz_reject {
	VIZ_REJECT_TOO_LONG,
	VIZ_REJECT_TOO_MANY_COLUMNS,
	VIZ_REJECT_TOO_FEW_COLUMNS,
	VIZ_REJECT_DATE,
	VIZ_REJECT_DATE_FUTURE,
	VIZ_REJECT_DATE_OLD,
	/* from here on only the value is lost */
	VIZ_REJECT_MONEY,
	VIZ_REJECT_MONEY_RANGE,
	VIZ_REJECT_DOCUMENT,
	VIZ_REJECT_CEP,
	VIZ_REJECT_CEP_UNKNOWN,
	VIZ_REJECT_IBGE,
	VIZ_REJECT_UF,
	VIZ_REJECT_CITY,
	VIZ_REJECT_CITY_AMBIGUOUS,
	VIZ_REJECT_COORDINATE,
	VIZ_REJECT_ABROAD,
	VIZ_REJECT_PLACE,
	VIZ_REJECT_CONTRADICTION,
};
#define VIZ_REJECT_KINDS 19

struct viz_rejects {
	char *path; /* owned; NULL: no file is wanted */
	FILE *out;
	bool failed; /* the file could not be written */
	uint64_t listed;
	uint64_t count[VIZ_REJECT_KINDS];
};

/* "bad-date", ...: the words in the file and in JSON. */
const char *viz_rejects_name(enum viz_reject kind);
bool viz_rejects_lose_row(enum viz_reject kind);

/* `path` may be NULL. VIZ_ERR_NOMEM. */
int viz_rejects_open(struct viz_rejects *r, const char *path);
void viz_rejects_add(struct viz_rejects *r, enum viz_reject kind, const char *file, uint64_t line,
		     const char *column);
/* VIZ_ERR_INPUT when something could not be written. */
int viz_rejects_close(struct viz_rejects *r);

#endif
