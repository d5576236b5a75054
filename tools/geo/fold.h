/* Names as people write them, brought to one form for comparing: lower case without accents, words
 * parted by one blank, particles (de, do, da, dos, das, d', e) left out, the usual abbreviations
 * written out (s. is sao, sta. santa, dr. doutor, ...). */
#ifndef VIZ_TOOLS_GEO_FOLD_H
#define VIZ_TOOLS_GEO_FOLD_H

#include "proto/base.h"

#define VIZ_FOLD_BYTES 96u /* of a folded name and its NUL; longer text does not fold */

/* Lower-case ASCII of UTF-8 text: accents dropped, what is not a Latin letter, digit or blank
 * becomes a blank. Invalid UTF-8 is read as Latin-1. VIZ_ERR_LIMIT when it does not fit. */
int viz_fold_ascii(char *out, size_t max, const char *text);

/* The whole form; `out` holds VIZ_FOLD_BYTES. VIZ_ERR_LIMIT, VIZ_ERR_ABSENT when nothing is left.
 */
int viz_fold_name(char *out, const char *text);

/* The letters that spellings differ in made alike (y and i, z and s, ph and f, th and t, double
 * letters), of a folded name, for "did you mean". In place. */
void viz_fold_sound(char *folded);

/* Edit distance (Levenshtein) of two folded names, at most `max` + 1. */
unsigned viz_fold_distance(const char *a, const char *b, unsigned max);

#endif
