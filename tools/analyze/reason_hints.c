#include "tools/analyze/reason_hints.h"
#include "tools/analyze/limits_analyze.h"
#include "tools/text/fold.h"

#define KNOWN_MIN 4 /* words of the text that the file knows */
/* How much more a move must have than the next, in hundredths of the learned margin of 1 (20 in the
 * file) for a text of one word. A mover who is none costs an offer to nobody's customer. */
#define MOVE_MARGIN 150
#define SCALE       20

struct seen {
	char word[VIZ_REASON_HINT_WORDS][VIZ_REASON_HINT_LETTERS + 1];
	size_t n;
};

static int parse_line(struct viz_reason_hint *h, const char *p, const char *end)
{
	size_t len = 0;

	*h = (struct viz_reason_hint){0};
	for (; p < end && *p != '\t'; p++) {
		if (len == VIZ_REASON_HINT_LETTERS)
			return VIZ_ERR_INPUT;
		h->word[len++] = *p;
	}
	for (unsigned r = 0; r < VIZ_REASONS; r++) {
		long value = 0;
		bool minus;

		if (p == end || *p != (r == 0 ? '\t' : ' '))
			return VIZ_ERR_INPUT;
		p++;
		minus = p < end && *p == '-';
		p += minus;
		if (p == end || *p < '0' || *p > '9')
			return VIZ_ERR_INPUT;
		for (; p < end && *p >= '0' && *p <= '9' && value < 10000; p++)
			value = value * 10 + (*p - '0');
		h->weight[r] = (int16_t)(minus ? -value : value);
	}
	return p == end && len > 0 ? 0 : VIZ_ERR_INPUT;
}

int viz_reason_hints_parse(struct viz_reason_hints *hints, size_t *line, const char *text,
			   size_t len)
{
	const char *end = text + len;

	*line = 0;
	hints->n = 0;
	hints->hint = calloc(VIZ_REASON_HINTS_MAX, sizeof *hints->hint);
	if (!hints->hint)
		return VIZ_ERR_NOMEM;
	for (const char *p = text; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;
		struct viz_reason_hint *h = &hints->hint[hints->n];

		(*line)++;
		if (stop > p && *p != '#') {
			if (hints->n == VIZ_REASON_HINTS_MAX || parse_line(h, p, stop) < 0 ||
			    (hints->n && strcmp(h[-1].word, h->word) >= 0))
				return VIZ_ERR_INPUT;
			hints->n++;
		}
		p = nl ? nl + 1 : end;
	}
	return 0;
}

void viz_reason_hints_free(struct viz_reason_hints *hints)
{
	free(hints->hint);
	*hints = (struct viz_reason_hints){0};
}

static int by_word(const void *word, const void *hint)
{
	return strcmp(word, ((const struct viz_reason_hint *)hint)->word);
}

static bool add_word(struct seen *seen, const char *word, size_t len)
{
	char *to = seen->word[seen->n];

	len = len < VIZ_REASON_HINT_LETTERS ? len : VIZ_REASON_HINT_LETTERS;
	if (seen->n == VIZ_REASON_HINT_WORDS || (word[0] >= '0' && word[0] <= '9'))
		return false;
	memcpy(to, word, len);
	to[len] = 0;
	for (size_t i = 0; i < seen->n; i++)
		if (strcmp(seen->word[i], to) == 0)
			return false;
	seen->n++;
	return true;
}

/* Adds what the words of `text` speak for. Returns how many of them the file knows. */
static size_t add_text(const struct viz_reason_hints *hints, struct seen *seen,
		       int64_t score[VIZ_REASONS], const char *text, size_t len)
{
	char folded[VIZ_ANALYZE_TEXT_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, text, len), known = 0;

	for (size_t i = 0; i < n;) {
		const char *blank = memchr(folded + i, ' ', n - i);
		size_t end = blank ? (size_t)(blank - folded) : n;
		const struct viz_reason_hint *h = NULL;

		if (add_word(seen, folded + i, end - i) && hints->n > 0)
			h = bsearch(seen->word[seen->n - 1], hints->hint, hints->n,
				    sizeof *hints->hint, by_word);
		for (unsigned r = 0; h && r < VIZ_REASONS; r++)
			score[r] += h->weight[r];
		known += h != NULL;
		i = end + 1;
	}
	return known;
}

enum viz_reason viz_reason_hints_of(const struct viz_reason_hints *hints, const char *choice,
				    size_t choice_len, const char *note, size_t note_len)
{
	int64_t score[VIZ_REASONS] = {0}, second = INT64_MIN, more;
	struct seen seen = {.n = 0};
	unsigned best = 0;
	size_t known = add_text(hints, &seen, score, choice, choice_len);

	known += add_text(hints, &seen, score, note, note_len);
	if (known < KNOWN_MIN)
		return VIZ_REASON_OTHER;
	for (unsigned r = 1; r < VIZ_REASONS; r++)
		if (score[r] > score[best])
			best = r;
	for (unsigned r = 0; r < VIZ_REASONS; r++)
		if (r != best && score[r] > second)
			second = score[r];
	/* the learner divides by the root of the number of words */
	more = (score[best] - second) * 100 / SCALE;
	if (best == VIZ_REASON_MOVE &&
	    more * more < (int64_t)MOVE_MARGIN * MOVE_MARGIN * (int64_t)(seen.n + 1))
		return VIZ_REASON_OTHER;
	return (enum viz_reason)best;
}
