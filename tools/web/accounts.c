#include "tools/web/accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/host/log.h"
#include "node/host/random.h"
#include "node/host/speech.h"

#define FILE_MAX 4194304 /* bytes */

struct viz_web_accounts {
	int dir;
	int lock;
	char name[256]; /* of the directory, for messages */
	json_t *root;
	struct stat read; /* the file that was read */
	uint8_t form_key[32];
	bool open; /* between begin and commit */
};

static const char *const lists[] = {"users", "sessions", "tokens"};

static int fail(const struct viz_web_accounts *a, const char *what)
{
	viz_host_log(VIZ_LOG_ERROR, "web: %s/%s: %s", a->name, what, viz_host_speech_errno(errno));
	return VIZ_ERR_STORE;
}

/* Whether what was read is what this program writes. */
static bool is_whole(const json_t *root, uint8_t key[32])
{
	const char *hex = json_string_value(json_object_get(root, "form_key"));

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (!json_is_array(json_object_get(root, lists[i])))
			return false;
	return json_integer_value(json_object_get(root, "version")) == 1 && hex != NULL &&
	       strlen(hex) == 64 && viz_hex_parse(key, 32, hex) == VIZ_OK;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Reads the file, unless it is the one that was read last. */
static int refresh(struct viz_web_accounts *a)
{
	struct stat now;
	json_t *root;
	int fd;

	if (a->root != NULL && fstatat(a->dir, "accounts.json", &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    same_file(&now, &a->read))
		return VIZ_OK;
	fd = openat(a->dir, "accounts.json", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &now) != 0) {
		if (fd >= 0)
			close(fd);
		return errno == ENOENT ? VIZ_ERR_ABSENT : fail(a, "accounts.json");
	}
	errno = EINVAL;
	root = now.st_size <= FILE_MAX ? json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL) : NULL;
	close(fd);
	if (!is_whole(root, a->form_key)) {
		json_decref(root);
		return fail(a, "accounts.json");
	}
	json_decref(a->root);
	a->root = root;
	a->read = now;
	return VIZ_OK;
}

static int write_file(struct viz_web_accounts *a)
{
	int fd;
	bool written;

	unlinkat(a->dir, "accounts.new", 0);
	fd = openat(a->dir, "accounts.new", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return fail(a, "accounts.new");
	written = json_dumpfd(a->root, fd, JSON_INDENT(1)) == 0 && fsync(fd) == 0 &&
		  fstat(fd, &a->read) == 0;
	close(fd);
	if (!written || renameat(a->dir, "accounts.new", a->dir, "accounts.json") != 0) {
		fail(a, "accounts.new");
		unlinkat(a->dir, "accounts.new", 0);
		return VIZ_ERR_STORE;
	}
	if (fsync(a->dir) != 0)
		return fail(a, "");
	return VIZ_OK;
}

int viz_web_accounts_begin(struct viz_web_accounts *a)
{
	int err;

	VIZ_REQUIRE(!a->open);
	if (flock(a->lock, LOCK_EX) != 0)
		return fail(a, "accounts.lock");
	err = refresh(a);
	if (err != VIZ_OK) {
		flock(a->lock, LOCK_UN);
		return err;
	}
	a->open = true;
	return VIZ_OK;
}

static void end(struct viz_web_accounts *a)
{
	VIZ_REQUIRE(a->open);
	a->open = false;
	flock(a->lock, LOCK_UN);
}

void viz_web_accounts_abort(struct viz_web_accounts *a)
{
	memset(&a->read, 0, sizeof a->read); /* what was changed in memory is read again */
	end(a);
}

int viz_web_accounts_commit(struct viz_web_accounts *a)
{
	int err = write_file(a);

	if (err != VIZ_OK)
		memset(&a->read, 0, sizeof a->read);
	end(a);
	return err;
}

/* The first start: nobody may sign in yet. */
static int make(struct viz_web_accounts *a)
{
	uint8_t key[32];
	char hex[65];
	int err;

	viz_host_random(key, sizeof key);
	viz_hex(hex, key, sizeof key);
	a->root = json_pack("{s:i,s:s,s:[],s:[],s:[]}", "version", 1, "form_key", hex, "users",
			    "sessions", "tokens");
	memcpy(a->form_key, key, sizeof key);
	viz_secret_wipe(key, sizeof key);
	viz_secret_wipe(hex, sizeof hex);
	if (flock(a->lock, LOCK_EX) != 0)
		return fail(a, "accounts.lock");
	err = faccessat(a->dir, "accounts.json", F_OK, AT_SYMLINK_NOFOLLOW) == 0 ? VIZ_OK
										 : write_file(a);
	flock(a->lock, LOCK_UN);
	return err;
}

int viz_web_accounts_open(struct viz_web_accounts **out, const char *dir)
{
	struct viz_web_accounts *a = calloc(1, sizeof *a);
	int err;

	VIZ_REQUIRE(a != NULL);
	a->lock = -1;
	snprintf(a->name, sizeof a->name, "%s", dir);
	a->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (a->dir >= 0)
		a->lock = openat(a->dir, "accounts.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
				 0600);
	err = a->lock >= 0 ? refresh(a) : fail(a, "");
	if (err == VIZ_ERR_ABSENT) {
		err = make(a);
		if (err == VIZ_OK)
			err = refresh(a);
	}
	if (err != VIZ_OK) {
		viz_web_accounts_free(a);
		return VIZ_ERR_INPUT;
	}
	*out = a;
	return VIZ_OK;
}

void viz_web_accounts_free(struct viz_web_accounts *a)
{
	if (a == NULL)
		return;
	json_decref(a->root);
	if (a->lock >= 0)
		close(a->lock);
	if (a->dir >= 0)
		close(a->dir);
	viz_secret_wipe(a, sizeof *a);
	free(a);
}

const uint8_t *viz_web_accounts_form_key(const struct viz_web_accounts *a)
{
	return a->form_key;
}

/* While the file cannot be read, what was read before counts. */
static json_t *list(struct viz_web_accounts *a, const char *name)
{
	if (!a->open)
		(void)refresh(a);
	return json_object_get(a->root, name);
}

json_t *viz_web_accounts_users(struct viz_web_accounts *a)
{
	return list(a, "users");
}

json_t *viz_web_accounts_sessions(struct viz_web_accounts *a)
{
	return list(a, "sessions");
}

json_t *viz_web_accounts_tokens(struct viz_web_accounts *a)
{
	return list(a, "tokens");
}

json_t *viz_web_accounts_find(json_t *all, const char *key, const char *value, size_t *index)
{
	json_t *o;
	size_t i;

	json_array_foreach(all, i, o)
	{
		const char *text = json_string_value(json_object_get(o, key));

		if (text == NULL || strcmp(text, value) != 0)
			continue;
		if (index != NULL)
			*index = i;
		return o;
	}
	return NULL;
}

bool viz_web_accounts_is_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len < VIZ_WEB_USER_MAX && name[0] >= 'a' && name[0] <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

unsigned viz_web_accounts_role(const char *name)
{
	if (strcmp(name, "reader") == 0)
		return VIZ_WEB_READER;
	if (strcmp(name, "agent") == 0)
		return VIZ_WEB_AGENT;
	return strcmp(name, "admin") == 0 ? VIZ_WEB_ADMIN : 0;
}
