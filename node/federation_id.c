#include "node/federation_id.h"

#include "crypto/hash.h"
#include "proto/writer.h"

void viz_federation_id(struct viz_id *out, const struct viz_federation *f)
{
	uint8_t bytes[VIZ_FEDERATION_BYTES_MAX];
	struct viz_writer w;
	struct viz_hash h;
	size_t len = 0;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_federation_write(&w, f);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_hash_init(&h, "vizinho/federation");
	viz_hash_part(&h, bytes, len);
	viz_hash_final(&h, out);
}

void viz_federation_prologue(uint8_t out[VIZ_PROLOGUE_LEN], const struct viz_federation *f)
{
	struct viz_id id;

	viz_federation_id(&id, f);
	memcpy(out, "vizinho", 7);
	out[7] = VIZ_PROTOCOL_VERSION;
	memcpy(out + 8, id.b, sizeof id.b);
}
