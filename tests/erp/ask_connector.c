/* ask_connector CONF FUNCTION [ARGUMENT...]: calls one function of the connector that CONF names,
 * and prints what came as one JSON object. Without a node: for test_connectors.py, which has a
 * stand-in on the other side.
 *
 *   check | reasons | fetch STREAM CURSOR [SUBJECT...] | look ID
 *   put REFERENCE | find REFERENCE | read ID [REFERENCE] | withdraw ID */
#include <curl/curl.h>

#include "tools/erp/session.h"

static void say(void *to, const char *line)
{
	(void)to;
	fprintf(stderr, "%s\n", line);
}

/* The person is of the environment, as the names of the fields. */
static const char *given(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

static struct viz_erp_person person_of(const char *reference)
{
	return (struct viz_erp_person){.reference = reference,
				       .origin = "Provedor Alfa",
				       .name = given("P_NAME"),
				       .phone = given("P_PHONE"),
				       .address = given("P_ADDRESS"),
				       .plan = given("P_PLAN"),
				       .date = given("P_DATE"),
				       .municipality = "Cachoeiro de Itapemirim",
				       .state = "ES",
				       .municipality_code = 3201209,
				       .cep = 29300100};
}

static json_t *notices(const struct viz_erp_page *page)
{
	json_t *list = json_array();

	for (size_t i = 0; i < page->count; i++) {
		const struct viz_erp_notice *n = &page->notice[i];

		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "external_id",
						      n->external_id, "protocol", n->protocol,
						      "reason_id", n->reason_id, "reason",
						      n->reason, "cancelled_at", n->cancelled_at,
						      "undone", n->undone));
	}
	return list;
}

static enum viz_erp_result call_fetch(struct viz_erp *e, json_t *out, int argc, char **argv)
{
	struct viz_erp_page *page = calloc(1, sizeof *page);
	enum viz_erp_stream stream =
	    strcmp(argv[0], "moves") == 0 ? VIZ_ERP_MOVES : VIZ_ERP_CANCELLATIONS;
	enum viz_erp_result result;

	VIZ_REQUIRE(page != NULL);
	result = e->config->connector->fetch(
	    e, page, stream, argv[1],
	    stream == VIZ_ERP_MOVES ? (const char *const *)(argv + 2) : NULL, (size_t)(argc - 2));
	json_object_set_new(out, "notices", notices(page));
	json_object_set_new(out, "next", json_string(page->next));
	json_object_set_new(out, "more", json_boolean(page->more));
	free(page);
	return result;
}

static enum viz_erp_result call_reasons(struct viz_erp *e, json_t *out)
{
	struct viz_erp_reason *room = calloc(VIZ_ERP_REASONS_MAX, sizeof *room);
	struct viz_erp_reasons reasons = {.reason = room};
	json_t *list = json_array();
	enum viz_erp_result result;

	VIZ_REQUIRE(room != NULL);
	result = e->config->connector->reasons(e, &reasons);
	for (size_t i = 0; i < reasons.count; i++)
		json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s}", "stream",
				    room[i].stream == VIZ_ERP_MOVES ? "moves" : "cancellations",
				    "id", room[i].id, "name", room[i].name));
	json_object_set_new(out, "reasons", list);
	free(room);
	return result;
}

static enum viz_erp_result call_check(struct viz_erp *e, json_t *out)
{
	struct viz_erp_checks checks = {0};
	enum viz_erp_result worst = VIZ_ERP_OK;
	json_t *list = json_object();

	e->config->connector->check(e, &checks);
	for (size_t i = 0; i < checks.count; i++) {
		json_object_set_new(list, checks.check[i].what,
				    json_string(viz_erp_result_name(checks.check[i].result)));
		if (checks.check[i].result != VIZ_ERP_OK)
			worst = checks.check[i].result;
	}
	json_object_set_new(out, "checks", list);
	return worst;
}

static enum viz_erp_result call_read(struct viz_erp *e, json_t *out, int argc, char **argv)
{
	struct viz_erp_person person = person_of(argc > 1 ? argv[1] : "");
	struct viz_erp_copy copy = {0};
	enum viz_erp_result result =
	    e->config->connector->read(e, &copy, argv[0], argc > 1 ? &person : NULL);

	json_object_update_new(out,
			       json_pack("{s:b,s:b,s:b,s:s}", "there", copy.there, "blank",
					 copy.blank, "same", copy.same, "differs", copy.differs));
	return result;
}

static enum viz_erp_result call(struct viz_erp *e, json_t *out, const char *name, int argc,
				char **argv)
{
	const struct viz_erp_connector *c = e->config->connector;
	enum viz_erp_standing standing = VIZ_ERP_STANDS;
	enum viz_erp_result result = VIZ_ERP_ABSENT;
	char id[VIZ_ERP_ID_MAX] = "-";

	if (strcmp(name, "check") == 0)
		return call_check(e, out);
	if (strcmp(name, "reasons") == 0 && c->reasons != NULL)
		return call_reasons(e, out);
	if (strcmp(name, "fetch") == 0)
		return call_fetch(e, out, argc, argv);
	if (strcmp(name, "read") == 0 && c->read != NULL)
		return call_read(e, out, argc, argv);
	if (strcmp(name, "look") == 0 && c->look != NULL) {
		result = c->look(e, &standing, argv[0]);
		json_object_set_new(out, "undone", json_boolean(standing == VIZ_ERP_UNDONE));
	} else if (strcmp(name, "put") == 0) {
		struct viz_erp_person person = person_of(argv[0]);

		result = c->put(e, id, &person);
	} else if (strcmp(name, "find") == 0 && c->find != NULL) {
		result = c->find(e, id, argv[0]);
	} else if (strcmp(name, "withdraw") == 0 && c->withdraw != NULL) {
		result = c->withdraw(e, argv[0]);
	}
	json_object_set_new(out, "id", json_string(id));
	return result;
}

int main(int argc, char **argv)
{
	static struct viz_erp_config config;
	struct viz_erp e = {.config = &config, .carry = viz_erp_http_carry, .hurry = 1000};
	json_t *out = json_object();
	enum viz_erp_result result;
	FILE *token;

	if (argc < 3 || viz_erp_config_read(&config, argv[1], say, NULL) != VIZ_OK)
		return 2;
	token = fopen(config.token_file, "r");
	VIZ_REQUIRE(token != NULL && fgets(e.token, sizeof e.token, token) != NULL);
	fclose(token);
	e.token[strcspn(e.token, "\n")] = '\0';
	curl_global_init(CURL_GLOBAL_DEFAULT);
	e.dry = getenv("DRY") != NULL;
	viz_erp_session_tick(&e);
	result = call(&e, out, argv[2], argc - 3, argv + 3);
	json_object_set_new(out, "result", json_string(viz_erp_result_name(result)));
	json_object_set_new(out, "why", json_string(e.why));
	json_dumpf(out, stdout, JSON_COMPACT);
	printf("\n");
	json_decref(out);
	viz_erp_session_end(&e);
	curl_global_cleanup();
	return 0;
}
