/* What vizinho-erp says to a person: the texts of texts.TAG.tsv. Lines for the journal are English
 * for everybody, because operators and their tools search for them. */
#ifndef VIZ_TOOLS_ERP_WORDS_H
#define VIZ_TOOLS_ERP_WORDS_H

#include "proto/base.h"
#include "proto/text_check.h"
#include "tools/erp/texts.h"

/* The text in the language of this process (node/host/speech.h); borrowed for ever. */
const char *viz_erp_word(enum viz_erp_texts id);
/* The text whose key is `prefix` and the word, with "_" for what is no letter; without such a text
 * the word itself. */
const char *viz_erp_word_of(const char *prefix, const char *word);
/* With its arguments on `out`. */
void viz_erp_print(FILE *out, enum viz_erp_texts id, ...);
/* With its arguments, cut to `max` bytes. */
void viz_erp_print_text(char *out, size_t max, enum viz_erp_texts id, ...);

#define viz_erp_print(out, id, ...)                                                                \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_erp_print)(out, id, ##__VA_ARGS__))
#define viz_erp_print_text(out, max, id, ...)                                                      \
	(VIZ_TEXT_CHECK(id, ##__VA_ARGS__), (viz_erp_print_text)(out, max, id, ##__VA_ARGS__))

#endif
