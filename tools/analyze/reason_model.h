/* How much each feature of a row speaks for each reason: reason_weights.tsv, which learn_reasons.py
 * makes. Used by reason.c. */
#ifndef VIZ_ANALYZE_REASON_MODEL_H
#define VIZ_ANALYZE_REASON_MODEL_H

#include "tools/analyze/reason_features.h"

#define VIZ_REASON_WEIGHTS_MAX 32768 /* lines of the file */

struct viz_reason_weight {
	uint64_t hash; /* of the feature's name; 0: free */
	int16_t of[VIZ_REASONS];
};

struct viz_reason_model {
	struct viz_reason_weight *slot; /* a hash table; NULL for an empty model */
	size_t n;
};

/* The file, embedded by the build. */
extern const char viz_reason_weights_tsv[];
extern const size_t viz_reason_weights_tsv_len;

/* Parses lines "feature TAB a3c-12": 3 for the first reason, -12 for the third. VIZ_ERR_INPUT, with
 * the line in *line. */
int viz_reason_model_parse(struct viz_reason_model *model, size_t *line, const char *text,
			   size_t len);
void viz_reason_model_free(struct viz_reason_model *model);

/* The reason for which the features speak most; `unknown` where the model knows no word of them, or
 * where that reason is not by `lead` before the next one. */
enum viz_reason viz_reason_model_of(const struct viz_reason_model *model,
				    const struct viz_reason_features *features,
				    enum viz_reason unknown, double lead);

#endif
