/* Reading test vectors: JSON files of the folder named in VIZ_VECTORS. Whatever is not as expected
 * fails the test. */
#ifndef VIZ_TESTS_VECTORS_H
#define VIZ_TESTS_VECTORS_H

#include "tests/unit/unit.h"

#include <stdbool.h>

#include <jansson.h>

/* The caller ends it with json_decref. */
json_t *viz_vectors_load(const char *file);
/* A member that must be there. Borrowed. */
json_t *viz_vectors_get(const json_t *object, const char *key);
const char *viz_vectors_text(const json_t *object, const char *key);
/* The bytes of a string of hexadecimal digits, in a block of exactly *len bytes (or 1); the caller
 * frees it. */
uint8_t *viz_vectors_bytes(size_t *len, const json_t *text);
uint8_t *viz_vectors_hex(size_t *len, const json_t *object, const char *key);
/* The same, of exactly `len` bytes, copied. */
void viz_vectors_fixed(uint8_t *out, size_t len, const json_t *object, const char *key);
/* Whether the array "flags" of a Wycheproof test has `flag`. */
bool viz_vectors_flag(const json_t *test, const char *flag);

#endif
