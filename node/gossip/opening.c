#include "node/gossip/opening.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "store/tables.h"

#define KEY_LEN 52

#define OPENING(F)                                                                                 \
	F(ID, node)                                                                                \
	F(UINT, key, 0, VIZ_KEYS_MAX - 1)                                                          \
	F(TIME, time)                                                                              \
	F(ID, value)

static void row_key(uint8_t key[KEY_LEN], const struct viz_id *origin,
		    const struct viz_opening *opening)
{
	viz_id_slot_key(key, origin, opening->log);
	viz_be_put_u32(key + 40, opening->number);
	viz_be_put_u64(key + 44, opening->seq);
}

/* Drops the oldest when there are too many. False: one went. */
static bool make_room(struct viz_core *core, const struct viz_id *origin)
{
	struct viz_time time = {INT64_MAX};
	struct viz_slice key, value;
	uint8_t oldest[KEY_LEN];
	struct viz_opening o;
	struct viz_walk walk;
	size_t n = 0;

	viz_walk_init(&walk, core->store, VIZ_TABLE_OPENING, origin->b, sizeof origin->b);
	while (viz_walk_next(&walk, &key, &value)) {
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(&o, value.p, value.len, OPENING) == VIZ_OK);
		if (o.time.ms < time.ms) {
			time = o.time;
			memcpy(oldest, key.p, sizeof oldest);
		}
		n++;
	}
	if (n < VIZ_OPENINGS_PER_AUTHOR)
		return true;
	viz_core_del(core, VIZ_TABLE_OPENING, oldest, sizeof oldest);
	return false;
}

bool viz_opening_between(struct viz_core *core, struct viz_opening *out,
			 const struct viz_id *origin, const struct viz_opening *opening)
{
	struct viz_opening_walk walk;
	struct viz_opening o, last;
	size_t n = 0;

	viz_opening_walk_init(&walk, core, origin, opening->log);
	while (viz_opening_walk_next(&walk, &o))
		if (o.number == opening->number && o.seq < opening->seq &&
		    viz_id_eq(&o.value, &opening->value)) {
			last = o;
			n++;
		}
	if (n < 2)
		return false;
	*out = last;
	return true;
}

void viz_opening_drop(struct viz_core *core, const struct viz_id *origin,
		      const struct viz_opening *opening)
{
	uint8_t key[KEY_LEN];

	row_key(key, origin, opening);
	viz_core_del(core, VIZ_TABLE_OPENING, key, sizeof key);
}

bool viz_opening_has(struct viz_core *core, const struct viz_id *origin,
		     const struct viz_opening *opening)
{
	uint8_t key[KEY_LEN];
	struct viz_opening o;
	struct viz_slice v;

	row_key(key, origin, opening);
	if (!viz_core_get(core, &v, VIZ_TABLE_OPENING, key, sizeof key))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&o, v.p, v.len, OPENING) == VIZ_OK);
	return viz_id_eq(&o.node, &opening->node) && viz_id_eq(&o.value, &opening->value);
}

bool viz_opening_put(struct viz_core *core, const struct viz_id *origin,
		     const struct viz_opening *opening)
{
	uint8_t key[KEY_LEN];
	bool fits = make_room(core, origin);
	VIZ_WRITER(w, 128);

	row_key(key, origin, opening);
	VIZ_FIELDS_WRITE(&w, opening, OPENING);
	viz_core_put_row(core, VIZ_TABLE_OPENING, key, sizeof key, &w);
	return fits;
}

bool viz_opening_value(struct viz_core *core, struct viz_id *out, const struct viz_id *origin,
		       uint64_t log, uint32_t number)
{
	struct viz_slice key, value;
	uint8_t prefix[KEY_LEN - 8];
	struct viz_opening o;
	struct viz_walk walk;

	viz_id_slot_key(prefix, origin, log);
	viz_be_put_u32(prefix + 40, number);
	viz_walk_init(&walk, core->store, VIZ_TABLE_OPENING, prefix, sizeof prefix);
	if (!viz_walk_next(&walk, &key, &value))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&o, value.p, value.len, OPENING) == VIZ_OK);
	*out = o.value;
	return true;
}

void viz_opening_walk_init(struct viz_opening_walk *walk, struct viz_core *core,
			   const struct viz_id *origin, uint64_t log)
{
	viz_id_slot_key(walk->prefix, origin, log);
	viz_walk_init(&walk->rows, core->store, VIZ_TABLE_OPENING, walk->prefix,
		      sizeof walk->prefix);
}

bool viz_opening_walk_next(struct viz_opening_walk *walk, struct viz_opening *out)
{
	struct viz_slice key, value;

	if (!viz_walk_next(&walk->rows, &key, &value))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, value.p, value.len, OPENING) == VIZ_OK);
	out->log = viz_be_get_u64(key.p + 32);
	out->number = viz_be_get_u32(key.p + 40);
	out->seq = viz_be_get_u64(key.p + 44);
	return true;
}

bool viz_opening_over(struct viz_core *core, const struct viz_slice *value)
{
	struct viz_opening o;

	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&o, value->p, value->len, OPENING) == VIZ_OK);
	return viz_record_write_once_expires(o.time, core->federation.write_once_ms).ms <=
	       core->now.ms;
}
