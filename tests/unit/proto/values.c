#include "tests/unit/proto/values.h"

#include "tests/unit/proto/bodies.h"
#include "tests/unit/unit.h"

#include "proto/trust.h"

static uint64_t seed;
bool most;

void viz_bodies_start(uint64_t from, bool at_limits)
{
	seed = from;
	most = at_limits;
}

uint64_t draw(void)
{
	/* splitmix64 */
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t between(uint64_t lo, uint64_t hi)
{
	uint64_t span = hi - lo + 1;

	if (most)
		return hi;
	/* the limits, and every length of integer, come often */
	switch (draw() % 4) {
	case 0:
		return lo;
	case 1:
		return hi;
	case 2:
		return lo + (draw() >> (draw() % 64)) % (span ? span : UINT64_MAX);
	default:
		return lo + draw() % (span ? span : UINT64_MAX);
	}
}

uint32_t small(uint32_t lo, uint32_t hi)
{
	return (uint32_t)between(lo, hi);
}

void bytes_of(uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)draw();
}

struct viz_id id_of(void)
{
	struct viz_id id;

	bytes_of(id.b, sizeof id.b);
	id.b[31] |= 1; /* never zero */
	return id;
}

struct viz_time time_of(void)
{
	return (struct viz_time){(int64_t)between(0, UINT64_C(253402300800000))};
}

uint64_t slot_of(void)
{
	return between(0, UINT64_MAX >> 16);
}

void text_of(char *out, size_t min, size_t max)
{
	static const char *const letters[] = {"a", "ç", "€", "😀", " ", "~"};
	size_t len = between(min, max), at = 0;

	while (at < len) {
		const char *letter = letters[draw() % 6];

		if (strlen(letter) > len - at)
			letter = "x";
		memcpy(out + at, letter, strlen(letter));
		at += strlen(letter);
	}
	out[at] = '\0';
}

void name_of(char out[VIZ_NAME_MAX + 1])
{
	size_t len;

	text_of(out, 1, VIZ_NAME_MAX);
	len = strlen(out);
	if (out[0] == ' ')
		out[0] = 'N';
	if (out[len - 1] == ' ')
		out[len - 1] = 'n';
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

size_t ids_of(void *out, size_t size, size_t min, size_t max)
{
	size_t n = between(min, max);

	for (size_t i = 0; i < n; i++) {
		struct viz_id id = id_of();

		memcpy((char *)out + i * size, id.b, sizeof id.b);
	}
	qsort(out, n, size, by_bytes);
	return n;
}

void cnpj_of(char *out)
{
	static const char *const some[] = {"11222333000181", "12ABC34501DE35", ""};

	strcpy(out, some[most ? 0 : draw() % 3]);
	assert_true(out[0] == '\0' || viz_trust_cnpj_valid(out));
}
