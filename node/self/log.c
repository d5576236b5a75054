#include "node/self/log.h"

#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/link/net.h"
#include "node/self/reach.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

#define RETRY_MS 60000 /* how often a lead looks whether we are still alone */

bool viz_self_log_is_free(struct viz_net *net)
{
	struct viz_reach r;

	if (!viz_identity_has_started(net->trust))
		return false;
	r = viz_reach_look(net);
	return !r.any || r.heard;
}

bool viz_self_log_holds_node(struct viz_net *net)
{
	const struct viz_member *self = viz_member_self(net->trust);
	struct viz_reach r;

	if (!self->has_node ||
	    net->core->now.ms >= self->node_time.ms + net->core->federation.silence_ms / 2)
		return false;
	r = viz_reach_look(net);
	return r.any && !r.heard;
}

struct viz_time viz_self_log_retry_at(const struct viz_trust *trust)
{
	/* at the full minute: what waits twice is one row then */
	int64_t next = trust->core->now.ms / RETRY_MS + 1;

	return viz_identity_has_started(trust) ? (struct viz_time){next * RETRY_MS}
					       : viz_identity_retry_at(trust);
}

void viz_self_log_next(struct viz_position *at, const struct viz_trust *trust, uint32_t offer)
{
	at->log = trust->self.log;
	at->number = trust->self.log_number + 1;
	at->before = trust->self.log_value;
	at->offer = offer != 0 ? offer : at->number;
}

void viz_self_log_add(struct viz_trust *trust, const struct viz_record *rec,
		      const struct viz_id *id)
{
	struct viz_position at, next;
	struct viz_id value;

	VIZ_REQUIRE(viz_position_parse(&at, rec) == VIZ_OK);
	viz_self_log_next(&next, trust, at.offer);
	VIZ_REQUIRE(at.log == next.log && at.number == next.number &&
		    viz_id_eq(&at.before, &next.before));
	viz_ids_log(&value, &at, rec->type, rec->slot, id);
	viz_identity_logged(trust, &value);
}
