/* `vizinho consent show` and `dossier`: what this node knows of one lead's consents and person. */
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/cmd_consent.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

bool viz_cmd_consent_names_lead(const char *word)
{
	size_t day = strspn(word, "0123456789");
	const char *dash = strchr(word, '-');

	if (day == 8 && word[8] == '-' && word[9] != '\0')
		return strspn(word + 9, "0123456789") == strlen(word + 9);
	return dash != NULL && (dash - word == 8 || dash - word == 64) &&
	       strspn(word, "0123456789abcdef") == (size_t)(dash - word) &&
	       viz_cmd_consent_names_lead(dash + 1);
}

static void row_time(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg name,
		     const json_t *time)
{
	char text[VIZ_FORMAT_MAX];

	viz_format_time(text, cli, time);
	viz_table_row(g, cli, name, text);
}

/* "Rede B (CNPJ 11222333000181), ..." */
static void row_recipients(struct viz_grid *g, const struct viz_cli *cli, const json_t *list)
{
	char text[4096] = "";
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(list) && at < sizeof text; i++) {
		const json_t *r = json_array_get(list, i);
		const char *cnpj = viz_reply_text(r, "cnpj");

		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i > 0 ? ", " : "",
				       viz_reply_text(r, "name"));
		if (cnpj[0] != '\0' && at < sizeof text)
			at += (size_t)snprintf(text + at, sizeof text - at, " (CNPJ %s)", cnpj);
	}
	viz_table_row(g, cli, VIZ_MSG_CONSENT_RECIPIENTS, text);
}

static const char *word_of(const struct viz_cli *cli, const char *prefix, const char *word)
{
	enum viz_msg id;

	return viz_msg_find(&id, prefix, word) ? viz_msg(cli->lang, id) : word;
}

static void print_consent(const struct viz_cli *cli, const json_t *c)
{
	const char *text = viz_reply_text(c, "text");
	struct viz_grid g;

	viz_print_blank(cli);
	viz_grid_init(&g, 2);
	viz_table_row(&g, cli, VIZ_MSG_CONSENT_FOR,
		      word_of(cli, "purpose_", viz_reply_text(c, "purpose")));
	viz_table_row(&g, cli, VIZ_MSG_CONSENT_STATE,
		      word_of(cli, "consent_is_", viz_reply_text(c, "state")));
	if (json_object_get(c, "recipients") != NULL)
		row_recipients(&g, cli, json_object_get(c, "recipients"));
	row_time(&g, cli, VIZ_MSG_CONSENT_GIVEN, json_object_get(c, "given_at"));
	if (json_object_get(c, "time") != NULL)
		row_time(&g, cli, VIZ_MSG_CONSENT_SIGNED, json_object_get(c, "time"));
	row_time(&g, cli, VIZ_MSG_CONSENT_EXPIRES, json_object_get(c, "expires_at"));
	row_time(&g, cli, VIZ_MSG_CONSENT_ERASE, json_object_get(c, "erase_at"));
	viz_table_row(&g, cli, VIZ_MSG_CONSENT_CHANNEL,
		      word_of(cli, "channel_", viz_reply_text(c, "channel")));
	viz_table_row(&g, cli, VIZ_MSG_CONSENT_EVIDENCE, viz_reply_text(c, "evidence"));
	viz_table_row(&g, cli, VIZ_MSG_CONSENT_AGENT, viz_reply_text(c, "agent"));
	if (json_object_get(c, "withdrawal") != NULL)
		viz_table_row(&g, cli, VIZ_MSG_CONSENT_WITHDRAWAL, viz_reply_text(c, "withdrawal"));
	viz_table_row(&g, cli, VIZ_MSG_CONSENT_VERSION, viz_reply_text(c, "text_version"));
	viz_table_print(&g);
	if (text[0] != '\0')
		viz_print_under(cli, VIZ_MSG_CONSENT_HEARD, text);
	else
		viz_print(cli, VIZ_MSG_CONSENT_NO_TEXT, viz_reply_text(c, "text_hash"));
}

static void print_show(const struct viz_cli *cli, const json_t *result)
{
	const json_t *c, *list = json_object_get(result, "consents");
	size_t i;

	viz_print(cli, VIZ_MSG_CONSENT_LEAD, viz_reply_id(result, "lead"),
		  viz_reply_name(result, "origin"),
		  viz_format_word(cli, viz_reply_text(result, "state")));
	if (json_array_size(list) == 0)
		viz_print(cli, VIZ_MSG_CONSENT_NONE);
	json_array_foreach(list, i, c) print_consent(cli, c);
}

static void print_held(const struct viz_cli *cli, const json_t *held)
{
	const json_t *location = json_object_get(held, "location");
	const json_t *contact = json_object_get(held, "contact");

	viz_print_blank(cli);
	viz_print(cli, VIZ_MSG_DOSSIER_HELD);
	if (json_is_object(location))
		viz_person_print_place(cli, location);
	if (json_is_object(contact))
		viz_person_print(cli, contact,
				 json_is_object(location) ? NULL : json_object_get(held, "wish"));
	else if (viz_reply_true(held, "holds_contact"))
		viz_print(cli, VIZ_MSG_DOSSIER_NO_LEASE);
	if (!json_is_object(location) && !viz_reply_true(held, "holds_contact"))
		viz_print(cli, VIZ_MSG_DOSSIER_NOTHING);
}

/* When this one signed that it has the contact; NULL: never. */
static const json_t *got_contact(const json_t *history, const char *id)
{
	const json_t *row, *time = NULL;

	for (size_t i = 0; i < json_array_size(history); i++) {
		row = json_array_get(history, i);
		if (strcmp(viz_reply_text(row, "what"), "handoff_ack") == 0 &&
		    strcmp(viz_reply_id(row, "by"), id) == 0)
			time = json_object_get(row, "time");
	}
	return time;
}

static void print_holders(const struct viz_cli *cli, const json_t *list, const json_t *history)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_NAME, VIZ_MSG_DOSSIER_PRIVACY,
					     VIZ_MSG_DOSSIER_GOT, VIZ_MSG_DOSSIER_GOT_CONTACT,
					     VIZ_MSG_HEAD_ERASED};
	struct viz_grid g;
	json_t *p;
	size_t i;

	if (json_array_size(list) == 0)
		return;
	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, 5);
	json_array_foreach(list, i, p)
	{
		viz_grid_add(&g, viz_reply_text(p, "name"));
		viz_grid_add(&g, viz_reply_text(p, "privacy"));
		viz_table_time(&g, cli, json_object_get(p, "located_at"));
		viz_table_time(&g, cli, got_contact(history, viz_reply_text(p, "id")));
		viz_table_msg(&g, cli, viz_reply_true(p, "erased") ? VIZ_MSG_YES : VIZ_MSG_NO);
	}
	viz_table_print(&g);
}

/* Rows of {time, what}, and who signed or looked. */
static void print_rows(const struct viz_cli *cli, enum viz_msg head, const char *prefix,
		       const json_t *list)
{
	const enum viz_msg heads[] = {VIZ_MSG_HEAD_TIME, head, VIZ_MSG_HEAD_WHO};
	struct viz_grid g;
	json_t *row;
	size_t i;

	viz_print_blank(cli);
	viz_table_heads(&g, cli, heads, 3);
	json_array_foreach(list, i, row)
	{
		viz_table_time(&g, cli, json_object_get(row, "time"));
		viz_grid_add(&g, word_of(cli, prefix, viz_reply_text(row, "what")));
		viz_grid_add(&g, json_object_get(row, "by") != NULL ? viz_reply_name(row, "by")
								    : viz_reply_text(row, "who"));
	}
	viz_table_print(&g);
}

static void print_dossier(const struct viz_cli *cli, const json_t *result)
{
	print_show(cli, result);
	print_held(cli, json_object_get(result, "held"));
	print_holders(cli, json_object_get(result, "holders"), json_object_get(result, "history"));
	print_rows(cli, VIZ_MSG_DOSSIER_SIGNED, "signed_", json_object_get(result, "history"));
	print_rows(cli, VIZ_MSG_DOSSIER_VIEWED, "viewed_", json_object_get(result, "views"));
}

/* Asks about the lead that the one word names. */
static int query(const struct viz_cli *cli, int argc, char **argv, const char *op,
		 void (*print)(const struct viz_cli *cli, const json_t *result))
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status = viz_client_query(&result, cli, op, json_pack("{s:s}", "lead", words.word[0]));
	if (result == NULL)
		return status;
	print(cli, result);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_consent_show(const struct viz_cli *cli, int argc, char **argv)
{
	return query(cli, argc, argv, "consent.show", print_show);
}

int viz_cmd_consent_dossier(const struct viz_cli *cli, int argc, char **argv)
{
	return query(cli, argc, argv, "consent.dossier", print_dossier);
}

static const char *const checks[] = {"signature", "text", "reference", "previous"};

static bool is_right(const json_t *consents)
{
	json_t *c;
	size_t i;

	json_array_foreach(consents, i, c)
	{
		for (size_t k = 0; k < sizeof checks / sizeof *checks; k++)
			if (strcmp(viz_reply_text(json_object_get(c, "checks"), checks[k]),
				   "wrong") == 0)
				return false;
	}
	return json_array_size(consents) > 0;
}

static void print_checks(const struct viz_cli *cli, const json_t *consents)
{
	static const enum viz_msg heads[] = {VIZ_MSG_CONSENT_NUMBER,    VIZ_MSG_CONSENT_STATE,
					     VIZ_MSG_CHECKED_SIGNATURE, VIZ_MSG_CHECKED_TEXT,
					     VIZ_MSG_CHECKED_REFERENCE, VIZ_MSG_CHECKED_PREVIOUS};
	struct viz_grid g;
	json_t *c;
	size_t i;

	viz_table_heads(&g, cli, heads, 6);
	json_array_foreach(consents, i, c)
	{
		char number[24];

		snprintf(number, sizeof number, "%lld", (long long)viz_reply_number(c, "number"));
		viz_grid_add(&g, number);
		viz_grid_add(&g, word_of(cli, "consent_is_", viz_reply_text(c, "state")));
		for (size_t k = 0; k < sizeof checks / sizeof *checks; k++)
			viz_grid_add(
			    &g, word_of(cli, "checked_is_",
					viz_reply_text(json_object_get(c, "checks"), checks[k])));
	}
	viz_table_print(&g);
}

int viz_cmd_consent_check(const struct viz_cli *cli, const char *word)
{
	json_t *result, *consents;
	bool right;
	int status =
	    viz_client_ask(&result, cli, "consent.check", json_pack("{s:s}", "lead", word));

	if (status != VIZ_EXIT_OK)
		return status;
	consents = json_object_get(result, "consents");
	right = is_right(consents);
	json_object_set_new(result, "good", json_boolean(right));
	if (cli->json) {
		viz_print_json(result);
	} else if (json_array_size(consents) == 0) {
		viz_print(cli, VIZ_MSG_CONSENT_NONE);
	} else {
		print_checks(cli, consents);
		viz_print_blank(cli);
		(viz_print)(cli, right ? VIZ_MSG_CHECKED_RIGHT : VIZ_MSG_CHECKED_WRONG);
	}
	json_decref(result);
	return right ? VIZ_EXIT_OK : VIZ_EXIT_FAILED;
}
