#include "tests/unit/proto/codec.h"

#include "proto/federation.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/receipt.h"
#include "proto/geo/region.h"
#include "proto/statement.h"
#include "proto/trust.h"

/* Makes one function of the reader and the writer of a struct. */
#define PAIR(fn, type)                                                                             \
	static int fn##_again(struct viz_reader *r, struct viz_writer *w)                          \
	{                                                                                          \
		type *b = calloc(1, sizeof *b);                                                    \
		int err;                                                                           \
                                                                                                   \
		VIZ_REQUIRE(b);                                                                    \
		viz_##fn##_read(r, b);                                                             \
		err = viz_reader_finish(r);                                                        \
		if (err == VIZ_OK)                                                                 \
			viz_##fn##_write(w, b);                                                    \
		free(b);                                                                           \
		return err;                                                                        \
	}

PAIR(node_body, struct viz_node_body)
PAIR(succession, struct viz_succession)
PAIR(vouch, struct viz_vouch)
PAIR(partners, struct viz_partners)
PAIR(coverage, struct viz_coverage)
PAIR(offer, struct viz_offer)
PAIR(pledge, struct viz_pledge)
PAIR(close, struct viz_close)
PAIR(result, struct viz_result)
PAIR(receipt, struct viz_receipt)
PAIR(coverage_ack, struct viz_coverage_ack)
PAIR(offer_ack, struct viz_offer_ack)
PAIR(reveal, struct viz_reveal)
PAIR(award, struct viz_award)
PAIR(award_note, struct viz_award_note)
PAIR(lease, struct viz_lease)
PAIR(outcome, struct viz_outcome)
PAIR(withdrawal, struct viz_withdrawal)
PAIR(erased, struct viz_erased)
PAIR(area, struct viz_area)
PAIR(offer_secret, struct viz_offer_secret)
PAIR(pledge_secret, struct viz_pledge_secret)
PAIR(proposal, struct viz_proposal)
PAIR(location, struct viz_location)
PAIR(contact, struct viz_contact)
PAIR(federation, struct viz_federation)

static int revocation_again(struct viz_reader *r, struct viz_writer *w)
{
	viz_reader_tuple(r, 0);
	viz_writer_array(w, 0);
	return viz_reader_finish(r);
}

static int hello_again(struct viz_reader *r, struct viz_writer *w)
{
	struct viz_hello *h = calloc(1, sizeof *h);
	int err;

	VIZ_REQUIRE(h);
	err = viz_hello_read(h, r->at, (size_t)(r->end - r->at));
	if (err == VIZ_OK)
		viz_hello_write(w, h);
	free(h);
	return err;
}

static void copy_uint(struct viz_reader *r, struct viz_writer *w, uint64_t max)
{
	viz_writer_uint(w, viz_reader_uint(r, max));
}

static void copy_time(struct viz_reader *r, struct viz_writer *w)
{
	viz_writer_time(w, viz_reader_time(r));
}

static void copy_id(struct viz_reader *r, struct viz_writer *w)
{
	struct viz_id id = viz_reader_id(r);

	viz_writer_id(w, &id);
}

static void copy_bin(struct viz_reader *r, struct viz_writer *w, size_t min, size_t max)
{
	size_t len = 0;
	const uint8_t *p = viz_reader_bin(r, &len, min, max);

	if (p)
		viz_writer_bin(w, p, len);
}

static void copy_record(struct viz_reader *r, struct viz_writer *w)
{
	copy_bin(r, w, 65, VIZ_SIGNED_RECORD_MAX);
}

#define AGAIN(X)                                                                                   \
	do {                                                                                       \
		struct viz_mail_##X m;                                                             \
                                                                                                   \
		viz_mail_##X##_read(r, &m);                                                        \
		if (r->err == VIZ_OK)                                                              \
			viz_mail_##X##_write(w, &m);                                               \
	} while (0)

static void mail_payload(struct viz_reader *r, struct viz_writer *w, enum viz_mail_kind kind)
{
	const uint8_t *bytes;
	size_t len = 0;

	switch (kind) {
	case VIZ_MAIL_STATEMENT:
		bytes = viz_mail_signed_read(r, &len);
		if (bytes)
			viz_mail_signed_write(w, bytes, len);
		break;
	case VIZ_MAIL_CIRCLE_KEY:
		AGAIN(circle_key);
		break;
	case VIZ_MAIL_OFFER_KEY:
		AGAIN(offer_key);
		break;
	case VIZ_MAIL_VIEW:
		AGAIN(view);
		break;
	case VIZ_MAIL_VIEW_ITEMS_ASK:
		AGAIN(view_items_ask);
		break;
	case VIZ_MAIL_VIEW_ITEMS:
		AGAIN(view_items);
		break;
	case VIZ_MAIL_EVIDENCE_ASK:
		AGAIN(evidence_ask);
		break;
	case VIZ_MAIL_EVIDENCE:
		AGAIN(evidence);
		break;
	case VIZ_MAIL_LOCATION:
		AGAIN(location);
		break;
	case VIZ_MAIL_HANDOFF:
		AGAIN(handoff);
		break;
	case VIZ_MAIL_LEASE_ASK:
		AGAIN(lease_ask);
		break;
	case VIZ_MAIL_OFFER_KEY_ASK:
	case VIZ_MAIL_VIEW_ASK:
	case VIZ_MAIL_LOCATION_ASK:
	case VIZ_MAIL_LOCATION_REFUSED:
		viz_mail_slot_write(w, viz_mail_slot_read(r));
		break;
	}
}

static void mail(struct viz_reader *r, struct viz_writer *w)
{
	uint64_t kind;

	copy_uint(r, w, INT64_MAX);
	kind = viz_reader_uint(r, VIZ_MAIL_KIND_MAX);
	if (kind == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
	viz_writer_uint(w, kind);
	if (r->err == VIZ_OK)
		mail_payload(r, w, (enum viz_mail_kind)kind);
}

static int compare(const struct viz_item *a, const struct viz_item *b)
{
	uint8_t x[VIZ_PLACE_LEN], y[VIZ_PLACE_LEN];

	viz_record_place_key(x, &a->author, a->type, a->slot);
	viz_record_place_key(y, &b->author, b->type, b->slot);
	return memcmp(x, y, sizeof x);
}

static void items(struct viz_reader *r, struct viz_writer *w)
{
	struct viz_item before = {.slot = 0}, item;
	size_t n;

	copy_time(r, w);
	viz_writer_bool(w, viz_reader_bool(r));
	n = viz_reader_array(r, 0, VIZ_ITEMS_PER_MESSAGE);
	viz_writer_array(w, n);
	for (size_t i = 0; i < n; i++) {
		viz_item_read(r, &item);
		if (r->err == VIZ_OK && i > 0 && compare(&before, &item) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
		viz_item_write(w, &item);
		before = item;
	}
}

static void place(struct viz_reader *r, struct viz_writer *w)
{
	struct viz_item item;

	viz_message_place_read(r, &item);
	viz_message_place_write(w, &item);
}

static int message_again(struct viz_reader *r, struct viz_writer *w)
{
	size_t n = viz_reader_array(r, 2, 5);
	uint64_t kind = viz_reader_uint(r, UINT8_MAX);

	if (r->err == VIZ_OK && n != viz_message_elements((unsigned)kind))
		viz_reader_fail(r, VIZ_ERR_FORM);
	if (r->err != VIZ_OK)
		return r->err;
	viz_writer_array(w, n);
	viz_writer_uint(w, kind);
	switch ((enum viz_message_kind)kind) {
	case VIZ_MESSAGE_RECORD:
		copy_record(r, w);
		break;
	case VIZ_MESSAGE_DIGEST:
		copy_time(r, w);
		copy_uint(r, w, UINT32_MAX);
		copy_id(r, w);
		break;
	case VIZ_MESSAGE_ITEMS:
		items(r, w);
		break;
	case VIZ_MESSAGE_WANT:
		n = viz_reader_array(r, 1, VIZ_WANT_PER_MESSAGE);
		viz_writer_array(w, n);
		for (size_t i = 0; i < n; i++)
			place(r, w);
		break;
	case VIZ_MESSAGE_MAIL:
		mail(r, w);
		break;
	case VIZ_MESSAGE_MAIL_ACK:
		copy_uint(r, w, INT64_MAX);
		break;
	case VIZ_MESSAGE_MORE:
		copy_time(r, w);
		place(r, w);
		break;
	}
	return viz_reader_finish(r);
}

static const struct codec {
	const char *name;
	int (*again)(struct viz_reader *r, struct viz_writer *w);
} codecs[] = {
    {"NODE", node_body_again},
    {"SUCCESSION", succession_again},
    {"REVOCATION", revocation_again},
    {"VOUCH", vouch_again},
    {"PARTNERS", partners_again},
    {"COVERAGE", coverage_again},
    {"OFFER", offer_again},
    {"PLEDGE", pledge_again},
    {"CLOSE", close_again},
    {"RESULT", result_again},
    {"RECEIPT", receipt_again},
    {"COVERAGE_ACK", coverage_ack_again},
    {"PLEDGE_ACK", offer_ack_again},
    {"REVEAL", reveal_again},
    {"REVEAL_ACK", offer_ack_again},
    {"AWARD", award_again},
    {"HANDOFF_ACK", award_note_again},
    {"LEASE", lease_again},
    {"CONTACTED", award_note_again},
    {"OUTCOME", outcome_again},
    {"RELEASE", award_note_again},
    {"WITHDRAWAL", withdrawal_again},
    {"ERASED", erased_again},
    {"area", area_again},
    {"offer-secret", offer_secret_again},
    {"pledge-secret", pledge_secret_again},
    {"proposal", proposal_again},
    {"location", location_again},
    {"contact", contact_again},
    {"federation", federation_again},
    {"hello", hello_again},
    {"message", message_again},
};

int viz_codec_again(uint8_t *out, size_t *out_len, size_t max, const char *name, const uint8_t *in,
		    size_t len)
{
	for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++) {
		struct viz_reader r;
		struct viz_writer w;
		int err;

		if (strcmp(codecs[i].name, name) != 0)
			continue;
		viz_reader_init(&r, in, len);
		viz_writer_init(&w, out, max);
		err = codecs[i].again(&r, &w);
		if (err != VIZ_OK)
			return err;
		return viz_writer_finish(&w, out_len) == VIZ_OK ? VIZ_OK : VIZ_ERR_STATE;
	}
	return VIZ_ERR_ABSENT;
}
