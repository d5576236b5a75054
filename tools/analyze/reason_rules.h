/* The compiled form of reasons.tsv: a trie of stems and rules over them. Used by reason.c alone. */
#ifndef VIZ_ANALYZE_REASON_RULES_H
#define VIZ_ANALYZE_REASON_RULES_H

#include "tools/analyze/reason.h"

/* The file, embedded by the build. */
extern const char viz_reasons_tsv[];
extern const size_t viz_reasons_tsv_len;

#define VIZ_RULE_ALT_WORDS 4
#define VIZ_RULE_LETTERS   36 /* a to z, 0 to 9 */

/* What a rule says beside the reasons. reasons.tsv explains each. */
enum viz_rule_kind {
	VIZ_RULE_NOTHING = VIZ_REASONS,
	VIZ_RULE_OFFER,
	VIZ_RULE_ASIDE,
	VIZ_RULE_RESUME,
	VIZ_RULE_STRESS,
	VIZ_RULE_STAYS,
};
#define VIZ_RULE_KINDS (VIZ_RULE_STAYS + 1)

struct viz_rule_alt {
	uint16_t stem[VIZ_RULE_ALT_WORDS];
	uint8_t n;
};

#define VIZ_RULE_STEMS_MAX 4096

struct viz_rule_element {
	uint16_t first, n;                        /* alternatives of several words */
	bool tight;                               /* next to the element before it */
	uint64_t single[VIZ_RULE_STEMS_MAX / 64]; /* stems that are alternatives by themselves */
};

struct viz_rule {
	uint8_t kind, weight; /* kind: a viz_reason or a viz_rule_kind */
	uint16_t first, n;    /* elements */
};

struct viz_rule_list {
	uint16_t first, n;
};

struct viz_rule_node {
	uint16_t next[VIZ_RULE_LETTERS];
	uint16_t exact, prefix;      /* a stem's number + 1 */
	uint8_t group, group_prefix; /* a group's number + 1 */
	bool filler, abbrev, link;
};

#define VIZ_RULE_GROUPS_MAX    64
#define VIZ_RULE_GROUP_LETTERS 4

struct viz_rules {
	struct viz_rule_node *node;
	struct viz_rule_alt *alt;
	struct viz_rule_element *element;
	struct viz_rule *rule;
	uint16_t *list;                /* rule numbers, for by_stem */
	struct viz_rule_list *by_stem; /* rules that may begin with that stem */
	size_t nodes, alts, elements, rules, stems;
	char group[VIZ_RULE_GROUPS_MAX][VIZ_RULE_GROUP_LETTERS + 1]; /* names of groups of words */
	size_t groups;
	uint16_t unknown; /* the number + 1 of the stem "~": a word that no rule knows */
};

int viz_reason_rules_compile(struct viz_rules *rules, size_t *line, const char *text, size_t len);
void viz_reason_rules_free(struct viz_rules *rules);

/* The stems that match a folded word, at most `max`, and whether it is a filler. */
size_t viz_reason_rules_stems(const struct viz_rules *rules, uint16_t *stem, size_t max,
			      bool *filler, const char *word, size_t len);

/* What the model sees in a folded word: its group's number + 1, 0 when it is in none, and whether
 * it only links others. */
unsigned viz_reason_rules_group(const struct viz_rules *rules, bool *link, const char *word,
				size_t len);

/* Whether a full stop after this folded word only shortens it. */
bool viz_reason_rules_abbrev(const struct viz_rules *rules, const char *word, size_t len);

/* The same as viz_reason_rules_stems() for a word that matches none: the stems that match with one
 * typing error. */
size_t viz_reason_rules_stems_near(const struct viz_rules *rules, uint16_t *stem, size_t max,
				   bool *filler, const char *word, size_t len);

#endif
