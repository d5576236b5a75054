/* What the held records say about an author: its keys, its NODE, its VOUCHes and its PARTNERS. */
#ifndef VIZ_NODE_TRUST_AUTHOR_H
#define VIZ_NODE_TRUST_AUTHOR_H

#include "proto/base.h"

struct viz_member;
struct viz_pub;
struct viz_record;
struct viz_trust;

/* Finds the public key that must have signed `rec`. A NODE carries the author's first key and a
 * SUCCESSION the next one; both are checked against the commitments that are known. May insert the
 * author of a NODE. VIZ_ERR_ABSENT: the key is not known yet. VIZ_ERR_FORM: the body is damaged.
 * VIZ_ERR_AUTH: the record contradicts a commitment. VIZ_ERR_LIMIT: too many authors are known. */
int viz_author_key(struct viz_trust *trust, struct viz_pub *out, const struct viz_record *rec);

/* Whether key `number` of the author has ended: it is revoked, or a later key is known, or it is
 * not known at all. */
bool viz_author_key_ended(const struct viz_member *m, uint32_t number);

/* Whether records of `type` keep their meaning when the key that signed them ends: write-once
 * records, SUCCESSION and REVOCATION. The author signs all others again with its next key. */
bool viz_author_type_outlasts_key(unsigned type);

/* Whether the author's current key is revoked and no other key succeeds it. Such an author gets
 * nothing from us. */
bool viz_author_revoked(const struct viz_member *m);

/* Takes over what a verified NODE, SUCCESSION, REVOCATION, VOUCH or PARTNERS says about its author.
 * Other types are ignored. When our own current key is revoked, we sign nothing from then on. */
void viz_author_apply(struct viz_trust *trust, const struct viz_record *rec);

/* Undoes viz_author_apply, because the place of `rec` is dead or was swept. After a dead SUCCESSION
 * the author has no valid key. */
void viz_author_forget(struct viz_trust *trust, const struct viz_record *rec);

#endif
