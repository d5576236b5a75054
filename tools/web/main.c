/* vizinho-web: the pages of the customer, the desk, the board, and the API.
 *
 * It is a process of its own with a user of its own. It holds no key of the node, and asks the
 * control socket with a role for each request: what a role may do is decided there. */
#include <getopt.h>
#include <jansson.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "node/host/confine.h"
#include "node/host/log.h"
#include "node/host/notify.h"
#include "node/host/speech.h"
#include "tools/web/server.h"
#include "tools/web/text.h"
#include "tools/web/token_command.h"
#include "tools/web/user_command.h"

#define FILES_MAX 4096

struct process {
	uv_loop_t loop;
	uv_signal_t end[2];
	struct viz_web_server *server;
};

static void wipe_and_free(void *p)
{
	if (p != NULL)
		viz_secret_wipe(p, malloc_usable_size(p));
	free(p);
}

/* Personal data goes through this memory: no core dump, and nobody may read it. Descriptors for all
 * the connections that there may be, as many as we are allowed. */
static void harden(void)
{
	struct rlimit none = {0, 0}, files;

	json_set_alloc_funcs(malloc, wipe_and_free);
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit is an error of the write */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max < FILES_MAX ? files.rlim_max : FILES_MAX;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

static void on_end(uv_signal_t *handle, int number)
{
	struct process *p = handle->data;

	(void)number;
	viz_web_server_stop(p->server);
	for (size_t i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&p->end[i], NULL);
}

static int serve(const struct viz_web_config *config, struct viz_web_accounts *accounts)
{
	static const int signals[] = {SIGTERM, SIGINT};
	struct process p = {0};
	struct viz_notify notify;

	VIZ_REQUIRE(uv_loop_init(&p.loop) == 0);
	if (viz_web_server_new(&p.server, &p.loop, config, accounts) != VIZ_OK) {
		uv_loop_close(&p.loop);
		return 2;
	}
	for (size_t i = 0; i < 2; i++) {
		uv_signal_init(&p.loop, &p.end[i]);
		p.end[i].data = &p;
		uv_signal_start(&p.end[i], on_end, signals[i]);
	}
	if (viz_host_notify_open(&notify) == VIZ_OK) {
		viz_host_notify_send(&notify, "READY=1");
		viz_host_notify_close(&notify);
	}
	uv_run(&p.loop, UV_RUN_DEFAULT);
	viz_web_server_free(p.server);
	uv_loop_close(&p.loop);
	return EXIT_SUCCESS;
}

static int usage(FILE *out, int status)
{
	fputs(viz_web_text(viz_host_speech_lang(), VIZ_WEB_TEXT_USAGE), out);
	fputc('\n', out);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"config", required_argument, NULL, 'c'},
						{"check", no_argument, NULL, 'k'},
						{"ask", no_argument, NULL, 'a'},
						{"help", no_argument, NULL, 'h'},
						{"version", no_argument, NULL, 'v'},
						{"days", required_argument, NULL, 'd'},
						{0}};
	const char *file = VIZ_WEB_CONFIG_FILE, *days = NULL;
	struct viz_web_accounts *accounts = NULL;
	struct viz_web_config config;
	bool check = false, asked = false;
	int status;

	viz_host_speech_init(viz_host_lang_locale());
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (o == 'h' || o == '?')
			return usage(o == 'h' ? stdout : stderr, o == 'h' ? 0 : 2);
		if (o == 'v') {
			puts("vizinho-web " VIZ_VERSION);
			return EXIT_SUCCESS;
		}
		file = o == 'c' ? optarg : file;
		check = check || o == 'k';
		asked = asked || o == 'a';
		days = o == 'd' ? optarg : days;
	}
	harden();
	viz_host_log_init(VIZ_LOG_INFO);
	if (viz_crypto_init() != VIZ_OK || viz_web_config_read(&config, file) != VIZ_OK)
		return 2;
	if (check && optind == argc)
		return EXIT_SUCCESS;
	/* The accounts stay files of the user whom the unit runs it as. */
	if (viz_host_confine_user(config.state, "") != VIZ_OK ||
	    viz_web_accounts_open(&accounts, config.state) != VIZ_OK)
		return 2;
	argc -= optind;
	argv += optind;
	if (argc == 0)
		status = serve(&config, accounts);
	else if (strcmp(argv[0], "token") == 0)
		status = viz_web_token_command(accounts, argc, argv, days);
	else
		status = viz_web_user_command(accounts, argc, argv, asked);
	viz_web_accounts_free(accounts);
	return status == VIZ_WEB_USAGE ? usage(stderr, 2) : status;
}
