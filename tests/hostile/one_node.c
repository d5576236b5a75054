#include "tests/hostile/one_node.h"
#include "crypto/rng.h"
#include "crypto/sign.h"
#include "node/core/event.h"
#include "node/init.h"
#include "node/node.h"
#include "node/trust/member.h"
#include "node/trust/invite.h"
#include "node/trust/live.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/statement.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/vault.h"

void open_node(struct one_node *b)
{
	struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = UINT64_C(64) << 20, .volatile_commit = true};
	static const char *const readers[] = {"root"};
	struct viz_node_config nc = {.profile = {.name = "Provedor A",
						 .privacy = "dpo@example.com",
						 .withdrawal = "0800 123 4567"},
				     .readers = readers,
				     .reader_count = 1};

	assert_int_equal(viz_store_open(&b->store, NULL, &config), VIZ_OK);
	assert_int_equal(viz_vault_file_open(&b->vault, NULL, b->store, b->dir), VIZ_OK);
	if (viz_store_stat_entries(b->store, VIZ_TABLE_META) == 0 || b->node == NULL) {
		struct viz_secret entropy = {{42}};
		struct viz_offline offline;
		int err = viz_node_init(b->store, &offline, &b->federation, &entropy, b->now);

		assert_true(err == VIZ_OK || err == VIZ_ERR_EXISTS);
		if (err == VIZ_OK)
			b->offline = offline;
	}
	nc.seed.b[0] = 1;
	assert_int_equal(viz_node_open(&b->node, b->store, b->vault, &nc, b->now), VIZ_OK);
}

void close_node(struct one_node *b)
{
	viz_node_close(b->node);
	viz_vault_file_close(b->vault);
	viz_store_close(b->store);
}

static void keep_last(struct one_node *b, const uint8_t *body, size_t len)
{
	struct viz_message_last m;
	struct viz_reader r;

	viz_reader_init(&r, body, len);
	viz_message_last_read(&r, &m);
	b->last_len = 0;
	if (viz_reader_finish(&r) != VIZ_OK || !m.record || m.record_len > sizeof b->last)
		return;
	memcpy(b->last, m.record, m.record_len);
	b->last_len = m.record_len;
}

/* Keeps the questions for logs, and counts HEADs. */
static void keep_log(struct one_node *b, uint64_t link, const uint8_t *body, size_t len)
{
	struct viz_reader r;

	viz_reader_init(&r, body, len);
	if (body[1] == VIZ_MESSAGE_LOG_ASK) {
		viz_message_log_ask_read(&r, &b->log_ask);
		b->log_asked = link;
	} else if (body[1] == VIZ_MESSAGE_LOG_WANT) {
		viz_message_log_want_read(&r, &b->log_want);
	} else if (body[1] == VIZ_MESSAGE_OFFER_ASK) {
		viz_message_offer_ask_read(&r, &b->offer_ask);
		b->offer_asked = link;
	}
	b->heads += body[1] == VIZ_MESSAGE_HEAD;
}

/* Keeps the last TREE of each link, and counts what else belongs to a repair. */
static void keep_repair(struct one_node *b, uint64_t link, const uint8_t *body, size_t len)
{
	struct viz_reader r;

	viz_reader_init(&r, body, len);
	if (body[1] == VIZ_MESSAGE_TREE && link < LINKS)
		viz_message_tree_read(&r, &b->tree[link]);
	else if (body[1] == VIZ_MESSAGE_WANT)
		viz_message_want_read(&r, &b->want);
	else if (body[1] == VIZ_MESSAGE_ANNOUNCE)
		viz_message_announce_read(&r, &b->announced);
	if (link < LINKS && body[1] == VIZ_MESSAGE_WANT)
		b->asked_on[link] += b->want.count;
	if (link < LINKS && body[1] == VIZ_MESSAGE_ANNOUNCE)
		b->announced_on[link] += b->announced.count;
	b->trees += body[1] == VIZ_MESSAGE_TREE;
	b->buckets += body[1] == VIZ_MESSAGE_BUCKETS;
	b->lists += body[1] == VIZ_MESSAGE_BUCKET;
	b->authors += body[1] == VIZ_MESSAGE_AUTHOR;
	b->wants += body[1] == VIZ_MESSAGE_WANT;
}

static void take_effects(struct one_node *b, const struct viz_effects *fx, struct viz_event *next,
			 size_t *count, size_t max)
{
	for (size_t i = 0; i < fx->count; i++) {
		const struct viz_effect *e = &fx->list[i];

		if (e->kind == VIZ_EFFECT_SEND) {
			b->sent++;
			b->sent_bytes += e->len;
			b->shared += e->shared;
			if (e->link < LINKS) {
				b->sent_on[e->link]++;
				b->bytes_on[e->link] += e->len;
			}
			b->mails +=
			    e->len > 4 && e->bytes[2] == 0x94 && e->bytes[3] == VIZ_MESSAGE_MAIL;
			b->records +=
			    e->len > 4 && e->bytes[2] == 0x92 && e->bytes[3] == VIZ_MESSAGE_RECORD;
			if (e->link < LINKS)
				b->records_on[e->link] += e->len > 4 && e->bytes[2] == 0x92 &&
							  e->bytes[3] == VIZ_MESSAGE_RECORD;
			b->offer_asks += e->len > 4 && e->bytes[2] == 0x92 &&
					 e->bytes[3] == VIZ_MESSAGE_OFFER_ASK;
			b->acks += e->len > 4 && e->bytes[2] == 0x92 &&
				   e->bytes[3] == VIZ_MESSAGE_MAIL_ACK;
			if (e->len > 4 && e->bytes[3] == VIZ_MESSAGE_LAST)
				keep_last(b, e->bytes + 2, e->len - 2);
			if (e->len > 4)
				keep_log(b, e->link, e->bytes + 2, e->len - 2);
			b->clones +=
			    e->len == 4 && e->bytes[2] == 0x91 && e->bytes[3] == VIZ_MESSAGE_CLONE;
			b->members +=
			    e->len > 4 && e->bytes[2] == 0x92 && e->bytes[3] == VIZ_MESSAGE_MEMBER;
			b->clocks +=
			    e->len > 4 && e->bytes[2] == 0x92 && e->bytes[3] == VIZ_MESSAGE_CLOCK;
			if (e->len > 4)
				keep_repair(b, e->link, e->bytes + 2, e->len - 2);
		} else if (e->kind == VIZ_EFFECT_CLOSE) {
			b->closed++;
			snprintf(b->reason, sizeof b->reason, "%s", e->text);
			assert_true(*count < max);
			next[(*count)++] =
			    (struct viz_event){.kind = VIZ_EVENT_CLOSED, .link = e->link};
		} else if (e->kind == VIZ_EFFECT_DIAL) {
			assert_true(b->dials < sizeof b->dial / sizeof *b->dial);
			b->dial[b->dials].attempt = e->attempt;
			b->dial[b->dials++].remote = e->remote;
		} else if (e->kind == VIZ_EFFECT_VERIFY) {
			assert_true(*count < max);
			b->asked_checks += e->asked;
			next[(*count)++] = (struct viz_event){
			    .kind = VIZ_EVENT_VERIFIED,
			    .job = e->job,
			    .ok = viz_sign_verify(&e->sig, &e->id, &e->remote) == VIZ_OK};
		} else if (e->kind == VIZ_EFFECT_REPLY) {
			snprintf(b->reply, sizeof b->reply, "%.*s", (int)e->len,
				 (const char *)e->bytes);
		} else if (e->kind == VIZ_EFFECT_LOG) {
			size_t n = strlen(b->logs);

			snprintf(b->logs + n, sizeof b->logs - n, "%s\n", e->text);
			if (getenv("VIZ_TRACE"))
				fprintf(stderr, "# %s\n", e->text);
		}
	}
}

void run(struct one_node *b, const struct viz_event *events, size_t count)
{
	struct viz_event next[512];
	struct viz_effects fx;
	size_t n = 0;

	b->sent = b->sent_bytes = b->dials = b->closed = b->shared = b->blocks = b->heads = 0;
	b->log_ask.from = 0;
	b->log_want.count = 0;
	memset(b->sent_on, 0, sizeof b->sent_on);
	memset(b->records_on, 0, sizeof b->records_on);
	memset(b->bytes_on, 0, sizeof b->bytes_on);
	memset(b->asked_on, 0, sizeof b->asked_on);
	memset(b->announced_on, 0, sizeof b->announced_on);
	viz_effects_init(&fx);
	assert_int_equal(viz_node_run(b->node, &fx, b->now, events, count), VIZ_OK);
	b->blocks += fx.block_count;
	take_effects(b, &fx, next, &n, 512);
	viz_effects_clear(&fx);
	while (n > 0) {
		struct viz_event now[512];
		size_t k = n;

		memcpy(now, next, n * sizeof *now);
		n = 0;
		assert_int_equal(viz_node_run(b->node, &fx, b->now, now, k), VIZ_OK);
		b->blocks += fx.block_count;
		take_effects(b, &fx, next, &n, 512);
		viz_effects_clear(&fx);
	}
}

void tick(struct one_node *b, int64_t ms)
{
	struct viz_event ev = {.kind = VIZ_EVENT_TICK};

	b->now.ms += ms;
	run(b, &ev, 1);
}

void hours(struct one_node *b, unsigned n)
{
	for (unsigned i = 0; i < n * (HOUR / PASS); i++)
		tick(b, PASS);
	assert_int_equal(b->closed, 0);
}

void cut(struct one_node *b, uint64_t link)
{
	struct viz_event ev = {.kind = VIZ_EVENT_CLOSED, .link = link};

	run(b, &ev, 1);
}

void ask_once(struct one_node *b, const char *json)
{
	struct viz_event ev = {.kind = VIZ_EVENT_REQUEST,
			       .client = 1,
			       .bytes = (const uint8_t *)json,
			       .len = strlen(json),
			       .who = "root"};

	b->reply[0] = '\0';
	run(b, &ev, 1);
}

const char *request(struct one_node *b, const char *json)
{
	ask_once(b, json);
	for (unsigned i = 0; i < 1000 && b->reply[0] == '\0'; i++)
		tick(b, 0);
	return b->reply;
}

void message_on(struct one_node *b, uint64_t link, const struct viz_writer *w)
{
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = link, .bytes = w->start};

	assert_int_equal(viz_writer_finish(w, &ev.len), VIZ_OK);
	run(b, &ev, 1);
}

void message(struct one_node *b, const struct viz_writer *w)
{
	message_on(b, LINK_EVIL, w);
}

void add_event(struct viz_event *ev, size_t *n, uint64_t link, const struct forged *rec)
{
	uint8_t *body = malloc(VIZ_BODY_MAX);
	struct viz_writer w;

	assert_non_null(body);
	viz_writer_init(&w, body, VIZ_BODY_MAX);
	viz_message_record_write(&w, &(struct viz_message_record){rec->bytes, rec->len});
	ev[*n] = (struct viz_event){.kind = VIZ_EVENT_MESSAGE, .link = link, .bytes = body};
	assert_int_equal(viz_writer_finish(&w, &ev[(*n)++].len), VIZ_OK);
}

void free_events(struct viz_event *ev, size_t n)
{
	while (n > 0)
		free((void *)(uintptr_t)ev[--n].bytes);
	free(ev);
}

void give_on(struct one_node *b, uint64_t link, const struct forged *rec)
{
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_record_write(&w, &(struct viz_message_record){rec->bytes, rec->len});
	message_on(b, link, &w);
}

void give(struct one_node *b, const struct forged *rec)
{
	give_on(b, LINK_EVIL, rec);
}

void mail(struct one_node *b, uint64_t number, enum viz_mail_kind kind,
	  const struct viz_writer *payload)
{
	static uint8_t body[VIZ_BODY_MAX];
	struct viz_writer w;
	size_t len = 0;

	assert_int_equal(viz_writer_finish(payload, &len), VIZ_OK);
	viz_writer_init(&w, body, sizeof body);
	viz_writer_array(&w, 4);
	viz_writer_uint(&w, VIZ_MESSAGE_MAIL);
	viz_writer_uint(&w, number);
	viz_writer_uint(&w, kind);
	viz_writer_raw(&w, payload->start, len);
	message(b, &w);
}

void mail_statement(struct one_node *b, uint64_t number, const struct forged *st)
{
	static uint8_t payload[VIZ_BODY_MAX];
	struct viz_writer w;

	viz_writer_init(&w, payload, sizeof payload);
	viz_writer_array(&w, 1);
	viz_writer_bin(&w, st->bytes, st->len);
	mail(b, number, VIZ_MAIL_STATEMENT, &w);
}

void mail_state(struct one_node *b, uint64_t number, const struct viz_mail_state *m)
{
	VIZ_WRITER(w, 128);

	viz_mail_state_write(&w, m);
	mail(b, number, VIZ_MAIL_STATE, &w);
}

bool mailed_state(struct one_node *b, struct viz_mail_state *out)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	bool found = false;

	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_walk_init(&walk, b->store, VIZ_TABLE_OUTBOX, b->evil.author.b, sizeof(struct viz_id));
	while (viz_walk_next(&walk, &key, &value))
		/* [kind, payload] */
		if (value.len > 2 && value.p[0] == 0x92 && value.p[1] == VIZ_MAIL_STATE)
			found = VIZ_PARSE(mail_state, out, value.p + 2, value.len - 2) == VIZ_OK;
	viz_store_abort(b->store);
	return found;
}

void mail_withdrawal(struct one_node *b, uint64_t number, uint64_t slot)
{
	struct viz_withdrawal wd = {.scope = VIZ_WITHDRAW_ALL};
	uint8_t body[64];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_withdrawal_write(&w, &wd);
	forge_statement(&b->scratch, &b->evil, VIZ_TYPE_WITHDRAWAL, slot, 1, b->now, &w);
	mail_statement(b, number, &b->scratch);
}

void say_member(struct one_node *b, uint64_t link)
{
	uint8_t body[16];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_member_write(&w, &(struct viz_message_member){b->now});
	message_on(b, link, &w);
}

void say_last(struct one_node *b, uint64_t link)
{
	uint8_t body[16];
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_last_write(&w, &(struct viz_message_last){NULL, 0});
	message_on(b, link, &w);
}

void hello(struct one_node *b, struct forge *f, uint64_t link, const uint8_t *token)
{
	static uint8_t hello[VIZ_HELLO_MAX];
	struct viz_event ev = {
	    .kind = VIZ_EVENT_HELLO, .link = link, .bytes = hello, .remote = f->transport_pub};

	forge_node(&b->scratch, f, b->now);
	ev.len = forge_hello(hello, sizeof hello, f, &b->scratch, token);
	run(b, &ev, 1);
	assert_int_equal(b->closed, 0);
}

void come_in_as(struct one_node *b, struct forge *f, uint64_t link, const uint8_t *token)
{
	hello(b, f, link, token);
	say_member(b, link);
}

void come_in(struct one_node *b, const uint8_t *token)
{
	come_in_as(b, &b->evil, LINK_EVIL, token);
}

void befriend(struct one_node *b, struct forge *f, uint64_t link)
{
	char line[VIZ_INVITE_TEXT_MAX], json[2048], id[65];
	struct viz_invite invite;
	char *at;

	forge_author(f, &b->federation, &b->rng);
	at = strstr(request(b, "{\"op\": \"peer.invite\"}"), "vizinvite1.");
	assert_non_null(at);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(viz_invite_parse(&invite, line), VIZ_OK);
	come_in_as(b, f, link, invite.token);
	viz_hex(id, f->author.b, 32);
	snprintf(json, sizeof json, "{\"op\": \"peer.trust\", \"args\": {\"peer\": \"%s\"}}", id);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	b->now.ms++;
	forge_vouch(&b->scratch, f, 0, b->now, viz_node_author(b->node), false);
	give_on(b, link, &b->scratch);
	forge_partners(&b->scratch, f, b->now, viz_node_author(b->node), b->now);
	give_on(b, link, &b->scratch);
	tick(b, PARTNER_DELAY_MS);
	say_last(b, link);
	assert_true(viz_live_partner(&b->node->trust, &f->author));
}

int setup(void **state)
{
	struct one_node *b = calloc(1, sizeof *b);
	struct viz_secret seed = {{9}};

	assert_non_null(b);
	*state = b;
	scratch_make(b->dir);
	viz_federation_default(&b->federation, "teste");
	b->federation.partner_delay_ms = PARTNER_DELAY_MS;
	b->federation.heartbeat_ms = PARTNER_DELAY_MS / 3;
	b->now.ms = START_MS;
	viz_rng_seed(&b->rng, &seed);
	open_node(b);
	tick(b, 0);
	befriend(b, &b->evil, LINK_EVIL);
	return 0;
}

int teardown(void **state)
{
	struct one_node *b = *state;

	close_node(b);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

struct viz_member *evil(struct one_node *b)
{
	return viz_member_find(&b->node->trust, &b->evil.author);
}

void restart(struct one_node *b, int64_t step)
{
	close_node(b);
	b->now.ms += step;
	open_node(b);
	tick(b, 0);
	come_in(b, NULL);
}

void change_key(struct one_node *b)
{
	const struct viz_id us = *viz_node_author(b->node), next = {{3}};
	struct viz_time added = evil(b)->us[0].added;

	b->now.ms += 5;
	b->evil.key = 1;
	b->evil.names = evil(b)->partners_id;
	forge_succession(&b->scratch, &b->evil, 1, b->now, &next);
	give(b, &b->scratch);
	forge_partners(&b->scratch, &b->evil, b->now, &us, added);
	give(b, &b->scratch);
	b->evil.names = b->scratch.id;
	forge_node(&b->scratch, &b->evil, b->now);
	give(b, &b->scratch);
	forge_vouch(&b->scratch, &b->evil, 0, b->now, &us, false);
	give(b, &b->scratch);
	assert_int_equal(b->closed, 0);
}

void revoke_own_key(struct one_node *b)
{
	char hex[1100], json[2400];

	viz_hex(hex, b->offline.revocation, b->offline.revocation_len);
	snprintf(json, sizeof json, "{\"op\":\"key.revoke\",\"args\":{\"revocation\":\"%s\"}}",
		 hex);
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	assert_true(b->node->trust.self.revoked);
}

void rotate_own_key(struct one_node *b)
{
	struct viz_secret following = {{3}};
	char seed[65], hash[65], json[300];

	viz_hex(seed, b->offline.next_seed.b, 32);
	viz_hex(hash, following.b, 32);
	snprintf(
	    json, sizeof json,
	    "{\"op\":\"key.rotate\",\"args\":{\"next_seed\":\"%s\",\"following_hash\":\"%s\"}}",
	    seed, hash);
	b->now.ms += 1000;
	assert_non_null(strstr(request(b, json), "\"ok\":true"));
	assert_false(b->node->trust.self.revoked);
}
