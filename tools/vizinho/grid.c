#include "tools/vizinho/grid.h"

/* One code point; *p moves on. A broken byte is given as U+FFFD. */
static uint32_t next_point(const uint8_t **p)
{
	const uint8_t *s = *p;
	uint32_t cp = s[0];
	size_t more = cp < 0x80 ? 0 : cp >= 0xf0 ? 3 : cp >= 0xe0 ? 2 : cp >= 0xc0 ? 1 : 9;

	*p = s + 1;
	if (more == 0)
		return cp;
	if (more == 9)
		return 0xfffd;
	cp &= 0x3fu >> more;
	for (size_t i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0xfffd;
		cp = (cp << 6) | (s[i] & 0x3fu);
	}
	*p = s + 1 + more;
	return cp;
}

struct range {
	uint32_t from, to;
};

static bool within(uint32_t cp, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cp >= ranges[i].from && cp <= ranges[i].to)
			return true;
	return false;
}

size_t viz_grid_width(const char *text)
{
	/* Unicode's combining marks in use with Latin script and emoji, and UAX #11's wide blocks.
	 */
	static const struct range zero[] = {{0x300, 0x36f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
					    {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f},
					    {0xfe20, 0xfe2f}};
	static const struct range wide[] = {
	    {0x1100, 0x115f},   {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},  {0xf900, 0xfaff},
	    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
	    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
	const uint8_t *p = (const uint8_t *)text;
	size_t width = 0;

	while (*p != '\0') {
		uint32_t cp = next_point(&p);

		if (within(cp, wide, sizeof wide / sizeof wide[0]))
			width += 2;
		else if (!within(cp, zero, sizeof zero / sizeof zero[0]))
			width += 1;
	}
	return width;
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
	/* What comes from others must not drive the terminal. */
	for (char *c = copy; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	if (g->count == g->room) {
		g->room = g->room > 0 ? g->room * 2 : 64;
		g->cells = realloc(g->cells, g->room * sizeof *g->cells);
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
		size_t w = viz_grid_width(g->cells[i]);

		if (w > widths[i % g->columns])
			widths[i % g->columns] = w;
	}
	for (size_t i = 0; i < g->count; i++) {
		size_t column = i % g->columns;
		size_t spaces = widths[column] - viz_grid_width(g->cells[i]);
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
