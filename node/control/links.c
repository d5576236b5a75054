/* link.*: links for customers, which agents make, list and end. */
#include "crypto/secret.h"
#include "node/control/customer.h"
#include "node/control/later.h"
#include "node/control/lead.h"
#include "node/core/core.h"
#include "node/lead/begin.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

static json_t *link_json(const struct viz_lead_customer *link)
{
	char id[VIZ_CUSTOMER_ID_CHARS + 1];
	json_t *o = json_object();

	viz_lead_customer_id(id, link);
	json_object_set_new(o, "id", json_string(id));
	viz_request_set_time(o, "created_at", link->created);
	if (!link->used)
		viz_request_set_time(o, "expires_at", link->expires);
	json_object_set_new(o, "who", json_string(link->who));
	json_object_set_new(o, "opened", json_boolean(link->opened));
	json_object_set_new(o, "used", json_boolean(link->used));
	json_object_set_new(o, "protocol", json_string(link->protocol));
	viz_request_set_lead(o, "lead", link->slot);
	return o;
}

/* Fields that say what the lead says already. */
static int only_lead(struct viz_request *req)
{
	static const char *const others[] = {"protocol", "again", "cancelled_at", "place",
					     "service",  "month", "previous",     "first_name"};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (json_object_get(req->args, others[i]))
			return viz_request_wrong(req, VIZ_CODE_UNKNOWN_FIELD, others[i],
						 "%s: the lead has it already", others[i]);
	return VIZ_OK;
}

static int of_lead(struct viz_request *req, struct viz_lead_customer *link)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = only_lead(req);

	if (err == VIZ_OK)
		err = viz_control_lead_request_lead(req, lead);
	if (err == VIZ_OK) {
		link->slot = lead->slot;
		link->cancelled_at = lead->cancelled_at;
		snprintf(link->protocol, sizeof link->protocol, "%s", lead->protocol);
	}
	free(lead);
	return err;
}

/* Before there is a lead: what is refused when the customer agrees is refused here, where somebody
 * can mend it. */
static int of_place(struct viz_request *req, struct viz_lead_customer *link,
		    struct viz_lead_customer_person *person)
{
	struct viz_lead_request *lead_req = viz_core_alloc(sizeof *lead_req);
	int err = viz_control_lead_request_withdrawal(req);

	memset(lead_req, 0, sizeof *lead_req);
	for (size_t i = 0; i < 2 && err == VIZ_OK; i++) {
		static const char *const needed[] = {"protocol", "place"};

		if (!json_object_get(req->args, needed[i]))
			err = viz_request_wrong(req, VIZ_CODE_MISSING, needed[i],
						"%s is missing, or lead", needed[i]);
	}
	if (err == VIZ_OK)
		err = viz_control_lead_request(req, lead_req);
	if (err == VIZ_OK) {
		person->location = lead_req->location;
		person->cell = lead_req->area.cell;
		snprintf(person->first_name, sizeof person->first_name, "%s",
			 viz_field_text(req->args, "first_name"));
		link->cancelled_at = lead_req->cancelled_at;
		link->again = viz_field_flag(req->args, "again", false);
		link->previous = lead_req->previous;
		snprintf(link->protocol, sizeof link->protocol, "%s", lead_req->protocol);
	}
	viz_secret_wipe(lead_req, sizeof *lead_req);
	free(lead_req);
	return err;
}

static void set_token(struct viz_request *req, const char *token)
{
	char path[VIZ_CUSTOMER_TOKEN_CHARS + 4];

	snprintf(path, sizeof path, "/c/%s", token);
	json_object_set_new(req->result, "token", json_string(token));
	json_object_set_new(req->result, "path", json_string(path));
	viz_secret_wipe(path, sizeof path);
}

static int link_create(struct viz_request *req)
{
	int64_t days = viz_field_number(req->args, "days", VIZ_CUSTOMER_DAYS);
	bool has_lead = json_object_get(req->args, "lead") != NULL;
	struct viz_lead_customer_person person = {0};
	char token[VIZ_CUSTOMER_TOKEN_CHARS + 1];
	struct viz_lead_customer link = {.expires =
					     viz_after(req->net->core->now, days * VIZ_DAY_MS)};
	int err = has_lead ? of_lead(req, &link) : of_place(req, &link, &person);

	snprintf(link.who, sizeof link.who, "%s", req->who);
	if (err == VIZ_OK) {
		err =
		    viz_lead_customer_make(req->net->core, token, &link, has_lead ? NULL : &person);
		if (err == VIZ_ERR_LIMIT)
			viz_request_fail(req, err, VIZ_CODE_TOO_MANY, "%d links are open already",
					 VIZ_CUSTOMER_LINKS_MAX);
	}
	if (err == VIZ_OK) {
		json_object_set_new(req->result, "link", link_json(&link));
		set_token(req, token);
	}
	viz_secret_wipe(token, sizeof token);
	viz_secret_wipe(&person, sizeof person);
	return err;
}

/* A list that is being made: there are as many links as leads. */
struct list {
	struct viz_later later; /* first */
	struct viz_walk links;
	uint64_t slot; /* of the lead; 0: all */
};

static bool step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct list *l = (struct list *)later;
	json_t *list = json_object_get(later->result, "links");
	struct viz_lead_customer link;
	struct viz_slice key, value;

	(void)net;
	while (*rows > 0) {
		--*rows;
		if (!viz_walk_next(&l->links, &key, &value))
			return true;
		viz_lead_customer_row(&link, &key, &value);
		if (l->slot == 0 || link.slot == l->slot)
			json_array_append_new(list, link_json(&link));
	}
	return false;
}

static void drop(struct viz_later *later)
{
	free(later);
}

static int link_list(struct viz_request *req)
{
	struct viz_lead *lead = NULL;
	struct list *l;
	int err = VIZ_OK;

	if (json_object_get(req->args, "lead")) {
		lead = viz_core_alloc(sizeof *lead);
		err = viz_control_lead_request_lead(req, lead);
	}
	if (err != VIZ_OK) {
		free(lead);
		return err;
	}
	l = viz_core_alloc(sizeof *l);
	*l = (struct list){.later = {.step = step, .drop = drop}, .slot = lead ? lead->slot : 0};
	free(lead);
	viz_walk_init(&l->links, req->net->core->store, VIZ_TABLE_CUSTOMER_LINK, NULL, 0);
	json_object_set_new(req->result, "links", json_array());
	return viz_later_begin(req, &l->later);
}

static int link_cancel(struct viz_request *req)
{
	struct viz_lead_customer link;

	if (!viz_lead_customer_find_id(req->net->core, &link, viz_field_text(req->args, "link")))
		return viz_request_wrong(req, VIZ_CODE_NO_SUCH_LINK, "link",
					 "there is no such link, or it is over");
	json_object_set_new(req->result, "link", link_json(&link));
	viz_lead_customer_end(req->net->core, &link);
	return VIZ_OK;
}

static const struct viz_field list_fields[] = {
    {"lead", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_INBOX_ID_MAX}, {0}};

static const struct viz_field cancel_fields[] = {{"link", VIZ_FIELD_TEXT, .needed = true,
						  .min = VIZ_CUSTOMER_ID_CHARS,
						  .max = VIZ_CUSTOMER_ID_CHARS},
						 {0}};

const struct viz_control_op viz_control_links_ops[] = {
    {"link.create", link_create, VIZ_SPACE_SOME, VIZ_PRIVACY_TAKES, VIZ_ROLES_WORK,
     viz_control_lead_fields_link},
    {"link.list", link_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK, list_fields},
    {"link.cancel", link_cancel, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK, cancel_fields},
    {0},
};
