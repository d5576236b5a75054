/* Random values for the bodies of bodies.c, from the seed of viz_bodies_start. */
#ifndef VIZ_TESTS_UNIT_PROTO_VALUES_H
#define VIZ_TESTS_UNIT_PROTO_VALUES_H

#include "proto/base.h"
#include "proto/limits.h"

extern bool most; /* all values at their limits instead of random */

uint64_t draw(void);
/* The limits, and every length of integer, come often. */
uint64_t between(uint64_t lo, uint64_t hi);
uint32_t small(uint32_t lo, uint32_t hi);
void bytes_of(uint8_t *out, size_t len);
struct viz_id id_of(void); /* never zero */
struct viz_time time_of(void);
uint64_t slot_of(void);
/* Text of min to max bytes, with letters of one to four bytes. */
void text_of(char *out, size_t min, size_t max);
/* Text for a name of NODE: no space at either end. */
void name_of(char out[VIZ_NAME_MAX + 1]);
/* Ascending ids at a distance of `size` bytes. */
size_t ids_of(void *out, size_t size, size_t min, size_t max);
void cnpj_of(char *out);

#endif
