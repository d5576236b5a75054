#include "tools/analyze/row_beside.h"

#include "tools/text/fold.h"

#define LOOK_BYTES 48u

/* How the first cell of such a row begins. */
static const char *const beginnings[] = {"total",
					 "totais",
					 "subtotal",
					 "sub total",
					 "pagina",
					 "pag ",
					 "emitido em",
					 "emissao ",
					 "gerado em",
					 "impresso",
					 "qtd",
					 "qtde",
					 "quantidade",
					 "soma",
					 "media",
					 "registros",
					 "n registros",
					 "numero de registros",
					 "fim do relatorio",
					 "relatorio gerado",
					 "relatorio emitido",
					 "usuario "};

static bool begins(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && memcmp(text, word, n) == 0 &&
	       (len == n || word[n - 1] == ' ' || text[n] == ' ');
}

static struct viz_field first_cell(const struct viz_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		const char *text = row->field[i].text;
		size_t len = row->field[i].len;

		viz_value_empty_trim(&text, &len);
		if (!viz_value_empty(text, len))
			return (struct viz_field){text, (uint32_t)len};
	}
	return (struct viz_field){"", 0};
}

/* Whether a cell is the heading of its column again. */
static bool is_heading(const struct viz_row_view *v, enum viz_role role)
{
	struct viz_field f = viz_row_value(v, role);
	const char *name = v->file->columns.name[role];
	char is[LOOK_BYTES], was[LOOK_BYTES];
	size_t n;

	if (f.len == 0 || !name[0])
		return false;
	n = viz_fold_text(is, sizeof is, f.text, f.len);
	return n > 0 && n == viz_fold_text(was, sizeof was, name, strlen(name)) &&
	       memcmp(is, was, n) == 0;
}

bool viz_row_beside(const struct viz_row_view *v)
{
	struct viz_field date = viz_row_value(v, VIZ_ROLE_DATE), cell;
	char folded[LOOK_BYTES];
	int32_t day;
	size_t n;

	/* by far the most rows */
	if (date.len == 10 && (date.text[2] == '/' || date.text[4] == '-'))
		return false;
	if (date.len > 0 && viz_value_date_in(&day, v->file->dates, date.text, date.len) == 0)
		return false;
	if (is_heading(v, VIZ_ROLE_DATE) ||
	    (is_heading(v, VIZ_ROLE_REASON) && is_heading(v, VIZ_ROLE_DETAIL)))
		return true;
	cell = first_cell(v->row);
	n = viz_fold_text(folded, sizeof folded, cell.text, cell.len);
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
		if (begins(folded, n, beginnings[i]))
			return true;
	return false;
}
