#include "tools/vizinho/names.h"

#include "proto/base.h"
#include "tools/geo/gazetteer.h"

/* Opened when the first code is met. */
struct names {
	struct viz_gazetteer *gazetteer;
	bool tried;
};

static void add_name(struct names *n, json_t *municipality)
{
	char text[VIZ_GAZETTEER_NAME_BYTES + 8];
	json_int_t code = json_integer_value(json_object_get(municipality, "code"));
	struct viz_municipality m;

	if (code <= 0 || json_object_get(municipality, "name") != NULL)
		return;
	if (!n->tried && viz_gazetteer_open(&n->gazetteer, NULL) != VIZ_OK)
		n->gazetteer = NULL;
	n->tried = true;
	if (n->gazetteer == NULL ||
	    viz_gazetteer_by_code(n->gazetteer, &m, (uint32_t)code) != VIZ_OK)
		return;
	snprintf(text, sizeof text, "%s/%s", m.name, m.uf);
	json_object_set_new(municipality, "name", json_string(text));
}

static void walk(struct names *n, json_t *value)
{
	const char *key;
	json_t *v;
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, v) walk(n, v);
		return;
	}
	json_object_foreach(value, key, v)
	{
		if (strcmp(key, "municipality") == 0)
			add_name(n, v);
		if (strcmp(key, "municipalities") == 0)
			for (i = 0; i < json_array_size(v); i++)
				add_name(n, json_array_get(v, i));
		walk(n, v);
	}
}

void viz_names_add(json_t *value)
{
	struct names n = {NULL, false};

	walk(&n, value);
	if (n.gazetteer != NULL)
		viz_gazetteer_close(n.gazetteer);
}
