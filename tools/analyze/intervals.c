#include "tools/analyze/intervals.h"

int viz_intervals_add(struct viz_intervals *iv, uint16_t party, uint64_t from, uint64_t to)
{
	if (iv->events + 2 > iv->events_max) {
		size_t max = iv->events_max ? iv->events_max * 2 : 256;
		struct viz_interval_event *grown = realloc(iv->event, max * sizeof *grown);

		if (!grown)
			return VIZ_ERR_NOMEM;
		iv->event = grown;
		iv->events_max = max;
	}
	iv->event[iv->events++] = (struct viz_interval_event){from, party, true};
	iv->event[iv->events++] = (struct viz_interval_event){to + 1, party, false};
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct viz_interval_event *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (int)x->party - (int)y->party;
}

int viz_intervals_build(struct viz_intervals *iv)
{
	uint32_t depth[VIZ_PARTIES_MAX] = {0}; /* the intervals of a party may overlap */
	struct viz_party_set now = {{0}};

	if (iv->events == 0)
		return 0;
	qsort(iv->event, iv->events, sizeof *iv->event, compare);
	iv->start = malloc(iv->events * sizeof *iv->start);
	iv->set = malloc(iv->events * sizeof *iv->set);
	if (!iv->start || !iv->set)
		return VIZ_ERR_NOMEM;
	for (size_t i = 0; i < iv->events;) {
		uint64_t at = iv->event[i].at;

		for (; i < iv->events && iv->event[i].at == at; i++) {
			uint16_t p = iv->event[i].party;

			depth[p] += iv->event[i].enters ? 1u : UINT32_MAX;
			now.w[p / 64] &= ~(UINT64_C(1) << (p % 64));
			if (depth[p])
				viz_party_put(&now, p);
		}
		if (iv->n && memcmp(&iv->set[iv->n - 1], &now, sizeof now) == 0)
			continue;
		iv->start[iv->n] = at;
		iv->set[iv->n++] = now;
	}
	free(iv->event);
	iv->event = NULL;
	iv->events = 0;
	return 0;
}

const struct viz_party_set *viz_intervals_at(const struct viz_intervals *iv, uint64_t at)
{
	size_t lo = 0, n = iv->n;

	/* the last start that is not after `at` */
	while (n > 1) {
		size_t half = n / 2;

		lo += iv->start[lo + half] <= at ? half : 0;
		n -= half;
	}
	return iv->n && iv->start[lo] <= at ? &iv->set[lo] : NULL;
}

void viz_intervals_free(struct viz_intervals *iv)
{
	free(iv->event);
	free(iv->start);
	free(iv->set);
	*iv = (struct viz_intervals){0};
}
