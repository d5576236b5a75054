/* Where the checks are called, and the bounds (I5). */
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/gossip/gossip.h"
#include "node/inbox/inbox.h"
#include "node/link/link.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/sim/check.h"

/* The most effects that a batch of at most 64 events may have. A message asks for at most
 * VIZ_WANT_PER_MESSAGE places of two records each, or makes us send all that a comparison found. */
#define EFFECTS_MAX      40000
#define EFFECT_BYTES_MAX (UINT64_C(256) << 20)

void __real_viz_inbox_put(struct viz_core *core, const struct viz_inbox *in);
void __wrap_viz_inbox_put(struct viz_core *core, const struct viz_inbox *in);
void __real_viz_secrets_create(struct viz_core *core, void *out, uint32_t *ref);
void __wrap_viz_secrets_create(struct viz_core *core, void *out, uint32_t *ref);

static struct sim_world *world; /* for the wrapped functions (--wrap) */

struct sim_world *sim_check_world(void)
{
	return world;
}

void *sim_more(void *list, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return list;
	*capacity = *capacity ? *capacity * 2 : 64;
	return viz_core_grow(list, *capacity, size);
}

void sim_check_begin(struct sim_world *w)
{
	world = w;
	w->checks = viz_core_alloc(sizeof *w->checks);
	*w->checks = (struct sim_checks){.shows = sim_shows_new(),
					 .secrets = sim_secrets_new(),
					 .promises = sim_promises_new(),
					 .audit = sim_audit_new(),
					 .logs = sim_logs_new(),
					 .strata = sim_strata_new(),
					 .protests = sim_protests_new()};
}

void sim_check_free(struct sim_world *w)
{
	sim_shows_free(w->checks->shows);
	sim_secrets_free(w->checks->secrets);
	sim_promises_free(w->checks->promises);
	sim_audit_free(w->checks->audit);
	sim_logs_free(w->checks->logs);
	sim_protests_free(w->checks->protests);
	sim_strata_free(w->checks->strata);
	free(w->checks);
	world = NULL;
}

/* The core calls this function for each write of an inbox row, and the next one for each new key.
 */
void __wrap_viz_inbox_put(struct viz_core *core, const struct viz_inbox *in)
{
	__real_viz_inbox_put(core, in);
	if (world && world->stepping)
		sim_shows_note(world, in);
}

void __wrap_viz_secrets_create(struct viz_core *core, void *out, uint32_t *ref)
{
	struct viz_secret key;

	__real_viz_secrets_create(core, out, ref);
	memcpy(key.b, out, sizeof key.b); /* the first member of struct viz_lead_secrets */
	if (world && world->stepping)
		sim_secrets_made(world, &key);
}

static void check_bounds(struct sim_world *w, struct sim_machine *m, const struct viz_effects *fx)
{
	const struct viz_node *node = m->node;
	uint64_t bytes = 0, per_link[2] = {0, 0};

	for (size_t i = 0; i < fx->count; i++)
		bytes += fx->list[i].len;
	if (fx->count > EFFECTS_MAX || bytes > EFFECT_BYTES_MAX)
		sim_fail(w, "I5", m, "%zu effects of %llu bytes in one batch", fx->count,
			 (unsigned long long)bytes);
	if (node->gossip.intake.count > VIZ_VERIFY_IN_FLIGHT ||
	    node->gossip.intake.asked > VIZ_VERIFY_ASKED)
		sim_fail(w, "I5", m, "%zu and %zu signature checks are under way",
			 node->gossip.intake.count, node->gossip.intake.asked);
	if (node->net.links.count > VIZ_LINKS_MAX)
		sim_fail(w, "I5", m, "%zu links", node->net.links.count);
	for (size_t i = 0; i < node->net.links.count; i++) {
		const struct viz_link *l = &node->net.links.list[i];

		if (l->verifying > VIZ_VERIFY_PER_LINK || l->mail_open > VIZ_MAIL_WINDOW)
			sim_fail(w, "I5", m, "a link has %u checks and %u mails under way",
				 l->verifying, l->mail_open);
		per_link[l->closing] += l->verifying;
	}
	if (per_link[0] + per_link[1] > node->gossip.intake.count)
		sim_fail(w, "I5", m, "links count %llu checks, the queue %zu",
			 (unsigned long long)(per_link[0] + per_link[1]),
			 node->gossip.intake.count);
	if (node->trust.directory.count > VIZ_MEMBERS_MAX)
		sim_fail(w, "I5", m, "%zu members", node->trust.directory.count);
	if (viz_store_stat_entries(m->store, VIZ_TABLE_OUTBOX) >
	    (uint64_t)VIZ_OUTBOX_PER_PEER * (w->count - 1) * 2)
		sim_fail(w, "I5", m, "the outbox has no bound");
}

void sim_check_opened(struct sim_world *w, struct sim_machine *m)
{
	sim_shows_hide(w, m);
	m->reload = true;
	sim_promises_check(w, m);
	sim_logs_check(w, m);
	sim_protests_check(w, m);
	sim_share_check(w, m);
}

void sim_check_before(struct sim_world *w, struct sim_machine *m)
{
	(void)m;
	sim_shows_drop(w);
	sim_strata_before(w);
}

void sim_check_after(struct sim_world *w, struct sim_machine *m, const struct viz_effects *fx)
{
	check_bounds(w, m, fx);
	sim_shows_commit(w, m);
	if (m->reload)
		sim_shows_reload(w, m);
	m->reload = false;
	sim_secrets_commit(w, m);
	sim_clone_ran(w, m);
}

void sim_check_lost(struct sim_world *w, struct sim_machine *m)
{
	(void)m;
	sim_shows_drop(w);
}

void sim_check_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	sim_consent_effect(w, m, fx);
	sim_promises_effect(w, m, fx);
	sim_logs_effect(w, m, fx);
	sim_strata_effect(w, m, fx);
}

void sim_check_end(struct sim_world *w)
{
	sim_end_check(w);
	sim_audit_end(w);
	for (unsigned i = 0; i < w->count; i++) {
		if (!w->machine[i].node)
			continue;
		sim_promises_check(w, &w->machine[i]);
		sim_logs_check(w, &w->machine[i]);
		sim_logs_end(w, &w->machine[i]);
		sim_strata_end(w, &w->machine[i]);
		sim_secrets_end(w, &w->machine[i]);
		sim_share_check(w, &w->machine[i]);
	}
	sim_protests_end(w);
}
