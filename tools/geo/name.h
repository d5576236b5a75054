/* Names of places as people write them, brought to one form for comparing: folded
 * (tools/text/fold.h), particles left out (de, do, da, dos, das, d', e), the usual abbreviations
 * written out (s. is sao, sta. santa, dr. doutor, ...). */
#ifndef VIZ_TOOLS_GEO_NAME_H
#define VIZ_TOOLS_GEO_NAME_H

#include "proto/base.h"

#define VIZ_NAME_BYTES 96u /* of a folded name and its NUL; longer text does not fold */

/* `out` holds VIZ_NAME_BYTES. VIZ_ERR_LIMIT for a longer name, VIZ_ERR_ABSENT when nothing is left.
 */
int viz_name_fold(char *out, const char *text);

/* Makes the letters alike in which spellings differ (y and i, z and s, ph and f, th and t, double
 * letters), in a folded name and in place: for "did you mean". */
void viz_name_sound(char *folded);

/* Edit distance (Levenshtein) of two folded names, at most `max` + 1. */
unsigned viz_name_distance(const char *a, const char *b, unsigned max);

#endif
