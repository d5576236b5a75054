/* `lead.list`. An ISP has some tens of thousands of leads in a year, and as many statements about
 * them, so its reply comes later. */
#include "node/control/later.h"
#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/lead/lead.h"
#include "node/lead/state.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"

/* A list that is being made. */
struct list {
	struct viz_later later; /* first */
	struct viz_walk leads;
	struct viz_lead_state_walk told;
	bool all; /* the leads are listed */
};

/* What a partner has said of an award that was made before a quarantine. */
static json_t *told_json(struct viz_trust *trust, const struct viz_lead_told *told)
{
	json_t *o = json_object();

	viz_request_set_lead(o, "lead", told->slot);
	viz_control_name_set_node(o, "peer", trust, &told->partner);
	json_object_set_new(o, "award", json_integer(told->said.k));
	json_object_set_new(o, "state", json_string(viz_lead_state_told_name(told->said.state)));
	return o;
}

static bool list_leads(struct list *l, struct viz_net *net, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	json_t *list = json_object_get(l->later.result, "leads");
	struct viz_slice key, value;
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_walk_next(&l->leads, &key, &value);
		if (more && viz_lead_get(net->core, lead, viz_be_get_u64(key.p)))
			json_array_append_new(list, viz_control_lead_json(net, lead));
	}
	free(lead);
	return !more;
}

static bool step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct list *l = (struct list *)later;
	json_t *list = json_object_get(later->result, "told");
	struct viz_lead_told told;

	l->all = l->all || list_leads(l, net, rows);
	while (l->all && *rows > 0 && viz_lead_state_walk_next(&l->told, rows, &told))
		json_array_append_new(list, told_json(net->trust, &told));
	return *rows > 0;
}

static void drop(struct viz_later *later)
{
	free(later);
}

/* Sets "leads" to the open lead of this protocol number, if there is one. */
static int list_of_protocol(struct viz_request *req, const char *protocol)
{
	struct viz_lead *lead = viz_lead_of_protocol(req->net->core, protocol, 0);
	json_t *list = json_array();

	if (lead)
		json_array_append_new(list, viz_control_lead_json(req->net, lead));
	free(lead);
	json_object_set_new(req->result, "leads", list);
	return VIZ_OK;
}

int viz_control_lead_list(struct viz_request *req)
{
	const char *protocol = viz_field_text(req->args, "protocol");
	struct viz_core *core = req->net->core;
	struct list *l;

	if (protocol[0] != '\0')
		return list_of_protocol(req, protocol);
	l = viz_core_alloc(sizeof *l);
	*l = (struct list){.later = {.step = step, .drop = drop}};
	viz_walk_init(&l->leads, core->store, VIZ_TABLE_LEAD, NULL, 0);
	viz_lead_state_walk_init(&l->told, core, &req->net->trust->self.author);
	json_object_set_new(req->result, "leads", json_array());
	json_object_set_new(req->result, "told", json_array());
	return viz_later_begin(req, &l->later);
}
