#include "node/gossip/chain.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/core/place.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#define KEY_LEN 44

#define OLD(F)                                                                                     \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, first, 0, UINT32_MAX)                                                              \
	F(UINT, whole, 0, UINT32_MAX)
static VIZ_FIELDS_WRITER(chain_old, OLD);
static VIZ_FIELDS_READER(chain_old, OLD);

#define CHAIN(F)                                                                                   \
	F(UINT, node_seq, 0, INT64_MAX)                                                            \
	F(UINT, log, 1, UINT64_MAX)                                                                \
	F(UINT, first, 0, UINT32_MAX)                                                              \
	F(UINT, last, 0, UINT32_MAX)                                                               \
	F(UINT, first_seq, 0, INT64_MAX)                                                           \
	F(UINT, whole, 0, UINT32_MAX)                                                              \
	F(ID, last_value)                                                                          \
	F(UINT, held, 0, UINT32_MAX)                                                               \
	F(ID, held_value)                                                                          \
	F(UINT, met, 0, UINT32_MAX)                                                                \
	F(ID, met_value)                                                                           \
	F(UINT, told, 0, UINT32_MAX)                                                               \
	F(LIST, old, old_count, 0, chain_old)

/* A row of VIZ_TABLE_LOG. */
struct row {
	bool told;    /* its record was not held then */
	bool dropped; /* its record came, and there was no room for it, or no more */
	struct viz_stub stub;
};

#define ROW(F)                                                                                     \
	F(BOOL, told)                                                                              \
	F(BOOL, dropped)                                                                           \
	F(STRUCT, stub, stub)

#define ASKED_MAX 8 /* questions to the origin for a record that is lacking */

/* A row of VIZ_TABLE_LACKS. */
struct lack {
	uint32_t asked; /* how often, of the origin itself */
};

#define LACK(F) F(UINT, asked, 0, ASKED_MAX)

static void make_key(uint8_t key[KEY_LEN], const struct viz_id *origin, uint64_t log,
		     uint32_t number)
{
	memcpy(key, origin->b, 32);
	viz_be_put_u64(key + 32, log);
	viz_be_put_u32(key + 40, number);
}

bool viz_chain_get(struct viz_core *core, struct viz_chain *out, const struct viz_id *origin)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	make_key(key, origin, 0, 0);
	if (!viz_core_get(core, &v, VIZ_TABLE_LOG, key, sizeof key))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, v.p, v.len, CHAIN) == VIZ_OK);
	return true;
}

void viz_chain_put(struct viz_core *core, const struct viz_id *origin,
		   const struct viz_chain *chain)
{
	uint8_t key[KEY_LEN];
	VIZ_WRITER(w, 192 + VIZ_CHAIN_OLD_MAX * 24);

	make_key(key, origin, 0, 0);
	VIZ_FIELDS_WRITE(&w, chain, CHAIN);
	viz_core_put_row(core, VIZ_TABLE_LOG, key, sizeof key, &w);
}

static bool get_row(struct viz_core *core, struct row *out, const struct viz_id *origin,
		    uint64_t log, uint32_t number)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	make_key(key, origin, log, number);
	if (!viz_core_get(core, &v, VIZ_TABLE_LOG, key, sizeof key))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, v.p, v.len, ROW) == VIZ_OK);
	return true;
}

static void put_row(struct viz_core *core, const struct row *row, const struct viz_id *origin,
		    uint64_t log, uint32_t number, bool is_new)
{
	uint8_t key[KEY_LEN];
	VIZ_WRITER(w, 64);

	make_key(key, origin, log, number);
	VIZ_FIELDS_WRITE(&w, row, ROW);
	viz_core_put_row(core, VIZ_TABLE_LOG, key, sizeof key, &w);
	if (is_new)
		viz_account_stub(core, origin, true);
}

bool viz_chain_stub_get(struct viz_core *core, struct viz_stub *out, const struct viz_id *origin,
			uint64_t log, uint32_t number)
{
	struct row row;

	if (!get_row(core, &row, origin, log, number))
		return false;
	*out = row.stub;
	return true;
}

bool viz_chain_stub_next(struct viz_core *core, uint32_t *number, const struct viz_id *origin,
			 uint64_t log, uint32_t to)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	uint8_t from[KEY_LEN];

	make_key(from, origin, log, *number);
	viz_walk_init(&walk, core->store, VIZ_TABLE_LOG, from, KEY_LEN - 4);
	viz_walk_from(&walk, from, sizeof from);
	if (!viz_walk_next(&walk, &key, &value) || viz_be_get_u32(key.p + KEY_LEN - 4) > to)
		return false;
	*number = viz_be_get_u32(key.p + KEY_LEN - 4);
	return true;
}

bool viz_chain_log_next(struct viz_core *core, uint64_t *log, uint32_t *number,
			const struct viz_id *origin)
{
	struct viz_slice key, value;
	uint8_t from[KEY_LEN];
	struct viz_walk walk;

	if (*log == UINT64_MAX)
		return false;
	make_key(from, origin, *log + 1, 0);
	viz_walk_init(&walk, core->store, VIZ_TABLE_LOG, from, sizeof origin->b);
	viz_walk_from(&walk, from, sizeof from);
	if (!viz_walk_next(&walk, &key, &value))
		return false;
	*log = viz_be_get_u64(key.p + 32);
	*number = 0;
	/* by its bits from the highest on: a stub is at this number, or above it */
	for (uint32_t bit = UINT32_C(1) << 31; bit > 0; bit >>= 1) {
		uint32_t at = *number | bit;

		if (viz_chain_stub_next(core, &at, origin, *log, UINT32_MAX))
			*number |= bit;
	}
	return true;
}

static bool same(const struct viz_stub *a, const struct viz_stub *b)
{
	return a->offer == b->offer && a->type == b->type && a->slot == b->slot &&
	       viz_id_eq(&a->id, &b->id);
}

bool viz_chain_stub_put(struct viz_core *core, const struct viz_id *origin, uint64_t log,
			uint32_t number, const struct viz_stub *stub)
{
	struct row row;
	bool held = get_row(core, &row, origin, log, number);

	if (held && !row.dropped)
		return same(&row.stub, stub);
	if (held && !same(&row.stub, stub))
		return false;
	if (!held)
		row = (struct row){.stub = *stub};
	row.dropped = false;
	put_row(core, &row, origin, log, number, !held);
	return true;
}

void viz_chain_dropped(struct viz_core *core, const struct viz_record *rec)
{
	struct viz_position at;
	struct viz_id id;
	struct row row;

	VIZ_REQUIRE(viz_position_parse(&at, rec) == VIZ_OK);
	viz_ids_record(&id, &core->federation_id, rec);
	if (!get_row(core, &row, &rec->author, at.log, at.number) || !viz_id_eq(&row.stub.id, &id))
		return;
	viz_chain_found(core, &rec->author, at.log, at.number);
	row.dropped = true;
	put_row(core, &row, &rec->author, at.log, at.number, false);
}

bool viz_chain_is_dropped(struct viz_core *core, const struct viz_id *origin, uint64_t log,
			  uint32_t number)
{
	struct row row;

	return get_row(core, &row, origin, log, number) && row.dropped;
}

bool viz_chain_tell(struct viz_core *core, struct viz_chain *chain, const struct viz_id *origin,
		    uint32_t number, const struct viz_stub *stub)
{
	struct row row;

	if (get_row(core, &row, origin, chain->log, number))
		return same(&row.stub, stub);
	row = (struct row){.told = true, .stub = *stub};
	put_row(core, &row, origin, chain->log, number, true);
	chain->told++;
	return true;
}

bool viz_chain_record(struct viz_core *core, struct viz_held *held, const struct viz_id *origin,
		      const struct viz_stub *stub)
{
	struct viz_record rec;
	struct viz_id id;

	if (!viz_place_get(core, held, &rec, origin, stub->type, stub->slot))
		return false;
	viz_ids_record(&id, &core->federation_id, &rec);
	return held->dead || viz_id_eq(&id, &stub->id);
}

/* Nothing that was only told stands behind `met` of a log that is over. */
bool viz_chain_knows(struct viz_core *core, struct viz_stub *out, const struct viz_chain *chain,
		     const struct viz_id *origin, uint64_t log, uint32_t number)
{
	struct viz_held held;
	struct row row;

	if (!get_row(core, &row, origin, log, number) ||
	    (chain->log == log && number > chain->met && !row.dropped &&
	     !viz_chain_record(core, &held, origin, &row.stub)))
		return false;
	*out = row.stub;
	return true;
}

static void put_lack(struct viz_core *core, const uint8_t key[KEY_LEN], uint32_t asked)
{
	struct lack row = {asked};
	VIZ_WRITER(w, 16);

	VIZ_FIELDS_WRITE(&w, &row, LACK);
	viz_core_put_row(core, VIZ_TABLE_LACKS, key, KEY_LEN, &w);
}

void viz_chain_lacks(struct viz_core *core, const struct viz_id *origin, uint64_t log,
		     uint32_t number)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	make_key(key, origin, log, number);
	if (!viz_core_get(core, &v, VIZ_TABLE_LACKS, key, sizeof key))
		put_lack(core, key, 0);
}

void viz_chain_found(struct viz_core *core, const struct viz_id *origin, uint64_t log,
		     uint32_t number)
{
	uint8_t key[KEY_LEN];

	make_key(key, origin, log, number);
	viz_core_del(core, VIZ_TABLE_LACKS, key, sizeof key);
}

/* Counts a question in vain. False: it was the last one, and the record is lacking no more. */
static bool count_asked(struct viz_core *core, const uint8_t key[KEY_LEN])
{
	struct viz_slice value;
	struct lack row;

	VIZ_REQUIRE(viz_core_get(core, &value, VIZ_TABLE_LACKS, key, KEY_LEN) &&
		    VIZ_FIELDS_PARSE(&row, value.p, value.len, LACK) == VIZ_OK);
	if (row.asked + 1 < ASKED_MAX) {
		put_lack(core, key, row.asked + 1);
		return true;
	}
	viz_core_del(core, VIZ_TABLE_LACKS, key, KEY_LEN);
	return false;
}

size_t viz_chain_lacking(struct viz_core *core, uint32_t *number, size_t max,
			 const struct viz_id *origin, uint64_t log, uint32_t to, bool in_vain)
{
	uint8_t key[KEY_LEN];
	struct viz_slice at, value;
	struct viz_walk walk;
	size_t n = 0, left = 0;

	make_key(key, origin, log, 0);
	viz_walk_init(&walk, core->store, VIZ_TABLE_LACKS, key, KEY_LEN - 4);
	while (n < max && viz_walk_next(&walk, &at, &value) && viz_be_get_u32(at.p + 40) <= to)
		number[n++] = viz_be_get_u32(at.p + 40);
	for (size_t i = 0; i < n; i++) {
		make_key(key, origin, log, number[i]);
		if (!in_vain || count_asked(core, key))
			number[left++] = number[i];
	}
	return left;
}

bool viz_chain_lacking_next(struct viz_core *core, uint64_t *log, const struct viz_id *origin)
{
	uint8_t from[KEY_LEN];
	struct viz_slice at, value;
	struct viz_walk walk;

	if (*log == UINT64_MAX)
		return false;
	make_key(from, origin, *log + 1, 0);
	viz_walk_init(&walk, core->store, VIZ_TABLE_LACKS, from, sizeof origin->b);
	viz_walk_from(&walk, from, sizeof from);
	if (!viz_walk_next(&walk, &at, &value))
		return false;
	*log = viz_be_get_u64(at.p + 32);
	return true;
}

bool viz_chain_replace(struct viz_core *core, struct viz_chain *chain, const struct viz_id *origin,
		       uint32_t number, const struct viz_stub *stub)
{
	struct viz_held held;
	struct row row;

	if (number <= chain->met || !get_row(core, &row, origin, chain->log, number) || !row.told ||
	    row.dropped || viz_chain_record(core, &held, origin, &row.stub))
		return false;
	row.stub = *stub;
	put_row(core, &row, origin, chain->log, number, false);
	chain->held = chain->met;
	chain->held_value = chain->met_value;
	return true;
}

/* Drops what a peer told us and no record confirms. */
static void drop_stubs(struct viz_core *core, const struct viz_id *origin, struct viz_chain *chain)
{
	for (uint32_t n = chain->met + 1; n <= chain->held; n++) {
		uint8_t key[KEY_LEN];
		struct viz_held held;
		struct row row;

		if (!get_row(core, &row, origin, chain->log, n) || !row.told ||
		    viz_chain_record(core, &held, origin, &row.stub))
			continue;
		make_key(key, origin, chain->log, n);
		viz_core_del(core, VIZ_TABLE_LOG, key, sizeof key);
		viz_core_del(core, VIZ_TABLE_LACKS, key, sizeof key);
		viz_account_stub(core, origin, false);
		chain->told--;
	}
}

void viz_chain_restart(struct viz_core *core, const struct viz_id *origin, struct viz_chain *chain)
{
	drop_stubs(core, origin, chain);
	chain->held = chain->met;
	chain->held_value = chain->met_value;
}

/* Notes what is known of the log that ends. */
static void note_old(struct viz_chain *c)
{
	struct viz_chain_old o = {c->log, c->first, c->met > c->whole ? c->met : c->whole};
	size_t n = 0;

	for (size_t i = c->old_count == VIZ_CHAIN_OLD_MAX; i < c->old_count; i++)
		if (c->old[i].log != c->log)
			c->old[n++] = c->old[i];
	c->old[n++] = o;
	c->old_count = n;
}

void viz_chain_begin(struct viz_core *core, const struct viz_id *origin, struct viz_chain *chain,
		     const struct viz_chain *first)
{
	struct viz_chain old = *chain;

	*chain = *first;
	if (old.log == 0)
		return;
	viz_chain_restart(core, origin, &old);
	note_old(&old);
	chain->told = old.told;
	memcpy(chain->old, old.old, sizeof chain->old);
	chain->old_count = old.old_count;
}

bool viz_chain_of_log(const struct viz_chain *chain, struct viz_chain_old *out, uint64_t log)
{
	if (chain->log == log) {
		*out = (struct viz_chain_old){
		    log, chain->first, chain->met > chain->whole ? chain->met : chain->whole};
		return true;
	}
	for (size_t i = 0; i < chain->old_count; i++)
		if (chain->old[i].log == log) {
			*out = chain->old[i];
			return true;
		}
	return false;
}

bool viz_chain_advance(struct viz_core *core, const struct viz_id *origin, struct viz_chain *chain)
{
	struct viz_stub stub;

	while (chain->held < chain->last &&
	       viz_chain_stub_get(core, &stub, origin, chain->log, chain->held + 1)) {
		struct viz_position at = {chain->log, chain->held + 1, chain->held_value,
					  stub.offer};

		viz_ids_log(&chain->held_value, &at, stub.type, stub.slot, &stub.id);
		chain->held++;
	}
	if (chain->held < chain->last)
		return true;
	if (viz_id_eq(&chain->held_value, &chain->last_value)) {
		chain->met = chain->held;
		chain->met_value = chain->held_value;
		return true;
	}
	viz_chain_restart(core, origin, chain);
	return false;
}

bool viz_chain_over(struct viz_core *core, const struct viz_slice *key,
		    const struct viz_slice *value)
{
	struct viz_chain chain;
	struct viz_id origin;
	struct row row;

	if (viz_be_get_u64(key->p + 32) == 0)
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&row, value->p, value->len, ROW) == VIZ_OK);
	/* The last CHOICE is signed long before the OFFER has expired. */
	if ((int64_t)((row.stub.slot >> 32) + 1) * VIZ_DAY_MS + 2 * core->federation.write_once_ms >
	    core->now.ms)
		return false;
	memcpy(origin.b, key->p, sizeof origin.b);
	viz_core_del(core, VIZ_TABLE_LACKS, key->p, key->len);
	viz_account_stub(core, &origin, false);
	if (row.told && viz_chain_get(core, &chain, &origin) && chain.told > 0) {
		chain.told--;
		viz_chain_put(core, &origin, &chain);
	}
	return true;
}
