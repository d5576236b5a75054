#include "node/control/finding_id.h"

#include "node/control/request.h"
#include "proto/base.h"

void viz_finding_id_text(char out[VIZ_FINDING_ID_MAX], const uint8_t *key)
{
	char slot[VIZ_SLOT_TEXT_MAX], accused[9], about[9];

	viz_request_slot_text(slot, viz_be_get_u64(key + 32));
	viz_hex(accused, key, 4);
	viz_hex(about, key + 41, 4);
	snprintf(out, VIZ_FINDING_ID_MAX, "%s-%s-%u-%s", accused, slot, key[40], about);
}
