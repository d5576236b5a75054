/* The bytes of the rows of an offer: at its origin, at a partner, and of what is said about it.
 * Like test_stored_rows.c. */
#include "tests/unit/node/stored_row.h"

#include "node/core/core.h"
#include "node/core/place.h"
#include "node/gossip/protest.h"
#include "node/inbox/inbox.h"
#include "node/inbox/protest.h"
#include "node/lead/lead.h"
#include "node/offer/view.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/meta.h"
#include "store/tables.h"
#include "tests/unit/node/bed.h"

static void fill_peer(struct viz_lead_peer *p)
{
	FILL(p->id);
	p->answered = true;
	p->answer = VIZ_ANSWER_NO;
	p->reason = VIZ_NO_POLICY;
	FILL(p->pledge);
	FILL(p->commitment);
	p->revealed = true;
	FILL(p->nonce);
	FILL(p->blinded);
	p->erased = true;
}

static void fill_lead(struct viz_lead *l)
{
	memset(l, 0, sizeof *l);
	l->slot = 77;
	l->state = VIZ_LEAD_AWARDED;
	l->created = at();
	strcpy(l->protocol, "protocol");
	l->cancelled_at = at();
	l->municipality = 3304557;
	l->area = (struct viz_area){3550308, UINT64_C(1) << 12 | UINT64_C(1) << 13};
	l->previous = 1234567;
	l->closes = at();
	l->reveal_until = at();
	l->choose_until = at();
	l->log = 98;
	l->number = 97;
	FILL(l->offer);
	FILL(l->view);
	FILL(l->view_partners);
	FILL(l->close);
	FILL(l->result);
	FILL(l->salt);
	fill_peer(&l->peer[0]);
	fill_peer(&l->peer[1]);
	l->peer[1].answered = false;
	l->peer[1].located_at = at();
	l->peer[1].award_n = 2;
	l->peer_count = 2;
	l->struck = 3;
	l->draw = 41;
	l->drawn.ms = ROW_NOW + 500;
	l->not_drawn = 9;
	l->blocked = 5;
	l->result_kind = VIZ_RESULT_ORDER;
	l->none_chosen = true;
	l->order[0] = 1;
	l->order_len = 2;
	l->handoff_at = at();
	l->vault = 8;
	fill(l->location, l->location_len = 11);
	l->location_over = at();
	l->contact_vault = 9;
	fill(l->contact, l->contact_len = 13);
	l->single = true;
	strcpy(l->language, "pt-BR");
	strcpy(l->channel, "channel");
	strcpy(l->evidence, "evidence");
	strcpy(l->agent, "agent");
	strcpy(l->text_version, "version");
	FILL(l->text_hash);
	l->given = at();
	FILL(l->contact_text_hash);
	l->award_n = 2;
	FILL(l->award);
	FILL(l->award_to);
	l->award_at = at();
	l->award_latest = at();
	l->delivered_at = at();
	l->lease_until = at();
	FILL(l->release_hash);
	fill(l->release, sizeof l->release);
	l->opened = true;
	l->contacted_at = at();
	l->has_days = true;
	l->days_offline = 6;
	l->recalled = l->revoked = true;
	l->next = 78;
}

static void lead(void **state)
{
	struct bed *b = *state;
	struct viz_lead *l = viz_core_alloc(sizeof *l);
	uint8_t key[8];

	viz_be_put_u64(key, 77);
	fill_lead(l);
	viz_lead_put(&b->node->core, l);
	check(b, "lead", VIZ_TABLE_LEAD, key, sizeof key);
	plant_vector(b, "lead", VIZ_TABLE_LEAD, key, sizeof key);
	assert_true(viz_lead_get(&b->node->core, l, 77));
	assert_string_equal(l->agent, "agent");
	viz_lead_put(&b->node->core, l);
	check(b, "lead", VIZ_TABLE_LEAD, key, sizeof key);
	l->recalled = l->single = l->opened = l->revoked = false;
	l->released = l->withdrawal_owed = true;
	viz_lead_put(&b->node->core, l);
	check(b, "lead-flags", VIZ_TABLE_LEAD, key, sizeof key);
	assert_true(viz_lead_get(&b->node->core, l, 77));
	assert_true(l->released && l->withdrawal_owed && !l->recalled && !l->single && !l->revoked);
	free(l);
}

/* A waiting lead has a second row, by which it is found. */
static void lead_waiting(void **state)
{
	struct bed *b = *state;
	struct viz_lead *l = viz_core_alloc(sizeof *l);
	uint8_t key[13] = "later";
	struct viz_slice v;

	viz_be_put_u64(key + 5, 77);
	fill_lead(l);
	l->state = VIZ_LEAD_NO_NEIGHBOUR;
	viz_lead_put(&b->node->core, l);
	check(b, "lead-waiting", VIZ_TABLE_META, key, sizeof key);
	l->vault = 0;
	viz_lead_put(&b->node->core, l);
	assert_false(viz_core_get(&b->node->core, &v, VIZ_TABLE_META, key, sizeof key));
	free(l);
}

static void inbox(void **state)
{
	struct bed *b = *state;
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_id origin;
	uint8_t key[VIZ_ID_SLOT_LEN];

	memset(in, 0, sizeof *in);
	FILL(in->origin);
	origin = in->origin;
	in->slot = 78;
	in->state = VIZ_INBOX_WITHDRAWN;
	FILL(in->offer);
	in->time = at();
	in->closes = at();
	in->came = at();
	FILL(in->view);
	in->drawn.ms = ROW_NOW + 501;
	FILL(in->partners);
	in->view_since.ms = 77;
	in->unchecked = VIZ_UNCHECKED_SHARE;
	in->view_judged = true;
	in->pledges = 17;
	in->vault = 4;
	fill(in->location, in->location_len = 11);
	in->erase = at();
	in->answer = VIZ_ANSWER_NO;
	in->reason = VIZ_NO_POLICY;
	FILL(in->pledge);
	FILL(in->nonce);
	FILL(in->blinding);
	in->pledge_acked = true;
	FILL(in->close);
	FILL(in->result);
	in->result_at = at();
	fill(in->contact, in->contact_len = 13);
	in->award_n = 2;
	in->tombstone_n = 1;
	FILL(in->award);
	in->award_latest = at();
	in->awarded_at = at();
	in->lease_asked = at();
	in->lease_until = at();
	in->lease_key = 3;
	fill(in->release, sizeof in->release);
	in->has_release = true;
	in->show_after = at();
	in->lease_answered = true;
	in->contacted_at = at();
	in->has_days = true;
	in->days_offline = 6;
	in->lost_why = VIZ_LOST_PRICE;
	in->erased_owed = VIZ_ERASED_ALL;
	viz_id_slot_key(key, &origin, 78);
	viz_inbox_put(&b->node->core, in);
	check(b, "inbox", VIZ_TABLE_INBOX, key, sizeof key);
	plant_vector(b, "inbox", VIZ_TABLE_INBOX, key, sizeof key);
	assert_true(viz_inbox_get(&b->node->core, in, &origin, 78));
	viz_inbox_put(&b->node->core, in);
	check(b, "inbox", VIZ_TABLE_INBOX, key, sizeof key);
	in->pledge_acked = in->lease_answered = in->has_release = false;
	in->reveal_acked = in->withdrawn = true;
	viz_inbox_put(&b->node->core, in);
	check(b, "inbox-withdrawn", VIZ_TABLE_INBOX, key, sizeof key);
	assert_true(viz_inbox_get(&b->node->core, in, &origin, 78));
	viz_inbox_put(&b->node->core, in);
	check(b, "inbox-withdrawn", VIZ_TABLE_INBOX, key, sizeof key);
	free(in);
}

/* The index of PROTESTs, and what is noted of an offer so that one can be said. */
static void protests(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	struct viz_protest p = {.kind = VIZ_PROTEST_HEAD, .node_time = at()};
	struct viz_record rec = {.type = VIZ_TYPE_PROTEST, .author = trust->self.author, .seq = 1};
	struct viz_inbox in = {.slot = 77};
	uint8_t body[512], bytes[1024], key[VIZ_STATEMENT_KEY_LEN];
	struct viz_writer w;
	size_t len = 0;

	FILL(p.origin);
	FILL(p.node);
	FILL(p.partners);
	viz_writer_init(&w, body, sizeof body);
	viz_protest_write(&w, &p);
	assert_int_equal(viz_writer_finish(&w, &rec.body_len), VIZ_OK);
	rec.body = body;
	rec.time = at();
	rec.slot = viz_record_slot_make(rec.time, 3);
	assert_int_equal(viz_identity_sign(bytes, &len, sizeof bytes, NULL, &rec,
					   &trust->self.signer, &b->node->core.federation_id),
			 VIZ_OK);
	assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
	viz_gossip_protest_held(&b->node->net, &rec);
	viz_id_slot_key(key, &p.origin, rec.slot);
	memcpy(key + VIZ_ID_SLOT_LEN, rec.author.b, sizeof rec.author.b);
	check(b, "protest", VIZ_TABLE_PROTEST, key, VIZ_ID_SLOT_LEN + sizeof rec.author.b);
	FILL(in.origin);
	b->node->core.started = at();
	b->node->net.links.mail_number = 5;
	viz_inbox_protest_sent(&b->node->net, &in);
	viz_place_statement_key(key, &in.origin, in.slot, VIZ_OFFER_ROW_HEARD, &trust->self.author,
				0);
	check(b, "heard", VIZ_TABLE_STATEMENT, key, sizeof key);
	plant_vector(b, "heard", VIZ_TABLE_STATEMENT, key, sizeof key);
	viz_inbox_protest_sent(&b->node->net, &in);
	check(b, "heard", VIZ_TABLE_STATEMENT, key, sizeof key);
}

static void evidence(void **state)
{
	struct bed *b = *state;
	struct viz_id id, origin;
	struct viz_slice v;
	uint8_t bytes[40];

	FILL(id);
	FILL(origin);
	fill(bytes, sizeof bytes);
	assert_true(viz_view_evidence_put(&b->node->trust, &id, &origin, bytes, sizeof bytes));
	check(b, "evidence", VIZ_TABLE_EVIDENCE, id.b, sizeof id.b);
	assert_true(viz_view_evidence_get(&b->node->core, &v, &id));
	assert_int_equal(v.len, sizeof bytes);
	assert_memory_equal(v.p, bytes, sizeof bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, row_setup, row_teardown)
	    T(lead), T(lead_waiting), T(inbox), T(protests), T(evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
