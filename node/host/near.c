#include "node/host/near.h"

#include "node/host/alloc.h"

static struct viz_host_near **chain_of(struct viz_host_near_table *t,
				       const struct viz_prefix *prefix)
{
	uint64_t h = prefix->family;

	for (size_t i = 0; i < sizeof prefix->b; i++)
		h = (h ^ prefix->b[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return &t->chain[(h >> 32) % VIZ_HOST_NEAR_CHAINS];
}

struct viz_host_near *viz_host_near_take(struct viz_host_near_table *t,
					 const struct viz_prefix *prefix)
{
	struct viz_host_near **head = chain_of(t, prefix), *near = *head;

	while (near != NULL && !viz_host_address_prefix_eq(&near->prefix, prefix))
		near = near->next;
	if (near == NULL) {
		near = viz_host_alloc(sizeof *near);
		near->prefix = *prefix;
		near->next = *head;
		*head = near;
	}
	near->refs++;
	return near;
}

void viz_host_near_release(struct viz_host_near_table *t, struct viz_host_near *near)
{
	struct viz_host_near **at = chain_of(t, &near->prefix);

	if (--near->refs > 0)
		return;
	while (*at != near)
		at = &(*at)->next;
	*at = near->next;
	free(near);
}
