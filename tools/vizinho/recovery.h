/* The secret of the recovery key, as people have it: on paper, or in a file that they typed. */
#ifndef VIZ_TOOLS_VIZINHO_RECOVERY_H
#define VIZ_TOOLS_VIZINHO_RECOVERY_H

#include "crypto/recovery.h"
#include "tools/vizinho/command.h"

/* A new key. The caller wipes the secret. */
void viz_recovery_key_make(struct viz_secret *secret, struct viz_pub *pub);

/* Prints it for paper, and adds it to `o` with --json. It is shown this once. */
void viz_recovery_key_show(const struct viz_cli *cli, json_t *o, const struct viz_secret *secret);

/* Reads it from `file` (lines with '#' are for people), or else asks for it. An exit status, with
 * the error printed: it names the group that is wrong. The caller wipes the secret. */
int viz_recovery_key_read(struct viz_secret *secret, const struct viz_cli *cli, const char *file);

#endif
