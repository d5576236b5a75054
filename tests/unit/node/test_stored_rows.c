/* The bytes of the rows in the store. Stores on disk hold such rows, so that they change only
 * together with VIZ_SCHEMA_VERSION. Each test fills a row with another value in each field and
 * writes it. Then it reads the row of tests/vectors/rows.json and writes that one. Both must
 * give the bytes of the file. */
#include "tests/unit/vectors.h"

#include "node/core/account.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/core/journal.h"

#include "node/core/place.h"
#include "node/coverage/index.h"
#include "node/coverage/plan.h"
#include "node/coverage/plant.h"
#include "node/gossip/chain.h"
#include "node/gossip/protest.h"
#include "node/inbox/inbox.h"
#include "node/inbox/protest.h"
#include "node/init.h"
#include "node/lead/lead.h"
#include "node/link/mail.h"
#include "node/node.h"
#include "node/offer/view.h"
#include "node/state.h"
#include "node/trust/identity.h"
#include "node/trust/invite.h"
#include "node/trust/member.h"
#include "node/trust/peer.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/backend.h"
#include "store/meta.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/vault.h"
#include "tests/unit/scratch.h"

#define NOW 1700000000000

/* A node whose store has an open transaction that is never committed. */
struct bed {
	char dir[SCRATCH_PATH];
	struct viz_store *store;
	struct viz_vault *vault;
	struct viz_node *node;
	struct viz_effects fx;
	json_t *vectors;
	uint8_t count; /* the last byte that fill() used */
};

static int setup(void **state)
{
	struct bed *b = calloc(1, sizeof *b);
	struct viz_node_config nc = {.profile = {.name = "Teste"}};
	struct viz_secret entropy = {{7}};
	struct viz_time now = {NOW};
	struct viz_offline offline;
	struct viz_federation f;

	assert_non_null(b);
	scratch_make(b->dir);
	struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = 64 << 20, .volatile_commit = true};
	assert_int_equal(viz_store_open(&b->store, NULL, &config), VIZ_OK);
	assert_int_equal(viz_vault_file_open(&b->vault, NULL, b->store, b->dir), VIZ_OK);
	viz_federation_default(&f, "teste");
	assert_int_equal(viz_node_init(b->store, &offline, &f, &entropy, now), VIZ_OK);
	assert_int_equal(viz_node_open(&b->node, b->store, b->vault, &nc, now), VIZ_OK);
	viz_effects_init(&b->fx);
	b->node->core.fx = &b->fx;
	b->node->core.now = now;
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	b->vectors = viz_vectors_load("rows.json");
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bed *b = *state;

	viz_store_abort(b->store);
	viz_effects_clear(&b->fx);
	viz_node_close(b->node);
	viz_vault_file_close(b->vault);
	viz_store_close(b->store);
	scratch_remove(b->dir);
	json_decref(b->vectors);
	free(b);
	return 0;
}

static void fill(struct bed *b, void *p, size_t len)
{
	memset(p, ++b->count, len);
}

#define FILL(b, field) fill(b, &(field), sizeof(field))

static struct viz_time at(struct bed *b)
{
	return (struct viz_time){NOW + ++b->count};
}

/* Compares the stored row with the file. */
static void check(struct bed *b, const char *name, enum viz_table table, const void *key,
		  size_t key_len)
{
	struct viz_slice v;
	char *row;

	assert_true(viz_core_get(&b->node->core, &v, table, key, key_len));
	row = calloc(v.len + 1, 2);
	assert_non_null(row);
	for (size_t i = 0; i < v.len; i++)
		snprintf(row + 2 * i, 3, "%02x", v.p[i]);
	if (!json_object_get(b->vectors, name) ||
	    strcmp(row, viz_vectors_text(b->vectors, name)) != 0) {
		fprintf(stderr, " \"%s\": \"%s\",\n", name, row); /* fail_msg cuts it off */
		fail_msg("not in rows.json, or another one: \"%s\"", name);
	}
	free(row);
}

/* Puts the row of the file into the store, in place of the one that the test wrote. */
static void plant_vector(struct bed *b, const char *name, enum viz_table table, const void *key,
			 size_t key_len)
{
	size_t len;
	uint8_t *bytes = viz_vectors_hex(&len, b->vectors, name);

	viz_core_put(&b->node->core, table, key, key_len, bytes, len);
	free(bytes);
}

static void fill_peer(struct bed *b, struct viz_lead_peer *p)
{
	FILL(b, p->id);
	p->answered = true;
	p->answer = VIZ_ANSWER_NO;
	p->reason = VIZ_NO_POLICY;
	FILL(b, p->pledge);
	FILL(b, p->commitment);
	p->revealed = true;
	FILL(b, p->nonce);
	FILL(b, p->blinded);
	p->erased = true;
}

static void fill_lead(struct bed *b, struct viz_lead *l)
{
	memset(l, 0, sizeof *l);
	l->slot = 77;
	l->state = VIZ_LEAD_AWARDED;
	l->created = at(b);
	strcpy(l->protocol, "protocol");
	l->cancelled_at = at(b);
	l->municipality = 3304557;
	l->area = (struct viz_area){3550308, UINT64_C(1) << 12 | UINT64_C(1) << 13};
	l->previous = 1234567;
	l->closes = at(b);
	l->reveal_until = at(b);
	l->choose_until = at(b);
	l->log = 98;
	l->number = 97;
	FILL(b, l->offer);
	FILL(b, l->view);
	FILL(b, l->view_partners);
	FILL(b, l->close);
	FILL(b, l->result);
	FILL(b, l->salt);
	fill_peer(b, &l->peer[0]);
	fill_peer(b, &l->peer[1]);
	l->peer[1].answered = false;
	l->peer[1].located = true;
	l->peer[1].award_n = 2;
	l->peer_count = 2;
	l->struck = 3;
	l->draw = 41;
	l->drawn.ms = NOW + 500;
	l->not_drawn = 9;
	l->blocked = 5;
	l->result_kind = VIZ_RESULT_ORDER;
	l->none_chosen = true;
	l->order[0] = 1;
	l->order_len = 2;
	l->handoff_at = at(b);
	l->vault = 8;
	fill(b, l->location, l->location_len = 11);
	l->contact_vault = 9;
	fill(b, l->contact, l->contact_len = 13);
	l->single = true;
	strcpy(l->language, "pt-BR");
	strcpy(l->channel, "channel");
	strcpy(l->evidence, "evidence");
	strcpy(l->agent, "agent");
	strcpy(l->text_version, "version");
	FILL(b, l->text_hash);
	FILL(b, l->contact_text_hash);
	l->award_n = 2;
	FILL(b, l->award);
	FILL(b, l->award_to);
	l->award_at = at(b);
	l->award_latest = at(b);
	l->delivered_at = at(b);
	l->lease_until = at(b);
	FILL(b, l->release_hash);
	fill(b, l->release, sizeof l->release);
	l->opened = true;
	l->contacted_at = at(b);
	l->days_offline = 6;
	l->recalled = true;
	l->next = 78;
}

static void lead(void **state)
{
	struct bed *b = *state;
	struct viz_lead *l = viz_core_alloc(sizeof *l);
	uint8_t key[8];

	viz_be_put_u64(key, 77);
	fill_lead(b, l);
	viz_lead_put(&b->node->core, l);
	check(b, "lead", VIZ_TABLE_LEAD, key, sizeof key);
	plant_vector(b, "lead", VIZ_TABLE_LEAD, key, sizeof key);
	assert_true(viz_lead_get(&b->node->core, l, 77));
	assert_string_equal(l->agent, "agent");
	viz_lead_put(&b->node->core, l);
	check(b, "lead", VIZ_TABLE_LEAD, key, sizeof key);
	l->recalled = l->single = l->opened = false;
	l->released = l->withdrawal_owed = true;
	viz_lead_put(&b->node->core, l);
	check(b, "lead-flags", VIZ_TABLE_LEAD, key, sizeof key);
	assert_true(viz_lead_get(&b->node->core, l, 77));
	assert_true(l->released && l->withdrawal_owed && !l->recalled && !l->single);
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
	fill_lead(b, l);
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
	FILL(b, in->origin);
	origin = in->origin;
	in->slot = 78;
	in->state = VIZ_INBOX_WITHDRAWN;
	FILL(b, in->offer);
	in->time = at(b);
	in->closes = at(b);
	in->came = at(b);
	FILL(b, in->view);
	in->drawn.ms = NOW + 501;
	FILL(b, in->partners);
	in->view_since.ms = 77;
	in->unchecked = VIZ_UNCHECKED_SHARE;
	in->view_judged = true;
	in->vault = 4;
	fill(b, in->location, in->location_len = 11);
	in->erase = at(b);
	in->answer = VIZ_ANSWER_NO;
	in->reason = VIZ_NO_POLICY;
	FILL(b, in->pledge);
	FILL(b, in->nonce);
	FILL(b, in->blinding);
	in->pledge_acked = true;
	FILL(b, in->close);
	FILL(b, in->result);
	in->result_at = at(b);
	fill(b, in->contact, in->contact_len = 13);
	in->award_n = 2;
	in->tombstone_n = 1;
	FILL(b, in->award);
	in->award_latest = at(b);
	in->awarded_at = at(b);
	in->lease_asked = at(b);
	in->lease_until = at(b);
	in->lease_key = 3;
	fill(b, in->release, sizeof in->release);
	in->has_release = true;
	in->show_after = at(b);
	in->lease_answered = true;
	in->contacted_at = at(b);
	in->days_offline = 6;
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

static void peer(void **state)
{
	struct bed *b = *state;
	struct viz_member *m;
	struct viz_id id;

	FILL(b, id);
	m = viz_member_ensure(&b->node->trust, &id);
	m->peer.present = m->peer.vouched = m->peer.blocked = true;
	strcpy(m->peer.reason, "reason");
	strcpy(m->peer.name, "name");
	strcpy(m->peer.address, "192.0.2.1:4000");
	FILL(b, m->peer.transport);
	viz_peer_save(&b->node->trust, m);
	check(b, "peer-no-token", VIZ_TABLE_PEER, id.b, sizeof id.b);
	m->peer.pending = m->peer.partner = true;
	m->peer.token_len = sizeof m->peer.token;
	m->peer.vouched = m->peer.blocked = false;
	FILL(b, m->peer.token);
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
	assert_int_equal(self->signed_at.ms, NOW);
	assert_true(self->log != 0 && self->log == old.log);
	viz_identity_save(&b->node->trust);
	check(b, "identity", VIZ_TABLE_META, "identity", 8);
	FILL(b, self->next_hash);
	FILL(b, self->transport_old);
	self->transport_old_until = at(b);
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

/* The index of PROTESTs, and what is noted of an offer so that one can be said. */
static void protests(void **state)
{
	struct bed *b = *state;
	struct viz_trust *trust = &b->node->trust;
	struct viz_protest p = {.kind = VIZ_PROTEST_HEAD, .node_time = at(b)};
	struct viz_record rec = {.type = VIZ_TYPE_PROTEST, .author = trust->self.author, .seq = 1};
	struct viz_inbox in = {.slot = 77};
	uint8_t body[512], bytes[1024], key[VIZ_STATEMENT_KEY_LEN];
	struct viz_writer w;
	size_t len = 0;

	FILL(b, p.origin);
	FILL(b, p.node);
	FILL(b, p.partners);
	viz_writer_init(&w, body, sizeof body);
	viz_protest_write(&w, &p);
	assert_int_equal(viz_writer_finish(&w, &rec.body_len), VIZ_OK);
	rec.body = body;
	rec.time = at(b);
	rec.slot = viz_record_slot_make(rec.time, 3);
	assert_int_equal(viz_identity_sign(bytes, &len, sizeof bytes, NULL, &rec,
					   &trust->self.signer, &b->node->core.federation_id),
			 VIZ_OK);
	assert_int_equal(viz_record_parse(&rec, bytes, len), VIZ_OK);
	viz_gossip_protest_held(&b->node->net, &rec);
	viz_id_slot_key(key, &p.origin, rec.slot);
	memcpy(key + VIZ_ID_SLOT_LEN, rec.author.b, sizeof rec.author.b);
	check(b, "protest", VIZ_TABLE_PROTEST, key, VIZ_ID_SLOT_LEN + sizeof rec.author.b);
	FILL(b, in.origin);
	b->node->core.started = at(b);
	b->node->net.links.mail_number = 5;
	viz_inbox_protest_sent(&b->node->net, &in);
	viz_place_statement_key(key, &in.origin, in.slot, VIZ_OFFER_ROW_HEARD, &trust->self.author,
				0);
	check(b, "heard", VIZ_TABLE_STATEMENT, key, sizeof key);
	plant_vector(b, "heard", VIZ_TABLE_STATEMENT, key, sizeof key);
	viz_inbox_protest_sent(&b->node->net, &in);
	check(b, "heard", VIZ_TABLE_STATEMENT, key, sizeof key);
}

static void invite(void **state)
{
	struct bed *b = *state;
	struct viz_invite v = {.asn = 65000, .address_count = 2}, read;
	char text[VIZ_INVITE_TEXT_MAX], again[VIZ_INVITE_TEXT_MAX];
	const char *want = viz_vectors_text(b->vectors, "invite");
	struct viz_slice key, value;
	struct viz_walk walk;

	FILL(b, v.federation);
	FILL(b, v.author);
	FILL(b, v.transport);
	FILL(b, v.token);
	v.expires = at(b);
	strcpy(v.name, "Vizinha");
	strcpy(v.address[0], "192.0.2.1:4000");
	strcpy(v.address[1], "192.0.2.2:4000");
	viz_invite_text(text, &v);
	assert_string_equal(text, viz_vectors_text(b->vectors, "invite-no-cnpj"));
	strcpy(v.cnpj, "11222333000181");
	viz_invite_text(text, &v);
	assert_string_equal(text, want);
	assert_int_equal(viz_invite_parse(&read, want), VIZ_OK);
	viz_invite_text(again, &read);
	assert_string_equal(again, want);
	assert_int_equal(viz_invite_parse(&read, viz_vectors_text(b->vectors, "invite-no-cnpj")),
			 VIZ_OK);
	assert_string_equal(read.cnpj, "");
	assert_int_equal(viz_invite_make(&b->node->trust, text, &read), VIZ_OK);
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
	bytes = viz_vectors_hex(&len, b->vectors, "plant-geometry");
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
	struct viz_id id;

	FILL(b, id);
	viz_be_put_u64(key, 1);
	viz_journal_add(&b->node->core, "award", &id);
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
	viz_be_put_u64(key, 2);
	viz_journal_add(&b->node->core, "erased", &id);
	check(b, "journal-second", VIZ_TABLE_JOURNAL, key, sizeof key);
}

/* Makes what the rows of records hold. The bytes need not be a valid record. */
static void make_record(struct bed *b, struct viz_record *rec, uint8_t bytes[100])
{
	memset(rec, 0, sizeof *rec);
	fill(b, bytes, 100);
	rec->bytes = bytes + sizeof rec->sig.b;
	rec->len = 100 - sizeof rec->sig.b;
	rec->type = VIZ_TYPE_COVERAGE;
	rec->slot = 5;
	rec->seq = 6;
	FILL(b, rec->author);
}

static void place(void **state)
{
	struct bed *b = *state;
	uint8_t key[VIZ_PLACE_LEN], bytes[100];
	struct viz_record rec;
	struct viz_held held;
	struct viz_id id;

	make_record(b, &rec, bytes);
	FILL(b, id);
	viz_record_place_key(key, &rec.author, rec.type, rec.slot);
	viz_place_put(&b->node->core, &rec, &id);
	check(b, "record", VIZ_TABLE_RECORD, key, sizeof key);
	assert_true(viz_place_get(&b->node->core, &held, NULL, &rec.author, rec.type, rec.slot));
	assert_int_equal(held.a_len, 100);
	assert_null(held.b);
	fill(b, bytes, sizeof bytes);
	viz_place_mark_dead(&b->node->core, &rec);
	check(b, "record-dead", VIZ_TABLE_RECORD, key, sizeof key);
	assert_true(viz_place_get(&b->node->core, &held, NULL, &rec.author, rec.type, rec.slot));
	assert_true(held.dead);
	assert_int_equal(held.received.ms, NOW);
	assert_int_equal(held.b_len, 100);
	assert_memory_equal(held.b, bytes, 100);
}

static void coverage_index(void **state)
{
	struct bed *b = *state;
	uint8_t key[1 + VIZ_PLACE_LEN], bytes[100];
	struct viz_record rec;

	make_record(b, &rec, bytes);
	viz_coverage_index_put(&b->node->net, &rec);
	key[0] = 'p';
	viz_record_place_key(key + 1, &rec.author, rec.type, rec.slot);
	check(b, "index-place", VIZ_TABLE_COVERAGE_INDEX, key, sizeof key);
	viz_coverage_index_ordinal_key(key, 'o', 0);
	check(b, "index-ordinal", VIZ_TABLE_COVERAGE_INDEX, key, VIZ_COVERAGE_ORDINAL_LEN);
	viz_coverage_index_build(&b->node->net);
	check(b, "index-built", VIZ_TABLE_META, "coverage-index", 14);
}

static void evidence(void **state)
{
	struct bed *b = *state;
	struct viz_id id, origin;
	struct viz_slice v;
	uint8_t bytes[40];

	FILL(b, id);
	FILL(b, origin);
	fill(b, bytes, sizeof bytes);
	assert_true(viz_view_evidence_put(&b->node->trust, &id, &origin, bytes, sizeof bytes));
	check(b, "evidence", VIZ_TABLE_EVIDENCE, id.b, sizeof id.b);
	assert_true(viz_view_evidence_get(&b->node->core, &v, &id));
	assert_int_equal(v.len, sizeof bytes);
	assert_memory_equal(v.p, bytes, sizeof bytes);
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

	make_record(b, &rec, bytes);
	FILL(b, id);
	rec.slot = viz_record_slot_make(b->node->core.now, 5);
	rec.type = VIZ_TYPE_OFFER;
	viz_place_put(&b->node->core, &rec, &id);
	rec.type = VIZ_TYPE_CLOSE;
	viz_place_put(&b->node->core, &rec, &id);
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

static void mail(void **state)
{
	struct bed *b = *state;
	uint8_t key[VIZ_ID_SLOT_LEN];
	struct viz_id to;

	FILL(b, to);
	assert_non_null(viz_member_ensure(&b->node->trust, &to));
	viz_mail_slot(&b->node->net, &to, VIZ_MAIL_LOCATION_ASK, 80);
	viz_id_slot_key(key, &to, 1);
	check(b, "mail", VIZ_TABLE_OUTBOX, key, sizeof key);
	check(b, "mail-number", VIZ_TABLE_META, "mail", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(lead, setup, teardown),
	    cmocka_unit_test_setup_teardown(lead_waiting, setup, teardown),
	    cmocka_unit_test_setup_teardown(inbox, setup, teardown),
	    cmocka_unit_test_setup_teardown(protests, setup, teardown),
	    cmocka_unit_test_setup_teardown(peer, setup, teardown),
	    cmocka_unit_test_setup_teardown(identity, setup, teardown),
	    cmocka_unit_test_setup_teardown(invite, setup, teardown),
	    cmocka_unit_test_setup_teardown(plant, setup, teardown),
	    cmocka_unit_test_setup_teardown(plan, setup, teardown),
	    cmocka_unit_test_setup_teardown(journal, setup, teardown),
	    cmocka_unit_test_setup_teardown(place, setup, teardown),
	    cmocka_unit_test_setup_teardown(coverage_index, setup, teardown),
	    cmocka_unit_test_setup_teardown(evidence, setup, teardown),
	    cmocka_unit_test_setup_teardown(account, setup, teardown),
	    cmocka_unit_test_setup_teardown(mail, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
