#include "node/self/rotate.h"

#include "crypto/id.h"
#include "crypto/rng.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/link/net.h"
#include "node/self/node_record.h"
#include "node/self/partners.h"
#include "node/self/publish.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

/* Signs our VOUCHes and COVERAGEs again; with `only_ahead`, only those that a fast clock dated. */
static void sign_again(struct viz_net *net, bool only_ahead)
{
	static const uint8_t types[] = {VIZ_TYPE_VOUCH, VIZ_TYPE_COVERAGE};

	for (size_t i = 0; i < sizeof types; i++) {
		uint8_t prefix[VIZ_PLACE_LEN];
		struct viz_walk walk;
		struct viz_slice key, value;

		viz_record_place_key(prefix, &net->trust->self.author, types[i], 0);
		viz_walk_init(&walk, net->core->store, VIZ_TABLE_RECORD, prefix, 33);
		while (viz_walk_next(&walk, &key, &value)) {
			struct viz_held held;
			struct viz_record rec;
			uint8_t *body;

			VIZ_REQUIRE(viz_place_row_read(&held, value.p, value.len) == VIZ_OK &&
				    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
			if (only_ahead && !viz_self_publish_is_ahead(net->trust, &rec))
				continue;
			body = viz_core_alloc(rec.body_len);
			memcpy(body, rec.body, rec.body_len);
			viz_self_publish(net, NULL, rec.type, rec.slot, body, rec.body_len);
			free(body);
		}
	}
}

/* A record of ours that is ahead by no more than skew_ms may have been taken by others, who will
 * compare the next one with it. So we sign no earlier than that. */
static void catch_up(struct viz_trust *trust, uint8_t type)
{
	struct viz_record rec;
	struct viz_held held;

	if (viz_place_get(trust->core, &held, &rec, &trust->self.author, type, 0) &&
	    rec.time.ms <= trust->core->now.ms + trust->core->federation.skew_ms)
		viz_identity_signed(trust, rec.time);
}

void viz_self_rotate_check_clock(struct viz_net *net)
{
	int64_t ahead = viz_identity_ahead_ms(net->trust);

	if (ahead == 0 || net->trust->self.revoked)
		return;
	/* Up to a heartbeat we only wait: the difference passes by itself, and perhaps our clock is
	 * slow by so much. */
	if (ahead <= net->core->federation.heartbeat_ms ||
	    viz_self_publish_others_are_ahead(net->trust)) {
		viz_core_log(
		    net->core, 3,
		    "our clock is %lld s behind what we have signed. If it is slow, set it "
		    "right: until it has caught up, nothing is published and no offer begins",
		    (long long)(ahead / 1000));
		return;
	}
	viz_core_log(
	    net->core, 3,
	    "our clock is %lld s behind what we have signed: it was fast then. We sign our "
	    "records again, in a new log",
	    (long long)(ahead / 1000));
	viz_identity_new_log(net->trust);
	/* Others may have these two already, and will compare the next ones with them. */
	catch_up(net->trust, VIZ_TYPE_NODE);
	catch_up(net->trust, VIZ_TYPE_PARTNERS);
	viz_self_rotate_heartbeat(net);
}

void viz_self_rotate_heartbeat(struct viz_net *net)
{
	struct viz_self *self = &net->trust->self;

	self->next_heartbeat = net->core->now;
	if (!viz_identity_may_sign_node(net->trust)) { /* until our clock has caught up, say */
		self->next_heartbeat = viz_identity_retry_at(net->trust);
		return;
	}
	viz_self_partners_publish(net);
	if (self->next_heartbeat.ms <= net->core->now.ms) /* no NODE came with PARTNERS */
		viz_self_node_record_publish(net);
	sign_again(net, true);
}

/* The operator asks again for the last change, because its reply was lost. Returns the same
 * REVOCATION as then: two different ones of one key would be an equivocation. VIZ_ERR_AUTH: this is
 * not the last change. */
static int repeat_last(struct viz_trust *trust, uint8_t *revocation, size_t *len,
		       const struct viz_pub *key, const struct viz_id *following_hash)
{
	const struct viz_self *self = &trust->self;
	struct viz_record rec;

	if (self->key_number == 0 || memcmp(key->b, self->signer.pub.b, sizeof key->b) != 0 ||
	    !viz_id_eq(following_hash, &self->next_hash) ||
	    !viz_live_get(trust, &rec, &self->author, VIZ_TYPE_SUCCESSION, self->key_number))
		return VIZ_ERR_AUTH;
	return viz_identity_presign_revocation(trust, revocation, len, rec.time);
}

int viz_self_rotate(struct viz_net *net, uint8_t *revocation, size_t *revocation_len,
		    const struct viz_secret *next_seed, const struct viz_id *following_hash)
{
	struct viz_self *self = &net->trust->self;
	struct viz_succession s = {.next_hash = *following_hash};
	struct viz_signer next;
	struct viz_id hash;
	VIZ_WRITER(w, 128);
	int err;

	if (viz_identity_ahead_ms(net->trust) > 0 || self->quarantine.ms != 0 ||
	    self->start.node_waits)
		return VIZ_ERR_STATE;
	viz_sign_seed_keypair(&next, next_seed);
	viz_id_next_hash(&hash, &next.pub);
	if (!viz_id_eq(&hash, &self->next_hash) || self->key_number + 1 >= VIZ_KEYS_MAX) {
		err =
		    repeat_last(net->trust, revocation, revocation_len, &next.pub, following_hash);
		viz_sign_wipe(&next);
		return err;
	}
	s.key = next.pub;
	self->signer = next;
	viz_sign_wipe(&next);
	self->key_number++;
	self->next_hash = *following_hash;
	self->revoked = false;
	self->transport_old = self->transport;
	self->transport_old_until =
	    viz_after(net->core->now, net->core->federation.old_transport_ms);
	viz_rng_bytes(&net->core->rng, self->transport.b, sizeof self->transport.b);
	viz_identity_save(net->trust);
	viz_succession_write(&w, &s);
	err = viz_self_publish_body(net, NULL, VIZ_TYPE_SUCCESSION, self->key_number, &w);
	VIZ_REQUIRE(err == VIZ_OK);
	/* The operator may have changed partners while we could not sign. */
	err = viz_self_partners_publish(net);
	VIZ_REQUIRE(err == VIZ_OK);
	if (!viz_self_node_record_is_current(net->trust)) /* there was no PARTNERS to sign again */
		err = viz_self_node_record_publish(net);
	VIZ_REQUIRE(err == VIZ_OK);
	sign_again(net, false);
	viz_identity_keys_changed(net->trust);
	return viz_identity_presign_revocation(net->trust, revocation, revocation_len,
					       viz_identity_time(net->trust));
}
