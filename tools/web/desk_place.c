#include "tools/web/desk_place.h"

#include "tools/geo/cep_points.h"
#include "tools/geo/place_json.h"

/* Both are opened at the first look-up, and held as long as the process: they are mapped files. */
static struct viz_gazetteer *gazetteer;
static struct viz_cep_points *points;

static bool open_once(void)
{
	static bool tried;

	if (!tried && viz_gazetteer_open(&gazetteer, NULL) != VIZ_OK)
		gazetteer = NULL;
	if (!tried && viz_cep_points_open(&points, viz_cep_points_path()) != VIZ_OK)
		points = NULL;
	tried = true;
	return gazetteer != NULL;
}

/* What was understood, in one line. */
static json_t *words_of(enum viz_lang lang, const struct viz_place *place)
{
	enum viz_web_text kind = place->kind == VIZ_PLACE_CELL ? VIZ_WEB_TEXT_DESK_PLACE_CELL
				 : place->kind == VIZ_PLACE_POSTCODE
				     ? VIZ_WEB_TEXT_DESK_PLACE_POSTCODE
				     : VIZ_WEB_TEXT_DESK_PLACE_MUNICIPALITY;
	char cep[24] = "";

	if (place->has_cep)
		snprintf(cep, sizeof cep, ", CEP %05u-%03u", place->cep / 1000, place->cep % 1000);
	return json_sprintf("%s/%s%s: %s", place->name, place->uf, cep, viz_web_text(lang, kind));
}

bool viz_desk_place_find(json_t **place, json_t **words, bool *sure, enum viz_lang lang,
			 const char *text, json_int_t home)
{
	struct viz_place_trouble trouble = {0};
	struct viz_place found;
	char why[2048];

	if (!open_once()) {
		*words = json_string(viz_web_text(lang, VIZ_WEB_TEXT_DESK_NO_GAZETTEER));
		return false;
	}
	if (viz_place_find(&found, &trouble, gazetteer, points, text,
			   home > 0 ? (uint32_t)home : VIZ_PLACE_NEAR_NOTHING) != VIZ_OK) {
		viz_place_words_explain(why, sizeof why, &trouble, lang);
		*words = json_string(why);
		return false;
	}
	*place = viz_place_json(&found, points);
	*words = words_of(lang, &found);
	*sure = found.certainty == VIZ_PLACE_SURE;
	return true;
}
