/* The reader of pages finds each damage, or what it does not find changes nothing. */
#include "tests/unit/store/open_store.h"

#include "store/checksum.h"
#include "store/pages.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096

struct random {
	uint64_t x;
};

static uint32_t draw(struct random *r, uint32_t below)
{
	r->x ^= r->x << 13;
	r->x ^= r->x >> 7;
	r->x ^= r->x << 17;
	return (uint32_t)(r->x >> 32) % below;
}

struct file {
	uint8_t *bytes;
	size_t len;
};

static void path_of(char *path, const struct open_store *b)
{
	snprintf(path, SCRATCH_PATH + 16, "%s/store.mdb", b->dir);
}

static struct file load(const struct open_store *b)
{
	char path[SCRATCH_PATH + 16];
	struct file f = {0};
	struct stat st;
	int fd;

	path_of(path, b);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	f.len = (size_t)st.st_size;
	f.bytes = malloc(f.len);
	assert_true(f.bytes && read(fd, f.bytes, f.len) == (ssize_t)f.len);
	close(fd);
	return f;
}

static void save(const struct open_store *b, const struct file *f)
{
	char path[SCRATCH_PATH + 16];
	int fd;

	path_of(path, b);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0 && write(fd, f->bytes, f->len) == (ssize_t)f->len &&
		    ftruncate(fd, (off_t)f->len) == 0);
	close(fd);
}

static int add(void *arg, enum viz_table table, const struct viz_slice *key,
	       const struct viz_slice *stored, bool right)
{
	uint64_t *sum = arg;

	if (right)
		*sum = viz_checksum_xxh64(stored->p, stored->len,
					  viz_checksum_xxh64(key->p, key->len, *sum + table));
	return 0;
}

/* *sum: of all rows that are right. */
static int read_pages(const struct open_store *b, struct viz_damage *damage, uint64_t *sum)
{
	char path[SCRATCH_PATH + 16];
	uint32_t version;
	int fd, err;

	*sum = 0;
	path_of(path, b);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	err = viz_pages_read(damage, &version, fd, add, sum);
	close(fd);
	if (err == 0)
		assert_int_equal(version, VIZ_SCHEMA_VERSION);
	return err;
}

/* Rows of all sizes in some tables, also changed and deleted. */
static void fill(struct viz_store *s, struct random *r, unsigned transactions)
{
	static const size_t sizes[] = {0, 20, 300, 900, 2000, 6000, 40000};
	static uint8_t value[40000];

	for (unsigned n = 0; n < transactions; n++) {
		assert_int_equal(viz_store_begin(s), 0);
		for (unsigned i = 0; i < 60; i++) {
			enum viz_table t = i % 3 == 0   ? VIZ_TABLE_LOOKUP
					   : i % 3 == 1 ? VIZ_TABLE_LEAD
							: VIZ_TABLE_RECORD;
			uint8_t key[8] = {0};

			key[0] = (uint8_t)draw(r, 40);
			key[7] = (uint8_t)draw(r, 20);
			if (draw(r, 4) == 0) {
				viz_store_del(s, t, key, 8);
				continue;
			}
			memset(value, (int)draw(r, 256), sizeof value);
			assert_int_equal(viz_store_put(s, t, key, 8, value,
						       draw(r, (uint32_t)sizes[draw(r, 7)] + 1)),
					 0);
		}
		assert_int_equal(viz_store_commit(s), 0);
	}
}

static void whole_stores_are_sound(void **state)
{
	struct open_store *b = *state;
	struct random r = {88172645463325252u};
	struct viz_damage damage;
	uint64_t sum;

	b->quick = true;
	viz_store_close(b->s);
	assert_int_equal(open_sized(b, UINT64_C(64) << 20), 0);
	assert_int_equal(read_pages(b, &damage, &sum), 0);
	for (unsigned i = 0; i < 60; i++) {
		fill(b->s, &r, 1 + i % 4);
		assert_int_equal(read_pages(b, &damage, &sum), 0);
	}
	check(b->s);
}

static void hurt(struct file *f, struct random *r, const struct file *old, unsigned kind)
{
	size_t page = draw(r, (uint32_t)(f->len / PAGE)) * PAGE;
	size_t at = draw(r, PAGE);

	switch (kind) {
	case 0:
		f->bytes[page + at] ^= (uint8_t)(1u << draw(r, 8));
		break;
	case 1: /* torn */
		memset(f->bytes + page + at, 0, PAGE - at);
		break;
	case 2:
		memset(f->bytes + page, 0, PAGE);
		break;
	case 3: /* stale */
		if (page + PAGE <= old->len)
			memcpy(f->bytes + page, old->bytes + page, PAGE);
		break;
	case 4: /* as another page */
		memcpy(f->bytes + page, f->bytes + draw(r, (uint32_t)(f->len / PAGE)) * PAGE, PAGE);
		break;
	default:
		f->len = page + at;
		break;
	}
}

/* Cuts what was only kept free behind the last page, which no damage can hurt. */
static void cut(struct file *f)
{
	while (f->len > PAGE && f->bytes[f->len - 1] == 0)
		f->len--;
	f->len = (f->len + PAGE - 1) / PAGE * PAGE;
}

static void each_damage_is_found(void **state)
{
	struct open_store *b = *state;
	struct random r = {362436069};
	struct file old, whole;
	struct viz_damage damage;
	uint64_t sum, right;
	unsigned found = 0;

	b->quick = true;
	viz_store_close(b->s);
	assert_int_equal(open_sized(b, UINT64_C(64) << 20), 0);
	fill(b->s, &r, 12);
	old = load(b); /* two commits older: a head of the last one is an older store, and sound */
	fill(b->s, &r, 2);
	viz_store_close(b->s);
	b->s = NULL;
	whole = load(b);
	cut(&whole);
	cut(&old);
	save(b, &whole);
	assert_int_equal(read_pages(b, &damage, &right), 0);
	for (unsigned i = 0; i < 900; i++) {
		struct file f = {malloc(whole.len), whole.len};

		memcpy(f.bytes, whole.bytes, f.len);
		hurt(&f, &r, &old, i % 6);
		save(b, &f);
		if (read_pages(b, &damage, &sum) == 0) { /* a page that is in no use */
			if (sum != right)
				fail_msg("damage %u of kind %u is not found", i, i % 6);
		} else {
			found++;
		}
		free(f.bytes);
	}
	assert_true(found > 300);
	save(b, &whole);
	free(old.bytes);
	free(whole.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(whole_stores_are_sound, setup, teardown),
	    cmocka_unit_test_setup_teardown(each_damage_is_found, setup, teardown),
	};

	return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
