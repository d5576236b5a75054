/* The function that libFuzzer calls, or replay.c instead of it. */
#ifndef VIZ_TESTS_FUZZ_H
#define VIZ_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0. A violation ends the process (VIZ_REQUIRE, a sanitizer). `data` is borrowed and not
 * NULL. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
