/* Voalle (Elleven): the API for third parties. Its facts come from public code, as
 * tests/erp/README.md says: a token of client_credentials from the port of sign-in, one list of
 * contracts in pages, and leads that nobody can read, change or delete. What the API lets us take
 * back is a negotiation (startsale, cancelsale). It has nothing of the person, and it tells sales
 * to stop. */
#include "tools/erp/connector.h"

#include <ctype.h>

#include "crypto/secret.h"
#include "tools/erp/oauth.h"

#define THIRD        "/external/integrations/thirdparty"
#define PAGE         100 /* the most that the ERP gives */
#define OVERLAP_DAYS 30  /* a cancellation may be entered with a date long ago */
#define NORMAL       1
#define COURTESY     3
#define CANCELLED    4
#define CLOSED       9

static const struct viz_erp_key keys[] = {
    {.name = "sign_in", .url = true}, /* https://erp.example:45700 */
    {.name = "contact_origin"},       /* crmContactOriginCode */
    {.name = "form"},                 /* crmFormCode */
    {.name = "alias"},                /* integratorAlias */
    {.name = "code"},                 /* integrationCode */
    {.name = "contract_type", .value = ""},
    {.name = "campaign", .value = ""},
    {.name = "price_list", .value = ""},
    {.name = "product", .value = ""},
    {0},
};

/* --- Asking --- */

/* `success` decides: Voalle refuses with HTTP 200. Its messages may name persons. */
static enum viz_erp_result judge(struct viz_erp *e, const struct viz_erp_answer *answer,
				 const char *what)
{
	const json_t *success = json_object_get(answer->json, "success");

	if (json_is_true(success))
		return VIZ_ERP_OK;
	if (json_is_false(success))
		return viz_erp_say(e, VIZ_ERP_REFUSED, "%s: Voalle refuses it (%zu messages)", what,
				   json_array_size(json_object_get(answer->json, "messages")));
	return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: no success in the answer", what);
}

static enum viz_erp_result ask(struct viz_erp *e, struct viz_erp_answer *answer,
			       const struct viz_erp_request *request)
{
	char secret[VIZ_ERP_PART_MAX], syndata[VIZ_ERP_PART_MAX];
	enum viz_erp_result result;

	if (!viz_erp_oauth_parts(secret, syndata, e))
		result = viz_erp_say(e, VIZ_ERP_DENIED,
				     "the token is not of the form CLIENT_SECRET:SYNDATA");
	else
		result =
		    viz_erp_oauth_ask(e, answer, request,
				      &(struct viz_erp_request){
					  .what = "sign-in",
					  .method = "POST",
					  .base = viz_erp_setting(e, "sign_in"),
					  .path = "/connect/token",
					  .form = (struct viz_erp_field[]){
					      {"grant_type", "client_credentials", VIZ_ERP_OPEN},
					      {"scope", "syngw", VIZ_ERP_OPEN},
					      {"client_id", viz_erp_user(e), VIZ_ERP_OPEN},
					      {"client_secret", secret, VIZ_ERP_SECRET},
					      {"syndata", syndata, VIZ_ERP_SECRET},
					      {0}}});
	viz_secret_wipe(secret, sizeof secret);
	viz_secret_wipe(syndata, sizeof syndata);
	return result == VIZ_ERP_OK ? judge(e, answer, request->what) : result;
}

/* --- Contracts --- */

/* Sources differ on whether the first page is 0 or 1. So a sweep begins with 1, goes to the last
 * number, and ends with 0. */

static int64_t share(int64_t total, int64_t first)
{
	int64_t n = total - first;

	return n < 0 ? 0 : n < PAGE ? n : PAGE;
}

static enum viz_erp_result ask_page(struct viz_erp *e, struct viz_erp_answer *answer,
				    const json_t **rows, int64_t *pages, int page)
{
	json_t *json =
	    json_pack("{s:i, s:i, s:b}", "page", page, "pageSize", PAGE, "onlyActiveContracts", 0);
	enum viz_erp_result result;
	const json_t *response;
	int64_t total, n;

	VIZ_REQUIRE(json != NULL);
	result = ask(e, answer,
		     &(struct viz_erp_request){.what = "contracts",
					       .method = "POST",
					       .path = THIRD "/contract/getpaged",
					       .json = json,
					       .json_open = true});
	json_decref(json);
	if (result != VIZ_ERP_OK)
		return result;
	response = json_object_get(answer->json, "response");
	*rows = json_object_get(response, "data");
	if (!json_is_array(*rows) || !viz_erp_number(&total, response, "totalRecords") ||
	    !viz_erp_number(pages, response, "totalPages"))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "contracts: no data with totalRecords");
	n = (int64_t)json_array_size(*rows);
	/* as page 1 is the first, or page 0 */
	if (n != share(total, (page > 0 ? page - 1 : 0) * (int64_t)PAGE) &&
	    n != share(total, page * (int64_t)PAGE))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "contracts: page %d has %lld of %lld rows",
				   page, (long long)n, (long long)total);
	return VIZ_ERP_OK;
}

/* VIZ_ERP_ABSENT: it is nothing to tell. */
static enum viz_erp_result read_contract(struct viz_erp_notice *n, struct viz_erp *e,
					 const json_t *row, const char *since, size_t *undated)
{
	char id[VIZ_ERP_ID_MAX - 9], date[32];
	int64_t status;

	if (!viz_erp_text(id, sizeof id, row, "id") || id[0] == '\0' ||
	    !viz_erp_number(&status, row, "contractStatus"))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "a contract has no id or no contractStatus");
	snprintf(n->external_id, sizeof n->external_id, "contrato:%s", id);
	viz_erp_text(n->protocol, sizeof n->protocol, row, "contractNumber");
	/* a date alone does not say that a contract is cancelled */
	n->undone = status == NORMAL || status == COURTESY;
	if (n->undone)
		return VIZ_ERP_OK;
	if (status != CANCELLED && status != CLOSED)
		return VIZ_ERP_ABSENT;
	if (!viz_erp_text(date, sizeof date, row, "cancellationDate") ||
	    !viz_erp_time(n->cancelled_at, e, date)) {
		++*undated;
		return VIZ_ERP_ABSENT;
	}
	return strncmp(n->cancelled_at, since, 10) < 0 ? VIZ_ERP_ABSENT : VIZ_ERP_OK;
}

static enum viz_erp_result read_rows(struct viz_erp *e, struct viz_erp_page *page,
				     const json_t *rows, const char *since)
{
	size_t undated = 0, dated = 0, i;
	const json_t *row;

	json_array_foreach(rows, i, row)
	{
		struct viz_erp_notice n = {0};
		enum viz_erp_result result = read_contract(&n, e, row, since, &undated);

		if (result == VIZ_ERP_UNSURE)
			return result;
		dated += n.cancelled_at[0] != '\0';
		if (result == VIZ_ERP_OK && page->count < VIZ_ERP_PAGE_MAX)
			page->notice[page->count++] = n;
	}
	if (undated > 0 && dated == 0)
		return viz_erp_say(e, VIZ_ERP_UNSURE,
				   "%zu cancelled contracts, and none has a cancellationDate",
				   undated);
	return VIZ_ERP_OK;
}

static void set_next(struct viz_erp_page *page, const struct viz_erp *e,
		     const struct viz_erp_place *p, int64_t pages)
{
	char since[11];

	page->more = p->page != 0;
	if (page->more) {
		snprintf(page->next, sizeof page->next, "%s %d", p->since,
			 p->page < pages ? p->page + 1 : 0);
		return;
	}
	viz_erp_day(since, e, OVERLAP_DAYS);
	snprintf(page->next, sizeof page->next, "%s 1",
		 strcmp(since, p->since) > 0 ? since : p->since);
}

static enum viz_erp_result fetch(struct viz_erp *e, struct viz_erp_page *out,
				 enum viz_erp_stream stream, const char *cursor,
				 const char *const *subjects, size_t subject_count)
{
	struct viz_erp_answer answer = {0};
	struct viz_erp_page page = {0};
	enum viz_erp_result result;
	const json_t *rows = NULL;
	int64_t pages = 0;
	struct viz_erp_place p;

	(void)subjects;
	(void)subject_count;
	if (stream == VIZ_ERP_MOVES)
		return viz_erp_say(e, VIZ_ERP_ABSENT,
				   "Voalle lists no requests of its service desk");
	viz_erp_place_read(&p, e, cursor, 1);
	result = ask_page(e, &answer, &rows, &pages, p.page);
	/* where the first page is 1, there may be no page 0 */
	if (p.page == 0 && result == VIZ_ERP_REFUSED)
		result = VIZ_ERP_OK;
	else if (result == VIZ_ERP_OK)
		result = read_rows(e, &page, rows, p.since);
	if (result == VIZ_ERP_OK) {
		set_next(&page, e, &p, pages);
		*out = page;
	}
	viz_erp_answer_free(&answer);
	return result;
}

/* --- B's customer as a lead, with a negotiation beside it --- */

static const char *national(const char *phone)
{
	return strncmp(phone, "+55", 3) == 0 ? phone + 3 : phone;
}

/* The negotiation of which we know the number. *protocol stays 0 when Voalle refuses it: its
 * document asks for a CPF, which we have not and do not ask for. */
static enum viz_erp_result start_sale(struct viz_erp *e, int64_t *protocol,
				      const struct viz_erp_person *person)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result;
	char mark[VIZ_ERP_ID_MAX + 12];
	json_t *json;

	*protocol = 0;
	if (viz_erp_setting(e, "contract_type")[0] == '\0')
		return VIZ_ERP_OK;
	snprintf(mark, sizeof mark, "[vizinho %s]", person->reference);
	json = json_pack("{s:s, s:s, s:s, s:[{s:s, s:i}], s:s}", "contractType",
			 viz_erp_setting(e, "contract_type"), "crmCampaignCode",
			 viz_erp_setting(e, "campaign"), "crmPriceListCode",
			 viz_erp_setting(e, "price_list"), "serviceProducts", "code",
			 viz_erp_setting(e, "product"), "quantity", 1, "observations", mark);
	VIZ_REQUIRE(json != NULL);
	result = ask(e, &answer,
		     &(struct viz_erp_request){.what = "new negotiation",
					       .method = "POST",
					       .path = THIRD "/crm/startsale",
					       .json = json,
					       .json_open = true,
					       .changes = true});
	json_decref(json);
	if (result == VIZ_ERP_OK &&
	    (!viz_erp_number(protocol, json_object_get(answer.json, "response"), "protocolId") ||
	     *protocol <= 0)) {
		*protocol = 0;
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "new negotiation: no protocolId");
	}
	viz_erp_answer_free(&answer);
	return result == VIZ_ERP_REFUSED ? VIZ_ERP_OK : result;
}

static enum viz_erp_result stop_sale(struct viz_erp *e, int64_t protocol)
{
	struct viz_erp_answer answer = {0};
	json_t *json = json_pack("{s:I, s:s}", "protocolId", (json_int_t)protocol, "description",
				 "Retirado a pedido do cliente: não ligar.");
	enum viz_erp_result result;

	VIZ_REQUIRE(json != NULL);
	result = ask(e, &answer,
		     &(struct viz_erp_request){.what = "negotiation cancelled",
					       .method = "POST",
					       .path = THIRD "/crm/cancelsale",
					       .json = json,
					       .json_open = true,
					       .changes = true});
	json_decref(json);
	viz_erp_answer_free(&answer);
	return result;
}

static json_t *shape(const struct viz_erp *e, const struct viz_erp_person *p)
{
	char note[512], cep[9] = "";
	json_t *json;

	snprintf(note, sizeof note, "[vizinho %s] Vem de: %s. Plano: %s. Data desejada: %s.",
		 p->reference, p->origin, p->plan, p->date);
	if (p->cep != 0)
		snprintf(cep, sizeof cep, "%08u", (unsigned)(p->cep % 100000000));
	json = json_pack(
	    "{s:{s:s, s:s, s:i, s:s}, s:{s:s, s:s, s:b, s:s}, "
	    "s:{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s}}",
	    "personalData", "name", p->name, "name2", "", "typeTxId", p->business ? 1 : 2, "txId",
	    "", "contact", "phone", "", "cellPhone", national(p->phone), "cellPhoneHasWhatsApp", 0,
	    "email", "", "address", "postalCode", cep, "street", p->address, "number", "",
	    "neighborhood", "", "addressComplement", "", "addressReference", note, "codeCityId",
	    (int)p->municipality_code, "city", p->municipality, "state", p->state, "country", "BR",
	    "integratorData", "crmContactOriginCode", viz_erp_setting(e, "contact_origin"),
	    "crmFormCode", viz_erp_setting(e, "form"), "integratorAlias",
	    viz_erp_setting(e, "alias"), "integrationCode", viz_erp_setting(e, "code"));
	VIZ_REQUIRE(json != NULL);
	viz_secret_wipe(note, sizeof note);
	return json;
}

/* The lead comes last: before it nothing of the person is in the ERP. */
static enum viz_erp_result put(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
			       const struct viz_erp_person *person)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result;
	int64_t protocol;
	json_t *json;

	if (person->municipality_code == 0)
		return viz_erp_say(e, VIZ_ERP_REFUSED, "the municipality is not known");
	result = start_sale(e, &protocol, person);
	/* absent: a dry run, which shows the lead, too */
	if (result != VIZ_ERP_OK && result != VIZ_ERP_ABSENT)
		return result;
	json = shape(e, person);
	result = ask(e, &answer,
		     &(struct viz_erp_request){.what = "new lead",
					       .method = "POST",
					       .path = "/external/crm/leads/create",
					       .json = json,
					       .changes = true});
	json_decref(json);
	viz_erp_answer_free(&answer);
	if (result == VIZ_ERP_OK && protocol != 0)
		snprintf(id, VIZ_ERP_ID_MAX, "sale:%lld", (long long)protocol);
	else if (result == VIZ_ERP_OK)
		snprintf(id, VIZ_ERP_ID_MAX, "lead"); /* it tells no id */
	else if (result == VIZ_ERP_REFUSED && protocol != 0) {
		char why[VIZ_ERP_WHY_MAX];

		snprintf(why, sizeof why, "%s", viz_erp_why(e));
		stop_sale(e, protocol);
		viz_erp_say(e, result, "%s", why);
	}
	return result;
}

static enum viz_erp_result withdraw(struct viz_erp *e, const char *id)
{
	long long protocol;

	if (sscanf(id, "sale:%lld", &protocol) != 1)
		return viz_erp_say(e, VIZ_ERP_ABSENT,
				   "Voalle deletes no leads: do it there by hand");
	return stop_sale(e, protocol);
}

static void check(struct viz_erp *e, struct viz_erp_checks *checks)
{
	struct viz_erp_page *page = calloc(1, sizeof *page);

	VIZ_REQUIRE(page != NULL);
	viz_erp_checked(e, checks, "sign-in, contracts",
			fetch(e, page, VIZ_ERP_CANCELLATIONS, "", NULL, 0));
	free(page);
}

const struct viz_erp_connector viz_erp_voalle = {
    .name = "voalle",
    .title = "Voalle",
    .user = true,
    .keys = keys,
    .check = check,
    .fetch = fetch,
    .put = put,
    .withdraw = withdraw,
};
