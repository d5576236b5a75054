/* The command line of the analysis. */
#ifndef VIZ_TOOLS_ANALYZE_OPTIONS_H
#define VIZ_TOOLS_ANALYZE_OPTIONS_H

#include <stdio.h>

#include "tools/analyze/analyze.h"
#include "tools/analyze/coverage_files.h"
#include "tools/analyze/text.h"

struct viz_analyze_options {
	const char *files[VIZ_ANALYZE_FILES_MAX];
	size_t files_n;
	const char *coverage[VIZ_COVERAGE_FILES_MAX];
	size_t coverage_n;
	const char *partner[VIZ_ANALYZE_PARTNERS_MAX]; /* NAME=FILE */
	size_t partners_n;
	const char *html, *rejects, *map, *anatel, *sheet;
	char *map_copy;
	char name[VIZ_ANALYZE_FILES_MAX][256]; /* of the files, for people and for JSON */
	enum viz_date_order dates;
	bool json, csv, addresses, has_today, has_dates;
	FILE *faults;  /* with --json: the errors, until it is known whether there is a report */
	bool reported; /* the report is on standard output */
	int32_t today;
	uint64_t base; /* customers; 0: not told */
	enum viz_lang lang;
};

/* Reads the command line into *o, of which `lang` is set, and `json` too where it is known. The
 * texts are borrowed from argv. VIZ_ERR_INPUT, with the error told. */
int viz_analyze_options_read(struct viz_analyze_options *o, int argc, char **argv);
void viz_analyze_options_usage(const struct viz_analyze_options *o, FILE *out);
/* Tells an error. Returns VIZ_ERR_INPUT. */
int viz_analyze_options_wrong(const struct viz_analyze_options *o, enum viz_text text,
			      const char *what);
/* Where the rejected rows go; NULL: nowhere. There is a file. Free it. */
char *viz_analyze_options_rejects(const struct viz_analyze_options *o);
/* Where errors go: standard error, or with --json what is printed at the end. */
FILE *viz_analyze_options_faults(const struct viz_analyze_options *o);

#endif
