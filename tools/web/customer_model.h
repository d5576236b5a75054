/* What the customer's templates see, of the replies of the node. */
#ifndef VIZ_TOOLS_WEB_CUSTOMER_MODEL_H
#define VIZ_TOOLS_WEB_CUSTOMER_MODEL_H

#include "tools/web/page.h"

/* "/c/TOKEN" with `more` behind it; `out` holds VIZ_CUSTOMER_PATH_MAX. */
#define VIZ_CUSTOMER_PATH_MAX 128
void viz_customer_model_path(char out[VIZ_CUSTOMER_PATH_MAX], const struct viz_page *p,
			     const char *more);

/* The args {"token"} of a request. */
json_t *viz_customer_model_token(const struct viz_page *p);

/* Whether the POST has the nonce of this link for this browser. */
bool viz_customer_model_is_fresh(const struct viz_page *p);

/* What all pages show: addresses, nonce, who asks. `page`: of customer.show, or NULL. */
void viz_customer_model_frame(struct viz_page *p, const json_t *page);

/* The parts of one stage. */
void viz_customer_model_step(struct viz_page *p, int at, int of);
void viz_customer_model_begin(struct viz_page *p, const json_t *page);
/* Names, strikes, texts and their hashes; also of `single` and `no-neighbour`. */
void viz_customer_model_consent(struct viz_page *p, const json_t *page);
void viz_customer_model_waiting(struct viz_page *p, const json_t *page);
/* In RESULT's order, or by "price", "speed" or "date". Returns how many can be chosen. */
size_t viz_customer_model_proposals(struct viz_page *p, const json_t *page, const char *sort);
/* The proposal of that place in RESULT's order, to be agreed to. NULL: none such; borrowed. */
const json_t *viz_customer_model_find(const json_t *page, const char *number);
void viz_customer_model_choose(struct viz_page *p, const json_t *page, const json_t *proposal);
/* `soon`: as of viz_customer_words_when. */
void viz_customer_model_done(struct viz_page *p, const json_t *page, bool soon);
/* Who got what, and has erased it. */
void viz_customer_model_holders(struct viz_page *p, const json_t *holders, const char *caller);
/* What was agreed to. */
void viz_customer_model_consents(struct viz_page *p, const json_t *consents);

#endif
