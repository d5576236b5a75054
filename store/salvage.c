#include "store/salvage.h"

#include "store/backend.h"
#include "store/meta.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define BATCH      4096 /* rows of a transaction */

struct copying {
	struct viz_store *to; /* NULL: it is not there yet */
	struct viz_salvage_result *result;
	struct viz_salvage_loss loss;
	bool keep_index; /* nothing is damaged: it fits the rows that it is made of */
	unsigned in_batch;
	unsigned needed; /* of the rows without which there is no node */
};

#define REBUILT VIZ_SALVAGE_DIR "/store.mdb"

static bool is_index(enum viz_table table)
{
	return table == VIZ_TABLE_LOOKUP || table == VIZ_TABLE_LOOKUP_CEP ||
	       table == VIZ_TABLE_LOOKUP_PLACE || table == VIZ_TABLE_LOOKUP_OWN ||
	       table == VIZ_TABLE_COVERAGE_INDEX;
}

static bool is_key(const struct viz_slice *key, const char *name)
{
	return key->len == strlen(name) && memcmp(key->p, name, key->len) == 0;
}

/* A row that is lost: whoever owns the lead is told. */
static void note_lost(struct viz_salvage_loss *loss, enum viz_table table,
		      const struct viz_slice *key)
{
	if (loss->keys == VIZ_SALVAGE_KEYS || !((table == VIZ_TABLE_LEAD && key->len == 8) ||
						(table == VIZ_TABLE_INBOX && key->len == 40)))
		return;
	loss->key[loss->keys].table = table;
	memset(loss->key[loss->keys].key, 0, 40);
	memcpy(loss->key[loss->keys++].key, key->p, key->len);
}

/* META's rows of the store itself are written anew, and the index is made again. */
static bool is_left_out(const struct copying *c, enum viz_table table, const struct viz_slice *key)
{
	if (table != VIZ_TABLE_META)
		return is_index(table) && !c->keep_index;
	return is_key(key, VIZ_META_SCHEMA) || is_key(key, VIZ_META_SUMS) ||
	       (is_key(key, VIZ_META_COVERAGE_INDEX) && !c->keep_index);
}

static int copy_row(void *arg, enum viz_table table, const struct viz_slice *key,
		    const struct viz_slice *stored, bool right)
{
	struct copying *c = arg;
	bool sums = !(c->result->version > 0 && c->result->version < VIZ_SCHEMA_CHECKSUMS);
	size_t len = stored->len - (sums ? VIZ_CHECKSUM_LEN : 0);
	struct viz_slice there;
	int err = 0;

	if (!right) {
		note_lost(&c->loss, table, key);
		return 0;
	}
	if (is_left_out(c, table, key))
		return 0;
	/* what no tree has any more comes last, and is older than what one has */
	err = viz_store_get(c->to, &there, table, key->p, key->len);
	if (err == 0)
		return 0;
	if (err != VIZ_ERR_ABSENT)
		return err;
	if (table == VIZ_TABLE_META)
		c->needed += is_key(key, VIZ_META_IDENTITY) || is_key(key, VIZ_META_FEDERATION) ||
			     is_key(key, VIZ_META_SIGNED);
	err = viz_store_put(c->to, table, key->p, key->len, stored->p, len);
	c->result->rows++;
	if (err == 0 && ++c->in_batch == BATCH) {
		c->in_batch = 0;
		err = viz_store_commit(c->to);
		if (err == 0)
			err = viz_store_begin(c->to);
	}
	return err;
}

static void remove_rebuild(int dir)
{
	unlinkat(dir, REBUILT, 0);
	unlinkat(dir, REBUILT "-lock", 0);
	unlinkat(dir, VIZ_SALVAGE_DIR "/lock", 0);
	unlinkat(dir, VIZ_SALVAGE_DIR, AT_REMOVEDIR);
}

/* The new store is on disk before it takes the place of the old one. */
static int move_in(int dir, bool damaged)
{
	int fd = openat(dir, REBUILT, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	if (rc == 0 && damaged) {
		rc = unlinkat(dir, VIZ_SALVAGE_DAMAGED, 0);
		rc = rc && errno == ENOENT ? 0 : rc;
		if (rc == 0)
			rc = linkat(dir, "store.mdb", dir, VIZ_SALVAGE_DAMAGED, 0);
	}
	if (rc == 0)
		rc = renameat(dir, REBUILT, dir, "store.mdb");
	if (rc == 0)
		rc = fsync(dir);
	return rc ? VIZ_ERR_STORE : 0;
}

static int copy(struct copying *c, int dir, int fd)
{
	uint8_t bytes[VIZ_SALVAGE_LOSS_MAX];
	bool damaged = !c->keep_index;
	struct viz_damage again;
	uint32_t version;
	size_t len = 0;
	int err = viz_store_begin(c->to);

	if (err == 0)
		err = viz_pages_read(&again, &version, fd, copy_row, c);
	/* a disk that gives other bytes each time is no reason to go on */
	damaged |= err == VIZ_ERR_STORE;
	if (err == VIZ_ERR_STORE && !viz_store_cause(c->to))
		err = 0;
	if (err == 0 && damaged) {
		c->loss.damage = c->result->damage = again;
		viz_salvage_loss_write(bytes, &len, &c->loss);
		err = viz_store_put(c->to, VIZ_TABLE_META, VIZ_META(VIZ_META_SALVAGE), bytes, len);
	}
	if (viz_store_in_txn(c->to) && err == 0)
		err = viz_store_commit(c->to);
	viz_store_close(c->to);
	if (err == 0 && c->needed < 3) {
		c->result->end = VIZ_SALVAGE_LOST;
		return 0;
	}
	if (err == 0)
		err = move_in(dir, damaged);
	c->result->end = damaged ? VIZ_SALVAGE_REBUILT : VIZ_SALVAGE_MIGRATED;
	return err;
}

/* With a map larger than the node's: checksums make a store grow. */
static void rebuild(struct viz_salvage_result *out, const struct viz_store_config *of, int dir,
		    int fd, bool damaged)
{
	struct copying *c = calloc(1, sizeof *c);
	char path[PATH_BYTES];
	struct viz_store_fault fault = {.error = 0};
	struct viz_store_config config = {
	    .dir = path, .map_bytes = 2 * of->map_bytes, .volatile_commit = true};
	int err = VIZ_ERR_NOMEM;

	errno = 0;
	if (c) {
		c->result = out;
		c->keep_index = !damaged;
		snprintf(path, sizeof path, "%s/%s", of->dir, VIZ_SALVAGE_DIR);
		err = mkdirat(dir, VIZ_SALVAGE_DIR, 0700) ? VIZ_ERR_STORE : 0;
		if (err == 0)
			err = viz_store_open(&c->to, &fault, &config);
		if (err == 0)
			err = copy(c, dir, fd);
	}
	if (err) {
		out->end = VIZ_SALVAGE_FAILED;
		out->error = fault.error ? fault.error : errno ? errno : ENOSPC;
	}
	remove_rebuild(dir);
	free(c);
}

static int check(struct viz_salvage_result *out, const struct viz_store_config *config, int dir)
{
	int fd = openat(dir, "store.mdb", O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return 0; /* whoever opens the store says why it cannot */
	remove_rebuild(dir);
	err = viz_pages_read(&out->damage, &out->version, fd, NULL, NULL);
	/* a torn store of a later program is that one's to mend: the opening names the version */
	if ((err == VIZ_ERR_STORE && out->version <= VIZ_SCHEMA_VERSION) ||
	    (err == 0 && out->version >= VIZ_SALVAGE_OLDEST && out->version < VIZ_SCHEMA_VERSION)) {
		rebuild(out, config, dir, fd, err == VIZ_ERR_STORE);
		err = 0;
	}
	close(fd);
	return err == VIZ_ERR_ABSENT ? 0 : err;
}

int viz_salvage_run(struct viz_salvage_result *out, const struct viz_store_config *config)
{
	int dir = open(config->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), lock, err = 0;

	*out = (struct viz_salvage_result){.end = VIZ_SALVAGE_SOUND};
	if (dir < 0)
		return 0;
	lock = openat(dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock >= 0)
		err = flock(lock, LOCK_EX | LOCK_NB) ? VIZ_ERR_STATE : check(out, config, dir);
	if (lock >= 0)
		close(lock);
	close(dir);
	return err;
}
