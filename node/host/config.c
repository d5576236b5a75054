#include "node/host/config.h"

#include <errno.h>
#include <ini.h>

#include "node/host/config_value.h"
#include "node/host/log.h"
#include "node/host/speech.h"

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

/* Writes the place of the error, and keeps the first one. Returns how much of p->error it takes. */
static size_t place(struct parse *p)
{
	int at;

	p->failed = true;
	at = snprintf(p->error, VIZ_CONFIG_ERROR_MAX, "%s:%d: ", p->name, p->line);
	return at > 0 && at < VIZ_CONFIG_ERROR_MAX ? (size_t)at : VIZ_CONFIG_ERROR_MAX - 1;
}

/* The first error, by its text and arguments. */
#define fail(p, id, ...)                                                                           \
	do {                                                                                       \
		size_t at_;                                                                        \
		if ((p)->failed)                                                                   \
			break;                                                                     \
		at_ = place(p);                                                                    \
		viz_host_speech_print((p)->error + at_, VIZ_CONFIG_ERROR_MAX - at_, id,            \
				      ##__VA_ARGS__);                                              \
	} while (0)

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
		fail(p, VIZ_HOST_TEXTS_LONG_LINE, size - 2);
		return NULL;
	}
	return line;
}

static int take_key(void *user, const char *section, const char *name, const char *value)
{
	struct parse *p = user;
	const struct viz_config_key *key;
	enum viz_host_texts expected;
	size_t index = 0;

	if (p->failed)
		return 0;
	key = viz_host_config_value_key(&index, section, name);
	if (key == NULL) {
		if (section[0] == '\0')
			fail(p, VIZ_HOST_TEXTS_NO_SECTION, name);
		else if (!viz_host_config_value_section(section))
			fail(p, VIZ_HOST_TEXTS_BAD_SECTION, section);
		else
			fail(p, VIZ_HOST_TEXTS_BAD_KEY, name, section);
		return 0;
	}
	if (p->seen[index] && !key->repeat) {
		fail(p, VIZ_HOST_TEXTS_TWICE, section, name);
		return 0;
	}
	p->seen[index] = true;
	expected = key->set(&p->config, value);
	if (expected != VIZ_CONFIG_RIGHT)
		fail(p, VIZ_HOST_TEXTS_BAD_VALUE, section, name, viz_host_speech_text(expected));
	return expected == VIZ_CONFIG_RIGHT;
}

void viz_host_config_default(struct viz_config *c)
{
	memset(c, 0, sizeof *c);
	snprintf(c->listen[0], sizeof c->listen[0], "[::]:" VIZ_CONFIG_PORT);
	snprintf(c->listen[1], sizeof c->listen[1], "0.0.0.0:" VIZ_CONFIG_PORT);
	c->listen_default = true;
	c->map_mib = 4096;
	c->log_level = VIZ_LOG_INFO;
	viz_hours_default(&c->profile.work);
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
		fail(&p, VIZ_HOST_TEXTS_BAD_FORM);
	}
	if (!p.failed && ferror(stream) != 0)
		fail(&p, VIZ_HOST_TEXTS_CANNOT_READ, viz_host_speech_errno(errno));
	if (!p.failed && p.config.profile.name[0] == '\0') {
		p.failed = true; /* of no line */
		viz_host_speech_print(error, VIZ_CONFIG_ERROR_MAX, VIZ_HOST_TEXTS_NO_NAME, name);
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
		viz_host_speech_print(error, VIZ_CONFIG_ERROR_MAX, VIZ_HOST_TEXTS_CANNOT_OPEN, path,
				      viz_host_speech_errno(errno));
		return VIZ_ERR_INPUT;
	}
	err = viz_host_config_stream(out, error, stream, path);
	fclose(stream);
	return err;
}
