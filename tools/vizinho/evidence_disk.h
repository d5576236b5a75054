/* A folder of evidence on the disk. */
#ifndef VIZ_TOOLS_VIZINHO_EVIDENCE_DISK_H
#define VIZ_TOOLS_VIZINHO_EVIDENCE_DISK_H

#include "tools/vizinho/evidence.h"

#define VIZ_EVIDENCE_DISK_NAME 512

/* Writes the folder to a new directory beside `dir`, and renames that to `dir`, which must not
 * exist. Returns NULL, or what was not written, with errno; then nothing is left. */
const char *viz_evidence_disk_write(const struct viz_evidence_folder *f, const char *dir);

/* Reads all files of the directory and of r, h and k in it. False: `bad` is what cannot be part of
 * such a folder. */
bool viz_evidence_disk_read(struct viz_evidence_folder *out, char bad[VIZ_EVIDENCE_DISK_NAME],
			    const char *dir);

#endif
