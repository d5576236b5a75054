#include "store/postings.h"

static size_t put_varint(uint8_t *out, uint64_t v)
{
	size_t n = 0;

	while (v >= 0x80) {
		out[n++] = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	out[n++] = (uint8_t)v;
	return n;
}

void viz_postings_init(struct viz_postings *p, const uint8_t *bytes, size_t len)
{
	*p =
	    (struct viz_postings){.at = bytes, .end = len > 0 ? bytes + len : bytes, .first = true};
}

bool viz_postings_next(struct viz_postings *p, uint64_t *value)
{
	uint64_t delta = 0;
	unsigned shift = 0;
	uint8_t byte = 0;

	if (p->at == p->end || p->bad)
		return false;
	do {
		if (p->at == p->end || shift > 63)
			goto bad;
		byte = *p->at++;
		delta |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	if (!p->first && (delta == 0 || delta > UINT64_MAX - p->last))
		goto bad;
	p->last += delta;
	p->first = false;
	*value = p->last;
	return true;
bad:
	p->bad = true;
	return false;
}

size_t viz_postings_pack(uint8_t *out, const uint64_t *values, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		VIZ_REQUIRE(i == 0 || values[i] > values[i - 1]);
		len += put_varint(out + len, i ? values[i] - values[i - 1] : values[0]);
	}
	return len;
}

int viz_postings_unpack(uint64_t *values, size_t *n, size_t max, const uint8_t *bytes, size_t len)
{
	struct viz_postings p;
	uint64_t value = 0;
	size_t count = 0;

	viz_postings_init(&p, bytes, len);
	while (viz_postings_next(&p, &value)) {
		if (count == max)
			return VIZ_ERR_STORE;
		values[count++] = value;
	}
	if (p.bad)
		return VIZ_ERR_STORE;
	*n = count;
	return 0;
}

/* Reads up to the first value that is not below `value`: *prefix is how many bytes lie before it,
 * *before the value there (0 without one). False when there is no such value. */
static bool seek(struct viz_postings *p, const uint8_t *bytes, size_t *prefix, uint64_t *before,
		 uint64_t *found, uint64_t value)
{
	*prefix = 0;
	*before = 0;
	while (viz_postings_next(p, found)) {
		if (*found >= value)
			return true;
		*before = *found;
		*prefix = (size_t)(p->at - bytes);
	}
	return false;
}

static size_t append(uint8_t *out, size_t n, const uint8_t *from, const uint8_t *end)
{
	if (end > from)
		memcpy(out + n, from, (size_t)(end - from));
	return n + (size_t)(end - from);
}

int viz_postings_add(uint8_t *out, size_t *out_len, const uint8_t *bytes, size_t len,
		     uint64_t value)
{
	struct viz_postings p;
	uint64_t before = 0;
	uint64_t found = 0;
	size_t prefix = 0;
	size_t n = 0;
	bool more = false;

	viz_postings_init(&p, bytes, len);
	more = seek(&p, bytes, &prefix, &before, &found, value);
	if (p.bad)
		return VIZ_ERR_STORE;
	if (more && found == value)
		return VIZ_ERR_EXISTS;
	n = append(out, 0, bytes, bytes + prefix);
	n += put_varint(out + n, value - before);
	if (more) {
		n += put_varint(out + n, found - value);
		n = append(out, n, p.at, p.end);
	}
	*out_len = n;
	return 0;
}

int viz_postings_remove(uint8_t *out, size_t *out_len, const uint8_t *bytes, size_t len,
			uint64_t value)
{
	struct viz_postings p;
	uint64_t before = 0;
	uint64_t found = 0;
	size_t prefix = 0;
	size_t n = 0;
	bool more = false;

	viz_postings_init(&p, bytes, len);
	more = seek(&p, bytes, &prefix, &before, &found, value);
	if (p.bad)
		return VIZ_ERR_STORE;
	if (!more || found != value)
		return VIZ_ERR_ABSENT;
	more = viz_postings_next(&p, &found);
	if (p.bad)
		return VIZ_ERR_STORE;
	n = append(out, 0, bytes, bytes + prefix);
	if (more) {
		n += put_varint(out + n, found - before);
		n = append(out, n, p.at, p.end);
	}
	*out_len = n;
	return 0;
}
