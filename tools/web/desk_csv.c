#include "tools/web/desk_csv.h"

void viz_desk_csv_put(json_t *row, const char *text)
{
	char out[512];
	size_t n = 0;

	out[n++] = '"';
	if (text[0] != '\0' && strchr("=+-@\t", text[0]) != NULL)
		out[n++] = '\'';
	for (; *text != '\0' && n + 3 < sizeof out; text++) {
		if (*text == '"')
			out[n++] = '"';
		out[n++] = *text;
	}
	out[n++] = '"';
	json_array_append_new(row, json_stringn(out, n));
}

void viz_desk_csv_put_number(json_t *row, json_int_t number)
{
	json_array_append_new(row, json_sprintf("%lld", (long long)number));
}

void viz_desk_csv_answer(struct viz_page *p, const char *name, json_t *rows)
{
	json_t *row, *field;
	size_t len = 0, i, k;
	char *text = NULL;
	FILE *out = open_memstream(&text, &len);

	VIZ_REQUIRE(out != NULL);
	json_array_foreach(rows, i, row)
	{
		json_array_foreach(row, k, field)
		    fprintf(out, "%s%s", k > 0 ? ";" : "", json_string_value(field));
		fputs("\r\n", out);
	}
	VIZ_REQUIRE(fclose(out) == 0);
	viz_page_file(p, "text/csv; charset=utf-8", name, text, len);
	free(text);
	json_decref(rows);
}
