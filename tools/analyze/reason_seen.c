/* For learn_reasons.py: reads lines "choice TAB note", and writes for each the features of words, a
 * tab, and those of the rules, with blanks between them. */
#include <stdio.h>

#include "tools/analyze/reason_features.h"
#include "tools/analyze/reason_rules.h"

static void show(const struct viz_reason_features *f)
{
	for (size_t i = 0; i < f->words; i++)
		printf("%s%s", i ? " " : "", f->name[i]);
	for (size_t i = f->words; i < f->n; i++)
		printf("%c%s", i == f->words ? '\t' : ' ', f->name[i]);
	putchar('\n');
}

static struct viz_reason_said read_text(struct viz_reason_text *text, const struct viz_rules *rules,
					const char *from, size_t len)
{
	viz_reason_words_read(&text->words, rules, from, len);
	return viz_reason_match(text, rules);
}

int main(void)
{
	static struct viz_rules rules;
	static struct viz_reason_text text;
	static struct viz_reason_features features;
	static char line[8192];
	size_t at = 0;

	if (viz_reason_rules_compile(&rules, &at, viz_reasons_tsv, viz_reasons_tsv_len) < 0)
		return 1;
	while (fgets(line, sizeof line, stdin)) {
		size_t len = strcspn(line, "\n"), choice = strcspn(line, "\t\n");
		struct viz_reason_said listed, told;

		if (choice == len)
			return 1;
		listed = read_text(&text, &rules, line, choice);
		viz_reason_features_choice(&features, &text.words);
		told = read_text(&text, &rules, line + choice + 1, len - choice - 1);
		viz_reason_features_note(&features, &rules, &text, told, listed);
		show(&features);
	}
	viz_reason_rules_free(&rules);
	return 0;
}
