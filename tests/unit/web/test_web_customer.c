/* What the customer's pages make of what the node says and of what was typed; how the link reaches
 * the customer. */
#include "tests/unit/unit.h"
#include "tools/web/customer_form.h"
#include "tools/web/customer_words.h"
#include "tools/web/invite.h"
#include "tools/web/page_internal.h"

/* --- texts --- */

static void join(char *out, size_t max, const json_t *list)
{
	size_t n = strlen(out), i;
	json_t *one;

	json_array_foreach(list, i, one) n +=
	    (size_t)snprintf(out + n, max - n, "%s%s", i ? " " : "", json_string_value(one));
}

/* However a text is laid out, its words are the ones that are signed. */
static void a_text_loses_no_word(void **state)
{
	static const struct {
		const char *text;
		size_t spoken, details;
	} cases[] = {
	    {"Não atendemos. A B atende. Você autoriza?\n\nDetalhes. Quem recebe: B.", 3, 2},
	    {"S.A. Net e Fibra Ltda. atendem a região. Sim?\n\nLGPD, art. 18: saber. Fim", 2, 2},
	    {"Para voltar atrás: 0800 123 4567. Detalhes.", 2, 0},
	    {"Uma.", 1, 0},
	    {"sem ponto", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *t = viz_customer_words_text(cases[i].text, "pt-BR");
		char all[512] = "";

		assert_int_equal(json_array_size(json_object_get(t, "spoken")), cases[i].spoken);
		assert_int_equal(json_array_size(json_object_get(t, "detail")), cases[i].details);
		assert_int_equal(json_is_true(json_object_get(t, "details")), cases[i].details > 0);
		join(all, sizeof all, json_object_get(t, "spoken"));
		if (cases[i].details > 0)
			strcat(all, "\n\n");
		join(all + strlen(all), sizeof all - strlen(all), json_object_get(t, "detail"));
		assert_string_equal(all, cases[i].text);
		json_decref(t);
	}
}

static void is(json_t *value, const char *wanted)
{
	assert_non_null(value);
	assert_string_equal(json_string_value(value), wanted);
	json_decref(value);
}

static void values(void **state)
{
	json_t *cep = json_integer(1001000), *bad = json_string("tomorrow"), *plan, *made;

	(void)state;
	is(viz_customer_words_price(VIZ_LANG_PT, 9990), "R$ 99,90");
	is(viz_customer_words_price(VIZ_LANG_EN, 100005), "R$ 1000.05");
	is(viz_customer_words_speed(VIZ_LANG_PT, 500), "500 Mega");
	is(viz_customer_words_speed(VIZ_LANG_PT, 1000), "1 Giga");
	is(viz_customer_words_speed(VIZ_LANG_PT, 1500), "1500 Mega");
	is(viz_customer_words_cep(cep), "01001-000");
	is(viz_customer_words_day("2026-12-05"), "05/12/2026");
	is(viz_customer_words_day("soon"), "soon");
	assert_null(viz_customer_words_cep(NULL));
	assert_null(viz_customer_words_when(VIZ_LANG_EN, NULL, true));
	assert_null(viz_customer_words_when(VIZ_LANG_EN, bad, true));
	/* A partner writes the address of its plan. */
	plan = json_pack("{s:s,s:i,s:i,s:s,s:s}", "name", "A", "price_cents", 1, "down_mbps", 1,
			 "technology", "fiber", "url", "javascript:alert(1)");
	made = viz_customer_words_plan(VIZ_LANG_EN, plan);
	assert_null(json_object_get(made, "page_url"));
	json_decref(made);
	json_decref(plan);
	json_decref(cep);
	json_decref(bad);
}

/* --- the form --- */

static json_t *typed(const char *name, const char *phone, const char *address, const char *date)
{
	struct viz_page *p = viz_page_new();
	json_t *form;

	json_decref(p->body);
	p->body = json_pack("{s:s,s:s,s:s,s:s}", "name", name, "phone", phone, "address", address,
			    "date", date);
	form = viz_customer_form_read(p);
	viz_page_free(p);
	return form;
}

static void phones(void **state)
{
	static const struct {
		const char *typed, *sent;
	} cases[] = {
	    {"(28) 98765-0001", "+5528987650001"},
	    {"028 98765 0001", "+5528987650001"},
	    {"+55 28 98765-0001", "+5528987650001"},
	    {"5528987650001", "+5528987650001"},
	    {"2733334444", "+552733334444"},
	    {"+351 912 345 678", "+351912345678"},
	    {"98765-0001", NULL},
	    {"", NULL},
	    {"ligue depois", NULL},
	    {"99999999999999999999", NULL},
	    {"441234567890", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *form = typed("Ana", cases[i].typed, "Rua A, 1", "");
		bool good = viz_customer_form_check(form);

		assert_int_equal(good, cases[i].sent != NULL);
		if (good) {
			json_t *contact = viz_customer_form_contact(form);

			assert_string_equal(json_string_value(json_object_get(contact, "phone")),
					    cases[i].sent);
			json_decref(contact);
		}
		json_decref(form);
	}
}

static void fields(void **state)
{
	char long_name[200];
	json_t *form, *contact;

	(void)state;
	memset(long_name, 'a', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	form = typed(long_name, "2733334444", " \n", "2001-01-01");
	assert_false(viz_customer_form_check(form));
	assert_true(json_is_true(json_object_get(json_object_get(form, "name"), "wrong")));
	assert_true(json_is_true(json_object_get(json_object_get(form, "address"), "missing")));
	assert_true(json_is_true(json_object_get(json_object_get(form, "date"), "missing")));
	json_decref(form);
	form = typed(" Ana  ", "2733334444", "Rua A, 1,\n  casa 2\n\nCentro \n", "2999-12-31");
	assert_true(viz_customer_form_check(form));
	contact = viz_customer_form_contact(form);
	assert_string_equal(json_string_value(json_object_get(contact, "name")), "Ana");
	assert_string_equal(json_string_value(json_object_get(contact, "address")),
			    "Rua A, 1, casa 2, Centro");
	assert_string_equal(json_string_value(json_object_get(contact, "date")), "2999-12-31");
	assert_null(json_object_get(contact, "plan"));
	json_decref(contact);
	json_decref(form);
}

/* --- the way to the customer --- */

static void invitation(void **state)
{
	struct viz_invite invite = {"https://a.example", "/c/abcdefghijklmnopqrstuvwxyz",
				    "Rede & Cia", "Zuleica", "(28) 98765-0001"};
	const char *link = "https://a.example/c/abcdefghijklmnopqrstuvwxyz", *text;
	json_t *made;

	(void)state;
	for (int lang = 0; lang < VIZ_LANGS; lang++) {
		made = viz_invite_make((enum viz_lang)lang, &invite);
		assert_string_equal(json_string_value(json_object_get(made, "link")), link);
		text = json_string_value(json_object_get(made, "message"));
		assert_non_null(strstr(text, link));
		assert_non_null(strstr(text, "Zuleica"));
		assert_non_null(strstr(text, "Rede & Cia"));
		assert_null(strstr(text, "{{"));
		text = json_string_value(json_object_get(made, "whatsapp_url"));
		assert_int_equal(strncmp(text, "https://wa.me/5528987650001?text=", 33), 0);
		assert_non_null(strstr(text, "https%3A%2F%2Fa.example%2Fc%2Fabcdef"));
		assert_null(strpbrk(text + 33, " &?\"<"));
		assert_null(strstr(json_string_value(json_object_get(made, "script")), "{{"));
		assert_non_null(strstr(json_string_value(json_object_get(made, "qr_svg")), "<svg"));
		json_decref(made);
	}
	invite.name = NULL;
	invite.phone = "depois";
	made = viz_invite_make(VIZ_LANG_PT, &invite);
	text = json_string_value(json_object_get(made, "whatsapp_url"));
	assert_int_equal(strncmp(text, "https://wa.me/?text=", 20), 0);
	assert_null(strstr(json_string_value(json_object_get(made, "message")), " ,"));
	json_decref(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_loses_no_word),
	    cmocka_unit_test(values),
	    cmocka_unit_test(phones),
	    cmocka_unit_test(fields),
	    cmocka_unit_test(invitation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
