/* Evidence of a contradiction: a folder that proves it, and that no changed byte, missing or
 * further file gets past the checks. */
#include "tests/unit/unit.h"

#include <sys/wait.h>

#include "crypto/hash.h"
#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/writer.h"
#include "tests/unit/scratch.h"
#include "tools/vizinho/evidence.h"
#include "tools/vizinho/evidence_disk.h"

#define TIME ((int64_t)20000 * 86400000 + 5000)

static struct viz_federation federation;
static struct viz_signer signer, other;
static uint8_t birth[80];

/* Adds a PLEDGE of the author, with this commitment. */
static void add_pledge(struct viz_evidence *e, const struct viz_signer *by, uint8_t commitment)
{
	struct viz_pledge p = {
	    .offer = {{9}}, .answer = VIZ_ANSWER_YES, .commitment = {{commitment}}};
	uint8_t body[128], bytes[VIZ_PLEDGE_SIGNED];
	struct viz_record rec = {.type = VIZ_TYPE_PLEDGE,
				 .author = e->accused,
				 .slot = viz_record_slot_make((struct viz_time){TIME}, 0),
				 .seq = 1,
				 .time = {TIME},
				 .body = body};
	struct viz_writer w;
	struct viz_id id;
	size_t len;

	viz_writer_init(&w, body, sizeof body);
	viz_pledge_write(&w, &p);
	assert_int_equal(viz_writer_finish(&w, &rec.body_len), VIZ_OK);
	memset(bytes, 0, sizeof bytes);
	assert_int_equal(viz_record_write(bytes + 64, &len, sizeof bytes - 64, &rec), VIZ_OK);
	assert_int_equal(viz_record_parse(&rec, bytes, len + 64), VIZ_OK);
	viz_ids_record(&id, &e->federation_id, &rec);
	viz_sign(&rec.sig, by, &id);
	memcpy(bytes, rec.sig.b, 64);
	assert_int_equal(viz_evidence_add(e, bytes, len + 64), VIZ_OK);
}

/* Two PLEDGEs of one author for one offer, the second one signed by `by`. */
static struct viz_evidence *two_pledges(const struct viz_signer *by, uint8_t second)
{
	struct viz_evidence *e = calloc(1, sizeof *e);

	assert_non_null(e);
	e->rule = VIZ_RULE_TWO_PLEDGES;
	e->about = (struct viz_id){{9}};
	e->federation = federation;
	viz_ids_federation(&e->federation_id, &federation);
	assert_int_equal(viz_evidence_add_author(e, birth), VIZ_OK);
	e->accused = e->author[0];
	add_pledge(e, &signer, 1);
	add_pledge(e, by, second);
	return e;
}

static void drop(struct viz_evidence *e)
{
	viz_evidence_free(e);
	free(e);
}

static void build(struct viz_evidence_folder *out)
{
	struct viz_evidence *e = two_pledges(&signer, 2);
	size_t bad;

	assert_int_equal(viz_evidence_check(e, &bad), VIZ_OK);
	viz_evidence_build(out, e);
	drop(e);
}

static bool other_words;

/* Whether the folder passes all checks of `vizinho audit verify`. */
static bool passes(const struct viz_evidence_folder *f)
{
	struct viz_evidence *e = calloc(1, sizeof *e);
	struct viz_evidence_folder again = {0};
	char bad_name[VIZ_EVIDENCE_NAME];
	const char *name;
	size_t bad;
	bool good;

	other_words = false;
	assert_non_null(e);
	good = viz_evidence_read(e, &name, f) == VIZ_OK && viz_evidence_check(e, &bad) == VIZ_OK;
	if (good) {
		viz_evidence_build(&again, e);
		good = !viz_evidence_compare(f, &again, &other_words) &&
		       (!other_words || viz_evidence_script_fits(f, bad_name));
	}
	viz_evidence_folder_free(&again);
	drop(e);
	return good;
}

static void what_contradicts_is_shown(void **state)
{
	struct viz_evidence *e;
	size_t bad;

	(void)state;
	e = two_pledges(&signer, 2);
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_OK);
	e->about.b[0]++;
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_MEANING);
	e->about.b[0]--;
	e->rule = VIZ_RULE_SALT;
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_MEANING);
	drop(e);
	e = two_pledges(&signer, 1); /* the same one again */
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_MEANING);
	drop(e);
	e = two_pledges(&other, 2); /* somebody else has signed it */
	assert_int_equal(viz_evidence_check(e, &bad), VIZ_ERR_AUTH);
	assert_int_equal(bad, 1);
	drop(e);
}

static void each_byte_counts(void **state)
{
	struct viz_evidence_folder f = {0};
	size_t flipped = 0;

	(void)state;
	build(&f);
	assert_true(passes(&f));
	for (size_t i = 0; i < f.count; i++)
		for (size_t at = 0; at < f.file[i].len; at++) {
			uint8_t bit = (uint8_t)(1 << at % 8);

			f.file[i].bytes[at] ^= bit;
			if (passes(&f))
				fail_msg("%s, byte %zu", f.file[i].name, at);
			f.file[i].bytes[at] ^= bit;
			flipped++;
		}
	assert_true(flipped > 4000);
	assert_true(passes(&f));
	viz_evidence_folder_free(&f);
}

static struct viz_evidence_file *file_of(struct viz_evidence_folder *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->file[i].name, name) == 0)
			return &f->file[i];
	fail_msg("no %s", name);
	return NULL;
}

/* Puts the hash of `from` on into the script in place of `old`. */
static void put_hash(struct viz_evidence_file *script, const char old[65], const uint8_t *from,
		     size_t len)
{
	struct viz_id sum;
	char hex[65];

	viz_hash_plain(&sum, from, len);
	viz_hex(hex, sum.b, sizeof sum.b);
	for (size_t i = 0; i + 64 <= script->len; i++)
		if (memcmp(script->bytes + i, old, 64) == 0) {
			memcpy(script->bytes + i, hex, 64);
			return;
		}
	fail_msg("no such hash");
}

/* What another version of the program wrote has other words, and proves the same. */
static void words_may_change(void **state)
{
	const size_t skip = strlen("#!/bin/sh\nsum=") + 64 + 1;
	struct viz_evidence_folder f = {0};
	struct viz_evidence_file *page, *script;
	struct viz_id sum;
	char old[65];

	(void)state;
	build(&f);
	page = file_of(&f, "README.txt");
	script = file_of(&f, "verify.sh");
	assert_true(passes(&f) && !other_words);
	viz_hash_plain(&sum, page->bytes, page->len);
	viz_hex(old, sum.b, sizeof sum.b);
	page->bytes[3] ^= 1;
	assert_false(passes(&f));
	put_hash(script, old, page->bytes, page->len);
	assert_false(passes(&f));
	memcpy(old, script->bytes + skip - 65, 64);
	put_hash(script, old, script->bytes + skip, script->len - skip);
	assert_true(passes(&f) && other_words);
	file_of(&f, "r/01.id")->bytes[0] ^= 1; /* but no word of a record */
	assert_false(passes(&f));
	viz_evidence_folder_free(&f);
}

static void each_file_counts(void **state)
{
	struct viz_evidence_folder f = {0};

	(void)state;
	build(&f);
	for (size_t i = 0; i < f.count; i++) {
		struct viz_evidence_file kept = f.file[i], *last = &f.file[f.count - 1];

		f.file[i] = *last;
		f.count--;
		assert_false(passes(&f));
		f.count++;
		f.file[f.count - 1] = *last;
		f.file[i] = kept;
		if (last != &f.file[i])
			assert_true(passes(&f));
	}
	snprintf(f.file[0].name, sizeof f.file[0].name, "r/99.input");
	assert_false(passes(&f));
	viz_evidence_folder_free(&f);
}

/* The exit status of verify.sh in the directory. */
static int script(const char *dir)
{
	char command[SCRATCH_PATH + 64];
	int status;

	snprintf(command, sizeof command, "sh %s/verify.sh >/dev/null 2>&1", dir);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void write_bytes(const char *dir, const char *name, const uint8_t *bytes, size_t len)
{
	char path[SCRATCH_PATH + 64];
	FILE *out;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

static void remove_folder(const char *dir, const struct viz_evidence_folder *f)
{
	static const char *const inner[] = {"r", "h", "k", ""};
	char path[SCRATCH_PATH + 64];

	for (size_t i = 0; i < f->count; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, f->file[i].name);
		unlink(path);
	}
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, inner[i]);
		assert_int_equal(rmdir(path), 0);
	}
}

/* verify.sh refuses some changed bytes of each file, a missing file and a further one. */
static void the_script_checks_the_same(void **state)
{
	struct viz_evidence_folder f = {0}, read = {0};
	char scratch[SCRATCH_PATH], dir[SCRATCH_PATH + 16], bad[VIZ_EVIDENCE_DISK_NAME], path[1024];

	(void)state;
	scratch_make(scratch);
	snprintf(dir, sizeof dir, "%s/evidence", scratch);
	build(&f);
	assert_null(viz_evidence_disk_write(&f, dir));
	assert_non_null(viz_evidence_disk_write(&f, dir)); /* it is there already */
	assert_true(viz_evidence_disk_read(&read, bad, dir));
	assert_true(passes(&read));
	assert_int_equal(read.count, f.count);
	assert_int_equal(script(dir), 0);
	for (size_t i = 0; i < f.count; i++)
		for (size_t k = 0; k < 3; k++) {
			size_t at = k == 0 ? 0 : k == 1 ? f.file[i].len / 2 : f.file[i].len - 1;

			f.file[i].bytes[at] ^= 1;
			write_bytes(dir, f.file[i].name, f.file[i].bytes, f.file[i].len);
			if (script(dir) == 0)
				fail_msg("%s, byte %zu", f.file[i].name, at);
			f.file[i].bytes[at] ^= 1;
			write_bytes(dir, f.file[i].name, f.file[i].bytes, f.file[i].len);
		}
	assert_int_equal(script(dir), 0);
	for (size_t i = 0; i < f.count; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, f.file[i].name);
		unlink(path);
		assert_int_not_equal(script(dir), 0);
		write_bytes(dir, f.file[i].name, f.file[i].bytes, f.file[i].len);
	}
	write_bytes(dir, "h/extra", (const uint8_t *)"x", 1);
	assert_int_not_equal(script(dir), 0);
	viz_evidence_folder_free(&read);
	assert_true(viz_evidence_disk_read(&read, bad, dir));
	assert_false(passes(&read));
	snprintf(path, sizeof path, "%s/h/extra", dir);
	unlink(path);
	remove_folder(dir, &f);
	viz_evidence_folder_free(&read);
	viz_evidence_folder_free(&f);
	scratch_remove(scratch);
}

/* Files that are nearly nothing on the disk, as holes are, do not fill the memory. */
static void a_folder_has_a_bound(void **state)
{
	struct viz_evidence_folder f = {0}, read = {0};
	char scratch[SCRATCH_PATH], dir[SCRATCH_PATH + 16], bad[VIZ_EVIDENCE_DISK_NAME], path[1024];

	(void)state;
	scratch_make(scratch);
	snprintf(dir, sizeof dir, "%s/evidence", scratch);
	build(&f);
	assert_null(viz_evidence_disk_write(&f, dir));
	for (unsigned i = 0; i < 9; i++) {
		snprintf(path, sizeof path, "h/hole%u", i);
		write_bytes(dir, path, (const uint8_t *)"", 0);
		snprintf(path, sizeof path, "%s/h/hole%u", dir, i);
		assert_int_equal(truncate(path, 8 << 20), 0);
	}
	assert_false(viz_evidence_disk_read(&read, bad, dir));
	assert_int_equal(strncmp(bad, "h/", 2), 0);
	viz_evidence_folder_free(&read);
	for (unsigned i = 0; i < 9; i++) {
		snprintf(path, sizeof path, "%s/h/hole%u", dir, i);
		unlink(path);
	}
	assert_true(viz_evidence_disk_read(&read, bad, dir));
	remove_folder(dir, &f);
	viz_evidence_folder_free(&read);
	viz_evidence_folder_free(&f);
	scratch_remove(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_contradicts_is_shown),  cmocka_unit_test(each_byte_counts),
	    cmocka_unit_test(words_may_change),           cmocka_unit_test(each_file_counts),
	    cmocka_unit_test(the_script_checks_the_same), cmocka_unit_test(a_folder_has_a_bound),
	};
	struct viz_secret seed = {{1}};

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	viz_federation_default(&federation, "teste");
	viz_sign_seed_keypair(&signer, &seed);
	seed.b[0] = 2;
	viz_sign_seed_keypair(&other, &seed);
	memcpy(birth, signer.pub.b, 32);
	birth[40] = 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
