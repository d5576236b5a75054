/* Cancellations by month: columns on a desk, rows on a phone, each with its number. */
#include "tools/analyze/report.h"

#define MONTHS_MAX 36 /* of the chart: the latest */
#define MONTHS_FEW 18 /* months up to this many have upright numbers above their columns */

struct chart {
	FILE *out;
	const struct viz_report *r;
	int first, last;
	uint64_t max;
};

/* The two parts of the bar of a month. The share of movers is shown only where neither part is
 * small. */
struct parts {
	uint64_t rest, moved; /* per mille of the largest month */
};

/* Whether a month has both, and one of them is too small to be shown. */
static bool undivided(const struct chart *c, int month)
{
	uint64_t all = viz_summary_month(c->r->s, month);
	uint64_t moved = c->r->s->t->by_month[month][VIZ_REASON_MOVE];

	return all >= VIZ_ANALYZE_SMALL && moved > 0 && moved < all &&
	       (moved < VIZ_ANALYZE_SMALL || all - moved < VIZ_ANALYZE_SMALL);
}

static struct parts parts_of(const struct chart *c, int month)
{
	uint64_t all = viz_summary_month(c->r->s, month);
	uint64_t moved = c->r->s->t->by_month[month][VIZ_REASON_MOVE];

	if (all && all < VIZ_ANALYZE_SMALL)
		return (struct parts){20, 0};
	if (moved == all)
		return (struct parts){0, all * 1000 / c->max};
	if (moved < VIZ_ANALYZE_SMALL || all - moved < VIZ_ANALYZE_SMALL)
		return (struct parts){all * 1000 / c->max, 0};
	return (struct parts){(all - moved) * 1000 / c->max, moved * 1000 / c->max};
}

static void put_part(const struct chart *c, const char *kind, const char *side, uint64_t permille)
{
	if (permille)
		fprintf(c->out, "<i class=\"%s\" style=\"%s:%u.%u%%\"></i>", kind, side,
			(unsigned)(permille / 10), (unsigned)(permille % 10));
}

static void put_column(const struct chart *c, int month)
{
	uint64_t all = viz_summary_month(c->r->s, month);
	struct parts parts = parts_of(c, month);

	fprintf(c->out, "<div class=\"col\" title=\"%s: %s\"><span>%s</span>",
		viz_number_month(c->r->lang, month).s, viz_report_shown(c->r->lang, all).s,
		all && all < VIZ_ANALYZE_SMALL ? "&lt;5" : viz_number_count(c->r->lang, all).s);
	put_part(c, "r", "height", parts.rest);
	put_part(c, "m", "height", parts.moved);
	fputs("</div>", c->out);
}

static void put_row(const struct chart *c, int month)
{
	uint64_t all = viz_summary_month(c->r->s, month);
	struct parts parts = parts_of(c, month);

	fprintf(c->out, "<div>%s</div><div class=\"t\">", viz_number_month(c->r->lang, month).s);
	put_part(c, "m", "width", parts.moved);
	put_part(c, "r", "width", parts.rest);
	fprintf(c->out, "</div><div class=\"v\">%s</div>\n", viz_report_shown(c->r->lang, all).s);
}

static const char *month_letters(enum viz_lang lang, int month)
{
	return viz_text(lang, (enum viz_text)(VIZ_TEXT_MONTH_JANUARY + month % 12));
}

static void put_names(const struct chart *c)
{
	int months = c->last - c->first, step = months >= 24 ? 3 : months >= 12 ? 2 : 1;

	fputs("<div class=\"months\">", c->out);
	for (int m = c->first; m <= c->last; m++) {
		bool named = (m - c->first) % step == 0;
		bool year = m == c->first || (m % 12 < step && named);

		fprintf(c->out, "<span>%s", named ? month_letters(c->r->lang, m) : "");
		if (year)
			fprintf(c->out, "<b>%d</b>", VIZ_ANALYZE_YEAR_MIN + m / 12);
		fputs("</span>", c->out);
	}
	fputs("</div>", c->out);
}

void viz_report_months(FILE *out, const struct viz_report *r)
{
	struct chart c = {out, r, r->s->month_first, r->s->month_last, 1};
	struct viz_text_filled w;
	bool told = false;

	if (c.first < 0)
		return;
	if (c.last - c.first >= MONTHS_MAX)
		c.first = c.last - MONTHS_MAX + 1;
	for (int m = c.first; m <= c.last; m++)
		c.max = viz_summary_month(r->s, m) > c.max ? viz_summary_month(r->s, m) : c.max;
	fprintf(out,
		"<section id=\"months\"><h2>%s</h2>\n<p class=\"legend\"><span><i class=\"key "
		"m\"></i>%s</span><span><i class=\"key\"></i>%s</span><span>%s</span></p>\n",
		viz_text(r->lang, VIZ_TEXT_BY_MONTH), viz_text(r->lang, VIZ_TEXT_REASON_MOVE),
		viz_text(r->lang, VIZ_TEXT_OTHER_REASONS),
		viz_text_fill(&w, r->lang, VIZ_TEXT_MAX_MONTH,
			      (const char *[]){viz_report_shown(r->lang, c.max).s, NULL}));
	fprintf(out, "<div class=\"cols%s\">\n", c.last - c.first + 1 > MONTHS_FEW ? " many" : "");
	for (int m = c.first; m <= c.last; m++)
		put_column(&c, m);
	fputs("</div>\n", out);
	put_names(&c);
	fputs("\n<div class=\"bars rows\">\n", out);
	for (int m = c.first; m <= c.last; m++)
		put_row(&c, m);
	fputs("</div>\n", out);
	for (int m = c.first; m <= c.last; m++)
		told |= undivided(&c, m);
	if (told)
		fprintf(out, "<p class=\"note\">%s</p>\n",
			viz_text(r->lang, VIZ_TEXT_MONTHS_UNDIVIDED));
	fputs("</section>\n", out);
}
