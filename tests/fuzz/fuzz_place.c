#include "tests/fuzz/fuzz.h"

#include "tools/geo/place.h"

/* Any text gives a place in Brazil or a known error. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct viz_gazetteer *g;
	static struct viz_place_trouble trouble;
	struct viz_place place;
	struct viz_municipality m;
	char text[4096], said[256];

	if (!g)
		VIZ_REQUIRE(viz_gazetteer_open(&g, NULL) == 0);
	if (len >= sizeof text)
		len = sizeof text - 1;
	memcpy(text, data, len);
	text[len] = '\0';
	if (viz_place_find(&place, &trouble, g, NULL, text, 3203205) == 0) {
		VIZ_REQUIRE(viz_gazetteer_by_code(g, &m, place.ibge) == 0 && place.has_point);
		VIZ_REQUIRE(trouble.fault == VIZ_PLACE_FOUND && viz_point_valid(place.point));
	} else {
		VIZ_REQUIRE(trouble.fault != VIZ_PLACE_FOUND);
		viz_place_words_explain(said, sizeof said, &trouble, VIZ_LANG_PT);
	}
	return 0;
}
