/* Numbers for status, inside or outside a transaction (outside: of the last commit). */
#ifndef VIZ_STORE_STAT_H
#define VIZ_STORE_STAT_H

#include "store/store.h"

/* How many entries a table has. */
uint64_t viz_store_stat_entries(struct viz_store *s, enum viz_table table);
/* How many bytes live pages use, and the largest size of the map. */
void viz_store_stat_usage(struct viz_store *s, uint64_t *used_bytes, uint64_t *map_bytes);
/* The latter alone, which costs nothing. */
uint64_t viz_store_stat_map(const struct viz_store *s);
/* Of which the parts of others are (trust/share.h): as much as the operator allows, or
 * VIZ_STORE_MAP_START when only the disk limits us. A large disk is no invitation to fill it. */
uint64_t viz_store_stat_shared(const struct viz_store *s);
/* How many bytes more live pages may use, as the map and the file system are now; without what is
 * kept for deletions. */
uint64_t viz_store_stat_room(struct viz_store *s);
/* Whether only the disk limits the map, and it grows with the disk. */
bool viz_store_stat_by_disk(const struct viz_store *s);
/* What the file system still gives us, as of the begin of the last transaction. */
uint64_t viz_store_stat_disk_free(const struct viz_store *s);
/* Whether that is less than what the store wants to have ahead: it is full because of the disk. */
bool viz_store_stat_disk_short(const struct viz_store *s);
/* How many files the file system still has room for, likewise; UINT64_MAX: it has no such limit. */
uint64_t viz_store_stat_inodes_free(const struct viz_store *s);
/* Whether others than the owner may read or write the store's file, likewise. */
bool viz_store_stat_is_open(const struct viz_store *s);

#endif
