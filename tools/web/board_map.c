#include "tools/web/board_map.h"

#include "tools/geo/gazetteer.h"
#include "tools/web/board.h"
#include "tools/web/customer_words.h"
#include "tools/web/desk_model.h"

#define WIDTH     1000u /* units of the drawing */
#define TOWNS_MAX 400   /* that are drawn and listed */
#define PAGES_MAX 3     /* of coverage.export: rounds of a page are few */

struct town {
	uint32_t code;
	unsigned partners; /* that serve it */
	bool own;
	unsigned waiting; /* customers of ours */
	char who[512];
};

struct map {
	struct town *town;
	size_t n, max;
};

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static struct town *town_of(struct map *m, const json_t *municipality)
{
	uint32_t code = (uint32_t)json_integer_value(json_object_get(municipality, "code"));

	for (size_t i = 0; i < m->n; i++)
		if (m->town[i].code == code)
			return &m->town[i];
	if (m->n == m->max) {
		m->max = m->max > 0 ? 2 * m->max : 64;
		m->town = realloc(m->town, m->max * sizeof *m->town);
		VIZ_REQUIRE(m->town != NULL);
	}
	m->town[m->n] = (struct town){.code = code};
	return &m->town[m->n++];
}

/* A provider may publish a town in several records: it counts once. */
static void serve(struct map *m, const json_t *municipality, const json_t *member)
{
	struct town *t = town_of(m, municipality);
	size_t len = strlen(t->who);
	bool self = json_is_true(json_object_get(member, "self"));
	const char *name = text_of(member, "name");

	if (self ? t->own : strstr(t->who, name) != NULL)
		return;
	t->own = t->own || self;
	t->partners += !self;
	snprintf(t->who + len, sizeof t->who - len, "%s%s", len > 0 ? ", " : "", name);
}

static void take_members(struct map *m, const json_t *members)
{
	const json_t *member, *ad, *municipality;
	size_t i, k, j;

	json_array_foreach(members, i, member)
	    json_array_foreach(json_object_get(member, "advertisements"), k, ad)
		json_array_foreach(json_object_get(ad, "municipalities"), j, municipality)
		    serve(m, municipality, member);
}

static void take_unserved(struct map *m, const json_t *towns)
{
	const json_t *town;
	size_t i;

	json_array_foreach(towns, i, town) town_of(m, json_object_get(town, "municipality"))
	    ->waiting = (unsigned)json_integer_value(json_object_get(town, "lead_count"));
}

/* ---- the drawing ---- */

static void grow(struct viz_box *all, const struct viz_box *b)
{
	all->south_udeg = b->south_udeg < all->south_udeg ? b->south_udeg : all->south_udeg;
	all->west_udeg = b->west_udeg < all->west_udeg ? b->west_udeg : all->west_udeg;
	all->north_udeg = b->north_udeg > all->north_udeg ? b->north_udeg : all->north_udeg;
	all->east_udeg = b->east_udeg > all->east_udeg ? b->east_udeg : all->east_udeg;
}

/* What the style sheet colours, and a letter besides: no meaning by colour alone. */
static const char *class_of(const struct town *t)
{
	if (t->own)
		return t->partners > 0 ? "both" : "own";
	return t->partners > 0 ? "partners" : "waiting";
}

static void draw_town(FILE *out, const struct viz_gazetteer *g, const struct town *t,
		      struct viz_box frame)
{
	struct viz_municipality m;
	double x, y, height;
	char *path = NULL;

	if (viz_gazetteer_by_code(g, &m, t->code) != VIZ_OK)
		return;
	if (viz_gazetteer_outline_svg_path(g, &path, t->code, frame, WIDTH) == VIZ_OK)
		fprintf(out, "<path class=\"%s\" d=\"%s\"><title>%s/%s</title></path>", class_of(t),
			path, m.name, m.uf);
	free(path);
	viz_gazetteer_outline_svg_point(&x, &y, &height, m.seat, frame, WIDTH);
	if (t->waiting > 0)
		fprintf(
		    out,
		    "<circle class=\"waits\" cx=\"%.1f\" cy=\"%.1f\" r=\"16\"/><text x=\"%.1f\" "
		    "y=\"%.1f\">%u</text>",
		    x, y, x, y + 6, t->waiting);
}

/* A new reference; NULL: there is nothing to draw. The names of the gazetteer need no escapes. */
static json_t *draw(const struct viz_gazetteer *g, const struct map *map)
{
	struct viz_box all = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
	size_t drawn = map->n < TOWNS_MAX ? map->n : TOWNS_MAX, len = 0;
	struct viz_municipality m;
	double x, y, height;
	char *text = NULL;
	json_t *svg;
	FILE *out;

	for (size_t i = 0; i < drawn; i++)
		if (viz_gazetteer_by_code(g, &m, map->town[i].code) == VIZ_OK)
			grow(&all, &m.box);
	if (all.south_udeg >= all.north_udeg)
		return NULL;
	out = open_memstream(&text, &len);
	VIZ_REQUIRE(out != NULL);
	viz_gazetteer_outline_svg_point(&x, &y, &height, (struct viz_point){0, 0}, all, WIDTH);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %.0f\" "
		"aria-hidden=\"true\">",
		WIDTH, height);
	for (size_t i = 0; i < drawn; i++)
		draw_town(out, g, &map->town[i], all);
	fprintf(out, "</svg>");
	VIZ_REQUIRE(fclose(out) == 0);
	svg = json_string(text);
	free(text);
	return svg;
}

/* ---- the page ---- */

static void ask_map(struct viz_page *p)
{
	viz_page_ask(p, "coverage.export", NULL);
	viz_page_ask(p, "lead.unserved", NULL);
}

static int by_waiting(const void *a, const void *b)
{
	const struct town *x = a, *y = b;

	if (x->waiting != y->waiting)
		return x->waiting > y->waiting ? -1 : 1;
	return x->code < y->code ? -1 : x->code > y->code;
}

static json_t *rows(const struct map *map, const struct viz_page *p)
{
	json_t *out = json_array();

	for (size_t i = 0; i < map->n && i < TOWNS_MAX; i++) {
		const struct town *t = &map->town[i];
		json_t *code = json_pack("{s:I}", "code", (json_int_t)t->code);

		json_array_append_new(
		    out,
		    json_pack("{s:o,s:s,s:o,s:i}", "town", viz_customer_words_town(code), "who",
			      t->who, "kind", viz_desk_model_word(p, "board_map_", class_of(t)),
			      "waiting", (int)t->waiting));
		json_decref(code);
	}
	return out;
}

static void show(struct viz_page *p, const json_t *members, const json_t *unserved)
{
	struct viz_gazetteer *g = NULL;
	struct map map = {0};
	json_t *svg = NULL;

	take_members(&map, members);
	take_unserved(&map, unserved);
	if (map.n > 0)
		qsort(map.town, map.n, sizeof *map.town, by_waiting);
	if (viz_gazetteer_open(&g, NULL) == VIZ_OK) {
		svg = draw(g, &map);
		viz_gazetteer_close(g);
	}
	if (svg != NULL)
		viz_page_set(p, "map", json_pack("{s:o}", "towns_svg", svg));
	viz_page_set(p, "towns", rows(&map, p));
	viz_page_set(p, "more", json_boolean(map.n > TOWNS_MAX));
	free(map.town);
	viz_page_render(p, 200, "board/map");
}

/* The pages of coverage.export, one round each. */
static void answer_map(struct viz_page *p)
{
	const json_t *result = viz_page_result(p, 0);
	const json_t *cursor = json_object_get(result, "cursor"), *kept;
	json_t *members;

	viz_desk_model_frame(p, "map");
	if (viz_page_refused(p))
		return;
	kept = viz_page_kept(p, "members");
	members = kept != NULL ? json_copy((json_t *)(uintptr_t)kept) : json_array();
	json_array_extend(members, json_object_get(result, "members"));
	if (viz_page_round(p) == 0)
		viz_page_keep(p, "unserved",
			      json_incref(json_object_get(viz_page_result(p, 1), "towns")));
	viz_page_keep(p, "members", members);
	if (cursor != NULL && viz_page_round(p) < PAGES_MAX) {
		viz_page_ask(p, "coverage.export",
			     json_pack("{s:s}", "cursor", json_string_value(cursor)));
		return;
	}
	show(p, viz_page_kept(p, "members"), viz_page_kept(p, "unserved"));
}

const struct viz_route viz_board_map_routes[] = {
    {VIZ_WEB_GET, "/board/map", VIZ_WEB_PRIVATE, VIZ_BOARD_ROLES, 0, ask_map, answer_map},
    {0},
};
