#include "node/lead/consent.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/trust/trust.h"
#include "proto/fields.h"
#include "proto/writer.h"
#include "store/store.h"
#include "store/tables.h"

#define REFERENCE(F)                                                                               \
	F(KEY, blinding)                                                                           \
	F(TEXT, evidence, 0)                                                                       \
	F(TEXT, agent, 0)

static bool get(struct viz_trust *trust, struct viz_slice *out, uint64_t slot,
		enum viz_offer_row row, const struct viz_id *name, uint64_t number)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	viz_place_statement_key(key, &trust->self.author, slot, row, name, number);
	return viz_core_get(trust->core, out, VIZ_TABLE_STATEMENT, key, sizeof key);
}

void viz_lead_consent_keep_text(struct viz_trust *trust, uint64_t slot, const struct viz_id *hash,
				const char *text)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];

	viz_place_statement_key(key, &trust->self.author, slot, VIZ_OFFER_ROW_TEXT, hash, 0);
	viz_core_put(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, (const uint8_t *)text,
		     strlen(text));
}

bool viz_lead_consent_text(struct viz_trust *trust, struct viz_slice *out, uint64_t slot,
			   const struct viz_id *hash)
{
	return get(trust, out, slot, VIZ_OFFER_ROW_TEXT, hash, 0);
}

void viz_lead_consent_keep_reference(struct viz_trust *trust, uint64_t slot, uint64_t number,
				     const struct viz_lead_reference *ref)
{
	uint8_t key[VIZ_STATEMENT_KEY_LEN];
	VIZ_WRITER(w, 256);

	VIZ_FIELDS_WRITE(&w, ref, REFERENCE);
	viz_place_statement_key(key, &trust->self.author, slot, VIZ_OFFER_ROW_REFERENCE,
				&trust->self.author, number);
	viz_core_put_row(trust->core, VIZ_TABLE_STATEMENT, key, sizeof key, &w);
}

bool viz_lead_consent_reference(struct viz_trust *trust, struct viz_lead_reference *out,
				uint64_t slot, uint64_t number)
{
	struct viz_slice v;

	return get(trust, &v, slot, VIZ_OFFER_ROW_REFERENCE, &trust->self.author, number) &&
	       VIZ_FIELDS_PARSE(out, v.p, v.len, REFERENCE) == VIZ_OK;
}
