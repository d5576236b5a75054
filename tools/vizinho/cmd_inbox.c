/* `vizinho inbox ...`: what partners ask us, and the customers who chose us. */
#include <time.h>
#include <unistd.h>

#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/cmd_inbox.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/person.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"
#include "tools/vizinho/where.h"

#define LEASE_WAIT_MS 10000

static bool in_state(const json_t *e, const char *state)
{
	return strcmp(viz_reply_text(e, "state"), state) == 0;
}

/* What the origin calls "awarded" is a call to make for the one who was chosen. */
static const char *state_word(const struct viz_cli *cli, const json_t *e)
{
	return in_state(e, "awarded") ? viz_msg(cli->lang, VIZ_MSG_INBOX_TO_CALL)
				      : viz_format_word(cli, viz_reply_text(e, "state"));
}

/* A deadline that has passed while the entry still waits for us is marked. */
static void deadline_text(char out[2 * VIZ_FORMAT_MAX], const struct viz_cli *cli, const json_t *e)
{
	const json_t *deadline = json_object_get(e, "due_at");
	char when[VIZ_FORMAT_MAX];

	viz_format_time(when, cli, deadline);
	if (viz_reply_true(e, "waits") && viz_reply_seconds(deadline) < time(NULL))
		viz_print_text(out, 2 * VIZ_FORMAT_MAX, cli->lang, VIZ_MSG_INBOX_LATE, when);
	else
		snprintf(out, 2 * VIZ_FORMAT_MAX, "%s", when);
}

int viz_cmd_inbox_list(const struct viz_cli *cli, int argc, char **argv)
{
	static const enum viz_msg heads[] = {
	    VIZ_MSG_HEAD_ENTRY,  VIZ_MSG_HEAD_ORIGIN,  VIZ_MSG_HEAD_STATE,   VIZ_MSG_HEAD_TOWN,
	    VIZ_MSG_HEAD_ANSWER, VIZ_MSG_HEAD_OFFERED, VIZ_MSG_HEAD_DEADLINE};
	bool all = false;
	const struct viz_arg options[] = {{"all", NULL, &all}, {NULL, NULL, NULL}};
	struct viz_where where = {.cli = cli};
	struct viz_args words;
	json_t *result, *e;
	struct viz_grid g;
	size_t i;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	status = viz_client_query(&result, cli, "inbox.list", json_pack("{s:b}", "all", all));
	if (result == NULL)
		return status;
	if (viz_gazetteer_open(&where.gazetteer, NULL) != VIZ_OK)
		where.gazetteer = NULL;
	if (json_array_size(json_object_get(result, "entries")) == 0) {
		(viz_print)(cli, all ? VIZ_MSG_INBOX_EMPTY : VIZ_MSG_INBOX_NOTHING);
	} else {
		viz_table_heads(&g, cli, heads, 7);
		json_array_foreach(json_object_get(result, "entries"), i, e)
		{
			char name[VIZ_GAZETTEER_NAME_BYTES + 8], deadline[2 * VIZ_FORMAT_MAX];

			viz_where_name(name, sizeof name, &where,
				       viz_reply_code(e, "municipality"));
			viz_grid_add(&g, viz_reply_text(e, "id"));
			viz_grid_add(&g, viz_reply_name(e, "origin"));
			viz_grid_add(&g, state_word(cli, e));
			viz_grid_add(&g, name);
			viz_grid_add(&g, viz_format_word(cli, viz_reply_text(e, "answer")));
			viz_table_time(&g, cli, json_object_get(e, "offered_at"));
			deadline_text(deadline, cli, e);
			viz_grid_add(&g, deadline);
		}
		viz_table_print(&g);
	}
	viz_where_close(&where);
	json_decref(result);
	return VIZ_EXIT_OK;
}

static void print_entry(const struct viz_cli *cli, const json_t *e)
{
	char deadline[2 * VIZ_FORMAT_MAX];

	deadline_text(deadline, cli, e);
	if (json_is_string(json_object_get(e, "due_at")))
		viz_print(cli, VIZ_MSG_INBOX_ENTRY, viz_reply_text(e, "id"),
			  viz_reply_name(e, "origin"), state_word(cli, e), deadline);
	else
		viz_print(cli, VIZ_MSG_INBOX_ENTRY_BARE, viz_reply_text(e, "id"),
			  viz_reply_name(e, "origin"), state_word(cli, e));
	if (json_is_integer(json_object_get(e, "days_offline")))
		viz_print(cli, VIZ_MSG_INBOX_DAYS, (long long)viz_reply_number(e, "days_offline"));
	if (json_is_string(json_object_get(e, "lost_reason")))
		viz_print(cli, VIZ_MSG_INBOX_LOST_REASON,
			  viz_format_word(cli, viz_reply_text(e, "lost_reason")));
}

/* The command that comes next in this state. */
static void print_next(const struct viz_cli *cli, const json_t *e)
{
	if (in_state(e, "awarded"))
		viz_print(cli, VIZ_MSG_INBOX_CALL, viz_reply_text(e, "id"));
	else if (in_state(e, "contacted"))
		viz_print(cli, VIZ_MSG_INBOX_OUTCOME, viz_reply_text(e, "id"));
}

int viz_cmd_inbox_open(json_t **out, const struct viz_cli *cli, const char *id)
{
	for (int ms = 0;; ms += 250) {
		const json_t *entry;
		json_t *result;
		int status =
		    viz_client_ask(&result, cli, "inbox.show", json_pack("{s:s}", "lead", id));

		if (status != VIZ_EXIT_OK)
			return status;
		entry = json_object_get(result, "entry");
		if (viz_reply_true(result, "showable") || !viz_reply_true(entry, "holds_contact") ||
		    ms >= LEASE_WAIT_MS) {
			*out = result;
			return VIZ_EXIT_OK;
		}
		json_decref(result);
		if (ms == 0)
			viz_print_hint(cli, VIZ_MSG_INBOX_LEASE);
		usleep(250000);
	}
}

int viz_cmd_inbox_show(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	const json_t *contact;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	status = viz_cmd_inbox_open(&result, cli, words.word[0]);
	if (status != VIZ_EXIT_OK)
		return status;
	if (cli->json) {
		viz_print_json_new(result);
		return VIZ_EXIT_OK;
	}
	print_entry(cli, json_object_get(result, "entry"));
	contact = json_object_get(result, "contact");
	if (json_is_object(contact)) {
		viz_print_blank(cli);
		viz_person_print(cli, contact, json_object_get(result, "wish"));
		print_next(cli, json_object_get(result, "entry"));
	} else if (viz_reply_true(json_object_get(result, "entry"), "holds_contact")) {
		viz_print(cli, VIZ_MSG_INBOX_NO_LEASE);
	}
	if (json_object_get(result, "location") != NULL) {
		viz_print_blank(cli);
		viz_person_print_place(cli, json_object_get(result, "location"));
		if (in_state(json_object_get(result, "entry"), "to-answer"))
			viz_print(cli, VIZ_MSG_INBOX_ANSWER, words.word[0]);
	}
	json_decref(result);
	return VIZ_EXIT_OK;
}

/* Takes the result. */
static int print_done(const struct viz_cli *cli, json_t *result)
{
	if (cli->json) {
		viz_print_json_new(result);
		return VIZ_EXIT_OK;
	}
	print_entry(cli, json_object_get(result, "entry"));
	print_next(cli, json_object_get(result, "entry"));
	json_decref(result);
	return VIZ_EXIT_OK;
}

static int act(const struct viz_cli *cli, const char *op, json_t *args)
{
	json_t *result;
	int status = viz_client_ask(&result, cli, op, args);

	return status == VIZ_EXIT_OK ? print_done(cli, result) : status;
}

/* A word that the daemon knows, and the ways in which people type it. */
struct known_word {
	const char *name;
	enum viz_msg typed;
};

/* Puts the daemon's word in the place of what was typed. Else VIZ_EXIT_USAGE, with the error
 * printed. `option`: NULL for a plain word. */
static int one_of(const char **word, const struct viz_cli *cli, const char *option,
		  const struct known_word *words, size_t n)
{
	enum viz_msg typed[8];
	size_t which = 0;
	int status;

	VIZ_REQUIRE(n <= sizeof typed / sizeof typed[0]);
	for (size_t i = 0; i < n; i++)
		typed[i] = words[i].typed;
	status = viz_args_choice(&which, cli, option, *word, typed, n);
	if (status == VIZ_EXIT_OK)
		*word = words[which].name;
	return status;
}

int viz_cmd_inbox_answer(const struct viz_cli *cli, int argc, char **argv)
{
	static const struct known_word answers[] = {{"yes", VIZ_MSG_INPUT_YES},
						    {"analysis", VIZ_MSG_INPUT_ANALYSIS},
						    {"no", VIZ_MSG_INPUT_NO}};
	static const struct known_word reasons[] = {{"plant", VIZ_MSG_INPUT_PLANT},
						    {"capacity", VIZ_MSG_INPUT_CAPACITY},
						    {"policy", VIZ_MSG_INPUT_POLICY}};
	const char *reason = NULL;
	const struct viz_arg options[] = {{"reason", &reason, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *args;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 2, 2))
		return status;
	status = one_of(&words.word[1], cli, NULL, answers, 3);
	if (status == VIZ_EXIT_OK && reason != NULL)
		status = one_of(&reason, cli, "--reason", reasons, 3);
	if (status != VIZ_EXIT_OK)
		return status;
	if ((strcmp(words.word[1], "no") == 0) != (reason != NULL))
		return viz_help_error(cli, VIZ_MSG_NO_WHY, "");
	args = json_pack("{s:s,s:s}", "lead", words.word[0], "answer", words.word[1]);
	if (reason != NULL)
		json_object_set_new(args, "no_reason", json_string(reason));
	return act(cli, "inbox.answer", args);
}

int viz_cmd_inbox_contacted(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	/* the lease may have run out since the contact was opened */
	status = viz_client_ask_patiently(&result, cli, "inbox.contacted",
					  json_pack("{s:s}", "lead", words.word[0]),
					  VIZ_CODE_NO_LEASE, LEASE_WAIT_MS, VIZ_MSG_INBOX_LEASE);
	return status == VIZ_EXIT_OK ? print_done(cli, result) : status;
}

int viz_cmd_inbox_release(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	return act(cli, "inbox.release", json_pack("{s:s}", "lead", words.word[0]));
}

int viz_cmd_inbox_outcome(const struct viz_cli *cli, int argc, char **argv)
{
	static const struct known_word outcomes[] = {{"installed", VIZ_MSG_INPUT_INSTALLED},
						     {"lost", VIZ_MSG_INPUT_LOST}};
	static const struct known_word reasons[] = {{"unreached", VIZ_MSG_INPUT_UNREACHED},
						    {"no-service", VIZ_MSG_INPUT_NO_SERVICE},
						    {"price", VIZ_MSG_INPUT_PRICE},
						    {"date", VIZ_MSG_INPUT_DATE},
						    {"competitor", VIZ_MSG_INPUT_COMPETITOR},
						    {"gave-up", VIZ_MSG_INPUT_GAVE_UP},
						    {"other", VIZ_MSG_INPUT_OTHER}};
	const char *days = NULL, *reason = NULL;
	const struct viz_arg options[] = {
	    {"days", &days, NULL}, {"reason", &reason, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;
	bool lost;
	int64_t n = 0;
	json_t *args;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 2, 2))
		return status;
	status = one_of(&words.word[1], cli, NULL, outcomes, 2);
	if (status == VIZ_EXIT_OK && reason != NULL)
		status = one_of(&reason, cli, "--reason", reasons, 7);
	if (status != VIZ_EXIT_OK)
		return status;
	lost = strcmp(words.word[1], "lost") == 0;
	if (lost != (reason != NULL))
		return viz_help_error(cli, VIZ_MSG_LOST_WHY, "");
	if (lost && days != NULL)
		return viz_help_error(cli, VIZ_MSG_DAYS_OF_INSTALLED, "");
	if (days != NULL &&
	    (status = viz_args_number(&n, cli, "--days", days, 0, 366)) != VIZ_EXIT_OK)
		return status;
	args = json_pack("{s:s,s:s,s:s*}", "lead", words.word[0], "outcome", words.word[1],
			 "lost_reason", reason);
	if (days != NULL)
		json_object_set_new(args, "days_offline", json_integer((json_int_t)n));
	return act(cli, "inbox.outcome", args);
}
