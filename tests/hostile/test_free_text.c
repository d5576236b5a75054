/* No text that leaves this node, or that outlives the person's data here, takes what looks like a
 * person's telephone, e-mail, CPF or CNPJ. The table has each text in the bodies of proto/: lint
 * `texts` compares the two. */
#include "tests/hostile/one_lead.h"

#include "node/host/config_value.h"
#include "node/lead/lead.h"

/* A text of the wire, "FILE FIELD", and how the operator or an agent fills it: a key of
 * vizinho.conf, or an argument of an operation. */
struct field {
	const char *text;
	const char *key;           /* of [node]; NULL: none */
	const char *op, *argument; /* `argument` of plan.add, of "contact" or of "consent" */
};

static const struct field fields[] = {
    {"trust.c name", "name", NULL, NULL},
    {"trust.c hours", "hours", NULL, NULL},
    {"statement.c name", NULL, "plan.add", "name"},
    {"statement.c url", NULL, "plan.add", "url"},
    {"statement.c name", NULL, "contact", "name"},
    {"statement.c address", NULL, "contact", "address"},
    {"statement.c plan", NULL, "contact", "plan"},
    {"receipt.c channel", NULL, "consent", "channel"},
    /* stays here, behind a commitment, for five years after the person is erased */
    {"receipt.c reference", NULL, "consent", "evidence"},
    /* These have a form of their own, are made by the node, or are the operator's own contacts. */
    {"trust.c cnpj", NULL, NULL, NULL},
    {"trust.c address", NULL, NULL, NULL},
    {"trust.c whatsapp", NULL, NULL, NULL},
    {"trust.c privacy", NULL, NULL, NULL},
    {"trust.c version", NULL, NULL, NULL},
    {"receipt.c cnpj", NULL, NULL, NULL},
    {"receipt.c controller_cnpj", NULL, NULL, NULL},
    {"receipt.c language", NULL, NULL, NULL},
    {"receipt.c text_version", NULL, NULL, NULL},
    {"receipt.c withdrawal", NULL, NULL, NULL},
    {"proof.c text_version", NULL, NULL, NULL},
    {"statement.c phone", NULL, NULL, NULL},
    {"statement.c date", NULL, NULL, NULL},
};

static const char *const personal[] = {
    "Maria 27 99999-0000", "27999990000",        "+55 27 3371-1234",
    "maria@example.com",   "CPF 529.982.247-25", "52998224725",
    "11.222.333/0001-81",  "11222333000181",     "http://a.example/11222333000181",
};

static const char *const fine[] = {"Fibra 600 Mega, 2026-0042"};

static bool config_refuses(const char *key, const char *value)
{
	static struct viz_config c;
	enum viz_host_texts answer = viz_host_config_value_key(NULL, "node", key)->set(&c, value);

	return answer == VIZ_HOST_TEXTS_WANT_NO_PERSON;
}

static bool field_refuses(struct one_node *b, const struct field *f, const char *value)
{
	char json[2048], given[512];
	const char *contact[] = {"Maria", "Rua A, 1", "Fibra"};
	static const char *const names[] = {"name", "address", "plan"};

	if (f->key)
		return config_refuses(f->key, value);
	if (strcmp(f->op, "plan.add") == 0) {
		bool name = strcmp(f->argument, "name") == 0;

		snprintf(json, sizeof json,
			 "{\"op\":\"plan.add\",\"args\":{\"name\":\"%s\",\"price_cents\":9900,"
			 "\"down_mbps\":600,\"url\":\"%s\"}}",
			 name ? value : "Fibra", name ? "https://a.example" : value);
		return strstr(request(b, json), "\"personal\"") != NULL;
	}
	for (size_t i = 0; i < 3; i++)
		if (strcmp(f->op, "contact") == 0 && strcmp(f->argument, names[i]) == 0)
			contact[i] = value;
	given[0] = '\0';
	if (strcmp(f->op, "consent") == 0)
		snprintf(given, sizeof given, ",\"%s\":\"%s\"", f->argument, value);
	snprintf(
	    json, sizeof json,
	    "\"consent\":{\"given\":true,\"contact_given\":true%s},\"contact\":{\"name\":\"%s\","
	    "\"phone\":\"+5527999990000\",\"address\":\"%s\",\"plan\":\"%s\"}",
	    given, contact[0], contact[1], contact[2]);
	snprintf(given, sizeof given, "%s", ask_offer(b, "lead.offer", json));
	if (strcmp(f->argument, "channel") == 0)
		return strstr(given, "\"bad-choice\"") || strstr(given, "\"bad-text\"");
	return strstr(given, "\"personal\"") != NULL;
}

static void no_free_text_takes_what_looks_like_a_person(void **state)
{
	struct one_node *b = *state;

	cover(b);
	heard(b, "text");
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const struct field *f = &fields[i];

		if (!f->key && !f->op)
			continue;
		for (size_t k = 0; k < sizeof personal / sizeof *personal; k++)
			if (!field_refuses(b, f, personal[k]))
				fail_msg("%s takes \"%s\"", f->text, personal[k]);
		if (f->argument && strcmp(f->argument, "channel") == 0)
			continue; /* it has four words */
		for (size_t k = 0; k < sizeof fine / sizeof *fine; k++)
			if (field_refuses(b, f, fine[k]))
				fail_msg("%s does not take \"%s\"", f->text, fine[k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
	    no_free_text_takes_what_looks_like_a_person, setup, teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
