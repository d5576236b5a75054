#include "node/host/address.h"

#include <arpa/inet.h>

static int parse_port(uint16_t *out, const char *text, bool port_zero)
{
	size_t len = strlen(text);
	unsigned long value;

	if (len == 0 || len > 5 || strspn(text, "0123456789") != len)
		return VIZ_ERR_INPUT;
	value = strtoul(text, NULL, 10);
	if (value > 65535 || (value == 0 && !port_zero))
		return VIZ_ERR_INPUT;
	*out = htons((uint16_t)value);
	return VIZ_OK;
}

int viz_host_address_parse(union viz_addr *out, const char *text, bool port_zero)
{
	const char *colon = strrchr(text, ':');
	char host[VIZ_ADDR_TEXT_MAX];
	union viz_addr addr;
	uint16_t port;
	size_t len;

	if (colon == NULL || parse_port(&port, colon + 1, port_zero) != VIZ_OK)
		return VIZ_ERR_INPUT;
	len = (size_t)(colon - text);
	if (len == 0 || len >= sizeof host)
		return VIZ_ERR_INPUT;
	memset(&addr, 0, sizeof addr);
	if (text[0] == '[') {
		if (len < 3 || text[len - 1] != ']')
			return VIZ_ERR_INPUT;
		memcpy(host, text + 1, len - 2);
		host[len - 2] = '\0';
		addr.v6.sin6_family = AF_INET6;
		addr.v6.sin6_port = port;
		if (inet_pton(AF_INET6, host, &addr.v6.sin6_addr) != 1)
			return VIZ_ERR_INPUT;
	} else {
		memcpy(host, text, len);
		host[len] = '\0';
		addr.v4.sin_family = AF_INET;
		addr.v4.sin_port = port;
		if (inet_pton(AF_INET, host, &addr.v4.sin_addr) != 1)
			return VIZ_ERR_INPUT;
	}
	*out = addr;
	return VIZ_OK;
}

void viz_host_address_text(char out[VIZ_ADDR_TEXT_MAX], const struct sockaddr *addr)
{
	char host[INET6_ADDRSTRLEN] = "?";
	union viz_addr a;

	memset(&a, 0, sizeof a);
	if (addr->sa_family == AF_INET6) {
		memcpy(&a.v6, addr, sizeof a.v6);
		inet_ntop(AF_INET6, &a.v6.sin6_addr, host, sizeof host);
		snprintf(out, VIZ_ADDR_TEXT_MAX, "[%s]:%u", host, ntohs(a.v6.sin6_port));
	} else if (addr->sa_family == AF_INET) {
		memcpy(&a.v4, addr, sizeof a.v4);
		inet_ntop(AF_INET, &a.v4.sin_addr, host, sizeof host);
		snprintf(out, VIZ_ADDR_TEXT_MAX, "%s:%u", host, ntohs(a.v4.sin_port));
	} else {
		snprintf(out, VIZ_ADDR_TEXT_MAX, "?");
	}
}

static void prefix_v4(struct viz_prefix *p, const uint8_t ip[4])
{
	p->family = 4;
	memcpy(p->b, ip, 3);
	p->loopback = ip[0] == 127;
}

int viz_host_address_prefix(struct viz_prefix *out, const struct sockaddr *addr)
{
	struct viz_prefix p;
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	memset(&p, 0, sizeof p);
	if (addr->sa_family == AF_INET) {
		memcpy(&v4, addr, sizeof v4);
		prefix_v4(&p, (const uint8_t *)&v4.sin_addr);
	} else if (addr->sa_family == AF_INET6) {
		memcpy(&v6, addr, sizeof v6);
		if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
			prefix_v4(&p, v6.sin6_addr.s6_addr + 12);
		} else {
			p.family = 6;
			memcpy(p.b, v6.sin6_addr.s6_addr, 6);
			p.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
		}
	} else {
		return VIZ_ERR_INPUT;
	}
	*out = p;
	return VIZ_OK;
}

bool viz_host_address_prefix_eq(const struct viz_prefix *a, const struct viz_prefix *b)
{
	return a->family == b->family && a->loopback == b->loopback &&
	       memcmp(a->b, b->b, sizeof a->b) == 0;
}

void viz_host_address_prefix_text(char out[VIZ_ADDR_TEXT_MAX], const struct viz_prefix *prefix)
{
	char host[INET6_ADDRSTRLEN] = "?";
	uint8_t ip[16] = {0};

	memcpy(ip, prefix->b, sizeof prefix->b);
	if (prefix->loopback) {
		snprintf(out, VIZ_ADDR_TEXT_MAX, "loopback");
	} else if (prefix->family == 4) {
		inet_ntop(AF_INET, ip, host, sizeof host);
		snprintf(out, VIZ_ADDR_TEXT_MAX, "%s/24", host);
	} else {
		inet_ntop(AF_INET6, ip, host, sizeof host);
		snprintf(out, VIZ_ADDR_TEXT_MAX, "%s/48", host);
	}
}
