#include "node/audit/protest.h"

#include "node/control/request.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/protest.h"

#include <jansson.h>

/* Sets "kinds" or "replies": how often each of them, by name. */
static json_t *counts_json(const uint32_t *n, unsigned first, unsigned last,
			   const char *(*name)(unsigned i))
{
	json_t *o = json_object();

	for (unsigned i = first; i <= last; i++)
		if (n[i] != 0)
			json_object_set_new(o, name(i), json_integer(n[i]));
	return o;
}

static const char *kind_name(unsigned kind)
{
	return viz_protest_kind_name((enum viz_protest_kind)kind);
}

static const char *answer_name(unsigned answer)
{
	return viz_protest_answer_name((enum viz_protest_answer)answer);
}

/* What was said about each origin, by whom, and how it replied. */
json_t *viz_control_protests_json(struct viz_trust *trust)
{
	json_t *list = json_array();

	for (size_t i = 0; i < trust->directory.count; i++) {
		const struct viz_id *origin = &trust->directory.list[i]->id;
		size_t n;
		struct viz_audit_protester *p = viz_audit_protest_count(trust->core, &n, origin);

		for (size_t k = 0; k < n; k++) {
			json_t *o = json_object();

			viz_request_set_id(o, "origin", origin);
			json_object_set_new(o, "name",
					    json_string(viz_control_name(trust, origin)));
			viz_request_set_id(o, "by", &p[k].author);
			json_object_set_new(o, "by_name",
					    json_string(viz_control_name(trust, &p[k].author)));
			json_object_set_new(
			    o, "kinds", counts_json(p[k].said, 1, VIZ_PROTEST_KIND_MAX, kind_name));
			json_object_set_new(
			    o, "replies",
			    counts_json(p[k].answered, 0, VIZ_PROTEST_FAILED, answer_name));
			json_array_append_new(list, o);
		}
		free(p);
	}
	return list;
}
