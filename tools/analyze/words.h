/* The report's words and numbers in two languages. */
#ifndef VIZ_ANALYZE_WORDS_H
#define VIZ_ANALYZE_WORDS_H

#include "proto/base.h"
#include "tools/analyze/texts_table.h"

enum viz_lang { VIZ_LANG_PT, VIZ_LANG_EN };

/* From --lang, else from LC_ALL, LC_MESSAGES, LANG (the first that is set): pt* is Portuguese, all
 * else English. `option` may be NULL. */
enum viz_lang viz_lang_of(const char *option);
/* "pt-BR", "en". */
const char *viz_lang_tag(enum viz_lang lang);

#define VIZ_WORDS_MAX 2048
/* One finished text; its bytes live as long as the struct. */
struct viz_words {
	char s[VIZ_WORDS_MAX];
};

/* The text with {1}, {2} ... replaced by `args` (NULL-terminated list of strings, may be NULL), and
 * {1?one:many} by "one" where the first is "1", else by "many". */
const char *viz_words(struct viz_words *w, enum viz_lang lang, enum viz_text text,
		      const char *const *args);
const char *viz_text(enum viz_lang lang, enum viz_text text);

#define VIZ_NUMBER_MAX 40
struct viz_number {
	char s[VIZ_NUMBER_MAX];
};
/* By value, so that several stand in one call: viz_count(lang, n).s */
struct viz_number viz_count(enum viz_lang lang, uint64_t n); /* 1.234.567 */
struct viz_number viz_money(enum viz_lang lang,
			    int64_t cents); /* R$ 1.234,56; the blank does not break */
struct viz_number viz_money_whole(enum viz_lang lang, int64_t cents);           /* R$ 1.235 */
struct viz_number viz_share(enum viz_lang lang, uint64_t part, uint64_t whole); /* 12,3 % */
/* 03/2025 or 2025-03; 05/03/2025 or 2025-03-05. Months as in totals.h. */
struct viz_number viz_month_name(enum viz_lang lang, int month);
struct viz_number viz_day_name(enum viz_lang lang, int32_t day);

#endif
