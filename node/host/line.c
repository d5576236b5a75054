#include "node/host/line.h"

#include "crypto/secret.h"

#define FIRST_CAPACITY 4096

void viz_host_line_init(struct viz_line *l, size_t max)
{
	memset(l, 0, sizeof *l);
	l->max = max;
}

void viz_host_line_clear(struct viz_line *l)
{
	if (l->bytes != NULL)
		viz_secret_wipe(l->bytes, l->capacity);
	free(l->bytes);
	viz_host_line_init(l, l->max);
}

/* Not realloc, which may leave the old bytes behind. */
static int grow(struct viz_line *l, size_t capacity)
{
	uint8_t *bytes = malloc(capacity);

	if (bytes == NULL)
		return VIZ_ERR_NOMEM;
	if (l->len > 0)
		memcpy(bytes, l->bytes, l->len);
	if (l->bytes != NULL)
		viz_secret_wipe(l->bytes, l->capacity);
	free(l->bytes);
	l->bytes = bytes;
	l->capacity = capacity;
	return VIZ_OK;
}

int viz_host_line_space(struct viz_line *l, uint8_t **at, size_t *space)
{
	const size_t most = l->max + 2; /* with carriage return and newline */
	int err;

	if (l->len == l->capacity) {
		size_t next = l->capacity == 0 ? FIRST_CAPACITY : l->capacity * 2;

		if (l->len >= most)
			return VIZ_ERR_LIMIT;
		err = grow(l, next < most ? next : most);
		if (err != VIZ_OK)
			return err;
	}
	*at = l->bytes + l->len;
	*space = l->capacity - l->len;
	return VIZ_OK;
}

void viz_host_line_added(struct viz_line *l, size_t count)
{
	VIZ_REQUIRE(count <= l->capacity - l->len);
	l->len += count;
}

int viz_host_line_take(struct viz_line *l, uint8_t **line, size_t *len)
{
	const uint8_t *end;
	uint8_t *copy;
	size_t whole, text;

	if (l->len == l->scanned)
		return l->len > l->max + 1 ? VIZ_ERR_LIMIT : VIZ_ERR_ABSENT;
	end = memchr(l->bytes + l->scanned, '\n', l->len - l->scanned);
	if (end == NULL) {
		l->scanned = l->len;
		return l->len > l->max + 1 ? VIZ_ERR_LIMIT : VIZ_ERR_ABSENT;
	}
	text = (size_t)(end - l->bytes);
	whole = text + 1;
	if (text > 0 && l->bytes[text - 1] == '\r')
		text--;
	if (text > l->max)
		return VIZ_ERR_LIMIT;
	copy = malloc(text + 1);
	if (copy == NULL)
		return VIZ_ERR_NOMEM;
	memcpy(copy, l->bytes, text);
	copy[text] = '\0';
	memmove(l->bytes, l->bytes + whole, l->len - whole);
	viz_secret_wipe(l->bytes + (l->len - whole), whole);
	l->len -= whole;
	l->scanned = 0;
	if (l->len == 0)
		viz_host_line_clear(l);
	*line = copy;
	*len = text;
	return VIZ_OK;
}
