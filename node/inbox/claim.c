#include "node/inbox/claim.h"

#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/tables.h"

#define CLAIM(F)                                                                                   \
	F(CONST, 1) /* version */                                                                  \
	F(UINT, award_n, 0, VIZ_AWARDS_MAX)                                                        \
	F(TEXT, who, 1)                                                                            \
	F(TIME, time)
static VIZ_FIELDS_WRITER(claim, CLAIM);
static VIZ_FIELDS_READER(claim, CLAIM);

bool viz_inbox_claim_get(struct viz_core *core, struct viz_claim *out, const struct viz_inbox *in)
{
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_slice v;

	viz_id_slot_key(key, &in->origin, in->slot);
	if (!viz_core_get(core, &v, VIZ_TABLE_CLAIM, key, sizeof key))
		return false;
	VIZ_REQUIRE(VIZ_PARSE(claim, out, v.p, v.len) == VIZ_OK);
	return out->award_n == in->award_n;
}

bool viz_inbox_claim_is_of(struct viz_core *core, const struct viz_inbox *in, const char *who)
{
	struct viz_claim c;

	return viz_inbox_claim_get(core, &c, in) && strcmp(c.who, who) == 0;
}

void viz_inbox_claim_put(struct viz_core *core, const struct viz_inbox *in, const char *who)
{
	struct viz_claim c = {.award_n = in->award_n, .time = core->now};
	uint8_t key[VIZ_ID_SLOT_LEN];
	VIZ_WRITER(w, 128);

	VIZ_REQUIRE(strlen(who) < sizeof c.who);
	snprintf(c.who, sizeof c.who, "%s", who);
	viz_claim_write(&w, &c);
	viz_id_slot_key(key, &in->origin, in->slot);
	viz_core_put_row(core, VIZ_TABLE_CLAIM, key, sizeof key, &w);
}

void viz_inbox_claim_drop(struct viz_core *core, const struct viz_inbox *in)
{
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_slice v;

	viz_id_slot_key(key, &in->origin, in->slot);
	if (viz_core_get(core, &v, VIZ_TABLE_CLAIM, key, sizeof key))
		viz_core_del(core, VIZ_TABLE_CLAIM, key, sizeof key);
}
