/* What libFuzzer calls, and replay.c in its place. */
#ifndef VIZ_TESTS_FUZZ_H
#define VIZ_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0; a broken promise ends the process (VIZ_REQUIRE, a sanitizer). `data` is borrowed, and
 * not NULL. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
