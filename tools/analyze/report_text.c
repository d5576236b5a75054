#include "tools/analyze/report.h"
#include "tools/text/width.h"

#define TOP_TOWNS   20
#define TOP_AREAS   10
#define TOP_INVITES 5
#define BAR_MAX     30

/* Roles and reasons find their texts by position. */
_Static_assert((int)VIZ_TEXT_ROLE_NEVER - (int)VIZ_TEXT_ROLE_DATE == (int)VIZ_ROLE_NEVER,
	       "role texts");
_Static_assert((int)VIZ_TEXT_REASON_NONE - (int)VIZ_TEXT_REASON_MOVE == (int)VIZ_REASON_NONE,
	       "reason texts");
_Static_assert((int)VIZ_TEXT_REJECT_CONTRADICTION - (int)VIZ_TEXT_REJECT_TOO_LONG ==
		   (int)VIZ_REJECT_CONTRADICTION,
	       "reject texts");

struct text_report {
	FILE *out;
	const struct viz_report *r;
	enum viz_lang lang;
};

static void heading(const struct text_report *x, enum viz_text text)
{
	fprintf(x->out, "\n%s%s%s\n", x->r->colour ? "\033[1m" : "", viz_text(x->lang, text),
		x->r->colour ? "\033[0m" : "");
}

/* A paragraph, wrapped at the terminal's width with an indent of two. */
static void wrap(const struct text_report *x, const char *p)
{
	size_t column = 0;

	while (*p) {
		size_t len = strcspn(p, " "), shown = viz_width_of(p, len);

		if (column && column + 1 + shown > x->r->width) {
			fputc('\n', x->out);
			column = 0;
		}
		column += (size_t)fprintf(x->out, column ? " " : "  ");
		fwrite(p, 1, len, x->out);
		column += shown;
		p += len;
		p += *p == ' ';
	}
	fputc('\n', x->out);
}

static void put(const struct text_report *x, enum viz_text text, const char *const *args)
{
	struct viz_text_filled w;

	wrap(x, viz_text_fill(&w, x->lang, text, args));
}

static void put_count(const struct text_report *x, enum viz_text text, uint64_t n)
{
	if (n)
		put(x, text, (const char *[]){viz_number_count(x->lang, n).s, NULL});
}

/* A bar of `n`, where `max` fills all cells; a cell has eight steps. */
static void bar(const struct text_report *x, uint64_t n, uint64_t max)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	uint64_t part = max ? (n * BAR_MAX * 8 + max / 2) / max : 0;
	unsigned cells = (unsigned)(part / 8);

	if (n && part == 0)
		part = 1;
	if (x->r->colour)
		fputs("\033[36m", x->out);
	for (unsigned i = 0; i < cells; i++)
		fputs("█", x->out);
	fputs(eighths[part % 8], x->out);
	if (x->r->colour)
		fputs("\033[0m", x->out);
	for (unsigned i = cells + (part % 8 != 0); i < BAR_MAX + 1; i++)
		fputc(' ', x->out);
}

/* `text` in a column of `width` characters. */
static void cell(const struct text_report *x, const char *text, size_t width)
{
	size_t shown = viz_width_of(text, strlen(text));

	fputs(text, x->out);
	/* at least one blank after a long name */
	do
		fputc(' ', x->out);
	while (++shown < width);
}

static void line(const struct text_report *x, const char *name, uint64_t n, uint64_t max)
{
	fputs("  ", x->out);
	cell(x, name, 24);
	bar(x, n, max);
	fprintf(x->out, "%s", viz_number_count(x->lang, n).s);
}

/* The columns that were not used, by name, and which may be what is missing. */
static void put_names(const struct text_report *x, const struct viz_file_read *f)
{
	char list[VIZ_REPORT_NAMES_BYTES], proposal[VIZ_COLUMNS_PROPOSAL_BYTES];

	if (*viz_report_ignored(list, x->lang, f, false))
		put(x, VIZ_TEXT_IGNORED, (const char *[]){list, NULL});
	if (*viz_report_ignored(list, x->lang, f, true))
		put(x, VIZ_TEXT_NEVER_READ, (const char *[]){list, NULL});
	if (*viz_columns_ignored_proposal(proposal, &f->ignored, &f->columns,
					  viz_text(x->lang, VIZ_TEXT_MAP_WORDS)))
		put(x, VIZ_TEXT_PROPOSAL, (const char *[]){proposal, NULL});
}

static void print_columns(const struct text_report *x, const struct viz_file_read *f)
{
	const struct viz_columns *c = &f->columns;
	struct viz_number unknown = viz_number_count(x->lang, c->unknown),
			  never = viz_number_count(x->lang, c->never);

	for (unsigned i = 0; i < VIZ_ROLE_NEVER; i++) {
		struct viz_number number = viz_number_count(x->lang, c->at[i] + 1u);
		struct viz_text_filled w;

		if (c->at[i] == VIZ_COLUMN_NONE)
			continue;
		fputs("    ", x->out);
		cell(x, viz_text(x->lang, (enum viz_text)(VIZ_TEXT_ROLE_DATE + i)), 24);
		fprintf(x->out, "%s\n",
			c->name[i][0] ? c->name[i]
				      : viz_text_fill(&w, x->lang, VIZ_TEXT_COL_NUMBER,
						      (const char *[]){number.s, NULL}));
	}
	put_names(x, f);
	if ((c->unknown || c->never) && f->ignored.n == 0) {
		fputs("  ", x->out);
		put(x, VIZ_TEXT_COL_UNUSED, (const char *[]){unknown.s, never.s, NULL});
	}
}

/* How the dates were read, where that was a choice. */
static void print_dates(const struct text_report *x, const struct viz_file_read *f)
{
	if (f->dates == VIZ_DATE_MONTH_FIRST)
		put(x, VIZ_TEXT_DATES_MONTH, (const char *[]){f->name, NULL});
	else if (f->dates_open > 0)
		put(x, VIZ_TEXT_DATES_OPEN,
		    (const char *[]){viz_number_count(x->lang, f->dates_open).s, NULL});
}

static void print_read(const struct text_report *x)
{
	const struct viz_analysis *a = x->r->s->a;
	const struct viz_totals *t = &a->totals;

	heading(x, VIZ_TEXT_READ);
	for (size_t i = 0; i < a->files; i++) {
		const struct viz_file_read *f = &a->file[i];
		const char delimiter[] = {'"', f->delimiter == '\t' ? 'T' : f->delimiter, '"', 0};

		put(x, f->is_table ? VIZ_TEXT_FILE_TABLE : VIZ_TEXT_FILE,
		    (const char *[]){f->name, f->encoding, f->delimiter == '\t' ? "TAB" : delimiter,
				     viz_number_count(x->lang, f->rows).s,
				     viz_number_count(x->lang, f->rejected).s, NULL});
		if (f->sheets > 1)
			put(x, VIZ_TEXT_SHEET,
			    (const char *[]){f->sheet, viz_number_count(x->lang, f->sheets).s,
					     NULL});
		put_count(x, VIZ_TEXT_BESIDE, f->beside);
		print_columns(x, f);
		print_dates(x, f);
	}
	if (a->points)
		put(x, VIZ_TEXT_POINTS_USED,
		    (const char *[]){viz_number_count(x->lang, viz_cep_points_count(a->points)).s,
				     NULL});
	if (t->active)
		put(x, VIZ_TEXT_ACTIVE,
		    (const char *[]){viz_number_count(x->lang, t->active).s, NULL});
	put_count(x, VIZ_TEXT_IN_FORCE, t->in_force);
	put_count(x, VIZ_TEXT_UNDONE, t->undone);
	if (t->persons || t->companies)
		put(x, VIZ_TEXT_PERSONS,
		    (const char *[]){viz_number_count(x->lang, t->persons).s,
				     viz_number_count(x->lang, t->companies).s, NULL});
	put_count(x, VIZ_TEXT_MASKED, t->masked);
	if (!t->rejected && !t->defects)
		return;
	put(x, VIZ_TEXT_REJECTED,
	    (const char *[]){viz_number_count(x->lang, t->rejected).s,
			     viz_number_count(x->lang, t->defects).s, NULL});
	for (unsigned k = 0; k < VIZ_REJECT_KINDS; k++)
		if (a->rejects.count[k])
			fprintf(x->out, "    %8s  %s\n",
				viz_number_count(x->lang, a->rejects.count[k]).s,
				viz_text(x->lang, (enum viz_text)(VIZ_TEXT_REJECT_TOO_LONG + k)));
	if (x->r->rejects_path)
		put(x, x->r->rejects_failed ? VIZ_TEXT_REJECTS_FAILED : VIZ_TEXT_REJECTS_FILE,
		    (const char *[]){x->r->rejects_path, NULL});
	if (t->rejected + t->defects > VIZ_ANALYZE_REJECTS_MAX)
		put(x, VIZ_TEXT_REJECTS_CUT,
		    (const char *[]){viz_number_count(x->lang, VIZ_ANALYZE_REJECTS_MAX).s, NULL});
}

static void print_months(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	uint64_t max = 0;

	if (s->month_first < 0)
		return;
	heading(x, VIZ_TEXT_BY_MONTH);
	for (int m = s->month_first; m <= s->month_last; m++)
		max = viz_summary_month(s, m) > max ? viz_summary_month(s, m) : max;
	for (int m = s->month_first; m <= s->month_last; m++) {
		uint64_t n = viz_summary_month(s, m);

		if (n == 0 && s->months > 60)
			continue;
		line(x, viz_number_month(x->lang, m).s, n, max);
		fprintf(x->out, "  (%s %s)\n", viz_text(x->lang, VIZ_TEXT_OF_MOVES),
			viz_number_count(x->lang, s->t->by_month[m][VIZ_REASON_MOVE]).s);
	}
	if (s->t->undated)
		put(x, VIZ_TEXT_UNDATED,
		    (const char *[]){viz_number_count(x->lang, s->t->undated).s, NULL});
}

static void print_reasons(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	const struct viz_totals *t = s->t;
	uint64_t max = 0;

	heading(x, VIZ_TEXT_BY_REASON);
	for (unsigned i = 0; i < VIZ_REASONS; i++)
		max = t->by_reason[i] > max ? t->by_reason[i] : max;
	for (unsigned i = 0; i < VIZ_REASONS; i++) {
		line(x, viz_text(x->lang, (enum viz_text)(VIZ_TEXT_REASON_MOVE + i)),
		     t->by_reason[i], max);
		fprintf(x->out, "  %s\n",
			viz_number_share(x->lang, t->by_reason[i], t->cancelled).s);
	}
	if (s->silent)
		put(x, VIZ_TEXT_SAYS_NOTHING,
		    (const char *[]){viz_number_share(x->lang, s->silent, t->cancelled).s, NULL});
	if (t->coded_reasons)
		put(x, VIZ_TEXT_CODED,
		    (const char *[]){viz_number_count(x->lang, t->coded_reasons).s, NULL});
}

/* Churn, and what it is by plan, time as a customer and neighbourhood. */
static void print_groups(const struct text_report *x)
{
	struct viz_report_lines lines;
	struct viz_text_filled w;

	if (*viz_report_groups_churn(&w, x->r))
		wrap(x, w.s);
	for (unsigned by = 0; by < VIZ_REPORT_BYS; by++) {
		uint64_t max = 0;

		viz_report_groups_lines(&lines, x->r, (enum viz_report_by)by);
		if (lines.n)
			heading(x, viz_report_groups_title((enum viz_report_by)by));
		for (size_t i = 0; i < lines.n; i++)
			max = lines.line[i].cancelled > max ? lines.line[i].cancelled : max;
		for (size_t i = 0; i < lines.n; i++) {
			line(x, lines.line[i].name, lines.line[i].cancelled, max);
			fprintf(x->out, "  (%s)",
				viz_text_fill(
				    &w, x->lang, VIZ_TEXT_GROUP_MOVES,
				    (const char *[]){
					viz_number_count(x->lang, lines.line[i].movers).s, NULL}));
			if (lines.line[i].whole)
				fprintf(x->out, "  %s",
					viz_text_fill(
					    &w, x->lang, VIZ_TEXT_GROUP_CHURN,
					    (const char *[]){
						viz_number_share(x->lang, lines.line[i].cancelled,
								 lines.line[i].whole)
						    .s,
						NULL}));
			fputc('\n', x->out);
		}
	}
}

static void print_movers(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	const struct viz_totals *t = s->t;

	heading(x, VIZ_TEXT_MOVERS);
	if (t->movers == 0) {
		put(x, VIZ_TEXT_MOVERS_NONE, NULL);
		return;
	}
	put(x, VIZ_TEXT_MOVERS_TOTAL,
	    (const char *[]){viz_number_count(x->lang, t->movers).s,
			     viz_number_count(x->lang, t->located).s, NULL});
	if (t->asked_not)
		put(x, viz_report_not_given(s->a),
		    (const char *[]){viz_number_count(x->lang, t->asked_not).s,
				     viz_number_share(x->lang, t->asked_not, t->movers).s, NULL});
	put_count(x, VIZ_TEXT_UNRESOLVED, t->unresolved);
	put_count(x, VIZ_TEXT_BY_MENTION, t->by_mention);
	put_count(x, VIZ_TEXT_BY_NEAR_STATE, t->by_near_state);
	put_count(x, VIZ_TEXT_SAME_TOWN, t->same_town);
	put_count(x, VIZ_TEXT_NO_NUMBER, t->no_number);
}

static void print_towns(const struct text_report *x, enum viz_text title,
			const struct viz_ranked *list, size_t n)
{
	char name[VIZ_TOWN_TEXT];

	if (n == 0)
		return;
	heading(x, title);
	for (size_t i = 0; i < n && i < TOP_TOWNS; i++) {
		line(x, viz_summary_town(x->r->s, name, list[i].what), list[i].n, list[0].n);
		fputc('\n', x->out);
	}
	if (n > TOP_TOWNS)
		put_count(x, VIZ_TEXT_MORE, n - TOP_TOWNS);
}

static void print_areas(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;

	if (s->cep_areas_n == 0)
		return;
	heading(x, VIZ_TEXT_CEP_AREAS);
	for (size_t i = 0; i < s->cep_areas_n && i < TOP_AREAS; i++) {
		char name[16];

		snprintf(name, sizeof name, "%05u-xxx", s->cep_areas[i].what);
		line(x, name, s->cep_areas[i].n, s->cep_areas[0].n);
		fputc('\n', x->out);
	}
	if (s->cep_areas_n > TOP_AREAS)
		put_count(x, VIZ_TEXT_MORE, s->cep_areas_n - TOP_AREAS);
}

/* "10 at the very point, 5 by the street's postcode": the counts that are not zero. */
static const char *by_how(char *out, size_t max, enum viz_lang lang, const uint64_t *n)
{
	size_t used = 0;

	out[0] = 0;
	for (unsigned how = VIZ_HOW_CELL; how >= VIZ_HOW_MUNICIPALITY; how--) {
		struct viz_text_filled w;
		int k;

		if (n[how] == 0)
			continue;
		k = snprintf(
		    out + used, max - used, "%s%s", used ? ", " : "",
		    viz_text_fill(&w, lang, viz_report_how((enum viz_how)how),
				  (const char *[]){viz_number_count(lang, n[how]).s, NULL}));
		if (k < 0 || (size_t)k >= max - used)
			break;
		used += (size_t)k;
	}
	return out;
}

static void print_coverage(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	const struct viz_totals *t = s->t;
	const struct viz_coverage *c = s->a->coverage;
	char detail[256];

	heading(x, VIZ_TEXT_KEPT);
	if (c->has_self && s->kept == 0)
		put(x, VIZ_TEXT_KEPT_LINE_NONE,
		    (const char *[]){viz_number_count(x->lang, t->located).s, NULL});
	else if (c->has_self)
		put(x, VIZ_TEXT_KEPT_LINE,
		    (const char *[]){viz_number_count(x->lang, s->kept).s,
				     viz_number_count(x->lang, t->located).s,
				     by_how(detail, sizeof detail, x->lang, t->kept), NULL});
	if (!c->has_self && s->at_home)
		put(x, VIZ_TEXT_KEPT_AT_HOME,
		    (const char *[]){viz_number_count(x->lang, s->at_home).s,
				     viz_number_count(x->lang, t->located).s, NULL});
	if (!c->has_self)
		put(x, VIZ_TEXT_KEPT_UNKNOWN, NULL);
	heading(x, VIZ_TEXT_COVERED);
	if (c->parties < 2) {
		put(x, VIZ_TEXT_COVERED_NONE, NULL);
	} else {
		put(x, VIZ_TEXT_COVERED_LINE,
		    (const char *[]){viz_number_count(x->lang, s->covered).s,
				     viz_number_count(x->lang, t->located - s->kept).s, NULL});
		for (size_t i = 0; i < s->partners_n && i < TOP_TOWNS; i++) {
			line(x, c->name[s->partners[i].what], s->partners[i].n, s->partners[0].n);
			fprintf(x->out, "  %s\n",
				by_how(detail, sizeof detail, x->lang,
				       t->partner[s->partners[i].what]));
		}
	}
	heading(x, c->has_self ? VIZ_TEXT_UNCOVERED : VIZ_TEXT_UNCOVERED_UNSURE);
	if (s->uncovered_n == 0)
		put(x, c->has_self ? VIZ_TEXT_UNCOVERED_ZERO : VIZ_TEXT_UNCOVERED_ZERO_UNSURE,
		    NULL);
	put_count(x, c->has_self ? VIZ_TEXT_UNCOVERED_LINE : VIZ_TEXT_UNCOVERED_LINE_UNSURE,
		  s->uncovered);
}

static void print_uncovered(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	char name[VIZ_TOWN_TEXT];

	for (size_t i = 0; i < s->uncovered_n && i < TOP_TOWNS; i++) {
		uint32_t recent = viz_totals_recent(s->t, (uint16_t)s->uncovered_in[i].what);
		struct viz_text_filled w, period;

		line(x, viz_summary_town(s, name, s->uncovered_in[i].what), s->uncovered_in[i].n,
		     s->uncovered_in[0].n);
		if (recent)
			fprintf(x->out, "  (%s)",
				viz_text_fill(&w, x->lang, VIZ_TEXT_RECENT,
					      (const char *[]){viz_number_count(x->lang, recent).s,
							       viz_report_period(&period, x->r),
							       NULL}));
		fputc('\n', x->out);
	}
	if (s->uncovered_n > TOP_TOWNS)
		put_count(x, VIZ_TEXT_MORE, s->uncovered_n - TOP_TOWNS);
}

/* Who serves the towns that lack a neighbour. */
static void print_providers(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	char town[VIZ_TOWN_TEXT], names[VIZ_REPORT_NAMES_BYTES];
	bool first = true;

	for (size_t i = 0; i < s->uncovered_n && i < TOP_TOWNS; i++) {
		if (!*viz_report_providers(names, s, s->uncovered_in[i].what))
			continue;
		if (first)
			heading(x, VIZ_TEXT_PROVIDERS);
		first = false;
		put(x, VIZ_TEXT_READ_AS,
		    (const char *[]){viz_summary_town(s, town, s->uncovered_in[i].what), names,
				     NULL});
	}
	if (!first)
		put(x, VIZ_TEXT_PROVIDERS_NOTE, NULL);
}

/* Where the range comes from. A share of nobody says nothing, and is not printed. */
static void print_bounds(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	const struct viz_revenue *r = &s->revenue;
	const struct viz_number low = viz_number_share(x->lang, VIZ_ACCEPT_LOW_PERCENT, 100),
				high = viz_number_share(x->lang, VIZ_ACCEPT_HIGH_PERCENT, 100);

	if (r->low_movers)
		put(x, VIZ_TEXT_REVENUE_LOW,
		    (const char *[]){low.s, viz_number_count(x->lang, r->low_movers).s, NULL});
	else
		put(x, VIZ_TEXT_REVENUE_LOW_NONE, NULL);
	if (r->no_better_bound)
		put(x, VIZ_TEXT_REVENUE_HIGH_BLIND,
		    (const char *[]){high.s, viz_number_count(x->lang, s->t->movers).s, NULL});
	else if (r->high_movers && r->blind)
		put(x, VIZ_TEXT_REVENUE_HIGH,
		    (const char *[]){high.s, viz_number_count(x->lang, r->high_movers).s,
				     viz_number_share(x->lang, s->kept, s->t->located).s,
				     viz_number_count(x->lang, r->blind).s, NULL});
	else if (r->high_movers)
		put(x, VIZ_TEXT_REVENUE_HIGH_KNOWN,
		    (const char *[]){high.s, viz_number_count(x->lang, r->high_movers).s, NULL});
}

static void print_revenue(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	const struct viz_revenue *r = &s->revenue;

	heading(x, VIZ_TEXT_REVENUE);
	if (s->month_first < 0) {
		put(x, VIZ_TEXT_REVENUE_UNDATED, NULL);
		return;
	}
	put(x, VIZ_TEXT_REVENUE_LOST,
	    (const char *[]){viz_number_money_whole(x->lang, r->lost_cents).s,
			     viz_number_money(x->lang, r->mean_cents).s, NULL});
	if (r->assumed)
		put(x, VIZ_TEXT_REVENUE_ASSUMED,
		    (const char *[]){viz_number_money_whole(x->lang, VIZ_ARPU_LOW_CENTS).s,
				     viz_number_money_whole(x->lang, VIZ_ARPU_HIGH_CENTS).s, NULL});
	else
		put_count(x, VIZ_TEXT_REVENUE_PARTIAL, r->without);
	if (s->t->movers == 0) {
		put(x, VIZ_TEXT_REVENUE_YEAR_LOST,
		    (const char *[]){viz_number_money_whole(x->lang, 12 * r->lost_cents).s, NULL});
		return;
	}
	put(x, VIZ_TEXT_REVENUE_RANGE,
	    (const char *[]){viz_number_money_whole(x->lang, r->low_cents).s,
			     viz_number_money_whole(x->lang, r->high_cents).s, NULL});
	put(x, VIZ_TEXT_REVENUE_YEAR,
	    (const char *[]){viz_number_money_whole(x->lang, 12 * r->lost_cents).s,
			     viz_number_money_whole(x->lang, 12 * r->low_cents).s,
			     viz_number_money_whole(x->lang, 12 * r->high_cents).s, NULL});
	if (s->covered)
		put(x, VIZ_TEXT_REVENUE_COVERED,
		    (const char *[]){viz_number_count(x->lang, s->covered).s,
				     viz_number_money_whole(x->lang, r->covered_cents).s,
				     viz_number_money_whole(x->lang, 12 * r->covered_cents).s,
				     NULL});
	print_bounds(x);
}

static void print_invites(const struct text_report *x)
{
	const struct viz_summary *s = x->r->s;
	struct viz_text_filled w;

	if (s->uncovered_n) {
		heading(x, VIZ_TEXT_INVITE);
		put(x, s->invites_n ? VIZ_TEXT_INVITE_INTRO : VIZ_TEXT_INVITE_NONE,
		    (const char *[]){viz_report_period(&w, x->r), NULL});
		for (size_t i = 0; i < s->invites_n && i < TOP_INVITES; i++) {
			fputc('\n', x->out);
			wrap(x, viz_report_invite(&w, x->r, i));
		}
		if (s->invites_n > TOP_INVITES)
			put_count(x, VIZ_TEXT_MORE, s->invites_n - TOP_INVITES);
	}
	heading(x, VIZ_TEXT_ASK);
	put(x, VIZ_TEXT_ASK_TEXT, NULL);
	put(x, VIZ_TEXT_ASK_RECIPE, NULL);
	put(x, VIZ_TEXT_ASK_LAW, NULL);
}

int viz_report_text(FILE *out, const struct viz_report *r)
{
	const struct text_report x = {out, r, r->lang};
	const struct viz_totals *t = r->s->t;
	bool dated = r->s->month_first >= 0;

	fprintf(out, "%s%s%s\n", r->colour ? "\033[1m" : "", viz_text(r->lang, VIZ_TEXT_TITLE),
		r->colour ? "\033[0m" : "");
	put(&x, dated ? VIZ_TEXT_SUBTITLE : VIZ_TEXT_SUBTITLE_UNDATED,
	    (const char *[]){viz_number_count(r->lang, t->cancelled).s,
			     dated ? viz_number_day(r->lang, t->day_min).s : "",
			     dated ? viz_number_day(r->lang, t->day_max).s : "", NULL});
	print_read(&x);
	print_months(&x);
	if (!r->s->a->all_movers)
		print_reasons(&x);
	print_groups(&x);
	print_movers(&x);
	print_towns(&x, VIZ_TEXT_WHERE_TO, r->s->towns, r->s->towns_n);
	print_areas(&x);
	if (t->located) {
		print_coverage(&x);
		print_uncovered(&x);
		print_providers(&x);
	}
	print_revenue(&x);
	print_invites(&x);
	return ferror(out) ? VIZ_ERR_INPUT : 0;
}
