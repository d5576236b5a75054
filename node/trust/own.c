#include "node/trust/own.h"

#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/trust/author.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

static bool same(const uint8_t *signed_record, size_t len, const struct viz_record *rec)
{
	return signed_record && len == rec->len + sizeof rec->sig.b &&
	       memcmp(signed_record + sizeof rec->sig.b, rec->bytes, rec->len) == 0;
}

/* Whether we hold a record of the same place and seq with other bytes. An old record that the store
 * has dropped is no such one. */
static bool contradicts(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_held held;
	struct viz_record ours;

	return rec->type < VIZ_TYPE_STATEMENT_MIN &&
	       viz_place_get(core, &held, &ours, &rec->author, rec->type, rec->slot) &&
	       ours.seq == rec->seq && !same(held.a, held.a_len, rec) &&
	       !same(held.b, held.b_len, rec);
}

int viz_own_judge(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_pub pub;
	struct viz_id id;
	int err = viz_author_key(trust, &pub, rec);

	if (err != VIZ_OK)
		return err == VIZ_ERR_ABSENT ? VIZ_ERR_ABSENT : VIZ_ERR_AUTH;
	viz_ids_record(&id, &trust->core->federation_id, rec);
	if (viz_sign_verify(&rec->sig, &id, &pub) != VIZ_OK)
		return VIZ_ERR_AUTH;
	if ((rec->time.ms > trust->self.signed_at.ms && rec->time.ms > trust->self.fast_until.ms) ||
	    contradicts(trust->core, rec))
		viz_identity_quarantine(trust, rec->time);
	return VIZ_OK;
}
