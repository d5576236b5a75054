/* A store in a directory of its own, opened for one test and removed with it. */
#ifndef VIZ_TESTS_OPEN_STORE_H
#define VIZ_TESTS_OPEN_STORE_H

#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include "store/check.h"

struct open_store {
	char dir[SCRATCH_PATH];
	struct viz_store *s;
	bool quick; /* no fsync, for tests with many commits */
};

static inline int open_sized(struct open_store *b, uint64_t map_bytes)
{
	const struct viz_store_config config = {
	    .dir = b->dir, .map_bytes = map_bytes, .volatile_commit = b->quick};

	return viz_store_open(&b->s, NULL, &config);
}

static inline int setup(void **state)
{
	struct open_store *b = calloc(1, sizeof *b);

	scratch_make(b->dir);
	*state = b;
	return open_sized(b, UINT64_C(64) << 20);
}

static inline int teardown(void **state)
{
	struct open_store *b = *state;

	viz_store_close(b->s);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

static inline int put(struct viz_store *s, enum viz_table table, const char *key, const char *value)
{
	return viz_store_put(s, table, (const uint8_t *)key, strlen(key), (const uint8_t *)value,
			     strlen(value));
}

static inline int del(struct viz_store *s, enum viz_table table, const char *key)
{
	return viz_store_del(s, table, (const uint8_t *)key, strlen(key));
}

/* The value of the key, or the error in parentheses. */
static inline const char *get(struct viz_store *s, enum viz_table table, const char *key)
{
	static char text[256];
	struct viz_slice v;
	int err = viz_store_get(s, &v, table, (const uint8_t *)key, strlen(key));

	if (err)
		snprintf(text, sizeof text, "(%s)", viz_err_name(err));
	else
		snprintf(text, sizeof text, "%.*s", (int)v.len, (const char *)v.p);
	return text;
}

static inline void check(struct viz_store *s)
{
	char error[256] = "";

	if (viz_store_check(s, NULL, error))
		fail_msg("%s", error);
}

#endif
