#include "node/control/field.h"

#include "node/control/request.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "proto/personal.h"
#include "proto/text.h"

#include <jansson.h>
#include <time.h>

/* Where a field stands in the request: "place.municipality", "strike[2]". */
struct path {
	char text[VIZ_REQUEST_FIELD_MAX];
};

static void path_add(struct path *out, const struct path *at, const char *name)
{
	/* An unknown name may be long, and must not be cut within a character. */
	snprintf(out->text, sizeof out->text, "%.60s%s%s", at->text, at->text[0] ? "." : "",
		 strlen(name) > 60 ? "..." : name);
}

static int check_text(struct viz_request *req, const struct path *at, const struct viz_field *f,
		      const json_t *v)
{
	size_t len = json_string_length(v);
	enum viz_personal what;

	if (!json_is_string(v) || len < (size_t)f->min || len > (size_t)f->max ||
	    !viz_text_utf8(json_string_value(v), len))
		return viz_request_wrong(
		    req, VIZ_CODE_BAD_TEXT, at->text,
		    "%s must be text of %lld to %lld bytes without control characters", at->text,
		    (long long)f->min, (long long)f->max);
	if (!viz_text_valid(json_string_value(v), len))
		return viz_request_wrong(
		    req, VIZ_CODE_BAD_TEXT, at->text,
		    "%s has a character that is invisible or changes the direction of the text: "
		    "type it anew instead of pasting it",
		    at->text);
	what =
	    f->kind == VIZ_FIELD_FREE ? viz_personal_find(json_string_value(v)) : VIZ_PERSONAL_NONE;
	if (what == VIZ_PERSONAL_NONE)
		return VIZ_OK;
	return viz_request_wrong(
	    req, VIZ_CODE_PERSONAL, at->text,
	    "%s has what looks like a person's %s: it has no place in this text", at->text,
	    viz_personal_name(what));
}

static int check_read(struct viz_request *req, const struct path *at, const struct viz_field *f,
		      const json_t *v)
{
	if (json_is_string(v) && json_string_length(v) <= (size_t)f->max &&
	    strlen(json_string_value(v)) == json_string_length(v))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_TEXT, at->text,
				 "%s must be text of at most %lld bytes", at->text,
				 (long long)f->max);
}

static bool is_number(const json_t *v, const struct viz_field *f)
{
	return json_is_integer(v) && json_integer_value(v) >= f->min &&
	       json_integer_value(v) <= f->max;
}

static int check_number(struct viz_request *req, const struct path *at, const struct viz_field *f,
			const json_t *v)
{
	if (is_number(v, f))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_NUMBER, at->text,
				 "%s must be a whole number from %lld to %lld", at->text,
				 (long long)f->min, (long long)f->max);
}

static int check_range(struct viz_request *req, const struct path *at, const struct viz_field *f,
		       const json_t *v)
{
	const json_t *from = json_array_get(v, 0), *to = json_array_get(v, 1);

	if (json_array_size(v) == 2 && is_number(from, f) && is_number(to, f) &&
	    json_integer_value(from) <= json_integer_value(to))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_RANGE, at->text,
				 "%s must be [from, to], whole numbers from %lld to %lld", at->text,
				 (long long)f->min, (long long)f->max);
}

static int check_bytes(struct viz_request *req, const struct path *at, const struct viz_field *f,
		       const json_t *v)
{
	size_t len = json_string_length(v);
	const char *text = json_string_value(v);

	if (text && len % 2 == 0 && len / 2 >= (size_t)f->min && len / 2 <= (size_t)f->max &&
	    strspn(text, "0123456789abcdefABCDEF") == len)
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_BYTES, at->text,
				 "%s must be %lld to %lld bytes in hexadecimal", at->text,
				 (long long)f->min, (long long)f->max);
}

/* Reads "2026-11-23T14:05:00.5-03:00". */
static bool parse_time(struct viz_time *out, const char *text)
{
	int year, month, day, hour, minute, second, n = 0, zone_hour = 0, zone_minute = 0, sign;
	struct tm tm = {0}, back;
	int64_t ms = 0, scale = 100;
	time_t seconds;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
		   &n) != 6 ||
	    n != 19 || strspn(text, "0123456789-T:") < 19 || hour > 23 || minute > 59 ||
	    second > 59)
		return false;
	text += n;
	if (*text == '.') {
		if (strspn(++text, "0123456789") == 0)
			return false;
		for (; *text >= '0' && *text <= '9'; text++, scale /= 10)
			ms += (*text - '0') * scale;
	}
	if (strcmp(text, "Z") != 0) {
		sign = *text == '-' ? -1 : 1;
		if ((*text != '+' && *text != '-') || strlen(text) != 6 || text[3] != ':' ||
		    sscanf(text + 1, "%2d:%2d", &zone_hour, &zone_minute) != 2 || zone_hour > 23 ||
		    zone_minute > 59)
			return false;
		zone_hour *= sign;
		zone_minute *= sign;
	}
	tm = (struct tm){.tm_year = year - 1900,
			 .tm_mon = month - 1,
			 .tm_mday = day,
			 .tm_hour = hour,
			 .tm_min = minute,
			 .tm_sec = second};
	back = tm;
	seconds = timegm(&tm);
	if (year < 1970 || tm.tm_mday != back.tm_mday || tm.tm_mon != back.tm_mon)
		return false; /* 31 February */
	out->ms = ((int64_t)seconds - zone_hour * 3600 - zone_minute * 60) * 1000 + ms;
	return true;
}

static int check_time(struct viz_request *req, const struct path *at, const json_t *v)
{
	struct viz_time t;

	if (json_is_string(v) && parse_time(&t, json_string_value(v)))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_TIME, at->text,
				 "%s must be a time like 2026-11-23T14:05:00-03:00", at->text);
}

static bool is_choice(const char *choices, const char *word)
{
	size_t len = strlen(word);

	for (const char *c = choices; len > 0; c += strcspn(c, "|") + 1) {
		if (strcspn(c, "|") == len && strncmp(c, word, len) == 0)
			return true;
		if (c[strcspn(c, "|")] == '\0')
			break;
	}
	return false;
}

static int check_choice(struct viz_request *req, const struct path *at, const struct viz_field *f,
			const json_t *v)
{
	if (json_is_string(v) && is_choice(f->choices, json_string_value(v)))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_CHOICE, at->text, "%s must be one of %s",
				 at->text, f->choices);
}

static int check_flag(struct viz_request *req, const struct path *at, const json_t *v)
{
	if (json_is_boolean(v))
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_BAD_FLAG, at->text, "%s must be true or false",
				 at->text);
}

static int check_one(struct viz_request *req, const struct path *at, const struct viz_field *f,
		     const json_t *v);

static int check_list(struct viz_request *req, const struct path *at, const struct viz_field *f,
		      const json_t *v)
{
	int err = VIZ_OK;

	if (!json_is_array(v))
		return viz_request_wrong(req, VIZ_CODE_BAD_LIST, at->text, "%s must be a list",
					 at->text);
	if (json_array_size(v) > (size_t)f->max)
		return viz_request_wrong(req, VIZ_CODE_TOO_MANY, at->text, "%s: at most %lld",
					 at->text, (long long)f->max);
	for (size_t i = 0; err == VIZ_OK && i < json_array_size(v); i++) {
		struct path entry;

		snprintf(entry.text, sizeof entry.text, "%.100s[%zu]", at->text, i);
		err = check_one(req, &entry, f->of, json_array_get(v, i));
	}
	return err;
}

static const struct viz_field *find(const struct viz_field *fields, const char *name)
{
	for (const struct viz_field *f = fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

static int check_object(struct viz_request *req, const struct path *at,
			const struct viz_field *fields, const json_t *object)
{
	json_t *o = (json_t *)(uintptr_t)object, *v; /* the iterator wants it so */
	const char *name;
	struct path field;

	json_object_foreach(o, name, v)
	{
		const struct viz_field *f = find(fields, name);
		int err;

		path_add(&field, at, name);
		if (!f)
			return viz_request_wrong(req, VIZ_CODE_UNKNOWN_FIELD, field.text,
						 "%s is no field of this request", field.text);
		err = check_one(req, &field, f, v);
		if (err != VIZ_OK)
			return err;
	}
	for (const struct viz_field *f = fields; f->name; f++) {
		path_add(&field, at, f->name);
		if (f->needed && !json_object_get(object, f->name))
			return viz_request_wrong(req, VIZ_CODE_MISSING, field.text, "%s is missing",
						 field.text);
	}
	return VIZ_OK;
}

static int check_one(struct viz_request *req, const struct path *at, const struct viz_field *f,
		     const json_t *v)
{
	switch (f->kind) {
	case VIZ_FIELD_TEXT:
	case VIZ_FIELD_FREE:
		return check_text(req, at, f, v);
	case VIZ_FIELD_READ:
		return check_read(req, at, f, v);
	case VIZ_FIELD_NUMBER:
		return check_number(req, at, f, v);
	case VIZ_FIELD_FLAG:
		return check_flag(req, at, v);
	case VIZ_FIELD_BYTES:
		return check_bytes(req, at, f, v);
	case VIZ_FIELD_TIME:
		return check_time(req, at, v);
	case VIZ_FIELD_CHOICE:
		return check_choice(req, at, f, v);
	case VIZ_FIELD_LIST:
		return check_list(req, at, f, v);
	case VIZ_FIELD_RANGE:
		return check_range(req, at, f, v);
	case VIZ_FIELD_OBJECT:
		break;
	}
	if (!json_is_object(v))
		return viz_request_wrong(req, VIZ_CODE_BAD_OBJECT, at->text, "%s must be an object",
					 at->text);
	return f->of ? check_object(req, at, f->of, v) : VIZ_OK;
}

int viz_field_check(struct viz_request *req, const struct viz_field *fields, const json_t *args)
{
	const struct path top = {""};

	return check_object(req, &top, fields, args);
}

const char *viz_field_kind_name(enum viz_field_kind kind)
{
	static const char *const names[] = {
	    [VIZ_FIELD_TEXT] = "text",     [VIZ_FIELD_FREE] = "free text",
	    [VIZ_FIELD_READ] = "read",     [VIZ_FIELD_NUMBER] = "number",
	    [VIZ_FIELD_FLAG] = "flag",     [VIZ_FIELD_BYTES] = "bytes",
	    [VIZ_FIELD_TIME] = "time",     [VIZ_FIELD_CHOICE] = "choice",
	    [VIZ_FIELD_OBJECT] = "object", [VIZ_FIELD_LIST] = "list",
	    [VIZ_FIELD_RANGE] = "range",
	};

	return names[kind];
}

const char *viz_field_text(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text ? text : "";
}

int64_t viz_field_number(const json_t *o, const char *name, int64_t otherwise)
{
	const json_t *v = json_object_get(o, name);

	return v ? json_integer_value(v) : otherwise;
}

bool viz_field_flag(const json_t *o, const char *name, bool otherwise)
{
	const json_t *v = json_object_get(o, name);

	return v ? json_is_true(v) : otherwise;
}

struct viz_time viz_field_time(const json_t *o, const char *name, struct viz_time otherwise)
{
	struct viz_time t = otherwise;

	parse_time(&t, viz_field_text(o, name));
	return t;
}

uint8_t *viz_field_bytes(size_t *len, const json_t *o, const char *name)
{
	const char *text = viz_field_text(o, name);
	uint8_t *out = NULL;

	*len = strlen(text) / 2;
	if (json_object_get(o, name)) {
		out = viz_core_alloc(*len + 1);
		VIZ_REQUIRE(viz_hex_parse(out, *len, text) == VIZ_OK);
	}
	return out;
}
