#include "proto/receipt.h"

#include "proto/fields.h"

#define RECIPIENT(F)                                                                               \
	F(ID, id)                                                                                  \
	F(OPTIONAL, cnpj)
static VIZ_FIELDS_WRITER(recipient, RECIPIENT);
static VIZ_FIELDS_READER(recipient, RECIPIENT);

#define RECEIPT(F)                                                                                 \
	F(BYTES, receipt_id)                                                                       \
	F(UINT, offer_slot, 0, UINT64_MAX >> 16)                                                   \
	F(UINT, purpose, 0, VIZ_PURPOSE_CONTACT)                                                   \
	F(WORD, "BR") /* jurisdiction */                                                           \
	F(TEXT, language, 2)                                                                       \
	F(ID, subject)                                                                             \
	F(OPTIONAL, controller_cnpj)                                                               \
	F(SORTED, recipient, recipient_count, 1, recipient, id)                                    \
	F(UINT, fields, 0, 63)                                                                     \
	F(TEXT, text_version, 1)                                                                   \
	F(ID, text_hash)                                                                           \
	F(TEXT, channel, 1)                                                                        \
	F(OPTIONAL, evidence)                                                                      \
	F(OPTIONAL, agent)                                                                         \
	F(TIME, given)                                                                             \
	F(TIME, expires)                                                                           \
	F(OPTIONAL, withdrawal)                                                                    \
	F(UINT, state, 0, VIZ_CONSENT_TERMINATED)                                                  \
	F(ID, previous)
VIZ_FIELDS_WRITER(receipt, RECEIPT);

void viz_receipt_read(struct viz_reader *r, struct viz_receipt *c)
{
	memset(c, 0, sizeof *c);
	VIZ_FIELDS_READ(r, c, RECEIPT);
	if (c->purpose == 0 || c->state == 0 || c->expires.ms < c->given.ms)
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

bool viz_receipt_names(const struct viz_receipt *c, const struct viz_id *id)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		if (viz_id_eq(&c->recipient[i].id, id))
			return true;
	return false;
}
