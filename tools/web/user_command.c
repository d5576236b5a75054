#include "tools/web/user_command.h"

#include <termios.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/host/speech.h"
#include "tools/web/service.h"
#include "tools/web/user.h"

static const char *text(enum viz_web_text id)
{
	return viz_web_text(viz_host_speech_lang(), id);
}

/* One line of a text on standard error or output, with {{name}} and {{value}}. */
static void say(FILE *out, enum viz_web_text id, const char *name, const char *value)
{
	char line[512];

	viz_web_text_fill(line, sizeof line, viz_host_speech_lang(), id, "name", name, "value",
			  value, NULL);
	fprintf(out, "%s\n", line);
}

static int wrong(enum viz_web_text id, const char *name)
{
	say(stderr, id, name, "");
	return EXIT_FAILURE;
}

/* One line without its end. No buffer of the C library keeps it. False: too long, or the end. */
static bool read_secret(char *out, size_t max)
{
	size_t n = 0;
	char c;

	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
		if (n + 1 == max)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n > 0;
}

/* Asks for a password without showing it. */
static bool ask_secret(char *out, size_t max, enum viz_web_text question)
{
	struct termios shown, hidden;
	bool terminal = tcgetattr(STDIN_FILENO, &shown) == 0, got;

	if (terminal) {
		hidden = shown;
		hidden.c_lflag &= (tcflag_t)~ECHO;
		fprintf(stderr, "%s ", text(question));
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	got = read_secret(out, max);
	if (terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	return got;
}

/* A password of the person's own. False, printed: it is no good. */
static bool choose(struct viz_web_hash *out, const char *name)
{
	char password[VIZ_WEB_PASSWORD_MAX + 2] = "", again[sizeof password] = "";
	enum viz_web_text why = VIZ_WEB_TEXT_PASSWORD_SHORT;
	bool good = ask_secret(password, sizeof password, VIZ_WEB_TEXT_ASK_PASSWORD) &&
		    viz_web_user_judge(&why, password, name) == VIZ_OK;

	if (good && isatty(STDIN_FILENO) == 1) {
		why = VIZ_WEB_TEXT_PASSWORD_DIFFERS;
		good = ask_secret(again, sizeof again, VIZ_WEB_TEXT_ASK_AGAIN) &&
		       strcmp(password, again) == 0;
	}
	if (!good)
		wrong(why, name);
	good = good && viz_web_user_hash(out, password) == VIZ_OK;
	viz_secret_wipe(password, sizeof password);
	viz_secret_wipe(again, sizeof again);
	return good;
}

/* Makes a one-time password, or asks for one. */
static bool make(struct viz_web_hash *hash, char one_time[VIZ_WEB_ONE_TIME_MAX], const char *name,
		 bool asked)
{
	one_time[0] = '\0';
	if (asked)
		return choose(hash, name);
	viz_web_user_one_time(one_time);
	return viz_web_user_hash(hash, one_time) == VIZ_OK;
}

static int settle(struct viz_web_accounts *a, int err, const char *name, const char *one_time)
{
	if (err != VIZ_OK) {
		viz_web_accounts_abort(a);
		return wrong(err == VIZ_ERR_EXISTS   ? VIZ_WEB_TEXT_USER_EXISTS
			     : err == VIZ_ERR_ABSENT ? VIZ_WEB_TEXT_USER_GONE
			     : err == VIZ_ERR_STATE  ? VIZ_WEB_TEXT_USER_LAST_ADMIN
						     : VIZ_WEB_TEXT_USER_TOO_MANY,
			     name);
	}
	if (viz_web_accounts_commit(a) != VIZ_OK)
		return EXIT_FAILURE;
	if (one_time[0] != '\0')
		say(stdout, VIZ_WEB_TEXT_ONE_TIME, name, one_time);
	return EXIT_SUCCESS;
}

static int add(struct viz_web_accounts *a, const char *name, const char *role, bool asked)
{
	char one_time[VIZ_WEB_ONE_TIME_MAX];
	struct viz_web_hash hash;
	int status;

	if (!viz_web_accounts_is_name(name))
		return wrong(VIZ_WEB_TEXT_USER_NAME_WRONG, name);
	if (viz_web_accounts_role(role) == 0)
		return wrong(VIZ_WEB_TEXT_USER_ROLE_WRONG, role);
	if (!make(&hash, one_time, name, asked) || viz_web_accounts_begin(a) != VIZ_OK)
		return EXIT_FAILURE;
	status = settle(a, viz_web_user_add(a, name, role, &hash, !asked, viz_web_session_now_ms()),
			name, one_time);
	viz_secret_wipe(one_time, sizeof one_time);
	return status;
}

static int reset(struct viz_web_accounts *a, const char *name, bool asked)
{
	char one_time[VIZ_WEB_ONE_TIME_MAX];
	struct viz_web_hash hash;
	int status;

	if (!make(&hash, one_time, name, asked) || viz_web_accounts_begin(a) != VIZ_OK)
		return EXIT_FAILURE;
	viz_web_user_forget_totp(a, name);
	status =
	    settle(a, viz_web_user_password(a, name, &hash, !asked, viz_web_session_now_ms(), NULL),
		   name, one_time);
	viz_secret_wipe(one_time, sizeof one_time);
	return status;
}

static int remove_user(struct viz_web_accounts *a, const char *name)
{
	if (viz_web_accounts_begin(a) != VIZ_OK)
		return EXIT_FAILURE;
	return settle(a, viz_web_user_remove(a, name), name, "");
}

static int list(struct viz_web_accounts *a)
{
	const json_t *user;
	size_t i;

	json_array_foreach(viz_web_accounts_users(a), i, user) printf(
	    "%-7s %s%s%s\n", json_string_value(json_object_get(user, "role")),
	    json_string_value(json_object_get(user, "name")),
	    json_is_true(json_object_get(user, "temporary")) ? "  " : "",
	    json_is_true(json_object_get(user, "temporary")) ? text(VIZ_WEB_TEXT_USER_TEMPORARY)
							     : "");
	return EXIT_SUCCESS;
}

int viz_web_user_command(struct viz_web_accounts *a, int argc, char **argv, bool asked)
{
	if (argc < 2 || strcmp(argv[0], "user") != 0)
		return VIZ_WEB_USAGE;
	if (argc == 4 && strcmp(argv[1], "add") == 0)
		return add(a, argv[2], argv[3], asked);
	if (argc == 3 && strcmp(argv[1], "reset") == 0)
		return reset(a, argv[2], asked);
	if (argc == 3 && !asked && strcmp(argv[1], "remove") == 0)
		return remove_user(a, argv[2]);
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list(a);
	return VIZ_WEB_USAGE;
}
