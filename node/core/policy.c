#include "node/core/policy.h"

#include "node/core/core.h"
#include "node/core/hours.h"
#include "proto/base.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/tables.h"

enum { ROW_MAX = 2048 };

#define KEY(text) (const uint8_t *)(text), (sizeof(text) - 1)

#define POLICY(F)                                                                                  \
	F(CONST, 1) /* version */                                                                  \
	F(UINT, daily_cap, 0, VIZ_POLICY_CAP_MAX)                                                  \
	F(TIME, paused_until)                                                                      \
	F(TEXT, hours, 0)                                                                          \
	F(BUFFER, towns)                                                                           \
	F(TEXT, who, 0)                                                                            \
	F(TIME, changed)
static VIZ_FIELDS_WRITER(policy, POLICY);
static VIZ_FIELDS_READER(policy, POLICY);

/* The leads of one day. */
struct viz_policy_day {
	uint32_t day; /* since 1970-01-01, in our zone */
	uint32_t count;
};

#define DAY(F)                                                                                     \
	F(UINT, day, 0, UINT32_MAX)                                                                \
	F(UINT, count, 0, UINT32_MAX)
static VIZ_FIELDS_WRITER(policy_day, DAY);
static VIZ_FIELDS_READER(policy_day, DAY);

void viz_policy_get(struct viz_core *core, struct viz_policy *out)
{
	struct viz_slice v;

	memset(out, 0, sizeof *out);
	if (viz_core_get(core, &v, VIZ_TABLE_POLICY, KEY("desk")))
		VIZ_REQUIRE(VIZ_PARSE(policy, out, v.p, v.len) == VIZ_OK);
}

void viz_policy_put(struct viz_core *core, const struct viz_policy *p)
{
	VIZ_WRITER(w, ROW_MAX);

	viz_policy_write(&w, p);
	viz_core_put_row(core, VIZ_TABLE_POLICY, KEY("desk"), &w);
}

static void read_day(struct viz_core *core, struct viz_policy_day *d, const struct viz_hours *work)
{
	struct viz_slice v;

	*d = (struct viz_policy_day){0};
	if (viz_core_get(core, &v, VIZ_TABLE_POLICY, KEY("day")))
		VIZ_REQUIRE(VIZ_PARSE(policy_day, d, v.p, v.len) == VIZ_OK);
	if (d->day != (uint32_t)viz_hours_day(work, core->now))
		*d = (struct viz_policy_day){.day = (uint32_t)viz_hours_day(work, core->now)};
}

void viz_policy_count(struct viz_core *core, const struct viz_hours *work)
{
	struct viz_policy_day d;
	VIZ_WRITER(w, 32);

	read_day(core, &d, work);
	d.count++;
	viz_policy_day_write(&w, &d);
	viz_core_put_row(core, VIZ_TABLE_POLICY, KEY("day"), &w);
}

uint32_t viz_policy_counted(struct viz_core *core, const struct viz_hours *work)
{
	struct viz_policy_day d;

	read_day(core, &d, work);
	return d.count;
}

static bool has_town(const struct viz_policy *p, uint32_t municipality)
{
	bool has = p->towns_len == 0 || municipality == 0;

	for (size_t i = 0; i < p->towns_len && !has; i += 4)
		has = viz_be_get_u32(p->towns + i) == municipality;
	return has;
}

static bool in_hours(const struct viz_policy *p, const struct viz_hours *work, struct viz_time now)
{
	struct viz_hours h = *work;

	return p->hours[0] == '\0' || !viz_hours_parse(&h, p->hours) || viz_hours_open(&h, now);
}

enum viz_no_reason viz_policy_refuses(struct viz_core *core, const struct viz_hours *work,
				      uint32_t municipality)
{
	struct viz_policy p;

	viz_policy_get(core, &p);
	if (p.paused_until.ms > core->now.ms || !has_town(&p, municipality) ||
	    !in_hours(&p, work, core->now))
		return VIZ_NO_POLICY;
	return p.daily_cap != 0 && viz_policy_counted(core, work) >= p.daily_cap ? VIZ_NO_CAPACITY
										 : VIZ_NO_NONE;
}
