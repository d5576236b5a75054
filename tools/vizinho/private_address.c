#include "tools/vizinho/private_address.h"

#include <netinet/in.h>
#include <sys/socket.h>

bool viz_private_address(const struct sockaddr *address)
{
	const struct sockaddr_in6 *six = (const void *)address;
	const struct sockaddr_in *four = (const void *)address;
	const uint8_t *b = six->sin6_addr.s6_addr;
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	if (address->sa_family == AF_INET6) {
		if (IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) || (b[0] & 0xfe) == 0xfc ||
		    (b[0] == 0xfe && (b[1] & 0xc0) == 0x80))
			return true;
		if (memcmp(b, mapped, sizeof mapped) != 0)
			return false;
		b += sizeof mapped;
	} else if (address->sa_family == AF_INET) {
		b = (const uint8_t *)&four->sin_addr;
	} else {
		return false;
	}
	return b[0] == 127 || b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
	       (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ||
	       (b[0] == 100 && (b[1] & 0xc0) == 64);
}
