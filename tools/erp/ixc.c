/* IXC Provedor. Sign-in is Basic with `id:token`; the header `ixcsoft: listar` makes a request a
 * list, whose rows are in `registros`. Errors come with status 200, as a page of HTML or as
 * {"type":"error"}. A list without rows has no `registros`, and says on which page it is. */
#include "tools/erp/ixc.h"

#define ROWS 100 /* of a page, as text below */
#define BACK 7   /* days: so far a cursor goes back. A cancellation may be entered late */

static const struct viz_erp_key keys[] = {
    {"tickets", "su_ticket", false}, /* or su_oss_chamado */
    {"branch", "", false},           /* id_filial of a contact */
    {NULL, NULL, false},
};

/* --- Lists --- */

bool viz_ixc_is_error(const json_t *answer)
{
	const char *type = json_string_value(json_object_get(answer, "type"));

	return type != NULL && strcmp(type, "error") == 0;
}

/* The rows of an answer, borrowed from it; NULL and VIZ_ERP_OK: there are none. */
static enum viz_erp_result rows_of(struct viz_erp *e, json_t **rows, const json_t *answer,
				   const char *what)
{
	json_t *found = json_object_get(answer, "registros"), *row;
	int64_t total = 0;
	size_t i;

	if (viz_ixc_is_error(answer))
		return viz_erp_say(e, VIZ_ERP_REFUSED, "%s: the ERP says no", what);
	if (!json_is_object(answer) || (found == NULL && json_object_get(answer, "page") == NULL &&
					json_object_get(answer, "total") == NULL))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: this is no list", what);
	if (found != NULL && !json_is_array(found))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: registros is no list", what);
	viz_erp_number(&total, answer, "total");
	if ((int64_t)json_array_size(found) < (total < ROWS ? total : ROWS))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: %lld rows, and not all are there", what,
				   (long long)total);
	json_array_foreach(found, i, row)
	{
		int64_t id;

		if (!viz_erp_number(&id, row, "id") || id <= 0)
			return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: a row without id", what);
	}
	if (json_array_size(found) > ROWS)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: more rows than asked for", what);
	*rows = json_array_size(found) > 0 ? found : NULL;
	return VIZ_ERP_OK;
}

enum viz_erp_result viz_ixc_list(struct viz_erp *e, json_t **rows, struct viz_erp_answer *answer,
				 const struct viz_ixc_query *q)
{
	static const struct viz_erp_field headers[] = {{"ixcsoft", "listar", VIZ_ERP_OPEN},
						       {NULL, NULL, VIZ_ERP_OPEN}};
	char path[64], column[96], order[96], *grid = NULL;
	struct viz_erp_request request = {.what = q->what,
					  .method = "POST",
					  .path = path,
					  .headers = headers,
					  .json_open = true,
					  .basic = true};
	enum viz_erp_result result;
	json_t *body;

	snprintf(path, sizeof path, "/webservice/v1/%s", q->table);
	snprintf(column, sizeof column, "%s.%s", q->table, q->column);
	snprintf(order, sizeof order, "%s.id", q->table);
	body =
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "qtype", column, "query", q->value, "oper",
		      q->oper, "page", "1", "rp", "100", "sortname", order, "sortorder", "asc");
	if (q->grid != NULL) {
		grid = json_dumps(q->grid, JSON_COMPACT);
		VIZ_REQUIRE(grid != NULL);
		json_object_set_new(body, "grid_param", json_string(grid));
		free(grid);
	}
	request.json = body;
	result = viz_erp_ask(e, answer, &request);
	if (result == VIZ_ERP_OK)
		result = rows_of(e, rows, answer->json, q->what);
	json_decref(body);
	return result;
}

enum viz_erp_result viz_ixc_row(struct viz_erp *e, json_t **row, struct viz_erp_answer *answer,
				const char *what, const char *table, const char *id)
{
	const struct viz_ixc_query q = {what, table, "id", "=", id, NULL};
	char found[VIZ_ERP_ID_MAX];
	json_t *rows = NULL;
	enum viz_erp_result result = viz_ixc_list(e, &rows, answer, &q);

	if (result != VIZ_ERP_OK)
		return result;
	if (rows == NULL) {
		*row = NULL;
		return VIZ_ERP_OK;
	}
	if (json_array_size(rows) != 1 ||
	    !viz_erp_text(found, sizeof found, json_array_get(rows, 0), "id") ||
	    strcmp(found, id) != 0)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "%s: not the row that was asked for", what);
	*row = json_array_get(rows, 0);
	return VIZ_ERP_OK;
}

/* --- In --- */

/* Where a table goes on: "2026-11-29/1234", behind that id among those since that date. */
static bool read_cursor(char date[11], char id[24], const struct viz_erp *e, const char *cursor)
{
	long long number = 0;

	viz_erp_day(date, e, viz_erp_first_days(e));
	strcpy(id, "0");
	if (cursor[0] == '\0')
		return true;
	if (sscanf(cursor, "%10[0-9-]/%lld", date, &number) != 2 || strlen(date) != 10 ||
	    number < 0)
		return false;
	snprintf(id, 24, "%lld", number);
	return true;
}

static void set_next(struct viz_erp_page *page, const struct viz_erp *e, const char *date,
		     const json_t *rows)
{
	char last[VIZ_ERP_ID_MAX] = "0", back[11];
	size_t n = json_array_size(rows);

	page->more = n == ROWS;
	viz_erp_day(back, e, BACK);
	if (page->more)
		viz_erp_text(last, sizeof last, json_array_get(rows, n - 1), "id");
	else if (strcmp(back, date) > 0)
		date = back;
	snprintf(page->next, sizeof page->next, "%s/%s", date, last);
}

static bool is_cancelled(const char *status)
{
	return strcmp(status, "I") == 0 || strcmp(status, "D") == 0;
}

static bool read_contract(struct viz_erp_notice *n, const struct viz_erp *e, const json_t *row)
{
	char status[8], date[32], cep[16];

	*n = (struct viz_erp_notice){0};
	if (!viz_erp_text(n->protocol, sizeof n->protocol - 16, row, "id") ||
	    !viz_erp_text(status, sizeof status, row, "status"))
		return false;
	snprintf(n->external_id, sizeof n->external_id, "contrato:%.48s", n->protocol);
	viz_erp_text(n->reason_id, sizeof n->reason_id, row, "motivo_cancelamento");
	if (viz_erp_text(date, sizeof date, row, "data_cancelamento"))
		viz_erp_time(n->cancelled_at, e, date);
	if (viz_erp_text(cep, sizeof cep, row, "cep_novo"))
		n->cep = viz_erp_cep(cep);
	n->undone = strcmp(status, "A") == 0;
	return n->undone || is_cancelled(status);
}

static bool is_order(const struct viz_erp *e)
{
	return strcmp(viz_erp_setting(e, "tickets"), "su_oss_chamado") == 0;
}

static const char *ticket_table(const struct viz_erp *e)
{
	return is_order(e) ? "su_oss_chamado" : "su_ticket";
}

static bool is_ticket_void(const struct viz_erp *e, const json_t *row)
{
	char status[8];

	return viz_erp_text(status, sizeof status, row, is_order(e) ? "status" : "su_status") &&
	       strcmp(status, "C") == 0;
}

static bool read_ticket(struct viz_erp_notice *n, const struct viz_erp *e, const json_t *row)
{
	char id[24];

	*n = (struct viz_erp_notice){0};
	if (!viz_erp_text(id, sizeof id, row, "id") ||
	    !viz_erp_text(n->reason_id, sizeof n->reason_id, row, "id_assunto"))
		return false;
	snprintf(n->external_id, sizeof n->external_id, "%s:%s", is_order(e) ? "os" : "atendimento",
		 id);
	if (!viz_erp_text(n->protocol, sizeof n->protocol, row, "protocolo") ||
	    n->protocol[0] == '\0')
		snprintf(n->protocol, sizeof n->protocol, "%s", id);
	n->undone = is_ticket_void(e, row);
	return true;
}

static bool is_one_of(const char *id, const char *const *subjects, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(subjects[i], id) == 0)
			return true;
	return false;
}

/* Whether a row is of the time that was asked for. An ERP may pass over a filter without a word. */
static bool is_since(const json_t *row, const char *column, const char *date)
{
	char found[32];

	return viz_erp_text(found, sizeof found, row, column) && strncmp(found, date, 10) >= 0;
}

/* A row that is not understood is passed over only where it is of no interest; else the page proves
 * nothing. */
static enum viz_erp_result read_rows(struct viz_erp *e, struct viz_erp_page *page,
				     const json_t *rows, const char *column, const char *date,
				     enum viz_erp_stream stream, const char *const *subjects,
				     size_t subject_count)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		struct viz_erp_notice n;
		bool good =
		    stream == VIZ_ERP_MOVES ? read_ticket(&n, e, row) : read_contract(&n, e, row);

		if (!good && stream == VIZ_ERP_MOVES)
			return viz_erp_say(e, VIZ_ERP_UNSURE, "tickets: a row without its subject");
		if (!good && n.external_id[0] == '\0')
			return viz_erp_say(e, VIZ_ERP_UNSURE,
					   "contracts: a row without its status");
		if (good && is_since(row, column, date) &&
		    (stream == VIZ_ERP_CANCELLATIONS ||
		     is_one_of(n.reason_id, subjects, subject_count)))
			page->notice[page->count++] = n;
	}
	return VIZ_ERP_OK;
}

/* Rows whose date is in [date, ...), behind that id. A ticket of one subject is asked for by it. */
static json_t *grid_of(const char *table, const char *column, const char *date,
		       const char *const *subjects, size_t subject_count)
{
	char name[96];
	json_t *grid = json_array();

	snprintf(name, sizeof name, "%s.%s", table, column);
	json_array_append_new(grid, json_pack("{s:s,s:s,s:s}", "TB", name, "OP", ">=", "P", date));
	snprintf(name, sizeof name, "%s.id_assunto", table);
	if (subject_count == 1)
		json_array_append_new(
		    grid, json_pack("{s:s,s:s,s:s}", "TB", name, "OP", "=", "P", subjects[0]));
	return grid;
}

static enum viz_erp_result fetch(struct viz_erp *e, struct viz_erp_page *page,
				 enum viz_erp_stream stream, const char *cursor,
				 const char *const *subjects, size_t subject_count)
{
	const char *table = stream == VIZ_ERP_MOVES ? ticket_table(e) : "cliente_contrato",
		   *column = stream == VIZ_ERP_CANCELLATIONS ? "data_cancelamento"
			     : is_order(e)                   ? "data_abertura"
							     : "data_criacao";
	struct viz_erp_answer answer = {0};
	struct viz_ixc_query q = {stream == VIZ_ERP_MOVES ? "tickets" : "cancelled contracts",
				  table,
				  "id",
				  ">",
				  NULL,
				  NULL};
	char date[11], id[24];
	json_t *rows = NULL, *grid;
	enum viz_erp_result result;
	int64_t first, behind;

	if (!read_cursor(date, id, e, cursor))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "the cursor is not of this ERP");
	q.value = id;
	q.grid = grid = grid_of(table, column, date, subjects, subject_count);
	result = viz_ixc_list(e, &rows, &answer, &q);
	behind = strtoll(id, NULL, 10);
	if (result == VIZ_ERP_OK && rows != NULL &&
	    (!viz_erp_number(&first, json_array_get(rows, 0), "id") || first <= behind))
		result =
		    viz_erp_say(e, VIZ_ERP_UNSURE, "%s: the list begins before its cursor", q.what);
	if (result == VIZ_ERP_OK)
		result = read_rows(e, page, rows, column, date, stream, subjects, subject_count);
	if (result == VIZ_ERP_OK)
		set_next(page, e, date, rows);
	json_decref(grid);
	viz_erp_answer_free(&answer);
	return result;
}

static enum viz_erp_result look(struct viz_erp *e, enum viz_erp_standing *standing,
				const char *external_id)
{
	bool contract = strncmp(external_id, "contrato:", 9) == 0;
	const char *id = strchr(external_id, ':');
	struct viz_erp_answer answer = {0};
	char status[8] = "";
	json_t *row = NULL;
	enum viz_erp_result result;

	if (id == NULL)
		return viz_erp_say(e, VIZ_ERP_UNSURE, "not of this ERP");
	result = viz_ixc_row(e, &row, &answer, contract ? "contract" : "ticket",
			     contract                              ? "cliente_contrato"
			     : strncmp(external_id, "os:", 3) == 0 ? "su_oss_chamado"
								   : "su_ticket",
			     id + 1);
	if (result == VIZ_ERP_OK && row == NULL)
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "it is not there any more");
	if (result == VIZ_ERP_OK && contract && !viz_erp_text(status, sizeof status, row, "status"))
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "a contract without its status");
	if (result == VIZ_ERP_OK)
		*standing = (contract ? strcmp(status, "A") == 0 : is_ticket_void(e, row))
				? VIZ_ERP_UNDONE
				: VIZ_ERP_STANDS;
	viz_erp_answer_free(&answer);
	return result;
}

static enum viz_erp_result add_reasons(struct viz_erp *e, struct viz_erp_reasons *reasons,
				       enum viz_erp_stream stream)
{
	bool moves = stream == VIZ_ERP_MOVES;
	char id[VIZ_ERP_ID_MAX] = "0", active[4];
	struct viz_ixc_query q = {moves ? "subjects" : "reasons",
				  moves ? "su_oss_assunto" : "fn_areceber_mot_cancelamento",
				  "id",
				  ">",
				  id,
				  NULL};
	size_t n = ROWS;

	while (n == ROWS && reasons->count < VIZ_ERP_REASONS_MAX) {
		struct viz_erp_answer answer = {0};
		json_t *rows = NULL, *row;
		enum viz_erp_result result = viz_ixc_list(e, &rows, &answer, &q);
		size_t i;

		n = result == VIZ_ERP_OK ? json_array_size(rows) : 0;
		json_array_foreach(rows, i, row)
		{
			struct viz_erp_reason *r = &reasons->reason[reasons->count];

			if (reasons->count == VIZ_ERP_REASONS_MAX ||
			    !viz_erp_text(r->id, sizeof r->id, row, "id"))
				break;
			viz_erp_text(r->name, sizeof r->name, row, moves ? "assunto" : "motivo");
			viz_erp_text(active, sizeof active, row, "ativo");
			r->active = strcmp(active, "N") != 0;
			r->stream = stream;
			if (strtoll(r->id, NULL, 10) <= strtoll(id, NULL, 10))
				n = 0; /* the list does not go on */
			else
				reasons->count++;
		}
		if (n == ROWS)
			viz_erp_text(id, sizeof id, json_array_get(rows, n - 1), "id");
		viz_erp_answer_free(&answer);
		if (result != VIZ_ERP_OK)
			return result;
	}
	return VIZ_ERP_OK;
}

static enum viz_erp_result reasons(struct viz_erp *e, struct viz_erp_reasons *out)
{
	enum viz_erp_result result = add_reasons(e, out, VIZ_ERP_CANCELLATIONS);

	return result == VIZ_ERP_OK ? add_reasons(e, out, VIZ_ERP_MOVES) : result;
}

/* --- check --- */

static void check(struct viz_erp *e, struct viz_erp_checks *checks)
{
	const struct viz_ixc_query q[] = {
	    {"contracts", "cliente_contrato", "id", ">", "0", NULL},
	    {"reasons of cancellations", "fn_areceber_mot_cancelamento", "id", ">", "0", NULL},
	    {"tickets", ticket_table(e), "id", ">", "0", NULL},
	    {"subjects of tickets", "su_oss_assunto", "id", ">", "0", NULL},
	    {"contacts", "contato", "id", ">", "0", NULL},
	};

	for (size_t i = 0; i < sizeof q / sizeof *q; i++) {
		struct viz_erp_answer answer = {0};
		json_t *rows = NULL;
		enum viz_erp_result result = viz_ixc_list(e, &rows, &answer, &q[i]);

		if (result == VIZ_ERP_OK && rows == NULL && i == 0)
			result = viz_erp_say(e, VIZ_ERP_UNSURE, "no contract is shown");
		viz_erp_checked(e, checks, q[i].what, result);
		viz_erp_answer_free(&answer);
		if (i == 0 && result == VIZ_ERP_DENIED)
			return;
	}
}

const struct viz_erp_connector viz_erp_ixc = {
    .name = "ixc",
    .title = "IXC Provedor",
    .keys = keys,
    .check = check,
    .reasons = reasons,
    .fetch = fetch,
    .look = look,
    .put = viz_ixc_put,
    .find = viz_ixc_find,
    .read = viz_ixc_read,
    .withdraw = viz_ixc_withdraw,
};
