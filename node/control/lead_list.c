/* `lead.list` and `lead.unserved`. An ISP has some tens of thousands of leads in a year, and as
 * many statements about them, so the replies come later. */
#include "node/control/later.h"
#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/lead/lead.h"
#include "node/lead/state.h"
#include "node/lead/waiting.h"
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

/* ---- a page of them, the newest first ---- */

#define PAGE_BYTES 6000000u /* of a reply, about: it must stay below 8 MiB */

/* Rows have no order but the ascending one: all are looked at, and the last `max` that fit are
 * kept.
 */
struct page {
	struct viz_later later; /* first */
	struct viz_walk leads;
	char only[8];
	uint64_t before;              /* slot; 0: from the newest on */
	bool all;                     /* the leads are looked at */
	size_t max, at, found, older; /* found: whatever the cursor; older: than the cursor */
	size_t left;                  /* of the ring, to be written */
	size_t bytes;
	uint64_t slot[]; /* of `max`: a ring, the next one goes to `at` */
};

static bool is_over(const struct viz_lead *lead)
{
	return lead->revoked || lead->state == VIZ_LEAD_INSTALLED || lead->state == VIZ_LEAD_LOST ||
	       lead->state == VIZ_LEAD_KEPT || lead->state == VIZ_LEAD_WITHDRAWN ||
	       lead->state == VIZ_LEAD_EXPIRED;
}

/* Whether somebody of ours must do something next. */
static bool waits_for_us(struct viz_net *net, const struct viz_lead *lead)
{
	return !is_over(lead) &&
	       (lead->state == VIZ_LEAD_CHOOSING || lead->state == VIZ_LEAD_NONE_CHOSEN ||
		lead->released || viz_lead_waiting_neighbour_came(net, lead));
}

static bool is_wanted(const struct page *g, struct viz_net *net, const struct viz_lead *lead)
{
	if (strcmp(g->only, "open") == 0)
		return !is_over(lead);
	if (strcmp(g->only, "over") == 0)
		return is_over(lead);
	return strcmp(g->only, "waits") != 0 || waits_for_us(net, lead);
}

static bool look(struct page *g, struct viz_net *net, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_walk_next(&g->leads, &key, &value);
		if (!more || !viz_lead_get(net->core, lead, viz_be_get_u64(key.p)) ||
		    !is_wanted(g, net, lead))
			continue;
		g->found++;
		if (g->before != 0 && lead->slot >= g->before)
			continue;
		g->slot[g->at] = lead->slot;
		g->at = (g->at + 1) % g->max;
		g->older++;
	}
	free(lead);
	g->left = g->older < g->max ? g->older : g->max;
	return !more;
}

/* True: the page is whole. */
static bool write_page(struct page *g, struct viz_net *net, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	json_t *list = json_object_get(g->later.result, "leads");

	while (*rows > 0 && g->left > 0 && g->bytes < PAGE_BYTES) {
		--*rows;
		g->at = (g->at + g->max - 1) % g->max;
		g->left--;
		if (!viz_lead_get(net->core, lead, g->slot[g->at]))
			continue; /* it went while we looked */
		g->bytes += 1024 + 384 * lead->peer_count;
		json_array_append_new(list, viz_control_lead_json(net, lead));
	}
	free(lead);
	return g->left == 0 || g->bytes >= PAGE_BYTES;
}

static bool page_step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct page *g = (struct page *)later;
	const json_t *list = json_object_get(later->result, "leads");
	const json_t *last;

	g->all = g->all || look(g, net, rows);
	if (!g->all || !write_page(g, net, rows))
		return false;
	last = json_array_get(list, json_array_size(list) - 1);
	if (last && (g->left > 0 || g->older > g->max))
		json_object_set(later->result, "cursor", json_object_get(last, "id"));
	json_object_set_new(later->result, "found_count", json_integer((json_int_t)g->found));
	return true;
}

static int list_page(struct viz_request *req, size_t max)
{
	const char *cursor = viz_field_text(req->args, "cursor");
	uint64_t before = 0;
	struct page *g;

	if (cursor[0] != '\0' && viz_request_slot_parse(&before, cursor) != VIZ_OK)
		return viz_request_wrong(req, VIZ_CODE_BAD_CURSOR, "cursor",
					 "cursor: that of an earlier reply");
	g = viz_core_alloc(sizeof *g + max * sizeof g->slot[0]);
	*g =
	    (struct page){.later = {.step = page_step, .drop = drop}, .max = max, .before = before};
	snprintf(g->only, sizeof g->only, "%s", viz_field_text(req->args, "only"));
	viz_walk_init(&g->leads, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	json_object_set_new(req->result, "leads", json_array());
	return viz_later_begin(req, &g->later);
}

int viz_control_lead_list(struct viz_request *req)
{
	const char *protocol = viz_field_text(req->args, "protocol");
	size_t max = (size_t)viz_field_number(req->args, "max", 0);
	struct viz_core *core = req->net->core;
	struct list *l;

	if (protocol[0] != '\0')
		return list_of_protocol(req, protocol);
	if (max > 0 || json_object_get(req->args, "only") || json_object_get(req->args, "cursor"))
		return list_page(req, max > 0 ? max : VIZ_LEAD_LIST_MAX);
	l = viz_core_alloc(sizeof *l);
	*l = (struct list){.later = {.step = step, .drop = drop}};
	viz_walk_init(&l->leads, core->store, VIZ_TABLE_LEAD, NULL, 0);
	viz_lead_state_walk_init(&l->told, core, &req->net->trust->self.author);
	json_object_set_new(req->result, "leads", json_array());
	json_object_set_new(req->result, "told", json_array());
	return viz_later_begin(req, &l->later);
}

/* ---- where nobody serves customers who wait ---- */

#define TOWNS_MAX 6000 /* there are 5,571 */

struct unserved {
	struct viz_later later; /* first */
	struct viz_walk leads;
	size_t count;
	struct {
		uint32_t code;
		unsigned waiting;
	} town[TOWNS_MAX]; /* ascending by code */
};

static void count_town(struct unserved *u, uint32_t code)
{
	size_t from = 0, until = u->count;

	while (from < until) {
		size_t mid = (from + until) / 2;

		if (u->town[mid].code < code)
			from = mid + 1;
		else
			until = mid;
	}
	if (from < u->count && u->town[from].code == code) {
		u->town[from].waiting++;
		return;
	}
	if (u->count == TOWNS_MAX)
		return;
	memmove(&u->town[from + 1], &u->town[from], (u->count - from) * sizeof u->town[0]);
	u->town[from].code = code;
	u->town[from].waiting = 1;
	u->count++;
}

static bool unserved_step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	json_t *list = json_object_get(later->result, "towns");
	struct unserved *u = (struct unserved *)later;
	struct viz_slice key, value;
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_walk_next(&u->leads, &key, &value);
		if (more && viz_lead_get(net->core, lead, viz_be_get_u64(key.p)) &&
		    lead->state == VIZ_LEAD_NO_NEIGHBOUR && !lead->revoked)
			count_town(u, lead->municipality);
	}
	free(lead);
	if (more)
		return false;
	for (size_t i = 0; i < u->count; i++) {
		json_t *town = json_object();

		viz_request_set_municipality(town, "municipality", u->town[i].code);
		json_object_set_new(town, "lead_count", json_integer(u->town[i].waiting));
		json_array_append_new(list, town);
	}
	return true;
}

int viz_control_lead_list_unserved(struct viz_request *req)
{
	struct unserved *u = viz_core_alloc(sizeof *u);

	u->later = (struct viz_later){.step = unserved_step, .drop = drop};
	u->count = 0;
	viz_walk_init(&u->leads, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	json_object_set_new(req->result, "towns", json_array());
	return viz_later_begin(req, &u->later);
}
