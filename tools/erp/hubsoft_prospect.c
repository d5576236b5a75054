/* HubSoft: B's customer as a prospect. The document: Prospectos of the integration API, v1.
 *
 * A prospect is created with flat fields and changed with nested ones, and no request deletes one.
 * The search shows name, telephone and note of a prospect, but of its address only a number. So by
 * default the address is written into the note (`address = note`): what cannot be read back cannot
 * be proved to be gone. */
#include "tools/erp/hubsoft.h"

#include <ctype.h>

#include "crypto/secret.h"

#define API        VIZ_ERP_HUBSOFT_API
#define NOTE_MAX   1024
#define MARK_MAX   (VIZ_ERP_ID_MAX + 12)
#define FIND_DAYS  35 /* an award is over by then */
#define NAME_GONE  "RETIRADO A PEDIDO DO CLIENTE"
#define PHONE_GONE "0000000000"
#define NOTE_GONE  "Dados retirados a pedido do cliente."
#define SEE_NOTE   "Ver observação"

static bool in_fields(const struct viz_erp *e)
{
	return strcmp(viz_erp_setting(e, "address"), "fields") == 0;
}

/* "[vizinho a1b2c3d4-20261201-1]": the note begins with it. */
static void set_mark(char out[MARK_MAX], const char *reference)
{
	snprintf(out, MARK_MAX, "[vizinho %s]", reference);
}

static void add_part(char *note, size_t *len, const char *label, const char *text)
{
	if (text != NULL && text[0] != '\0' && *len < NOTE_MAX)
		*len += (size_t)snprintf(note + *len, NOTE_MAX - *len, " %s: %s.", label, text);
}

/* False: too long. */
static bool set_note(char note[NOTE_MAX], const struct viz_erp_person *p)
{
	char mark[MARK_MAX], place[160] = "";
	size_t len;

	set_mark(mark, p->reference);
	len = (size_t)snprintf(note, NOTE_MAX, "%s", mark);
	if (p->municipality[0] != '\0')
		snprintf(place, sizeof place, "%s/%s", p->municipality, p->state);
	add_part(note, &len, "Vem de", p->origin);
	add_part(note, &len, "Endereço", p->address);
	add_part(note, &len, "Cidade", place);
	add_part(note, &len, "Plano", p->plan);
	add_part(note, &len, "Data desejada", p->date);
	return len < NOTE_MAX;
}

/* A telephone as HubSoft takes it: area and number, digits only. False: it is none. */
static bool set_phone(char out[12], const char *phone)
{
	size_t n = 0;

	if (strncmp(phone, "+55", 3) == 0)
		phone += 3;
	for (; *phone != '\0'; phone++) {
		if (!isdigit((unsigned char)*phone))
			continue;
		if (n == 11)
			return false;
		out[n++] = *phone;
	}
	out[n] = '\0';
	return n >= 10;
}

/* The number of the house in "Rua do Sabiá, 120, Centro": the digits behind the first comma. 0:
 * there is none ("S/N"); the note has the address in any case. */
static int house(const char *address)
{
	const char *p = strchr(address, ',');
	int number = 0;

	if (p == NULL)
		return 0;
	for (p++; *p == ' '; p++)
		;
	for (int i = 0; isdigit((unsigned char)p[i]); i++) {
		if (i == 6)
			return 0;
		number = number * 10 + (p[i] - '0');
	}
	return number;
}

/* A whole number of the configuration, or null. */
static json_t *number_of(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	return text[0] != '\0' && *end == '\0' ? json_integer(n) : json_null();
}

static void set_optional(json_t *to, const struct viz_erp *e, const char *field, const char *key)
{
	if (viz_erp_setting(e, key)[0] != '\0')
		json_object_set_new(to, field, number_of(viz_erp_setting(e, key)));
}

static json_t *shape(const struct viz_erp *e, const struct viz_erp_person *p, const char *phone,
		     const char *note)
{
	char cep[9];
	bool fields = in_fields(e);
	json_t *j;

	snprintf(cep, sizeof cep, "%08u", (unsigned)(p->cep % 100000000));
	j = json_pack("{s:s, s:{s:o, s:f}, s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "cep",
		      fields && p->cep != 0 ? cep : viz_erp_setting(e, "cep"), "servico",
		      "id_servico", number_of(viz_erp_setting(e, "service")), "valor",
		      strtod(viz_erp_setting(e, "price"), NULL), "nome_razaosocial", p->name,
		      "telefone", phone, "tipo_pessoa", p->business ? "pj" : "pf", "bairro",
		      SEE_NOTE, "endereco", fields ? p->address : SEE_NOTE, "numero",
		      fields ? house(p->address) : 0, "observacao", note, "id_externo",
		      p->reference);
	VIZ_REQUIRE(j != NULL);
	set_optional(j, e, "id_vendedor", "seller");
	set_optional(j, e, "id_crm", "crm");
	set_optional(j, e, "id_origem_cliente", "origin");
	return j;
}

enum viz_erp_result viz_erp_hubsoft_put(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
					const struct viz_erp_person *person)
{
	char phone[12], note[NOTE_MAX], made[VIZ_ERP_ID_MAX];
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result;
	json_t *json;

	if (!set_phone(phone, person->phone))
		return viz_erp_say(e, VIZ_ERP_REFUSED, "HubSoft takes Brazilian telephones only");
	if (!set_note(note, person))
		return viz_erp_say(e, VIZ_ERP_REFUSED, "the note would be too long");
	json = shape(e, person, phone, note);
	result = viz_erp_hubsoft_ask(e, &answer,
				     &(struct viz_erp_request){.what = "new prospect",
							       .method = "POST",
							       .path = API "/prospecto",
							       .json = json,
							       .changes = true});
	json_decref(json);
	viz_secret_wipe(note, sizeof note);
	viz_secret_wipe(phone, sizeof phone);
	if (result == VIZ_ERP_OK &&
	    (!viz_erp_text(made, sizeof made, json_object_get(answer.json, "prospecto"),
			   "id_prospecto") ||
	     made[0] == '\0'))
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "new prospect: no id_prospecto");
	if (result == VIZ_ERP_OK)
		memcpy(id, made, sizeof made);
	viz_erp_answer_free(&answer);
	return result;
}

/* --- Finding and reading --- */

static enum viz_erp_result search(struct viz_erp *e, struct viz_erp_answer *answer, const char *by,
				  const char *what)
{
	enum viz_erp_result result = viz_erp_hubsoft_ask(
	    e, answer,
	    &(struct viz_erp_request){
		.what = "search of prospects",
		.method = "GET",
		.path = API "/prospecto",
		.query = (struct viz_erp_field[]){
		    {"busca", by, VIZ_ERP_OPEN}, {"termo_busca", what, VIZ_ERP_OPEN}, {0}}});

	if (result == VIZ_ERP_OK && !json_is_array(json_object_get(answer->json, "prospectos")))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "search of prospects: no list of prospectos");
	return result;
}

/* Whether it is marked with the reference: in its field, or in the note. */
static bool is_marked(const json_t *row, const char *reference)
{
	char external[VIZ_ERP_ID_MAX], mark[MARK_MAX];
	const char *note = json_string_value(json_object_get(row, "observacao"));

	if (viz_erp_text(external, sizeof external, row, "id_externo") &&
	    strcmp(external, reference) == 0)
		return true;
	set_mark(mark, reference);
	return note != NULL && strncmp(note, mark, strlen(mark)) == 0;
}

static bool find_marked(char id[VIZ_ERP_ID_MAX], const struct viz_erp_answer *answer,
			const char *reference)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer->json, "prospectos"), i, row)
	{
		char found[VIZ_ERP_ID_MAX];

		if (is_marked(row, reference) &&
		    viz_erp_text(found, sizeof found, row, "id_prospecto") && found[0] != '\0') {
			memcpy(id, found, sizeof found);
			return true;
		}
	}
	return false;
}

/* Not every HubSoft keeps id_externo. So the notes of the last prospects are looked at, too. */
static enum viz_erp_result look_through(struct viz_erp *e, struct viz_erp_answer *answer)
{
	char since[11], today[11];
	enum viz_erp_result result;

	viz_erp_day(since, e, FIND_DAYS);
	viz_erp_day(today, e, -1);
	result =
	    viz_erp_hubsoft_ask(e, answer,
				&(struct viz_erp_request){.what = "last prospects",
							  .method = "GET",
							  .path = API "/prospecto/all",
							  .query = (struct viz_erp_field[]){
							      {"convertido", "nao", VIZ_ERP_OPEN},
							      {"data_inicio", since, VIZ_ERP_OPEN},
							      {"data_fim", today, VIZ_ERP_OPEN},
							      {0}}});
	if (result == VIZ_ERP_OK && !json_is_array(json_object_get(answer->json, "prospectos")))
		return viz_erp_say(e, VIZ_ERP_UNSURE, "last prospects: no list of prospectos");
	return result;
}

enum viz_erp_result viz_erp_hubsoft_find(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
					 const char *reference)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result = search(e, &answer, "id_externo", reference);
	bool found = result == VIZ_ERP_OK && find_marked(id, &answer, reference);

	viz_erp_answer_free(&answer);
	if (result != VIZ_ERP_OK || found)
		return result;
	result = look_through(e, &answer);
	if (result == VIZ_ERP_OK && !find_marked(id, &answer, reference))
		id[0] = '\0';
	viz_erp_answer_free(&answer);
	return result;
}

/* Where a HubSoft shows the address after all. NULL: it does not. */
static const json_t *shown_address(const json_t *row)
{
	static const char *const names[] = {"prospecto_endereco", "endereco_numero", "endereco"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (json_is_object(json_object_get(row, names[i])))
			return json_object_get(row, names[i]);
	return NULL;
}

static bool field_is(const json_t *row, const char *key, const char *wanted)
{
	const char *text = json_string_value(json_object_get(row, key));

	return viz_erp_same_text(text != NULL ? text : "", wanted);
}

static bool phone_is(const json_t *row, const char *phone)
{
	char text[24];
	bool same =
	    viz_erp_text(text, sizeof text, row, "telefone") && viz_erp_same_phone(text, phone);

	viz_secret_wipe(text, sizeof text);
	return same;
}

static void compare(struct viz_erp_copy *copy, const struct viz_erp *e, const json_t *row,
		    const struct viz_erp_person *person)
{
	const json_t *address = shown_address(row);
	const char *differs = "";
	char note[NOTE_MAX];

	if (!field_is(row, "nome_razaosocial", person->name))
		differs = "nome_razaosocial";
	else if (!phone_is(row, person->phone))
		differs = "telefone";
	else if (!set_note(note, person) || !field_is(row, "observacao", note))
		differs = "observacao";
	else if (in_fields(e) && address != NULL && !field_is(address, "endereco", person->address))
		differs = "endereco";
	viz_secret_wipe(note, sizeof note);
	copy->same = differs[0] == '\0';
	snprintf(copy->differs, sizeof copy->differs, "%s", differs);
}

static bool is_blank(struct viz_erp *e, const json_t *row)
{
	const json_t *address = shown_address(row);
	char phone[24];

	if (!field_is(row, "nome_razaosocial", NAME_GONE) ||
	    !field_is(row, "observacao", NOTE_GONE) ||
	    (viz_erp_text(phone, sizeof phone, row, "telefone") && phone[0] != '\0' &&
	     strcmp(phone, PHONE_GONE) != 0))
		return false;
	if (address != NULL)
		return field_is(address, "endereco", SEE_NOTE);
	if (in_fields(e))
		viz_erp_say(e, VIZ_ERP_OK, "HubSoft does not show whether the address is gone");
	return !in_fields(e);
}

enum viz_erp_result viz_erp_hubsoft_read(struct viz_erp *e, struct viz_erp_copy *copy,
					 const char *id, const struct viz_erp_person *person)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result = search(e, &answer, "id_prospecto", id);
	const json_t *rows = json_object_get(answer.json, "prospectos"), *row, *found = NULL;
	struct viz_erp_copy seen = {0};
	char own[VIZ_ERP_ID_MAX];
	size_t i;

	if (result == VIZ_ERP_OK) {
		json_array_foreach(rows, i, row)
		{
			if (viz_erp_text(own, sizeof own, row, "id_prospecto") &&
			    strcmp(own, id) == 0)
				found = row;
		}
		if (found == NULL && json_array_size(rows) > 0)
			result = viz_erp_say(e, VIZ_ERP_UNSURE,
					     "search of prospects: others than %s", id);
	}
	if (result == VIZ_ERP_OK && found != NULL) {
		seen.there = true;
		seen.blank = is_blank(e, found);
		if (person != NULL)
			compare(&seen, e, found, person);
	}
	if (result == VIZ_ERP_OK)
		*copy = seen;
	viz_erp_answer_free(&answer);
	return result;
}

/* --- Taking it back --- */

enum viz_erp_result viz_erp_hubsoft_withdraw(struct viz_erp *e, const char *id)
{
	/* HubSoft's document has PATCH; public code has PUT. The shape is the same. */
	static const char *const methods[] = {"PUT", "PATCH"};
	enum viz_erp_result result = VIZ_ERP_REFUSED;
	char path[sizeof API + VIZ_ERP_ID_MAX + 16];
	json_t *json =
	    json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:s, s:s}}", "nome_razaosocial",
		      NAME_GONE, "telefone", PHONE_GONE, "observacao", NOTE_GONE,
		      "prospecto_endereco", "cep", viz_erp_setting(e, "cep"), "endereco", SEE_NOTE,
		      "bairro", SEE_NOTE, "numero", "0", "complemento", "", "referencia", "");

	VIZ_REQUIRE(json != NULL);
	snprintf(path, sizeof path, API "/prospecto/%s", id);
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		struct viz_erp_answer answer = {0};
		int status;

		result =
		    viz_erp_hubsoft_ask(e, &answer,
					&(struct viz_erp_request){.what = "prospect overwritten",
								  .method = methods[i],
								  .path = path,
								  .json = json,
								  .json_open = true,
								  .changes = true});
		status = answer.status;
		viz_erp_answer_free(&answer);
		if (status != 404 && status != 405)
			break;
	}
	json_decref(json);
	return result;
}

enum viz_erp_result viz_erp_hubsoft_plan(struct viz_erp *e)
{
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result = viz_erp_hubsoft_ask(
	    e, &answer,
	    &(struct viz_erp_request){.what = "plans of prospects",
				      .method = "GET",
				      .path = API "/prospecto/create",
				      .query = (struct viz_erp_field[]){
					  {"cep", viz_erp_setting(e, "cep"), VIZ_ERP_OPEN}, {0}}});
	const json_t *rows = json_object_get(answer.json, "servicos"), *row;
	char id[VIZ_ERP_ID_MAX];
	bool there = false;
	size_t i;

	if (result == VIZ_ERP_OK && !json_is_array(rows))
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "plans of prospects: no list of servicos");
	if (result == VIZ_ERP_OK) {
		json_array_foreach(rows, i, row) there =
		    there || (viz_erp_text(id, sizeof id, row, "id_servico") &&
			      strcmp(id, viz_erp_setting(e, "service")) == 0);
		if (!there)
			result =
			    viz_erp_say(e, VIZ_ERP_REFUSED, "[hubsoft] service = %s is not offered",
					viz_erp_setting(e, "service"));
	}
	viz_erp_answer_free(&answer);
	return result;
}
