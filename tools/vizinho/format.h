/* Values as people read them, in the language of the command. */
#ifndef VIZ_TOOLS_VIZINHO_FORMAT_H
#define VIZ_TOOLS_VIZINHO_FORMAT_H

#include <jansson.h>

#include "tools/vizinho/command.h"

#define VIZ_FORMAT_MAX 64 /* bytes of a formatted value, with the final NUL */

/* A time of the daemon (RFC 3339, UTC, or NULL) in the machine's zone: "24/11/2026 14:05",
 * "2026-11-24 14:05", "-". */
void viz_format_time(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const json_t *time);
/* A time as the daemon gives it: RFC 3339, UTC, with milliseconds. A new reference. */
json_t *viz_format_rfc3339(struct viz_time time);
/* When something was signed, the same for every reader: "24/11/2026 17:05:09 UTC", "2026-11-24
 * 17:05:09 UTC". */
void viz_format_signed(char out[VIZ_FORMAT_MAX], enum viz_lang lang, struct viz_time time);
/* A day of the daemon ("2026-12-10"), a month ("2026-12"): "10/12/2026", "12/2026"; "" for "". */
void viz_format_date(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const char *date);
void viz_format_month(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const char *month);
/* "R$ 99,90", "R$ 99.90" */
void viz_format_money(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, int64_t cents);
/* "29,0 km²", "29.0 km²"; two decimals below 10 km². */
void viz_format_area(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, uint64_t m2);
/* A precision as the consent texts say it: "10 m", "9800 m", "65 km". */
void viz_format_metres(char out[VIZ_FORMAT_MAX], int64_t metres);
/* A postcode: "29300-100", "" for 0. */
void viz_format_postcode(char out[VIZ_FORMAT_MAX], int64_t cep);
/* A span in seconds: "1,5", "1.5". */
void viz_format_tenths(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, int64_t ms);
/* A share that the daemon has counted, {count, of?, low?, high?}: "3 of 20 (5 to 36 %)"; "3"
 * without `of`; "-" when there was no case. */
void viz_format_share(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const json_t *share);
/* A word of the protocol (a state, an answer, a verdict) in the language of people. A word without
 * a translation comes back as it is. Borrowed. */
const char *viz_format_word(const struct viz_cli *cli, const char *word);
/* The protocol's word for a technology: "fiber"; "?" for an unknown one. */

#endif
