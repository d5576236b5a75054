#include "node/offer/probe.h"

#include "node/offer/chance.h"
#include "proto/federation.h"
#include "proto/fields.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/writer.h"

#define SHARE     20     /* one award in so many */
#define CHOOSE    4      /* of so many customers one chooses, if the origin shows no more */
#define BURST_MS  600000 /* ten minutes */
#define ENDED_MS  (2 * VIZ_DAY_MS) /* an offer has ended, beside choice_ms: core/account.c */
#define JUDGE_MAX (VIZ_PROBE_DAYS / 2 * VIZ_DAY_MS) /* however long choice_ms is */

#define DAY(F)                                                                                     \
	F(UINT, day, 0, UINT32_MAX)                                                                \
	F(UINT, n[VIZ_PROBE_LOCATION], 0, UINT32_MAX)                                              \
	F(UINT, n[VIZ_PROBE_YES], 0, UINT32_MAX)                                                   \
	F(UINT, n[VIZ_PROBE_ANALYSIS], 0, UINT32_MAX)                                              \
	F(UINT, n[VIZ_PROBE_NO_ANSWER], 0, UINT32_MAX)                                             \
	F(UINT, n[VIZ_PROBE_NO_CONTENT], 0, UINT32_MAX)                                            \
	F(UINT, n[VIZ_PROBE_AWARD], 0, UINT32_MAX)                                                 \
	F(UINT, n[VIZ_PROBE_AWARD_ANY], 0, UINT32_MAX)                                             \
	F(UINT, n[VIZ_PROBE_INSTALL], 0, UINT32_MAX)
static VIZ_FIELDS_WRITER(probe_day, DAY);
static VIZ_FIELDS_READER(probe_day, DAY);

static void viz_probe_time_write(struct viz_writer *w, const struct viz_time *t)
{
	viz_writer_time(w, *t);
}

static void viz_probe_time_read(struct viz_reader *r, struct viz_time *t)
{
	*t = viz_reader_time(r);
}

#define PROBE(F)                                                                                   \
	F(CONST, 1) /* version */                                                                  \
	F(LIST, recent, recent_count, 0, probe_time)                                               \
	F(LIST, day, day_count, 0, probe_day)                                                      \
	F(UINT, reasons, 0, VIZ_PROBE_REASONS)                                                     \
	F(TIME, since)                                                                             \
	F(TIME, until)                                                                             \
	F(BOOL, stopped)
VIZ_FIELDS(probe, PROBE);

enum viz_probe_what viz_probe_answer(enum viz_answer answer)
{
	switch (answer) {
	case VIZ_ANSWER_YES:
		return VIZ_PROBE_YES;
	case VIZ_ANSWER_ANALYSIS:
		return VIZ_PROBE_ANALYSIS;
	case VIZ_ANSWER_NO:
		return VIZ_PROBE_NO_ANSWER;
	case VIZ_ANSWER_NO_CONTENT:
		break;
	}
	return VIZ_PROBE_NO_CONTENT;
}

static uint32_t day_of(struct viz_time t)
{
	return (uint32_t)(t.ms / VIZ_DAY_MS);
}

/* Whether a day is among the last 30, or ahead of the clock. */
static bool is_recent(uint32_t day, struct viz_time now)
{
	return (uint64_t)day + VIZ_PROBE_DAYS > day_of(now);
}

bool viz_probe_trim(struct viz_probe *p, struct viz_time now)
{
	size_t days = 0, times = 0;
	bool removed;

	for (size_t i = 0; i < p->day_count; i++)
		if (is_recent(p->day[i].day, now))
			p->day[days++] = p->day[i];
	for (size_t i = 0; i < p->recent_count; i++)
		if (p->recent[i].ms > now.ms - VIZ_HOUR_MS && p->recent[i].ms <= now.ms)
			p->recent[times++] = p->recent[i];
	removed = days < p->day_count || times < p->recent_count;
	p->day_count = days;
	p->recent_count = times;
	if (p->reasons != 0 && !viz_probe_reported(p, now)) {
		p->reasons = 0;
		p->since = p->until = (struct viz_time){0};
		removed = true;
	}
	return removed;
}

bool viz_probe_empty(const struct viz_probe *p)
{
	return p->day_count == 0 && p->recent_count == 0 && p->reasons == 0 && !p->stopped;
}

/* The day's counts; NULL: the day is over, or there is no room, as the clock was set. */
static struct viz_probe_day *find_day(struct viz_probe *p, uint32_t day, struct viz_time now)
{
	if (!is_recent(day, now))
		return NULL;
	for (size_t i = 0; i < p->day_count; i++)
		if (p->day[i].day == day)
			return &p->day[i];
	if (p->day_count == sizeof p->day / sizeof *p->day)
		return NULL;
	p->day[p->day_count] = (struct viz_probe_day){.day = day};
	return &p->day[p->day_count++];
}

void viz_probe_count(struct viz_probe *p, enum viz_probe_what what, struct viz_time lead,
		     struct viz_time now)
{
	struct viz_probe_day *d;

	viz_probe_trim(p, now);
	d = find_day(p, day_of(lead), now);
	if (d && d->n[what] < UINT32_MAX)
		d->n[what]++;
	if (what != VIZ_PROBE_LOCATION)
		return;
	if (p->recent_count == sizeof p->recent / sizeof *p->recent)
		memmove(p->recent, p->recent + 1, --p->recent_count * sizeof *p->recent);
	p->recent[p->recent_count++] = now;
}

/* Sums of the last 30 days, up to the day `last`. */
static void sum_to(uint64_t n[VIZ_PROBE_WHATS], const struct viz_probe *p, uint32_t last,
		   struct viz_time now)
{
	memset(n, 0, VIZ_PROBE_WHATS * sizeof *n);
	for (size_t i = 0; i < p->day_count; i++)
		for (size_t k = 0;
		     k < VIZ_PROBE_WHATS && is_recent(p->day[i].day, now) && p->day[i].day <= last;
		     k++)
			n[k] += p->day[i].n[k];
}

void viz_probe_sum(uint64_t n[VIZ_PROBE_WHATS], const struct viz_probe *p, struct viz_time now)
{
	sum_to(n, p, UINT32_MAX, now);
}

/* How many locations came within the last `ms`. */
static unsigned within(const struct viz_probe *p, int64_t ms, struct viz_time now)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->recent_count; i++)
		n += p->recent[i].ms > now.ms - ms && p->recent[i].ms <= now.ms;
	return n;
}

/* Whether we were chosen less often than chance gives, by 1e-6. Each promise is one of at most
 * ask_max in its offer, and the customer chooses one of them, as often as the origin shows that
 * customers choose, which is its word alone: at least one in CHOOSE. */
static bool never_us(const uint64_t n[VIZ_PROBE_WHATS], const struct viz_federation *f)
{
	uint64_t promised = n[VIZ_PROBE_YES] + n[VIZ_PROBE_ANALYSIS];
	double chosen = 1.0 / CHOOSE, shown;

	if (promised < VIZ_PROBE_MIN || promised > UINT32_MAX || n[VIZ_PROBE_AWARD] > promised)
		return false;
	if (n[VIZ_PROBE_LOCATION] > 0) {
		shown = (double)n[VIZ_PROBE_AWARD_ANY] / (double)n[VIZ_PROBE_LOCATION];
		chosen = shown > 1 ? 1 : shown > chosen ? shown : chosen;
	}
	return viz_chance_tail((uint32_t)promised, (uint32_t)(promised - n[VIZ_PROBE_AWARD]),
			       1 - chosen / (double)f->ask_max) < VIZ_CHANCE_BELOW;
}

static uint32_t judge_taker(const struct viz_probe *p, const struct viz_federation *f,
			    struct viz_time now)
{
	int64_t open_ms = f->choice_ms + ENDED_MS;
	struct viz_time open_from = {now.ms - (open_ms < JUDGE_MAX ? open_ms : JUDGE_MAX)};
	uint64_t n[VIZ_PROBE_WHATS];
	uint32_t reasons = 0;

	sum_to(n, p, day_of(open_from) - 1, now);
	if (never_us(n, f))
		reasons |= VIZ_PROBE_NONE_TO_US;
	if (n[VIZ_PROBE_LOCATION] >= 2 * VIZ_PROBE_MIN &&
	    n[VIZ_PROBE_AWARD_ANY] * SHARE < n[VIZ_PROBE_LOCATION])
		reasons |= VIZ_PROBE_NONE_TO_ALL;
	return reasons;
}

static uint32_t judge_giver(const struct viz_probe *p, struct viz_time now)
{
	uint64_t n[VIZ_PROBE_WHATS];
	uint32_t reasons = 0;

	viz_probe_sum(n, p, now);
	if (n[VIZ_PROBE_LOCATION] >= VIZ_PROBE_NO && n[VIZ_PROBE_YES] + n[VIZ_PROBE_ANALYSIS] == 0)
		reasons |= VIZ_PROBE_NEVER_YES;
	if (n[VIZ_PROBE_AWARD] >= VIZ_PROBE_AWARDS && n[VIZ_PROBE_INSTALL] == 0)
		reasons |= VIZ_PROBE_NO_INSTALLS;
	return reasons;
}

uint32_t viz_probe_judge(const struct viz_probe *p, enum viz_probe_side side,
			 const struct viz_federation *federation, struct viz_time now)
{
	bool many = within(p, VIZ_HOUR_MS, now) > VIZ_PROBE_HOUR ||
		    within(p, BURST_MS, now) >= VIZ_PROBE_BURST;

	return (many ? VIZ_PROBE_MANY : 0) |
	       (side == VIZ_PROBE_TAKER ? judge_taker(p, federation, now) : judge_giver(p, now));
}

bool viz_probe_reported(const struct viz_probe *p, struct viz_time now)
{
	return p->reasons != 0 && p->until.ms > now.ms;
}

uint32_t viz_probe_report(struct viz_probe *p, enum viz_probe_side side,
			  const struct viz_federation *federation, struct viz_time now)
{
	uint32_t reasons = viz_probe_judge(p, side, federation, now), fresh;

	if (reasons == 0)
		return 0;
	if (!viz_probe_reported(p, now)) {
		p->reasons = 0;
		p->since = now;
	}
	fresh = reasons & ~p->reasons;
	p->reasons |= reasons;
	p->until = (struct viz_time){now.ms + VIZ_PROBE_DAYS * VIZ_DAY_MS};
	return fresh;
}

const char *viz_probe_reason_name(enum viz_probe_reason reason)
{
	switch (reason) {
	case VIZ_PROBE_MANY:
		return "many-an-hour";
	case VIZ_PROBE_NONE_TO_US:
		return "no-award-to-us";
	case VIZ_PROBE_NONE_TO_ALL:
		return "no-award";
	case VIZ_PROBE_NEVER_YES:
		return "never-yes";
	case VIZ_PROBE_NO_INSTALLS:
		return "no-install";
	}
	return "?";
}
