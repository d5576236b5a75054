#include "tools/import/import_internal.h"

#include <stdarg.h>

#include "proto/reader.h"
#include "proto/text.h"

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
	memcpy(note->inner, job->where.inner, sizeof note->inner);
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

static void fill_text(struct viz_import_note *note, const struct import_job *job,
		      enum viz_import_code code, const char *en, const char *pt)
{
	fill(note, job, code);
	snprintf(note->message, sizeof note->message, "%s", en);
	snprintf(note->message_pt, sizeof note->message_pt, "%s", pt);
}

void viz_import_error_text(struct import_job *job, enum viz_import_code code, const char *en,
			   const char *pt)
{
	struct viz_import_report *r = job->report;

	if (r->errors_n++ < VIZ_IMPORT_ERRORS_MAX)
		fill_text(&r->errors[r->errors_n - 1], job, code, en, pt);
}

static size_t ignored_all(const struct import_job *job)
{
	size_t n = 0;

	for (size_t i = 0; i < VIZ_IMPORT_IGNORED_KINDS; i++)
		n += job->report->ignored[i];
	return n;
}

void viz_import_ignore(struct import_job *job, enum viz_import_ignored kind)
{
	static const char *const texts[VIZ_IMPORT_IGNORED_KINDS][2] = {
	    {"a line says nothing about an area: ignored (draw a polygon around what it serves)",
	     "uma linha não descreve uma área: ignorada (desenhe um polígono em volta do que ela "
	     "atende)"},
	    {"no geometry: ignored", "sem geometria: ignorado"},
	    {"a picture, a model or a track says nothing about an area: ignored",
	     "uma imagem, um modelo ou uma trilha não descreve uma área: ignorado"},
	    {"a row without a place: ignored", "uma linha da tabela sem lugar: ignorada"},
	    {"a hole that takes nothing away from its polygon (outside it, or within another "
	     "hole): ignored",
	     "um furo que nada tira do seu polígono (fora dele, ou dentro de outro furo): "
	     "ignorado"},
	};

	struct viz_import_report *r = job->report;

	r->ignored[kind]++;
	if (r->warnings_n++ < VIZ_IMPORT_WARNINGS_MAX)
		fill_text(&r->warnings[r->warnings_n - 1], job, VIZ_IMPORT_IGNORED, texts[kind][0],
			  texts[kind][1]);
}

void viz_import_feature(struct import_job *job)
{
	job->where.feature++;
	job->used_before = job->used;
	job->ignored_before = ignored_all(job);
	job->errors_before = job->report->errors_n;
	viz_import_name(job, "");
}

void viz_import_feature_end(struct import_job *job)
{
	if (job->used > job->used_before)
		job->report->features++;
	else if (ignored_all(job) == job->ignored_before &&
		 job->report->errors_n == job->errors_before)
		viz_import_ignore(job, VIZ_IMPORT_IGNORED_EMPTY);
	viz_import_name(job, "");
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
	add(out, max, &at, "%s%s%s:", report->file, note->inner[0] ? "/" : "", note->inner);
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

void viz_import_ignored_text(char *out, size_t max, const size_t ignored[VIZ_IMPORT_IGNORED_KINDS],
			     const char *lang)
{
	static const char *const texts[VIZ_IMPORT_IGNORED_KINDS][2] = {
	    {"lines", "linhas de cabo"},
	    {"without geometry", "sem geometria"},
	    {"pictures, models, tracks", "imagens, modelos, trilhas"},
	    {"rows without a place", "linhas da tabela sem lugar"},
	    {"holes that take nothing away", "furos que nada tiram"},
	};
	bool pt = strncmp(lang, "pt", 2) == 0;
	size_t at = 0;

	if (max > 0)
		out[0] = '\0';
	for (size_t i = 0; i < VIZ_IMPORT_IGNORED_KINDS; i++)
		if (ignored[i] > 0)
			add(out, max, &at, "%s%s: %zu", at > 0 ? "; " : "", texts[i][pt],
			    ignored[i]);
}
