#include "tools/analyze/rejects.h"
#include "tools/analyze/limits_analyze.h"

#include <inttypes.h>

const char *viz_rejects_name(enum viz_reject kind)
{
	static const char *const names[VIZ_REJECT_KINDS] = {
	    [VIZ_REJECT_TOO_LONG] = "row-too-long-or-quote-never-closed",
	    [VIZ_REJECT_TOO_MANY_COLUMNS] = "too-many-columns",
	    [VIZ_REJECT_TOO_FEW_COLUMNS] = "too-few-columns",
	    [VIZ_REJECT_DATE] = "not-a-date",
	    [VIZ_REJECT_DATE_FUTURE] = "date-in-the-future",
	    [VIZ_REJECT_DATE_OLD] = "date-too-old",
	    [VIZ_REJECT_MONEY] = "not-an-amount",
	    [VIZ_REJECT_MONEY_RANGE] = "amount-out-of-range",
	    [VIZ_REJECT_DOCUMENT] = "wrong-check-digit",
	    [VIZ_REJECT_CEP] = "not-a-cep",
	    [VIZ_REJECT_CEP_UNKNOWN] = "no-such-cep",
	    [VIZ_REJECT_IBGE] = "no-such-ibge-code",
	    [VIZ_REJECT_UF] = "no-such-state",
	    [VIZ_REJECT_CITY] = "no-such-municipality",
	    [VIZ_REJECT_CITY_AMBIGUOUS] = "municipality-of-several-states",
	    [VIZ_REJECT_COORDINATE] = "not-a-coordinate",
	    [VIZ_REJECT_ABROAD] = "outside-brazil",
	    [VIZ_REJECT_PLACE] = "not-a-place",
	    [VIZ_REJECT_CONTRADICTION] = "contradicts-the-other-columns",
	};

	return names[kind];
}

bool viz_rejects_lose_row(enum viz_reject kind)
{
	return kind < VIZ_REJECT_MONEY;
}

int viz_rejects_open(struct viz_rejects *r, const char *path)
{
	*r = (struct viz_rejects){0};
	if (path && !(r->path = strdup(path)))
		return VIZ_ERR_NOMEM;
	return 0;
}

static bool ready(struct viz_rejects *r)
{
	if (r->out || r->failed || !r->path)
		return r->out != NULL;
	r->out = fopen(r->path, "w");
	if (!r->out || fputs("file;line;column;reason;lost\n", r->out) < 0)
		r->failed = true;
	return !r->failed;
}

/* Writes a name, in quotes where it needs them. */
static void put_name(FILE *out, const char *s)
{
	if (!strpbrk(s, ";\"\r\n")) {
		fputs(s, out);
		return;
	}
	fputc('"', out);
	for (; *s; s++) {
		if (*s == '"')
			fputc('"', out);
		fputc(*s, out);
	}
	fputc('"', out);
}

void viz_rejects_add(struct viz_rejects *r, enum viz_reject kind, const char *file, uint64_t line,
		     const char *column)
{
	r->count[kind]++;
	if (r->listed >= VIZ_ANALYZE_REJECTS_MAX || !ready(r))
		return;
	r->listed++;
	put_name(r->out, file);
	fprintf(r->out, ";%" PRIu64 ";", line);
	put_name(r->out, column);
	fprintf(r->out, ";%s;%s\n", viz_rejects_name(kind),
		viz_rejects_lose_row(kind) ? "row" : "value");
}

int viz_rejects_close(struct viz_rejects *r)
{
	bool failed = r->failed;

	if (r->out && (ferror(r->out) || fclose(r->out) != 0))
		failed = true;
	r->out = NULL;
	free(r->path);
	r->path = NULL;
	return failed ? VIZ_ERR_INPUT : 0;
}
