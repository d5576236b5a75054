/* What is not well at a node, and how it stands with others, in words: of the objects `problem`,
 * `check`, `neighbour` and `member` of node/CONTROL.md. The command and the pages say the same. */
#ifndef VIZ_TOOLS_HEALTH_WORDS_H
#define VIZ_TOOLS_HEALTH_WORDS_H

#include <jansson.h>

#include "node/host/lang.h"

#define VIZ_HEALTH_WORDS_MAX 1024 /* bytes, with the final NUL */

/* A problem, or a check that found something, as a sentence: without its `since` and `remedy`. */
void viz_health_words_problem(char out[VIZ_HEALTH_WORDS_MAX], enum viz_lang lang,
			      const json_t *problem);
/* Why there is no link, of `unlinked_reason`; "" when it does not say. */
void viz_health_words_unlinked(char out[VIZ_HEALTH_WORDS_MAX], enum viz_lang lang,
			       const json_t *neighbour);
/* What was checked, short. A code of a later node is shown as it is. */
const char *viz_health_words_check(enum viz_lang lang, const char *code);

/* How things stand with a peer. `when`: the time of viz_health_words_standing_time, in words. */
void viz_health_words_standing(char *out, size_t max, enum viz_lang lang, const json_t *peer,
			       const char *when);
/* The time that belongs to it; NULL: there is none. Borrowed. */
const json_t *viz_health_words_standing_time(const json_t *peer);
/* Whether there is a text for this word of `standing`. */
bool viz_health_words_knows(const char *standing);
/* The text of a standing without a time. */
const char *viz_health_words_state(enum viz_lang lang, const char *standing);

#endif
