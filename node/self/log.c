#include "node/self/log.h"

#include "node/core/ids.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/record.h"

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
