#include "node/node.h"

#include "crypto/rng.h"
#include "crypto/secret.h"
#include "node/audit/suspect.h"
#include "node/control/control.h"
#include "node/control/health.h"
#include "node/control/hook.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/event.h"
#include "node/core/journal.h"
#include "node/core/weight.h"
#include "node/coverage/ack.h"
#include "node/coverage/index.h"
#include "node/gossip/announce.h"
#include "node/gossip/fetch.h"
#include "node/gossip/intake.h"
#include "node/gossip/leave.h"
#include "node/gossip/pending.h"
#include "node/gossip/repair.h"
#include "node/gossip/sweep.h"
#include "node/handlers.h"
#include "node/inbox/erase.h"
#include "node/inbox/result.h"
#include "node/lead/draw.h"
#include "node/lead/end.h"
#include "node/lead/state.h"
#include "node/lead/waiting.h"
#include "node/link/dial.h"
#include "node/link/hello.h"
#include "node/link/link.h"
#include "node/link/lot.h"
#include "node/link/mail.h"
#include "node/link/maintain.h"
#include "node/link/message.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/retention.h"
#include "node/self/backup.h"
#include "node/self/log.h"
#include "node/self/node_record.h"
#include "node/self/quarantine.h"
#include "node/self/rotate.h"
#include "node/self/salvaged.h"
#include "node/self/start.h"
#include "node/self/watch.h"
#include "node/state.h"
#include "node/trust/closure.h"
#include "node/trust/identity.h"
#include "node/trust/leave.h"
#include "node/trust/member.h"
#include "node/trust/notice.h"
#include "node/trust/pause.h"
#include "node/trust/peer.h"
#include "node/trust/tree.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "store/backend.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/vault.h"

#define ALONE_LOOKS      16 /* how often in heartbeat_ms one that waits is tried again */
#define HOUSEKEEPING_MS  1000
#define SWEEP_AGAIN_MS   10000  /* between the end of a walk over all rows and the next one */
#define TIMERS_PER_BATCH 256    /* at most; the others run in the next batch */
#define WARN_FULL_MS     600000 /* between two warnings about the store, at least */

static int load(struct viz_node *node)
{
	int err = viz_identity_load(&node->trust);

	if (err == VIZ_OK && viz_backup_moved(&node->core).ms != 0)
		err = VIZ_ERR_EXISTS;
	if (err == VIZ_OK)
		err = viz_trust_load(&node->trust);
	if (err == VIZ_OK)
		err = viz_mail_load(&node->net);
	if (err == VIZ_OK)
		err = viz_lot_load(&node->net);
	if (err == VIZ_OK)
		err = viz_journal_load(&node->core);
	if (err == VIZ_OK && !viz_growth_load(&node->core))
		err = VIZ_ERR_STORE;
	if (err == VIZ_OK)
		err = viz_coverage_index_load(&node->net);
	return err;
}

int viz_node_open(struct viz_node **out, struct viz_store *store, struct viz_vault *vault,
		  const struct viz_node_config *config, struct viz_time now)
{
	struct viz_node *node = calloc(1, sizeof *node);
	int err;

	if (!node)
		return VIZ_ERR_NOMEM;
	node->trust.core = node->net.core = &node->core;
	node->net.trust = &node->trust;
	node->net.gossip = &node->gossip;
	node->net.coverage = &node->coverage;
	node->net.health = &node->health;
	node->core.store = store;
	node->core.vault = vault;
	node->trust.profile = config->profile;
	node->net.handlers = &viz_handlers;
	node->hook.on = config->hook;
	node->core.confinement = config->confinement;
	node->core.machine = config->machine;
	node->core.now = now;
	viz_rng_seed(&node->core.rng, &config->seed);
	viz_control_init();
	node->readers.name =
	    viz_core_alloc((config->reader_count + 1) * sizeof *node->readers.name);
	for (size_t i = 0; i < config->reader_count; i++)
		snprintf(node->readers.name[i], sizeof node->readers.name[i], "%s",
			 config->readers[i]);
	node->readers.count = config->reader_count;
	snprintf(node->readers.web, sizeof node->readers.web, "%s", config->web ? config->web : "");
	snprintf(node->readers.erp, sizeof node->readers.erp, "%s", config->erp ? config->erp : "");
	err = viz_store_begin(store);
	if (err == VIZ_OK) {
		err = load(node);
		viz_store_abort(store);
	}
	if (err != VIZ_OK) {
		viz_node_close(node);
		return err;
	}
	node->deadline = now;
	node->starting = true;
	*out = node;
	return VIZ_OK;
}

void viz_node_close(struct viz_node *node)
{
	viz_repair_free(&node->net);
	viz_fetch_free(&node->net);
	viz_pending_free(&node->gossip.intake);
	viz_link_free_all(&node->net);
	viz_trust_free(&node->trust);
	viz_coverage_index_free(&node->net);
	viz_suspect_pass_stop(&node->pass);
	viz_later_free(&node->laters);
	free(node->readers.name);
	free(node->core.erased.list);
	free(node->core.touched.list);
	viz_secret_wipe(node, sizeof *node);
	free(node);
}

/* The operator has changed the configuration. What NODE says of it is signed with the next
 * heartbeat, which is due then. */
static void take_settings(struct viz_node *node, const struct viz_event *ev)
{
	struct viz_node_settings s;

	VIZ_REQUIRE(ev->len == sizeof s);
	memcpy(&s, ev->bytes, sizeof s);
	node->trust.profile = s.profile;
	node->hook.on = s.hook;
	node->readers.name =
	    viz_core_grow(node->readers.name, s.reader_count + 1, sizeof *node->readers.name);
	for (size_t i = 0; i < s.reader_count; i++)
		memcpy(node->readers.name[i], s.reader[i], sizeof *node->readers.name);
	node->readers.count = s.reader_count;
	memcpy(node->readers.web, s.web, sizeof node->readers.web);
	memcpy(node->readers.erp, s.erp, sizeof node->readers.erp);
	if (!viz_self_node_record_is_current(&node->trust) &&
	    node->trust.self.next_heartbeat.ms > node->core.now.ms)
		node->trust.self.next_heartbeat = node->core.now;
}

/* What the first batch of a process does before its events. */
static void start(struct viz_node *node)
{
	const struct viz_member *m = viz_member_self(&node->trust);
	uint64_t log = node->trust.self.log;

	node->starting = false;
	viz_identity_keys_changed(&node->trust);
	node->core.started = node->core.now;
	viz_pause_note(&node->trust);
	viz_start_begin(&node->trust);
	viz_self_rotate_check_clock(&node->net);
	if (node->trust.self.log != log) {
		viz_lead_draw_new_log(&node->trust);
		viz_lead_end_wake(&node->core);
	}
	viz_backup_start(&node->trust);
	if (!viz_vault_fits(node->core.vault))
		viz_identity_quarantine(&node->trust, viz_identity_time(&node->trust));
	viz_salvaged_tell(&node->trust);
	node->trust.self.next_heartbeat =
	    viz_after(m->node_time, node->core.federation.heartbeat_ms);
	viz_start_step(&node->net);
	viz_inbox_erase_resume(&node->net);
}

/* Finds who has left the closure, and forgets nodes of which nothing is left. Once a batch: who has
 * left it is treated as a member for a while anyway. */
static void refresh(struct viz_node *node)
{
	viz_closure_refresh(&node->trust);
	if (!node->trust.directory.refreshed)
		return;
	viz_leave_refresh(&node->trust);
	viz_mail_drop_orphans(&node->net);
	viz_closure_drop_useless(&node->trust);
}

static void step(struct viz_node *node, const struct viz_event *ev)
{
	switch (ev->kind) {
	case VIZ_EVENT_TICK:
		break;
	case VIZ_EVENT_HELLO:
		viz_link_hello(&node->net, ev);
		break;
	case VIZ_EVENT_OPENED:
		viz_link_dial_opened(&node->net, ev);
		break;
	case VIZ_EVENT_DIAL_FAILED:
		viz_link_dial_failed(&node->net, ev->attempt, ev->end);
		break;
	case VIZ_EVENT_CLOSED:
		viz_link_closed(&node->net, ev->link);
		break;
	case VIZ_EVENT_MESSAGE:
		viz_link_message(&node->net, ev->link, ev->bytes, ev->len);
		break;
	case VIZ_EVENT_VERIFIED:
		viz_intake_verified(&node->net, ev->job, ev->ok);
		break;
	case VIZ_EVENT_REQUEST:
		viz_control_request(&node->net, &node->readers, &node->laters, ev);
		break;
	case VIZ_EVENT_SETTINGS:
		take_settings(node, ev);
		break;
	case VIZ_EVENT_HOOKED:
		viz_hook_done(&node->core, &node->hook, ev->attempt, ev->ok);
		break;
	}
	viz_closure_extend(&node->trust);
}

/* Logs once when the store becomes nearly full, and once when it has space again. At most every ten
 * minutes, because the use of the store may stay close to the limit. */
static void warn_nearly_full(struct viz_node *node)
{
	bool full = viz_core_nearly_full(&node->core);

	if (full == node->warned_full ||
	    (node->warned_full_at.ms != 0 &&
	     node->core.now.ms < viz_after(node->warned_full_at, WARN_FULL_MS).ms))
		return;
	node->warned_full = full;
	node->warned_full_at = node->core.now;
	if (full && viz_store_stat_disk_short(node->core.store))
		viz_core_log(&node->core, 3,
			     "the disk is full: nothing new is accepted until there is room on it");
	else if (full)
		viz_core_log(
		    &node->core, 4,
		    "the store is nearly full: of others only nodes, keys and vouches are accepted "
		    "(see [store] map_mib)");
	else
		viz_core_log(
		    &node->core, 5,
		    "the store has space again: records and offers of others are accepted");
}

/* Says once that the store becomes full in a while, so that there is time for a larger disk. At
 * most every ten minutes. */
static void warn_space(struct viz_node *node)
{
	bool alarm = viz_growth_alarm(&node->core);

	viz_growth_note(&node->core);
	if (alarm == node->warned_space ||
	    (node->warned_space_at.ms != 0 &&
	     node->core.now.ms < viz_after(node->warned_space_at, WARN_FULL_MS).ms))
		return;
	node->warned_space = alarm;
	node->warned_space_at = node->core.now;
	if (alarm)
		viz_notice_add(&node->trust, VIZ_NOTICE_SPACE, NULL, NULL, 0);
}

/* What waited for LAST, of a certain peer or of any partner, is tried again. */
static void wake(struct viz_node *node)
{
	if (node->shown == node->trust.self.start.shown)
		return;
	node->shown = node->trust.self.start.shown;
	viz_lead_end_wake(&node->core);
	viz_inbox_result_wake(&node->core);
}

/* Removes what is over, a step each second. */
static void sweep(struct viz_node *node)
{
	bool more;

	if (node->next_sweep.ms > node->core.now.ms)
		return;
	more = viz_gossip_sweep(&node->net);
	more |= viz_retention_sweep(&node->trust);
	if (!more)
		node->next_sweep = viz_after(node->core.now, SWEEP_AGAIN_MS);
}

/* What each batch does after its events: the heartbeat, the end of the old transport key, and once
 * a second the sweeps. */
static void housekeep(struct viz_node *node)
{
	if (node->trust.self.next_heartbeat.ms <= node->core.now.ms && !node->trust.self.revoked) {
		if (viz_self_log_holds_node(&node->net))
			node->trust.self.next_heartbeat = viz_after(
			    node->core.now, node->core.federation.heartbeat_ms / ALONE_LOOKS + 1);
		else
			viz_self_rotate_heartbeat(&node->net);
	}
	if (node->trust.self.transport_old_until.ms != 0 &&
	    node->trust.self.transport_old_until.ms <= node->core.now.ms) {
		node->trust.self.transport_old_until = (struct viz_time){0};
		viz_secret_wipe(&node->trust.self.transport_old,
				sizeof node->trust.self.transport_old);
		viz_identity_save(&node->trust);
		viz_identity_keys_changed(&node->trust);
	}
	if (node->next_housekeeping.ms <= node->core.now.ms) {
		node->next_housekeeping = viz_after(node->core.now, HOUSEKEEPING_MS);
		viz_lead_waiting_partners_refresh(&node->net);
		viz_coverage_ack_again(&node->net);
		viz_watch_peers(&node->trust);
		wake(node);
		sweep(node);
		viz_remote_free_idle(&node->net);
		viz_coverage_index_build(&node->net);
		viz_suspect_pass_due(&node->net, &node->pass);
		warn_nearly_full(node);
		viz_health_look(&node->net);
		warn_space(node);
	}
}

static void set_deadline(struct viz_node *node)
{
	struct viz_time candidates[] = {viz_due_next(&node->core),
					viz_link_maintain_deadline(&node->net),
					viz_start_deadline(&node->net),
					viz_quarantine_deadline(&node->net),
					viz_repair_deadline(&node->net),
					viz_fetch_deadline(&node->net),
					viz_announce_deadline(&node->net),
					node->next_housekeeping,
					viz_leave_deadline(&node->trust),
					viz_closure_deadline(&node->trust),
					viz_hook_deadline(&node->hook),
					viz_wait_deadline(&node->core, &node->laters.waits),
					node->pass.on || node->laters.first ||
						node->core.wakes.leads || node->core.wakes.offers
					    ? node->core.now
					    : (struct viz_time){0}};
	struct viz_time at = node->trust.self.revoked ? (struct viz_time){INT64_MAX}
						      : node->trust.self.next_heartbeat;

	for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++)
		if (candidates[i].ms != 0 && candidates[i].ms < at.ms)
			at = candidates[i];
	node->deadline = at;
}

/* Runs the timers that are due. */
static void run_timers(struct viz_node *node)
{
	struct viz_due due;

	for (int i = 0; i < TIMERS_PER_BATCH && viz_due_take(&node->core, &due); i++)
		node->net.handlers->due[due.kind](&node->net, &due.origin, due.slot);
}

/* Makes the batch durable, the vault first. VIZ_ERR_STORE: nothing of it is. */
static int commit(struct viz_node *node)
{
	viz_weight_flush(&node->core);
	if (node->core.store_full || viz_vault_sync(node->core.vault) != VIZ_OK) {
		viz_store_abort(node->core.store);
		viz_vault_abort(node->core.vault);
		return VIZ_ERR_STORE;
	}
	return viz_store_commit(node->core.store) == VIZ_OK ? VIZ_OK : VIZ_ERR_STORE;
}

/* Finishes the erasures of the batch that has just been committed (store/vault.h): overwrites the
 * blocks, then signs and sends the statements that say so, in a second transaction. */
static int finish_erasures(struct viz_node *node)
{
	if (viz_vault_erasing(node->core.vault) == 0 && node->core.erased.count == 0)
		return VIZ_OK;
	if (viz_vault_wipe(node->core.vault) != VIZ_OK ||
	    viz_store_begin(node->core.store) != VIZ_OK ||
	    viz_vault_wipe_finish(node->core.vault) != VIZ_OK)
		return VIZ_ERR_STORE;
	viz_inbox_erase_report(&node->net);
	viz_mail_pump_all(&node->net);
	set_deadline(node);
	return commit(node);
}

int viz_node_run(struct viz_node *node, struct viz_effects *fx, struct viz_time now,
		 const struct viz_event *events, size_t count)
{
	int err;

	if (now.ms > node->core.now.ms)
		node->core.now = now;
	node->core.fx = fx;
	if (viz_store_begin(node->core.store) != VIZ_OK)
		return VIZ_ERR_STORE;
	if (node->starting)
		start(node);
	for (size_t i = 0; i < count; i++)
		step(node, &events[i]);
	viz_start_step(&node->net);
	if (viz_quarantine_is_over(&node->net)) {
		viz_quarantine_end(&node->net);
		viz_lead_draw_new_log(&node->trust);
		viz_lead_state_ask(&node->net);
		viz_lead_end_wake(&node->core);
	}
	housekeep(node);
	viz_suspect_pass_step(&node->net, &node->pass);
	viz_later_step(&node->net, &node->laters);
	viz_lead_end_wake_step(&node->trust);
	viz_inbox_result_wake_step(&node->core);
	run_timers(node);
	viz_gossip_leave_step(&node->net);
	refresh(node);
	viz_leave_step(&node->trust);
	viz_tree_step(&node->trust);
	viz_repair_step(&node->net);
	viz_fetch_step(&node->net);
	viz_announce_step(&node->net);
	viz_link_maintain(&node->net);
	viz_mail_pump_all(&node->net);
	viz_hook_step(&node->trust, &node->hook);
	viz_wait_step(&node->net, &node->laters.waits);
	set_deadline(node);
	err = commit(node);
	if (err == VIZ_OK)
		err = finish_erasures(node);
	node->core.fx = NULL;
	return err;
}

const char *viz_node_cause(const struct viz_node *node)
{
	const char *cause = viz_store_cause(node->core.store);

	if (cause)
		return cause;
	return viz_store_stat_disk_short(node->core.store) ? "the disk is full"
							   : "the store is full";
}

struct viz_time viz_node_deadline(const struct viz_node *node)
{
	return node->deadline;
}

bool viz_node_is_near(struct viz_node *node, uint64_t number)
{
	const struct viz_link *link = viz_link_find(&node->net, number);

	return link && viz_member_is_near(&node->trust, &link->peer);
}

struct viz_figures *viz_node_figures(struct viz_node *node)
{
	return &node->core.figures;
}

const struct viz_id *viz_node_author(const struct viz_node *node)
{
	return &node->trust.self.author;
}

const struct viz_federation *viz_node_federation(const struct viz_node *node)
{
	return &node->core.federation;
}
