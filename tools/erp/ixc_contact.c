/* IXC Provedor: a lead is a row of `contato`. */
#include "tools/erp/ixc.h"

#include "crypto/secret.h"

#define BLANKED "Retirado"

/* "27999990000" */
static void national_phone(char out[24], const char *phone)
{
	snprintf(out, 24, "%s", strncmp(phone, "+55", 3) == 0 ? phone + 3 : phone);
}

static json_t *contact_of(const struct viz_erp *e, const struct viz_erp_person *p)
{
	char phone[24], cep[16] = "", day[11], today[11], notes[700];
	json_t *o = json_object();

	national_phone(phone, p->phone);
	viz_erp_day(day, e, 0);
	snprintf(today, sizeof today, "%.2s/%.2s/%.4s", day + 8, day + 5, day);
	if (p->cep != 0)
		snprintf(cep, sizeof cep, "%05u-%03u", p->cep / 1000 % 100000, p->cep % 1000);
	snprintf(notes, sizeof notes, "vizinho %s, de %s. %s%s%s %s %s", p->reference, p->origin,
		 p->municipality, p->state[0] != '\0' ? "/" : "", p->state, p->plan, p->date);
	json_object_set_new(o, "principal", json_string("N"));
	json_object_set_new(o, "nome", json_string(p->name));
	json_object_set_new(o, "razao", json_string(p->name));
	json_object_set_new(o, "tipo_pessoa", json_string(p->business ? "J" : "F"));
	json_object_set_new(o, "data_cadastro", json_string(today));
	json_object_set_new(o, "fone_celular", json_string(phone));
	json_object_set_new(o, "endereco", json_string(p->address));
	json_object_set_new(o, "cep", json_string(cep));
	json_object_set_new(o, "lead", json_string("S"));
	json_object_set_new(o, "ativo", json_string("S"));
	json_object_set_new(o, "obs", json_string(notes));
	json_object_set_new(o, "external_id", json_string(p->reference));
	json_object_set_new(o, "external_system", json_string("vizinho"));
	if (viz_erp_setting(e, "branch")[0] != '\0')
		json_object_set_new(o, "id_filial", json_string(viz_erp_setting(e, "branch")));
	viz_secret_wipe(phone, sizeof phone);
	viz_secret_wipe(cep, sizeof cep);
	viz_secret_wipe(notes, sizeof notes);
	return o;
}

enum viz_erp_result viz_ixc_put(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
				const struct viz_erp_person *person)
{
	json_t *body = contact_of(e, person);
	const struct viz_erp_request request = {.what = "new contact",
						.method = "POST",
						.path = "/webservice/v1/contato",
						.json = body,
						.basic = true,
						.changes = true};
	struct viz_erp_answer answer = {0};
	char found[VIZ_ERP_ID_MAX];
	enum viz_erp_result result = viz_erp_ask(e, &answer, &request);

	if (result == VIZ_ERP_OK && viz_ixc_is_error(answer.json))
		result = viz_erp_say(e, VIZ_ERP_REFUSED, "new contact: the ERP says no");
	if (result == VIZ_ERP_OK &&
	    (!viz_erp_text(found, sizeof found, answer.json, "id") || found[0] == '\0'))
		result = viz_erp_say(e, VIZ_ERP_UNSURE, "new contact: an answer without its id");
	if (result == VIZ_ERP_OK)
		memcpy(id, found, sizeof found);
	json_decref(body);
	viz_erp_answer_free(&answer);
	return result;
}

enum viz_erp_result viz_ixc_find(struct viz_erp *e, char id[VIZ_ERP_ID_MAX], const char *reference)
{
	const struct viz_ixc_query q = {"contact of a lead", "contato", "external_id", "=",
					reference,           NULL};
	struct viz_erp_answer answer = {0};
	char found[VIZ_ERP_ID_MAX] = "", mark[128];
	json_t *rows = NULL, *row;
	enum viz_erp_result result = viz_ixc_list(e, &rows, &answer, &q);
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (result != VIZ_ERP_OK)
			break;
		viz_erp_text(mark, sizeof mark, row, "external_id");
		if (strcmp(mark, reference) != 0)
			result = viz_erp_say(e, VIZ_ERP_UNSURE,
					     "contact of a lead: a row of another one");
		else if (!viz_erp_text(found, sizeof found, row, "id"))
			result = viz_erp_say(e, VIZ_ERP_UNSURE, "contact of a lead: no id");
	}
	if (result == VIZ_ERP_OK)
		memcpy(id, found, sizeof found);
	viz_erp_answer_free(&answer);
	return result;
}

/* What is personal in a contact. */
static const char *const personal[] = {"nome",
				       "razao",
				       "fone_residencial",
				       "fone_comercial",
				       "fone_celular",
				       "fone_whatsapp",
				       "email",
				       "skype",
				       "facebook",
				       "website",
				       "cep",
				       "endereco",
				       "numero",
				       "bairro",
				       "complemento",
				       "referencia",
				       "latitude",
				       "longitude",
				       "obs",
				       "alerta",
				       "cnpj_cpf",
				       "identificador",
				       "data_nascimento"};
#define PERSONAL (sizeof personal / sizeof *personal)

/* Empty, as the ERP writes it. */
static bool is_blank_value(const json_t *v)
{
	const char *s = json_string_value(v);

	if (v == NULL || json_is_null(v))
		return true;
	if (json_is_number(v))
		return json_number_value(v) == 0;
	/* "0", "0.000000", "0000-00-00", "(00) 00000-0000" */
	return s != NULL && (s[strspn(s, "0.-() ")] == '\0' || strcmp(s, "1899-11-30") == 0 ||
			     strcmp(s, BLANKED) == 0);
}

static void set_differs(struct viz_erp_copy *copy, bool same, const char *field)
{
	if (!same && copy->differs[0] == '\0')
		snprintf(copy->differs, sizeof copy->differs, "%s", field);
}

static void compare(struct viz_erp_copy *copy, const json_t *row, const struct viz_erp_person *p)
{
	static const char *const texts[] = {"nome", "endereco", "external_id"};
	const char *sent[] = {p->name, p->address, p->reference};
	const char *phone = json_string_value(json_object_get(row, "fone_celular"));

	for (size_t i = 0; i < 3; i++) {
		const char *found = json_string_value(json_object_get(row, texts[i]));

		set_differs(copy, found != NULL && viz_erp_same_text(found, sent[i]), texts[i]);
	}
	set_differs(copy, phone != NULL && viz_erp_same_phone(phone, p->phone), "fone_celular");
	copy->same = copy->differs[0] == '\0';
}

enum viz_erp_result viz_ixc_read(struct viz_erp *e, struct viz_erp_copy *copy, const char *id,
				 const struct viz_erp_person *person)
{
	struct viz_erp_answer answer = {0};
	struct viz_erp_copy found = {0};
	json_t *row = NULL;
	enum viz_erp_result result = viz_ixc_row(e, &row, &answer, "contact", "contato", id);

	if (result == VIZ_ERP_OK && row != NULL) {
		found.there = true;
		found.blank = true;
		for (size_t i = 0; i < PERSONAL; i++)
			if (!is_blank_value(json_object_get(row, personal[i]))) {
				found.blank = false;
				set_differs(&found, person != NULL, personal[i]);
			}
		if (person != NULL)
			compare(&found, row, person);
	}
	if (result == VIZ_ERP_OK)
		*copy = found;
	viz_erp_answer_free(&answer);
	return result;
}

/* What takes its place. The ERP refuses a contact without name or telephone. */
static const char *blank_of(const char *name)
{
	return strcmp(name, "nome") == 0           ? BLANKED
	       : strcmp(name, "fone_celular") == 0 ? "(00) 00000-0000"
						   : "";
}

/* The whole record goes back, as what is left out may stay, or vanish. */
static enum viz_erp_result overwrite(struct viz_erp *e, const char *path, const json_t *row)
{
	json_t *body = json_deep_copy(row);
	const struct viz_erp_request request = {.what = "contact overwritten",
						.method = "PUT",
						.path = path,
						.json = body,
						.basic = true,
						.changes = true,
						.may_be_empty = true};
	struct viz_erp_answer answer = {0};
	enum viz_erp_result result;

	json_object_del(body, "id");
	for (size_t i = 0; i < PERSONAL; i++)
		json_object_set_new(body, personal[i], json_string(blank_of(personal[i])));
	result = viz_erp_ask(e, &answer, &request);
	if (result == VIZ_ERP_OK && viz_ixc_is_error(answer.json))
		result = viz_erp_say(e, VIZ_ERP_REFUSED, "contact overwritten: the ERP says no");
	json_decref(body);
	viz_erp_answer_free(&answer);
	return result;
}

enum viz_erp_result viz_ixc_withdraw(struct viz_erp *e, const char *id)
{
	char path[64 + VIZ_ERP_ID_MAX];
	const struct viz_erp_request request = {.what = "contact deleted",
						.method = "DELETE",
						.path = path,
						.basic = true,
						.changes = true,
						.may_be_empty = true};
	struct viz_erp_answer answer = {0};
	json_t *row = NULL;
	enum viz_erp_result result;

	if (strspn(id, "0123456789") != strlen(id))
		return viz_erp_say(e, VIZ_ERP_REFUSED, "the id is none of this ERP");
	snprintf(path, sizeof path, "/webservice/v1/contato/%s", id);
	result = viz_erp_ask(e, &answer, &request);
	viz_erp_answer_free(&answer);
	if (result == VIZ_ERP_LATER || result == VIZ_ERP_ABSENT)
		return result;
	/* other records may hang on it: then what is personal goes, and the record stays */
	result = viz_ixc_row(e, &row, &answer, "contact", "contato", id);
	if (result == VIZ_ERP_OK && row != NULL)
		result = overwrite(e, path, row);
	viz_erp_answer_free(&answer);
	return result;
}
