/* `vizinho-erp run`: once, or for ever. */
#include "node/host/log.h"
#include "tools/erp/command.h"
#include "tools/vizinho/reply.h"

#define LEADS_EVERY_S 15 /* how often the inbox is looked at: the socket is near */

static void report(const struct viz_erp_round *r)
{
	if (r->drafts + r->closed + r->passed_over + r->written + r->withdrawn > 0)
		viz_host_log(VIZ_LOG_NOTICE,
			     "erp: %u drafts, %u closed, %u refused by the node; %u leads written, "
			     "%u withdrawn",
			     r->drafts, r->closed, r->passed_over, r->written, r->withdrawn);
}

/* The ERP has asked for a pause: the next process keeps to it, too. */
static void note_pause(struct viz_erp_round *r)
{
	if (r->broken || r->e->hold_s <= r->e->now_s)
		return;
	viz_host_log(VIZ_LOG_WARNING, "erp: the ERP asks for a pause of %lld s",
		     (long long)(r->e->hold_s - r->e->now_s));
	viz_erp_state_set_number(r->state->root, "hold_s", r->e->hold_s);
	viz_erp_round_save(r);
}

/* One round under the lock. False: something failed. */
static bool go_round(struct viz_erp *e, struct viz_erp_node *node, bool *broken, bool notices,
		     const struct viz_erp_options *options)
{
	struct viz_erp_state state;
	struct viz_erp_round r = {.e = e, .node = node, .state = &state};
	bool good;

	*broken = !viz_erp_open(&state, options);
	if (*broken)
		return false;
	viz_erp_state_set_text(state.root, "kind", e->config->connector->name);
	viz_erp_session_tick(e);
	e->hold_s = viz_reply_number(state.root, "hold_s");
	if (e->hold_s > e->now_s) {
		viz_erp_state_close(&state);
		return false;
	}
	good = viz_erp_round_leads(&r);
	if (notices && !r.broken && e->hold_s <= e->now_s)
		good = viz_erp_round_notices(&r) && good;
	report(&r);
	note_pause(&r);
	*broken = r.broken;
	viz_erp_state_close(&state);
	return good;
}

int viz_erp_cmd_run(const struct viz_erp_options *options, const char *word)
{
	struct viz_erp_config config;
	struct viz_erp_node node;
	struct viz_erp e;
	bool good, broken = false;
	int64_t notices_ms = 0;

	(void)word;
	if (!viz_erp_begin(&e, &config, options))
		return VIZ_ERP_EXIT_USAGE;
	viz_erp_node_begin(&node, options->socket != NULL ? options->socket : config.socket);
	do {
		int64_t now = viz_erp_session_monotonic_ms();
		bool notices = now >= notices_ms;

		good = go_round(&e, &node, &broken, notices, options);
		if (notices && e.hold_s <= e.now_s)
			notices_ms = now + (int64_t)config.interval_s * 1000 / e.hurry;
	} while (!options->once && !broken &&
		 viz_erp_session_wait(&e, viz_erp_session_monotonic_ms() +
					      LEADS_EVERY_S * 1000 / e.hurry));
	viz_erp_node_end(&node);
	viz_erp_session_end(&e);
	if (broken)
		return VIZ_ERP_EXIT_STATE;
	return good || !options->once ? VIZ_ERP_EXIT_OK : VIZ_ERP_EXIT_FAILED;
}
