#include "node/host/config.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>

#include "node/host/config_value.h"
#include "node/host/log.h"

/* What goes through inih: it calls read_line for lines and take_key for keys. */
struct parse {
	struct viz_config config;
	FILE *stream;
	const char *name;
	char *error;
	int line;
	bool failed; /* the first error is in `error`; all that follows is passed over */
	bool seen[VIZ_CONFIG_KEYS];
};

static void fail(struct parse *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(struct parse *p, const char *format, ...)
{
	va_list args;
	int at;

	if (p->failed)
		return;
	p->failed = true;
	at = snprintf(p->error, VIZ_CONFIG_ERROR_MAX, "%s:%d: ", p->name, p->line);
	if (at < 0 || at >= VIZ_CONFIG_ERROR_MAX)
		return;
	va_start(args, format);
	vsnprintf(p->error + at, VIZ_CONFIG_ERROR_MAX - (size_t)at, format, args);
	va_end(args);
}

static char *read_line(char *line, int size, void *stream)
{
	struct parse *p = stream;
	size_t len;

	if (p->failed || fgets(line, size, p->stream) == NULL)
		return NULL;
	p->line++;
	len = strlen(line);
	/* inih would go on in the middle of the line as if a new one began there. */
	if ((len == 0 || line[len - 1] != '\n') && !feof(p->stream)) {
		fail(p, "the line is too long or holds a NUL byte: expected at most %d bytes",
		     size - 2);
		return NULL;
	}
	return line;
}

static int take_key(void *user, const char *section, const char *name, const char *value)
{
	struct parse *p = user;
	const struct viz_config_key *key;
	const char *expected;
	size_t index = 0;

	if (p->failed)
		return 0;
	key = viz_host_config_value_key(&index, section, name);
	if (key == NULL) {
		if (section[0] == '\0')
			fail(p, "\"%s\" stands before any [section]", name);
		else if (!viz_host_config_value_section(section))
			fail(p,
			     "unknown section [%s]: expected node, listen, control, access, store "
			     "or log",
			     section);
		else
			fail(p, "unknown key \"%s\" in [%s]", name, section);
		return 0;
	}
	if (p->seen[index] && !key->repeat) {
		fail(p, "[%s] %s is given twice", section, name);
		return 0;
	}
	p->seen[index] = true;
	expected = key->set(&p->config, value);
	if (expected != NULL)
		fail(p, "[%s] %s: expected %s", section, name, expected);
	return expected == NULL;
}

void viz_host_config_default(struct viz_config *c)
{
	memset(c, 0, sizeof *c);
	snprintf(c->listen[0], sizeof c->listen[0], "[::]:" VIZ_CONFIG_PORT);
	snprintf(c->listen[1], sizeof c->listen[1], "0.0.0.0:" VIZ_CONFIG_PORT);
	c->listen_default = true;
	c->map_mib = 4096;
	c->log_level = VIZ_LOG_INFO;
}

int viz_host_config_stream(struct viz_config *out, char error[VIZ_CONFIG_ERROR_MAX], FILE *stream,
			   const char *name)
{
	struct parse p = {.stream = stream, .name = name, .error = error};
	int bad;

	viz_host_config_default(&p.config);
	bad = ini_parse_stream(read_line, &p, take_key, &p);
	if (bad != 0 && !p.failed) {
		p.line = bad > 0 ? bad : p.line;
		fail(&p, "expected [section], key = value, or a comment that starts with # or ;");
	}
	if (!p.failed && ferror(stream) != 0)
		fail(&p, "cannot read: %s", strerror(errno));
	if (!p.failed && p.config.profile.name[0] == '\0') {
		p.failed = true; /* of no line */
		snprintf(error, VIZ_CONFIG_ERROR_MAX,
			 "%s: [node] name is missing: expected the name under which customers know "
			 "this provider",
			 name);
	}
	if (p.failed)
		return VIZ_ERR_INPUT;
	*out = p.config;
	return VIZ_OK;
}

int viz_host_config_read(struct viz_config *out, char error[VIZ_CONFIG_ERROR_MAX], const char *path)
{
	FILE *stream = fopen(path, "re");
	int err;

	if (stream == NULL) {
		snprintf(error, VIZ_CONFIG_ERROR_MAX, "%s: cannot open: %s", path, strerror(errno));
		return VIZ_ERR_INPUT;
	}
	err = viz_host_config_stream(out, error, stream, path);
	fclose(stream);
	return err;
}
