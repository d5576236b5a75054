#include "proto/offer.h"

#include "proto/fields.h"

#define OFFER(F)                                                                                   \
	F(TIME, closes)                                                                            \
	F(UINT, epoch, 0, INT64_MAX)                                                               \
	F(ID, key_hash)                                                                            \
	F(ID, order_commit)                                                                        \
	F(ID, location_commit)                                                                     \
	F(ID, receipt_commit)                                                                      \
	F(ID, view)                                                                                \
	F(ID, partners)                                                                            \
	F(BIN, sealed, VIZ_OFFER_PAD + 40, VIZ_OFFER_SEALED_MAX)
VIZ_FIELDS_WRITER(offer, OFFER);

void viz_offer_read(struct viz_reader *r, struct viz_offer *o)
{
	VIZ_FIELDS_READ(r, o, OFFER);
	if (r->err == VIZ_OK && (o->sealed_len - 40) % VIZ_OFFER_PAD != 0)
		viz_reader_fail(r, VIZ_ERR_FORM);
}

#define EXCLUDED(F)                                                                                \
	F(ID, id)                                                                                  \
	F(UINT, reason, 1, VIZ_EXCLUDED_SILENT)
static VIZ_FIELDS_WRITER(excluded, EXCLUDED);
static VIZ_FIELDS_READER(excluded, EXCLUDED);

#define OFFER_SECRET(F)                                                                            \
	F(STRUCT, area, area)                                                                      \
	F(IDS, eligible, eligible_count)                                                           \
	F(SORTED, excluded, excluded_count, 0, excluded, id)                                       \
	F(UINT, previous, 0, UINT64_MAX >> 16)
VIZ_FIELDS(offer_secret, OFFER_SECRET);

#define PLEDGE(F)                                                                                  \
	F(ID, origin)                                                                              \
	F(UINT, offer_slot, 0, UINT64_MAX >> 16)                                                   \
	F(ID, offer)                                                                               \
	F(BIN, sealed, VIZ_PLEDGE_SEALED, VIZ_PLEDGE_SEALED)
VIZ_FIELDS(pledge, PLEDGE);

static bool answer_promises(enum viz_answer a)
{
	return a == VIZ_ANSWER_YES || a == VIZ_ANSWER_ANALYSIS;
}

#define PLEDGE_SECRET(F)                                                                           \
	F(UINT, answer, 0, VIZ_ANSWER_NO_CONTENT)                                                  \
	F(UINT, reason, 0, VIZ_NO_POLICY)                                                          \
	F(ID, commitment)
VIZ_FIELDS_WRITER(pledge_secret, PLEDGE_SECRET);

void viz_pledge_secret_read(struct viz_reader *r, struct viz_pledge_secret *s)
{
	VIZ_FIELDS_READ(r, s, PLEDGE_SECRET);
	if (s->answer == 0 || (s->answer == VIZ_ANSWER_NO) != (s->reason != 0) ||
	    answer_promises(s->answer) == viz_id_is_zero(&s->commitment))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define CLOSE(F)                                                                                   \
	F(ID, offer)                                                                               \
	F(IDS, pledge, count)
VIZ_FIELDS(close, CLOSE);

#define HIDDEN(F) F(ID, pledge)

#define REVEALED(F)                                                                                \
	F(ID, pledge)                                                                              \
	F(ID, nonce)                                                                               \
	F(ID, blinded)

static void viz_reveal_entry_write(struct viz_writer *w, const struct viz_reveal_entry *e)
{
	if (e->revealed)
		VIZ_FIELDS_WRITE(w, e, REVEALED);
	else
		VIZ_FIELDS_WRITE(w, e, HIDDEN);
}

static void viz_reveal_entry_read(struct viz_reader *r, struct viz_reveal_entry *e)
{
	struct viz_reader head = *r;

	*e = (struct viz_reveal_entry){.revealed = viz_reader_array(&head, 1, 3) > 1};
	if (head.err != VIZ_OK)
		viz_reader_fail(r, head.err);
	if (e->revealed)
		VIZ_FIELDS_READ(r, e, REVEALED);
	else
		VIZ_FIELDS_READ(r, e, HIDDEN);
}

#define RESULT(F)                                                                                  \
	F(ID, offer)                                                                               \
	F(ID, close)                                                                               \
	F(KEY, salt)                                                                               \
	F(SORTED, entry, count, 0, reveal_entry, pledge)                                           \
	F(LIST, order, order_count, 0, id)                                                         \
	F(UINT, outcome, 0, VIZ_RESULT_WITHDRAWN)                                                  \
	F(ID, choice)
VIZ_FIELDS_WRITER(result, RESULT);

void viz_result_read(struct viz_reader *r, struct viz_result *res)
{
	memset(res, 0, sizeof *res);
	VIZ_FIELDS_READ(r, res, RESULT);
	if (res->outcome == 0 ||
	    (res->outcome == VIZ_RESULT_CHOSEN) == viz_id_is_zero(&res->choice))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_offer_pad(uint8_t *buffer, size_t len, size_t size)
{
	VIZ_REQUIRE(len <= UINT16_MAX && len + 2 <= size);
	viz_be_put_u16(buffer, (uint16_t)len);
	memset(buffer + 2 + len, 0, size - 2 - len);
}

int viz_offer_unpad(size_t *len, const uint8_t *buffer, size_t size)
{
	size_t n;

	if (size < 2)
		return VIZ_ERR_FORM;
	n = viz_be_get_u16(buffer);
	if (n + 2 > size)
		return VIZ_ERR_FORM;
	for (size_t i = n + 2; i < size; i++)
		if (buffer[i] != 0)
			return VIZ_ERR_FORM;
	*len = n;
	return VIZ_OK;
}
