#include "tools/geo/place.h"

#include <ctype.h>
#include <strings.h>

#include "tools/geo/astray.h"
#include "tools/geo/cep_points.h"
#include "tools/geo/cep_text.h"
#include "tools/geo/coordinate.h"
#include "tools/geo/name.h"
#include "tools/geo/place_parse.h"
#include "tools/geo/pluscode.h"

#define TEXT_MAX        2048u
#define SURE_M          200u
#define LIKELY_M        1000u
#define CEP_ENTRIES_MAX 16u
#define BRASILIA        5300108u

struct search {
	struct viz_place *place;
	struct viz_place_trouble *trouble;
	const struct viz_gazetteer *g;
	const struct viz_cep_points *points;
	uint32_t near;
};

static int fail(struct search *s, enum viz_place_fault fault)
{
	s->trouble->fault = fault;
	return VIZ_ERR_INPUT;
}

static void set_town(struct viz_place *place, const struct viz_municipality *m)
{
	place->ibge = m->ibge;
	snprintf(place->name, sizeof place->name, "%s", m->name);
	memcpy(place->uf, m->uf, sizeof place->uf);
}

/* Sets the point to the seat, and the precision to how far the municipality reaches from it. */
static void set_seat(struct viz_place *place, const struct viz_municipality *m)
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

static int found_town(struct search *s, const struct viz_municipality *m,
		      enum viz_place_certainty certainty)
{
	*s->place = (struct viz_place){.kind = VIZ_PLACE_MUNICIPALITY, .certainty = certainty};
	set_town(s->place, m);
	set_seat(s->place, m);
	return 0;
}

/* The only one that lies in the state `s->near`; NULL: none does, or several. */
static const struct viz_municipality *in_near_state(const struct search *s,
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

/* Of several municipalities the one that is `near` wins. Without it all become candidates. */
static int choose(struct search *s, const struct viz_municipality *m, size_t n,
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
	return fail(s, VIZ_PLACE_AMBIGUOUS);
}

/* A point that is in no municipality. The one that was meant becomes the candidate. */
static int astray(struct search *s, struct viz_point p)
{
	struct viz_astray astray;

	s->trouble->astray = viz_astray_find(&astray, s->g, p);
	if (astray.town.ibge != 0)
		s->trouble->candidates[s->trouble->candidates_n++] = astray.town;
	return fail(s, s->trouble->astray == VIZ_ASTRAY_SWAPPED ? VIZ_PLACE_SWAPPED
								: VIZ_PLACE_ABROAD);
}

int viz_place_at(struct viz_place *place, struct viz_place_trouble *trouble,
		 const struct viz_gazetteer *g, struct viz_point p, uint32_t precision_m)
{
	struct search s = {.place = place, .trouble = trouble, .g = g};
	struct viz_municipality m;

	*trouble = (struct viz_place_trouble){.fault = VIZ_PLACE_FOUND};
	if (viz_coordinate_looks_swapped(p))
		return fail(&s, VIZ_PLACE_SWAPPED);
	if (!viz_point_valid(p))
		return fail(&s, VIZ_PLACE_OUT_OF_RANGE);
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
	set_town(place, &m);
	return 0;
}

/* Postcodes and codes. */

static int find_cep(struct search *s, uint32_t cep)
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
		return fail(s, VIZ_PLACE_NO_SUCH_CEP);
	for (size_t i = 0; i < n && i < CEP_ENTRIES_MAX; i++) {
		bool had = false;

		for (size_t k = 0; k < towns && !had; k++)
			had = m[k].ibge == e[i].ibge;
		if (!had && viz_gazetteer_by_code(s->g, &m[towns], e[i].ibge) == 0)
			towns++;
	}
	err = choose(s, m, towns, &town);
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
	set_town(s->place, town);
	set_seat(s->place, town);
	if (s->points && !general &&
	    viz_cep_points_find(s->points, &point, &precision_m, cep) == 0) {
		s->place->kind = VIZ_PLACE_CELL;
		s->place->certainty = precision_m <= SURE_M ? VIZ_PLACE_SURE : VIZ_PLACE_LIKELY;
		s->place->point = point;
		s->place->precision_m = precision_m;
	}
	return 0;
}

static int find_code(struct search *s, const char *digits)
{
	struct viz_municipality m;

	if (viz_gazetteer_by_code(s->g, &m, (uint32_t)strtoul(digits, NULL, 10)) != 0)
		return fail(s, VIZ_PLACE_NO_SUCH_CODE);
	return found_town(s, &m, VIZ_PLACE_SURE);
}

/* Names. */

/* Splits "Linhares - ES", "Linhares/ES", "Linhares, ES", "Linhares (ES)", "Linhares ES". *uf is ""
 * when no state is named. False when the text after the sign is no state. */
static bool split_state(const struct viz_gazetteer *g, char *name, char uf[3])
{
	static const char signs[] = "/,(-";
	size_t n = strlen(name);
	char *blank;

	uf[0] = '\0';
	for (const char *sign = signs; *sign; sign++) {
		char *at = strrchr(name, *sign);

		if (!at || at == name)
			continue;
		if (name[n - 1] == ')')
			name[n - 1] = '\0';
		/* a hyphen may belong to the name: it must have a state after it */
		if (viz_gazetteer_names_uf(g, uf, at + 1) == 0) {
			*at = '\0';
			return true;
		}
		uf[0] = '\0';
		if (*sign == '/')
			return false;
	}
	blank = strrchr(name, ' ');
	if (blank && strlen(blank + 1) == 2 && viz_gazetteer_names_uf(g, uf, blank + 1) == 0)
		*blank = '\0';
	else
		uf[0] = '\0';
	return true;
}

/* A former name or one in daily use, without its state, may mean something else. */
static bool is_other_name(const struct viz_municipality *m, const char *text)
{
	char want[VIZ_NAME_BYTES], have[VIZ_NAME_BYTES];

	return viz_name_fold(want, text) != 0 || viz_name_fold(have, m->name) != 0 ||
	       strcmp(want, have) != 0;
}

static int find_name(struct search *s, const char *text, enum viz_place_certainty certainty)
{
	struct viz_municipality m[VIZ_GAZETTEER_CANDIDATES_MAX];
	const struct viz_municipality *town = NULL;
	char name[TEXT_MAX], uf[3] = "";
	size_t n = 0;
	int err;

	/* the whole text may be a name: "Embu-Guaçu", "Pau d'Arco do Piauí" */
	if (viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, text, NULL) != 0) {
		snprintf(name, sizeof name, "%s", text);
		if (!split_state(s->g, name, uf))
			return fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
		if (viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, name,
					     uf[0] ? uf : NULL) == 0) {
			/* found as it is written */
		} else if (viz_gazetteer_short_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, name,
						    uf[0] ? uf : NULL) == 0) {
			certainty = VIZ_PLACE_LIKELY;
		} else if (strcmp(uf, "DF") == 0 && viz_gazetteer_by_code(s->g, m, BRASILIA) == 0) {
			/* the Federal District has no other municipality */
			certainty = VIZ_PLACE_LIKELY;
			n = 1;
		} else {
			s->trouble->candidates_n = viz_gazetteer_names_similar(
			    s->g, s->trouble->candidates, 5, name, uf[0] ? uf : NULL);
			return fail(s, VIZ_PLACE_NO_SUCH_NAME);
		}
	}
	err = choose(s, m, n, &town);
	if (!err && !uf[0] && certainty == VIZ_PLACE_SURE && (n > 1 || is_other_name(town, text)))
		certainty = VIZ_PLACE_LIKELY;
	return err ? err : found_town(s, town, certainty);
}

/* Plus codes. */

static int find_in_address(struct search *s, const char *text);

/* A short code is completed by the municipality after it, or by the address in which it stands:
 * "Centro, Linhares - ES". */
static int find_pluscode(struct search *s, const char *text, size_t start, size_t len)
{
	const char *rest = text + start + len;
	struct viz_point near = {0, 0}, p;
	struct viz_municipality m;
	uint32_t half;

	if (viz_pluscode_is_short(text + start, len)) {
		rest += strspn(rest, " ,\t");
		if (*rest) {
			int err = find_name(s, rest, VIZ_PLACE_SURE);

			if (err)
				err = find_in_address(s, rest);
			if (err)
				return err;
			near = s->place->point;
		} else if (s->near && viz_gazetteer_by_code(s->g, &m, s->near) == 0) {
			near = m.seat;
		} else {
			return fail(s, VIZ_PLACE_SHORT_CODE);
		}
	}
	if (viz_pluscode_decode(&p, &half, text + start, len, near) != 0)
		return fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	/* half of the longer side in metres (a microdegree is 0.11 m), half as much again for the
	 * diagonal, rounded up */
	return viz_place_at(s->place, s->trouble, s->g, p, half / 6 + 5);
}

/* Text of all sorts. */

/* A postcode within an address: "..., 29900-000 Linhares". */
static bool embedded_cep(uint32_t *cep, const char *text)
{
	for (const char *s = text; *s; s++) {
		size_t before = strspn(s, "0123456789");
		char code[12];

		if (before == 5 && s[5] == '-' && strspn(s + 6, "0123456789") == 3) {
			snprintf(code, sizeof code, "%.9s", s);
			return viz_cep_parse(cep, code) == 0;
		}
		if (before > 0)
			s += before - 1;
	}
	return false;
}

/* Finds the place of an address: by a postcode in it, else by the first part after a comma that is
 * a name with its state. */
static int find_in_address(struct search *s, const char *text)
{
	struct viz_place_trouble first = *s->trouble;
	uint32_t cep;
	int err;

	if (embedded_cep(&cep, text)) {
		err = find_cep(s, cep);
		if (!err && s->place->certainty == VIZ_PLACE_SURE)
			s->place->certainty = VIZ_PLACE_LIKELY;
		return err;
	}
	for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ',')) {
		char part[TEXT_MAX], uf[3];

		snprintf(part, sizeof part, "%s", comma + 1 + strspn(comma + 1, " "));
		/* a state must be named, because a quarter may have the name of a town */
		if (!split_state(s->g, part, uf) || !uf[0])
			continue;
		err = find_name(s, comma + 1 + strspn(comma + 1, " "), VIZ_PLACE_LIKELY);
		if (!err)
			return 0;
	}
	*s->trouble = first;
	return VIZ_ERR_INPUT;
}

/* A town as it is written, at the end of an address. `state`: only with its state. */
static int find_last(struct search *s, const char *text, bool state)
{
	struct viz_municipality m[VIZ_GAZETTEER_CANDIDATES_MAX];
	const struct viz_municipality *town = NULL;
	char name[TEXT_MAX], uf[3] = "";
	size_t n = 0;
	int err;

	snprintf(name, sizeof name, "%s", text);
	if (!split_state(s->g, name, uf))
		uf[0] = '\0';
	if (state && !uf[0])
		return VIZ_ERR_ABSENT;
	if (viz_gazetteer_names_find(s->g, m, &n, VIZ_GAZETTEER_CANDIDATES_MAX, uf[0] ? name : text,
				     uf[0] ? uf : NULL) != 0)
		return VIZ_ERR_ABSENT;
	err = choose(s, m, n, &town);
	return err ? err : found_town(s, town, uf[0] ? VIZ_PLACE_LIKELY : VIZ_PLACE_VAGUE);
}

/* Finds the town of a street: at the end with its state, else the last part, whose state may be
 * missing. */
static int find_street(struct search *s, const char *text)
{
	struct viz_place_trouble first = *s->trouble;
	const char *last = viz_place_street_last(text);
	int err = VIZ_ERR_ABSENT;

	if (!viz_place_street_begins(text))
		return VIZ_ERR_INPUT;
	for (const char *at = strchr(text, ' '); at && err; at = strchr(at + 1, ' '))
		err = find_last(s, at + 1, true);
	if (err && s->near != 0 && last && *last) {
		*s->trouble = first;
		err = find_last(s, last, false);
	}
	if (err == VIZ_ERR_ABSENT)
		*s->trouble = first;
	return err == VIZ_ERR_ABSENT ? VIZ_ERR_INPUT : err;
}

static void trim(char *out, const char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strnlen(text, TEXT_MAX - 1);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	memcpy(out, text, n);
	out[n] = '\0';
}

/* Takes ", Brasil" off the end, which maps write, with the sign before it. Without a sign there
 * must be a state before it: Novo Brasil is a town. */
static void strip_country(const struct viz_gazetteer *g, char *text)
{
	size_t n = strlen(text), at;

	while (n > 0 && strchr(" .)", text[n - 1]))
		n--;
	if (n < 8 || (strncasecmp(text + n - 6, "brasil", 6) != 0 &&
		      strncasecmp(text + n - 6, "brazil", 6) != 0))
		return;
	for (at = n - 6; at > 0 && text[at - 1] == ' ';)
		at--;
	if (at == 0)
		return;
	if (strchr(",;-/(", text[at - 1]) == NULL) {
		char uf[3], state[3] = "";

		if (at < 4 || at == n - 6 || strchr(" -/", text[at - 3]) == NULL)
			return;
		memcpy(state, text + at - 2, 2);
		if (viz_gazetteer_names_uf(g, uf, state) != 0)
			return;
	}
	while (at > 0 && strchr(" ,;-/(", text[at - 1]))
		at--;
	if (at > 0)
		text[at] = '\0';
}

static int find_text(struct search *s, const char *text);

/* Finds where a link of directions ends: at a point, or at words, which are looked up in turn. */
static int find_destination(struct search *s, const char *text, bool *tried)
{
	char to[TEXT_MAX];
	struct place_point p;
	int err = viz_place_url_parse_directions(&p, to, sizeof to, text);

	*tried = err != VIZ_ERR_ABSENT;
	if (err == VIZ_ERR_INPUT)
		return fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	if (err == VIZ_ERR_LIMIT)
		return fail(s, VIZ_PLACE_OUT_OF_RANGE);
	if (err)
		return err;
	return to[0] ? find_text(s, to)
		     : viz_place_at(s->place, s->trouble, s->g, p.point, p.precision_m);
}

/* The plus code that a link names. A short one without a municipality is completed by the middle of
 * the map. */
static int find_named(struct search *s, const struct place_point *window, const char *words)
{
	struct viz_place_trouble first = *s->trouble;
	struct viz_point p;
	uint32_t half;
	size_t start, len;
	int err;

	if (viz_pluscode_find(&start, &len, words) != 0)
		return fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	err = find_pluscode(s, words, start, len);
	if (!err || window->precision_m == 0 ||
	    viz_pluscode_decode(&p, &half, words + start, len, window->point) != 0)
		return err;
	*s->trouble = first;
	return viz_place_at(s->place, s->trouble, s->g, p, half / 6 + 5);
}

static int find_point(struct search *s, const char *text, bool *tried)
{
	char words[TEXT_MAX];
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
		return fail(s, VIZ_PLACE_SHORT_LINK);
	if (err == VIZ_ERR_INPUT)
		return fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	if (err == VIZ_ERR_ABSENT && viz_pluscode_find(&start, &len, text) == 0)
		return find_pluscode(s, text, start, len);
	if (err == VIZ_ERR_ABSENT)
		err = viz_place_coordinate_parse(&p, text);
	if (err == VIZ_ERR_LIMIT)
		return fail(s, VIZ_PLACE_OUT_OF_RANGE);
	if (err) {
		*tried = false;
		return err;
	}
	return viz_place_at(s->place, s->trouble, s->g, p.point, p.precision_m);
}

/* Seven digits are the code of a municipality. When there is none, they are a postcode whose zero a
 * spreadsheet dropped. */
static int find_digits(struct search *s, const char *digits)
{
	size_t n = strlen(digits);
	uint32_t cep;

	if (n != 6 && n != 7)
		return fail(s, VIZ_PLACE_NOT_UNDERSTOOD);
	if (find_code(s, digits) == 0)
		return 0;
	if (n == 6 || viz_cep_text(&cep, digits) != 0 || find_cep(s, cep) != 0)
		return fail(s, VIZ_PLACE_NO_SUCH_CODE);
	if (s->place->certainty == VIZ_PLACE_SURE)
		s->place->certainty = VIZ_PLACE_LIKELY;
	return 0;
}

static int find_text(struct search *s, const char *text)
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
		err = find_name(s, text, VIZ_PLACE_SURE);
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
	struct search s = {
	    .place = &found, .trouble = trouble, .g = g, .points = points, .near = near};
	char plain[TEXT_MAX];
	int err;

	*trouble = (struct viz_place_trouble){.fault = VIZ_PLACE_FOUND};
	trim(plain, text);
	strip_country(g, plain);
	if (!plain[0])
		return fail(&s, VIZ_PLACE_EMPTY);
	err = find_text(&s, plain);
	if (!err) {
		*trouble = (struct viz_place_trouble){.fault = VIZ_PLACE_FOUND};
		*place = found;
	}
	return err;
}
