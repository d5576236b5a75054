#include <jansson.h>

#include "tools/analyze/report.h"
#include "tools/analyze/value.h"

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *by_how(const uint64_t *n)
{
	json_t *o = json_object();

	for (unsigned how = VIZ_HOW_CELL; how >= VIZ_HOW_MUNICIPALITY; how--)
		json_object_set_new(o, viz_coverage_how_name((enum viz_how)how), number(n[how]));
	return o;
}

static json_t *by_reason(const uint32_t *n)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < VIZ_REASONS; i++)
		json_object_set_new(o, viz_reason_name((enum viz_reason)i), number(n[i]));
	return o;
}

static json_t *months(const struct viz_summary *s)
{
	json_t *list = json_array();

	for (int m = s->month_first; m >= 0 && m <= s->month_last; m++) {
		json_t *o = json_object();

		json_object_set_new(o, "month", json_string(viz_number_month_iso(m).s));
		json_object_set_new(o, "total", number(viz_summary_month(s, m)));
		json_object_set_new(o, "by_reason", by_reason(s->t->by_month[m]));
		json_object_set_new(o, "revenue_brl_cents", json_integer(s->t->month_cents[m]));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *columns(const struct viz_file_read *f)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < VIZ_ROLE_NEVER; i++) {
		json_t *c;

		if (f->columns.at[i] == VIZ_COLUMN_NONE)
			continue;
		c = json_object();
		json_object_set_new(c, "number", number(f->columns.at[i] + 1u));
		json_object_set_new(c, "name",
				    f->columns.name[i][0] ? json_string(f->columns.name[i])
							  : json_null());
		json_object_set_new(c, "mapped", json_boolean(f->columns.mapped[i]));
		json_object_set_new(o, viz_columns_role_name((enum viz_role)i), c);
	}
	return o;
}

static json_t *ignored(const struct viz_columns_ignored *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(
		    list, json_pack("{s:I,s:s*,s:b}", "number", (json_int_t)c->column[i].at + 1,
				    "name", c->column[i].name[0] ? c->column[i].name : NULL,
				    "not_read_on_purpose", c->column[i].never));
	return list;
}

static json_t *files(const struct viz_analysis *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->files; i++) {
		const struct viz_file_read *f = &a->file[i];
		char proposal[VIZ_COLUMNS_PROPOSAL_BYTES];
		json_t *o = json_object();

		json_object_set_new(o, "file", json_string(f->name));
		json_object_set_new(o, "encoding", json_string(f->encoding));
		json_object_set_new(o, "sheet", f->sheets ? json_string(f->sheet) : json_null());
		json_object_set_new(o, "sheets", number(f->sheets));
		json_object_set_new(o, "delimiter", json_stringn(&f->delimiter, 1));
		json_object_set_new(o, "header_line", number(f->header_line));
		json_object_set_new(o, "rows", number(f->rows));
		json_object_set_new(o, "rejected", number(f->rejected));
		json_object_set_new(o, "beside", number(f->beside));
		json_object_set_new(
		    o, "dates",
		    json_string(f->dates == VIZ_DATE_MONTH_FIRST ? "month-first" : "day-first"));
		json_object_set_new(o, "dates_open", number(f->dates_open));
		json_object_set_new(o, "bytes", number(f->bytes));
		json_object_set_new(o, "columns", columns(f));
		json_object_set_new(o, "columns_ignored", ignored(&f->ignored));
		json_object_set_new(o, "map_proposal",
				    json_string(viz_columns_ignored_proposal(proposal, &f->ignored,
									     &f->columns, NULL)));
		json_object_set_new(o, "columns_unused", number(f->columns.unknown));
		json_object_set_new(o, "columns_not_read", number(f->columns.never));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *rejects(const struct viz_analysis *a)
{
	json_t *o = json_object();

	for (unsigned k = 0; k < VIZ_REJECT_KINDS; k++)
		if (a->rejects.count[k])
			json_object_set_new(o, viz_rejects_name((enum viz_reject)k),
					    number(a->rejects.count[k]));
	return o;
}

static json_t *movers(const struct viz_totals *t)
{
	json_t *o = json_object();

	json_object_set_new(o, "total", number(t->movers));
	json_object_set_new(o, "with_destination", number(t->located));
	json_object_set_new(o, "destination_not_given", number(t->asked_not));
	json_object_set_new(o, "unresolved", number(t->unresolved));
	json_object_set_new(o, "by_mention", number(t->by_mention));
	json_object_set_new(o, "by_near_state", number(t->by_near_state));
	json_object_set_new(o, "same_municipality", number(t->same_town));
	json_object_set_new(o, "without_house_number", number(t->no_number));
	json_object_set_new(o, "known_by", by_how(t->precision));
	return o;
}

static json_t *town_head(const struct viz_summary *s, uint32_t town)
{
	struct viz_municipality m = viz_gazetteer_get(s->a->gazetteer, town);
	json_t *o = json_object();

	json_object_set_new(o, "ibge", number(m.ibge));
	json_object_set_new(o, "name", json_string(m.name));
	json_object_set_new(o, "uf", json_string(m.uf));
	return o;
}

static json_t *providers(const struct viz_summary *s, uint32_t town)
{
	const struct viz_anatel_entry *top[VIZ_ANATEL_TOP];
	size_t n = viz_anatel_top(top, &s->a->anatel, (uint16_t)town);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:s,s:I}", "name", top[i]->name, "accesses",
						      (json_int_t)top[i]->accesses));
	return list;
}

static json_t *towns(const struct viz_summary *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->towns_n; i++) {
		const struct viz_town_total *t = &s->t->town[s->towns[i].what];
		json_t *o = town_head(s, s->towns[i].what);

		json_object_set_new(o, "movers", number(t->movers));
		json_object_set_new(o, "could_have_kept", number(t->kept));
		json_object_set_new(o, "covered", number(t->covered));
		json_object_set_new(o, "uncovered",
				    number(viz_summary_uncovered(s, s->towns[i].what)));
		json_object_set_new(o, "own_municipality",
				    number(viz_summary_own_town(s, s->towns[i].what)));
		json_object_set_new(o, "revenue_brl_cents", json_integer(t->cents));
		if (s->a->anatel.month)
			json_object_set_new(o, "providers", providers(s, s->towns[i].what));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *areas(const struct viz_summary *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->cep_areas_n; i++) {
		json_t *o = json_object();
		char name[8];

		snprintf(name, sizeof name, "%05u", s->cep_areas[i].what % 100000u);
		json_object_set_new(o, "cep_area", json_string(name));
		json_object_set_new(o, "movers", number(s->cep_areas[i].n));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *partners(const struct viz_summary *s)
{
	json_t *list = json_array();

	for (size_t i = 1; s->a->coverage && i < s->a->coverage->parties; i++) {
		json_t *o = json_object();

		json_object_set_new(o, "name", json_string(s->a->coverage->name[i]));
		json_object_set_new(o, "movers", number(viz_summary_partner(s, i)));
		json_object_set_new(o, "by", by_how(s->t->partner[i]));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *invites(const struct viz_report *r)
{
	const struct viz_summary *s = r->s;
	json_t *list = json_array();

	for (size_t i = 0; i < s->invites_n; i++) {
		json_t *o = town_head(s, s->invites[i].what);
		struct viz_text_filled w;

		json_object_set_new(o, "movers_90_days", number(s->invites[i].n));
		json_object_set_new(o, "text", json_string(viz_report_invite(&w, r, i)));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *revenue(const struct viz_summary *s)
{
	const struct viz_revenue *r = &s->revenue;
	json_t *o = json_object(), *assumptions = json_object();

	json_object_set_new(o, "lost", json_integer(r->lost_cents));
	json_object_set_new(o, "low", json_integer(r->low_cents));
	json_object_set_new(o, "high", json_integer(r->high_cents));
	json_object_set_new(o, "covered_by_partners", json_integer(r->covered_cents));
	json_object_set_new(o, "mean_per_access", json_integer(r->mean_cents));
	json_object_set_new(o, "rows_without_amount", number(r->without));
	json_object_set_new(o, "basis",
			    json_string(s->month_first < 0 ? "undated"
					: r->assumed       ? "assumed"
							   : "file"));
	json_object_set_new(assumptions, "months", number(s->months));
	json_object_set_new(assumptions, "accept_low_percent", number(VIZ_ACCEPT_LOW_PERCENT));
	json_object_set_new(assumptions, "accept_high_percent", number(VIZ_ACCEPT_HIGH_PERCENT));
	json_object_set_new(assumptions, "low_movers", number(r->low_movers));
	json_object_set_new(assumptions, "high_movers", number(r->high_movers));
	json_object_set_new(assumptions, "unknown_destinations", number(r->blind));
	json_object_set_new(assumptions, "no_better_upper_bound", json_boolean(r->no_better_bound));
	json_object_set_new(o, "assumptions", assumptions);
	return o;
}

static json_t *groups(const struct viz_report *r, enum viz_report_by by)
{
	struct viz_report_lines lines;
	json_t *list = json_array();

	viz_report_groups_lines(&lines, r, by);
	for (size_t i = 0; i < lines.n; i++)
		json_array_append_new(list,
				      json_pack("{s:s%,s:I,s:I,s:I}", "name", lines.line[i].name,
						strlen(lines.line[i].name), "cancellations",
						(json_int_t)lines.line[i].cancelled, "movers",
						(json_int_t)lines.line[i].movers, "customers",
						(json_int_t)lines.line[i].whole));
	return list;
}

/* Shares in parts of 100,000 a month. */
static json_t *churn(const struct viz_summary *s)
{
	uint64_t whole = s->base * s->months;

	if (s->base == 0 || s->month_first < 0)
		return json_null();
	return json_pack("{s:I,s:I,s:I}", "customers", (json_int_t)s->base,
			 "cancelled_per_100000_a_month",
			 (json_int_t)(s->t->cancelled * 100000 / whole), "moved_per_100000_a_month",
			 (json_int_t)(s->t->movers * 100000 / whole));
}

static void set_counts(json_t *o, const struct viz_report *r)
{
	const struct viz_summary *s = r->s;
	const struct viz_totals *t = s->t;
	uint32_t reasons[VIZ_REASONS];

	for (unsigned i = 0; i < VIZ_REASONS; i++)
		reasons[i] = (uint32_t)t->by_reason[i];
	json_object_set_new(o, "rows", number(t->rows));
	json_object_set_new(o, "rejected", number(t->rejected));
	json_object_set_new(o, "rejected_values", number(t->defects));
	json_object_set_new(o, "rejected_by", rejects(s->a));
	json_object_set_new(o, "rejects_file",
			    r->rejects_path && !r->rejects_failed ? json_string(r->rejects_path)
								  : json_null());
	json_object_set_new(o, "not_cancelled", number(t->active));
	json_object_set_new(o, "in_force", number(t->in_force));
	json_object_set_new(o, "undone", number(t->undone));
	json_object_set_new(o, "cancellations", number(t->cancelled));
	json_object_set_new(o, "undated", number(t->undated));
	json_object_set_new(o, "by_month", months(s));
	json_object_set_new(o, "by_reason", by_reason(reasons));
	json_object_set_new(o, "churn", churn(s));
	json_object_set_new(o, "by_plan", groups(r, VIZ_REPORT_BY_PLAN));
	json_object_set_new(o, "by_tenure", groups(r, VIZ_REPORT_BY_TENURE));
	json_object_set_new(o, "by_neighbourhood", groups(r, VIZ_REPORT_BY_QUARTER));
	json_object_set_new(o, "reasons_that_say_nothing", number(s->silent));
	json_object_set_new(o, "reasons_only_code", number(t->coded_reasons));
	json_object_set_new(o, "documents",
			    json_pack("{s:I,s:I,s:I}", "cpf", (json_int_t)t->persons, "cnpj",
				      (json_int_t)t->companies, "masked", (json_int_t)t->masked));
}

int viz_report_json(FILE *out, const struct viz_report *r)
{
	const struct viz_summary *s = r->s;
	json_t *o = json_object();
	int err;

	set_counts(o, r);
	json_object_set_new(o, "movers", movers(s->t));
	json_object_set_new(o, "could_have_kept", number(s->kept));
	json_object_set_new(o, "could_have_kept_by", by_how(s->t->kept));
	json_object_set_new(o, "own_coverage_known",
			    json_boolean(s->a->coverage && s->a->coverage->has_self));
	json_object_set_new(o, "to_municipalities_with_customers", number(s->at_home));
	json_object_set_new(o, "covered", number(s->covered));
	json_object_set_new(o, "covered_by", by_how(s->t->covered));
	json_object_set_new(o, "uncovered", number(s->uncovered));
	json_object_set_new(o, "own_municipality", number(s->own_towns));
	json_object_set_new(o, "partners", partners(s));
	json_object_set_new(o, "by_municipality", towns(s));
	json_object_set_new(o, "by_cep_area", areas(s));
	json_object_set_new(o, "invites", invites(r));
	json_object_set_new(o, "revenue_month_brl_cents", revenue(s));
	json_object_set_new(o, "postcode_points",
			    s->a->points ? number(viz_cep_points_count(s->a->points))
					 : json_null());
	json_object_set_new(o, "columns", s->a->files ? columns(&s->a->file[0]) : json_object());
	json_object_set_new(o, "files", files(s->a));
	err = json_dumpf(o, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(o);
	return err || ferror(out) ? VIZ_ERR_INPUT : 0;
}
