#include "proto/mail.h"

#include "proto/fields.h"
#include "proto/record.h"

#define SLOT_MAX (UINT64_MAX >> 16)

#define VIEW_MAX (VIZ_PARTNERS_MAX * sizeof(struct viz_id))

#define VIEW(F)                                                                                    \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(BIN_OR_NIL, hashes, 0, VIEW_MAX)
VIZ_FIELDS_WRITER(mail_view, VIEW);

void viz_mail_view_read(struct viz_reader *r, struct viz_mail_view *m)
{
	memset(m, 0, sizeof *m);
	VIZ_FIELDS_READ(r, m, VIEW);
	if (m->hashes_len % sizeof(struct viz_id) != 0)
		viz_reader_fail(r, VIZ_ERR_FORM);
}

#define VIEW_ITEM(F)                                                                               \
	F(UINT, type, VIZ_TYPE_SUCCESSION, VIZ_TYPE_COVERAGE)                                      \
	F(UINT, slot, 0, UINT64_MAX)                                                               \
	F(UINT, seq, 0, UINT64_MAX)                                                                \
	F(MAYBE, has_id, id, id)
static VIZ_FIELDS_WRITER(view_item, VIEW_ITEM);
static VIZ_FIELDS_READER(view_item, VIEW_ITEM);

void viz_view_items_write(struct viz_writer *w, const struct viz_view_items *list)
{
	VIZ_WRITE_LIST(w, list, item, count, 0, view_item)
}

void viz_view_items_read(struct viz_reader *r, struct viz_view_items *list)
{
	VIZ_READ_LIST(r, list, item, count, 0, view_item)
	for (size_t i = 0; i < list->count && r->err == VIZ_OK; i++) {
		const struct viz_view_item *x = &list->item[i];

		if (x->type == VIZ_TYPE_VOUCH ||
		    (i > 0 &&
		     (x[-1].type > x->type || (x[-1].type == x->type && x[-1].slot >= x->slot))))
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
}

#define VIEW_ITEMS_ASK(F)                                                                          \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(ID, author)
VIZ_FIELDS(mail_view_items_ask, VIEW_ITEMS_ASK);

#define VIEW_ITEMS(F)                                                                              \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(ID, author)                                                                              \
	F(MAYBE, served, list, view_items)
VIZ_FIELDS(mail_view_items, VIEW_ITEMS);

/* The slot of an offer, or nil. */
#define VIZ_WRITE_SLOT_UNLESS(w, s, named, m)                                                      \
	if ((s)->named)                                                                            \
		viz_writer_nil(w);                                                                 \
	else                                                                                       \
		viz_writer_uint(w, (s)->m);
#define VIZ_READ_SLOT_UNLESS(r, s, named, m)                                                       \
	(s)->named = viz_reader_nil(r);                                                            \
	if (!(s)->named)                                                                           \
		(s)->m = viz_reader_uint(r, SLOT_MAX);

#define EVIDENCE_ASK(F)                                                                            \
	F(SLOT_UNLESS, named, slot)                                                                \
	F(LIST, id, count, 1, id)
VIZ_FIELDS(mail_evidence_ask, EVIDENCE_ASK);

#define EVIDENCE(F)                                                                                \
	F(SLOT_UNLESS, named, slot)                                                                \
	F(ID, id)                                                                                  \
	F(BIN_OR_NIL, record, VIZ_SIGNED_RECORD_MIN, VIZ_SIGNED_RECORD_MAX)
VIZ_FIELDS(mail_evidence, EVIDENCE);

#define LOCATION(F)                                                                                \
	F(UINT, slot, 0, SLOT_MAX)                                                                 \
	F(BIN, location, 1, VIZ_LOCATION_MAX)                                                      \
	F(KEY, blinding)                                                                           \
	F(BIN, receipt, VIZ_SIGNED_RECORD_MIN, VIZ_RECEIPT_MAX + 64)                               \
	F(KEY, receipt_blinding)
VIZ_FIELDS(mail_location, LOCATION);

#define PLEDGE(F)                                                                                  \
	F(BYTES, pledge)                                                                           \
	F(UINT, reason, 0, VIZ_NO_POLICY)
VIZ_FIELDS(mail_pledge, PLEDGE);

#define HANDOFF(F)                                                                                 \
	F(BIN, choice, VIZ_SIGNED_RECORD_MIN, VIZ_CHOICE_MAX + 64)                                 \
	F(BIN, award, VIZ_SIGNED_RECORD_MIN, VIZ_AWARD_MAX + 64)                                   \
	F(BIN, receipt, VIZ_SIGNED_RECORD_MIN, VIZ_RECEIPT_MAX + 64)                               \
	F(BIN, contact, 1, VIZ_CONTACT_MAX - 40)
VIZ_FIELDS(mail_handoff, HANDOFF);

#define LEASE_ASK(F)                                                                               \
	F(ID, award)                                                                               \
	F(TIME, asked)                                                                             \
	F(ID, hash)
VIZ_FIELDS(mail_lease_ask, LEASE_ASK);

#define STATE(F)                                                                                   \
	F(ID, offer)                                                                               \
	F(UINT, k, 0, VIZ_AWARDS_MAX)                                                              \
	F(UINT, state, 0, VIZ_AWARD_ASKED)                                                         \
	F(ID, award)
VIZ_FIELDS_WRITER(mail_state, STATE);

void viz_mail_state_read(struct viz_reader *r, struct viz_mail_state *m)
{
	bool none;

	memset(m, 0, sizeof *m);
	VIZ_FIELDS_READ(r, m, STATE);
	none = m->state == VIZ_AWARD_UNKNOWN || m->state == VIZ_AWARD_ASKED;
	if (r->err == VIZ_OK && (none != (m->k == 0) || none != viz_id_is_zero(&m->award)))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

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

struct signed_statement {
	const uint8_t *record;
	size_t record_len;
};

void viz_mail_signed_write(struct viz_writer *w, const uint8_t *bytes, size_t len)
{
	struct signed_statement s = {bytes, len};

	VIZ_FIELDS_WRITE(w, &s, SIGNED);
}

const uint8_t *viz_mail_signed_read(struct viz_reader *r, size_t *len)
{
	struct signed_statement s = {0};

	VIZ_FIELDS_READ(r, &s, SIGNED);
	*len = s.record_len;
	return s.record;
}
