/* `vizinho init`: the one command that needs no daemon, and refuses to run beside one. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/identity.h"
#include "crypto/sign.h"
#include "node/host_config_value.h"
#include "node/host_core.h"
#include "node/host_random.h"
#include "node/node.h"
#include "tools/vizinho/command.h"
#include "tools/vizinho/offline.h"

struct plan {
	const struct viz_cli *cli;
	const char *state, *config, *offline;
	struct viz_federation federation;
	const char *values[8];     /* of [node], in the order of node_keys */
	struct viz_config checked; /* the same, parsed */
	int key_fd, revocation_fd;
};

static const char *const node_keys[] = {"name",     "cnpj",  "asn",     "address",
					"whatsapp", "hours", "privacy", NULL};

#define X(field, def, least, most) #field " "
static const char time_names[] = VIZ_FEDERATION_TIMES(X);
#undef X

static int cannot(const struct plan *p, const char *path)
{
	viz_say(stderr, p->cli->lang, VIZ_SAY_CANNOT, path, strerror(errno));
	return VIZ_EXIT_FAILED;
}

static int bad(const struct plan *p, const char *option, const char *value, const char *expected)
{
	viz_say(stderr, p->cli->lang, VIZ_SAY_BAD_OPTION, option, value, expected);
	return VIZ_EXIT_USAGE;
}

/* --set field=value */
static int set_time(struct plan *p, const char *text)
{
	const char *is = strchr(text, '=');
	char field[64];
	char *end;
	long long value;
	int err;

	if (is == NULL || (size_t)(is - text) >= sizeof field)
		return bad(p, "--set", text, "TIME=MS");
	memcpy(field, text, (size_t)(is - text));
	field[is - text] = '\0';
	errno = 0;
	value = strtoll(is + 1, &end, 10);
	if (errno != 0 || end == is + 1 || *end != '\0')
		return bad(p, "--set", text, "TIME=MS");
	err = viz_federation_set(&p->federation, field, value);
	if (err == VIZ_ERR_ABSENT)
		return bad(p, "--set", text, time_names);
	if (err != VIZ_OK)
		return bad(p, "--set", text, "a value within the limits of this time");
	return VIZ_EXIT_OK;
}

static int set_value(struct plan *p, int which, const char *value)
{
	const struct viz_config_key *key =
	    viz_host_config_value_key(NULL, "node", node_keys[which]);
	const char *expected = key->set(&p->checked, value);
	char option[32];

	p->values[which] = value;
	if (expected == NULL && strpbrk(value, "\n;") == NULL)
		return VIZ_EXIT_OK;
	snprintf(option, sizeof option, "--%s", node_keys[which]);
	return bad(p, option, value, expected != NULL ? expected : "a line without ';'");
}

static int parse(struct plan *p, int argc, char **argv)
{
	static const struct option options[] = {
	    {"name", required_argument, NULL, 0},
	    {"cnpj", required_argument, NULL, 1},
	    {"asn", required_argument, NULL, 2},
	    {"address", required_argument, NULL, 3},
	    {"whatsapp", required_argument, NULL, 4},
	    {"hours", required_argument, NULL, 5},
	    {"privacy", required_argument, NULL, 6},
	    {"state", required_argument, NULL, 's'},
	    {"config", required_argument, NULL, 'c'},
	    {"offline", required_argument, NULL, 'o'},
	    {"federation", required_argument, NULL, 'f'},
	    {"set", required_argument, NULL, 't'},
	    {NULL, 0, NULL, 0},
	};
	const char *sets[64], *federation = "vizinho-br";
	size_t set_count = 0;
	int c, status = VIZ_EXIT_OK;

	optind = 0;
	while (status == VIZ_EXIT_OK && (c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c >= 0 && c <= 6)
			status = set_value(p, c, optarg);
		else if (c == 's')
			p->state = optarg;
		else if (c == 'c')
			p->config = optarg;
		else if (c == 'o')
			p->offline = optarg;
		else if (c == 'f')
			federation = optarg;
		else if (c == 't' && set_count < sizeof sets / sizeof sets[0])
			sets[set_count++] = optarg;
		else
			return viz_command_usage(p->cli, "init");
	}
	if (status != VIZ_EXIT_OK)
		return status;
	if (optind < argc)
		return viz_command_usage(p->cli, "init");
	if (strlen(federation) == 0 || strlen(federation) > VIZ_FEDERATION_NAME_MAX ||
	    strspn(federation, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(federation))
		return bad(p, "--federation", federation, "a-z, 0-9, '-', 1-32");
	viz_federation_default(&p->federation, federation);
	for (size_t i = 0; i < set_count && status == VIZ_EXIT_OK; i++)
		status = set_time(p, sets[i]);
	if (status == VIZ_EXIT_OK && p->offline == NULL) {
		viz_say(stderr, p->cli->lang, VIZ_SAY_NEED_OFFLINE);
		status = VIZ_EXIT_USAGE;
	}
	return status;
}

static int make_dir(const struct plan *p, const char *path, mode_t mode)
{
	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return cannot(p, path);
	return VIZ_EXIT_OK;
}

static int check_apart(const struct plan *p)
{
	char state[PATH_MAX], offline[PATH_MAX];
	size_t len;

	if (realpath(p->state, state) == NULL)
		return cannot(p, p->state);
	if (realpath(p->offline, offline) == NULL)
		return cannot(p, p->offline);
	len = strlen(state);
	if (strncmp(offline, state, len) != 0 || (offline[len] != '/' && offline[len] != '\0'))
		return VIZ_EXIT_OK;
	viz_say(stderr, p->cli->lang, VIZ_SAY_OFFLINE_INSIDE, p->offline, p->state);
	return VIZ_EXIT_FAILED;
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
	viz_say(stderr, p->cli->lang, VIZ_SAY_OFFLINE_TAKEN, path);
	return VIZ_EXIT_FAILED;
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

/* Before anything is made: no identity without a place for its offline keys. */
static int create_offline(struct plan *p)
{
	char name[VIZ_OFFLINE_NAME_MAX];
	int status;

	viz_offline_key_name(name, 1);
	status = create(p, &p->key_fd, name);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_offline_revocation_name(name, 0);
	status = create(p, &p->revocation_fd, name);
	if (status != VIZ_EXIT_OK)
		remove_offline(p);
	return status;
}

static bool write_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0;
}

static bool sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

static int write_offline(const struct plan *p, const struct viz_offline *offline)
{
	char key[VIZ_OFFLINE_TEXT_MAX], revocation[VIZ_OFFLINE_TEXT_MAX];
	bool ok;

	viz_offline_key_text(key, offline->next_number, &offline->next_seed);
	ok = viz_offline_revocation_text(revocation, 0, offline->revocation,
					 offline->revocation_len) == VIZ_OK &&
	     write_all(p->key_fd, key) && write_all(p->revocation_fd, revocation) &&
	     sync_dir(p->offline);
	viz_wipe(key, sizeof key);
	if (ok)
		return VIZ_EXIT_OK;
	cannot(p, p->offline);
	viz_say(stderr, p->cli->lang, VIZ_SAY_INIT_TORN, p->state);
	return VIZ_EXIT_FAILED;
}

/* Says what was made. */
static void report(const struct plan *p, const char *id)
{
	char key[VIZ_OFFLINE_NAME_MAX], revocation[VIZ_OFFLINE_NAME_MAX];
	enum viz_cli_lang lang = p->cli->lang;

	viz_offline_key_name(key, 1);
	viz_offline_revocation_name(revocation, 0);
	if (p->cli->json) {
		printf("{\"id\":\"%s\",\"federation\":\"%s\"}\n", id, p->federation.name);
		return;
	}
	viz_say(stdout, lang, VIZ_SAY_INIT_DONE, p->state, p->federation.name);
	viz_say(stdout, lang, VIZ_SAY_INIT_ID, id);
	viz_say(stdout, lang, VIZ_SAY_INIT_OFFLINE, p->offline, key, p->offline, revocation);
}

/* The author id in its text form, by opening the node that was made. */
static int read_id(char out[VIZ_TEXT_ID_MAX], const struct plan *p, struct viz_store *store,
		   struct viz_time now)
{
	struct viz_node_config config = {.profile = p->checked.profile};
	struct viz_vault *vault;
	struct viz_node *node;
	char error[256] = "";
	int err = viz_vault_open(&vault, error, store, p->state);

	if (err != VIZ_OK)
		return err;
	viz_host_random(config.seed.b, sizeof config.seed.b);
	err = viz_node_open(&node, store, vault, &config, now);
	viz_wipe(&config.seed, sizeof config.seed);
	if (err == VIZ_OK) {
		viz_id_text(out, "viz", viz_node_author(node)->b);
		viz_node_close(node);
	}
	viz_vault_close(vault);
	return err;
}

static int make_node(const struct plan *p, struct viz_store *store)
{
	struct viz_clock clock = {0};
	struct viz_time now = viz_clock_read(&clock);
	struct viz_offline offline = {0};
	struct viz_secret entropy;
	char id[VIZ_TEXT_ID_MAX];
	int err, status;

	viz_host_random(entropy.b, sizeof entropy.b);
	err = viz_node_init(store, &offline, &p->federation, &entropy, now);
	viz_wipe(&entropy, sizeof entropy);
	if (err != VIZ_OK) {
		remove_offline(p);
		if (err == VIZ_ERR_EXISTS)
			viz_say(stderr, p->cli->lang, VIZ_SAY_INIT_EXISTS, p->state);
		else
			viz_say(stderr, p->cli->lang, VIZ_SAY_INIT_FAILED, p->state,
				viz_err_name(err));
		return VIZ_EXIT_FAILED;
	}
	status = write_offline(p, &offline);
	viz_wipe(&offline, sizeof offline);
	if (status != VIZ_EXIT_OK)
		return status;
	err = read_id(id, p, store, now);
	if (err != VIZ_OK) {
		viz_say(stderr, p->cli->lang, VIZ_SAY_INIT_FAILED, p->state, viz_err_name(err));
		return VIZ_EXIT_FAILED;
	}
	report(p, id);
	return VIZ_EXIT_OK;
}

/* A configuration with what was given, unless there is one. */
static int write_config(const struct plan *p)
{
	int fd = open(p->config, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	FILE *f;

	if (fd < 0 && errno == EEXIST) {
		if (!p->cli->json)
			viz_say(stdout, p->cli->lang, VIZ_SAY_INIT_CONFIG_KEPT, p->config);
		return VIZ_EXIT_OK;
	}
	f = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (f == NULL)
		return cannot(p, p->config);
	fputs("[node]\n", f);
	for (size_t i = 0; node_keys[i] != NULL; i++)
		if (p->values[i] != NULL)
			fprintf(f, "%s = %s\n", node_keys[i], p->values[i]);
	/* The group of the daemon's user must be able to read it. */
	if (fchmod(fd, 0644) != 0 || ferror(f) != 0 || fclose(f) != 0)
		return cannot(p, p->config);
	if (!p->cli->json)
		viz_say(stdout, p->cli->lang, VIZ_SAY_INIT_CONFIG, p->config);
	return VIZ_EXIT_OK;
}

int viz_cmd_init(const struct viz_cli *cli, int argc, char **argv)
{
	struct plan p = {.cli = cli,
			 .state = VIZ_CONFIG_STATE,
			 .config = VIZ_CONFIG_FILE,
			 .key_fd = -1,
			 .revocation_fd = -1};
	struct viz_store_config sc = {.map_bytes = UINT64_C(4096) << 20};
	struct viz_store *store;
	char error[256] = "";
	int status = parse(&p, argc, argv);

	if (status == VIZ_EXIT_OK)
		status = make_dir(&p, p.state, 0750);
	if (status == VIZ_EXIT_OK)
		status = make_dir(&p, p.offline, 0700);
	if (status == VIZ_EXIT_OK)
		status = check_apart(&p);
	if (status == VIZ_EXIT_OK)
		status = create_offline(&p);
	if (status != VIZ_EXIT_OK)
		return status;
	sc.dir = p.state;
	if (viz_store_open(&store, error, &sc) != VIZ_OK) {
		remove_offline(&p);
		fprintf(stderr, "%s\n", error); /* names the directory itself */
		return VIZ_EXIT_FAILED;
	}
	status = make_node(&p, store);
	viz_store_close(store);
	close(p.key_fd);
	close(p.revocation_fd);
	if (status == VIZ_EXIT_OK && p.values[0] != NULL)
		status = write_config(&p);
	if (status == VIZ_EXIT_OK && !cli->json)
		viz_say(stdout, cli->lang, VIZ_SAY_INIT_NEXT, p.config, p.config, p.state);
	return status;
}
