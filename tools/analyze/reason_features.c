#include "tools/analyze/reason_features.h"

#include <stdio.h>

#define STEM    4 /* letters */
#define NEGATES 3 /* words after a "não" */
#define NEAR    6 /* words between two groups of a pair, and the second */

/* A word as its neighbours see it. */
struct stem {
	char text[STEM + 3];
};

/* Millions of names are made: this is faster than snprintf(). */
static char *put(char *at, const char *end, const char *text)
{
	while (*text && at < end)
		*at++ = *text++;
	return at;
}

static void add(struct viz_reason_features *f, char kind, const char *a, const char *join,
		const char *b)
{
	char *at = f->name[f->n], *end = at + VIZ_REASON_FEATURE_LEN - 1;

	VIZ_REQUIRE(f->n < VIZ_REASON_FEATURES_MAX);
	f->n++;
	*at++ = kind;
	*at++ = ':';
	at = put(at, end, a);
	at = put(at, end, join);
	*put(at, end, b) = 0;
}

/* A kind of rule as a letter, with `more` behind it. */
static void add_rule(struct viz_reason_features *f, char kind, unsigned rule, const char *more)
{
	const char text[2] = {(char)('a' + rule), 0};

	add(f, kind, text, "", more);
}

static void add_weighed(struct viz_reason_features *f, char kind, unsigned rule, unsigned weight)
{
	char more[4];

	snprintf(more, sizeof more, "%u", weight % 100);
	add_rule(f, kind, rule, "");
	add_rule(f, kind, rule, more);
}

static struct stem stem_of(const struct viz_reason_word *w, bool muted)
{
	struct stem s;
	char *at = put(s.text, s.text + 1, muted ? "~" : "");

	*put(at, at + STEM, w->text) = 0;
	return s;
}

void viz_reason_features_choice(struct viz_reason_features *f,
				const struct viz_reason_words *choice)
{
	f->n = 0;
	for (size_t i = 0; i < choice->n; i++)
		add(f, 'c', stem_of(&choice->w[i], false).text, "", "");
}

static void add_words(struct viz_reason_features *f, const struct viz_reason_text *note)
{
	const struct viz_reason_words *words = &note->words;
	struct stem before = {"^"}, at;

	for (size_t i = 0; i < words->n; i++) {
		const struct viz_reason_word *w = &words->w[i];

		if (i > 0 && w->clause != w[-1].clause) {
			add(f, 'b', before.text, "_", "|");
			before = (struct stem){"|"};
		}
		at = stem_of(w, note->muted[i]);
		if (strlen(w->text) > STEM)
			add(f, 'f', w->text, "", "");
		add(f, 'w', at.text, "", "");
		add(f, 'b', before.text, "_", at.text);
		before = at;
	}
	add(f, 'b', before.text, "_", "$");
}

/* A word as its group, or its first letters, behind `sign`. */
static struct stem grouped(const struct viz_rules *rules, const struct viz_reason_word *w,
			   const char *sign)
{
	struct stem s;
	char *at = put(s.text, s.text + 1, sign);

	at = put(at, at + 1, w->group ? "@" : "");
	*put(at, at + STEM, w->group ? rules->group[w->group - 1] : w->text) = 0;
	return s;
}

/* Pairs of groups that stand near each other in a sentence, in any clause of it. */
static void add_near(struct viz_reason_features *f, const struct viz_rules *rules,
		     const struct viz_reason_words *words, size_t i, const char *text)
{
	for (size_t k = i;
	     k-- > 0 && i - k <= NEAR && words->w[k].sentence == words->w[i].sentence;)
		if (words->w[k].group)
			add(f, 'k', rules->group[words->w[k].group - 1], "_", text);
}

/* Pairs of the words that do more than link others. */
static void add_pairs(struct viz_reason_features *f, const struct viz_rules *rules,
		      const struct viz_reason_text *note)
{
	const struct viz_reason_words *words = &note->words;
	struct stem before = {"^"}, at;
	size_t negated = 0;

	for (size_t i = 0; i < words->n; i++) {
		const struct viz_reason_word *w = &words->w[i];

		if (i > 0 && w->clause != w[-1].clause) {
			before = (struct stem){"|"};
			negated = 0;
		}
		if (w->link)
			continue;
		at = grouped(rules, w, note->muted[i] ? "~" : i < negated ? "!" : "");
		if (w->negates || w->sem)
			negated = i + NEGATES + 1;
		add(f, 'p', before.text, "_", at.text);
		if (w->group)
			add_near(f, rules, words, i, at.text);
		before = at;
	}
}

void viz_reason_features_note(struct viz_reason_features *f, const struct viz_rules *rules,
			      const struct viz_reason_text *note, struct viz_reason_said said,
			      struct viz_reason_said listed)
{
	add_words(f, note);
	add_pairs(f, rules, note);
	f->words = f->n;
	add_rule(f, 'l', listed.reason, "");
	add_weighed(f, 's', said.reason, said.weight);
	add_rule(f, 's', said.reason, (const char[3]){'/', (char)('a' + listed.reason), 0});
	for (unsigned kind = 0; kind < VIZ_RULE_KINDS; kind++)
		if (kind != VIZ_RULE_NOTHING && note->strongest[kind])
			add_weighed(f, 'h', kind, note->strongest[kind]);
}
