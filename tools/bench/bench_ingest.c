/* What tools/bench/ingest needs of the core: a store that is full of members, and what the machine
 * verifies.
 *
 *   bench_ingest make SEED MEMBERS RECORDS TIME DIRECTORY   a node that holds the records of so
 *                                                           many members (members.h), signed at
 *                                                           TIME, to be served
 *   bench_ingest verify THREADS SECONDS                     checks of signatures a second, and the
 *                                                           processor time of one in microseconds
 *
 * Two nodes that are made with other seeds and one time hold the same records but their own. */
#include "tools/bench/bench.h"

#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "node/core/ids.h"
#include "proto/record.h"
#include "store/stat.h"
#include "store/store.h"
#include "tools/bench/members.h"

#include <pthread.h>
#include <sys/resource.h>

#define SIGNED 64 /* that are checked in turn */

/* ---- what the machine verifies ---- */

struct checker {
	pthread_t thread;
	double until;
	size_t done;
};

static struct {
	struct viz_sig sig[SIGNED];
	struct viz_id id[SIGNED];
	struct viz_pub pub[SIGNED];
} checks;

static void sign_some(void)
{
	for (size_t i = 0; i < SIGNED; i++) {
		struct viz_secret seed = {{3, (uint8_t)i}};
		struct viz_signer signer;

		checks.id[i].b[0] = (uint8_t)i;
		viz_sign_seed_keypair(&signer, &seed);
		checks.pub[i] = signer.pub;
		viz_sign(&checks.sig[i], &signer, &checks.id[i]);
	}
}

static void *check(void *arg)
{
	struct checker *c = arg;

	while (bench_now_s() < c->until)
		for (size_t i = 0; i < SIGNED; i++, c->done++)
			VIZ_REQUIRE(viz_sign_verify(&checks.sig[i], &checks.id[i],
						    &checks.pub[i]) == VIZ_OK);
	return NULL;
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static int verify(size_t threads, double seconds)
{
	struct checker list[64] = {{.done = 0}};
	double began = bench_now_s(), took;
	struct rusage used;
	size_t all = 0;

	VIZ_REQUIRE(threads >= 1 && threads <= sizeof list / sizeof *list);
	sign_some();
	for (size_t i = 0; i < threads; i++) {
		list[i].until = began + seconds;
		VIZ_REQUIRE(pthread_create(&list[i].thread, NULL, check, &list[i]) == 0);
	}
	for (size_t i = 0; i < threads; i++) {
		pthread_join(list[i].thread, NULL);
		all += list[i].done;
	}
	took = bench_now_s() - began;
	getrusage(RUSAGE_SELF, &used);
	printf("%.1f %.3f\n", (double)all / took,
	       (seconds_of(used.ru_utime) + seconds_of(used.ru_stime)) / (double)all * 1e6);
	return 0;
}

/* ---- a store to serve ---- */

/* `now`: when the records are signed, in real time: real nodes serve and take them. */
static int fill(unsigned seed, size_t members, size_t records, int64_t now, const char *dir)
{
	struct members *b = calloc(1, sizeof *b);

	VIZ_REQUIRE(b && members >= 100 && seed < 2);
	snprintf(b->dir, sizeof b->dir, "%s", dir);
	b->count = members;
	b->seed = (uint8_t)seed;
	b->now.ms = now;
	if (records / members > 2 + 2 * MEMBERS_NEAR)
		b->coverages = records / members - 2 - 2 * MEMBERS_NEAR;
	viz_federation_default(&b->federation, "teste");
	viz_ids_federation(&b->federation_id, &b->federation);
	b->author = calloc(b->count, sizeof *b->author);
	VIZ_REQUIRE(b->author);
	members_open(b);
	members_tick(b, 0);
	for (size_t i = 0; i < MEMBERS_PARTNERS; i++) {
		b->author[i].vouches = (uint8_t)seed;
		members_befriend(b, i);
		b->author[i].vouches = 2;
	}
	members_tick(b, 600000);
	members_fill(b, false);
	members_tick(b, 1000);
	VIZ_REQUIRE(viz_store_begin(b->store) == VIZ_OK);
	printf("%zu\n", (size_t)viz_store_stat_entries(b->store, VIZ_TABLE_RECORD));
	viz_store_abort(b->store);
	members_close(b);
	free(b->author);
	free(b);
	return 0;
}

int main(int argc, char **argv)
{
	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	if (argc == 7 && strcmp(argv[1], "make") == 0)
		return fill((unsigned)strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10),
			    strtoul(argv[4], NULL, 10), strtoll(argv[5], NULL, 10), argv[6]);
	if (argc == 4 && strcmp(argv[1], "verify") == 0)
		return verify(strtoul(argv[2], NULL, 10), strtod(argv[3], NULL));
	fprintf(stderr, "usage: bench_ingest make SEED MEMBERS RECORDS TIME DIRECTORY\n"
			"       bench_ingest verify THREADS SECONDS\n");
	return 2;
}
