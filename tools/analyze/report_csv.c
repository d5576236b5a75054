#include <inttypes.h>

#include "tools/analyze/report.h"

/* table;key;detail;count;cents. The tables follow each other; `cents` is filled only for money. */
static void row(FILE *out, const char *table, const char *key, const char *detail, uint64_t n)
{
	fprintf(out, "%s;%s;%s;%" PRIu64 ";\n", table, key, detail, n);
}

static void money(FILE *out, const char *key, int64_t cents)
{
	fprintf(out, "revenue_month;%s;;;%" PRId64 "\n", key, cents);
}

static void put_months(FILE *out, const struct viz_summary *s)
{
	for (int m = s->month_first; m >= 0 && m <= s->month_last; m++) {
		struct viz_number name = viz_number_month_iso(m);

		for (unsigned i = 0; i < VIZ_REASONS; i++)
			row(out, "by_month", name.s, viz_reason_name((enum viz_reason)i),
			    s->t->by_month[m][i]);
		fprintf(out, "revenue_by_month;%s;;;%" PRId64 "\n", name.s, s->t->month_cents[m]);
	}
}

static void put_towns(FILE *out, const struct viz_summary *s)
{
	for (size_t i = 0; i < s->towns_n; i++) {
		const struct viz_town_total *t = &s->t->town[s->towns[i].what];
		struct viz_municipality m = viz_gazetteer_get(s->a->gazetteer, s->towns[i].what);
		char key[16], name[VIZ_TOWN_TEXT];

		snprintf(key, sizeof key, "%u", m.ibge);
		viz_summary_town(s, name, s->towns[i].what);
		fprintf(out, "municipality_movers;%s;%s;%u;%" PRId64 "\n", key, name, t->movers,
			t->cents);
		row(out, "municipality_could_have_kept", key, name, t->kept);
		row(out, "municipality_covered", key, name, t->covered);
		row(out, "municipality_uncovered", key, name,
		    viz_summary_uncovered(s, s->towns[i].what));
		row(out, "municipality_own", key, name, viz_summary_own_town(s, s->towns[i].what));
	}
	for (size_t i = 0; i < s->cep_areas_n; i++) {
		char key[16];

		snprintf(key, sizeof key, "%05u", s->cep_areas[i].what);
		row(out, "cep_area_movers", key, "", s->cep_areas[i].n);
	}
}

/* An operator typed the name of the partner. */
static void put_name(FILE *out, const char *s)
{
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
	fputc('"', out);
}

int viz_report_csv(FILE *out, const struct viz_report *r)
{
	const struct viz_summary *s = r->s;
	const struct viz_totals *t = s->t;

	fputs("table;key;detail;count;cents\n", out);
	row(out, "total", "rows", "", t->rows);
	row(out, "total", "rejected", "", t->rejected);
	row(out, "total", "not_cancelled", "", t->active);
	row(out, "total", "in_force", "", t->in_force);
	row(out, "total", "undone", "", t->undone);
	row(out, "total", "cancellations", "", t->cancelled);
	row(out, "total", "undated", "", t->undated);
	for (unsigned i = 0; i < VIZ_REASONS; i++)
		row(out, "by_reason", viz_reason_name((enum viz_reason)i), "", t->by_reason[i]);
	put_months(out, s);
	row(out, "movers", "total", "", t->movers);
	row(out, "movers", "with_destination", "", t->located);
	row(out, "movers", "destination_not_given", "", t->asked_not);
	row(out, "movers", "unresolved", "", t->unresolved);
	for (unsigned how = VIZ_HOW_MUNICIPALITY; how < VIZ_HOWS; how++) {
		row(out, "could_have_kept", viz_coverage_how_name((enum viz_how)how), "",
		    t->kept[how]);
		row(out, "covered", viz_coverage_how_name((enum viz_how)how), "", t->covered[how]);
	}
	row(out, "uncovered", "", "", s->uncovered);
	row(out, "own_municipality", "", "", s->own_towns);
	put_towns(out, s);
	for (size_t i = 0; i < s->partners_n; i++) {
		fputs("partner_movers;", out);
		put_name(out, s->a->coverage->name[s->partners[i].what]);
		fprintf(out, ";;%" PRIu64 ";\n", s->partners[i].n);
	}
	money(out, "lost", s->revenue.lost_cents);
	money(out, "low", s->revenue.low_cents);
	money(out, "high", s->revenue.high_cents);
	money(out, "covered_by_partners", s->revenue.covered_cents);
	return ferror(out) ? VIZ_ERR_INPUT : 0;
}
