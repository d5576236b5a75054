/* What is wrong, for a program: application/problem+json (RFC 9457). */
#ifndef VIZ_TOOLS_WEB_API_PROBLEM_H
#define VIZ_TOOLS_WEB_API_PROBLEM_H

#include "tools/web/page.h"

/* A problem of our own. `detail` is a sentence in English; `field` may be NULL. */
void viz_api_problem(struct viz_page *p, unsigned status, const char *code, const char *detail,
		     const char *field);
/* The node's error, {"code", "message", ...}. */
void viz_api_problem_of(struct viz_page *p, const json_t *error);
/* When the i-th request was refused: answers with its problem, and is true. */
bool viz_api_problem_refused(struct viz_page *p, size_t i);

#endif
