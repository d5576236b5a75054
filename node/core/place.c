#include "node/core/place.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/weight.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/tables.h"

void viz_place_statement_key(uint8_t out[VIZ_STATEMENT_KEY_LEN], const struct viz_id *origin,
			     uint64_t slot, uint8_t type, const struct viz_id *author,
			     uint64_t number)
{
	viz_id_slot_key(out, origin, slot);
	out[40] = type;
	viz_id_slot_key(out + 41, author, number);
}

#define HELD(F)                                                                                    \
	F(BOOL, dead)                                                                              \
	F(TIME, received)                                                                          \
	F(ID, item)                                                                                \
	F(BIN, a, 65, VIZ_SIGNED_RECORD_MAX)                                                       \
	F(BIN_OR_NIL, b, 65, VIZ_SIGNED_RECORD_MAX)

int viz_place_row_read(struct viz_held *held, const uint8_t *value, size_t len)
{
	struct viz_held h = {0};

	if (VIZ_FIELDS_PARSE(&h, value, len, HELD) != VIZ_OK)
		return VIZ_ERR_STORE;
	*held = h;
	return VIZ_OK;
}

bool viz_place_get(struct viz_core *core, struct viz_held *held, struct viz_record *rec,
		   const struct viz_id *author, uint8_t type, uint64_t slot)
{
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_slice v;

	viz_record_place_key(key, author, type, slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_RECORD, key, sizeof key))
		return false;
	/* Only verified records are written. A row that does not parse means a damaged store. */
	VIZ_REQUIRE(viz_place_row_read(held, v.p, v.len) == VIZ_OK);
	if (rec)
		VIZ_REQUIRE(viz_record_parse(rec, held->a, held->a_len) == VIZ_OK);
	return true;
}

static void touch(struct viz_core *core, const struct viz_id *author)
{
	struct viz_touched *t = &core->touched;

	if (t->count > 0 && viz_id_eq(&t->list[t->count - 1], author))
		return;
	if (t->count == t->capacity) {
		t->capacity = t->capacity ? t->capacity * 2 : 16;
		t->list = viz_core_grow(t->list, t->capacity, sizeof *t->list);
	}
	t->list[t->count++] = *author;
}

static void put_row(struct viz_core *core, const struct viz_record *rec, const struct viz_held *h)
{
	size_t max = 160 + h->a_len + h->b_len;
	uint8_t *value = viz_core_alloc(max);
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_writer w;

	viz_writer_init(&w, value, max);
	VIZ_FIELDS_WRITE(&w, h, HELD);
	viz_record_place_key(key, &rec->author, rec->type, rec->slot);
	viz_core_put_row(core, VIZ_TABLE_RECORD, key, sizeof key, &w);
	if (!viz_record_is_write_once(rec->type))
		touch(core, &rec->author);
	free(value);
}

/* What a federation record that stands at the place weighs, with its other half. */
static uint64_t weight_at(struct viz_core *core, const struct viz_id *author, uint8_t type,
			  uint64_t slot)
{
	struct viz_held held;

	if (viz_record_is_write_once(type) || !viz_place_get(core, &held, NULL, author, type, slot))
		return 0;
	return viz_weight_cost(type, held.a, held.a_len) +
	       (held.dead ? viz_weight_cost(type, held.b, held.b_len) : 0);
}

/* Takes off its author's account what stands at the place. False: nothing does. */
static bool uncharge(struct viz_core *core, const struct viz_id *author, uint8_t type,
		     uint64_t slot)
{
	struct viz_record a, b = {0};
	struct viz_held held;

	if (!viz_place_get(core, &held, &a, author, type, slot))
		return false;
	if (held.dead)
		VIZ_REQUIRE(viz_record_parse(&b, held.b, held.b_len) == VIZ_OK);
	viz_account_gone(core, &a, false);
	if (held.dead)
		viz_account_gone(core, &b, true);
	return true;
}

void viz_place_put(struct viz_core *core, struct viz_id *item, const struct viz_record *rec,
		   const struct viz_id *id)
{
	struct viz_held h = {.received = core->now};
	uint64_t came = 0, gone;

	if (viz_account_cost(rec) != 0) {
		uncharge(core, &rec->author, rec->type, rec->slot);
		viz_account_came(core, rec, false);
	}
	viz_ids_item(&h.item, rec, id, false);
	h.a = rec->bytes - sizeof rec->sig.b;
	h.a_len = rec->len + sizeof rec->sig.b;
	gone = weight_at(core, &rec->author, rec->type, rec->slot);
	if (!viz_record_is_write_once(rec->type))
		came = viz_weight_of(rec);
	put_row(core, rec, &h);
	viz_weight_change(core, &rec->author, came, gone);
	if (item)
		*item = h.item;
}

void viz_place_mark_dead(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_held old, h = {.dead = true, .received = core->now};
	uint64_t came = 0;
	uint8_t *copy;

	VIZ_REQUIRE(viz_place_get(core, &old, NULL, &rec->author, rec->type, rec->slot));
	copy = viz_core_alloc(old.a_len);
	memcpy(copy, old.a, old.a_len);
	viz_ids_item(&h.item, rec, NULL, true);
	h.a = copy;
	h.a_len = old.a_len;
	h.b = rec->bytes - sizeof rec->sig.b;
	h.b_len = rec->len + sizeof rec->sig.b;
	if (!viz_record_is_write_once(rec->type))
		came = viz_weight_of(rec);
	put_row(core, rec, &h);
	viz_weight_change(core, &rec->author, came, 0);
	viz_account_came(core, rec, true);
	free(copy);
}

void viz_place_drop(struct viz_core *core, const struct viz_id *author, uint8_t type, uint64_t slot)
{
	uint64_t weight = weight_at(core, author, type, slot);
	uint8_t key[VIZ_PLACE_LEN];

	if (!uncharge(core, author, type, slot))
		return;
	viz_weight_change(core, author, 0, weight);
	viz_record_place_key(key, author, type, slot);
	viz_core_del(core, VIZ_TABLE_RECORD, key, sizeof key);
	if (!viz_record_is_write_once(type))
		touch(core, author);
}
