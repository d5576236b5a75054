#include "node/self.h"

#include "node/core.h"
#include "node/inbox.h"
#include "node/lead.h"
#include "node/place.h"
#include "node/record_id.h"

#define META(name) (const uint8_t *)(name), (sizeof(name) - 1)

int viz_self_load(struct viz_node *node)
{
	struct viz_self *self = &node->self;
	struct viz_secret seed;
	struct viz_slice v;
	struct viz_reader r;
	int err;

	if (viz_store_get(node->store, &v, VIZ_TABLE_META, META("federation")) != VIZ_OK)
		return VIZ_ERR_ABSENT;
	viz_reader_init(&r, v.p, v.len);
	viz_federation_read(&r, &node->federation);
	if (viz_reader_finish(&r) != VIZ_OK)
		return VIZ_ERR_STORE;
	viz_federation_id(&node->federation_id, &node->federation);
	if (viz_store_get(node->store, &v, VIZ_TABLE_META, META("identity")) != VIZ_OK)
		return VIZ_ERR_ABSENT;
	viz_reader_init(&r, v.p, v.len);
	viz_reader_tuple(&r, 10);
	viz_reader_fixed(&r, self->birth.first_key.b, sizeof self->birth.first_key.b);
	self->birth.next_hash = viz_reader_id(&r);
	viz_reader_fixed(&r, self->birth.nonce, sizeof self->birth.nonce);
	self->key_number = (uint32_t)viz_reader_uint(&r, VIZ_KEYS_MAX - 1);
	viz_reader_fixed(&r, seed.b, sizeof seed.b);
	self->next_hash = viz_reader_id(&r);
	viz_reader_fixed(&r, self->transport.b, sizeof self->transport.b);
	viz_reader_fixed(&r, self->transport_old.b, sizeof self->transport_old.b);
	self->transport_old_until = viz_reader_time(&r);
	self->revoked = viz_reader_bool(&r);
	err = viz_reader_finish(&r) == VIZ_OK ? VIZ_OK : VIZ_ERR_STORE;
	viz_signer_from_seed(&self->signer, &seed);
	viz_wipe(&seed, sizeof seed);
	viz_author_id(&self->author, &node->federation_id, &self->birth);
	return err;
}

void viz_self_save(struct viz_node *node)
{
	const struct viz_self *self = &node->self;
	uint8_t value[512];
	struct viz_writer w;
	size_t len = 0;

	viz_writer_init(&w, value, sizeof value);
	viz_writer_array(&w, 10);
	viz_writer_bin(&w, self->birth.first_key.b, sizeof self->birth.first_key.b);
	viz_writer_id(&w, &self->birth.next_hash);
	viz_writer_bin(&w, self->birth.nonce, sizeof self->birth.nonce);
	viz_writer_uint(&w, self->key_number);
	viz_writer_bin(&w, self->signer.secret, 32); /* the seed: libsodium's first half */
	viz_writer_id(&w, &self->next_hash);
	viz_writer_bin(&w, self->transport.b, sizeof self->transport.b);
	viz_writer_bin(&w, self->transport_old.b, sizeof self->transport_old.b);
	viz_writer_time(&w, self->transport_old_until);
	viz_writer_bool(&w, self->revoked);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_core_put(node, VIZ_TABLE_META, META("identity"), value, len);
	viz_wipe(value, sizeof value);
}

int viz_sign_record(uint8_t *out, size_t *out_len, size_t max, struct viz_id *id,
		    const struct viz_record *rec, const struct viz_signer *signer,
		    const struct viz_id *federation_id)
{
	struct viz_record r = *rec;
	struct viz_sig sig;
	struct viz_id rid;
	size_t len = 0;
	int err;

	if (max < sizeof sig.b)
		return VIZ_ERR_LIMIT;
	err = viz_record_write(out + sizeof sig.b, &len, max - sizeof sig.b, rec);
	if (err != VIZ_OK)
		return err;
	r.bytes = out + sizeof sig.b;
	r.len = len;
	viz_record_id(&rid, federation_id, &r);
	viz_sign(&sig, signer, &rid);
	memcpy(out, sig.b, sizeof sig.b);
	*out_len = len + sizeof sig.b;
	if (id)
		*id = rid;
	return VIZ_OK;
}

static bool is_ahead(const struct viz_node *node, const struct viz_record *rec)
{
	int64_t horizon = node->now.ms + node->federation.skew_ms;

	return rec->time.ms > horizon || rec->seq > (uint64_t)horizon;
}

static uint64_t next_seq(struct viz_node *node, uint8_t type, uint64_t slot)
{
	struct viz_held held;
	struct viz_record last;
	uint64_t seq = (uint64_t)node->now.ms;

	/* what a fast clock dated nobody has taken: it is not gone on from */
	if (viz_place_get(node, &held, &last, &node->self.author, type, slot) && last.seq >= seq &&
	    !(node->self.mending && is_ahead(node, &last)))
		seq = last.seq + 1;
	return seq;
}

int viz_self_publish(struct viz_node *node, struct viz_id *id, uint8_t type, uint64_t slot,
		     const uint8_t *body, size_t body_len)
{
	struct viz_record rec = {.type = type,
				 .author = node->self.author,
				 .slot = slot,
				 .key = node->self.key_number,
				 .time = node->now,
				 .body = body,
				 .body_len = body_len};
	uint8_t *bytes;
	size_t len = 0;
	int err;

	if (node->self.revoked)
		return VIZ_ERR_STATE;
	if (viz_type_write_once(type)) {
		rec.seq = 1;
		rec.expires = viz_write_once_expires(slot, node->federation.write_once_ms);
	} else if (type == VIZ_TYPE_SUCCESSION || type == VIZ_TYPE_REVOCATION) {
		rec.seq = 1;
	} else {
		rec.seq = next_seq(node, type, slot);
	}
	bytes = viz_core_alloc(VIZ_SIGNED_RECORD_MAX);
	err = viz_sign_record(bytes, &len, VIZ_SIGNED_RECORD_MAX, id, &rec, &node->self.signer,
			      &node->federation_id);
	if (err == VIZ_OK)
		err = viz_record_parse(&rec, bytes, len);
	if (err == VIZ_OK) {
		VIZ_REQUIRE(viz_body_check(&rec, &node->federation) == VIZ_OK);
		viz_intake_apply(node, &rec, 0);
	}
	free(bytes);
	return err;
}

int viz_self_next_slot(struct viz_node *node, uint64_t *slot, uint8_t type)
{
	uint64_t first;
	uint8_t prefix[VIZ_PLACE_LEN];
	struct viz_slice key, value;
	unsigned n = 0;

	if (!viz_self_may_begin(node))
		return VIZ_ERR_STATE;
	first = viz_slot_make(node->now, 0);
	/* author, type and the day: all but the number's two bytes */
	viz_place_key(prefix, &node->self.author, type, first);
	if (viz_store_last(node->store, &key, &value, VIZ_TABLE_RECORD, prefix,
			   VIZ_PLACE_LEN - 2) == VIZ_OK)
		n = viz_slot_number(viz_get_u64be(key.p + 33)) + 1;
	if (n >= viz_write_once_per_day(type))
		return VIZ_ERR_LIMIT;
	*slot = first + n;
	return VIZ_OK;
}

int viz_self_state(struct viz_node *node, struct viz_id *id, uint8_t type,
		   const struct viz_id *origin, uint64_t slot, uint64_t number, const uint8_t *body,
		   size_t body_len)
{
	struct viz_record rec = {.type = type,
				 .author = node->self.author,
				 .slot = slot,
				 .key = node->self.key_number,
				 .seq = number,
				 .time = node->now,
				 .body = body,
				 .body_len = body_len};
	uint8_t bytes[9000];
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	size_t len = 0;
	int err;

	if (node->self.revoked)
		return VIZ_ERR_STATE;
	err = viz_sign_record(bytes, &len, sizeof bytes, id, &rec, &node->self.signer,
			      &node->federation_id);
	if (err != VIZ_OK)
		return err;
	VIZ_REQUIRE(viz_record_parse(&rec, bytes, len) == VIZ_OK);
	viz_statement_key(key, origin, slot, type, &node->self.author, number);
	viz_core_put(node, VIZ_TABLE_STATEMENT, key, sizeof key, bytes, len);
	return VIZ_OK;
}

static void node_body(struct viz_node *node, struct viz_node_body *b)
{
	const struct viz_profile *p = &node->profile;

	memset(b, 0, sizeof *b);
	b->first_key = node->self.birth.first_key;
	b->next_hash = node->self.birth.next_hash;
	memcpy(b->nonce, node->self.birth.nonce, sizeof b->nonce);
	viz_transport_pub(&b->transport, &node->self.transport);
	snprintf(b->name, sizeof b->name, "%s", p->name);
	snprintf(b->cnpj, sizeof b->cnpj, "%s", p->cnpj);
	b->asn = p->asn;
	while (b->address_count < VIZ_ADDRESSES_MAX && p->address[b->address_count][0] != '\0') {
		snprintf(b->address[b->address_count], sizeof b->address[0], "%s",
			 p->address[b->address_count]);
		b->address_count++;
	}
	b->by_hand = p->by_hand;
	snprintf(b->whatsapp, sizeof b->whatsapp, "%s", p->whatsapp);
	snprintf(b->hours, sizeof b->hours, "%s", p->hours);
	snprintf(b->privacy, sizeof b->privacy, "%s", p->privacy);
	snprintf(b->version, sizeof b->version, "%s", VIZ_VERSION);
	b->journal = node->journal_head;
}

int viz_self_publish_node(struct viz_node *node)
{
	struct viz_node_body b;
	uint8_t body[2048];
	struct viz_writer w;
	size_t len = 0;

	node_body(node, &b);
	viz_writer_init(&w, body, sizeof body);
	viz_node_body_write(&w, &b);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	node->next_heartbeat = viz_after(node->now, node->federation.heartbeat_ms);
	return viz_self_publish(node, NULL, VIZ_TYPE_NODE, 0, body, len);
}

int viz_self_hello(struct viz_node *node, uint8_t *out, size_t *len, const uint8_t *token)
{
	struct viz_hello hello = {.author = node->self.author, .has_token = token != NULL};
	uint8_t *copies = viz_core_alloc(VIZ_HELLO_MAX);
	size_t used = 0;
	struct viz_writer w;
	int err;

	if (token)
		memcpy(hello.token, token, sizeof hello.token);
	for (uint32_t n = 1; n <= node->self.key_number + 1; n++) {
		uint8_t type = n <= node->self.key_number ? VIZ_TYPE_SUCCESSION : VIZ_TYPE_NODE;
		struct viz_held held;

		if (!viz_place_get(node, &held, NULL, &node->self.author, type,
				   type == VIZ_TYPE_NODE ? 0 : n))
			continue;
		if (held.a_len > VIZ_HELLO_MAX - used)
			break;
		/* the store's view lasts only until the next read of another page */
		memcpy(copies + used, held.a, held.a_len);
		hello.record[hello.record_count].p = copies + used;
		hello.record[hello.record_count++].len = held.a_len;
		used += held.a_len;
	}
	viz_writer_init(&w, out, VIZ_HELLO_MAX);
	viz_hello_write(&w, &hello);
	err = viz_writer_finish(&w, len);
	free(copies);
	return err;
}

/* The replaceable ones but NODE, or of them those that are dated ahead. */
static void resign(struct viz_node *node, bool ahead)
{
	static const uint8_t types[] = {VIZ_TYPE_VOUCH, VIZ_TYPE_PARTNERS, VIZ_TYPE_COVERAGE};

	for (size_t i = 0; i < sizeof types; i++) {
		uint8_t prefix[VIZ_PLACE_LEN];
		struct viz_walk walk;
		struct viz_slice key, value;

		viz_place_key(prefix, &node->self.author, types[i], 0);
		viz_walk_init(&walk, node->store, VIZ_TABLE_RECORD, prefix, 33);
		while (viz_walk_next(&walk, &key, &value)) {
			struct viz_held held;
			struct viz_record rec;
			uint8_t *body;

			VIZ_REQUIRE(viz_held_read(&held, value.p, value.len) == VIZ_OK &&
				    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
			if (ahead && !is_ahead(node, &rec))
				continue;
			body = viz_core_alloc(rec.body_len);
			memcpy(body, rec.body, rec.body_len);
			viz_self_publish(node, NULL, rec.type, rec.slot, body, rec.body_len);
			free(body);
		}
	}
}

int64_t viz_self_ahead_ms(struct viz_node *node)
{
	struct viz_held held;
	struct viz_record last;
	int64_t at;

	if (!viz_place_get(node, &held, &last, &node->self.author, VIZ_TYPE_NODE, 0) ||
	    !is_ahead(node, &last))
		return 0;
	at = last.seq > (uint64_t)last.time.ms ? (int64_t)last.seq : last.time.ms;
	return at - node->now.ms;
}

bool viz_self_may_begin(struct viz_node *node)
{
	return !node->self.revoked &&
	       viz_self_ahead_ms(node) <=
		   node->federation.heartbeat_ms; /* else the clock is slow */
}

static bool others_are_ahead(const struct viz_node *node)
{
	for (size_t i = 0; i < node->directory.count; i++) {
		const struct viz_member *m = node->directory.list[i];

		if (m->has_node && !viz_id_eq(&m->id, &node->self.author) &&
		    m->node_time.ms > node->now.ms + node->federation.skew_ms)
			return true;
	}
	return false;
}

void viz_self_mend_dates(struct viz_node *node)
{
	int64_t ahead = viz_self_ahead_ms(node);

	if (ahead == 0 || node->self.revoked)
		return;
	/* less than a heartbeat passes by itself, and could be a clock that is slow by that */
	if (ahead <= node->federation.heartbeat_ms || others_are_ahead(node)) {
		viz_core_log(
		    node, 3,
		    "what we signed last is %lld s ahead of the clock: is it slow? Until it is "
		    "right, others do not take what we sign",
		    (long long)(ahead / 1000));
		return;
	}
	viz_core_log(
	    node, 3,
	    "what we signed last is %lld s ahead of the clock, which was fast then: signed anew",
	    (long long)(ahead / 1000));
	node->self.mending = true;
	viz_self_publish_node(node);
	resign(node, true);
	node->self.mending = false;
}

/* Signs the REVOCATION of the current key, to be kept offline. */
static int presign_revocation(struct viz_node *node, uint8_t *out, size_t *len, struct viz_time at)
{
	static const uint8_t empty[] = {0x90};
	struct viz_record rec = {.type = VIZ_TYPE_REVOCATION,
				 .author = node->self.author,
				 .key = node->self.key_number,
				 .slot = node->self.key_number,
				 .seq = 1,
				 .time = at,
				 .body = empty,
				 .body_len = sizeof empty};

	return viz_sign_record(out, len, 512, NULL, &rec, &node->self.signer, &node->federation_id);
}

/* The same change asked for again, because its reply was lost: the same bytes as then, for two
 * REVOCATIONs of one key would contradict each other. */
static int rotated_already(struct viz_node *node, uint8_t *revocation, size_t *len,
			   const struct viz_pub *key, const struct viz_id *following_hash)
{
	const struct viz_self *self = &node->self;
	struct viz_record rec;

	if (self->key_number == 0 || memcmp(key->b, self->signer.pub.b, sizeof key->b) != 0 ||
	    !viz_id_eq(following_hash, &self->next_hash) ||
	    !viz_place_live_get(node, &rec, &self->author, VIZ_TYPE_SUCCESSION, self->key_number))
		return VIZ_ERR_AUTH;
	return presign_revocation(node, revocation, len, rec.time);
}

int viz_self_rotate(struct viz_node *node, uint8_t *revocation, size_t *revocation_len,
		    const struct viz_secret *next_seed, const struct viz_id *following_hash)
{
	struct viz_self *self = &node->self;
	struct viz_succession s = {.next_hash = *following_hash};
	struct viz_signer next;
	struct viz_id hash;
	uint8_t body[128];
	struct viz_writer w;
	size_t len = 0;
	bool mending;
	int err;

	/* dated by a clock that was fast then: signed anew; by one that is slow now: others would
	 * not take it */
	mending = viz_self_ahead_ms(node) > 0;
	if (mending && others_are_ahead(node))
		return VIZ_ERR_STATE;
	viz_signer_from_seed(&next, next_seed);
	viz_next_hash(&hash, &next.pub);
	if (!viz_id_eq(&hash, &self->next_hash) || self->key_number + 1 >= VIZ_KEYS_MAX) {
		err = rotated_already(node, revocation, revocation_len, &next.pub, following_hash);
		viz_signer_wipe(&next);
		return err;
	}
	s.key = next.pub;
	self->signer = next;
	viz_signer_wipe(&next);
	self->key_number++;
	self->next_hash = *following_hash;
	self->revoked = false;
	self->transport_old = self->transport;
	self->transport_old_until = viz_after(node->now, node->federation.old_transport_ms);
	viz_rng_bytes(&node->rng, self->transport.b, sizeof self->transport.b);
	viz_self_save(node);
	viz_writer_init(&w, body, sizeof body);
	viz_succession_write(&w, &s);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	self->mending = mending;
	err = viz_self_publish(node, NULL, VIZ_TYPE_SUCCESSION, self->key_number, body, len);
	VIZ_REQUIRE(err == VIZ_OK);
	err = viz_self_publish_node(node);
	VIZ_REQUIRE(err == VIZ_OK);
	resign(node, false);
	self->mending = false;
	/* what the operator has changed while nothing could be signed */
	err = viz_partners_publish(node);
	VIZ_REQUIRE(err == VIZ_OK);
	viz_lead_key_rotated(node);
	viz_inbox_key_rotated(node);
	viz_core_keys_changed(node);
	return presign_revocation(node, revocation, revocation_len, node->now);
}
