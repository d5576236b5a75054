/* Attacks of a member that is partner of nobody, and of the puppets that it brings in, on what all
 * members share: the flood, the store, the dials, the directory. Each goes on for `count` seconds:
 * tests/procs/test_attacks.py makes honest leads meanwhile. */
#include "tests/hostile/peer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypto/rng.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"

#define STORE_PUPPETS 16
#define FIRST_PUPPETS                                                                              \
	60 /* slots 2 and behind of our VOUCHes; two are for the victim and for `churn` */
#define SUB_PUPPETS 16 /* that each of these brings in */
#define SETTLE_MS   100
#define MUTE_PORT   7411
#define MUTE_HELD   512

static struct viz_time until(size_t seconds)
{
	return viz_after(peer_now(), (int64_t)seconds * 1000);
}

/* Sends p->scratch. False: the time is over. */
static bool give_until(struct peer *p, struct viz_time end)
{
	if (peer_now().ms >= end.ms)
		return false;
	if (peer_open(p)) {
		peer_record(p, &p->scratch);
		p->given++;
	}
	peer_drain(p, 0);
	return true;
}

static void rest_until(struct peer *p, struct viz_time end)
{
	int64_t left = end.ms - peer_now().ms;

	if (left > 0 && peer_open(p))
		peer_drain(p, (int)left);
}

/* What the victim checks may come in another order than it was sent. */
static void settle(struct peer *p, struct viz_time end)
{
	int64_t left = end.ms - peer_now().ms;

	if (peer_open(p))
		peer_drain(p, left > SETTLE_MS ? SETTLE_MS : left > 0 ? (int)left : 0);
}

/* Makes `n` authors, and `by` brings them in: their VOUCHes for each other, and their NODEs. With
 * `mute` each has an address of its own, at which nobody says anything. */
static bool bring_in(struct peer *p, const struct forge *by, uint64_t slot, struct forge *puppet,
		     size_t n, bool mute, struct viz_time end)
{
	bool more = true;

	for (size_t k = 0; k < n && more; k++) {
		forge_author(&puppet[k], &p->federation, &p->rng);
		if (mute)
			snprintf(puppet[k].address, sizeof puppet[k].address, "10.%u.%u.1:%d",
				 128 + (unsigned)peer_below(p, 128), (unsigned)peer_below(p, 256),
				 MUTE_PORT);
		forge_vouch(&p->scratch, by, slot + k, peer_now(), &puppet[k].author, false);
		more = give_until(p, end);
	}
	settle(p, end);
	for (size_t k = 0; k < n && more; k++) {
		forge_node(&p->scratch, &puppet[k], peer_now());
		more = give_until(p, end);
	}
	settle(p, end);
	for (size_t k = 0; k < n && more; k++) {
		forge_vouch(&p->scratch, &puppet[k], 0, peer_now(), &by->author, false);
		more = give_until(p, end);
	}
	settle(p, end);
	return more;
}

/* A record that replaces another has a later time. */
static void wait_for_later(struct viz_time than)
{
	while (peer_now().ms <= than.ms)
		nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

/* Large and small records of our own, as fast as they go. */
static void crowd_flood(struct peer *p, size_t count)
{
	struct viz_time end = until(count), began = {0};
	size_t i = 0;

	do {
		if (i % VIZ_COVERAGE_SLOTS == 0) {
			wait_for_later(began);
			began = peer_now();
		}
		forge_coverage(&p->scratch, &p->me, i % VIZ_COVERAGE_SLOTS, peer_now(),
			       i % 2 ? 1 : VIZ_COVERAGE_CEPS_MAX, (uint32_t)i);
		i++;
	} while (give_until(p, end));
}

/* Puppets that publish as much as they may, again and again. */
static void crowd_store(struct peer *p, size_t count)
{
	struct forge *puppet = calloc(STORE_PUPPETS, sizeof *puppet);
	struct viz_time end = until(count);
	bool more;

	VIZ_REQUIRE(puppet);
	more = bring_in(p, &p->me, 2, puppet, STORE_PUPPETS, false, end);
	for (size_t i = 0; more; i++) {
		forge_coverage(&p->scratch, &puppet[i % STORE_PUPPETS],
			       i / STORE_PUPPETS % VIZ_COVERAGE_SLOTS, peer_now(),
			       VIZ_COVERAGE_CEPS_MAX, (uint32_t)i);
		more = give_until(p, end);
	}
	rest_until(p, end);
	free(puppet);
}

static int listen_mute(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(MUTE_PORT)};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	VIZ_REQUIRE(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
	VIZ_REQUIRE(bind(fd, (struct sockaddr *)&any, sizeof any) == 0 && listen(fd, 512) == 0);
	return fd;
}

/* Puppets with addresses, at each of which somebody takes a connection and says nothing. */
static void crowd_mute(struct peer *p, size_t count)
{
	struct forge *puppet = calloc(FIRST_PUPPETS, sizeof *puppet);
	struct viz_time end = until(count);
	int fd = listen_mute(), held[MUTE_HELD];
	size_t taken = 0;

	VIZ_REQUIRE(puppet);
	bring_in(p, &p->me, 2, puppet, FIRST_PUPPETS, true, end);
	while (peer_now().ms < end.ms) {
		struct pollfd one = {.fd = fd, .events = POLLIN};
		int got = poll(&one, 1, 50) > 0 ? accept(fd, NULL, NULL) : -1;

		if (got >= 0) {
			if (taken >= MUTE_HELD)
				close(held[taken % MUTE_HELD]);
			held[taken++ % MUTE_HELD] = got;
		}
		if (peer_open(p))
			peer_drain(p, 0);
	}
	for (size_t i = 0; i < taken && i < MUTE_HELD; i++)
		close(held[i]);
	close(fd);
	p->taken += taken;
	free(puppet);
}

/* Puppets and theirs, which all vouch for authors that do not exist. */
static void crowd_ghosts(struct peer *p, size_t count)
{
	struct forge *first = calloc(FIRST_PUPPETS, sizeof *first);
	struct forge *sub = calloc(SUB_PUPPETS, sizeof *sub);
	struct viz_time end = until(count);
	bool more;

	VIZ_REQUIRE(first && sub);
	more = bring_in(p, &p->me, 2, first, FIRST_PUPPETS, false, end);
	for (size_t i = 0; i < FIRST_PUPPETS && more; i++) {
		more = bring_in(p, &first[i], 1, sub, SUB_PUPPETS, false, end);
		for (size_t k = 0; k < SUB_PUPPETS * (VIZ_VOUCH_SLOTS - 1) && more; k++) {
			struct viz_id ghost;

			viz_rng_bytes(&p->rng, ghost.b, sizeof ghost.b);
			forge_vouch(&p->scratch, &sub[k % SUB_PUPPETS], 1 + k / SUB_PUPPETS,
				    peer_now(), &ghost, false);
			more = give_until(p, end);
		}
	}
	rest_until(p, end);
	free(sub);
	free(first);
}

const struct attack attack_crowd[] = {
    {"crowd-flood", crowd_flood},
    {"crowd-store", crowd_store},
    {"crowd-mute", crowd_mute},
    {"crowd-ghosts", crowd_ghosts},
    {NULL, NULL},
};
