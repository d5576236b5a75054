/* What the files that read dates share. */
#ifndef VIZ_ANALYZE_VALUE_DATE_H
#define VIZ_ANALYZE_VALUE_DATE_H

#include "proto/base.h"

/* A day of the calendar. VIZ_ERR_ABSENT for the days that programs write for "never", VIZ_ERR_INPUT
 * for one that there is not. */
int viz_value_date_civil(int32_t *days, unsigned y, unsigned m, unsigned d);

/* A year of two digits: 90 to 99 are the nineties, all others are of this century. */
unsigned viz_value_date_civil_year(unsigned year, size_t digits);

/* By how many days the day of Brasília differs, by the time of day and its zone that stand behind a
 * day; 0 where there is no zone. */
int32_t viz_value_date_zone(const char *rest, size_t len);

/* A date with its month in letters. */
int viz_value_date_words(int32_t *days, const char *text, size_t len);

#endif
