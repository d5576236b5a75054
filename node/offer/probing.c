#include "node/offer/probing.h"

#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/writer.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

enum { ROW_MAX = 4096 };

static const char *const prefixes[] = {VIZ_META_PROBE_TAKER, VIZ_META_PROBE_GIVER};

static void put(struct viz_core *core, enum viz_probe_side side, const struct viz_id *peer,
		const struct viz_probe *p)
{
	uint8_t key[VIZ_META_ID_LEN];
	VIZ_WRITER(w, ROW_MAX);

	viz_meta_id_key(key, prefixes[side], peer);
	if (viz_probe_empty(p)) {
		viz_core_del(core, VIZ_TABLE_META, key, sizeof key);
		return;
	}
	viz_probe_write(&w, p);
	viz_core_put_row(core, VIZ_TABLE_META, key, sizeof key, &w);
}

/* Reads the row. False: nothing was counted, and *p is zeros. */
static bool get_row(struct viz_core *core, struct viz_probe *p, enum viz_probe_side side,
		    const struct viz_id *peer)
{
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_slice v;

	memset(p, 0, sizeof *p);
	viz_meta_id_key(key, prefixes[side], peer);
	if (!viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		return false;
	VIZ_REQUIRE(VIZ_PARSE(probe, p, v.p, v.len) == VIZ_OK);
	return true;
}

static void tell(struct viz_trust *trust, enum viz_probe_side side, const struct viz_id *peer,
		 uint32_t reasons)
{
	const char *name = viz_member_name(viz_member_ensure(trust, peer));

	for (uint32_t bit = 1; bit <= VIZ_PROBE_REASONS; bit <<= 1) {
		if ((reasons & bit) == 0)
			continue;
		if (side == VIZ_PROBE_TAKER)
			viz_core_log(trust->core, 4,
				     "probing: %s of the offers of %s: `vizinho audit` has the "
				     "counts; for 30 days it gets `analysis` where we would say "
				     "`no`",
				     viz_probe_reason_name(bit), name);
		else
			viz_core_log(trust->core, 4,
				     "probing: %s of the answers of %s: `vizinho audit` has the "
				     "counts",
				     viz_probe_reason_name(bit), name);
	}
}

void viz_probing_count(struct viz_trust *trust, enum viz_probe_side side, const struct viz_id *peer,
		       enum viz_probe_what what, struct viz_time lead)
{
	struct viz_probe p;

	get_row(trust->core, &p, side, peer);
	viz_probe_count(&p, what, lead, trust->core->now);
	tell(trust, side, peer,
	     viz_probe_report(&p, side, &trust->core->federation, trust->core->now));
	put(trust->core, side, peer, &p);
}

bool viz_probing_reported(struct viz_core *core, const struct viz_id *origin)
{
	struct viz_probe p;

	return get_row(core, &p, VIZ_PROBE_TAKER, origin) && viz_probe_reported(&p, core->now);
}

void viz_probing_stop(struct viz_core *core, const struct viz_id *origin, bool stop)
{
	struct viz_probe p;

	get_row(core, &p, VIZ_PROBE_TAKER, origin);
	p.stopped = stop;
	put(core, VIZ_PROBE_TAKER, origin, &p);
}

bool viz_probing_stopped(struct viz_core *core, const struct viz_id *origin)
{
	struct viz_probe p;

	return get_row(core, &p, VIZ_PROBE_TAKER, origin) && p.stopped;
}

void viz_probing_each(struct viz_core *core, viz_probing_found found, void *arg)
{
	for (unsigned side = 0; side < sizeof prefixes / sizeof *prefixes; side++) {
		const uint8_t *prefix = (const uint8_t *)prefixes[side];
		struct viz_slice key, value;
		struct viz_walk walk;
		struct viz_probe p;
		struct viz_id peer;

		viz_walk_init(&walk, core->store, VIZ_TABLE_META, prefix, strlen(prefixes[side]));
		while (viz_walk_next(&walk, &key, &value)) {
			VIZ_REQUIRE(key.len == VIZ_META_ID_LEN &&
				    VIZ_PARSE(probe, &p, value.p, value.len) == VIZ_OK);
			memcpy(peer.b, key.p + key.len - sizeof peer.b, sizeof peer.b);
			found(arg, side, &peer, &p);
		}
	}
}

static void trim(void *arg, enum viz_probe_side side, const struct viz_id *peer,
		 const struct viz_probe *p)
{
	struct viz_core *core = arg;
	struct viz_probe left = *p;

	if (viz_probe_trim(&left, core->now))
		put(core, side, peer, &left);
}

void viz_probing_sweep(struct viz_core *core)
{
	viz_probing_each(core, trim, core);
}
