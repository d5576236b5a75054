/* What an ERP may answer to each function of each connector. The input is a letter for the
 * connector, and the answers in their order: the status of HTTP, a line end, the body, and 0x1e.
 *
 * Without VIZ_ERP_OK nothing comes out. What comes out are texts that end, without control
 * characters. What is said of a failure has nothing personal in it. */
#include "tests/fuzz/fuzz.h"

#include "tools/erp/session.h"

#define CANARY "Canario" /* a name, wherever a seed has one */
#define ROUNDS 200       /* requests of one function, then answers stop */

struct answers {
	const uint8_t *data;
	size_t len, at;
	unsigned given;
};

static enum viz_erp_result carry(struct viz_erp *e, struct viz_erp_answer *answer,
				 const struct viz_erp_request *request)
{
	struct answers *a = e->carrier;
	const uint8_t *start = a->data + a->at, *end, *line;
	size_t left = a->len - a->at;
	char url[VIZ_ERP_URL_MAX];
	const char *type;
	char *body = viz_erp_body(&type, request);

	VIZ_REQUIRE(viz_erp_url(url, e, request));
	VIZ_REQUIRE(request->query == NULL || strstr(url, "Maria") == NULL);
	free(body);
	if (left == 0 || a->given++ == ROUNDS)
		return viz_erp_say(e, VIZ_ERP_LATER, "no more answers");
	end = memchr(start, 0x1e, left);
	left = end != NULL ? (size_t)(end - start) : left;
	a->at += left + (end != NULL);
	if (a->at >= a->len)
		a->at = 0; /* from the beginning */
	line = memchr(start, '\n', left);
	answer->status = line != NULL ? 0 : 200;
	for (const uint8_t *p = start; p < line && *p >= '0' && *p <= '9'; p++)
		answer->status = (answer->status * 10 + *p - '0') % 1000;
	answer->body_len = line != NULL ? left - (size_t)(line - start) - 1 : left;
	answer->body = malloc(answer->body_len + 1);
	VIZ_REQUIRE(answer->body != NULL);
	memcpy(answer->body, start + left - answer->body_len, answer->body_len);
	answer->body[answer->body_len] = '\0';
	return VIZ_ERP_OK;
}

static void check_text(const char *text, size_t max)
{
	size_t len = strnlen(text, max);

	VIZ_REQUIRE(len < max);
	for (size_t i = 0; i < len; i++)
		VIZ_REQUIRE((unsigned char)text[i] >= 0x20);
}

static void begin(struct viz_erp *e, struct answers *a)
{
	a->at = a->given = 0;
	memset(&e->grant, 0, sizeof e->grant);
	viz_erp_say(e, VIZ_ERP_OK, "%s", "");
}

static void finish(struct viz_erp *e, enum viz_erp_result result)
{
	check_text(e->why, sizeof e->why);
	VIZ_REQUIRE(result == VIZ_ERP_OK || e->why[0] != '\0');
	VIZ_REQUIRE(strcasestr(e->why, CANARY) == NULL);
}

static void run_fetch(struct viz_erp *e, struct answers *a, enum viz_erp_stream stream)
{
	static const char *const subjects[] = {"2", "5"};
	struct viz_erp_page *page = calloc(1, sizeof *page);
	char cursor[VIZ_ERP_CURSOR_MAX] = "";

	VIZ_REQUIRE(page != NULL);
	for (int i = 0; i < 3; i++) {
		bool moves = stream == VIZ_ERP_MOVES;
		enum viz_erp_result result;

		memset(page, 0, sizeof *page);
		begin(e, a);
		result = e->config->connector->fetch(e, page, stream, cursor,
						     moves ? subjects : NULL, moves ? 2 : 0);
		finish(e, result);
		VIZ_REQUIRE(page->count <= VIZ_ERP_PAGE_MAX);
		if (result != VIZ_ERP_OK)
			break;
		check_text(page->next, sizeof page->next);
		VIZ_REQUIRE(page->next[0] != '\0');
		for (size_t k = 0; k < page->count; k++) {
			const struct viz_erp_notice *n = &page->notice[k];

			check_text(n->external_id, sizeof n->external_id);
			check_text(n->protocol, sizeof n->protocol);
			check_text(n->reason_id, sizeof n->reason_id);
			check_text(n->reason, sizeof n->reason);
			check_text(n->cancelled_at, sizeof n->cancelled_at);
			VIZ_REQUIRE(n->external_id[0] != '\0' && n->cep <= 99999999);
		}
		memcpy(cursor, page->next, sizeof cursor);
	}
	free(page);
}

static void run_reasons(struct viz_erp *e, struct answers *a)
{
	struct viz_erp_reasons r = {calloc(VIZ_ERP_REASONS_MAX, sizeof *r.reason), 0};

	VIZ_REQUIRE(r.reason != NULL);
	begin(e, a);
	finish(e, e->config->connector->reasons(e, &r));
	VIZ_REQUIRE(r.count <= VIZ_ERP_REASONS_MAX);
	for (size_t i = 0; i < r.count; i++) {
		check_text(r.reason[i].id, sizeof r.reason[i].id);
		check_text(r.reason[i].name, sizeof r.reason[i].name);
	}
	free(r.reason);
}

static void run_lead(struct viz_erp *e, struct answers *a)
{
	static const struct viz_erp_person person = {.reference = "a1b2c3d4-20261201-1",
						     .origin = "Provedor A",
						     .name = "Maria Canario",
						     .phone = "+5527999990000",
						     .address = "Rua A, 1",
						     .plan = "",
						     .date = "",
						     .municipality = "",
						     .state = ""};
	const struct viz_erp_connector *c = e->config->connector;
	struct viz_erp_copy copy = {0};
	char id[VIZ_ERP_ID_MAX] = "untouched";
	enum viz_erp_result result;

	begin(e, a);
	result = c->put(e, id, &person);
	finish(e, result);
	check_text(id, sizeof id);
	VIZ_REQUIRE(result == VIZ_ERP_OK ? id[0] != '\0' : strcmp(id, "untouched") == 0);
	begin(e, a);
	strcpy(id, "untouched");
	if (c->find != NULL) {
		result = c->find(e, id, person.reference);
		finish(e, result);
		check_text(id, sizeof id);
		VIZ_REQUIRE(result == VIZ_ERP_OK || strcmp(id, "untouched") == 0);
	}
	begin(e, a);
	if (c->read != NULL) {
		result = c->read(e, &copy, "12", &person);
		finish(e, result);
		check_text(copy.differs, sizeof copy.differs);
		VIZ_REQUIRE(result == VIZ_ERP_OK || (!copy.there && !copy.same));
		VIZ_REQUIRE(!copy.same || copy.there);
	}
	begin(e, a);
	if (c->withdraw != NULL)
		finish(e, c->withdraw(e, "12"));
}

static void run_rest(struct viz_erp *e, struct answers *a)
{
	const struct viz_erp_connector *c = e->config->connector;
	enum viz_erp_standing standing = VIZ_ERP_STANDS;
	struct viz_erp_checks checks = {.count = 0};

	begin(e, a);
	if (c->look != NULL)
		finish(e, c->look(e, &standing, "contrato:12"));
	begin(e, a);
	c->check(e, &checks);
	VIZ_REQUIRE(checks.count > 0);
	for (size_t i = 0; i < checks.count; i++)
		VIZ_REQUIRE(strcasestr(checks.check[i].why, CANARY) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const names[] = {"ixc", "hubsoft", "sgp", "voalle"};
	static struct viz_erp_config config;
	struct answers a = {.data = data + 1, .len = len > 0 ? len - 1 : 0};
	struct viz_erp e = {.config = &config,
			    .carry = carry,
			    .carrier = &a,
			    .hurry = 1000000,
			    .now_s = 1796083200,
			    .token = "secret:password"};
	const struct viz_erp_key *k;

	if (len == 0)
		return 0;
	config = (struct viz_erp_config){.url = "https://erp.example",
					 .user = "user",
					 .rate_per_minute = 600,
					 .first_days = 7,
					 .zone_min = -180};
	config.connector = viz_erp_connector_named(names[data[0] % 4]);
	k = config.connector->keys;
	for (size_t i = 0; k[i].name != NULL; i++)
		snprintf(config.setting[i], sizeof config.setting[i], "%s",
			 k[i].value != NULL ? k[i].value
			 : k[i].url         ? "https://erp.example:45700"
					    : "1");
	run_fetch(&e, &a, VIZ_ERP_MOVES);
	run_fetch(&e, &a, VIZ_ERP_CANCELLATIONS);
	if (config.connector->reasons != NULL)
		run_reasons(&e, &a);
	run_lead(&e, &a);
	run_rest(&e, &a);
	viz_erp_session_end(&e);
	return 0;
}
