#include "tools/vizinho/backup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "crypto/secret.h"

/* Where the fields of the head stand. */
enum {
	AT_MAGIC = 0,
	AT_KIND = 8,
	AT_SCHEMA = 9,
	AT_MADE = 13,
	AT_AUTHOR = 21,
	AT_RECOVERY = 53,
	AT_SEALED = 85,
	AT_STREAM = AT_SEALED + VIZ_RECOVERY_SEALED,
	AT_END = AT_STREAM + VIZ_RECOVERY_STREAM,
};
_Static_assert(AT_END == VIZ_BACKUP_HEAD, "the head");

#define MAGIC      "vizback1"
#define MAGIC_KIND 7 /* characters of it that all versions have */

static int write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return VIZ_ERR_STORE;
		bytes += n;
		len -= (size_t)n;
	}
	return VIZ_OK;
}

/* Reads until `max` bytes or the end. VIZ_ERR_STORE with errno. */
static int read_full(int fd, uint8_t *out, size_t *len, size_t max)
{
	*len = 0;
	while (*len < max) {
		ssize_t n = read(fd, out + *len, max - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return VIZ_ERR_STORE;
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return VIZ_OK;
}

int viz_backup_file_write_begin(struct viz_backup_writer *w, int fd,
				const struct viz_backup_head *head)
{
	int err;

	memset(w, 0, sizeof *w);
	w->fd = fd;
	memcpy(w->head + AT_MAGIC, MAGIC, AT_KIND);
	w->head[AT_KIND] = (uint8_t)head->kind;
	viz_be_put_u32(w->head + AT_SCHEMA, head->schema);
	viz_be_put_u64(w->head + AT_MADE, (uint64_t)head->made.ms);
	memcpy(w->head + AT_AUTHOR, head->author.b, sizeof head->author.b);
	memcpy(w->head + AT_RECOVERY, head->recovery.b, sizeof head->recovery.b);
	err = viz_recovery_seal(&w->file_key, w->head + AT_SEALED, &head->recovery);
	if (err != VIZ_OK)
		return err;
	viz_recovery_push_begin(&w->stream, w->head + AT_STREAM, &w->file_key);
	viz_hash_init(&w->sum, "vizinho/backup");
	w->bytes = VIZ_BACKUP_HEAD;
	return write_all(fd, w->head, VIZ_BACKUP_HEAD);
}

static int write_chunk(struct viz_backup_writer *w, enum viz_recovery_chunk kind)
{
	static uint8_t out[4 + VIZ_BACKUP_CHUNK + VIZ_RECOVERY_TAG];
	size_t len = w->used + VIZ_RECOVERY_TAG;

	viz_be_put_u32(out, (uint32_t)len);
	/* The first chunk makes sure of the head, and each one of those before it. */
	viz_recovery_push(&w->stream, out + 4, w->plain, w->used, w->begun ? NULL : w->head,
			  w->begun ? 0 : VIZ_BACKUP_HEAD, kind);
	viz_hash_part(&w->sum, w->plain, w->used);
	w->begun = true;
	w->used = 0;
	w->bytes += 4 + len;
	return write_all(w->fd, out, 4 + len);
}

int viz_backup_file_write_part(struct viz_backup_writer *w, int from, bool last,
			       void (*progress)(void *arg, uint64_t bytes), void *arg)
{
	for (;;) {
		int err = VIZ_OK;

		if (read_full(from, w->plain, &w->used, VIZ_BACKUP_CHUNK) != VIZ_OK)
			return VIZ_ERR_INPUT;
		if (w->used < VIZ_BACKUP_CHUNK)
			return write_chunk(w, last ? VIZ_RECOVERY_LAST : VIZ_RECOVERY_PART);
		err = write_chunk(w, VIZ_RECOVERY_MORE);
		if (err != VIZ_OK)
			return err;
		if (progress)
			progress(arg, w->bytes);
	}
}

enum viz_backup_wrong viz_backup_file_read_open(struct viz_backup_reader *r, const char *path)
{
	size_t len = 0;

	memset(r, 0, sizeof *r);
	r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0 || read_full(r->fd, r->bytes, &len, VIZ_BACKUP_HEAD) != VIZ_OK)
		return VIZ_BACKUP_NO_FILE;
	if (len < AT_KIND || memcmp(r->bytes, MAGIC, MAGIC_KIND) != 0)
		return VIZ_BACKUP_NONE;
	if (memcmp(r->bytes, MAGIC, AT_KIND) != 0)
		return VIZ_BACKUP_NEWER;
	if (len < VIZ_BACKUP_HEAD)
		return VIZ_BACKUP_SHORT;
	if (r->bytes[AT_KIND] != VIZ_BACKUP_COPY && r->bytes[AT_KIND] != VIZ_BACKUP_HAND_OVER)
		return VIZ_BACKUP_NEWER;
	r->head.kind = (enum viz_backup_kind)r->bytes[AT_KIND];
	r->head.schema = viz_be_get_u32(r->bytes + AT_SCHEMA);
	r->head.made.ms = (int64_t)viz_be_get_u64(r->bytes + AT_MADE);
	memcpy(r->head.author.b, r->bytes + AT_AUTHOR, sizeof r->head.author.b);
	memcpy(r->head.recovery.b, r->bytes + AT_RECOVERY, sizeof r->head.recovery.b);
	return VIZ_BACKUP_RIGHT;
}

void viz_backup_file_read_close(struct viz_backup_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	viz_secret_wipe(r, sizeof *r);
	r->fd = -1;
}

static enum viz_backup_wrong begin(struct viz_backup_reader *r, const struct viz_secret *file_key)
{
	if (viz_recovery_pull_begin(&r->stream, r->bytes + AT_STREAM, file_key) != VIZ_OK)
		return VIZ_BACKUP_DAMAGED;
	if (lseek(r->fd, VIZ_BACKUP_HEAD, SEEK_SET) < 0)
		return VIZ_BACKUP_NO_FILE;
	r->at = VIZ_BACKUP_HEAD;
	r->begun = false;
	return VIZ_BACKUP_RIGHT;
}

enum viz_backup_wrong viz_backup_file_read_key(struct viz_backup_reader *r,
					       const struct viz_secret *recovery)
{
	struct viz_secret file_key;
	enum viz_backup_wrong wrong;
	struct viz_pub pub;

	viz_recovery_pub(&pub, recovery);
	if (memcmp(pub.b, r->head.recovery.b, sizeof pub.b) != 0)
		return VIZ_BACKUP_OTHER_KEY;
	if (viz_recovery_open(&file_key, r->bytes + AT_SEALED, recovery) != VIZ_OK)
		return VIZ_BACKUP_DAMAGED;
	wrong = begin(r, &file_key);
	viz_secret_wipe(&file_key, sizeof file_key);
	return wrong;
}

enum viz_backup_wrong viz_backup_file_read_next(struct viz_backup_reader *r, uint8_t *plain,
						size_t *len, enum viz_recovery_chunk *kind)
{
	uint8_t size[4], more;
	size_t got = 0, n;

	if (read_full(r->fd, size, &got, sizeof size) != VIZ_OK)
		return VIZ_BACKUP_NO_FILE;
	if (got < sizeof size)
		return VIZ_BACKUP_SHORT;
	n = viz_be_get_u32(size);
	if (n < VIZ_RECOVERY_TAG || n > sizeof r->chunk)
		return VIZ_BACKUP_DAMAGED;
	if (read_full(r->fd, r->chunk, &got, n) != VIZ_OK)
		return VIZ_BACKUP_NO_FILE;
	if (got < n)
		return VIZ_BACKUP_SHORT;
	if (viz_recovery_pull(&r->stream, plain, kind, r->chunk, n, r->begun ? NULL : r->bytes,
			      r->begun ? 0 : VIZ_BACKUP_HEAD) != VIZ_OK)
		return VIZ_BACKUP_DAMAGED;
	r->begun = true;
	r->at += sizeof size + n;
	*len = n - VIZ_RECOVERY_TAG;
	if (*kind == VIZ_RECOVERY_LAST && (read_full(r->fd, &more, &got, 1) != VIZ_OK || got != 0))
		return VIZ_BACKUP_LONG;
	return VIZ_BACKUP_RIGHT;
}

int viz_backup_file_verify(const struct viz_backup_writer *w, const char *path)
{
	struct viz_backup_reader *r = malloc(sizeof *r);
	uint8_t *plain = malloc(VIZ_BACKUP_CHUNK);
	enum viz_recovery_chunk kind = VIZ_RECOVERY_MORE;
	enum viz_backup_wrong wrong;
	struct viz_id wrote, read;
	struct viz_hash sum;
	size_t len = 0;

	VIZ_REQUIRE(r && plain);
	viz_hash_init(&sum, "vizinho/backup");
	wrong = viz_backup_file_read_open(r, path);
	/* Of what the disk has, not of what memory still has. */
	if (r->fd >= 0)
		(void)posix_fadvise(r->fd, 0, 0, POSIX_FADV_DONTNEED);
	if (wrong == VIZ_BACKUP_RIGHT && memcmp(r->bytes, w->head, VIZ_BACKUP_HEAD) != 0)
		wrong = VIZ_BACKUP_DAMAGED;
	if (wrong == VIZ_BACKUP_RIGHT)
		wrong = begin(r, &w->file_key);
	while (wrong == VIZ_BACKUP_RIGHT && kind != VIZ_RECOVERY_LAST) {
		wrong = viz_backup_file_read_next(r, plain, &len, &kind);
		if (wrong == VIZ_BACKUP_RIGHT)
			viz_hash_part(&sum, plain, len);
	}
	viz_hash_final(&sum, &read);
	sum = w->sum;
	viz_hash_final(&sum, &wrote);
	viz_secret_wipe(plain, VIZ_BACKUP_CHUNK);
	viz_backup_file_read_close(r);
	free(plain);
	free(r);
	return wrong == VIZ_BACKUP_RIGHT && viz_id_eq(&wrote, &read) ? VIZ_OK : VIZ_ERR_AUTH;
}
