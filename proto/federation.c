#include "proto/federation.h"

enum {
	TIMES = 0
#define X(field, def, least, most) +1
	VIZ_FEDERATION_TIMES(X)
#undef X
};

struct bounds {
	const char *name;
	size_t offset;
	int64_t def, least, most;
};

static const struct bounds times[TIMES] = {
#define X(field, def, least, most)                                                                 \
	{#field, offsetof(struct viz_federation, field), INT64_C(def), INT64_C(least),             \
	 INT64_C(most)},
    VIZ_FEDERATION_TIMES(X)
#undef X
};

static int64_t *at(struct viz_federation *f, size_t i)
{
	return (int64_t *)(void *)((char *)f + times[i].offset);
}

static int64_t value(const struct viz_federation *f, size_t i)
{
	return *(const int64_t *)(const void *)((const char *)f + times[i].offset);
}

static bool name_valid(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= VIZ_FEDERATION_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

void viz_federation_default(struct viz_federation *f, const char *name)
{
	VIZ_REQUIRE(name_valid(name));
	memset(f, 0, sizeof *f);
	snprintf(f->name, sizeof f->name, "%s", name);
	for (size_t i = 0; i < TIMES; i++)
		*at(f, i) = times[i].def;
}

int viz_federation_set(struct viz_federation *f, const char *field, int64_t value_ms)
{
	for (size_t i = 0; i < TIMES; i++) {
		if (strcmp(times[i].name, field) != 0)
			continue;
		if (value_ms < times[i].least || value_ms > times[i].most)
			return VIZ_ERR_LIMIT;
		*at(f, i) = value_ms;
		return VIZ_OK;
	}
	return VIZ_ERR_ABSENT;
}

int viz_federation_check(const struct viz_federation *f)
{
	if (!name_valid(f->name))
		return VIZ_ERR_FORM;
	for (size_t i = 0; i < TIMES; i++)
		if (value(f, i) < times[i].least || value(f, i) > times[i].most)
			return VIZ_ERR_LIMIT;
	return VIZ_OK;
}

void viz_federation_write(struct viz_writer *w, const struct viz_federation *f)
{
	viz_writer_array(w, 1 + TIMES);
	viz_writer_text(w, f->name);
	for (size_t i = 0; i < TIMES; i++)
		viz_writer_uint(w, (uint64_t)value(f, i));
}

void viz_federation_read(struct viz_reader *r, struct viz_federation *f)
{
	memset(f, 0, sizeof *f);
	viz_reader_tuple(r, 1 + TIMES);
	viz_reader_text(r, f->name, 1, VIZ_FEDERATION_NAME_MAX);
	for (size_t i = 0; i < TIMES; i++)
		*at(f, i) = viz_reader_int(r, times[i].least, times[i].most);
	if (r->err == VIZ_OK && !name_valid(f->name))
		viz_reader_fail(r, VIZ_ERR_FORM);
}
