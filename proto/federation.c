#include "proto/federation.h"

enum {
	PARAMETERS = 0
#define X(field, def, least, most) +1
	VIZ_FEDERATION_PARAMETERS(X)
#undef X
};

struct bounds {
	const char *name;
	size_t offset;
	int64_t def, least, most;
};

static const struct bounds parameters[PARAMETERS] = {
#define X(field, def, least, most)                                                                 \
	{#field, offsetof(struct viz_federation, field), INT64_C(def), INT64_C(least),             \
	 INT64_C(most)},
    VIZ_FEDERATION_PARAMETERS(X)
#undef X
};

static int64_t *at(struct viz_federation *f, size_t i)
{
	return (int64_t *)(void *)((char *)f + parameters[i].offset);
}

static int64_t get(const struct viz_federation *f, size_t i)
{
	return *(const int64_t *)(const void *)((const char *)f + parameters[i].offset);
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
	for (size_t i = 0; i < PARAMETERS; i++)
		*at(f, i) = parameters[i].def;
}

int viz_federation_set(struct viz_federation *f, const char *field, int64_t value)
{
	for (size_t i = 0; i < PARAMETERS; i++) {
		if (strcmp(parameters[i].name, field) != 0)
			continue;
		if (value < parameters[i].least || value > parameters[i].most)
			return VIZ_ERR_LIMIT;
		*at(f, i) = value;
		return VIZ_OK;
	}
	return VIZ_ERR_ABSENT;
}

/* Whether the times fit each other. Three heartbeats in partner_delay_ms: whoever dates a partner
 * back has signed NODEs in between. partner_keep_ms: a removed entry stays listed as long as a
 * record of whose circle it decides. */
static bool fit(const struct viz_federation *f)
{
	return f->partner_delay_ms >= 3 * f->heartbeat_ms &&
	       f->partner_keep_ms >=
		   f->write_once_ms + VIZ_DAY_MS + f->partner_delay_ms + f->draw_ms &&
	       f->ack_ms <= f->grace_ms && f->serve_ms >= f->suspicion_ms;
}

int viz_federation_check(const struct viz_federation *f)
{
	if (!name_valid(f->name))
		return VIZ_ERR_FORM;
	for (size_t i = 0; i < PARAMETERS; i++)
		if (get(f, i) < parameters[i].least || get(f, i) > parameters[i].most)
			return VIZ_ERR_LIMIT;
	return fit(f) ? VIZ_OK : VIZ_ERR_MEANING;
}

void viz_federation_write(struct viz_writer *w, const struct viz_federation *f)
{
	viz_writer_array(w, 1 + PARAMETERS);
	viz_writer_text(w, f->name);
	for (size_t i = 0; i < PARAMETERS; i++)
		viz_writer_uint(w, (uint64_t)get(f, i));
}

void viz_federation_read(struct viz_reader *r, struct viz_federation *f)
{
	memset(f, 0, sizeof *f);
	viz_reader_tuple(r, 1 + PARAMETERS);
	viz_reader_text(r, f->name, 1, VIZ_FEDERATION_NAME_MAX);
	for (size_t i = 0; i < PARAMETERS; i++)
		*at(f, i) = viz_reader_int(r, parameters[i].least, parameters[i].most);
	if (r->err == VIZ_OK && !name_valid(f->name))
		viz_reader_fail(r, VIZ_ERR_FORM);
	if (r->err == VIZ_OK && !fit(f))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}
