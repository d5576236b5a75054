/* Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level
 * date algorithms", days_from_civil / civil_from_days). */
#ifndef VIZ_ANALYZE_CALENDAR_H
#define VIZ_ANALYZE_CALENDAR_H

#include "proto/base.h"

int32_t viz_calendar_days(int year, unsigned month, unsigned day);
void viz_calendar_date(int *year, unsigned *month, unsigned *day, int32_t days);

#endif
