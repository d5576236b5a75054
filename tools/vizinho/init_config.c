#include "tools/vizinho/init_config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEYS_MAX 32

/* The daemon's user must be able to read it. */
static bool finish(FILE *f)
{
	bool ok = fflush(f) == 0 && fchmod(fileno(f), 0644) == 0 && fsync(fileno(f)) == 0;

	return fclose(f) == 0 && ok;
}

static void put(FILE *f, const char *key, const char *value)
{
	fprintf(f, "%s = %s\n", key, value);
}

static enum viz_init_config make(int fd, const char *path, const char *const *keys,
				 const char *const *values)
{
	FILE *f = fdopen(fd, "w");

	if (f != NULL) {
		fputs("[node]\n", f);
		for (size_t i = 0; keys[i] != NULL; i++)
			if (values[i] != NULL)
				put(f, keys[i], values[i]);
		if (finish(f))
			return VIZ_INIT_CONFIG_MADE;
	}
	unlink(path);
	return VIZ_INIT_CONFIG_FAILED;
}

/* What the installed file sets, which says nothing of this node. */
static bool is_installed(const char *line)
{
	return strcmp(line, "web = vizinho-web\n") == 0 || strcmp(line, "erp = vizinho-erp\n") == 0;
}

/* Whether all lines are comments, headings, blank, or as they were installed. */
static bool sets_nothing(FILE *f)
{
	char *line = NULL;
	size_t max = 0;
	bool nothing = true;

	while (nothing && getline(&line, &max, f) >= 0)
		nothing =
		    strchr("#;[\n", line[strspn(line, " \t\r")]) != NULL || is_installed(line);
	free(line);
	rewind(f);
	return nothing;
}

/* Which of the keys "#key = ..." shows; -1: none. */
static int shown(const char *line, const char *const *keys)
{
	for (int i = 0; keys[i] != NULL; i++) {
		size_t len = strlen(keys[i]);

		if (line[0] == '#' && strncmp(line + 1, keys[i], len) == 0 &&
		    strncmp(line + 1 + len, " =", 2) == 0)
			return i;
	}
	return -1;
}

static void fill(FILE *out, FILE *in, const char *const *keys, const char *const *values)
{
	bool done[KEYS_MAX] = {false}, more = false;
	char *line = NULL;
	size_t max = 0;

	while (getline(&line, &max, in) >= 0) {
		int i = shown(line, keys);

		if (i >= 0 && values[i] != NULL && !done[i]) {
			put(out, keys[i], values[i]);
			done[i] = true;
		} else {
			fputs(line, out);
		}
	}
	free(line);
	for (size_t i = 0; keys[i] != NULL; i++) {
		if (values[i] == NULL || done[i])
			continue;
		if (!more)
			fputs("\n[node]\n", out);
		more = true;
		put(out, keys[i], values[i]);
	}
}

static enum viz_init_config refill(const char *path, FILE *in, const char *const *keys,
				   const char *const *values)
{
	char next[PATH_MAX];
	FILE *out;

	if (snprintf(next, sizeof next, "%s.new", path) >= (int)sizeof next) {
		errno = ENAMETOOLONG;
		return VIZ_INIT_CONFIG_FAILED;
	}
	out = fopen(next, "we");
	if (out == NULL)
		return VIZ_INIT_CONFIG_FAILED;
	fill(out, in, keys, values);
	if (finish(out) && rename(next, path) == 0)
		return VIZ_INIT_CONFIG_FILLED;
	unlink(next);
	return VIZ_INIT_CONFIG_FAILED;
}

enum viz_init_config viz_init_config_write(const char *path, const char *const *keys,
					   const char *const *values)
{
	enum viz_init_config done = VIZ_INIT_CONFIG_KEPT;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	FILE *in;

	if (fd >= 0)
		return make(fd, path, keys, values);
	in = errno == EEXIST ? fopen(path, "re") : NULL;
	if (in == NULL)
		return VIZ_INIT_CONFIG_FAILED;
	if (sets_nothing(in))
		done = refill(path, in, keys, values);
	fclose(in);
	return done;
}
