/* What single words speak for, in texts on which no rule speaks: reason_hints.tsv, which
 * learn_hints.py makes. Used by reason.c. */
#ifndef VIZ_ANALYZE_REASON_HINTS_H
#define VIZ_ANALYZE_REASON_HINTS_H

#include "tools/analyze/reason.h"

#define VIZ_REASON_HINT_LETTERS 5    /* of a word that are looked at */
#define VIZ_REASON_HINTS_MAX    4096 /* lines of the file */
#define VIZ_REASON_HINT_WORDS   64   /* different words of a text; the rest is not read */

struct viz_reason_hint {
	char word[VIZ_REASON_HINT_LETTERS + 1];
	int16_t weight[VIZ_REASONS];
};

struct viz_reason_hints {
	struct viz_reason_hint *hint; /* by word */
	size_t n;
};

/* The file, embedded by the build. */
extern const char viz_reason_hints_tsv[];
extern const size_t viz_reason_hints_tsv_len;

/* Parses lines in the order of their words. VIZ_ERR_INPUT, with the line in *line. */
int viz_reason_hints_parse(struct viz_reason_hints *hints, size_t *line, const char *text,
			   size_t len);
void viz_reason_hints_free(struct viz_reason_hints *hints);

/* The reason that the words of both texts together speak for; VIZ_REASON_OTHER when they know too
 * few of the words, or for a move when they are not sure. */
enum viz_reason viz_reason_hints_of(const struct viz_reason_hints *hints, const char *choice,
				    size_t choice_len, const char *note, size_t note_len);

#endif
