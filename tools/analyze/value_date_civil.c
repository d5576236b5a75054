#include "tools/analyze/calendar.h"
#include "tools/analyze/value_date.h"

/* "Never" and "for ever" in MySQL, in .NET and SQL Server, in Delphi and Excel, and in seconds
 * since 1970 (which is the day before, west of Greenwich). No provider lost a customer on any of
 * these days. */
static bool is_never(unsigned y, unsigned m, unsigned d)
{
	if (y >= 2900) /* without end */
		return true;
	if ((y == 1 && m == 1 && d == 1) || (y == 1899 && m >= 11) ||
	    (y == 1900 && m == 1 && d <= 1))
		return true;
	return (y == 1970 && m == 1 && d == 1) || (y == 1969 && m == 12 && d == 31);
}

int viz_value_date_civil(int32_t *days, unsigned y, unsigned m, unsigned d)
{
	static const uint8_t length[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if ((y == 0 && m == 0 && d == 0) ||
	    (m <= 12 && d <= 31 && (y < 2000 || y >= 2900) && is_never(y, m, d)))
		return VIZ_ERR_ABSENT;
	if (y < 1000 || y > 9999 || m < 1 || m > 12 || d < 1 || d > length[m - 1])
		return VIZ_ERR_INPUT;
	if (m == 2 && d == 29 && (y % 4 != 0 || (y % 100 == 0 && y % 400 != 0)))
		return VIZ_ERR_INPUT;
	*days = viz_calendar_days((int)y, m, d);
	return 0;
}

unsigned viz_value_date_civil_year(unsigned year, size_t digits)
{
	if (digits == 2 && year > 0)
		return year >= 90 ? 1900 + year : 2000 + year;
	return year;
}
