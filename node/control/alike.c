/* `lead.alike`: other leads here with the same telephone or address as this one: the same
 * household, or somebody who has left us before. It looks at what is held, so that what was erased
 * is never found. */
#include "crypto/secret.h"
#include "node/control/later.h"
#include "node/control/lead.h"
#include "node/control/match.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/journal.h"
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

#define FOUND_MAX   20
#define OPEN_ROWS   8  /* what opening a contact counts as */
#define ADDRESS_MIN 10 /* bytes of an address that says where */

struct alike {
	struct viz_later later; /* first */
	char who[VIZ_JOURNAL_WHO_MAX + 1];
	char phone[VIZ_MATCH_MAX], address[VIZ_MATCH_MAX];
	struct viz_id origin; /* of the lead that is compared */
	uint64_t slot;
	struct viz_walk leads, entries;
	bool all; /* the leads are compared */
	size_t found;
};

/* What is the same; NULL: nothing. */
static const char *same(const struct alike *a, const struct viz_contact *c)
{
	char phone[VIZ_MATCH_MAX], address[VIZ_MATCH_MAX];
	const char *what = NULL;

	viz_match_phone_fold(phone, c->phone);
	viz_match_fold(address, c->address);
	if (a->phone[0] != '\0' && strcmp(phone, a->phone) == 0)
		what = "phone";
	else if (strlen(address) >= ADDRESS_MIN && strcmp(address, a->address) == 0)
		what = "address";
	viz_secret_wipe(phone, sizeof phone);
	viz_secret_wipe(address, sizeof address);
	return what;
}

/* Takes `found`. */
static void add(struct alike *a, const char *list, json_t *found, const char *matched)
{
	json_object_set_new(found, "matched", json_string(matched));
	json_array_append_new(json_object_get(a->later.result, list), found);
	a->found++;
}

static void try_lead(struct alike *a, struct viz_net *net, const struct viz_lead *lead)
{
	const struct viz_id *self = &net->trust->self.author;
	struct viz_contact c;
	const char *what;

	if ((lead->slot == a->slot && viz_id_eq(self, &a->origin)) ||
	    viz_lead_personal_open_contact(net->core, &c, lead) != VIZ_OK)
		return;
	what = same(a, &c);
	viz_secret_wipe(&c, sizeof c);
	if (!what)
		return;
	add(a, "found_leads", json_pack("{s:o}", "lead", viz_control_lead_json(net, lead)), what);
	viz_journal_accessed(net->core, a->who, "find-lead", self, lead->slot);
}

static void try_entry(struct alike *a, struct viz_trust *trust, const struct viz_inbox *in)
{
	struct viz_contact c;
	const char *what;

	if ((in->slot == a->slot && viz_id_eq(&in->origin, &a->origin)) ||
	    !viz_inbox_holding_leased(trust, in) ||
	    viz_inbox_holding_open_contact(trust->core, &c, in) != VIZ_OK)
		return;
	what = same(a, &c);
	viz_secret_wipe(&c, sizeof c);
	if (!what)
		return;
	add(a, "found_entries", json_pack("{s:o}", "entry", viz_control_inbox_json(trust, in)),
	    what);
	viz_journal_accessed(trust->core, a->who, "find-inbox", &in->origin, in->slot);
}

static void spend(size_t *rows, bool opened)
{
	size_t n = opened ? OPEN_ROWS : 1;

	*rows -= *rows < n ? *rows : n;
}

static bool leads(struct alike *a, struct viz_net *net, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	bool more = true;

	while (*rows > 0 && more) {
		bool held = false;

		more = viz_walk_next(&a->leads, &key, &value) && a->found < FOUND_MAX;
		if (more && viz_lead_get(net->core, lead, viz_be_get_u64(key.p))) {
			held = lead->contact_len > 0;
			try_lead(a, net, lead);
		}
		spend(rows, held);
	}
	free(lead);
	return !more;
}

static bool step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct alike *a = (struct alike *)later;
	bool more = true;

	a->all = a->all || leads(a, net, rows);
	while (a->all && *rows > 0 && more) {
		more = viz_inbox_walk_next(&a->entries, in) && a->found < FOUND_MAX;
		if (more)
			try_entry(a, net->trust, in);
		spend(rows, more && in->contact_len > 0);
	}
	free(in);
	return a->all && !more;
}

static void drop(struct viz_later *later)
{
	viz_secret_wipe(later, sizeof(struct alike));
	free(later);
}

/* Opens the contact of the entry `lead`, and names it in `a`. */
static int open_entry(struct viz_request *req, struct viz_contact *c, struct alike *a)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	int err = viz_control_inbox_get(req, in);

	if (err == VIZ_OK && !viz_control_claim_opens(req, in))
		err =
		    viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_CLAIMED, "claim the lead first");
	if (err == VIZ_OK && in->contact_len > 0 && !viz_inbox_holding_may_show(req->net, in))
		err = viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_LEASE,
				       "the origin has not confirmed yet that the contact is ours");
	if (err == VIZ_OK && viz_inbox_holding_open_contact(req->net->core, c, in) != VIZ_OK)
		err = viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_NOW,
				       "no contact is held of this lead");
	a->origin = in->origin;
	a->slot = in->slot;
	free(in);
	return err;
}

static int open_lead(struct viz_request *req, struct viz_contact *c, struct alike *a)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	int err = viz_control_lead_request_lead(req, lead);

	if (err == VIZ_OK && viz_lead_personal_open_contact(req->net->core, c, lead) != VIZ_OK)
		err = viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_NOW,
				       "no contact is held of this lead");
	a->origin = req->net->trust->self.author;
	a->slot = lead->slot;
	free(lead);
	return err;
}

static int lead_alike(struct viz_request *req)
{
	struct alike *a = viz_core_alloc(sizeof *a);
	struct viz_contact c;
	int err;

	*a = (struct alike){.later = {.step = step, .drop = drop}};
	err = viz_control_inbox_names(viz_field_text(req->args, "lead")) ? open_entry(req, &c, a)
									 : open_lead(req, &c, a);
	if (err != VIZ_OK) {
		drop(&a->later);
		return err;
	}
	snprintf(a->who, sizeof a->who, "%s", req->who);
	viz_match_phone_fold(a->phone, c.phone);
	viz_match_fold(a->address, c.address);
	viz_secret_wipe(&c, sizeof c);
	json_object_set_new(req->result, "found_leads", json_array());
	json_object_set_new(req->result, "found_entries", json_array());
	viz_walk_init(&a->leads, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	viz_inbox_walk_init(&a->entries, req->net->core, NULL);
	return viz_later_begin(req, &a->later);
}

const struct viz_control_op viz_control_alike_ops[] = {
    {"lead.alike", lead_alike, VIZ_SPACE_NONE, VIZ_PRIVACY_GIVES, VIZ_ROLES_WORK,
     viz_request_lead_only},
    {0},
};
