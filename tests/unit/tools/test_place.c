#include "tests/unit/unit.h"

#include "proto/limits.h"
#include "tools/geo/coordinate.h"
#include "tools/geo/place.h"
#include "tools/geo/pluscode.h"
#include "tests/unit/tools/gazetteer.h"

static struct viz_place place;
static struct viz_place_trouble trouble;

static void found(const char *text, enum viz_place_kind kind, uint32_t ibge)
{
	if (viz_place_find(&place, &trouble, g, NULL, text, 0) != 0)
		fail_msg("\"%s\": %s", text, viz_place_words_fault(trouble.fault));
	if (place.kind != kind || place.ibge != ibge)
		fail_msg("\"%s\": %s %u %s", text, viz_place_words_kind(place.kind), place.ibge,
			 place.name);
	assert_int_equal(trouble.fault, VIZ_PLACE_FOUND);
	assert_true(place.name[0] && strlen(place.uf) == 2 && place.has_point &&
		    place.precision_m > 0);
}

static void at(const char *text, int32_t lat, int32_t lon, uint32_t within_udeg)
{
	found(text, VIZ_PLACE_CELL, 3203205);
	if (labs(place.point.lat_udeg - lat) > (long)within_udeg ||
	    labs(place.point.lon_udeg - lon) > (long)within_udeg)
		fail_msg("\"%s\": %d %d", text, place.point.lat_udeg, place.point.lon_udeg);
}

static void not_found(const char *text, enum viz_place_fault fault)
{
	struct viz_place before = place;

	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, text, 0), VIZ_ERR_INPUT);
	if (trouble.fault != fault)
		fail_msg("\"%s\": %s", text, viz_place_words_fault(trouble.fault));
	assert_memory_equal(&before, &place, sizeof before);
}

/* What a person is told about a text that is no place. */
static void said(const char *text, const char *words, const char *palavras)
{
	char en[512], pt[512];

	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, text, 0), VIZ_ERR_INPUT);
	viz_place_words_explain(en, sizeof en, &trouble, VIZ_LANG_EN);
	viz_place_words_explain(pt, sizeof pt, &trouble, VIZ_LANG_PT);
	if (!strstr(en, words) || !strstr(pt, palavras))
		fail_msg("\"%s\": %s\n%s", text, en, pt);
}

static void postcodes(void **state)
{
	(void)state;
	found("29900-100", VIZ_PLACE_POSTCODE, 3203205);
	assert_int_equal(place.cep, 29900100);
	assert_int_equal(place.certainty, VIZ_PLACE_SURE);
	assert_false(place.cep_general);
	found("29900100", VIZ_PLACE_POSTCODE, 3203205);
	found(" CEP: 29.900-100 ", VIZ_PLACE_POSTCODE, 3203205);
	/* a general code is never a street, whether there are codes of streets beside it or not */
	found("29900-000", VIZ_PLACE_MUNICIPALITY, 3203205);
	assert_true(place.cep_general && place.has_cep);
	found("69980-000", VIZ_PLACE_MUNICIPALITY, 1200203);
	found("69980-970", VIZ_PLACE_MUNICIPALITY, 1200203);
	assert_true(place.cep_general);
	not_found("00000-001", VIZ_PLACE_NO_SUCH_CEP);
	found("29900 155", VIZ_PLACE_POSTCODE, 3203205);
	found("29900 000", VIZ_PLACE_MUNICIPALITY, 3203205);
	/* the zero that spreadsheets drop; but seven digits may be the code of a municipality */
	found("1310-100", VIZ_PLACE_POSTCODE, 3550308);
	found("1310100", VIZ_PLACE_POSTCODE, 3550308);
	assert_int_equal(place.cep, 1310100);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	found("1302603", VIZ_PLACE_MUNICIPALITY, 1302603);
}

static void codes_and_names(void **state)
{
	(void)state;
	found("3203205", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("320320", VIZ_PLACE_MUNICIPALITY, 3203205);
	assert_true(place.precision_m > 5000 && place.precision_m < 200000);
	found("Linhares", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("linhares/es", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("Linhares - ES", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("Linhares, Espírito Santo", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("LINHARES (ES)", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("Linhares es", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("Embu-Guaçu - SP", VIZ_PLACE_MUNICIPALITY, 3515103);
	found("Sta. Bárbara d'Oeste/SP", VIZ_PLACE_MUNICIPALITY, 3545803);
	found("S. José dos Campos-SP", VIZ_PLACE_MUNICIPALITY, 3549904);
	found("Brasília", VIZ_PLACE_MUNICIPALITY, 5300108);
	found("Bom Jesus/RS", VIZ_PLACE_MUNICIPALITY, 4302303);
	not_found("Bom Jesus", VIZ_PLACE_AMBIGUOUS);
	assert_int_equal(trouble.candidates_n, 5);
	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, "Bom Jesus", 4302303), 0);
	assert_int_equal(place.ibge, 4302303);
	not_found("Linharez do Norte", VIZ_PLACE_NO_SUCH_NAME);
	not_found("Linharis/ES", VIZ_PLACE_NO_SUCH_NAME);
	assert_int_equal(trouble.candidates[0].ibge, 3203205);
	not_found("Linhares/XX", VIZ_PLACE_NOT_UNDERSTOOD);
	not_found("320321", VIZ_PLACE_NO_SUCH_CODE);
	not_found("123", VIZ_PLACE_NOT_UNDERSTOOD);
	not_found("", VIZ_PLACE_EMPTY);
	not_found(" \t\n", VIZ_PLACE_EMPTY);
	not_found("Av. Paulista", VIZ_PLACE_NO_SUCH_NAME);
}

static void names_cut_short(void **state)
{
	(void)state;
	found("N. Venécia ES", VIZ_PLACE_MUNICIPALITY, 3203908);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	found("Cachoeiro ES", VIZ_PLACE_MUNICIPALITY, 3201209);
	found("Cachoeiro/ES", VIZ_PLACE_MUNICIPALITY, 3201209);
	found("C. Itapemirim", VIZ_PLACE_MUNICIPALITY, 3201209);
	found("S. J. dos Campos SP", VIZ_PLACE_MUNICIPALITY, 3549904);
	found("S.J. Campos/SP", VIZ_PLACE_MUNICIPALITY, 3549904);
	found("BH MG", VIZ_PLACE_MUNICIPALITY, 3106200);
	found("BH", VIZ_PLACE_MUNICIPALITY, 3106200);
	found("Floripa", VIZ_PLACE_MUNICIPALITY, 4205407);
	found("Rua A, 5, Centro, N. Venécia - ES", VIZ_PLACE_MUNICIPALITY, 3203908);
	not_found("Vila ES", VIZ_PLACE_AMBIGUOUS);
	assert_true(trouble.candidates_n >= 3);
	not_found("Cachoeiro", VIZ_PLACE_NO_SUCH_NAME); /* no state: nothing is guessed */
	not_found("R. Branco", VIZ_PLACE_NO_SUCH_NAME);
	not_found("Lin ES", VIZ_PLACE_NO_SUCH_NAME);
}

static void addresses(void **state)
{
	(void)state;
	found("Rua da Conceição, 120, Centro, Linhares - ES", VIZ_PLACE_MUNICIPALITY, 3203205);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	found("Rua da Conceição, 120, 29900-100 Linhares", VIZ_PLACE_POSTCODE, 3203205);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	/* a quarter may have the name of a town: without its state only a person can confirm it */
	not_found("Rua A, 5, Linhares", VIZ_PLACE_NO_SUCH_NAME);
}

static void coordinates(void **state)
{
	(void)state;
	at("-19.3911, -40.0717", -19391100, -40071700, 0);
	at("-19.3911 -40.0717", -19391100, -40071700, 0);
	at("-19.391100,-40.071700", -19391100, -40071700, 0);
	at("-19,3911 -40,0717", -19391100, -40071700, 0);
	at("-19,3911; -40,0717", -19391100, -40071700, 0);
	at("-19,3911, -40,0717", -19391100, -40071700, 0);
	at("\xe2\x88\x92"
	   "19.3911, \xe2\x88\x92"
	   "40.0717",
	   -19391100, -40071700, 0);
	at("(-19.3911, -40.0717)", -19391100, -40071700, 0);
	at("lat: -19.3911 long: -40.0717", -19391100, -40071700, 0);
	at("Latitude -19,3911 Longitude -40,0717", -19391100, -40071700, 0);
	at("19.3911 S, 40.0717 W", -19391100, -40071700, 0);
	at("S19.3911 O40.0717", -19391100, -40071700, 0);
	at("40.0717 W 19.3911 S", -19391100, -40071700, 0);
	at("19°23'28\"S 40°04'18\"W", -19391111, -40071667, 1);
	at("19º 23' 28,0'' S, 40º 4' 18'' O", -19391111, -40071667, 1);
	at("19°23′28″S 40°04′18″W", -19391111, -40071667, 1);
	at("19°23.4667'S 40°4.3'W", -19391112, -40071667, 2);
	at("-19°23'28\" -40°04'18\"", -19391111, -40071667, 1);
	assert_true(place.precision_m <= 60);
	assert_int_equal(place.certainty, VIZ_PLACE_SURE);
	found("-19.39, -40.07", VIZ_PLACE_CELL, 3203205);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	found("-19.4, -40.1", VIZ_PLACE_CELL, 3203205);
	assert_int_equal(place.certainty, VIZ_PLACE_VAGUE);
	not_found("-40.0717, -19.3911", VIZ_PLACE_SWAPPED);
	not_found("19.3911, 40.0717", VIZ_PLACE_ABROAD);
	said("19.3911, 40.0717", "A minus sign is missing: with it, the point lies in Linhares/ES.",
	     "Falta um sinal de menos: com ele o ponto fica em Linhares/ES.");
	said("40.0717, 19.3911",
	     "and the minus signs are missing: the point would lie in Linhares/ES.",
	     "e faltam os sinais de menos: o ponto ficaria em Linhares/ES.");
	/* no minus is called wrong that is right */
	said("-20.35, -40.10", "The point lies at sea or abroad, near Vitória/ES.",
	     "O ponto fica no mar ou fora do Brasil, perto de Vitória/ES.");
	said("-34.6037, -58.3816", "at sea or abroad, far from any", "longe de qualquer município");
	said("0.0000, 0.0000", "0, 0 is no place", "0, 0 não é um lugar");
	not_found("-19.3911, -30.0717", VIZ_PLACE_ABROAD);
	not_found("-19.3911, -240.0717", VIZ_PLACE_OUT_OF_RANGE);
	not_found("19°75'00\"S 40°04'18\"W", VIZ_PLACE_OUT_OF_RANGE);
	not_found("-19.3911", VIZ_PLACE_NO_SUCH_NAME);
}

static void links(void **state)
{
	(void)state;
	at("https://www.google.com/maps/place/Linhares/@-19.4,-40.1,15z/"
	   "data=!3m1!4b1!4m5!3m4!1s0x0:0x1!8m2"
	   "!3d-19.3911!4d-40.0717",
	   -19391100, -40071700, 0);
	assert_int_equal(place.certainty, VIZ_PLACE_SURE);
	at("https://www.google.com/maps/@-19.3911,-40.0717,17z", -19391100, -40071700, 0);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	at("https://maps.google.com/?q=-19.3911,-40.0717", -19391100, -40071700, 0);
	at("https://www.google.com/maps?q=-19.3911%2C-40.0717&z=17&hl=pt-BR", -19391100, -40071700,
	   0);
	at("https://www.google.com/maps/search/?api=1&query=-19.3911,-40.0717", -19391100,
	   -40071700, 0);
	at("https://www.google.com/maps/search/-19.3911,+-40.0717?entry=tts", -19391100, -40071700,
	   0);
	at("https://www.google.com/maps/dir/?api=1&destination=-19.3911,-40.0717", -19391100,
	   -40071700, 0);
	at("https://www.openstreetmap.org/?mlat=-19.3911&mlon=-40.0717#map=17/-19.4/-40.1",
	   -19391100, -40071700, 0);
	at("https://www.openstreetmap.org/#map=17/-19.3911/-40.0717", -19391100, -40071700, 0);
	at("geo:-19.3911,-40.0717;u=35", -19391100, -40071700, 0);
	at("https://waze.com/ul?ll=-19.3911,-40.0717&navigate=yes", -19391100, -40071700, 0);
	at("https://www.waze.com/ul?ll=-19.3911%2C-40.0717", -19391100, -40071700, 0);
	at("Olha onde é: https://maps.google.com/?q=-19.3911,-40.0717 obrigado", -19391100,
	   -40071700, 0);
	/* directions: only their end counts */
	at("https://www.google.com/maps/dir/-20.31,-40.33/-19.3911,-40.0717/@-19.9,-40.2,10z",
	   -19391100, -40071700, 0);
	at("https://www.google.com/maps/dir//-19.3911,-40.0717", -19391100, -40071700, 0);
	at("https://www.google.com/maps/dir/Vit%C3%B3ria,+ES/Linhares,+ES/@-19.9,-40.2,10z/"
	   "data=!3m1!4b1!4m13!4m12!1m5!1m1!1s0x1!2m2!1d-40.3377!2d-20.3194!1m5!1m1!1s0x2!2m2!1d"
	   "-40.0717!2d-19.3911!3e0",
	   -19391100, -40071700, 0);
	found("https://www.google.com/maps/dir/Vit%C3%B3ria+-+ES/Linhares+-+ES/@-19.9,-40.2,10z",
	      VIZ_PLACE_MUNICIPALITY, 3203205);
	not_found("https://www.google.com/maps/dir/-19.3911,-40.0717//@-19.9,-40.2,10z",
		  VIZ_PLACE_NOT_UNDERSTOOD);
	not_found("https://www.google.com/maps/dir/-19.3911,-40.0717/@-19.9,-40.2,10z",
		  VIZ_PLACE_NOT_UNDERSTOOD);
	not_found("https://maps.app.goo.gl/AbCdEf123", VIZ_PLACE_SHORT_LINK);
	not_found("https://example.com/", VIZ_PLACE_NOT_UNDERSTOOD);
	not_found("https://maps.google.com/?q=38.722,-9.139", VIZ_PLACE_ABROAD);
	not_found("https://maps.google.com/?q=-19.3911,-440.0717", VIZ_PLACE_OUT_OF_RANGE);
	not_found("https://maps.google.com/?q=%00-19.3,-40.1", VIZ_PLACE_NOT_UNDERSTOOD);
}

/* Cases from the test data of google/open-location-code (decoding.csv, shortCodeTests.csv),
 * Apache-2.0. */
static void plus_codes(void **state)
{
	static const struct {
		const char *code;
		int32_t lat_lo, lon_lo, lat_hi, lon_hi; /* the area in microdegrees */
	} cases[] = {
	    {"7FG49Q00+", 20350000, 2750000, 20400000, 2800000},
	    {"7FG49QCJ+2V", 20370000, 2782125, 20370125, 2782250},
	    {"7FG49QCJ+2VX", 20370100, 2782218, 20370125, 2782250},
	    {"8FVC2222+22", 47000000, 8000000, 47000125, 8000125},
	    {"4VCPPQGP+Q9", -41273125, 174785875, -41273000, 174786000},
	    {"22220000+", -90000000, -180000000, -89000000, -179000000},
	};
	static const struct {
		const char *full, *near_code;
		int32_t lat, lon;
	} shorts[] = {
	    {"9C3W9QCJ+2VX", "CJ+2VX", 51370850, -1217700},
	    {"9C3W9QCJ+2VX", "9QCJ+2VX", 51368800, -1217700},
	    {"9C3W9QCJ+2VX", "CJ+2VX", 51349000, -1217700}, /* the nearest one is across the edge */
	    {"8FVC2GGG+GG", "2GGG+GG", 46976000, 8526000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct viz_point p;
		uint32_t half;

		assert_int_equal(viz_pluscode_decode(&p, &half, cases[i].code,
						     strlen(cases[i].code),
						     (struct viz_point){0, 0}),
				 0);
		if (labs(p.lat_udeg - (cases[i].lat_lo + cases[i].lat_hi) / 2) > 1 ||
		    labs(p.lon_udeg - (cases[i].lon_lo + cases[i].lon_hi) / 2) > 1)
			fail_msg("%s: %d %d", cases[i].code, p.lat_udeg, p.lon_udeg);
	}
	for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
		struct viz_point full, near;
		uint32_t half;

		assert_int_equal(viz_pluscode_decode(&full, &half, shorts[i].full,
						     strlen(shorts[i].full),
						     (struct viz_point){0, 0}),
				 0);
		assert_int_equal(viz_pluscode_decode(
				     &near, &half, shorts[i].near_code, strlen(shorts[i].near_code),
				     (struct viz_point){shorts[i].lat, shorts[i].lon}),
				 0);
		assert_in_range(labs(full.lat_udeg - near.lat_udeg), 0, 1);
		assert_in_range(labs(full.lon_udeg - near.lon_udeg), 0, 1);
	}
}

static void plus_codes_as_places(void **state)
{
	(void)state;
	/* 58GXJW5H+J8 is -19.391, -40.0717 */
	found("58GXJW5H+J8", VIZ_PLACE_CELL, 3203205);
	found("58gxjw5h+j8", VIZ_PLACE_CELL, 3203205);
	found("JW5H+J8 Linhares, ES", VIZ_PLACE_CELL, 3203205);
	found("JW5H+J8, Linhares - Espírito Santo", VIZ_PLACE_CELL, 3203205);
	/* as Google writes it, with the quarter */
	found("JW5H+J8 Centro, Linhares - ES", VIZ_PLACE_CELL, 3203205);
	found("JW5H+J8 Centro, Linhares - ES, 29900-100", VIZ_PLACE_CELL, 3203205);
	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, "JW5H+J8", 3203205), 0);
	not_found("JW5H+J8", VIZ_PLACE_SHORT_CODE);
	not_found("JW5H+J8 Atlantis", VIZ_PLACE_NO_SUCH_NAME);
	not_found("8FVC2222+22", VIZ_PLACE_ABROAD);
	not_found("58GX0W00+", VIZ_PLACE_NOT_UNDERSTOOD);
}

/* What people call places: regions of the Federal District, names in daily use, former ones. */
static void daily_names(void **state)
{
	(void)state;
	not_found("POA", VIZ_PLACE_AMBIGUOUS);
	assert_int_equal(trouble.candidates_n, 2);
	found("POA/RS", VIZ_PLACE_MUNICIPALITY, 4314902);
	found("poa - rs", VIZ_PLACE_MUNICIPALITY, 4314902);
	found("Poá", VIZ_PLACE_MUNICIPALITY, 3539806);
	found("Poa/SP", VIZ_PLACE_MUNICIPALITY, 3539806);
	not_found("Planaltina", VIZ_PLACE_AMBIGUOUS);
	found("Planaltina/GO", VIZ_PLACE_MUNICIPALITY, 5217609);
	not_found("Guará", VIZ_PLACE_AMBIGUOUS);
	for (const char *const *name =
		 (const char *const[]){"Ceilândia/DF", "Taguatinga/DF", "Gama - DF",
				       "Planaltina, DF", "Águas Claras (DF)", "Guará II/DF",
				       "Setor de Indústria/DF", NULL};
	     *name; name++)
		found(*name, VIZ_PLACE_MUNICIPALITY, 5300108);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	found("Búzios/RJ", VIZ_PLACE_MUNICIPALITY, 3300233);
	found("Buzios", VIZ_PLACE_MUNICIPALITY, 3300233);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	found("Piçarras/SC", VIZ_PLACE_MUNICIPALITY, 4212809);
	found("Santarém/PB", VIZ_PLACE_MUNICIPALITY, 2513653);
	found("Santarém", VIZ_PLACE_MUNICIPALITY, 1506807);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY); /* there is Santarém Novo */
	found("Presidente Juscelino/RN", VIZ_PLACE_MUNICIPALITY, 2410306);
	found("Assu/RN", VIZ_PLACE_MUNICIPALITY, 2400208);
	found("Bataiporã/MS", VIZ_PLACE_MUNICIPALITY, 5002001);
	/* the end of a name, within its state */
	found("Prudente/SP", VIZ_PLACE_MUNICIPALITY, 3541406);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	found("Valadares/MG", VIZ_PLACE_MUNICIPALITY, 3127701);
	found("Rio Preto/SP", VIZ_PLACE_MUNICIPALITY, 3549805);
	not_found("Prudente", VIZ_PLACE_NO_SUCH_NAME);
	not_found("Linhares/ES do Norte", VIZ_PLACE_NOT_UNDERSTOOD);
	/* as maps write it */
	found("Linhares - ES, Brasil", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("Linhares, Espírito Santo, Brazil", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("Linhares/ES (Brasil)", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("Linhares ES Brasil", VIZ_PLACE_MUNICIPALITY, 3203205);
	found("R. A, 5 - Centro, Linhares - ES, 29900-100, Brasil", VIZ_PLACE_POSTCODE, 3203205);
	found("Novo Brasil", VIZ_PLACE_MUNICIPALITY, 5215207);
	found("Brasil Novo/PA", VIZ_PLACE_MUNICIPALITY, 1501725);
}

static void links_with_names(void **state)
{
	(void)state;
	at("JW4P+4P Centro, Linhares - ES, Brasil", -19394687, -40063187, 1);
	/* the pin that is named, and not the middle of the map */
	at("https://www.google.com/maps/place/19%C2%B023'40.6%22S+40%C2%B003'51.5%22W/@-19.3946111,"
	   "-40.0668802,17z",
	   -19394611, -40064306, 1);
	at("https://www.google.com/maps/search/19%C2%B023'40.6%22S+40%C2%B003'51.5%22W/"
	   "@-19.3,-40.2,"
	   "12z",
	   -19394611, -40064306, 1);
	at("https://www.google.com/maps/place/JW4P%2B4P+Linhares,+ES", -19394687, -40063187, 1);
	at("https://www.google.com/maps/place/JW4P%2B4P+Linhares,+State+of+Esp%C3%ADrito+Santo/"
	   "@-19.40,-40.07,15z",
	   -19394687, -40063187, 1);
	at("https://www.google.com/maps/place/JW4P%2B4P/@-19.40,-40.07,15z", -19394687, -40063187,
	   1);
	at("https://www.google.com/maps/place/58GXJW4P+4P/@-19.3,-40.2,12z", -19394687, -40063187,
	   1);
	at("https://plus.codes/58GXJW4P+4P", -19394687, -40063187, 1);
	at("https://plus.codes/JW4P+4P,Linhares", -19394687, -40063187, 1);
	at("https://maps.google.com/?q=JW4P%2B4P%20Linhares", -19394687, -40063187, 1);
	at("https://www.google.com/maps?q=loc:-19.3946+-40.0643", -19394600, -40064300, 0);
	at("https://www.google.com/maps?q=loc:-19.3946,-40.0643&z=17", -19394600, -40064300, 0);
	at("https://maps.google.com/maps?q=-19.3946+-40.0643", -19394600, -40064300, 0);
	at("loc:-19.3946,-40.0643", -19394600, -40064300, 0);
	at("geo:-19.3946, -40.0643", -19394600, -40064300, 0);
	at("GEO: -19.3946,-40.0643", -19394600, -40064300, 0);
	at("geo:0,0?q=-19.3946,-40.0643(Casa)", -19394600, -40064300, 0);
}

/* The middle of a map is as precise as the map. */
static void precision_of_windows(void **state)
{
	static const struct {
		const char *link;
		uint32_t from, to;
		enum viz_place_certainty certainty;
	} windows[] = {
	    {"https://www.google.com/maps/@-19.3911,-40.0717,20z", 20, 60, VIZ_PLACE_SURE},
	    {"https://www.google.com/maps/@-19.3911,-40.0717,17z", 250, 350, VIZ_PLACE_LIKELY},
	    {"https://www.google.com/maps/@-19.3911,-40.0717,16.5z", 350, 600, VIZ_PLACE_LIKELY},
	    {"https://www.google.com/maps/@-19.3911,-40.0717,12z", 9000, 11000, VIZ_PLACE_VAGUE},
	    {"https://www.google.com/maps/@-19.3911,-40.0717,3000m/data=!3m1!1e3", 1500, 1500,
	     VIZ_PLACE_VAGUE},
	    {"https://www.google.com/maps/@-19.3911,-40.0717,3a,75y,90t/data=!3m6", 50, 50,
	     VIZ_PLACE_SURE},
	    {"https://www.openstreetmap.org/#map=12/-19.3911/-40.0717", 9000, 11000,
	     VIZ_PLACE_VAGUE},
	    {"https://www.bing.com/maps?cp=-19.3911~-40.0717&lvl=12", 9000, 11000, VIZ_PLACE_VAGUE},
	    {"https://maps.google.com/?ll=-19.3911,-40.0717&z=12", 9000, 11000, VIZ_PLACE_VAGUE},
	    {"https://waze.com/ul?ll=-19.3911,-40.0717&z=12", 20, 20, VIZ_PLACE_SURE},
	    {"https://www.google.com/maps/@-19.3911,-40.0717,0z", 300, 50000000, VIZ_PLACE_LIKELY}};

	(void)state;
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
		found(windows[i].link, VIZ_PLACE_CELL, 3203205);
		if (place.precision_m < windows[i].from || place.precision_m > windows[i].to ||
		    place.certainty != windows[i].certainty)
			fail_msg("%s: %u", windows[i].link, place.precision_m);
	}
}

static void explanations(void **state)
{
	char text[400];

	(void)state;
	not_found("Bom Jesus", VIZ_PLACE_AMBIGUOUS);
	viz_place_words_explain(text, sizeof text, &trouble, VIZ_LANG_PT);
	assert_true(strstr(text, "informe a UF") && strstr(text, "Bom Jesus/RS"));
	not_found("Linharis/ES", VIZ_PLACE_NO_SUCH_NAME);
	viz_place_words_explain(text, sizeof text, &trouble, VIZ_LANG_EN);
	assert_string_equal(text, "No municipality of that name. Did you mean Linhares/ES?");
	viz_place_words_explain(text, 10, &trouble, VIZ_LANG_EN);
	assert_int_equal(strlen(text), 9);
}

static void coordinate_text(void **state)
{
	int32_t v = 0;

	(void)state;
	assert_int_equal(viz_coordinate_parse(&v, "-19.39110049", VIZ_LAT_UDEG_MAX), 0);
	assert_int_equal(v, -19391100);
	assert_int_equal(viz_coordinate_parse(&v, "-19.3911005", VIZ_LAT_UDEG_MAX), 0);
	assert_int_equal(v, -19391101);
	assert_int_equal(viz_coordinate_parse(&v, "0.0000004999", VIZ_LAT_UDEG_MAX), 0);
	assert_int_equal(v, 0);
	assert_int_equal(viz_coordinate_parse(&v, "90", VIZ_LAT_UDEG_MAX), 0);
	assert_int_equal(v, 90000000);
	assert_int_equal(viz_coordinate_parse(&v, "1e-5", VIZ_LAT_UDEG_MAX), 0);
	assert_int_equal(v, 10);
	assert_int_equal(viz_coordinate_parse(&v, "90.000001", VIZ_LAT_UDEG_MAX), VIZ_ERR_LIMIT);
	assert_int_equal(viz_coordinate_parse(&v, "99999999999999999999", VIZ_LAT_UDEG_MAX),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_coordinate_parse(&v, "", VIZ_LAT_UDEG_MAX), VIZ_ERR_INPUT);
	assert_int_equal(viz_coordinate_parse(&v, ".", VIZ_LAT_UDEG_MAX), VIZ_ERR_INPUT);
	assert_int_equal(viz_coordinate_parse(&v, "-", VIZ_LAT_UDEG_MAX), VIZ_ERR_INPUT);
	assert_int_equal(viz_coordinate_parse(&v, "1.2.3", VIZ_LAT_UDEG_MAX), VIZ_ERR_INPUT);
	assert_int_equal(viz_coordinate_parse(&v, "nan", VIZ_LAT_UDEG_MAX), VIZ_ERR_INPUT);
	assert_int_equal(viz_coordinate_from_double(&v, -40.0717, VIZ_LON_UDEG_MAX), 0);
	assert_int_equal(v, -40071700);
	assert_int_equal(viz_coordinate_from_double(&v, 0.0 / 0.0, VIZ_LON_UDEG_MAX),
			 VIZ_ERR_LIMIT);
	assert_int_equal(viz_coordinate_from_double(&v, 1e300, VIZ_LON_UDEG_MAX), VIZ_ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(postcodes),
	    cmocka_unit_test(codes_and_names),
	    cmocka_unit_test(names_cut_short),
	    cmocka_unit_test(addresses),
	    cmocka_unit_test(coordinates),
	    cmocka_unit_test(links),
	    cmocka_unit_test(plus_codes),
	    cmocka_unit_test(plus_codes_as_places),
	    cmocka_unit_test(daily_names),
	    cmocka_unit_test(links_with_names),
	    cmocka_unit_test(precision_of_windows),
	    cmocka_unit_test(explanations),
	    cmocka_unit_test(coordinate_text),
	};

	return cmocka_run_group_tests(tests, gazetteer_setup, gazetteer_teardown);
}
