/* What an author makes a node store is counted right, after every crash too, and is within its
 * share (I5). */
#include "node/audit/suspicion.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/recount.h"
#include "tests/sim/check.h"

/* Whether suspicion 58 about this origin stands. */
static bool says_full(struct viz_core *core, const struct viz_id *origin)
{
	uint8_t prefix[VIZ_ID_SLOT_LEN + 1];
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_id_slot_key(prefix, origin, 0);
	prefix[VIZ_ID_SLOT_LEN] = VIZ_SUSPICION_SHARE_FULL;
	viz_walk_init(&walk, core->store, VIZ_TABLE_FINDING, prefix, sizeof prefix);
	return viz_walk_next(&walk, &key, &value);
}

static void check_author(struct sim_world *w, struct sim_machine *m, const struct viz_id *author)
{
	struct viz_core *core = &m->node->core;
	struct recount c = recount_of(core, author);
	struct viz_account a;

	viz_account_get(core, &a, author);
	if (a.bytes != c.bytes || a.evidence != c.evidence ||
	    viz_account_used(core, author) != c.used)
		sim_fail(w, "I5", m, "an account says %llu bytes, %llu used; there are %llu, %llu",
			 (unsigned long long)a.bytes,
			 (unsigned long long)viz_account_used(core, author),
			 (unsigned long long)c.bytes, (unsigned long long)c.used);
	if (a.last_lost != 0 && !says_full(core, author))
		sim_fail(w, "I5", m, "an offer had no room, and nobody says so");
	/* stubs and named records have limits of their own */
	if (!viz_id_eq(author, &m->author) && c.used > viz_share_bytes(&m->node->trust) * 5 / 4)
		sim_fail(w, "I5", m, "an origin uses %llu bytes, its share is %llu",
			 (unsigned long long)c.used,
			 (unsigned long long)viz_share_bytes(&m->node->trust));
}

void sim_share_check(struct sim_world *w, struct sim_machine *m)
{
	const struct viz_directory *d = &m->node->trust.directory;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	for (size_t i = 0; i < d->count; i++)
		check_author(w, m, &d->list[i]->id);
	viz_store_abort(m->store);
}
