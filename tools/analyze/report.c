/* What the forms of the report share. */
#include "tools/analyze/report.h"

#define FRESH_DAYS 30 /* when a file ends longer ago than this, the report names its months */

const char *viz_report_kind(const struct viz_summary *s, uint32_t town)
{
	const struct viz_town_total *t = &s->t->town[town];
	const struct viz_coverage *c = s->a->coverage;

	if (!c->has_self && c->parties < 2)
		return "d";
	if (c->has_self && t->kept >= t->covered && t->kept >= t->uncovered)
		return "k";
	if (t->covered >= t->uncovered)
		return "c";
	return viz_summary_own_town(s, town) ? "d" : "u";
}

const char *viz_report_period(struct viz_text_filled *w, const struct viz_report *r)
{
	const struct viz_totals *t = r->s->t;
	int first = viz_totals_month(t, t->day_max - VIZ_ANALYZE_INVITE_DAYS + 1);

	if (r->s->month_last < 0 || first < 0 || t->day_max >= r->s->a->today - FRESH_DAYS)
		return viz_text_fill(w, r->lang, VIZ_TEXT_PERIOD_DAYS, NULL);
	return viz_text_fill(w, r->lang, VIZ_TEXT_PERIOD_BETWEEN,
			     (const char *[]){viz_number_month(r->lang, first).s,
					      viz_number_month(r->lang, r->s->month_last).s, NULL});
}

const char *viz_report_invite(struct viz_text_filled *w, const struct viz_report *r, size_t i)
{
	const struct viz_ranked *invite = &r->s->invites[i];
	char name[VIZ_TOWN_TEXT];
	struct viz_text_filled period;

	return viz_text_fill(
	    w, r->lang, r->s->t->own_known ? VIZ_TEXT_INVITE_TEXT : VIZ_TEXT_INVITE_TEXT_UNSURE,
	    (const char *[]){viz_number_count(r->lang, invite->n).s,
			     viz_summary_town(r->s, name, invite->what),
			     viz_report_period(&period, r), NULL});
}

enum viz_text viz_report_not_given(const struct viz_analysis *a)
{
	bool column = false, text = false;

	for (size_t i = 0; i < a->files; i++) {
		const struct viz_columns *c = &a->file[i].columns;

		column |= viz_columns_destination(c);
		text |= c->at[VIZ_ROLE_DETAIL] != VIZ_COLUMN_NONE;
	}
	return column ? VIZ_TEXT_NOT_FILLED : text ? VIZ_TEXT_NOT_IN_TEXT : VIZ_TEXT_NOT_IN_FILE;
}

const char *viz_report_ignored(char out[VIZ_REPORT_NAMES_BYTES], enum viz_lang lang,
			       const struct viz_file_read *file, bool never)
{
	size_t len = 0;

	out[0] = 0;
	for (size_t i = 0; i < file->ignored.n; i++) {
		const struct viz_column_ignored *c = &file->ignored.column[i];
		int n;

		struct viz_text_filled w;
		const char *name = c->name;

		if (c->never != never)
			continue;
		if (!*name)
			name = viz_text_fill(
			    &w, lang, VIZ_TEXT_COL_NUMBER,
			    (const char *[]){viz_number_count(lang, c->at + 1u).s, NULL});
		n = snprintf(out + len, VIZ_REPORT_NAMES_BYTES - len, "%s%s", len ? ", " : "",
			     name);
		if (n < 0 || (size_t)n >= VIZ_REPORT_NAMES_BYTES - len) {
			out[len] = 0;
			break;
		}
		len += (size_t)n;
	}
	return out;
}

const char *viz_report_providers(char out[VIZ_REPORT_NAMES_BYTES], const struct viz_summary *s,
				 uint32_t town)
{
	const struct viz_anatel_entry *top[VIZ_ANATEL_TOP];
	size_t n = viz_anatel_top(top, &s->a->anatel, (uint16_t)town), len = 0;

	out[0] = 0;
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, VIZ_REPORT_NAMES_BYTES - len, "%s%s",
					i ? ", " : "", top[i]->name);
	return out;
}

struct viz_number viz_report_shown(enum viz_lang lang, uint64_t n)
{
	struct viz_number out;

	if (n == 0 || n >= VIZ_ANALYZE_SMALL)
		return viz_number_count(lang, n);
	snprintf(out.s, sizeof out.s, "%s", viz_text(lang, VIZ_TEXT_SMALL));
	return out;
}

enum viz_text viz_report_how(enum viz_how how)
{
	static const enum viz_text texts[VIZ_HOWS] = {VIZ_TEXT_SMALL, VIZ_TEXT_HOW_MUNICIPALITY,
						      VIZ_TEXT_HOW_POSTCODE, VIZ_TEXT_HOW_CELL};

	return texts[how];
}

void viz_report_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}
