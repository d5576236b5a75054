#include "tools/erp/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>

#include "node/host/speech.h"
#include "tools/erp/words.h"

#define SOURCE_MAX   33 /* as draft.put takes it, with the final NUL */
#define LINES_MAX    1000
#define PAIRS_MAX    200
#define SOCKETS_NAME 108 /* as much as a socket's address holds, with the final NUL */

struct pair {
	char section[32], name[32], value[VIZ_ERP_CONFIG_TEXT_MAX];
	int line;
};

struct parse {
	FILE *stream;
	const char *name;
	void (*say)(void *to, const char *line);
	void *to;
	int line, faults;
	struct pair pair[PAIRS_MAX];
	size_t count;
	struct viz_erp_config config;
};

#define fail(p, at, ...)                                                                           \
	do {                                                                                       \
		char what_[512];                                                                   \
                                                                                                   \
		viz_erp_print_text(what_, sizeof what_, __VA_ARGS__);                              \
		complain(p, at, what_);                                                            \
	} while (0)

static void complain(struct parse *p, int line, const char *what)
{
	char text[1024], at[24] = "";

	if (line > 0)
		snprintf(at, sizeof at, ":%d", line);
	snprintf(text, sizeof text, "%s%s: %s", p->name, at, what);
	p->faults++;
	p->say(p->to, text);
}

/* --- Values: false is a wrong one --- */

static bool set_text(char *out, size_t max, const char *value)
{
	if (strlen(value) >= max || value[0] == '\0')
		return false;
	memcpy(out, value, strlen(value) + 1);
	return true;
}

static bool set_number(int *out, const char *value, int min, int max)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)value[0]))
		return false;
	n = strtol(value, &end, 10);
	if (*end != '\0' || n < min || n > max)
		return false;
	*out = (int)n;
	return true;
}

bool viz_erp_config_is_url(const char *text)
{
	const char *host = strstr(text, "://");

	if (strncasecmp(text, "https://", 8) != 0 && strncasecmp(text, "http://", 7) != 0)
		return false;
	host += 3;
	/* a password or a query has no place here: the URL is printed */
	return (isalnum((unsigned char)host[0]) || host[0] == '[') &&
	       strpbrk(host, "@?# \t\"") == NULL;
}

static bool set_url(char *out, const char *value)
{
	return viz_erp_config_is_url(value) && set_text(out, VIZ_ERP_CONFIG_TEXT_MAX, value);
}

/* "-03:00" */
static bool set_zone(int *out, const char *value)
{
	int hour, minute, read = 0;

	if ((value[0] != '+' && value[0] != '-') || strlen(value) != 6 ||
	    !isdigit((unsigned char)value[1]) ||
	    sscanf(value + 1, "%2d:%2d%n", &hour, &minute, &read) != 2 || read != 5 || hour > 14 ||
	    minute < 0 || minute > 59)
		return false;
	*out = (value[0] == '-' ? -1 : 1) * (hour * 60 + minute);
	return true;
}

static bool set_word(int *out, const char *value, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], value) == 0) {
			*out = i;
			return true;
		}
	return false;
}

/* "3, 17" */
static bool set_list(struct viz_erp_ticked *out, const char *value)
{
	for (const char *p = value; *p != '\0';) {
		size_t len;

		p += strspn(p, ", \t");
		len = strcspn(p, ", \t");
		if (len == 0)
			break;
		if (len >= VIZ_ERP_ID_MAX || out->count == VIZ_ERP_TICKED_MAX)
			return false;
		snprintf(out->id[out->count++], VIZ_ERP_ID_MAX, "%.*s", (int)len, p);
		p += len;
	}
	return true;
}

bool viz_erp_config_ticked(const struct viz_erp_ticked *ticked, const char *id)
{
	for (size_t i = 0; i < ticked->count; i++)
		if (strcmp(ticked->id[i], id) == 0)
			return true;
	return false;
}

/* --- Keys --- */

enum kind { TEXT, URL, FILE_NAME, RATE, SECONDS, SPAN, DAYS, ZONE, LIST, WHICH, WRITE, CONNECTOR };

static const char *const which_words[] = {"ticked", "all", "none", NULL};
static const char *const write_words[] = {"never", "claimed", "held", NULL};

static const struct key {
	const char *section, *name;
	enum kind kind;
	size_t at;
} keys[] = {
#define KEY(section, name, kind, member)                                                           \
	{                                                                                          \
		section, name, kind, offsetof(struct viz_erp_config, member)                       \
	}
    KEY("erp", "kind", CONNECTOR, connector),
    KEY("erp", "source", TEXT, source),
    KEY("erp", "url", URL, url),
    KEY("erp", "user", TEXT, user),
    KEY("erp", "token_file", FILE_NAME, token_file),
    KEY("erp", "ca", FILE_NAME, ca),
    KEY("erp", "rate_per_minute", RATE, rate_per_minute),
    KEY("erp", "interval_s", SPAN, interval_s),
    KEY("erp", "timeout_s", SECONDS, timeout_s),
    KEY("erp", "zone", ZONE, zone_min),
    KEY("node", "socket", FILE_NAME, socket),
    KEY("drafts", "cancellations", WHICH, cancellations),
    KEY("drafts", "move_reasons", LIST, reasons),
    KEY("drafts", "move_subjects", LIST, subjects),
    KEY("drafts", "first_days", DAYS, first_days),
    KEY("leads", "write", WRITE, write),
#undef KEY
};

static enum viz_erp_texts expected(enum kind kind)
{
	switch (kind) {
	case TEXT:
		return VIZ_ERP_TEXTS_WANT_TEXT;
	case URL:
		return VIZ_ERP_TEXTS_WANT_URL;
	case FILE_NAME:
		return VIZ_ERP_TEXTS_WANT_FILE;
	case RATE:
		return VIZ_ERP_TEXTS_WANT_RATE;
	case SECONDS:
		return VIZ_ERP_TEXTS_WANT_SECONDS;
	case SPAN:
		return VIZ_ERP_TEXTS_WANT_SPAN;
	case DAYS:
		return VIZ_ERP_TEXTS_WANT_DAYS;
	case ZONE:
		return VIZ_ERP_TEXTS_WANT_ZONE;
	case LIST:
		return VIZ_ERP_TEXTS_WANT_LIST;
	case WHICH:
		return VIZ_ERP_TEXTS_WANT_WHICH;
	case WRITE:
		return VIZ_ERP_TEXTS_WANT_WRITE;
	case CONNECTOR:
		return VIZ_ERP_TEXTS_WANT_CONNECTOR;
	}
	return VIZ_ERP_TEXTS_WANT_TEXT;
}

static bool set_key(struct viz_erp_config *c, const struct key *key, const char *value)
{
	void *at = (char *)c + key->at;
	int word = 0;

	switch (key->kind) {
	case TEXT:
		/* the source is an id; the user may be as long as a value */
		return set_text(at, at == c->source ? SOURCE_MAX : VIZ_ERP_CONFIG_TEXT_MAX, value);
	case URL:
		return set_url(at, value);
	case FILE_NAME:
		return value[0] == '/' &&
		       set_text(at, at == c->socket ? SOCKETS_NAME : VIZ_ERP_CONFIG_TEXT_MAX,
				value);
	case RATE:
		return set_number(at, value, 1, 600);
	case SECONDS:
		return set_number(at, value, 1, 300);
	case SPAN:
		return set_number(at, value, 10, 86400);
	case DAYS:
		return set_number(at, value, 0, 90);
	case ZONE:
		return set_zone(at, value);
	case LIST:
		return set_list(at, value);
	case WHICH:
		if (!set_word(&word, value, which_words))
			return false;
		c->cancellations = (enum viz_erp_which)word;
		return true;
	case WRITE:
		if (!set_word(&word, value, write_words))
			return false;
		c->write = (enum viz_erp_write)word;
		return true;
	case CONNECTOR:
		c->connector = viz_erp_connector_named(value);
		return c->connector != NULL;
	}
	return false;
}

/* --- The file --- */

static char *read_line(char *line, int size, void *user)
{
	struct parse *p = user;
	size_t len;

	if (p->line == LINES_MAX || fgets(line, size, p->stream) == NULL)
		return NULL;
	p->line++;
	len = strlen(line);
	if (len == (size_t)size - 1 && line[len - 1] != '\n') {
		int c;

		fail(p, p->line, VIZ_ERP_TEXTS_LONG_LINE, size - 2);
		while ((c = getc(p->stream)) != EOF && c != '\n')
			;
		strcpy(line, "\n");
	}
	return line;
}

static int keep(void *user, const char *section, const char *name, const char *value)
{
	struct parse *p = user;
	struct pair *pair = &p->pair[p->count];

	if (p->count == PAIRS_MAX || strlen(section) >= sizeof pair->section ||
	    strlen(name) >= sizeof pair->name || strlen(value) >= sizeof pair->value) {
		fail(p, p->line, VIZ_ERP_TEXTS_NO_KEY, name, section);
		return 1;
	}
	strcpy(pair->section, section);
	strcpy(pair->name, name);
	strcpy(pair->value, value);
	pair->line = p->line;
	p->count++;
	return 1;
}

static bool seen_before(const struct parse *p, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(p->pair[i].section, p->pair[at].section) == 0 &&
		    strcmp(p->pair[i].name, p->pair[at].name) == 0)
			return true;
	return false;
}

/* A key of a connector's section; those of another connector are looked at, and not kept. */
static void take_setting(struct parse *p, const struct pair *pair,
			 const struct viz_erp_connector *connector)
{
	const struct viz_erp_key *k = connector->keys;

	for (size_t i = 0; k != NULL && k[i].name != NULL; i++) {
		if (strcmp(k[i].name, pair->name) != 0)
			continue;
		VIZ_REQUIRE(i < VIZ_ERP_SETTINGS_MAX);
		if (k[i].url && !viz_erp_config_is_url(pair->value))
			fail(p, pair->line, VIZ_ERP_TEXTS_BAD_VALUE, pair->section, pair->name,
			     viz_erp_word(VIZ_ERP_TEXTS_WANT_URL));
		else if (connector == p->config.connector)
			strcpy(p->config.setting[i], pair->value);
		return;
	}
	fail(p, pair->line, VIZ_ERP_TEXTS_NO_KEY, pair->name, pair->section);
}

static void take_pair(struct parse *p, size_t at)
{
	const struct pair *pair = &p->pair[at];
	const struct viz_erp_connector *connector = viz_erp_connector_named(pair->section);

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		if (strcmp(keys[i].section, pair->section) != 0 ||
		    strcmp(keys[i].name, pair->name) != 0)
			continue;
		if (keys[i].kind != LIST && seen_before(p, at))
			fail(p, pair->line, VIZ_ERP_TEXTS_TWICE, pair->section, pair->name);
		else if (!set_key(&p->config, &keys[i], pair->value))
			fail(p, pair->line, VIZ_ERP_TEXTS_BAD_VALUE, pair->section, pair->name,
			     viz_erp_word(expected(keys[i].kind)));
		return;
	}
	if (connector != NULL)
		take_setting(p, pair, connector);
	else
		fail(p, pair->line, VIZ_ERP_TEXTS_NO_KEY, pair->name, pair->section);
}

static void set_defaults(struct viz_erp_config *c)
{
	*c = (struct viz_erp_config){.rate_per_minute = 30,
				     .interval_s = 300,
				     .timeout_s = 30,
				     .first_days = 7,
				     .zone_min = -180,
				     .cancellations = VIZ_ERP_WHICH_TICKED,
				     .write = VIZ_ERP_WRITE_CLAIMED};
}

/* The connector's own defaults come before its section is read. */
static void set_connector(struct parse *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->pair[i].section, "erp") == 0 && strcmp(p->pair[i].name, "kind") == 0)
			p->config.connector = viz_erp_connector_named(p->pair[i].value);
	if (p->config.connector == NULL || p->config.connector->keys == NULL)
		return;
	for (size_t i = 0; p->config.connector->keys[i].name != NULL; i++)
		if (p->config.connector->keys[i].value != NULL)
			strcpy(p->config.setting[i], p->config.connector->keys[i].value);
}

static void need(struct parse *p, bool there, const char *section, const char *name)
{
	if (!there)
		fail(p, 0, VIZ_ERP_TEXTS_MISSING, section, name);
}

static void look_at_whole(struct parse *p)
{
	struct viz_erp_config *c = &p->config;

	need(p, c->connector != NULL, "erp", "kind");
	need(p, c->url[0] != '\0', "erp", "url");
	if (c->connector == NULL)
		return;
	if (c->source[0] == '\0')
		snprintf(c->source, sizeof c->source, "%s", c->connector->name);
	need(p, !c->connector->user || c->user[0] != '\0', "erp", "user");
	for (size_t i = 0; c->connector->keys != NULL && c->connector->keys[i].name != NULL; i++)
		need(p, c->connector->keys[i].value != NULL || c->setting[i][0] != '\0',
		     c->connector->name, c->connector->keys[i].name);
}

int viz_erp_config_stream(struct viz_erp_config *out, FILE *stream, const char *name,
			  void (*say)(void *to, const char *line), void *to)
{
	struct parse *p = calloc(1, sizeof *p);
	int line, faults;

	VIZ_REQUIRE(p != NULL);
	*p = (struct parse){.stream = stream, .name = name, .say = say, .to = to};
	set_defaults(&p->config);
	line = ini_parse_stream(read_line, p, keep, p);
	if (line > 0)
		fail(p, line, VIZ_ERP_TEXTS_BAD_FORM);
	if (ferror(stream) != 0)
		fail(p, 0, VIZ_ERP_TEXTS_CANNOT_READ, viz_host_speech_errno(errno));
	set_connector(p);
	for (size_t i = 0; i < p->count; i++)
		take_pair(p, i);
	look_at_whole(p);
	faults = p->faults;
	if (faults == 0)
		*out = p->config;
	free(p);
	return faults == 0 ? VIZ_OK : VIZ_ERR_INPUT;
}

int viz_erp_config_read(struct viz_erp_config *out, const char *path,
			void (*say)(void *to, const char *line), void *to)
{
	FILE *stream = fopen(path, "re");
	int err;

	if (stream == NULL) {
		char why[512], text[1024];

		viz_erp_print_text(why, sizeof why, VIZ_ERP_TEXTS_CANNOT_READ,
				   viz_host_speech_errno(errno));
		snprintf(text, sizeof text, "%s: %s", path, why);
		say(to, text);
		return VIZ_ERR_INPUT;
	}
	err = viz_erp_config_stream(out, stream, path, say, to);
	fclose(stream);
	return err;
}
