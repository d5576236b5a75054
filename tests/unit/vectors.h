/* Reads test vectors: JSON files of the folder in VIZ_VECTORS. Any error fails the test. */
#ifndef VIZ_TESTS_VECTORS_H
#define VIZ_TESTS_VECTORS_H

#include "tests/unit/unit.h"

#include <stdbool.h>

#include <jansson.h>

#include "proto/base.h"

/* The caller frees it with json_decref. */
json_t *viz_vectors_load(const char *file);
/* A member, which must exist. Borrowed. */
json_t *viz_vectors_get(const json_t *object, const char *key);
const char *viz_vectors_text(const json_t *object, const char *key);
/* The bytes of a string of hexadecimal digits. The block has exactly *len bytes (1 for none),
 * and the caller frees it. */
uint8_t *viz_vectors_bytes(size_t *len, const json_t *text);
uint8_t *viz_vectors_hex(size_t *len, const json_t *object, const char *key);
/* Copies a member of exactly `len` bytes to `out`. */
void viz_vectors_fixed(uint8_t *out, size_t len, const json_t *object, const char *key);
struct viz_id viz_vectors_id(const json_t *object, const char *key);
void viz_vectors_assert_id(const struct viz_id *id, const json_t *object, const char *key);
/* Whether the array "flags" of a Wycheproof test has `flag`. */
bool viz_vectors_flag(const json_t *test, const char *flag);

#endif
