#include <ctype.h>

#include "tools/geo/name.h"
#include "tools/text/fold.h"
#include "tools/geo/gazetteer_map.h"

#define WORDS_MAX  12u
#define WORD_BYTES 48u
#define END_MIN    5u /* letters of a word at the end of a name */
#define WHOLE_MIN  4u /* letters of a word that may stand for a longer one without a point */

struct word {
	char text[WORD_BYTES];     /* folded, as it is written */
	char expanded[WORD_BYTES]; /* "santa" for "sta" */
	bool cut;                  /* a point follows, or it is one letter */
};

struct query {
	struct word words[WORDS_MAX];
	size_t n;
	bool state;
};

static bool is_particle(const char *word)
{
	static const char *const particles[] = {"d", "da", "das", "de", "do", "dos", "e"};

	for (size_t i = 0; i < sizeof particles / sizeof *particles; i++)
		if (strcmp(word, particles[i]) == 0)
			return true;
	return false;
}

/* Whether the word is a kind of street: "R. Branco" is a street rather than a town. */
static bool is_street(const char *word)
{
	static const char *const kinds[] = {"r",   "rua", "av",  "al", "tv", "trav", "pc",
					    "pca", "est", "rod", "qd", "lt", "bl",   "trv"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(word, kinds[i]) == 0)
			return true;
	return false;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool add_word(struct query *q, const char *start, size_t len, bool point)
{
	char plain[WORD_BYTES], folded[VIZ_NAME_BYTES];
	struct word *w = &q->words[q->n];

	if (q->n == WORDS_MAX || len >= sizeof plain)
		return false;
	memcpy(plain, start, len);
	plain[len] = '\0';
	if (viz_fold_string(w->text, sizeof w->text, plain) != 0 || strchr(w->text, ' '))
		return false;
	w->cut = point || strlen(w->text) == 1;
	if (!point && q->n > 0 && is_particle(w->text))
		return true;
	if (viz_name_fold(folded, plain) != 0 || strlen(folded) >= sizeof w->expanded)
		return false;
	memcpy(w->expanded, folded, strlen(folded) + 1);
	q->n++;
	return true;
}

static bool read_words(struct query *q, const char *name)
{
	while (*name) {
		size_t len = 0;

		while (in_word(name[len]))
			len++;
		if (len > 0 && !add_word(q, name, len, name[len] == '.'))
			return false;
		name += len + (name[len] != '\0');
	}
	return q->n > 0;
}

/* Without a state one word must be whole, and none a kind of street. */
static bool is_enough(const struct query *q)
{
	if (q->state)
		return true;
	if (is_street(q->words[0].text))
		return false;
	for (size_t i = 0; i < q->n; i++)
		if (!q->words[i].cut && strlen(q->words[i].text) >= WHOLE_MIN)
			return true;
	return false;
}

static bool word_matches(const struct query *q, size_t i, const char *key, size_t len)
{
	const struct word *w = &q->words[i];
	size_t n = strlen(w->text);
	bool last = q->state && i + 1 == q->n && n >= WHOLE_MIN;

	if ((n == len && memcmp(w->text, key, len) == 0) ||
	    (strlen(w->expanded) == len && memcmp(w->expanded, key, len) == 0))
		return true;
	return (w->cut || last) && n < len && memcmp(w->text, key, n) == 0;
}

/* How many words of the key the query does not have; -1 when the key is another name. */
static int left_over(const struct query *q, const char *key)
{
	int left = 0;

	for (size_t i = 0; *key; i++) {
		size_t len = strcspn(key, " ");

		if (i >= q->n)
			left++;
		else if (!word_matches(q, i, key, len))
			return -1;
		else if (i + 1 == q->n)
			left = 0;
		key += len + (key[len] == ' ');
		if (*key == '\0' && i + 1 < q->n)
			return -1;
	}
	return left;
}

static bool is_among(const struct viz_municipality *m, size_t n, uint32_t ibge)
{
	for (size_t i = 0; i < n; i++)
		if (m[i].ibge == ibge)
			return true;
	return false;
}

/* Whether the words are the last ones of a longer name: "Búzios" of "Armação dos Búzios". One of
 * them has five letters, and none is cut. */
static bool is_end(const struct query *q, const char *key)
{
	size_t words = 1, skip;
	bool enough = false;

	for (const char *s = key; *s; s++)
		words += *s == ' ';
	if (words <= q->n)
		return false;
	for (skip = words - q->n; skip > 0; skip--)
		key += strcspn(key, " ") + 1;
	for (size_t i = 0; i < q->n; i++) {
		size_t len = strcspn(key, " ");

		if (q->words[i].cut || strlen(q->words[i].expanded) != len ||
		    memcmp(q->words[i].expanded, key, len) != 0)
			return false;
		enough = enough || len >= END_MIN;
		key += len + (key[len] == ' ');
	}
	return enough;
}

/* How a key may answer, from the best on. */
enum answer {
	SAME_WORDS,
	MORE_WORDS,
	LAST_WORDS,
};

static bool answers(const struct query *q, const char *key, enum answer how)
{
	int left;

	if (how == LAST_WORDS)
		return is_end(q, key);
	left = left_over(q, key);
	return left >= 0 && (left > 0) == (how == MORE_WORDS);
}

int viz_gazetteer_short_find(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			     size_t *n, size_t max, const char *name, const char *uf)
{
	struct query q = {.state = uf != NULL};
	size_t count = 0;

	if (!read_words(&q, name) || !is_enough(&q))
		return VIZ_ERR_ABSENT;
	/* without a state only a name of as many words is an answer */
	for (int how = SAME_WORDS; how <= (uf ? LAST_WORDS : SAME_WORDS) && count == 0; how++)
		for (size_t i = 0; i < g->keys_n; i++) {
			const struct gaz_municipality *m =
			    &g->municipalities[g->keys[i].municipality];

			if (uf && strcmp(g->states[m->state].uf, uf) != 0)
				continue;
			if (!answers(&q, g->text + g->keys[i].key, (enum answer)how) ||
			    is_among(candidates, count < max ? count : max, m->ibge))
				continue;
			if (count < max)
				candidates[count] =
				    viz_gazetteer_map_view(g, g->keys[i].municipality);
			count++;
		}
	if (count == 0)
		return VIZ_ERR_ABSENT;
	*n = count;
	return 0;
}
