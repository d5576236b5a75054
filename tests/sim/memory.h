/* A stand-in for LMDB that keeps its tables in memory, for worlds of many nodes (nation.h). All of
 * store/ above it is real. The linker replaces the calls of LMDB (--wrap); where no memory is in
 * use they reach LMDB.
 *
 * A memory has rows of its own above a base of rows that all memories share. The base never
 * changes while a store is open over it. There are no nested transactions, as the map is never
 * full, and nothing reaches a disk. */
#ifndef VIZ_SIM_MEMORY_H
#define VIZ_SIM_MEMORY_H

#include "store/tables.h"

struct sim_memory;
struct sim_memory_base;

struct sim_memory_base *sim_memory_base_new(void);
void sim_memory_base_free(struct sim_memory_base *base);

/* `base` is borrowed until sim_memory_free. */
struct sim_memory *sim_memory_new(const struct sim_memory_base *base);
void sim_memory_free(struct sim_memory *m);
/* The same rows above the same base. No transaction may be open. */
struct sim_memory *sim_memory_copy(const struct sim_memory *m);

/* The store that is opened next has this memory; NULL: LMDB. A closed store leaves it as it is, and
 * the next one finds it again. */
void sim_memory_use(struct sim_memory *m);

/* Moves the rows of these tables into the base, in place of those with the same key. No store may
 * be open over it. */
void sim_memory_give_base(struct sim_memory_base *base, struct sim_memory *m, enum viz_table table);
/* Copies one row of the memory into the base, if it is there. */
void sim_memory_give_row(struct sim_memory_base *base, struct sim_memory *m, enum viz_table table,
			 const uint8_t *key, size_t key_len);

/* The own row at this position of the table, ascending by key. `*gone`: it hides one of the base,
 * and `value` is that of the base. False: there are no more. Borrowed until the next write. */
bool sim_memory_own(const struct sim_memory *m, struct viz_slice *key, struct viz_slice *value,
		    bool *gone, enum viz_table table, size_t position);

/* Bytes of the rows and lists of its own, and of all of the base. */
uint64_t sim_memory_bytes(const struct sim_memory *m);
uint64_t sim_memory_base_bytes(const struct sim_memory_base *base);

#endif
