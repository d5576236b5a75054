#include "node/audit/room.h"

#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

static bool has_finding(struct viz_core *core, const uint8_t prefix[VIZ_ID_SLOT_LEN])
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_FINDING, prefix, VIZ_ID_SLOT_LEN);
	return viz_walk_next(&walk, &key, &value);
}

bool viz_audit_room_release(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	uint8_t key[VIZ_ID_SLOT_LEN], wanted[VIZ_STATEMENT_KEY_LEN];
	struct viz_inbox *in = viz_inbox_fetch(net->core, origin, slot);
	bool over = !in || viz_inbox_is_over(net->core, in);

	free(in);
	viz_id_slot_key(key, origin, slot);
	if (!over || has_finding(net->core, key))
		return false;
	viz_core_del(net->core, VIZ_TABLE_INBOX, key, sizeof key);
	viz_place_statement_key(wanted, origin, slot, VIZ_OFFER_ROW_WANTED,
				&net->trust->self.author, 0);
	viz_core_del(net->core, VIZ_TABLE_STATEMENT, wanted, sizeof wanted);
	return true;
}

void viz_audit_room_full(struct viz_net *net, const struct viz_record *rec)
{
	viz_suspect_found(net->trust, &rec->author, VIZ_SUSPICION_SHARE_FULL, 0, &rec->author);
}
