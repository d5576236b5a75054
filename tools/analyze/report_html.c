/* The page, complete in one file. Counts of parts below VIZ_ANALYZE_SMALL are suppressed. */
#include "tools/analyze/report.h"

extern const char viz_report_css[];

#define TOP_TOWNS   15
#define TOP_AREAS   10
#define TOP_INVITES 6

struct page {
	FILE *out;
	const struct viz_report *r;
	const struct viz_summary *s;
	enum viz_lang lang;
};

static struct viz_number shown(const struct page *p, uint64_t n)
{
	return viz_report_shown(p->lang, n);
}

static void put(const struct page *p, const char *tag, enum viz_text text, const char *const *args)
{
	struct viz_text_filled w;

	fprintf(p->out, "<%s>", tag);
	viz_report_escape(p->out, viz_text_fill(&w, p->lang, text, args));
	fprintf(p->out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

static void put_count(const struct page *p, enum viz_text text, uint64_t n)
{
	if (n >= VIZ_ANALYZE_SMALL)
		put(p, "p", text, (const char *[]){viz_number_count(p->lang, n).s, NULL});
}

static void tile(const struct page *p, const char *value, enum viz_text text)
{
	fprintf(p->out, "<div class=\"tile\"><b%s>", strlen(value) > 10 ? " class=\"long\"" : "");
	viz_report_escape(p->out, value);
	fprintf(p->out, "</b><span>%s</span></div>\n", viz_text(p->lang, text));
}

static void put_tiles(const struct page *p)
{
	const struct viz_totals *t = p->s->t;
	bool own = p->s->a->coverage->has_self, partners = p->s->a->coverage->parties > 1;
	bool dated = p->s->month_first >= 0;

	fputs("<div class=\"tiles\">\n", p->out);
	/* an even number of tiles: a phone shows them in pairs */
	if ((2 * own + partners + dated) % 2)
		tile(p, shown(p, t->cancelled).s, VIZ_TEXT_TILE_CANCELLED);
	tile(p, shown(p, t->movers).s, VIZ_TEXT_TILE_MOVERS);
	tile(p, shown(p, t->located).s, VIZ_TEXT_TILE_LOCATED);
	if (own)
		tile(p, shown(p, p->s->kept).s, VIZ_TEXT_LEGEND_KEPT);
	if (partners)
		tile(p, shown(p, p->s->covered).s, VIZ_TEXT_LEGEND_COVERED);
	if (own)
		tile(p, shown(p, p->s->uncovered).s, VIZ_TEXT_LEGEND_UNCOVERED);
	if (dated)
		tile(p, viz_number_money_whole(p->lang, p->s->revenue.lost_cents).s,
		     VIZ_TEXT_TILE_LOST);
	fputs("</div>\n", p->out);
}

/* A long name may break after its stroke. */
static void put_name(const struct page *p, const char *name)
{
	const char *stroke = strchr(name, '/');
	char head[96];

	if (!stroke || (size_t)(stroke - name) + 2 > sizeof head) {
		viz_report_escape(p->out, name);
		return;
	}
	snprintf(head, sizeof head, "%.*s/", (int)(stroke - name), name);
	viz_report_escape(p->out, head);
	fputs("<wbr>", p->out);
	viz_report_escape(p->out, stroke + 1);
}

static void bar(const struct page *p, const char *name, const char *kind, uint64_t n, uint64_t max,
		const char *value)
{
	/* The bar of a suppressed count has a fixed length, because its length would show the
	 * count. */
	uint64_t drawn = n && n < VIZ_ANALYZE_SMALL ? 2 : n;
	unsigned permille = max ? (unsigned)(drawn * 1000 / max) : 0;

	if (permille > 1000)
		permille = 1000;
	fputs("<div>", p->out);
	put_name(p, name);
	fprintf(p->out,
		"</div><div class=\"t\"><i class=\"%s\" style=\"width:%u.%u%%\"></i></div><div "
		"class=\"v\">",
		n == 0                  ? "z"
		: n < VIZ_ANALYZE_SMALL ? "g"
					: kind,
		permille / 10, permille % 10);
	viz_report_escape(p->out, value);
	fputs("</div>\n", p->out);
}

static void put_reasons(const struct page *p)
{
	const struct viz_totals *t = p->s->t;
	uint64_t max = 1;

	for (unsigned i = 0; i < VIZ_REASONS; i++)
		max = t->by_reason[i] > max ? t->by_reason[i] : max;
	fputs("<section id=\"reasons\">", p->out);
	put(p, "h2", VIZ_TEXT_BY_REASON, NULL);
	fputs("<div class=\"bars\">\n", p->out);
	for (unsigned i = 0; i < VIZ_REASONS; i++) {
		uint64_t n = t->by_reason[i];

		bar(p, viz_text(p->lang, (enum viz_text)(VIZ_TEXT_REASON_MOVE + i)),
		    i == VIZ_REASON_MOVE   ? "m"
		    : i == VIZ_REASON_NONE ? "g"
					   : "c",
		    n, max, shown(p, n).s);
	}
	fputs("</div>\n", p->out);
	if (p->s->silent >= VIZ_ANALYZE_SMALL)
		put(p, "p", VIZ_TEXT_SAYS_NOTHING,
		    (const char *[]){viz_number_share(p->lang, p->s->silent, t->cancelled).s,
				     NULL});
	fputs("</section>\n", p->out);
}

static void put_groups(const struct page *p)
{
	struct viz_report_lines lines;
	struct viz_text_filled w;

	if (*viz_report_groups_churn(&w, p->r)) {
		fputs("<section id=\"churn\"><p class=\"range\">", p->out);
		viz_report_escape(p->out, w.s);
		fputs("</p></section>\n", p->out);
	}
	for (unsigned by = 0; by < VIZ_REPORT_BYS; by++) {
		uint64_t max = 0;

		viz_report_groups_lines(&lines, p->r, (enum viz_report_by)by);
		if (lines.n == 0)
			continue;
		for (size_t i = 0; i < lines.n; i++)
			max = lines.line[i].cancelled > max ? lines.line[i].cancelled : max;
		fputs("<section>", p->out);
		put(p, "h2", viz_report_groups_title((enum viz_report_by)by), NULL);
		fputs("<div class=\"bars\">\n", p->out);
		for (size_t i = 0; i < lines.n; i++)
			bar(p, lines.line[i].name, "c", lines.line[i].cancelled, max,
			    shown(p, lines.line[i].cancelled).s);
		fputs("</div></section>\n", p->out);
	}
}

static void put_movers(const struct page *p)
{
	const struct viz_totals *t = p->s->t;

	fputs("<section id=\"movers\">", p->out);
	put(p, "h2", VIZ_TEXT_MOVERS, NULL);
	if (t->movers == 0) {
		put(p, "p", VIZ_TEXT_MOVERS_NONE, NULL);
	} else {
		put(p, "p", VIZ_TEXT_MOVERS_TOTAL,
		    (const char *[]){shown(p, t->movers).s, shown(p, t->located).s, NULL});
		if (t->asked_not >= VIZ_ANALYZE_SMALL)
			put(p, "p", viz_report_not_given(p->s->a),
			    (const char *[]){viz_number_count(p->lang, t->asked_not).s,
					     viz_number_share(p->lang, t->asked_not, t->movers).s,
					     NULL});
		put_count(p, VIZ_TEXT_UNRESOLVED, t->unresolved);
		put_count(p, VIZ_TEXT_SAME_TOWN, t->same_town);
	}
	fputs("</section>\n", p->out);
}

/* A ranking of all that may be shown, and the rest in one line. */
static void put_towns(const struct page *p, const char *id, enum viz_text title,
		      const struct viz_ranked *list, size_t n, const char *kind)
{
	uint64_t rest = 0;
	size_t i = 0;

	if (n == 0)
		return;
	fprintf(p->out, "<section id=\"%s\">", id);
	put(p, "h2", title, NULL);
	fputs("<div class=\"bars\">\n", p->out);
	for (; i < n && i < TOP_TOWNS && list[i].n >= VIZ_ANALYZE_SMALL; i++) {
		char name[VIZ_TOWN_TEXT];

		bar(p, viz_summary_town(p->s, name, list[i].what),
		    kind ? kind : viz_report_kind(p->s, list[i].what), list[i].n, list[0].n,
		    viz_number_count(p->lang, list[i].n).s);
	}
	for (; i < n; i++)
		rest += list[i].n;
	if (rest)
		bar(p, viz_text(p->lang, VIZ_TEXT_OTHERS_SMALL), "g", rest, list[0].n,
		    shown(p, rest).s);
	fputs("</div></section>\n", p->out);
}

static void put_areas(const struct page *p)
{
	const struct viz_summary *s = p->s;

	if (s->cep_areas_n == 0 || s->cep_areas[0].n < VIZ_ANALYZE_SMALL)
		return;
	fputs("<section id=\"areas\">", p->out);
	put(p, "h2", VIZ_TEXT_CEP_AREAS, NULL);
	fputs("<div class=\"bars\">\n", p->out);
	for (size_t i = 0;
	     i < s->cep_areas_n && i < TOP_AREAS && s->cep_areas[i].n >= VIZ_ANALYZE_SMALL; i++) {
		char name[16];

		snprintf(name, sizeof name, "%05u-xxx", s->cep_areas[i].what);
		bar(p, name, "c", s->cep_areas[i].n, s->cep_areas[0].n,
		    viz_number_count(p->lang, s->cep_areas[i].n).s);
	}
	fputs("</div></section>\n", p->out);
}

/* How sure the count of a partner is. Next to a sum, one small part could be calculated from the
 * others. So where there is one, the parts have no counts. */
static void put_how(const struct page *p, const uint64_t *n)
{
	bool small = false, first = true;

	for (unsigned how = VIZ_HOW_MUNICIPALITY; how < VIZ_HOWS; how++)
		small = small || (n[how] && n[how] < VIZ_ANALYZE_SMALL);
	fputs("<div class=\"how\">", p->out);
	for (unsigned how = VIZ_HOW_CELL; how >= VIZ_HOW_MUNICIPALITY; how--) {
		struct viz_text_filled w;
		const char *text = viz_text_fill(
		    &w, p->lang, viz_report_how((enum viz_how)how),
		    (const char *[]){small ? "" : viz_number_count(p->lang, n[how]).s, NULL});

		if (n[how] == 0)
			continue;
		fputs(first ? "" : ", ", p->out);
		viz_report_escape(p->out, text + (*text == ' '));
		first = false;
	}
	fputs("</div>\n", p->out);
}

static void put_partners(const struct page *p)
{
	const struct viz_summary *s = p->s;
	const struct viz_coverage *c = s->a->coverage;

	put(p, "h2", VIZ_TEXT_COVERED, NULL);
	if (c->parties < 2) {
		put(p, "p", VIZ_TEXT_COVERED_NONE, NULL);
		return;
	}
	put(p, "p", VIZ_TEXT_COVERED_LINE,
	    (const char *[]){shown(p, s->covered).s, shown(p, s->t->located - s->kept).s, NULL});
	fputs("<div class=\"bars\">\n", p->out);
	for (size_t i = 0; i < s->partners_n && i < TOP_TOWNS; i++) {
		bar(p, c->name[s->partners[i].what], "c", s->partners[i].n, s->partners[0].n,
		    shown(p, s->partners[i].n).s);
		put_how(p, s->t->partner[s->partners[i].what]);
	}
	fputs("</div>\n", p->out);
}

static void put_coverage(const struct page *p)
{
	const struct viz_summary *s = p->s;
	const struct viz_coverage *c = s->a->coverage;

	fputs("<section id=\"coverage\">", p->out);
	put(p, "h2", VIZ_TEXT_KEPT, NULL);
	if (c->has_self) {
		fprintf(p->out, "<p class=\"range\">%s</p>\n", shown(p, s->kept).s);
		for (unsigned how = VIZ_HOW_CELL; how >= VIZ_HOW_MUNICIPALITY; how--)
			put_count(p, viz_report_how((enum viz_how)how), s->t->kept[how]);
	} else {
		if (s->at_home >= VIZ_ANALYZE_SMALL)
			put(p, "p", VIZ_TEXT_KEPT_AT_HOME,
			    (const char *[]){viz_number_count(p->lang, s->at_home).s,
					     viz_number_count(p->lang, s->t->located).s, NULL});
		put(p, "p", VIZ_TEXT_KEPT_UNKNOWN, NULL);
	}
	put_partners(p);
	fputs("</section>\n", p->out);
}

/* Who serves the towns that lack a neighbour. */
static void put_providers(const struct page *p)
{
	const struct viz_summary *s = p->s;
	char town[VIZ_TOWN_TEXT], names[VIZ_REPORT_NAMES_BYTES];
	bool first = true;

	for (size_t i = 0;
	     i < s->uncovered_n && i < TOP_TOWNS && s->uncovered_in[i].n >= VIZ_ANALYZE_SMALL;
	     i++) {
		if (!*viz_report_providers(names, s, s->uncovered_in[i].what))
			continue;
		if (first) {
			fputs("<section id=\"providers\">", p->out);
			put(p, "h2", VIZ_TEXT_PROVIDERS, NULL);
		}
		first = false;
		put(p, "p", VIZ_TEXT_READ_AS,
		    (const char *[]){viz_summary_town(s, town, s->uncovered_in[i].what), names,
				     NULL});
	}
	if (first)
		return;
	put(p, "p class=\"note\"", VIZ_TEXT_PROVIDERS_NOTE, NULL);
	fputs("</section>\n", p->out);
}

/* Where the range comes from. A share of nobody says nothing, and is not printed. */
static void put_bounds(const struct page *p)
{
	static const char note[] = "p class=\"note\"";
	const struct viz_summary *s = p->s;
	const struct viz_revenue *r = &s->revenue;
	const struct viz_number low = viz_number_share(p->lang, VIZ_ACCEPT_LOW_PERCENT, 100),
				high = viz_number_share(p->lang, VIZ_ACCEPT_HIGH_PERCENT, 100);

	if (r->low_movers)
		put(p, note, VIZ_TEXT_REVENUE_LOW,
		    (const char *[]){low.s, shown(p, r->low_movers).s, NULL});
	else
		put(p, note, VIZ_TEXT_REVENUE_LOW_NONE, NULL);
	if (r->no_better_bound)
		put(p, note, VIZ_TEXT_REVENUE_HIGH_BLIND,
		    (const char *[]){high.s, shown(p, s->t->movers).s, NULL});
	else if (r->high_movers && r->blind)
		put(p, note, VIZ_TEXT_REVENUE_HIGH,
		    (const char *[]){high.s, shown(p, r->high_movers).s,
				     s->kept < VIZ_ANALYZE_SMALL
					 ? viz_text(p->lang, VIZ_TEXT_SMALL)
					 : viz_number_share(p->lang, s->kept, s->t->located).s,
				     shown(p, r->blind).s, NULL});
	else if (r->high_movers)
		put(p, note, VIZ_TEXT_REVENUE_HIGH_KNOWN,
		    (const char *[]){high.s, shown(p, r->high_movers).s, NULL});
}

static void put_revenue(const struct page *p)
{
	const struct viz_revenue *r = &p->s->revenue;

	fputs("<section id=\"revenue\">", p->out);
	put(p, "h2", VIZ_TEXT_REVENUE, NULL);
	if (p->s->month_first < 0) {
		put(p, "p", VIZ_TEXT_REVENUE_UNDATED, NULL);
		fputs("</section>\n", p->out);
		return;
	}
	put(p, "p", VIZ_TEXT_REVENUE_LOST,
	    (const char *[]){viz_number_money_whole(p->lang, r->lost_cents).s,
			     viz_number_money(p->lang, r->mean_cents).s, NULL});
	if (r->assumed)
		put(p, "p", VIZ_TEXT_REVENUE_ASSUMED,
		    (const char *[]){viz_number_money_whole(p->lang, VIZ_ARPU_LOW_CENTS).s,
				     viz_number_money_whole(p->lang, VIZ_ARPU_HIGH_CENTS).s, NULL});
	if (p->s->t->movers == 0)
		put(p, "p", VIZ_TEXT_REVENUE_YEAR_LOST,
		    (const char *[]){viz_number_money_whole(p->lang, 12 * r->lost_cents).s, NULL});
	if (p->s->covered >= VIZ_ANALYZE_SMALL)
		put(p, "p class=\"range\"", VIZ_TEXT_REVENUE_COVERED,
		    (const char *[]){viz_number_count(p->lang, p->s->covered).s,
				     viz_number_money_whole(p->lang, r->covered_cents).s,
				     viz_number_money_whole(p->lang, 12 * r->covered_cents).s,
				     NULL});
	if (p->s->t->movers) {
		put(p, "p class=\"range\"", VIZ_TEXT_REVENUE_RANGE,
		    (const char *[]){viz_number_money_whole(p->lang, r->low_cents).s,
				     viz_number_money_whole(p->lang, r->high_cents).s, NULL});
		put(p, "p", VIZ_TEXT_REVENUE_YEAR,
		    (const char *[]){viz_number_money_whole(p->lang, 12 * r->lost_cents).s,
				     viz_number_money_whole(p->lang, 12 * r->low_cents).s,
				     viz_number_money_whole(p->lang, 12 * r->high_cents).s, NULL});
		put_bounds(p);
	}
	fputs("</section>\n", p->out);
}

/* Percent-encodes text for a link. The link names no server, so nothing is fetched. */
static void put_encoded(const struct page *p, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			fputc(c, p->out);
		else
			fprintf(p->out, "%%%02X", c);
	}
}

static void put_invites(const struct page *p)
{
	const struct viz_summary *s = p->s;
	struct viz_text_filled period;

	if (s->uncovered_n == 0)
		return;
	fputs("<section id=\"invite\">", p->out);
	put(p, "h2", VIZ_TEXT_INVITE, NULL);
	put(p, "p", s->invites_n ? VIZ_TEXT_INVITE_INTRO : VIZ_TEXT_INVITE_NONE,
	    (const char *[]){viz_report_period(&period, p->r), NULL});
	for (size_t i = 0; i < s->invites_n && i < TOP_INVITES; i++) {
		struct viz_text_filled w;
		const char *text = viz_report_invite(&w, p->r, i);

		fputs("<div class=\"invite\">", p->out);
		viz_report_escape(p->out, text);
		fputs("<br><a href=\"whatsapp://send?text=", p->out);
		put_encoded(p, text);
		fprintf(p->out, "\">%s</a></div>\n", viz_text(p->lang, VIZ_TEXT_INVITE_SEND));
	}
	fputs("</section>\n", p->out);
}

static void put_head(const struct page *p)
{
	const struct viz_totals *t = p->s->t;
	bool dated = p->s->month_first >= 0;

	fprintf(
	    p->out,
	    "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
	    "style-src 'unsafe-inline';img-src data:\">\n"
	    "<link rel=\"icon\" "
	    "href=\"data:,\">\n<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
	    viz_host_lang_tag(p->lang), viz_text(p->lang, VIZ_TEXT_TITLE), viz_report_css);
	put(p, "h1", VIZ_TEXT_TITLE, NULL);
	put(p, "p class=\"sub\"", dated ? VIZ_TEXT_SUBTITLE : VIZ_TEXT_SUBTITLE_UNDATED,
	    (const char *[]){shown(p, t->cancelled).s,
			     dated ? viz_number_day(p->lang, t->day_min).s : "",
			     dated ? viz_number_day(p->lang, t->day_max).s : "", NULL});
}

int viz_report_html(FILE *out, const struct viz_report *r)
{
	const struct page p = {out, r, r->s, r->lang};
	int err;

	put_head(&p);
	put_tiles(&p);
	fputs("<div class=\"two\">\n", out);
	viz_report_months(out, r);
	put_reasons(&p);
	fputs("</div>\n", out);
	put_groups(&p);
	put_movers(&p);
	fputs("<section id=\"map\">", out);
	put(&p, "h2", VIZ_TEXT_MAP, NULL);
	err = viz_report_map(out, r);
	put(&p, "p class=\"note\"", VIZ_TEXT_MAP_NOTE, NULL);
	fputs("</section>\n<div class=\"two\">\n", out);
	put_towns(&p, "towns", VIZ_TEXT_WHERE_TO, r->s->towns, r->s->towns_n, NULL);
	put_areas(&p);
	fputs("</div>\n<div class=\"two\">\n", out);
	put_coverage(&p);
	put_towns(&p, "uncovered",
		  r->s->t->own_known ? VIZ_TEXT_UNCOVERED : VIZ_TEXT_UNCOVERED_UNSURE,
		  r->s->uncovered_in, r->s->uncovered_n, "u");
	fputs("</div>\n", out);
	put_providers(&p);
	put_revenue(&p);
	put_invites(&p);
	fputs("<section id=\"ask\">", out);
	put(&p, "h2", VIZ_TEXT_ASK, NULL);
	put(&p, "p class=\"quote\"", VIZ_TEXT_ASK_TEXT, NULL);
	put(&p, "p", VIZ_TEXT_ASK_RECIPE, NULL);
	put(&p, "p class=\"note\"", VIZ_TEXT_ASK_LAW, NULL);
	fputs("</section>\n", out);
	viz_report_read(out, r);
	put(&p, "footer", VIZ_TEXT_MADE, NULL);
	fputs("</main>\n</body>\n</html>\n", out);
	return err < 0 ? err : ferror(out) ? VIZ_ERR_INPUT : 0;
}
