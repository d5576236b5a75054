#include "tools/analyze/reason.h"
#include "tools/analyze/hash64.h"
#include "tools/text/fold.h"
#include "tools/analyze/limits_analyze.h"
#include "tools/analyze/reason_rules.h"

#define WORDS_MAX 192 /* of a text; the rest is not read */
#define STEMS_MAX 12  /* stems that fit one word */
#define GAP       2   /* words that may stand between two of a pattern */

/* One text, as words. */
struct word {
	uint16_t stem[STEMS_MAX];
	uint8_t stems;
	bool negates, sem, filler;
	uint16_t clause;
};

struct words {
	struct word w[WORDS_MAX];
	size_t n;
};

struct cached {
	uint64_t hash;
	uint32_t len;
	uint8_t reason, used;
};

struct known_word {
	uint64_t hash;
	uint32_t len; /* 0: free */
	struct word word;
};

struct viz_reasons {
	struct viz_rules rules;
	struct known_word known[VIZ_ANALYZE_WORDS_CACHE];
	struct words words; /* of the text at hand: too large for a stack frame */
	struct cached cache[VIZ_ANALYZE_CACHE_SLOTS];
};

static void learn_word(const struct viz_rules *rules, struct word *w, const char *text, size_t len)
{
	static const char *const negations[] = {"nao", "n", "nunca", "nem"};
	bool digits = text[0] >= '0' && text[0] <= '9';

	w->stems =
	    (uint8_t)viz_reason_rules_stems(rules, w->stem, STEMS_MAX, &w->filler, text, len);
	if (w->stems == 0 && !w->filler && !digits)
		w->stems = (uint8_t)viz_reason_rules_stems_near(rules, w->stem, STEMS_MAX,
								&w->filler, text, len);
	w->negates = false;
	for (size_t i = 0; i < sizeof negations / sizeof *negations; i++)
		w->negates |= strlen(negations[i]) == len && memcmp(negations[i], text, len) == 0;
	w->sem = len == 3 && memcmp(text, "sem", 3) == 0;
	if (len == 1 && text[0] != 'n')
		w->filler = true;
	if (digits)
		w->filler = w->stems == 0;
}

/* Texts differ, but their words repeat. */
static void add_word(struct viz_reasons *r, const char *text, size_t len, uint16_t clause)
{
	uint64_t hash = viz_hash64(text, len);
	struct known_word *known = &r->known[hash % VIZ_ANALYZE_WORDS_CACHE];

	if (r->words.n == WORDS_MAX)
		return;
	if (known->hash != hash || known->len != len) {
		known->hash = hash;
		known->len = (uint32_t)len;
		learn_word(&r->rules, &known->word, text, len);
	}
	r->words.w[r->words.n] = known->word;
	r->words.w[r->words.n++].clause = clause;
}

static void add_clause(struct viz_reasons *r, const char *text, size_t len, uint16_t clause)
{
	char folded[VIZ_ANALYZE_TEXT_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, text, len);

	for (size_t i = 0; i < n;) {
		const char *blank = memchr(folded + i, ' ', n - i);
		size_t end = blank ? (size_t)(blank - folded) : n;

		add_word(r, folded + i, end - i, clause);
		i = end + 1;
	}
}

/* A "não" negates only up to the next punctuation, so the text is split before folding drops it. */
static void split(struct viz_reasons *r, const char *text, size_t len)
{
	size_t from = 0;
	uint16_t clause = 0;

	r->words.n = 0;
	if (len > VIZ_ANALYZE_TEXT_MAX)
		len = VIZ_ANALYZE_TEXT_MAX;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && !memchr(",;.:!?()\n", text[i], 9))
			continue;
		if (i > from)
			add_clause(r, text + from, i - from, clause++);
		from = i + 1;
	}
}

static bool has_stem(const struct word *w, uint16_t stem)
{
	for (unsigned i = 0; i < w->stems; i++)
		if (w->stem[i] == stem)
			return true;
	return false;
}

/* The number of words that one alternative matches at `at`, 0 for none. */
static size_t alternative_at(const struct words *words, const struct viz_rule_alt *alt, size_t at)
{
	if (at + alt->n > words->n)
		return 0;
	for (size_t i = 0; i < alt->n; i++)
		if (!has_stem(&words->w[at + i], alt->stem[i]))
			return 0;
	return alt->n;
}

static size_t element_at(const struct viz_rules *rules, const struct words *words,
			 const struct viz_rule_element *element, size_t at)
{
	const struct word *w = &words->w[at];

	for (unsigned i = 0; i < w->stems; i++)
		if ((element->single[w->stem[i] / 64] >> (w->stem[i] % 64)) & 1)
			return 1;
	for (size_t i = 0; i < element->n; i++) {
		size_t n = alternative_at(words, &rules->alt[element->first + i], at);

		if (n)
			return n;
	}
	return 0;
}

static bool rule_at(const struct viz_rules *rules, const struct words *words,
		    const struct viz_rule *rule, size_t at)
{
	const struct viz_rule_element *element = &rules->element[rule->first];
	size_t n = element_at(rules, words, element, at);

	if (!n)
		return false;
	at += n;
	for (size_t e = 1; e < rule->n; e++) {
		size_t gap = 0;

		for (n = 0; gap <= GAP && at + gap < words->n; gap++)
			if ((n = element_at(rules, words, element + e, at + gap)) != 0)
				break;
		if (!n)
			return false;
		at += gap + n;
	}
	return true;
}

static bool negated(const struct words *words, size_t at)
{
	uint16_t clause = words->w[at].clause;

	for (size_t back = 1; back <= 3 && back <= at; back++) {
		const struct word *w = &words->w[at - back];

		if (w->clause != clause)
			return false;
		if (w->negates || (w->sem && back == 1))
			return true;
	}
	return false;
}

static enum viz_reason classify(struct viz_reasons *r)
{
	const struct words *words = &r->words;
	unsigned best = 0;
	enum viz_reason reason = VIZ_REASON_NONE;
	bool said = false;

	for (size_t at = 0; at < words->n; at++) {
		const struct word *w = &words->w[at];

		said |= !w->filler;
		for (unsigned s = 0; s < w->stems; s++) {
			const struct viz_rule_list *list = &r->rules.by_stem[w->stem[s]];

			for (size_t i = 0; i < list->n; i++) {
				const struct viz_rule *rule =
				    &r->rules.rule[r->rules.list[list->first + i]];

				if (rule->weight <= best || !rule_at(&r->rules, words, rule, at))
					continue;
				if (!w->negates && !w->sem && negated(words, at))
					continue;
				best = rule->weight;
				reason = rule->reason;
			}
		}
	}
	return best == 0 && said ? VIZ_REASON_OTHER : reason;
}

enum viz_reason viz_reason_of(struct viz_reasons *r, const char *text, size_t len)
{
	enum viz_reason reason;
	uint64_t hash;
	struct cached *c;

	if (len == 0)
		return VIZ_REASON_NONE;
	hash = viz_hash64(text, len);
	c = &r->cache[hash % VIZ_ANALYZE_CACHE_SLOTS];
	if (c->used && c->hash == hash && c->len == len)
		return c->reason;
	split(r, text, len);
	/* "$$" and nothing else */
	reason = r->words.n == 0 && memchr(text, '$', len) ? VIZ_REASON_PRICE : classify(r);
	*c = (struct cached){hash, (uint32_t)len, (uint8_t)reason, 1};
	return c->reason;
}

int viz_reason_parse(struct viz_reasons **reasons, size_t *line, const char *rules, size_t len)
{
	struct viz_reasons *r = calloc(1, sizeof *r);
	int err;

	*line = 0;
	if (!r)
		return VIZ_ERR_NOMEM;
	err = viz_reason_rules_compile(&r->rules, line, rules, len);
	if (err < 0) {
		viz_reason_free(r);
		return err;
	}
	*reasons = r;
	return 0;
}

int viz_reason_new(struct viz_reasons **reasons)
{
	size_t line;
	int err = viz_reason_parse(reasons, &line, viz_reasons_tsv, viz_reasons_tsv_len);

	VIZ_REQUIRE(err != VIZ_ERR_INPUT); /* the built-in rules are valid */
	return err;
}

void viz_reason_free(struct viz_reasons *reasons)
{
	if (!reasons)
		return;
	viz_reason_rules_free(&reasons->rules);
	free(reasons);
}
