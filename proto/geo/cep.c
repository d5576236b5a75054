#include "proto/geo/cep.h"

#define DIGITS 8

int viz_cep_parse(uint32_t *cep, const char *text)
{
	uint32_t v = 0;
	int digits = 0;
	bool dot = false, hyphen = false;

	while (*text == ' ' || *text == '\t')
		text++;
	for (; *text && *text != ' ' && *text != '\t' && *text != '\r' && *text != '\n'; text++) {
		if (*text >= '0' && *text <= '9') {
			if (digits == DIGITS)
				return VIZ_ERR_INPUT;
			v = v * 10 + (uint32_t)(*text - '0');
			digits++;
		} else if (*text == '.' && digits == 2 && !dot) {
			dot = true;
		} else if (*text == '-' && digits == 5 && !hyphen) {
			hyphen = true;
		} else {
			return VIZ_ERR_INPUT;
		}
	}
	while (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')
		text++;
	if (*text || digits != DIGITS)
		return VIZ_ERR_INPUT;
	*cep = v;
	return 0;
}

void viz_cep_format(char *out, uint32_t cep)
{
	VIZ_REQUIRE(cep <= VIZ_CEP_MAX);
	snprintf(out, VIZ_CEP_TEXT_BYTES, "%05u-%03u", cep / 1000, cep % 1000);
}

bool viz_cep_is_general(uint32_t cep)
{
	return cep % 1000 == 0;
}

static int by_from(const void *a, const void *b)
{
	const struct viz_cep_range *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

int viz_cep_normalise(struct viz_cep_range *ranges, size_t *n)
{
	size_t out = 0;

	for (size_t i = 0; i < *n; i++)
		if (ranges[i].from > ranges[i].to || ranges[i].to > VIZ_CEP_MAX)
			return VIZ_ERR_MEANING;
	if (*n > 1)
		qsort(ranges, *n, sizeof *ranges, by_from);
	for (size_t i = 0; i < *n; i++) {
		struct viz_cep_range r = ranges[i];

		if (out > 0 && r.from <= ranges[out - 1].to + 1) {
			if (r.to > ranges[out - 1].to)
				ranges[out - 1].to = r.to;
		} else {
			ranges[out++] = r;
		}
	}
	*n = out;
	return 0;
}

bool viz_cep_is_normalised(const struct viz_cep_range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (ranges[i].from > ranges[i].to || ranges[i].to > VIZ_CEP_MAX)
			return false;
		if (i > 0 && ranges[i].from <= ranges[i - 1].to + 1)
			return false;
	}
	return true;
}

bool viz_cep_meets(const struct viz_cep_range *ranges, size_t n, struct viz_cep_range range)
{
	size_t lo = 0;

	while (lo < n) {
		size_t mid = lo + (n - lo) / 2;

		if (ranges[mid].to < range.from)
			lo = mid + 1;
		else if (ranges[mid].from > range.to)
			n = mid;
		else
			return true;
	}
	return false;
}

bool viz_cep_contains(const struct viz_cep_range *ranges, size_t n, uint32_t cep)
{
	return viz_cep_meets(ranges, n, (struct viz_cep_range){cep, cep});
}
