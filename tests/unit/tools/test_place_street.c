/* A street with its town, as an agent types it: at least the town, and never sure. */
#include "tests/unit/unit.h"

#include "tools/geo/place.h"
#include "tests/unit/tools/gazetteer.h"

#define ES 32u

static struct viz_place place;
static struct viz_place_trouble trouble;

static void streets(void **state)
{
	static const struct {
		const char *text;
		uint32_t ibge;
		enum viz_place_certainty certainty;
	} cases[] = {
	    {"Rua Getúlio Vargas, Centro, Linhares", 3203205, VIZ_PLACE_VAGUE},
	    {"rua getulio vargas 100, centro, linhares", 3203205, VIZ_PLACE_VAGUE},
	    {"Av. Brasil, São Paulo", 3550308, VIZ_PLACE_VAGUE},
	    {"Av Brasil, 1200, São Paulo, SP", 3550308, VIZ_PLACE_LIKELY},
	    {"BR-101 km 150 Linhares/ES", 3203205, VIZ_PLACE_LIKELY},
	    {"BR 101 km 150, Linhares", 3203205, VIZ_PLACE_VAGUE},
	    {"Quadra 12 Lote 3, Residencial das Flores, Linhares", 3203205, VIZ_PLACE_VAGUE},
	    {"Rua das Palmeiras, 45 - Centro - Linhares - ES", 3203205, VIZ_PLACE_LIKELY},
	    {"Rua São Paulo, 10 - Linhares", 3203205, VIZ_PLACE_VAGUE},
	    {"R. Sete de Setembro, 10, Vila Velha/ES", 3205200, VIZ_PLACE_LIKELY},
	    /* the state of the ISP decides between equal names */
	    {"Rua das Flores, 10, Itapemirim", 3202801, VIZ_PLACE_VAGUE},
	    {"Rua 7, Viana", 3205101, VIZ_PLACE_VAGUE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (viz_place_find(&place, &trouble, g, NULL, cases[i].text, ES) != VIZ_OK)
			fail_msg("\"%s\": %s", cases[i].text, viz_place_words_fault(trouble.fault));
		if (place.ibge != cases[i].ibge || place.certainty != cases[i].certainty ||
		    !place.street)
			fail_msg("\"%s\": %u %s, %s", cases[i].text, place.ibge, place.name,
				 viz_place_words_certainty(place.certainty));
		assert_int_equal(place.kind, VIZ_PLACE_MUNICIPALITY);
	}
}

static void no_towns(void **state)
{
	static const struct {
		const char *text;
		enum viz_place_fault fault;
	} cases[] = {
	    {"Rua São Paulo", VIZ_PLACE_NO_SUCH_NAME},
	    {"Rua Getúlio Vargas, Centro", VIZ_PLACE_NO_SUCH_NAME},
	    {"o vizinho da Maria, Linhares", VIZ_PLACE_NO_SUCH_NAME},
	    {"Rua das Flores, 10, Santa Maria", VIZ_PLACE_AMBIGUOUS},
	    {"Rua", VIZ_PLACE_NO_SUCH_NAME},
	    {"Rua ,", VIZ_PLACE_NO_SUCH_NAME},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(viz_place_find(&place, &trouble, g, NULL, cases[i].text, ES),
				 VIZ_ERR_INPUT);
		if (trouble.fault != cases[i].fault)
			fail_msg("\"%s\": %s", cases[i].text, viz_place_words_fault(trouble.fault));
	}
}

/* The state of the ISP: equal names are decided, and asked about. */
static void home_state(void **state)
{
	(void)state;
	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, "Viana", 0), VIZ_ERR_INPUT);
	assert_int_equal(trouble.fault, VIZ_PLACE_AMBIGUOUS);
	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, "Viana", ES), VIZ_OK);
	assert_int_equal(place.ibge, 3205101);
	assert_int_equal(place.certainty, VIZ_PLACE_LIKELY);
	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, "Viana/MA", ES), VIZ_OK);
	assert_int_equal(place.ibge, 2112803);
	assert_int_equal(place.certainty, VIZ_PLACE_SURE);
	assert_false(place.street);
}

/* A postcode that is of no street is not sure. */
static void no_street(void **state)
{
	(void)state;
	assert_int_equal(viz_place_find(&place, &trouble, g, NULL, "99999-999", 0), VIZ_OK);
	assert_int_not_equal(place.certainty, VIZ_PLACE_SURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(streets),
	    cmocka_unit_test(no_towns),
	    cmocka_unit_test(home_state),
	    cmocka_unit_test(no_street),
	};

	return cmocka_run_group_tests(tests, gazetteer_setup, gazetteer_teardown);
}
