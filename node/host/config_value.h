/* The values of vizinho.conf, key by key (config.c has the file around them). */
#ifndef VIZ_NODE_HOST_CONFIG_VALUE_H
#define VIZ_NODE_HOST_CONFIG_VALUE_H

#include "node/host/config.h"
#include "node/host/speech.h"

/* The value is right: no text. */
#define VIZ_CONFIG_RIGHT VIZ_HOST_TEXTS_COUNT

/* One key. `set` returns VIZ_CONFIG_RIGHT, or what was expected instead: half a sentence after
 * "expected". */
struct viz_config_key {
	const char *section;
	const char *name;
	bool repeat; /* may be given more than once, each adds */
	enum viz_host_texts (*set)(struct viz_config *c, const char *value);
};

/* NULL: no such key. *index (may be NULL) gets its place, below VIZ_CONFIG_KEYS. */
#define VIZ_CONFIG_KEYS 32
const struct viz_config_key *viz_host_config_value_key(size_t *index, const char *section,
						       const char *name);
bool viz_host_config_value_section(const char *section);
/* The key of the section that was meant, by its spelling; NULL: none is like it. */
const char *viz_host_config_value_near(const char *section, const char *name);
/* The section that has such a key; NULL: none has. */
const char *viz_host_config_value_home(const char *name);
/* The next part of a comma list, trimmed, with its NUL. False at the end (*at is NULL then); *bad
 * for one that is empty or does not fit. */
bool viz_host_config_value_part(char *out, size_t size, bool *bad, const char **at);

/* A CNPJ without punctuation, 14 characters: digits, or since 2026 also A-Z in the first 12; the
 * last two are check digits (Receita Federal, Nota COCAD 49/2024: character value = ASCII - 48,
 * weights 2 to 9 from the right, modulo 11). */
bool viz_host_config_value_cnpj(const char *cnpj);

#endif
