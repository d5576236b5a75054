#include "node/host/clock.h"

#include <time.h>
#include <unistd.h>

#include "node/host/log.h"

int64_t viz_host_clock_next(struct viz_clock *c, int64_t wall_ms, int64_t boot_ms)
{
	int64_t set = 0;

	if (c->now.ms != 0) {
		set = (wall_ms - c->wall_ms) - (boot_ms - c->boot_ms);
		/* Our time stands still after a small step back. Several of them add up. */
		if (set >= -VIZ_CLOCK_STEP_MS && wall_ms - c->now.ms < -VIZ_CLOCK_STEP_MS)
			set = wall_ms - c->now.ms;
		if (set > VIZ_CLOCK_STEP_MS || set < -VIZ_CLOCK_STEP_MS)
			return set;
	}
	c->wall_ms = wall_ms;
	c->boot_ms = boot_ms;
	if (wall_ms > c->now.ms)
		c->now.ms = wall_ms;
	return 0;
}

static int64_t read_ms(clockid_t clock)
{
	struct timespec ts;

	VIZ_REQUIRE(clock_gettime(clock, &ts) == 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct viz_time viz_host_clock_read(struct viz_clock *c)
{
	int64_t boot_ms = read_ms(CLOCK_BOOTTIME);
	int64_t set = viz_host_clock_next(c, read_ms(CLOCK_REALTIME), boot_ms);

	if (set != 0) {
		viz_host_log(
		    VIZ_LOG_ERROR, "the wall clock was set %s by %lld s: ending, to start again",
		    set > 0 ? "forward" : "back", (long long)((set > 0 ? set : -set) + 500) / 1000);
		_exit(VIZ_CLOCK_EXIT);
	}
	return c->now;
}
