/* A location that does not fit its offer. */
#include "tests/hostile/one_node.h"

#include "crypto/crypto.h"
#include "node/audit/finding.h"
#include "node/audit/suspicion.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/due.h"
#include "node/core/event.h"
#include "node/core/secrets.h"
#include "node/inbox/inbox.h"
#include "node/node.h"
#include "node/offer/commitment.h"
#include "node/self/statement.h"
#include "node/state.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/message.h"
#include "proto/receipt.h"
#include "proto/reader.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/hostile/one_offer.h"

static const struct breach {
	const char *name;
	bool good;
	/* what the location says */
	uint32_t municipality;
	int32_t lat_udeg;
	uint32_t precision_m;
	bool no_point, broken, no_cell;
	/* what is wrong with the rest */
	bool other_commit, other_receipt, not_named, withdrawn, expired, other_slot, later,
	    too_long, one_more, other_name;
} breaches[] = {
    {"good", .good = true, .municipality = 3201209, .lat_udeg = -20848900, .precision_m = 10},
    {"good, without cell", .good = true, .municipality = 3201209, .no_point = true,
     .no_cell = true},
    {"another municipality", .municipality = 3205309, .no_point = true, .no_cell = true},
    {"outside the cell", .municipality = 3201209, .lat_udeg = -20748912, .precision_m = 10},
    {"of a precision that leaves the cell", .municipality = 3201209, .lat_udeg = -20848900,
     .precision_m = 5000},
    {"without a point", .municipality = 3201209, .no_point = true},
    {"in no form", .broken = true},
    {"another than committed", .municipality = 3201209, .lat_udeg = -20848900,
     .other_commit = true},
    {"another receipt", .municipality = 3201209, .lat_udeg = -20848900, .other_receipt = true},
    {"a receipt of others", .municipality = 3201209, .lat_udeg = -20848900, .not_named = true},
    {"a withdrawn receipt", .municipality = 3201209, .lat_udeg = -20848900, .withdrawn = true},
    {"an expired receipt", .municipality = 3201209, .lat_udeg = -20848900, .expired = true},
    {"a receipt from the future", .municipality = 3201209, .lat_udeg = -20848900, .later = true},
    {"a receipt without an end", .municipality = 3201209, .lat_udeg = -20848900, .too_long = true},
    {"a receipt of another offer", .municipality = 3201209, .lat_udeg = -20848900,
     .other_slot = true},
    {"a receipt that names one more", .municipality = 3201209, .lat_udeg = -20848912,
     .one_more = true},
    {"a receipt of another number", .municipality = 3201209, .lat_udeg = -20848912,
     .other_name = true},
};

/* Signs a receipt for the location of the offer in `slot`. */
static void sign_receipt(struct one_node *b, struct forged *out, uint64_t slot,
			 const struct breach *x)
{
	static struct viz_receipt c;
	uint8_t body[1024];
	struct viz_writer w;

	c = (struct viz_receipt){.offer_slot = x->other_slot ? slot + 1 : slot,
				 .purpose = VIZ_PURPOSE_LOCATION,
				 .state = x->withdrawn ? VIZ_CONSENT_WITHDRAWN : VIZ_CONSENT_GIVEN,
				 .recipient_count = 1,
				 .fields = VIZ_FIELD_LOCATION,
				 .given = viz_after(b->now, x->later     ? 1
							    : x->expired ? -1
									 : 0),
				 .language = "pt-BR",
				 .withdrawal = "dpo@example.com",
				 .text_version = "1",
				 .channel = "phone"};
	c.expires = x->expired    ? b->now
		    : x->too_long ? viz_after(c.given, b->federation.undelivered_ms + 1)
				  : viz_after(c.given, VIZ_DAY_MS);
	c.erase = viz_after(c.given, VIZ_DAY_MS);
	c.recipient[0].id = x->not_named ? b->evil.author : *viz_node_author(b->node);
	if (x->one_more) {
		c.recipient_count = 2;
		c.recipient[1].id = c.recipient[0].id;
		c.recipient[0].id = (struct viz_id){{0}};
	}
	viz_writer_init(&w, body, sizeof body);
	viz_receipt_write(&w, &c);
	forge_statement(out, &b->evil, VIZ_TYPE_RECEIPT, slot, x->other_name ? 2 : 1, b->now, &w);
}

static uint8_t payload[1024];
static struct viz_writer mailed; /* the last location that was */

/* Makes an offer to us, and mails its location. */
static void mail_location(struct one_node *b, struct false_offer *o, unsigned number,
			  const struct breach *x)
{
	const struct viz_location l = {.has_point = !x->no_point,
				       .point = {x->lat_udeg, -41112900},
				       .precision_m = x->precision_m,
				       .municipality = x->municipality,
				       .service = VIZ_SERVICE_INTERNET};
	const struct viz_point point = {-20848900, -41112900};
	const struct viz_secret blinding = {{5}};
	uint8_t bytes[VIZ_LOCATION_MAX] = {0xc1};
	struct viz_writer w;
	size_t len = 1;

	viz_writer_init(&w, bytes, sizeof bytes);
	if (!x->broken) {
		viz_location_write(&w, &l);
		assert_int_equal(viz_writer_finish(&w, &len), VIZ_OK);
	}
	false_offer_to_us(b, o, number);
	o->lists.area.cell = x->no_cell ? 0 : viz_cell_from_point(point, VIZ_AREA_LEVEL);
	viz_commitment(&o->location_commit, "vizinho/location", &blinding, bytes, len);
	o->location_commit.b[0] ^= x->other_commit;
	sign_receipt(b, &b->scratch, o->slot, x);
	viz_commitment(&o->receipt_commit, "vizinho/receipt", &blinding, b->scratch.id.b, 32);
	o->receipt_commit.b[0] ^= x->other_receipt;
	false_offer_sign(b, o);
	give(b, &o->offer);
	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 5);
	viz_writer_uint(&w, o->slot);
	viz_writer_bin(&w, bytes, len);
	viz_writer_bin(&w, blinding.b, sizeof blinding.b);
	viz_writer_bin(&w, b->scratch.bytes, b->scratch.len);
	viz_writer_bin(&w, blinding.b, sizeof blinding.b);
	mailed = w;
	mail(b, 2, VIZ_MAIL_LOCATION, &w);
}

/* Of a location that does not fit commitment, receipt or area nothing is kept. The answer is
 * `no-content`, and the link stays. */
static void false_location_is_not_used(void **state)
{
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);

	for (unsigned i = 0; i < sizeof breaches / sizeof *breaches; i++) {
		const struct breach *x = &breaches[i];

		struct viz_slice kept;
		size_t acks;

		tick(b, 2000);
		acks = b->acks;
		print_message("# %s\n", x->name);
		mail_location(b, o, i, x);
		assert_int_equal(b->acks, acks + 1);
		assert_int_equal(b->closed, 0);
		assert_true(inbox_row(b, in, o->slot));
		assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
		assert_int_equal(in->answer, x->good ? VIZ_ANSWER_NO : VIZ_ANSWER_NO_CONTENT);
		assert_int_equal(in->location_len > 0, x->good);
		assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), i < 2 ? 0 : i - 1);
		assert_int_equal(in->vault != 0, x->good);
		assert_int_equal(viz_store_begin(b->store), VIZ_OK);
		assert_int_equal(viz_statement_get(&b->node->core, &kept, &b->evil.author, o->slot,
						   VIZ_TYPE_RECEIPT, &b->evil.author, 1),
				 x->good);
		viz_store_abort(b->store);
	}
	free(in);
	free(o);
}

/* While our clock is behind what we have signed we cannot answer, so the location comes again. The
 * origin's link stays until then, and nobody is told that it gave no location. */
static void a_slow_clock_loses_no_location(void **state)
{
	const struct breach *good = breaches;
	struct one_node *b = *state;
	struct false_offer *o = calloc(1, sizeof *o);
	struct viz_inbox *in = calloc(1, sizeof *in);
	size_t acks;

	while (!good->good)
		good++;
	tick(b, b->federation.heartbeat_ms); /* a NODE is signed now */
	restart(b, -50000);
	mail_location(b, o, 0, good);
	acks = b->acks;
	for (unsigned i = 0; i < 49; i++) {
		assert_int_equal(b->closed, 0);
		tick(b, 1000);
	}
	assert_int_equal(b->acks, acks);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_LISTED);
	assert_int_equal(in->vault, 0);
	tick(b, 1000);
	assert_int_equal(b->closed, 1);
	assert_string_equal(b->reason, "signs-again");
	tick(b, 1000);
	come_in(b, NULL);
	say_last(b, LINK_EVIL);
	mail(b, 2, VIZ_MAIL_LOCATION, &mailed);
	assert_int_equal(b->acks, acks + 1);
	assert_true(inbox_row(b, in, o->slot));
	assert_int_equal(in->state, VIZ_INBOX_PLEDGED);
	assert_int_equal(in->answer, VIZ_ANSWER_NO);
	assert_int_equal(findings(b, VIZ_SUSPICION_UNHEARD), 0);
	free(in);
	free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(false_location_is_not_used),
	    T(a_slow_clock_loses_no_location),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
