#include "tools/vizinho/format.h"

#include <time.h>

#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

#define KM_M 10000 /* from here on in kilometres, as in node/control/consent_text.c */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void viz_format_time(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const json_t *time)
{
	time_t t = (time_t)viz_reply_seconds(time);
	struct tm tm;

	localtime_r(&t, &tm);
	if (t == 0 ||
	    strftime(out, VIZ_FORMAT_MAX, viz_msg(cli->lang, VIZ_MSG_DATE_TIME), &tm) == 0)
		snprintf(out, VIZ_FORMAT_MAX, "-");
}

json_t *viz_format_rfc3339(struct viz_time time)
{
	time_t t = (time_t)(time.ms / 1000);
	char day[32], text[48];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof text, "%s.%03dZ", day, (int)(time.ms % 1000));
	return json_string(text);
}

void viz_format_signed(char out[VIZ_FORMAT_MAX], enum viz_lang lang, struct viz_time time)
{
	time_t t = (time_t)(time.ms / 1000);
	struct tm tm;

	if (!gmtime_r(&t, &tm) ||
	    strftime(out, VIZ_FORMAT_MAX, viz_msg(lang, VIZ_MSG_DATE_EXACT), &tm) == 0)
		snprintf(out, VIZ_FORMAT_MAX, "-");
}

static void day(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, enum viz_msg format,
		const char *date)
{
	struct tm tm = {.tm_mday = 1};
	int n = sscanf(date, "%4d-%2d-%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday);

	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (n < 2 || strftime(out, VIZ_FORMAT_MAX, viz_msg(cli->lang, format), &tm) == 0)
		snprintf(out, VIZ_FORMAT_MAX, "%s", date);
}
#pragma GCC diagnostic pop

void viz_format_date(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const char *date)
{
	day(out, cli, VIZ_MSG_DATE_DAY, date);
}

void viz_format_month(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const char *month)
{
	day(out, cli, VIZ_MSG_DATE_MONTH, month);
}

static char decimal_mark(const struct viz_cli *cli)
{
	return viz_msg(cli->lang, VIZ_MSG_DECIMAL_MARK)[0];
}

void viz_format_area(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, uint64_t m2)
{
	char *point;

	snprintf(out, VIZ_FORMAT_MAX, "%.*f km²", m2 < 9995000 ? 2 : 1, (double)m2 / 1e6);
	point = strchr(out, '.');
	if (point != NULL)
		*point = decimal_mark(cli);
}

void viz_format_money(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, int64_t cents)
{
	snprintf(out, VIZ_FORMAT_MAX, "R$ %lld%c%02d", (long long)(cents / 100), decimal_mark(cli),
		 (int)(cents % 100));
}

void viz_format_metres(char out[VIZ_FORMAT_MAX], int64_t metres)
{
	snprintf(out, VIZ_FORMAT_MAX, metres < KM_M ? "%lld m" : "%lld km",
		 (long long)(metres < KM_M ? metres : metres / 1000));
}

void viz_format_postcode(char out[VIZ_FORMAT_MAX], int64_t cep)
{
	out[0] = '\0';
	if (cep > 0)
		snprintf(out, VIZ_FORMAT_MAX, "%05d-%03d", (int)(cep / 1000 % 100000),
			 (int)(cep % 1000));
}

void viz_format_tenths(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, int64_t ms)
{
	int64_t tenths = (ms + 50) / 100;

	snprintf(out, VIZ_FORMAT_MAX, "%lld%c%d", (long long)(tenths / 10), decimal_mark(cli),
		 (int)(tenths % 10));
}

void viz_format_share(char out[VIZ_FORMAT_MAX], const struct viz_cli *cli, const json_t *share)
{
	long long k = (long long)viz_reply_number(share, "count");
	long long n = (long long)viz_reply_number(share, "of");

	if (!json_object_get(share, "of"))
		snprintf(out, VIZ_FORMAT_MAX, "%lld", k);
	else if (n == 0)
		snprintf(out, VIZ_FORMAT_MAX, "-");
	else
		viz_print_text(out, VIZ_FORMAT_MAX, cli->lang, VIZ_MSG_AUDIT_SHARE, k, n,
			       100 * json_number_value(json_object_get(share, "low")),
			       100 * json_number_value(json_object_get(share, "high")));
}

const char *viz_format_word(const struct viz_cli *cli, const char *word)
{
	enum viz_msg id;

	return viz_msg_find(&id, "word_", word) ? viz_msg(cli->lang, id) : word;
}
