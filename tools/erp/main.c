/* vizinho-erp: the connector of a node to the ERP of its provider.
 *
 * It is a process of its own, with a user and a unit of its own. It holds no key of the node: it
 * asks the control socket, as a connector. What it knows of customers is in memory alone, while
 * one request to the ERP is made. */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "node/host/log.h"
#include "node/host/speech.h"
#include "tools/erp/command.h"
#include "tools/erp/words.h"

#define FAULTS_MAX 8192 /* bytes of what is wrong with a file, in words */

volatile sig_atomic_t viz_erp_ended;

static void on_end(int number)
{
	(void)number;
	viz_erp_ended = 1;
}

static void wipe_and_free(void *p)
{
	if (p != NULL)
		viz_secret_wipe(p, malloc_usable_size(p));
	free(p);
}

static void harden(void)
{
	struct rlimit none = {0, 0};

	json_set_alloc_funcs(malloc, wipe_and_free);
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	umask(027);
}

void viz_erp_fail(const struct viz_erp_options *options, const char *code, const char *message)
{
	json_t *o;

	if (!options->json) {
		fprintf(stderr, "%s\n", message);
		return;
	}
	o = json_pack("{s:{s:s,s:s}}", "error", "code", code, "message", message);
	VIZ_REQUIRE(o != NULL);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

/* All faults of a file, a line each. */
static void add_line(void *to, const char *line)
{
	char *all = to;
	size_t len = strlen(all);

	snprintf(all + len, FAULTS_MAX - len, "%s%s", len > 0 ? "\n" : "", line);
}

bool viz_erp_begin(struct viz_erp *e, struct viz_erp_config *config,
		   const struct viz_erp_options *options)
{
	char why[FAULTS_MAX] = "";

	*e = (struct viz_erp){.config = config,
			      .carry = viz_erp_http_carry,
			      .dry = options->dry,
			      .hurry = options->hurry,
			      .ended = &viz_erp_ended};
	if (viz_erp_config_read(config, options->config, add_line, why) != VIZ_OK) {
		viz_erp_fail(options, "input", why);
		return false;
	}
	if (viz_erp_token_read(e->token, why, sizeof why, config->token_file))
		return true;
	viz_erp_fail(options, "file", why);
	return false;
}

void viz_erp_state_fail(const struct viz_erp_options *options, int err)
{
	char text[FAULTS_MAX];

	if (err == VIZ_ERR_STATE)
		viz_erp_print_text(text, sizeof text, VIZ_ERP_TEXTS_STATE_HELD, options->dir);
	else if (err == VIZ_ERR_FORM)
		viz_erp_print_text(text, sizeof text, VIZ_ERP_TEXTS_STATE_DAMAGED, options->dir);
	else
		viz_erp_print_text(text, sizeof text, VIZ_ERP_TEXTS_STATE_ERROR, options->dir,
				   viz_host_speech_errno(errno));
	viz_erp_fail(options, "store", text);
}

bool viz_erp_open(struct viz_erp_state *s, const struct viz_erp_options *options)
{
	int err = viz_erp_state_open(s, options->dir, VIZ_ERP_PATIENCE_S);

	if (err != VIZ_OK)
		viz_erp_state_fail(options, err);
	return err == VIZ_OK;
}

static int usage(FILE *out, int status)
{
	viz_erp_print(out, VIZ_ERP_TEXTS_USAGE, VIZ_ERP_CONFIG_FILE, VIZ_ERP_CONFIG_DIR);
	return status;
}

static const struct {
	const char *name;
	int (*run)(const struct viz_erp_options *options, const char *word);
	bool word; /* one stands behind it */
} commands[] = {
    {"check", viz_erp_cmd_check, false}, {"reasons", viz_erp_cmd_reasons, false},
    {"list", viz_erp_cmd_list, false},   {"done", viz_erp_cmd_done, true},
    {"run", viz_erp_cmd_run, false},
};

static int dispatch(const struct viz_erp_options *options, int argc, char **argv)
{
	for (size_t i = 0; argc > 0 && i < sizeof commands / sizeof *commands; i++) {
		if (strcmp(commands[i].name, argv[0]) != 0)
			continue;
		if (argc != 1 + commands[i].word)
			return usage(stderr, VIZ_ERP_EXIT_USAGE);
		return commands[i].run(options, commands[i].word ? argv[1] : NULL);
	}
	if (argc > 0)
		viz_erp_print(stderr, VIZ_ERP_TEXTS_BAD_COMMAND, argv[0]);
	return usage(stderr, VIZ_ERP_EXIT_USAGE);
}

/* Reads the options. False: the command ends with *status. */
static bool read_options(struct viz_erp_options *o, int *status, int argc, char **argv)
{
	static const struct option known[] = {{"config", 1, NULL, 'c'},
					      {"dir", 1, NULL, 'd'},
					      {"socket", 1, NULL, 's'},
					      {"lang", 1, NULL, 'l'},
					      {"json", 0, NULL, 'j'},
					      {"dry-run", 0, NULL, 'y'},
					      {"once", 0, NULL, 'o'},
					      {"hurry", 1, NULL, 'n'},
					      {"help", 0, NULL, 'h'},
					      {"version", 0, NULL, 'v'},
					      {0}};
	enum viz_lang lang = viz_host_lang_locale();

	for (int c; (c = getopt_long(argc, argv, "h", known, NULL)) != -1;) {
		if (c == 'v') {
			puts("vizinho-erp " VIZ_VERSION);
			*status = VIZ_ERP_EXIT_OK;
			return false;
		}
		if (c == 'l' && !viz_host_lang_parse(&lang, optarg))
			c = '?';
		viz_host_speech_init(lang);
		if (c == 'h' || c == '?') {
			*status = usage(c == 'h' ? stdout : stderr,
					c == 'h' ? VIZ_ERP_EXIT_OK : VIZ_ERP_EXIT_USAGE);
			return false;
		}
		o->config = c == 'c' ? optarg : o->config;
		o->dir = c == 'd' ? optarg : o->dir;
		o->socket = c == 's' ? optarg : o->socket;
		o->hurry = c == 'n' ? atoll(optarg) : o->hurry;
		o->json = o->json || c == 'j';
		o->dry = o->dry || c == 'y';
		o->once = o->once || c == 'o' || c == 'y';
	}
	viz_host_speech_init(lang);
	if (o->hurry >= 1 && o->hurry <= 100000)
		return true;
	*status = usage(stderr, VIZ_ERP_EXIT_USAGE);
	return false;
}

int main(int argc, char **argv)
{
	struct viz_erp_options options = {
	    .config = VIZ_ERP_CONFIG_FILE, .dir = VIZ_ERP_CONFIG_DIR, .hurry = 1};
	struct sigaction action = {.sa_handler = on_end};
	int status;

	harden();
	if (!read_options(&options, &status, argc, argv))
		return status;
	viz_host_log_init(VIZ_LOG_INFO);
	if (viz_crypto_init() != VIZ_OK)
		return VIZ_ERP_EXIT_FAILED;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	status = dispatch(&options, argc - optind, argv + optind);
	if (fflush(stdout) != 0 && status == VIZ_ERP_EXIT_OK)
		status = VIZ_ERP_EXIT_FAILED;
	return status;
}
