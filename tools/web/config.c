#include "tools/web/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ini.h>

#include "node/host/log.h"
#include "node/host/speech.h"
#include "tools/web/text.h"

struct reader {
	struct viz_web_config config;
	const char *path;
	unsigned faults;
};

typedef bool (*setter)(struct viz_web_config *c, const char *value);

bool viz_web_config_address(struct in6_addr *out, const struct sockaddr *from)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;

	if (from->sa_family == AF_INET6) {
		*out = v6->sin6_addr;
		return true;
	}
	if (from->sa_family != AF_INET)
		return false;
	memset(out, 0, sizeof *out);
	out->s6_addr[10] = out->s6_addr[11] = 0xff;
	memcpy(out->s6_addr + 12, &v4->sin_addr, 4);
	return true;
}

bool viz_web_config_parse_address(struct in6_addr *out, const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return viz_web_config_address(out, (const struct sockaddr *)&v4);
	return inet_pton(AF_INET6, text, out) == 1;
}

bool viz_web_config_is_proxy(const struct viz_web_config *c, const struct in6_addr *address)
{
	for (size_t i = 0; i < c->proxy_count; i++)
		if (memcmp(&c->proxy[i], address, sizeof *address) == 0)
			return true;
	return false;
}

static bool set_text(char *out, size_t max, const char *value)
{
	if (strlen(value) >= max)
		return false;
	snprintf(out, max, "%s", value);
	return true;
}

/* "127.0.0.1:8080", "[::1]:8080" or "off". */
static bool set_listen(struct sockaddr_storage *out, const char *value)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const char *colon = strrchr(value, ':');
	size_t len = colon != NULL ? (size_t)(colon - value) : 0;
	char host[64], *end;
	unsigned long port;

	memset(out, 0, sizeof *out);
	if (strcmp(value, "off") == 0)
		return true;
	if (len == 0 || len >= sizeof host)
		return false;
	port = strtoul(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port > 65535)
		return false;
	memcpy(host, value, len);
	host[len] = '\0';
	if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		v4.sin_port = htons((uint16_t)port);
		memcpy(out, &v4, sizeof v4);
		return true;
	}
	if (host[0] != '[' || host[len - 1] != ']')
		return false;
	host[len - 1] = '\0';
	if (inet_pton(AF_INET6, host + 1, &v6.sin6_addr) != 1)
		return false;
	v6.sin6_port = htons((uint16_t)port);
	memcpy(out, &v6, sizeof v6);
	return true;
}

static bool set_url(char *out, size_t max, const char *value)
{
	size_t len = strlen(value);

	if (strncmp(value, "https://", 8) != 0 && strncmp(value, "http://", 7) != 0)
		return false;
	if (strpbrk(value, " \"<>?#") != NULL || !set_text(out, max, value))
		return false;
	if (out[len - 1] == '/')
		out[len - 1] = '\0';
	return true;
}

static bool set_proxies(struct viz_web_config *c, const char *value)
{
	char copy[512], *rest = copy;

	if (!set_text(copy, sizeof copy, value))
		return false;
	c->proxy_count = 0;
	for (char *word; (word = strsep(&rest, " ,")) != NULL;) {
		if (*word == '\0')
			continue;
		if (c->proxy_count == VIZ_WEB_PROXIES_MAX ||
		    !viz_web_config_parse_address(&c->proxy[c->proxy_count++], word))
			return false;
	}
	return true;
}

static bool set_public(struct viz_web_config *c, const char *value)
{
	return set_listen(&c->listen[0], value);
}

static bool set_private(struct viz_web_config *c, const char *value)
{
	return set_listen(&c->listen[1], value);
}

static bool set_public_url(struct viz_web_config *c, const char *value)
{
	return set_url(c->url, sizeof c->url, value);
}

static bool set_private_url(struct viz_web_config *c, const char *value)
{
	return set_url(c->private_url, sizeof c->private_url, value);
}

static bool set_socket(struct viz_web_config *c, const char *value)
{
	return value[0] == '/' && set_text(c->socket, sizeof c->socket, value);
}

static bool set_state(struct viz_web_config *c, const char *value)
{
	return value[0] == '/' && set_text(c->state, sizeof c->state, value);
}

static bool set_certificate(struct viz_web_config *c, const char *value)
{
	return value[0] == '/' && set_text(c->certificate, sizeof c->certificate, value);
}

static bool set_key(struct viz_web_config *c, const char *value)
{
	return value[0] == '/' && set_text(c->key, sizeof c->key, value);
}

static bool set_language(struct viz_web_config *c, const char *value)
{
	return viz_host_lang_parse(&c->lang, value);
}

static const struct {
	const char *key;
	setter set;
	enum viz_web_text want;
} keys[] = {
    {"public", set_public, VIZ_WEB_TEXT_WANT_LISTEN},
    {"private", set_private, VIZ_WEB_TEXT_WANT_LISTEN},
    {"url", set_public_url, VIZ_WEB_TEXT_WANT_URL},
    {"private_url", set_private_url, VIZ_WEB_TEXT_WANT_URL},
    {"socket", set_socket, VIZ_WEB_TEXT_WANT_PATH},
    {"state_dir", set_state, VIZ_WEB_TEXT_WANT_PATH},
    {"certificate", set_certificate, VIZ_WEB_TEXT_WANT_PATH},
    {"key", set_key, VIZ_WEB_TEXT_WANT_PATH},
    {"proxies", set_proxies, VIZ_WEB_TEXT_WANT_ADDRESSES},
    {"language", set_language, VIZ_WEB_TEXT_WANT_LANGUAGE},
};

static void say(struct reader *r, const char *text)
{
	r->faults++;
	viz_host_log(VIZ_LOG_ERROR, "%s: %s", r->path, text);
}

/* inih calls it for each key, and looks at no result but 0, which marks the line. */
static int take_key(void *user, const char *section, const char *name, const char *value)
{
	enum viz_lang lang = viz_host_speech_lang();
	struct reader *r = user;
	char text[512];

	for (size_t i = 0; strcmp(section, "web") == 0 && i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(keys[i].key, name) != 0)
			continue;
		if (keys[i].set(&r->config, value))
			return 1;
		viz_web_text_fill(text, sizeof text, lang, VIZ_WEB_TEXT_CONFIG_VALUE, "key", name,
				  "want", viz_web_text(lang, keys[i].want), NULL);
		say(r, text);
		return 1;
	}
	viz_web_text_fill(text, sizeof text, lang, VIZ_WEB_TEXT_CONFIG_KEY, "section", section,
			  "key", name, NULL);
	say(r, text);
	return 1;
}

int viz_web_config_read(struct viz_web_config *out, const char *path)
{
	enum viz_lang lang = viz_host_speech_lang();
	struct reader r = {.path = path};
	char text[512], line[16];
	int at;

	set_public(&r.config, "127.0.0.1:8080");
	set_private(&r.config, "127.0.0.1:8081");
	set_socket(&r.config, "/var/lib/vizinho/control");
	set_state(&r.config, "/var/lib/vizinho-web");
	at = ini_parse(path, take_key, &r);
	if (at < 0) {
		say(&r, viz_host_speech_errno(errno));
	} else if (at > 0) {
		snprintf(line, sizeof line, "%d", at);
		viz_web_text_fill(text, sizeof text, lang, VIZ_WEB_TEXT_CONFIG_LINE, "line", line,
				  NULL);
		say(&r, text);
	}
	if ((r.config.certificate[0] == '\0') != (r.config.key[0] == '\0'))
		say(&r, viz_web_text(lang, VIZ_WEB_TEXT_CONFIG_PAIR));
	if (r.faults > 0)
		return VIZ_ERR_INPUT;
	*out = r.config;
	return VIZ_OK;
}
