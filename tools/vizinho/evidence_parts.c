#include "tools/vizinho/evidence_parts.h"

#include "proto/base.h"
#include "proto/reader.h"

static void append(struct viz_evidence_parts_input *in, const uint8_t *bytes, size_t len)
{
	in->bytes = realloc(in->bytes, in->len + len + 1);
	VIZ_REQUIRE(in->bytes);
	if (len > 0)
		memcpy(in->bytes + in->len, bytes, len);
	in->len += len;
}

void viz_evidence_parts_begin(struct viz_evidence_parts_input *in, const char *domain)
{
	uint8_t len = (uint8_t)strlen(domain);

	*in = (struct viz_evidence_parts_input){0};
	append(in, &len, 1);
	append(in, (const uint8_t *)domain, len);
}

void viz_evidence_parts_add(struct viz_evidence_parts_input *in, const uint8_t *part, size_t len)
{
	uint8_t le[8];

	for (size_t i = 0; i < sizeof le; i++)
		le[i] = (uint8_t)((uint64_t)len >> (8 * i));
	append(in, le, sizeof le);
	append(in, part, len);
}

void viz_evidence_parts_u64(struct viz_evidence_parts_input *in, uint64_t v)
{
	uint8_t be[8];

	viz_be_put_u64(be, v);
	viz_evidence_parts_add(in, be, sizeof be);
}

bool viz_evidence_parts_is(const uint8_t *input, size_t len, const char *domain)
{
	size_t n = strlen(domain);

	return len > n && input[0] == n && memcmp(input + 1, domain, n) == 0;
}

const uint8_t *viz_evidence_parts_get(const uint8_t *input, size_t len, size_t number,
				      size_t *part_len)
{
	size_t at = len > 0 ? 1 + (size_t)input[0] : 0;

	for (size_t i = 0; len > 0 && at <= len && len - at >= 8; i++) {
		uint64_t n = 0;

		for (size_t k = 8; k-- > 0;)
			n = n << 8 | input[at + k];
		at += 8;
		if (n > len - at)
			return NULL;
		if (i == number) {
			*part_len = (size_t)n;
			return input + at;
		}
		at += (size_t)n;
	}
	return NULL;
}

bool viz_evidence_parts_field(const struct viz_record *rec, const size_t *path, size_t depth,
			      size_t *offset, size_t *len)
{
	struct viz_reader r;
	const uint8_t *value = NULL;

	viz_reader_init(&r, rec->bytes, rec->len);
	for (size_t d = 0; d < depth; d++) {
		size_t count = viz_reader_array(&r, 0, SIZE_MAX);

		if (r.err != VIZ_OK || path[d] >= count)
			return false;
		for (size_t i = 0; i < path[d]; i++)
			viz_reader_skip(&r, len, 6);
	}
	value = viz_reader_skip(&r, len, 6);
	if (r.err != VIZ_OK || !value)
		return false;
	*offset = (size_t)(value - rec->bytes);
	return true;
}

int viz_evidence_parts_unhex(uint8_t *out, size_t len, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(text) != 2 * len)
		return VIZ_ERR_FORM;
	for (size_t i = 0; i < 2 * len; i++) {
		const char *at = strchr(digits, text[i]);
		uint8_t digit = (uint8_t)(at ? at - digits : 0);

		if (!at)
			return VIZ_ERR_FORM;
		out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | digit : digit << 4);
	}
	return VIZ_OK;
}

void viz_evidence_parts_base64(char *out, const uint8_t *in, size_t len)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)in[i] << 16;

		if (i + 1 < len)
			v |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < len)
			v |= in[i + 2];
		*out++ = letters[v >> 18];
		*out++ = letters[v >> 12 & 63];
		*out++ = i + 1 < len ? letters[v >> 6 & 63] : '=';
		*out++ = i + 2 < len ? letters[v & 63] : '=';
	}
	*out = '\0';
}
