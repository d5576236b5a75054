#include "node/host/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>

#include "node/host/config_machine.h"
#include "node/host/config_value.h"
#include "node/host/log.h"
#include "node/host/speech.h"

/* What goes through inih: it calls read_line for lines and take_key for keys. */
struct parse {
	struct viz_config config;
	const struct viz_config_report *report;
	FILE *stream;
	const char *name;
	int line;    /* 0: none, the file as a whole */
	bool in_key; /* an indented line goes on with the value above */
	bool cut;    /* the rest of the file is not read */
	size_t faults;
	bool seen[VIZ_CONFIG_KEYS];
};

static void say(struct parse *p, bool fault, const char *what)
{
	char text[2 * VIZ_CONFIG_ERROR_MAX], at[24] = "";

	if (p->line > 0)
		snprintf(at, sizeof at, ":%d", p->line);
	snprintf(text, sizeof text, "%s%s: %s", p->name, at, what);
	p->faults += fault;
	p->report->say(p->report->to, fault, text);
}

/* Tells what is wrong, by its text and arguments. */
#define fail(p, ...)                                                                               \
	do {                                                                                       \
		char what_[VIZ_CONFIG_ERROR_MAX];                                                  \
                                                                                                   \
		viz_host_speech_print(what_, sizeof what_, __VA_ARGS__);                           \
		say(p, true, what_);                                                               \
	} while (0)

/* The first of `chars` before a comment, as inih looks for it; NULL: there is none. */
static const char *find(const char *text, const char *chars)
{
	bool blank = false;

	for (; *text != '\0' && !(blank && *text == ';'); text++) {
		if (strchr(chars, *text) != NULL)
			return text;
		blank = isspace((unsigned char)*text) != 0;
	}
	return NULL;
}

static void look_at_section(struct parse *p, const char *name, size_t len)
{
	char section[VIZ_CONFIG_ERROR_MAX / 4];

	snprintf(section, sizeof section, "%.*s", (int)len, name);
	if (!viz_host_config_value_section(section))
		fail(p, VIZ_HOST_TEXTS_BAD_SECTION, section);
}

/* inih tells neither a section without keys nor more than one line of a wrong form. */
static void look_at_form(struct parse *p, const char *line)
{
	const char *start = line, *end;
	bool indented;

	if (p->line == 1 && strncmp(start, "\xef\xbb\xbf", 3) == 0)
		start += 3;
	indented = isspace((unsigned char)*start) != 0;
	while (isspace((unsigned char)*start))
		start++;
	if (*start == '\0' || *start == ';' || *start == '#' || (indented && p->in_key))
		return;
	if (*start == '[') {
		end = find(start + 1, "]");
		if (end != NULL)
			look_at_section(p, start + 1, (size_t)(end - start - 1));
		p->in_key = end == NULL && p->in_key;
	} else {
		end = find(start, "=:");
		p->in_key = end != NULL ? end > start : p->in_key;
	}
	if (end == NULL)
		fail(p, VIZ_HOST_TEXTS_BAD_FORM);
}

/* inih would go on in the middle of a long line as if a new one began there. Such a line is passed
 * over. What is no text at all is not read to its end. */
static char *read_line(char *line, int size, void *stream)
{
	struct parse *p = stream;
	int len = 0, c = EOF;
	bool nul = false;

	while (!p->cut && len < VIZ_CONFIG_LINE_MAX && (c = getc(p->stream)) != EOF) {
		nul = nul || c == '\0';
		if (len < size - 1)
			line[len] = (char)c;
		len++;
		if (c == '\n')
			break;
	}
	if (len == 0)
		return NULL;
	p->line++;
	line[len < size - 1 ? len : size - 1] = '\0';
	if (nul || len > size - 1) {
		fail(p, VIZ_HOST_TEXTS_LONG_LINE, size - 2);
		p->cut = nul || len == VIZ_CONFIG_LINE_MAX;
		strcpy(line, "\n");
	}
	look_at_form(p, line);
	if (p->faults >= VIZ_CONFIG_FAULTS_MAX && !p->cut) {
		fail(p, VIZ_HOST_TEXTS_TOO_MANY);
		p->cut = true;
	}
	return line;
}

static void unknown_key(struct parse *p, const char *section, const char *name)
{
	const char *home = viz_host_config_value_home(name), *near;

	if (section[0] == '\0') {
		fail(p, VIZ_HOST_TEXTS_NO_SECTION, name);
	} else if (viz_host_config_value_section(section)) { /* else its section is told */
		near = viz_host_config_value_near(section, name);
		if (near != NULL)
			fail(p, VIZ_HOST_TEXTS_BAD_KEY_NEAR, name, section, near);
		else if (home != NULL)
			fail(p, VIZ_HOST_TEXTS_BAD_KEY_HOME, name, section, home);
		else
			fail(p, VIZ_HOST_TEXTS_BAD_KEY, name, section);
	}
}

/* inih's result is not asked for: look_at_form() tells the same of each line. */
static int take_key(void *user, const char *section, const char *name, const char *value)
{
	struct parse *p = user;
	const struct viz_config_key *key;
	enum viz_host_texts expected;
	char why[VIZ_CONFIG_ERROR_MAX];
	size_t index = 0;

	key = viz_host_config_value_key(&index, section, name);
	if (key == NULL) {
		unknown_key(p, section, name);
		return 1;
	}
	if (p->seen[index] && !key->repeat) {
		fail(p, VIZ_HOST_TEXTS_TWICE, section, name);
		return 1;
	}
	p->seen[index] = true;
	expected = key->set(&p->config, value);
	if (expected != VIZ_CONFIG_RIGHT)
		fail(p, VIZ_HOST_TEXTS_BAD_VALUE, section, name, viz_host_speech_text(expected));
	else if (p->report->machine && !viz_host_config_machine_has(why, sizeof why, key, value))
		fail(p, VIZ_HOST_TEXTS_NOT_HERE, section, name, why);
	return 1;
}

static bool seen(const struct parse *p, const char *section, const char *name)
{
	size_t index = 0;

	return viz_host_config_value_key(&index, section, name) != NULL && p->seen[index];
}

/* A node without these two receives leads, and makes no offer. */
static void look_at_offers(struct parse *p)
{
	static const struct {
		const char *key;
		enum viz_host_texts want;
	} needed[] = {{"withdrawal", VIZ_HOST_TEXTS_WANT_WITHDRAWAL},
		      {"privacy", VIZ_HOST_TEXTS_WANT_PRIVACY}};
	char text[VIZ_CONFIG_ERROR_MAX];

	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		if (seen(p, "node", needed[i].key))
			continue;
		viz_host_speech_print(text, sizeof text, VIZ_HOST_TEXTS_NO_OFFER, needed[i].key,
				      viz_host_speech_text(needed[i].want));
		say(p, false, text);
	}
}

void viz_host_config_default(struct viz_config *c)
{
	memset(c, 0, sizeof *c);
	snprintf(c->listen[0], sizeof c->listen[0], "[::]:" VIZ_CONFIG_PORT);
	snprintf(c->listen[1], sizeof c->listen[1], "0.0.0.0:" VIZ_CONFIG_PORT);
	c->listen_default = true;
	c->log_level = VIZ_LOG_INFO;
	c->webhook_level = VIZ_LOG_INFO;
	viz_hours_default(&c->profile.work);
}

int viz_host_config_stream(struct viz_config *out, const struct viz_config_report *report,
			   FILE *stream, const char *name)
{
	struct parse p = {.report = report, .stream = stream, .name = name};

	viz_host_config_default(&p.config);
	ini_parse_stream(read_line, &p, take_key, &p);
	p.line = 0;
	if (ferror(stream) != 0)
		fail(&p, VIZ_HOST_TEXTS_CANNOT_READ, viz_host_speech_errno(errno));
	else if (!p.cut && !seen(&p, "node", "name"))
		fail(&p, VIZ_HOST_TEXTS_NO_NAME);
	if (report->machine && !p.cut && ferror(stream) == 0)
		look_at_offers(&p);
	if (p.faults > 0)
		return VIZ_ERR_INPUT;
	*out = p.config;
	return VIZ_OK;
}

int viz_host_config_read(struct viz_config *out, const struct viz_config_report *report,
			 const char *path)
{
	struct parse p = {.report = report, .name = path};
	FILE *stream = fopen(path, "re");
	int err;

	if (stream == NULL) {
		fail(&p, VIZ_HOST_TEXTS_CANNOT_OPEN, viz_host_speech_errno(errno));
		return VIZ_ERR_INPUT;
	}
	err = viz_host_config_stream(out, report, stream, path);
	fclose(stream);
	return err;
}
