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
	F(ID, reference)                                                                           \
	F(TIME, given)                                                                             \
	F(TIME, expires)                                                                           \
	F(TIME, erase)                                                                             \
	F(TEXT, withdrawal, 1)                                                                     \
	F(UINT, state, 0, VIZ_CONSENT_TERMINATED)                                                  \
	F(ID, previous)
VIZ_FIELDS_WRITER(receipt, RECEIPT);

static bool cnpj_fits(const char *cnpj)
{
	return cnpj[0] == '\0' || strlen(cnpj) == VIZ_CNPJ_LEN;
}

/* Whether fields and recipients are those of the purpose. */
static bool purpose_fits(const struct viz_receipt *c)
{
	const unsigned person = VIZ_FIELD_NAME | VIZ_FIELD_PHONE | VIZ_FIELD_ADDRESS;

	for (size_t i = 0; i < c->recipient_count; i++)
		if (!cnpj_fits(c->recipient[i].cnpj))
			return false;
	if (c->purpose == VIZ_PURPOSE_LOCATION)
		return c->fields == VIZ_FIELD_LOCATION;
	return c->purpose == VIZ_PURPOSE_CONTACT && c->recipient_count == 1 &&
	       (c->fields & (person | VIZ_FIELD_LOCATION)) == person;
}

void viz_receipt_read(struct viz_reader *r, struct viz_receipt *c)
{
	memset(c, 0, sizeof *c);
	VIZ_FIELDS_READ(r, c, RECEIPT);
	if (r->err == VIZ_OK && (c->state == 0 || !viz_receipt_channel_valid(c->channel) ||
				 !purpose_fits(c) || !cnpj_fits(c->controller_cnpj) ||
				 c->expires.ms <= c->given.ms || c->erase.ms < c->given.ms))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

bool viz_receipt_holds(const struct viz_receipt *c, struct viz_time time, struct viz_time now,
		       int64_t most_ms)
{
	return c->state == VIZ_CONSENT_GIVEN && viz_id_is_zero(&c->previous) &&
	       c->given.ms <= time.ms && c->expires.ms > now.ms &&
	       c->expires.ms - c->given.ms <= most_ms;
}

bool viz_receipt_channel_valid(const char *channel)
{
	static const char *const channels[] = {"phone", "desk", "whatsapp", "web"};

	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
		if (strcmp(channels[i], channel) == 0)
			return true;
	return false;
}

bool viz_receipt_names(const struct viz_receipt *c, const struct viz_id *id)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		if (viz_id_eq(&c->recipient[i].id, id))
			return true;
	return false;
}
