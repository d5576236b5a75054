#include "node/host/event.h"

#include "crypto/secret.h"
#include "node/host/alloc.h"

struct viz_host_event *viz_host_event_new(enum viz_event_kind kind, uint8_t *block,
					  size_t block_len)
{
	struct viz_host_event *e = viz_host_alloc(sizeof *e);

	e->event.kind = kind;
	e->event.bytes = block;
	e->event.len = block_len;
	e->block = block;
	e->block_len = block_len;
	return e;
}

void viz_host_event_free(struct viz_host_event *e)
{
	if (e->block != NULL)
		viz_secret_wipe(e->block, e->block_len);
	free(e->block);
	free(e);
}
