#include "node/host/spelling.h"

#include <string.h>

struct viz_host_spelling viz_host_spelling_of(const char *word)
{
	return (struct viz_host_spelling){.word = word, .distance = VIZ_SPELLING_MAX};
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters that are wrong, missing or too many, and neighbours that are swapped (the optimal string
 * alignment of Damerau, 1964). */
static unsigned distance(const char *a, const char *b)
{
	unsigned rows[3][VIZ_SPELLING_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	for (unsigned j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3];
		const unsigned *swapped = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
				       least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], swapped[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

void viz_host_spelling_known(struct viz_host_spelling *s, const char *known)
{
	size_t typed = strlen(s->word), len = strlen(known);
	unsigned d;

	if (typed == 0 || typed > VIZ_SPELLING_MAX || len > VIZ_SPELLING_MAX)
		return;
	d = distance(s->word, known);
	if (typed >= 3 && typed < len && strncmp(s->word, known, typed) == 0)
		d = 1;
	if (d >= s->distance || d > (len + 1) / 3)
		return;
	s->distance = d;
	s->nearest = known;
}
