#include "tools/analyze/reason_model.h"
#include "tools/analyze/hash64.h"

#include <math.h>

#define SLOTS 65536
#define SCALE (4.0 / 0.3) /* of all the words of a note against one rule, as the learner has it */

static struct viz_reason_weight *slot_of(const struct viz_reason_model *m, const char *name,
					 size_t len)
{
	uint64_t hash = viz_hash64(name, len) | 1;
	size_t at = hash >> 32 & (SLOTS - 1);

	while (m->slot[at].hash && m->slot[at].hash != hash)
		at = (at + 1) & (SLOTS - 1);
	if (!m->slot[at].hash && m->n == VIZ_REASON_WEIGHTS_MAX)
		return NULL;
	return &m->slot[at];
}

static int parse_line(struct viz_reason_model *m, const char *p, const char *end)
{
	const char *tab = memchr(p, '\t', (size_t)(end - p));
	struct viz_reason_weight *w;

	if (!tab || tab == p || tab - p >= VIZ_REASON_FEATURE_LEN)
		return VIZ_ERR_INPUT;
	w = slot_of(m, p, (size_t)(tab - p));
	if (!w || w->hash)
		return VIZ_ERR_INPUT;
	w->hash = viz_hash64(p, (size_t)(tab - p)) | 1;
	m->n++;
	for (p = tab + 1; p < end;) {
		unsigned reason = (unsigned)(*p++ - 'a');
		bool minus = p < end && *p == '-';
		int value = 0;

		p += minus;
		if (reason >= VIZ_REASONS || p == end || *p < '0' || *p > '9')
			return VIZ_ERR_INPUT;
		for (; p < end && *p >= '0' && *p <= '9' && value < 1000; p++)
			value = value * 10 + (*p - '0');
		w->of[reason] = (int16_t)(minus ? -value : value);
	}
	return 0;
}

int viz_reason_model_parse(struct viz_reason_model *m, size_t *line, const char *text, size_t len)
{
	const char *end = text + len;

	*line = 0;
	*m = (struct viz_reason_model){calloc(SLOTS, sizeof *m->slot), 0};
	if (!m->slot)
		return VIZ_ERR_NOMEM;
	for (const char *p = text; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		(*line)++;
		if (stop > p && *p != '#' && parse_line(m, p, stop) < 0)
			return VIZ_ERR_INPUT;
		p = nl ? nl + 1 : end;
	}
	return 0;
}

void viz_reason_model_free(struct viz_reason_model *m)
{
	free(m->slot);
	*m = (struct viz_reason_model){0};
}

enum viz_reason viz_reason_model_of(const struct viz_reason_model *m,
				    const struct viz_reason_features *f, enum viz_reason unknown,
				    double lead)
{
	double words = SCALE / sqrt((double)f->words + 1), score[VIZ_REASONS] = {0};
	double second = -INFINITY;
	unsigned best = 0;
	bool known = false;

	for (size_t i = 0; i < f->n; i++) {
		const struct viz_reason_weight *w = slot_of(m, f->name[i], strlen(f->name[i]));

		known |= i < f->words && w && w->hash;

		for (unsigned r = 0; w && r < VIZ_REASONS; r++)
			score[r] += w->of[r] * (i < f->words ? words : 1.0);
	}
	for (unsigned r = 1; r < VIZ_REASONS; r++)
		if (score[r] > score[best])
			best = r;
	for (unsigned r = 0; r < VIZ_REASONS; r++)
		if (r != best && score[r] > second)
			second = score[r];
	return known && score[best] - second >= lead ? (enum viz_reason)best : unknown;
}
