/* Who belongs: the closure of mutual vouches, from this node. */
#ifndef VIZ_NODE_TRUST_CLOSURE_H
#define VIZ_NODE_TRUST_CLOSURE_H

#include "proto/base.h"

struct viz_id;
struct viz_member;
struct viz_trust;

void viz_trust_free(struct viz_trust *trust);

/* Whether `a` has a VOUCH for `b` that counts. */
bool viz_closure_vouches(const struct viz_member *a, const struct viz_id *b);

/* Computes the closure when it is dirty. Returns true when somebody came or went. */
bool viz_closure_refresh(struct viz_trust *trust);

/* How many members come in through `m` and nobody else: whom it answers for. */
size_t viz_closure_only_through(struct viz_trust *trust, const struct viz_member *m);

/* Whether nothing is left of it but the id. A sponsor that names others in turn must not fill the
 * memory. */
bool viz_closure_useless(const struct viz_trust *trust, const struct viz_member *m);

/* Removes those members after a refresh. Mail to them must be gone (viz_mail_drop_orphans). */
void viz_closure_drop(struct viz_trust *trust);

#endif
