/* HubSoft: cancelled services and attendances. Its documents: the collection of the integration
 * API, v1 (oAuth, Clientes, Atendimento, Configuração). What they do not say is in
 * tests/erp/README.md. */
#include "tools/erp/hubsoft.h"

#include "crypto/secret.h"
#include "tools/erp/oauth.h"

#define API           VIZ_ERP_HUBSOFT_API
#define PAGE          50  /* clients of a page; each may have more than one service */
#define REASON_PAGE   500 /* the most that the ERP gives */
#define REASON_PAGES  10
#define REASON_DAYS   365
#define OVERLAP_DAYS  7 /* a cancellation may be entered some days after its date */
#define ATTENDED_DAYS 1

static const struct viz_erp_key keys[] = {
    {.name = "client_id"},
    {.name = "service"}, /* id_servico of the plan that a prospect is made with */
    {.name = "price"},   /* and its value in reais: 99.90 */
    {.name = "cep", .value = "00000000"},
    {.name = "address", .value = "note"}, /* or "fields" */
    {.name = "seller", .value = ""},
    {.name = "crm", .value = ""},
    {.name = "origin", .value = ""},
    {0},
};

/* --- Asking --- */

/* Names of fields are all that is shown of what the ERP says: its sentences name persons. */
static void name_fields(char *out, size_t max, const json_t *errors)
{
	static const char *const known[] = {
	    "nome",     "telefone", "cep",    "bairro",   "endereco",   "numero", "servico",
	    "cpf_cnpj", "email",    "origem", "vendedor", "vencimento", "pagina", "data"};
	const json_t *line;
	size_t i, len = 0;

	out[0] = '\0';
	json_array_foreach(errors, i, line)
	{
		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			if (json_is_string(line) && len < max &&
			    strcasestr(json_string_value(line), known[k]) != NULL)
				len += (size_t)snprintf(out + len, max - len, "%s%s",
							len > 0 ? ", " : ": ", known[k]);
	}
}

static enum viz_erp_result judge(struct viz_erp *e, const struct viz_erp_answer *answer,
				 const char *what)
{
	const char *status = json_string_value(json_object_get(answer->json, "status"));
	char fields[128];

	/* one of the documented answers has the misspelling */
	if (status != NULL && (strcmp(status, "success") == 0 || strcmp(status, "suscess") == 0))
		return VIZ_ERP_OK;
	if (status == NULL || strcmp(status, "error") != 0)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: neither success nor error", what);
	name_fields(fields, sizeof fields, json_object_get(answer->json, "errors"));
	return viz_erp_say(e, VIZ_ERP_REFUSED, "%s: HubSoft refuses it%s", what, fields);
}

enum viz_erp_result viz_erp_hubsoft_ask(struct viz_erp *e, struct viz_erp_answer *answer,
					const struct viz_erp_request *request)
{
	char secret[VIZ_ERP_PART_MAX], password[VIZ_ERP_PART_MAX];
	enum viz_erp_result result;

	if (!viz_erp_oauth_parts(secret, password, e))
		result = viz_erp_say(e, VIZ_ERP_DENIED,
				     "the token is not of the form CLIENT_SECRET:PASSWORD");
	else
		result = viz_erp_oauth_ask(
		    e, answer, request,
		    &(struct viz_erp_request){
			.what = "sign-in",
			.method = "POST",
			.path = "/oauth/token",
			.form = (struct viz_erp_field[]){
			    {"grant_type", "password", VIZ_ERP_OPEN},
			    {"client_id", viz_erp_setting(e, "client_id"), VIZ_ERP_OPEN},
			    {"client_secret", secret, VIZ_ERP_SECRET},
			    {"username", viz_erp_user(e), VIZ_ERP_OPEN},
			    {"password", password, VIZ_ERP_SECRET},
			    {0}}});
	viz_secret_wipe(secret, sizeof secret);
	viz_secret_wipe(password, sizeof password);
	return result == VIZ_ERP_OK ? judge(e, answer, request->what) : result;
}

/* --- Pages --- */

/* A page proves something when it has as many rows as it says: HubSoft is known to leave out some.
 */
static enum viz_erp_result check_page(struct viz_erp *e, const json_t **rows, bool *more,
				      const struct viz_erp_answer *answer, const char *name,
				      int page, int size)
{
	const json_t *paging = json_object_get(answer->json, "paginacao");
	int64_t total, last, at;
	int64_t wanted;

	*rows = json_object_get(answer->json, name);
	if (!json_is_array(*rows) || !viz_erp_number(&total, paging, "total_registros") ||
	    !viz_erp_number(&last, paging, "ultima_pagina") ||
	    !viz_erp_number(&at, paging, "pagina_atual"))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: no list with paginacao", name);
	wanted = total - (int64_t)page * size;
	wanted = wanted < 0 ? 0 : wanted < size ? wanted : size;
	if (at != page || (int64_t)json_array_size(*rows) != wanted)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: page %d has %zu rows and not %lld", name,
				   page, json_array_size(*rows), (long long)wanted);
	*more = page < last && wanted == size;
	return VIZ_ERP_OK;
}

static void set_next(struct viz_erp_page *out, const struct viz_erp *e,
		     const struct viz_erp_place *p, bool more, int overlap)
{
	char today[11];

	out->more = more;
	viz_erp_day(today, e, overlap);
	/* never behind where we are */
	if (more)
		snprintf(out->next, sizeof out->next, "%s %d", p->since, p->page + 1);
	else
		snprintf(out->next, sizeof out->next, "%s 0",
			 strcmp(today, p->since) > 0 ? today : p->since);
}

/* --- Cancelled services --- */

static enum viz_erp_result ask_cancelled(struct viz_erp *e, struct viz_erp_answer *answer,
					 const char *since, int page, int size)
{
	char number[12], items[12], today[11];

	snprintf(number, sizeof number, "%d", page);
	snprintf(items, sizeof items, "%d", size);
	viz_erp_day(today, e, -1); /* the clocks differ */
	return viz_erp_hubsoft_ask(
	    e, answer,
	    &(struct viz_erp_request){
		.what = "cancelled services",
		.method = "GET",
		.path = API "/cliente/todos",
		.query = (struct viz_erp_field[]){
		    {"pagina", number, VIZ_ERP_OPEN},
		    {"itens_por_pagina", items, VIZ_ERP_OPEN},
		    {"cancelado", "sim", VIZ_ERP_OPEN},
		    {"servico_status", "cancelado", VIZ_ERP_OPEN},
		    {"tipo_data_cliente_servico", "data_cancelamento", VIZ_ERP_OPEN},
		    {"data_inicio_cliente_servico", since, VIZ_ERP_OPEN},
		    {"data_fim_cliente_servico", today, VIZ_ERP_OPEN},
		    {0}}});
}

/* False: the service is not cancelled, or was before. */
static bool read_service(struct viz_erp_notice *n, const struct viz_erp *e, const json_t *client,
			 const json_t *service, const char *since)
{
	char state[32], number[VIZ_ERP_ID_MAX - 8], date[32];

	if (!viz_erp_text(state, sizeof state, service, "status_prefixo") ||
	    strcmp(state, "cancelado") != 0 ||
	    !viz_erp_text(number, sizeof number, service, "id_cliente_servico") ||
	    number[0] == '\0' || !viz_erp_text(date, sizeof date, service, "data_cancelamento") ||
	    !viz_erp_time(n->cancelled_at, e, date) || strncmp(n->cancelled_at, since, 10) < 0)
		return false;
	snprintf(n->external_id, sizeof n->external_id, "servico:%s", number);
	viz_erp_text(n->protocol, sizeof n->protocol, client, "codigo_cliente");
	viz_erp_text(n->reason_id, sizeof n->reason_id, service, "id_motivo_cancelamento");
	viz_erp_text(n->reason, sizeof n->reason, service, "motivo_cancelamento");
	return true;
}

static enum viz_erp_result fetch_cancelled(struct viz_erp *e, struct viz_erp_page *out,
					   const struct viz_erp_place *p,
					   struct viz_erp_answer *answer)
{
	struct viz_erp_page page = {0};
	const json_t *rows, *client, *services, *service;
	enum viz_erp_result result = ask_cancelled(e, answer, p->since, p->page, PAGE);
	size_t i, k;
	bool more;

	if (result == VIZ_ERP_OK)
		result = check_page(e, &rows, &more, answer, "clientes", p->page, PAGE);
	if (result != VIZ_ERP_OK)
		return result;
	json_array_foreach(rows, i, client)
	{
		services = json_object_get(client, "servicos");
		if (!json_is_array(services))
			return viz_erp_say(e, VIZ_ERP_UNSURE, "a client has no list of servicos");
		json_array_foreach(services, k, service)
		{
			struct viz_erp_notice n = {0};

			if (!read_service(&n, e, client, service, p->since))
				continue;
			if (page.count == VIZ_ERP_PAGE_MAX)
				return viz_erp_say(e, VIZ_ERP_UNSURE,
						   "more than %d services on a page",
						   VIZ_ERP_PAGE_MAX);
			page.notice[page.count++] = n;
		}
	}
	set_next(&page, e, p, more, OVERLAP_DAYS);
	*out = page;
	return VIZ_ERP_OK;
}

/* --- Attendances --- */

static enum viz_erp_result ask_attended(struct viz_erp *e, struct viz_erp_answer *answer,
					const struct viz_erp_place *p, const char *const *subjects,
					size_t subject_count)
{
	char number[12], items[12], today[11], kinds[64 * 12] = "";
	size_t len = 0;

	snprintf(number, sizeof number, "%d", p->page);
	snprintf(items, sizeof items, "%d", VIZ_ERP_PAGE_MAX);
	viz_erp_day(today, e, -1);
	for (size_t i = 0; i < subject_count && len < sizeof kinds; i++)
		len += (size_t)snprintf(kinds + len, sizeof kinds - len, "%s%s", i > 0 ? "," : "",
					subjects[i]);
	if (len >= sizeof kinds)
		return viz_erp_say(e, VIZ_ERP_REFUSED, "attendances: too many subjects");
	return viz_erp_hubsoft_ask(
	    e, answer,
	    &(struct viz_erp_request){
		.what = "attendances",
		.method = "GET",
		.path = API "/atendimento/todos",
		.query = (struct viz_erp_field[]){{"pagina", number, VIZ_ERP_OPEN},
						  {"itens_por_pagina", items, VIZ_ERP_OPEN},
						  {"data_inicio", p->since, VIZ_ERP_OPEN},
						  {"data_fim", today, VIZ_ERP_OPEN},
						  {"tipo_atendimento", kinds, VIZ_ERP_OPEN},
						  {0}}});
}

static enum viz_erp_result fetch_attended(struct viz_erp *e, struct viz_erp_page *out,
					  const struct viz_erp_place *p,
					  const char *const *subjects, size_t subject_count,
					  struct viz_erp_answer *answer)
{
	enum viz_erp_result result = ask_attended(e, answer, p, subjects, subject_count);
	struct viz_erp_page page = {0};
	const json_t *rows, *row;
	char id[VIZ_ERP_ID_MAX - 12];
	bool more;
	size_t i;

	if (result == VIZ_ERP_OK)
		result =
		    check_page(e, &rows, &more, answer, "atendimentos", p->page, VIZ_ERP_PAGE_MAX);
	if (result != VIZ_ERP_OK)
		return result;
	json_array_foreach(rows, i, row)
	{
		struct viz_erp_notice *n = &page.notice[page.count++];

		if (!viz_erp_text(id, sizeof id, row, "id_atendimento") || id[0] == '\0' ||
		    !viz_erp_text(n->reason_id, sizeof n->reason_id, row, "id_tipo_atendimento"))
			return viz_erp_say(
			    e, VIZ_ERP_UNSURE,
			    "an attendance has no id_atendimento or no id_tipo_atendimento");
		snprintf(n->external_id, sizeof n->external_id, "atendimento:%s", id);
		viz_erp_text(n->protocol, sizeof n->protocol, row, "protocolo");
		n->undone = json_is_string(json_object_get(row, "deleted_at"));
	}
	set_next(&page, e, p, more, ATTENDED_DAYS);
	*out = page;
	return VIZ_ERP_OK;
}

static enum viz_erp_result fetch(struct viz_erp *e, struct viz_erp_page *page,
				 enum viz_erp_stream stream, const char *cursor,
				 const char *const *subjects, size_t subject_count)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result;
	struct viz_erp_place p;

	viz_erp_place_read(&p, e, cursor, 0);
	result = stream == VIZ_ERP_MOVES
		     ? fetch_attended(e, page, &p, subjects, subject_count, &answer)
		     : fetch_cancelled(e, page, &p, &answer);
	viz_erp_answer_free(&answer);
	return result;
}

/* --- Whether a service is still cancelled --- */

static enum viz_erp_result find_state(struct viz_erp *e, char state[32], const json_t *clients,
				      const char *service_id)
{
	const json_t *client, *service;
	char id[VIZ_ERP_ID_MAX];
	size_t i, k;

	json_array_foreach(clients, i, client)
	{
		json_array_foreach(json_object_get(client, "servicos"), k, service)
		{
			if (viz_erp_text(id, sizeof id, service, "id_cliente_servico") &&
			    strcmp(id, service_id) == 0 &&
			    viz_erp_text(state, 32, service, "status_prefixo"))
				return VIZ_ERP_OK;
		}
	}
	return viz_erp_say(e, VIZ_ERP_UNSURE, "HubSoft does not name service %s", service_id);
}

static enum viz_erp_result look(struct viz_erp *e, enum viz_erp_standing *standing,
				const char *external_id)
{
	static const char *const live[] = {"servico_habilitado", "suspenso_debito",
					   "suspenso_parcialmente", "suspenso_pedido_cliente",
					   "franquia_excedida"};
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result;
	const char *id;
	char state[32];

	if (strncmp(external_id, "servico:", 8) != 0)
		return viz_erp_say(e, VIZ_ERP_ABSENT,
				   "HubSoft does not show an attendance by its id");
	id = external_id + 8;
	result = viz_erp_hubsoft_ask(
	    e, &answer,
	    &(struct viz_erp_request){
		.what = "a service",
		.method = "GET",
		.path = API "/cliente",
		.query = (struct viz_erp_field[]){{"busca", "id_cliente_servico", VIZ_ERP_OPEN},
						  {"termo_busca", id, VIZ_ERP_OPEN},
						  {"cancelado", "sim", VIZ_ERP_OPEN},
						  {0}}});
	if (result == VIZ_ERP_OK)
		result = find_state(e, state, json_object_get(answer.json, "clientes"), id);
	viz_erp_answer_free(&answer);
	if (result != VIZ_ERP_OK)
		return result;
	*standing = VIZ_ERP_STANDS;
	for (size_t i = 0; i < sizeof live / sizeof *live; i++)
		if (strcmp(state, live[i]) == 0)
			*standing = VIZ_ERP_UNDONE;
	return VIZ_ERP_OK;
}

/* --- Reasons and subjects --- */

static void add_reason(struct viz_erp_reasons *reasons, enum viz_erp_stream stream,
		       const json_t *row, const char *id_key, const char *name_key)
{
	struct viz_erp_reason r = {.stream = stream, .active = true};

	if (reasons->count == VIZ_ERP_REASONS_MAX ||
	    !viz_erp_text(r.id, sizeof r.id, row, id_key) || r.id[0] == '\0')
		return;
	for (size_t i = 0; i < reasons->count; i++)
		if (reasons->reason[i].stream == stream && strcmp(reasons->reason[i].id, r.id) == 0)
			return;
	viz_erp_text(r.name, sizeof r.name, row, name_key);
	reasons->reason[reasons->count++] = r;
}

/* No request lists the reasons. They are those of the services that were cancelled in a year. */
static enum viz_erp_result add_page(struct viz_erp *e, struct viz_erp_reasons *reasons, bool *more,
				    const char *since, int page)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result = ask_cancelled(e, &answer, since, page, REASON_PAGE);
	const json_t *rows, *client, *service;
	size_t i, k;

	if (result == VIZ_ERP_OK)
		result = check_page(e, &rows, more, &answer, "clientes", page, REASON_PAGE);
	if (result == VIZ_ERP_OK)
		json_array_foreach(rows, i, client)
		{
			json_array_foreach(json_object_get(client, "servicos"), k, service)
			    add_reason(reasons, VIZ_ERP_CANCELLATIONS, service,
				       "id_motivo_cancelamento", "motivo_cancelamento");
		}
	viz_erp_answer_free(&answer);
	return result;
}

static enum viz_erp_result add_kinds(struct viz_erp *e, struct viz_erp_reasons *reasons)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result = viz_erp_hubsoft_ask(
	    e, &answer,
	    &(struct viz_erp_request){.what = "kinds of attendances",
				      .method = "GET",
				      .path = API "/configuracao/tipo_atendimento"});
	const json_t *rows = json_object_get(answer.json, "tipos_atendimento"), *row;
	size_t i;

	if (result == VIZ_ERP_OK && !json_is_array(rows))
		result =
		    viz_erp_say(e, VIZ_ERP_UNSURE, "kinds of attendances: no tipos_atendimento");
	if (result == VIZ_ERP_OK && reasons != NULL)
		json_array_foreach(rows, i, row)
		    add_reason(reasons, VIZ_ERP_MOVES, row, "id_tipo_atendimento", "descricao");
	viz_erp_answer_free(&answer);
	return result;
}

static enum viz_erp_result list_reasons(struct viz_erp *e, struct viz_erp_reasons *reasons)
{
	enum viz_erp_result result = add_kinds(e, reasons);
	bool more = true;
	char since[11];

	viz_erp_day(since, e, REASON_DAYS);
	for (int page = 0; result == VIZ_ERP_OK && more && page < REASON_PAGES; page++)
		result = add_page(e, reasons, &more, since, page);
	return result;
}

/* --- Trying it out --- */

static void check(struct viz_erp *e, struct viz_erp_checks *checks)
{
	struct viz_erp_page *page = calloc(1, sizeof *page);
	char id[VIZ_ERP_ID_MAX];
	enum viz_erp_result result;

	VIZ_REQUIRE(page != NULL);
	result = viz_erp_checked(e, checks, "sign-in, cancelled services",
				 fetch(e, page, VIZ_ERP_CANCELLATIONS, "", NULL, 0));
	if (result != VIZ_ERP_DENIED) {
		viz_erp_checked(e, checks, "kinds of attendances", add_kinds(e, NULL));
		viz_erp_checked(e, checks, "attendances",
				fetch(e, page, VIZ_ERP_MOVES, "", (const char *const[]){"0"}, 1));
		viz_erp_checked(e, checks, "the plan of a prospect", viz_erp_hubsoft_plan(e));
		viz_erp_checked(e, checks, "search of prospects",
				viz_erp_hubsoft_find(e, id, "vizinho-check"));
	}
	free(page);
}

const struct viz_erp_connector viz_erp_hubsoft = {
    .name = "hubsoft",
    .title = "HubSoft",
    .user = true,
    .keys = keys,
    .check = check,
    .reasons = list_reasons,
    .fetch = fetch,
    .look = look,
    .put = viz_erp_hubsoft_put,
    .find = viz_erp_hubsoft_find,
    .read = viz_erp_hubsoft_read,
    .withdraw = viz_erp_hubsoft_withdraw,
};
