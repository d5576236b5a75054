#include "node/core/core.h"

#include <stdarg.h>

#include "node/core/event.h"
#include "proto/base.h"
#include "proto/writer.h"
#include "store/stat.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/vault.h"

/* What one operation or mail writes at most, except imports and offers. */
#define WRITE_PUTS  64
#define WRITE_BYTES 65536

bool viz_core_get(struct viz_core *core, struct viz_slice *out, enum viz_table table,
		  const uint8_t *key, size_t key_len)
{
	return viz_store_get(core->store, out, table, key, key_len) == VIZ_OK;
}

void viz_core_put(struct viz_core *core, enum viz_table table, const uint8_t *key, size_t key_len,
		  const uint8_t *value, size_t value_len)
{
	if (viz_store_put(core->store, table, key, key_len, value, value_len) == VIZ_ERR_LIMIT)
		core->store_full = true;
}

void viz_core_put_row(struct viz_core *core, enum viz_table table, const uint8_t *key,
		      size_t key_len, const struct viz_writer *value)
{
	struct viz_slice v = viz_writer_done(value);

	viz_core_put(core, table, key, key_len, v.p, v.len);
}

void viz_core_del(struct viz_core *core, enum viz_table table, const uint8_t *key, size_t key_len)
{
	viz_store_del(core->store, table, key, key_len);
}

unsigned viz_core_used_quarters(struct viz_core *core)
{
	uint64_t used, map;

	viz_store_stat_usage(core->store, &used, &map);
	if (viz_store_stat_disk_short(core->store))
		return 4;
	return (unsigned)(used / (map / 4));
}

bool viz_core_nearly_full(struct viz_core *core)
{
	return viz_core_used_quarters(core) >= 3;
}

bool viz_core_has_headroom(struct viz_core *core)
{
	return viz_store_headroom_fits(core->store, WRITE_PUTS, WRITE_BYTES) &&
	       viz_vault_has_room(core->vault);
}

void *viz_core_alloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	VIZ_REQUIRE(p);
	return p;
}

void *viz_core_grow(void *p, size_t count, size_t size)
{
	void *q = realloc(p, count * size);

	VIZ_REQUIRE(q);
	return q;
}

void viz_core_log(struct viz_core *core, int priority, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	viz_core_log_text(core, priority, format, text);
}

void viz_core_log_text(struct viz_core *core, int priority, const char *form, const char *text)
{
	struct viz_effect *fx;

	if (!core->fx)
		return;
	fx = viz_effects_add(core->fx, VIZ_EFFECT_LOG, NULL, 0);
	fx->priority = priority;
	fx->form = form;
	fx->text = strdup(text);
	VIZ_REQUIRE(fx->text);
}
