/* What the node says, as values of the customer's pages. Each function returns a new reference. */
#ifndef VIZ_TOOLS_WEB_CUSTOMER_WORDS_H
#define VIZ_TOOLS_WEB_CUSTOMER_WORDS_H

#include <jansson.h>

#include "node/host/lang.h"
#include "proto/base.h"

/* A time of the node (RFC 3339) in the zone of this machine, as the text customer_when takes it.
 * `soon`: "today" and "tomorrow" instead of the day of the week; not for what is kept on paper.
 * NULL: there is none. */
json_t *viz_customer_words_when(enum viz_lang lang, const json_t *time, bool soon);
/* "2026-12-15" as "15/12/2026", and as it is where it is no date. */
json_t *viz_customer_words_day(const char *date);
/* "Linhares/ES"; the code when there is no gazetteer. */
json_t *viz_customer_words_town(const json_t *municipality);
/* "29900-210"; NULL: there is none. */
json_t *viz_customer_words_cep(const json_t *cep);
/* "R$ 99,90" */
json_t *viz_customer_words_price(enum viz_lang lang, json_int_t cents);
/* "500 Mega", "1 Giga" */
json_t *viz_customer_words_speed(enum viz_lang lang, json_int_t mbps);
/* A plan for proposals.html. */
json_t *viz_customer_words_plan(enum viz_lang lang, const json_t *plan);
/* The exact text of a consent for text.html: what is read, and the details behind the empty line,
 * both as sentences. No word is changed. */
json_t *viz_customer_words_text(const char *text, const char *language);
/* All sentences of it. */
json_t *viz_customer_words_lines(const char *text);
/* A provider with `id`, `label`, `whatsapp`, `whatsapp_url` and `hours`, where it has them. The
 * address opens a chat with `message`, which may be NULL. */
json_t *viz_customer_words_provider(const json_t *provider, const char *message);

#endif
