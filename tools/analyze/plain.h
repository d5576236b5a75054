/* Text as people and ERPs write it, brought to one form: lower-case ASCII letters and digits, words
 * separated by single spaces, accents taken off. Reads UTF-8 (composed or not), Windows-1252, UTF-8
 * that was encoded twice, and any mixture of these, because exports mix them. */
#ifndef VIZ_ANALYZE_PLAIN_H
#define VIZ_ANALYZE_PLAIN_H

#include "proto/base.h"

/* Writes at most `max` bytes (no NUL) and returns how many. What does not fit is not looked at. */
size_t viz_plain_text(char *out, size_t max, const char *text, size_t len);

/* Bytes of a UTF-8 sequence at `p`, 1 to 4, or 0 when it is none (then: Windows-1252). */
unsigned viz_plain_utf8_len(const char *p, size_t len);

/* A 64-bit hash of bytes for tables in memory; not for anything that an adversary gains from. */
uint64_t viz_plain_hash(const char *p, size_t len);

#endif
