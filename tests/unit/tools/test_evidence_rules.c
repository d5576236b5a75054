/* Evidence of each rule: a breach is planted, its folder is built and checked by both checks, and
 * both refuse it with a changed byte, a missing or a further file, and name the file. */
#include "tests/unit/node/audit/offered.h"

#include <errno.h>
#include <sys/wait.h>

#include "crypto/rng.h"
#include "proto/proof.h"
#include "proto/protest.h"
#include "tests/unit/scratch.h"
#include "tools/vizinho/evidence.h"
#include "tools/vizinho/evidence_disk.h"

static struct viz_rng rng;
static const struct viz_id unseen_offer = {{20}}; /* its pledges are enough */

static size_t below(size_t n)
{
	uint8_t random[8];

	viz_rng_bytes(&rng, random, sizeof random);
	return (size_t)(viz_be_get_u64(random) % n);
}

/* ---- the breaches ---- */

static struct viz_evidence *begin(enum viz_rule rule, const struct viz_id *accused)
{
	struct viz_evidence *e = calloc(1, sizeof *e);
	uint8_t bytes[80];

	assert_non_null(e);
	e->rule = rule;
	e->accused = *accused;
	e->federation = federation;
	viz_ids_federation(&e->federation_id, &federation);
	for (size_t i = 0; i < 3; i++) { /* the origin, a and b */
		memcpy(bytes, made_author[i].birth.first_key.b, 32);
		memcpy(bytes + 32, made_author[i].birth.next_hash.b, 32);
		memcpy(bytes + 64, made_author[i].birth.nonce, 16);
		assert_int_equal(viz_evidence_add_author(e, bytes), VIZ_OK);
	}
	return e;
}

static void put(struct viz_evidence *e, const struct viz_record *rec)
{
	assert_int_equal(viz_evidence_add(e, rec->bytes - 64, rec->len + 64), VIZ_OK);
}

static bool shows(struct viz_evidence *e, const struct viz_id *about)
{
	size_t bad;
	int err;

	e->about = *about;
	err = viz_evidence_check(e, &bad);
	assert_int_not_equal(err, VIZ_ERR_AUTH);
	return err == VIZ_OK;
}

/* Finds what the breach is about: an author, a record, the digest of the view, or a type. */
static void find_about(struct viz_evidence *e)
{
	struct viz_id type = {{VIZ_TYPE_PARTNERS}}, id;

	if (shows(e, &origin) || shows(e, &a) || shows(e, &b) || shows(e, &view_digest) ||
	    shows(e, &type) || shows(e, &unseen_offer))
		return;
	for (size_t i = 0; i < made_count; i++) {
		viz_ids_record(&id, &e->federation_id, &made[i].rec);
		if (shows(e, &id))
			return;
	}
	fail_msg("rule %d: not shown", (int)e->rule);
}

/* The view, with the items of one author and their records. */
static void put_view(struct viz_evidence *e, const struct viz_case *c, const struct viz_id *of)
{
	memcpy(e->view, view_hash, sizeof view_hash);
	e->view_count = view_hash_count;
	e->items.author = *of;
	e->items.list.count = items_of(c, e->items.list.item, of);
	for (size_t i = 0; i < c->view_count; i++)
		if (viz_id_eq(&c->view[i].author, of) && !c->view[i].dead)
			put(e, &c->view[i].rec);
}

static void put_next(struct viz_evidence *e, const struct viz_case *c)
{
	put(e, c->next);
	memcpy(e->stub, c->stub, c->stub_count * sizeof *c->stub);
	e->stub_count = c->stub_count;
	e->stub_log = LOG;
	e->stub_number = 5;
}

/* The records of the rule, of an offer with this breach. */
static struct viz_evidence *of_case(enum breach how, enum viz_rule rule)
{
	static const uint8_t acks[] = {[VIZ_RULE_OMITTED_ACKNOWLEDGED] = VIZ_TYPE_COVERAGE_ACK,
				       [VIZ_RULE_PLEDGE_DROPPED] = VIZ_TYPE_PLEDGE_ACK,
				       [VIZ_RULE_REVEAL_DROPPED] = VIZ_TYPE_REVEAL_ACK,
				       [VIZ_RULE_LEASE_OUTLASTED] = VIZ_TYPE_LEASE,
				       [VIZ_RULE_PROOF_FALSE] = 0};
	struct viz_case c = make_case(how);
	struct viz_evidence *e = begin(rule, &origin);

	put(e, c.offer);
	put(e, &named_made->rec);
	if (rule == VIZ_RULE_OMITTED_ACKNOWLEDGED) {
		put(e, c.node);
		put(e, c.coverage);
	}
	if (rule >= VIZ_RULE_CLOSED_EARLY && rule <= VIZ_RULE_ORDER)
		put(e, c.close);
	if (rule >= VIZ_RULE_SALT && rule <= VIZ_RULE_CHOICE_ORDER)
		put(e, c.result);
	for (size_t i = 0; i < c.choice_count && rule >= VIZ_RULE_CHOICE_ORDER; i++)
		put(e, &c.choice[i]);
	for (size_t i = 0; i < c.statement_count; i++)
		if (acks[rule] != 0 && c.statement[i].type == acks[rule])
			put(e, &c.statement[i]);
	if (rule == VIZ_RULE_LEASE_OUTLASTED && c.next)
		put_next(e, &c);
	if (rule == VIZ_RULE_OMITTED || rule == VIZ_RULE_UNFOUNDED)
		put_view(e, &c, &b);
	if (rule == VIZ_RULE_OMITTED_ACKNOWLEDGED || how == FORGE_LATER)
		put_view(e, &c, &a);
	return e;
}

static struct made *node_of(int64_t time, const struct viz_id *names)
{
	static struct viz_node_body n;
	BODY(body);

	n = (struct viz_node_body){.partners = *names, .log = LOG};
	snprintf(n.name, sizeof n.name, "the origin");
	snprintf(n.version, sizeof n.version, "1");
	viz_node_body_write(&body, &n);
	return make(&origin, VIZ_TYPE_NODE, 0, time, &body);
}

/* An OFFER of the origin, the n-th of the day. a is asked under its turn 2. */
static struct made *offer_of(uint32_t number, int64_t time, uint32_t draw, const struct made *node,
			     uint64_t n)
{
	static struct viz_offer o;
	BODY(body);

	o = (struct viz_offer){.at = {LOG, number, {{0}}, number},
			       .node = node ? node->id : node_id,
			       .node_time = {time - 1000},
			       .partners = named_made->id,
			       .draw = draw,
			       .drawn = {time - 1000},
			       .closes = {time + 30000},
			       .area = {.municipality = CITY}};
	o.asked[o.asked_count++] = (struct viz_list_entry){A, 2, false};
	o.not_drawn[o.not_drawn_count++] = (struct viz_list_entry){B, 3, true};
	viz_offer_write(&body, &o);
	return make(&origin, VIZ_TYPE_OFFER, n << 8, time, &body);
}

static struct viz_evidence *two(enum viz_rule rule, const struct viz_id *accused,
				const struct made *x, const struct made *y)
{
	struct viz_evidence *e = begin(rule, accused);

	put(e, &x->rec);
	put(e, &y->rec);
	return e;
}

static struct viz_evidence *of_partners(enum viz_rule rule)
{
	struct viz_partner_entry entry = since(&a, 1000);
	struct made *older, *newer;

	previous = (struct viz_id){{0}};
	older = partners(&origin, OFFERED, 1, &entry);
	if (rule == VIZ_RULE_EQUIVOCATION)
		return two(rule, &origin, older, partners(&origin, OFFERED, 0, &entry));
	previous = older->id;
	if (rule == VIZ_RULE_PARTNER_DATES) /* a is gone without a removal */
		return two(rule, &origin, older, partners(&origin, OFFERED + 7, 0, &entry));
	newer = partners(&origin, OFFERED + 7, 1, &entry);
	return two(rule, &origin, newer, node_of(OFFERED + 8, &older->id));
}

/* The customer's proof says that b was asked first. */
static struct viz_evidence *of_proof(void)
{
	struct viz_evidence *e = of_case(NONE, VIZ_RULE_PROOF_FALSE);
	struct viz_proof p = {.text_version = "1", .asked_count = 2, .asked = {b, a}};
	BODY(body);

	viz_ids_record(&p.offer, &e->federation_id, &e->record[0]);
	viz_proof_write(&body, &p);
	signing_seq = 0;
	put(e, &make(&origin, VIZ_TYPE_PROOF, e->record[0].slot, CLOSES + 1, &body)->rec);
	signing_seq = -1;
	return e;
}

static struct viz_evidence *of_log(enum viz_rule rule)
{
	static struct viz_close close;
	struct viz_evidence *e;
	struct made *x, *y;
	BODY(body);

	switch ((int)rule) {
	case VIZ_RULE_NODE_FALSE:
		y = node_of(OFFERED, &named_made->id); /* the OFFER says another time */
		return two(rule, &origin, offer_of(1, OFFERED + 5, 5, y, 0), y);
	case VIZ_RULE_LOG_MIXED:
		x = offer_of(1, OFFERED, 5, NULL, 0);
		close =
		    (struct viz_close){.at = {LOG + 1, 2, {{0}}, 1}, .offer = x->id, .count = 1};
		viz_close_write(&body, &close);
		return two(rule, &origin, x, make(&origin, VIZ_TYPE_CLOSE, 0, OFFERED + 5, &body));
	case VIZ_RULE_LOG_FORK:
		return two(rule, &origin, offer_of(1, OFFERED, 5, NULL, 0),
			   offer_of(1, OFFERED + 1, 6, NULL, 1));
	case VIZ_RULE_LOG_ORDER:
		return two(rule, &origin, offer_of(1, OFFERED + 1, 5, NULL, 0),
			   offer_of(2, OFFERED, 6, NULL, 1));
	default: /* of two draws */
		x = offer_of(1, OFFERED, 5, NULL, 0);
		y = offer_of(2, OFFERED + 5, rule == VIZ_RULE_DRAW_DOUBLE ? 5 : 6, NULL, 1);
		e = two(rule, &origin, x, y);
		put(e, &named_made->rec);
		return e;
	}
}

static struct viz_evidence *of_pledges(void)
{
	struct made *first = make_pledge(&a, &unseen_offer, &proposal[0], VIZ_ANSWER_YES);

	return two(VIZ_RULE_TWO_PLEDGES, &a, first,
		   make_pledge(&a, &unseen_offer, &proposal[1], VIZ_ANSWER_YES));
}

static const struct {
	enum viz_rule rule;
	enum breach how; /* NONE: one of the functions above */
} breaches[] = {
    {VIZ_RULE_EQUIVOCATION, NONE},
    {VIZ_RULE_PARTNER_DATES, NONE},
    {VIZ_RULE_PARTNER_BACKDATED, NONE},
    {VIZ_RULE_NODE_FALSE, NONE},
    {VIZ_RULE_NODE_STALE, OLD_NODE_NAMED},
    {VIZ_RULE_LOG_FORK, NONE},
    {VIZ_RULE_LOG_ORDER, NONE},
    {VIZ_RULE_LOG_MIXED, NONE},
    {VIZ_RULE_DRAW_DOUBLE, NONE},
    {VIZ_RULE_DRAW_SHORT, DRAW_FEWER},
    {VIZ_RULE_DRAW_TURN, SKIP_TURN},
    {VIZ_RULE_TURN_FALSE, NONE},
    {VIZ_RULE_NEWCOMER_FALSE, UNMARK_A},
    {VIZ_RULE_OMITTED, OMIT_B},
    {VIZ_RULE_OMITTED_ACKNOWLEDGED, OMIT_ACKNOWLEDGED},
    {VIZ_RULE_UNFOUNDED, LIST_STRANGER},
    {VIZ_RULE_FALSE_REASON, CALL_B_BLOCKED},
    {VIZ_RULE_ASKED_OUTSIDE, ASK_B_OUTSIDE},
    {VIZ_RULE_CLOSED_EARLY, CLOSE_EARLY},
    {VIZ_RULE_PLEDGE_FORGED, FORGE_PLEDGE},
    {VIZ_RULE_PLEDGE_FORGED, FORGE_LATER},
    {VIZ_RULE_PLEDGE_FORGED, OTHER_SIGNER},
    {VIZ_RULE_PLEDGE_DROPPED, DROP_PLEDGE},
    {VIZ_RULE_CLOSE_ENTRIES, OTHER_OFFER},
    {VIZ_RULE_TWO_PLEDGES, NONE},
    {VIZ_RULE_SALT, OTHER_SALT},
    {VIZ_RULE_RESULT_FALSE, OTHER_CLOSE},
    {VIZ_RULE_REVEAL_FALSE, FALSE_REVEAL},
    {VIZ_RULE_REVEAL_DROPPED, DROP_REVEAL},
    {VIZ_RULE_RESULT_EARLY, EARLY_RESULT},
    {VIZ_RULE_ORDER, OTHER_ORDER},
    {VIZ_RULE_CHOICE_ORDER, CHOICE_AFTER_NONE},
    {VIZ_RULE_LEASE_OUTLASTED, LEASE_RUNS},
    {VIZ_RULE_LEASE_OUTLASTED, NEXT_AFTER_NONE},
    {VIZ_RULE_PROOF_FALSE, NONE},
};
#define BREACH_COUNT (sizeof breaches / sizeof *breaches)

static struct viz_evidence *plant(size_t i)
{
	enum viz_rule rule = breaches[i].rule;
	struct viz_evidence *e;

	if (breaches[i].how != NONE) {
		e = of_case(breaches[i].how, rule);
	} else if (rule == VIZ_RULE_PROOF_FALSE) {
		e = of_proof();
	} else {
		make_case(NONE); /* for its PARTNERS */
		e = rule <= VIZ_RULE_PARTNER_BACKDATED ? of_partners(rule)
		    : rule == VIZ_RULE_TWO_PLEDGES     ? of_pledges()
						       : of_log(rule);
	}
	find_about(e);
	return e;
}

/* ---- the checks ---- */

/* Whether the folder passes what `vizinho audit verify` looks at behind the hashes of verify.sh. */
static bool proves(const struct viz_evidence_folder *f)
{
	struct viz_evidence *e = calloc(1, sizeof *e);
	struct viz_evidence_folder again = {0};
	bool other_words = false, good;
	const char *name;
	size_t bad;

	assert_non_null(e);
	good = viz_evidence_read(e, &name, f) == VIZ_OK && viz_evidence_check(e, &bad) == VIZ_OK;
	if (good) {
		viz_evidence_build(&again, e);
		good = !viz_evidence_compare(f, &again, &other_words) && !other_words;
	}
	viz_evidence_folder_free(&again);
	viz_evidence_free(e);
	free(e);
	return good;
}

static void refused(const struct viz_evidence_folder *f, const char *names)
{
	char bad[VIZ_EVIDENCE_NAME];

	if (viz_evidence_script_fits(f, bad) || strcmp(bad, names) != 0)
		fail_msg("%s is named, and not %s", bad, names);
}

/* A byte of each file: its first, its last, and one at random. That one does not pass the rest of
 * the check either, whatever hashes verify.sh has. */
static void flip_bytes(struct viz_evidence_folder *f)
{
	for (size_t i = 0; i < f->count; i++)
		for (unsigned k = 0; k < 3; k++) {
			struct viz_evidence_file *x = &f->file[i];
			size_t at = k == 0 ? 0 : k == 1 ? x->len - 1 : below(x->len);
			uint8_t bit = (uint8_t)(1 << below(8));

			x->bytes[at] ^= bit;
			refused(f, x->name);
			if (k == 2 && proves(f))
				fail_msg("%s, byte %zu", x->name, at);
			x->bytes[at] ^= bit;
		}
}

static void take_and_add(struct viz_evidence_folder *f)
{
	static char extra[] = "x";

	for (size_t i = 0; i < f->count; i++) {
		struct viz_evidence_file kept = f->file[i];

		f->file[i] = f->file[--f->count];
		refused(f, kept.name);
		if (below(8) == 0)
			assert_false(proves(f));
		f->file[f->count++] = f->file[i];
		f->file[i] = kept;
	}
	f->file = realloc(f->file, (f->count + 1) * sizeof *f->file);
	f->file[f->count] = (struct viz_evidence_file){.bytes = (uint8_t *)extra, .len = 1};
	snprintf(f->file[f->count++].name, VIZ_EVIDENCE_NAME, "reply/99.input");
	refused(f, "reply/99.input");
	assert_false(proves(f));
	f->count--;
}

/* Runs verify.sh. Returns its exit status; `out` gets what it says. */
static int script(const char *dir, char out[256])
{
	char command[SCRATCH_PATH + 64];
	size_t len;
	FILE *in;

	snprintf(command, sizeof command, "sh %s/verify.sh 2>&1", dir);
	in = popen(command, "r");
	assert_non_null(in);
	len = fread(out, 1, 255, in);
	out[len] = '\0';
	return WEXITSTATUS(pclose(in));
}

static void write_file(const char *dir, const struct viz_evidence_file *x)
{
	char path[SCRATCH_PATH + 64];
	FILE *out;

	snprintf(path, sizeof path, "%s/%s", dir, x->name);
	out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(x->bytes, 1, x->len, out), x->len);
	assert_int_equal(fclose(out), 0);
}

static void remove_folder(const char *dir, const struct viz_evidence_folder *f)
{
	static const char *const inner[] = {"r", "h", "k", "reply", ""};
	char path[SCRATCH_PATH + 64];

	for (size_t i = 0; i < f->count; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, f->file[i].name);
		unlink(path);
	}
	for (size_t i = 0; i < 5; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, inner[i]);
		if (rmdir(path) != 0)
			assert_int_equal(errno, ENOENT);
	}
}

/* verify.sh passes the folder. With `changes` it names a changed file and a missing one. */
static void run_script(struct viz_evidence_folder *f, bool changes)
{
	struct viz_evidence_file *x = &f->file[below(f->count)];
	char scratch[SCRATCH_PATH], dir[SCRATCH_PATH + 16], path[SCRATCH_PATH + 64], said[256];
	uint8_t *byte = &x->bytes[below(x->len)];

	scratch_make(scratch);
	snprintf(dir, sizeof dir, "%s/evidence", scratch);
	assert_null(viz_evidence_disk_write(f, dir));
	if (script(dir, said) != 0)
		fail_msg("verify.sh: %s", said);
	if (!changes)
		goto done;
	if (strcmp(x->name, "verify.sh") == 0) { /* the shell may not understand it */
		x = &f->file[0];
		byte = x->bytes;
	}
	*byte ^= 1;
	write_file(dir, x);
	assert_int_equal(script(dir, said), 1);
	assert_non_null(strstr(said, x->name));
	*byte ^= 1;
	VIZ_REQUIRE(x->name);
	snprintf(path, sizeof path, "%s/%s", dir, x->name);
	unlink(path);
	assert_int_equal(script(dir, said), 1);
	assert_non_null(strstr(said, x->name));
	write_file(dir, x);
done:
	remove_folder(dir, f);
	scratch_remove(scratch);
}

static const struct viz_evidence_file *file_of(const struct viz_evidence_folder *f,
					       const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->file[i].name, name) == 0)
			return &f->file[i];
	fail_msg("no %s", name);
	return NULL;
}

/* Whether the page has these words, in one line or several. */
static bool says(const struct viz_evidence_folder *f, const char *page, const char *words)
{
	const struct viz_evidence_file *x = file_of(f, page);
	char *text = calloc(1, x->len + 1);
	bool there;

	assert_non_null(text);
	for (size_t i = 0; i < x->len; i++)
		text[i] = (char)(x->bytes[i] == '\n' ? ' ' : x->bytes[i]);
	there = strstr(text, words) != NULL;
	free(text);
	return there;
}

static void check_all(struct viz_evidence *e, bool changes)
{
	struct viz_evidence_folder f = {0};
	char bad[VIZ_EVIDENCE_NAME];

	viz_evidence_build(&f, e);
	assert_true(viz_evidence_script_fits(&f, bad));
	assert_true(proves(&f));
	flip_bytes(&f);
	take_and_add(&f);
	run_script(&f, changes);
	viz_evidence_folder_free(&f);
}

static void drop(struct viz_evidence *e)
{
	viz_evidence_free(e);
	free(e);
}

/* ---- the tests ---- */

static void each_rule_has_evidence(void **state)
{
	unsigned rules = 0;

	(void)state;
	for (size_t i = 0; i < BREACH_COUNT; i++) {
		struct viz_evidence *e = plant(i);

		print_message("# rule %d, breach %d\n", (int)breaches[i].rule,
			      (int)breaches[i].how);
		rules += i == 0 || breaches[i].rule != breaches[i - 1].rule;
		check_all(e, i % 12 == 0); /* each run of the shell takes its time */
		drop(e);
	}
	assert_int_equal(rules, VIZ_RULE_PROOF_FALSE);
}

/* Without the view, nobody knows which key a later one is. */
static void a_later_key_needs_the_view(void **state)
{
	struct viz_evidence *e;
	size_t bad;

	(void)state;
	e = of_case(FORGE_LATER, VIZ_RULE_PLEDGE_FORGED);
	find_about(e);
	e->view_count = 0;
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_MEANING);
	drop(e);
}

/* The lease is only shown to run by the log up to the next OFFER. */
static void the_log_between_counts(void **state)
{
	struct viz_evidence *e;
	size_t bad;

	(void)state;
	e = of_case(NEXT_RUNS, VIZ_RULE_LEASE_OUTLASTED);
	find_about(e);
	e->stub[1].id.b[0] ^= 1;
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_MEANING);
	drop(e);
}

/* A PROTEST of a about the offer, or the origin's reply to one. */
static struct made *protest(const struct viz_id *by, const struct viz_id *offer,
			    const struct viz_id *answers)
{
	struct viz_protest p = {.origin = origin,
				.node = node_id,
				.node_time = {OFFERED - 1000},
				.partners = named_id,
				.has_offer = !answers,
				.kind = answers ? VIZ_PROTEST_REPLY : VIZ_PROTEST_VIEW,
				.reply_count = answers != NULL};
	BODY(body);

	memcpy(p.offer, offer->b, sizeof p.offer);
	if (answers)
		p.reply[0] = (struct viz_protest_reply){*answers, VIZ_PROTEST_FAILED};
	viz_protest_write(&body, &p);
	return make(by, VIZ_TYPE_PROTEST, (uint64_t)(answers ? 32 : 0) << 8, OFFERED + 60000,
		    &body);
}

static int add_reply(struct viz_evidence *e, const struct made *m)
{
	return viz_evidence_add_reply(e, m->bytes, m->rec.len + 64);
}

static void what_the_accused_replied_is_attached(void **state)
{
	struct viz_evidence *e = of_case(OTHER_ORDER, VIZ_RULE_ORDER);
	struct viz_evidence_folder f = {0};
	struct viz_id offer, other = {{7}};
	struct made *said;
	size_t bad;

	(void)state;
	find_about(e);
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt", "no protest of a partner about this offer"));
	viz_evidence_folder_free(&f);
	assert_true(viz_evidence_offer(e, &offer));
	said = protest(&a, &offer, NULL);
	assert_int_equal(add_reply(e, said), VIZ_OK);
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt", "The reply of the accused: none is here."));
	viz_evidence_folder_free(&f);
	assert_int_equal(add_reply(e, protest(&origin, &offer, &said->id)), VIZ_OK);
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt", "The reply of the accused: \"I failed\""));
	assert_true(says(&f, "LEIAME.txt", "A resposta do acusado: \"falhei\""));
	viz_evidence_folder_free(&f);
	check_all(e, true);
	/* of another offer, or to another protest, it does not belong here */
	assert_int_equal(add_reply(e, protest(&a, &other, NULL)), VIZ_OK);
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_AUTH);
	e->record_count--;
	e->reply_count--;
	assert_int_equal(add_reply(e, protest(&origin, &offer, &other)), VIZ_OK);
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_AUTH);
	drop(e);
}

/* What says more than ids is never taken, whoever signed it. */
static void no_receipt_and_no_award(void **state)
{
	static const uint8_t never[] = {VIZ_TYPE_RECEIPT,   VIZ_TYPE_REVEAL,  VIZ_TYPE_AWARD,
					VIZ_TYPE_CONTACTED, VIZ_TYPE_OUTCOME, VIZ_TYPE_WITHDRAWAL};
	struct viz_evidence *e = of_case(OTHER_ORDER, VIZ_RULE_ORDER);

	(void)state;
	for (size_t i = 0; i < sizeof never; i++) {
		struct made *m;
		BODY(body);

		viz_writer_array(&body, 0);
		m = make(&origin, never[i], e->record[0].slot, OFFERED, &body);
		assert_int_equal(viz_evidence_add(e, m->bytes, m->rec.len + 64), VIZ_ERR_FORM);
	}
	drop(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_rule_has_evidence),
	    cmocka_unit_test(a_later_key_needs_the_view),
	    cmocka_unit_test(the_log_between_counts),
	    cmocka_unit_test(what_the_accused_replied_is_attached),
	    cmocka_unit_test(no_receipt_and_no_award),
	};
	const char *text = getenv("VIZ_SEED");
	struct viz_secret seed = {{text ? (uint8_t)atoi(text) : 1}};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
	viz_rng_seed(&rng, &seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
