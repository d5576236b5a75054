/* Prints the id of the tests' federation, for peers in other languages. */
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/federation.h"

int main(int argc, char **argv)
{
	struct viz_federation f;
	struct viz_id id;
	char hex[65];

	viz_federation_default(&f, argc > 1 ? argv[1] : "vizinho-test");
	viz_ids_federation(&id, &f);
	viz_hex(hex, id.b, sizeof id.b);
	puts(hex);
	return 0;
}
