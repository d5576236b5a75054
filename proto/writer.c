#include "proto/writer.h"

#include <msgpack.h>

static int append(void *data, const char *bytes, size_t len)
{
	struct viz_writer *w = data;

	if (w->err != VIZ_OK || len > w->max - w->len) {
		w->err = VIZ_ERR_LIMIT;
		return -1;
	}
	if (len > 0)
		memcpy(w->start + w->len, bytes, len);
	w->len += len;
	return 0;
}

static msgpack_packer packer(struct viz_writer *w)
{
	msgpack_packer pk;

	msgpack_packer_init(&pk, w, append);
	return pk;
}

void viz_writer_init(struct viz_writer *w, uint8_t *buffer, size_t max)
{
	*w = (struct viz_writer){.start = buffer, .max = max};
}

int viz_writer_finish(const struct viz_writer *w, size_t *len)
{
	if (w->err != VIZ_OK)
		return w->err;
	*len = w->len;
	return VIZ_OK;
}

struct viz_slice viz_writer_done(const struct viz_writer *w)
{
	VIZ_REQUIRE(w->err == VIZ_OK);
	return (struct viz_slice){w->start, w->len};
}

void viz_writer_uint(struct viz_writer *w, uint64_t v)
{
	msgpack_packer pk = packer(w);

	msgpack_pack_uint64(&pk, v);
}

void viz_writer_int(struct viz_writer *w, int64_t v)
{
	msgpack_packer pk = packer(w);

	msgpack_pack_int64(&pk, v);
}

void viz_writer_bool(struct viz_writer *w, bool v)
{
	msgpack_packer pk = packer(w);

	if (v)
		msgpack_pack_true(&pk);
	else
		msgpack_pack_false(&pk);
}

void viz_writer_time(struct viz_writer *w, struct viz_time t)
{
	VIZ_REQUIRE(t.ms >= 0);
	viz_writer_uint(w, (uint64_t)t.ms);
}

void viz_writer_array(struct viz_writer *w, size_t n)
{
	msgpack_packer pk = packer(w);

	msgpack_pack_array(&pk, n);
}

void viz_writer_bin(struct viz_writer *w, const uint8_t *bytes, size_t len)
{
	msgpack_packer pk = packer(w);

	msgpack_pack_bin(&pk, len);
	append(w, (const char *)bytes, len);
}

void viz_writer_id(struct viz_writer *w, const struct viz_id *id)
{
	viz_writer_bin(w, id->b, sizeof id->b);
}

void viz_writer_text(struct viz_writer *w, const char *text)
{
	msgpack_packer pk = packer(w);
	size_t len = strlen(text);

	msgpack_pack_str(&pk, len);
	append(w, text, len);
}

void viz_writer_nil(struct viz_writer *w)
{
	msgpack_packer pk = packer(w);

	msgpack_pack_nil(&pk);
}

void viz_writer_optional(struct viz_writer *w, const char *text)
{
	if (text[0] == '\0')
		viz_writer_nil(w);
	else
		viz_writer_text(w, text);
}

void viz_writer_raw(struct viz_writer *w, const uint8_t *bytes, size_t len)
{
	append(w, (const char *)bytes, len);
}
