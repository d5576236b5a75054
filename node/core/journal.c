#include "node/core/journal.h"

#include "crypto/hash.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

static uint64_t next_number(struct viz_core *core, enum viz_table table)
{
	struct viz_slice key, value;

	if (viz_walk_last(core->store, &key, &value, table, NULL, 0) != VIZ_OK)
		return 1;
	return viz_be_get_u64(key.p) + 1;
}

static void put(struct viz_core *core, enum viz_table table, uint64_t number,
		const struct viz_writer *w)
{
	uint8_t key[8];

	viz_be_put_u64(key, number);
	viz_core_put_row(core, table, key, sizeof key, w);
}

int viz_journal_load(struct viz_core *core)
{
	struct viz_slice key, value;
	struct viz_hash h;

	if (viz_walk_last(core->store, &key, &value, VIZ_TABLE_JOURNAL, NULL, 0) != VIZ_OK)
		return VIZ_OK;
	core->journal.number = viz_be_get_u64(key.p);
	viz_hash_init(&h, "vizinho/journal");
	viz_hash_part(&h, value.p, value.len);
	viz_hash_final(&h, &core->journal.head);
	return VIZ_OK;
}

void viz_journal_add(struct viz_core *core, const char *event, const struct viz_id *about)
{
	VIZ_WRITER(w, 160);
	struct viz_hash h;

	viz_writer_array(&w, 4);
	viz_writer_id(&w, &core->journal.head);
	viz_writer_time(&w, core->now);
	viz_writer_text(&w, event);
	viz_writer_id(&w, about);
	put(core, VIZ_TABLE_JOURNAL, ++core->journal.number, &w);
	viz_hash_init(&h, "vizinho/journal");
	viz_hash_part(&h, w.start, w.len);
	viz_hash_final(&h, &core->journal.head);
}

void viz_journal_access(struct viz_core *core, const char *who, const char *what,
			const struct viz_id *origin, uint64_t slot)
{
	VIZ_WRITER(w, 256);

	viz_writer_array(&w, 5);
	viz_writer_time(&w, core->now);
	viz_writer_text(&w, who);
	viz_writer_text(&w, what);
	viz_writer_id(&w, origin);
	viz_writer_uint(&w, slot);
	put(core, VIZ_TABLE_ACCESS, next_number(core, VIZ_TABLE_ACCESS), &w);
}
