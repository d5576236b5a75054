#include "node/control/show.h"

#include "node/audit/facts.h"
#include "node/audit/finding.h"
#include "node/audit/owed.h"
#include "node/audit/protest.h"
#include "node/audit/suspect.h"
#include "node/audit/suspicion.h"
#include "node/audit/verdict.h"
#include "node/control/later.h"
#include "node/control/request.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>

/* Offers by their verdicts, and why some are unchecked. */
struct counts {
	json_int_t offers, standing[VIZ_STANDING_COUNT], reason[VIZ_REASON_COUNT];
};

/* Since when a thing has been missing, and how long a link was up since. */
static void set_owed(json_t *o, struct viz_core *core, const uint8_t *key)
{
	struct viz_owed_what what = {.rule = key[40], .slot = viz_be_get_u64(key + 32)};
	struct viz_owed owed;

	memcpy(what.debtor.b, key, 32);
	memcpy(what.about.b, key + 41, 32);
	if (!viz_owed_get(core, &owed, &what))
		return;
	viz_request_set_time(o, "since", owed.since);
	json_object_set_new(o, "counted_ms", json_integer((json_int_t)owed.counted_ms));
}

/* What a suspicion is about, where it is no record. */
static void set_about(json_t *o, struct viz_trust *trust, unsigned rule, const struct viz_id *about)
{
	const struct viz_member *m = viz_member_find(trust, about);

	if (m)
		viz_control_name_set_node(o, "about", trust, about);
	else
		viz_request_set_hash(o, "about_id", about);
	if (rule == VIZ_SUSPICION_WITHHELD)
		json_object_set_new(o, "log_number", json_integer(viz_be_get_u32(about->b + 8)));
}

/* A row of VIZ_TABLE_FINDING. */
static json_t *finding_json(struct viz_trust *trust, const uint8_t *key,
			    const struct viz_finding *finding)
{
	char id[VIZ_FINDING_ID_MAX];
	enum viz_rule rule = (enum viz_rule)key[40];
	struct viz_id origin, about, offerer;
	json_t *o = json_object();
	uint64_t lead;

	memcpy(origin.b, key, 32);
	memcpy(about.b, key + 41, 32);
	viz_finding_id_text(id, finding);
	json_object_set_new(o, "id", json_string(id));
	viz_control_name_set_node(o, "origin", trust, &origin);
	if (viz_finding_offer(&offerer, &lead, trust, key)) {
		viz_request_set_lead(o, "lead", lead);
		viz_control_name_set_node(o, "lead_origin", trust, &offerer);
	}
	json_object_set_new(o, "rule_number", json_integer(key[40]));
	json_object_set_new(o, "rule", json_string(viz_rules_name(rule)));
	json_object_set_new(o, "verdict", json_string(viz_finding_verdict_name(finding->verdict)));
	set_about(o, trust, key[40], &about);
	viz_request_set_time(o, "found_at", finding->time);
	json_object_set_new(o, "ends", json_boolean(viz_suspicion_ends(key[40])));
	set_owed(o, trust->core, key);
	return o;
}

/* Of a rule so many findings are listed on a page, and in the list of each of several origins. */
#define LISTED     64
#define LISTED_FEW 8

/* And so many times as many offers of an origin, the last ones. */
#define OFFERS_LISTED 8

/* Findings, of each rule `max` at most; and how many there are of each rule. So no number of
 * findings of one rule hides those of another, and the reply has a bound. */
struct findings {
	json_t *list;
	size_t max, of_rule[UINT8_MAX + 1];
};

static void add_finding(struct findings *f, struct viz_trust *trust, const uint8_t *key,
			const struct viz_finding *finding)
{
	size_t n = ++f->of_rule[key[40]];

	if (n <= f->max)
		json_array_append_new(f->list, finding_json(trust, key, finding));
}

/* All findings, or those of one origin, or the one with this id. */
static struct findings list_findings(struct viz_trust *trust, const struct viz_id *origin,
				     const char *id, size_t max)
{
	struct findings f = {.list = json_array(), .max = max};
	uint8_t at[VIZ_FINDING_KEY_LEN];
	struct viz_slice key, value;
	char is[VIZ_FINDING_ID_MAX];
	struct viz_walk walk;

	viz_walk_init(&walk, trust->core->store, VIZ_TABLE_FINDING, origin ? origin->b : NULL,
		      origin ? sizeof origin->b : 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_finding finding;

		VIZ_REQUIRE(VIZ_PARSE(finding, &finding, value.p, value.len) == VIZ_OK);
		memcpy(at, key.p, sizeof at);
		viz_finding_id_text(is, &finding);
		if (!id || strcmp(is, id) == 0)
			add_finding(&f, trust, at, &finding);
	}
	return f;
}

static void set_findings(json_t *o, const struct findings *f)
{
	json_t *list = json_array();

	for (unsigned i = 0; i <= UINT8_MAX; i++)
		if (f->of_rule[i] > f->max)
			json_array_append_new(
			    list, json_pack("{s:s,s:I}", "rule", viz_rules_name((enum viz_rule)i),
					    "count", (json_int_t)(f->of_rule[i] - f->max)));
	json_object_set_new(o, "findings", f->list);
	json_object_set_new(o, "unlisted", list);
}

static json_t *reasons_json(unsigned reasons)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < VIZ_REASON_COUNT; i++)
		if (reasons & 1u << i)
			json_array_append_new(
			    list, json_string(viz_verdict_reason_name((enum viz_reason)i)));
	return list;
}

static json_t *offer_json(const struct viz_inbox *in, const struct viz_offer_verdict *v)
{
	json_t *o = json_object();

	viz_request_set_lead(o, "lead", in->slot);
	viz_request_set_time(o, "offered_at", in->time);
	json_object_set_new(o, "verdict", json_string(viz_verdict_name(v->standing)));
	json_object_set_new(o, "reasons", reasons_json(v->reasons));
	return o;
}

static void set_counts(json_t *o, const struct counts *c)
{
	static const char *const names[VIZ_STANDING_COUNT] = {
	    [VIZ_STANDING_IN_ORDER] = "in_order_count",
	    [VIZ_STANDING_UNCHECKED] = "unchecked_count",
	    [VIZ_STANDING_SUSPICION] = "suspicion_count",
	    [VIZ_STANDING_CONTRADICTION] = "contradiction_count"};
	json_t *reasons = json_array();

	json_object_set_new(o, "offer_count", json_integer(c->offers));
	for (unsigned i = 0; i < VIZ_STANDING_COUNT; i++)
		json_object_set_new(o, names[i], json_integer(c->standing[i]));
	for (unsigned i = 0; i < VIZ_REASON_COUNT; i++)
		if (c->reason[i] > 0)
			json_array_append_new(reasons,
					      json_pack("{s:s,s:I}", "reason",
							viz_verdict_reason_name((enum viz_reason)i),
							"count", c->reason[i]));
	json_object_set_new(o, "unchecked_reasons", reasons);
}

static json_t *times_json(const struct viz_facts_times *t)
{
	return json_pack("{s:I,s:I,s:I,s:I}", "count", (json_int_t)t->count, "least_ms",
			 (json_int_t)t->least, "median_ms", (json_int_t)t->median, "most_ms",
			 (json_int_t)t->most);
}

static json_t *partner_json(struct viz_trust *trust, const struct viz_facts_partner *p)
{
	json_t *o = json_object();

	viz_request_set_id(o, "id", &p->id);
	json_object_set_new(o, "name", json_string(viz_control_name(trust, &p->id)));
	json_object_set_new(o, "struck_share", viz_request_share(p->drawn, p->struck));
	json_object_set_new(o, "struck_beside_share",
			    viz_request_share(p->beside_drawn, p->beside_struck));
	json_object_set_new(o, "nil_answer_share", viz_request_share(p->asked, p->nil_answers));
	json_object_set_new(o, "nil_reveal_share", viz_request_share(p->promised, p->nil_reveals));
	json_object_set_new(o, "first_share", viz_request_share(p->orders, p->first));
	json_object_set_new(o, "first_by_chance", json_real(p->first_by_chance));
	json_object_set_new(o, "burnt_turn_share", viz_request_share(p->new_turns, p->burnt_turns));
	return o;
}

static json_t *facts_json(struct viz_trust *trust, const struct viz_id *origin, struct viz_facts f)
{
	json_t *o = json_object(), *list = json_array();

	json_object_set_new(o, "offer_count", json_integer(f.offers));
	json_object_set_new(o, "cell_share", viz_request_share(f.offers, f.with_cell));
	json_object_set_new(o, "log_count", json_integer(f.logs));
	json_object_set_new(o, "used_bytes",
			    json_integer((json_int_t)viz_account_used(trust->core, origin)));
	json_object_set_new(o, "share_bytes", json_integer((json_int_t)viz_share_bytes(trust)));
	json_object_set_new(o, "burnt_draw_share", viz_request_share(f.draws, f.burnt));
	json_object_set_new(o, "nil_answer_share", viz_request_share(f.asked, f.nil_answers));
	json_object_set_new(o, "nil_reveal_share", viz_request_share(f.promised, f.nil_reveals));
	json_object_set_new(o, "withdrawn_share", viz_request_share(f.offers, f.withdrawn));
	json_object_set_new(o, "again_share", viz_request_share(f.withdrawn, f.again));
	json_object_set_new(o, "window_times", times_json(&f.windows));
	json_object_set_new(o, "location_times", times_json(&f.locations));
	for (size_t i = 0; i < f.partner_count; i++)
		json_array_append_new(list, partner_json(trust, &f.partner[i]));
	json_object_set_new(o, "partners", list);
	return o;
}

/* What counts above the rest: contradiction, suspicion, unchecked, in-order; "none": no offer. */
static const char *overall(const struct counts *c, json_t *findings)
{
	const json_t *f;
	size_t i;

	json_array_foreach(findings, i, f)
	{
		if (strcmp(json_string_value(json_object_get(f, "verdict")), "contradiction") == 0)
			return "contradiction";
	}
	if (json_array_size(findings) > 0)
		return "suspicion";
	if (c->offers == 0)
		return "none";
	return c->standing[VIZ_STANDING_UNCHECKED] > 0 ? "unchecked" : "in-order";
}

struct viz_show {
	struct viz_later later; /* first */
	bool one;               /* the origin that `what` names */
	bool details;
	struct viz_id *origin; /* whom it shows */
	size_t count, i;
	enum { OFFERS, FACTS, PROTESTS } at;
	json_t *origins, *protests;
	struct counts all;
	/* of the origin whose turn it is */
	struct counts counts;
	json_t *shown;  /* NULL: nothing of it is here */
	json_t *offers; /* the last ones; NULL: not begun, or without details */
	struct viz_verdict_seen seen;
	bool begun;
	struct viz_walk rows;
	struct viz_facts_count *facts;
	struct viz_audit_protests *said;
};

static size_t listed(const struct viz_show *s)
{
	return s->one ? LISTED : LISTED_FEW;
}

/* Counts one offer, and lists it among the last ones. */
static void count_offer(struct viz_show *s, struct viz_net *net, const struct viz_inbox *in)
{
	struct counts *c = &s->counts;
	struct viz_offer_verdict v;

	if (in->time.ms == 0) /* a tombstone: its OFFER has not come */
		return;
	viz_verdict_read(net, &v, &s->seen, in);
	c->offers++;
	c->standing[v.standing]++;
	for (unsigned i = 0; v.standing == VIZ_STANDING_UNCHECKED && i < VIZ_REASON_COUNT; i++)
		c->reason[i] += v.reasons >> i & 1;
	if (s->offers && json_array_size(s->offers) == listed(s) * OFFERS_LISTED)
		json_array_remove(s->offers, 0);
	if (s->offers)
		json_array_append_new(s->offers, offer_json(in, &v));
}

static void add_counts(struct counts *all, const struct counts *c)
{
	all->offers += c->offers;
	for (unsigned i = 0; i < VIZ_STANDING_COUNT; i++)
		all->standing[i] += c->standing[i];
	for (unsigned i = 0; i < VIZ_REASON_COUNT; i++)
		all->reason[i] += c->reason[i];
}

/* What all offers of the origin show. */
static void set_origin(struct viz_show *s, struct viz_trust *trust, const struct viz_id *origin)
{
	struct findings f = list_findings(trust, origin, NULL, listed(s));

	add_counts(&s->all, &s->counts);
	if (s->counts.offers == 0 && json_array_size(f.list) == 0 && !s->details) {
		json_decref(f.list);
		return;
	}
	s->shown = json_object();
	viz_request_set_id(s->shown, "id", origin);
	json_object_set_new(s->shown, "name", json_string(viz_control_name(trust, origin)));
	json_object_set_new(s->shown, "verdict", json_string(overall(&s->counts, f.list)));
	set_counts(s->shown, &s->counts);
	set_findings(s->shown, &f);
	if (!s->details)
		return;
	json_object_set_new(s->shown, "partner", json_boolean(viz_live_partner(trust, origin)));
	json_object_set(s->shown, "offers", s->offers);
}

/* Each of these gives whether it is done. */
static bool step_offers(struct viz_show *s, struct viz_net *net, const struct viz_id *origin,
			size_t *rows)
{
	struct viz_inbox *in;
	bool more = true;

	if (!s->begun) {
		viz_inbox_walk_init(&s->rows, net->core, origin);
		s->offers = s->details ? json_array() : NULL;
		s->begun = true;
	}
	in = viz_core_alloc(sizeof *in);
	while (*rows > 0 && more) {
		--*rows;
		more = viz_inbox_walk_next(&s->rows, in);
		if (more)
			count_offer(s, net, in);
	}
	free(in);
	if (!more)
		set_origin(s, net->trust, origin);
	return !more;
}

static bool step_facts(struct viz_show *s, struct viz_trust *trust, const struct viz_id *origin,
		       size_t *rows)
{
	struct viz_facts f;

	if (!s->details)
		return true;
	if (!s->facts)
		s->facts = viz_facts_begin(trust, origin);
	if (!viz_facts_step(s->facts, rows))
		return false;
	viz_facts_end(s->facts, &f);
	s->facts = NULL;
	json_object_set_new(s->shown, "facts", facts_json(trust, origin, f));
	viz_facts_free(&f);
	return true;
}

static bool step_protests(struct viz_show *s, struct viz_trust *trust, const struct viz_id *origin,
			  size_t *rows)
{
	struct viz_audit_protester *by;
	size_t n;

	if (!s->said)
		s->said = viz_audit_protest_begin(trust->core, origin);
	if (!viz_audit_protest_step(s->said, rows))
		return false;
	by = viz_audit_protest_end(s->said, &n);
	s->said = NULL;
	viz_control_protests_add(s->protests, trust, origin, by, n);
	free(by);
	return true;
}

/* Frees what the origin needed whose turn it was. */
static void end_origin(struct viz_show *s)
{
	viz_facts_drop(s->facts);
	viz_audit_protest_drop(s->said);
	json_decref(s->shown);
	json_decref(s->offers);
	s->facts = NULL;
	s->said = NULL;
	s->shown = s->offers = NULL;
	s->counts = (struct counts){0};
	s->seen = (struct viz_verdict_seen){0};
	s->begun = false;
	s->at = OFFERS;
}

/* Goes on with the request. True: it is done. */
static bool step(struct viz_show *s, struct viz_net *net, size_t *rows)
{
	while (s->i<s->count && * rows> 0) {
		const struct viz_id *origin = &s->origin[s->i];

		if (s->at == OFFERS) {
			if (!step_offers(s, net, origin, rows))
				return false;
			s->at = FACTS;
		}
		if (s->at == FACTS) {
			if (!step_facts(s, net->trust, origin, rows))
				return false;
			s->at = PROTESTS;
		}
		if (!step_protests(s, net->trust, origin, rows))
			return false;
		if (s->shown && s->one)
			json_object_set(s->later.result, "origin", s->shown);
		else if (s->shown)
			json_array_append(s->origins, s->shown);
		end_origin(s);
		s->i++;
	}
	return s->i == s->count;
}

/* All origins have been looked at. */
static void finish(struct viz_show *s, struct viz_trust *trust)
{
	struct findings f;

	json_object_set(s->later.result, "protests", s->protests);
	if (s->one)
		return;
	f = list_findings(trust, NULL, NULL, LISTED);
	json_object_set_new(s->later.result, "verdict", json_string(overall(&s->all, f.list)));
	set_counts(s->later.result, &s->all);
	json_object_set(s->later.result, "origins", s->origins);
	set_findings(s->later.result, &f);
}

static void drop(struct viz_later *l)
{
	struct viz_show *s = (struct viz_show *)l;

	end_origin(s);
	json_decref(s->origins);
	json_decref(s->protests);
	free(s->origin);
	free(s);
}

static bool go_on(struct viz_later *l, struct viz_net *net, size_t *rows)
{
	struct viz_show *s = (struct viz_show *)l;

	if (!step(s, net, rows))
		return false;
	finish(s, net->trust);
	return true;
}

/* Shows one origin, or with NULL all, when its turn comes. */
static int begin(struct viz_request *req, const struct viz_id *one, bool details)
{
	const struct viz_directory *d = &req->net->trust->directory;
	struct viz_show *s = viz_core_alloc(sizeof *s);

	*s = (struct viz_show){.later = {.step = go_on, .drop = drop},
			       .one = one != NULL,
			       .details = details,
			       .count = one ? 1 : d->count,
			       .origins = json_array(),
			       .protests = json_array()};
	s->origin = viz_core_alloc((s->count + 1) * sizeof *s->origin);
	for (size_t i = 0; i < s->count; i++)
		s->origin[i] = one ? *one : d->list[i]->id;
	json_object_set_new(req->result, "probing", viz_control_probing_json(req, one));
	return viz_later_begin(req, &s->later);
}

/* "F03c1a9e2", as viz_finding_id_text() writes it. */
static bool is_finding_id(const char *text)
{
	return text[0] == 'F' && strspn(text + 1, "0123456789abcdef") == VIZ_FINDING_ID_MAX - 2 &&
	       text[VIZ_FINDING_ID_MAX - 1] == '\0';
}

/* All partners; or `what`: one finding, or one partner with all details. */
int viz_show_audit(struct viz_request *req)
{
	const char *what = viz_field_text(req->args, "what");
	const struct viz_member *m;
	struct findings found;

	if (what[0] == '\0')
		return begin(req, NULL, viz_field_flag(req->args, "details", false));
	found = list_findings(req->net->trust, NULL, what, 1);
	if (json_array_size(found.list) > 0)
		json_object_set(req->result, "finding", json_array_get(found.list, 0));
	json_decref(found.list);
	if (json_object_get(req->result, "finding"))
		return VIZ_OK;
	m = viz_control_name_peer(req, "what");
	if (!m && req->code == VIZ_CODE_NO_SUCH_PEER && is_finding_id(what))
		return viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_FINDING,
					"no finding \"%s\"", what);
	return m ? begin(req, &m->id, true) : VIZ_ERR_ABSENT;
}
