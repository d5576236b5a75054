#include "node/trust/author.h"

#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/dialable.h"
#include "node/trust/notice.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/trust.h"

/* What is held has a body that was checked when it came (node/gossip/body.c). */
static void apply_succession(struct viz_member *m, const struct viz_record *rec)
{
	struct viz_succession s;

	if (rec->slot != m->key_count || m->key[rec->slot - 1].last)
		return;
	viz_succession_parse(&s, rec);
	m->key = viz_core_grow(m->key, m->key_count + 1, sizeof *m->key);
	m->key[m->key_count++] = (struct viz_author_key){.pub = s.key, .next_hash = s.next_hash};
}

/* SUCCESSIONs and REVOCATIONs can be in the store before the NODE: a crash may have come between
 * them. They count once the first key is known. */
static void apply_held_keys(struct viz_trust *trust, struct viz_member *m)
{
	struct viz_record rec;
	struct viz_held held;

	for (uint64_t slot = 1; slot < VIZ_KEYS_MAX; slot++) {
		if (!viz_place_get(trust->core, &held, &rec, &m->id, VIZ_TYPE_SUCCESSION, slot))
			break;
		apply_succession(m, &rec);
		if (held.dead)
			viz_author_forget(trust, &rec);
	}
	for (uint64_t slot = 0; slot < m->key_count; slot++)
		if (viz_place_get(trust->core, &held, &rec, &m->id, VIZ_TYPE_REVOCATION, slot))
			m->key[slot].revoked = true;
}

/* Learns key 0 from a NODE. The author id is a hash over that key, so nobody else can have written
 * it. */
static int learn_birth(struct viz_trust *trust, const struct viz_record *rec,
		       const struct viz_node_body *b)
{
	struct viz_birth birth = {.first_key = b->first_key, .next_hash = b->next_hash};
	struct viz_member *m;
	struct viz_id id;

	memcpy(birth.nonce, b->nonce, sizeof birth.nonce);
	viz_id_author(&id, &trust->core->federation_id, &birth);
	if (!viz_id_eq(&id, &rec->author))
		return VIZ_ERR_AUTH;
	m = viz_member_ensure(trust, &rec->author);
	if (!m)
		return VIZ_ERR_LIMIT;
	if (m->key_count == 0) {
		if (viz_sign_pub_check(&b->first_key) != VIZ_OK)
			return VIZ_ERR_AUTH;
		m->key = viz_core_grow(m->key, 1, sizeof *m->key);
		m->key[0] = (struct viz_author_key){.pub = b->first_key, .next_hash = b->next_hash};
		m->key_count = 1;
		apply_held_keys(trust, m);
		trust->directory.changes++;
	}
	return VIZ_OK;
}

static int succession_key(struct viz_pub *out, const struct viz_member *m,
			  const struct viz_record *rec)
{
	struct viz_succession s;
	struct viz_id hash;

	if (!m || rec->slot > m->key_count || m->key[rec->slot - 1].last)
		return VIZ_ERR_ABSENT;
	if (viz_succession_parse(&s, rec) != VIZ_OK)
		return VIZ_ERR_FORM;
	viz_id_next_hash(&hash, &s.key);
	/* The author id contains the first commitment, so a wrong key 1 is the sender's fault. For
	 * a later key, the author may have signed two SUCCESSIONs, and the sender may hold the
	 * other one in good faith. Repair brings it, and then the identity ends. */
	if (!viz_id_eq(&hash, &m->key[rec->slot - 1].next_hash))
		return rec->slot == 1 ? VIZ_ERR_AUTH : VIZ_ERR_ABSENT;
	if (rec->slot == m->key_count && viz_sign_pub_check(&s.key) != VIZ_OK)
		return VIZ_ERR_AUTH;
	*out = s.key;
	return VIZ_OK;
}

int viz_author_key(struct viz_trust *trust, struct viz_pub *out, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_find(trust, &rec->author);

	if (rec->type == VIZ_TYPE_SUCCESSION)
		return succession_key(out, m, rec);
	/* Every NODE is checked for this, not only the first: a newcomer learns key 0 from
	 * whichever NODE it receives. */
	if (rec->type == VIZ_TYPE_NODE) {
		struct viz_node_body b;
		int err;

		if (viz_node_body_parse(&b, rec) != VIZ_OK)
			return VIZ_ERR_FORM;
		err = learn_birth(trust, rec, &b);
		if (err != VIZ_OK)
			return err;
		m = viz_member_find(trust, &rec->author);
	}
	if (!m || rec->key >= m->key_count)
		return VIZ_ERR_ABSENT;
	*out = m->key[rec->key].pub;
	return VIZ_OK;
}

bool viz_author_key_ended(const struct viz_member *m, uint32_t number)
{
	return number >= m->key_count || number + 1 < m->key_count || m->key[number].revoked;
}

bool viz_author_type_outlasts_key(unsigned type)
{
	return viz_record_is_write_once(type) || type == VIZ_TYPE_SUCCESSION ||
	       type == VIZ_TYPE_REVOCATION;
}

bool viz_author_revoked(const struct viz_member *m)
{
	return m->key_count > 0 && m->key[m->key_count - 1].revoked;
}

static void apply_node(struct viz_member *m, const struct viz_record *rec)
{
	struct viz_node_body b;

	viz_node_body_parse(&b, rec);
	m->node = (struct viz_member_node){.transport = b.transport,
					   .partners = b.partners,
					   .start = b.start,
					   .log = b.log,
					   .by_hand = b.by_hand,
					   .has_address = b.address_count > 0};
	memcpy(m->node.cnpj, b.cnpj, sizeof b.cnpj);
	if (!m->name || strcmp(m->name, b.name) != 0) {
		free(m->name);
		m->name = strdup(b.name);
		VIZ_REQUIRE(m->name);
	}
	m->has_node = true;
	m->node_time = rec->time;
	m->node_seq.ms = (int64_t)rec->seq;
	m->node_key = rec->key;
	if (m->key_count == 0) {
		m->key = viz_core_grow(m->key, 1, sizeof *m->key);
		m->key[0] = (struct viz_author_key){.pub = b.first_key, .next_hash = b.next_hash};
		m->key_count = 1;
	}
}

static void apply_vouch(struct viz_trust *trust, struct viz_member *m, const struct viz_record *rec)
{
	struct viz_vouch v;

	viz_vouch_parse(&v, rec);
	viz_member_put_vouch(trust, m, (uint8_t)rec->slot, (uint8_t)rec->key, &v.sponsee,
			     v.withdrawn);
}

static void forget_partners(struct viz_member *m)
{
	free(m->partners);
	free(m->us);
	m->partners = NULL;
	m->us = NULL;
	m->us_count = 0;
	m->has_partners = false;
}

/* Keeps all of our own PARTNERS. Of others' it keeps what they say about us: circles that do not
 * have us are asked for seldom, and read from the store (trust/circle.c). */
static void apply_partners(struct viz_trust *trust, struct viz_member *m,
			   const struct viz_record *rec)
{
	struct viz_partners *p = viz_core_alloc(sizeof *p);
	const struct viz_partner_entry *e;

	forget_partners(m);
	viz_partners_parse(p, rec);
	m->has_partners = true;
	m->partners_key = rec->key;
	m->partners_time = rec->time;
	viz_ids_record(&m->partners_id, &trust->core->federation_id, rec);
	if (viz_id_eq(&m->id, &trust->self.author)) {
		m->partners = p;
		return;
	}
	e = viz_partners_find(p, &trust->self.author);
	if (e) {
		for (m->us_count = 1; e > p->entry && viz_id_eq(&e[-1].id, &e->id); e--)
			m->us_count++;
		m->us = viz_core_alloc(m->us_count * sizeof *m->us);
		memcpy(m->us, e, m->us_count * sizeof *m->us);
	}
	free(p);
}

void viz_author_apply(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_ensure(trust, &rec->author);
	bool same;

	if (!m)
		return;
	switch ((enum viz_type)rec->type) {
	case VIZ_TYPE_NODE:
		/* A heartbeat with the same key does not change the closure. */
		same = m->has_node && m->node_key == rec->key;
		apply_node(m, rec);
		viz_dialable_update(&trust->directory, m);
		if (same) {
			trust->directory.changes++;
			return;
		}
		break;
	case VIZ_TYPE_SUCCESSION:
		apply_succession(m, rec);
		break;
	case VIZ_TYPE_REVOCATION:
		if (rec->slot < m->key_count)
			m->key[rec->slot].revoked = true;
		if (m->id.b[0] == trust->self.author.b[0] &&
		    viz_id_eq(&m->id, &trust->self.author) && rec->slot == trust->self.key_number) {
			trust->self.revoked = true;
			viz_identity_save(trust);
			viz_notice_add(trust, VIZ_NOTICE_KEY_REVOKED, NULL, NULL, 0);
		}
		break;
	case VIZ_TYPE_VOUCH:
		apply_vouch(trust, m, rec);
		break;
	case VIZ_TYPE_PARTNERS:
		apply_partners(trust, m, rec);
		break;
	case VIZ_TYPE_COVERAGE:
	case VIZ_TYPE_OFFER:
	case VIZ_TYPE_CLOSE:
	case VIZ_TYPE_RESULT:
	case VIZ_TYPE_CHOICE:
	case VIZ_TYPE_PROTEST:
	case VIZ_TYPE_RECEIPT:
	case VIZ_TYPE_COVERAGE_ACK:
	case VIZ_TYPE_PLEDGE:
	case VIZ_TYPE_PLEDGE_ACK:
	case VIZ_TYPE_REVEAL:
	case VIZ_TYPE_REVEAL_ACK:
	case VIZ_TYPE_AWARD:
	case VIZ_TYPE_HANDOFF_ACK:
	case VIZ_TYPE_LEASE:
	case VIZ_TYPE_CONTACTED:
	case VIZ_TYPE_OUTCOME:
	case VIZ_TYPE_RELEASE:
	case VIZ_TYPE_WITHDRAWAL:
	case VIZ_TYPE_ERASED:
	case VIZ_TYPE_PROOF:
		return;
	}
	viz_member_changed(trust, m);
}

void viz_author_forget(struct viz_trust *trust, const struct viz_record *rec)
{
	struct viz_member *m = viz_member_find(trust, &rec->author);

	if (!m || rec->type >= VIZ_TYPE_COVERAGE)
		return;
	if (rec->type == VIZ_TYPE_NODE) {
		m->has_node = false;
		viz_dialable_update(&trust->directory, m);
	} else if (rec->type == VIZ_TYPE_PARTNERS) {
		forget_partners(m);
	} else if (rec->type == VIZ_TYPE_VOUCH) {
		viz_member_drop_vouch(trust, m, (uint8_t)rec->slot);
	} else if (rec->type == VIZ_TYPE_SUCCESSION && rec->slot < m->key_count) {
		/* Two keys claim to be the next one, and nobody can decide between them. So the
		 * identity ends with the last certain key. */
		m->key[rec->slot].revoked = m->key[rec->slot].last = true;
		m->key_count = rec->slot + 1;
	}
	viz_member_changed(trust, m);
}
