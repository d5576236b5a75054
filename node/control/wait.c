#include "node/control/wait.h"

#include "node/control/later.h"
#include "node/control/reply.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "store/store.h"
#include "store/tables.h"

static uint64_t last_access(struct viz_core *core)
{
	struct viz_slice key, value;

	if (viz_walk_last(core->store, &key, &value, VIZ_TABLE_ACCESS, NULL, 0) != VIZ_OK)
		return 0;
	return viz_be_get_u64(key.p);
}

int viz_wait_begin(struct viz_request *req, json_t *args, struct viz_time until,
		   int (*read)(struct viz_request *req))
{
	struct viz_waits *waits = &req->laters->waits;
	struct viz_wait *w;

	if (waits->count == VIZ_WAITS_MAX) {
		json_decref(args);
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_BUSY,
					"%d readers of events wait already", VIZ_WAITS_MAX);
	}
	w = viz_core_alloc(sizeof *w);
	*w = (struct viz_wait){.next = waits->first,
			       .client = req->client,
			       .until = until,
			       .args = args,
			       .read = read};
	waits->first = w;
	waits->count++;
	req->later = true;
	return VIZ_OK;
}

/* Replies, if there is something or the time is over. */
static bool reply(struct viz_net *net, const struct viz_wait *w, bool look)
{
	struct viz_request req = {
	    .net = net, .args = w->args, .code = VIZ_CODE_COUNT, .result = json_object()};
	bool over = w->until.ms <= net->core->now.ms;

	if (look || over)
		VIZ_REQUIRE(w->read(&req) == VIZ_OK);
	over = over || json_array_size(json_object_get(req.result, "events")) > 0;
	if (over)
		viz_reply_ok(net->core, w->client, req.result);
	json_decref(req.result);
	free(req.names);
	return over;
}

static void drop(struct viz_waits *waits, struct viz_wait **at)
{
	struct viz_wait *w = *at;

	*at = w->next;
	waits->count--;
	json_decref(w->args);
	free(w);
}

void viz_wait_step(struct viz_net *net, struct viz_waits *waits)
{
	uint64_t access;
	bool look;

	if (!waits->first)
		return;
	access = last_access(net->core);
	look = net->core->journal.number != waits->journal || access != waits->access;
	waits->journal = net->core->journal.number;
	waits->access = access;
	for (struct viz_wait **at = &waits->first; *at;)
		if (reply(net, *at, look))
			drop(waits, at);
		else
			at = &(*at)->next;
}

void viz_wait_free(struct viz_waits *waits)
{
	while (waits->first)
		drop(waits, &waits->first);
}

struct viz_time viz_wait_deadline(const struct viz_core *core, const struct viz_waits *waits)
{
	struct viz_time at = {0};

	if (waits->first && core->journal.number != waits->journal)
		return core->now;
	for (const struct viz_wait *w = waits->first; w; w = w->next)
		if (at.ms == 0 || w->until.ms < at.ms)
			at = w->until;
	return at;
}
