/* `vizinho erp ...`: runs vizinho-erp, which stands beside this program or in the path. */
#include <errno.h>
#include <unistd.h>

#include "node/host/lang.h"
#include "node/host/speech.h"
#include "tools/vizinho/print.h"

#define WORDS_MAX 64

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

int viz_cmd_erp(const struct viz_cli *cli, int argc, char **argv)
{
	/* installed, and in the tree of the build */
	static const char *const places[] = {"../sbin/vizinho-erp", "vizinho-erp",
					     "../erp/vizinho-erp"};
	char program[4096] = "vizinho-erp", name[] = "vizinho-erp", lang[16];
	char lang_option[] = "--lang", json_option[] = "--json", socket_option[] = "--socket";
	char *words[WORDS_MAX + 8], *socket = NULL;
	size_t n = 0;

	snprintf(lang, sizeof lang, "%s", viz_host_lang_tag(cli->lang));
	words[n++] = name;
	words[n++] = lang_option;
	words[n++] = lang;
	if (cli->json)
		words[n++] = json_option;
	if (cli->socket != NULL && (socket = strdup(cli->socket)) != NULL) {
		words[n++] = socket_option;
		words[n++] = socket;
	}
	for (int i = 1; i < argc && n < WORDS_MAX; i++)
		words[n++] = argv[i];
	words[n] = NULL;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (beside(program, places[i]))
			break;
	if (access(program, X_OK) == 0)
		execv(program, words);
	else
		execvp(name, words);
	free(socket);
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FAILED, VIZ_MSG_CANNOT, name,
			       viz_host_speech_errno(errno));
}
