#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "node/host/speech.h"
#include "tools/analyze/analyze_run.h"
#include "tools/analyze/coverage_files.h"
#include "tools/analyze/options.h"
#include "tools/analyze/report.h"
#include "tools/text/encoding.h"

/* Reads --map date=dt_canc,reason=3. It splits a copy, and the maps point into that. */
static int read_map(struct viz_analyze_options *o, struct viz_analysis *a)
{
	char *p;

	if (!o->map)
		return 0;
	o->map_copy = strdup(o->map);
	if (!o->map_copy)
		return VIZ_ERR_NOMEM;
	for (p = o->map_copy; *p;) {
		size_t len = strcspn(p, ",");
		char *next = p + len + (p[len] == ',');
		char *equals;
		enum viz_role role;

		p[len] = 0;
		equals = strchr(p, '=');
		if (!equals || !viz_columns_role(&role, p, (size_t)(equals - p)) ||
		    role == VIZ_ROLE_NEVER || a->maps == VIZ_ROLES || equals[1] == 0)
			return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_OPTION_MAP, p);
		a->map[a->maps++] = (struct viz_column_map){role, equals + 1};
		p = next;
	}
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return "stdin";
	return slash && slash[1] ? slash + 1 : path;
}

/* Shows how much of a long file is read, on a terminal only. */
struct progress {
	enum viz_lang lang;
	off_t size;
	struct timespec last;
	bool shown;
};

static void show_progress(void *to, uint64_t bytes, uint64_t rows)
{
	struct progress *p = to;
	struct timespec now;
	struct viz_number how;
	struct viz_text_filled w;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if ((now.tv_sec - p->last.tv_sec) * 1000 + (now.tv_nsec - p->last.tv_nsec) / 1000000 < 300)
		return;
	p->last = now;
	p->shown = true;
	if (p->size > 0)
		how =
		    viz_number_share(p->lang, bytes < (uint64_t)p->size ? bytes : (uint64_t)p->size,
				     (uint64_t)p->size);
	else
		snprintf(how.s, sizeof how.s, "%.20s MB",
			 viz_number_count(p->lang, bytes / 1000000).s);
	fprintf(stderr, "\r\033[K%s",
		viz_text_fill(&w, p->lang, VIZ_TEXT_PROGRESS,
			      (const char *[]){viz_number_count(p->lang, rows).s, how.s, NULL}));
}

static void explain_fault(const struct viz_analyze_options *o, const struct viz_analysis *a,
			  const char *name, int error)
{
	static const enum viz_text texts[] = {
	    [VIZ_FILE_SOUND] = VIZ_TEXT_FAULT_MEMORY,
	    [VIZ_FILE_EMPTY] = VIZ_TEXT_FAULT_EMPTY,
	    [VIZ_FILE_TABLE] = VIZ_TEXT_FAULT_TABLE,
	    [VIZ_FILE_XLS] = VIZ_TEXT_FAULT_XLS,
	    [VIZ_FILE_PDF] = VIZ_TEXT_FAULT_PDF,
	    [VIZ_FILE_JSON] = VIZ_TEXT_FAULT_JSON,
	    [VIZ_FILE_BINARY] = VIZ_TEXT_FAULT_BINARY,
	    [VIZ_FILE_UNREADABLE] = VIZ_TEXT_FAULT_UNREADABLE,
	    [VIZ_FILE_NO_HEADER] = VIZ_TEXT_FAULT_NO_HEADER,
	    [VIZ_FILE_NO_COLUMNS] = VIZ_TEXT_FAULT_NO_COLUMNS,
	    [VIZ_FILE_BAD_MAP] = VIZ_TEXT_FAULT_BAD_MAP,
	    [VIZ_FILE_NO_ROWS] = VIZ_TEXT_FAULT_NO_ROWS,
	    [VIZ_FILE_DATES_MIXED] = VIZ_TEXT_FAULT_DATES_MIXED,
	    [VIZ_FILE_DATES_OPEN] = VIZ_TEXT_FAULT_DATES_OPEN,
	    [VIZ_FILE_PIPE_TOO_LONG] = VIZ_TEXT_FAULT_PIPE_TOO_LONG,
	};
	struct viz_text_filled w;
	const char *second = a->fault == VIZ_FILE_BAD_MAP ? a->map[a->fault_map].column
							  : viz_host_speech_reason(error, o->lang);
	const struct viz_file_read *f = &a->file[a->files];
	enum viz_text text = texts[a->fault];
	char proposal[VIZ_COLUMNS_PROPOSAL_BYTES];
	char line[24], other[24], column[16], table[256];

	if (a->fault == VIZ_FILE_DATES_MIXED || a->fault == VIZ_FILE_DATES_OPEN)
		second =
		    viz_analyze_defect_column(column, &a->file[a->files].columns, VIZ_ROLE_DATE);
	if (a->fault == VIZ_FILE_TABLE) {
		viz_table_explain(table, sizeof table, &a->fault_table, o->lang);
		second = table;
	}
	if (a->fault == VIZ_FILE_NO_HEADER && f->ignored.n > 0) {
		text = VIZ_TEXT_FAULT_NO_HEADER_LIKELY;
		second = viz_columns_ignored_proposal(proposal, &f->ignored, &f->columns,
						      viz_text(o->lang, VIZ_TEXT_MAP_WORDS));
	}
	snprintf(line, sizeof line, "%llu", (unsigned long long)a->fault_line);
	snprintf(other, sizeof other, "%llu", (unsigned long long)a->fault_line_other);

	fprintf(
	    viz_analyze_options_faults(o), "%s\n",
	    viz_text_fill(&w, o->lang, text, (const char *[]){name, second, line, other, NULL}));
}

/* Reads all files. Returns how many could be used. */
static size_t read_files(struct viz_analyze_options *o, struct viz_analysis *a)
{
	size_t used = 0;

	for (size_t i = 0; i < o->files_n; i++) {
		char *name = o->name[i];
		struct progress p = {.lang = o->lang};
		bool is_stdin = strcmp(o->files[i], "-") == 0;
		int fd = is_stdin ? STDIN_FILENO : open(o->files[i], O_RDONLY | O_CLOEXEC);
		struct stat st;
		int err = VIZ_ERR_INPUT, error = errno;

		snprintf(name, sizeof o->name[i], "%s", base_name(o->files[i]));
		viz_encoding_clean(name, false);
		a->fault = VIZ_FILE_UNREADABLE;
		if (fd >= 0) {
			if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
				p.size = st.st_size;
			clock_gettime(CLOCK_MONOTONIC, &p.last);
			a->progress = isatty(STDERR_FILENO) ? show_progress : NULL;
			a->progress_to = &p;
			err = viz_analyze_file(a, name, fd);
			error = errno;
			if (!is_stdin)
				close(fd);
		}
		if (p.shown)
			fputs("\r\033[K", stderr);
		if (err < 0)
			explain_fault(o, a, name, error);
		else
			used++;
	}
	return used;
}

static int write_html(const struct viz_analyze_options *o, const struct viz_report *r)
{
	FILE *out = fopen(o->html, "w");
	int err = out ? viz_report_html(out, r) : VIZ_ERR_INPUT;
	struct viz_text_filled w;
	const char *why;

	if (out && fclose(out) != 0)
		err = VIZ_ERR_INPUT;
	why = viz_host_speech_reason(errno, o->lang);
	fprintf(err ? viz_analyze_options_faults(o) : stderr, "%s\n",
		viz_text_fill(&w, o->lang, err ? VIZ_TEXT_FAULT_WRITE : VIZ_TEXT_HTML_WRITTEN,
			      (const char *[]){o->html, why, NULL}));
	return err;
}

static unsigned terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 80;
	return size.ws_col < 40 ? 40 : size.ws_col > 100 ? 100 : size.ws_col;
}

static int report(struct viz_analyze_options *o, const struct viz_analysis *a, const char *rejects,
		  bool failed)
{
	struct viz_summary s;
	struct viz_report r = {
	    .s = &s, .lang = o->lang, .rejects_path = rejects, .rejects_failed = failed};
	const char *term = getenv("TERM");
	int err = viz_summary_make(&s, a);

	if (err < 0)
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_MEMORY, "");
	r.width = terminal_width();
	r.colour =
	    isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
	if (o->json)
		err = viz_report_json(stdout, &r);
	else if (o->csv)
		err = viz_report_csv(stdout, &r);
	else
		err = viz_report_text(stdout, &r);
	if (fflush(stdout) != 0)
		err = VIZ_ERR_INPUT;
	o->reported = true;
	if (o->html && write_html(o, &r) < 0)
		err = VIZ_ERR_INPUT;
	viz_summary_free(&s);
	return err;
}

static int load_coverage(const struct viz_analyze_options *o, struct viz_analysis *a,
			 struct viz_coverage_files *files,
			 const struct viz_analyze_network *network)
{
	char why[1024];
	int err = 0;

	if (network && network->self)
		err = viz_coverage_add(a->coverage, true, network->self);
	for (size_t i = 0; network && i < network->partners_n && err == 0; i++)
		err = viz_coverage_add(a->coverage, false, &network->partners[i]);
	for (size_t i = 0; i < o->coverage_n && err == 0; i++)
		err = viz_coverage_files_add(files, a->coverage, a->gazetteer, NULL, o->coverage[i],
					     o->lang, why, sizeof why);
	for (size_t i = 0; i < o->partners_n && err == 0; i++) {
		char name[VIZ_PARTY_NAME_BYTES];
		size_t len = strcspn(o->partner[i], "=");

		snprintf(name, sizeof name, "%.*s", (int)len, o->partner[i]);
		viz_encoding_clean(name, false);
		err = viz_coverage_files_add(files, a->coverage, a->gazetteer, name,
					     o->partner[i] + len + 1, o->lang, why, sizeof why);
	}
	if (err == VIZ_ERR_INPUT)
		fprintf(viz_analyze_options_faults(o), "%s %s\n",
			viz_text(o->lang, VIZ_TEXT_FAULT_COVERAGE), why);
	else if (err < 0)
		viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_MEMORY, "");
	return err < 0 ? err : viz_coverage_build(a->coverage);
}

static void explain_anatel(const struct viz_analyze_options *o, const char *what, int error)
{
	struct viz_text_filled w;
	enum viz_text text = VIZ_TEXT_FAULT_ANATEL;

	if (what != NULL && strcmp(what, "read") == 0)
		text = VIZ_TEXT_FAULT_UNREADABLE;
	else if (what != NULL && strcmp(what, "empty") == 0)
		text = VIZ_TEXT_FAULT_EMPTY;
	else if (what != NULL && strcmp(what, "binary") == 0)
		text = VIZ_TEXT_FAULT_BINARY;
	fprintf(viz_analyze_options_faults(o), "%s\n",
		viz_text_fill(&w, o->lang, text,
			      (const char *[]){base_name(o->anatel),
					       viz_host_speech_reason(error, o->lang), NULL}));
}

/* Reads Anatel's file for the towns to which somebody moved. */
static int read_anatel(const struct viz_analyze_options *o, struct viz_analysis *a)
{
	bool *wanted = calloc(a->totals.towns + 1, sizeof *wanted);
	int fd = open(o->anatel, O_RDONLY | O_CLOEXEC), err = VIZ_ERR_INPUT;
	int error = errno;

	for (size_t i = 0; wanted && i < a->totals.towns; i++)
		wanted[i] = a->totals.town[i].movers > 0;
	if (wanted && fd >= 0)
		err = viz_anatel_read(&a->anatel, a->towns, wanted, fd);
	error = fd >= 0 ? errno : error;
	if (fd >= 0)
		close(fd);
	free(wanted);
	if (err < 0)
		explain_anatel(o, fd < 0 ? "read" : a->anatel.what, error);
	return err;
}

/* Reads the files and prints the report. */
static int analyse(struct viz_analyze_options *o, struct viz_analysis *a)
{
	char *path = viz_analyze_options_rejects(o);
	bool failed, listed, told;
	size_t used;
	int err;

	if (viz_rejects_open(&a->rejects, path) < 0) {
		free(path);
		return VIZ_ERR_NOMEM;
	}
	used = read_files(o, a);
	listed = a->totals.rejected + a->totals.defects > 0;
	failed = viz_rejects_close(&a->rejects) < 0;
	if (path)
		viz_encoding_clean(path, false); /* from here on it is only shown */
	told = !used || !o->anatel || read_anatel(o, a) == 0;
	err = used ? report(o, a, listed ? path : NULL, failed) : VIZ_ERR_INPUT;
	viz_anatel_free(&a->anatel);
	free(path);
	return used == o->files_n && !failed && told ? err : VIZ_ERR_INPUT;
}

static int with_tables(struct viz_analyze_options *o, struct viz_analysis *a,
		       const struct viz_analyze_network *network)
{
	struct viz_coverage coverage;
	struct viz_coverage_files files = {.warnings = stderr};
	int err = viz_coverage_init(&coverage, a->towns);

	if (err < 0)
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_MEMORY, "");
	a->coverage = &coverage;
	err = load_coverage(o, a, &files, network);
	if (err == 0) {
		err = viz_totals_init(&a->totals, viz_towns_count(a->towns));
		a->totals.own_known = coverage.has_self;
		if (err == 0)
			err = analyse(o, a);
		viz_totals_free(&a->totals);
	}
	viz_coverage_free(&coverage);
	viz_coverage_files_free(&files);
	return err;
}

/* Opens the points of postcodes, if they were imported. When the environment names the file, it
 * must exist. */
static struct viz_cep_points *open_points(const struct viz_analyze_options *o)
{
	const char *named = getenv("VIZINHO_CEP_POINTS"), *path = viz_cep_points_path();
	struct viz_cep_points *points = NULL;
	int err = viz_cep_points_open(&points, path);

	if (err == VIZ_ERR_ABSENT && named && *named)
		viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_POINTS_ABSENT, path);
	else if (err < 0 && err != VIZ_ERR_ABSENT)
		viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_POINTS_DAMAGED, path);
	return err < 0 ? NULL : points;
}

static int run(struct viz_analyze_options *o, struct viz_analysis *a,
	       const struct viz_analyze_network *network)
{
	struct viz_gazetteer *gazetteer = NULL;
	struct viz_cep_points *points;
	int err = viz_gazetteer_open(&gazetteer, NULL);

	if (err < 0)
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_GAZETTEER, "");
	points = open_points(o);
	a->gazetteer = gazetteer;
	a->points = points;
	a->today = o->has_today ? o->today : (int32_t)(time(NULL) / 86400);
	a->base = o->base;
	a->sheet = o->sheet;
	a->all_movers = o->addresses;
	a->dates = o->dates;
	a->dates_given = o->has_dates;
	err = viz_towns_new(&a->towns, gazetteer);
	if (err == 0)
		err = viz_reason_new(&a->reasons);
	if (err == 0)
		err = with_tables(o, a, network);
	else
		viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_MEMORY, "");
	viz_reason_free(a->reasons);
	viz_towns_free(a->towns);
	viz_cep_points_close(points);
	viz_gazetteer_close(gazetteer);
	return err;
}

/* English where it is none of the languages. */
static enum viz_lang lang_of(const char *tag)
{
	enum viz_lang lang = VIZ_LANG_EN;

	viz_host_lang_parse(&lang, tag);
	return lang;
}

static int analyze_options(struct viz_analyze_options *o, int argc, char **argv,
			   const struct viz_analyze_network *network)
{
	struct viz_analysis *a;
	int err;

	if (viz_analyze_options_read(o, argc, argv) < 0)
		return 2;
	a = calloc(1, sizeof *a);
	if (!a)
		return 1;
	err = read_map(o, a) < 0 ? 2 : run(o, a, network) < 0;
	free(o->map_copy);
	free(a);
	return err;
}

/* With --json there is one object on standard output: the report, or else the errors. Errors beside
 * a report go to standard error. */
static void end_faults(struct viz_analyze_options *o, char *text, size_t len, int status)
{
	json_t *error, *errors = o->reported || status == 0 ? NULL : json_array();

	if (errors == NULL) {
		fwrite(text, 1, len, stderr);
		return;
	}
	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	for (size_t at = 0; at < len; at += strcspn(text + at, "\n") + 1)
		json_array_append_new(
		    errors, json_pack("{s:s%}", "message", text + at, strcspn(text + at, "\n")));
	error = json_pack("{s:{s:s,s:s%,s:o}}", "error", "code", status == 2 ? "usage" : "input",
			  "message", text, len, "errors", errors);
	json_dumpf(error, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(error);
}

int viz_analyze_run(int argc, char **argv, bool json, const char *lang,
		    const struct viz_analyze_network *network)
{
	struct viz_analyze_options o = {.json = json,
					.lang = lang ? lang_of(lang) : viz_host_lang_locale()};
	char *text = NULL;
	size_t len = 0;
	bool help = false;
	int status;

	/* The language and the form first: help and the errors of options are in them. */
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			o.lang = lang_of(argv[i + 1]);
		else if (strncmp(argv[i], "--lang=", 7) == 0)
			o.lang = lang_of(argv[i] + 7);
		o.json |= strcmp(argv[i], "--json") == 0;
		help |= strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
	}
	if (help) {
		viz_analyze_options_usage(&o, stdout);
		return 0;
	}
	if (o.json)
		o.faults = open_memstream(&text, &len);
	status = analyze_options(&o, argc, argv, network);
	if (o.faults && fclose(o.faults) == 0)
		end_faults(&o, text, len, status);
	free(text);
	return status;
}
