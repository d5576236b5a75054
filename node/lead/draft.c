#include "node/lead/draft.h"

#include "crypto/hash.h"
#include "node/core/core.h"
#include "node/lead/lead.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"

enum { ROW_MAX = 512 };

#define DRAFT(F)                                                                                   \
	F(CONST, 1) /* version */                                                                  \
	F(TEXT, source, 1)                                                                         \
	F(TEXT, external_id, 1)                                                                    \
	F(TEXT, protocol, 0)                                                                       \
	F(UINT, kind, VIZ_DRAFT_MOVE, VIZ_DRAFT_CANCELLATION)                                      \
	F(TEXT, reason, 0)                                                                         \
	F(UINT, municipality, 0, UINT32_MAX)                                                       \
	F(UINT, cep, 0, 99999999)                                                                  \
	F(TIME, cancelled_at)                                                                      \
	F(TIME, created)                                                                           \
	F(UINT, state, VIZ_DRAFT_OPEN, VIZ_DRAFT_UNDONE)                                           \
	F(TEXT, who, 0)                                                                            \
	F(TIME, changed)
static VIZ_FIELDS_WRITER(draft, DRAFT);
static VIZ_FIELDS_READER(draft, DRAFT);

void viz_draft_id(struct viz_id *out, const char *source, const char *external_id)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/draft");
	viz_hash_part(&h, (const uint8_t *)source, strlen(source));
	viz_hash_part(&h, (const uint8_t *)external_id, strlen(external_id));
	viz_hash_final(&h, out);
}

static void read_row(struct viz_draft *out, const struct viz_slice *value)
{
	VIZ_REQUIRE(VIZ_PARSE(draft, out, value->p, value->len) == VIZ_OK);
}

static bool is_over(const struct viz_core *core, const struct viz_draft *d)
{
	return d->created.ms + VIZ_DRAFT_MS <= core->now.ms;
}

static bool get_row(struct viz_core *core, struct viz_draft *out, const struct viz_id *id)
{
	struct viz_slice v;

	if (!viz_core_get(core, &v, VIZ_TABLE_DRAFT, id->b, sizeof id->b))
		return false;
	read_row(out, &v);
	return true;
}

bool viz_draft_get(struct viz_core *core, struct viz_draft *out, const struct viz_id *id)
{
	return get_row(core, out, id) && !is_over(core, out);
}

static void index_key(uint8_t key[VIZ_META_DRAFT_LEN], const char *protocol,
		      const struct viz_id *id)
{
	struct viz_id hash;

	viz_lead_protocol_hash(&hash, protocol);
	viz_meta_id_key(key, VIZ_META_DRAFT, &hash);
	memcpy(key + VIZ_META_ID_LEN, id->b, sizeof id->b);
}

static void drop_index(struct viz_core *core, const struct viz_draft *d, const struct viz_id *id)
{
	uint8_t key[VIZ_META_DRAFT_LEN];
	struct viz_slice v;

	index_key(key, d->protocol, id);
	if (viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
}

void viz_draft_put(struct viz_core *core, const struct viz_draft *d)
{
	uint8_t key[VIZ_META_DRAFT_LEN];
	VIZ_WRITER(w, ROW_MAX);
	struct viz_draft old;
	struct viz_id id;

	viz_draft_id(&id, d->source, d->external_id);
	if (get_row(core, &old, &id))
		drop_index(core, &old, &id);
	viz_draft_write(&w, d);
	viz_core_put_row(core, VIZ_TABLE_DRAFT, id.b, sizeof id.b, &w);
	index_key(key, d->protocol, &id);
	if (d->protocol[0] != '\0' && d->state == VIZ_DRAFT_OPEN)
		viz_core_put(core, VIZ_TABLE_META, key, sizeof key, NULL, 0);
}

size_t viz_draft_count(const struct viz_core *core)
{
	return (size_t)viz_store_stat_entries(core->store, VIZ_TABLE_DRAFT);
}

void viz_draft_walk_init(struct viz_walk *walk, struct viz_core *core)
{
	viz_walk_init(walk, core->store, VIZ_TABLE_DRAFT, NULL, 0);
}

bool viz_draft_walk_next(struct viz_walk *walk, struct viz_core *core, struct viz_draft *out,
			 bool *there)
{
	struct viz_slice key, value;

	if (!viz_walk_next(walk, &key, &value))
		return false;
	read_row(out, &value);
	*there = !is_over(core, out);
	return true;
}

void viz_draft_take(struct viz_core *core, const char *protocol)
{
	uint8_t prefix[VIZ_META_DRAFT_LEN];
	struct viz_id id = {{0}};
	struct viz_slice key, value;
	struct viz_draft d;
	struct viz_walk walk;

	index_key(prefix, protocol, &id);
	viz_walk_init(&walk, core->store, VIZ_TABLE_META, prefix, VIZ_META_ID_LEN);
	while (viz_walk_next(&walk, &key, &value)) {
		memcpy(id.b, key.p + VIZ_META_ID_LEN, sizeof id.b);
		if (!get_row(core, &d, &id))
			continue;
		d.state = VIZ_DRAFT_TAKEN;
		d.changed = core->now;
		d.who[0] = '\0';
		viz_draft_put(core, &d);
	}
}

bool viz_draft_over(const struct viz_core *core, const struct viz_slice *value)
{
	struct viz_draft d;

	read_row(&d, value);
	return is_over(core, &d);
}

void viz_draft_forget(struct viz_core *core, const struct viz_slice *key,
		      const struct viz_slice *value)
{
	struct viz_draft d;
	struct viz_id id;

	read_row(&d, value);
	memcpy(id.b, key->p, sizeof id.b);
	drop_index(core, &d, &id);
}

const char *viz_draft_state_name(enum viz_draft_state state)
{
	switch (state) {
	case VIZ_DRAFT_OPEN:
		return "open";
	case VIZ_DRAFT_TAKEN:
		return "taken";
	case VIZ_DRAFT_CLOSED:
		return "closed";
	case VIZ_DRAFT_UNDONE:
		return "undone";
	}
	return "?";
}
