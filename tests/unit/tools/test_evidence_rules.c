/* Evidence of each rule: a breach is planted, its folder is built and checked by both checks, and
 * both refuse it with a changed byte, a missing or a further file, and name the file. */
#include "tests/unit/tools/plant_evidence.h"

#include <ctype.h>
#include <errno.h>
#include <sys/wait.h>
#include <time.h>

#include "crypto/rng.h"
#include "proto/base.h"
#include "tests/unit/scratch.h"
#include "tools/vizinho/evidence_disk.h"
#include "tools/vizinho/msg.h"

static struct viz_rng rng;

static size_t below(size_t n)
{
	uint8_t random[8];

	viz_rng_bytes(&rng, random, sizeof random);
	return (size_t)(viz_be_get_u64(random) % n);
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
	for (size_t i = 0; i < plant_breach_count; i++) {
		const struct plant_breach *p = &plant_breaches[i];
		struct viz_evidence *e = plant_evidence(p->rule, p->how);

		print_message("# rule %d, breach %d\n", (int)p->rule, (int)p->how);
		rules += i == 0 || p->rule != p[-1].rule;
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
	e = plant_evidence(VIZ_RULE_PLEDGE_FORGED, FORGE_LATER);
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
	e = plant_evidence(VIZ_RULE_LEASE_OUTLASTED, NEXT_RUNS);
	e->stub[1].id.b[0] ^= 1;
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_MEANING);
	drop(e);
}

static void what_the_accused_replied_is_attached(void **state)
{
	struct viz_evidence *e = plant_evidence(VIZ_RULE_ORDER, OTHER_ORDER);
	struct viz_evidence_folder f = {0};
	struct viz_id offer, said, other = {{7}};
	size_t bad;

	(void)state;
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt", "no protest of a partner about this offer"));
	viz_evidence_folder_free(&f);
	assert_true(viz_evidence_offer(e, &offer));
	assert_int_equal(plant_protest(e, &said, &offer), VIZ_OK);
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt", "The reply of the accused: none is here."));
	viz_evidence_folder_free(&f);
	assert_int_equal(plant_reply(e, &offer, &said), VIZ_OK);
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt", "The reply of the accused: \"I failed\""));
	assert_true(says(&f, "LEIAME.txt", "A resposta do acusado: \"falhei\""));
	viz_evidence_folder_free(&f);
	check_all(e, true);
	/* of another offer, or to another protest, it does not belong here */
	assert_int_equal(plant_protest(e, &said, &other), VIZ_OK);
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_AUTH);
	free(e->record_bytes[--e->record_count]);
	e->reply_count--;
	assert_int_equal(plant_reply(e, &offer, &other), VIZ_OK);
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_AUTH);
	drop(e);
}

/* The page says of each record what it is, when its clock said it was signed, and by whom. */
static void each_record_is_listed(void **state)
{
	struct viz_evidence *e = plant_evidence(VIZ_RULE_TWO_PLEDGES, NONE);
	struct viz_evidence_folder f = {0};
	struct viz_id offer, said;
	char line[128];

	(void)state;
	viz_evidence_build(&f, e);
	for (unsigned i = 0; i < 2; i++) {
		time_t t = (time_t)(e->record[i].time.ms / 1000);

		snprintf(line, sizeof line, "   r/%02u     ", i + 1);
		strftime(line + strlen(line), sizeof line - strlen(line),
			 "%Y-%m-%d %H:%M:%S UTC PLEDGE, answer to an offer (the accused)",
			 gmtime(&t));
		assert_true(says(&f, "README.txt", line));
	}
	viz_evidence_folder_free(&f);
	drop(e);
	e = plant_evidence(VIZ_RULE_ORDER, OTHER_ORDER);
	assert_true(viz_evidence_offer(e, &offer));
	assert_int_equal(plant_protest(e, &said, &offer), VIZ_OK);
	viz_evidence_build(&f, e);
	assert_true(says(&f, "LEIAME.txt", "OFFER, oferta (o acusado)"));
	assert_true(says(&f, "LEIAME.txt", "PROTEST, protesto ou resposta (outro)"));
	viz_evidence_folder_free(&f);
	drop(e);
}

/* Each gossiped record may be in evidence, so the page has words for each. */
static void each_type_has_words(void **state)
{
	unsigned known = 0;

	(void)state;
	for (unsigned type = 0; type < VIZ_TYPE_STATEMENT_MIN; type++) {
		char name[32];
		enum viz_msg id;

		snprintf(name, sizeof name, "%s", viz_record_type_name(type));
		if (name[0] == '?')
			continue;
		for (char *p = name; *p; p++)
			*p = (char)tolower((unsigned char)*p);
		if (!viz_msg_find(&id, "evidence_type_", name))
			fail_msg("no words for %s", name);
		known++;
	}
	assert_int_equal(known, 11);
}

/* The page has the name that the accused gives itself. Its text does not leave the quotes. */
static void the_accused_is_named(void **state)
{
	struct viz_evidence *e = plant_evidence(VIZ_RULE_NODE_FALSE, NONE);
	struct viz_evidence_folder f = {0};
	unsigned names = 0;

	(void)state;
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt",
			 "   \"the origin\", CNPJ 11222333000181 So the accused presents itself"));
	assert_true(says(&f, "LEIAME.txt",
			 "   \"the origin\", CNPJ 11222333000181 Assim o acusado se apresenta"));
	viz_evidence_folder_free(&f);
	for (size_t i = 0; i < e->record_count; i++) {
		uint8_t *at = memmem(e->record_bytes[i], e->record[i].len + 64, "the origin", 10);

		if (at) {
			memcpy(at, "the\".  No!", 10);
			names++;
		}
	}
	assert_true(names > 0);
	viz_evidence_build(&f, e);
	assert_true(says(&f, "README.txt", "   \"the'.  No!\", CNPJ 11222333000181 So"));
	viz_evidence_folder_free(&f);
	drop(e);
	/* no NODE proves this rule: the id stands alone */
	e = plant_evidence(VIZ_RULE_ORDER, OTHER_ORDER);
	viz_evidence_build(&f, e);
	assert_false(says(&f, "README.txt", "presents itself"));
	viz_evidence_folder_free(&f);
	drop(e);
}

/* verify.sh speaks the reader's language. */
static void the_script_speaks_two_languages(void **state)
{
	static const struct {
		const char *lang, *all, *not ;
	} rows[] = {
	    {"pt_BR.UTF-8", "tudo confere, e os bytes se contradizem como diz o LEIAME.txt\n",
	     "não confere: README.txt\n"},
	    {"en_US.UTF-8", "all fits, and the bytes contradict each other as README.txt says\n",
	     "does not fit: README.txt\n"},
	    {"C", "all fits, and the bytes contradict each other as README.txt says\n",
	     "does not fit: README.txt\n"},
	};
	struct viz_evidence *e = plant_evidence(VIZ_RULE_NODE_FALSE, NONE);
	char scratch[SCRATCH_PATH], dir[SCRATCH_PATH + 16], said[256];
	struct viz_evidence_folder f = {0};
	struct viz_evidence_file *page = NULL;

	(void)state;
	viz_evidence_build(&f, e);
	for (size_t i = 0; i < f.count; i++)
		if (strcmp(f.file[i].name, "README.txt") == 0)
			page = &f.file[i];
	assert_non_null(page);
	scratch_make(scratch);
	snprintf(dir, sizeof dir, "%s/evidence", scratch);
	assert_null(viz_evidence_disk_write(&f, dir));
	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(setenv("LANG", rows[i].lang, 1), 0);
		assert_int_equal(script(dir, said), 0);
		assert_string_equal(said, rows[i].all);
		page->bytes[9] ^= 1;
		write_file(dir, page);
		assert_int_equal(script(dir, said), 1);
		assert_string_equal(said, rows[i].not );
		page->bytes[9] ^= 1;
		write_file(dir, page);
	}
	assert_int_equal(setenv("LANG", "en", 1), 0);
	remove_folder(dir, &f);
	scratch_remove(scratch);
	viz_evidence_folder_free(&f);
	drop(e);
}

/* What says more than ids is never taken, whoever signed it. */
static void no_receipt_and_no_award(void **state)
{
	static const uint8_t never[] = {VIZ_TYPE_RECEIPT,   VIZ_TYPE_REVEAL,  VIZ_TYPE_AWARD,
					VIZ_TYPE_CONTACTED, VIZ_TYPE_OUTCOME, VIZ_TYPE_WITHDRAWAL};
	struct viz_evidence *e = plant_evidence(VIZ_RULE_ORDER, OTHER_ORDER);

	(void)state;
	for (size_t i = 0; i < sizeof never; i++)
		assert_int_equal(plant_empty(e, never[i]), VIZ_ERR_FORM);
	drop(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_rule_has_evidence),
	    cmocka_unit_test(a_later_key_needs_the_view),
	    cmocka_unit_test(the_log_between_counts),
	    cmocka_unit_test(what_the_accused_replied_is_attached),
	    cmocka_unit_test(each_type_has_words),
	    cmocka_unit_test(each_record_is_listed),
	    cmocka_unit_test(the_accused_is_named),
	    cmocka_unit_test(the_script_speaks_two_languages),
	    cmocka_unit_test(no_receipt_and_no_award),
	};
	const char *text = getenv("VIZ_SEED");
	struct viz_secret seed = {{text ? (uint8_t)atoi(text) : 1}};

	plant_open();
	viz_rng_seed(&rng, &seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
