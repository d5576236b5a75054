/* `metrics`: what a monitoring system watches (metric.h). The states of leads and offers are
 * counted over batches, so that no lead waits for that, and the reply comes later. */
#include "node/audit/finding.h"
#include "node/control/later.h"
#include "node/control/metric.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/gossip/gossip.h"
#include "node/inbox/inbox.h"
#include "node/inbox/waiting.h"
#include "node/lead/lead.h"
#include "node/link/full.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/self/backup.h"
#include "node/self/log.h"
#include "node/trust/identity.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "store/stat.h"
#include "store/store.h"

#include <jansson.h>

#define PARTNERS_MAX 128 /* with samples of their own */

/* What is counted over batches. */
struct gather {
	struct viz_later later; /* first */
	struct viz_walk walk;
	bool named; /* with the partners, each by itself */
	enum { LEADS, INBOX, FINDINGS } at;
	size_t leads[VIZ_LEAD_NONE_CHOSEN + 1], inbox[VIZ_INBOX_BYSTANDER + 1];
	size_t waiting, overdue, unchecked, contradictions, suspicions, probing;
};

/* ---- what the host counts ---- */

static double seconds(double ms)
{
	return ms / 1000;
}

static double figure(const struct viz_core *core, enum viz_figure f)
{
	return (double)viz_figures_get(&core->figures, f);
}

static void add_batches(json_t *set, const struct viz_core *core)
{
	double all = (double)viz_figures_batch_count(&core->figures, VIZ_FIGURES_BATCHES - 1);

	viz_metric_add(set, VIZ_METRIC_BATCHES);
	for (size_t i = 0; i < VIZ_FIGURES_BATCHES; i++) {
		uint64_t end = viz_figures_batch_end(i);
		char le[16] = "+Inf";
		json_t *o;

		if (end != 0)
			snprintf(le, sizeof le, end % 1000000 == 0 ? "%.1f" : "%g",
				 (double)end / 1e6);
		o = viz_metric_sample(set, "le", le,
				      (double)viz_figures_batch_count(&core->figures, i));
		json_object_set_new(o, "suffix", json_string("_bucket"));
	}
	json_object_set_new(viz_metric_sample(set, "", "", figure(core, VIZ_FIGURE_BATCH_US) / 1e6),
			    "suffix", json_string("_sum"));
	json_object_set_new(viz_metric_sample(set, "", "", all), "suffix", json_string("_count"));
}

static void add_host(json_t *set, const struct viz_core *core)
{
	static const struct {
		enum viz_metric metric;
		enum viz_figure figure;
	} plain[] = {
	    {VIZ_METRIC_RESIDENT, VIZ_FIGURE_RESIDENT_BYTES},
	    {VIZ_METRIC_FRAMES_IN, VIZ_FIGURE_FRAMES_IN},
	    {VIZ_METRIC_FRAMES_OUT, VIZ_FIGURE_FRAMES_OUT},
	    {VIZ_METRIC_BYTES_IN, VIZ_FIGURE_BYTES_IN},
	    {VIZ_METRIC_BYTES_OUT, VIZ_FIGURE_BYTES_OUT},
	    {VIZ_METRIC_QUEUE_MESSAGES, VIZ_FIGURE_QUEUE_MESSAGES},
	    {VIZ_METRIC_QUEUE_BYTES, VIZ_FIGURE_QUEUE_BYTES},
	    {VIZ_METRIC_OUT_BYTES, VIZ_FIGURE_OUT_BYTES},
	    {VIZ_METRIC_VERIFY_QUEUE, VIZ_FIGURE_CHECKS_WAITING},
	    {VIZ_METRIC_EVENTS, VIZ_FIGURE_EVENTS},
	    {VIZ_METRIC_REQUESTS, VIZ_FIGURE_REQUESTS},
	    {VIZ_METRIC_LINES, VIZ_FIGURE_LINES_DROPPED},
	};

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		viz_metric_one(set, plain[i].metric, figure(core, plain[i].figure));
	viz_metric_one(set, VIZ_METRIC_CPU, figure(core, VIZ_FIGURE_CPU_US) / 1e6);
	viz_metric_add(set, VIZ_METRIC_CONNECTIONS);
	viz_metric_sample(set, "state", "open", figure(core, VIZ_FIGURE_OPEN));
	viz_metric_sample(set, "state", "half-open", figure(core, VIZ_FIGURE_HALF_OPEN));
	viz_metric_sample(set, "state", "dialling", figure(core, VIZ_FIGURE_DIALLING));
	viz_metric_add(set, VIZ_METRIC_CLOSED);
	for (size_t i = 0; i < VIZ_CLOSE_COUNT; i++) {
		enum viz_close_reason reason = (enum viz_close_reason)i;

		viz_metric_sample(set, "reason", viz_figures_close_name(reason),
				  (double)viz_figures_closed_count(&core->figures, reason));
	}
	viz_metric_add(set, VIZ_METRIC_HOOKS);
	viz_metric_sample(set, "result", "done", figure(core, VIZ_FIGURE_HOOKS_GOOD));
	viz_metric_sample(set, "result", "failed", figure(core, VIZ_FIGURE_HOOKS_FAILED));
	add_batches(set, core);
}

/* ---- what the core knows ---- */

static void add_self(json_t *set, struct viz_net *net)
{
	struct viz_core *core = net->core;
	const struct viz_self *self = &net->trust->self;
	struct viz_link_clocks clocks = viz_link_full_clocks(net);
	bool starting = self->start.log_from.ms > core->now.ms;
	bool quarantine = self->quarantine.ms != 0;

	viz_metric_one(set, VIZ_METRIC_UP, 1);
	viz_metric_add(set, VIZ_METRIC_BUILD);
	viz_metric_sample(set, "version", VIZ_VERSION, 1);
	viz_metric_one(set, VIZ_METRIC_READY, !starting && !quarantine && !self->revoked);
	viz_metric_one(set, VIZ_METRIC_STARTING, starting);
	viz_metric_one(set, VIZ_METRIC_QUARANTINE, quarantine);
	viz_metric_one(set, VIZ_METRIC_REVOKED, self->revoked);
	viz_metric_one(set, VIZ_METRIC_ALONE,
		       viz_identity_has_started(net->trust) && !viz_self_log_is_free(net));
	viz_metric_one(set, VIZ_METRIC_START, seconds((double)core->started.ms));
	viz_metric_one(set, VIZ_METRIC_UPTIME, seconds((double)(core->now.ms - core->started.ms)));
	viz_metric_add(set, VIZ_METRIC_CONFINED);
	viz_metric_sample(set, "protection", "privileges", core->confinement.privileges);
	viz_metric_sample(set, "protection", "seccomp", core->confinement.seccomp);
	viz_metric_sample(set, "protection", "landlock", core->confinement.landlock);
	viz_metric_one(set, VIZ_METRIC_LAST_SIGNED,
		       seconds((double)viz_identity_ahead_ms(net->trust)));
	viz_metric_one(set, VIZ_METRIC_CLOCK_OFFSET,
		       clocks.other ? -seconds((double)clocks.other_ahead_ms) : 0);
	viz_metric_add(set, VIZ_METRIC_CLOCK_PEERS);
	viz_metric_sample(set, "direction", "ahead", (double)clocks.ahead);
	viz_metric_sample(set, "direction", "behind", (double)clocks.behind);
	viz_metric_one(set, VIZ_METRIC_CLOCK_WRONG, clocks.own_wrong);
	viz_metric_one(set, VIZ_METRIC_JOURNAL, (double)core->journal.number);
}

static void add_store(json_t *set, struct viz_core *core)
{
	static const struct {
		const char *name;
		enum viz_table table;
	} tables[] = {
	    {"records", VIZ_TABLE_RECORD},     {"leads", VIZ_TABLE_LEAD},
	    {"inbox", VIZ_TABLE_INBOX},        {"statements", VIZ_TABLE_STATEMENT},
	    {"evidence", VIZ_TABLE_EVIDENCE},  {"stubs", VIZ_TABLE_LOG},
	    {"findings", VIZ_TABLE_FINDING},   {"mail", VIZ_TABLE_OUTBOX},
	    {"timers", VIZ_TABLE_DUE},         {"journal", VIZ_TABLE_JOURNAL},
	    {"accesses", VIZ_TABLE_ACCESS},    {"vault", VIZ_TABLE_VAULT},
	    {"invitations", VIZ_TABLE_INVITE}, {"peers", VIZ_TABLE_PEER},
	    {"plans", VIZ_TABLE_PLAN},         {"plants", VIZ_TABLE_PLANT},
	};
	uint64_t used, map, free_bytes = viz_store_stat_disk_free(core->store);
	struct viz_time backup = viz_backup_last(core);

	viz_store_stat_usage(core->store, &used, &map);
	viz_metric_one(set, VIZ_METRIC_STORE_USED, (double)used);
	viz_metric_one(set, VIZ_METRIC_STORE_SIZE,
		       (double)(used + viz_store_stat_room(core->store)));
	viz_metric_one(set, VIZ_METRIC_STORE_FULL,
		       viz_core_nearly_full(core) || !viz_core_has_headroom(core));
	if (free_bytes != UINT64_MAX)
		viz_metric_one(set, VIZ_METRIC_DISK_FREE, (double)free_bytes);
	viz_metric_one(set, VIZ_METRIC_DISK_FULL, viz_store_stat_disk_short(core->store));
	viz_metric_one(set, VIZ_METRIC_BACKUP, (double)backup.ms / 1000);
	viz_metric_add(set, VIZ_METRIC_STORE_ROWS);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		viz_metric_sample(set, "table", tables[i].name,
				  (double)viz_store_stat_entries(core->store, tables[i].table));
	viz_metric_one(set, VIZ_METRIC_MAIL,
		       (double)viz_store_stat_entries(core->store, VIZ_TABLE_OUTBOX));
}

static void add_federation(json_t *set, struct viz_trust *trust)
{
	const struct viz_directory *d = &trust->directory;
	size_t nodes = 0, members = 0, pruned = 0, vouches = 0, links = 0, partners = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct viz_member *m = d->list[i];

		nodes += m->has_node;
		members += m->member;
		pruned += m->pruned || m->pruned_at.ms != 0;
		vouches += m->vouch_count;
		links += viz_remote_linked(m);
		partners += viz_live_partner(trust, &m->id);
	}
	viz_metric_one(set, VIZ_METRIC_FEDERATION_USED, (double)trust->leave.total);
	viz_metric_one(set, VIZ_METRIC_FEDERATION_LIMIT, (double)viz_share_federation(trust->core));
	viz_metric_one(set, VIZ_METRIC_NODES, (double)nodes);
	viz_metric_one(set, VIZ_METRIC_MEMBERS, (double)members);
	viz_metric_one(set, VIZ_METRIC_LEFT_OUT, (double)trust->leave.left_count);
	viz_metric_one(set, VIZ_METRIC_PRUNED, (double)pruned);
	viz_metric_one(set, VIZ_METRIC_VOUCHES, (double)vouches);
	viz_metric_one(set, VIZ_METRIC_LINKS, (double)links);
	viz_metric_one(set, VIZ_METRIC_PARTNERS, (double)partners);
}

static bool is_wanted(const struct viz_member *m)
{
	return m->peer.partner && !m->peer.blocked;
}

/* A sample of the metric `metric` of this partner, which its id's first digits name. */
static json_t *partner_sample(json_t *set, const struct viz_member *m, double value)
{
	char id[9];

	viz_hex(id, m->id.b, 4);
	return viz_metric_sample(set, "partner_id", id, value);
}

/* The names stand in one metric alone: a name may change, and would begin new series. Without
 * `named` nothing is said of one partner. */
static void add_partners(json_t *set, struct viz_trust *trust, bool named)
{
	static const enum viz_metric metrics[] = {VIZ_METRIC_PARTNER, VIZ_METRIC_PARTNER_LINKED,
						  VIZ_METRIC_PARTNER_MAIL};
	const struct viz_directory *d = &trust->directory;
	size_t wanted = 0, linked = 0;

	for (size_t i = 0; i < d->peer_count; i++) {
		wanted += is_wanted(d->peer[i]);
		linked += is_wanted(d->peer[i]) && viz_remote_linked(d->peer[i]);
	}
	viz_metric_one(set, VIZ_METRIC_PARTNERS_WANTED, (double)wanted);
	viz_metric_one(set, VIZ_METRIC_PARTNERS_LINKED, (double)linked);
	viz_metric_one(set, VIZ_METRIC_PARTNERS_UNLISTED,
		       wanted > PARTNERS_MAX ? (double)(wanted - PARTNERS_MAX) : 0);
	for (size_t k = 0; k < sizeof metrics / sizeof *metrics; k++) {
		size_t n = 0;

		viz_metric_add(set, metrics[k]);
		for (size_t i = 0; named && i < d->peer_count && n < PARTNERS_MAX; i++) {
			const struct viz_member *m = d->peer[i];

			if (!is_wanted(m))
				continue;
			n++;
			if (metrics[k] == VIZ_METRIC_PARTNER)
				json_object_set_new(partner_sample(set, m, 1), "name",
						    json_string(viz_member_name(m)));
			else if (metrics[k] == VIZ_METRIC_PARTNER_LINKED)
				partner_sample(set, m, viz_remote_linked(m));
			else
				partner_sample(set, m, (double)viz_mail_waiting(trust, &m->id));
		}
	}
}

static void add_gossip(json_t *set, const struct viz_intake *in)
{
	viz_metric_add(set, VIZ_METRIC_RECEIVED);
	viz_metric_sample(set, "result", "accepted", (double)in->accepted);
	viz_metric_sample(set, "result", "duplicate", (double)in->duplicate);
	viz_metric_sample(set, "result", "unknown", (double)in->unknown);
	viz_metric_sample(set, "result", "refused", (double)in->refused);
	viz_metric_sample(set, "result", "outside", (double)in->outside);
	viz_metric_one(set, VIZ_METRIC_SIGNATURES, (double)in->checked);
	viz_metric_one(set, VIZ_METRIC_CHECKS, (double)(in->count + in->asked));
}

/* ---- what is counted over batches ---- */

static void add_gathered(json_t *set, const struct gather *g)
{
	viz_metric_add(set, VIZ_METRIC_LEADS);
	for (size_t i = 1; i < sizeof g->leads / sizeof *g->leads; i++)
		viz_metric_sample(set, "state", viz_lead_state_name((enum viz_lead_state)i),
				  (double)g->leads[i]);
	viz_metric_add(set, VIZ_METRIC_INBOX);
	for (size_t i = 1; i < sizeof g->inbox / sizeof *g->inbox; i++)
		viz_metric_sample(set, "state", viz_inbox_state_name((enum viz_inbox_state)i),
				  (double)g->inbox[i]);
	viz_metric_one(set, VIZ_METRIC_INBOX_WAITING, (double)g->waiting);
	viz_metric_one(set, VIZ_METRIC_INBOX_OVERDUE, (double)g->overdue);
	viz_metric_one(set, VIZ_METRIC_UNCHECKED, (double)g->unchecked);
	viz_metric_add(set, VIZ_METRIC_FINDINGS);
	viz_metric_sample(set, "verdict", "contradiction", (double)g->contradictions);
	viz_metric_sample(set, "verdict", "suspicion", (double)g->suspicions);
	viz_metric_one(set, VIZ_METRIC_PROBING, (double)g->probing);
}

static bool count_leads(struct gather *g, struct viz_core *core, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_walk_next(&g->walk, &key, &value);
		if (more && viz_lead_get(core, lead, viz_be_get_u64(key.p)))
			g->leads[lead->state]++;
	}
	free(lead);
	return more;
}

static bool count_inbox(struct gather *g, const struct viz_trust *trust, size_t *rows)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	bool more = true;

	while (*rows > 0 && more) {
		struct viz_time until;

		--*rows;
		more = viz_inbox_walk_next(&g->walk, in);
		if (!more)
			break;
		g->inbox[in->state]++;
		g->unchecked += in->unchecked != VIZ_UNCHECKED_NOT;
		if (!viz_inbox_waiting_for_us(in))
			continue;
		until = viz_inbox_waiting_until(trust, in);
		g->waiting++;
		g->overdue += until.ms != 0 && until.ms < trust->core->now.ms;
	}
	free(in);
	return more;
}

static bool count_findings(struct gather *g, size_t *rows)
{
	struct viz_slice key, value;
	struct viz_finding f;
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_walk_next(&g->walk, &key, &value);
		if (!more)
			break;
		VIZ_REQUIRE(VIZ_PARSE(finding, &f, value.p, value.len) == VIZ_OK);
		g->contradictions += f.verdict == VIZ_VERDICT_CONTRADICTION;
		g->suspicions += f.verdict == VIZ_VERDICT_SUSPICION;
	}
	return more;
}

static bool step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct gather *g = (struct gather *)later;
	json_t *set = json_object_get(later->result, "metrics");

	if (g->at == LEADS) {
		if (count_leads(g, net->core, rows))
			return false;
		g->at = INBOX;
		viz_inbox_walk_init(&g->walk, net->core, NULL);
	}
	if (g->at == INBOX) {
		if (count_inbox(g, net->trust, rows))
			return false;
		g->at = FINDINGS;
		viz_walk_init(&g->walk, net->core->store, VIZ_TABLE_FINDING, NULL, 0);
	}
	if (count_findings(g, rows))
		return false;
	add_self(set, net);
	add_host(set, net->core);
	add_store(set, net->core);
	add_federation(set, net->trust);
	add_partners(set, net->trust, g->named);
	add_gossip(set, &net->gossip->intake);
	add_gathered(set, g);
	return true;
}

static void drop(struct viz_later *later)
{
	free(later);
}

static int metrics(struct viz_request *req)
{
	struct gather *g = viz_core_alloc(sizeof *g);
	json_t *probing = viz_control_probing_count_json(req);

	*g = (struct gather){.later = {.step = step, .drop = drop},
			     .named = req->role != VIZ_ROLE_PUBLIC,
			     .at = LEADS};
	g->probing = (size_t)json_integer_value(probing);
	json_decref(probing);
	viz_walk_init(&g->walk, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	json_object_set_new(req->result, "metrics", json_array());
	return viz_later_begin(req, &g->later);
}

const struct viz_control_op viz_control_metrics_ops[] = {
    {"metrics", metrics, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ | VIZ_ROLE_PUBLIC,
     viz_request_none},
    {0},
};
