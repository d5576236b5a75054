#include <strings.h>

#include "tools/geo/name.h"
#include "tools/geo/place_search.h"

#define BRASILIA 5300108u

int viz_place_search_fail(struct viz_place_search *s, enum viz_place_fault fault)
{
	s->trouble->fault = fault;
	return VIZ_ERR_INPUT;
}

void viz_place_search_set_town(struct viz_place *place, const struct viz_municipality *m)
{
	place->ibge = m->ibge;
	snprintf(place->name, sizeof place->name, "%s", m->name);
	memcpy(place->uf, m->uf, sizeof place->uf);
}

void viz_place_search_set_seat(struct viz_place *place, const struct viz_municipality *m)
{
	const struct viz_box *b = &m->box;
	struct viz_point corners[] = {{b->south_udeg, b->west_udeg},
				      {b->south_udeg, b->east_udeg},
				      {b->north_udeg, b->west_udeg},
				      {b->north_udeg, b->east_udeg}};
	uint32_t far = 0;

	for (size_t i = 0; i < 4; i++) {
		uint32_t d = viz_point_distance_cm(m->seat, corners[i]) / 100;

		far = d > far ? d : far;
	}
	place->has_point = true;
	place->point = m->seat;
	place->precision_m =
	    far > 0 ? far : 20000; /* without outline: a guess that is rather too large */
}

static int found_town(struct viz_place_search *s, const struct viz_municipality *m,
		      enum viz_place_certainty certainty)
{
	*s->place = (struct viz_place){.kind = VIZ_PLACE_MUNICIPALITY, .certainty = certainty};
	viz_place_search_set_town(s->place, m);
	viz_place_search_set_seat(s->place, m);
	return 0;
}

/* The only one that lies in the state `s->near`; NULL: none does, or several. */
static const struct viz_municipality *in_near_state(const struct viz_place_search *s,
						    const struct viz_municipality *m, size_t n)
{
	const struct viz_municipality *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (m[i].ibge / 100000 == s->near) {
			found = &m[i];
			count++;
		}
	}
	return count == 1 ? found : NULL;
}

int viz_place_search_choose(struct viz_place_search *s, const struct viz_municipality *m, size_t n,
			    const struct viz_municipality **chosen)
{
	for (size_t i = 0; i < n; i++)
		if (n == 1 || (s->near != 0 && m[i].ibge == s->near)) {
			*chosen = &m[i];
			return 0;
		}
	*chosen = in_near_state(s, m, n);
	if (*chosen)
		return 0;
	if (n > VIZ_GAZETTEER_CANDIDATES_MAX)
		n = VIZ_GAZETTEER_CANDIDATES_MAX;
	memmove(s->trouble->candidates, m, n * sizeof *m);
	s->trouble->candidates_n = n;
	return viz_place_search_fail(s, VIZ_PLACE_AMBIGUOUS);
}

int viz_place_search_code(struct viz_place_search *s, const char *digits)
{
	struct viz_municipality m;

	if (viz_gazetteer_by_code(s->g, &m, (uint32_t)strtoul(digits, NULL, 10)) != 0)
		return viz_place_search_fail(s, VIZ_PLACE_NO_SUCH_CODE);
	return found_town(s, &m, VIZ_PLACE_SURE);
}

/* A former name or one in daily use, without its state, may mean something else. */
static bool is_other_name(const struct viz_municipality *m, const char *text)
{
	char want[VIZ_NAME_BYTES], have[VIZ_NAME_BYTES];

	return viz_name_fold(want, text) != 0 || viz_name_fold(have, m->name) != 0 ||
	       strcmp(want, have) != 0;
}

/* The capital of a state, or the municipality of that name when it is one: "SP capital",
 * "Capital/SP", "Rio - Capital". */
static size_t find_capital(struct viz_place_search *s, struct viz_municipality *m, const char *text,
			   char *uf)
{
	char name[VIZ_PLACE_TEXT_MAX];
	size_t n = 0;

	snprintf(name, sizeof name, "%s", text);
	if (!(uf[0] && strcasecmp(name, "capital") == 0)) {
		if (!viz_place_text_split_capital(name))
			return 0;
		if (viz_gazetteer_names_uf(s->g, uf, name) != 0)
			return viz_gazetteer_names_find(s->g, m, &n, 1, name, NULL) == 0 &&
				       n == 1 && m->capital
				   ? 1
				   : 0;
	}
	for (size_t i = 0; i < viz_gazetteer_count(s->g); i++) {
		*m = viz_gazetteer_get(s->g, i);
		if (m->capital && strcmp(m->uf, uf) == 0)
			return 1;
	}
	return 0;
}

/* Names that are not as the text writes them, from the most alike on. Returns how many; *uf may
 * become the state that the text names. */
static size_t find_alike(struct viz_place_search *s, struct viz_municipality *m, const char *text,
			 char *uf)
{
	const char *state = uf[0] ? uf : NULL;
	char name[VIZ_PLACE_TEXT_MAX];
	size_t n = 0;

	snprintf(name, sizeof name, "%s", text);
	if (viz_place_text_join_initials(name) &&
	    viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, name, state) == 0)
		return n;
	if (viz_gazetteer_names_sound(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, text, state) ==
		0 ||
	    viz_gazetteer_short_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, text, state) == 0)
		return n;
	/* the Federal District has no other municipality */
	if (strcmp(uf, "DF") == 0 && viz_gazetteer_by_code(s->g, m, BRASILIA) == 0)
		return 1;
	if (!state && viz_place_text_split_state_name(s->g, name, uf) &&
	    viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, name, uf) == 0)
		return n;
	return find_capital(s, m, text, uf);
}

/* The name alone may mean another place: it is one in daily use, or a longer name begins so. */
static bool is_open(const struct viz_place_search *s, const struct viz_municipality *m,
		    const char *text)
{
	return is_other_name(m, text) || viz_gazetteer_names_begins(s->g, text);
}

int viz_place_search_name(struct viz_place_search *s, const char *text,
			  enum viz_place_certainty certainty)
{
	struct viz_municipality m[VIZ_GAZETTEER_CANDIDATES_MAX];
	const struct viz_municipality *town = NULL;
	char name[VIZ_PLACE_TEXT_MAX], uf[3] = "";
	size_t n = 0;
	int err;

	/* the whole text may be a name: "Embu-Guaçu", "Pau d'Arco do Piauí" */
	if (viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, text, NULL) != 0) {
		snprintf(name, sizeof name, "%s", text);
		if (!viz_place_text_split_state(s->g, name, uf))
			return viz_place_search_fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
		if (viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, name,
					     uf[0] ? uf : NULL) != 0) {
			certainty = VIZ_PLACE_LIKELY;
			n = find_alike(s, m, name, uf);
		}
		if (n == 0) {
			s->trouble->candidates_n = viz_gazetteer_names_similar(
			    s->g, s->trouble->candidates, 5, name, uf[0] ? uf : NULL);
			return viz_place_search_fail(s, VIZ_PLACE_NO_SUCH_NAME);
		}
	}
	err = viz_place_search_choose(s, m, n, &town);
	if (!err && !uf[0] && certainty == VIZ_PLACE_SURE && (n > 1 || is_open(s, town, text)))
		certainty = VIZ_PLACE_LIKELY;
	return err ? err : found_town(s, town, certainty);
}

int viz_place_search_coded(struct viz_place_search *s, const char *text)
{
	struct viz_place_trouble first = *s->trouble;
	uint32_t code, near = s->near;
	char name[VIZ_PLACE_TEXT_MAX];
	int err;

	snprintf(name, sizeof name, "%s", text);
	if (!viz_place_text_split_code(&code, name))
		return VIZ_ERR_ABSENT;
	s->near = code;
	err = viz_place_search_name(s, name, VIZ_PLACE_SURE);
	s->near = near;
	if (!err && s->place->ibge == code) {
		s->place->certainty = VIZ_PLACE_SURE;
		return 0;
	}
	*s->trouble = first;
	return VIZ_ERR_ABSENT;
}

int viz_place_search_last(struct viz_place_search *s, const char *text, bool state)
{
	struct viz_municipality m[VIZ_GAZETTEER_CANDIDATES_MAX];
	const struct viz_municipality *town = NULL;
	char name[VIZ_PLACE_TEXT_MAX], uf[3] = "";
	size_t n = 0;
	int err;

	snprintf(name, sizeof name, "%s", text);
	if (!viz_place_text_split_state(s->g, name, uf))
		uf[0] = '\0';
	if (state && !uf[0])
		return VIZ_ERR_ABSENT;
	if (viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, uf[0] ? name : text,
				     uf[0] ? uf : NULL) != 0)
		return VIZ_ERR_ABSENT;
	err = viz_place_search_choose(s, m, n, &town);
	return err ? err : found_town(s, town, uf[0] ? VIZ_PLACE_LIKELY : VIZ_PLACE_VAGUE);
}
