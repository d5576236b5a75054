/* The file of a backup, and the recovery key: tests/vectors/backup.json was made by another
 * program. */
#include "tests/unit/scratch.h"
#include "tests/unit/vectors.h"

#include <string.h>

#include "crypto/crypto.h"
#include "crypto/recovery.h"
#include "tools/vizinho/backup_file.h"

static char dir[SCRATCH_PATH], path[SCRATCH_PATH + 16];
static uint8_t plain[VIZ_BACKUP_CHUNK];

static void put(const uint8_t *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* Reads all of it; what is wrong. *parts (may be NULL) becomes its parts, one behind the other. */
static enum viz_backup_wrong read_all(const struct viz_secret *secret, uint8_t *out,
				      size_t *out_len, size_t *parts)
{
	static struct viz_backup_reader r;
	enum viz_recovery_chunk kind = VIZ_RECOVERY_MORE;
	enum viz_backup_wrong wrong = viz_backup_file_read_open(&r, path);
	size_t len;

	*out_len = *parts = 0;
	if (wrong == VIZ_BACKUP_RIGHT)
		wrong = viz_backup_file_read_key(&r, secret);
	while (wrong == VIZ_BACKUP_RIGHT && kind != VIZ_RECOVERY_LAST) {
		wrong = viz_backup_file_read_next(&r, plain, &len, &kind);
		if (wrong != VIZ_BACKUP_RIGHT)
			break;
		memcpy(out + *out_len, plain, len);
		*out_len += len;
		*parts += kind != VIZ_RECOVERY_MORE;
	}
	viz_backup_file_read_close(&r);
	return wrong;
}

static struct viz_secret secret_of(const json_t *root)
{
	struct viz_secret secret;

	viz_vectors_fixed(secret.b, sizeof secret.b, root, "secret");
	return secret;
}

static void anothers_files_are_opened(void **state)
{
	json_t *root = viz_vectors_load("backup.json"), *file, *part;
	struct viz_secret secret = secret_of(root);
	static uint8_t out[4096];
	size_t i, k;

	(void)state;
	json_array_foreach(viz_vectors_get(root, "files"), i, file)
	{
		size_t len, out_len, parts, at = 0;
		uint8_t *bytes = viz_vectors_hex(&len, file, "file");

		put(bytes, len);
		assert_int_equal(read_all(&secret, out, &out_len, &parts), VIZ_BACKUP_RIGHT);
		assert_int_equal(parts, json_array_size(viz_vectors_get(file, "parts")));
		json_array_foreach(viz_vectors_get(file, "parts"), k, part)
		{
			uint8_t *wanted = viz_vectors_bytes(&len, part);

			assert_memory_equal(out + at, wanted, len);
			at += len;
			free(wanted);
		}
		assert_int_equal(at, out_len);
		free(bytes);
	}
	json_decref(root);
}

/* A bit of each byte, each length, and one byte more. */
static void every_change_is_refused(void **state)
{
	json_t *root = viz_vectors_load("backup.json");
	struct viz_secret secret = secret_of(root), other = {{1}};
	static uint8_t out[4096];
	size_t len, out_len, parts;
	uint8_t *bytes =
	    viz_vectors_hex(&len, json_array_get(viz_vectors_get(root, "files"), 2), "file");

	(void)state;
	for (size_t i = 0; i < len; i++) {
		bytes[i] ^= (uint8_t)(1u << i % 8);
		put(bytes, len);
		assert_int_not_equal(read_all(&secret, out, &out_len, &parts), VIZ_BACKUP_RIGHT);
		bytes[i] ^= (uint8_t)(1u << i % 8);
	}
	for (size_t n = 0; n < len; n++) {
		enum viz_backup_wrong wanted = n < 8 ? VIZ_BACKUP_NONE : VIZ_BACKUP_SHORT;

		put(bytes, n);
		assert_int_equal(read_all(&secret, out, &out_len, &parts), wanted);
	}
	bytes = realloc(bytes, len + 1);
	assert_non_null(bytes);
	bytes[len] = 0;
	put(bytes, len + 1);
	assert_int_equal(read_all(&secret, out, &out_len, &parts), VIZ_BACKUP_LONG);
	put(bytes, len);
	assert_int_equal(read_all(&other, out, &out_len, &parts), VIZ_BACKUP_OTHER_KEY);
	free(bytes);
	json_decref(root);
}

/* What is longer than a chunk, and what fills one to its end. */
static void what_is_written_reads_back(void **state)
{
	static const size_t sizes[] = {0, 1, VIZ_BACKUP_CHUNK, 3 * VIZ_BACKUP_CHUNK + 5};
	static struct viz_backup_writer w;
	static uint8_t in[4 * VIZ_BACKUP_CHUNK], out[sizeof in];
	struct viz_backup_head head = {.kind = VIZ_BACKUP_COPY, .schema = 9, .made = {1}};
	struct viz_secret secret = {{7}};
	char source[sizeof path + 8];

	(void)state;
	snprintf(source, sizeof source, "%s.in", path);
	viz_recovery_pub(&head.recovery, &secret);
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 31 + i / 256);
	for (size_t n = 0; n < sizeof sizes / sizeof sizes[0]; n++) {
		FILE *f = fopen(source, "w+b");
		size_t len, parts;
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		assert_non_null(f);
		assert_int_equal(fwrite(in, 1, sizes[n], f), sizes[n]);
		rewind(f);
		assert_int_equal(viz_backup_file_write_begin(&w, fd, &head), VIZ_OK);
		assert_int_equal(viz_backup_file_write_part(&w, fileno(f), true, NULL, NULL),
				 VIZ_OK);
		assert_int_equal(viz_backup_file_verify(&w, path), VIZ_OK);
		assert_int_equal(lseek(fd, 0, SEEK_END), w.bytes);
		assert_int_equal(read_all(&secret, out, &len, &parts), VIZ_BACKUP_RIGHT);
		assert_int_equal(len, sizes[n]);
		assert_memory_equal(out, in, len);
		/* what the disk has lost is seen */
		assert_int_equal(ftruncate(fd, (off_t)w.bytes - 1), 0);
		assert_int_equal(viz_backup_file_verify(&w, path), VIZ_ERR_AUTH);
		close(fd);
		fclose(f);
	}
}

static void the_paper_is_read(void **state)
{
	json_t *root = viz_vectors_load("backup.json");
	struct viz_secret secret = secret_of(root), got;
	const char *text = viz_vectors_text(root, "text");
	char shown[VIZ_RECOVERY_TEXT_MAX], typed[2 * VIZ_RECOVERY_TEXT_MAX];
	unsigned group;
	size_t n = 0;

	(void)state;
	viz_recovery_text(shown, &secret);
	assert_string_equal(shown, text);
	/* in capitals, in lines, with what looks like a letter */
	for (size_t i = 0; text[i] != '\0'; i++) {
		char c = text[i] == 'o' ? '0' : text[i] == 'b' ? '8' : text[i];

		c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c == ' ' ? '\n' : c;
		typed[n++] = c;
		if (i % 5 == 0)
			typed[n++] = '-';
	}
	assert_int_equal(viz_recovery_parse(&got, &group, typed, n), VIZ_OK);
	assert_memory_equal(got.b, secret.b, sizeof secret.b);
	json_decref(root);
}

/* Another character, a missing one and groups in another order name the group. */
static void the_wrong_group_is_named(void **state)
{
	char text[VIZ_RECOVERY_TEXT_MAX], other[VIZ_RECOVERY_TEXT_MAX];
	struct viz_secret secret = {{3, 1, 4}}, got;
	unsigned group, unseen = 0;

	(void)state;
	viz_recovery_text(text, &secret);
	for (size_t i = 0; i < strlen(text); i++) {
		unsigned wanted = (unsigned)(i / (VIZ_RECOVERY_GROUP + 1)) + 1;

		if (text[i] == ' ')
			continue;
		strcpy(other, text);
		other[i] = text[i] == 'q' ? 'z' : 'q';
		if (viz_recovery_parse(&got, &group, other, strlen(other)) == VIZ_OK)
			unseen++; /* one in a thousand */
		else
			assert_int_equal(group, wanted);
		memmove(other + i, text + i + 1, strlen(text) - i);
		assert_int_equal(viz_recovery_parse(&got, &group, other, strlen(other)),
				 VIZ_ERR_FORM);
		assert_true(group == wanted || wanted == VIZ_RECOVERY_GROUPS ||
			    group == wanted + 1);
	}
	assert_int_equal(unseen, 0);
	strcpy(other, text);
	memcpy(other, text + 7, 6);
	memcpy(other + 7, text, 6);
	assert_int_equal(viz_recovery_parse(&got, &group, other, strlen(other)), VIZ_ERR_FORM);
	assert_int_equal(group, 1);
	assert_int_equal(viz_recovery_parse(&got, &group, "", 0), VIZ_ERR_FORM);
	assert_int_equal(group, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(anothers_files_are_opened),  cmocka_unit_test(every_change_is_refused),
	    cmocka_unit_test(what_is_written_reads_back), cmocka_unit_test(the_paper_is_read),
	    cmocka_unit_test(the_wrong_group_is_named),
	};
	int failed;

	if (viz_crypto_init() != VIZ_OK)
		return 1;
	scratch_make(dir);
	snprintf(path, sizeof path, "%s/file", dir);
	failed = cmocka_run_group_tests_name("backup_file", tests, NULL, NULL);
	scratch_remove(dir);
	return failed;
}
