/* The rules over the words of one text, and what follows from them. Used by reason.c. */
#ifndef VIZ_ANALYZE_REASON_MATCH_H
#define VIZ_ANALYZE_REASON_MATCH_H

#include "tools/analyze/reason_words.h"

#define VIZ_REASON_MATCHES_MAX 512 /* in a text; more are not looked at */

struct viz_reason_found {
	uint8_t kind, weight;
	uint8_t counts;       /* its weight in its place, 0 when something undoes it */
	uint16_t first, last; /* words */
	uint64_t words;       /* which of them fit the pattern, from `first` on */
};

struct viz_reason_text {
	struct viz_reason_words words;
	struct viz_reason_found found[VIZ_REASON_MATCHES_MAX];
	size_t n;
	bool muted[VIZ_REASON_WORDS_MAX]; /* said by the agent, or beside the point */
	uint8_t bonus[VIZ_REASON_WORDS_MAX];
	uint8_t strongest[VIZ_RULE_KINDS]; /* the greatest weight of each kind that counts */
};

struct viz_reason_said {
	enum viz_reason reason;
	uint8_t weight;
};

/* What the words of `text` say. The rest of `text` is written. */
struct viz_reason_said viz_reason_match(struct viz_reason_text *text,
					const struct viz_rules *rules);

#endif
