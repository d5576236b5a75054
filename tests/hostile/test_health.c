/* What `status` says is not well: each kind comes, with since when and why, and goes again. */
#include "tests/hostile/one_node.h"

#include <jansson.h>

#include "crypto/crypto.h"
#include "node/control/health.h"
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/link/net.h"
#include "node/link/remote.h"
#include "node/state.h"
#include "node/trust/author.h"
#include "node/trust/identity.h"
#include "node/trust/member.h"
#include "proto/base.h"
#include "proto/message.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "store/meta.h"

/* The result of status; the caller frees it. */
static json_t *status(struct one_node *b)
{
	json_t *reply = json_loads(request(b, "{\"op\":\"status\"}"), 0, NULL), *result;

	assert_non_null(reply);
	result = json_incref(json_object_get(reply, "result"));
	json_decref(reply);
	assert_non_null(result);
	return result;
}

static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

/* The problem of this code. NULL: there is none; borrowed. */
static json_t *find(const json_t *s, const char *code)
{
	json_t *p;
	size_t i;

	json_array_foreach(json_object_get(s, "problems"), i, p)
	{
		if (strcmp(text(p, "code"), code) == 0)
			return p;
	}
	return NULL;
}

/* The verdict is so, and the problem is there, or none is with NULL. Gives since when. */
static void expect(struct one_node *b, const char *verdict, const char *code)
{
	json_t *s = status(b), *p;

	assert_string_equal(text(s, "verdict"), verdict);
	if (code) {
		p = find(s, code);
		assert_non_null(p);
		assert_string_equal(text(p, "level"), verdict);
		assert_true(text(p, "remedy")[0] != '\0');
	} else {
		assert_int_equal(json_array_size(json_object_get(s, "problems")), 0);
	}
	json_decref(s);
}

static void expect_gone(struct one_node *b, const char *code)
{
	json_t *s = status(b);

	assert_null(find(s, code));
	json_decref(s);
}

/* The false peer has said LAST: a lead may go on. */
static void be_well(struct one_node *b)
{
	say_last(b, LINK_EVIL);
	tick(b, 1000);
	expect(b, "well", NULL);
}

/* The false peer signs a NODE. */
static void announce(struct one_node *b, struct forge *f, uint64_t link)
{
	b->now.ms += 5;
	forge_node(&b->scratch, f, b->now);
	give_on(b, link, &b->scratch);
}

static void well(void **state)
{
	struct one_node *b = *state;
	json_t *s, *peer;

	be_well(b);
	s = status(b);
	peer = json_array_get(json_object_get(s, "partners"), 0);
	assert_int_equal(json_array_size(json_object_get(s, "partners")), 1);
	assert_string_equal(text(peer, "standing"), "partner");
	assert_true(json_is_true(json_object_get(peer, "linked")));
	assert_true(text(peer, "link_from")[0] != '\0' && text(peer, "heard_at")[0] != '\0');
	assert_null(json_object_get(peer, "unlinked_from"));
	assert_null(json_object_get(peer, "unlinked_reason"));
	json_decref(s);
}

/* A partner whose line is away for some seconds is nothing to be woken for. */
static void a_partner_without_a_link(void **state)
{
	struct one_node *b = *state;
	char lost[40];
	json_t *s, *p;

	be_well(b);
	cut(b, LINK_EVIL);
	tick(b, 1000);
	s = status(b);
	assert_string_equal(text(s, "verdict"), "well");
	p = json_array_get(json_object_get(s, "partners"), 0);
	assert_true(json_is_false(json_object_get(p, "linked")));
	/* Neither side has an address. */
	assert_string_equal(text(p, "unlinked_reason"), "no-addresses");
	assert_string_equal(text(p, "last_error"), "lost");
	snprintf(lost, sizeof lost, "%s", text(p, "unlinked_from"));
	json_decref(s);
	tick(b, 60000);
	s = status(b);
	p = find(s, "partner-unlinked");
	assert_non_null(p);
	assert_non_null(find(s, "alone"));
	assert_string_equal(text(p, "since"), lost);
	assert_string_equal(text(json_object_get(p, "peer"), "name"), b->evil.name);
	assert_true(strncmp(text(p, "remedy"), "vizinho peer show ", 18) == 0);
	assert_int_equal(strlen(text(p, "remedy")), 18 + 8);
	json_decref(s);
	come_in(b, NULL);
	be_well(b);
}

/* Why it cannot be reached, and at how many addresses that was tried. */
static void a_partner_that_cannot_be_reached(void **state)
{
	static const struct {
		enum viz_link_end end;
		const char *word;
	} ends[] = {{VIZ_LINK_END_TIMEOUT, "no-answer"},
		    {VIZ_LINK_END_REFUSED, "nothing-listens"},
		    {VIZ_LINK_END_UNREACHABLE, "no-route"},
		    {VIZ_LINK_END_OTHER, "another"},
		    {VIZ_LINK_END_BUSY, "busy"}};
	struct one_node *b = *state;

	snprintf(b->evil.address, sizeof b->evil.address, "192.0.2.1:4000");
	announce(b, &b->evil, LINK_EVIL);
	be_well(b);
	cut(b, LINK_EVIL);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct viz_event ev = {.kind = VIZ_EVENT_DIAL_FAILED, .end = ends[i].end};
		json_t *s, *p;

		for (int n = 0; b->dials == 0 && n < 200; n++)
			tick(b, 1000);
		assert_int_equal(b->dials, 1);
		ev.attempt = b->dial[0].attempt;
		run(b, &ev, 1);
		if (i == 0)
			tick(b, 60000);
		b->dials = 0;
		evil(b)->remote->attempt = 0;
		s = status(b);
		p = find(s, "partner-unlinked");
		assert_non_null(p);
		assert_string_equal(text(p, "unlinked_reason"), ends[i].word);
		assert_int_equal(json_integer_value(json_object_get(p, "tried_count")), 1);
		json_decref(s);
	}
}

/* It answers, and ends the link before it has said anything: it does not let us in. */
static void a_partner_that_turns_us_away(void **state)
{
	struct one_node *b = *state;
	struct viz_event ev = {.kind = VIZ_EVENT_OPENED, .link = 12};
	json_t *s;

	snprintf(b->evil.address, sizeof b->evil.address, "192.0.2.1:4000");
	announce(b, &b->evil, LINK_EVIL);
	be_well(b);
	cut(b, LINK_EVIL);
	for (int n = 0; b->dials == 0 && n < 200; n++)
		tick(b, 1000);
	ev.attempt = b->dial[0].attempt;
	run(b, &ev, 1);
	cut(b, 12);
	b->now.ms += 60000;
	s = status(b);
	assert_string_equal(text(find(s, "partner-unlinked"), "unlinked_reason"), "turned-away");
	json_decref(s);
}

static void a_revoked_partner(void **state)
{
	static const uint8_t empty[] = {0x90};
	struct one_node *b = *state;
	json_t *s;

	be_well(b);
	forge_any(&b->scratch, &b->evil, VIZ_TYPE_REVOCATION, 0, 1, b->now, (struct viz_time){0},
		  empty, sizeof empty);
	give(b, &b->scratch);
	assert_true(viz_author_revoked(evil(b)));
	expect(b, "degraded", "partner-revoked");
	s = status(b);
	assert_string_equal(
	    text(json_array_get(json_object_get(s, "partners"), 0), "unlinked_reason"), "revoked");
	json_decref(s);
}

static void a_silent_partner(void **state)
{
	struct one_node *b = *state;

	be_well(b);
	tick(b, b->federation.silence_ms + 1000);
	expect(b, "degraded", "partner-silent");
	expect_gone(b, "partner-unlinked");
	announce(b, &b->evil, LINK_EVIL);
	expect_gone(b, "partner-silent");
}

static void say_time(struct one_node *b, struct viz_time time)
{
	uint8_t body[16];
	struct viz_event ev = {.kind = VIZ_EVENT_MESSAGE, .link = LINK_EVIL, .bytes = body};
	struct viz_writer w;

	viz_writer_init(&w, body, sizeof body);
	viz_message_member_write(&w, &(struct viz_message_member){time});
	ev.len = viz_writer_done(&w).len;
	run(b, &ev, 1);
}

static void a_wrong_clock(void **state)
{
	struct one_node *b = *state;
	json_t *s;

	be_well(b);
	say_time(b, viz_after(b->now, 600000));
	s = status(b);
	assert_int_equal(json_integer_value(json_object_get(find(s, "partner-clock"), "ahead_ms")),
			 600000);
	assert_true(text(find(s, "partner-clock"), "since")[0] != '\0');
	json_decref(s);
	expect(b, "degraded", "partner-clock");
	say_time(b, b->now);
	expect(b, "well", NULL);
}

/* While the clock is behind what was signed last nothing is signed. */
static void our_clock_was_ahead(void **state)
{
	struct one_node *b = *state;

	be_well(b);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_identity_signed(&b->node->trust, viz_after(b->now, 5000));
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	expect(b, "down", "clock-behind");
	tick(b, 5000);
	expect(b, "well", NULL);
}

static void quarantine(void **state)
{
	struct one_node *b = *state;
	json_t *s;

	be_well(b);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	viz_identity_quarantine(&b->node->trust, b->now);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	expect(b, "down", "quarantine");
	s = status(b);
	assert_string_equal(text(find(s, "quarantine"), "remedy"), "vizinho key resume --help");
	json_decref(s);
}

static void our_key_is_revoked(void **state)
{
	struct one_node *b = *state;
	char hex[1100], json[2400];

	be_well(b);
	viz_hex(hex, b->offline.revocation, b->offline.revocation_len);
	snprintf(json, sizeof json, "{\"op\":\"key.revoke\",\"args\":{\"revocation\":\"%s\"}}",
		 hex);
	request(b, json);
	expect(b, "down", "key-revoked");
	rotate_own_key(b);
	expect_gone(b, "key-revoked");
}

static void what_is_not_said(void **state)
{
	struct one_node *b = *state;
	struct viz_profile *profile = &b->node->trust.profile;
	char was = profile->withdrawal[0];

	be_well(b);
	profile->withdrawal[0] = '\0';
	expect(b, "degraded", "no-withdrawal");
	profile->withdrawal[0] = was;
	profile->privacy[0] = '\0';
	expect(b, "degraded", "no-privacy");
	expect_gone(b, "no-withdrawal");
}

/* The disk gives no more: the store takes nothing new. */
static void the_disk_is_full(void **state)
{
	struct one_node *b = *state;
	json_t *s;

	be_well(b);
	/* What a look at a full file system leaves (store/headroom.c); the next transaction looks
	 * again, so that it is asked outside of one. */
	b->node->net.core->store->headroom.disk_short = true;
	s = json_object();
	viz_health_set(s, &b->node->net);
	assert_string_equal(text(s, "verdict"), "down");
	assert_non_null(find(s, "disk-full"));
	json_decref(s);
	b->node->net.core->store->headroom.disk_short = false;
	expect(b, "well", NULL);
}

/* ---- doctor ---- */

/* The check of this code in the reply of doctor is so. */
static void checked(struct one_node *b, const char *code, const char *level)
{
	json_t *reply = json_loads(request(b, "{\"op\":\"doctor\"}"), 0, NULL), *c, *found = NULL;
	size_t i;

	assert_non_null(reply);
	json_array_foreach(json_object_get(json_object_get(reply, "result"), "checks"), i, c)
	{
		if (strcmp(text(c, "code"), code) == 0)
			found = c;
	}
	assert_non_null(found);
	assert_string_equal(text(found, "level"), level);
	assert_int_equal(text(found, "remedy")[0] != '\0', strcmp(level, "well") != 0);
	json_decref(reply);
}

static void the_machine_is_looked_at(void **state)
{
	static const char *const all[] = {"disk",        "inodes", "open-files",
					  "permissions", "swap",   "copy-on-write"};
	struct one_node *b = *state;
	struct viz_machine *m = &b->node->core.machine;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		checked(b, all[i], "well");
	m->swap = true;
	checked(b, "swap", "degraded");
	checked(b, "damaged", "well");
	m->damaged = true;
	checked(b, "damaged", "degraded");
	m->open_files = 1024;
	m->open_files_wanted = 1024;
	checked(b, "open-files", "well");
	m->open_files_wanted = 1025;
	checked(b, "open-files", "degraded");
	snprintf(m->file_system, sizeof m->file_system, "btrfs");
	checked(b, "copy-on-write", "degraded");
}

/* With one voucher alone others lose us when that one goes. */
static void a_single_voucher(void **state)
{
	struct one_node *b = *state;
	struct forge *other = calloc(1, sizeof *other);

	assert_non_null(other);
	checked(b, "single-voucher", "degraded");
	befriend(b, other, 8);
	checked(b, "single-voucher", "well");
	free(other);
}

/* A backup is missed when there is none, and when the last one is older than a week. */
static void backups(void **state)
{
	struct one_node *b = *state;
	VIZ_WRITER(w, 16);

	checked(b, "backup", "degraded");
	viz_writer_array(&w, 1);
	viz_writer_uint(&w, (uint64_t)b->now.ms);
	assert_int_equal(viz_store_begin(b->store), VIZ_OK);
	assert_int_equal(viz_store_put(b->store, VIZ_TABLE_META, VIZ_META(VIZ_META_BACKUP), w.start,
				       viz_writer_done(&w).len),
			 VIZ_OK);
	assert_int_equal(viz_store_commit(b->store), VIZ_OK);
	checked(b, "backup", "well");
	b->now.ms += 9 * VIZ_DAY_MS;
	checked(b, "backup", "degraded");
}

static void clocks_and_addresses(void **state)
{
	struct one_node *b = *state;

	checked(b, "clock", "well");
	checked(b, "address", "degraded");
	checked(b, "unlinkable", "degraded");
	checked(b, "version", "well");
	say_time(b, viz_after(b->now, 600000));
	checked(b, "clock", "degraded");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	    T(well),
	    T(a_partner_without_a_link),
	    T(a_partner_that_cannot_be_reached),
	    T(a_partner_that_turns_us_away),
	    T(a_revoked_partner),
	    T(a_silent_partner),
	    T(a_wrong_clock),
	    T(our_clock_was_ahead),
	    T(quarantine),
	    T(our_key_is_revoked),
	    T(what_is_not_said),
	    T(the_disk_is_full),
	    T(the_machine_is_looked_at),
	    T(a_single_voucher),
	    T(backups),
	    T(clocks_and_addresses),
	};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
