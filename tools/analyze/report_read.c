/* The part of the page that tells what was read, what was rejected, and what was ignored. */
#include "tools/analyze/report.h"

static void paragraph(FILE *out, const char *text)
{
	fputs("<p>", out);
	viz_report_escape(out, text);
	fputs("</p>\n", out);
}

static void put(FILE *out, enum viz_lang lang, enum viz_text text, const char *const *args)
{
	struct viz_text_filled w;

	paragraph(out, viz_text_fill(&w, lang, text, args));
}

static void put_count(FILE *out, enum viz_lang lang, enum viz_text text, uint64_t n)
{
	if (n >= VIZ_ANALYZE_SMALL)
		put(out, lang, text, (const char *[]){viz_number_count(lang, n).s, NULL});
}

/* "data: dt_canc", one line for each column that is used. */
static void put_used(FILE *out, enum viz_lang lang, const struct viz_columns *c)
{
	fputs("<ul>\n", out);
	for (unsigned i = 0; i < VIZ_ROLE_NEVER; i++) {
		struct viz_text_filled number, w;
		const char *name = c->name[i];

		if (c->at[i] == VIZ_COLUMN_NONE)
			continue;
		if (!*name)
			name = viz_text_fill(
			    &number, lang, VIZ_TEXT_COL_NUMBER,
			    (const char *[]){viz_number_count(lang, c->at[i] + 1u).s, NULL});
		fputs("<li>", out);
		viz_report_escape(
		    out, viz_text_fill(&w, lang, VIZ_TEXT_READ_AS,
				       (const char *[]){
					   viz_text(lang, (enum viz_text)(VIZ_TEXT_ROLE_DATE + i)),
					   name, NULL}));
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void put_file(FILE *out, const struct viz_report *r, const struct viz_file_read *f)
{
	const char delimiter[] = {'"', f->delimiter, '"', 0};
	char list[VIZ_REPORT_NAMES_BYTES], proposal[VIZ_COLUMNS_PROPOSAL_BYTES];

	put(out, r->lang, f->is_table ? VIZ_TEXT_FILE_TABLE : VIZ_TEXT_FILE,
	    (const char *[]){f->name, f->encoding, f->delimiter == '\t' ? "TAB" : delimiter,
			     viz_report_shown(r->lang, f->rows).s,
			     viz_report_shown(r->lang, f->rejected).s, NULL});
	if (f->sheets > 1)
		put(out, r->lang, VIZ_TEXT_SHEET,
		    (const char *[]){f->sheet, viz_report_shown(r->lang, f->sheets).s, NULL});
	put_count(out, r->lang, VIZ_TEXT_BESIDE, f->beside);
	put_used(out, r->lang, &f->columns);
	if (*viz_report_ignored(list, r->lang, f, false))
		put(out, r->lang, VIZ_TEXT_IGNORED, (const char *[]){list, NULL});
	if (*viz_report_ignored(list, r->lang, f, true))
		put(out, r->lang, VIZ_TEXT_NEVER_READ, (const char *[]){list, NULL});
	if (*viz_columns_ignored_proposal(proposal, &f->ignored, &f->columns,
					  viz_text(r->lang, VIZ_TEXT_MAP_WORDS)))
		put(out, r->lang, VIZ_TEXT_PROPOSAL, (const char *[]){proposal, NULL});
}

void viz_report_read(FILE *out, const struct viz_report *r)
{
	const struct viz_analysis *a = r->s->a;
	const struct viz_totals *t = &a->totals;

	fprintf(out, "<section id=\"read\"><h2>%s</h2>\n", viz_text(r->lang, VIZ_TEXT_READ));
	for (size_t i = 0; i < a->files; i++)
		put_file(out, r, &a->file[i]);
	put_count(out, r->lang, VIZ_TEXT_ACTIVE, t->active);
	put_count(out, r->lang, VIZ_TEXT_IN_FORCE, t->in_force);
	put_count(out, r->lang, VIZ_TEXT_UNDONE, t->undone);
	if (t->rejected || t->defects) {
		put(out, r->lang, VIZ_TEXT_REJECTED,
		    (const char *[]){viz_report_shown(r->lang, t->rejected).s,
				     viz_report_shown(r->lang, t->defects).s, NULL});
		fputs("<ul>\n", out);
		for (unsigned k = 0; k < VIZ_REJECT_KINDS; k++)
			if (a->rejects.count[k])
				fprintf(out, "<li>%s: %s</li>\n",
					viz_text(r->lang,
						 (enum viz_text)(VIZ_TEXT_REJECT_TOO_LONG + k)),
					viz_report_shown(r->lang, a->rejects.count[k]).s);
		fputs("</ul>\n", out);
	}
	fputs("</section>\n", out);
}
