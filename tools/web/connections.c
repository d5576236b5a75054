#include "tools/web/connections.h"

#include <sys/socket.h>

#define YOUNG_MS 1000 /* a connection is not put out for another before */

/* IPv6: whoever has one address has the /64. */
static bool same_source(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, IN6_IS_ADDR_V4MAPPED(a) ? 16 : 8) == 0;
}

static void end(struct viz_web_connection *c)
{
	c->ended = true;
	shutdown(c->fd, SHUT_RDWR); /* the library sees the end, and closes it */
}

bool viz_web_connections_admit(struct viz_web_connections *all, const struct in6_addr *from,
			       size_t most, uint64_t now_ms)
{
	struct viz_web_connection *oldest = NULL;
	size_t same = 0, live = 0;

	for (struct viz_web_connection *c = all->first; c != NULL; c = c->next) {
		if (c->ended)
			continue;
		live++;
		same += same_source(&c->address, from);
		if (c->phase == VIZ_WEB_PHASE_HEAD && c->since_ms + YOUNG_MS <= now_ms &&
		    (oldest == NULL || c->since_ms < oldest->since_ms))
			oldest = c;
	}
	if (same >= most)
		return false;
	if (live < VIZ_WEB_CONNECTIONS_MAX)
		return true;
	if (oldest == NULL)
		return false;
	end(oldest);
	return true;
}

struct viz_web_connection *viz_web_connections_add(struct viz_web_connections *all, int fd,
						   const struct in6_addr *from, uint64_t now_ms)
{
	struct viz_web_connection *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->fd = fd;
	c->address = *from;
	c->next = all->first;
	c->prev = &all->first;
	if (c->next != NULL)
		c->next->prev = &c->next;
	all->first = c;
	all->count++;
	viz_web_connections_phase(c, VIZ_WEB_PHASE_HEAD, now_ms, VIZ_WEB_HEAD_MS);
	return c;
}

void viz_web_connections_remove(struct viz_web_connections *all, struct viz_web_connection *c)
{
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	all->count--;
	free(c);
}

void viz_web_connections_phase(struct viz_web_connection *c, enum viz_web_phase phase,
			       uint64_t now_ms, uint32_t for_ms)
{
	c->phase = phase;
	c->since_ms = now_ms;
	c->until_ms = for_ms > 0 ? now_ms + for_ms : 0;
}

void viz_web_connections_sweep(struct viz_web_connections *all, uint64_t now_ms)
{
	for (struct viz_web_connection *c = all->first; c != NULL; c = c->next)
		if (!c->ended && c->until_ms != 0 && c->until_ms <= now_ms)
			end(c);
}
