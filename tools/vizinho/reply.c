#include "tools/vizinho/reply.h"

#include <time.h>

const char *viz_reply_text(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text != NULL ? text : "";
}

int64_t viz_reply_number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

bool viz_reply_true(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

const char *viz_reply_name(const json_t *o, const char *key)
{
	return viz_reply_text(json_object_get(o, key), "name");
}

const char *viz_reply_id(const json_t *o, const char *key)
{
	return viz_reply_text(json_object_get(o, key), "id");
}

int64_t viz_reply_code(const json_t *o, const char *key)
{
	return viz_reply_number(json_object_get(o, key), "code");
}

const char *viz_reply_peer(const json_t *peer)
{
	const char *label = viz_reply_text(peer, "label");

	return label[0] != '\0' ? label : viz_reply_text(peer, "name");
}

int64_t viz_reply_seconds(const json_t *time)
{
	const char *text = json_string_value(time);
	struct tm tm = {0};

	if (text == NULL || sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
				   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)timegm(&tm);
}
