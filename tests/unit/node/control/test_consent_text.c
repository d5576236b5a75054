/* What a customer hears says what is sent: over all precisions, in every language. */
#include "tests/unit/unit.h"

#include "node/control/consent_text.h"
#include "node/control/control_texts.h"
#include "proto/base.h"
#include "proto/geo/point.h"
#include "proto/limits.h"
#include "proto/statement.h"

#define LANGUAGES (sizeof viz_control_texts_tags / sizeof *viz_control_texts_tags)

static const struct viz_consent_recipient names[] = {{"Rede B", "dados@b.example"},
						     {"Rede C", ""},
						     {"Rede D", "dados@d.example"},
						     {"Rede E", "dados@e.example"},
						     {"Rede F", "d@f.e"}};

static struct viz_consent_asker asker(size_t language)
{
	return (struct viz_consent_asker){.language = viz_control_texts_tags[language],
					  .name = "Rede A",
					  .privacy = "dados@a.example",
					  .withdrawal = "0800 123 4567"};
}

static const char *text_after(size_t language, bool struck, const struct viz_location *l,
			      size_t count, int64_t kept_ms)
{
	static char text[16384];
	struct viz_consent_asker a = asker(language);

	assert_int_equal(viz_consent_text_location(text, sizeof text, &a, VIZ_ANSWER_NO, l, names,
						   count, struck, kept_ms),
			 VIZ_OK);
	return text;
}

static const char *location_text(size_t language, const struct viz_location *l, size_t count,
				 int64_t kept_ms)
{
	return text_after(language, false, l, count, kept_ms);
}

static const char *const exact[] = {"ponto exato", "exact point"};
static const char *const rough[] = {"ponto aproximado", "approximate point"};
static const char *const without[] = {"sem ponto no mapa", "without a point on the map"};
static const char *const postcode[] = {"CEP", "postcode"};
static const char *const service[] = {"tipo de serviço", "kind of service"};
static const char *const month[] = {"mês da mudança", "month of the move"};
static const char *const question[] = {"Você autoriza?", "Do you agree?"};

/* What is read aloud of a text: it ends at the empty line, and with the question. */
static const char *spoken(size_t language, const char *text)
{
	static char out[16384];
	const char *end = strstr(text, "\n\n");
	size_t len = strlen(question[language]), n;

	assert_non_null(end);
	n = (size_t)(end - text);
	assert_true(n > len && n < sizeof out);
	assert_memory_equal(end - len, question[language], len);
	memcpy(out, text, n);
	out[n] = '\0';
	return out;
}

/* The metres that a text says, behind the word for the point. */
static uint64_t said_m(size_t language, const char *text)
{
	const char *at = strstr(text, language == 0 ? "erro de " : "within about ");
	unsigned long figure;
	char unit[3] = "";

	assert_non_null(at);
	assert_int_equal(sscanf(at + strcspn(at, "0123456789"), "%lu %2[km]", &figure, unit), 2);
	return figure * (strcmp(unit, "km") == 0 ? 1000 : 1);
}

static int64_t metres_of(int64_t udeg)
{
	return udeg * 1113 / 10000;
}

static void check_precision(uint32_t precision)
{
	struct viz_location l = {.has_point = true,
				 .point = {-20848912, -41112907},
				 .precision_m = precision,
				 .municipality = 3201209,
				 .cep = 29300100};
	struct viz_point sent = viz_point_round(l.point, precision);
	struct viz_point again = viz_point_round(sent, precision);
	int64_t north = labs((long)sent.lat_udeg - l.point.lat_udeg);
	int64_t east = labs((long)sent.lon_udeg - l.point.lon_udeg), step = 1;

	/* what is sent has no more digits than the precision bears, and is within it */
	while (step < 1000000 && metres_of(step * 10) < precision)
		step *= 10;
	assert_int_equal(sent.lat_udeg % step, 0);
	assert_int_equal(sent.lon_udeg % step, 0);
	assert_true(metres_of(north) <= precision && metres_of(east) <= precision);
	assert_memory_equal(&again, &sent, sizeof sent);
	for (size_t i = 0; i < LANGUAGES; i++) {
		const char *text = location_text(i, &l, 1, VIZ_DAY_MS);
		uint64_t said = said_m(i, text);

		/* never vaguer than what goes, and near it */
		assert_true(said <= (precision > 0 ? precision : 1) && said + 1000 > precision);
		assert_int_equal(said_m(i, strstr(text, "\n\n")), said);
		text = spoken(i, text);
		if (precision > 100)
			assert_int_equal(said_m(i, text), said);
		assert_int_equal(strstr(text, exact[i]) != NULL, precision <= 100);
		assert_int_equal(strstr(text, rough[i]) != NULL, precision > 100);
		assert_null(strstr(text, without[i]));
	}
}

static void the_words_follow_the_precision(void **state)
{
	(void)state;
	for (uint32_t m = 0; m <= 12000; m++)
		check_precision(m);
	for (uint32_t m = 12001; m <= 1000000; m += 997)
		check_precision(m);
	check_precision(1000000);
}

static void the_words_name_what_goes(void **state)
{
	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++)
		for (int has = 0; has < 16; has++) {
			struct viz_location l = {.has_point = has & 1,
						 .precision_m = 10,
						 .municipality = 3201209,
						 .cep = has & 2 ? 29300100 : 0,
						 .service = has & 4 ? VIZ_SERVICE_BUSINESS
								    : VIZ_SERVICE_INTERNET,
						 .month = has & 8 ? 202612 : 0};
			const char *text = spoken(i, location_text(i, &l, 1, VIZ_DAY_MS));

			assert_non_null(strstr(text, "internet"));
			assert_int_equal(strstr(text, exact[i]) != NULL, l.has_point);
			assert_int_equal(strstr(text, without[i]) != NULL, !l.has_point);
			assert_int_equal(strstr(text, postcode[i]) != NULL, l.cep != 0);
			assert_int_equal(strstr(text, service[i]) != NULL, (has & 4) != 0);
			assert_int_equal(strstr(text, month[i]) != NULL, l.month != 0);
		}
}

/* "4 dias" for what is kept three days and a minute. */
static void days_are_rounded_up(void **state)
{
	struct viz_location l = {.municipality = 3201209};
	char said[64];

	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++)
		for (int64_t days = 1; days < 100; days++) {
			snprintf(said, sizeof said,
				 i == 0 ? " em até %lld dia%s." : " within %lld day%s.",
				 (long long)days, days == 1 ? "" : "s");
			assert_non_null(strstr(location_text(i, &l, 1, days * VIZ_DAY_MS), said));
			assert_non_null(
			    strstr(location_text(i, &l, 1, (days - 1) * VIZ_DAY_MS + 1), said));
		}
}

/* Each text alone says who answers for the data here and there, how to withdraw, and that a no
 * changes nothing; what is read aloud names all who get the data, and ends with the question. */
static void each_text_is_whole(void **state)
{
	static const char *const refuse[] = {"Recusar não muda o cancelamento",
					     "Refusing doesn't change your cancellation"};
	static const char *const none[] = {"não informa contato", "names no contact"};
	struct viz_location l = {.municipality = 3201209};
	char text[3][16384];

	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++) {
		struct viz_consent_asker a = asker(i);

		snprintf(text[0], sizeof text[0], "%s", location_text(i, &l, 2, VIZ_DAY_MS));
		assert_int_equal(viz_consent_text_contact(text[1], sizeof text[1], &a, &names[0],
							  90 * VIZ_DAY_MS, 60 * VIZ_DAY_MS),
				 VIZ_OK);
		assert_int_equal(
		    viz_consent_text_waiting(text[2], sizeof text[2], &a, &l, 30 * VIZ_DAY_MS),
		    VIZ_OK);
		for (size_t k = 0; k < 3; k++) {
			assert_non_null(strstr(text[k], i == 0 ? "Rede A (dados" : "Rede A (data"));
			assert_non_null(strstr(text[k], "0800 123 4567"));
			assert_non_null(strstr(text[k], "dados@a.example"));
			assert_non_null(strstr(spoken(i, text[k]), refuse[i]));
		}
		assert_non_null(strstr(text[0], "dados@b.example"));
		assert_non_null(strstr(text[0], none[i]));
		assert_non_null(strstr(text[1], "dados@b.example"));
		assert_non_null(strstr(spoken(i, text[0]), "Rede B"));
		assert_non_null(strstr(spoken(i, text[0]), "Rede C"));
		assert_non_null(strstr(spoken(i, text[0]), "0800 123 4567"));
		assert_non_null(strstr(spoken(i, text[1]), "Rede B"));
		assert_non_null(strstr(spoken(i, text[1]), " 90 d"));
		assert_non_null(strstr(spoken(i, text[1]), " 60 d"));
		assert_non_null(strstr(spoken(i, text[2]), " 30 d"));
	}
}

/* The rights under LGPD, art. 18, and whom to ask, stand in the details of each text, and not in
 * what is read aloud; and what others learn of an offer, and what stays of a yes, where they do. */
static void the_details_say_the_rest(void **state)
{
	static const char *const rights[][6] = {
	    {"LGPD, art. 18", "saber", "corrigir", "apagar", "de graça", "ANPD"},
	    {"LGPD, art. 18", "know", "correct", "erase", "free of charge", "ANPD"}};
	static const char *const ask[] = {"Peça em dados@a.example", "Ask at dados@a.example"};
	static const char *const them[] = {"ou a quem recebeu", "or whoever got it"};
	static const char *const others[] = {"todos os nossos parceiros", "all our partners"};
	static const char *const proof[] = {"5 anos", "5 years"};
	struct viz_location l = {.municipality = 3201209};
	char text[3][16384];

	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++) {
		struct viz_consent_asker a = asker(i);

		snprintf(text[0], sizeof text[0], "%s", location_text(i, &l, 2, VIZ_DAY_MS));
		viz_consent_text_contact(text[1], sizeof text[1], &a, &names[0], 90 * VIZ_DAY_MS,
					 60 * VIZ_DAY_MS);
		viz_consent_text_waiting(text[2], sizeof text[2], &a, &l, 30 * VIZ_DAY_MS);
		for (size_t k = 0; k < 3; k++) {
			const char *details = strstr(text[k], "\n\n");

			for (size_t r = 0; r < 6; r++)
				assert_non_null(strstr(details, rights[i][r]));
			assert_non_null(strstr(details, ask[i]));
			assert_int_equal(strstr(details, them[i]) != NULL, k < 2);
			assert_int_equal(strstr(details, others[i]) != NULL, k == 0);
			assert_int_equal(strstr(details, proof[i]) != NULL, k < 2);
			assert_null(strstr(spoken(i, text[k]), "LGPD"));
		}
		assert_non_null(strstr(location_text(i, &l, 1, VIZ_DAY_MS), others[i]));
	}
}

/* "a cidade, o CEP e um ponto aproximado (erro de uns 3 km), sem nome": what is said of the point
 * comes last, where nothing is between it and the next comma. */
static void the_point_comes_last(void **state)
{
	static const char *const said[] = {
	    "só a cidade, o CEP e um ponto aproximado (erro de uns 3000 m), sem nome",
	    "only the town, postcode and an approximate point, within about 3000 m, no name"};
	struct viz_location l = {.has_point = true,
				 .precision_m = 3000,
				 .municipality = 3201209,
				 .cep = 29300100,
				 .service = VIZ_SERVICE_INTERNET};

	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++)
		assert_non_null(strstr(location_text(i, &l, 2, VIZ_DAY_MS), said[i]));
}

/* Who may be left out is said when several are named, and until the customer has left one out. */
static void leaving_out_is_asked_once(void **state)
{
	static const char *const leave[] = {"tire quem não quiser", "leave any out"};
	struct viz_location l = {.municipality = 3201209};

	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++)
		for (size_t count = 1; count <= sizeof names / sizeof *names; count++)
			for (int struck = 0; struck < 2; struck++) {
				const char *text = text_after(i, struck, &l, count, VIZ_DAY_MS);

				assert_int_equal(strstr(text, leave[i]) != NULL,
						 count > 1 && !struck);
				assert_non_null(strstr(spoken(i, text), names[count - 1].label));
			}
}

static unsigned words_of(const char *text)
{
	unsigned n = 0;

	while (*(text += strspn(text, " ")) != '\0') {
		n++;
		text += strcspn(text, " ");
	}
	return n;
}

/* An agent reads 2.7 words a second (tests/e2e/test_agent.py), and a call takes 20 s beside that:
 * it is over within a minute, also with as many named as an offer asks, with a point of any
 * precision, and whatever we answer ourselves. */
#define SPOKEN_S 40

static void reading_takes(size_t language, enum viz_answer own, uint32_t precision, size_t count)
{
	struct viz_location l = {.has_point = true,
				 .point = {-20848912, -41112907},
				 .precision_m = precision,
				 .municipality = 3201209,
				 .cep = 29300100,
				 .service = VIZ_SERVICE_INTERNET};
	struct viz_consent_asker a = asker(language);
	char text[16384];
	unsigned words;

	assert_int_equal(viz_consent_text_location(text, sizeof text, &a, own, &l, names, count,
						   false, 4 * VIZ_DAY_MS),
			 VIZ_OK);
	words = words_of(spoken(language, text));
	assert_int_equal(viz_consent_text_contact(text, sizeof text, &a, &names[0], 90 * VIZ_DAY_MS,
						  60 * VIZ_DAY_MS),
			 VIZ_OK);
	words += words_of(spoken(language, text));
	print_message("# %s, answer %d, %u m, %zu named: %u words, %.1f s\n", a.language, own,
		      precision, count, words, words / 2.7);
	assert_true(words * 10 <= SPOKEN_S * 27);
}

static void a_call_takes_a_minute(void **state)
{
	static const uint32_t precision[] = {10, 3000, 65000};

	(void)state;
	for (size_t i = 0; i < LANGUAGES; i++)
		for (enum viz_answer own = VIZ_ANSWER_YES; own <= VIZ_ANSWER_NO; own++)
			for (size_t p = 0; p < sizeof precision / sizeof *precision; p++)
				for (size_t count = 1; count <= sizeof names / sizeof *names;
				     count++)
					reading_takes(i, own, precision[p], count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_words_follow_the_precision),
	    cmocka_unit_test(the_words_name_what_goes),
	    cmocka_unit_test(days_are_rounded_up),
	    cmocka_unit_test(each_text_is_whole),
	    cmocka_unit_test(the_details_say_the_rest),
	    cmocka_unit_test(the_point_comes_last),
	    cmocka_unit_test(leaving_out_is_asked_once),
	    cmocka_unit_test(a_call_takes_a_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
