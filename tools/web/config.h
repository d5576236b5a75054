/* web.conf of vizinho-web: an INI file (inih). Every key has a default; an unknown key or a wrong
 * value is an error that names file, line and what was expected. tools/packaging/web.conf lists all
 * keys. */
#ifndef VIZ_TOOLS_WEB_CONFIG_H
#define VIZ_TOOLS_WEB_CONFIG_H

#include <netinet/in.h>

#include "node/host/lang.h"
#include "tools/web/limits.h"

#define VIZ_WEB_CONFIG_FILE "/etc/vizinho/web.conf"

struct viz_web_config {
	struct sockaddr_storage listen[2]; /* public, private; family 0: off */
	char url[256];                     /* without a final "/"; "": not known */
	char private_url[256];
	char socket[108];
	char state[256];
	char certificate[256]; /* PEM; "": no TLS here */
	char key[256];
	/* Whose X-Forwarded-For and X-Forwarded-Proto count. */
	struct in6_addr proxy[VIZ_WEB_PROXIES_MAX]; /* IPv4 as ::ffff:a.b.c.d */
	size_t proxy_count;
	enum viz_lang lang;
};

/* Reads `path` over the defaults; what is wrong goes to standard error, all of it. VIZ_ERR_INPUT.
 */
int viz_web_config_read(struct viz_web_config *out, const char *path);

/* Whether the address is one of the proxies'. */
bool viz_web_config_is_proxy(const struct viz_web_config *c, const struct in6_addr *address);
/* An address of either family in one form, IPv4 as ::ffff:a.b.c.d. False: another family. */
bool viz_web_config_address(struct in6_addr *out, const struct sockaddr *from);
bool viz_web_config_parse_address(struct in6_addr *out, const char *text);

#endif
