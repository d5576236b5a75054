/* vizinho-webhook: brings the events of the journal to an HTTP receiver, signed (Standard
 * Webhooks).
 *
 * It is a process of its own, with a user and a unit of its own. It holds no key of the node and
 * asks the control socket for events, as `vizinho events --follow` does, so a receiver that is slow
 * or dead holds up nothing of the node: the journal is the queue. An event is on its disk before
 * the cursor moves, and leaves it when the receiver has said 2xx. So each comes at least once,
 * whoever is killed, and with the same id. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "node/host/config.h"
#include "node/host/log.h"
#include "node/host/speech.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/post.h"
#include "tools/vizinho/spool.h"

#define POLL_MS     1000
#define PAGE_MAX    100
#define HOLD_MAX_MS 60000 /* between two attempts while the receiver takes nothing */

/* After the first attempt, in seconds: together a day. Each is longer or shorter by up to a fifth.
 */
static const int64_t schedule[] = {5, 30, 120, 600, 1800, 3600, 7200, 10800, 14400, 21600, 26400};
#define ATTEMPTS (1 + sizeof schedule / sizeof *schedule)

struct sender {
	struct viz_cli cli;
	struct viz_config config;
	struct viz_post post;
	const char *dir;
	int64_t hurry; /* all waits are divided by this */
	json_t *queue; /* as on disk */
	json_t *cursor;
	unsigned failed; /* attempts in a row */
	int64_t hold_ms; /* no attempt before this */
	bool away;       /* the node does not answer */
};

static volatile sig_atomic_t ended;

static void on_end(int number)
{
	(void)number;
	ended = 1;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t jittered(const struct sender *s, int64_t ms)
{
	uint32_t r = 0;

	(void)!getrandom(&r, sizeof r, 0);
	return (ms * 4 / 5 + ms * 2 / 5 * (int64_t)(r >> 8) / (1 << 24)) / s->hurry;
}

/* Without its disk it must not go on: the unit starts it again. */
static void must(const struct sender *s, bool done, const char *what)
{
	if (done)
		return;
	viz_host_log(VIZ_LOG_ERROR, "webhook: cannot write %s in %s: %s", what, s->dir,
		     viz_host_speech_errno(errno));
	exit(EXIT_FAILURE);
}

static json_t *ask(struct sender *s, const char *cursor, int max)
{
	json_t *args = json_pack("{s:s,s:s,s:i}", "cursor", cursor, "log", "journal", "max", max);
	json_t *result = NULL;
	bool there = viz_client_ask(&result, &s->cli, "events", args) == VIZ_EXIT_OK;

	if (there == s->away)
		viz_host_log(there ? VIZ_LOG_NOTICE : VIZ_LOG_WARNING, "webhook: vizinhod %s",
			     there ? "answers" : "does not answer: waiting for it");
	s->away = !there;
	return result;
}

static void move_cursor(struct sender *s, int64_t number, const char *id, const char *time,
			const char *skip)
{
	/* the texts may be the old one's */
	json_t *next = json_pack("{s:I,s:s,s:s,s:s}", "number", (json_int_t)number, "id", id,
				 "time", time, "skip", skip);

	json_decref(s->cursor);
	s->cursor = next;
}

/* The first start: what comes from now on. */
static void begin(struct sender *s)
{
	json_t *end = ask(s, "end", 1), *last;
	char before[48];
	int64_t number;

	if (end == NULL)
		return;
	number = atoll(viz_reply_text(end, "cursor"));
	json_decref(end);
	snprintf(before, sizeof before, "%lld.0", (long long)(number > 0 ? number - 1 : 0));
	last = ask(s, before, 1);
	if (last == NULL)
		return;
	end = json_array_get(json_object_get(last, "events"), 0);
	move_cursor(s, number > 0 ? number : 0, viz_reply_text(end, "id"),
		    viz_reply_text(end, "time"), "");
	must(s, viz_spool_put(s->dir, "cursor", s->cursor), "cursor");
	json_decref(last);
}

static int level_of(const json_t *e)
{
	const char *l = viz_reply_text(e, "level");

	return strcmp(l, "error") == 0     ? VIZ_LOG_ERROR
	       : strcmp(l, "warning") == 0 ? VIZ_LOG_WARNING
	       : strcmp(l, "notice") == 0  ? VIZ_LOG_NOTICE
					   : VIZ_LOG_INFO;
}

static void take(struct sender *s, json_t *event)
{
	json_t *entry;
	char name[96];

	/* after an old backup: what was there before was taken */
	if (viz_reply_text(event, "id")[0] == '\0' || level_of(event) > s->config.webhook_level ||
	    strcmp(viz_reply_text(event, "time"), viz_reply_text(s->cursor, "skip")) <= 0)
		return;
	json_object_del(event, "cursor");
	entry = json_pack("{s:O,s:I,s:i,s:I,s:s}", "event", event, "since_ms", (json_int_t)now_ms(),
			  "attempt", 0, "next_ms", (json_int_t)0, "why", "");
	viz_spool_name(name, "queue", entry);
	must(s, viz_spool_put(s->dir, name, entry), name);
	json_array_append_new(s->queue, entry);
}

/* Takes what the journal has behind the cursor. The event at the cursor is read again: it has
 * another id when the node began again from an old backup. Then all is read, and what is newer than
 * what was taken last is taken. */
static void poll_node(struct sender *s)
{
	int64_t number = viz_reply_number(s->cursor, "number");
	size_t room = VIZ_SPOOL_QUEUE_MAX - json_array_size(s->queue), i = 0, n;
	json_t *result, *list;
	char from[48];

	if (room > PAGE_MAX)
		room = PAGE_MAX;
	snprintf(from, sizeof from, "%lld.0", (long long)(number > 0 ? number - 1 : 0));
	result = ask(s, from, (int)room + 1);
	if (result == NULL)
		return;
	list = json_object_get(result, "events");
	n = json_array_size(list);
	if (number > 0 && strcmp(viz_reply_text(json_array_get(list, 0), "id"),
				 viz_reply_text(s->cursor, "id")) != 0) {
		viz_host_log(
		    VIZ_LOG_WARNING,
		    "webhook: the journal is another than before event %lld: an old backup?"
		    " what is newer than the last event is sent",
		    (long long)number);
		move_cursor(s, 0, "", viz_reply_text(s->cursor, "time"),
			    viz_reply_text(s->cursor, "time"));
		n = 0;
	} else if (number > 0) {
		i = 1;
	}
	for (; i < n && json_array_size(s->queue) < VIZ_SPOOL_QUEUE_MAX; i++) {
		json_t *e = json_array_get(list, i);
		char skip[40];

		snprintf(skip, sizeof skip, "%s", viz_reply_text(s->cursor, "skip"));
		take(s, e);
		move_cursor(s, viz_reply_number(e, "number"), viz_reply_text(e, "id"),
			    viz_reply_text(e, "time"), skip);
	}
	if (viz_reply_number(s->cursor, "number") != number)
		must(s, viz_spool_put(s->dir, "cursor", s->cursor), "cursor");
	json_decref(result);
}

/* The oldest of the dead goes when there are too many. */
static void bound_dead(struct sender *s)
{
	json_t *dead = viz_spool_list(s->dir, "dead"), *count = viz_spool_get(s->dir, "dropped");
	int64_t dropped = viz_reply_number(count, "count");
	size_t over = json_array_size(dead) > VIZ_SPOOL_DEAD_MAX
			  ? json_array_size(dead) - VIZ_SPOOL_DEAD_MAX
			  : 0;

	for (size_t i = 0; i < over; i++) {
		char name[96];

		viz_spool_name(name, "dead", json_array_get(dead, i));
		viz_spool_remove(s->dir, name);
	}
	json_decref(count);
	json_decref(dead);
	if (over == 0)
		return;
	count = json_pack("{s:I}", "count", (json_int_t)(dropped + (int64_t)over));
	must(s, viz_spool_put(s->dir, "dropped", count), "dropped");
	json_decref(count);
	viz_host_log(VIZ_LOG_ERROR, "webhook: more than %d dead events: %zu forgotten",
		     VIZ_SPOOL_DEAD_MAX, over);
}

/* The attempt has failed: when the next one is, or that there is none. True: the entry stays. */
static bool postpone(struct sender *s, json_t *entry, const char *why, int64_t later_s)
{
	int64_t attempt = viz_reply_number(entry, "attempt") + 1, wait;
	char name[96], dead[96];

	viz_spool_name(name, "queue", entry);
	json_object_set_new(entry, "attempt", json_integer((json_int_t)attempt));
	json_object_set_new(entry, "why", json_string(why));
	if (attempt >= (int64_t)ATTEMPTS) {
		viz_spool_name(dead, "dead", entry);
		must(s, viz_spool_put(s->dir, name, entry) && viz_spool_move(s->dir, name, dead),
		     dead);
		viz_host_log(VIZ_LOG_ERROR,
			     "webhook: event %s is given up after %lld attempts (%s): vizinho "
			     "events dead",
			     name + strlen("queue/"), (long long)attempt, why);
		bound_dead(s);
		return false;
	}
	wait = jittered(s, schedule[attempt - 1] * 1000);
	if (later_s > 0 && later_s <= 3600 && wait < later_s * 1000 / s->hurry)
		wait = later_s * 1000 / s->hurry;
	json_object_set_new(entry, "next_ms", json_integer((json_int_t)(now_ms() + wait)));
	must(s, viz_spool_put(s->dir, name, entry), name);
	return true;
}

static void hold(struct sender *s, const char *why)
{
	int64_t wait = s->failed < 6 ? 1000 << s->failed : HOLD_MAX_MS;

	if (s->failed++ == 0)
		viz_host_log(VIZ_LOG_WARNING, "webhook: the receiver does not take events (%s)",
			     why);
	s->hold_ms = now_ms() + jittered(s, wait < HOLD_MAX_MS ? wait : HOLD_MAX_MS);
}

/* One attempt. True: the entry stays in the queue. */
static bool deliver(struct sender *s, json_t *entry)
{
	json_t *event = json_object_get(entry, "event");
	json_t *message = json_pack("{s:O,s:O,s:O}", "type", json_object_get(event, "event"),
				    "timestamp", json_object_get(event, "time"), "data", event);
	char *body = json_dumps(message, JSON_COMPACT), why[128], name[96];
	enum viz_post_result result;
	int64_t later_s = 0;

	VIZ_REQUIRE(body != NULL);
	result = viz_post_send(&s->post, why, &later_s, viz_reply_text(event, "id"),
			       now_ms() / 1000, body);
	free(body);
	json_decref(message);
	if (result == VIZ_POST_TAKEN) {
		if (s->failed > 0)
			viz_host_log(VIZ_LOG_NOTICE, "webhook: the receiver takes events again");
		s->failed = 0;
		viz_spool_name(name, "queue", entry);
		viz_spool_remove(s->dir, name);
		return false;
	}
	hold(s, why);
	if (result == VIZ_POST_GONE) {
		json_t *at = json_pack("{s:I}", "since_ms", (json_int_t)now_ms());

		must(s, viz_spool_put(s->dir, "gone", at), "gone");
		json_decref(at);
		viz_host_log(VIZ_LOG_ERROR,
			     "webhook: the receiver wants no more events (HTTP 410): "
			     "nothing is sent until `vizinho events retry`");
		return true;
	}
	return postpone(s, entry, why, later_s);
}

static void send_due(struct sender *s)
{
	for (size_t i = 0; i < json_array_size(s->queue) && !ended;) {
		json_t *entry = json_array_get(s->queue, i);

		if (s->hold_ms > now_ms() || viz_spool_has(s->dir, "gone"))
			return;
		if (viz_reply_number(entry, "next_ms") > now_ms() || deliver(s, entry))
			i++;
		else
			json_array_remove(s->queue, i);
	}
}

/* `vizinho events retry`: the dead, and what waits, now; and a receiver that was gone is asked. */
static void retry(struct sender *s)
{
	json_t *dead, *entry;
	size_t i;

	if (!viz_spool_has(s->dir, "retry"))
		return;
	dead = viz_spool_list(s->dir, "dead");
	json_array_extend(dead, s->queue);
	json_array_foreach(dead, i, entry)
	{
		char name[96], old[96];

		viz_spool_name(name, "queue", entry);
		viz_spool_name(old, "dead", entry);
		json_object_set_new(entry, "attempt", json_integer(0));
		json_object_set_new(entry, "next_ms", json_integer(0));
		must(s, viz_spool_put(s->dir, name, entry), name);
		viz_spool_remove(s->dir, old);
	}
	json_decref(dead);
	json_decref(s->queue);
	s->queue = viz_spool_list(s->dir, "queue");
	viz_spool_remove(s->dir, "gone");
	viz_spool_remove(s->dir, "retry");
	s->hold_ms = 0;
	viz_host_log(VIZ_LOG_NOTICE, "webhook: %zu events are tried again",
		     json_array_size(s->queue));
}

static void run(struct sender *s)
{
	s->queue = viz_spool_list(s->dir, "queue");
	s->cursor = viz_spool_get(s->dir, "cursor");
	while (!ended) {
		retry(s);
		if (s->cursor == NULL)
			begin(s);
		else if (json_array_size(s->queue) < VIZ_SPOOL_QUEUE_MAX &&
			 !viz_spool_has(s->dir, "gone"))
			poll_node(s);
		send_due(s);
		if (!ended)
			usleep((useconds_t)(POLL_MS * 1000 / (s->hurry < 10 ? s->hurry : 10)));
	}
	json_decref(s->queue);
	json_decref(s->cursor);
}

static bool read_secrets(struct sender *s)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char path[4096], line[256];
	int number = 0;
	bool wrong = false;
	FILE *f;

	if (s->config.webhook_secret[0] != '\0')
		snprintf(path, sizeof path, "%s", s->config.webhook_secret);
	else
		snprintf(path, sizeof path, "%s/webhook-secret",
			 credentials != NULL ? credentials : "/etc/vizinho");
	f = fopen(path, "re");
	if (f == NULL) {
		viz_host_log(VIZ_LOG_ERROR, "%s: cannot open: %s", path,
			     viz_host_speech_errno(errno));
		return false;
	}
	while (fgets(line, sizeof line, f) != NULL && s->post.secret_count < VIZ_POST_SECRETS_MAX) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		if (viz_webhook_secret_read(&s->post.secret[s->post.secret_count], line) !=
		    VIZ_OK) {
			viz_host_log(VIZ_LOG_ERROR,
				     "%s:%d: expected whsec_ and the base64 of 24 to 64 bytes",
				     path, number);
			s->post.secret_count = 0;
			wrong = true;
			break;
		}
		s->post.secret_count++;
	}
	if (s->post.secret_count == 0 && !wrong)
		viz_host_log(VIZ_LOG_ERROR, "%s: expected a line whsec_...", path);
	fclose(f);
	viz_secret_wipe(line, sizeof line);
	return s->post.secret_count > 0;
}

static void say(void *to, bool fault, const char *line)
{
	(void)to;
	if (fault)
		viz_host_log(VIZ_LOG_ERROR, "%s", line);
}

static int usage(FILE *out, int status)
{
	fputs("usage: vizinho-webhook [--config FILE] [--dir DIR] [--socket PATH] [--hurry N]\n\n"
	      "Sends the events of the node to [events] webhook; vizinho-webhook(8).\n\n"
	      "  --config FILE  default " VIZ_CONFIG_FILE "\n"
	      "  --dir DIR      where it keeps what is not delivered, default " VIZ_SPOOL_DIR "\n"
	      "  --socket PATH  of the node's control socket\n"
	      "  --hurry N      divides all waits by N, to try a receiver out\n",
	      out);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"config", 1, NULL, 'c'}, {"dir", 1, NULL, 'd'},
						{"socket", 1, NULL, 's'}, {"hurry", 1, NULL, 'n'},
						{"help", 0, NULL, 'h'},   {0}};
	struct sender s = {.cli = {.quiet = true, .json = true}, .dir = VIZ_SPOOL_DIR, .hurry = 1};
	const struct viz_config_report report = {say, NULL, false};
	struct sigaction action = {.sa_handler = on_end};
	const char *file = VIZ_CONFIG_FILE;

	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (o == 'h' || o == '?')
			return usage(o == 'h' ? stdout : stderr, o == 'h' ? 0 : 2);
		file = o == 'c' ? optarg : file;
		s.dir = o == 'd' ? optarg : s.dir;
		s.cli.socket = o == 's' ? optarg : s.cli.socket;
		s.hurry = o == 'n' ? atoll(optarg) : s.hurry;
	}
	if (optind != argc || s.hurry < 1)
		return usage(stderr, 2);
	umask(007);
	viz_host_log_init(VIZ_LOG_NOTICE);
	if (viz_crypto_init() != VIZ_OK || viz_host_config_read(&s.config, &report, file) != VIZ_OK)
		return 2;
	if (s.config.webhook[0] == '\0') {
		viz_host_log(VIZ_LOG_ERROR, "%s: [events] webhook is missing: expected a URL",
			     file);
		return 2;
	}
	s.post.url = s.config.webhook;
	s.post.ca = s.config.webhook_ca;
	s.post.http_anywhere = s.config.webhook_http_anywhere;
	s.post.limit_ms = s.hurry > 1 ? 2000 : 0;
	if (s.cli.socket == NULL && s.config.socket[0] != '\0')
		s.cli.socket = s.config.socket;
	if (!read_secrets(&s))
		return 2;
	must(&s, viz_spool_open(s.dir), "its directories");
	must(&s, viz_spool_lock(s.dir), "lock (another one runs?)");
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	run(&s);
	viz_secret_wipe(&s.post, sizeof s.post);
	return EXIT_SUCCESS;
}
