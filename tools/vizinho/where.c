#include "tools/vizinho/where.h"

#include "proto/limits.h"
#include "tools/geo/cep_points.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"

const char *viz_where_points_path(void)
{
	return viz_cep_points_path();
}

int viz_where_open(struct viz_where *w, const struct viz_cli *cli)
{
	int err;

	*w = (struct viz_where){.cli = cli, .near = VIZ_PLACE_NEAR_NOTHING};
	err = viz_gazetteer_open(&w->gazetteer, NULL);
	if (err != VIZ_OK) {
		w->gazetteer = NULL;
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_NO_GAZETTEER,
				       VIZ_MSG_NO_GAZETTEER);
	}
	err = viz_cep_points_open(&w->points, viz_where_points_path());
	if (err != VIZ_OK)
		w->points = NULL;
	if (err == VIZ_ERR_FORM)
		viz_print_hint(cli, VIZ_MSG_BAD_POINTS, viz_where_points_path());
	return VIZ_EXIT_OK;
}

void viz_where_close(struct viz_where *w)
{
	if (w->points != NULL)
		viz_cep_points_close(w->points);
	if (w->gazetteer != NULL)
		viz_gazetteer_close(w->gazetteer);
	w->points = NULL;
	w->gazetteer = NULL;
}

void viz_where_explain(char *out, size_t max, const struct viz_cli *cli,
		       const struct viz_place_trouble *trouble)
{
	viz_place_words_explain(out, max, trouble, cli->lang);
}

/* The code that is called like the fault. */
static enum viz_code code_of(enum viz_place_fault fault)
{
	const char *name = viz_place_words_fault(fault);

	for (int code = 0; code < VIZ_CODE_COUNT; code++)
		if (strcmp(viz_code_name((enum viz_code)code), name) == 0)
			return (enum viz_code)code;
	VIZ_REQUIRE(false);
	return VIZ_CODE_COUNT;
}

int viz_where_find(struct viz_place *place, const struct viz_where *w, const char *text)
{
	struct viz_place_trouble trouble = {0};
	char words[2048];

	if (viz_place_find(place, &trouble, w->gazetteer, w->points, text, w->near) == VIZ_OK)
		return VIZ_EXIT_OK;
	viz_where_explain(words, sizeof words, w->cli, &trouble);
	return viz_print_fault(w->cli, VIZ_EXIT_FAILED, code_of(trouble.fault), words, NULL);
}

/* The cell of the area; 0: the municipality alone. */
static uint64_t area_cell(const struct viz_where *w, const struct viz_place *place)
{
	uint64_t cell = 0;

	if (place->has_point && w->points != NULL)
		cell = viz_cell_around(place->point, place->precision_m, VIZ_AREA_LEVEL);
	return cell != 0 && viz_cep_points_addresses(w->points, cell) >= VIZ_AREA_ADDRESSES ? cell
											    : 0;
}

json_t *viz_where_json(const struct viz_where *w, const struct viz_place *found)
{
	json_t *o = json_object();
	struct viz_place rounded = *found, *place = &rounded;
	uint64_t cell;

	/* The daemon sends no digits that the precision does not bear, and the cell must hold what
	 * it sends. */
	place->point = viz_point_round(found->point, found->precision_m);
	cell = area_cell(w, place);

	json_object_set_new(o, "municipality", json_pack("{s:I}", "code", (json_int_t)place->ibge));
	json_object_set_new(o, "precision_m", json_integer(place->precision_m));
	if (place->has_cep)
		json_object_set_new(o, "cep", json_integer(place->cep));
	if (place->has_point) {
		json_object_set_new(o, "lat_udeg", json_integer(place->point.lat_udeg));
		json_object_set_new(o, "lon_udeg", json_integer(place->point.lon_udeg));
	}
	if (cell != 0)
		json_object_set_new(o, "cell", json_integer((json_int_t)cell));
	return o;
}

void viz_where_words(char *out, size_t max, const struct viz_cli *cli,
		     const struct viz_place *place)
{
	char cep[VIZ_FORMAT_MAX + 8] = "", precision[VIZ_FORMAT_MAX + 8] = "";
	char number[VIZ_FORMAT_MAX];

	if (place->has_cep)
		snprintf(cep, sizeof cep, ", CEP %05u-%03u", place->cep / 1000, place->cep % 1000);
	viz_format_metres(number, place->precision_m);
	if (place->has_point)
		snprintf(precision, sizeof precision, ", ±%s", number);
	viz_print_text(out, max, cli->lang, VIZ_MSG_PLACE, place->name, place->uf, cep,
		       viz_format_word(cli, viz_place_words_kind(place->kind)), precision,
		       viz_format_word(cli, viz_place_words_certainty(place->certainty)));
}

void viz_where_print(const struct viz_cli *cli, const struct viz_place *place)
{
	char text[512];

	viz_where_words(text, sizeof text, cli, place);
	if (!cli->json)
		puts(text);
}

void viz_where_name(char *out, size_t max, const struct viz_where *w, int64_t ibge)
{
	struct viz_municipality m;

	if (ibge > 0 && w->gazetteer != NULL &&
	    viz_gazetteer_by_code(w->gazetteer, &m, (uint32_t)ibge) == VIZ_OK)
		snprintf(out, max, "%s/%s", m.name, m.uf);
	else if (ibge > 0)
		snprintf(out, max, "%lld", (long long)ibge);
	else
		snprintf(out, max, "-");
}
