/* One page for each stage, and for what the node refuses. */
#ifndef VIZ_TOOLS_WEB_CUSTOMER_SHOW_H
#define VIZ_TOOLS_WEB_CUSTOMER_SHOW_H

#include "tools/web/page.h"

/* Renders the stage of customer.show's `page`. `form`: what was typed (taken), or NULL. */
void viz_customer_show(struct viz_page *p, const json_t *page, json_t *form);
/* The second consent, for this proposal; `form` likewise. */
void viz_customer_show_choose(struct viz_page *p, const json_t *page, const json_t *proposal,
			      json_t *form);
/* For an unknown token, one that is over, and one that never was: nobody can tell them apart. */
void viz_customer_show_over(struct viz_page *p);
/* Where the i-th reply is none or a refusal: answers, and is true. `page`: what is known, or NULL.
 */
bool viz_customer_show_refused(struct viz_page *p, size_t i, const json_t *page);

#endif
