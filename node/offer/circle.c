#include "node/offer/circle.h"

#include "crypto/hash.h"
#include "crypto/rng.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/mail.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

uint64_t viz_circle_epoch(struct viz_trust *trust)
{
	struct viz_slice key, value;

	if (viz_walk_last(trust->core->store, &key, &value, VIZ_TABLE_CIRCLE, trust->self.author.b,
			  32) != VIZ_OK)
		return 0;
	return viz_be_get_u64(key.p + 32);
}

static void mail_key(struct viz_net *net, const struct viz_id *to, uint64_t epoch,
		     const struct viz_secret *key)
{
	struct viz_mail_circle_key mail = {epoch, *key};
	VIZ_WRITER(w, 64);

	viz_mail_circle_key_write(&w, &mail);
	viz_mail_send(net, to, VIZ_MAIL_CIRCLE_KEY, &w);
	viz_secret_wipe(w.start, w.max);
	viz_secret_wipe(&mail, sizeof mail);
}

/* An epoch's number is the time at which it begins, or one more than the last. */
static void new_epoch(struct viz_net *net)
{
	uint64_t epoch = viz_circle_epoch(net->trust) + 1;
	uint8_t row[VIZ_ID_SLOT_LEN];
	struct viz_secret key;

	if (epoch < (uint64_t)net->core->now.ms)
		epoch = (uint64_t)net->core->now.ms;
	viz_rng_bytes(&net->core->rng, key.b, sizeof key.b);
	viz_id_slot_key(row, &net->trust->self.author, epoch);
	viz_core_put(net->core, VIZ_TABLE_CIRCLE, row, sizeof row, key.b, sizeof key.b);
	for (size_t i = 0; i < net->trust->directory.count; i++) {
		const struct viz_member *m = net->trust->directory.list[i];

		if (viz_live_partner(net->trust, &m->id))
			mail_key(net, &m->id, epoch, &key);
	}
	viz_secret_wipe(&key, sizeof key);
}

bool viz_circle_refresh(struct viz_net *net)
{
	struct viz_slice v;
	struct viz_hash h;
	struct viz_id set;
	size_t n = 0;

	if (net->trust->self.revoked || !viz_core_has_headroom(net->core))
		return false;
	viz_hash_init(&h, "vizinho/circle-set");
	for (size_t i = 0; i < net->trust->directory.count; i++) {
		const struct viz_member *m = net->trust->directory.list[i];

		if (!viz_live_partner(net->trust, &m->id))
			continue;
		viz_hash_id(&h, &m->id);
		n++;
	}
	viz_hash_final(&h, &set);
	if (viz_core_get(net->core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_CIRCLE_SET))) {
		if (v.len == 32 && memcmp(v.p, set.b, 32) == 0)
			return false;
	} else if (n == 0) {
		return false; /* we have never had a partner */
	}
	viz_core_put(net->core, VIZ_TABLE_META, VIZ_META(VIZ_META_CIRCLE_SET), set.b, sizeof set.b);
	new_epoch(net);
	return true;
}

bool viz_circle_offer_key(struct viz_core *core, struct viz_secret *out,
			  const struct viz_id *origin, uint64_t epoch, uint64_t slot)
{
	uint8_t row[VIZ_ID_SLOT_LEN], context[VIZ_ID_SLOT_LEN];
	struct viz_secret circle;
	struct viz_slice v;

	viz_id_slot_key(row, origin, epoch);
	if (!viz_core_get(core, &v, VIZ_TABLE_CIRCLE, row, sizeof row) || v.len != 32)
		return false;
	memcpy(circle.b, v.p, 32);
	viz_id_slot_key(context, origin, slot);
	viz_hash_kdf(out, &circle, "vizinho/offer-key", context, sizeof context);
	viz_secret_wipe(&circle, sizeof circle);
	return true;
}

void viz_circle_prune(struct viz_core *core, const struct viz_id *origin)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	uint8_t oldest[VIZ_ID_SLOT_LEN];
	size_t n = 0;

	viz_walk_init(&walk, core->store, VIZ_TABLE_CIRCLE, origin->b, 32);
	while (viz_walk_next(&walk, &key, &value)) {
		if (n++ == 0)
			memcpy(oldest, key.p, sizeof oldest);
	}
	if (n > VIZ_CIRCLE_EPOCHS_MAX)
		viz_core_del(core, VIZ_TABLE_CIRCLE, oldest, sizeof oldest);
}

bool viz_circle_over(struct viz_trust *trust, const struct viz_slice *row)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	if (memcmp(row->p, trust->self.author.b, sizeof trust->self.author.b) != 0)
		return false; /* viz_circle_prune bounds those of other origins */
	/* Offers use an epoch until the next one begins, and live for write_once_ms after their
	 * day. */
	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_CIRCLE, trust->self.author.b, 32);
	viz_walk_from(&walk, row->p, row->len);
	if (!viz_walk_next(&walk, &key, &value) || !viz_walk_next(&walk, &key, &value))
		return false;
	return (int64_t)viz_be_get_u64(key.p + 32) + VIZ_DAY_MS +
		   trust->core->federation.write_once_ms <=
	       trust->core->now.ms;
}
