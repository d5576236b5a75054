/* Numeric addresses of nodes: parsing, printing, and the prefix that limits count by. */
#ifndef VIZ_NODE_HOST_ADDRESS_H
#define VIZ_NODE_HOST_ADDRESS_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "proto/base.h"

#define VIZ_ADDR_TEXT_MAX 64 /* with the final NUL */

/* An address with its port; family AF_INET or AF_INET6. */
union viz_addr {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* "192.0.2.1:7411" or "[2001:db8::1]:7411", numeric, port 1 to 65535 (0 where `port_zero`).
 * VIZ_ERR_INPUT. */
int viz_host_address_parse(union viz_addr *out, const char *text, bool port_zero);
void viz_host_address_text(char out[VIZ_ADDR_TEXT_MAX], const struct sockaddr *addr);

/* Connections are counted by the /24 of IPv4 (also when mapped into IPv6) or the /48 of IPv6: what
 * one customer or one site may have. Loopback counts by /24 too, and has limits of its own. */
struct viz_prefix {
	uint8_t b[8];
	uint8_t family; /* 4 or 6; 0: unknown */
	bool loopback;
};

/* VIZ_ERR_INPUT for another family. */
int viz_host_address_prefix(struct viz_prefix *out, const struct sockaddr *addr);
bool viz_host_address_prefix_eq(const struct viz_prefix *a, const struct viz_prefix *b);
/* "192.0.2.0/24", "2001:db8::/48": logs name strangers without the last bits. */
void viz_host_address_prefix_text(char out[VIZ_ADDR_TEXT_MAX], const struct viz_prefix *prefix);

#endif
