/* Forms as browsers send them: application/x-www-form-urlencoded (WHATWG URL, section 5.1), of a
 * body or of a query.
 *
 * Every value is UTF-8 without control characters; a text of several lines has "\n" between them. A
 * field that comes twice is refused: nobody can say which one is meant. A name that ends in "[]" is
 * a list and may come again. */
#ifndef VIZ_TOOLS_WEB_FORM_H
#define VIZ_TOOLS_WEB_FORM_H

#include <jansson.h>

#include "proto/base.h"

/* The fields as a JSON object: text, or a list of texts under its name without "[]". *out is a new
 * reference. VIZ_ERR_FORM: it is no form. VIZ_ERR_LIMIT: too many fields, or too long a name. */
int viz_web_form_read(json_t **out, const char *text, size_t len);

/* The body of a request of application/json: an object, at most VIZ_WEB_JSON_DEPTH deep, without
 * duplicate names. *out is a new reference. VIZ_ERR_FORM. */
int viz_web_form_json(json_t **out, const char *text, size_t len);

/* Decodes %XX (and, with `plus`, "+") into `out`, which holds `len` bytes. Returns how many, or
 * VIZ_ERR_FORM for a % that is none. */
int viz_web_form_decode(char *out, const char *text, size_t len, bool plus);

#endif
