/* The report in its four forms. All write to `out`; VIZ_ERR_INPUT when that fails. */
#ifndef VIZ_ANALYZE_REPORT_H
#define VIZ_ANALYZE_REPORT_H

#include "tools/analyze/number.h"
#include "tools/analyze/summary.h"
#include "tools/analyze/text.h"

#define VIZ_REPORT_NAMES_BYTES 1024

struct viz_report {
	const struct viz_summary *s;
	enum viz_lang lang;
	const char *rejects_path; /* NULL when nothing was listed */
	bool rejects_failed;
	unsigned width; /* of the terminal, in columns */
	bool colour;
};

/* Everything, exact: for the provider's own eyes. */
int viz_report_text(FILE *out, const struct viz_report *r);
int viz_report_json(FILE *out, const struct viz_report *r);
int viz_report_csv(FILE *out, const struct viz_report *r);
/* One page to mail around. It needs no network, and counts below VIZ_ANALYZE_SMALL are suppressed.
 */
int viz_report_html(FILE *out, const struct viz_report *r);

/* The months of the page: report_months.c. */
void viz_report_months(FILE *out, const struct viz_report *r);
/* A count, or "fewer than 5". */
struct viz_number viz_report_shown(enum viz_lang lang, uint64_t n);
/* How the file lacks the destinations: no column, or one that is not filled in. */
enum viz_text viz_report_not_given(const struct viz_analysis *a);
/* The names of the ignored columns, or of those that are not read on purpose, with commas between.
 */
const char *viz_report_ignored(char out[VIZ_REPORT_NAMES_BYTES], enum viz_lang lang,
			       const struct viz_file_read *file, bool never);
/* The part of the page about what was read, rejected and ignored: report_read.c. */
void viz_report_read(FILE *out, const struct viz_report *r);
/* The providers of a town by Anatel's file: "A, B, C", most accesses first. Empty when it is not
 * known. */
const char *viz_report_providers(char out[VIZ_REPORT_NAMES_BYTES], const struct viz_summary *s,
				 uint32_t town);
/* Churn, and what it is by plan, time as a customer and neighbourhood: report_groups.c. The text
 * goes in lines of `width` characters; names of fewer than VIZ_ANALYZE_SMALL do not appear. */
struct viz_report_lines {
	size_t n;
	struct {
		char name[64];
		uint64_t cancelled, movers, whole; /* whole: with those in force; 0: not known */
	} line[10];
};
enum viz_report_by {
	VIZ_REPORT_BY_PLAN,
	VIZ_REPORT_BY_TENURE,
	VIZ_REPORT_BY_QUARTER,
};
#define VIZ_REPORT_BYS 3
void viz_report_groups_lines(struct viz_report_lines *out, const struct viz_report *r,
			     enum viz_report_by by);
/* "Of 5,000 customers 1.2 % leave each month, 0.4 % by moving." Empty when the file has no
 * contracts in force and nobody told the base; a hint when it has too few.
 */
const char *viz_report_groups_churn(struct viz_text_filled *w, const struct viz_report *r);
enum viz_text viz_report_groups_title(enum viz_report_by by);
/* The map of the page, as inline SVG: report_map.c. */
int viz_report_map(FILE *out, const struct viz_report *r);
/* Who serves most movers to a town: "k" we, "c" a partner, "u" nobody, "d" not known. The classes
 * of report.css. */
const char *viz_report_kind(const struct viz_summary *s, uint32_t town);
/* "in 90 days", or the months when the file ends long before today. */
const char *viz_report_period(struct viz_text_filled *w, const struct viz_report *r);
/* The text that invites a neighbour from the i-th town of s->invites. It names our lack of coverage
 * only where our coverage is known. */
const char *viz_report_invite(struct viz_text_filled *w, const struct viz_report *r, size_t i);
/* "{1} at the very point", ...; not for VIZ_HOW_NOT. */
enum viz_text viz_report_how(enum viz_how how);
/* `text` with &, <, > and quotes as entities. */
void viz_report_escape(FILE *out, const char *text);

#endif
