#include "tools/analyze/reason_words.h"
#include "tools/analyze/hash64.h"
#include "tools/text/fold.h"

/* What ends after a byte of the text. */
enum edge {
	EDGE_NONE,
	EDGE_CLAUSE,
	EDGE_SENTENCE,
};

static bool one_of(const char *const *list, size_t n, const char *text, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == len && memcmp(list[i], text, len) == 0)
			return true;
	return false;
}

static void learn_word(const struct viz_rules *rules, struct viz_reason_word *w, const char *text,
		       size_t len)
{
	static const char *const negations[] = {"nao", "n", "nunca", "nem", "jamais", "naum"};
	static const char *const yes[] = {"sim", "s"};
	bool digits = text[0] >= '0' && text[0] <= '9';

	*w = (struct viz_reason_word){0};
	memcpy(w->text, digits ? "0" : text,
	       digits                     ? 1
	       : len < VIZ_REASON_LETTERS ? len
					  : VIZ_REASON_LETTERS);
	w->stems = (uint8_t)viz_reason_rules_stems(rules, w->stem, VIZ_REASON_STEMS_MAX, &w->filler,
						   text, len);
	if (w->stems == 0 && !w->filler && !digits) {
		w->stems = (uint8_t)viz_reason_rules_stems_near(
		    rules, w->stem, VIZ_REASON_STEMS_MAX - 1, &w->filler, text, len);
		if (rules->unknown && len > 2)
			w->stem[w->stems++] = (uint16_t)(rules->unknown - 1);
	}
	w->group = (uint8_t)viz_reason_rules_group(rules, &w->link, text, len);
	w->negates = one_of(negations, sizeof negations / sizeof *negations, text, len);
	w->yes = one_of(yes, sizeof yes / sizeof *yes, text, len);
	w->sem = len == 3 && memcmp(text, "sem", 3) == 0;
	if (len == 1 && text[0] != 'n')
		w->filler = true;
	if (digits)
		w->filler = w->stems == 0;
}

static void add_word(struct viz_reason_words *words, const struct viz_rules *rules,
		     const char *text, size_t len)
{
	uint64_t hash = viz_hash64(text, len);
	struct viz_reason_known *known = &words->known[hash % VIZ_ANALYZE_WORDS_CACHE];

	if (words->n == VIZ_REASON_WORDS_MAX)
		return;
	if (known->hash != hash || known->len != len) {
		known->hash = hash;
		known->len = (uint32_t)len;
		learn_word(rules, &known->word, text, len);
	}
	words->w[words->n++] = known->word;
}

/* Adds the words of one clause. Returns the last one, folded, in `last` of `max` bytes. */
static size_t add_clause(struct viz_reason_words *words, const struct viz_rules *rules,
			 const char *text, size_t len)
{
	char folded[VIZ_ANALYZE_TEXT_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, text, len);

	for (size_t i = 0; i < n;) {
		const char *blank = memchr(folded + i, ' ', n - i);
		size_t end = blank ? (size_t)(blank - folded) : n;

		add_word(words, rules, folded + i, end - i);
		i = end + 1;
	}
	return n;
}

static bool is_blank(const char *text, size_t len, size_t at)
{
	return at >= len || text[at] == ' ' || text[at] == '\t' || text[at] == '\r' ||
	       text[at] == '\n' || text[at] == '"';
}

/* Whether the full stop at `at` only shortens the word before it. */
static bool shortens(const struct viz_rules *rules, const char *text, size_t at, size_t from)
{
	char folded[32];
	size_t start = at, n;

	while (start > from && at - start < 12 && !is_blank(text, at, start - 1) &&
	       !memchr("./-,", text[start - 1], 4))
		start--;
	n = viz_fold_text(folded, sizeof folded, text + start, at - start);
	return n > 0 && viz_reason_rules_abbrev(rules, folded, n);
}

static bool digit_before(const char *text, size_t at)
{
	return at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9';
}

static enum edge edge_at(const struct viz_rules *rules, const char *text, size_t len, size_t at,
			 size_t from)
{
	static const char sign[] = "\xe2\x86\xb5"; /* U+21B5, which some exports write for a line */

	switch (text[at]) {
	case '\n':
	case '!':
	case '?':
	case '|':
		return EDGE_SENTENCE;
	case '.':
		if (!is_blank(text, len, at + 1) && text[at + 1] != '\xe2')
			return EDGE_NONE;
		return shortens(rules, text, at, from) ? EDGE_NONE : EDGE_SENTENCE;
	case ')':
		return digit_before(text, at) ? EDGE_SENTENCE : EDGE_CLAUSE;
	case ',':
		return digit_before(text, at) && !is_blank(text, len, at + 1) ? EDGE_NONE
									      : EDGE_CLAUSE;
	case ';':
	case '(':
	case '>':
		return EDGE_CLAUSE;
	case '-':
	case '/':
		return at > 0 && is_blank(text, len, at - 1) && is_blank(text, len, at + 1)
			   ? EDGE_CLAUSE
			   : EDGE_NONE;
	case '\xe2':
		return len - at >= 3 && memcmp(text + at, sign, 3) == 0 ? EDGE_SENTENCE : EDGE_NONE;
	default:
		return EDGE_NONE;
	}
}

void viz_reason_words_read(struct viz_reason_words *words, const struct viz_rules *rules,
			   const char *text, size_t len)
{
	uint16_t clause = 0, sentence = 0;
	size_t from = 0;

	words->n = 0;
	if (len > VIZ_ANALYZE_TEXT_MAX)
		len = VIZ_ANALYZE_TEXT_MAX;
	for (size_t i = 0; i <= len; i++) {
		enum edge edge = i == len ? EDGE_SENTENCE : edge_at(rules, text, len, i, from);
		size_t first = words->n;

		if (edge == EDGE_NONE)
			continue;
		if (i > from)
			add_clause(words, rules, text + from, i - from);
		for (size_t w = first; w < words->n; w++) {
			words->w[w].clause = clause;
			words->w[w].sentence = sentence;
			words->w[w].asked = i < len && text[i] == '?';
		}
		clause++;
		sentence = (uint16_t)(sentence + (edge == EDGE_SENTENCE));
		from = i + 1;
	}
}
