/* What the sender of webhooks keeps on disk, in a directory of its own:
 *
 *   cursor      {"number", "id", "time", "skip"}: up to here all events were taken
 *   queue/ID    {"event", "since_ms", "attempt", "next_ms", "why"}: taken, and not delivered yet
 *   dead/ID     likewise: given up
 *   dropped     how many of the dead were forgotten, because there were too many
 *   gone        the receiver said 410: nothing is sent
 *   retry       made by `vizinho events retry`, removed by the sender
 *
 * A file is whole or absent: it is written beside its place, synced, and renamed. */
#ifndef VIZ_TOOLS_VIZINHO_SPOOL_H
#define VIZ_TOOLS_VIZINHO_SPOOL_H

#include <jansson.h>

#include "proto/base.h"

#define VIZ_SPOOL_DIR       "/var/lib/vizinho-webhook"
#define VIZ_SPOOL_QUEUE_MAX 1000  /* then the rest waits in the journal of the node */
#define VIZ_SPOOL_DEAD_MAX  10000 /* then the oldest is forgotten, and counted */

/* Makes the directories. False, with errno. */
bool viz_spool_open(const char *dir);
/* Locks it for this process; a second sender gets false. */
bool viz_spool_lock(const char *dir);

/* Reads DIR/NAME; NULL: there is no such file, or it is not whole. A new reference. */
json_t *viz_spool_get(const char *dir, const char *name);
/* Writes it. False, with errno. */
bool viz_spool_put(const char *dir, const char *name, const json_t *value);
bool viz_spool_has(const char *dir, const char *name);
void viz_spool_remove(const char *dir, const char *name);
/* False, with errno. */
bool viz_spool_move(const char *dir, const char *from, const char *to);

/* All of DIR/PART ("queue", "dead") as a list, by the number of the event. A new reference. */
json_t *viz_spool_list(const char *dir, const char *part);
/* "queue/ID" of an entry. */
void viz_spool_name(char out[96], const char *part, const json_t *entry);

#endif
