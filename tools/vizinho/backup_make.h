/* Makes the file of a backup, from a node that runs or does not. */
#ifndef VIZ_TOOLS_VIZINHO_BACKUP_MAKE_H
#define VIZ_TOOLS_VIZINHO_BACKUP_MAKE_H

#include "node/restore.h"
#include "tools/vizinho/backup_file.h"
#include "tools/vizinho/command.h"

/* So long the copy may take, and a second more for so many bytes of the store. The pages that the
 * node frees meanwhile are not used again before it ends, so its file grows by what it writes: the
 * process that copies is killed then. */
#define VIZ_BACKUP_SECONDS          60
#define VIZ_BACKUP_BYTES_PER_SECOND (4 << 20)

struct viz_backup_job {
	const struct viz_cli *cli;
	const char *state, *file;
	enum viz_backup_kind kind;
	struct viz_restore_node node; /* viz_backup_make_look */
	struct viz_time made;         /* 0: now */
	uint64_t bytes;               /* of the file */
};

/* Reads what node it is. An exit status, with the error printed: no node, no recovery key. */
int viz_backup_make_look(struct viz_backup_job *job);
/* Writes job->file whole, or nothing: beside it as FILE.part, verified by reading it back, then
 * under its name. A file that is there is never written over. */
int viz_backup_make(struct viz_backup_job *job);

#endif
