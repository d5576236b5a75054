#include "node/audit/protest.h"

#include "node/control/request.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/protest.h"

#include <jansson.h>

/* What was said, by kind: {kind, count}, and where only who is asked says so, with the share of the
 * offers that ask it. */
static json_t *kinds_json(const struct viz_audit_protester *p)
{
	json_t *list = json_array();

	for (unsigned i = 1; i <= VIZ_PROTEST_KIND_MAX; i++) {
		enum viz_protest_kind kind = (enum viz_protest_kind)i;
		json_t *o;

		if (p->said[i] == 0)
			continue;
		o = viz_audit_protest_of_asked(kind)
			? viz_request_share(p->asked, p->said[i])
			: json_pack("{s:I}", "count", (json_int_t)p->said[i]);
		json_object_set_new(o, "kind", json_string(viz_protest_kind_name(kind)));
		json_array_append_new(list, o);
	}
	return list;
}

/* The replies to it, {reply, count, ...}, each as a share of all that was said. */
static json_t *replies_json(const struct viz_audit_protester *p)
{
	json_t *list = json_array();
	uint32_t all = 0;

	for (unsigned i = 0; i <= VIZ_PROTEST_FAILED; i++)
		all += p->answered[i];
	for (unsigned i = 0; i <= VIZ_PROTEST_FAILED; i++) {
		json_t *o;

		if (p->answered[i] == 0)
			continue;
		o = viz_request_share(all, p->answered[i]);
		json_object_set_new(
		    o, "reply", json_string(viz_protest_answer_name((enum viz_protest_answer)i)));
		json_array_append_new(list, o);
	}
	return list;
}

void viz_control_protests_add(json_t *list, struct viz_trust *trust, const struct viz_id *origin,
			      const struct viz_audit_protester *p, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		json_t *o = json_object();

		viz_control_name_set_node(o, "origin", trust, origin);
		json_object_set_new(o, "ours",
				    json_boolean(viz_id_eq(origin, &trust->self.author)));
		viz_control_name_set_node(o, "by", trust, &p[k].author);
		json_object_set_new(o, "kinds", kinds_json(&p[k]));
		json_object_set_new(o, "replies", replies_json(&p[k]));
		json_array_append_new(list, o);
	}
}
