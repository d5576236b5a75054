#include "tools/health/words.h"

#include "proto/base.h"
#include "tools/health/texts.h"
#include "tools/text/fill.h"

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "";
}

static long long number_of(const json_t *o, const char *name)
{
	return (long long)json_integer_value(json_object_get(o, name));
}

/* The text whose key is `prefix` and `name` together; NULL: a later node says this word. */
static const char *find(enum viz_lang lang, const char *prefix, const char *name)
{
	size_t len = strlen(prefix);

	for (int i = 0; i < VIZ_HEALTH_TEXT_COUNT; i++)
		if (strncmp(viz_health_text_keys[i], prefix, len) == 0 &&
		    strcmp(viz_health_text_keys[i] + len, name) == 0)
			return viz_health_text_texts[i][lang];
	return NULL;
}

void viz_health_words_unlinked(char out[VIZ_HEALTH_WORDS_MAX], enum viz_lang lang, const json_t *o)
{
	const char *word = text_of(o, "unlinked_reason");
	const char *text = find(lang, "unlinked_", word);
	char count[24];

	snprintf(count, sizeof count, "%lld", number_of(o, "tried_count"));
	if (text != NULL)
		viz_fill(out, VIZ_HEALTH_WORDS_MAX, text, "count", count, NULL);
	else
		snprintf(out, VIZ_HEALTH_WORDS_MAX, "%s", word);
}

/* The one thing that the sentence of a problem has besides the peer's name. */
static void detail(char out[VIZ_HEALTH_WORDS_MAX], enum viz_lang lang, const json_t *p)
{
	const char *text = text_of(p, "value");

	if (text_of(p, "unlinked_reason")[0] != '\0')
		viz_health_words_unlinked(out, lang, p);
	else if (json_object_get(p, "ahead_ms") != NULL)
		snprintf(out, VIZ_HEALTH_WORDS_MAX, "%+lld s", number_of(p, "ahead_ms") / 1000);
	else if (json_object_get(p, "store_map_bytes") != NULL)
		snprintf(out, VIZ_HEALTH_WORDS_MAX, "%lld / %lld MiB",
			 number_of(p, "store_used_bytes") >> 20,
			 number_of(p, "store_map_bytes") >> 20);
	else if (json_object_get(p, "disk_free_bytes") != NULL)
		snprintf(out, VIZ_HEALTH_WORDS_MAX, "%lld MiB",
			 number_of(p, "disk_free_bytes") >> 20);
	else if (text[0] == '\0' && json_object_get(p, "count") != NULL)
		snprintf(out, VIZ_HEALTH_WORDS_MAX, "%lld", number_of(p, "count"));
	else
		snprintf(out, VIZ_HEALTH_WORDS_MAX, "%s", text);
}

void viz_health_words_problem(char out[VIZ_HEALTH_WORDS_MAX], enum viz_lang lang, const json_t *p)
{
	const char *code = text_of(p, "code"), *text = find(lang, "ill_", code);
	const char *peer = text_of(json_object_get(p, "peer"), "name");
	char value[VIZ_HEALTH_WORDS_MAX];

	detail(value, lang, p);
	if (text != NULL)
		viz_fill(out, VIZ_HEALTH_WORDS_MAX, text, "peer", peer, "value", value, NULL);
	else
		snprintf(out, VIZ_HEALTH_WORDS_MAX, "%s %s %.512s", code, peer, value);
}

const char *viz_health_words_check(enum viz_lang lang, const char *code)
{
	const char *text = find(lang, "check_", code);

	return text != NULL ? text : code;
}

/* The word for which there is a text. */
static const char *standing_of(const json_t *peer)
{
	const char *word = text_of(peer, "standing");

	/* A partner that was blocked stays a partner until the published date. */
	if (strcmp(word, "blocked") == 0 && json_is_true(json_object_get(peer, "partner")))
		return "blocked-until";
	return viz_health_words_knows(word) ? word : "member";
}

const json_t *viz_health_words_standing_time(const json_t *peer)
{
	const char *word = standing_of(peer);

	if (strcmp(word, "coming") == 0)
		return json_object_get(peer, "partner_from");
	return json_object_get(peer,
			       strcmp(word, "silent") == 0 ? "heartbeat_at" : "partner_until");
}

void viz_health_words_standing(char *out, size_t max, enum viz_lang lang, const json_t *peer,
			       const char *when)
{
	viz_fill(out, max, find(lang, "standing_", standing_of(peer)), "when", when, NULL);
}

bool viz_health_words_knows(const char *standing)
{
	return find((enum viz_lang)0, "standing_", standing) != NULL;
}

const char *viz_health_words_state(enum viz_lang lang, const char *standing)
{
	const char *text = find(lang, "standing_", standing);

	return text != NULL ? text : standing;
}
