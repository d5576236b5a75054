/* `report.month`: what came of the leads of a month, for the manager. Counts alone, nothing of a
 * person; what is counted is what is held, so that it goes back as far as records are kept. */
#include "node/control/later.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/hours.h"
#include "node/inbox/inbox.h"
#include "node/inbox/price.h"
#include "node/lead/lead.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/record.h"
#include "store/store.h"
#include "store/tables.h"

#include <jansson.h>
#include <time.h>

/* What both directions have. */
struct flow {
	unsigned asked, answered, chosen, delivered, contacted, in_time, installed, lost;
	unsigned days, days_known; /* without internet, of those of which it was said */
};

/* What a partner has had of us, and we of it. */
struct dealing {
	struct viz_id id;
	unsigned given, given_installed, received, received_installed;
};

struct report {
	struct viz_later later; /* first */
	struct viz_time from, until;
	struct viz_walk leads, entries;
	bool all; /* the leads are counted */
	struct flow given, received;
	unsigned leads_count, kept, no_neighbour, offered, none_chosen, withdrawn;
	unsigned lost_why[VIZ_LOST_OTHER + 1];
	uint64_t monthly_cents;
	unsigned priced;
	struct dealing *dealing;
	size_t dealing_count, capacity;
};

static struct dealing *dealing_with(struct report *r, const struct viz_id *id)
{
	for (size_t i = 0; i < r->dealing_count; i++)
		if (viz_id_eq(&r->dealing[i].id, id))
			return &r->dealing[i];
	if (r->dealing_count == r->capacity) {
		r->capacity = r->capacity ? r->capacity * 2 : 16;
		r->dealing = viz_core_grow(r->dealing, r->capacity, sizeof *r->dealing);
	}
	r->dealing[r->dealing_count] = (struct dealing){.id = *id};
	return &r->dealing[r->dealing_count++];
}

static bool is_of_month(const struct report *r, uint64_t slot)
{
	struct viz_time day = viz_record_slot_begins(slot);

	return day.ms >= r->from.ms && day.ms < r->until.ms;
}

/* ---- of ours ---- */

/* Whether the partner has called within its promise, by the hours that it publishes. */
static bool called_in_time(struct viz_trust *trust, const struct viz_lead *lead)
{
	const struct viz_member *m = viz_member_find(trust, &lead->award_to);
	struct viz_hours hours;
	json_t *reach;

	viz_hours_default(&hours);
	if (m) {
		reach = json_object();
		viz_control_member_set_reach(reach, trust->core, m);
		viz_hours_parse(&hours, viz_field_text(reach, "hours"));
		json_decref(reach);
	}
	return lead->contacted_at.ms <= viz_hours_promised(&hours, lead->delivered_at).ms;
}

static void count_award(struct report *r, struct viz_trust *trust, const struct viz_lead *lead)
{
	struct dealing *d = dealing_with(r, &lead->award_to);

	r->given.chosen++;
	r->given.delivered += lead->delivered_at.ms != 0;
	if (lead->contacted_at.ms != 0) {
		r->given.contacted++;
		r->given.in_time += called_in_time(trust, lead);
	}
	r->given.installed += lead->state == VIZ_LEAD_INSTALLED;
	r->given.lost += lead->state == VIZ_LEAD_LOST;
	if (lead->has_days) {
		r->given.days += lead->days_offline;
		r->given.days_known++;
	}
	d->given++;
	d->given_installed += lead->state == VIZ_LEAD_INSTALLED;
}

static void count_lead(struct report *r, struct viz_trust *trust, const struct viz_lead *lead)
{
	r->leads_count++;
	r->kept += lead->state == VIZ_LEAD_KEPT;
	r->no_neighbour += lead->state == VIZ_LEAD_NO_NEIGHBOUR;
	r->offered += lead->number != 0;
	r->none_chosen += lead->state == VIZ_LEAD_NONE_CHOSEN;
	r->withdrawn += lead->state == VIZ_LEAD_WITHDRAWN;
	for (size_t i = 0; i < lead->peer_count; i++) {
		r->given.asked++;
		r->given.answered += lead->peer[i].answered;
	}
	if (lead->award_n > 0)
		count_award(r, trust, lead);
}

/* ---- of partners ---- */

static void count_received(struct report *r, struct viz_trust *trust, const struct viz_inbox *in)
{
	struct dealing *d = dealing_with(r, &in->origin);
	uint32_t cents;

	r->received.chosen++;
	r->received.delivered++;
	if (in->contacted_at.ms != 0) {
		r->received.contacted++;
		r->received.in_time += in->contacted_at.ms <=
				       viz_hours_promised(&trust->profile.work, in->awarded_at).ms;
	}
	r->received.installed += in->state == VIZ_INBOX_INSTALLED;
	r->received.lost += in->state == VIZ_INBOX_LOST;
	r->lost_why[in->state == VIZ_INBOX_LOST ? in->lost_why : VIZ_LOST_NOT]++;
	if (in->has_days) {
		r->received.days += in->days_offline;
		r->received.days_known++;
	}
	d->received++;
	if (in->state != VIZ_INBOX_INSTALLED)
		return;
	d->received_installed++;
	if (viz_inbox_price_get(trust->core, &cents, in)) {
		r->monthly_cents += cents;
		r->priced++;
	}
}

static void count_entry(struct report *r, struct viz_trust *trust, const struct viz_inbox *in)
{
	if (in->state == VIZ_INBOX_BYSTANDER || in->state == VIZ_INBOX_UNKNOWN)
		return;
	r->received.asked++;
	r->received.answered += in->answer != 0;
	if (in->award_n > 0)
		count_received(r, trust, in);
}

/* ---- the result ---- */

static json_t *flow_json(const struct flow *f)
{
	json_t *o = json_object();

#define SET(name, value) json_object_set_new(o, name, json_integer(value))
	SET("asked_count", f->asked);
	SET("answered_count", f->answered);
	SET("chosen_count", f->chosen);
	SET("delivered_count", f->delivered);
	SET("contacted_count", f->contacted);
	SET("in_time_count", f->in_time);
	SET("installed_count", f->installed);
	SET("lost_count", f->lost);
	SET("days_offline_total", f->days);
	SET("days_known_count", f->days_known);
	return o;
}

static json_t *dealings_json(const struct report *r, struct viz_trust *trust)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->dealing_count; i++) {
		const struct dealing *d = &r->dealing[i];
		json_t *o = json_object();

		viz_request_set_id(o, "id", &d->id);
		json_object_set_new(o, "name", json_string(viz_control_name(trust, &d->id)));
		SET("given_count", d->given);
		SET("given_installed_count", d->given_installed);
		SET("received_count", d->received);
		SET("received_installed_count", d->received_installed);
		json_array_append_new(list, o);
	}
	return list;
}

static void end(const struct report *r, struct viz_trust *trust)
{
	json_t *o = r->later.result, *lost = json_array();

	SET("lead_count", r->leads_count);
	SET("kept_count", r->kept);
	SET("no_neighbour_count", r->no_neighbour);
	SET("offered_count", r->offered);
	SET("none_chosen_count", r->none_chosen);
	SET("withdrawn_count", r->withdrawn);
	json_object_set_new(o, "as_origin", flow_json(&r->given));
	json_object_set_new(o, "as_partner", flow_json(&r->received));
	for (enum viz_lost why = VIZ_LOST_UNREACHED; why <= VIZ_LOST_OTHER; why++)
		if (r->lost_why[why] > 0)
			json_array_append_new(lost, json_pack("{s:s,s:I}", "reason",
							      viz_inbox_lost_name(why), "count",
							      (json_int_t)r->lost_why[why]));
	json_object_set_new(o, "lost_reasons", lost);
	json_object_set_new(o, "dealings", dealings_json(r, trust));
	SET("monthly_cents", (json_int_t)r->monthly_cents);
	SET("priced_count", r->priced);
#undef SET
}

static bool count_leads(struct report *r, struct viz_trust *trust, size_t *rows)
{
	struct viz_lead *lead = viz_core_alloc(sizeof *lead);
	struct viz_slice key, value;
	bool more = true;

	while (*rows > 0 && more) {
		--*rows;
		more = viz_walk_next(&r->leads, &key, &value);
		if (more && is_of_month(r, viz_be_get_u64(key.p)) &&
		    viz_lead_get(trust->core, lead, viz_be_get_u64(key.p)))
			count_lead(r, trust, lead);
	}
	free(lead);
	return !more;
}

static bool step(struct viz_later *later, struct viz_net *net, size_t *rows)
{
	struct viz_inbox *in = viz_core_alloc(sizeof *in);
	struct report *r = (struct report *)later;
	bool more = true;

	r->all = r->all || count_leads(r, net->trust, rows);
	while (r->all && *rows > 0 && more) {
		--*rows;
		more = viz_inbox_walk_next(&r->entries, in);
		if (more && is_of_month(r, in->slot))
			count_entry(r, net->trust, in);
	}
	free(in);
	if (r->all && !more)
		end(r, net->trust);
	return r->all && !more;
}

static void drop(struct viz_later *later)
{
	free(((struct report *)later)->dealing);
	free(later);
}

/* The first instant of a month in UTC, by which slots have their days. */
static struct viz_time begins(int year, int month)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = 1};

	return (struct viz_time){(int64_t)timegm(&tm) * 1000};
}

static int report_month(struct viz_request *req)
{
	const char *text = viz_field_text(req->args, "month");
	int year, month, n = 0;
	struct report *r;

	if (sscanf(text, "%4d-%2d%n", &year, &month, &n) != 2 || n != 7 || year < 2020 ||
	    month < 1 || month > 12)
		return viz_request_wrong(req, VIZ_CODE_BAD_MONTH, "month",
					 "month must be like 2026-12");
	r = viz_core_alloc(sizeof *r);
	*r = (struct report){.later = {.step = step, .drop = drop},
			     .from = begins(year, month),
			     .until = begins(year, month + 1)};
	viz_walk_init(&r->leads, req->net->core->store, VIZ_TABLE_LEAD, NULL, 0);
	viz_inbox_walk_init(&r->entries, req->net->core, NULL);
	json_object_set_new(req->result, "month", json_string(text));
	return viz_later_begin(req, &r->later);
}

static const struct viz_field month_fields[] = {
    {"month", VIZ_FIELD_TEXT, .needed = true, .min = 7, .max = 7}, {0}};

const struct viz_control_op viz_control_report_ops[] = {
    {"report.month", report_month, VIZ_SPACE_NONE, VIZ_PRIVACY_NONE, VIZ_ROLES_READ, month_fields},
    {0},
};
