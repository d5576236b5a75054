/* Compares rows that the core writes with the bytes of tests/vectors/rows.json. */
#ifndef VIZ_TESTS_STORED_ROW_H
#define VIZ_TESTS_STORED_ROW_H

#include "proto/base.h"
#include "store/tables.h"
#include "tests/unit/vectors.h"

struct bed;

#define ROW_NOW 1700000000000

/* For cmocka: a bed whose store has an open transaction that is never committed. */
int row_setup(void **state);
int row_teardown(void **state);

/* rows.json */
const json_t *row_vectors(void);

/* Each gives another value than all before in this test. */
void fill(void *p, size_t len);
#define FILL(field) fill(&(field), sizeof(field))
struct viz_time at(void);

/* Compares the stored row with the file. */
void check(struct bed *b, const char *name, enum viz_table table, const void *key, size_t key_len);
/* Puts the row of the file into the store, in place of the one that the test wrote. */
void plant_vector(struct bed *b, const char *name, enum viz_table table, const void *key,
		  size_t key_len);

#endif
