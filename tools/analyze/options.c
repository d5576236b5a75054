#include "tools/analyze/options.h"

#include <stddef.h>

#include "node/host/spelling.h"
#include "tools/analyze/same_file.h"
#include "tools/analyze/value.h"

FILE *viz_analyze_options_faults(const struct viz_analyze_options *o)
{
	return o->faults ? o->faults : stderr;
}

static int told(const struct viz_analyze_options *o, enum viz_text text, const char *what,
		const char *other)
{
	struct viz_text_filled w;

	fprintf(viz_analyze_options_faults(o), "%s\n",
		viz_text_fill(&w, o->lang, text, (const char *[]){what, other, NULL}));
	return VIZ_ERR_INPUT;
}

int viz_analyze_options_wrong(const struct viz_analyze_options *o, enum viz_text text,
			      const char *what)
{
	return told(o, text, what, "");
}

static int set_base(struct viz_analyze_options *o, const char *value)
{
	char *end;
	unsigned long long n = strtoull(value, &end, 10);

	if (*value < '1' || *value > '9' || *end || n > VIZ_ANALYZE_BASE_MAX)
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_BASE, value);
	o->base = n;
	return 0;
}

static int set_dates(struct viz_analyze_options *o, const char *value)
{
	bool month =
	    strcmp(value, "month") == 0 || strcmp(value, "mes") == 0 || strcmp(value, "mês") == 0;

	if (!month && strcmp(value, "day") != 0 && strcmp(value, "dia") != 0)
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_DATES, value);
	o->has_dates = true;
	o->dates = month ? VIZ_DATE_MONTH_FIRST : VIZ_DATE_DAY_FIRST;
	return 0;
}

static int set_today(struct viz_analyze_options *o, const char *value)
{
	o->has_today = viz_value_date(&o->today, value, strlen(value)) == 0;
	return o->has_today ? 0 : viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_TODAY, value);
}

static int set_coverage(struct viz_analyze_options *o, const char *value)
{
	if (o->coverage_n == VIZ_COVERAGE_FILES_MAX)
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_TOO_MANY, value);
	o->coverage[o->coverage_n++] = value;
	return 0;
}

static int set_partner(struct viz_analyze_options *o, const char *value)
{
	if (strchr(value, '=') == NULL || value[0] == '=')
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_PARTNER, value);
	if (o->partners_n == VIZ_ANALYZE_PARTNERS_MAX)
		return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_TOO_MANY, value);
	o->partner[o->partners_n++] = value;
	return 0;
}

/* Was read before the others. */
static int set_lang(struct viz_analyze_options *o, const char *value)
{
	(void)o;
	(void)value;
	return 0;
}

#define TEXT(field) NULL, offsetof(struct viz_analyze_options, field)

/* Options with a value: what takes it, or where it is kept as it is. */
static const struct {
	const char *name;
	int (*set)(struct viz_analyze_options *o, const char *value);
	size_t at;
} valued[] = {{"map", TEXT(map)},       {"html", TEXT(html)},          {"rejects", TEXT(rejects)},
	      {"anatel", TEXT(anatel)}, {"sheet", TEXT(sheet)},        {"base", set_base, 0},
	      {"lang", set_lang, 0},    {"coverage", set_coverage, 0}, {"partner", set_partner, 0},
	      {"dates", set_dates, 0},  {"today", set_today, 0}};

#undef TEXT

#define VALUED (sizeof valued / sizeof *valued)

/* "no-node" is the command's, and "help" too. */
static const char *const flags[] = {"json", "csv", "addresses", "no-node", "help"};

static bool set_flag(struct viz_analyze_options *o, const char *name)
{
	bool *flag = strcmp(name, "json") == 0        ? &o->json
		     : strcmp(name, "csv") == 0       ? &o->csv
		     : strcmp(name, "addresses") == 0 ? &o->addresses
						      : NULL;

	if (flag == NULL)
		return false;
	*flag = true;
	return true;
}

static int unknown(const struct viz_analyze_options *o, const char *name)
{
	struct viz_host_spelling s = viz_host_spelling_of(name + strspn(name, "-"));

	for (size_t i = 0; i < VALUED; i++)
		viz_host_spelling_known(&s, valued[i].name);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		viz_host_spelling_known(&s, flags[i]);
	return s.nearest != NULL ? told(o, VIZ_TEXT_FAULT_OPTION_NEAR, name, s.nearest)
				 : told(o, VIZ_TEXT_FAULT_OPTION, name, "");
}

static int set_value(struct viz_analyze_options *o, size_t i, const char *value)
{
	if (valued[i].set)
		return valued[i].set(o, value);
	memcpy((char *)o + valued[i].at, &value, sizeof value);
	return 0;
}

/* Takes the option at argv[*at], and its value. */
static int take(struct viz_analyze_options *o, int *at, int argc, char **argv)
{
	const char *word = argv[*at], *equals = strchr(word, '=');
	char name[24];

	snprintf(name, sizeof name, "%.*s", equals ? (int)(equals - word) : (int)strlen(word),
		 word);
	if (strncmp(name, "--", 2) != 0)
		return unknown(o, name);
	if (set_flag(o, word + 2))
		return 0;
	for (size_t i = 0; i < VALUED; i++) {
		if (strcmp(valued[i].name, name + 2) != 0)
			continue;
		if (equals)
			return set_value(o, i, equals + 1);
		if (*at + 1 >= argc)
			return viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_OPTION_VALUE, name);
		return set_value(o, i, argv[++*at]);
	}
	return unknown(o, name);
}

char *viz_analyze_options_rejects(const struct viz_analyze_options *o)
{
	char *path = NULL;

	if (o->rejects)
		return strcmp(o->rejects, "none") == 0 ? NULL : strdup(o->rejects);
	if (strcmp(o->files[0], "-") == 0 || strncmp(o->files[0], "/dev/", 5) == 0)
		return NULL;
	if (asprintf(&path, "%s.rejects.csv", o->files[0]) < 0)
		return NULL;
	return path;
}

/* Whether an output is a file that is read. */
static bool is_read(const struct viz_analyze_options *o, const char *out)
{
	for (size_t i = 0; i < o->partners_n; i++) {
		const char *file = strchr(o->partner[i], '=') + 1;

		if (viz_same_file_any(out, &file, 1))
			return true;
	}
	return viz_same_file_any(out, o->files, o->files_n) ||
	       viz_same_file_any(out, o->coverage, o->coverage_n) ||
	       viz_same_file_any(out, &o->anatel, 1);
}

static int look_at_outputs(const struct viz_analyze_options *o)
{
	char *rejects = o->files_n > 0 ? viz_analyze_options_rejects(o) : NULL;
	const char *const out[] = {o->html, rejects};
	int err = 0;

	for (size_t i = 0; i < 2 && err == 0; i++)
		if (is_read(o, out[i]))
			err = viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_OVERWRITE, out[i]);
	free(rejects);
	return err;
}

void viz_analyze_options_usage(const struct viz_analyze_options *o, FILE *out)
{
	struct viz_text_filled w;

	fprintf(out, "%s\n",
		viz_text_fill(&w, o->lang, VIZ_TEXT_USAGE, (const char *[]){VIZ_LANG_LIST, NULL}));
}

static int no_file(const struct viz_analyze_options *o)
{
	viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_NO_FILE, "");
	if (!o->json)
		viz_analyze_options_usage(o, stderr);
	return VIZ_ERR_INPUT;
}

int viz_analyze_options_read(struct viz_analyze_options *o, int argc, char **argv)
{
	int err = 0;

	for (int i = 1; i < argc && err == 0; i++) {
		if (argv[i][0] == '-' && strcmp(argv[i], "-") != 0)
			err = take(o, &i, argc, argv);
		else if (o->files_n == VIZ_ANALYZE_FILES_MAX)
			err = viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_TOO_MANY, argv[i]);
		else
			o->files[o->files_n++] = argv[i];
	}
	if (err == 0)
		err = look_at_outputs(o);
	if (err == 0 && o->json && o->csv)
		err = viz_analyze_options_wrong(o, VIZ_TEXT_FAULT_BOTH, "");
	if (err == 0 && o->files_n == 0)
		err = no_file(o);
	return err;
}
