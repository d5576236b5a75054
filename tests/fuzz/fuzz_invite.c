/* The line of an invitation: a pasted text ('t'), or an array that gets its checksum here ('a').
 * Otherwise the checksum would stop nearly every input. */
#include "tests/fuzz/fuzz.h"

#include "crypto/crypto.h"
#include "crypto/hash.h"
#include "node/trust/invite.h"
#include "proto/base.h"
#include "proto/limits.h"

static void judge(char *line)
{
	struct viz_invite v;
	size_t len = strlen(line);
	char last;

	if (viz_invite_parse(&v, line) != VIZ_OK)
		return;
	VIZ_REQUIRE(v.name[0] != '\0' && v.address_count <= VIZ_ADDRESSES_MAX);
	VIZ_REQUIRE(memchr(v.name, '\0', sizeof v.name) && memchr(v.cnpj, '\0', sizeof v.cnpj));
	last = line[len - 1];
	line[len - 1] = last == '0' ? '1' : '0';
	VIZ_REQUIRE(viz_invite_parse(&v, line) == VIZ_ERR_FORM);
	line[len - 1] = last;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char prefix[] = "vizinvite1.";
	char line[4 * VIZ_INVITE_TEXT_MAX];
	struct viz_hash h;
	struct viz_id check;

	VIZ_REQUIRE(viz_crypto_init() == VIZ_OK);
	if (len == 0 || len > VIZ_INVITE_TEXT_MAX)
		return 0;
	if (data[0] == 't') {
		memcpy(line, data + 1, len - 1);
		line[len - 1] = '\0';
		judge(line);
	} else if (data[0] == 'a') {
		viz_hash_init(&h, "vizinho/invite-line");
		viz_hash_part(&h, data + 1, len - 1);
		viz_hash_final(&h, &check);
		memcpy(line, prefix, sizeof prefix);
		viz_hex(line + sizeof prefix - 1, data + 1, len - 1);
		viz_hex(line + sizeof prefix - 1 + 2 * (len - 1), check.b, 4);
		judge(line);
	}
	return 0;
}
