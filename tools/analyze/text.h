/* The texts of the report. They stand in texts.TAG.tsv. */
#ifndef VIZ_ANALYZE_TEXT_H
#define VIZ_ANALYZE_TEXT_H

#include "node/host/lang.h"
#include "tools/analyze/texts.h"

#define VIZ_TEXT_FILLED_MAX 2048
/* One finished text; its bytes live as long as the struct. */
struct viz_text_filled {
	char s[VIZ_TEXT_FILLED_MAX];
};

const char *viz_text(enum viz_lang lang, enum viz_text text);
/* The text with {1}, {2} ... replaced by `args` (NULL-terminated list of strings, may be NULL), and
 * {1?one:many} by "one" where the first is "1", else by "many". Points into `out`. */
const char *viz_text_fill(struct viz_text_filled *out, enum viz_lang lang, enum viz_text text,
			  const char *const *args);

#endif
