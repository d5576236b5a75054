#include "node/core/journal.h"

#include "crypto/hash.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/text.h"
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

static void hash_of(struct viz_id *out, const struct viz_slice *entry)
{
	struct viz_hash h;

	viz_hash_init(&h, "vizinho/journal");
	viz_hash_part(&h, entry->p, entry->len);
	viz_hash_final(&h, out);
}

int viz_journal_load(struct viz_core *core)
{
	struct viz_slice key, value;

	if (viz_walk_last(core->store, &key, &value, VIZ_TABLE_JOURNAL, NULL, 0) != VIZ_OK)
		return VIZ_OK;
	core->journal.number = viz_be_get_u64(key.p);
	hash_of(&core->journal.head, &value);
	return VIZ_OK;
}

#define ENTRY(F)                                                                                   \
	F(ID, previous)                                                                            \
	F(TIME, time)                                                                              \
	F(TEXT, event, 1)                                                                          \
	F(ID, about)                                                                               \
	F(ID, peer)                                                                                \
	F(UINT, slot, 0, UINT64_MAX)
VIZ_FIELDS(journal_entry, ENTRY);

#define ACCESS(F)                                                                                  \
	F(TIME, time)                                                                              \
	F(TEXT, who, 0)                                                                            \
	F(TEXT, what, 1)                                                                           \
	F(ID, origin)                                                                              \
	F(UINT, slot, 0, UINT64_MAX)
VIZ_FIELDS(journal_access, ACCESS);

void viz_journal_add(struct viz_core *core, enum viz_notice what, const struct viz_id *about,
		     const struct viz_id *peer, uint64_t slot)
{
	struct viz_journal_entry e = {
	    .previous = core->journal.head, .time = core->now, .slot = slot};
	VIZ_WRITER(w, 224);

	if (about)
		e.about = *about;
	if (peer)
		e.peer = *peer;
	snprintf(e.event, sizeof e.event, "%s", viz_notice_kinds[what].code);
	viz_journal_entry_write(&w, &e);
	put(core, VIZ_TABLE_JOURNAL, ++core->journal.number, &w);
	hash_of(&core->journal.head, &(struct viz_slice){w.start, w.len});
}

int viz_journal_get(struct viz_core *core, struct viz_journal_entry *out, struct viz_id *hash,
		    uint64_t number)
{
	struct viz_slice v;
	uint8_t key[8];

	viz_be_put_u64(key, number);
	if (!viz_core_get(core, &v, VIZ_TABLE_JOURNAL, key, sizeof key))
		return VIZ_ERR_ABSENT;
	if (VIZ_PARSE(journal_entry, out, v.p, v.len) != VIZ_OK)
		return VIZ_ERR_STORE;
	hash_of(hash, &v);
	return VIZ_OK;
}

void viz_journal_accessed(struct viz_core *core, const char *who, const char *what,
			  const struct viz_id *origin, uint64_t slot)
{
	struct viz_journal_access a = {.time = core->now, .origin = *origin, .slot = slot};
	VIZ_WRITER(w, 256);

	VIZ_REQUIRE(strlen(who) < sizeof a.who && viz_text_valid(who, strlen(who)));
	VIZ_REQUIRE(strlen(what) < sizeof a.what);
	snprintf(a.who, sizeof a.who, "%s", who);
	snprintf(a.what, sizeof a.what, "%s", what);
	viz_journal_access_write(&w, &a);
	put(core, VIZ_TABLE_ACCESS, next_number(core, VIZ_TABLE_ACCESS), &w);
	if (!viz_views_are_many(core, who, origin, slot))
		return;
	/* Once: this lead is among those that were seen now. */
	viz_journal_accessed(core, who, "many", origin, slot);
	viz_journal_add(core, VIZ_NOTICE_MANY_VIEWS, NULL, NULL, 0);
}
