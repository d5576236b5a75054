#include "tools/text/heading.h"

#include "tools/text/fold.h"
#include "tools/text/heading_table.h"

/* How much of a heading is looked at. */
enum reading {
	ALL,     /* every letter */
	LAST,    /* what stands after the last point: "contrato.data_cancelamento" */
	WORDS,   /* without words like "de" */
	OUTSIDE, /* without these and without what stands in brackets: "Valor (R$)" */
};
#define READINGS 4

static bool same(const char *a, const char *b, size_t len)
{
	return strlen(a) == len && memcmp(a, b, len) == 0;
}

static bool is_filler(const char *word, size_t len)
{
	static const char *const fillers[] = {"de", "do", "da", "dos", "das", "p",  "para",
					      "o",  "a",  "no", "na",  "em",  "of", "the"};

	for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
		if (same(fillers[i], word, len))
			return true;
	return false;
}

/* The text without its brackets, unless they say that the column is about the new address. */
static size_t outside(char *out, size_t max, const char *text, size_t len)
{
	const char *open = memchr(text, '(', len);
	const char *close = open ? memchr(open, ')', len - (size_t)(open - text)) : NULL;
	char inner[32];
	size_t n, head;

	if (!close || len >= max)
		return 0;
	head = (size_t)(open - text);
	n = viz_fold_text(inner, sizeof inner, open, (size_t)(close - open));
	for (size_t i = 0; i + 3 <= n; i++)
		if (memcmp(inner + i, "nov", 3) == 0 || memcmp(inner + i, "des", 3) == 0 ||
		    memcmp(inner + i, "mud", 3) == 0)
			return 0;
	memcpy(out, text, head);
	memcpy(out + head, close + 1, len - (size_t)(close + 1 - text));
	return len - (size_t)(close + 1 - open);
}

static size_t bare(char *out, size_t max, const char *text, size_t len, enum reading how)
{
	char copy[128];
	size_t n, m = 0;

	for (size_t i = len; how == LAST && i-- > 0;) {
		if (text[i] != '.')
			continue;
		len -= i + 1;
		text += i + 1;
		break;
	}
	if (how == OUTSIDE) {
		len = outside(copy, sizeof copy, text, len);
		text = copy;
	}
	n = viz_fold_text(out, max, text, len);
	for (size_t i = 0; i < n;) {
		const char *blank = memchr(out + i, ' ', n - i);
		size_t end = blank ? (size_t)(blank - out) : n;

		if (how < WORDS || !is_filler(out + i, end - i)) {
			memmove(out + m, out + i, end - i);
			m += end - i;
		}
		i = end + 1;
	}
	return m;
}

/* Counts the names of `list` in *rank up to `name`. False when it is not among them. */
static bool listed(uint16_t *rank, const char *list, const char *name, size_t len)
{
	while (*list) {
		size_t n = strcspn(list, " ");

		if (n == len && memcmp(list, name, len) == 0)
			return true;
		(*rank)++;
		list += n + (list[n] == ' ');
	}
	return false;
}

static bool role_of_name(const char **role, uint16_t *rank, const char *name, size_t len,
			 enum viz_heading_use use)
{
	uint16_t before = 0;

	for (size_t i = 0; i < viz_heading_table_n; i++) {
		const struct viz_heading_names *row = &viz_heading_table[i];

		if (i == 0 || strcmp(row->role, row[-1].role) != 0)
			before = 0;
		if ((row->uses & (unsigned)use) && listed(&before, row->names, name, len)) {
			*role = row->role;
			*rank = before;
			return true;
		}
	}
	return false;
}

bool viz_heading_role(const char **role, uint16_t *rank, const char *text, size_t len,
		      enum viz_heading_use use)
{
	for (unsigned how = ALL; how < READINGS; how++) {
		char name[VIZ_HEADING_BYTES];
		size_t n = bare(name, sizeof name, text, len, (enum reading)how);

		if (n > 0 && role_of_name(role, rank, name, n, use))
			return true;
	}
	return false;
}

size_t viz_heading_bare(char *out, size_t max, const char *text, size_t len)
{
	return bare(out, max, text, len, ALL);
}
