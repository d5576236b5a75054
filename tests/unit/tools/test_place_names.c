#include "tests/unit/unit.h"

#include "tools/geo/place.h"
#include "tests/unit/tools/gazetteer.h"

/* One line of place_names.tsv. False, with a message, when the answer is not one of those. */
static bool answers(char *text)
{
	char *codes = text + strcspn(text, "\t"), code[16] = "-";
	struct viz_place_trouble trouble;
	struct viz_place place;
	bool found, sure = false, listed = false;

	*codes++ = '\0';
	found = viz_place_find(&place, &trouble, g, NULL, text, 0) == 0;
	if (found) {
		snprintf(code, sizeof code, "%u", place.ibge);
		sure = place.certainty == VIZ_PLACE_SURE;
	}
	for (const char *at = strstr(codes, code); at && !listed; at = strstr(at + 1, code))
		listed = strchr("|\t", at[strlen(code)]) != NULL;
	if (listed && !(sure && strstr(codes, "\task")))
		return true;
	print_message("# \"%s\": %s%s, not %s\n", text, code, sure ? " for sure" : "", codes);
	return false;
}

static void names_as_people_write_them(void **state)
{
	const char *vectors = getenv("VIZ_VECTORS");
	char path[512], line[512];
	unsigned n = 0, right = 0;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/place_names.tsv", vectors ? vectors : "tests/vectors");
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !strchr(line, '\t'))
			continue;
		n++;
		right += answers(line);
	}
	fclose(f);
	print_message("# %u of %u\n", right, n);
	assert_true(n >= 250);
	assert_int_equal(right, n);
}

static struct viz_place place;

static void link_to(const char *text, enum viz_place_kind kind, uint32_t ibge)
{
	struct viz_place_trouble trouble;

	if (viz_place_find(&place, &trouble, g, NULL, text, 0) != 0)
		fail_msg("\"%s\": %s", text, viz_place_words_fault(trouble.fault));
	if (place.kind != kind || place.ibge != ibge || place.street)
		fail_msg("\"%s\": %s %u", text, viz_place_words_kind(place.kind), place.ibge);
}

static void no_link(const char *text, enum viz_place_fault fault)
{
	struct viz_place_trouble trouble;

	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, text, 0), VIZ_ERR_INPUT);
	if (trouble.fault != fault)
		fail_msg("\"%s\": %s", text, viz_place_words_fault(trouble.fault));
}

/* A link with a name in place of a pin. */
static void links_with_a_name_alone(void **state)
{
	(void)state;
	link_to("https://www.google.com/maps/place/Linhares+-+ES", VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://www.google.com/maps/place/Linhares,+ES/", VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://www.google.com/maps/place/Linhares,+ES,+29900-000,+Brasil",
		VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://www.google.com/maps/place/Linhares+-+State+of+Esp%C3%ADrito+Santo",
		VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://maps.google.com/?q=Linhares", VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://www.google.com/maps/search/?api=1&query=Linhares%2C+ES",
		VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://www.google.com/maps/search/29900-100", VIZ_PLACE_POSTCODE, 3203205);
	link_to("https://waze.com/ul?q=Linhares%20ES", VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("geo:0,0?q=Linhares,ES", VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://maps.apple.com/?address=Linhares,ES", VIZ_PLACE_MUNICIPALITY, 3203205);
	no_link("https://www.google.com/maps/place/Bom+Jesus", VIZ_PLACE_AMBIGUOUS);
	no_link("https://www.google.com/maps/place/Padaria+do+Z%C3%A9", VIZ_PLACE_NOT_UNDERSTOOD);
	no_link("https://www.google.com/maps/place/?q=place_id:ChIJ0WGkg4FEzpQRrlsz_whLqZs",
		VIZ_PLACE_NOT_UNDERSTOOD);
}

/* The words count before the middle of the map, unless they name no place. */
static void links_with_a_name_and_a_map(void **state)
{
	(void)state;
	link_to("https://www.google.com/maps/place/Rua+da+Concei%C3%A7%C3%A3o,+120+-+Centro,"
		"+Linhares+-+ES,+29900-100/@-20.3,-40.3,12z",
		VIZ_PLACE_POSTCODE, 3203205);
	assert_int_equal(place.cep, 29900100);
	link_to("https://www.google.com/maps/place/Rua+A,+5+-+Linhares+-+ES/@-20.32,-40.34,17z",
		VIZ_PLACE_MUNICIPALITY, 3203205);
	link_to("https://www.google.com/maps/place/Rua+A,+5+-+Linhares+-+ES/@-19.39,-40.07,17z",
		VIZ_PLACE_CELL, 3203205);
	assert_true(place.certainty == VIZ_PLACE_LIKELY && place.precision_m < 400);
	link_to("https://www.google.com/maps/place/Bom+Jesus/@-28.6,-50.4,12z",
		VIZ_PLACE_MUNICIPALITY, 4302303);
	/* a shop, which may have the name of a town */
	link_to("https://www.google.com/maps/place/Padaria+do+Z%C3%A9/@-19.39,-40.07,17z",
		VIZ_PLACE_CELL, 3203205);
	link_to("https://www.google.com/maps/place/Linhares/@-23.55,-46.63,17z", VIZ_PLACE_CELL,
		3550308);
	/* a pin is surer than both */
	link_to("https://maps.apple.com/?address=Colatina,ES&ll=-19.39,-40.07&q=Casa",
		VIZ_PLACE_CELL, 3203205);
	assert_int_equal(place.precision_m, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_as_people_write_them),
	    cmocka_unit_test(links_with_a_name_alone),
	    cmocka_unit_test(links_with_a_name_and_a_map),
	};

	return cmocka_run_group_tests(tests, gazetteer_setup, gazetteer_teardown);
}
