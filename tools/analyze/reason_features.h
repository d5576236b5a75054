/* What a row says, as names that the model weighs: its words, and what the rules found in them. */
#ifndef VIZ_ANALYZE_REASON_FEATURES_H
#define VIZ_ANALYZE_REASON_FEATURES_H

#include "tools/analyze/reason_match.h"

#define VIZ_REASON_FEATURES_MAX 2600 /* a choice and a note of VIZ_REASON_WORDS_MAX words each */
#define VIZ_REASON_FEATURE_LEN  16

struct viz_reason_features {
	char name[VIZ_REASON_FEATURES_MAX][VIZ_REASON_FEATURE_LEN];
	size_t words, n; /* the first `words` come from words, the others from rules */
};

/* Begins with the words of the choice of a list, which may be none: "c:inad" (four letters). */
void viz_reason_features_choice(struct viz_reason_features *features,
				const struct viz_reason_words *choice);

/* Adds what the note says, and the rules in it. For each word "f:mudando" (seven letters), "w:muda"
 * (four; "w:~muda" when the agent said it) and "b:muda_de" for two neighbours, where ^ and $ are
 * the ends of the note and | the end of a clause. Then pairs of the words that do more than link
 * others
 * ("link" and "group" in reasons.tsv): a word is its group, as in "@kin", or its four letters,
 * behind ~ when the agent said it and behind ! after a "nao": "p:@live_@kin". And of each group
 * with those a few words before it: "k:live_@kin". For the rules "s:0"
 * (what they say), "s:0 9" (with which weight), "s:0/3" (beside what they say of the choice), and
 * "h:0" and "h:0 9" for each kind of rule that counts. */
void viz_reason_features_note(struct viz_reason_features *features, const struct viz_rules *rules,
			      const struct viz_reason_text *note, struct viz_reason_said said,
			      struct viz_reason_said listed);

#endif
