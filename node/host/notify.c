#include "node/host/notify.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(sizeof(struct sockaddr_un) <= sizeof(((struct viz_notify *)0)->address),
	       "the address fits");

static uint64_t watchdog_interval(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	unsigned long long value;

	if (usec == NULL || (pid != NULL && strtol(pid, NULL, 10) != (long)getpid()))
		return 0;
	value = strtoull(usec, NULL, 10);
	/* Half of what is allowed, as sd_watchdog_enabled(3) advises; never 0 when one is asked
	 * for. */
	return value == 0 ? 0 : (value / 2000 > 0 ? value / 2000 : 1);
}

int viz_host_notify_open(struct viz_notify *n)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	size_t len;

	memset(n, 0, sizeof *n);
	n->fd = -1;
	if (name == NULL || name[0] == '\0')
		return VIZ_OK;
	len = strlen(name);
	if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof un.sun_path)
		return VIZ_ERR_INPUT;
	memcpy(un.sun_path, name, len);
	n->address_len = offsetof(struct sockaddr_un, sun_path) + len;
	if (name[0] == '@')
		un.sun_path[0] = '\0';
	else
		n->address_len++; /* a path counts its final NUL, an abstract name has none */
	memcpy(n->address, &un, sizeof un);
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (n->fd < 0)
		return VIZ_ERR_STATE;
	n->watchdog_ms = watchdog_interval();
	return VIZ_OK;
}

int viz_host_notify_send(struct viz_notify *n, const char *state)
{
	struct sockaddr_un un;

	if (n->fd < 0)
		return VIZ_OK;
	memcpy(&un, n->address, sizeof un);
	if (sendto(n->fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
		   (const struct sockaddr *)&un, (socklen_t)n->address_len) < 0)
		return VIZ_ERR_STATE;
	return VIZ_OK;
}

void viz_host_notify_close(struct viz_notify *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}
