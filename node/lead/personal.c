#include "node/lead/personal.h"

#include "crypto/seal.h"
#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/secrets.h"
#include "node/lead/lead.h"
#include "node/offer/commitment.h"
#include "node/trust/notice.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/statement.h"
#include "proto/writer.h"

int viz_lead_personal_seal_contact(struct viz_core *core, struct viz_lead *lead,
				   const struct viz_contact *contact)
{
	VIZ_WRITER(w, VIZ_CONTACT_MAX - VIZ_SEAL_OVERHEAD);
	struct viz_lead_secrets s;
	size_t len = 0;
	int err;

	if (lead->vault == 0)
		return VIZ_ERR_ABSENT;
	if (!viz_secrets_read(core, &s, lead->contact_vault))
		viz_secrets_create(core, &s, &lead->contact_vault);
	viz_contact_write(&w, contact);
	err = viz_writer_finish(&w, &len);
	if (err == VIZ_OK)
		err = viz_secrets_seal(core, lead->contact, &lead->contact_len,
				       sizeof lead->contact, &s, w.start, len);
	viz_secret_wipe(w.start, w.max);
	viz_secret_wipe(&s, sizeof s);
	return err;
}

int viz_lead_personal_open_contact(struct viz_core *core, struct viz_contact *out,
				   const struct viz_lead *lead)
{
	return viz_secrets_unseal_contact(core, out, lead->contact_vault, lead->contact,
					  lead->contact_len);
}

int viz_lead_personal_open_location(struct viz_core *core, struct viz_location *out,
				    const struct viz_lead *lead)
{
	return viz_secrets_unseal_location(core, out, lead->vault, lead->location,
					   lead->location_len);
}

void viz_lead_personal_erase_contact(struct viz_core *core, struct viz_lead *lead)
{
	viz_secrets_erase(core, &lead->contact_vault);
	viz_secret_wipe(lead->contact, sizeof lead->contact);
	lead->contact_len = 0;
}

void viz_lead_personal_erase(struct viz_core *core, struct viz_lead *lead)
{
	if (lead->vault != 0)
		viz_notice_add_own(core, VIZ_NOTICE_ERASE, &lead->offer, lead->slot);
	viz_lead_personal_erase_contact(core, lead);
	viz_secrets_erase(core, &lead->vault);
	viz_secret_wipe(lead->location, sizeof lead->location);
	lead->location_len = 0;
}

int viz_lead_personal_seal_location(struct viz_core *core, struct viz_lead *lead,
				    struct viz_id *commit, const struct viz_lead_secrets *s,
				    const struct viz_location *location)
{
	VIZ_WRITER(w, VIZ_LOCATION_MAX);
	size_t len = 0;
	int err;

	viz_location_write(&w, location);
	err = viz_writer_finish(&w, &len);
	if (err != VIZ_OK)
		return err;
	viz_commitment(commit, "vizinho/location", &s->location_blinding, w.start, len);
	err = viz_secrets_seal(core, lead->location, &lead->location_len, sizeof lead->location, s,
			       w.start, len);
	viz_secret_wipe(w.start, w.max);
	return err;
}
