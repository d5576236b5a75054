#include "tools/web/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "node/host/log.h"
#include "node/host/speech.h"

#define LINES_MAX  (4 * VIZ_WEB_KEYS_MAX) /* then the file is written anew */
#define LINE_BYTES 192

struct entry {
	struct viz_web_key_hash key, body;
	uint32_t owner;
	int64_t at_ms;
	int64_t busy_until_ms;   /* in this process */
	char id[VIZ_WEB_KEY_ID]; /* "": not ended */
};

struct viz_web_keys {
	int dir, file;
	struct entry *entry;
	size_t count, room, lines;
};

static int fail(void)
{
	viz_host_log(VIZ_LOG_ERROR, "web: keys: %s", viz_host_speech_errno(errno));
	return VIZ_ERR_STORE;
}

static struct entry *find(struct viz_web_keys *k, const struct viz_web_key_hash *key)
{
	for (size_t i = 0; i < k->count; i++)
		if (memcmp(&k->entry[i].key, key, sizeof *key) == 0)
			return &k->entry[i];
	return NULL;
}

static void forget(struct viz_web_keys *k, struct entry *e)
{
	*e = k->entry[--k->count];
}

/* Those whose day is over, and those of a clock that was wrong. */
static void forget_old(struct viz_web_keys *k, int64_t now_ms)
{
	for (size_t i = k->count; i > 0; i--) {
		struct entry *e = &k->entry[i - 1];

		if (e->at_ms + VIZ_WEB_KEYS_MS <= now_ms || e->at_ms > now_ms + VIZ_WEB_KEYS_MS)
			forget(k, e);
	}
}

static struct entry *add(struct viz_web_keys *k)
{
	if (k->count == k->room) {
		k->room = k->room > 0 ? 2 * k->room : 64;
		k->entry = realloc(k->entry, k->room * sizeof *k->entry);
		VIZ_REQUIRE(k->entry != NULL);
	}
	memset(&k->entry[k->count], 0, sizeof *k->entry);
	return &k->entry[k->count++];
}

static int line_of(char line[LINE_BYTES], const struct entry *e)
{
	char key[65], body[65];

	viz_hex(key, e->key.b, sizeof e->key.b);
	viz_hex(body, e->body.b, sizeof e->body.b);
	return snprintf(line, LINE_BYTES, "begin %s %s %u %lld\n", key, body, e->owner,
			(long long)e->at_ms);
}

static int end_line(char line[LINE_BYTES], const struct viz_web_key_hash *hash, const char *id)
{
	char key[65];

	viz_hex(key, hash->b, sizeof hash->b);
	return id != NULL ? snprintf(line, LINE_BYTES, "end %s %s\n", key, id)
			  : snprintf(line, LINE_BYTES, "drop %s\n", key);
}

static int append(struct viz_web_keys *k, const char *line, int len)
{
	k->lines++;
	if (write(k->file, line, (size_t)len) == len && fdatasync(k->file) == 0)
		return VIZ_OK;
	k->lines = LINES_MAX; /* a part of the line may be there: the file is written anew */
	return fail();
}

/* Writes what is held beside the file, and puts it in its place. */
static int rewrite(struct viz_web_keys *k)
{
	int fd = openat(k->dir, "keys.new",
			O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	int old = k->file, err = VIZ_OK;

	if (fd < 0)
		return fail();
	k->file = fd;
	k->lines = 0;
	for (size_t i = 0; i < k->count && err == VIZ_OK; i++) {
		char line[2 * LINE_BYTES];
		int n = line_of(line, &k->entry[i]);

		if (k->entry[i].id[0] != '\0')
			n += end_line(line + n, &k->entry[i].key, k->entry[i].id);
		k->lines += 2;
		err = write(fd, line, (size_t)n) == n ? VIZ_OK : fail();
	}
	if (err == VIZ_OK && (fsync(fd) != 0 || renameat(k->dir, "keys.new", k->dir, "keys") != 0 ||
			      fsync(k->dir) != 0))
		err = fail();
	if (err != VIZ_OK) {
		close(fd);
		k->file = old;
		return err;
	}
	if (old >= 0)
		close(old);
	return VIZ_OK;
}

/* One line. What is none is passed over: the last one may have been cut by a crash. */
static void take_line(struct viz_web_keys *k, const char *line)
{
	char what[8], key[65], second[65];
	struct viz_web_key_hash hash;
	unsigned owner = 0;
	long long at = 0;
	int n = sscanf(line, "%7s %64s %64s %u %lld", what, key, second, &owner, &at);
	struct entry *e;

	if (n < 2 || strlen(key) != 64 || viz_hex_parse(hash.b, sizeof hash.b, key) != VIZ_OK)
		return;
	e = find(k, &hash);
	if (strcmp(what, "begin") == 0 && n == 5 && e == NULL && strlen(second) == 64) {
		e = add(k);
		e->key = hash;
		e->owner = owner;
		e->at_ms = at;
		if (viz_hex_parse(e->body.b, sizeof e->body.b, second) != VIZ_OK)
			k->count--;
	} else if (strcmp(what, "end") == 0 && n >= 3 && e != NULL) {
		snprintf(e->id, sizeof e->id, "%.*s", VIZ_WEB_KEY_ID - 1, second);
	} else if (strcmp(what, "drop") == 0 && e != NULL) {
		forget(k, e);
	}
}

static int load(struct viz_web_keys *k)
{
	int fd = openat(k->dir, "keys", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char line[2 * LINE_BYTES];
	FILE *f;

	if (fd < 0)
		return errno == ENOENT ? VIZ_OK : fail();
	f = fdopen(fd, "r");
	if (f == NULL) {
		close(fd);
		return fail();
	}
	while (k->count < VIZ_WEB_KEYS_MAX && fgets(line, sizeof line, f) != NULL)
		if (strchr(line, '\n') != NULL)
			take_line(k, line);
	fclose(f);
	return VIZ_OK;
}

int viz_web_keys_open(struct viz_web_keys **out, const char *dir, int64_t now_ms)
{
	struct viz_web_keys *k = calloc(1, sizeof *k);
	int err;

	VIZ_REQUIRE(k != NULL);
	k->file = -1;
	k->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = k->dir >= 0 ? load(k) : fail();
	if (err == VIZ_OK) {
		forget_old(k, now_ms);
		err = rewrite(k);
	}
	if (err != VIZ_OK) {
		viz_web_keys_free(k);
		return VIZ_ERR_INPUT;
	}
	*out = k;
	return VIZ_OK;
}

void viz_web_keys_free(struct viz_web_keys *k)
{
	if (k == NULL)
		return;
	if (k->file >= 0)
		close(k->file);
	if (k->dir >= 0)
		close(k->dir);
	free(k->entry);
	free(k);
}

static enum viz_web_key_state begin_new(struct viz_web_keys *k, const struct entry *given,
					int64_t now_ms)
{
	char line[LINE_BYTES];
	size_t of_owner = 0;
	struct entry *e;

	forget_old(k, now_ms);
	for (size_t i = 0; i < k->count; i++)
		of_owner += k->entry[i].owner == given->owner;
	if (k->count >= VIZ_WEB_KEYS_MAX || of_owner >= VIZ_WEB_KEYS_OF_ONE)
		return VIZ_WEB_KEY_TOO_MANY;
	if (k->lines >= LINES_MAX && rewrite(k) != VIZ_OK)
		return VIZ_WEB_KEY_FAILED;
	e = add(k);
	*e = *given;
	if (append(k, line, line_of(line, e)) != VIZ_OK) {
		k->count--;
		return VIZ_WEB_KEY_FAILED;
	}
	return VIZ_WEB_KEY_NEW;
}

enum viz_web_key_state viz_web_keys_begin(struct viz_web_keys *k, char id[VIZ_WEB_KEY_ID],
					  const struct viz_web_key_hash *key,
					  const struct viz_web_key_hash *body, uint32_t owner,
					  bool twice, int64_t now_ms)
{
	struct entry given = {.key = *key,
			      .body = *body,
			      .owner = owner,
			      .at_ms = now_ms,
			      .busy_until_ms = now_ms + VIZ_WEB_KEY_UNDER_WAY};
	struct entry *e = find(k, key);

	if (e == NULL || e->at_ms + VIZ_WEB_KEYS_MS <= now_ms)
		return begin_new(k, &given, now_ms);
	if (memcmp(&e->body, body, sizeof *body) != 0)
		return VIZ_WEB_KEY_REUSED;
	if (e->id[0] != '\0') {
		memcpy(id, e->id, VIZ_WEB_KEY_ID);
		return VIZ_WEB_KEY_ENDED;
	}
	if (e->busy_until_ms > now_ms && e->busy_until_ms <= now_ms + VIZ_WEB_KEY_UNDER_WAY)
		return VIZ_WEB_KEY_BUSY;
	if (!twice)
		e->busy_until_ms = given.busy_until_ms;
	return VIZ_WEB_KEY_UNKNOWN;
}

void viz_web_keys_end(struct viz_web_keys *k, const struct viz_web_key_hash *key, const char *id)
{
	struct entry *e = find(k, key);
	char line[LINE_BYTES];

	if (e == NULL || strlen(id) >= sizeof e->id)
		return;
	memcpy(e->id, id, strlen(id) + 1);
	(void)append(k, line, end_line(line, key, id));
}

void viz_web_keys_drop(struct viz_web_keys *k, const struct viz_web_key_hash *key)
{
	struct entry *e = find(k, key);
	char line[LINE_BYTES];

	if (e == NULL)
		return;
	forget(k, e);
	(void)append(k, line, end_line(line, key, NULL));
}
