/* Values as Brazilian ERPs and spreadsheets write them.
 *
 * Every function reads `text` of `len` bytes (blanks around it, an Excel `="..."`, and `NULL`, `-`
 * for empty are understood) and returns 0, VIZ_ERR_ABSENT for empty, or VIZ_ERR_INPUT for something
 * that is no such value; outputs are untouched unless it returns 0. Nothing is allocated. */
#ifndef VIZ_ANALYZE_VALUES_H
#define VIZ_ANALYZE_VALUES_H

#include "proto/base.h"

/* Takes blanks, quotes and the `=` of Excel off both ends. */
void viz_value_empty_trim(const char **text, size_t *len);
/* Empty, or one of the words that stand for it: NULL, N/A, -, nan. Expects trimmed text. */
bool viz_value_empty(const char *text, size_t len);

/* Whether it is a date, an amount, a document, a telephone, an e-mail: no title of a column looks
 * so. A title may have up to five digits. Expects trimmed text. */
bool viz_value_like(const char *text, size_t len);

/* "não informado", "n/i", "x", "a definir", "0", "?": what people type when they do not know.
 * Slower than viz_value_empty, so only for values that could not be read. */
bool viz_value_empty_placeholder(const char *text, size_t len);

/* Which comes first where the year is last: 03/04/2024. */
enum viz_date_order { VIZ_DATE_DAY_FIRST, VIZ_DATE_MONTH_FIRST };

/* dd/mm/aaaa, dd/mm/aa, ISO 8601, aaaammdd, dd-mmm-aa, Excel's serial day, dates in words (English
 * and Portuguese, JavaScript's), each with or without a time of day; seconds since 1970,
 * thousandths and millionths. `0000-00-00` and the other days that mean "never" are empty. A date
 * that the calendar does not have is VIZ_ERR_INPUT. */
int viz_value_date_in(int32_t *days, enum viz_date_order order, const char *text, size_t len);
/* The same with the day first. */
int viz_value_date(int32_t *days, const char *text, size_t len);

/* What a value tells about the order of its column. */
enum viz_date_hint {
	VIZ_DATE_HINT_NONE,  /* nothing: both orders give the same, or none gives a date */
	VIZ_DATE_HINT_OPEN,  /* it matters, and the value does not tell */
	VIZ_DATE_HINT_DAY,   /* a date only with the day first */
	VIZ_DATE_HINT_MONTH, /* only with the month first */
};
enum viz_date_hint viz_value_date_hint(const char *text, size_t len);

/* `R$ 1.234,56`, `1234.56`, `89,9`, `1,234.56`: cents of a real. A single separator followed by
 * exactly three digits separates thousands when it is a point (pt-BR), decimals when it is a comma.
 */
int viz_value_money(int64_t *cents, const char *text, size_t len);

/* Eight digits, with or without hyphen, point and blank; seven when Excel dropped the leading zero.
 * All zeros is empty. */
int viz_value_cep(uint32_t *cep, const char *text, size_t len);

/* Municipality code of 6 or 7 digits (as it stands: 6 digits stay 6). */
int viz_value_ibge(uint32_t *code, const char *text, size_t len);

/* State by IBGE code (11 to 53), abbreviation or name: gives the IBGE code. */
int viz_value_identity_uf(unsigned *code, const char *text, size_t len);
/* The abbreviation of a state code, "??" for none. */
const char *viz_value_identity_uf_name(unsigned code);

/* A latitude or longitude with decimal point or comma, or as Excel mangles it (-19.391.123):
 * microdegrees, cut, within +-180 degrees. Zero is empty: no provider serves the Gulf of Guinea. */
int viz_value_coordinate(int32_t *udeg, const char *text, size_t len);

/* CPF (11 digits) or CNPJ (14, of which the first 12 may be letters: Instrução Normativa RFB
 * 2.229/2024), punctuation allowed, leading zeros dropped by a spreadsheet put back. VIZ_ERR_INPUT
 * when a check digit is wrong or all digits are the same. "***.456.789-**" is masked. */
enum viz_document { VIZ_DOCUMENT_CPF, VIZ_DOCUMENT_CNPJ, VIZ_DOCUMENT_MASKED };
int viz_value_identity_document(enum viz_document *kind, const char *text, size_t len);

/* A house number: VIZ_ERR_ABSENT for empty, S/N, SN, 0 and their like. */
int viz_value_number(uint32_t *number, const char *text, size_t len);

#endif
