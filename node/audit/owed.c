#include "node/audit/owed.h"

#include "node/audit/finding.h"
#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "store/store.h"

#define KEY_LEN (32 + 1 + 8 + 32)

#define OWED(F)                                                                                    \
	F(TIME, since)                                                                             \
	F(UINT, counted_ms, 0, INT64_MAX)                                                          \
	F(BOOL, raised)                                                                            \
	F(TIME, named)
VIZ_FIELDS(owed, OWED);

bool viz_owed_count(struct viz_owed *o, struct viz_time pass, int64_t elapsed_ms,
		    int64_t patience_ms)
{
	bool due;

	o->named = pass;
	if (elapsed_ms > 0)
		o->counted_ms += (uint64_t)elapsed_ms;
	due = !o->raised && o->counted_ms >= (uint64_t)patience_ms;
	o->raised |= due;
	return due;
}

static void make_key(uint8_t key[KEY_LEN], const struct viz_owed_what *what)
{
	memcpy(key, what->debtor.b, 32);
	key[32] = what->rule;
	viz_be_put_u64(key + 33, what->slot);
	memcpy(key + 41, what->about.b, 32);
}

static void read_key(struct viz_owed_what *what, const uint8_t key[KEY_LEN])
{
	memcpy(what->debtor.b, key, 32);
	what->rule = key[32];
	what->slot = viz_be_get_u64(key + 33);
	memcpy(what->about.b, key + 41, 32);
}

bool viz_owed_get(struct viz_core *core, struct viz_owed *out, const struct viz_owed_what *what)
{
	uint8_t key[KEY_LEN];
	struct viz_slice v;

	make_key(key, what);
	if (!viz_core_get(core, &v, VIZ_TABLE_OWED, key, sizeof key))
		return false;
	VIZ_REQUIRE(VIZ_FIELDS_PARSE(out, v.p, v.len, OWED) == VIZ_OK);
	return true;
}

bool viz_owed_first(struct viz_core *core, struct viz_owed_what *out, const struct viz_id *debtor,
		    uint8_t rule)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	uint8_t prefix[33];

	memcpy(prefix, debtor->b, 32);
	prefix[32] = rule;
	viz_walk_init(&walk, core->store, VIZ_TABLE_OWED, prefix, sizeof prefix);
	if (!viz_walk_next(&walk, &key, &value))
		return false;
	read_key(out, key.p);
	return true;
}

/* How many things are missed of this debtor by this rule, about one offer, or about none. */
static size_t count_missed(struct viz_core *core, const struct viz_owed_what *what)
{
	uint8_t key[KEY_LEN];
	struct viz_slice k, v;
	struct viz_walk walk;
	size_t n = 0;

	make_key(key, what);
	viz_walk_init(&walk, core->store, VIZ_TABLE_OWED, key, 41);
	while (n < VIZ_FINDINGS_PER_RULE && viz_walk_next(&walk, &k, &v))
		n++;
	return n;
}

/* Of how many offers something is missed. */
static size_t count_offers(struct viz_core *core, const struct viz_owed_what *what)
{
	struct viz_owed_what next = {.debtor = what->debtor, .rule = what->rule};
	size_t n = 0;

	for (; n < VIZ_FINDINGS_PER_RULE; n++) {
		uint8_t key[KEY_LEN];
		struct viz_slice k, v;
		struct viz_walk walk;

		next.slot++;
		make_key(key, &next);
		viz_walk_init(&walk, core->store, VIZ_TABLE_OWED, key, 33);
		viz_walk_from(&walk, key, sizeof key);
		if (!viz_walk_next(&walk, &k, &v))
			break;
		next.slot = viz_be_get_u64(k.p + 33);
	}
	return n;
}

/* Whether no more is counted. What is found of an offer keeps it from making room, so the offers
 * are counted too. */
static bool are_enough(struct viz_core *core, size_t *looked, const struct viz_owed_what *what)
{
	size_t n = count_missed(core, what), offers;

	*looked = n;
	if (what->slot == 0)
		return n == VIZ_FINDINGS_PER_RULE;
	if (n > 0)
		return n >= VIZ_FINDINGS_PER_OFFER;
	*looked = offers = count_offers(core, what);
	return offers == VIZ_FINDINGS_PER_RULE;
}

static void put(struct viz_core *core, const struct viz_owed_what *what, const struct viz_owed *o)
{
	uint8_t key[KEY_LEN];
	VIZ_WRITER(w, 64);

	make_key(key, what);
	viz_owed_write(&w, o);
	viz_core_put_row(core, VIZ_TABLE_OWED, key, sizeof key, &w);
}

bool viz_owed_missing(struct viz_trust *trust, size_t *looked, const struct viz_owed_what *what,
		      int64_t elapsed_ms, int64_t first_ms)
{
	struct viz_core *core = trust->core;
	struct viz_owed o;
	bool due;

	*looked = 0;
	if (!viz_owed_get(core, &o, what)) {
		if (are_enough(core, looked, what))
			return false;
		o = (struct viz_owed){.since = core->now};
	}
	due = viz_owed_count(&o, core->now, o.named.ms == 0 ? first_ms : elapsed_ms,
			     core->federation.suspicion_ms);
	put(core, what, &o);
	if (due)
		viz_finding_keep(trust, &what->debtor, what->slot, (enum viz_rule)what->rule,
				 VIZ_VERDICT_SUSPICION, &what->about);
	return due;
}

void viz_owed_came(struct viz_trust *trust, const struct viz_owed_what *what)
{
	uint8_t key[KEY_LEN];
	struct viz_owed o;

	if (!viz_owed_get(trust->core, &o, what))
		return;
	make_key(key, what);
	viz_core_del(trust->core, VIZ_TABLE_OWED, key, sizeof key);
	if (o.raised)
		viz_finding_drop(trust, &what->debtor, what->slot, (enum viz_rule)what->rule,
				 &what->about);
}

/* Whether it is suspected, and the suspicion is younger than what it is about. */
static bool is_found(struct viz_core *core, const struct viz_owed *o,
		     const struct viz_owed_what *what)
{
	return o->raised && viz_finding_kept(core, &what->debtor, what->slot,
					     (enum viz_rule)what->rule, &what->about);
}

void viz_owed_go_on(struct viz_core *core, const struct viz_owed_what *what,
		    const struct viz_owed *owed, const struct viz_id *about)
{
	struct viz_owed_what next = *what;
	struct viz_owed o = *owed;

	if (o.named.ms == 0)
		return;
	next.about = *about;
	o.named = (struct viz_time){0};
	put(core, &next, &o);
}

bool viz_owed_end_pass(struct viz_trust *trust, struct viz_walk *walk, size_t *rows,
		       struct viz_time began,
		       bool (*stays)(struct viz_core *core, const struct viz_owed_what *what,
				     const struct viz_owed *owed, bool suspected))
{
	struct viz_core *core = trust->core;
	struct viz_slice key, value;
	struct viz_owed_what what;
	struct viz_owed o;

	while (*rows > 0) {
		--*rows;
		if (!viz_walk_next(walk, &key, &value))
			return true;
		VIZ_REQUIRE(key.len == KEY_LEN &&
			    VIZ_FIELDS_PARSE(&o, value.p, value.len, OWED) == VIZ_OK);
		if (o.named.ms >= began.ms)
			continue;
		read_key(&what, key.p);
		if (!stays(core, &what, &o, is_found(core, &o, &what)))
			viz_owed_came(trust, &what);
	}
	return false;
}
