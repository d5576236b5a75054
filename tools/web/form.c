#include "tools/web/form.h"

#include "crypto/secret.h"
#include "proto/text.h"
#include "tools/web/limits.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int viz_web_form_decode(char *out, const char *text, size_t len, bool plus)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		int high, low;

		if (text[i] != '%') {
			out[n++] = plus && text[i] == '+' ? ' ' : text[i];
			continue;
		}
		if (len - i < 3 || (high = digit(text[i + 1])) < 0 ||
		    (low = digit(text[i + 2])) < 0)
			return VIZ_ERR_FORM;
		out[n++] = (char)(high * 16 + low);
		i += 2;
	}
	return (int)n;
}

/* Makes "\n" of "\r\n" and "\r". Returns the new length. */
static size_t join_lines(char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		text[n++] = text[i] == '\r' ? '\n' : text[i];
	}
	return n;
}

/* Whether all lines are text. */
static bool is_text(const char *text, size_t len)
{
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t n = end != NULL ? (size_t)(end - text) : len;

		if (!viz_text_utf8(text, n))
			return false;
		n += end != NULL;
		text += n;
		len -= n;
	}
	return true;
}

static int put(json_t *form, const char *name, size_t name_len, const char *value, size_t len)
{
	bool list = name_len > 2 && memcmp(name + name_len - 2, "[]", 2) == 0;
	char key[VIZ_WEB_NAME_MAX + 1];
	json_t *there;

	name_len -= list ? 2 : 0;
	memcpy(key, name, name_len);
	key[name_len] = '\0';
	there = json_object_get(form, key);
	if (there != NULL && (!list || !json_is_array(there)))
		return VIZ_ERR_FORM;
	if (!list) {
		json_object_set_new(form, key, json_stringn(value, len));
		return VIZ_OK;
	}
	if (there == NULL) {
		there = json_array();
		json_object_set_new(form, key, there);
	}
	json_array_append_new(there, json_stringn(value, len));
	return VIZ_OK;
}

/* One field, NAME=VALUE. `room` holds as many bytes as it has. */
static int take(json_t *form, char *room, const char *text, size_t len)
{
	const char *equals = memchr(text, '=', len);
	size_t before = equals != NULL ? (size_t)(equals - text) : len;
	size_t behind = equals != NULL ? len - before - 1 : 0, value_len;
	int name_len = viz_web_form_decode(room, text, before, true), got;
	char *value;

	if (name_len <= 0)
		return VIZ_ERR_FORM;
	if (name_len > VIZ_WEB_NAME_MAX)
		return VIZ_ERR_LIMIT;
	value = room + name_len;
	got = equals != NULL ? viz_web_form_decode(value, equals + 1, behind, true) : 0;
	if (got < 0)
		return VIZ_ERR_FORM;
	value_len = join_lines(value, (size_t)got);
	if (!viz_text_utf8(room, (size_t)name_len) || !is_text(value, value_len))
		return VIZ_ERR_FORM;
	return put(form, room, (size_t)name_len, value, value_len);
}

int viz_web_form_read(json_t **out, const char *text, size_t len)
{
	json_t *form = json_object();
	char *room = malloc(len + 1);
	size_t count = 0;
	int err = form != NULL && room != NULL ? VIZ_OK : VIZ_ERR_NOMEM;

	for (size_t at = 0; err == VIZ_OK && at < len;) {
		const char *end = memchr(text + at, '&', len - at);
		size_t n = end != NULL ? (size_t)(end - text) - at : len - at;

		if (n > 0)
			err = ++count > VIZ_WEB_FIELDS_MAX ? VIZ_ERR_LIMIT
							   : take(form, room, text + at, n);
		at += n + 1;
	}
	if (room != NULL)
		viz_secret_wipe(room, len + 1); /* a password may be in it */
	free(room);
	if (err != VIZ_OK) {
		json_decref(form);
		return err;
	}
	*out = form;
	return VIZ_OK;
}

/* Whether the brackets outside of strings go no deeper than the limit. Jansson has a limit of its
 * own, of 2048, and each level of it takes stack. */
static bool shallow(const char *text, size_t len)
{
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (!in_string && (text[i] == '{' || text[i] == '['))
			depth++;
		else if (!in_string && (text[i] == '}' || text[i] == ']'))
			depth--;
		if (depth > VIZ_WEB_JSON_DEPTH)
			return false;
	}
	return true;
}

int viz_web_form_json(json_t **out, const char *text, size_t len)
{
	json_t *o = shallow(text, len) ? json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (!json_is_object(o)) {
		json_decref(o);
		return VIZ_ERR_FORM;
	}
	*out = o;
	return VIZ_OK;
}
