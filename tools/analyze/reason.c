#include "tools/analyze/reason.h"
#include "tools/analyze/hash64.h"
#include "tools/analyze/reason_hints.h"
#include "tools/analyze/reason_match.h"

#define CLEAR 6 /* the least weight with which a note decides against the list */

struct cached {
	uint64_t hash;
	uint32_t len;
	uint8_t reason, weight, used;
};

struct viz_reasons {
	struct viz_rules rules;
	struct viz_reason_hints hints;
	struct viz_reason_text text; /* of the text at hand: too large for a stack frame */
	struct cached cache[VIZ_ANALYZE_CACHE_SLOTS];
};

static struct viz_reason_said said_by(struct viz_reasons *r, const char *text, size_t len)
{
	struct viz_reason_said said = {VIZ_REASON_NONE, 0};
	uint64_t hash;
	struct cached *c;

	if (len == 0)
		return said;
	hash = viz_hash64(text, len);
	c = &r->cache[hash % VIZ_ANALYZE_CACHE_SLOTS];
	if (c->used && c->hash == hash && c->len == len)
		return (struct viz_reason_said){(enum viz_reason)c->reason, c->weight};
	viz_reason_words_read(&r->text.words, &r->rules, text, len);
	/* "$$" and nothing else */
	if (r->text.words.n == 0 && memchr(text, '$', len))
		said = (struct viz_reason_said){VIZ_REASON_PRICE, CLEAR};
	else
		said = viz_reason_match(&r->text, &r->rules);
	*c = (struct cached){hash, (uint32_t)len, (uint8_t)said.reason, said.weight, 1};
	return said;
}

enum viz_reason viz_reason_of(struct viz_reasons *r, const char *text, size_t len)
{
	return viz_reason_of_row(r, "", 0, text, len);
}

static bool names_one(enum viz_reason reason)
{
	return reason != VIZ_REASON_NONE && reason != VIZ_REASON_OTHER;
}

enum viz_reason viz_reason_of_row(struct viz_reasons *r, const char *choice, size_t choice_len,
				  const char *note, size_t note_len)
{
	struct viz_reason_said listed = said_by(r, choice, choice_len);
	struct viz_reason_said told = said_by(r, note, note_len);

	if (told.weight >= CLEAR && told.reason != VIZ_REASON_NONE)
		return told.reason;
	if (names_one(listed.reason))
		return listed.reason;
	if (told.reason == VIZ_REASON_NONE)
		return listed.reason;
	if (told.reason != VIZ_REASON_OTHER || told.weight || listed.weight)
		return told.reason;
	return viz_reason_hints_of(&r->hints, choice, choice_len, note, note_len);
}

int viz_reason_parse(struct viz_reasons **reasons, size_t *line, const char *rules, size_t len)
{
	struct viz_reasons *r = calloc(1, sizeof *r);
	int err;

	*line = 0;
	if (!r)
		return VIZ_ERR_NOMEM;
	err = viz_reason_rules_compile(&r->rules, line, rules, len);
	if (err < 0) {
		viz_reason_free(r);
		return err;
	}
	*reasons = r;
	return 0;
}

int viz_reason_new(struct viz_reasons **reasons)
{
	size_t line;
	int err = viz_reason_parse(reasons, &line, viz_reasons_tsv, viz_reasons_tsv_len);

	VIZ_REQUIRE(err != VIZ_ERR_INPUT); /* the built-in rules are valid */
	if (err < 0)
		return err;
	err = viz_reason_hints_parse(&(*reasons)->hints, &line, viz_reason_hints_tsv,
				     viz_reason_hints_tsv_len);
	VIZ_REQUIRE(err != VIZ_ERR_INPUT);
	if (err < 0) {
		viz_reason_free(*reasons);
		*reasons = NULL;
	}
	return err;
}

void viz_reason_free(struct viz_reasons *reasons)
{
	if (!reasons)
		return;
	viz_reason_rules_free(&reasons->rules);
	viz_reason_hints_free(&reasons->hints);
	free(reasons);
}
