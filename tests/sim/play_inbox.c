/* The staff of the chosen provider: they look at the inbox, show the contact, call, release and
 * report. Where offers are answered by hand, they answer. */
#include "node/control/request.h"
#include "node/state.h"
#include "proto/base.h"
#include "tests/sim/play.h"

void sim_inbox_operate(struct sim_world *w, struct sim_machine *m)
{
	sim_ask(w, m, SIM_ASK_INBOX, 0, "{\"op\":\"inbox.list\",\"args\":{}}");
}

static void about(struct sim_world *w, struct sim_machine *m, enum sim_ask ask, const char *op,
		  const char *id, const char *more)
{
	struct sim_query *q = sim_ask(
	    w, m, ask, 0, "{\"op\":\"inbox.%s\",\"args\":{\"lead\":\"%s\"%s}}", op, id, more);

	snprintf(q->id, sizeof q->id, "%s", id);
}

static void listed(struct sim_world *w, struct sim_machine *m, json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "id"));
	const char *state = json_string_value(json_object_get(entry, "state"));

	if (strcmp(state, "to-answer") == 0) {
		about(w, m, SIM_ASK_ANYTHING, "answer", id,
		      sim_once_in(&w->rng, 4) ? ",\"answer\":\"no\"" : ",\"answer\":\"yes\"");
	} else if (strcmp(state, "awarded") == 0) {
		if (!sim_once_in(&w->rng, 3))
			about(w, m, SIM_ASK_SHOW, "show", id, "");
		else if (w->options.way != SIM_WAY_UNLEASED && sim_once_in(&w->rng, 12))
			about(w, m, SIM_ASK_ANYTHING, "release", id, "");
	} else if (strcmp(state, "contacted") == 0 && sim_once_in(&w->rng, 8)) {
		about(w, m, SIM_ASK_ANYTHING, "outcome", id,
		      sim_once_in(&w->rng, 3) ? ",\"outcome\":\"lost\",\"lost_reason\":\"price\""
					      : ",\"outcome\":\"installed\",\"days_offline\":2");
	}
}

/* The machine and the slot of an entry like "a1b2c3d4-20261123-1". */
static const struct sim_machine *origin_of(struct sim_world *w, uint64_t *slot, const char *id)
{
	if (strlen(id) < 10 || viz_request_slot_parse(slot, id + 9) != VIZ_OK)
		return NULL;
	for (unsigned i = 0; i < w->count; i++) {
		char hex[65];

		sim_hex_of(hex, &w->machine[i]);
		if (strncmp(hex, id, 8) == 0)
			return &w->machine[i];
	}
	return NULL;
}

void sim_inbox_reply(struct sim_world *w, struct sim_machine *m, const struct sim_query *q, bool ok,
		     json_t *result)
{
	const struct sim_machine *origin;
	json_t *list, *entry;
	uint64_t slot;
	size_t i;

	if (!ok)
		return;
	if (q->ask == SIM_ASK_INBOX) {
		list = json_object_get(result, "entries");
		json_array_foreach(list, i, entry) listed(w, m, entry);
	} else if (q->ask == SIM_ASK_SHOW) {
		/* some customers are never called */
		if (json_object_get(result, "contact") && !sim_once_in(&w->rng, 3))
			about(w, m, SIM_ASK_CONTACTED, "contacted", q->id, "");
	} else if (q->ask == SIM_ASK_CONTACTED) {
		origin = origin_of(w, &slot, q->id);
		VIZ_REQUIRE(origin);
		w->play->calls++;
		sim_promise_contacted(w, m, &origin->author, slot);
	}
}
