#include "node/host/run.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "node/host/config_machine.h"
#include "node/host/confine.h"
#include "node/host/core_thread.h"
#include "node/host/log.h"
#include "node/host/loop.h"
#include "node/host/machine.h"
#include "node/host/meter.h"
#include "node/host/random.h"
#include "node/host/speech.h"
#include "node/host/spelling.h"
#include "node/host/store_check.h"

#define EXIT_USAGE  2
#define DISK_WAIT_S 30 /* between two looks at a disk that does not work, at most */

struct arguments {
	const char *config;
	const char *state;
	bool state_given;
	bool check;
	bool without_vault;
};

static void usage(FILE *out)
{
	char text[1024];

	viz_host_speech_print(text, sizeof text, VIZ_HOST_TEXTS_USAGE, VIZ_CONFIG_FILE,
			      VIZ_CONFIG_STATE);
	fprintf(out, "%s\n", text);
}

/* The text takes one argument, a text. */
#define wrong_usage(id, word) (VIZ_TEXT_CHECK(id, word), (wrong_usage)(id, word))
static int(wrong_usage)(enum viz_host_texts id, const char *word)
{
	char text[512];

	(viz_host_speech_print)(text, sizeof text, id, word);
	fprintf(stderr, "%s\n", text);
	usage(stderr);
	return EXIT_USAGE;
}

static int unknown_option(const struct option *options, const char *word)
{
	struct viz_host_spelling s = viz_host_spelling_of(word + strspn(word, "-"));
	char text[512];

	for (; options->name != NULL; options++)
		viz_host_spelling_known(&s, options->name);
	if (s.nearest == NULL)
		return wrong_usage(VIZ_HOST_TEXTS_BAD_WORD, word);
	viz_host_speech_print(text, sizeof text, VIZ_HOST_TEXTS_BAD_WORD_NEAR, word, s.nearest);
	fprintf(stderr, "%s\n", text);
	usage(stderr);
	return EXIT_USAGE;
}

/* -1: go on; else the exit status. */
static int parse_arguments(struct arguments *a, int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"state", required_argument, NULL, 's'},
	    {"check", no_argument, NULL, 'k'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'v'},
	    {"without-vault", no_argument, NULL, 'w'},
	    {NULL, 0, NULL, 0},
	};
	int c, at = optind;

	*a = (struct arguments){.config = VIZ_CONFIG_FILE, .state = VIZ_CONFIG_STATE};
	for (; (c = getopt_long(argc, argv, "+:", options, NULL)) != -1; at = optind) {
		switch (c) {
		case 'c':
			a->config = optarg;
			break;
		case 's':
			a->state = optarg;
			a->state_given = true;
			break;
		case 'k':
			a->check = true;
			break;
		case 'w':
			a->without_vault = true;
			break;
		case 'h':
			usage(stdout);
			return EXIT_SUCCESS;
		case 'v':
			puts("vizinhod " VIZ_VERSION);
			return EXIT_SUCCESS;
		case ':':
			return wrong_usage(VIZ_HOST_TEXTS_NEED_VALUE, argv[at]);
		default:
			return unknown_option(options, argv[at]);
		}
	}
	if (optind < argc)
		return wrong_usage(VIZ_HOST_TEXTS_BAD_WORD, argv[optind]);
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
	signal(SIGXFSZ, SIG_IGN); /* a limit is an error of the write */
	signal(SIGHUP, SIG_IGN);  /* until the loop takes it: a reload must not end a start */
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

/* A line about why we do not start. */
#define log_error(...)                                                                             \
	do {                                                                                       \
		char error_text[VIZ_LOG_LINE_MAX];                                                 \
                                                                                                   \
		viz_host_speech_print(error_text, sizeof error_text, __VA_ARGS__);                 \
		viz_host_log(VIZ_LOG_ERROR, "%s", error_text);                                     \
	} while (0)

static void log_fault(const struct viz_store_fault *fault)
{
	char text[VIZ_LOG_LINE_MAX];

	viz_host_speech_store(text, sizeof text, viz_host_speech_lang(), fault);
	viz_host_log(VIZ_LOG_ERROR, "%s", text);
}

static int open_node(struct viz_node **out, struct viz_store *store, struct viz_vault *vault,
		     const struct viz_config *config, const struct viz_confinement *confinement,
		     const struct viz_machine *machine, struct viz_time now, const char *state)
{
	const char *readers[VIZ_CONFIG_READERS_MAX];
	struct viz_node_config nc = {.profile = config->profile,
				     .readers = readers,
				     .web = config->web,
				     .erp = config->erp,
				     .hook = config->hook[0] != '\0',
				     .confinement = *confinement,
				     .machine = *machine};
	int err;

	nc.reader_count = config->reader_count;
	for (size_t i = 0; i < config->reader_count; i++)
		readers[i] = config->readers[i];
	viz_host_random(nc.seed.b, sizeof nc.seed.b);
	err = viz_node_open(out, store, vault, &nc, now);
	viz_secret_wipe(&nc.seed, sizeof nc.seed);
	if (err == VIZ_ERR_ABSENT)
		log_error(VIZ_HOST_TEXTS_NO_NODE, state, state);
	else if (err == VIZ_ERR_EXISTS)
		log_error(VIZ_HOST_TEXTS_NODE_MOVED, state);
	else if (err != VIZ_OK)
		log_error(VIZ_HOST_TEXTS_NODE_FAILS, state, viz_err_name(err));
	return err;
}

static int with_vault(struct viz_store *store, const struct viz_config *config,
		      const struct viz_host_options *options, const struct arguments *args,
		      const struct viz_hook_runner *runner, struct viz_notify *notify)
{
	const char *state = args->state;
	char socket[4096];
	struct viz_store_fault fault;
	struct viz_host_setup setup = {.config = config,
				       .file = args->config,
				       .limits = &options->limits,
				       .runner = runner,
				       .notify = notify};
	struct viz_confine_paths paths = {.state = state, .socket = socket, .config = args->config};
	struct viz_confinement confinement;
	struct viz_machine machine;
	struct viz_meter meter;
	struct viz_vault *vault;
	size_t wiped = 0;
	int err = VIZ_OK;

	viz_host_notify_send(notify, "STATUS=checking the vault");
	if (args->without_vault)
		err = viz_vault_file_give_up(&fault, state);
	if (err == VIZ_OK)
		err = viz_vault_file_open(&vault, &fault, store, state);
	if (err != VIZ_OK) {
		log_fault(&fault);
		return err;
	}
	err = viz_vault_wipe_recover(vault, &wiped);
	if (err != VIZ_OK) {
		log_error(VIZ_HOST_TEXTS_VAULT_FAILS, viz_err_name(err));
		goto done;
	}
	if (wiped > 0)
		viz_host_log(VIZ_LOG_NOTICE, "vault: %zu blocks wiped that the last run left",
			     wiped);
	if (config->socket[0] != '\0')
		snprintf(socket, sizeof socket, "%s", config->socket);
	else
		snprintf(socket, sizeof socket, "%s/control", state);
	setup.socket = socket;
	viz_host_machine_read(&machine, state);
	viz_host_meter_open(&meter);
	setup.meter = &meter;
	viz_host_confine(&confinement, &paths, options->strict);
	viz_host_notify_send(notify, "STATUS=reading the store");
	err = open_node(&setup.node, store, vault, config, &confinement, &machine,
			viz_host_clock_read(&setup.clock), state);
	if (err != VIZ_OK)
		goto done;
	err = viz_host_loop_run(&setup);
	viz_node_close(setup.node);
done:
	viz_vault_file_close(vault);
	return err;
}

/* Not the store: the disk, or a file system that went read-only. (A full one is no reason not to
 * start.) */
static bool of_disk(const struct viz_store_fault *fault)
{
	static const int errors[] = {EIO, EROFS};

	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (fault->reason == VIZ_STORE_SYSTEM && fault->error == errors[i])
			return true;
	return false;
}

/* Whether the node has left this machine. */
static bool has_left(const char *state)
{
	char path[4200];

	return snprintf(path, sizeof path, "%s/%s", state, VIZ_STORE_MOVED) < (int)sizeof path &&
	       access(path, F_OK) == 0;
}

/* Opens the store on a disk that works. After an error of the disk the process has ended, and what
 * is on it is read again only when it takes writes: so long this one waits, and says so, because a
 * service manager would give up after some starts. */
static int open_store(struct viz_store **store, const struct viz_store_config *sc,
		      struct viz_notify *notify)
{
	struct viz_store_fault fault;

	for (unsigned wait_s = 1;; wait_s = wait_s < DISK_WAIT_S ? wait_s * 2 : DISK_WAIT_S) {
		int err;

		viz_host_notify_send(notify, "STATUS=checking the store");
		err = viz_host_store_check(&fault, sc);
		if (err == VIZ_OK) {
			viz_host_notify_send(notify, "STATUS=opening the store");
			err = viz_store_open(store, &fault, sc);
		}
		if (err == VIZ_OK) {
			err = viz_store_disk_works(*store, &fault);
			if (err == VIZ_OK)
				return err;
			viz_store_close(*store);
		}
		log_fault(&fault);
		if (!of_disk(&fault))
			return err;
		viz_host_log(VIZ_LOG_CRITICAL,
			     "the disk does not work: the node waits for it, and tries again");
		viz_host_notify_send(notify, "STATUS=the disk does not work: waiting for it\n"
					     "EXTEND_TIMEOUT_USEC=120000000");
		sleep(wait_s);
	}
}

static int serve(const struct viz_config *config, const struct viz_host_options *options,
		 const struct arguments *args)
{
	const char *state = args->state;
	struct viz_store_config sc = {.dir = state, .map_bytes = config->map_mib << 20};
	struct viz_hook_runner runner;
	struct viz_notify notify;
	struct viz_store *store;
	int err;

	viz_host_log(VIZ_LOG_INFO, "vizinhod %s, state in %s", VIZ_VERSION, state);
	if (viz_host_confine_user(state, config->group) != VIZ_OK) {
		log_error(VIZ_HOST_TEXTS_NO_OWNER, state, viz_host_speech_errno(errno));
		return EXIT_FAILURE;
	}
	if (viz_host_hook_runner_start(&runner, config, args->config) != VIZ_OK) {
		log_error(VIZ_HOST_TEXTS_NO_PROCESS, viz_host_speech_errno(errno));
		return EXIT_FAILURE;
	}
	if (viz_host_notify_open(&notify) != VIZ_OK)
		viz_host_log(VIZ_LOG_WARNING, "NOTIFY_SOCKET names no socket: the service manager "
					      "gets no messages");
	if (has_left(state)) {
		log_error(VIZ_HOST_TEXTS_NODE_MOVED, state);
		return EXIT_FAILURE;
	}
	err = open_store(&store, &sc, &notify);
	if (err != VIZ_OK)
		return EXIT_FAILURE;
	err = with_vault(store, config, options, args, &runner, &notify);
	viz_store_close(store);
	viz_host_notify_close(&notify);
	if (err == VIZ_OK)
		viz_host_log(VIZ_LOG_NOTICE, "stopped");
	return err == VIZ_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* To a person, or to the journal with its priority. */
static void say_line(void *to, bool fault, const char *line)
{
	const bool *person = to;

	fprintf(fault ? stderr : stdout, "%s%s\n", *person ? "" : "<3>", line);
}

static int check(const struct arguments *args)
{
	bool person = true;
	const struct viz_config_report report = {say_line, &person, true};
	char text[VIZ_CONFIG_ERROR_MAX];
	struct viz_config config;
	int status = EXIT_SUCCESS;

	if (viz_host_config_read(&config, &report, args->config) != VIZ_OK)
		status = EXIT_USAGE;
	if (args->state_given && !viz_host_config_machine_state(text, sizeof text, args->state)) {
		fprintf(stderr, "%s\n", text);
		status = EXIT_USAGE;
	}
	if (status != EXIT_SUCCESS)
		return status;
	viz_host_speech_print(text, sizeof text, VIZ_HOST_TEXTS_RIGHT, args->config);
	puts(text);
	return EXIT_SUCCESS;
}

int viz_host_run(int argc, char **argv, const struct viz_host_options *options)
{
	bool person;
	const struct viz_config_report report = {say_line, &person, false};
	struct viz_config config;
	struct arguments args;
	int status;

	viz_host_speech_init(viz_host_lang_locale());
	status = parse_arguments(&args, argc, argv);
	if (status >= 0)
		return status;
	/* From here on a line goes to a person or to the journal, which is English. */
	person = args.check || isatty(STDERR_FILENO) == 1;
	if (!person)
		viz_host_speech_init(VIZ_LANG_EN);
	viz_host_log_init(VIZ_LOG_NOTICE);
	if (args.check)
		return check(&args);
	if (viz_host_config_read(&config, &report, args.config) != VIZ_OK)
		return EXIT_USAGE;
	viz_host_log_init(config.log_level);
	harden(options);
	size_pool();
	if (viz_crypto_init() != VIZ_OK) {
		log_error(VIZ_HOST_TEXTS_NO_CRYPTO);
		return EXIT_FAILURE;
	}
	return serve(&config, options, &args);
}
