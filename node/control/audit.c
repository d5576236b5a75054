/* `audit.show`: what the records of partners show. `audit.export`: evidence of findings, for
 * outsiders. */
#include "node/audit/export.h"
#include "node/audit/facts.h"
#include "node/audit/finding.h"
#include "node/audit/owed.h"
#include "node/audit/suspicion.h"
#include "node/audit/verdict.h"
#include "node/control/request.h"
#include "node/core/account.h"
#include "node/core/core.h"
#include "node/inbox/inbox.h"
#include "node/link/net.h"
#include "node/offer/proof.h"
#include "node/trust/live.h"
#include "node/trust/member.h"
#include "node/trust/share.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/federation.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/writer.h"
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

/* Counts the offers of one origin; `list` (may be NULL) gets the last `max`. */
static void count_offers(struct viz_net *net, struct counts *c, const struct viz_id *origin,
			 json_t *list, size_t max)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct viz_verdict_seen seen = {0};
	struct viz_offer_verdict v;
	struct viz_walk walk;

	viz_inbox_walk_init(&walk, net->core, origin);
	while (viz_inbox_walk_next(&walk, in)) {
		if (in->time.ms == 0) /* a tombstone: its OFFER has not come */
			continue;
		viz_verdict_read(net, &v, &seen, in);
		c->offers++;
		c->standing[v.standing]++;
		for (unsigned i = 0; v.standing == VIZ_STANDING_UNCHECKED && i < VIZ_REASON_COUNT;
		     i++)
			c->reason[i] += v.reasons >> i & 1;
		if (list && json_array_size(list) == max)
			json_array_remove(list, 0);
		if (list)
			json_array_append_new(list, offer_json(in, &v));
	}
	free(in);
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

static json_t *facts_json(struct viz_trust *trust, const struct viz_id *origin)
{
	json_t *o = json_object(), *list = json_array();
	struct viz_facts f;

	viz_facts_count(trust, &f, origin);
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
	viz_facts_free(&f);
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

/* One origin. NULL: nothing of it is here. `details`: with its facts and its last offers. `listed`:
 * findings of a rule. */
static json_t *origin_json(struct viz_net *net, struct counts *all, const struct viz_id *origin,
			   bool details, size_t listed)
{
	json_t *offers = details ? json_array() : NULL, *o;
	struct findings f;
	struct counts c = {0};

	count_offers(net, &c, origin, offers, listed * OFFERS_LISTED);
	f = list_findings(net->trust, origin, NULL, listed);
	all->offers += c.offers;
	for (unsigned i = 0; i < VIZ_STANDING_COUNT; i++)
		all->standing[i] += c.standing[i];
	for (unsigned i = 0; i < VIZ_REASON_COUNT; i++)
		all->reason[i] += c.reason[i];
	if (c.offers == 0 && json_array_size(f.list) == 0 && !details) {
		json_decref(f.list);
		return NULL;
	}
	o = json_object();
	viz_request_set_id(o, "id", origin);
	json_object_set_new(o, "name", json_string(viz_control_name(net->trust, origin)));
	json_object_set_new(o, "verdict", json_string(overall(&c, f.list)));
	set_counts(o, &c);
	set_findings(o, &f);
	if (details) {
		json_object_set_new(o, "partner",
				    json_boolean(viz_live_partner(net->trust, origin)));
		json_object_set_new(o, "facts", facts_json(net->trust, origin));
		json_object_set_new(o, "offers", offers);
	}
	return o;
}

static void show_all(struct viz_request *req, bool details)
{
	const struct viz_directory *d = &req->net->trust->directory;
	json_t *origins = json_array();
	struct counts all = {0};
	struct findings f;

	for (size_t i = 0; i < d->count; i++) {
		json_t *o = origin_json(req->net, &all, &d->list[i]->id, details, LISTED_FEW);

		if (o)
			json_array_append_new(origins, o);
	}
	f = list_findings(req->net->trust, NULL, NULL, LISTED);
	json_object_set_new(req->result, "verdict", json_string(overall(&all, f.list)));
	set_counts(req->result, &all);
	json_object_set_new(req->result, "origins", origins);
	set_findings(req->result, &f);
	json_object_set_new(req->result, "protests",
			    viz_control_protests_json(req->net->trust, NULL));
	json_object_set_new(req->result, "probing", viz_control_probing_json(req, NULL));
}

/* "F03c1a9e2", as viz_finding_id_text() writes it. */
static bool is_finding_id(const char *text)
{
	return text[0] == 'F' && strspn(text + 1, "0123456789abcdef") == VIZ_FINDING_ID_MAX - 2 &&
	       text[VIZ_FINDING_ID_MAX - 1] == '\0';
}

/* All partners; or `what`: one finding, or one partner with all details. */
static int audit_show(struct viz_request *req)
{
	const char *what = viz_field_text(req->args, "what");
	struct counts counts = {0};
	const struct viz_member *m;
	struct findings found;

	if (what[0] == '\0') {
		show_all(req, viz_field_flag(req->args, "details", false));
		return VIZ_OK;
	}
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
	if (!m)
		return VIZ_ERR_ABSENT;
	json_object_set_new(req->result, "origin",
			    origin_json(req->net, &counts, &m->id, true, LISTED));
	json_object_set_new(req->result, "protests",
			    viz_control_protests_json(req->net->trust, &m->id));
	json_object_set_new(req->result, "probing", viz_control_probing_json(req, &m->id));
	return VIZ_OK;
}

static json_t *hex(const uint8_t *bytes, size_t len)
{
	char *text = viz_core_alloc(2 * len + 1);
	json_t *value;

	viz_hex(text, bytes, len);
	value = json_string(text);
	free(text);
	return value;
}

/* Finds the finding with this id. False: there is none. */
static bool find(struct viz_core *core, struct viz_export *x, struct viz_finding *f,
		 const char *text)
{
	struct viz_slice key, value;
	struct viz_walk walk;

	viz_walk_init(&walk, core->store, VIZ_TABLE_FINDING, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		char id[VIZ_FINDING_ID_MAX];

		VIZ_REQUIRE(VIZ_PARSE(finding, f, value.p, value.len) == VIZ_OK);
		viz_finding_id_text(id, f);
		if (strcmp(id, text) != 0)
			continue;
		memcpy(x->accused.b, key.p, sizeof x->accused);
		x->slot = viz_be_get_u64(key.p + 32);
		x->rule = (enum viz_rule)key.p[40];
		memcpy(x->about.b, key.p + 41, sizeof x->about);
		return true;
	}
	return false;
}

static json_t *authors_json(const struct viz_export *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->author_count; i++) {
		uint8_t b[80];

		memcpy(b, x->birth[i].first_key.b, 32);
		memcpy(b + 32, x->birth[i].next_hash.b, 32);
		memcpy(b + 64, x->birth[i].nonce, 16);
		json_array_append_new(list, hex(b, sizeof b));
	}
	return list;
}

static json_t *heads_json(const struct viz_export *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->head_count; i++) {
		uint8_t b[8 + 8 + 8 + 32];

		viz_be_put_u64(b, x->head[i].seq);
		viz_be_put_u64(b + 8, x->head[i].head.log);
		viz_be_put_u64(b + 16, x->head[i].head.number);
		memcpy(b + 24, x->head[i].head.value.b, 32);
		json_array_append_new(list, hex(b, sizeof b));
	}
	return list;
}

static json_t *records_json(const struct viz_record *rec, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, hex(rec[i].bytes - 64, rec[i].len + 64));
	return list;
}

static json_t *stubs_json(const struct viz_export *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->next.stub_count; i++) {
		const struct viz_stub *stub = &x->next.stub[i];
		uint8_t b[8 + 8 + 8 + 32];

		viz_be_put_u64(b, stub->offer);
		viz_be_put_u64(b + 8, stub->type);
		viz_be_put_u64(b + 16, stub->slot);
		memcpy(b + 24, stub->id.b, 32);
		json_array_append_new(list, hex(b, sizeof b));
	}
	return list;
}

static void set_view(json_t *result, struct viz_trust *trust, const struct viz_export *x)
{
	uint8_t bytes[16 + VIZ_VIEW_ITEMS_MAX * 64];
	struct viz_writer w;
	size_t len;

	json_object_set_new(result, "view", hex(x->view->b, x->view_count * sizeof *x->view));
	if (x->view_count == 0)
		return;
	viz_writer_init(&w, bytes, sizeof bytes);
	viz_view_items_write(&w, &x->items.list);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_control_name_set_node(result, "items_author", trust, &x->items.author);
	json_object_set_new(result, "items", hex(bytes, len));
}

static void set_result(json_t *result, struct viz_trust *trust, const struct viz_export *x)
{
	uint8_t bytes[512];
	struct viz_writer w;
	size_t len;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_federation_write(&w, &trust->core->federation);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	json_object_set_new(result, "federation", hex(bytes, len));
	json_object_set_new(result, "rule_number", json_integer(x->rule));
	viz_control_name_set_node(result, "accused", trust, &x->accused);
	json_object_set_new(result, "about_id", hex(x->about.b, 32));
	if (x->has_offer)
		viz_request_set_hash(result, "offer_id", &x->offer);
	json_object_set_new(result, "records", records_json(x->record, x->record_count));
	json_object_set_new(result, "reply_records", records_json(x->reply, x->reply_count));
	json_object_set_new(result, "authors", authors_json(x));
	json_object_set_new(result, "heads", heads_json(x));
	json_object_set_new(result, "stubs", stubs_json(x));
	set_view(result, trust, x);
}

/* The customer's proof, when the request brings it: it must be the one that the finding is about.
 */
static int read_proof(struct viz_request *req, struct viz_export *x, struct viz_offer_proof *p)
{
	const char *line = viz_field_text(req->args, "proof");

	if (line[0] == '\0')
		return VIZ_OK;
	if (viz_offer_proof_read(p, line) != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_BAD_PROOF,
					"this is not a whole proof, or it was changed");
	if (!viz_id_eq(&p->id, &x->about))
		return viz_request_fail(req, VIZ_ERR_INPUT, VIZ_CODE_OTHER_PROOF,
					"the finding is not about this proof");
	x->proof = &p->rec;
	return VIZ_OK;
}

static int collect(struct viz_request *req, struct viz_export *x, struct viz_offer_proof *p)
{
	int err = read_proof(req, x, p);

	if (err != VIZ_OK)
		return err;
	err = viz_export_collect(req->net->trust, x);
	if (err == VIZ_ERR_INPUT)
		return viz_request_fail(req, err, VIZ_CODE_PROOF_NEEDED,
					"the customer's proof belongs to the evidence, and the "
					"customer alone adds it");
	if (err != VIZ_OK)
		return viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_NOT_HELD,
					"the records that prove it are not all held");
	set_result(req->result, req->net->trust, x);
	return VIZ_OK;
}

/* All that proves a finding. No personal data is in any of it. */
static int audit_export(struct viz_request *req)
{
	struct viz_export *x = viz_core_alloc(sizeof *x);
	struct viz_offer_proof *p = viz_core_alloc(sizeof *p);
	struct viz_finding f;
	int err;

	memset(x, 0, sizeof *x);
	if (!find(req->net->core, x, &f, viz_field_text(req->args, "finding")))
		err = viz_request_fail(req, VIZ_ERR_ABSENT, VIZ_CODE_NO_SUCH_FINDING,
				       "no finding has this name");
	else if (f.verdict != VIZ_VERDICT_CONTRADICTION)
		err = viz_request_fail(req, VIZ_ERR_STATE, VIZ_CODE_SUSPICION_ONLY,
				       "a suspicion cannot be proved: something did not come, and "
				       "nobody signed that");
	else
		err = collect(req, x, p);
	free(x->next.stub);
	free(p);
	free(x);
	return err;
}

static const struct viz_field show_fields[] = {
    {"what", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_NAME_MAX},
    {"details", .kind = VIZ_FIELD_FLAG},
    {0},
};

static const struct viz_field export_fields[] = {
    {"finding", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_FINDING_ID_MAX - 1},
    {"proof", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_PROOF_LINE_MAX},
    {0},
};

const struct viz_control_op viz_control_audit_ops[] = {
    {"audit.show", audit_show, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, show_fields},
    {"audit.export", audit_export, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, export_fields},
    {0},
};
