#include "crypto/secret.h"
#include "node/core/event.h"
#include "proto/base.h"

void viz_effects_init(struct viz_effects *fx)
{
	*fx = (struct viz_effects){0};
}

void viz_effects_clear(struct viz_effects *fx)
{
	for (size_t i = 0; i < fx->count; i++) {
		struct viz_effect *e = &fx->list[i];

		if (e->bytes && !e->shared) {
			viz_secret_wipe(e->bytes, e->len);
			free(e->bytes);
		}
		free(e->text);
		viz_secret_wipe(e, sizeof *e);
	}
	for (size_t i = 0; i < fx->block_count; i++)
		free(fx->block[i]);
	free(fx->block);
	free(fx->list);
	*fx = (struct viz_effects){0};
}

struct viz_effect *viz_effects_add(struct viz_effects *fx, enum viz_effect_kind kind,
				   const uint8_t *bytes, size_t len)
{
	struct viz_effect *e;

	if (fx->count == fx->capacity) {
		/* realloc would leave an old copy behind, and that may hold transport secrets. */
		size_t capacity = fx->capacity ? fx->capacity * 2 : 32;
		struct viz_effect *list = calloc(capacity, sizeof *list);

		VIZ_REQUIRE(list);
		if (fx->count > 0) {
			memcpy(list, fx->list, fx->count * sizeof *list);
			viz_secret_wipe(fx->list, fx->count * sizeof *list);
		}
		free(fx->list);
		fx->list = list;
		fx->capacity = capacity;
	}
	e = &fx->list[fx->count++];
	*e = (struct viz_effect){.kind = kind};
	if (len > 0) {
		e->bytes = malloc(len);
		VIZ_REQUIRE(e->bytes);
		memcpy(e->bytes, bytes, len);
		e->len = len;
	}
	return e;
}

uint8_t *viz_effects_share(struct viz_effects *fx, const uint8_t *bytes, size_t len)
{
	uint8_t *block = malloc(len ? len : 1);

	if (fx->block_count == fx->block_capacity) {
		fx->block_capacity = fx->block_capacity ? fx->block_capacity * 2 : 16;
		fx->block = realloc(fx->block, fx->block_capacity * sizeof *fx->block);
	}
	VIZ_REQUIRE(block && fx->block);
	memcpy(block, bytes, len);
	fx->block[fx->block_count++] = block;
	return block;
}

struct viz_effect *viz_effects_add_shared(struct viz_effects *fx, enum viz_effect_kind kind,
					  uint8_t *block, size_t len)
{
	struct viz_effect *e = viz_effects_add(fx, kind, NULL, 0);

	e->bytes = block;
	e->len = len;
	e->shared = true;
	return e;
}
