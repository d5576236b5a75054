/* The bytes of the rows in the store. Stores on disk hold such rows, so that they change only
 * together with VIZ_SCHEMA_VERSION. Each test fills a row with another value in each field and
 * writes it. Then it reads the row of tests/vectors/rows.json and writes that one. Both must
 * give the bytes of the file. test_stored_offers.c has the rows of offers. */
#include "tests/unit/node/stored_row.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/core/weight.h"
#include "node/coverage/index.h"
#include "node/coverage/plan.h"
#include "node/coverage/plant.h"
#include "node/gossip/chain.h"
#include "node/lead/customer.h"
#include "node/link/mail.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/unit/node/bed.h"

static void peer(void **state)
{
	struct bed *b = *state;
	struct viz_member *m;
	struct viz_id id;

	FILL(id);
	m = viz_member_ensure(&b->node->trust, &id);
	m->peer.present = m->peer.vouched = m->peer.blocked = true;
	strcpy(m->peer.reason, "reason");
	strcpy(m->peer.name, "name");
	strcpy(m->peer.address[0], "192.0.2.1:4000");
	strcpy(m->peer.address[1], "[2001:db8::1]:4000");
	m->peer.address_count = 2;
	m->peer.said = (struct viz_time){1790000000000};
	FILL(m->peer.transport);
	viz_peer_save(&b->node->trust, m);
	check(b, "peer-no-token", VIZ_TABLE_PEER, id.b, sizeof id.b);
	m->peer.pending = m->peer.partner = true;
	m->peer.token_len = sizeof m->peer.token;
	m->peer.vouched = m->peer.blocked = false;
	m->peer.token_dead = true;
	FILL(m->peer.token);
	viz_peer_save(&b->node->trust, m);
	check(b, "peer", VIZ_TABLE_PEER, id.b, sizeof id.b);
	for (int i = 0; i < 2; i++) {
		const char *name = i == 0 ? "peer" : "peer-no-token";

		plant_vector(b, name, VIZ_TABLE_PEER, id.b, sizeof id.b);
		memset(&m->peer, 0, sizeof m->peer);
		assert_int_equal(viz_trust_load(&b->node->trust), VIZ_OK);
		assert_true(m->peer.present && m->peer.token_len == (i == 0 ? 16 : 0));
		viz_peer_save(&b->node->trust, m);
		check(b, name, VIZ_TABLE_PEER, id.b, sizeof id.b);
	}
}

static void identity(void **state)
{
	struct bed *b = *state;
	struct viz_self *self = &b->node->trust.self, old = *self;

	check(b, "federation", VIZ_TABLE_META, "federation", 10);
	check(b, "identity", VIZ_TABLE_META, "identity", 8);
	check(b, "signed", VIZ_TABLE_META, "signed", 6);
	memset(self, 0, sizeof *self);
	assert_int_equal(viz_identity_load(&b->node->trust), VIZ_OK);
	assert_memory_equal(&self->author, &old.author, sizeof self->author);
	assert_memory_equal(&self->signer.pub, &old.signer.pub, sizeof self->signer.pub);
	assert_int_equal(self->signed_at.ms, ROW_NOW);
	assert_true(self->log != 0 && self->log == old.log);
	viz_identity_save(&b->node->trust);
	check(b, "identity", VIZ_TABLE_META, "identity", 8);
	FILL(self->next_hash);
	FILL(self->transport_old);
	self->transport_old_until = at();
	self->key_number = 3;
	self->revoked = true;
	viz_identity_save(&b->node->trust);
	check(b, "identity-rotated", VIZ_TABLE_META, "identity", 8);
	plant_vector(b, "identity-rotated", VIZ_TABLE_META, "identity", 8);
	memset(self, 0, sizeof *self);
	assert_int_equal(viz_identity_load(&b->node->trust), VIZ_OK);
	viz_identity_save(&b->node->trust);
	check(b, "identity-rotated", VIZ_TABLE_META, "identity", 8);
}

static void invite(void **state)
{
	struct bed *b = *state;
	struct viz_invite v = {.asn = 65000, .address_count = 2}, read;
	char text[VIZ_INVITE_TEXT_MAX], again[VIZ_INVITE_TEXT_MAX];
	const char *want = viz_vectors_text(row_vectors(), "invite");
	struct viz_slice key, value;
	struct viz_walk walk;

	FILL(v.federation);
	FILL(v.author);
	FILL(v.transport);
	FILL(v.token);
	v.expires = at();
	strcpy(v.name, "Vizinha");
	strcpy(v.address[0], "192.0.2.1:4000");
	strcpy(v.address[1], "192.0.2.2:4000");
	viz_invite_text(text, &v);
	assert_string_equal(text, viz_vectors_text(row_vectors(), "invite-no-cnpj"));
	strcpy(v.cnpj, "11222333000181");
	viz_invite_text(text, &v);
	assert_string_equal(text, want);
	assert_int_equal(viz_invite_parse(&read, want), VIZ_OK);
	viz_invite_text(again, &read);
	assert_string_equal(again, want);
	assert_int_equal(viz_invite_parse(&read, viz_vectors_text(row_vectors(), "invite-no-cnpj")),
			 VIZ_OK);
	assert_string_equal(read.cnpj, "");
	assert_int_equal(viz_invite_make(&b->node->trust, text, &read, "Vizinha"), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_INVITE, NULL, 0);
	assert_true(viz_walk_next(&walk, &key, &value));
	check(b, "invite-row", VIZ_TABLE_INVITE, key.p, key.len);
}

static void plant(void **state)
{
	struct bed *b = *state;
	struct viz_cep_range cep[2] = {{20000000, 20000099}, {20100000, 20100999}};
	uint32_t municipality[2] = {3304557, 3550308};
	struct viz_plant p = {.name = "fibra",
			      .technology = VIZ_TECH_FIBER,
			      .down_mbps = 500,
			      .cep = cep,
			      .cep_count = 2,
			      .municipality = municipality,
			      .municipality_count = 2};
	struct viz_slice key = {(const uint8_t *)"fibra", 5}, value;
	uint8_t *bytes;
	size_t len;

	assert_int_equal(viz_plant_import(&b->node->net, &p), VIZ_OK);
	check(b, "plant", VIZ_TABLE_PLANT, key.p, key.len);
	/* the import has checked the geometry; a row with one is read as it is */
	bytes = viz_vectors_hex(&len, row_vectors(), "plant-geometry");
	value = (struct viz_slice){bytes, len};
	assert_int_equal(viz_plant_read(&p, &key, &value), VIZ_OK);
	assert_int_equal(p.technology, VIZ_TECH_FIBER);
	assert_int_equal(p.down_mbps, 500);
	assert_int_equal(p.cep_count, 2);
	assert_memory_equal(p.cep, cep, sizeof cep);
	assert_int_equal(p.municipality_count, 2);
	assert_memory_equal(p.municipality, municipality, sizeof municipality);
	assert_int_equal(p.geometry_len, 3);
	assert_int_equal(p.geometry[0], 1);
	assert_int_equal(p.region_len, 4);
	assert_int_equal(p.region[0], 7);
	viz_plant_free(&p);
	free(bytes);
}

static void plan(void **state)
{
	struct bed *b = *state;
	struct viz_plan p;

	memset(&p, 0, sizeof p);
	strcpy(p.name, "plano");
	p.down_mbps = 500;
	p.up_mbps = 250;
	p.price_cents = 9990;
	assert_int_equal(viz_plan_put(&b->node->core, &p), VIZ_OK);
	check(b, "plan", VIZ_TABLE_PLAN, "plano", 5);
}

static void journal(void **state)
{
	struct bed *b = *state;
	struct viz_journal_access access;
	struct viz_journal_entry entry;
	struct viz_slice row;
	uint8_t key[8];
	struct viz_id id, hash, next;

	FILL(id);
	viz_be_put_u64(key, 1);
	viz_journal_add(&b->node->core, VIZ_NOTICE_AWARD, &id, &id, 79);
	check(b, "journal", VIZ_TABLE_JOURNAL, key, sizeof key);
	viz_journal_accessed(&b->node->core, "who", "what", &id, 79);
	check(b, "access", VIZ_TABLE_ACCESS, key, sizeof key);
	assert_true(viz_core_get(&b->node->core, &row, VIZ_TABLE_ACCESS, key, sizeof key));
	assert_int_equal(VIZ_PARSE(journal_access, &access, row.p, row.len), VIZ_OK);
	assert_string_equal(access.who, "who");
	assert_string_equal(access.what, "what");
	assert_memory_equal(&access.origin, &id, sizeof id);
	assert_int_equal(access.slot, 79);
	assert_true(viz_core_get(&b->node->core, &row, VIZ_TABLE_JOURNAL, key, sizeof key));
	assert_int_equal(VIZ_PARSE(journal_entry, &entry, row.p, row.len), VIZ_OK);
	assert_string_equal(entry.event, "award");
	assert_memory_equal(&entry.about, &id, sizeof id);
	assert_memory_equal(&entry.peer, &id, sizeof id);
	assert_int_equal(entry.slot, 79);
	assert_int_equal(viz_journal_get(&b->node->core, &entry, &hash, 1), VIZ_OK);
	assert_string_equal(entry.event, "award");
	assert_int_equal(viz_journal_get(&b->node->core, &entry, &hash, 2), VIZ_ERR_ABSENT);
	viz_be_put_u64(key, 2);
	viz_journal_add(&b->node->core, VIZ_NOTICE_ERASED, &id, NULL, 0);
	check(b, "journal-second", VIZ_TABLE_JOURNAL, key, sizeof key);
	assert_int_equal(viz_journal_get(&b->node->core, &entry, &next, 2), VIZ_OK);
	assert_memory_equal(&entry.previous, &hash, sizeof hash);
}

/* Makes what the rows of records hold. The bytes need not be a valid record. */
static void make_record(struct viz_record *rec, uint8_t bytes[100])
{
	memset(rec, 0, sizeof *rec);
	fill(bytes, 100);
	rec->bytes = bytes + sizeof rec->sig.b;
	rec->len = 100 - sizeof rec->sig.b;
	rec->type = VIZ_TYPE_COVERAGE;
	rec->slot = 5;
	rec->seq = 6;
	FILL(rec->author);
}

static void place(void **state)
{
	struct bed *b = *state;
	uint8_t key[VIZ_PLACE_LEN], bytes[100];
	struct viz_record rec;
	struct viz_held held;
	struct viz_id id;

	make_record(&rec, bytes);
	FILL(id);
	viz_record_place_key(key, &rec.author, rec.type, rec.slot);
	viz_place_put(&b->node->core, NULL, &rec, &id);
	check(b, "record", VIZ_TABLE_RECORD, key, sizeof key);
	assert_true(viz_place_get(&b->node->core, &held, NULL, &rec.author, rec.type, rec.slot));
	assert_int_equal(held.a_len, 100);
	assert_null(held.b);
	fill(bytes, sizeof bytes);
	viz_place_mark_dead(&b->node->core, &rec);
	check(b, "record-dead", VIZ_TABLE_RECORD, key, sizeof key);
	assert_true(viz_place_get(&b->node->core, &held, NULL, &rec.author, rec.type, rec.slot));
	assert_true(held.dead);
	assert_int_equal(held.received.ms, ROW_NOW);
	assert_int_equal(held.b_len, 100);
	assert_memory_equal(held.b, bytes, 100);
}

static void coverage_index(void **state)
{
	struct bed *b = *state;
	uint8_t key[1 + VIZ_PLACE_LEN], bytes[100];
	struct viz_record rec;

	make_record(&rec, bytes);
	viz_coverage_index_put(&b->node->net, &rec);
	key[0] = 'p';
	viz_record_place_key(key + 1, &rec.author, rec.type, rec.slot);
	check(b, "index-place", VIZ_TABLE_COVERAGE_INDEX, key, sizeof key);
	viz_coverage_index_ordinal_key(key, 'o', 0);
	check(b, "index-ordinal", VIZ_TABLE_COVERAGE_INDEX, key, VIZ_COVERAGE_ORDINAL_LEN);
	viz_coverage_index_build(&b->node->net);
	check(b, "index-built", VIZ_TABLE_META, "coverage-index", 14);
}

/* An OFFER and its CLOSE, the stub of the OFFER, and a look at the offers of the day. */
static void account(void **state)
{
	struct bed *b = *state;
	uint8_t bytes[100], key[VIZ_META_DAY_LEN], log[44];
	struct viz_stub stub = {1, VIZ_TYPE_OFFER, 0, {{0}}};
	struct viz_account a;
	struct viz_record rec;
	struct viz_id id;

	make_record(&rec, bytes);
	FILL(id);
	rec.slot = viz_record_slot_make(b->node->core.now, 5);
	rec.type = VIZ_TYPE_OFFER;
	viz_place_put(&b->node->core, NULL, &rec, &id);
	rec.type = VIZ_TYPE_CLOSE;
	viz_place_put(&b->node->core, NULL, &rec, &id);
	stub.slot = rec.slot;
	stub.id = id;
	assert_true(viz_chain_stub_put(&b->node->core, &rec.author, 6, 7, &stub));
	viz_account_get(&b->node->core, &a, &rec.author);
	a.last_lost = rec.slot;
	a.looked_day = rec.slot >> 32;
	a.looked = rec.slot + 1;
	viz_account_put(&b->node->core, &rec.author, &a);
	viz_meta_id_key(key, VIZ_META_ACCOUNT, &rec.author);
	check(b, "account", VIZ_TABLE_META, key, VIZ_META_ID_LEN);
	viz_meta_id_key(key, VIZ_META_RESERVE, &rec.author);
	viz_be_put_u32(key + VIZ_META_ID_LEN, (uint32_t)(rec.slot >> 32));
	check(b, "account-day", VIZ_TABLE_META, key, sizeof key);
	memcpy(log, rec.author.b, sizeof rec.author.b);
	viz_be_put_u64(log + 32, 6);
	viz_be_put_u32(log + 40, 7);
	check(b, "stub", VIZ_TABLE_LOG, log, sizeof log);
	assert_int_equal(a.bytes, 2 * 100 + VIZ_ACCOUNT_OFFER + VIZ_ACCOUNT_ROW + VIZ_ACCOUNT_STUB);
	assert_int_equal(viz_account_used(&b->node->core, &rec.author),
			 a.bytes + VIZ_ACCOUNT_RESERVE - 100 - VIZ_ACCOUNT_ROW - VIZ_ACCOUNT_STUB);
}

/* A COVERAGE, whose author is left out. */
static void weight(void **state)
{
	struct bed *b = *state;
	uint8_t bytes[100], key[VIZ_META_ID_LEN];
	struct viz_weight w;
	struct viz_record rec;
	struct viz_id id;

	make_record(&rec, bytes);
	FILL(id);
	viz_place_put(&b->node->core, NULL, &rec, &id);
	viz_weight_get(&b->node->core, &w, &rec.author);
	assert_int_equal(w.bytes, 100 + VIZ_WEIGHT_RECORD);
	w.left_out = 1000;
	viz_weight_put(&b->node->core, &rec.author, &w);
	viz_weight_flush(&b->node->core);
	viz_meta_id_key(key, VIZ_META_WEIGHT, &rec.author);
	check(b, "weight", VIZ_TABLE_META, key, sizeof key);
	viz_weight_change(&b->node->core, &rec.author, 0, w.bytes);
	viz_weight_get(&b->node->core, &w, &rec.author);
	assert_int_equal(w.bytes, 0);
	assert_int_equal(w.left_out, 1000);
}

static void mail(void **state)
{
	struct bed *b = *state;
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_id to;

	FILL(to);
	assert_non_null(viz_member_ensure(&b->node->trust, &to));
	viz_mail_slot(&b->node->net, &to, VIZ_MAIL_LOCATION_ASK, 80);
	viz_id_slot_key(key, &to, 1);
	check(b, "mail", VIZ_TABLE_OUTBOX, key, sizeof key);
	check(b, "mail-number", VIZ_TABLE_META, "mail", 4);
}

static void growth(void **state)
{
	struct bed *b = *state;
	struct viz_growth *g = &b->node->core.growth;

	plant_vector(b, "growth", VIZ_TABLE_META, "growth", 6);
	assert_true(viz_growth_load(&b->node->core));
	assert_int_equal(g->count, 2);
	assert_int_equal(g->sample[0].at.ms, INT64_C(1790000000000));
	assert_int_equal(g->sample[1].used, 5 << 20);
	viz_growth_save(&b->node->core);
	check(b, "growth", VIZ_TABLE_META, "growth", 6);
}

static void customer_link(void **state)
{
	struct bed *b = *state;
	struct viz_core *core = &b->node->core;
	struct viz_lead_customer link = {.expires = at(),
					 .cancelled_at = at(),
					 .opened = true,
					 .draw = 7,
					 .draws = 2,
					 .slot = 0x0102030405060708,
					 .previous = 0x1112131415161718,
					 .vault = 9,
					 .sealed_len = sizeof link.sealed,
					 .who = "web:maria",
					 .protocol = "protocol"},
				 read;
	struct viz_slice key = {link.hash.b, sizeof link.hash.b}, value;

	FILL(link.hash);
	FILL(link.sealed);
	link.created = at();
	viz_lead_customer_put(core, &link);
	check(b, "customer-link", VIZ_TABLE_CUSTOMER_LINK, link.hash.b, sizeof link.hash.b);
	plant_vector(b, "customer-link", VIZ_TABLE_CUSTOMER_LINK, link.hash.b, sizeof link.hash.b);
	assert_true(viz_core_get(core, &value, VIZ_TABLE_CUSTOMER_LINK, key.p, key.len));
	viz_lead_customer_row(&read, &key, &value);
	assert_memory_equal(&read, &link, sizeof read);
	read.used = read.again = true;
	viz_lead_customer_put(core, &read);
	check(b, "customer-link-used", VIZ_TABLE_CUSTOMER_LINK, link.hash.b, sizeof link.hash.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, row_setup, row_teardown)
	    T(peer),    T(identity), T(invite),         T(plant),   T(plan),
	    T(journal), T(place),    T(coverage_index), T(account), T(weight),
	    T(mail),    T(growth),   T(customer_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
