/* Strangers that stop after message 2, 800 a second, each from a prefix of its own. Meanwhile the
 * peer dials like somebody whose round trip takes 100 ms, and gets in each time. */
#include "tests/hostile/peer.h"

#include "crypto/handshake.h"
#include "node/core/ids.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RATE     800  /* connections a second */
#define HELD     2400 /* of them at a time: they are held for longer than the victim holds them */
#define TRIP_MS  100
#define EVERY_MS 200   /* a newcomer begins */
#define GIVE_UP  60000 /* ms; only a hang takes so long */
#define SLOW_MS  900   /* two round trips, and as long as a place is kept for a slow one */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* From an address of the /24 with this number, without waiting: in 127.16.0.0 and behind, or for a
 * victim that is not on loopback in 10.128.0.0 and behind (tests/procs/apart.py). */
static int dial_from(const struct sockaddr_in *to, unsigned net)
{
	bool loopback = ntohl(to->sin_addr.s_addr) >> 24 == 127;
	uint32_t first = loopback ? 0x7f100000u : 0x0a800000u;
	struct sockaddr_in from = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(first + (net << 8) + 1)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	VIZ_REQUIRE(fd >= 0);
	VIZ_REQUIRE(bind(fd, (struct sockaddr *)&from, sizeof from) == 0);
	if (connect(fd, (const struct sockaddr *)to, sizeof *to) != 0)
		VIZ_REQUIRE(errno == EINPROGRESS);
	return fd;
}

struct shake {
	struct viz_handshake *hs;
	uint8_t first[64]; /* message 1 with its length */
	size_t first_len;
};

static void put_frame(uint8_t *out, size_t *len, size_t message_len)
{
	viz_be_put_u16(out, (uint16_t)message_len);
	*len = message_len + 2;
}

static void begin(struct shake *s, struct peer *p)
{
	uint8_t prologue[VIZ_PROLOGUE_LEN];
	struct viz_secret ephemeral;
	struct viz_handshake_config config = {.pattern = VIZ_NOISE_XK,
					      .hash = VIZ_NOISE_SHA256,
					      .initiator = true,
					      .prologue = prologue,
					      .prologue_len = sizeof prologue,
					      .local_static = &p->me.transport,
					      .remote_static = &p->invite.transport,
					      .ephemeral = &ephemeral};
	size_t len;

	viz_rng_bytes(&p->rng, ephemeral.b, sizeof ephemeral.b);
	viz_ids_prologue(prologue, &p->federation);
	VIZ_REQUIRE(viz_handshake_new(&s->hs, &config) == VIZ_OK);
	VIZ_REQUIRE(viz_handshake_write(s->hs, s->first + 2, &len, sizeof s->first - 2, NULL, 0) ==
		    VIZ_OK);
	put_frame(s->first, &s->first_len, len);
}

/* ---- the flood ---- */

struct flood {
	struct peer *p;
	struct shake shake; /* all send the same message 1 */
	int fd[HELD];
	size_t count; /* begun so far */
	int64_t since;
};

static void flood(struct flood *f)
{
	size_t due = (size_t)((now_ms() - f->since) * RATE / 1000);
	const size_t trip = RATE * TRIP_MS / 1000;

	for (; f->count < due; f->count++) {
		size_t i = f->count % HELD;

		if (f->count >= HELD)
			close(f->fd[i]);
		f->fd[i] = dial_from(&f->p->victim, (unsigned)(f->count % 20000));
		if (f->count >= trip)
			(void)send(f->fd[(f->count - trip) % HELD], f->shake.first,
				   f->shake.first_len, MSG_NOSIGNAL);
	}
}

/* ---- a newcomer ---- */

/* Waits while the flood goes on: for so many ms (fd -1), or until something has come. False: the
 * other side has closed. */
static bool wait_for(struct flood *f, int fd, int64_t ms)
{
	int64_t end = now_ms() + ms;
	uint8_t byte;

	for (;;) {
		struct pollfd one = {.fd = fd, .events = POLLIN};
		int64_t left = end - now_ms();

		flood(f);
		if (left <= 0)
			return fd < 0;
		if (poll(&one, 1, left < 2 ? (int)left : 2) > 0)
			return recv(fd, &byte, 1, MSG_PEEK) == 1;
	}
}

/* Whether the peer gets in: message 1 a round trip after it has dialled, message 3 another one
 * after message 2, and something that the victim sends to those only that it lets in. */
static bool gets_in(struct flood *f, unsigned net)
{
	static uint8_t hello[VIZ_HELLO_MAX], third[VIZ_FRAME_MAX + 2], payload[VIZ_FRAME_MAX];
	struct peer *p = f->p;
	uint8_t second[50];
	struct shake s;
	size_t len;
	bool in;
	int fd = dial_from(&p->victim, net);

	begin(&s, p);
	wait_for(f, -1, TRIP_MS);
	in = send(fd, s.first, s.first_len, MSG_NOSIGNAL) == (ssize_t)s.first_len &&
	     wait_for(f, fd, GIVE_UP) && recv(fd, second, sizeof second, MSG_WAITALL) == 50 &&
	     viz_handshake_read(s.hs, payload, &len, second + 2, 48) == VIZ_OK;
	if (in) {
		wait_for(f, -1, TRIP_MS);
		forge_node(&p->scratch, &p->me, peer_time(p));
		len = forge_hello(hello, sizeof hello, &p->me, &p->scratch, NULL);
		VIZ_REQUIRE(viz_handshake_write(s.hs, third + 2, &len, VIZ_FRAME_MAX, hello, len) ==
			    VIZ_OK);
		put_frame(third, &len, len);
		in = send(fd, third, len, MSG_NOSIGNAL) == (ssize_t)len && wait_for(f, fd, GIVE_UP);
	}
	viz_handshake_free(s.hs);
	close(fd);
	return in;
}

/* Tries again only after a try that took so long that the machine, and not the flood, must have
 * been slow: a newcomer that gives its place to the flood loses it sooner. */
static bool gets_in_soon(struct flood *f, unsigned net)
{
	int64_t from = now_ms();
	bool in = gets_in(f, net);

	for (int i = 0; i < 10 && !in && now_ms() - from > SLOW_MS; i++) {
		from = now_ms();
		in = gets_in(f, net);
	}
	return in;
}

/* How many of so many newcomers get in. */
static size_t play(struct peer *p, size_t count)
{
	struct flood *f = calloc(1, sizeof *f);
	struct rlimit files;
	size_t in = 0;

	VIZ_REQUIRE(f && getrlimit(RLIMIT_NOFILE, &files) == 0);
	files.rlim_cur = files.rlim_max;
	VIZ_REQUIRE(setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > HELD + 64);
	wire_close(&p->wire);
	f->p = p;
	f->since = now_ms();
	begin(&f->shake, p);
	wait_for(f, -1, 2500); /* all places of the victim are taken */
	for (size_t i = 0; i < count; i++) {
		in += gets_in_soon(f, 21000 + (unsigned)i % 100);
		wait_for(f, -1, EVERY_MS);
	}
	if (getenv("VIZ_VERBOSE"))
		fprintf(stderr, "# %zu of %zu got in, beside %zu others in %lld ms\n", in, count,
			f->count, (long long)(now_ms() - f->since));
	for (size_t i = 0; i < HELD && i < f->count; i++)
		close(f->fd[i]);
	viz_handshake_free(f->shake.hs);
	free(f);
	return in;
}

static void half_shakes(struct peer *p, size_t count)
{
	VIZ_REQUIRE(play(p, count) == count);
}

/* The same beside other load, which can make one late: it says how many got in. */
static void crowd_shakes(struct peer *p, size_t count)
{
	p->taken = count;
	p->given = play(p, count);
}

const struct attack attack_half[] = {
    {"half-shakes", half_shakes}, {"crowd-shakes", crowd_shakes}, {NULL, NULL}};
