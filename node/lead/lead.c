#include "node/lead/lead.h"

#include "crypto/hash.h"
#include "node/core/core.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/coverage.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

enum { ROW_MAX = 24576 };

struct viz_lead *viz_lead_fetch(struct viz_core *core, uint64_t slot)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);

	if (viz_lead_get(core, lead, slot))
		return lead;
	free(lead);
	return NULL;
}

bool viz_lead_waits(const struct viz_lead *lead)
{
	return lead->state == VIZ_LEAD_NO_NEIGHBOUR && lead->vault != 0;
}

static void index_waiting(struct viz_core *core, const struct viz_lead *lead)
{
	uint8_t key[VIZ_META_WAITING_LEN], notified = 0;
	struct viz_slice v;
	bool there;

	viz_meta_waiting_key(key, lead->slot);
	there = viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key);
	if (viz_lead_waits(lead) && !there)
		viz_core_put(core, VIZ_TABLE_META, key, sizeof key, &notified, sizeof notified);
	else if (!viz_lead_waits(lead) && there)
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
}

static void index_award(struct viz_core *core, const struct viz_lead *lead)
{
	uint8_t key[VIZ_META_ID_LEN], slot[8];

	if (lead->award_n == 0)
		return;
	viz_meta_id_key(key, VIZ_META_AWARD, &lead->award);
	viz_be_put_u64(slot, lead->slot);
	viz_core_put(core, VIZ_TABLE_META, key, sizeof key, slot, sizeof slot);
}

static bool is_open(const struct viz_lead *lead)
{
	switch (lead->state) {
	case VIZ_LEAD_OPEN:
	case VIZ_LEAD_CLOSED:
	case VIZ_LEAD_CHOOSING:
	case VIZ_LEAD_AWARDED:
	case VIZ_LEAD_DELIVERED:
	case VIZ_LEAD_CONTACTED:
		return true;
	case VIZ_LEAD_NO_NEIGHBOUR:
		return viz_lead_waits(lead);
	case VIZ_LEAD_LOST:
		return lead->vault != 0; /* the customer may choose another partner */
	case VIZ_LEAD_KEPT:
	case VIZ_LEAD_INSTALLED:
	case VIZ_LEAD_WITHDRAWN:
	case VIZ_LEAD_EXPIRED:
	case VIZ_LEAD_NONE_CHOSEN:
		return false;
	}
	return false;
}

void viz_lead_protocol_hash(struct viz_id *out, const char *protocol)
{
	char plain[VIZ_REF_MAX + 1];
	size_t n = 0;

	for (const char *c = protocol; *c != '\0' && n < VIZ_REF_MAX; c++) {
		if (*c >= 'a' && *c <= 'z')
			plain[n++] = (char)(*c - 'a' + 'A');
		else if ((*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || (uint8_t)*c > 127)
			plain[n++] = *c;
	}
	viz_hash_plain(out, (const uint8_t *)plain, n);
}

static void protocol_key(uint8_t key[VIZ_META_ID_LEN], const char *protocol)
{
	struct viz_id id;

	viz_lead_protocol_hash(&id, protocol);
	viz_meta_id_key(key, VIZ_META_PROTOCOL, &id);
}

static void index_protocol(struct viz_core *core, const struct viz_lead *lead, bool open)
{
	uint8_t key[VIZ_META_LEAD_LEN];
	struct viz_slice v;
	bool there;

	protocol_key(key, lead->protocol);
	viz_be_put_u64(key + VIZ_META_ID_LEN, lead->slot);
	there = viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key);
	if (open && !there)
		viz_core_put(core, VIZ_TABLE_META, key, sizeof key, NULL, 0);
	else if (!open && there)
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
}

bool viz_lead_is_over(const struct viz_trust *trust, const struct viz_lead *lead)
{
	return lead->number != 0 && lead->log != trust->self.log;
}

const char *viz_lead_state_name(enum viz_lead_state state)
{
	switch (state) {
	case VIZ_LEAD_KEPT:
		return "kept";
	case VIZ_LEAD_NO_NEIGHBOUR:
		return "no-neighbour";
	case VIZ_LEAD_OPEN:
		return "open";
	case VIZ_LEAD_CLOSED:
		return "closed";
	case VIZ_LEAD_CHOOSING:
		return "choosing";
	case VIZ_LEAD_AWARDED:
		return "awarded";
	case VIZ_LEAD_DELIVERED:
		return "delivered";
	case VIZ_LEAD_CONTACTED:
		return "contacted";
	case VIZ_LEAD_INSTALLED:
		return "installed";
	case VIZ_LEAD_LOST:
		return "lost";
	case VIZ_LEAD_WITHDRAWN:
		return "withdrawn";
	case VIZ_LEAD_EXPIRED:
		return "expired";
	case VIZ_LEAD_NONE_CHOSEN:
		return "none-chosen";
	}
	return "?";
}

struct viz_lead_peer *viz_lead_find_peer(struct viz_lead *lead, const struct viz_id *id)
{
	for (size_t i = 0; i < lead->peer_count; i++)
		if (viz_id_eq(&lead->peer[i].id, id))
			return &lead->peer[i];
	return NULL;
}

#define PEER(F)                                                                                    \
	F(ID, id)                                                                                  \
	F(TIME, located_at)                                                                        \
	F(BOOL, answered)                                                                          \
	F(UINT, answer, 0, VIZ_ANSWER_NO_CONTENT)                                                  \
	F(UINT, reason, 0, VIZ_NO_POLICY)                                                          \
	F(ID, pledge)                                                                              \
	F(ID, commitment)                                                                          \
	F(BOOL, revealed)                                                                          \
	F(ID, nonce)                                                                               \
	F(ID, blinded)                                                                             \
	F(UINT, award_n, 0, VIZ_AWARDS_MAX)                                                        \
	F(BOOL, erased)
static VIZ_FIELDS_WRITER(lead_peer, PEER);
static VIZ_FIELDS_READER(lead_peer, PEER);

#define OFFER(F)                                                                                   \
	F(UINT, state, 0, VIZ_LEAD_NONE_CHOSEN)                                                    \
	F(TIME, created)                                                                           \
	F(TEXT, protocol, 0)                                                                       \
	F(TIME, cancelled_at)                                                                      \
	F(UINT, municipality, 0, UINT32_MAX)                                                       \
	F(STRUCT, area, area)                                                                      \
	F(UINT, previous, 0, UINT64_MAX)                                                           \
	F(TIME, closes)                                                                            \
	F(TIME, reveal_until)                                                                      \
	F(TIME, choose_until)                                                                      \
	F(UINT, log, 0, UINT64_MAX)                                                                \
	F(UINT, number, 0, UINT32_MAX)                                                             \
	F(ID, offer)                                                                               \
	F(ID, view)                                                                                \
	F(ID, view_partners)                                                                       \
	F(ID, close)                                                                               \
	F(ID, result)                                                                              \
	F(UINT, result_kind, 0, VIZ_RESULT_WITHDRAWN)                                              \
	F(BOOL, none_chosen)                                                                       \
	F(KEY, salt)                                                                               \
	F(UINT, draw, 0, VIZ_TURN_MAX)                                                             \
	F(TIME, drawn)                                                                             \
	F(UINT, struck, 0, VIZ_ASKED_MAX)                                                          \
	F(UINT, blocked, 0, VIZ_PARTNERS_MAX)                                                      \
	F(UINT, not_drawn, 0, VIZ_PARTNERS_MAX)
VIZ_FIELDS_PART(offer, lead, OFFER);

#define SEALED(F)                                                                                  \
	F(UINT, vault, 0, UINT32_MAX)                                                              \
	F(UINT, contact_vault, 0, UINT32_MAX)                                                      \
	F(BUFFER, location)                                                                        \
	F(TIME, location_over)                                                                     \
	F(BUFFER, contact)                                                                         \
	F(BOOL, single)
VIZ_FIELDS_PART(sealed, lead, SEALED);

#define CONSENT(F)                                                                                 \
	F(TEXT, language, 0)                                                                       \
	F(TEXT, channel, 0)                                                                        \
	F(TEXT, evidence, 0)                                                                       \
	F(TEXT, agent, 0)                                                                          \
	F(TEXT, text_version, 0)                                                                   \
	F(ID, text_hash)                                                                           \
	F(TIME, given)                                                                             \
	F(ID, contact_text_hash)
VIZ_FIELDS_PART(consent, lead, CONSENT);

#define AWARD(F)                                                                                   \
	F(UINT, award_n, 0, VIZ_AWARDS_MAX)                                                        \
	F(ID, award)                                                                               \
	F(ID, award_to)                                                                            \
	F(TIME, award_at)                                                                          \
	F(TIME, award_latest)                                                                      \
	F(TIME, delivered_at)                                                                      \
	F(TIME, handoff_at)                                                                        \
	F(TIME, lease_until)                                                                       \
	F(ID, release_hash)                                                                        \
	F(OPTIONAL_BYTES, opened, release)                                                         \
	F(TIME, contacted_at)                                                                      \
	F(BOOL, released)                                                                          \
	F(OPTIONAL_UINT, has_days, days_offline, 366)                                              \
	F(BOOL, revoked)                                                                           \
	F(BOOL, withdrawal_owed)                                                                   \
	F(BOOL, recalled)                                                                          \
	F(UINT, next, 0, UINT64_MAX >> 16)
VIZ_FIELDS_PART(award, lead, AWARD);

#define ROW(F)                                                                                     \
	F(CONST, 1) /* version */                                                                  \
	F(PART, offer)                                                                             \
	F(LIST, peer, peer_count, 0, lead_peer)                                                    \
	F(BUFFER, order)                                                                           \
	F(PART, sealed)                                                                            \
	F(PART, consent)                                                                           \
	F(PART, award)

void viz_lead_put(struct viz_core *core, const struct viz_lead *lead)
{
	uint8_t *value = viz_core_alloc(ROW_MAX), key[8];
	struct viz_writer w;

	viz_writer_init(&w, value, ROW_MAX);
	VIZ_FIELDS_WRITE(&w, lead, ROW);
	viz_be_put_u64(key, lead->slot);
	viz_core_put_row(core, VIZ_TABLE_LEAD, key, sizeof key, &w);
	free(value);
	index_waiting(core, lead);
	index_award(core, lead);
	index_protocol(core, lead, is_open(lead));
}

struct viz_lead *viz_lead_of_award(struct viz_core *core, const struct viz_id *award)
{
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_lead *lead;
	struct viz_slice v;

	viz_meta_id_key(key, VIZ_META_AWARD, award);
	if (!viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key) || v.len != 8)
		return NULL;
	lead = viz_lead_fetch(core, viz_be_get_u64(v.p));
	if (lead && viz_id_eq(&lead->award, award))
		return lead;
	free(lead);
	return NULL;
}

struct viz_lead *viz_lead_of_protocol(struct viz_core *core, const char *protocol, uint64_t except)
{
	uint8_t prefix[VIZ_META_ID_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;

	protocol_key(prefix, protocol);
	viz_walk_init(&walk, core->store, VIZ_TABLE_META, prefix, sizeof prefix);
	while (viz_walk_next(&walk, &key, &value)) {
		uint64_t slot = viz_be_get_u64(key.p + sizeof prefix);

		if (slot != except)
			return viz_lead_fetch(core, slot);
	}
	return NULL;
}

bool viz_lead_get(struct viz_core *core, struct viz_lead *out, uint64_t slot)
{
	struct viz_slice v;
	uint8_t key[8];

	viz_be_put_u64(key, slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_LEAD, key, sizeof key))
		return false;
	memset(out, 0, sizeof *out);
	out->slot = slot;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, v.p, v.len, ROW) == VIZ_OK);
	return true;
}

void viz_lead_forget(struct viz_core *core, const struct viz_slice *key,
		     const struct viz_slice *value)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	uint8_t award[VIZ_META_ID_LEN];

	VIZ_REQUIRE(VIZ_FIELDS_PARSE(lead, value->p, value->len, ROW) == VIZ_OK);
	lead->slot = viz_be_get_u64(key->p);
	viz_meta_id_key(award, VIZ_META_AWARD, &lead->award);
	if (lead->award_n > 0)
		viz_core_del(core, VIZ_TABLE_META, award, sizeof award);
	index_protocol(core, lead, false);
	free(lead);
}
