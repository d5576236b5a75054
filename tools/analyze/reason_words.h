/* A free text as words, with the sentences and clauses that they stand in. Used by reason.c. */
#ifndef VIZ_ANALYZE_REASON_WORDS_H
#define VIZ_ANALYZE_REASON_WORDS_H

#include "tools/analyze/limits_analyze.h"
#include "tools/analyze/reason_rules.h"

#define VIZ_REASON_WORDS_MAX 192 /* of a text; the rest is not read */
#define VIZ_REASON_STEMS_MAX 16  /* stems that fit one word */

#define VIZ_REASON_LETTERS 7 /* of a word that the model looks at */

struct viz_reason_word {
	char text[VIZ_REASON_LETTERS + 1]; /* its first letters; "0" for a number */
	uint16_t stem[VIZ_REASON_STEMS_MAX];
	uint8_t stems;
	bool negates, sem, yes, filler;
	bool link;
	uint8_t group; /* of reason_rules.h, 0 for none */
	bool asked;    /* its clause ends with a question mark */
	uint16_t clause, sentence;
};

struct viz_reason_known {
	uint64_t hash;
	uint32_t len; /* 0: free */
	struct viz_reason_word word;
};

struct viz_reason_words {
	struct viz_reason_word w[VIZ_REASON_WORDS_MAX];
	size_t n;
	/* texts differ, but their words repeat */
	struct viz_reason_known known[VIZ_ANALYZE_WORDS_CACHE];
};

/* Splits `text` and looks its words up. A comma, a semicolon or a bracket ends a clause; a full
 * stop (unless the word before it is an abbreviation), a question mark, a line or the number of an
 * item ("2)") ends a sentence too. */
void viz_reason_words_read(struct viz_reason_words *words, const struct viz_rules *rules,
			   const char *text, size_t len);

#endif
