#include "tools/geo/place.h"

#include <strings.h>

#include "tools/geo/astray.h"
#include "tools/geo/cep_points.h"
#include "tools/geo/cep_text.h"
#include "tools/geo/coordinate.h"
#include "tools/geo/place_parse.h"
#include "tools/geo/place_search.h"
#include "tools/geo/pluscode.h"

#define SURE_M          200u
#define LIKELY_M        1000u
#define CEP_ENTRIES_MAX 16u

/* A point that is in no municipality. The one that was meant becomes the candidate. */
static int astray(struct viz_place_search *s, struct viz_point p)
{
	struct viz_astray astray;

	s->trouble->astray = viz_astray_find(&astray, s->g, p);
	if (astray.town.ibge != 0)
		s->trouble->candidates[s->trouble->candidates_n++] = astray.town;
	return viz_place_search_fail(
	    s, s->trouble->astray == VIZ_ASTRAY_SWAPPED ? VIZ_PLACE_SWAPPED : VIZ_PLACE_ABROAD);
}

int viz_place_at(struct viz_place *place, struct viz_place_trouble *trouble,
		 const struct viz_gazetteer *g, struct viz_point p, uint32_t precision_m)
{
	struct viz_place_search s = {.place = place, .trouble = trouble, .g = g};
	struct viz_municipality m;

	*trouble = (struct viz_place_trouble){.fault = VIZ_PLACE_FOUND};
	if (viz_coordinate_looks_swapped(p))
		return viz_place_search_fail(&s, VIZ_PLACE_SWAPPED);
	if (!viz_point_valid(p))
		return viz_place_search_fail(&s, VIZ_PLACE_OUT_OF_RANGE);
	if (viz_gazetteer_at(g, &m, p) != 0)
		return astray(&s, p);
	*place = (struct viz_place){
	    .kind = VIZ_PLACE_CELL,
	    .certainty = precision_m <= SURE_M     ? VIZ_PLACE_SURE
			 : precision_m <= LIKELY_M ? VIZ_PLACE_LIKELY
						   : VIZ_PLACE_VAGUE,
	    .has_point = true,
	    .point = p,
	    .precision_m = precision_m,
	};
	viz_place_search_set_town(place, &m);
	return 0;
}

/* Postcodes and codes. */

static int find_cep(struct viz_place_search *s, uint32_t cep)
{
	struct viz_cep_entry e[CEP_ENTRIES_MAX];
	struct viz_municipality m[CEP_ENTRIES_MAX];
	const struct viz_municipality *town = NULL;
	struct viz_point point;
	uint32_t precision_m;
	size_t n = 0, towns = 0, at = 0;
	bool general;
	int err;

	if (viz_gazetteer_by_cep(s->g, e, &n, CEP_ENTRIES_MAX, cep) != 0)
		return viz_place_search_fail(s, VIZ_PLACE_NO_SUCH_CEP);
	for (size_t i = 0; i < n && i < CEP_ENTRIES_MAX; i++) {
		bool had = false;

		for (size_t k = 0; k < towns && !had; k++)
			had = m[k].ibge == e[i].ibge;
		if (!had && viz_gazetteer_by_code(s->g, &m[towns], e[i].ibge) == 0)
			towns++;
	}
	err = viz_place_search_choose(s, m, towns, &town);
	if (err)
		return err;
	while (at + 1 < n && e[at].ibge != town->ibge)
		at++;
	/* a code that ends in 000 is of no street, and neither is any in a municipality without
	 * codes by street */
	general = viz_cep_is_general(cep) || e[at].coding == VIZ_CEP_GENERAL;
	*s->place = (struct viz_place){
	    .kind = general ? VIZ_PLACE_MUNICIPALITY : VIZ_PLACE_POSTCODE,
	    .certainty = general                          ? VIZ_PLACE_VAGUE
			 : e[at].coding == VIZ_CEP_STREET ? VIZ_PLACE_SURE
							  : VIZ_PLACE_LIKELY,
	    .has_cep = true,
	    .cep = cep,
	    .cep_general = general,
	};
	viz_place_search_set_town(s->place, town);
	viz_place_search_set_seat(s->place, town);
	if (s->points && !general &&
	    viz_cep_points_find(s->points, &point, &precision_m, cep) == 0) {
		s->place->kind = VIZ_PLACE_CELL;
		s->place->certainty = precision_m <= SURE_M ? VIZ_PLACE_SURE : VIZ_PLACE_LIKELY;
		s->place->point = point;
		s->place->precision_m = precision_m;
	}
	return 0;
}

/* Plus codes. */

static int find_in_address(struct viz_place_search *s, const char *text);

/* A short code is completed by the municipality after it, or by the address in which it stands:
 * "Centro, Linhares - ES". */
static int find_pluscode(struct viz_place_search *s, const char *text, size_t start, size_t len)
{
	const char *rest = text + start + len;
	struct viz_point near = {0, 0}, p;
	struct viz_municipality m;
	uint32_t half;

	if (viz_pluscode_is_short(text + start, len)) {
		rest += strspn(rest, " ,\t");
		if (*rest) {
			int err = viz_place_search_name(s, rest, VIZ_PLACE_SURE);

			if (err)
				err = find_in_address(s, rest);
			if (err)
				return err;
			near = s->place->point;
		} else if (s->near && viz_gazetteer_by_code(s->g, &m, s->near) == 0) {
			near = m.seat;
		} else {
			return viz_place_search_fail(s, VIZ_PLACE_SHORT_CODE);
		}
	}
	if (viz_pluscode_decode(&p, &half, text + start, len, near) != 0)
		return viz_place_search_fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	/* half of the longer side in metres (a microdegree is 0.11 m), half as much again for the
	 * diagonal, rounded up */
	return viz_place_at(s->place, s->trouble, s->g, p, half / 6 + 5);
}

/* Text of all sorts. */

/* Finds the place of an address: by a postcode in it, else by the first part after a comma that is
 * a name with its state. */
static int find_in_address(struct viz_place_search *s, const char *text)
{
	struct viz_place_trouble first = *s->trouble;
	uint32_t cep;
	int err;

	if (viz_place_text_cep(&cep, text)) {
		err = find_cep(s, cep);
		if (!err && s->place->certainty == VIZ_PLACE_SURE)
			s->place->certainty = VIZ_PLACE_LIKELY;
		return err;
	}
	for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ',')) {
		char part[VIZ_PLACE_TEXT_MAX], uf[3];

		snprintf(part, sizeof part, "%s", comma + 1 + strspn(comma + 1, " "));
		/* a state must be named, because a quarter may have the name of a town */
		if (!viz_place_text_split_state(s->g, part, uf) || !uf[0])
			continue;
		err =
		    viz_place_search_name(s, comma + 1 + strspn(comma + 1, " "), VIZ_PLACE_LIKELY);
		if (!err)
			return 0;
	}
	*s->trouble = first;
	return VIZ_ERR_INPUT;
}

/* Finds the town of a street: at the end with its state, else the last part, whose state may be
 * missing. */
static int find_street(struct viz_place_search *s, const char *text)
{
	struct viz_place_trouble first = *s->trouble;
	const char *last = viz_place_street_last(text);
	int err = VIZ_ERR_ABSENT;

	if (!viz_place_street_begins(text))
		return VIZ_ERR_INPUT;
	for (const char *at = strchr(text, ' '); at && err; at = strchr(at + 1, ' '))
		err = viz_place_search_last(s, at + 1, true);
	if (err && s->near != 0 && last && *last) {
		*s->trouble = first;
		err = viz_place_search_last(s, last, false);
	}
	if (err == VIZ_ERR_ABSENT)
		*s->trouble = first;
	return err == VIZ_ERR_ABSENT ? VIZ_ERR_INPUT : err;
}

static int find_text(struct viz_place_search *s, const char *text);

/* Finds where a link of directions ends: at a point, or at words, which are looked up in turn. */
static int find_destination(struct viz_place_search *s, const char *text, bool *tried)
{
	char to[VIZ_PLACE_TEXT_MAX];
	struct place_point p;
	int err = viz_place_url_parse_directions(&p, to, sizeof to, text);

	*tried = err != VIZ_ERR_ABSENT;
	if (err == VIZ_ERR_INPUT)
		return viz_place_search_fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	if (err == VIZ_ERR_LIMIT)
		return viz_place_search_fail(s, VIZ_PLACE_OUT_OF_RANGE);
	if (err)
		return err;
	return to[0] ? find_text(s, to)
		     : viz_place_at(s->place, s->trouble, s->g, p.point, p.precision_m);
}

/* The plus code that a link names. A short one without a municipality is completed by the middle of
 * the map. */
static int find_named_code(struct viz_place_search *s, const struct place_point *window,
			   const char *words, size_t start, size_t len)
{
	struct viz_place_trouble first = *s->trouble;
	struct viz_point p;
	uint32_t half;
	int err = find_pluscode(s, words, start, len);

	if (!err || window->precision_m == 0 ||
	    viz_pluscode_decode(&p, &half, words + start, len, window->point) != 0)
		return err;
	*s->trouble = first;
	return viz_place_at(s->place, s->trouble, s->g, p, half / 6 + 5);
}

/* Whether the middle of the map tells more than the words beside it: they name a town alone, which
 * is another one (a shop may be called so), or an address in the town of which no table has the
 * point. */
static bool is_finer(const struct viz_place_search *s, const struct viz_place *middle,
		     const char *words)
{
	const struct viz_place *place = s->place;
	struct viz_municipality m;
	size_t n;

	if (middle->ibge == 0 || place->kind != VIZ_PLACE_MUNICIPALITY)
		return false;
	if (middle->ibge == place->ibge)
		return place->street || place->has_cep;
	return viz_gazetteer_names_find(s->g, &m, &n, 1, words, NULL) == 0;
}

/* What a link names in words. They count before the middle of the map, which may have been moved
 * away from there. The middle decides between equal names. */
static int find_named(struct viz_place_search *s, const struct place_point *window, char *words)
{
	struct viz_place_trouble first = *s->trouble;
	struct viz_place middle = {.kind = VIZ_PLACE_MUNICIPALITY};
	uint32_t near = s->near;
	size_t start, len;
	int err;

	if (viz_pluscode_find(&start, &len, words) == 0)
		return find_named_code(s, window, words, start, len);
	if (window->precision_m > 0)
		viz_place_at(&middle, s->trouble, s->g, window->point, window->precision_m);
	viz_place_text_strip_country(s->g, words);
	s->near = middle.ibge ? middle.ibge : near;
	*s->trouble = first;
	err = find_text(s, words);
	s->near = near;
	if (!err && is_finer(s, &middle, words))
		*s->place = middle;
	if (err && window->precision_m > 0) {
		*s->trouble = first;
		return viz_place_at(s->place, s->trouble, s->g, window->point, window->precision_m);
	}
	s->place->street = false; /* the text is a link */
	if (err && s->trouble->candidates_n == 0)
		return viz_place_search_fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	return err;
}

static int find_point(struct viz_place_search *s, const char *text, bool *tried)
{
	char words[VIZ_PLACE_TEXT_MAX];
	struct place_point p;
	size_t start, len;
	int err = find_destination(s, text, tried);

	if (*tried)
		return err;
	*tried = true;
	err = viz_place_url_parse(&p, words, sizeof words, text);
	if (!err && words[0])
		return find_named(s, &p, words);
	if (err == VIZ_ERR_STATE)
		return viz_place_search_fail(s, VIZ_PLACE_SHORT_LINK);
	if (err == VIZ_ERR_INPUT)
		return viz_place_search_fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	if (err == VIZ_ERR_ABSENT && viz_pluscode_find(&start, &len, text) == 0)
		return find_pluscode(s, text, start, len);
	if (err == VIZ_ERR_ABSENT)
		err = viz_place_coordinate_parse(&p, text);
	if (err == VIZ_ERR_LIMIT)
		return viz_place_search_fail(s, VIZ_PLACE_OUT_OF_RANGE);
	if (err) {
		*tried = false;
		return err;
	}
	return viz_place_at(s->place, s->trouble, s->g, p.point, p.precision_m);
}

/* Seven digits are the code of a municipality. When there is none, they are a postcode whose zero a
 * spreadsheet dropped. */
static int find_digits(struct viz_place_search *s, const char *digits)
{
	size_t n = strlen(digits);
	uint32_t cep;

	if (n != 6 && n != 7)
		return viz_place_search_fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	if (viz_place_search_code(s, digits) == 0)
		return 0;
	if (n == 6 || viz_cep_text(&cep, digits) != 0 || find_cep(s, cep) != 0)
		return viz_place_search_fail(s, VIZ_PLACE_NO_SUCH_CODE);
	if (s->place->certainty == VIZ_PLACE_SURE)
		s->place->certainty = VIZ_PLACE_LIKELY;
	return 0;
}

static int find_text(struct viz_place_search *s, const char *text)
{
	const char *word = text;
	uint32_t cep;
	bool tried;
	int err;

	if (strncasecmp(word, "cep", 3) == 0 && strchr(" :0123456789", word[3]))
		word += 3 + strspn(word + 3, " :");
	if (viz_cep_parse(&cep, word) == 0)
		return find_cep(s, cep);
	if (strspn(text, "0123456789") == strlen(text))
		return find_digits(s, text);
	if (viz_cep_text(&cep, word) == 0)
		return find_cep(s, cep);
	err = find_point(s, text, &tried);
	if (!tried)
		err = viz_place_search_coded(s, text);
	if (!tried && err)
		err = viz_place_search_name(s, text, VIZ_PLACE_SURE);
	if (!tried && err && (err = find_in_address(s, text)) != 0)
		err = find_street(s, text);
	if (!tried && !err)
		s->place->street = viz_place_street_begins(text) || s->place->street;
	return err;
}

int viz_place_find(struct viz_place *place, struct viz_place_trouble *trouble,
		   const struct viz_gazetteer *g, const struct viz_cep_points *points,
		   const char *text, uint32_t near)
{
	struct viz_place found;
	struct viz_place_search s = {
	    .place = &found, .trouble = trouble, .g = g, .points = points, .near = near};
	char plain[VIZ_PLACE_TEXT_MAX];
	int err;

	*trouble = (struct viz_place_trouble){.fault = VIZ_PLACE_FOUND};
	viz_place_text_trim(plain, text);
	viz_place_text_strip_country(g, plain);
	if (!plain[0])
		return viz_place_search_fail(&s, VIZ_PLACE_EMPTY);
	err = find_text(&s, plain);
	if (!err) {
		*trouble = (struct viz_place_trouble){.fault = VIZ_PLACE_FOUND};
		*place = found;
	}
	return err;
}
