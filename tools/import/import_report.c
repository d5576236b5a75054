#include "tools/import/import_internal.h"

#include <ctype.h>
#include <stdarg.h>

#include "proto/personal.h"
#include "tools/text/encoding.h"

/* Whether the name is the code of a thing, like "CTO-12/A": it has a digit, at most one word of two
 * to four letters, and no longer one. Every other name may be a customer's. */
static bool is_code(const char *name)
{
	size_t words = 0, digits = 0, letters = 0;

	for (; *name != '\0'; name++) {
		unsigned char c = (unsigned char)*name;
		bool letter = c >= 0x80 || isalpha(c);

		digits += isdigit(c) != 0;
		letters = letter ? letters + 1 : 0;
		words += letters == 2;
		if (letters > 4)
			return false;
	}
	return digits > 0 && words <= 1;
}

/* Keeps the name of a feature, for what is said about it. Names that may be of people are not kept:
 * line and number say which feature it is. */
void viz_import_report_name(struct import_job *job, const char *name)
{
	job->where.name[0] = '\0';
	if (strlen(name) < sizeof job->where.name && is_code(name) &&
	    viz_personal_find(name) == VIZ_PERSONAL_NONE)
		strcpy(job->where.name, name);
	viz_encoding_clean(job->where.name, false);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* The arguments have been compared with the text where the macros of import_internal.h stand. */
static void fill(struct viz_import_note *note, const struct import_job *job,
		 enum viz_import_code code, enum viz_import_text text, va_list args)
{
	*note = (struct viz_import_note){
	    .code = code,
	    .line = job->where.line,
	    .column = job->where.column,
	    .feature = job->where.feature,
	    .part = job->where.part,
	};
	memcpy(note->name, job->where.name, sizeof note->name);
	memcpy(note->inner, job->where.inner, sizeof note->inner);
	vsnprintf(note->message, sizeof note->message,
		  viz_import_text_texts[text][job->report->lang], args);
	viz_encoding_clean(note->message, false); /* it may quote the file */
}
#pragma GCC diagnostic pop

void viz_import_report_error(struct import_job *job, enum viz_import_code code,
			     enum viz_import_text text, ...)
{
	struct viz_import_report *r = job->report;
	va_list args;

	if (r->errors_n++ >= VIZ_IMPORT_ERRORS_MAX)
		return;
	va_start(args, text);
	fill(&r->errors[r->errors_n - 1], job, code, text, args);
	va_end(args);
}

void viz_import_report_warning(struct import_job *job, enum viz_import_code code,
			       enum viz_import_text text, ...)
{
	struct viz_import_report *r = job->report;
	va_list args;

	if (r->warnings_n++ >= VIZ_IMPORT_WARNINGS_MAX)
		return;
	va_start(args, text);
	fill(&r->warnings[r->warnings_n - 1], job, code, text, args);
	va_end(args);
}

/* Past the limit, and without memory, the import ends. */
static bool more_notes(struct import_job *job)
{
	struct viz_import *out = job->out;
	size_t max = job->left_out_max ? job->left_out_max * 2 : 16;
	struct viz_import_note *more;

	if (out->left_out_n < job->left_out_max)
		return true;
	max = max < VIZ_IMPORT_LEFT_OUT_MAX ? max : VIZ_IMPORT_LEFT_OUT_MAX;
	if (out->left_out_n == max) {
		viz_import_error(job, VIZ_IMPORT_TOO_MUCH, VIZ_IMPORT_TEXT_LEFT_OUT_MAX,
				 VIZ_IMPORT_LEFT_OUT_MAX);
		job->fatal = VIZ_ERR_LIMIT;
		return false;
	}
	more = realloc(out->left_out, max * sizeof *more);
	if (!more) {
		job->fatal = VIZ_ERR_NOMEM;
		return false;
	}
	out->left_out = more;
	job->left_out_max = max;
	return true;
}

void viz_import_report_leave_out(struct import_job *job, enum viz_import_code code,
				 enum viz_import_text text, ...)
{
	va_list args;

	if (job->fatal || !more_notes(job))
		return;
	va_start(args, text);
	fill(&job->out->left_out[job->out->left_out_n++], job, code, text, args);
	va_end(args);
}

void viz_import_report_left_out_errors(struct import_job *job)
{
	struct viz_import_report *r = job->report;
	struct viz_import *out = job->out;

	r->refusing_n = r->errors_n;
	for (size_t i = 0; i < out->left_out_n; i++, r->errors_n++)
		if (r->errors_n < VIZ_IMPORT_ERRORS_MAX)
			r->errors[r->errors_n] = out->left_out[i];
	free(out->left_out);
	out->left_out = NULL;
	out->left_out_n = job->left_out_max = 0;
}

static size_t ignored_all(const struct import_job *job)
{
	size_t n = 0;

	for (size_t i = 0; i < VIZ_IMPORT_IGNORED_KINDS; i++)
		n += job->report->ignored[i];
	return n;
}

_Static_assert(VIZ_IMPORT_TEXT_IGNORE_LINES + (int)VIZ_IMPORT_IGNORED_HOLES ==
		   (int)VIZ_IMPORT_TEXT_IGNORE_HOLES,
	       "each kind has a warning");
_Static_assert(VIZ_IMPORT_TEXT_IGNORED_LINES + (int)VIZ_IMPORT_IGNORED_HOLES ==
		   (int)VIZ_IMPORT_TEXT_IGNORED_HOLES,
	       "each kind has a word");

void viz_import_report_ignore(struct import_job *job, enum viz_import_ignored kind)
{
	job->report->ignored[kind]++;
	viz_import_report_warning(job, VIZ_IMPORT_IGNORED,
				  (enum viz_import_text)(VIZ_IMPORT_TEXT_IGNORE_LINES + (int)kind));
}

void viz_import_report_feature(struct import_job *job)
{
	job->where.feature++;
	job->used_before = job->used;
	job->ignored_before = ignored_all(job);
	job->errors_before = job->report->errors_n;
	job->left_out_before = job->out->left_out_n;
	viz_import_report_name(job, "");
}

void viz_import_report_feature_end(struct import_job *job)
{
	if (job->used > job->used_before)
		job->report->features++;
	else if (ignored_all(job) == job->ignored_before &&
		 job->report->errors_n == job->errors_before &&
		 job->out->left_out_n == job->left_out_before)
		viz_import_report_ignore(job, VIZ_IMPORT_IGNORED_EMPTY);
	viz_import_report_name(job, "");
}

/* Appends at *at, and cuts at `max`. */
__attribute__((format(printf, 4, 5))) static void add(char *out, size_t max, size_t *at,
						      const char *format, ...)
{
	va_list args;
	int n;

	if (*at >= max)
		return;
	va_start(args, format);
	n = vsnprintf(out + *at, max - *at, format, args);
	va_end(args);
	*at += n > 0 ? (size_t)n : 0;
}

void viz_import_report_note_text(char *out, size_t max, const struct viz_import_report *report,
				 const struct viz_import_note *note)
{
	size_t at = 0;

	if (max == 0)
		return;
	out[0] = '\0';
	add(out, max, &at, "%s%s%s:", report->file, note->inner[0] ? "/" : "", note->inner);
	if (note->line)
		add(out, max, &at, "%u:", note->line);
	if (note->column)
		add(out, max, &at, "%u:", note->column);
	if (note->feature)
		add(out, max, &at, " %s %u",
		    viz_import_text_texts[VIZ_IMPORT_TEXT_FEATURE][report->lang], note->feature);
	if (note->name[0])
		add(out, max, &at, " (%s)", note->name);
	if (note->part)
		add(out, max, &at, "%s %s %u", note->feature || note->name[0] ? "," : "",
		    viz_import_text_texts[VIZ_IMPORT_TEXT_PART][report->lang], note->part);
	if (note->feature || note->name[0] || note->part)
		add(out, max, &at, ":");
	add(out, max, &at, " %s", note->message);
}

void viz_import_report_list_left_out(FILE *out, const struct viz_import *import,
				     const struct viz_import_report *report)
{
	char text[VIZ_IMPORT_MESSAGE_BYTES + 512];

	for (size_t i = 0; i < import->left_out_n; i++) {
		viz_import_report_note_text(text, sizeof text, report, &import->left_out[i]);
		fprintf(out, "%s: %s\n",
			viz_import_text_texts[VIZ_IMPORT_TEXT_LEFT_OUT][report->lang], text);
	}
}

void viz_import_report_ignored_text(char *out, size_t max,
				    const size_t ignored[VIZ_IMPORT_IGNORED_KINDS],
				    enum viz_lang lang)
{
	size_t at = 0;

	if (max > 0)
		out[0] = '\0';
	for (size_t i = 0; i < VIZ_IMPORT_IGNORED_KINDS; i++)
		if (ignored[i] > 0)
			add(out, max, &at, "%s%s: %zu", at > 0 ? "; " : "",
			    viz_import_text_texts[VIZ_IMPORT_TEXT_IGNORED_LINES + i][lang],
			    ignored[i]);
}
