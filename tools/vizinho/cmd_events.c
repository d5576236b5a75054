/* `vizinho events`: the journal and the access log, from a cursor on, or as they grow. And what the
 * webhook's receiver has not taken: the sender's directory says it, the node does not know. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "node/core/notice_kinds.h"
#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/spool.h"
#include "tools/vizinho/table.h"

#define EVENTS_MAX  1000 /* as the node takes it */
#define FOLLOW_MS   500  /* between two questions */
#define CURSOR_SIZE 48

/* What is shown. */
struct filter {
	size_t level; /* of the table of levels: this one and what is worse */
	bool kinds;   /* only those in `kind` */
	bool kind[VIZ_NOTICE_COUNT];
};

static const char *const levels[] = {"error", "warning", "notice", "info"};
static const enum viz_msg level_words[] = {VIZ_MSG_LEVEL_ERROR, VIZ_MSG_LEVEL_WARNING,
					   VIZ_MSG_LEVEL_NOTICE, VIZ_MSG_LEVEL_INFO};

#define LEVELS (sizeof levels / sizeof *levels)

static size_t level_of(const json_t *e)
{
	size_t i = 0;

	while (i < LEVELS - 1 && strcmp(levels[i], viz_reply_text(e, "level")) != 0)
		i++;
	return i;
}

static bool passes(const struct filter *f, const json_t *e)
{
	const char *code = viz_reply_text(e, "event");

	if (level_of(e) > f->level)
		return false;
	for (size_t i = 0; f->kinds && i < VIZ_NOTICE_COUNT; i++)
		if (f->kind[i] && strcmp(viz_notice_kinds[i].code, code) == 0)
			return true;
	return !f->kinds;
}

static json_t *filtered(const struct filter *f, const json_t *list)
{
	json_t *out = json_array(), *e;
	size_t i;

	json_array_foreach(list, i, e)
	{
		if (passes(f, e))
			json_array_append(out, e);
	}
	return out;
}

/* The text in the language of the command. */
static const char *text_of(const struct viz_cli *cli, const json_t *e)
{
	char key[32];

	snprintf(key, sizeof key, "text_%s", viz_host_lang_tag(cli->lang));
	for (char *c = key; *c != '\0'; c++)
		*c = *c == '-' ? '_' : (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
	return viz_reply_text(e, key);
}

/* Wide enough for every level and kind, so that a table that grows stays in its columns. */
static void add_events(struct viz_grid *g, const struct viz_cli *cli, const json_t *list)
{
	json_t *e;
	size_t i;

	json_array_foreach(list, i, e)
	{
		char level[16], code[40];

		snprintf(level, sizeof level, "%-7s", viz_msg(cli->lang, level_words[level_of(e)]));
		snprintf(code, sizeof code, "%-15s", viz_reply_text(e, "event"));
		viz_table_time(g, cli, json_object_get(e, "time"));
		viz_grid_add(g, level);
		viz_grid_add(g, code);
		viz_grid_add(g, text_of(cli, e));
	}
}

static void print_events(const struct viz_cli *cli, const json_t *list)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_TIME, VIZ_MSG_HEAD_LEVEL,
					     VIZ_MSG_HEAD_KIND, VIZ_MSG_HEAD_EVENT};
	struct viz_grid g;

	viz_table_heads(&g, cli, heads, 4);
	add_events(&g, cli, list);
	viz_table_print(&g);
}

static json_t *request(const char *cursor, int64_t max)
{
	json_t *args = json_object();

	if (cursor != NULL)
		json_object_set_new(args, "cursor", json_string(cursor));
	if (max > 0)
		json_object_set_new(args, "max", json_integer((json_int_t)max));
	return args;
}

static volatile sig_atomic_t ended;

static void on_end(int number)
{
	(void)number;
	ended = 1;
}

/* Ends by a signal, in order: what is printed is whole lines. */
static void end_by_signals(void)
{
	struct sigaction action = {.sa_handler = on_end};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void print_more(const struct viz_cli *cli, const struct filter *f, const json_t *list)
{
	json_t *shown = filtered(f, list), *e;
	size_t i;

	if (cli->json) {
		json_array_foreach(shown, i, e) viz_print_json(e);
	} else if (json_array_size(shown) > 0) {
		struct viz_grid g;

		viz_grid_init(&g, 4);
		add_events(&g, cli, shown);
		viz_table_print(&g);
	}
	json_decref(shown);
}

/* Asks again and again. A node that does not answer is waited for: it starts again and goes on
 * where it was. Only the first question is told when it fails. */
static int follow(const struct viz_cli *cli, const struct filter *f, const char *since)
{
	struct viz_cli asking = *cli;
	char cursor[CURSOR_SIZE];
	bool away = false;

	snprintf(cursor, sizeof cursor, "%s", since != NULL ? since : "end");
	end_by_signals();
	while (!ended) {
		json_t *result = NULL;
		int status =
		    viz_client_ask(&result, &asking, "events", request(cursor, EVENTS_MAX));
		bool more = false;

		if (status != VIZ_EXIT_OK && !asking.quiet)
			return status;
		asking.quiet = true;
		if (status == VIZ_EXIT_OK) {
			snprintf(cursor, sizeof cursor, "%s", viz_reply_text(result, "cursor"));
			print_more(cli, f, json_object_get(result, "events"));
			more = viz_reply_true(result, "more");
			json_decref(result);
		} else if (!away) {
			viz_print_hint(cli, VIZ_MSG_EVENTS_AWAY);
		}
		away = status != VIZ_EXIT_OK;
		if (fflush(stdout) != 0)
			return VIZ_EXIT_FAILED;
		if (!more && !ended)
			usleep(FOLLOW_MS * 1000);
	}
	return VIZ_EXIT_OK;
}

/* Reads "handoff,released". */
static int read_kinds(struct filter *f, const struct viz_cli *cli, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, ","), i = 0;
		char word[64];

		snprintf(word, sizeof word, "%.*s", (int)len, text);
		while (i < VIZ_NOTICE_COUNT && strcmp(viz_notice_kinds[i].code, word) != 0)
			i++;
		if (i == VIZ_NOTICE_COUNT)
			return viz_print_error(cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE,
					       VIZ_MSG_EVENTS_NO_KIND, word);
		f->kind[i] = true;
		f->kinds = true;
		text += len + (text[len] == ',');
	}
	return VIZ_EXIT_OK;
}

static int print_once(const struct viz_cli *cli, const struct filter *f, const char *since,
		      int64_t max)
{
	json_t *result = NULL, *shown;
	int status = viz_client_ask(&result, cli, "events", request(since, max));

	if (status != VIZ_EXIT_OK)
		return status;
	shown = filtered(f, json_object_get(result, "events"));
	json_object_set(result, "events", shown);
	if (cli->json)
		viz_print_json(result);
	else if (json_array_size(shown) > 0)
		print_events(cli, shown);
	if (viz_reply_true(result, "more"))
		viz_print(cli, VIZ_MSG_EVENTS_MORE, viz_reply_text(result, "cursor"));
	else
		viz_print(cli, VIZ_MSG_EVENTS_END, viz_reply_text(result, "cursor"));
	json_decref(shown);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_events(const struct viz_cli *cli, int argc, char **argv)
{
	const char *since = NULL, *max = NULL, *level = NULL, *kind = NULL;
	bool follows = false;
	const struct viz_arg options[] = {{"since", &since, NULL},    {"max", &max, NULL},
					  {"level", &level, NULL},    {"kind", &kind, NULL},
					  {"follow", NULL, &follows}, {NULL, NULL, NULL}};
	struct filter f = {.level = LEVELS - 1};
	struct viz_args words;
	int64_t n = 0;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	if (max != NULL &&
	    (status = viz_args_number(&n, cli, "--max", max, 1, EVENTS_MAX)) != VIZ_EXIT_OK)
		return status;
	if (level != NULL && (status = viz_args_choice(&f.level, cli, "--level", level, level_words,
						       LEVELS)) != VIZ_EXIT_OK)
		return status;
	if (kind != NULL && (status = read_kinds(&f, cli, kind)) != VIZ_EXIT_OK)
		return status;
	return follows ? follow(cli, &f, since) : print_once(cli, &f, since, n);
}

/* Reads --dir. False: the error is printed. */
static bool read_dir(const char **dir, int *status, const struct viz_cli *cli, int argc,
		     char **argv)
{
	const struct viz_arg options[] = {{"dir", dir, NULL}, {NULL, NULL, NULL}};
	struct viz_args words;

	*dir = VIZ_SPOOL_DIR;
	if (!viz_args_read(&words, status, cli, options, argc, argv, 0, 0))
		return false;
	if (access(*dir, R_OK | X_OK) == 0)
		return true;
	*status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FAILED, VIZ_MSG_CANNOT, *dir,
				  viz_host_speech_errno(errno));
	return false;
}

static void print_dead(const struct viz_cli *cli, const json_t *dead)
{
	static const enum viz_msg heads[] = {VIZ_MSG_HEAD_TIME, VIZ_MSG_HEAD_KIND, VIZ_MSG_HEAD_WHY,
					     VIZ_MSG_HEAD_EVENT_ID};
	struct viz_grid g;
	json_t *entry;
	size_t i;

	viz_table_heads(&g, cli, heads, 4);
	json_array_foreach(dead, i, entry)
	{
		json_t *event = json_object_get(entry, "event");

		viz_table_time(&g, cli, json_object_get(event, "time"));
		viz_grid_add(&g, viz_reply_text(event, "event"));
		viz_grid_add(&g, viz_reply_text(entry, "why"));
		viz_grid_add(&g, viz_reply_text(event, "id"));
	}
	viz_table_print(&g);
}

int viz_cmd_events_dead(const struct viz_cli *cli, int argc, char **argv)
{
	json_t *dead, *queue, *dropped;
	const char *dir;
	bool gone;
	int status;

	if (!read_dir(&dir, &status, cli, argc, argv))
		return status;
	dead = viz_spool_list(dir, "dead");
	queue = viz_spool_list(dir, "queue");
	dropped = viz_spool_get(dir, "dropped");
	gone = viz_spool_has(dir, "gone");
	if (cli->json) {
		viz_print_json_new(json_pack("{s:O,s:I,s:I,s:b}", "dead", dead, "waiting_count",
					     (json_int_t)json_array_size(queue), "dropped_count",
					     (json_int_t)viz_reply_number(dropped, "count"),
					     "receiver_gone", gone));
	} else if (json_array_size(dead) > 0) {
		print_dead(cli, dead);
	}
	viz_print(cli, VIZ_MSG_EVENTS_DEAD, (long long)json_array_size(dead),
		  (long long)json_array_size(queue), (long long)viz_reply_number(dropped, "count"));
	if (gone)
		viz_print(cli, VIZ_MSG_EVENTS_GONE);
	json_decref(dropped);
	json_decref(queue);
	json_decref(dead);
	return VIZ_EXIT_OK;
}

int viz_cmd_events_retry(const struct viz_cli *cli, int argc, char **argv)
{
	json_t *dead, *nothing;
	const char *dir;
	long long n;
	int status = VIZ_EXIT_OK;

	if (!read_dir(&dir, &status, cli, argc, argv))
		return status;
	dead = viz_spool_list(dir, "dead");
	n = (long long)json_array_size(dead);
	json_decref(dead);
	nothing = json_object();
	if (!viz_spool_put(dir, "retry", nothing))
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FAILED, VIZ_MSG_CANNOT, dir,
					 viz_host_speech_errno(errno));
	else if (cli->json)
		viz_print_json_new(json_pack("{s:I}", "dead_count", (json_int_t)n));
	else
		viz_print(cli, VIZ_MSG_EVENTS_RETRIED, n);
	json_decref(nothing);
	return status;
}
