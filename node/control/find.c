/* `lead.find` and `inbox.find`: which leads are of this person. Contacts are sealed one by one, so
 * all that are held are opened in turn, and the reply comes later. Nothing of what is looked for is
 * kept or logged; each lead that is found is, as a view. */
#include "crypto/secret.h"
#include "node/control/later.h"
#include "node/control/lead.h"
#include "node/control/match.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/journal.h"
#include "node/inbox/claim.h"
#include "node/inbox/holding.h"
#include "node/inbox/inbox.h"
#include "node/lead/lead.h"
#include "node/lead/personal.h"
#include "node/link/net.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/statement.h"
#include "store/store.h"
#include "store/tables.h"

#define FOUND_MAX 50 /* leads of one reply */
#define OPEN_ROWS 8  /* what opening a contact counts as */

/* A search that goes on. */
struct find {
	struct viz_later later; /* first */
	struct viz_match match;
	char who[VIZ_JOURNAL_WHO_MAX + 1];
	bool agent; /* who sees names of the inbox in what is claimed alone */
	struct viz_walk walk;
	size_t found, unopened;
	bool more;
};

static void spend(size_t *rows, size_t n)
{
	*rows -= *rows < n ? *rows : n;
}

/* The field by which the contact is the one looked for; NULL: it is not. Who may not see the name
 * must know its words: by their beginnings it could be read letter by letter. */
static const char *of_contact(const struct viz_match *m, const struct viz_contact *c, bool named)
{
	return viz_match_phone(m, c->phone)         ? "phone"
	       : viz_match_name(m, c->name, !named) ? "name"
						    : NULL;
}

/* Adds to the list of this name. Takes `found`, with the thing itself. `name`: NULL when it is not
 * opened. */
static void add(struct find *f, const char *list, json_t *found, const char *matched,
		const char *name)
{
	json_object_set_new(found, "matched", json_string(matched));
	if (name)
		json_object_set_new(found, "name", json_string(name));
	json_array_append_new(json_object_get(f->later.result, list), found);
	f->found++;
}

/* Whether there are too many. */
static bool full(struct find *f)
{
	f->more = f->found == FOUND_MAX;
	return f->more;
}

static void end(struct find *f, bool inbox)
{
	if (inbox)
		json_object_set_new(f->later.result, "unopened_count",
				    json_integer((json_int_t)f->unopened));
	json_object_set_new(f->later.result, "more", json_boolean(f->more));
}

/* ---- of ours ---- */

static void try_lead(struct find *f, struct viz_net *net, const struct viz_lead *lead, size_t *rows)
{
	char id[VIZ_SLOT_TEXT_MAX], code[VIZ_INBOX_TEXT_MAX];
	struct viz_contact contact;
	const char *by = NULL;
	bool opened = false;

	viz_request_slot_text(id, lead->slot);
	viz_request_inbox_text(code, &net->trust->self.author, lead->slot);
	if (lead->contact_len > 0) {
		spend(rows, OPEN_ROWS);
		opened = viz_lead_personal_open_contact(net->core, &contact, lead) == VIZ_OK;
	}
	if (viz_match_code(&f->match, lead->protocol))
		by = "protocol";
	else if (viz_match_code(&f->match, id) || viz_match_code(&f->match, code))
		by = "id";
	else if (opened)
		by = of_contact(&f->match, &contact, true);
	if (by && !full(f)) {
		add(f, "found_leads", json_pack("{s:o}", "lead", viz_control_lead_json(net, lead)),
		    by, opened ? contact.name : NULL);
		viz_journal_accessed(net->core, f->who, "find-lead", &net->trust->self.author,
				     lead->slot);
	}
	if (opened)
		viz_secret_wipe(&contact, sizeof contact);
}

static bool lead_step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct find *f = (struct find *)later;
	struct viz_slice key, value;
	bool on = true;

	while (*rows > 0 && on) {
		spend(rows, 1);
		on = !f->more && viz_walk_next(&f->walk, &key, &value);
		if (on && viz_lead_get(net->core, lead, viz_be_get_u64(key.p)))
			try_lead(f, net, lead, rows);
	}
	free(lead);
	if (!on)
		end(f, false);
	return !on;
}

/* ---- of partners ---- */

/* Without a lease no contact is opened: it may be another partner's by now. */
static void try_entry(struct find *f, struct viz_trust *trust, const struct viz_inbox *in,
		      size_t *rows)
{
	bool leased = viz_inbox_holding_leased(trust, in), opened = false;
	char code[VIZ_INBOX_TEXT_MAX], id[VIZ_SLOT_TEXT_MAX];
	bool named = !f->agent || viz_inbox_claim_is_of(trust->core, in, f->who);
	struct viz_contact contact;
	const char *by = NULL;

	viz_request_slot_text(id, in->slot);
	viz_request_inbox_text(code, &in->origin, in->slot);
	f->unopened += in->contact_len > 0 && !leased;
	if (leased) {
		spend(rows, OPEN_ROWS);
		opened = viz_inbox_holding_open_contact(trust->core, &contact, in) == VIZ_OK;
	}
	if (viz_match_code(&f->match, code) || viz_match_code(&f->match, id))
		by = "id";
	else if (opened)
		by = of_contact(&f->match, &contact, named);
	if (by && !full(f)) {
		add(f, "found_entries",
		    json_pack("{s:o}", "entry", viz_control_inbox_json(trust, in)), by,
		    opened && named ? contact.name : NULL);
		viz_journal_accessed(trust->core, f->who, "find-inbox", &in->origin, in->slot);
	}
	if (opened)
		viz_secret_wipe(&contact, sizeof contact);
}

static bool inbox_step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct find *f = (struct find *)later;
	bool on = true;

	while (*rows > 0 && on) {
		spend(rows, 1);
		on = !f->more && viz_inbox_walk_next(&f->walk, in);
		if (on)
			try_entry(f, net->trust, in, rows);
	}
	free(in);
	if (!on)
		end(f, true);
	return !on;
}

/* ---- both ---- */

static void drop(struct viz_later *later)
{
	viz_secret_wipe(&((struct find *)later)->match, sizeof(struct viz_match));
	free(later);
}

/* NULL: too little is said. */
static struct find *begin(struct viz_request *req, const char *list,
			  bool (*step)(struct viz_later *, struct viz_net *, size_t *))
{
	struct find *f = viz_core_alloc(sizeof *f);

	*f = (struct find){.later = {.step = step, .drop = drop}};
	if (!viz_match_init(&f->match, viz_field_text(req->args, "text"))) {
		viz_request_wrong(req, VIZ_CODE_BAD_TEXT, "text",
				  "text must have three letters or digits");
		drop(&f->later);
		return NULL;
	}
	snprintf(f->who, sizeof f->who, "%s", req->who);
	f->agent = req->role == VIZ_ROLE_AGENT;
	json_object_set_new(req->result, list, json_array());
	return f;
}

static int lead_find(struct viz_request *req)
{
	struct find *f = begin(req, "found_leads", lead_step);

	if (!f)
		return VIZ_ERR_INPUT;
	viz_walk_init(&f->walk, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	return viz_later_begin(req, &f->later);
}

static int inbox_find(struct viz_request *req)
{
	struct find *f = begin(req, "found_entries", inbox_step);

	if (!f)
		return VIZ_ERR_INPUT;
	viz_inbox_walk_init(&f->walk, req->net->core, NULL);
	return viz_later_begin(req, &f->later);
}

static const struct viz_field find_fields[] = {
    {"text", VIZ_FIELD_TEXT, .needed = true, .min = 3, .max = 120}, {0}};

const struct viz_control_op viz_control_find_ops[] = {
    {"lead.find", lead_find, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLES_WORK, find_fields},
    {"inbox.find", inbox_find, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLES_WORK, find_fields},
    {0},
};
