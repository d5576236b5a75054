/* `vizinho lead list|show|proposals|revoke|outcome|test`. */
#include <unistd.h>

#include "proto/limits.h"
#include "proto/statement.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/lead_view.h"
#include "tools/vizinho/lookup.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"

int viz_cmd_lead_list(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "lead.list", NULL);
	if (result == NULL)
		return status;
	viz_lead_view_list(cli, json_object_get(result, "leads"));
	viz_lead_view_told(cli, json_object_get(result, "told"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_lead_show(const struct viz_cli *cli, int argc, char **argv)
{
	bool personal = false;
	const struct viz_arg options[] = {{"personal", NULL, &personal}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	status =
	    viz_client_query(&result, cli, "lead.show",
			     json_pack("{s:s,s:b}", "lead", words.word[0], "personal", personal));
	if (result == NULL)
		return status;
	viz_lead_view_one(cli, json_object_get(result, "lead"));
	if (json_object_get(result, "contact") != NULL) {
		viz_print_blank(cli);
		viz_person_print(cli, json_object_get(result, "contact"), NULL);
	} else if (personal) {
		viz_print(cli, VIZ_MSG_NO_CONTACT);
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_lead_proposals(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status = viz_client_query(&result, cli, "lead.proposals",
				  json_pack("{s:s}", "lead", words.word[0]));
	if (result == NULL)
		return status;
	viz_lead_view_proposals(cli, result, true);
	viz_lead_view_next(cli, json_object_get(result, "lead"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_lead_revoke(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct viz_arg options[] = {{"yes", NULL, &yes}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	status = viz_ask_confirm(cli, yes, VIZ_MSG_LEAD_REVOKE_SURE, words.word[0]);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_client_query(&result, cli, "lead.revoke",
				  json_pack("{s:s}", "lead", words.word[0]));
	if (result == NULL)
		return status;
	viz_print(cli, VIZ_MSG_LEAD_REVOKED, words.word[0], words.word[0]);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_lead_outcome(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	char when[VIZ_FORMAT_MAX];
	const json_t *lead;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status =
	    viz_client_query(&result, cli, "lead.show", json_pack("{s:s}", "lead", words.word[0]));
	if (result == NULL)
		return status;
	lead = json_object_get(result, "lead");
	viz_print(cli, VIZ_MSG_OUTCOME_STATE, words.word[0], viz_lead_view_state(cli, lead));
	if (json_object_get(lead, "awarded_to") != NULL) {
		viz_format_time(when, cli, json_object_get(lead, "delivered_at"));
		viz_print(cli, VIZ_MSG_OUTCOME_DELIVERED, viz_reply_name(lead, "awarded_to"), when);
		viz_format_time(when, cli, json_object_get(lead, "contacted_at"));
		viz_print(cli, VIZ_MSG_OUTCOME_CONTACTED, when);
	}
	if (json_is_integer(json_object_get(lead, "days_offline")))
		viz_print(cli, VIZ_MSG_OUTCOME_DAYS,
			  (long long)viz_reply_number(lead, "days_offline"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

/* What peer.list knows of this id. */
static const json_t *peer_of(const json_t *peers, const char *id)
{
	for (size_t i = 0; i < json_array_size(peers); i++)
		if (strcmp(viz_reply_text(json_array_get(peers, i), "id"), id) == 0)
			return json_array_get(peers, i);
	return NULL;
}

/* Each partner gets "linked" and "heartbeat_at". */
static int add_links(const struct viz_cli *cli, const struct viz_lookup *l)
{
	const json_t *list = json_object_get(l->result, "partners");
	json_t *result;
	int status = viz_client_ask(&result, cli, "peer.list", NULL);

	if (status != VIZ_EXIT_OK)
		return status;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *p = json_array_get(list, i);
		const json_t *peer =
		    peer_of(json_object_get(result, "peers"), viz_reply_text(p, "id"));

		json_object_set_new(p, "linked", json_boolean(viz_reply_true(peer, "linked")));
		if (json_object_get(peer, "heartbeat_at") != NULL)
			json_object_set(p, "heartbeat_at", json_object_get(peer, "heartbeat_at"));
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}

static void print_links(const struct viz_cli *cli, const struct viz_lookup *l)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_NAME, VIZ_MSG_HEAD_FOUND,
					     VIZ_MSG_HEAD_LINK, VIZ_MSG_HEAD_ANSWERS,
					     VIZ_MSG_HEAD_HEARTBEAT};
	const char *text = viz_reply_text(json_object_get(l->result, "consent"), "text");
	struct viz_grid g;
	json_t *p;
	size_t i;

	viz_where_print(cli, &l->place);
	viz_lookup_print_own(cli, l);
	if (viz_lookup_asked(l) == 0) {
		viz_lookup_print_partners(cli, l);
		return;
	}
	viz_print(cli, VIZ_MSG_WOULD_ASK, viz_lookup_asked(l));
	viz_table_heads(&g, cli, heads, 5);
	json_array_foreach(json_object_get(l->result, "partners"), i, p)
	{
		if (!viz_reply_true(p, "drawn"))
			continue;
		viz_grid_add(&g, viz_reply_peer(p));
		viz_grid_add(&g, viz_lookup_found(cli, p));
		viz_grid_add(&g,
			     viz_msg(cli->lang, viz_reply_true(p, "linked") ? VIZ_MSG_LINK_UP
									    : VIZ_MSG_LINK_DOWN));
		viz_grid_add(&g, viz_format_word(cli, viz_reply_text(p, "answers")));
		viz_table_time(&g, cli, json_object_get(p, "heartbeat_at"));
	}
	viz_table_print(&g);
	if (text[0] != '\0')
		viz_print_aloud(cli, VIZ_MSG_CONSENT_TEXT, text);
	else
		viz_print(cli, VIZ_MSG_NO_CONSENT_TEXT);
	viz_print(cli, VIZ_MSG_NOTHING_LEFT);
}

enum { PLACE_MAX = 512 };

/* The words of a place, with a space between them. */
static void join(char text[PLACE_MAX], const struct viz_args *words)
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < words->count && len < PLACE_MAX; i++)
		len += (size_t)snprintf(text + len, PLACE_MAX - len, "%s%s", i > 0 ? " " : "",
					words->word[i]);
}

int viz_cmd_lead_test(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	struct viz_lookup lookup;
	char text[PLACE_MAX];
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 32))
		return status;
	join(text, &words);
	status = viz_lookup_text(&lookup, cli, text, NULL);
	if (status != VIZ_EXIT_OK)
		return status;
	status = add_links(cli, &lookup);
	if (status == VIZ_EXIT_OK && cli->json)
		viz_lookup_print_json(&lookup);
	else if (status == VIZ_EXIT_OK)
		print_links(cli, &lookup);
	viz_lookup_free(&lookup);
	return status;
}

/* Names, comma between them. */
static json_t *strike_list(const char *names)
{
	json_t *list = json_array();

	while (*names != '\0') {
		size_t n = strcspn(names, ",");

		json_array_append_new(list, json_stringn(names, n));
		names += n + strspn(names + n, ", ");
	}
	return list;
}

static void print_draw(const struct viz_cli *cli, const struct viz_lookup *l)
{
	const json_t *consent = json_object_get(l->result, "consent");
	const char *contact = viz_reply_text(consent, "contact_text");

	viz_where_print(cli, &l->place);
	viz_lookup_print_own(cli, l);
	if (viz_lookup_number(l) == 0) {
		viz_lookup_print_partners(cli, l);
		return;
	}
	viz_print(cli, VIZ_MSG_DRAWN, (long long)viz_lookup_number(l));
	for (size_t i = 0; i < viz_lookup_drawn(l); i++) {
		const json_t *p = json_array_get(json_object_get(l->result, "partners"), i);
		bool struck = viz_reply_true(p, "struck");

		printf("  %zu. %s%s%s\n", i + 1, viz_reply_peer(p), struck ? ": " : "",
		       struck ? viz_msg(cli->lang, VIZ_MSG_REMARK_STRUCK) : "");
	}
	if (viz_reply_text(consent, "text")[0] == '\0')
		viz_print(cli, VIZ_MSG_ALL_STRUCK);
	else
		viz_print_aloud(cli, VIZ_MSG_CONSENT_TEXT, viz_reply_text(consent, "text"));
	if (contact[0] != '\0')
		viz_print_aloud(cli, VIZ_MSG_CONSENT_TEXT, contact);
}

/* What the customer said of it is in the text that is read. NULL: not said. */
static int read_wish(json_t *wish, const struct viz_cli *cli, const char *service,
		     const char *month)
{
	char read[8];

	if (month != NULL && viz_person_month(read, month) != VIZ_OK)
		return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION,
				       "--month", month, "2026-12");
	if (month != NULL)
		json_object_set_new(wish, "month", json_string(read));
	if (service == NULL || strcmp(service, "internet") == 0)
		return VIZ_EXIT_OK;
	if (strcmp(service, "business") != 0)
		return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION,
				       "--service", service, "internet, business");
	json_object_set_new(wish, "service", json_string("business"));
	return VIZ_EXIT_OK;
}

/* Makes the draw, or reads draw `number` again, and shows it. */
static int draw(const struct viz_cli *cli, struct viz_lookup *l, int64_t number, const char *strike)
{
	json_t *struck = strike_list(strike != NULL ? strike : "");
	int status =
	    number != 0 ? viz_lookup_again(l, cli, number, struck) : viz_lookup_draw(l, cli);

	json_decref(struck);
	if (status == VIZ_EXIT_OK && cli->json)
		viz_lookup_print_json(l);
	else if (status == VIZ_EXIT_OK)
		print_draw(cli, l);
	return status;
}

int viz_cmd_lead_draw(const struct viz_cli *cli, int argc, char **argv)
{
	const char *again = NULL, *strike = NULL, *service = NULL, *month = NULL;
	const struct viz_arg options[] = {{"again", &again, NULL},
					  {"strike", &strike, NULL},
					  {"service", &service, NULL},
					  {"month", &month, NULL},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	struct viz_lookup lookup;
	char text[PLACE_MAX];
	json_t *wish;
	int64_t number = 0;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 32))
		return status;
	join(text, &words);
	if (again != NULL && viz_args_number(&number, cli, "--again", again, 1, VIZ_TURN_MAX) != 0)
		return VIZ_EXIT_USAGE;
	if (strike != NULL && again == NULL) /* a new draw has names that nobody has read yet */
		return viz_help_error(cli, VIZ_MSG_NEED_OPTION, "--again");
	wish = json_object();
	status = read_wish(wish, cli, service, month);
	if (status == VIZ_EXIT_OK)
		status = viz_lookup_text(&lookup, cli, text, NULL);
	if (status == VIZ_EXIT_OK) {
		lookup.wish = wish;
		status = draw(cli, &lookup, number, strike);
		viz_lookup_free(&lookup);
	}
	json_decref(wish);
	return status;
}
