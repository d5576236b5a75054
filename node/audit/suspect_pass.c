/* The pass over all that is held. */
#include "node/audit/judge.h"
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/coverage/ack.h"
#include "node/inbox/inbox.h"
#include "node/link/linked.h"
#include "node/link/net.h"
#include "node/trust/circle.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/record.h"
#include "store/meta.h"
#include "store/store.h"

#define PASSES     8      /* within suspicion_ms, at least */
#define PASS_MS    600000 /* between two passes, at most */
#define CHECKS_MAX 1024   /* signatures that a pass verifies: the core waits for them */

/* VIZ_META_AUDIT: when the last pass was, and when the process began that made it. */
struct pass {
	struct viz_time at, started;
};

#define PASS(F)                                                                                    \
	F(TIME, at)                                                                                \
	F(TIME, started)

/* The offers of one origin, the oldest first; gives how many there are. */
static size_t pass_offers(const struct viz_suspect *s, const struct viz_member *m)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_walk walk;
	size_t n = 0;

	viz_inbox_walk_init(&walk, s->net->core, &m->id);
	for (; viz_inbox_walk_next(&walk, in); n++) {
		viz_audit_judge_leases(s->net->trust, in);
		viz_suspect_offer(s, m, in);
	}
	free(in);
	return n;
}

/* Most members have no offers here, and our PARTNERS does not list them. */
static void run_pass(const struct viz_suspect *s)
{
	struct viz_trust *trust = s->net->trust;
	struct viz_id *list = viz_core_alloc(VIZ_CIRCLE_NEAR_MAX * sizeof *list);
	size_t count = viz_circle_near(trust, list);

	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_member *m = trust->directory.list[i];

		bool near = bsearch(&m->id, list, count, sizeof *list, viz_ids_compare);
		size_t offers;

		if (viz_id_eq(&m->id, &trust->self.author))
			continue;
		if (near)
			viz_suspect_partner(s, m);
		if (!m->has_node)
			continue;
		if (near)
			viz_suspect_log(s, m);
		offers = pass_offers(s, m);
		if (near || offers > 0)
			viz_suspect_draw(s, m, offers);
	}
	free(list);
	viz_suspect_partner_erasures(s);
	viz_owed_end_pass(trust, viz_suspect_log_stays);
}

static int64_t between_ms(const struct viz_federation *f)
{
	int64_t ms = f->suspicion_ms / PASSES;

	return ms < PASS_MS ? ms : PASS_MS;
}

/* Whether nothing counts: we could not take what comes, or do not know what came. */
static bool paused(struct viz_trust *trust)
{
	return viz_core_nearly_full(trust->core) || !viz_core_has_headroom(trust->core) ||
	       trust->self.revoked || trust->self.quarantine.ms != 0;
}

void viz_suspect_pass_due(struct viz_net *net)
{
	static const uint8_t *name = (const uint8_t *)VIZ_META_AUDIT;
	size_t name_len = strlen(VIZ_META_AUDIT);
	struct viz_core *core = net->core;
	size_t checks = CHECKS_MAX;
	struct viz_suspect s = {.net = net, .checks = &checks};
	struct pass pass = {0};
	struct viz_slice v;
	VIZ_WRITER(w, 32);

	if (viz_core_get(core, &v, VIZ_TABLE_META, name, name_len))
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(&pass, v.p, v.len, PASS) == VIZ_OK);
	if (pass.at.ms <= core->now.ms && core->now.ms < pass.at.ms + between_ms(&core->federation))
		return;
	if (pass.started.ms != core->started.ms || pass.at.ms > core->now.ms)
		pass.at = core->started;
	s.elapsed_ms = core->now.ms - pass.at.ms;
	viz_linked_pass(net);
	if (paused(net->trust))
		return;
	viz_coverage_ack_send_all(net);
	run_pass(&s);
	pass = (struct pass){core->now, core->started};
	VIZ_FIELDS_WRITE(&w, &pass, PASS);
	viz_core_put_row(core, VIZ_TABLE_META, name, name_len, &w);
}
