/* The list of effects, for the core of the tests. */
#include "crypto/sign.h"
#include "node/core/event.h"
#include "proto/base.h"

void viz_effects_init(struct viz_effects *fx)
{
	memset(fx, 0, sizeof *fx);
}

void viz_effects_clear(struct viz_effects *fx)
{
	for (size_t i = 0; i < fx->count; i++) {
		free(fx->list[i].bytes);
		free(fx->list[i].text);
	}
	free(fx->list);
	viz_effects_init(fx);
}

struct viz_effect *viz_effects_add(struct viz_effects *fx, enum viz_effect_kind kind,
				   const uint8_t *bytes, size_t len)
{
	struct viz_effect *f;

	if (fx->count == fx->capacity) {
		fx->capacity = fx->capacity > 0 ? fx->capacity * 2 : 16;
		fx->list = realloc(fx->list, fx->capacity * sizeof *fx->list);
		VIZ_REQUIRE(fx->list != NULL);
	}
	f = &fx->list[fx->count++];
	memset(f, 0, sizeof *f);
	f->kind = kind;
	f->len = len;
	if (bytes != NULL) {
		f->bytes = malloc(len + 1);
		VIZ_REQUIRE(f->bytes != NULL);
		memcpy(f->bytes, bytes, len);
	}
	return f;
}
