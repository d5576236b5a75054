/* Numbers, money and dates as each language writes them. They are returned by value, so that
 * several fit in one call: viz_number_count(lang, n).s */
#ifndef VIZ_ANALYZE_NUMBER_H
#define VIZ_ANALYZE_NUMBER_H

#include "node/host/lang.h"

#define VIZ_NUMBER_MAX 40
struct viz_number {
	char s[VIZ_NUMBER_MAX];
};

struct viz_number viz_number_count(enum viz_lang lang, uint64_t n); /* 1.234.567 */
/* R$ 1.234,56 and R$ 1.235; the blank does not break. */
struct viz_number viz_number_money(enum viz_lang lang, int64_t cents);
struct viz_number viz_number_money_whole(enum viz_lang lang, int64_t cents);
struct viz_number viz_number_share(enum viz_lang lang, uint64_t part, uint64_t whole); /* 12,3 % */
/* 03/2025 or 2025-03; 05/03/2025 or 2025-03-05. Months as in totals.h. */
struct viz_number viz_number_month(enum viz_lang lang, int month);
struct viz_number viz_number_day(enum viz_lang lang, int32_t day);
/* 2025-03, for machines. */
struct viz_number viz_number_month_iso(int month);

#endif
