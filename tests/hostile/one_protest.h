/* PROTESTs: what is held of them, and false ones. */
#ifndef VIZ_TESTS_ONE_PROTEST_H
#define VIZ_TESTS_ONE_PROTEST_H

#include "node/audit/protest.h"
#include "proto/base.h"
#include "proto/protest.h"
#include "tests/hostile/one_node.h"

/* What is held about an origin: how often each kind was said by `by`, with its replies. */
struct viz_audit_protester protests_by(struct one_node *b, const struct viz_id *origin,
				       const struct viz_id *by);
/* A PROTEST about our node, without an offer: of our newest NODE, as that names its circle. */
struct viz_protest protest_about_us(struct one_node *b);
/* Signs the `n`-th PROTEST of the day of `f`. */
void sign_protest(struct one_node *b, struct forged *out, const struct forge *f,
		  const struct viz_protest *p, unsigned n);

#endif
