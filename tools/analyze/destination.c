/* Where a mover went. The columns of a row sometimes contradict each other. */
#include "tools/analyze/analyze.h"
#include "tools/analyze/value.h"
#include "tools/geo/place.h"

#define POINT_M 1000u /* a less precise point is not used */

/* What each column of a row names, by itself. */
struct clues {
	uint16_t by_code, by_name, by_cep, by_point, by_text;
	unsigned uf;
	bool street, has_cep, any, ambiguous;
	uint32_t cep;
	bool has_point;
	struct viz_point point;
};

static bool in_brazil(struct viz_point p)
{
	return p.lat_udeg > -34000000 && p.lat_udeg < 5500000 && p.lon_udeg > -74100000 &&
	       p.lon_udeg < -28000000;
}

static void read_cep(struct viz_analysis *a, struct clues *c, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_DEST_CEP);
	int err = viz_value_cep(&c->cep, f.text, f.len);

	if (err == VIZ_ERR_ABSENT)
		return;
	if (err < 0 && viz_value_empty_placeholder(f.text, f.len))
		return;
	c->any = true;
	if (err < 0) {
		viz_analyze_defect(a, v, VIZ_REJECT_CEP, VIZ_ROLE_DEST_CEP);
		return;
	}
	c->by_cep = viz_towns_by_cep(a->towns, &c->street, c->cep);
	c->has_cep = c->by_cep != VIZ_TOWN_NONE;
	if (!c->has_cep)
		viz_analyze_defect(a, v, VIZ_REJECT_CEP_UNKNOWN, VIZ_ROLE_DEST_CEP);
}

static void read_code(struct viz_analysis *a, struct clues *c, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_DEST_IBGE);
	uint32_t code = 0;
	int err = viz_value_ibge(&code, f.text, f.len);

	if (err == VIZ_ERR_ABSENT)
		return;
	if (err < 0 && viz_value_empty_placeholder(f.text, f.len))
		return;
	c->any = true;
	if (err == 0)
		c->by_code = viz_towns_by_code(a->towns, code);
	if (c->by_code == VIZ_TOWN_NONE)
		viz_analyze_defect(a, v, VIZ_REJECT_IBGE, VIZ_ROLE_DEST_IBGE);
}

/* Reads the name of a municipality; some exports have its code in that column. */
static uint16_t town_of(struct viz_analysis *a, unsigned *uf, const char *text, size_t len)
{
	uint32_t code;

	if (len >= 6 && text[0] >= '1' && text[0] <= '9' && viz_value_ibge(&code, text, len) == 0)
		return viz_towns_by_code(a->towns, code);
	return viz_towns_by_name(a->towns, uf, text, len);
}

static void read_name(struct viz_analysis *a, struct clues *c, const struct viz_row_view *v)
{
	struct viz_field uf = viz_row_value(v, VIZ_ROLE_DEST_UF);
	struct viz_field city = viz_row_value(v, VIZ_ROLE_DEST_CITY);
	const char *text = city.text;
	size_t len = city.len;

	if (viz_value_identity_uf(&c->uf, uf.text, uf.len) == VIZ_ERR_INPUT &&
	    !viz_value_empty_placeholder(uf.text, uf.len))
		viz_analyze_defect(a, v, VIZ_REJECT_UF, VIZ_ROLE_DEST_UF);
	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return;
	c->by_name = town_of(a, &c->uf, text, len);
	if (c->by_name == VIZ_TOWN_NONE && viz_value_empty_placeholder(text, len))
		return;
	if (c->by_name == VIZ_TOWN_NONE)
		c->by_name = viz_towns_by_text(a->towns, c->uf, text, len);
	c->any = true;
	if (c->by_name == VIZ_TOWN_NONE)
		viz_analyze_defect(a, v, VIZ_REJECT_CITY, VIZ_ROLE_DEST_CITY);
}

/* Where the second number of "lat, lon" in one column begins. */
static bool split_point(const struct viz_field *f, struct viz_field *lat, struct viz_field *lon)
{
	for (uint32_t i = 1; i + 1 < f->len; i++) {
		if (f->text[i] == ' ' || f->text[i] == ';' ||
		    (f->text[i] == ',' && memchr(f->text, '.', i))) {
			*lat = (struct viz_field){f->text, i};
			for (i++; i < f->len && (f->text[i] == ' ' || f->text[i] == ','); i++)
				;
			*lon = (struct viz_field){f->text + i, f->len - i};
			if (lat->text[lat->len - 1] == ',')
				lat->len--;
			return true;
		}
	}
	return false;
}

/* Copies a field and makes doubled quotes one. False when it is too long. */
static bool unquoted(char *out, size_t max, const char *text, size_t len)
{
	size_t n = 0;

	if (len >= max)
		return false;
	for (size_t i = 0; i < len; i++) {
		out[n++] = text[i];
		i += text[i] == '"' && i + 1 < len && text[i + 1] == '"';
	}
	out[n] = 0;
	return true;
}

/* Reads degrees, minutes and seconds, a link, or a plus code. */
static int written_point(struct viz_analysis *a, struct viz_point *p, const struct viz_field *f)
{
	char copy[256];
	struct viz_place place;
	struct viz_place_trouble trouble;

	if (!unquoted(copy, sizeof copy, f->text, f->len) ||
	    viz_place_find(&place, &trouble, a->gazetteer, NULL, copy, 0) < 0 ||
	    place.kind != VIZ_PLACE_CELL || !place.has_point)
		return VIZ_ERR_INPUT;
	*p = place.point;
	return 0;
}

static void read_point(struct viz_analysis *a, struct clues *c, const struct viz_row_view *v)
{
	struct viz_field lat = viz_row_value(v, VIZ_ROLE_DEST_LAT);
	struct viz_field lon = viz_row_value(v, VIZ_ROLE_DEST_LON);
	struct viz_field both = viz_row_value(v, VIZ_ROLE_DEST_POINT);
	enum viz_role role = both.len ? VIZ_ROLE_DEST_POINT : VIZ_ROLE_DEST_LAT;
	struct viz_point p = {0, 0};
	int first, second;

	if (both.len && !split_point(&both, &lat, &lon))
		lat = both;
	if (!lat.len && !lon.len)
		return;
	first = viz_value_coordinate(&p.lat_udeg, lat.text, lat.len);
	second = viz_value_coordinate(&p.lon_udeg, lon.text, lon.len);
	if (first == VIZ_ERR_ABSENT && second == VIZ_ERR_ABSENT)
		return;
	if (both.len && (first < 0 || second < 0)) {
		if (viz_value_empty_placeholder(both.text, both.len))
			return;
		first = second = written_point(a, &p, &both);
	}
	c->any = true;
	if (first < 0 || second < 0) {
		viz_analyze_defect(a, v, VIZ_REJECT_COORDINATE, role);
		return;
	}
	if (!in_brazil(p)) {
		struct viz_point swapped = {p.lon_udeg, p.lat_udeg};

		if (in_brazil(swapped))
			p = swapped; /* The boxes of the two do not overlap, so there is no doubt.
				      */
	}
	if (in_brazil(p))
		c->by_point = viz_towns_at(a->towns, p);
	if (c->by_point == VIZ_TOWN_NONE) {
		viz_analyze_defect(a, v, VIZ_REJECT_ABROAD, role);
		return;
	}
	c->has_point = true;
	c->point = p;
}

/* Reads an address, a link, or "cidade/UF" in one column. */
static void read_text(struct viz_analysis *a, struct clues *c, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_DEST_TEXT);
	const char *text = f.text;
	size_t len = f.len;
	char copy[256];
	struct viz_place place;
	struct viz_place_trouble trouble;
	uint16_t origin;

	viz_value_empty_trim(&text, &len);
	if (viz_value_empty(text, len))
		return;
	c->by_text =
	    viz_towns_by_name(a->towns, &c->uf, text, len < VIZ_ANALYZE_NAME_MAX ? len : 0);
	if (c->by_text == VIZ_TOWN_NONE && viz_value_empty_placeholder(text, len))
		return;
	c->any = true;
	if (c->by_text <= VIZ_TOWN_AMBIGUOUS)
		return;
	if (!unquoted(copy, sizeof copy, text, len))
		return;
	origin = viz_destination_origin(a, v);
	if (viz_place_find(&place, &trouble, a->gazetteer, a->points, copy,
			   origin < VIZ_TOWN_AMBIGUOUS ? viz_towns_ibge(a->towns, origin) : 0) <
	    0) {
		c->by_text = viz_mention_of(a, text, len, origin);
		return;
	}
	c->by_text = viz_towns_by_code(a->towns, place.ibge);
	if (place.kind == VIZ_PLACE_CELL && place.has_point && place.precision_m <= POINT_M) {
		c->has_point = true;
		c->point = place.point;
		c->by_point = c->by_text;
	}
	if (place.has_cep && !c->has_cep) {
		c->has_cep = true;
		c->cep = place.cep;
		c->by_cep = c->by_text;
		c->street = !place.cep_general;
	}
}

/* The only town of that name in the states of our own coverage. */
static uint16_t in_own_state(struct viz_analysis *a, const struct viz_field *name)
{
	uint16_t found = VIZ_TOWN_NONE;

	for (unsigned uf = 11; uf <= 53; uf++) {
		uint16_t town;

		if (!((a->coverage->own_states >> uf) & 1))
			continue;
		town = viz_towns_by_name_in(a->towns, uf, name->text, name->len);
		if (town >= VIZ_TOWN_AMBIGUOUS)
			continue;
		if (found != VIZ_TOWN_NONE)
			return VIZ_TOWN_NONE;
		found = town;
	}
	return found;
}

/* The name belongs to towns of several states. Another column, the origin of the mover, or the
 * states of our own coverage can decide. */
static uint16_t disambiguate(struct viz_analysis *a, const struct clues *c,
			     const struct viz_row_view *v, enum viz_role role)
{
	const uint16_t other[] = {c->by_point, c->by_cep, c->by_code};
	struct viz_field name = viz_row_value(v, role);
	uint16_t origin, town = VIZ_TOWN_NONE;

	for (size_t i = 0; i < 3; i++)
		if (other[i] < VIZ_TOWN_AMBIGUOUS &&
		    viz_towns_by_name_in(a->towns, viz_towns_uf(a->towns, other[i]), name.text,
					 name.len) == other[i])
			return other[i];
	origin = viz_destination_origin(a, v);
	if (origin < VIZ_TOWN_AMBIGUOUS)
		town = viz_towns_by_name_in(a->towns, viz_towns_uf(a->towns, origin), name.text,
					    name.len);
	if (town >= VIZ_TOWN_AMBIGUOUS)
		town = in_own_state(a, &name);
	if (town < VIZ_TOWN_AMBIGUOUS) {
		a->totals.by_near_state++;
		return town;
	}
	viz_analyze_defect(a, v, VIZ_REJECT_CITY_AMBIGUOUS, role);
	return VIZ_TOWN_NONE;
}

/* The point of the postcode, where one was imported. It lies in the same state, except at a border.
 */
static void find_point(struct viz_analysis *a, struct viz_destination *d)
{
	uint32_t precision_m;
	struct viz_point p;
	uint16_t town;

	if (viz_cep_points_find(a->points, &p, &precision_m, d->cep) < 0 || precision_m > POINT_M)
		return;
	town = viz_towns_at(a->towns, p);
	d->has_point = town != VIZ_TOWN_NONE &&
		       viz_towns_uf(a->towns, town) == viz_towns_uf(a->towns, d->town);
	d->point = p;
}

/* The town that most columns name. A typed code may be wrong by itself; a name with its state, a
 * postcode and a point weigh more. */
static uint16_t choose(const struct clues *c, bool *contradiction)
{
	const struct {
		uint16_t town;
		unsigned weight;
	} vote[] = {
	    {c->by_name, 4}, {c->by_cep, 4}, {c->by_point, 4}, {c->by_code, 3}, {c->by_text, 2}};
	size_t n = sizeof vote / sizeof *vote;
	uint16_t best = VIZ_TOWN_NONE;
	unsigned most = 0;

	*contradiction = false;
	for (size_t i = 0; i < n; i++) {
		unsigned sum = 0;

		if (vote[i].town >= VIZ_TOWN_AMBIGUOUS)
			continue;
		for (size_t k = 0; k < n; k++)
			sum += vote[k].town == vote[i].town ? vote[k].weight : 0;
		if (best != VIZ_TOWN_NONE && vote[i].town != best)
			*contradiction = true;
		if (sum > most) {
			most = sum;
			best = vote[i].town;
		}
	}
	return best;
}

enum viz_destination_found viz_destination_of(struct viz_analysis *a, struct viz_destination *d,
					      const struct viz_row_view *v)
{
	struct clues c = {.by_code = VIZ_TOWN_NONE,
			  .by_name = VIZ_TOWN_NONE,
			  .by_cep = VIZ_TOWN_NONE,
			  .by_point = VIZ_TOWN_NONE,
			  .by_text = VIZ_TOWN_NONE};
	bool contradiction, several;

	read_cep(a, &c, v);
	read_code(a, &c, v);
	read_name(a, &c, v);
	read_point(a, &c, v);
	if (viz_row_has(v, VIZ_ROLE_DEST_TEXT))
		read_text(a, &c, v);
	if (!c.any)
		return VIZ_DESTINATION_NONE;
	several = c.by_text == VIZ_TOWN_AMBIGUOUS;
	if (c.by_name == VIZ_TOWN_AMBIGUOUS)
		c.by_name = disambiguate(a, &c, v, VIZ_ROLE_DEST_CITY);
	if (several)
		c.by_text = disambiguate(a, &c, v, VIZ_ROLE_DEST_TEXT);
	d->town = choose(&c, &contradiction);
	if (d->town == VIZ_TOWN_NONE) {
		if (!several && c.by_text == VIZ_TOWN_NONE &&
		    viz_row_value(v, VIZ_ROLE_DEST_TEXT).len)
			viz_analyze_defect(a, v, VIZ_REJECT_PLACE, VIZ_ROLE_DEST_TEXT);
		return VIZ_DESTINATION_UNRESOLVED;
	}
	if (contradiction)
		viz_analyze_defect(a, v, VIZ_REJECT_CONTRADICTION,
				   d->town == c.by_code ? VIZ_ROLE_DEST_CITY : VIZ_ROLE_DEST_IBGE);
	/* A finer column counts only where it agrees. A point just over a border is still the
	 * point. */
	d->has_point =
	    c.has_point && viz_towns_uf(a->towns, c.by_point) == viz_towns_uf(a->towns, d->town);
	d->point = c.point;
	d->has_street_cep = c.has_cep && c.street && c.by_cep == d->town;
	d->cep = c.has_cep && c.by_cep == d->town ? c.cep : 0;
	if (a->points && !d->has_point && d->has_street_cep)
		find_point(a, d);
	return VIZ_DESTINATION_FOUND;
}

uint16_t viz_destination_origin(struct viz_analysis *a, const struct viz_row_view *v)
{
	struct viz_field f = viz_row_value(v, VIZ_ROLE_IBGE);
	uint16_t town = VIZ_TOWN_NONE;
	uint32_t number;
	unsigned uf = 0;
	bool street;

	if (viz_value_ibge(&number, f.text, f.len) == 0)
		town = viz_towns_by_code(a->towns, number);
	if (town != VIZ_TOWN_NONE)
		return town;
	f = viz_row_value(v, VIZ_ROLE_UF);
	if (viz_value_identity_uf(&uf, f.text, f.len) < 0)
		uf = 0;
	f = viz_row_value(v, VIZ_ROLE_CITY);
	if (f.len)
		town = town_of(a, &uf, f.text, f.len);
	if (town < VIZ_TOWN_AMBIGUOUS)
		return town;
	f = viz_row_value(v, VIZ_ROLE_CEP);
	if (viz_value_cep(&number, f.text, f.len) == 0)
		return viz_towns_by_cep(a->towns, &street, number);
	return VIZ_TOWN_NONE;
}
