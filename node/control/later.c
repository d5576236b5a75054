#include "node/control/later.h"

#include "node/control/reply.h"
#include "node/control/request.h"
#include "node/link/net.h"

int viz_later_begin(struct viz_request *req, struct viz_later *l)
{
	struct viz_later **last = &req->laters->first;

	if (req->laters->count == VIZ_LATER_MAX) {
		l->drop(l);
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_BUSY, "%d other requests wait",
					VIZ_LATER_MAX);
	}
	l->client = req->client;
	l->result = json_incref(req->result);
	while (*last)
		last = &(*last)->next;
	*last = l;
	req->laters->count++;
	req->later = true;
	return VIZ_OK;
}

/* Drops the first one. */
static void drop(struct viz_laters *laters)
{
	struct viz_later *l = laters->first;

	laters->first = l->next;
	laters->count--;
	json_decref(l->result);
	l->drop(l);
}

void viz_later_step(struct viz_net *net, struct viz_laters *laters)
{
	size_t rows = VIZ_LATER_ROWS;

	while (laters->first && rows > 0) {
		struct viz_later *l = laters->first;

		if (!l->step(l, net, &rows))
			return;
		viz_reply_ok(net->core, l->client, l->result);
		drop(laters);
	}
}

void viz_later_free(struct viz_laters *laters)
{
	while (laters->first)
		drop(laters);
	viz_wait_free(&laters->waits);
}
