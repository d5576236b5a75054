#include "tools/web/token_command.h"

#include <time.h>

#include "crypto/secret.h"
#include "node/host/speech.h"
#include "tools/web/session.h"
#include "tools/web/token.h"
#include "tools/web/user_command.h"

static int wrong(enum viz_web_text id)
{
	fprintf(stderr, "%s\n", viz_web_text(viz_host_speech_lang(), id));
	return EXIT_FAILURE;
}

static int add(struct viz_web_accounts *a, const char *name, const char *role, int scope_count,
	       char **scope, const char *days)
{
	char token[VIZ_WEB_TOKEN_SIZE] = "", id[17];
	json_t *scopes = json_array();
	int err = viz_web_accounts_begin(a);

	for (int i = 0; i < scope_count; i++)
		json_array_append_new(scopes, json_string(scope[i]));
	if (err != VIZ_OK) {
		json_decref(scopes);
		return EXIT_FAILURE;
	}
	err = viz_web_token_add(token, id, a, name, role, scopes, "",
				days != NULL ? atoll(days) : VIZ_WEB_TOKEN_DAYS,
				viz_web_session_now_ms());
	json_decref(scopes);
	if (err != VIZ_OK) {
		viz_web_accounts_abort(a);
		return wrong(err == VIZ_ERR_INPUT    ? VIZ_WEB_TEXT_TOKEN_WRONG
			     : err == VIZ_ERR_EXISTS ? VIZ_WEB_TEXT_TOKEN_EXISTS
						     : VIZ_WEB_TEXT_TOKEN_TOO_MANY);
	}
	if (viz_web_accounts_commit(a) != VIZ_OK)
		return EXIT_FAILURE;
	printf("%s\n", token);
	viz_secret_wipe(token, sizeof token);
	return EXIT_SUCCESS;
}

/* The day on which a token ends, in UTC; "-": never. */
static void print_day(const json_t *until_ms)
{
	time_t at = (time_t)(json_integer_value(until_ms) / 1000);
	struct tm utc;
	char day[16] = "-";

	if (until_ms != NULL && gmtime_r(&at, &utc) != NULL)
		strftime(day, sizeof day, "%Y-%m-%d", &utc);
	printf("  %s", day);
}

static int list(struct viz_web_accounts *a)
{
	const json_t *token, *scope;
	const char *used;
	size_t i, k;

	json_array_foreach(viz_web_accounts_tokens(a), i, token)
	{
		printf("%s  %-7s %s ", json_string_value(json_object_get(token, "id")),
		       json_string_value(json_object_get(token, "role")),
		       json_string_value(json_object_get(token, "name")));
		json_array_foreach(json_object_get(token, "scopes"), k, scope)
		    printf(" %s", json_string_value(scope));
		used = json_string_value(json_object_get(token, "used"));
		print_day(json_object_get(token, "until_ms"));
		printf("  %s", used != NULL ? used : "-");
		putchar('\n');
	}
	return EXIT_SUCCESS;
}

static int remove_token(struct viz_web_accounts *a, const char *id)
{
	if (viz_web_accounts_begin(a) != VIZ_OK)
		return EXIT_FAILURE;
	if (viz_web_token_remove(a, id) != VIZ_OK) {
		viz_web_accounts_abort(a);
		return wrong(VIZ_WEB_TEXT_TOKEN_GONE);
	}
	return viz_web_accounts_commit(a) == VIZ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int viz_web_token_command(struct viz_web_accounts *a, int argc, char **argv, const char *days)
{
	if (argc >= 5 && strcmp(argv[1], "add") == 0)
		return add(a, argv[2], argv[3], argc - 4, argv + 4, days);
	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list(a);
	if (argc == 3 && strcmp(argv[1], "remove") == 0)
		return remove_token(a, argv[2]);
	return VIZ_WEB_USAGE;
}
