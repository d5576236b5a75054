/* `vizinho erp ...`: runs vizinho-erp, which stands beside this program or in the path. */
#include <errno.h>
#include <unistd.h>

#include "node/host/lang.h"
#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/print.h"

#define WORDS_MAX 32

/* Where it is, next to the directory of this program. */
static bool beside(char out[4096], const char *place)
{
	char self[2048];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash;

	if (n <= 0)
		return false;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	snprintf(out, 4096, "%s/%s", self, place);
	return access(out, X_OK) == 0;
}

/* Becomes vizinho-erp. Returns with the error printed when it cannot. */
static int become(const struct viz_cli *cli, const char *const *words)
{
	/* installed, and in the tree of the build */
	static const char *const places[] = {"../sbin/vizinho-erp", "vizinho-erp",
					     "../erp/vizinho-erp"};
	char program[4096], *copies[WORDS_MAX + 1] = {NULL};

	for (size_t i = 0; words[i] != NULL && i < WORDS_MAX; i++) {
		copies[i] = strdup(words[i]);
		VIZ_REQUIRE(copies[i] != NULL);
	}
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (beside(program, places[i]))
			execv(program, copies);
	execvp("vizinho-erp", copies);
	for (size_t i = 0; i < WORDS_MAX; i++)
		free(copies[i]);
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FAILED, VIZ_MSG_CANNOT, "vizinho-erp",
			       viz_host_speech_errno(errno));
}

/* Adds an option with its value. How many words there are. */
static size_t add(const char **out, size_t n, const char *name, const char *value)
{
	if (value == NULL)
		return n;
	out[n] = name;
	out[n + 1] = value;
	return n + 2;
}

/* `asks`: it makes requests, `rounds`: for ever. `word`: how many words stand behind the command.
 */
static int forward(const struct viz_cli *cli, int argc, char **argv, bool asks, bool rounds,
		   size_t word)
{
	const char *config = NULL, *dir = NULL, *out[WORDS_MAX + 1] = {"vizinho-erp"};
	bool once = false, dry = false;
	const struct viz_arg options[] = {{"config", &config, NULL},
					  {"dir", &dir, NULL},
					  {asks ? "dry-run" : NULL, NULL, &dry},
					  {rounds ? "once" : NULL, NULL, &once},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	size_t n = 1;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, word, word))
		return status;
	n = add(out, n, "--lang", viz_host_lang_tag(cli->lang));
	n = add(out, n, "--socket", cli->socket);
	n = add(out, n, "--config", config);
	n = add(out, n, "--dir", dir);
	if (cli->json)
		out[n++] = "--json";
	if (once)
		out[n++] = "--once";
	if (dry)
		out[n++] = "--dry-run";
	out[n++] = "--";
	out[n++] = strchr(cli->command->name, ' ') + 1;
	if (word > 0)
		out[n++] = words.word[0];
	fflush(stdout);
	return become(cli, out);
}

int viz_cmd_erp(const struct viz_cli *cli, int argc, char **argv)
{
	return forward(cli, argc, argv, true, false, 0);
}

int viz_cmd_erp_list(const struct viz_cli *cli, int argc, char **argv)
{
	return forward(cli, argc, argv, false, false, 0);
}

int viz_cmd_erp_run(const struct viz_cli *cli, int argc, char **argv)
{
	return forward(cli, argc, argv, true, true, 0);
}

int viz_cmd_erp_done(const struct viz_cli *cli, int argc, char **argv)
{
	return forward(cli, argc, argv, false, false, 1);
}
