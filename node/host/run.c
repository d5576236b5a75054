#include "node/host/run.h"

#include <getopt.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "node/host/config.h"
#include "node/host/core_thread.h"
#include "node/host/log.h"
#include "node/host/loop.h"
#include "node/host/random.h"

#define EXIT_USAGE 2

struct arguments {
	const char *config;
	const char *state;
	bool check;
};

static const char usage[] =
    "usage: vizinhod [--config FILE] [--state DIR] [--check]\n"
    "\n"
    "  --config FILE  configuration (default " VIZ_CONFIG_FILE ")\n"
    "  --state DIR    state directory (default " VIZ_CONFIG_STATE ")\n"
    "  --check        read the configuration, say whether it is right, and end\n"
    "  --help         this text\n"
    "  --version      the version\n";

/* -1: go on; else the exit status. */
static int parse_arguments(struct arguments *a, int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'}, {"state", required_argument, NULL, 's'},
	    {"check", no_argument, NULL, 'k'},        {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'v'},      {NULL, 0, NULL, 0},
	};
	int c;

	*a = (struct arguments){.config = VIZ_CONFIG_FILE, .state = VIZ_CONFIG_STATE};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			a->config = optarg;
			break;
		case 's':
			a->state = optarg;
			break;
		case 'k':
			a->check = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case 'v':
			puts("vizinhod " VIZ_VERSION);
			return EXIT_SUCCESS;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	return -1;
}

/* No core dumps (they hold keys and personal data), files for nobody else, writes to closed sockets
 * as errors, and as many descriptors as we may have. */
static void harden(const struct viz_host_options *options)
{
	struct rlimit none = {0, 0}, files;

	setrlimit(RLIMIT_CORE, &none);
	if (!options->keep_dumpable)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

/* libuv reads this before the first job of its pool and not again. */
static void size_pool(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	char text[24];

	snprintf(text, sizeof text, "%ld", cores > 0 ? cores : 1);
	setenv("UV_THREADPOOL_SIZE", text, 0);
}

static int open_node(struct viz_node **out, struct viz_store *store, struct viz_vault *vault,
		     const struct viz_config *config, struct viz_time now, const char *state)
{
	const char *readers[VIZ_CONFIG_READERS_MAX];
	struct viz_node_config nc = {.profile = config->profile, .readers = readers};
	int err;

	nc.reader_count = config->reader_count;
	for (size_t i = 0; i < config->reader_count; i++)
		readers[i] = config->readers[i];
	viz_host_random(nc.seed.b, sizeof nc.seed.b);
	err = viz_node_open(out, store, vault, &nc, now);
	viz_secret_wipe(&nc.seed, sizeof nc.seed);
	if (err == VIZ_ERR_ABSENT)
		viz_host_log(VIZ_LOG_ERROR, "no node in %s: vizinho init --offline DIR --state %s",
			     state, state);
	else if (err != VIZ_OK)
		viz_host_log(VIZ_LOG_ERROR, "cannot open the node in %s (%s)", state,
			     viz_err_name(err));
	return err;
}

static int with_vault(struct viz_store *store, const struct viz_config *config,
		      const struct viz_host_options *options, const char *state)
{
	char socket[4096], error[256] = "";
	struct viz_host_setup setup = {.config = config, .limits = &options->limits};
	struct viz_vault *vault;
	size_t wiped = 0;
	int err;

	err = viz_vault_file_open(&vault, error, store, state);
	if (err != VIZ_OK) {
		viz_host_log(VIZ_LOG_ERROR, "%s",
			     error[0] != '\0' ? error : "cannot open the vault");
		return err;
	}
	err = viz_vault_wipe_recover(vault, &wiped);
	if (err != VIZ_OK) {
		viz_host_log(VIZ_LOG_ERROR, "cannot recover the vault (%s)", viz_err_name(err));
		goto done;
	}
	if (wiped > 0)
		viz_host_log(VIZ_LOG_NOTICE, "vault: %zu blocks wiped that the last run left",
			     wiped);
	err =
	    open_node(&setup.node, store, vault, config, viz_host_clock_read(&setup.clock), state);
	if (err != VIZ_OK)
		goto done;
	if (config->socket[0] != '\0')
		snprintf(socket, sizeof socket, "%s", config->socket);
	else
		snprintf(socket, sizeof socket, "%s/control", state);
	setup.socket = socket;
	err = viz_host_loop_run(&setup);
	viz_node_close(setup.node);
done:
	viz_vault_file_close(vault);
	return err;
}

static int serve(const struct viz_config *config, const struct viz_host_options *options,
		 const char *state)
{
	struct viz_store_config sc = {.dir = state, .map_bytes = config->map_mib << 20};
	struct viz_store *store;
	char error[256] = "";
	int err;

	viz_host_log(VIZ_LOG_INFO, "vizinhod %s, state in %s", VIZ_VERSION, state);
	err = viz_store_open(&store, error, &sc);
	if (err != VIZ_OK) {
		viz_host_log(VIZ_LOG_ERROR, "%s",
			     error[0] != '\0' ? error : "cannot open the state directory");
		return EXIT_FAILURE;
	}
	err = with_vault(store, config, options, state);
	viz_store_close(store);
	if (err == VIZ_OK)
		viz_host_log(VIZ_LOG_NOTICE, "stopped");
	return err == VIZ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* The daemon starts although a reader has no account any more. Only --check complains of such a
 * name, which may be mistyped. */
static int check(const struct viz_config *config, const char *name)
{
	for (size_t i = 0; i < config->reader_count; i++) {
		if (getpwnam(config->readers[i]) != NULL)
			continue;
		fprintf(stderr, "%s: [access] readers: there is no user \"%s\" on this machine\n",
			name, config->readers[i]);
		return EXIT_USAGE;
	}
	printf("%s: ok\n", name);
	return EXIT_SUCCESS;
}

int viz_host_run(int argc, char **argv, const struct viz_host_options *options)
{
	char error[VIZ_CONFIG_ERROR_MAX];
	struct viz_config config;
	struct arguments args;
	int status = parse_arguments(&args, argc, argv);

	if (status >= 0)
		return status;
	viz_host_log_init(VIZ_LOG_NOTICE);
	if (viz_host_config_read(&config, error, args.config) != VIZ_OK) {
		fprintf(stderr, "%s%s\n", args.check ? "" : "<3>", error);
		return EXIT_USAGE;
	}
	if (args.check)
		return check(&config, args.config);
	viz_host_log_init(config.log_level);
	harden(options);
	size_pool();
	if (viz_crypto_init() != VIZ_OK) {
		viz_host_log(VIZ_LOG_ERROR, "libsodium cannot start");
		return EXIT_FAILURE;
	}
	return serve(&config, options, args.state);
}
