/* Text as people and their programs write it, brought to one form for comparing: lower-case ASCII
 * letters and digits, accents taken off, words separated by one blank. Everything else separates
 * words.
 *
 * It reads UTF-8 with composed or separate accents, Windows-1252, UTF-8 that was encoded twice, and
 * any mixture of these, because exports mix them. */
#ifndef VIZ_TOOLS_TEXT_FOLD_H
#define VIZ_TOOLS_TEXT_FOLD_H

#include "proto/base.h"

/* Writes at most `max` bytes without a NUL and returns how many. It stops before the first letter
 * that does not fit. */
size_t viz_fold_text(char *out, size_t max, const char *text, size_t len);

/* The same for all of a string, with its NUL. VIZ_ERR_LIMIT when it does not fit. */
int viz_fold_string(char *out, size_t max, const char *text);

#endif
