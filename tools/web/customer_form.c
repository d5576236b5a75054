#include "tools/web/customer_form.h"

#include <time.h>

#define NAME_MAX_BYTES    120 /* as node/CONTROL.md has them */
#define ADDRESS_MAX_BYTES 240

static json_t *field(const char *value)
{
	return json_pack("{s:s}", "value", value);
}

static json_t *question(const char *answer)
{
	return json_pack("{s:b,s:b}", "yes", strcmp(answer, "yes") == 0, "no",
			 strcmp(answer, "no") == 0);
}

json_t *viz_customer_form_read(const struct viz_page *p)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "name", field(viz_page_field(p, "name")),
			 "phone", field(viz_page_field(p, "phone")), "address",
			 field(viz_page_field(p, "address")), "date",
			 field(viz_page_field(p, "date")), "plan", field(viz_page_field(p, "plan")),
			 "location", question(viz_page_field(p, "answer")), "may_call",
			 question(viz_page_field(p, "contact")));
}

void viz_customer_form_unanswer(json_t *form)
{
	json_object_set_new(form, "location", question(""));
	json_object_set_new(form, "may_call", question(""));
}

static const char *value_of(const json_t *form, const char *name)
{
	return json_string_value(json_object_get(json_object_get(form, name), "value"));
}

/* `how`: "missing" or "wrong", by which the template chooses the text. */
static void blame(json_t *form, const char *name, const char *how)
{
	json_t *item = json_object_get(form, name);

	json_object_set_new(item, "bad", json_true());
	json_object_set_new(item, how, json_true());
	json_object_set_new(form, "bad", json_true());
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " \n\t")] == '\0';
}

/* As the node takes it, "+5527999990000". False: it is no number with its area code. */
static bool read_phone(char out[20], const char *typed)
{
	bool international = strchr(typed, '+') != NULL;
	char digits[16];
	size_t n = 0;

	for (; *typed != '\0'; typed++) {
		if (*typed < '0' || *typed > '9')
			continue;
		if (n == 0 && *typed == '0') /* of the trunk: 027... */
			continue;
		if (n == 15)
			return false;
		digits[n++] = *typed;
	}
	digits[n] = '\0';
	if (international ? n < 8 : n != 10 && n != 11 && !(n >= 12 && n <= 13))
		return false;
	if (!international && n >= 12 && strncmp(digits, "55", 2) != 0)
		return false;
	snprintf(out, 20, "+%s%s", !international && n <= 11 ? "55" : "", digits);
	return true;
}

/* A date as browsers send it, today or later. */
static bool is_date(const char *text)
{
	char today[16];
	time_t now = time(NULL);
	struct tm tm;
	int year, month, day;

	if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d", &year, &month, &day) != 3 ||
	    month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	localtime_r(&now, &tm);
	strftime(today, sizeof today, "%Y-%m-%d", &tm);
	return strcmp(text, today) >= 0;
}

bool viz_customer_form_check(json_t *form)
{
	const char *name = value_of(form, "name"), *address = value_of(form, "address");
	const char *date = value_of(form, "date");
	char phone[20];

	if (is_blank(name))
		blame(form, "name", "missing");
	else if (strlen(name) > NAME_MAX_BYTES)
		blame(form, "name", "wrong");
	if (!read_phone(phone, value_of(form, "phone")))
		blame(form, "phone", "missing");
	if (is_blank(address))
		blame(form, "address", "missing");
	else if (strlen(address) > ADDRESS_MAX_BYTES)
		blame(form, "address", "wrong");
	if (date[0] != '\0' && !is_date(date))
		blame(form, "date", "missing");
	return !json_is_true(json_object_get(form, "bad"));
}

bool viz_customer_form_answered(json_t *form, const char *question)
{
	const json_t *item = json_object_get(form, question);

	if (json_is_true(json_object_get(item, "yes")) || json_is_true(json_object_get(item, "no")))
		return true;
	blame(form, question, "missing");
	return false;
}

bool viz_customer_form_blame(json_t *form, const json_t *error)
{
	const char *code = json_string_value(json_object_get(error, "code"));
	const char *at = json_string_value(json_object_get(error, "field"));
	static const char *const names[] = {"name", "address"};

	if (code != NULL && strcmp(code, "bad-phone") == 0) {
		blame(form, "phone", "missing");
		return true;
	}
	if (code != NULL && strcmp(code, "bad-date") == 0) {
		blame(form, "date", "missing");
		return true;
	}
	for (size_t i = 0; at != NULL && i < sizeof names / sizeof *names; i++) {
		char full[32];

		snprintf(full, sizeof full, "contact.%s", names[i]);
		if (strcmp(at, names[i]) == 0 || strcmp(at, full) == 0) {
			blame(form, names[i], "wrong");
			return true;
		}
	}
	return false;
}

/* The node takes no line ends: an address of several lines becomes one. */
static json_t *one_line(const char *text)
{
	char out[ADDRESS_MAX_BYTES + 1];
	size_t n = 0;

	text += strspn(text, " \n\t");
	for (; *text != '\0' && n + 3 < sizeof out; text++) {
		if (*text != '\n') {
			out[n++] = *text;
			continue;
		}
		while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == ','))
			n--;
		text += strspn(text, "\n \t") - 1;
		if (text[1] != '\0') {
			out[n++] = ',';
			out[n++] = ' ';
		}
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return json_string(out);
}

json_t *viz_customer_form_contact(const json_t *form)
{
	const char *date = value_of(form, "date"), *plan = value_of(form, "plan");
	char phone[20] = "";
	json_t *out;

	read_phone(phone, value_of(form, "phone"));
	out = json_pack("{s:o,s:s,s:o}", "name", one_line(value_of(form, "name")), "phone", phone,
			"address", one_line(value_of(form, "address")));
	if (date[0] != '\0')
		json_object_set_new(out, "date", json_string(date));
	if (plan[0] != '\0')
		json_object_set_new(out, "plan", json_string(plan));
	return out;
}

void viz_customer_form_show(struct viz_page *p, json_t *taken)
{
	viz_page_set(p, "errors", json_boolean(json_is_true(json_object_get(taken, "bad"))));
	viz_page_set(p, "form", taken);
}

void viz_customer_form_carry(struct viz_page *p)
{
	json_t *list = json_array(), *value, *item;
	const char *name;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)viz_page_body(p), name, value)
	{
		if (json_is_string(value))
			json_array_append_new(list,
					      json_pack("{s:s,s:O}", "name", name, "value", value));
		json_array_foreach(value, i, item)
		{
			json_array_append_new(list,
					      json_pack("{s:o,s:O}", "name",
							json_sprintf("%s[]", name), "value", item));
		}
	}
	viz_page_set(p, "fields", list);
	viz_page_set(p, "typed", json_boolean(json_array_size(list) > 0));
}
