#include "node/core/place.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/tables.h"

void viz_core_statement_key(uint8_t out[VIZ_STATEMENT_KEY_LEN], const struct viz_id *origin,
			    uint64_t slot, uint8_t type, const struct viz_id *author,
			    uint64_t number)
{
	viz_id_slot_key(out, origin, slot);
	out[40] = type;
	viz_id_slot_key(out + 41, author, number);
}

int viz_place_row_read(struct viz_held *held, const uint8_t *value, size_t len)
{
	struct viz_reader r;
	struct viz_held h = {0};

	viz_reader_init(&r, value, len);
	viz_reader_tuple(&r, 5);
	h.dead = viz_reader_bool(&r);
	h.received = viz_reader_time(&r);
	h.item = viz_reader_id(&r);
	h.a = viz_reader_bin(&r, &h.a_len, 65, VIZ_SIGNED_RECORD_MAX);
	if (!viz_reader_nil(&r))
		h.b = viz_reader_bin(&r, &h.b_len, 65, VIZ_SIGNED_RECORD_MAX);
	if (viz_reader_finish(&r) != VIZ_OK)
		return VIZ_ERR_STORE;
	*held = h;
	return VIZ_OK;
}

bool viz_place_get(struct viz_core *core, struct viz_held *held, struct viz_record *rec,
		   const struct viz_id *author, uint8_t type, uint64_t slot)
{
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_slice v;

	viz_place_key(key, author, type, slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_RECORD, key, sizeof key))
		return false;
	/* Only verified records are written. A row that does not parse means a damaged store. */
	VIZ_REQUIRE(viz_place_row_read(held, v.p, v.len) == VIZ_OK);
	if (rec)
		VIZ_REQUIRE(viz_record_parse(rec, held->a, held->a_len) == VIZ_OK);
	return true;
}

static void put_row(struct viz_core *core, const struct viz_record *rec, const struct viz_held *h)
{
	size_t max = 160 + h->a_len + h->b_len, len;
	uint8_t *value = viz_core_alloc(max);
	uint8_t key[VIZ_PLACE_LEN];
	struct viz_writer w;

	viz_writer_init(&w, value, max);
	viz_writer_array(&w, 5);
	viz_writer_bool(&w, h->dead);
	viz_writer_time(&w, h->received);
	viz_writer_id(&w, &h->item);
	viz_writer_bin(&w, h->a, h->a_len);
	if (h->b)
		viz_writer_bin(&w, h->b, h->b_len);
	else
		viz_writer_nil(&w);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_place_key(key, &rec->author, rec->type, rec->slot);
	viz_core_put(core, VIZ_TABLE_RECORD, key, sizeof key, value, len);
	core->changes++;
	free(value);
}

void viz_place_put(struct viz_core *core, const struct viz_record *rec, const struct viz_id *id)
{
	struct viz_held h = {.received = core->now};

	viz_core_item_id(&h.item, rec, id, false);
	h.a = rec->bytes - sizeof rec->sig.b;
	h.a_len = rec->len + sizeof rec->sig.b;
	put_row(core, rec, &h);
}

void viz_place_kill(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_held old, h = {.dead = true, .received = core->now};
	uint8_t *copy;

	VIZ_REQUIRE(viz_place_get(core, &old, NULL, &rec->author, rec->type, rec->slot));
	copy = viz_core_alloc(old.a_len);
	memcpy(copy, old.a, old.a_len);
	viz_core_item_id(&h.item, rec, NULL, true);
	h.a = copy;
	h.a_len = old.a_len;
	h.b = rec->bytes - sizeof rec->sig.b;
	h.b_len = rec->len + sizeof rec->sig.b;
	put_row(core, rec, &h);
	free(copy);
}
