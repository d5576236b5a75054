/* How what is typed of a person is compared with what is held: a name without accents and case, a
 * telephone by its digits, a number by its letters and digits. */
#ifndef VIZ_NODE_CONTROL_MATCH_H
#define VIZ_NODE_CONTROL_MATCH_H

#include "proto/base.h"

#define VIZ_MATCH_MAX 256 /* bytes of a text that is folded, with the 0 */

/* What is looked for. Personal data: the caller wipes it. */
struct viz_match {
	char words[VIZ_MATCH_MAX];
	char code[VIZ_MATCH_MAX];  /* the same without blanks */
	char phone[VIZ_MATCH_MAX]; /* "": it is no telephone */
};

/* Lower case without accents; what is no letter or digit becomes one blank. Letters of other
 * scripts stay. What does not fit is left out. */
void viz_match_fold(char out[VIZ_MATCH_MAX], const char *text);

/* The digits of a telephone, without what is said of one number or not: the country of Brazil, the
 * trunk's 0, and the 9 before a mobile number of 8 digits. "": it has fewer than 8 digits, or
 * letters. */
void viz_match_phone_fold(char out[VIZ_MATCH_MAX], const char *text);

/* False: there are fewer than three letters or digits to look for. */
bool viz_match_init(struct viz_match *m, const char *text);

/* Whether each word that is looked for begins a word of the name; or, with `whole`, is one. */
bool viz_match_name(const struct viz_match *m, const char *name, bool whole);

/* Whether it is this number. Without an area code, of any area. */
bool viz_match_phone(const struct viz_match *m, const char *phone);

/* Whether it is this number of a protocol or id of a lead. */
bool viz_match_code(const struct viz_match *m, const char *code);

#endif
