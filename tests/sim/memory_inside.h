/* What memory.c and memory_lmdb.c share and nobody else includes. */
#ifndef VIZ_SIM_MEMORY_INSIDE_H
#define VIZ_SIM_MEMORY_INSIDE_H

#include "tests/sim/memory.h"

#define GONE UINT32_MAX /* value_len of a row that hides one of the base */

struct row {
	uint32_t key_len, value_len;
	uint8_t bytes[];
};

/* A row, and how its key begins, by which most keys differ. */
struct entry {
	uint64_t begins;
	struct row *row;
};

struct rows {
	struct entry *list; /* ascending by key */
	size_t count, capacity;
};

struct sim_memory_base {
	struct rows table[VIZ_TABLE_COUNT];
	uint64_t bytes;
};

/* LMDB's handles. */
struct MDB_txn {
	struct sim_memory *m; /* NULL: it has not begun */
	uint64_t bytes;       /* of the memory, when it began */
	bool writer;
};

struct sim_memory {
	struct MDB_txn writing, reading; /* one of each at a time */
	const struct sim_memory_base *base;
	struct rows table[VIZ_TABLE_COUNT];
	size_t entries[VIZ_TABLE_COUNT]; /* what a reader sees */
	struct rows dropped;             /* until the end of the transaction */
	struct change {
		unsigned table;
		struct row *old, *now; /* own rows; NULL: none */
		size_t entries;        /* before it */
	} * change;                    /* of this transaction */
	size_t change_count, change_capacity;
	uint64_t bytes, writes, map_bytes;
};

/* Keys that are not below each other are equal. Numbers stand in the order of the machine. */
int sim_memory_compare(unsigned table, const uint8_t *a, size_t a_len, const uint8_t *b,
		       size_t b_len);
int sim_memory_compare_rows(unsigned table, const struct row *a, const struct row *b);
/* The first row that is not below the key. */
size_t sim_memory_position(unsigned table, const struct rows *rows, const uint8_t *key,
			   size_t key_len);
/* NULL: there is none. */
struct row *sim_memory_find(unsigned table, const struct rows *rows, const uint8_t *key,
			    size_t key_len);
/* What a reader finds under the key; NULL: nothing. */
const struct row *sim_memory_look(const struct sim_memory *m, unsigned table, const uint8_t *key,
				  size_t key_len);
struct row *sim_memory_make(const uint8_t *key, size_t key_len, const uint8_t *value, uint32_t len);
/* Puts `r` into the own rows, or only removes what is there (NULL). `entries` are what a reader
 * sees after it. */
void sim_memory_replace(struct sim_memory *m, unsigned table, const uint8_t *key, size_t key_len,
			struct row *r, size_t entries);
/* The end of a transaction: what has changed stays, or goes back to `bytes`. */
void sim_memory_keep(struct sim_memory *m);
void sim_memory_undo(struct sim_memory *m, uint64_t bytes);
/* The memory that the next store has; NULL: LMDB. */
struct sim_memory *sim_memory_used(void);

#endif
