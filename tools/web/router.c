#include "tools/web/router.h"

#include "proto/text.h"
#include "tools/web/form.h"

/* One part of a path, decoded. */
static bool take_part(json_t *params, const char *name, size_t name_len, const char *part,
		      size_t len)
{
	char value[3 * VIZ_WEB_PARAM_MAX + 1], key[VIZ_WEB_NAME_MAX];
	int n;

	if (len == 0 || len >= sizeof value || name_len >= sizeof key)
		return false;
	n = viz_web_form_decode(value, part, len, false);
	if (n <= 0 || n > VIZ_WEB_PARAM_MAX || !viz_text_utf8(value, (size_t)n))
		return false;
	memcpy(key, name, name_len);
	key[name_len] = '\0';
	json_object_set_new(params, key, json_stringn(value, (size_t)n));
	return true;
}

static bool fits(json_t *params, const char *pattern, const char *path)
{
	while (*pattern == '/' && *path == '/') {
		size_t want = strcspn(++pattern, "/"), have = strcspn(++path, "/");

		if (*pattern == ':') {
			if (!take_part(params, pattern + 1, want - 1, path, have))
				return false;
		} else if (want != have || memcmp(pattern, path, want) != 0) {
			return false;
		}
		pattern += want;
		path += have;
	}
	return *pattern == '\0' && *path == '\0';
}

const struct viz_route *viz_web_router_find(json_t *params, bool *other_method,
					    enum viz_web_method method, const char *path,
					    unsigned listener)
{
	*other_method = false;
	for (const struct viz_route *const *table = viz_web_routes; *table != NULL; table++) {
		for (const struct viz_route *r = *table; r->path != NULL; r++) {
			if ((r->listeners & listener) == 0)
				continue;
			json_object_clear(params);
			if (!fits(params, r->path, path))
				continue;
			if (r->method == method)
				return r;
			*other_method = true;
		}
	}
	json_object_clear(params);
	return NULL;
}
