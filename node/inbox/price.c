#include "node/inbox/price.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/place.h"
#include "node/core/secrets.h"
#include "node/inbox/inbox.h"
#include "node/inbox/pledge.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/statement.h"
#include "store/tables.h"

static void make_key(uint8_t key[VIZ_STATEMENT_KEY_LEN], const struct viz_inbox *in)
{
	viz_place_statement_key(key, &in->origin, in->slot, VIZ_OFFER_ROW_PRICE, &in->origin, 0);
}

/* The plan of this name; without a name the only one. NULL: it cannot be told. */
static const struct viz_plan *find(const struct viz_proposal *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->plan[i].name, name) == 0)
			return &p->plan[i];
	return name[0] == '\0' && p->count == 1 ? &p->plan[0] : NULL;
}

/* Reads the proposal to which our pledge committed. */
static bool read_proposal(struct viz_trust *trust, struct viz_proposal *p,
			  const struct viz_inbox *in)
{
	uint8_t *bytes = viz_core_alloc(VIZ_PROPOSAL_MAX);
	size_t len = 0;
	bool good = viz_inbox_pledge_get_proposal(trust, in, bytes, &len) &&
		    VIZ_PARSE(proposal, p, bytes, len) == VIZ_OK;

	free(bytes);
	return good;
}

void viz_inbox_price_note(struct viz_trust *trust, const struct viz_inbox *in)
{
	struct viz_proposal *p = viz_core_alloc(sizeof *p);
	uint8_t key[VIZ_STATEMENT_KEY_LEN], value[4];
	const struct viz_plan *plan = NULL;
	struct viz_contact c;

	if (viz_secrets_unseal_contact(trust->core, &c, in->vault, in->contact, in->contact_len) ==
	    VIZ_OK) {
		if (read_proposal(trust, p, in))
			plan = find(p, c.plan);
		viz_secret_wipe(&c, sizeof c);
	}
	if (plan) {
		make_key(key, in);
		viz_be_put_u32(value, plan->price_cents);
		viz_core_put(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, value,
			     sizeof value);
	}
	free(p);
}

bool viz_inbox_price_get(struct viz_core *core, uint32_t *cents, const struct viz_inbox *in)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	struct viz_slice v;

	make_key(key, in);
	if (!viz_core_get(core, &v, VIZ_TABLE_STATEMENT, key, sizeof key) || v.len != 4)
		return false;
	*cents = viz_be_get_u32(v.p);
	return true;
}
