#include "tools/import/import_internal.h"

#include <stdarg.h>

#include "proto/reader.h"

/* A name from a file, cut to the room there is at a whole character, with blanks for what would
 * move a terminal's cursor. */
void viz_import_name(struct import_job *job, const char *name)
{
	size_t n = strnlen(name, sizeof job->where.name - 1);

	memcpy(job->where.name, name, n);
	if (name[n] != '\0') /* cut: not within a character */
		while (n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80)
			n--;
	job->where.name[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)job->where.name[i] < 0x20 || job->where.name[i] == 0x7f)
			job->where.name[i] = ' ';
	if (!viz_text_valid(job->where.name, n)) /* not UTF-8: better nothing than rubbish */
		job->where.name[0] = '\0';
}

static void fill(struct viz_import_note *note, const struct import_job *job,
		 enum viz_import_code code)
{
	*note = (struct viz_import_note){
	    .code = code,
	    .line = job->where.line,
	    .column = job->where.column,
	    .feature = job->where.feature,
	};
	memcpy(note->name, job->where.name, sizeof note->name);
}

void viz_import_error(struct import_job *job, enum viz_import_code code, const char *en,
		      const char *pt, ...)
{
	struct viz_import_report *r = job->report;
	va_list args, again;

	if (r->errors_n++ >= VIZ_IMPORT_ERRORS_MAX)
		return;
	fill(&r->errors[r->errors_n - 1], job, code);
	va_start(args, pt);
	va_copy(again, args);
	vsnprintf(r->errors[r->errors_n - 1].message, VIZ_IMPORT_MESSAGE_BYTES, en, args);
	vsnprintf(r->errors[r->errors_n - 1].message_pt, VIZ_IMPORT_MESSAGE_BYTES, pt, again);
	va_end(again);
	va_end(args);
}

void viz_import_warning(struct import_job *job, enum viz_import_code code, const char *en,
			const char *pt, ...)
{
	struct viz_import_report *r = job->report;
	va_list args, again;

	if (r->warnings_n++ >= VIZ_IMPORT_WARNINGS_MAX)
		return;
	fill(&r->warnings[r->warnings_n - 1], job, code);
	va_start(args, pt);
	va_copy(again, args);
	vsnprintf(r->warnings[r->warnings_n - 1].message, VIZ_IMPORT_MESSAGE_BYTES, en, args);
	vsnprintf(r->warnings[r->warnings_n - 1].message_pt, VIZ_IMPORT_MESSAGE_BYTES, pt, again);
	va_end(again);
	va_end(args);
}

/* Appends, and never passes `max`. */
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

void viz_import_note_text(char *out, size_t max, const struct viz_import_report *report,
			  const struct viz_import_note *note, const char *lang)
{
	bool pt = strncmp(lang, "pt", 2) == 0;
	size_t at = 0;

	if (max == 0)
		return;
	out[0] = '\0';
	add(out, max, &at, "%s:", report->file);
	if (note->line)
		add(out, max, &at, "%u:", note->line);
	if (note->column)
		add(out, max, &at, "%u:", note->column);
	if (note->feature)
		add(out, max, &at, pt ? " item %u" : " feature %u", note->feature);
	if (note->name[0])
		add(out, max, &at, " (%s)", note->name);
	if (note->feature || note->name[0])
		add(out, max, &at, ":");
	add(out, max, &at, " %s", pt ? note->message_pt : note->message);
}
