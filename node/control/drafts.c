/* `draft.*`: who wants to move, as an ERP has noted it; for the agent's desk. */
#include "node/control/later.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/lead/draft.h"
#include "node/lead/lead.h"
#include "node/link/net.h"
#include "proto/base.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

#define ID_BYTES  8 /* of the key, by which people name a draft */
#define LIST_MAX  500
#define LIST_MOST 2000

static json_t *draft_json(const struct viz_draft *d)
{
	char hex[2 * ID_BYTES + 1];
	json_t *o = json_object();
	struct viz_id id;

	viz_draft_id(&id, d->source, d->external_id);
	viz_hex(hex, id.b, ID_BYTES);
	json_object_set_new(o, "id", json_string(hex));
	json_object_set_new(o, "source", json_string(d->source));
	json_object_set_new(o, "external_id", json_string(d->external_id));
	viz_request_set_text(o, "protocol", d->protocol);
	json_object_set_new(o, "kind",
			    json_string(d->kind == VIZ_DRAFT_MOVE ? "move" : "cancellation"));
	viz_request_set_text(o, "reason", d->reason);
	viz_request_set_municipality(o, "municipality", d->municipality);
	viz_request_set_given(o, "cep", d->cep);
	viz_request_set_time(o, "cancelled_at", d->cancelled_at);
	viz_request_set_time(o, "created_at", d->created);
	viz_request_set_time(o, "expires_at", viz_after(d->created, VIZ_DRAFT_MS));
	json_object_set_new(o, "state", json_string(viz_draft_state_name(d->state)));
	viz_request_set_text(o, "who", d->who);
	viz_request_set_time(o, "changed_at", d->changed);
	return o;
}

static void set_state(struct viz_request *req, struct viz_draft *d, enum viz_draft_state state)
{
	d->state = state;
	d->changed = req->net->core->now;
	snprintf(d->who, sizeof d->who, "%s", req->who);
}

/* What the request says of it now. A CEP is kept as far as its district. */
static void read_fields(struct viz_request *req, struct viz_draft *d)
{
	const json_t *town = json_object_get(req->args, "municipality");
	uint32_t cep = (uint32_t)viz_field_number(req->args, "cep", 0);

	snprintf(d->source, sizeof d->source, "%s", viz_field_text(req->args, "source"));
	snprintf(d->external_id, sizeof d->external_id, "%s",
		 viz_field_text(req->args, "external_id"));
	snprintf(d->protocol, sizeof d->protocol, "%s", viz_field_text(req->args, "protocol"));
	snprintf(d->reason, sizeof d->reason, "%s", viz_field_text(req->args, "reason"));
	d->kind = strcmp(viz_field_text(req->args, "kind"), "move") == 0 ? VIZ_DRAFT_MOVE
									 : VIZ_DRAFT_CANCELLATION;
	d->municipality = (uint32_t)viz_field_number(town, "code", 0);
	d->cep = cep - cep % VIZ_DRAFT_CEP_PART;
	d->cancelled_at = viz_field_time(req->args, "cancelled_at", (struct viz_time){0});
}

/* Whether a lead of its number is open. */
static bool has_lead(struct viz_core *core, const struct viz_draft *d)
{
	struct viz_lead *lead =
	    d->protocol[0] != '\0' ? viz_lead_of_protocol(core, d->protocol, 0) : NULL;

	free(lead);
	return lead != NULL;
}

/* What is noted for the first time: nothing of what is undone or long ago. */
static int put_new(struct viz_request *req, struct viz_draft *d, bool undone)
{
	struct viz_core *core = req->net->core;

	if (undone ||
	    (d->cancelled_at.ms != 0 && d->cancelled_at.ms + VIZ_DRAFT_MS <= core->now.ms)) {
		json_object_set_new(req->result, "stored", json_false());
		return VIZ_OK;
	}
	if (viz_draft_count(core) >= VIZ_DRAFTS_MAX)
		return viz_request_fail(req, VIZ_ERR_LIMIT, VIZ_CODE_TOO_MANY,
					"there are %d drafts already", VIZ_DRAFTS_MAX);
	d->created = core->now;
	set_state(req, d, has_lead(core, d) ? VIZ_DRAFT_TAKEN : VIZ_DRAFT_OPEN);
	viz_draft_put(core, d);
	return VIZ_OK;
}

/* Said again, it changes what is noted. Only an undone one is opened again by it: what one of us
 * has closed stays closed. */
static void put_again(struct viz_request *req, struct viz_draft *d, bool undone)
{
	if (undone && d->state == VIZ_DRAFT_OPEN)
		set_state(req, d, VIZ_DRAFT_UNDONE);
	else if (!undone && d->state == VIZ_DRAFT_UNDONE)
		set_state(req, d, VIZ_DRAFT_OPEN);
	if (d->state == VIZ_DRAFT_OPEN && has_lead(req->net->core, d))
		set_state(req, d, VIZ_DRAFT_TAKEN);
	viz_draft_put(req->net->core, d);
}

static int draft_put(struct viz_request *req)
{
	bool undone = viz_field_flag(req->args, "undone", false);
	struct viz_draft d = {0};
	struct viz_id id;
	bool there;
	int err = VIZ_OK;

	if (viz_field_time(req->args, "cancelled_at", (struct viz_time){0}).ms >
	    req->net->core->now.ms + VIZ_DAY_MS)
		return viz_request_wrong(req, VIZ_CODE_BAD_TIME, "cancelled_at",
					 "cancelled_at is in the future");
	viz_draft_id(&id, viz_field_text(req->args, "source"),
		     viz_field_text(req->args, "external_id"));
	there = viz_draft_get(req->net->core, &d, &id);
	if (!there)
		d = (struct viz_draft){0};
	read_fields(req, &d);
	if (there)
		put_again(req, &d, undone);
	else
		err = put_new(req, &d, undone);
	if (err != VIZ_OK || json_object_get(req->result, "stored"))
		return err;
	json_object_set_new(req->result, "stored", json_true());
	json_object_set_new(req->result, "draft", draft_json(&d));
	return VIZ_OK;
}

/* `draft`: its id. */
static int get(struct viz_request *req, struct viz_draft *d)
{
	struct viz_slice key, value;
	struct viz_walk walk;
	uint8_t prefix[ID_BYTES];
	struct viz_id id;

	if (viz_hex_parse(prefix, sizeof prefix, viz_field_text(req->args, "draft")) != VIZ_OK)
		return viz_request_wrong(req, VIZ_CODE_BAD_BYTES, "draft",
					 "draft must be 16 hexadecimal digits");
	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_DRAFT, prefix, sizeof prefix);
	if (viz_walk_next(&walk, &key, &value)) {
		memcpy(id.b, key.p, sizeof id.b);
		if (viz_draft_get(req->net->core, d, &id))
			return VIZ_OK;
	}
	return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_DRAFT,
				"there is no such draft");
}

/* No lead comes of it. */
static int draft_close(struct viz_request *req)
{
	struct viz_draft d;
	int err = get(req, &d);

	if (err != VIZ_OK)
		return err;
	if (d.state != VIZ_DRAFT_OPEN) {
		req->state = viz_draft_state_name(d.state);
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_NOW,
					"the draft is \"%s\" already", req->state);
	}
	set_state(req, &d, VIZ_DRAFT_CLOSED);
	viz_draft_put(req->net->core, &d);
	json_object_set_new(req->result, "draft", draft_json(&d));
	return VIZ_OK;
}

/* ---- the list ---- */

struct listed {
	json_t *draft;
	int64_t time;
};

struct list {
	struct viz_later later; /* first */
	bool all;
	size_t max;
	struct viz_walk walk;
	struct listed *entry;
	size_t count, capacity;
};

/* The newest first. */
static int listed_cmp(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	return x->time == y->time ? 0 : x->time > y->time ? -1 : 1;
}

static void add(struct list *l, const struct viz_draft *d)
{
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 16;
		l->entry = viz_core_grow(l->entry, l->capacity, sizeof *l->entry);
	}
	l->entry[l->count++] = (struct listed){
	    draft_json(d), d->cancelled_at.ms != 0 ? d->cancelled_at.ms : d->created.ms};
}

static void end(struct list *l)
{
	json_t *drafts = json_array();

	if (l->count > 0)
		qsort(l->entry, l->count, sizeof *l->entry, listed_cmp);
	for (size_t i = 0; i < l->count && i < l->max; i++)
		json_array_append(drafts, l->entry[i].draft);
	json_object_set_new(l->later.result, "drafts", drafts);
	json_object_set_new(l->later.result, "more", json_boolean(l->count > l->max));
}

static bool list_step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct list *l = (struct list *)later;
	struct viz_draft d;
	bool more = true, there;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_draft_walk_next(&l->walk, net->core, &d, &there);
		if (more && there && (l->all || d.state == VIZ_DRAFT_OPEN))
			add(l, &d);
	}
	if (!more)
		end(l);
	return !more;
}

static void list_drop(struct viz_later *later)
{
	struct list *l = (struct list *)later;

	for (size_t i = 0; i < l->count; i++)
		json_decref(l->entry[i].draft);
	free(l->entry);
	free(l);
}

static int draft_list(struct viz_request *req)
{
	struct list *l = viz_core_alloc(sizeof *l);

	*l = (struct list){.later = {.step = list_step, .drop = list_drop},
			   .all = viz_field_flag(req->args, "all", false),
			   .max = (size_t)viz_field_number(req->args, "max", LIST_MAX)};
	viz_draft_walk_init(&l->walk, req->net->core);
	return viz_later_begin(req, &l->later);
}

static const struct viz_field put_fields[] = {
    {"source", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_DRAFT_SOURCE_MAX},
    {"external_id", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_DRAFT_EXTERNAL_MAX},
    {"protocol", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_REF_MAX},
    {"kind", VIZ_FIELD_CHOICE, .needed = true, .choices = "move|cancellation"},
    {"reason", VIZ_FIELD_FREE, .min = 0, .max = VIZ_DRAFT_REASON_MAX},
    {"municipality", VIZ_FIELD_OBJECT, .of = viz_request_municipality},
    {"cep", VIZ_FIELD_NUMBER, .min = 0, .max = 99999999},
    {"cancelled_at", .kind = VIZ_FIELD_TIME},
    {"undone", .kind = VIZ_FIELD_FLAG},
    {0},
};

static const struct viz_field list_fields[] = {
    {"all", .kind = VIZ_FIELD_FLAG}, {"max", VIZ_FIELD_NUMBER, .min = 1, .max = LIST_MOST}, {0}};

static const struct viz_field close_fields[] = {
    {"draft", VIZ_FIELD_TEXT, .needed = true, .min = 2 * ID_BYTES, .max = 2 * ID_BYTES}, {0}};

const struct viz_control_op viz_control_drafts_ops[] = {
    {"draft.put", draft_put, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK | VIZ_ROLE_CONNECTOR,
     put_fields},
    {"draft.list", draft_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_READ | VIZ_ROLE_CONNECTOR, list_fields},
    {"draft.close", draft_close, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_WORK | VIZ_ROLE_CONNECTOR, close_fields},
    {0},
};
