/* What stands behind a day: a time of day, and the zone in which that is meant. */
#include "tools/analyze/value_date.h"

#include <strings.h>

#define DAY_MINUTES 1440
#define BRASILIA    (-180)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "HH:MM", and what follows it in *used. */
static bool clock_at(int *minutes, size_t *used, const char *p, size_t len)
{
	if (len < 5 || !is_digit(p[0]) || !is_digit(p[1]) || p[2] != ':' || !is_digit(p[3]) ||
	    !is_digit(p[4]))
		return false;
	*minutes = ((p[0] - '0') * 10 + p[1] - '0') * 60 + (p[3] - '0') * 10 + p[4] - '0';
	*used = 5;
	return *minutes < DAY_MINUTES;
}

/* "Z", "UTC", "+00", "-0300", "+02:00": how many minutes it is before UTC. */
static bool zone_at(int *minutes, const char *p, size_t len)
{
	int sign;

	while (len > 0 && *p == ' ') {
		p++;
		len--;
	}
	*minutes = 0;
	if (len > 0 && (*p == 'Z' || *p == 'z'))
		return true;
	if (len >= 3 && (strncasecmp(p, "UTC", 3) == 0 || strncasecmp(p, "GMT", 3) == 0))
		return true;
	if (len < 3 || (*p != '+' && *p != '-') || !is_digit(p[1]) || !is_digit(p[2]))
		return false;
	sign = *p == '-' ? -1 : 1;
	*minutes = sign * ((p[1] - '0') * 10 + p[2] - '0') * 60;
	p += 3;
	len -= 3;
	if (len > 0 && *p == ':') {
		p++;
		len--;
	}
	if (len >= 2 && is_digit(p[0]) && is_digit(p[1]))
		*minutes += sign * ((p[0] - '0') * 10 + p[1] - '0');
	return true;
}

int32_t viz_value_date_zone(const char *rest, size_t len)
{
	int clock, zone, at;
	size_t used;
	bool midnight;

	while (len > 0 && (*rest == ' ' || *rest == 'T')) {
		rest++;
		len--;
	}
	if (!clock_at(&clock, &used, rest, len))
		return 0;
	midnight = clock == 0;
	for (; used < len && (is_digit(rest[used]) || rest[used] == ':' || rest[used] == '.');
	     used++)
		midnight = midnight && (!is_digit(rest[used]) || rest[used] == '0');
	if (!zone_at(&zone, rest + used, len - used))
		return 0;
	/* a day without a time of day, which a program made an instant of */
	if (midnight && zone == 0)
		return 0;
	at = clock - zone + BRASILIA;
	return at < 0 ? -1 : at >= DAY_MINUTES ? 1 : 0;
}
