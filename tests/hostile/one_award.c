#include "tests/hostile/one_award.h"

#include "node/core/core.h"
#include "node/control/request.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/store.h"

void proposed(struct one_node *b, struct false_offer *o, struct viz_inbox *in)
{
	false_offer_to_us(b, o, 0);
	false_offer_sign(b, o);
	give(b, &o->offer);
	answer_yes(b, o, in);
	false_offer_sign_close(b, o, true);
	give(b, &o->close);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_REVEALED);
	false_offer_sign_result(b, o, &(struct viz_result_entry){.revealed = true});
}

void sign_choice(struct one_node *b, struct false_offer *o, unsigned k,
		 const struct viz_secret *opens, const uint8_t opening[32])
{
	bool first = o->choice_at[k].log == 0;
	struct viz_choice c = {.offer = o->offer.id, .what = VIZ_CHOICE_NONE};
	uint64_t slot = viz_record_slot_choice(o->slot, k);
	uint8_t body[256];
	struct viz_writer w;

	if (first)
		o->choice_at[k] = forge_at(&b->evil, o->number);
	c.at = o->choice_at[k];
	c.has_opening = opening != NULL;
	if (opening)
		memcpy(c.opening, opening, sizeof c.opening);
	if (opens) {
		c.what = VIZ_CHOICE_AWARD;
		viz_commitment_choice(&c.commitment, opens, &o->offer.id, k,
				      viz_node_author(b->node));
	}
	viz_writer_init(&w, body, sizeof body);
	viz_choice_write(&w, &c);
	if (first)
		forge_logged(&b->scratch, &b->evil, VIZ_TYPE_CHOICE, slot, b->now, &w);
	else
		forge_record(&b->scratch, &b->evil, VIZ_TYPE_CHOICE, slot, b->now, &w);
}

struct name_of_receipt name_of_receipt;

static void sign_second_receipt(struct one_node *b, const struct false_offer *o, unsigned k,
				struct forged *out)
{
	const struct name_of_receipt *x = &name_of_receipt;
	static struct viz_receipt c;
	uint8_t body[4096];
	struct viz_writer w;

	c = (struct viz_receipt){.offer_slot = o->slot,
				 .purpose = VIZ_PURPOSE_CONTACT,
				 .state = VIZ_CONSENT_GIVEN,
				 .recipient_count = 1,
				 .language = "pt-BR",
				 .text_version = "x",
				 .channel = "phone",
				 .withdrawal = "dpo@example.com",
				 .fields = VIZ_FIELD_NAME | VIZ_FIELD_PHONE | VIZ_FIELD_ADDRESS,
				 .given = b->now,
				 .expires = viz_after(b->now, 5 * VIZ_DAY_MS),
				 .erase = viz_after(b->now, 5 * VIZ_DAY_MS)};
	c.recipient[0].id = *viz_node_author(b->node);
	viz_writer_init(&w, body, sizeof body);
	viz_receipt_write(&w, &c);
	forge_statement(out, &b->evil, VIZ_TYPE_RECEIPT, x->slot ? x->slot : o->slot,
			x->seq ? x->seq : 1 + k, b->now, &w);
}

static uint8_t held_body[VIZ_BODY_MAX];
static size_t held_len;
bool hold_hand_off;

void hand_off(struct one_node *b, struct false_offer *o, const struct viz_inbox *in, unsigned k,
	      const struct viz_secret *made, const struct viz_secret *opens)
{
	const struct viz_contact contact = {.name = "N", .phone = "+5527999990000", .address = "R"};
	struct forged *choice = calloc(3, sizeof *choice), *receipt = choice + 1,
		      *award = choice + 2;
	struct viz_award a = {.offer = o->offer.id,
			      .n = k,
			      .recipient = *viz_node_author(b->node),
			      .pledge = in->pledge,
			      .blinding = *opens,
			      .latest = viz_after(b->now, 5 * VIZ_DAY_MS)};
	static uint8_t payload[16384];
	uint8_t body[512], plain[512];
	struct viz_mail_handoff m = {.contact = plain};
	struct viz_writer w;

	sign_choice(b, o, k, made, NULL);
	*choice = b->scratch;
	sign_second_receipt(b, o, k, receipt);
	a.choice = choice->id;
	a.receipt = receipt->id;
	viz_writer_init(&w, body, sizeof body);
	viz_award_write(&w, &a);
	forge_statement(award, &b->evil, VIZ_TYPE_AWARD, o->slot, k, b->now, &w);
	viz_writer_init(&w, plain, sizeof plain);
	viz_contact_write(&w, &contact);
	m.contact_len = w.len;
	m.choice = choice->bytes;
	m.choice_len = choice->len;
	m.award = award->bytes;
	m.award_len = award->len;
	m.receipt = receipt->bytes;
	m.receipt_len = receipt->len;
	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_handoff_write(&w, &m);
	if (hold_hand_off) {
		struct viz_writer h;

		viz_writer_init(&h, held_body, sizeof held_body);
		viz_writer_array(&h, 4);
		viz_writer_uint(&h, VIZ_MESSAGE_MAIL);
		viz_writer_uint(&h, 30 + k);
		viz_writer_uint(&h, VIZ_MAIL_HANDOFF);
		viz_writer_raw(&h, payload, w.len);
		held_len = h.len;
		free(choice);
		return;
	}
	mail(b, 30 + k, VIZ_MAIL_HANDOFF, &w);
	assert_int_equal(b->closed, 0);
	free(choice);
}

struct viz_event held_hand_off(void)
{
	return (struct viz_event){
	    .kind = VIZ_EVENT_MESSAGE, .link = LINK_EVIL, .bytes = held_body, .len = held_len};
}

bool shows_contact(struct one_node *b, const struct viz_inbox *in)
{
	char hex[9], slot[VIZ_SLOT_TEXT_MAX], json[200];

	viz_hex(hex, in->origin.b, 4);
	viz_request_slot_text(slot, in->slot);
	snprintf(json, sizeof json, "{\"op\":\"inbox.show\",\"args\":{\"lead\":\"%s-%s\"}}", hex,
		 slot);
	return strstr(request(b, json), "\"contact\"") != NULL;
}
