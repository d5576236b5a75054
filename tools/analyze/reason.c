#include "tools/analyze/reason.h"
#include "tools/analyze/hash64.h"
#include "tools/analyze/reason_model.h"

#define CLEAR   6 /* the least weight of rules that decide a short text */
#define SHORT   4 /* its words: too few for the model */
#define ADDRESS 8 /* words of an address */
/* Of the best reason in a short text without a clear rule: the name of a person or a plan has less.
 */
#define LEAD 65.0

struct cached {
	uint64_t hash;
	uint32_t len;
	uint8_t reason, used;
};

struct viz_reasons {
	struct viz_rules rules;
	struct viz_reason_model model; /* empty: the rules decide */
	/* of the row at hand: too large for a stack frame */
	struct viz_reason_text text;
	struct viz_reason_features features;
	struct cached cache[VIZ_ANALYZE_CACHE_SLOTS];
};

static struct viz_reason_said said_by(struct viz_reasons *r, const char *text, size_t len)
{
	viz_reason_words_read(&r->text.words, &r->rules, text, len);
	/* "$$" and nothing else */
	if (r->text.words.n == 0 && memchr(text, '$', len))
		return (struct viz_reason_said){VIZ_REASON_PRICE, CLEAR};
	return viz_reason_match(&r->text, &r->rules);
}

/* A short text in clear words, or in words that say nothing. */
static bool by_rules(const struct viz_reasons *r, struct viz_reason_said listed,
		     struct viz_reason_said told)
{
	return r->text.words.n <= SHORT &&
	       (told.weight >= CLEAR || (told.reason == VIZ_REASON_NONE && listed.weight == 0));
}

/* A text that is an address and nothing else: where somebody lives is no reason. */
static bool is_address(const struct viz_reasons *r)
{
	static const char *const begins[] = {
	    "rua",     "r",        "av",      "avenida", "travessa",   "tv",        "alameda",
	    "rodovia", "rod",      "estrada", "praca",   "beco",       "bairro",    "quadra",
	    "qd",      "conjunto", "jd",      "jardim",  "condominio", "loteamento"};
	const struct viz_reason_words *words = &r->text.words;

	if (words->n < 2 || words->n > ADDRESS)
		return false;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (strcmp(words->w[0].text, begins[i]) == 0)
			return true;
	return false;
}

/* A date or a telephone is no reason either. */
static bool is_number(const struct viz_reasons *r)
{
	for (size_t i = 0; i < r->text.words.n; i++)
		if (r->text.words.w[i].text[0] != '0')
			return false;
	return true;
}

static enum viz_reason decide(struct viz_reasons *r, const char *choice, size_t choice_len,
			      const char *note, size_t note_len)
{
	struct viz_reason_said listed = said_by(r, choice, choice_len), told;
	enum viz_reason unknown = VIZ_REASON_NONE, reason;

	viz_reason_features_choice(&r->features, &r->text.words);
	told = said_by(r, note, note_len);
	if (told.reason == VIZ_REASON_NONE && told.weight == 0 && listed.weight > 0)
		return listed.reason; /* "equip. entregue" says no more than the choice */
	if (!r->model.slot || by_rules(r, listed, told))
		return told.reason;
	viz_reason_features_note(&r->features, &r->rules, &r->text, told, listed);
	if (listed.weight > 0)
		unknown = listed.reason;
	else if (told.reason != VIZ_REASON_NONE)
		unknown = VIZ_REASON_OTHER;
	if (r->text.words.n == 1 || (told.weight == 0 && (is_address(r) || is_number(r))))
		return unknown;
	if (r->text.words.n > SHORT)
		reason = viz_reason_model_of(&r->model, &r->features, told.reason, 0);
	else
		reason = viz_reason_model_of(&r->model, &r->features, unknown, LEAD);
	/* a note that says nothing leaves the choice */
	return reason == VIZ_REASON_NONE && listed.weight > 0 ? listed.reason : reason;
}

bool viz_reason_by_rule(struct viz_reasons *r, const char *text, size_t len)
{
	struct viz_reason_said said = said_by(r, text, len);

	return said.weight && said.reason != VIZ_REASON_NONE && said.reason != VIZ_REASON_OTHER;
}

enum viz_reason viz_reason_of(struct viz_reasons *r, const char *text, size_t len)
{
	return viz_reason_of_row(r, "", 0, text, len);
}

enum viz_reason viz_reason_of_row(struct viz_reasons *r, const char *choice, size_t choice_len,
				  const char *note, size_t note_len)
{
	uint64_t hash = viz_hash64(note, note_len) ^ viz_hash64(choice, choice_len) << 1;
	struct cached *c = &r->cache[hash % VIZ_ANALYZE_CACHE_SLOTS];

	if (note_len == 0) {
		note = choice;
		note_len = choice_len;
		choice_len = 0;
	}
	if (!c->used || c->hash != hash || c->len != choice_len + note_len)
		*c = (struct cached){hash, (uint32_t)(choice_len + note_len),
				     (uint8_t)decide(r, choice, choice_len, note, note_len), 1};
	return (enum viz_reason)c->reason;
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
	err = viz_reason_model_parse(&(*reasons)->model, &line, viz_reason_weights_tsv,
				     viz_reason_weights_tsv_len);
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
	viz_reason_model_free(&reasons->model);
	free(reasons);
}
