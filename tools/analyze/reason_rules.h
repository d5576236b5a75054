/* The compiled form of reasons.tsv: a trie of stems and rules over them. Used by reason.c alone. */
#ifndef VIZ_ANALYZE_REASON_RULES_H
#define VIZ_ANALYZE_REASON_RULES_H

#include "tools/analyze/reason.h"

/* The file, embedded by the build. */
extern const char viz_reasons_tsv[];
extern const size_t viz_reasons_tsv_len;

#define VIZ_RULE_ALT_WORDS 4
#define VIZ_RULE_LETTERS   36 /* a to z, 0 to 9 */

struct viz_rule_alt {
	uint16_t stem[VIZ_RULE_ALT_WORDS];
	uint8_t n;
};

#define VIZ_RULE_STEMS_MAX 2048

struct viz_rule_element {
	uint16_t first, n;                        /* alternatives of several words */
	uint64_t single[VIZ_RULE_STEMS_MAX / 64]; /* stems that are alternatives by themselves */
};

struct viz_rule {
	uint8_t reason, weight;
	uint16_t first, n; /* elements */
};

struct viz_rule_list {
	uint16_t first, n;
};

struct viz_rule_node {
	uint16_t next[VIZ_RULE_LETTERS];
	uint16_t exact, prefix; /* a stem's number + 1 */
	bool filler;
};

struct viz_rules {
	struct viz_rule_node *node;
	struct viz_rule_alt *alt;
	struct viz_rule_element *element;
	struct viz_rule *rule;
	uint16_t *list;                /* rule numbers, for by_stem */
	struct viz_rule_list *by_stem; /* rules that may begin with that stem */
	size_t nodes, alts, elements, rules, stems;
};

int viz_reason_rules_compile(struct viz_rules *rules, size_t *line, const char *text, size_t len);
void viz_reason_rules_free(struct viz_rules *rules);

/* The stems that match a folded word, at most `max`, and whether it is a filler. */
size_t viz_reason_rules_stems(const struct viz_rules *rules, uint16_t *stem, size_t max,
			      bool *filler, const char *word, size_t len);

/* The same for a word that matches none: the stems that match with one typing error. */
size_t viz_reason_rules_stems_near(const struct viz_rules *rules, uint16_t *stem, size_t max,
				   bool *filler, const char *word, size_t len);

#endif
