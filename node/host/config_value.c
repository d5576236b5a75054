#include "node/host/config_value.h"

#include <ctype.h>
#include <grp.h>

#include "node/host/address.h"
#include "node/host/lang.h"
#include "node/host/log.h"
#include "node/host/spelling.h"
#include "proto/personal.h"
#include "proto/reader.h"
#include "proto/text.h"

static bool take_text(char *out, size_t size, const char *value)
{
	size_t len = strlen(value);

	if (len == 0 || len >= size || !viz_text_valid(value, len))
		return false;
	memcpy(out, value, len + 1);
	return true;
}

bool viz_host_config_value_part(char *out, size_t size, bool *bad, const char **at)
{
	const char *start = *at, *end;
	size_t len;

	*bad = false;
	if (start == NULL)
		return false;
	end = strchr(start, ',');
	*at = end == NULL ? NULL : end + 1;
	if (end == NULL)
		end = start + strlen(start);
	while (start < end && isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		end--;
	len = (size_t)(end - start);
	*bad = len == 0 || len >= size;
	if (!*bad) {
		memcpy(out, start, len);
		out[len] = '\0';
	}
	return true;
}

static char cnpj_digit(const char *cnpj, size_t len)
{
	unsigned sum = 0, weight = 2;

	for (size_t i = len; i-- > 0;) {
		sum += (unsigned)(cnpj[i] - '0') * weight;
		weight = weight == 9 ? 2 : weight + 1;
	}
	sum %= 11;
	return (char)('0' + (sum < 2 ? 0 : 11 - sum));
}

bool viz_host_config_value_cnpj(const char *cnpj)
{
	bool same = true;

	if (strlen(cnpj) != 14)
		return false;
	for (size_t i = 0; i < 14; i++) {
		bool digit = cnpj[i] >= '0' && cnpj[i] <= '9';
		bool letter = cnpj[i] >= 'A' && cnpj[i] <= 'Z';

		if (!digit && !(letter && i < 12))
			return false;
		same = same && cnpj[i] == cnpj[0];
	}
	/* 00000000000000 and its like have right check digits and belong to nobody. */
	return !same && cnpj[12] == cnpj_digit(cnpj, 12) && cnpj[13] == cnpj_digit(cnpj, 13);
}

static enum viz_host_texts set_name(struct viz_config *c, const char *value)
{
	if (strlen(value) > 0 && viz_text_utf8(value, strlen(value)) &&
	    !viz_text_valid(value, strlen(value)))
		return VIZ_HOST_TEXTS_WANT_VISIBLE_NAME;
	if (viz_personal_find(value) != VIZ_PERSONAL_NONE)
		return VIZ_HOST_TEXTS_WANT_NO_PERSON;
	return take_text(c->profile.name, sizeof c->profile.name, value) &&
		       viz_text_is_name(c->profile.name)
		   ? VIZ_CONFIG_RIGHT
		   : VIZ_HOST_TEXTS_WANT_NAME;
}

static enum viz_host_texts set_cnpj(struct viz_config *c, const char *value)
{
	char plain[15];
	size_t n = 0;

	for (const char *p = value; *p != '\0'; p++) {
		if (strchr("./- ", *p) != NULL)
			continue;
		if (n == 14)
			return VIZ_HOST_TEXTS_WANT_CNPJ_LENGTH;
		plain[n++] = (char)toupper((unsigned char)*p);
	}
	plain[n] = '\0';
	if (!viz_host_config_value_cnpj(plain))
		return VIZ_HOST_TEXTS_WANT_CNPJ;
	memcpy(c->profile.cnpj, plain, sizeof plain);
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_asn(struct viz_config *c, const char *value)
{
	const char *digits = strncasecmp(value, "AS", 2) == 0 ? value + 2 : value;
	size_t len = strlen(digits);
	unsigned long long n;

	if (len == 0 || len > 10 || strspn(digits, "0123456789") != len)
		return VIZ_HOST_TEXTS_WANT_ASN;
	n = strtoull(digits, NULL, 10);
	if (n == 0 || n > UINT32_MAX)
		return VIZ_HOST_TEXTS_WANT_ASN;
	c->profile.asn = (uint32_t)n;
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_address(struct viz_config *c, const char *value)
{
	const size_t max = sizeof c->profile.address / sizeof c->profile.address[0];
	size_t n = 0;
	char part[64];
	bool bad;

	while (n < max && c->profile.address[n][0] != '\0')
		n++;
	for (const char *at = value; viz_host_config_value_part(part, sizeof part, &bad, &at);
	     n++) {
		union viz_addr addr;

		if (bad || viz_host_address_parse(&addr, part, false) != VIZ_OK)
			return VIZ_HOST_TEXTS_WANT_ADDRESS;
		if (n == max)
			return VIZ_HOST_TEXTS_WANT_FEW_ADDRESSES;
		memcpy(c->profile.address[n], part, sizeof part);
	}
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_whatsapp(struct viz_config *c, const char *value)
{
	size_t len = strlen(value);

	if (value[0] != '+' || len < 9 || len > 16 || strspn(value + 1, "0123456789") != len - 1)
		return VIZ_HOST_TEXTS_WANT_WHATSAPP;
	memcpy(c->profile.whatsapp, value, len + 1);
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_hours(struct viz_config *c, const char *value)
{
	if (viz_personal_find(value) != VIZ_PERSONAL_NONE)
		return VIZ_HOST_TEXTS_WANT_NO_PERSON;
	return take_text(c->profile.hours, sizeof c->profile.hours, value) &&
		       viz_hours_parse(&c->profile.work, value)
		   ? VIZ_CONFIG_RIGHT
		   : VIZ_HOST_TEXTS_WANT_HOURS;
}

static enum viz_host_texts set_zone(struct viz_config *c, const char *value)
{
	return viz_hours_parse_zone(&c->profile.work.zone_min, value) ? VIZ_CONFIG_RIGHT
								      : VIZ_HOST_TEXTS_WANT_ZONE;
}

static enum viz_host_texts set_closed(struct viz_config *c, const char *value)
{
	struct viz_hours *work = &c->profile.work;
	char part[16];
	bool bad;

	for (const char *at = value; viz_host_config_value_part(part, sizeof part, &bad, &at);) {
		if (bad || work->closed_count == VIZ_HOURS_CLOSED ||
		    !viz_hours_parse_day(&work->closed[work->closed_count], part))
			return VIZ_HOST_TEXTS_WANT_CLOSED;
		work->closed_count++;
	}
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_promise(struct viz_config *c, const char *value)
{
	size_t len = strlen(value);
	unsigned long n = strtoul(value, NULL, 10);

	if (len == 0 || len > 3 || strspn(value, "0123456789") != len || n < 1 || n > 80)
		return VIZ_HOST_TEXTS_WANT_PROMISE;
	c->profile.work.promise_min = (uint32_t)n * 60;
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_privacy(struct viz_config *c, const char *value)
{
	const char *at = strchr(value, '@');

	if (at == NULL || at == value || at[1] == '\0' || strpbrk(value, " \t<>,") != NULL ||
	    !take_text(c->profile.privacy, sizeof c->profile.privacy, value))
		return VIZ_HOST_TEXTS_WANT_PRIVACY;
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_withdrawal(struct viz_config *c, const char *value)
{
	return take_text(c->profile.withdrawal, sizeof c->profile.withdrawal, value)
		   ? VIZ_CONFIG_RIGHT
		   : VIZ_HOST_TEXTS_WANT_WITHDRAWAL;
}

static enum viz_host_texts set_language(struct viz_config *c, const char *value)
{
	enum viz_lang lang;

	if (!viz_host_lang_parse(&lang, value) || strcmp(viz_host_lang_tag(lang), value) != 0)
		return VIZ_HOST_TEXTS_WANT_LANGUAGE;
	snprintf(c->profile.language, sizeof c->profile.language, "%s", value);
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_answers(struct viz_config *c, const char *value)
{
	if (strcmp(value, "machine") != 0 && strcmp(value, "hand") != 0)
		return VIZ_HOST_TEXTS_WANT_ANSWERS;
	c->profile.by_hand = value[0] == 'h';
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_listen(struct viz_config *c, const char *value)
{
	size_t n = 0;
	char part[64];
	bool bad;

	if (c->listen_default)
		memset(c->listen, 0, sizeof c->listen);
	c->listen_default = false;
	while (n < VIZ_HOST_LISTEN_MAX && c->listen[n][0] != '\0')
		n++;
	for (const char *at = value; viz_host_config_value_part(part, sizeof part, &bad, &at);
	     n++) {
		union viz_addr addr;

		if (bad || viz_host_address_parse(&addr, part, true) != VIZ_OK)
			return VIZ_HOST_TEXTS_WANT_LISTEN;
		if (n == VIZ_HOST_LISTEN_MAX)
			return VIZ_HOST_TEXTS_WANT_FEW_LISTEN;
		memcpy(c->listen[n], part, sizeof part);
	}
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_socket(struct viz_config *c, const char *value)
{
	if (value[0] != '/' || !take_text(c->socket, sizeof c->socket, value))
		return VIZ_HOST_TEXTS_WANT_SOCKET;
	return VIZ_CONFIG_RIGHT;
}

static bool user_valid(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len < VIZ_CONFIG_USER_MAX && name[0] != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		   len;
}

static enum viz_host_texts set_group(struct viz_config *c, const char *value)
{
	if (!user_valid(value) || getgrnam(value) == NULL)
		return VIZ_HOST_TEXTS_WANT_GROUP;
	memcpy(c->group, value, strlen(value) + 1);
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_readers(struct viz_config *c, const char *value)
{
	char part[VIZ_CONFIG_USER_MAX];
	bool bad;

	for (const char *at = value; viz_host_config_value_part(part, sizeof part, &bad, &at);
	     c->reader_count++) {
		if (bad || !user_valid(part))
			return VIZ_HOST_TEXTS_WANT_READERS;
		if (c->reader_count == VIZ_CONFIG_READERS_MAX)
			return VIZ_HOST_TEXTS_WANT_FEW_READERS;
		memcpy(c->readers[c->reader_count], part, strlen(part) + 1);
	}
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_user(char out[VIZ_CONFIG_USER_MAX], const char *value)
{
	if (!user_valid(value))
		return VIZ_HOST_TEXTS_WANT_USER;
	memcpy(out, value, strlen(value) + 1);
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_web(struct viz_config *c, const char *value)
{
	return set_user(c->web, value);
}

static enum viz_host_texts set_erp(struct viz_config *c, const char *value)
{
	return set_user(c->erp, value);
}

static enum viz_host_texts set_map(struct viz_config *c, const char *value)
{
	size_t len = strlen(value);
	unsigned long long n;

	if (len == 0 || len > 7 || strspn(value, "0123456789") != len)
		return VIZ_HOST_TEXTS_WANT_MAP;
	n = strtoull(value, NULL, 10);
	if (n < 16 || n > 1048576)
		return VIZ_HOST_TEXTS_WANT_MAP;
	c->map_mib = n;
	return VIZ_CONFIG_RIGHT;
}

/* One of the first `n` levels. */
static bool take_level(int *level, const char *value, size_t n)
{
	static const char *const names[] = {"error", "warning", "notice", "info", "debug"};

	for (size_t i = 0; i < n; i++) {
		if (strcmp(value, names[i]) == 0) {
			*level = VIZ_LOG_ERROR + (int)i;
			return true;
		}
	}
	return false;
}

static enum viz_host_texts set_level(struct viz_config *c, const char *value)
{
	return take_level(&c->log_level, value, 5) ? VIZ_CONFIG_RIGHT : VIZ_HOST_TEXTS_WANT_LEVEL;
}

static enum viz_host_texts set_webhook_level(struct viz_config *c, const char *value)
{
	return take_level(&c->webhook_level, value, 4) ? VIZ_CONFIG_RIGHT
						       : VIZ_HOST_TEXTS_WANT_EVENT_LEVEL;
}

/* A password in it would be in every list of processes and log of a receiver's proxy. */
static enum viz_host_texts set_webhook(struct viz_config *c, const char *value)
{
	size_t scheme = strncmp(value, "https://", 8) == 0  ? 8
			: strncmp(value, "http://", 7) == 0 ? 7
							    : 0;
	const char *host = value + scheme;

	if (scheme == 0 || strcspn(host, "/:?#") == 0 || strpbrk(host, "@# \"<>\\") != NULL ||
	    !take_text(c->webhook, sizeof c->webhook, value))
		return VIZ_HOST_TEXTS_WANT_WEBHOOK;
	return VIZ_CONFIG_RIGHT;
}

static enum viz_host_texts set_webhook_secret(struct viz_config *c, const char *value)
{
	return value[0] == '/' && take_text(c->webhook_secret, sizeof c->webhook_secret, value)
		   ? VIZ_CONFIG_RIGHT
		   : VIZ_HOST_TEXTS_WANT_FILE;
}

static enum viz_host_texts set_webhook_ca(struct viz_config *c, const char *value)
{
	return value[0] == '/' && take_text(c->webhook_ca, sizeof c->webhook_ca, value)
		   ? VIZ_CONFIG_RIGHT
		   : VIZ_HOST_TEXTS_WANT_FILE;
}

static enum viz_host_texts set_webhook_http(struct viz_config *c, const char *value)
{
	c->webhook_http_anywhere = strcmp(value, "anywhere") == 0;
	return c->webhook_http_anywhere || strcmp(value, "private") == 0
		   ? VIZ_CONFIG_RIGHT
		   : VIZ_HOST_TEXTS_WANT_WEBHOOK_HTTP;
}

static enum viz_host_texts set_hook(struct viz_config *c, const char *value)
{
	if (value[0] != '/' || !take_text(c->hook, sizeof c->hook, value))
		return VIZ_HOST_TEXTS_WANT_HOOK;
	return VIZ_CONFIG_RIGHT;
}

static const struct viz_config_key keys[] = {
    {"node", "name", false, set_name},
    {"node", "cnpj", false, set_cnpj},
    {"node", "asn", false, set_asn},
    {"node", "address", true, set_address},
    {"node", "whatsapp", false, set_whatsapp},
    {"node", "hours", false, set_hours},
    {"node", "zone", false, set_zone},
    {"node", "closed", true, set_closed},
    {"node", "promise_hours", false, set_promise},
    {"node", "withdrawal", false, set_withdrawal},
    {"node", "language", false, set_language},
    {"node", "privacy", false, set_privacy},
    {"node", "answers", false, set_answers},
    {"listen", "address", true, set_listen},
    {"control", "socket", false, set_socket},
    {"control", "group", false, set_group},
    {"access", "readers", true, set_readers},
    {"access", "web", false, set_web},
    {"access", "erp", false, set_erp},
    {"store", "map_mib", false, set_map},
    {"log", "level", false, set_level},
    {"events", "hook", false, set_hook},
    {"events", "webhook", false, set_webhook},
    {"events", "webhook_secret", false, set_webhook_secret},
    {"events", "webhook_ca", false, set_webhook_ca},
    {"events", "webhook_http", false, set_webhook_http},
    {"events", "webhook_level", false, set_webhook_level},
};

_Static_assert(sizeof keys / sizeof keys[0] <= VIZ_CONFIG_KEYS, "VIZ_CONFIG_KEYS is enough");

const struct viz_config_key *viz_host_config_value_key(size_t *index, const char *section,
						       const char *name)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (strcmp(keys[i].section, section) != 0 || strcmp(keys[i].name, name) != 0)
			continue;
		if (index != NULL)
			*index = i;
		return &keys[i];
	}
	return NULL;
}

bool viz_host_config_value_section(const char *section)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i].section, section) == 0)
			return true;
	return false;
}

const char *viz_host_config_value_near(const char *section, const char *name)
{
	struct viz_host_spelling s = viz_host_spelling_of(name);

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i].section, section) == 0)
			viz_host_spelling_known(&s, keys[i].name);
	return s.nearest;
}

const char *viz_host_config_value_home(const char *name)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i].name, name) == 0)
			return keys[i].section;
	return NULL;
}
