/* SGP. Sign-in is `token` and `app` in each form; the app's name counts with its case. Contracts
 * come within their customers, so nothing but the contract is looked at. A pre-registration can be
 * made, and no request is known that reads, changes or deletes one. */
#include <ctype.h>

#include "crypto/secret.h"
#include "tools/erp/connector.h"

#define ROWS      50 /* customers of a page, each with its contracts */
#define ROWS_TEXT "50"
#define OVERLAP   5 /* rows of a page that come again: one may have gone from before them */
#define BACK      2 /* days: so far a cursor goes back */

#define CANCELLED 3

static const struct viz_erp_key keys[] = {
    {"app", NULL, false},
    {NULL, NULL, false},
};

static const struct {
	int number;
	const char *name;
	bool active; /* the customer is served */
} statuses[] = {
    {1, "Ativo", true},
    {2, "Inativo", false},
    {3, "Cancelado", false},
    {4, "Suspenso", false},
    {5, "Inviabilidade Técnica", false},
    {6, "Novo", true},
    {7, "Ativo V. Reduzida", true},
};
#define STATUSES (sizeof statuses / sizeof *statuses)

/* --- Requests --- */

struct form {
	struct viz_erp_field field[VIZ_ERP_FIELDS_MAX];
	size_t count;
};

static void add(struct form *f, const char *name, const char *value, enum viz_erp_openness openness)
{
	VIZ_REQUIRE(f->count + 1 < VIZ_ERP_FIELDS_MAX);
	f->field[f->count++] = (struct viz_erp_field){name, value, openness};
	f->field[f->count] = (struct viz_erp_field){NULL, NULL, VIZ_ERP_OPEN};
}

static void begin(struct form *f, const struct viz_erp *e)
{
	f->count = 0;
	add(f, "token", viz_erp_token(e), VIZ_ERP_SECRET);
	add(f, "app", viz_erp_setting(e, "app"), VIZ_ERP_OPEN);
}

/* The two reasons of 403 are told apart by their texts alone. */
static enum viz_erp_result name_denial(struct viz_erp *e, const struct viz_erp_answer *answer,
				       const char *what)
{
	bool credentials = answer->body != NULL && (strstr(answer->body, "redencia") != NULL ||
						    strstr(answer->body, "oken") != NULL);

	return viz_erp_say(e, VIZ_ERP_DENIED,
			   credentials ? "%s: HTTP %d, the token is not of this app (its case "
					 "counts)"
				       : "%s: HTTP %d, perhaps the address of this machine is not "
					 "allowed",
			   what, answer->status);
}

static const char *const error_keys[] = {"detail", "erro", "error", "errors"};

/* A member that an error has. */
static bool is_error(const json_t *answer)
{
	for (size_t i = 0; i < sizeof error_keys / sizeof *error_keys; i++) {
		const json_t *v = json_object_get(answer, error_keys[i]);

		if (v != NULL && !json_is_null(v) && !json_is_false(v) &&
		    !(json_is_string(v) && json_string_length(v) == 0))
			return true;
	}
	return false;
}

static enum viz_erp_result ask(struct viz_erp *e, struct viz_erp_answer *answer, const char *what,
			       const char *path, const struct form *form, bool changes)
{
	const struct viz_erp_request request = {
	    .what = what, .method = "POST", .path = path, .form = form->field, .changes = changes};
	enum viz_erp_result result = viz_erp_ask(e, answer, &request);

	if (result == VIZ_ERP_DENIED)
		return name_denial(e, answer, what);
	if (result == VIZ_ERP_OK && is_error(answer->json))
		return viz_erp_say(e, VIZ_ERP_REFUSED, "%s: the ERP says no", what);
	return result;
}

/* The customers of an answer, borrowed from it. */
static enum viz_erp_result customers_of(struct viz_erp *e, json_t **customers,
					const struct viz_erp_answer *answer, int64_t offset,
					const char *what)
{
	const json_t *paging = json_object_get(answer->json, "paginacao");
	json_t *list = json_object_get(answer->json, "clientes");
	int64_t total = 0;

	if (!json_is_array(list))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: no list of customers", what);
	viz_erp_number(&total, paging, "total");
	total = total - offset < ROWS ? total - offset : ROWS;
	if ((int64_t)json_array_size(list) < total)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: %zu customers of %lld are there", what,
				   json_array_size(list), (long long)total);
	*customers = list;
	return VIZ_ERP_OK;
}

/* --- Contracts --- */

/* The first of the members that is there, as text. */
static bool any_text(char *out, size_t max, const json_t *o, const char *const *names)
{
	for (; *names != NULL; names++)
		if (viz_erp_text(out, max, o, *names) && out[0] != '\0')
			return true;
	out[0] = '\0';
	return false;
}

static bool contract_id(char out[32], const json_t *contract)
{
	static const char *const names[] = {"contrato", "contratoId", "contrato_id", "id", NULL};

	return any_text(out, 32, contract, names) && strspn(out, "0123456789") == strlen(out);
}

/* 1 to 7, by number or by name; 0: not understood. */
static int contract_status(const json_t *contract)
{
	static const char *const names[] = {"contratoStatus", "contrato_status",       "status_id",
					    "status",         "contratoStatusDisplay", NULL};
	char text[64];

	if (!any_text(text, sizeof text, contract, names))
		return 0;
	for (size_t i = 0; i < STATUSES; i++)
		if (viz_erp_same_text(text, statuses[i].name) ||
		    (isdigit((unsigned char)text[0]) && atoi(text) == statuses[i].number &&
		     text[1] == '\0'))
			return statuses[i].number;
	return 0;
}

static bool is_served(int status)
{
	return status > 0 && statuses[status - 1].active;
}

/* The reason as its id, or by its name alone. */
static void contract_reason(struct viz_erp_notice *n, const json_t *contract)
{
	static const char *const ids[] = {"motivo_status_id", "motivo_id", "motivoId", NULL},
				 *const names[] = {"motivo_status", "motivoStatus", "motivo", NULL},
				 *const inner[] = {"descricao", "nome", "motivo", NULL};

	char text[VIZ_ERP_REASON_MAX];

	any_text(n->reason_id, sizeof n->reason_id, contract, ids);
	any_text(text, sizeof text, contract, names);
	if (text[strspn(text, "0123456789")] != '\0')
		memcpy(n->reason, text, sizeof text);
	else if (text[0] != '\0' && n->reason_id[0] == '\0')
		snprintf(n->reason_id, sizeof n->reason_id, "%.64s", text);
	for (size_t i = 0; names[i] != NULL; i++) {
		const json_t *o = json_object_get(contract, names[i]);

		if (!json_is_object(o))
			continue;
		viz_erp_text(n->reason_id, sizeof n->reason_id, o, "id");
		any_text(n->reason, sizeof n->reason, o, inner);
	}
}

static void read_contract(struct viz_erp_notice *n, const struct viz_erp *e, const json_t *contract,
			  const char *id, int status)
{
	static const char *const dates[] = {"data_cancelamento", "dataCancelamento", "data_status",
					    "dataStatus",        "status_data",      NULL};
	char date[32];

	*n = (struct viz_erp_notice){0};
	snprintf(n->external_id, sizeof n->external_id, "contrato:%s", id);
	snprintf(n->protocol, sizeof n->protocol, "%s", id);
	if (status == CANCELLED && any_text(date, sizeof date, contract, dates))
		viz_erp_time(n->cancelled_at, e, date);
	contract_reason(n, contract);
	n->undone = is_served(status);
}

/* --- Reasons --- */

static enum viz_erp_result list_reasons(struct viz_erp *e, struct viz_erp_reasons *reasons)
{
	static const char *const names[] = {"descricao", "nome", "motivo", NULL};
	struct viz_erp_answer answer = {0};
	struct form form;
	json_t *list, *row;
	enum viz_erp_result result;
	size_t i;

	begin(&form, e);
	result = ask(e, &answer, "reasons", "/api/ura/contrato/status/motivos/", &form, false);
	list = json_is_array(answer.json) ? answer.json : json_object_get(answer.json, "motivos");
	if (result == VIZ_ERP_OK && !json_is_array(list))
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "reasons: no list");
	json_array_foreach(list, i, row)
	{
		struct viz_erp_reason *r = &reasons->reason[reasons->count];

		if (result != VIZ_ERP_OK || reasons->count == VIZ_ERP_REASONS_MAX)
			break;
		*r = (struct viz_erp_reason){.stream = VIZ_ERP_CANCELLATIONS, .active = true};
		if (viz_erp_text(r->id, sizeof r->id, row, "id") &&
		    any_text(r->name, sizeof r->name, row, names))
			reasons->count++;
	}
	viz_erp_answer_free(&answer);
	return result;
}

static enum viz_erp_result reasons(struct viz_erp *e, struct viz_erp_reasons *out)
{
	enum viz_erp_result result = list_reasons(e, out);

	/* its statuses stand for subjects */
	for (size_t i = 0; result == VIZ_ERP_OK && i < STATUSES; i++) {
		struct viz_erp_reason *r = &out->reason[out->count];

		if (statuses[i].active || statuses[i].number == CANCELLED ||
		    out->count == VIZ_ERP_REASONS_MAX)
			continue;
		*r = (struct viz_erp_reason){.stream = VIZ_ERP_MOVES, .active = true};
		snprintf(r->id, sizeof r->id, "%d", statuses[i].number);
		snprintf(r->name, sizeof r->name, "%s", statuses[i].name);
		out->count++;
	}
	return result;
}

/* Contracts may have the name of their reason alone: its id is in the list. */
static enum viz_erp_result name_reasons(struct viz_erp *e, struct viz_erp_page *page)
{
	struct viz_erp_reasons list = {NULL, 0};
	enum viz_erp_result result = VIZ_ERP_OK;
	size_t unnamed = 0;

	for (size_t i = 0; i < page->count; i++)
		unnamed +=
		    page->notice[i].reason_id[0] == '\0' && page->notice[i].reason[0] != '\0';
	if (unnamed == 0)
		return VIZ_ERP_OK;
	list.reason = calloc(VIZ_ERP_REASONS_MAX, sizeof *list.reason);
	VIZ_REQUIRE(list.reason != NULL);
	result = list_reasons(e, &list);
	for (size_t i = 0; i < page->count; i++)
		for (size_t k = 0; k < list.count && page->notice[i].reason_id[0] == '\0'; k++)
			if (viz_erp_same_text(page->notice[i].reason, list.reason[k].name))
				memcpy(page->notice[i].reason_id, list.reason[k].id,
				       sizeof page->notice[i].reason_id);
	free(list.reason);
	return result;
}

/* --- In --- */

/* "2026-11-29/45/1234": since that date, behind so many customers, the first of which was 1234. */
struct cursor {
	char date[11];
	long long offset;
	char first[32];
};

static bool read_cursor(struct cursor *c, const struct viz_erp *e, const char *text)
{
	*c = (struct cursor){.offset = 0};
	viz_erp_day(c->date, e, viz_erp_first_days(e));
	if (text[0] == '\0')
		return true;
	return sscanf(text, "%10[0-9-]/%lld/%31s", c->date, &c->offset, c->first) >= 2 &&
	       strlen(c->date) == 10 && c->offset >= 0;
}

static void set_next(struct viz_erp_page *page, const struct viz_erp *e, const struct cursor *c,
		     const json_t *customers, const char *first)
{
	char back[11];

	page->more = json_array_size(customers) >= ROWS;
	viz_erp_day(back, e, BACK);
	if (page->more)
		snprintf(page->next, sizeof page->next, "%s/%lld/%s", c->date,
			 c->offset + ROWS - OVERLAP, first);
	else
		snprintf(page->next, sizeof page->next, "%s/0",
			 strcmp(back, c->date) > 0 ? back : c->date);
}

static bool is_asked(int status, enum viz_erp_stream stream, const char *const *subjects,
		     size_t count)
{
	char text[4];

	if (stream == VIZ_ERP_CANCELLATIONS)
		return status == CANCELLED;
	snprintf(text, sizeof text, "%d", status % 100);
	for (size_t i = 0; i < count; i++)
		if (strcmp(subjects[i], text) == 0)
			return true;
	return false;
}

/* All contracts of a customer: those that were asked for, and those that are served again. */
static enum viz_erp_result take_customer(struct viz_erp *e, struct viz_erp_page *page,
					 const json_t *customer, enum viz_erp_stream stream,
					 const char *const *subjects, size_t count)
{
	json_t *contracts = json_object_get(customer, "contratos"), *contract;
	size_t i;

	if (!json_is_array(contracts))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "contracts: a customer without contracts");
	json_array_foreach(contracts, i, contract)
	{
		int status = contract_status(contract);
		char id[32];

		if (!contract_id(id, contract) || status == 0)
			return viz_erp_say(e, VIZ_ERP_UNSURE,
					   "contracts: one without its id or status");
		if (!is_asked(status, stream, subjects, count) && !is_served(status))
			continue;
		if (page->count == VIZ_ERP_PAGE_MAX)
			return viz_erp_say(e, VIZ_ERP_UNSURE, "contracts: too many on a page");
		read_contract(&page->notice[page->count++], e, contract, id, status);
	}
	return VIZ_ERP_OK;
}

static enum viz_erp_result take_page(struct viz_erp *e, struct viz_erp_page *page,
				     const struct cursor *c, const json_t *customers,
				     enum viz_erp_stream stream, const char *const *subjects,
				     size_t count)
{
	static const char *const names[] = {"id", "cliente_id", "clienteId", NULL};
	enum viz_erp_result result = VIZ_ERP_OK;
	char first[32] = "";
	json_t *customer;
	size_t i;

	any_text(first, sizeof first, json_array_get(customers, 0), names);
	if (c->offset > 0 && first[0] != '\0' && strcmp(first, c->first) == 0)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "contracts: the same page again");
	json_array_foreach(customers, i, customer)
	{
		if (result == VIZ_ERP_OK)
			result = take_customer(e, page, customer, stream, subjects, count);
	}
	if (result == VIZ_ERP_OK)
		result = name_reasons(e, page);
	if (result == VIZ_ERP_OK)
		set_next(page, e, c, customers, first);
	return result;
}

static enum viz_erp_result fetch(struct viz_erp *e, struct viz_erp_page *page,
				 enum viz_erp_stream stream, const char *cursor,
				 const char *const *subjects, size_t subject_count)
{
	struct viz_erp_answer answer = {0};
	char offset[24], today[11];
	json_t *customers = NULL;
	enum viz_erp_result result;
	struct cursor c;
	struct form form;

	if (!read_cursor(&c, e, cursor))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "the cursor is not of this ERP");
	viz_erp_day(today, e, 0);
	snprintf(offset, sizeof offset, "%lld", c.offset);
	begin(&form, e);
	if (stream == VIZ_ERP_CANCELLATIONS)
		add(&form, "contrato_status", "3", VIZ_ERP_OPEN);
	else if (subject_count == 1)
		add(&form, "contrato_status", subjects[0], VIZ_ERP_OPEN);
	add(&form, "data_contrato_status_inicio", c.date, VIZ_ERP_OPEN);
	add(&form, "data_contrato_status_fim", today, VIZ_ERP_OPEN);
	add(&form, "omitir_titulos", "1", VIZ_ERP_OPEN);
	add(&form, "omitir_contatos", "1", VIZ_ERP_OPEN);
	add(&form, "offset", offset, VIZ_ERP_OPEN);
	add(&form, "limit", ROWS_TEXT, VIZ_ERP_OPEN);
	result = ask(e, &answer, "contracts", "/api/ura/clientes/", &form, false);
	if (result == VIZ_ERP_OK)
		result = customers_of(e, &customers, &answer, c.offset, "contracts");
	if (result == VIZ_ERP_OK)
		result = take_page(e, page, &c, customers, stream, subjects, subject_count);
	viz_erp_answer_free(&answer);
	return result;
}

static enum viz_erp_result look(struct viz_erp *e, enum viz_erp_standing *standing,
				const char *external_id)
{
	struct viz_erp_answer answer = {0};
	json_t *customers = NULL, *customer, *contract;
	const char *wanted = strchr(external_id, ':');
	enum viz_erp_result result;
	struct form form;
	int status = 0;
	size_t i, k;

	if (wanted == NULL)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "not of this ERP");
	begin(&form, e);
	add(&form, "contrato", wanted + 1, VIZ_ERP_OPEN);
	add(&form, "omitir_titulos", "1", VIZ_ERP_OPEN);
	add(&form, "omitir_contatos", "1", VIZ_ERP_OPEN);
	result = ask(e, &answer, "contract", "/api/ura/clientes/", &form, false);
	if (result == VIZ_ERP_OK)
		result = customers_of(e, &customers, &answer, 0, "contract");
	json_array_foreach(customers, i, customer)
	{
		json_array_foreach(json_object_get(customer, "contratos"), k, contract)
		{
			char id[32];

			if (contract_id(id, contract) && strcmp(id, wanted + 1) == 0)
				status = contract_status(contract);
		}
	}
	if (result == VIZ_ERP_OK && status == 0)
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "it is not there any more");
	if (result == VIZ_ERP_OK)
		*standing = is_served(status) ? VIZ_ERP_UNDONE : VIZ_ERP_STANDS;
	viz_erp_answer_free(&answer);
	return result;
}

/* --- Out --- */

static enum viz_erp_result put(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
			       const struct viz_erp_person *p)
{
	static const char *const ids[] = {"id",         "precadastro_id", "precadastro",
					  "cliente_id", "protocolo",      NULL};
	const char *phone = strncmp(p->phone, "+55", 3) == 0 ? p->phone + 3 : p->phone;
	struct viz_erp_answer answer = {0};
	char notes[700], cep[16] = "", found[VIZ_ERP_ID_MAX];
	enum viz_erp_result result;
	struct form form;

	snprintf(notes, sizeof notes, "vizinho %s, de %s. %s %s", p->reference, p->origin, p->plan,
		 p->date);
	if (p->cep != 0)
		snprintf(cep, sizeof cep, "%08u", p->cep % 100000000);
	begin(&form, e);
	add(&form, "nome", p->name, VIZ_ERP_PERSONAL);
	add(&form, "celular", phone, VIZ_ERP_PERSONAL);
	add(&form, "logradouro", p->address, VIZ_ERP_PERSONAL);
	add(&form, "cep", cep, VIZ_ERP_PERSONAL);
	add(&form, "cidade", p->municipality, VIZ_ERP_PERSONAL);
	add(&form, "uf", p->state, VIZ_ERP_PERSONAL);
	add(&form, "observacao", notes, VIZ_ERP_PERSONAL);
	add(&form, "precadastro_ativar", "0", VIZ_ERP_OPEN);
	result = ask(e, &answer, "pre-registration",
		     p->business ? "/api/precadastro/J" : "/api/precadastro/F", &form, true);
	if (result == VIZ_ERP_OK && !json_is_object(answer.json))
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "pre-registration: no object");
	if (result == VIZ_ERP_OK) {
		/* some versions say only that it is done; the note has the lead's id */
		if (!any_text(found, sizeof found, answer.json, ids))
			strcpy(found, "?");
		memcpy(id, found, sizeof found);
	}
	viz_secret_wipe(notes, sizeof notes);
	viz_secret_wipe(cep, sizeof cep);
	viz_erp_answer_free(&answer);
	return result;
}

/* --- check --- */

static void check(struct viz_erp *e, struct viz_erp_checks *checks)
{
	struct viz_erp_reasons list = {calloc(VIZ_ERP_REASONS_MAX, sizeof *list.reason), 0};
	struct viz_erp_page *page = calloc(1, sizeof *page);
	enum viz_erp_result result;

	VIZ_REQUIRE(list.reason != NULL && page != NULL);
	result = fetch(e, page, VIZ_ERP_CANCELLATIONS, "", NULL, 0);
	viz_erp_checked(e, checks, "contracts", result);
	if (result != VIZ_ERP_DENIED)
		viz_erp_checked(e, checks, "reasons of cancellations", list_reasons(e, &list));
	free(page);
	free(list.reason);
}

const struct viz_erp_connector viz_erp_sgp = {
    .name = "sgp",
    .title = "SGP",
    .keys = keys,
    .check = check,
    .reasons = reasons,
    .fetch = fetch,
    .look = look,
    .put = put,
};
