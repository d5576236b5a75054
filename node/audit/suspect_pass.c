/* The pass over all that is held. */
#include "node/audit/facts.h"
#include "node/audit/judge.h"
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/core/ids.h"
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
#include "proto/limits.h"
#include "proto/record.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"

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

/* Looks at the rest of the offers of the origin, the oldest first. True: at all. */
static bool pass_offers(struct viz_suspect_run *run, const struct viz_suspect *s,
			const struct viz_member *m, size_t *rows)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_inbox_walk_next(&run->walk, in);
		if (!more)
			break;
		run->count++;
		viz_suspect_looked(rows, viz_audit_judge_leases(s->net->trust, in));
		viz_suspect_offer(s, m, in);
	}
	free(in);
	return !more;
}

/* Counts over the draws of the origin, when it is time. True: it is done. */
static bool pass_draws(struct viz_suspect_run *run, const struct viz_suspect *s,
		       const struct viz_member *m, size_t *rows)
{
	if (!run->facts && !viz_suspect_draw_is_time(s->net->core, &m->id, run->count))
		return true;
	if (!run->facts)
		run->facts = viz_facts_begin(s->net->trust, &m->id);
	if (!viz_facts_step(run->facts, rows))
		return false;
	viz_suspect_draw(s, m, run->facts, run->count);
	run->facts = NULL;
	return true;
}

/* What a pass looks at of a member before its offers. False: it has none. */
static bool begin_member(struct viz_suspect_run *run, const struct viz_suspect *s,
			 const struct viz_member *m)
{
	if (viz_id_eq(&m->id, &s->net->trust->self.author))
		return false;
	if (run->near) /* our PARTNERS lists it */
		viz_suspect_partner(s, m);
	if (!m->has_node)
		return false;
	run->numbers.log = 0;
	if (run->near)
		viz_suspect_log(s, &run->numbers, m);
	viz_inbox_walk_init(&run->walk, s->net->core, &m->id);
	run->count = 0;
	return true;
}

static bool is_near(struct viz_trust *trust, const struct viz_id *id)
{
	return viz_id_eq(id, &trust->self.author) || viz_circle_had(trust, &trust->self.author, id);
}

/* Goes on with the member. True: it is done. */
static bool pass_member(struct viz_suspect_run *run, const struct viz_suspect *s,
			const struct viz_member *m, size_t *rows)
{
	if (run->at == VIZ_SUSPECT_MEMBER) {
		run->near = is_near(s->net->trust, &m->id);
		if (!begin_member(run, s, m))
			return true;
		run->at = VIZ_SUSPECT_NUMBERS;
	}
	if (run->at == VIZ_SUSPECT_NUMBERS) {
		if (!viz_suspect_log_numbers(s, &run->numbers, m))
			return false;
		run->at = VIZ_SUSPECT_OFFERS;
	}
	if (run->at == VIZ_SUSPECT_OFFERS) {
		if (!pass_offers(run, s, m, rows))
			return false;
		run->at = VIZ_SUSPECT_DRAWS;
	}
	return (!run->near && run->count == 0) || pass_draws(run, s, m, rows);
}

static void stop_member(struct viz_suspect_run *run)
{
	viz_facts_drop(run->facts);
	run->facts = NULL;
	run->at = VIZ_SUSPECT_MEMBER;
}

/* The next one that our PARTNERS lists. NULL: there is none. */
static const struct viz_id *next_partner(struct viz_trust *trust, const struct viz_id *after)
{
	const struct viz_partners *p = viz_member_self(trust)->partners;

	for (size_t i = 0; p && i < p->count; i++)
		if (viz_id_cmp(&p->entry[i].id, after) > 0)
			return &p->entry[i].id;
	return NULL;
}

/* The next origin of which offers are here. False: there is none. */
static bool next_origin(struct viz_core *core, struct viz_id *out, const struct viz_id *after)
{
	uint8_t from[VIZ_ID_SLOT_LEN];
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_id_slot_key(from, after, UINT64_MAX);
	viz_inbox_walk_init(&walk, core, NULL);
	viz_walk_from(&walk, from, sizeof from);
	while (viz_walk_next(&walk, &key, &value)) {
		memcpy(out->b, key.p, sizeof out->b);
		if (!viz_id_eq(out, after))
			return true;
	}
	return false;
}

/* The next member of which there is something to look at. NULL: there is none. */
static const struct viz_member *next_of_any(struct viz_suspect_run *run, struct viz_trust *trust)
{
	const struct viz_member *m = NULL;

	while (!m) {
		const struct viz_id *partner = next_partner(trust, &run->member);
		struct viz_id origin;

		if (next_origin(trust->core, &origin, &run->member) &&
		    (!partner || viz_id_cmp(&origin, partner) < 0))
			run->member = origin;
		else if (partner)
			run->member = *partner;
		else
			return NULL;
		m = viz_member_find(trust, &run->member);
	}
	return m;
}

/* The member that is looked at, or the next one. NULL: there is none. */
static const struct viz_member *next_member(struct viz_suspect_run *run, struct viz_trust *trust)
{
	const struct viz_member *m = NULL;

	if (run->at != VIZ_SUSPECT_MEMBER)
		m = viz_member_find(trust, &run->member);
	if (!m)
		stop_member(run); /* it has left */
	return m ? m : next_of_any(run, trust);
}

/* Goes on with the members. True: it has looked at all. */
static bool pass_members(struct viz_suspect_run *run, const struct viz_suspect *s)
{
	const struct viz_member *m;

	while (*s->rows > 0) {
		--*s->rows;
		m = next_member(run, s->net->trust);
		if (!m)
			return true;
		if (!pass_member(run, s, m, s->rows))
			return false;
		run->at = VIZ_SUSPECT_MEMBER;
	}
	return false;
}

/* Goes on with the pass by one batch. True: it has looked at all. */
static bool pass_all(struct viz_suspect_run *run, const struct viz_suspect *s)
{
	struct viz_store *store = s->net->core->store;

	if (run->of == VIZ_SUSPECT_MEMBERS) {
		if (!pass_members(run, s))
			return false;
		viz_walk_init(&run->walk, store, VIZ_TABLE_LEAD, NULL, 0);
		run->of = VIZ_SUSPECT_LEADS;
	}
	if (run->of == VIZ_SUSPECT_LEADS) {
		if (!viz_suspect_partner_erasures(s, &run->walk))
			return false;
		viz_walk_init(&run->walk, store, VIZ_TABLE_OWED, NULL, 0);
		run->of = VIZ_SUSPECT_OWED;
	}
	return viz_owed_end_pass(s->net->trust, &run->walk, s->rows, run->began,
				 viz_suspect_log_stays);
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

static const uint8_t *const row = (const uint8_t *)VIZ_META_AUDIT;

static struct pass last_pass(struct viz_core *core)
{
	struct pass pass = {0};
	struct viz_slice v;

	if (viz_core_get(core, &v, VIZ_TABLE_META, row, strlen(VIZ_META_AUDIT)))
		VIZ_REQUIRE(VIZ_FIELDS_PARSE(&pass, v.p, v.len, PASS) == VIZ_OK);
	return pass;
}

void viz_suspect_pass_due(struct viz_net *net, struct viz_suspect_run *run)
{
	struct viz_core *core = net->core;
	struct pass pass = last_pass(core);

	if (run->on || (pass.at.ms <= core->now.ms &&
			core->now.ms < pass.at.ms + between_ms(&core->federation)))
		return;
	if (pass.started.ms != core->started.ms || pass.at.ms > core->now.ms)
		pass.at = core->started;
	viz_linked_pass(net);
	if (paused(net->trust))
		return;
	viz_coverage_ack_send_all(net);
	*run = (struct viz_suspect_run){.on = true,
					.began = core->now,
					.elapsed_ms = core->now.ms - pass.at.ms,
					.checks = CHECKS_MAX};
}

static void end_pass(struct viz_suspect_run *run, struct viz_core *core)
{
	struct pass pass = {run->began, core->started};
	VIZ_WRITER(w, 32);

	VIZ_FIELDS_WRITE(&w, &pass, PASS);
	viz_core_put_row(core, VIZ_TABLE_META, row, strlen(VIZ_META_AUDIT), &w);
	run->on = false;
}

void viz_suspect_pass_step(struct viz_net *net, struct viz_suspect_run *run)
{
	size_t rows = VIZ_AUDIT_ROWS;
	struct viz_suspect s = {
	    .net = net, .elapsed_ms = run->elapsed_ms, .checks = &run->checks, .rows = &rows};

	if (!run->on)
		return;
	if (paused(net->trust))
		viz_suspect_pass_stop(run);
	else if (pass_all(run, &s))
		end_pass(run, net->core);
}

void viz_suspect_pass_stop(struct viz_suspect_run *run)
{
	stop_member(run);
	run->on = false;
}
