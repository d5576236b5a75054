#include "tests/recount.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

/* One place of a circle record. */
static void count_place(struct viz_core *core, struct recount *c, const struct viz_slice *value)
{
	bool open, charged;
	struct viz_held held;
	struct viz_record rec;

	VIZ_REQUIRE(viz_place_row_read(&held, value->p, value->len) == VIZ_OK &&
		    viz_record_parse(&rec, held.a, held.a_len) == VIZ_OK);
	charged =
	    viz_record_is_write_once(rec.type) &&
	    (rec.type != VIZ_TYPE_PROTEST || (rec.slot >> 8 & 0xffffff) >= VIZ_PROTESTS_PER_DAY);
	if (!charged)
		return;
	for (int half = 0; half < 1 + held.dead; half++)
		c->bytes += (half ? held.b_len : held.a_len) +
			    (rec.type == VIZ_TYPE_OFFER ? VIZ_ACCOUNT_OFFER : VIZ_ACCOUNT_ROW);
	open = rec.slot >> 32 >= viz_account_open_from(core) >> 32;
	if (rec.type == VIZ_TYPE_OFFER && open)
		c->used += VIZ_ACCOUNT_RESERVE;
	else if (rec.type != VIZ_TYPE_PROTEST && open)
		c->used -= held.a_len + VIZ_ACCOUNT_ROW + VIZ_ACCOUNT_STUB;
}

static void count_evidence(struct recount *c, const struct viz_id *author,
			   const struct viz_slice *value)
{
	struct viz_reader r;
	struct viz_id origin;
	size_t len = 0;

	viz_reader_init(&r, value->p, value->len);
	viz_reader_tuple(&r, 3);
	viz_reader_time(&r);
	origin = viz_reader_id(&r);
	viz_reader_bin(&r, &len, 0, SIZE_MAX);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	if (viz_id_eq(&origin, author))
		c->evidence += len + VIZ_ACCOUNT_ROW;
}

static uint64_t named_len(const struct viz_slice *value)
{
	struct viz_reader r;
	size_t len = 0;

	viz_reader_init(&r, value->p, value->len);
	viz_reader_tuple(&r, 3);
	viz_reader_time(&r);
	viz_reader_bool(&r);
	viz_reader_bin(&r, &len, 65, VIZ_SIGNED_RECORD_MAX);
	VIZ_REQUIRE(viz_reader_finish(&r) == VIZ_OK);
	return len;
}

struct recount recount_of(struct viz_core *core, const struct viz_id *author)
{
	struct viz_slice key, value;
	struct recount c = {0};
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_RECORD, author->b, sizeof author->b);
	while (viz_walk_next(&walk, &key, &value))
		count_place(core, &c, &value);
	viz_walk_init(&walk, core->store, VIZ_TABLE_LOG, author->b, sizeof author->b);
	while (viz_walk_next(&walk, &key, &value))
		if (viz_be_get_u64(key.p + 32) != 0) /* else the row of the log */
			c.bytes += VIZ_ACCOUNT_STUB;
	viz_walk_init(&walk, core->store, VIZ_TABLE_NAMED, author->b, sizeof author->b);
	while (viz_walk_next(&walk, &key, &value))
		c.bytes += named_len(&value) + VIZ_ACCOUNT_ROW;
	viz_walk_init(&walk, core->store, VIZ_TABLE_EVIDENCE, NULL, 0);
	while (viz_walk_next(&walk, &key, &value))
		count_evidence(&c, author, &value);
	c.bytes += c.evidence;
	c.used += c.bytes;
	return c;
}
