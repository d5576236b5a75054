#include "tests/unit/proto/codec.h"

#include "proto/federation.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/proof.h"
#include "proto/protest.h"
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
PAIR(choice, struct viz_choice)
PAIR(protest, struct viz_protest)
PAIR(receipt, struct viz_receipt)
PAIR(coverage_ack, struct viz_coverage_ack)
PAIR(offer_ack, struct viz_offer_ack)
PAIR(reveal, struct viz_reveal)
PAIR(award, struct viz_award)
PAIR(handoff_ack, struct viz_handoff_ack)
PAIR(lease, struct viz_lease)
PAIR(contacted, struct viz_contacted)
PAIR(release, struct viz_release)
PAIR(outcome, struct viz_outcome)
PAIR(withdrawal, struct viz_withdrawal)
PAIR(erased, struct viz_erased)
PAIR(proof, struct viz_proof)
PAIR(area, struct viz_area)
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

/* Reads and writes a struct viz_X. */
#define AGAIN(X)                                                                                   \
	do {                                                                                       \
		struct viz_##X *m = calloc(1, sizeof *m);                                          \
                                                                                                   \
		VIZ_REQUIRE(m);                                                                    \
		viz_##X##_read(r, m);                                                              \
		if (r->err == VIZ_OK)                                                              \
			viz_##X##_write(w, m);                                                     \
		free(m);                                                                           \
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
	case VIZ_MAIL_VIEW:
		AGAIN(mail_view);
		break;
	case VIZ_MAIL_VIEW_ITEMS_ASK:
		AGAIN(mail_view_items_ask);
		break;
	case VIZ_MAIL_VIEW_ITEMS:
		AGAIN(mail_view_items);
		break;
	case VIZ_MAIL_EVIDENCE_ASK:
		AGAIN(mail_evidence_ask);
		break;
	case VIZ_MAIL_EVIDENCE:
		AGAIN(mail_evidence);
		break;
	case VIZ_MAIL_LOCATION:
		AGAIN(mail_location);
		break;
	case VIZ_MAIL_HANDOFF:
		AGAIN(mail_handoff);
		break;
	case VIZ_MAIL_PLEDGE:
		AGAIN(mail_pledge);
		break;
	case VIZ_MAIL_LEASE_ASK:
		AGAIN(mail_lease_ask);
		break;
	case VIZ_MAIL_STATE:
		AGAIN(mail_state);
		break;
	case VIZ_MAIL_VIEW_ASK:
	case VIZ_MAIL_LOCATION_ASK:
	case VIZ_MAIL_LOCATION_REFUSED:
		viz_mail_slot_write(w, viz_mail_slot_read(r));
		break;
	}
}

static void mail(struct viz_reader *r, struct viz_writer *w)
{
	struct viz_message_mail m;

	viz_message_mail_read(r, &m);
	if (m.kind == 0 || m.kind > VIZ_MAIL_KIND_MAX)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
	if (r->err != VIZ_OK)
		return;
	viz_message_mail_write(w, &m);
	mail_payload(r, w, (enum viz_mail_kind)m.kind);
}

static int message_again(struct viz_reader *r, struct viz_writer *w)
{
	struct viz_reader head = *r;
	unsigned kind = viz_message_kind_read(&head);

	if (head.err != VIZ_OK)
		return head.err;
	switch ((enum viz_message_kind)kind) {
	case VIZ_MESSAGE_RECORD:
		AGAIN(message_record);
		break;
	case VIZ_MESSAGE_WANT:
		AGAIN(message_want);
		break;
	case VIZ_MESSAGE_ANNOUNCE:
		AGAIN(message_announce);
		break;
	case VIZ_MESSAGE_MAIL:
		mail(r, w);
		break;
	case VIZ_MESSAGE_MAIL_ACK:
		AGAIN(message_mail_ack);
		break;
	case VIZ_MESSAGE_HEAD:
		AGAIN(message_head);
		break;
	case VIZ_MESSAGE_LOG_ASK:
		AGAIN(message_log_ask);
		break;
	case VIZ_MESSAGE_LOG:
		AGAIN(message_log);
		break;
	case VIZ_MESSAGE_LOG_WANT:
		AGAIN(message_log_want);
		break;
	case VIZ_MESSAGE_TREE:
		AGAIN(message_tree);
		break;
	case VIZ_MESSAGE_BUCKETS:
		AGAIN(message_buckets);
		break;
	case VIZ_MESSAGE_BUCKET:
		AGAIN(message_bucket);
		break;
	case VIZ_MESSAGE_AUTHOR:
		AGAIN(message_author);
		break;
	case VIZ_MESSAGE_OFFER_ASK:
		AGAIN(message_offer_ask);
		break;
	case VIZ_MESSAGE_TOKEN:
		AGAIN(message_token);
		break;
	case VIZ_MESSAGE_TOKEN_END:
		AGAIN(message_token_end);
		break;
	case VIZ_MESSAGE_CLOCK:
		AGAIN(message_clock);
		break;
	case VIZ_MESSAGE_MEMBER:
		AGAIN(message_member);
		break;
	case VIZ_MESSAGE_CLONE:
		viz_message_clone_read(r);
		viz_message_clone_write(w);
		break;
	case VIZ_MESSAGE_LAST:
		AGAIN(message_last);
		break;
	case VIZ_MESSAGE_PROTESTS:
		AGAIN(message_protests);
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
    {"CHOICE", choice_again},
    {"PROTEST", protest_again},
    {"RECEIPT", receipt_again},
    {"COVERAGE_ACK", coverage_ack_again},
    {"PLEDGE_ACK", offer_ack_again},
    {"REVEAL", reveal_again},
    {"REVEAL_ACK", offer_ack_again},
    {"AWARD", award_again},
    {"HANDOFF_ACK", handoff_ack_again},
    {"LEASE", lease_again},
    {"CONTACTED", contacted_again},
    {"OUTCOME", outcome_again},
    {"RELEASE", release_again},
    {"WITHDRAWAL", withdrawal_again},
    {"ERASED", erased_again},
    {"PROOF", proof_again},
    {"area", area_again},
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
