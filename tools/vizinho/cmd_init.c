/* `vizinho init`: the one command that needs no daemon. It refuses to run beside one. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/id.h"
#include "crypto/secret.h"
#include "node/host/config_value.h"
#include "node/host/core_thread.h"
#include "node/host/random.h"
#include "node/init.h"
#include "node/node.h"
#include "node/restore.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/backend.h"
#include "store/store.h"
#include "store/vault.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/offline.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/init_config.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/recovery.h"
#include "tools/vizinho/service.h"
#include "tools/vizinho/times.h"

struct plan {
	const struct viz_cli *cli;
	const char *state, *config, *offline;
	struct viz_federation federation;
	const char *values[10];    /* of [node], in the order of node_keys */
	struct viz_config checked; /* the same, parsed */
	int key_fd, revocation_fd;
	bool made_state, made_offline, had_store; /* what a failure must remove again */
	bool start;                               /* the service, too */
	enum viz_init_config config_done;
	char id[VIZ_TEXT_ID_MAX];
	struct viz_secret recovery;
};

static const char *const node_keys[] = {"name",  "cnpj",    "asn",        "address",  "whatsapp",
					"hours", "privacy", "withdrawal", "language", NULL};
enum { NODE_NAME = 0, NODE_ADDRESS = 3 }; /* where they stand there */

static int cannot(const struct plan *p, const char *path)
{
	return viz_print_error(p->cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT, path,
			       viz_host_speech_errno(errno));
}

static int bad(const struct plan *p, const char *option, const char *value, const char *expected)
{
	return viz_print_error(p->cli, VIZ_EXIT_USAGE, VIZ_CODE_USAGE, VIZ_MSG_BAD_OPTION, option,
			       value, expected);
}

static int set_value(struct plan *p, int which, const char *value)
{
	const struct viz_config_key *key =
	    viz_host_config_value_key(NULL, "node", node_keys[which]);
	enum viz_host_texts expected = key->set(&p->checked, value);
	char option[32];

	snprintf(option, sizeof option, "--%s", node_keys[which]);
	if (expected != VIZ_CONFIG_RIGHT)
		return bad(p, option, value, viz_host_speech_text(expected));
	if (strpbrk(value, "\n;") != NULL)
		return bad(p, option, value, viz_msg(p->cli->lang, VIZ_MSG_WANT_LINE));
	return VIZ_EXIT_OK;
}

#define SETS_MAX 64

/* Takes --set NAME=MS out of the words. It may come several times. */
static size_t take_sets(const char *sets[SETS_MAX], int *argc, char **argv)
{
	size_t count = 0;
	int n = 1;

	for (int i = 1; i < *argc; i++) {
		if (count < SETS_MAX && strcmp(argv[i], "--set") == 0 && i + 1 < *argc)
			sets[count++] = argv[++i];
		else if (count < SETS_MAX && strncmp(argv[i], "--set=", 6) == 0)
			sets[count++] = argv[i] + 6;
		else
			argv[n++] = argv[i];
	}
	*argc = n;
	return count;
}

static int parse(struct plan *p, int argc, char **argv)
{
	const char *sets[SETS_MAX], *federation = NULL, *no_set = NULL;
	const struct viz_arg options[] = {
	    {node_keys[0], &p->values[0], NULL}, {node_keys[1], &p->values[1], NULL},
	    {node_keys[2], &p->values[2], NULL}, {node_keys[3], &p->values[3], NULL},
	    {node_keys[4], &p->values[4], NULL}, {node_keys[5], &p->values[5], NULL},
	    {node_keys[6], &p->values[6], NULL}, {node_keys[7], &p->values[7], NULL},
	    {node_keys[8], &p->values[8], NULL}, {"state", &p->state, NULL},
	    {"config", &p->config, NULL},        {"offline", &p->offline, NULL},
	    {"federation", &federation, NULL},   {"set", &no_set, NULL},
	    {"start", NULL, &p->start},          {NULL, NULL, NULL}};
	size_t set_count = take_sets(sets, &argc, argv);
	struct viz_args words;
	int status = VIZ_EXIT_OK;

	if (!viz_args_read(&words, &status, p->cli, options, argc, argv, 0, 0))
		return status;
	if (no_set != NULL)
		return bad(p, "--set", no_set, "<= 64");
	/* Another name is another federation, and so are other times: such a node would fit nobody.
	 */
	if (federation == NULL && set_count > 0)
		return viz_help_error(p->cli, VIZ_MSG_INIT_SET_ALONE, "--set");
	if (federation == NULL)
		federation = "vizinho-br";
	if (strlen(federation) == 0 || strlen(federation) > VIZ_FEDERATION_NAME_MAX ||
	    strspn(federation, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(federation))
		return bad(p, "--federation", federation, "a-z, 0-9, '-', 1-32");
	for (int i = 0; node_keys[i] != NULL && status == VIZ_EXIT_OK; i++)
		if (p->values[i] != NULL)
			status = set_value(p, i, p->values[i]);
	viz_federation_default(&p->federation, federation);
	for (size_t i = 0; i < set_count && status == VIZ_EXIT_OK; i++)
		status = viz_times_set(&p->federation, p->cli, sets[i]);
	if (status == VIZ_EXIT_OK)
		status = viz_times_fit(&p->federation, p->cli);
	if (status == VIZ_EXIT_OK && p->offline == NULL)
		status = viz_help_error(p->cli, VIZ_MSG_NEED_OFFLINE, "");
	return status;
}

/* `--set ?` asks for the list. */
static bool asks_for_times(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--set") == 0 && argv[i + 1][0] == '?')
			return true;
	return false;
}

static int make_dir(const struct plan *p, bool *made, const char *path, mode_t mode)
{
	*made = mkdir(path, mode) == 0;
	if (*made ? chmod(path, mode) != 0 : errno != EEXIST) /* the umask has taken bits away */
		return cannot(p, path);
	return VIZ_EXIT_OK;
}

static int check_apart(const struct plan *p)
{
	switch (viz_offline_inside(p->offline, p->state)) {
	case 0:
		return VIZ_EXIT_OK;
	case 1:
		return viz_print_error(p->cli, VIZ_EXIT_FAILED, VIZ_CODE_OFFLINE_INSIDE,
				       VIZ_MSG_OFFLINE_INSIDE, p->offline, p->state);
	default:
		return cannot(p, p->offline);
	}
}

static int create(const struct plan *p, int *fd, const char *name)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof path, "%s/%s", p->offline, name) >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return cannot(p, p->offline);
	}
	*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (*fd >= 0)
		return VIZ_EXIT_OK;
	if (errno != EEXIST)
		return cannot(p, path);
	return viz_print_error(p->cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_OFFLINE_TAKEN, path);
}

static void remove_offline(const struct plan *p)
{
	char name[VIZ_OFFLINE_NAME_MAX], path[PATH_MAX];

	viz_offline_key_name(name, 1);
	if (p->key_fd >= 0 && snprintf(path, sizeof path, "%s/%s", p->offline, name) > 0)
		unlink(path);
	viz_offline_revocation_name(name, 0);
	if (p->revocation_fd >= 0 && snprintf(path, sizeof path, "%s/%s", p->offline, name) > 0)
		unlink(path);
}

/* Comes first: there must be a place for the offline keys before there is an identity. */
static int create_offline(struct plan *p)
{
	char name[VIZ_OFFLINE_NAME_MAX];
	int status;

	viz_offline_key_name(name, 1);
	status = create(p, &p->key_fd, name);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_offline_revocation_name(name, 0);
	return create(p, &p->revocation_fd, name);
}

static int write_offline(const struct plan *p, const struct viz_offline *offline)
{
	char key[VIZ_OFFLINE_TEXT_MAX], revocation[VIZ_OFFLINE_TEXT_MAX];
	bool ok;

	viz_offline_key_text(key, p->cli->lang, offline->next_number, &offline->next_seed);
	ok = viz_offline_revocation_text(revocation, p->cli->lang, 0, offline->revocation,
					 offline->revocation_len) == VIZ_OK &&
	     viz_offline_write(p->key_fd, key) && viz_offline_write(p->revocation_fd, revocation) &&
	     viz_offline_sync(p->offline);
	viz_secret_wipe(key, sizeof key);
	if (ok)
		return VIZ_EXIT_OK;
	return cannot(p, p->offline);
}

/* Prints what was made. */
static void report(const struct plan *p)
{
	char key[VIZ_OFFLINE_NAME_MAX], revocation[VIZ_OFFLINE_NAME_MAX];
	json_t *warnings = json_array(), *o = json_object();
	bool written = p->config_done != VIZ_INIT_CONFIG_KEPT;

	viz_offline_key_name(key, 1);
	viz_offline_revocation_name(revocation, 0);
	viz_print(p->cli, VIZ_MSG_INIT_DONE, p->state, p->federation.name);
	viz_print(p->cli, VIZ_MSG_INIT_ID, p->id);
	viz_print(p->cli, VIZ_MSG_INIT_OFFLINE, p->offline, key, p->offline, revocation);
	viz_recovery_key_show(p->cli, o, &p->recovery);
	if (p->values[NODE_NAME] != NULL && written)
		viz_print(p->cli, VIZ_MSG_INIT_CONFIG, p->config);
	else if (p->values[NODE_NAME] != NULL)
		viz_print(p->cli, VIZ_MSG_INIT_CONFIG_KEPT, p->config);
	if (p->start)
		viz_print(p->cli, VIZ_MSG_INIT_STARTS, VIZ_SERVICE_UNIT);
	else if (written && p->values[NODE_NAME] != NULL && p->values[NODE_ADDRESS] != NULL)
		viz_print(p->cli, VIZ_MSG_INIT_START, p->config, p->state);
	else
		viz_print(p->cli, VIZ_MSG_INIT_NEXT, p->config, p->config, p->state);
	viz_service_warn(warnings, p->cli, p->state, p->config);
	if (p->cli->json) {
		json_object_update_new(
		    o, json_pack("{s:s,s:s,s:o,s:o,s:o,s:O}", "id", p->id, "federation_name",
				 p->federation.name, "state_dir", viz_print_path(p->state),
				 "config_file", viz_print_path(p->config), "offline_dir",
				 viz_print_path(p->offline), "warnings", warnings));
		viz_print_json(o);
	}
	json_decref(o);
	json_decref(warnings);
}

/* Reads the author id in its text form. For this it opens the node that was just made. */
static int read_id(struct plan *p, struct viz_store *store, struct viz_time now)
{
	struct viz_node_config config = {.profile = p->checked.profile};
	struct viz_vault *vault;
	struct viz_node *node;
	int err = viz_vault_file_open(&vault, NULL, store, p->state);

	if (err != VIZ_OK)
		return err;
	viz_host_random(config.seed.b, sizeof config.seed.b);
	err = viz_node_open(&node, store, vault, &config, now);
	viz_secret_wipe(&config.seed, sizeof config.seed);
	if (err == VIZ_OK) {
		viz_id_text(p->id, "viz", viz_node_author(node)->b);
		viz_node_close(node);
	}
	viz_vault_file_close(vault);
	return err;
}

static int make_node(struct plan *p, struct viz_store *store)
{
	struct viz_clock clock = {0};
	struct viz_time now = viz_host_clock_read(&clock);
	struct viz_offline offline = {0};
	struct viz_secret entropy;
	struct viz_pub recovery;
	int err, status;

	viz_host_random(entropy.b, sizeof entropy.b);
	err = viz_node_init(store, &offline, &p->federation, &entropy, now);
	viz_secret_wipe(&entropy, sizeof entropy);
	viz_recovery_key_make(&p->recovery, &recovery);
	if (err == VIZ_OK)
		err = viz_restore_set_recovery(store, &recovery);
	if (err == VIZ_ERR_EXISTS)
		return viz_print_error(p->cli, VIZ_EXIT_FAILED, VIZ_CODE_EXISTS,
				       VIZ_MSG_INIT_EXISTS, p->state);
	status = err == VIZ_OK ? write_offline(p, &offline) : VIZ_EXIT_OK;
	viz_secret_wipe(&offline, sizeof offline);
	if (status != VIZ_EXIT_OK)
		return status;
	if (err == VIZ_OK)
		err = read_id(p, store, now);
	if (err == VIZ_ERR_LIMIT)
		return viz_print_error(p->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE_FULL,
				       VIZ_MSG_INIT_DISK_FULL, p->state);
	if (err != VIZ_OK)
		return viz_print_error(p->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE, VIZ_MSG_INIT_FAILED,
				       p->state, viz_err_name(err));
	return VIZ_EXIT_OK;
}

/* The given values into the configuration, unless one is there that sets something. */
static int write_config(struct plan *p)
{
	p->config_done = viz_init_config_write(p->config, node_keys, p->values);
	return p->config_done == VIZ_INIT_CONFIG_FAILED ? cannot(p, p->config) : VIZ_EXIT_OK;
}

static bool path_in(char path[PATH_MAX], const char *dir, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

/* After a failure: removes all that was not there before. */
static void take_back(const struct plan *p)
{
	static const char *const files[] = {"store.mdb", "store.mdb-lock", "vault", "lock"};
	char path[PATH_MAX];

	remove_offline(p);
	for (size_t i = 0; i < sizeof files / sizeof files[0] && !p->had_store; i++)
		if (path_in(path, p->state, files[i]))
			unlink(path);
	if (p->config_done == VIZ_INIT_CONFIG_MADE)
		unlink(p->config);
	if (p->made_offline)
		rmdir(p->offline);
	if (p->made_state)
		rmdir(p->state);
}

static int make(struct plan *p)
{
	struct viz_store_config sc = {.dir = p->state};
	struct viz_store *store;
	struct viz_store_fault fault;
	char why[512], path[PATH_MAX];
	int status = make_dir(p, &p->made_state, p->state, 0750);

	/* Until we know what is there, we must not remove anything. */
	p->had_store = !path_in(path, p->state, "store.mdb") || access(path, F_OK) == 0;
	if (status == VIZ_EXIT_OK)
		status = make_dir(p, &p->made_offline, p->offline, 0700);
	if (status == VIZ_EXIT_OK)
		status = check_apart(p);
	if (status == VIZ_EXIT_OK)
		status = create_offline(p);
	if (status != VIZ_EXIT_OK)
		return status;
	signal(SIGXFSZ,
	       SIG_IGN); /* a limit of the files is an error of the write, as a full disk */
	if (viz_store_open(&store, &fault, &sc) != VIZ_OK) {
		viz_host_speech_store(why, sizeof why, p->cli->lang, &fault);
		return viz_print_fault(p->cli, VIZ_EXIT_FAILED, VIZ_CODE_STORE, why, NULL);
	}
	status = make_node(p, store);
	viz_store_close(store);
	if (status == VIZ_EXIT_OK && p->values[NODE_NAME] != NULL)
		status = write_config(p);
	return status;
}

int viz_cmd_init(const struct viz_cli *cli, int argc, char **argv)
{
	struct plan p = {.cli = cli,
			 .state = VIZ_CONFIG_STATE,
			 .config = VIZ_CONFIG_FILE,
			 .had_store = true,
			 .config_done = VIZ_INIT_CONFIG_KEPT,
			 .key_fd = -1,
			 .revocation_fd = -1};
	int status;

	if (asks_for_times(argc, argv)) {
		viz_times_list(cli);
		return VIZ_EXIT_OK;
	}
	status = parse(&p, argc, argv);
	if (status != VIZ_EXIT_OK)
		return status;
	status = make(&p);
	if (status == VIZ_EXIT_OK)
		status = viz_service_give(cli, p.state);
	if (status == VIZ_EXIT_OK)
		report(&p);
	else
		take_back(&p);
	if (status == VIZ_EXIT_OK && p.start)
		status = viz_service_start(cli);
	viz_secret_wipe(&p.recovery, sizeof p.recovery);
	if (p.key_fd >= 0)
		close(p.key_fd);
	if (p.revocation_fd >= 0)
		close(p.revocation_fd);
	return status;
}
