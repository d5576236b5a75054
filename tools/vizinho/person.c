#include "tools/vizinho/person.h"

#include <time.h>

#include "crypto/secret.h"
#include "proto/limits.h"
#include "proto/statement.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"
#include "tools/vizinho/table.h"
#include "tools/vizinho/where.h"

int viz_person_check_contact(const struct viz_input *in, const json_t *contact)
{
	static const struct viz_input_key keys[] = {
	    {"name", VIZ_INPUT_TEXT, true},    {"phone", VIZ_INPUT_TEXT, true},
	    {"address", VIZ_INPUT_TEXT, true}, {"date", VIZ_INPUT_TEXT, false},
	    {"plan", VIZ_INPUT_TEXT, false},   {NULL, VIZ_INPUT_TEXT, false},
	};

	char phone[VIZ_PHONE_MAX + 1];
	int status = viz_input_check(in, contact, "contact", keys);

	if (status == VIZ_EXIT_OK &&
	    viz_contact_phone(phone, viz_reply_text(contact, "phone")) != VIZ_OK)
		status = viz_input_wrong(in, "phone", "+5527999990000");
	if (status == VIZ_EXIT_OK && !viz_contact_date_valid(viz_reply_text(contact, "date")))
		status = viz_input_wrong(in, "date", "2026-12-01");
	viz_secret_wipe(phone, sizeof phone);
	return status;
}

/* Replaces what was typed, in any language, by the word of the protocol. An empty word means the
 * telephone. False: it is no channel. */
static bool channel_word(char channel[17])
{
	static const struct {
		const char *word;
		enum viz_msg typed;
	} channels[] = {{"phone", VIZ_MSG_INPUT_PHONE},
			{"desk", VIZ_MSG_INPUT_DESK},
			{"whatsapp", VIZ_MSG_INPUT_WHATSAPP},
			{"web", VIZ_MSG_INPUT_WEB}};

	for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
		if (viz_msg_has_word(channels[i].typed, channel) ||
		    (i == 0 && channel[0] == '\0')) {
			snprintf(channel, 17, "%s", channels[i].word);
			return true;
		}
	}
	return false;
}

int viz_person_check_consent(const struct viz_input *in, const json_t *consent)
{
	static const struct viz_input_key keys[] = {
	    {"given", VIZ_INPUT_FLAG, true},         {"language", VIZ_INPUT_TEXT, false},
	    {"channel", VIZ_INPUT_TEXT, false},      {"evidence", VIZ_INPUT_TEXT, false},
	    {"agent", VIZ_INPUT_TEXT, false},        {"text", VIZ_INPUT_TEXT, false},
	    {"contact_text", VIZ_INPUT_TEXT, false}, {"contact_given", VIZ_INPUT_FLAG, false},
	    {NULL, VIZ_INPUT_TEXT, false},
	};

	char channel[17];
	int status = viz_input_check(in, consent, "consent", keys);

	if (status != VIZ_EXIT_OK)
		return status;
	snprintf(channel, sizeof channel, "%s", viz_reply_text(consent, "channel"));
	if (channel[0] != '\0' &&
	    (!channel_word(channel) || strcmp(channel, viz_reply_text(consent, "channel")) != 0))
		return viz_input_wrong(in, "channel", "phone, desk, whatsapp, web");
	return VIZ_EXIT_OK;
}

bool viz_person_agrees(const json_t *root)
{
	return viz_reply_true(json_object_get(root, "consent"), "given");
}

int viz_person_refused(const struct viz_cli *cli)
{
	if (cli->json)
		puts("{\"stored\":false}");
	else
		viz_print(cli, VIZ_MSG_REFUSED_BY_PERSON);
	return VIZ_EXIT_OK;
}

int viz_person_ask_yes(bool *yes, const struct viz_cli *cli, const char *text)
{
	viz_print_aloud(cli, VIZ_MSG_READ_ALOUD, text);
	return viz_ask_yes(yes, cli, NULL, VIZ_MSG_ASK_AGREES);
}

int viz_person_ask_consent(json_t **out, const struct viz_cli *cli)
{
	char channel[17], evidence[VIZ_REF_MAX + 1];
	int status;

	while ((status = viz_ask_line(channel, sizeof channel, cli, false, VIZ_MSG_ASK_CHANNEL)) ==
		   VIZ_EXIT_OK &&
	       !channel_word(channel))
		viz_print_to(stderr, cli->lang, VIZ_MSG_BAD_CHANNEL);
	if (status == VIZ_EXIT_OK)
		status = viz_ask_line(evidence, sizeof evidence, cli, false, VIZ_MSG_ASK_EVIDENCE);
	if (status == VIZ_EXIT_OK)
		*out = json_pack("{s:b,s:s,s:s}", "given", 1, "channel", channel, "evidence",
				 evidence);
	return status;
}

static void print_plans(const struct viz_cli *cli, const json_t *plans)
{
	for (size_t i = 0; i < json_array_size(plans); i++) {
		const json_t *plan = json_array_get(plans, i);
		char price[VIZ_FORMAT_MAX];

		viz_format_money(price, cli, viz_reply_number(plan, "price_cents"));
		viz_print_hint(cli, VIZ_MSG_PLAN_OPTION, i + 1, viz_reply_text(plan, "name"),
			       price);
	}
}

static int ask_phone(char *out, size_t max, const struct viz_cli *cli)
{
	char phone[VIZ_PHONE_MAX + 1];
	int status;

	while ((status = viz_ask_line(out, max, cli, true, VIZ_MSG_ASK_PHONE)) == VIZ_EXIT_OK &&
	       viz_contact_phone(phone, out) != VIZ_OK)
		viz_print_to(stderr, cli->lang, VIZ_MSG_BAD_PHONE);
	if (status == VIZ_EXIT_OK)
		snprintf(out, max, "%s", phone);
	viz_secret_wipe(phone, sizeof phone);
	return status;
}

/* "01/12/2026" as "2026-12-01"; anything else stays. */
static void iso_date(char *date, size_t max)
{
	char iso[11];

	if (strlen(date) != 10 || date[2] != '/' || date[5] != '/')
		return;
	snprintf(iso, sizeof iso, "%.4s-%.2s-%.2s", date + 6, date + 3, date);
	snprintf(date, max, "%s", iso);
}

/* "2020-01-10": whoever moves wishes for no day that has passed. */
static bool has_passed(const char *date)
{
	time_t now = time(NULL);
	char today[16] = "";
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL)
		strftime(today, sizeof today, "%Y-%m-%d", &tm);
	return date[0] != '\0' && strcmp(date, today) < 0;
}

static int ask_date(char *out, size_t max, const struct viz_cli *cli)
{
	int status;

	while ((status = viz_ask_line(out, max, cli, false, VIZ_MSG_ASK_DATE)) == VIZ_EXIT_OK) {
		iso_date(out, max);
		if (viz_contact_date_valid(out) && !has_passed(out))
			break;
		viz_print_to(stderr, cli->lang, VIZ_MSG_BAD_DATE);
	}
	return status;
}

static int ask_street(char *out, size_t max, const struct viz_cli *cli, const char *street)
{
	int status;

	if (street[0] == '\0')
		return viz_ask_line(out, max, cli, true, VIZ_MSG_ASK_STREET);
	status = viz_ask_line(out, max, cli, false, VIZ_MSG_ASK_SAME_STREET, street);
	if (status == VIZ_EXIT_OK && out[0] == '\0')
		snprintf(out, max, "%s", street);
	return status;
}

/* A number names one of the plans that were shown. */
static int ask_plan(char *out, size_t max, const struct viz_cli *cli, const json_t *plans)
{
	size_t n = json_array_size(plans), which;
	int status;

	print_plans(cli, plans);
	for (;;) {
		status = (viz_ask_line)(out, max, cli, false,
					n > 0 ? VIZ_MSG_ASK_PLAN : VIZ_MSG_ASK_PLAN_NAME);
		if (status != VIZ_EXIT_OK || strspn(out, "0123456789") < strlen(out) ||
		    out[0] == '\0')
			return status;
		which = strtoul(out, NULL, 10);
		if (which > 0 && which <= n)
			break;
		viz_print_to(stderr, cli->lang, VIZ_MSG_BAD_PLAN);
	}
	snprintf(out, max, "%s", viz_reply_text(json_array_get(plans, which - 1), "name"));
	return VIZ_EXIT_OK;
}

int viz_person_ask_contact(json_t **out, const struct viz_cli *cli, const json_t *plans,
			   const char *street)
{
	struct {
		char name[VIZ_PERSON_MAX + 1], phone[VIZ_PHONE_MAX + 1],
		    address[VIZ_STREET_MAX + 1];
		char date[11], plan[VIZ_PLAN_MAX + 1];
	} p;
	int status = viz_ask_line(p.name, sizeof p.name, cli, true, VIZ_MSG_ASK_NAME);

	memset(p.date, 0, sizeof p.date);
	if (status == VIZ_EXIT_OK)
		status = ask_phone(p.phone, sizeof p.phone, cli);
	if (status == VIZ_EXIT_OK)
		status = ask_street(p.address, sizeof p.address, cli, street);
	if (status == VIZ_EXIT_OK)
		status = ask_date(p.date, sizeof p.date, cli);
	if (status == VIZ_EXIT_OK)
		status = ask_plan(p.plan, sizeof p.plan, cli, plans);
	if (status == VIZ_EXIT_OK)
		*out = json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", p.name, "phone", p.phone,
				 "address", p.address, "date", p.date, "plan", p.plan);
	viz_secret_wipe(&p, sizeof p);
	if (status == VIZ_EXIT_OK && *out == NULL)
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_NOT_UTF8);
	return status;
}

static void row_given(struct viz_grid *g, const struct viz_cli *cli, enum viz_msg name,
		      const char *value)
{
	if (value[0] != '\0')
		viz_table_row(g, cli, name, value);
}

static void row_wish(struct viz_grid *g, const struct viz_cli *cli, const json_t *wish)
{
	char month[VIZ_FORMAT_MAX];

	viz_format_month(month, cli, viz_reply_text(wish, "month"));
	row_given(g, cli, VIZ_MSG_PERSON_SERVICE,
		  viz_format_word(cli, viz_reply_text(wish, "service")));
	row_given(g, cli, VIZ_MSG_PERSON_MONTH, month);
}

void viz_person_print(const struct viz_cli *cli, const json_t *contact, const json_t *wish)
{
	char date[VIZ_FORMAT_MAX];
	struct viz_grid g;

	viz_format_date(date, cli, viz_reply_text(contact, "date"));
	viz_grid_init(&g, 2);
	row_given(&g, cli, VIZ_MSG_PERSON_NAME, viz_reply_text(contact, "name"));
	row_given(&g, cli, VIZ_MSG_PERSON_PHONE, viz_reply_text(contact, "phone"));
	row_given(&g, cli, VIZ_MSG_PERSON_ADDRESS, viz_reply_text(contact, "address"));
	row_given(&g, cli, VIZ_MSG_PERSON_DATE, date);
	row_given(&g, cli, VIZ_MSG_PERSON_PLAN, viz_reply_text(contact, "plan"));
	if (wish != NULL)
		row_wish(&g, cli, wish);
	viz_table_print(&g);
}

void viz_person_print_place(const struct viz_cli *cli, const json_t *location)
{
	char town[VIZ_GAZETTEER_NAME_BYTES + 8], cep[VIZ_FORMAT_MAX];
	char metres[VIZ_FORMAT_MAX], point[2 * VIZ_FORMAT_MAX] = "";
	struct viz_where where = {.cli = cli};
	struct viz_grid g;

	if (viz_gazetteer_open(&where.gazetteer, NULL) != VIZ_OK)
		where.gazetteer = NULL;
	viz_where_name(town, sizeof town, &where, viz_reply_code(location, "municipality"));
	viz_where_close(&where);
	viz_format_postcode(cep, viz_reply_number(location, "cep"));
	viz_format_metres(metres, viz_reply_number(location, "precision_m"));
	if (json_object_get(location, "lat_udeg") != NULL)
		viz_print_text(point, sizeof point, cli->lang, VIZ_MSG_PERSON_POINT_IS,
			       (double)viz_reply_number(location, "lat_udeg") / 1e6,
			       (double)viz_reply_number(location, "lon_udeg") / 1e6, metres);
	viz_grid_init(&g, 2);
	row_given(&g, cli, VIZ_MSG_PERSON_TOWN, town);
	row_given(&g, cli, VIZ_MSG_PERSON_POSTCODE, cep);
	row_given(&g, cli, VIZ_MSG_PERSON_POINT, point);
	row_wish(&g, cli, location);
	viz_table_print(&g);
}

/* Reads "", "Z" or "+hh:mm" behind a time. False: it is something else. */
static bool read_zone(bool *utc, int *minutes, const char *text)
{
	int hour = 0, minute = 0;

	*minutes = 0;
	*utc = text[0] != '\0';
	if (text[0] == '\0' || strcmp(text, "Z") == 0)
		return true;
	if (strlen(text) != 6 || strchr("+-", text[0]) == NULL || text[3] != ':' ||
	    sscanf(text + 1, "%2d:%2d", &hour, &minute) != 2 || hour > 23 || minute > 59)
		return false;
	*minutes = (text[0] == '-' ? -1 : 1) * (hour * 60 + minute);
	return true;
}

json_t *viz_person_time_json(int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return NULL;
	return json_string(text);
}

int viz_person_time(int64_t *ms, const char *text)
{
	static const char *const forms[] = {
	    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M",
	    "%Y-%m-%d %H:%M",    "%d/%m/%Y %H:%M",    "%H:%M",
	};
	time_t now = time(NULL);

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct tm tm = {0}, fields;
		bool utc;
		const char *end;
		int zone;
		time_t t;

		localtime_r(&now, &tm);
		tm.tm_sec = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		end = strptime(text, forms[i], &tm);
#pragma GCC diagnostic pop
		if (end == NULL)
			continue;
		if (!read_zone(&utc, &zone, end) || tm.tm_year < 100)
			continue;
		tm.tm_isdst = -1;
		fields = tm;
		t = utc ? timegm(&tm) : mktime(&tm);
		/* mktime would make a day in March of 31/02. */
		if (t == (time_t)-1 || tm.tm_mday != fields.tm_mday)
			continue;
		*ms = ((int64_t)t - zone * 60) * 1000;
		return VIZ_OK;
	}
	return VIZ_ERR_FORM;
}

int viz_person_month(char month[8], const char *text)
{
	unsigned year, m;
	char end;

	if (sscanf(text, "%4u-%2u%c", &year, &m, &end) != 2 &&
	    sscanf(text, "%2u/%4u%c", &m, &year, &end) != 2)
		return VIZ_ERR_FORM;
	if (year < 2020 || year > 9999 || m < 1 || m > 12)
		return VIZ_ERR_FORM;
	snprintf(month, 8, "%04u-%02u", year % 10000, m % 100);
	return VIZ_OK;
}
