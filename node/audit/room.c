#include "node/audit/room.h"

#include "node/audit/finding.h"
#include "node/audit/suspect.h"
#include "node/audit/turns.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

/* Drops our notes of the offer. What was signed stays. */
static void drop_notes(struct viz_core *core, const uint8_t offer[VIZ_ID_SLOT_LEN])
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_STATEMENT, offer, VIZ_ID_SLOT_LEN);
	while (viz_walk_next(&walk, &key, &value) &&
	       key.p[VIZ_ID_SLOT_LEN] < VIZ_TYPE_STATEMENT_MIN) {
		uint8_t row[VIZ_STATEMENT_KEY_LEN];

		memcpy(row, key.p, sizeof row);
		viz_core_del(core, VIZ_TABLE_STATEMENT, row, sizeof row);
	}
}

bool viz_audit_room_release(struct viz_net *net, const struct viz_id *origin, uint64_t slot)
{
	struct viz_inbox *in = viz_inbox_fetch(net->core, origin, slot);
	bool over = !in || viz_inbox_is_over(net->core, in);
	uint8_t key[VIZ_ID_SLOT_LEN];
	enum viz_verdict found;

	if (!over || viz_finding_of_offer(net->core, &found, origin, slot)) {
		free(in);
		return false;
	}
	if (in)
		viz_turns_drop(net->core, in);
	free(in);
	viz_id_slot_key(key, origin, slot);
	viz_inbox_del(net->core, origin, slot);
	drop_notes(net->core, key);
	return true;
}

void viz_audit_room_full(struct viz_net *net, const struct viz_record *rec)
{
	viz_suspect_found(net->trust, &rec->author, VIZ_SUSPICION_SHARE_FULL, 0, &rec->author);
}
