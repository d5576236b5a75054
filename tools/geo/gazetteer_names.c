#include <strings.h>

#include "tools/geo/name.h"
#include "tools/geo/gazetteer_map.h"

#define SOUND_MIN      5u /* letters: shorter names are alike by chance */
#define SOUND_WORD_MIN 3u

static const char *key_text(const struct viz_gazetteer *g, size_t i)
{
	return g->text + g->keys[i].key;
}

/* The first key that is not before `folded`. */
static size_t first_key(const struct viz_gazetteer *g, const char *folded)
{
	size_t lo = 0, hi = g->keys_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(key_text(g, mid), folded) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool in_state(const struct viz_gazetteer *g, const struct gaz_key *key, const char *uf)
{
	return !uf || strcmp(g->states[g->municipalities[key->municipality].state].uf, uf) == 0;
}

static bool has_accent(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return true;
	return false;
}

/* Whether two names are the same apart from the case of ASCII letters: Arapuã is not Arapuá. */
static bool same_accents(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;
		char y = *b >= 'A' && *b <= 'Z' ? (char)(*b + 32) : *b;

		if (x != y)
			return false;
	}
	return *a == *b;
}

/* Whether the key counts in a round: first names and what stands beside them, then other names. */
static bool in_round(const struct gaz_key *key, int round)
{
	return (key->alias == GAZ_ALIAS) == (round == 1);
}

static bool is_among(const struct viz_municipality *m, size_t n, uint32_t ibge)
{
	for (size_t i = 0; i < n; i++)
		if (m[i].ibge == ibge)
			return true;
	return false;
}

int viz_gazetteer_names_find(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			     size_t *n, size_t max, const char *name, const char *uf)
{
	char folded[VIZ_NAME_BYTES];
	size_t from, exact = SIZE_MAX, count = 0;
	bool accent = has_accent(name);

	if (viz_name_fold(folded, name) != 0)
		return VIZ_ERR_ABSENT;
	from = first_key(g, folded);
	for (int round = 0; round < 2 && count == 0; round++)
		for (size_t i = from; i < g->keys_n && strcmp(key_text(g, i), folded) == 0; i++) {
			const struct gaz_key *key = &g->keys[i];
			struct viz_municipality m = viz_gazetteer_map_view(g, key->municipality);

			if (!in_round(key, round) || !in_state(g, key, uf) ||
			    is_among(candidates, count < max ? count : max, m.ibge))
				continue;
			if (count < max)
				candidates[count] = m;
			if (accent && count < max &&
			    (key->alias == GAZ_RIVAL ||
			     (key->alias == GAZ_NAME && same_accents(m.name, name))))
				exact = exact == SIZE_MAX ? count : max;
			count++;
		}
	if (count == 0)
		return VIZ_ERR_ABSENT;
	/* a person who typed the accents meant them */
	if (exact < max && count > 1) {
		candidates[0] = candidates[exact];
		count = 1;
	}
	*n = count;
	return 0;
}

/* The name as it sounds, without its blanks: "Ilha Bela" is Ilhabela. */
static void sound_of(char out[VIZ_NAME_BYTES], const char *folded)
{
	size_t n = 0;

	for (; *folded; folded++)
		if (*folded != ' ')
			out[n++] = *folded;
	out[n] = '\0';
	viz_name_sound(out);
}

/* Whether blanks may be left out: "Ilha Bela" has words, "caiu a" has a rest of one. */
static bool has_words(const char *folded)
{
	for (size_t n; *folded; folded += n + (folded[n] == ' ')) {
		n = strcspn(folded, " ");
		if (n < SOUND_WORD_MIN)
			return false;
	}
	return true;
}

static size_t blanks_in(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == ' ';
	return n;
}

int viz_gazetteer_names_sound(const struct viz_gazetteer *g, struct viz_municipality *candidates,
			      size_t *n, size_t max, const char *name, const char *uf)
{
	char folded[VIZ_NAME_BYTES], want[VIZ_NAME_BYTES], have[VIZ_NAME_BYTES];
	size_t count = 0, blanks;
	bool words;

	if (viz_name_fold(folded, name) != 0)
		return VIZ_ERR_ABSENT;
	blanks = blanks_in(folded);
	words = has_words(folded);
	sound_of(want, folded);
	if (strlen(want) < SOUND_MIN)
		return VIZ_ERR_ABSENT;
	for (size_t i = 0; i < g->keys_n; i++) {
		struct viz_municipality m;

		if (!in_state(g, &g->keys[i], uf) ||
		    (!words && blanks_in(key_text(g, i)) != blanks))
			continue;
		sound_of(have, key_text(g, i));
		if (strcmp(want, have) != 0)
			continue;
		m = viz_gazetteer_map_view(g, g->keys[i].municipality);
		if (is_among(candidates, count < max ? count : max, m.ibge))
			continue;
		if (count < max)
			candidates[count] = m;
		count++;
	}
	*n = count;
	return count > 0 ? 0 : VIZ_ERR_ABSENT;
}

bool viz_gazetteer_names_begins(const struct viz_gazetteer *g, const char *name)
{
	char folded[VIZ_NAME_BYTES + 1];
	size_t n, at;

	if (viz_name_fold(folded, name) != 0)
		return false;
	n = strlen(folded);
	folded[n++] = ' ';
	folded[n] = '\0';
	at = first_key(g, folded);
	return at < g->keys_n && strncmp(key_text(g, at), folded, n) == 0;
}

bool viz_gazetteer_names_rival(const struct viz_gazetteer *g, size_t *at, const char **folded,
			       uint32_t *ibge)
{
	for (; *at < g->keys_n; (*at)++)
		if (g->keys[*at].alias >= GAZ_RIVAL) {
			*folded = key_text(g, *at);
			*ibge = g->municipalities[g->keys[*at].municipality].ibge;
			(*at)++;
			return true;
		}
	return false;
}

size_t viz_gazetteer_names_similar(const struct viz_gazetteer *g,
				   struct viz_municipality *candidates, size_t max,
				   const char *name, const char *uf)
{
	char folded[VIZ_NAME_BYTES], sound[VIZ_NAME_BYTES];
	uint8_t *distance;
	unsigned limit;
	size_t n = 0;

	if (viz_name_fold(folded, name) != 0)
		return 0;
	distance = malloc(g->keys_n + 1);
	if (!distance)
		return 0;
	viz_name_sound(folded);
	limit = strlen(folded) < 6 ? 1 : strlen(folded) < 12 ? 2 : 3;
	for (size_t i = 0; i < g->keys_n; i++) {
		snprintf(sound, sizeof sound, "%s", key_text(g, i));
		viz_name_sound(sound);
		distance[i] = UINT8_MAX;
		if (in_state(g, &g->keys[i], uf))
			distance[i] = (uint8_t)viz_name_distance(folded, sound, limit);
	}
	for (unsigned want = 0; want <= limit; want++)
		for (size_t i = 0; i < g->keys_n && n < max; i++)
			if (distance[i] == want &&
			    !is_among(candidates, n,
				      g->municipalities[g->keys[i].municipality].ibge))
				candidates[n++] =
				    viz_gazetteer_map_view(g, g->keys[i].municipality);
	free(distance);
	return n;
}

int viz_gazetteer_names_uf(const struct viz_gazetteer *g, char uf[3], const char *text)
{
	char want[VIZ_NAME_BYTES], have[VIZ_NAME_BYTES];

	if (viz_name_fold(want, text) != 0)
		return VIZ_ERR_ABSENT;
	for (size_t i = 0; i < g->states_n; i++) {
		char lower[3] = {(char)(g->states[i].uf[0] + 32), (char)(g->states[i].uf[1] + 32),
				 '\0'};
		char code[12];

		snprintf(code, sizeof code, "%u", g->states[i].code);
		if (viz_name_fold(have, g->text + g->states[i].name) != 0)
			continue;
		if (strcasecmp(text, lower) == 0 || strcmp(want, lower) == 0 ||
		    strcmp(want, have) == 0 || strcmp(want, code) == 0) {
			memcpy(uf, g->states[i].uf, 3);
			return 0;
		}
	}
	return VIZ_ERR_ABSENT;
}

const char *viz_gazetteer_names_uf_name(const struct viz_gazetteer *g, const char *uf)
{
	for (size_t i = 0; i < g->states_n; i++)
		if (strcmp(g->states[i].uf, uf) == 0)
			return g->text + g->states[i].name;
	return NULL;
}
