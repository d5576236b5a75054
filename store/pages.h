/* Reads the pages of a store's file without LMDB, which trusts them: a page that was torn kills a
 * process that reads it through LMDB. Nothing is believed here: each page is where it belongs, is
 * used once and lies within the file, keys ascend, numbers of rows and pages agree, and so do the
 * checksums (checksum.h) and META's "sums". What passes is a file that LMDB reads and writes right.
 *
 * The format is that of LMDB 0.9 (MDB_DATA_VERSION 1) on this machine: struct MDB_meta, MDB_page,
 * MDB_node and MDB_db of mdb.c. */
#ifndef VIZ_STORE_PAGES_H
#define VIZ_STORE_PAGES_H

#include "store/tables.h"

/* What is wrong with a store. Numbers of pages and rows, as far as they are known. */
struct viz_damage {
	bool head;      /* the pages that say where all others begin: a commit may be lost */
	bool directory; /* the tables are not all known */
	bool free_list; /* of the pages that are not used */
	uint32_t pages[VIZ_TABLE_COUNT]; /* that cannot be read, with all rows on them */
	uint32_t rows[VIZ_TABLE_COUNT];  /* that do not fit their checksum */
	bool sum[VIZ_TABLE_COUNT];       /* rows are missing, or are of another time */
};

/* A row, with its checksum in `stored` where the schema has one; borrowed. `right`: it fits. Else
 * the key may be wrong, too. An error ends the reading and is returned. */
typedef int (*viz_pages_row)(void *arg, enum viz_table table, const struct viz_slice *key,
			     const struct viz_slice *stored, bool right);

/* Reads the whole file; `row` may be NULL. 0: it is sound. VIZ_ERR_STORE: it is damaged, and `out`
 * says where. VIZ_ERR_ABSENT: it holds nothing yet. VIZ_ERR_NOMEM, or what `row` returned. *version
 * is that of the schema, 0 where it cannot be read. A disk that does not give a page sends SIGBUS:
 * so this is for a process of its own. */
int viz_pages_read(struct viz_damage *out, uint32_t *version, int fd, viz_pages_row row, void *arg);

#endif
