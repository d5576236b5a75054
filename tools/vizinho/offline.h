/* The files that `init` and `key rotate` leave to be kept off the machine. Each is text: lines that
 * begin with '#' are for people, and one line has the content:
 *     next-key-N.vizkey     "vizkey N vizseed1..."  seed of key N (viz_id_text: with a checksum)
 *     revocation-N.vizrev   "vizrev N HEX"          pre-signed REVOCATION of key N: signature ||
 * record */
#ifndef VIZ_TOOLS_VIZINHO_OFFLINE_H
#define VIZ_TOOLS_VIZINHO_OFFLINE_H

#include "node/host/lang.h"
#include "proto/base.h"

#define VIZ_OFFLINE_RECORD_MAX 512  /* bytes */
#define VIZ_OFFLINE_TEXT_MAX   2048 /* characters of a file, with a final NUL */
#define VIZ_OFFLINE_NAME_MAX   40

void viz_offline_key_name(char out[VIZ_OFFLINE_NAME_MAX], uint32_t number);
void viz_offline_revocation_name(char out[VIZ_OFFLINE_NAME_MAX], uint32_t number);

/* The text of a file. The key's is a secret: wipe it. */
void viz_offline_key_text(char out[VIZ_OFFLINE_TEXT_MAX], enum viz_lang lang, uint32_t number,
			  const struct viz_secret *seed);
/* VIZ_ERR_LIMIT past VIZ_OFFLINE_RECORD_MAX. */
int viz_offline_revocation_text(char out[VIZ_OFFLINE_TEXT_MAX], enum viz_lang lang, uint32_t number,
				const uint8_t *record, size_t len);

/* The reverse. VIZ_ERR_FORM: not such a text, a wrong checksum, or more than one line of content.
 */
int viz_offline_key_parse(uint32_t *number, struct viz_secret *seed, const char *text);
int viz_offline_revocation_parse(uint32_t *number, uint8_t record[VIZ_OFFLINE_RECORD_MAX],
				 size_t *len, const char *text);

/* Whether the directory is `state` or lies in it: 1 or 0; -1 with errno when one cannot be found.
 */
int viz_offline_inside(const char *offline, const char *state);
/* Whether the directory is a state directory or lies in one; a store shows that it is one. `state`
 * has PATH_MAX bytes and gets its path. */
bool viz_offline_in_state(char *state, const char *offline);

/* Writes a text to the end of a file, and a directory's entries, to the disk. False with errno. */
bool viz_offline_write(int fd, const char *text);
bool viz_offline_sync(const char *dir);

#endif
