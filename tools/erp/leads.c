/* Out: leads whose contact we hold are written into the ERP, read back, and withdrawn when we hold
 * it no more. */
#include "node/host/log.h"
#include "tools/erp/round.h"
#include "tools/geo/gazetteer.h"
#include "tools/vizinho/reply.h"

#define TRIES_MAX   3   /* then a person is needed */
#define RETRY_S     300 /* after the first try, doubled each time */
#define RETRY_MAX_S 86400
#define KEEP_S      (365 * 24 * 3600) /* what is over is remembered */

static bool is(const json_t *lead, const char *state)
{
	return strcmp(viz_reply_text(lead, "state"), state) == 0;
}

static void set_state(struct viz_erp_round *r, json_t *lead, const char *state)
{
	if (!is(lead, state))
		viz_erp_state_set_number(lead, "since_s", r->e->now_s);
	viz_erp_state_set_text(lead, "state", state);
	viz_erp_state_set_number(lead, "tries", 0);
	viz_erp_state_set_number(lead, "next_s", 0);
	json_object_del(lead, "why");
}

/* The next try comes later each time. How often it was tried. */
static int64_t postpone(struct viz_erp_round *r, json_t *lead, const char *why)
{
	int64_t tries = viz_reply_number(lead, "tries") + 1, wait = RETRY_S;

	for (int64_t i = 1; i < tries && wait < RETRY_MAX_S; i++)
		wait *= 2;
	wait = (wait < RETRY_MAX_S ? wait : RETRY_MAX_S) / r->e->hurry;
	if (r->e->later_s > wait)
		wait = r->e->later_s;
	viz_erp_state_set_number(lead, "tries", tries);
	viz_erp_state_set_number(lead, "next_s", r->e->now_s + wait);
	viz_erp_state_set_text(lead, "why", why);
	r->failed++;
	return tries;
}

static bool is_due(const struct viz_erp_round *r, const json_t *lead)
{
	return viz_reply_number(lead, "next_s") <= r->e->now_s && r->e->hold_s <= r->e->now_s;
}

/* --- Writing --- */

static void name_place(struct viz_erp_person *p, struct viz_gazetteer *g,
		       struct viz_municipality *m)
{
	p->municipality = p->state = "";
	if (g == NULL || p->municipality_code == 0 ||
	    viz_gazetteer_by_code(g, m, p->municipality_code) != VIZ_OK)
		return;
	p->municipality = m->name;
	p->state = m->uf;
}

/* All is borrowed from the reply. */
static void read_person(struct viz_erp_person *p, const json_t *shown)
{
	const json_t *contact = json_object_get(shown, "contact"),
		     *location = json_object_get(shown, "location"),
		     *entry = json_object_get(shown, "entry"),
		     *wish = json_object_get(shown, "wish");
	int64_t code = viz_reply_code(location, "municipality");

	if (code == 0)
		code = viz_reply_code(entry, "municipality");
	*p = (struct viz_erp_person){
	    .reference = viz_reply_text(entry, "id"),
	    .origin = viz_reply_name(entry, "origin"),
	    .name = viz_reply_text(contact, "name"),
	    .phone = viz_reply_text(contact, "phone"),
	    .address = viz_reply_text(contact, "address"),
	    .plan = viz_reply_text(contact, "plan"),
	    .date = viz_reply_text(contact, "date"),
	    .municipality_code = (uint32_t)code,
	    .cep = (uint32_t)viz_reply_number(location, "cep"),
	    .business = strcmp(viz_reply_text(location != NULL ? location : wish, "service"),
			       "business") == 0,
	};
}

/* What is there now must be what was sent. */
static void read_back(struct viz_erp_round *r, json_t *lead, const struct viz_erp_person *person)
{
	const struct viz_erp_connector *c = r->e->config->connector;
	struct viz_erp_copy copy = {0};
	enum viz_erp_result result = VIZ_ERP_ABSENT;

	viz_erp_session_tick(r->e);
	if (c->read != NULL)
		result = c->read(r->e, &copy, viz_reply_text(lead, "id"), person);
	if (result == VIZ_ERP_OK && copy.there && copy.same)
		return;
	if (c->read == NULL) {
		viz_erp_state_set_text(lead, "differs", "?");
		return;
	}
	viz_erp_state_set_text(lead, "differs",
			       result != VIZ_ERP_OK ? "?"
			       : !copy.there        ? "-"
						    : copy.differs);
	viz_host_log(VIZ_LOG_WARNING,
		     "erp: lead %s: what was written is not what is read back (%s%s)",
		     person->reference,
		     result != VIZ_ERP_OK ? viz_erp_result_name(result)
		     : !copy.there        ? "it is not there"
					  : "another ",
		     result == VIZ_ERP_OK && copy.there ? copy.differs : "");
}

static void note_written(struct viz_erp_round *r, json_t *lead, const char *id,
			 const struct viz_erp_person *person)
{
	viz_erp_state_set_text(lead, "id", id);
	set_state(r, lead, VIZ_ERP_LEAD_WRITTEN);
	r->written++;
	if (!viz_erp_round_save(r))
		return;
	read_back(r, lead, person);
	viz_erp_round_save(r);
}

/* A `put` of which nobody knows the end: whether the ERP has it. True: it has not, and it may be
 * put again. */
static bool look_for(struct viz_erp_round *r, json_t *lead, const struct viz_erp_person *person,
		     const char *reference)
{
	const struct viz_erp_connector *c = r->e->config->connector;
	enum viz_erp_result result = VIZ_ERP_ABSENT;
	char id[VIZ_ERP_ID_MAX] = "";

	viz_erp_session_tick(r->e);
	viz_erp_say(r->e, result, "this ERP cannot be asked whether it has it");
	if (c->find != NULL)
		result = c->find(r->e, id, reference);
	if (result != VIZ_ERP_OK) {
		postpone(r, lead, r->e->why);
		viz_erp_round_save(r);
		return false;
	}
	if (id[0] == '\0')
		return true;
	if (person != NULL) {
		note_written(r, lead, id, person);
	} else {
		viz_erp_state_set_text(lead, "id", id);
		viz_erp_round_save(r);
	}
	return false;
}

/* Whether the last `put` may have come through all the same. */
static bool is_unknown(const struct viz_erp *e, enum viz_erp_result result)
{
	return e->maybe_done &&
	       (result == VIZ_ERP_OK || result == VIZ_ERP_UNSURE || result == VIZ_ERP_LATER);
}

static void put(struct viz_erp_round *r, json_t *lead, const struct viz_erp_person *person)
{
	int64_t tries = viz_reply_number(lead, "tries");
	enum viz_erp_result result;
	char id[VIZ_ERP_ID_MAX] = "";

	/* on disk first: after a crash nobody would know that it may be there */
	set_state(r, lead, VIZ_ERP_LEAD_WRITING);
	viz_erp_state_set_number(lead, "tries", tries);
	if (!viz_erp_round_save(r))
		return;
	viz_erp_session_tick(r->e);
	r->e->maybe_done = false;
	result = r->e->config->connector->put(r->e, id, person);
	if (result == VIZ_ERP_OK && id[0] != '\0') {
		note_written(r, lead, id, person);
		return;
	}
	if (!is_unknown(r->e, result))
		viz_erp_state_set_text(lead, "state", VIZ_ERP_LEAD_UNWRITTEN);
	if (postpone(r, lead, r->e->why) == 1 && !r->e->dry)
		viz_host_log(VIZ_LOG_WARNING, "erp: lead %s is not written (%s): %s",
			     person->reference, viz_erp_result_name(result), r->e->why);
	viz_erp_round_save(r);
}

static json_t *new_lead(struct viz_erp_round *r, const char *reference)
{
	json_t *lead = json_object();

	viz_erp_state_set_text(lead, "kind", r->e->config->connector->name);
	json_object_set_new(viz_erp_state_leads(r->state), reference, lead);
	return lead;
}

/* The node shows the contact while a lease runs; else it asks for one, and we ask again. */
static bool write_lead(struct viz_erp_round *r, const char *reference, json_t *lead)
{
	struct viz_gazetteer *g = NULL;
	struct viz_erp_person person;
	struct viz_municipality m;
	enum viz_erp_told told;
	json_t *shown = NULL;

	told =
	    viz_erp_node_ask(r->node, &shown, "inbox.show", json_pack("{s:s}", "lead", reference));
	if (told == VIZ_ERP_TOLD_OK && json_is_object(json_object_get(shown, "contact"))) {
		read_person(&person, shown);
		if (viz_gazetteer_open(&g, NULL) != VIZ_OK)
			g = NULL;
		name_place(&person, g, &m);
		if (lead == NULL)
			lead = new_lead(r, reference);
		if (!is(lead, VIZ_ERP_LEAD_WRITING) || look_for(r, lead, &person, reference))
			put(r, lead, &person);
		if (g != NULL)
			viz_gazetteer_close(g);
	}
	json_decref(shown);
	return told == VIZ_ERP_TOLD_OK;
}

/* --- Withdrawing --- */

/* A person must do it; we go on trying, once a day. */
static void give_up(struct viz_erp_round *r, const char *reference, json_t *lead)
{
	if (is(lead, VIZ_ERP_LEAD_COULD_NOT))
		return;
	viz_erp_state_set_text(lead, "state", VIZ_ERP_LEAD_COULD_NOT);
	viz_erp_state_set_number(lead, "since_s", r->e->now_s);
	viz_host_log(VIZ_LOG_ERROR,
		     "erp: lead %s must go from the ERP (id %s), and could not be withdrawn: %s. "
		     "Delete it there, then: vizinho-erp done %s",
		     reference, viz_reply_text(lead, "id"), viz_reply_text(lead, "why"), reference);
}

/* Whether the ERP has nothing personal of it any more. Only that is a proof. */
static bool is_gone(struct viz_erp_round *r, const char *id)
{
	const struct viz_erp_connector *c = r->e->config->connector;
	struct viz_erp_copy copy = {0};
	char why[VIZ_ERP_WHY_MAX];

	snprintf(why, sizeof why, "%s", r->e->why);
	viz_erp_session_tick(r->e);
	if (c->read == NULL) {
		viz_erp_say(r->e, VIZ_ERP_ABSENT, "this ERP cannot be asked whether it has it");
		return false;
	}
	if (c->read(r->e, &copy, id, NULL) != VIZ_ERP_OK)
		return false;
	if (!copy.there || copy.blank)
		return true;
	viz_erp_say(r->e, VIZ_ERP_REFUSED, "%s", why[0] != '\0' ? why : "it is there yet");
	return false;
}

static void withdraw(struct viz_erp_round *r, const char *reference, json_t *lead)
{
	const struct viz_erp_connector *c = r->e->config->connector;
	enum viz_erp_result result = VIZ_ERP_ABSENT;
	const char *id = viz_reply_text(lead, "id");

	if (!is(lead, VIZ_ERP_LEAD_ASKED) && !is(lead, VIZ_ERP_LEAD_COULD_NOT)) {
		set_state(r, lead, VIZ_ERP_LEAD_ASKED);
		if (!viz_erp_round_save(r))
			return;
	}
	viz_erp_session_tick(r->e);
	viz_erp_say(r->e, result, "this ERP has no request for it");
	if (strcmp(viz_reply_text(lead, "kind"), c->name) != 0)
		viz_erp_say(r->e, result, "it was written into another ERP");
	else if (c->withdraw != NULL)
		result = c->withdraw(r->e, id);
	if (result != VIZ_ERP_ABSENT && result != VIZ_ERP_LATER && result != VIZ_ERP_DENIED &&
	    is_gone(r, id)) {
		set_state(r, lead, VIZ_ERP_LEAD_WITHDRAWN);
		json_object_del(lead, "differs");
		r->withdrawn++;
	} else if (postpone(r, lead, r->e->why) >= TRIES_MAX || result == VIZ_ERP_ABSENT) {
		give_up(r, reference, lead);
	}
	viz_erp_round_save(r);
}

/* We hold the contact no more, so the ERP may not have it either. */
static void let_go(struct viz_erp_round *r, const char *reference, json_t *lead)
{
	if (is(lead, VIZ_ERP_LEAD_UNWRITTEN)) {
		json_object_del(viz_erp_state_leads(r->state), reference);
		return;
	}
	if (is(lead, VIZ_ERP_LEAD_WITHDRAWN) || is(lead, VIZ_ERP_LEAD_KEPT) || !is_due(r, lead))
		return;
	if (viz_reply_text(lead, "id")[0] == '\0') {
		if (look_for(r, lead, NULL, reference)) {
			set_state(r, lead, VIZ_ERP_LEAD_WITHDRAWN);
			viz_erp_round_save(r);
		} else if (viz_reply_number(lead, "tries") >= TRIES_MAX) {
			give_up(r, reference, lead);
			viz_erp_round_save(r);
		}
		if (viz_reply_text(lead, "id")[0] == '\0')
			return;
	}
	withdraw(r, reference, lead);
}

/* --- All leads --- */

static bool is_claimed(const json_t *entry)
{
	return json_object_get(entry, "claimed_by") != NULL ||
	       strcmp(viz_reply_text(entry, "state"), "contacted") == 0;
}

/* Ours to call now, by what the node says. */
static bool is_ours(const json_t *entry)
{
	const char *state = viz_reply_text(entry, "state");

	return viz_reply_true(entry, "holds_contact") &&
	       (strcmp(state, "awarded") == 0 || strcmp(state, "contacted") == 0);
}

/* Not there yet, and it may be written. */
static bool is_to_write(const struct viz_erp_round *r, const json_t *entry, const json_t *lead)
{
	const struct viz_erp_config *c = r->e->config;

	if (c->connector->put == NULL || r->e->hold_s > r->e->now_s ||
	    c->write == VIZ_ERP_WRITE_NEVER ||
	    (c->write == VIZ_ERP_WRITE_CLAIMED && !is_claimed(entry)))
		return false;
	if (lead == NULL)
		return json_object_size(viz_erp_state_leads(r->state)) < VIZ_ERP_LEADS_MAX;
	return is(lead, VIZ_ERP_LEAD_WITHDRAWN) ||
	       ((is(lead, VIZ_ERP_LEAD_WRITING) || is(lead, VIZ_ERP_LEAD_UNWRITTEN)) &&
		is_due(r, lead));
}

static bool must_go(const json_t *lead)
{
	return is(lead, VIZ_ERP_LEAD_ASKED) || is(lead, VIZ_ERP_LEAD_COULD_NOT);
}

static bool do_entry(struct viz_erp_round *r, const json_t *entry)
{
	const char *reference = viz_reply_text(entry, "id");
	json_t *lead = json_object_get(viz_erp_state_leads(r->state), reference);

	if (is_ours(entry) && lead != NULL && must_go(lead)) {
		/* given back, and awarded to us again: the old copy goes first */
		let_go(r, reference, lead);
		return true;
	}
	if (is_ours(entry))
		return !is_to_write(r, entry, lead) || write_lead(r, reference, lead);
	if (lead == NULL)
		return true;
	if (strcmp(viz_reply_text(entry, "state"), "installed") == 0 &&
	    is(lead, VIZ_ERP_LEAD_WRITTEN)) {
		set_state(r, lead, VIZ_ERP_LEAD_KEPT);
		viz_erp_round_save(r);
	} else {
		let_go(r, reference, lead);
	}
	return true;
}

static bool is_over(const json_t *lead)
{
	return is(lead, VIZ_ERP_LEAD_WITHDRAWN) || is(lead, VIZ_ERP_LEAD_KEPT);
}

/* Leads that the inbox has no more: the node has erased them. */
static void do_absent(struct viz_erp_round *r, const json_t *entries)
{
	json_t *leads = viz_erp_state_leads(r->state), *lead, *there = json_object(), *entry;
	const char *reference;
	void *next;
	size_t i;

	json_array_foreach(entries, i, entry)
	    json_object_set_new(there, viz_reply_text(entry, "id"), json_true());
	json_object_foreach_safe(leads, next, reference, lead)
	{
		bool known = json_object_get(there, reference) != NULL;

		if (is_over(lead) && !known &&
		    r->e->now_s - viz_reply_number(lead, "since_s") > KEEP_S)
			json_object_del(leads, reference);
		else if (!known && !r->broken)
			let_go(r, reference, lead);
	}
	json_decref(there);
}

bool viz_erp_round_leads(struct viz_erp_round *r)
{
	json_t *result = NULL, *entries, *entry;
	unsigned failed = r->failed;
	bool good = true;
	size_t i;

	viz_erp_session_tick(r->e);
	if (r->e->config->write == VIZ_ERP_WRITE_NEVER &&
	    json_object_size(viz_erp_state_leads(r->state)) == 0)
		return true;
	if (viz_erp_node_ask(r->node, &result, "inbox.list", json_pack("{s:b}", "all", 1)) !=
	    VIZ_ERP_TOLD_OK)
		return false;
	entries = json_object_get(result, "entries");
	if (json_is_array(entries)) {
		json_array_foreach(entries, i, entry) good =
		    (r->broken || do_entry(r, entry)) && good;
		do_absent(r, entries);
	}
	json_decref(result);
	return good && !r->broken && r->failed == failed;
}
