/* What records say of an author: its keys, its NODE, whom it vouches for, who its partners
 * are. */
#ifndef VIZ_NODE_TRUST_AUTHOR_H
#define VIZ_NODE_TRUST_AUTHOR_H

#include "proto/base.h"

struct viz_member;
struct viz_pub;
struct viz_record;
struct viz_trust;

/* The public key with which `rec` must be signed, from what is known (and, for NODE and SUCCESSION,
 * from the record itself, checked against commitments). VIZ_ERR_ABSENT: not known (yet),
 * VIZ_ERR_AUTH: it contradicts a commitment. */
int viz_author_key(struct viz_trust *trust, struct viz_pub *out, const struct viz_record *rec);

/* Whether key `number` of the author has ended: a later SUCCESSION is known, or its REVOCATION. */
bool viz_author_key_ended(const struct viz_member *m, uint32_t number);

/* The current key is revoked and nothing succeeds it: nothing more goes to this author. */
bool viz_author_revoked(const struct viz_member *m);

/* Takes a verified record's meaning in (NODE, SUCCESSION, REVOCATION, VOUCH, PARTNERS). */
void viz_author_apply(struct viz_trust *trust, const struct viz_record *rec);

/* The place of `rec` is dead: its meaning no longer counts. */
void viz_author_forget(struct viz_trust *trust, const struct viz_record *rec);

#endif
