/* How many records a second become durable through the store, and through LMDB alone.
 *
 *   bench_store [DIRECTORY [RECORDS]]
 *
 * Records have 300 bytes, and each commit ends with an fsync. Runs of the two alternate and the
 * best of three counts, so that other work on the machine changes the ratio little. */
#include "tools/bench/bench.h"

#include "store/store.h"

/* The one include outside store/: LMDB alone is what the store is measured against, and no part of
 * the program needs it. */
#include <lmdb.h>

#define RUNS        3
#define VALUE_BYTES 300
#define MAP_BYTES   (UINT64_C(1) << 30)
#define AUTHORS     1000

enum order {
	ORDER_SEQUENTIAL, /* number u64 */
	ORDER_CLUSTERED,  /* author id of one of AUTHORS, type, slot u64 that grows */
	ORDER_RANDOM,     /* 32 random bytes */
};

static const char *const order_names[] = {"sequential", "author-clustered", "random"};

static size_t make_key(uint8_t key[64], enum order order, struct bench_random *r, uint64_t i)
{
	struct bench_random author = {0};

	switch (order) {
	case ORDER_SEQUENTIAL:
		viz_be_put_u64(key, i);
		return 8;
	case ORDER_CLUSTERED:
		author.x = bench_below(r, AUTHORS);
		for (unsigned k = 0; k < 4; k++)
			viz_be_put_u64(key + 8 * k, bench_draw(&author));
		key[32] = 5;
		viz_be_put_u64(key + 33, i);
		return 41;
	case ORDER_RANDOM:
		for (unsigned k = 0; k < 4; k++)
			viz_be_put_u64(key + 8 * k, bench_draw(r));
		return 32;
	}
	return 0;
}

static double run_store(const char *parent, enum order order, unsigned batch, unsigned records)
{
	struct viz_store_config config = {.map_bytes = MAP_BYTES};
	struct bench_random r = {order};
	struct viz_store *s = NULL;
	uint8_t value[VALUE_BYTES] = {0};
	uint8_t key[64];
	struct viz_store_fault fault;
	char dir[512];
	double start = 0;

	bench_dir_make(dir, parent);
	config.dir = dir;
	if (viz_store_open(&s, &fault, &config)) {
		fprintf(stderr, "%s: %s\n", fault.what, strerror(fault.error));
		exit(1);
	}
	start = bench_now_s();
	for (unsigned i = 0; i < records; i++) {
		size_t len = make_key(key, order, &r, i);

		if (i % batch == 0)
			VIZ_REQUIRE(viz_store_begin(s) == 0);
		VIZ_REQUIRE(viz_store_put(s, VIZ_TABLE_RECORD, key, len, value, sizeof value) == 0);
		if (i % batch == batch - 1)
			VIZ_REQUIRE(viz_store_commit(s) == 0);
	}
	start = bench_now_s() - start;
	viz_store_close(s);
	bench_dir_remove(dir);
	return records / start;
}

static double run_lmdb(const char *parent, enum order order, unsigned batch, unsigned records)
{
	struct bench_random r = {order};
	MDB_env *env = NULL;
	MDB_txn *txn = NULL;
	MDB_dbi dbi = 0;
	uint8_t value[VALUE_BYTES] = {0};
	uint8_t key[64];
	char dir[512];
	double start = 0;

	bench_dir_make(dir, parent);
	VIZ_REQUIRE(mdb_env_create(&env) == 0 && mdb_env_set_mapsize(env, MAP_BYTES) == 0 &&
		    mdb_env_open(env, dir, 0, 0600) == 0);
	VIZ_REQUIRE(mdb_txn_begin(env, NULL, 0, &txn) == 0 &&
		    mdb_dbi_open(txn, NULL, 0, &dbi) == 0 && mdb_txn_commit(txn) == 0);
	start = bench_now_s();
	for (unsigned i = 0; i < records; i++) {
		MDB_val k = {make_key(key, order, &r, i), key};
		MDB_val v = {sizeof value, value};

		if (i % batch == 0)
			VIZ_REQUIRE(mdb_txn_begin(env, NULL, 0, &txn) == 0);
		VIZ_REQUIRE(mdb_put(txn, dbi, &k, &v, 0) == 0);
		if (i % batch == batch - 1)
			VIZ_REQUIRE(mdb_txn_commit(txn) == 0);
	}
	start = bench_now_s() - start;
	mdb_env_close(env);
	bench_dir_remove(dir);
	return records / start;
}

int main(int argc, char **argv)
{
	static const unsigned batches[] = {100, 1000};
	const char *parent = argc > 1 ? argv[1] : "/tmp";
	unsigned records = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 50000;

	records -= records % 1000;
	if (records == 0) {
		fprintf(stderr, "usage: bench_store [DIRECTORY [RECORDS]], at least 1000\n");
		return 2;
	}
	printf("%u records of %d bytes, best of %d runs\n", records, VALUE_BYTES, RUNS);
	printf("%-18s %6s %14s %14s %7s\n", "keys", "batch", "store rec/s", "lmdb rec/s", "ratio");
	for (unsigned o = 0; o < 3; o++) {
		for (unsigned b = 0; b < 2; b++) {
			double store = 0;
			double lmdb = 0;

			for (unsigned n = 0; n < RUNS; n++) {
				double x = run_lmdb(parent, (enum order)o, batches[b], records);
				double y = run_store(parent, (enum order)o, batches[b], records);

				lmdb = x > lmdb ? x : lmdb;
				store = y > store ? y : store;
			}
			printf("%-18s %6u %14.0f %14.0f %7.2f\n", order_names[o], batches[b], store,
			       lmdb, store / lmdb);
		}
	}
	return 0;
}
