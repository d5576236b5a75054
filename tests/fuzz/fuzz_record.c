/* A signed record. If it parses, its envelope and body encode to the same bytes: each record has
 * one encoding. */
#include "tests/fuzz/fuzz.h"

#include "node/gossip/body.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/record.h"
#include "proto/federation.h"
#include "tests/unit/proto/codec.h"

static uint8_t out[VIZ_SIGNED_RECORD_MAX + 64];

static void body(const struct viz_record *rec)
{
	struct viz_federation f;
	size_t len = 0;
	int err = viz_codec_again(out, &len, sizeof out, viz_record_type_name(rec->type), rec->body,
				  rec->body_len);

	if (err == VIZ_OK)
		VIZ_REQUIRE(len == rec->body_len && memcmp(out, rec->body, len) == 0);
	else
		VIZ_REQUIRE(err == VIZ_ERR_FORM || err == VIZ_ERR_LIMIT || err == VIZ_ERR_MEANING);
	if (rec->type >= VIZ_TYPE_STATEMENT_MIN)
		return;
	viz_federation_default(&f, "fuzz");
	/* the node accepts only what the codec accepts */
	VIZ_REQUIRE(viz_body_check(rec, &f) != VIZ_OK || err == VIZ_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct viz_record rec;
	size_t again = 0;

	if (viz_record_parse(&rec, data, len) != VIZ_OK)
		return 0;
	VIZ_REQUIRE(viz_record_write(out, &again, sizeof out, &rec) == VIZ_OK);
	VIZ_REQUIRE(again == rec.len && memcmp(out, rec.bytes, again) == 0);
	VIZ_REQUIRE(rec.body >= rec.bytes && rec.body + rec.body_len == rec.bytes + rec.len);
	body(&rec);
	return 0;
}
