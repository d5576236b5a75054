/* The file of a backup: node/DESIGN.md, "The backup file". Written and read in one direction. */
#ifndef VIZ_TOOLS_VIZINHO_BACKUP_FILE_H
#define VIZ_TOOLS_VIZINHO_BACKUP_FILE_H

#include "crypto/hash.h"
#include "crypto/recovery.h"
#include "proto/base.h"

#define VIZ_BACKUP_HEAD  189   /* bytes */
#define VIZ_BACKUP_CHUNK 65536 /* of plain text, at most */

enum viz_backup_kind {
	VIZ_BACKUP_COPY = 1,      /* the store; to be restored into quarantine */
	VIZ_BACKUP_HAND_OVER = 2, /* store and vault of a node that left its machine */
};

struct viz_backup_head {
	enum viz_backup_kind kind;
	uint32_t schema; /* of the store in it */
	struct viz_time made;
	struct viz_id author;
	struct viz_pub recovery;
};

/* ---- writing ---- */

struct viz_backup_writer {
	int fd; /* borrowed */
	uint8_t head[VIZ_BACKUP_HEAD];
	struct viz_secret file_key;
	struct viz_recovery_stream stream;
	struct viz_hash sum; /* of the plain text */
	uint64_t bytes;      /* written */
	size_t used;         /* of `plain` */
	bool begun;
	uint8_t plain[VIZ_BACKUP_CHUNK];
};

/* VIZ_ERR_AUTH: the recovery key is none. VIZ_ERR_STORE with errno. The caller wipes *w. */
int viz_backup_file_write_begin(struct viz_backup_writer *w, int fd,
				const struct viz_backup_head *head);
/* Takes all that `from` gives until its end, and ends the part with it. VIZ_ERR_STORE with errno:
 * of the file; VIZ_ERR_INPUT: of `from`. `progress` (may be NULL) hears of each chunk. */
int viz_backup_file_write_part(struct viz_backup_writer *w, int from, bool last,
			       void (*progress)(void *arg, uint64_t bytes), void *arg);
/* Reads back from the disk what was written to `path`, and compares. VIZ_ERR_AUTH: it differs. */
int viz_backup_file_verify(const struct viz_backup_writer *w, const char *path);

/* ---- reading ---- */

enum viz_backup_wrong {
	VIZ_BACKUP_RIGHT,
	VIZ_BACKUP_NO_FILE,   /* errno */
	VIZ_BACKUP_NONE,      /* it is no backup */
	VIZ_BACKUP_NEWER,     /* of a newer version, or kind */
	VIZ_BACKUP_OTHER_KEY, /* that recovery key does not open it */
	VIZ_BACKUP_SHORT,     /* it ends too early */
	VIZ_BACKUP_DAMAGED,   /* at `at` */
	VIZ_BACKUP_LONG,      /* something stands behind its end */
};

struct viz_backup_reader {
	int fd;
	uint8_t bytes[VIZ_BACKUP_HEAD];
	struct viz_backup_head head;
	struct viz_recovery_stream stream;
	uint64_t at; /* where the next chunk begins */
	bool begun;
	uint8_t chunk[VIZ_BACKUP_CHUNK + VIZ_RECOVERY_TAG];
};

enum viz_backup_wrong viz_backup_file_read_open(struct viz_backup_reader *r, const char *path);
void viz_backup_file_read_close(struct viz_backup_reader *r);
/* Goes to the first chunk, also once more. */
enum viz_backup_wrong viz_backup_file_read_key(struct viz_backup_reader *r,
					       const struct viz_secret *recovery);
/* The next chunk into `plain`, VIZ_BACKUP_CHUNK bytes. */
enum viz_backup_wrong viz_backup_file_read_next(struct viz_backup_reader *r, uint8_t *plain,
						size_t *len, enum viz_recovery_chunk *kind);

#endif
