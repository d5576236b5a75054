#include "tests/hostile/one_pledge.h"

#include "node/offer/commitment.h"
#include "proto/base.h"
#include "proto/statement.h"

static const struct viz_secret nonce = {{3}}, blinding = {{4}};
static const uint8_t *proposal = (const uint8_t *)"\x90"; /* no plans; one byte */

void set_proposal(const uint8_t *byte)
{
	proposal = byte;
}

void sign_pledge(struct one_node *b, const struct viz_lead *lead, enum viz_answer answer)
{
	struct viz_pledge p = {.offer = lead->offer, .answer = answer};
	struct viz_id blinded;
	uint8_t body[128];
	struct viz_writer w;

	viz_commitment(&blinded, "vizinho/proposal", &blinding, proposal, 1);
	if (viz_pledge_promises(answer))
		viz_commitment_pledge(&p.commitment, &p.offer, &b->evil.author, &blinded, nonce.b);
	viz_writer_init(&w, body, sizeof body);
	viz_pledge_write(&w, &p);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_PLEDGE, lead->slot, 1, b->now, &w);
}

void mail_pledge(struct one_node *b, enum viz_no_reason reason)
{
	struct viz_mail_pledge m = {.reason = reason};
	uint8_t payload[256];
	struct viz_writer w;

	assert_int_equal(b->scratch.len, sizeof m.pledge);
	memcpy(m.pledge, b->scratch.bytes, sizeof m.pledge);
	viz_writer_init(&w, payload, sizeof payload);
	viz_mail_pledge_write(&w, &m);
	mail(b, 20, VIZ_MAIL_PLEDGE, &w);
}

void pledge(struct one_node *b, const struct viz_lead *lead, enum viz_answer answer)
{
	sign_pledge(b, lead, answer);
	mail_pledge(b, answer == VIZ_ANSWER_NO ? VIZ_NO_CAPACITY : VIZ_NO_NONE);
}

void reveal(struct one_node *b, const struct viz_lead *lead)
{
	struct viz_reveal r = {.offer = lead->offer,
			       .close = lead->close,
			       .pledge = lead->peer[0].pledge,
			       .nonce = nonce,
			       .blinding = blinding,
			       .proposal = proposal,
			       .proposal_len = 1};
	uint8_t body[512];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_reveal_write(&w, &r);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_REVEAL, lead->slot, 1, b->now, &w);
	mail_statement(b, 21, &b->scratch);
	assert_int_equal(b->closed, 0);
}
