#include "proto/mail.h"

#include "proto/fields.h"

#define SLOT_MAX (UINT64_MAX >> 16)

#define VIEW_MAX (VIZ_VIEW_IDS_MAX * sizeof(struct viz_id))

#define CIRCLE_KEY(F)                                                                              \
	F(UINT, epoch, 0, INT64_MAX)                                                               \
	F(KEY, key)
VIZ_FIELDS(mail_circle_key, CIRCLE_KEY);

#define OFFER_KEY(F)                                                                               \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(KEY, key)
VIZ_FIELDS(mail_offer_key, OFFER_KEY);

#define VIEW(F)                                                                                    \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(UINT, offset, 0, VIEW_MAX)                                                               \
	F(UINT, total, 0, VIEW_MAX)                                                                \
	F(BIN, part, 1, VIZ_VIEW_PART_BYTES)
VIZ_FIELDS(mail_view, VIEW);

#define EVIDENCE_ASK(F)                                                                            \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(LIST, id, count, 0, id)
VIZ_FIELDS(mail_evidence_ask, EVIDENCE_ASK);

#define EVIDENCE(F)                                                                                \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(BIN, record, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)
VIZ_FIELDS(mail_evidence, EVIDENCE);

#define LOCATION(F)                                                                                \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(BIN, location, 1, VIZ_LOCATION_MAX)                                                      \
	F(KEY, blinding)                                                                           \
	F(BIN, receipt, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)                              \
	F(KEY, receipt_blinding)
VIZ_FIELDS(mail_location, LOCATION);

#define PLEDGE(F)                                                                                  \
	F(BYTES, pledge)                                                                           \
	F(UINT, reason, 0, VIZ_NO_POLICY)
VIZ_FIELDS(mail_pledge, PLEDGE);

#define HANDOFF(F)                                                                                 \
	F(BIN, choice, VIZ_SIGNED_RECORD_MIN, VIZ_CHOICE_MAX + 64)                                 \
	F(BIN, award, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)                                \
	F(BIN, receipt, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)                              \
	F(BIN, contact, 1, VIZ_CONTACT_MAX - 40)
VIZ_FIELDS(mail_handoff, HANDOFF);

#define LEASE_ASK(F)                                                                               \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(ID, award)                                                                               \
	F(TIME, asked)
VIZ_FIELDS(mail_lease_ask, LEASE_ASK);

struct slot {
	uint64_t slot;
};

#define SLOT(F) F(UINT, slot, 0, SLOT_MAX)

void viz_mail_slot_write(struct viz_writer *w, uint64_t slot)
{
	struct slot s = {slot};

	VIZ_FIELDS_WRITE(w, &s, SLOT);
}

uint64_t viz_mail_slot_read(struct viz_reader *r)
{
	struct slot s = {0};

	VIZ_FIELDS_READ(r, &s, SLOT);
	return s.slot;
}

#define SIGNED(F) F(BIN, record, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)

void viz_mail_signed_write(struct viz_writer *w, const uint8_t *bytes, size_t len)
{
	struct viz_message_record s = {bytes, len};

	VIZ_FIELDS_WRITE(w, &s, SIGNED);
}

const uint8_t *viz_mail_signed_read(struct viz_reader *r, size_t *len)
{
	struct viz_message_record s = {0};

	VIZ_FIELDS_READ(r, &s, SIGNED);
	*len = s.record_len;
	return s.record;
}
