#include "node/core/account.h"

#include "node/core/core.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"

#define ENDED_AFTER_MS (2 * VIZ_DAY_MS) /* an offer's dates are over, beside choice_ms */

#define ACCOUNT(F)                                                                                 \
	F(UINT, bytes, 0, UINT64_MAX)                                                              \
	F(UINT, evidence, 0, UINT64_MAX)                                                           \
	F(UINT, last_lost, 0, UINT64_MAX >> 16)                                                    \
	F(UINT, looked_day, 0, UINT32_MAX)                                                         \
	F(UINT, looked, 0, UINT64_MAX >> 16)                                                       \
	F(UINT, tombstones, 0, VIZ_TOMBSTONES_MAX)

/* The offers of one day of an author. */
struct day {
	uint64_t offers;   /* OFFERs that are here */
	uint64_t followed; /* what the CLOSEs, RESULTs and CHOICEs cost, and their stubs */
};

#define DAY(F)                                                                                     \
	F(UINT, offers, 0, UINT32_MAX)                                                             \
	F(UINT, followed, 0, UINT64_MAX)

void viz_account_get(struct viz_core *core, struct viz_account *out, const struct viz_id *author)
{
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_slice v;

	*out = (struct viz_account){0};
	viz_meta_id_key(key, VIZ_META_ACCOUNT, author);
	if (viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, v.p, v.len, ACCOUNT) == VIZ_OK);
}

void viz_account_put(struct viz_core *core, const struct viz_id *author,
		     const struct viz_account *account)
{
	uint8_t key[VIZ_META_ID_LEN];
	VIZ_WRITER(w, 64);

	viz_meta_id_key(key, VIZ_META_ACCOUNT, author);
	VIZ_FIELDS_WRITE(&w, account, ACCOUNT);
	if (account->bytes != 0 || account->last_lost != 0 || account->tombstones != 0)
		viz_core_put_row(core, VIZ_TABLE_META, key, sizeof key, &w);
	else
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
}

/* What is left. More may go than was counted only when the store was damaged: that is logged, and
 * no reason to stop, as the account would stop every start after it too. */
static uint64_t take(struct viz_core *core, uint64_t from, uint64_t bytes)
{
	if (from >= bytes)
		return from - bytes;
	viz_core_log(core, 3, "store: %llu bytes go from an account that has %llu",
		     (unsigned long long)bytes, (unsigned long long)from);
	return 0;
}

static void add(struct viz_core *core, const struct viz_id *author, uint64_t bytes,
		uint64_t evidence, bool more)
{
	struct viz_account a;

	viz_account_get(core, &a, author);
	a.bytes = more ? a.bytes + bytes : take(core, a.bytes, bytes);
	a.evidence = more ? a.evidence + evidence : take(core, a.evidence, evidence);
	viz_account_put(core, author, &a);
}

static void day_key(uint8_t key[VIZ_META_DAY_LEN], const struct viz_id *author, uint64_t slot)
{
	viz_meta_id_key(key, VIZ_META_RESERVE, author);
	viz_be_put_u32(key + VIZ_META_ID_LEN, (uint32_t)(slot >> 32));
}

static struct day read_day(const struct viz_slice *value)
{
	struct day day;

	VIZ_REQUIRE(VIZ_FIELDS_PARSE(&day, value->p, value->len, DAY) == VIZ_OK);
	return day;
}

/* Counts one record of the log among those of its day. */
static void count_in_day(struct viz_core *core, const struct viz_record *rec, bool more)
{
	uint64_t followed =
	    rec->type == VIZ_TYPE_OFFER ? 0 : viz_account_cost(rec) + VIZ_ACCOUNT_STUB;
	uint8_t key[VIZ_META_DAY_LEN];
	struct day day = {0};
	struct viz_slice v;
	VIZ_WRITER(w, 32);

	day_key(key, &rec->author, rec->slot);
	if (viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		day = read_day(&v);
	if (rec->type == VIZ_TYPE_OFFER)
		day.offers = more ? day.offers + 1 : take(core, day.offers, 1);
	day.followed = more ? day.followed + followed : take(core, day.followed, followed);
	VIZ_FIELDS_WRITE(&w, &day, DAY);
	if (day.offers != 0 || day.followed != 0)
		viz_core_put_row(core, VIZ_TABLE_META, key, sizeof key, &w);
	else
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
}

uint64_t viz_account_open_from(const struct viz_core *core)
{
	int64_t since = core->now.ms - core->federation.choice_ms - ENDED_AFTER_MS;

	return viz_record_slot_make((struct viz_time){since > 0 ? since : 0}, 0);
}

uint64_t viz_account_used(struct viz_core *core, const struct viz_id *author)
{
	uint8_t from[VIZ_META_DAY_LEN];
	struct viz_slice key, value;
	struct viz_account a;
	struct viz_walk walk;

	viz_account_get(core, &a, author);
	day_key(from, author, viz_account_open_from(core));
	viz_walk_init(&walk, core->store, VIZ_TABLE_META, from, VIZ_META_ID_LEN);
	viz_walk_from(&walk, from, sizeof from);
	while (viz_walk_next(&walk, &key, &value)) {
		struct day day = read_day(&value);

		if (day.offers * VIZ_ACCOUNT_RESERVE > day.followed)
			a.bytes += day.offers * VIZ_ACCOUNT_RESERVE - day.followed;
	}
	return a.bytes;
}

uint64_t viz_account_cost(const struct viz_record *rec)
{
	uint64_t len = rec->len + sizeof rec->sig.b;

	if (viz_record_is_of_log(rec->type))
		return len + (rec->type == VIZ_TYPE_OFFER ? VIZ_ACCOUNT_OFFER : VIZ_ACCOUNT_ROW);
	return rec->type == VIZ_TYPE_PROTEST &&
		       viz_record_slot_number(rec->slot) >= VIZ_PROTESTS_PER_DAY
		   ? len + VIZ_ACCOUNT_ROW
		   : 0;
}

uint64_t viz_account_adds(struct viz_core *core, const struct viz_record *rec, bool beside)
{
	uint64_t cost = viz_account_cost(rec);

	if (!viz_record_is_of_log(rec->type) || beside)
		return cost;
	cost += VIZ_ACCOUNT_STUB;
	if (rec->slot < viz_account_open_from(core))
		return cost;
	return rec->type == VIZ_TYPE_OFFER ? cost + VIZ_ACCOUNT_RESERVE : 0;
}

static void count(struct viz_core *core, const struct viz_record *rec, bool beside, bool more)
{
	uint64_t cost = viz_account_cost(rec);

	if (cost == 0)
		return;
	add(core, &rec->author, cost, 0, more);
	if (viz_record_is_of_log(rec->type) && !beside)
		count_in_day(core, rec, more);
}

void viz_account_came(struct viz_core *core, const struct viz_record *rec, bool beside)
{
	count(core, rec, beside, true);
}

void viz_account_gone(struct viz_core *core, const struct viz_record *rec, bool beside)
{
	count(core, rec, beside, false);
}

void viz_account_row(struct viz_core *core, const struct viz_id *author, size_t len, bool more)
{
	add(core, author, len + VIZ_ACCOUNT_ROW, 0, more);
}

void viz_account_stub(struct viz_core *core, const struct viz_id *author, bool more)
{
	add(core, author, VIZ_ACCOUNT_STUB, 0, more);
}

void viz_account_evidence(struct viz_core *core, const struct viz_id *author, size_t len, bool more)
{
	add(core, author, len + VIZ_ACCOUNT_ROW, len + VIZ_ACCOUNT_ROW, more);
}
