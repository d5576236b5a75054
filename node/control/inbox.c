#include "crypto/secret.h"
#include "node/control/later.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/core/place.h"
#include "node/inbox/holding.h"
#include "node/inbox/inbox.h"
#include "node/inbox/pledge.h"
#include "node/inbox/waiting.h"
#include "node/inbox/wish.h"
#include "node/link/net.h"

#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

/* Where the customer moves to, by the OFFER; both are 0 while that is not here. */
static struct viz_area area_of(struct viz_core *core, const struct viz_inbox *in)
{
	struct viz_record rec;
	struct viz_held held;
	struct viz_offer o;

	if (!viz_place_get(core, &held, &rec, &in->origin, VIZ_TYPE_OFFER, in->slot) ||
	    viz_offer_parse(&o, &rec) != VIZ_OK)
		return (struct viz_area){0};
	return o.area;
}

json_t *viz_control_inbox_json(struct viz_trust *trust, const struct viz_inbox *in)
{
	const struct viz_area area = area_of(trust->core, in);
	char id[VIZ_INBOX_TEXT_MAX];
	json_t *o = json_object();

	viz_request_inbox_text(id, &in->origin, in->slot);
	json_object_set_new(o, "id", json_string(id));
	viz_control_name_set_node(o, "origin", trust, &in->origin);
	json_object_set_new(o, "state", json_string(viz_inbox_state_name(in->state)));
	viz_request_set_time(o, "offered_at", in->time);
	viz_request_set_time(o, "closes_at", in->closes);
	viz_request_set_municipality(o, "municipality", area.municipality);
	viz_request_set_given(o, "cell", area.cell);
	json_object_set_new(o, "answer", json_string(viz_offer_answer_name(in->answer)));
	viz_request_set_hash(o, "pledge_id", &in->pledge);
	json_object_set_new(o, "pledge_acknowledged", json_boolean(in->pledge_acked));
	json_object_set_new(o, "reveal_acknowledged", json_boolean(in->reveal_acked));
	json_object_set_new(o, "award", json_integer(in->award_n));
	viz_request_set_time(o, "awarded_at", in->awarded_at);
	viz_request_set_time(o, "lease_until", in->lease_until);
	viz_request_set_time(o, "award_until", in->award_latest);
	viz_request_set_time(o, "due_at", viz_inbox_waiting_until(trust, in));
	json_object_set_new(o, "waits", json_boolean(viz_inbox_waiting_for_us(in)));
	if (in->has_days)
		json_object_set_new(o, "days_offline", json_integer(in->days_offline));
	if (in->lost_why)
		json_object_set_new(o, "lost_reason",
				    json_string(viz_inbox_lost_name(in->lost_why)));
	json_object_set_new(o, "checked", json_boolean(in->view_judged && !in->unchecked));
	if (in->unchecked)
		json_object_set_new(o, "unchecked_reason",
				    json_string(viz_inbox_unchecked_name(in->unchecked)));
	json_object_set_new(o, "holds_location", json_boolean(in->location_len > 0));
	json_object_set_new(o, "holds_contact", json_boolean(in->contact_len > 0));
	viz_control_claim_set(o, trust->core, in);
	return o;
}

/* An entry of the list, and what it is sorted by. */
struct listed {
	json_t *entry;
	int64_t deadline, came;
};

/* What waits longest for nothing comes last. */
static int listed_cmp(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	if (x->deadline != y->deadline) {
		if (x->deadline == 0 || y->deadline == 0)
			return x->deadline == 0 ? 1 : -1;
		return x->deadline < y->deadline ? -1 : 1;
	}
	return x->came == y->came ? 0 : x->came > y->came ? -1 : 1;
}

/* A list that is being made. */
struct list {
	struct viz_later later; /* first */
	bool all;
	struct viz_walk walk;
	struct listed *entry;
	size_t count, capacity;
};

static void add(struct list *l, struct viz_trust *trust, const struct viz_inbox *in)
{
	if (l->count == l->capacity) {
		l->capacity = l->capacity ? l->capacity * 2 : 16;
		l->entry = viz_core_grow(l->entry, l->capacity, sizeof *l->entry);
	}
	l->entry[l->count++] = (struct listed){viz_control_inbox_json(trust, in),
					       viz_inbox_waiting_until(trust, in).ms, in->came.ms};
}

/* All rows have been looked at. */
static void sort(struct list *l)
{
	json_t *sorted = json_array();

	if (l->count > 0)
		qsort(l->entry, l->count, sizeof *l->entry, listed_cmp);
	for (size_t i = 0; i < l->count; i++)
		json_array_append(sorted, l->entry[i].entry);
	json_object_set_new(l->later.result, "entries", sorted);
}

static bool list_step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct list *l = (struct list *)later;
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_inbox_walk_next(&l->walk, in);
		if (more && (l->all || viz_inbox_waiting_for_us(in)))
			add(l, net->trust, in);
	}
	free(in);
	if (!more)
		sort(l);
	return !more;
}

static void list_drop(struct viz_later *later)
{
	struct list *l = (struct list *)later;

	for (size_t i = 0; i < l->count; i++)
		json_decref(l->entry[i].entry);
	free(l->entry);
	free(l);
}

/* The offers that wait for us, or all; the next deadline first, and what has none behind, the
 * newest first. */
static int inbox_list(struct viz_request *req)
{
	struct list *l = viz_core_alloc(sizeof *l);

	*l = (struct list){.later = {.step = list_step, .drop = list_drop},
			   .all = viz_field_flag(req->args, "all", false)};
	viz_inbox_walk_init(&l->walk, req->net->core, NULL);
	return viz_later_begin(req, &l->later);
}

static void full_id(char out[64 + 1 + VIZ_SLOT_TEXT_MAX], const struct viz_id *origin,
		    uint64_t slot)
{
	viz_hex(out, origin->b, sizeof origin->b);
	out[64] = '-';
	viz_request_slot_text(out + 65, slot);
}

/* Reads "a1b2c3d4-20261123-1": the first 8 hex digits of the origin's id, or all 64, and its lead.
 * `len` gets 4 or 32. */
static bool parse_id(uint8_t prefix[32], size_t *len, uint64_t *slot, const char *text)
{
	const char *dash = strchr(text, '-');
	char hex[65];

	*len = dash ? (size_t)(dash - text) / 2 : 0;
	if ((*len != 4 && *len != 32) || viz_request_slot_parse(slot, dash + 1) != VIZ_OK)
		return false;
	snprintf(hex, sizeof hex, "%.*s", (int)(dash - text), text);
	return viz_hex_parse(prefix, *len, hex) == VIZ_OK;
}

bool viz_control_inbox_names(const char *text)
{
	uint8_t prefix[32];
	uint64_t slot;
	size_t len;

	return parse_id(prefix, &len, &slot, text);
}

int viz_control_inbox_get(struct viz_request *req, struct viz_inbox *in)
{
	char list[256] = "", id[64 + 1 + VIZ_SLOT_TEXT_MAX];
	struct viz_id origin, found;
	struct viz_slice key, value;
	struct viz_walk walk;
	uint8_t prefix[32];
	size_t len, n = 0;
	uint64_t slot;

	if (!parse_id(prefix, &len, &slot, viz_field_text(req->args, "lead")))
		return viz_request_wrong(req, VIZ_CODE_BAD_LEAD, "lead",
					 "a lead of the inbox is like a1b2c3d4-20261123-1");
	viz_walk_init(&walk, req->net->core->store, VIZ_TABLE_INBOX, prefix, len);
	while (viz_walk_next(&walk, &key, &value)) {
		if (viz_be_get_u64(key.p + 32) != slot)
			continue;
		memcpy(origin.b, key.p, sizeof origin.b);
		full_id(id, &origin, slot);
		if (strlen(list) + strlen(id) + 2 < sizeof list)
			snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
				 n ? ", " : "", id);
		found = origin;
		n++;
	}
	if (n > 1)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_AMBIGUOUS,
					"this fits more than one lead, say all of it: %s", list);
	if (n == 0 || !viz_inbox_get(req->net->core, in, &found, slot))
		return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_LEAD,
					"there is no such lead in the inbox");
	return VIZ_OK;
}

/* Sets "contact" while a lease runs, and "location" and "wish" while we hold them. */
static void show(struct viz_request *req, struct viz_inbox *in)
{
	struct viz_core *core = req->net->core;
	bool may = viz_inbox_holding_may_show(req->net, in),
	     open = viz_control_claim_opens(req, in);
	struct viz_contact contact;
	struct viz_location l;
	struct viz_wish wish;

	json_object_set_new(req->result, "entry", viz_control_inbox_json(req->net->trust, in));
	json_object_set_new(req->result, "showable", json_boolean(may));
	if (in->contact_len > 0 && !open)
		json_object_set_new(req->result, "claim_needed", json_true());
	if (may && open && viz_inbox_holding_open_contact(core, &contact, in) == VIZ_OK) {
		viz_journal_accessed(core, req->who, "inbox", &in->origin, in->slot);
		json_object_set_new(req->result, "contact",
				    viz_control_access_contact_json(&contact));
		viz_secret_wipe(&contact, sizeof contact);
	}
	if (in->location_len > 0 && viz_inbox_holding_open_location(core, &l, in) == VIZ_OK) {
		viz_journal_accessed(core, req->who, "location", &in->origin, in->slot);
		json_object_set_new(req->result, "location", viz_control_access_location_json(&l));
		viz_secret_wipe(&l, sizeof l);
	}
	if (viz_inbox_wish_open(core, &wish, in) == VIZ_OK)
		json_object_set_new(req->result, "wish", viz_control_access_wish_json(&wish));
}

/* Personal data: for a reader, logged. */
static int inbox_show(struct viz_request *req)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int err = viz_control_inbox_get(req, in);

	if (err == VIZ_OK)
		show(req, in);
	free(in);
	return err;
}

/* A field that this answer or outcome has no use for is refused: what was meant is not known. */
static int refuse_field(struct viz_request *req, const char *field, const char *of)
{
	if (json_object_get(req->args, field) == NULL)
		return VIZ_OK;
	return viz_request_wrong(req, VIZ_CODE_UNKNOWN_FIELD, field, "%s is of %s alone", field,
				 of);
}

/* Sets result or error, frees `in`, and returns `err`. */
static int reply(struct viz_request *req, struct viz_inbox *in, int err)
{
	bool said = req->code != VIZ_CODE_COUNT;

	if (err == VIZ_ERR_STATE && !said)
		req->state = viz_inbox_state_name(in->state);
	if (err == VIZ_ERR_STATE && !said)
		viz_request_fail(req, err, VIZ_CODE_NOT_NOW,
				 "the lead is \"%s\": this does not fit now",
				 viz_inbox_state_name(in->state));
	else if (err != VIZ_OK && !said)
		viz_request_core_error(req, err, "inbox");
	if (err == VIZ_OK)
		json_object_set_new(req->result, "entry",
				    viz_control_inbox_json(req->net->trust, in));
	free(in);
	return err;
}

static enum viz_no_reason no_reason(const char *word)
{
	return strcmp(word, "capacity") == 0 ? VIZ_NO_CAPACITY
	       : strcmp(word, "policy") == 0 ? VIZ_NO_POLICY
					     : VIZ_NO_PLANT;
}

/* For nodes that answer by hand. A no has a reason. */
static int inbox_answer(struct viz_request *req)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	const char *text = viz_field_text(req->args, "answer");
	enum viz_answer answer = strcmp(text, "yes") == 0  ? VIZ_ANSWER_YES
				 : strcmp(text, "no") == 0 ? VIZ_ANSWER_NO
							   : VIZ_ANSWER_ANALYSIS;
	enum viz_no_reason reason = answer == VIZ_ANSWER_NO
					? no_reason(viz_field_text(req->args, "no_reason"))
					: VIZ_NO_NONE;
	int err = viz_control_inbox_get(req, in);

	if (err == VIZ_OK && answer == VIZ_ANSWER_NO &&
	    json_object_get(req->args, "no_reason") == NULL)
		err = viz_request_wrong(req, VIZ_CODE_MISSING, "no_reason", "no_reason is missing");
	if (err == VIZ_OK && answer != VIZ_ANSWER_NO)
		err = refuse_field(req, "no_reason", "a no");
	if (err == VIZ_OK)
		err = viz_inbox_pledge_by_hand(req->net, in, answer, reason);
	return reply(req, in, err);
}

/* We have called the customer. Without a lease, which may have run out since the contact was
 * opened, the origin is asked for another one. */
static int inbox_contacted(struct viz_request *req)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int err = viz_control_inbox_get(req, in);

	if (err == VIZ_OK)
		err = viz_control_claim_check(req, in);
	if (err == VIZ_OK && in->state == VIZ_INBOX_AWARDED && in->contact_len > 0 &&
	    !viz_inbox_holding_may_show(req->net, in))
		err = viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_LEASE,
				       "the origin has not confirmed yet that the contact is ours");
	return reply(req, in, err == VIZ_OK ? viz_inbox_holding_contacted(req->net, in) : err);
}

/* We give the lead back. */
static int inbox_release(struct viz_request *req)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int err = viz_control_inbox_get(req, in);

	if (err == VIZ_OK)
		err = viz_control_claim_check(req, in);
	return reply(req, in, err == VIZ_OK ? viz_inbox_holding_release(req->net, in) : err);
}

/* A loss has a reason, which stays here. Days are said of an installation alone. */
static int outcome(struct viz_request *req, struct viz_inbox *in)
{
	bool installed = strcmp(viz_field_text(req->args, "outcome"), "installed") == 0;
	bool days_said = json_object_get(req->args, "days_offline") != NULL;
	uint32_t days = (uint32_t)viz_field_number(req->args, "days_offline", 0);
	enum viz_lost why = VIZ_LOST_NOT;

	int err = installed ? refuse_field(req, "lost_reason", "a loss")
			    : refuse_field(req, "days_offline", "an installation");

	if (err != VIZ_OK)
		return err;
	if (!installed && !viz_inbox_lost_parse(&why, viz_field_text(req->args, "lost_reason")))
		return viz_request_wrong(req, VIZ_CODE_MISSING, "lost_reason",
					 "lost_reason is missing");
	return viz_inbox_holding_outcome(req->net, in,
					 installed ? VIZ_OUTCOME_INSTALLED : VIZ_OUTCOME_LOST,
					 installed && days_said ? &days : NULL, why);
}

static int inbox_outcome(struct viz_request *req)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int err = viz_control_inbox_get(req, in);

	if (err == VIZ_OK)
		err = viz_control_claim_check(req, in);
	return reply(req, in, err == VIZ_OK ? outcome(req, in) : err);
}

static const struct viz_field list_fields[] = {{"all", .kind = VIZ_FIELD_FLAG}, {0}};

static const struct viz_field answer_fields[] = {
    {"lead", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INBOX_ID_MAX},
    {"answer", VIZ_FIELD_CHOICE, .needed = true, .choices = "yes|analysis|no"},
    {"no_reason", VIZ_FIELD_CHOICE, .choices = "plant|capacity|policy"},
    {0},
};

static const struct viz_field outcome_fields[] = {
    {"lead", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INBOX_ID_MAX},
    {"outcome", VIZ_FIELD_CHOICE, .needed = true, .choices = "installed|lost"},
    {"days_offline", VIZ_FIELD_NUMBER, .min = 0, .max = 366},
    {"lost_reason", VIZ_FIELD_CHOICE,
     .choices = "unreached|no-service|price|date|competitor|gave-up|other"},
    {0},
};

const struct viz_control_op viz_control_inbox_ops[] = {
    {"inbox.list", inbox_list, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE,
     VIZ_ROLES_READ | VIZ_ROLE_CONNECTOR, list_fields},
    {"inbox.show", inbox_show, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES,
     VIZ_ROLES_WORK | VIZ_ROLE_CONNECTOR, viz_request_lead_only},
    {"inbox.answer", inbox_answer, VIZ_SPACE_SOME, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK, answer_fields},
    {"inbox.contacted", inbox_contacted, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK,
     viz_request_lead_only},
    {"inbox.release", inbox_release, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK,
     viz_request_lead_only},
    {"inbox.outcome", inbox_outcome, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_WORK,
     outcome_fields},
    {0},
};
