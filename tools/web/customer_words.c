#include "tools/web/customer_words.h"

#include <time.h>

#include "tools/geo/gazetteer.h"
#include "tools/web/invite.h"
#include "tools/web/text.h"

/* The n-th word of a list with blanks between. */
static json_t *word(const char *list, int n)
{
	for (; n > 0 && *list != '\0'; n--) {
		list += strcspn(list, " ");
		list += strspn(list, " ");
	}
	return json_stringn(list, strcspn(list, " "));
}

static bool read_time(time_t *out, const char *text)
{
	struct tm tm = {0};

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
				   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*out = timegm(&tm);
	return true;
}

/* Whether it is that many days from today. */
static bool in_days(const struct tm *day, int days)
{
	time_t now = time(NULL);
	struct tm then;

	localtime_r(&now, &then);
	then.tm_mday += days;
	then.tm_hour = 12;
	then.tm_isdst = -1;
	mktime(&then);
	return then.tm_year == day->tm_year && then.tm_yday == day->tm_yday;
}

json_t *viz_customer_words_when(enum viz_lang lang, const json_t *time, bool soon)
{
	char clock[16];
	json_t *weekday;
	struct tm tm;
	time_t t;

	if (!read_time(&t, json_string_value(time)))
		return NULL;
	localtime_r(&t, &tm);
	if (soon && in_days(&tm, 0))
		weekday = json_string(viz_web_text(lang, VIZ_WEB_TEXT_CUSTOMER_TODAY));
	else if (soon && in_days(&tm, 1))
		weekday = json_string(viz_web_text(lang, VIZ_WEB_TEXT_CUSTOMER_TOMORROW));
	else
		weekday = word(viz_web_text(lang, VIZ_WEB_TEXT_CUSTOMER_WEEKDAYS), tm.tm_wday);
	strftime(clock, sizeof clock, "%H:%M", &tm);
	return json_pack("{s:o,s:i,s:o,s:s}", "weekday", weekday, "day", tm.tm_mday, "month",
			 word(viz_web_text(lang, VIZ_WEB_TEXT_CUSTOMER_MONTHS), tm.tm_mon), "time",
			 clock);
}

json_t *viz_customer_words_day(const char *date)
{
	int year, month, day;

	if (sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3)
		return json_string(date);
	return json_sprintf("%02d/%02d/%04d", day, month, year);
}

json_t *viz_customer_words_town(const json_t *municipality)
{
	static struct viz_gazetteer *gazetteer; /* opened once, and held as long as the process */
	static bool tried;
	json_int_t code = json_integer_value(json_object_get(municipality, "code"));
	struct viz_municipality m;

	if (!tried && viz_gazetteer_open(&gazetteer, NULL) != VIZ_OK)
		gazetteer = NULL;
	tried = true;
	if (gazetteer == NULL || viz_gazetteer_by_code(gazetteer, &m, (uint32_t)code) != VIZ_OK)
		return json_sprintf("%lld", (long long)code);
	return json_sprintf("%s/%s", m.name, m.uf);
}

json_t *viz_customer_words_cep(const json_t *cep)
{
	long long n = json_integer_value(cep);

	return n > 0 ? json_sprintf("%05lld-%03lld", n / 1000, n % 1000) : NULL;
}

json_t *viz_customer_words_price(enum viz_lang lang, json_int_t cents)
{
	return json_sprintf("R$ %lld%s%02lld", (long long)cents / 100,
			    viz_web_text(lang, VIZ_WEB_TEXT_CUSTOMER_DECIMAL),
			    (long long)cents % 100);
}

json_t *viz_customer_words_speed(enum viz_lang lang, json_int_t mbps)
{
	bool giga = mbps >= 1000 && mbps % 1000 == 0;

	return json_sprintf(
	    "%lld %s", (long long)(giga ? mbps / 1000 : mbps),
	    viz_web_text(lang, giga ? VIZ_WEB_TEXT_CUSTOMER_GIGA : VIZ_WEB_TEXT_CUSTOMER_MEGA));
}

json_t *viz_customer_words_plan(enum viz_lang lang, const json_t *plan)
{
	json_int_t up = json_integer_value(json_object_get(plan, "up_mbps"));
	json_t *days = json_object_get(plan, "install_days");
	const char *technology = json_string_value(json_object_get(plan, "technology"));
	const char *url = json_string_value(json_object_get(plan, "url"));
	json_t *out = json_pack(
	    "{s:O,s:o,s:o}", "name", json_object_get(plan, "name"), "price",
	    viz_customer_words_price(lang,
				     json_integer_value(json_object_get(plan, "price_cents"))),
	    "speed",
	    viz_customer_words_speed(lang, json_integer_value(json_object_get(plan, "down_mbps"))));

	if (up > 0)
		json_object_set_new(out, "up", viz_customer_words_speed(lang, up));
	if (technology != NULL && technology[0] >= 'a' && technology[0] <= 'z')
		json_object_set_new(out, technology, json_true());
	if (days != NULL) {
		json_object_set(out, "install_days", days);
		json_object_set_new(out, "one_day", json_boolean(json_integer_value(days) == 1));
	}
	/* Another provider wrote it: only an address of the web becomes a link. */
	if (url != NULL && (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0))
		json_object_set_new(out, "page_url", json_string(url));
	return out;
}

/* Whether a sentence ends with the character at `at`: a name like "S.A. Net" is one word on. */
static bool ends_sentence(const char *from, const char *at)
{
	if (*at != '.' && *at != '?' && *at != '!')
		return false;
	if (at[1] != ' ' || at == from)
		return false;
	return !(*at == '.' && at[-1] >= 'A' && at[-1] <= 'Z' && at - from > 1 && at[-2] == '.') &&
	       !(at[2] >= 'a' && at[2] <= 'z') && !(at[2] >= '0' && at[2] <= '9');
}

static json_t *sentences(const char *text, size_t len)
{
	json_t *list = json_array();
	const char *end = text + len;

	for (const char *from = text, *at = text; at < end; at++) {
		bool last = at + 1 == end, line = *at == '\n';

		if (!last && !line && !ends_sentence(from, at))
			continue;
		if (at + (line ? 0 : 1) > from)
			json_array_append_new(
			    list, json_stringn(from, (size_t)(at - from) + (line ? 0u : 1u)));
		from = at + 1;
		if (from < end && *from == ' ')
			from++;
	}
	return list;
}

json_t *viz_customer_words_text(const char *text, const char *language)
{
	const char *gap = strstr(text, "\n\n");
	size_t spoken = gap != NULL ? (size_t)(gap - text) : strlen(text);
	const char *rest = gap != NULL ? gap + 2 : "";

	return json_pack("{s:s,s:o,s:b,s:o}", "lang", language, "spoken", sentences(text, spoken),
			 "details", rest[0] != '\0', "detail", sentences(rest, strlen(rest)));
}

json_t *viz_customer_words_lines(const char *text)
{
	return sentences(text, strlen(text));
}

json_t *viz_customer_words_provider(const json_t *provider, const char *message)
{
	static const char *const keys[] = {"id", "name", "label", "whatsapp", "hours", "privacy"};
	const char *number = json_string_value(json_object_get(provider, "whatsapp"));
	json_t *out = json_object(), *url;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		json_t *value = json_object_get(provider, keys[i]);

		if (value != NULL)
			json_object_set(out, keys[i], value);
	}
	url = number != NULL ? viz_invite_whatsapp(number, message) : NULL;
	if (url != NULL)
		json_object_set_new(out, "whatsapp_url", url);
	return out;
}
