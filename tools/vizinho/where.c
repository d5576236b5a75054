#include "tools/vizinho/where.h"

#include "tools/geo/cep_points.h"
#include "tools/geo/place_json.h"
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

json_t *viz_where_json(const struct viz_where *w, const struct viz_place *place)
{
	return viz_place_json(place, w->points);
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
