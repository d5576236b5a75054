/* procs-wire FD...: the cable between network namespaces. Each FD is the TUN device of one of them,
 * number 0, 1, ... A packet to 10.N.x.y goes to namespace N - 1, one to 10.128.0.0/9 to the last.
 * Each pair has a delay of its own, drawn from the seed; packets of a connection keep their order.
 *
 * Reads commands from standard input, and answers each with a line:
 *   seed N                       what is drawn
 *   shape LOSS LEAST MOST RATE   of a million packets so many are lost; ms one way; bytes a second
 *                                that a namespace may send (0: any number)
 *   groups G G ...               one for each namespace: nothing goes from one group to another
 *   stats                        "packets lost parted full bytes"
 * It ends with its standard input. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ENDS_MAX    64
#define PACKET_MAX  2048
#define WAITING_MAX 65536 /* packets under way */
#define FLOWS       65536
#define QUEUE_US    500000 /* what waits longer for its turn to be sent is dropped */
#define TAIL_US     100000 /* in one of 50 such times all comes up to so much later on a way */
#define MILLION     UINT64_C(1000000)

struct packet {
	int64_t due_us;
	uint64_t number; /* of two that are due at once the first goes first */
	unsigned to;
	size_t len;
	uint8_t bytes[PACKET_MAX];
};

struct cable {
	unsigned count;
	int fd[ENDS_MAX];
	unsigned group[ENDS_MAX];
	int64_t free_us[ENDS_MAX]; /* when the sender has sent what waits */
	int64_t last_us[FLOWS];    /* when the last packet of the connection arrives */
	uint32_t loss;
	int64_t least_us, most_us, rate;
	uint64_t seed, random;
	struct packet *heap[WAITING_MAX];
	size_t waiting;
	uint64_t number, lost, parted, full, bytes;
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* splitmix64 */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static uint64_t below(struct cable *c, uint64_t bound)
{
	c->random += UINT64_C(0x9e3779b97f4a7c15);
	return mix(c->random) % bound;
}

/* ---- packets under way, the one that is due first at the top ---- */

static bool before(const struct packet *a, const struct packet *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us : a->number < b->number;
}

static void put(struct cable *c, struct packet *p)
{
	size_t i = c->waiting++;

	for (; i > 0 && before(p, c->heap[(i - 1) / 2]); i = (i - 1) / 2)
		c->heap[i] = c->heap[(i - 1) / 2];
	c->heap[i] = p;
}

static struct packet *take(struct cable *c)
{
	struct packet *top = c->heap[0], *last = c->heap[--c->waiting];
	size_t i = 0;

	for (;;) {
		size_t k = 2 * i + 1;

		if (k + 1 < c->waiting && before(c->heap[k + 1], c->heap[k]))
			k++;
		if (k >= c->waiting || !before(c->heap[k], last))
			break;
		c->heap[i] = c->heap[k];
		i = k;
	}
	c->heap[i] = last;
	return top;
}

/* ---- one packet ---- */

/* Where it goes; the count of ends: nowhere. */
static unsigned way(const struct cable *c, const uint8_t *bytes, size_t len)
{
	unsigned second;

	if (len < 20 || bytes[0] >> 4 != 4 || bytes[16] != 10)
		return c->count;
	second = bytes[17];
	if (second >= 128)
		return c->count - 1;
	return second >= 1 && second <= c->count ? second - 1 : c->count;
}

/* The connection, or some that share a number. */
static size_t flow(const uint8_t *bytes, size_t len)
{
	size_t head = 4 * (size_t)(bytes[0] & 15);
	uint64_t x = 0;

	for (size_t i = 12; i < 20; i++)
		x = x << 8 | bytes[i];
	x = mix(x);
	for (size_t i = head; i < head + 4 && i < len; i++)
		x = x << 8 ^ x >> 56 ^ bytes[i];
	return mix(x) % FLOWS;
}

/* The tail is one of times and not of packets: who sends many on a connection, which keeps their
 * order, would always wait for one that is late. */
static int64_t delay(struct cable *c, unsigned from, unsigned to, int64_t now)
{
	uint64_t wide = (uint64_t)(c->most_us - c->least_us) + 1;
	unsigned low = from < to ? from : to, high = from < to ? to : from;
	int64_t us = c->least_us + (int64_t)(mix(c->seed + low * 64 + high) % wide);

	uint64_t late = mix(c->seed ^ mix((uint64_t)(now / TAIL_US) * 4096 + from * 64 + to));

	return c->most_us > 0 && late % 50 == 0 ? us + (int64_t)(late / 50 % TAIL_US) : us;
}

static void carry(struct cable *c, unsigned from, const uint8_t *bytes, size_t len)
{
	unsigned to = way(c, bytes, len);
	int64_t now = now_us();
	struct packet *p;
	int64_t *last;

	if (to == c->count || to == from)
		return;
	c->number++;
	if (c->group[from] != c->group[to]) {
		c->parted++;
		return;
	}
	if (c->loss > 0 && below(c, MILLION) < c->loss) {
		c->lost++;
		return;
	}
	if (c->free_us[from] < now)
		c->free_us[from] = now;
	if (c->waiting == WAITING_MAX || c->free_us[from] > now + QUEUE_US) {
		c->full++;
		return;
	}
	if (c->rate > 0)
		c->free_us[from] += (int64_t)len * 1000000 / c->rate;
	p = malloc(sizeof *p);
	if (!p)
		abort();
	p->due_us = c->free_us[from] + delay(c, from, to, now);
	last = &c->last_us[flow(bytes, len)];
	if (p->due_us < *last)
		p->due_us = *last;
	*last = p->due_us;
	p->number = c->number;
	p->to = to;
	p->len = len;
	memcpy(p->bytes, bytes, len);
	c->bytes += len;
	put(c, p);
}

static void receive(struct cable *c, unsigned from)
{
	uint8_t bytes[PACKET_MAX];
	ssize_t n;

	for (int i = 0; i < 64 && (n = read(c->fd[from], bytes, sizeof bytes)) > 0; i++)
		carry(c, from, bytes, (size_t)n);
}

static void deliver(struct cable *c)
{
	int64_t now = now_us();

	while (c->waiting > 0 && c->heap[0]->due_us <= now) {
		struct packet *p = take(c);

		if (write(c->fd[p->to], p->bytes, p->len) < 0)
			c->full++;
		free(p);
	}
}

/* ---- commands ---- */

static bool command(struct cable *c, char *line)
{
	char *save = NULL, *word = strtok_r(line, " \n", &save);
	unsigned long long n[ENDS_MAX] = {0};
	unsigned count = 0;

	for (char *w; count < ENDS_MAX && (w = strtok_r(NULL, " \n", &save)); count++)
		n[count] = strtoull(w, NULL, 10);
	if (!word)
		return false;
	if (strcmp(word, "seed") == 0) {
		c->seed = c->random = mix(n[0]);
	} else if (strcmp(word, "shape") == 0) {
		c->loss = (uint32_t)n[0];
		c->least_us = (int64_t)n[1] * 1000;
		c->most_us = (int64_t)n[2] * 1000;
		c->rate = (int64_t)n[3];
	} else if (strcmp(word, "groups") == 0 && count == c->count) {
		for (unsigned i = 0; i < count; i++)
			c->group[i] = (unsigned)n[i];
	} else if (strcmp(word, "stats") != 0) {
		return false;
	}
	printf("%llu %llu %llu %llu %llu\n", (unsigned long long)c->number,
	       (unsigned long long)c->lost, (unsigned long long)c->parted,
	       (unsigned long long)c->full, (unsigned long long)c->bytes);
	fflush(stdout);
	return true;
}

/* False: the input has ended, or has a line that is no command. */
static bool listen_to(struct cable *c, char *line, size_t max, size_t *len)
{
	ssize_t n = read(STDIN_FILENO, line + *len, max - 1 - *len);
	char *end;

	if (n <= 0)
		return false;
	*len += (size_t)n;
	line[*len] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end++ = '\0';
		if (!command(c, line))
			return false;
		*len -= (size_t)(end - line);
		memmove(line, end, *len + 1);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct cable *c = calloc(1, sizeof *c);
	struct pollfd p[ENDS_MAX + 1] = {{.fd = STDIN_FILENO, .events = POLLIN}};
	char line[1024];
	size_t len = 0;

	if (!c || argc < 2 || argc - 1 > ENDS_MAX)
		return 2;
	c->count = (unsigned)argc - 1;
	for (unsigned i = 0; i < c->count; i++) {
		c->fd[i] = (int)strtol(argv[i + 1], NULL, 10);
		if (fcntl(c->fd[i], F_SETFL, O_NONBLOCK) != 0)
			return 2;
		p[i + 1] = (struct pollfd){.fd = c->fd[i], .events = POLLIN};
	}
	for (;;) {
		struct timespec wait = {.tv_sec = 1};

		if (c->waiting > 0) {
			int64_t left = c->heap[0]->due_us - now_us();

			left = left < 0 ? 0 : left;
			wait = (struct timespec){.tv_sec = left / 1000000,
						 .tv_nsec = left % 1000000 * 1000};
		}
		if (ppoll(p, c->count + 1, &wait, NULL) < 0 && errno != EINTR)
			return 2;
		if (p[0].revents && !listen_to(c, line, sizeof line, &len))
			break;
		for (unsigned i = 0; i < c->count; i++)
			if (p[i + 1].revents)
				receive(c, i);
		deliver(c);
	}
	while (c->waiting > 0)
		free(take(c));
	free(c);
	return 0;
}
