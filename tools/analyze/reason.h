/* Why a customer left, from free text. Rules and weights are data: reasons.tsv explains the rules,
 * learn_reasons.py the weights. */
#ifndef VIZ_ANALYZE_REASON_H
#define VIZ_ANALYZE_REASON_H

#include "proto/base.h"

enum viz_reason {
	VIZ_REASON_MOVE,
	VIZ_REASON_PRICE,
	VIZ_REASON_QUALITY,
	VIZ_REASON_NONPAYMENT,
	VIZ_REASON_COMPETITION,
	VIZ_REASON_CLOSURE,
	VIZ_REASON_OTHER,
	VIZ_REASON_NONE, /* no reason was given, or the text means nothing */
};
#define VIZ_REASONS 8

/* "move", "price", ...: JSON keys and the names in reasons.tsv. */
const char *viz_reason_name(enum viz_reason reason);

struct viz_reasons; /* the compiled rules, and the classes of recent texts */

/* Compiles the built-in rules. The caller frees. VIZ_ERR_NOMEM. */
int viz_reason_new(struct viz_reasons **reasons);
/* Compiles `rules` of `len` bytes, without the model. VIZ_ERR_INPUT, with the line in *line, when
 * they are not valid. */
int viz_reason_parse(struct viz_reasons **reasons, size_t *line, const char *rules, size_t len);
void viz_reason_free(struct viz_reasons *reasons);

/* The class of a text as the file has it. Remembers recent texts by their bytes. */
enum viz_reason viz_reason_of(struct viz_reasons *reasons, const char *text, size_t len);

/* Whether a rule finds a reason in a text: for where a guess would not do. */
bool viz_reason_by_rule(struct viz_reasons *reasons, const char *text, size_t len);

/* The class of a row: the choice of a list (or a short text) and the free note beside it. A short
 * note in clear words decides by the rules; else the words of both and what the rules found in them
 * weigh together. Either may be empty. */
enum viz_reason viz_reason_of_row(struct viz_reasons *reasons, const char *choice,
				  size_t choice_len, const char *note, size_t note_len);

#endif
