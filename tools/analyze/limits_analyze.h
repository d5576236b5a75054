/* The limits of the analysis. Its memory depends on them and on the gazetteer, never on the length
 * of a file. Past a limit a row is rejected with a reason. Nothing is cut without notice, except
 * where a comment here says so. */
#ifndef VIZ_ANALYZE_LIMITS_H
#define VIZ_ANALYZE_LIMITS_H

#define VIZ_ANALYZE_HEADER_LINES_MAX 20u          /* titles that an ERP writes above the header */
#define VIZ_ANALYZE_PIPE_BYTES_MAX   (512u << 20) /* of a pipe, which is kept to be read twice */
#define VIZ_ANALYZE_FILES_MAX        64u          /* files of one run */
#define VIZ_ANALYZE_REJECTS_MAX      100000u /* lines of the rejects file; more are only counted */
#define VIZ_ANALYZE_TEXT_MAX         1024u   /* folded bytes of a free text; the rest is not read */
#define VIZ_ANALYZE_NAME_MAX         96u     /* folded bytes of a municipality's name */
#define VIZ_ANALYZE_PARTNERS_MAX     256u    /* as many as a PARTNERS record lists */
#define VIZ_ANALYZE_BASE_MAX         100000000u        /* more customers than Brazil has accesses */
#define VIZ_ANALYZE_AMOUNT_CENTS_MAX INT64_C(10000000) /* no access costs R$ 100,000 a month */
#define VIZ_ANALYZE_CACHE_SLOTS      8192u             /* texts whose class is remembered */
#define VIZ_ANALYZE_WORDS_CACHE      4096u /* words of reasons whose meaning is remembered */
#define VIZ_ANALYZE_PLACES_CACHE     4096u /* addresses in words whose place is remembered */

/* Months are counted from January 1990; an earlier cancellation is a typing error. */
#define VIZ_ANALYZE_YEAR_MIN 1990
#define VIZ_ANALYZE_YEAR_MAX 2099
#define VIZ_ANALYZE_MONTHS   ((VIZ_ANALYZE_YEAR_MAX - VIZ_ANALYZE_YEAR_MIN + 1) * 12)

/* Fewer people than this in one place are "fewer than 5" in all that is mailed around. */
#define VIZ_ANALYZE_SMALL 5u
/* The window of the text that invites a neighbour. */
#define VIZ_ANALYZE_INVITE_DAYS 90
#define VIZ_ANALYZE_RING_DAYS   128 /* a power of two above the window */

#endif
