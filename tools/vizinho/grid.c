#include "tools/vizinho/grid.h"

#include "tools/text/width.h"

static size_t width_of(const char *text)
{
	return viz_width_of(text, strlen(text));
}

void viz_grid_init(struct viz_grid *g, size_t columns)
{
	VIZ_REQUIRE(columns > 0 && columns <= VIZ_GRID_COLUMNS_MAX);
	memset(g, 0, sizeof *g);
	g->columns = columns;
}

void viz_grid_add(struct viz_grid *g, const char *text)
{
	char *copy = strdup(text);

	VIZ_REQUIRE(copy != NULL);
	/* Text from others must not control the terminal. */
	for (char *c = copy; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	if (g->count == g->size) {
		g->size = g->size > 0 ? g->size * 2 : 64;
		g->cells = realloc(g->cells, g->size * sizeof *g->cells);
		VIZ_REQUIRE(g->cells != NULL);
	}
	g->cells[g->count++] = copy;
}

void viz_grid_number(struct viz_grid *g, int64_t value)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)value);
	g->right[g->count % g->columns] = true;
	viz_grid_add(g, text);
}

void viz_grid_given(struct viz_grid *g, int64_t value)
{
	if (value != 0) {
		viz_grid_number(g, value);
		return;
	}
	g->right[g->count % g->columns] = true;
	viz_grid_add(g, "-");
}

static void pad(FILE *out, size_t spaces)
{
	while (spaces-- > 0)
		fputc(' ', out);
}

void viz_grid_print(const struct viz_grid *g, FILE *out)
{
	size_t widths[VIZ_GRID_COLUMNS_MAX] = {0};

	for (size_t i = 0; i < g->count; i++) {
		size_t w = width_of(g->cells[i]);

		if (w > widths[i % g->columns])
			widths[i % g->columns] = w;
	}
	for (size_t i = 0; i < g->count; i++) {
		size_t column = i % g->columns;
		size_t spaces = widths[column] - width_of(g->cells[i]);
		bool last = column == g->columns - 1 || i == g->count - 1;

		if (g->right[column])
			pad(out, spaces);
		fputs(g->cells[i], out);
		if (last)
			fputc('\n', out);
		else
			pad(out, (g->right[column] ? 0 : spaces) + 2);
	}
}

void viz_grid_free(struct viz_grid *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->cells[i]);
	free(g->cells);
	memset(g, 0, sizeof *g);
}
