#include "tools/analyze/reason_rules.h"

#define NODES_MAX       32768
#define ALTS_MAX        16384
#define ELEMENTS_MAX    2048
#define RULES_MAX       1024
#define LIST_MAX        32768
#define SLIP_WORD_MIN   5 /* letters: in a shorter word one typing error makes another word */
#define SLIP_PREFIX_MIN 5 /* letters of a stem that may have a typing error */

struct cursor {
	const char *p, *end;
};

static int letter(char c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '0' && c <= '9')
		return 26 + c - '0';
	return -1;
}

/* The node of a word, made when needed; 0 when it is no word or the table is full. */
static uint16_t node_of(struct viz_rules *r, const char *word, size_t len)
{
	uint16_t at = 0;

	for (size_t i = 0; i < len; i++) {
		int l = letter(word[i]);

		if (l < 0)
			return 0;
		if (r->node[at].next[l] == 0) {
			if (r->nodes == NODES_MAX)
				return 0;
			r->node[at].next[l] = (uint16_t)r->nodes++;
		}
		at = r->node[at].next[l];
	}
	return at;
}

static int stem_of(struct viz_rules *r, uint16_t *stem, const char *word, size_t len)
{
	bool prefix = len > 0 && word[len - 1] == '*';
	bool unknown = len == 1 && word[0] == '~';
	uint16_t at = unknown ? 0 : node_of(r, word, len - prefix);
	uint16_t *number;

	if (at == 0 && !unknown)
		return VIZ_ERR_INPUT;
	number = unknown ? &r->unknown : prefix ? &r->node[at].prefix : &r->node[at].exact;
	if (*number == 0 && r->stems == VIZ_RULE_STEMS_MAX)
		return VIZ_ERR_INPUT;
	if (*number == 0)
		*number = (uint16_t)++r->stems;
	*stem = (uint16_t)(*number - 1);
	return 0;
}

/* Parses "a", "a*" or "a+b", up to a bar, a bracket or a blank. */
static int parse_alt(struct viz_rules *r, struct viz_rule_element *e, struct cursor *c)
{
	struct viz_rule_alt *alt = &r->alt[r->alts];

	if (r->alts == ALTS_MAX)
		return VIZ_ERR_INPUT;
	alt->n = 0;
	for (;;) {
		const char *from = c->p;

		while (c->p < c->end && (letter(*c->p) >= 0 || *c->p == '*' || *c->p == '~'))
			c->p++;
		if (alt->n == VIZ_RULE_ALT_WORDS ||
		    stem_of(r, &alt->stem[alt->n], from, (size_t)(c->p - from)) < 0)
			return VIZ_ERR_INPUT;
		alt->n++;
		if (c->p == c->end || *c->p != '+' || (c->p + 1 < c->end && c->p[1] == '('))
			break;
		c->p++;
	}
	if (alt->n == 1)
		e->single[alt->stem[0] / 64] |= UINT64_C(1) << (alt->stem[0] % 64);
	else
		r->alts++;
	return 0;
}

static int parse_element(struct viz_rules *r, struct cursor *c)
{
	struct viz_rule_element *e = &r->element[r->elements];
	bool tight = *c->p == '+';
	bool group;

	c->p += tight;
	if (r->elements == ELEMENTS_MAX || c->p == c->end)
		return VIZ_ERR_INPUT;
	group = *c->p == '(';
	e->tight = tight;
	e->first = (uint16_t)r->alts;
	do {
		c->p += group;
		if (parse_alt(r, e, c) < 0)
			return VIZ_ERR_INPUT;
	} while (group && c->p < c->end && *c->p == '|');
	if (group && (c->p == c->end || *c->p++ != ')'))
		return VIZ_ERR_INPUT;
	if (c->p < c->end && *c->p != ' ' && *c->p != '+')
		return VIZ_ERR_INPUT;
	e->n = (uint16_t)(r->alts - e->first);
	r->elements++;
	return 0;
}

static int parse_rule(struct viz_rules *r, uint8_t kind, uint8_t weight, struct cursor c)
{
	struct viz_rule *rule = &r->rule[r->rules];

	if (r->rules == RULES_MAX)
		return VIZ_ERR_INPUT;
	*rule = (struct viz_rule){kind, weight, (uint16_t)r->elements, 0};
	while (c.p < c.end) {
		if (*c.p == ' ') {
			c.p++;
			continue;
		}
		if (*c.p == '+' && r->elements == rule->first)
			return VIZ_ERR_INPUT; /* next to what? */
		if (parse_element(r, &c) < 0)
			return VIZ_ERR_INPUT;
	}
	rule->n = (uint16_t)(r->elements - rule->first);
	if (rule->n == 0)
		return VIZ_ERR_INPUT;
	r->rules++;
	return 0;
}

/* The words of a group, after its name. */
static int parse_group(struct viz_rules *r, struct cursor c)
{
	const char *blank = memchr(c.p, ' ', (size_t)(c.end - c.p));
	size_t len = blank ? (size_t)(blank - c.p) : 0;

	if (len == 0 || len > VIZ_RULE_GROUP_LETTERS || r->groups == VIZ_RULE_GROUPS_MAX)
		return VIZ_ERR_INPUT;
	memcpy(r->group[r->groups++], c.p, len);
	for (c.p = blank + 1; c.p < c.end;) {
		const char *next = memchr(c.p, ' ', (size_t)(c.end - c.p));
		const char *end = next ? next : c.end;
		bool prefix = end > c.p && end[-1] == '*';
		uint16_t at = node_of(r, c.p, (size_t)(end - c.p) - prefix);
		uint8_t *group = prefix ? &r->node[at].group_prefix : &r->node[at].group;

		if (at == 0 || *group)
			return VIZ_ERR_INPUT;
		*group = (uint8_t)r->groups;
		c.p = next ? next + 1 : c.end;
	}
	return 0;
}

/* Words that say nothing, or words that people shorten with a full stop. */
static int parse_words(struct viz_rules *r, char kind, struct cursor c)
{
	while (c.p < c.end) {
		const char *blank = memchr(c.p, ' ', (size_t)(c.end - c.p));
		const char *end = blank ? blank : c.end;
		uint16_t at = node_of(r, c.p, (size_t)(end - c.p));

		if (at == 0)
			return VIZ_ERR_INPUT;
		r->node[at].filler |= kind == 'f';
		r->node[at].abbrev |= kind == 'a';
		r->node[at].link |= kind == 'l';
		c.p = blank ? blank + 1 : c.end;
	}
	return 0;
}

static bool same(const char *p, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(p, name, len) == 0;
}

static const char *kind_name(unsigned kind)
{
	static const char *const names[VIZ_RULE_KINDS - VIZ_REASONS] = {
	    "nothing", "offer", "aside", "resume", "stress", "stays"};

	return kind < VIZ_REASONS ? viz_reason_name((enum viz_reason)kind)
				  : names[kind - VIZ_REASONS];
}

static int parse_line(struct viz_rules *r, const char *p, const char *end)
{
	const char *tab = memchr(p, '\t', (size_t)(end - p));
	const char *second = tab ? memchr(tab + 1, '\t', (size_t)(end - tab - 1)) : NULL;
	size_t name = tab ? (size_t)(tab - p) : 0;
	unsigned weight = 0;

	if (!second)
		return VIZ_ERR_INPUT;
	for (const char *w = tab + 1; w < second; w++) {
		if (*w < '0' || *w > '9' || weight > 25)
			return VIZ_ERR_INPUT;
		weight = weight * 10 + (unsigned)(*w - '0');
	}
	if (same(p, name, "filler") || same(p, name, "abbrev") || same(p, name, "link"))
		return parse_words(r, *p, (struct cursor){second + 1, end});
	if (same(p, name, "group"))
		return parse_group(r, (struct cursor){second + 1, end});
	for (unsigned i = 0; i < VIZ_RULE_KINDS; i++)
		if (same(p, name, kind_name(i)) && weight > 0)
			return parse_rule(r, (uint8_t)i, (uint8_t)weight,
					  (struct cursor){second + 1, end});
	return VIZ_ERR_INPUT;
}

/* Lists for each stem the rules that may begin with it. */
static int index_rules(struct viz_rules *r)
{
	size_t at = 0;

	r->by_stem = calloc(r->stems + 1, sizeof *r->by_stem);
	r->list = calloc(LIST_MAX, sizeof *r->list);
	if (!r->by_stem || !r->list)
		return VIZ_ERR_NOMEM;
	for (size_t stem = 0; stem < r->stems; stem++) {
		r->by_stem[stem].first = (uint16_t)at;
		for (size_t i = 0; i < r->rules; i++) {
			const struct viz_rule_element *e = &r->element[r->rule[i].first];
			bool begins = (e->single[stem / 64] >> (stem % 64)) & 1;

			for (size_t a = 0; a < e->n && !begins; a++)
				begins = r->alt[e->first + a].stem[0] == stem;
			if (begins && at == LIST_MAX)
				return VIZ_ERR_INPUT;
			if (begins)
				r->list[at++] = (uint16_t)i;
		}
		r->by_stem[stem].n = (uint16_t)(at - r->by_stem[stem].first);
	}
	return 0;
}

int viz_reason_rules_compile(struct viz_rules *r, size_t *line, const char *text, size_t len)
{
	const char *end = text + len;

	*r = (struct viz_rules){.nodes = 1};
	r->node = calloc(NODES_MAX, sizeof *r->node);
	r->alt = calloc(ALTS_MAX, sizeof *r->alt);
	r->element = calloc(ELEMENTS_MAX, sizeof *r->element);
	r->rule = calloc(RULES_MAX, sizeof *r->rule);
	if (!r->node || !r->alt || !r->element || !r->rule)
		return VIZ_ERR_NOMEM;
	for (const char *p = text; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		(*line)++;
		if (stop > p && *p != '#' && parse_line(r, p, stop) < 0)
			return VIZ_ERR_INPUT;
		p = nl ? nl + 1 : end;
	}
	return index_rules(r);
}

void viz_reason_rules_free(struct viz_rules *r)
{
	free(r->node);
	free(r->alt);
	free(r->element);
	free(r->rule);
	free(r->list);
	free(r->by_stem);
}

struct hits {
	uint16_t *stem;
	size_t n, max;
	bool filler;
};

static void add_hit(struct hits *h, uint16_t number)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->stem[i] == number - 1)
			return;
	if (number && h->n < h->max)
		h->stem[h->n++] = (uint16_t)(number - 1);
}

/* Adds the stems that match from `node` on, `depth` letters below the root, after the one error. */
static void walk(const struct viz_rules *r, struct hits *h, uint16_t node, size_t depth,
		 const char *rest, size_t len)
{
	for (size_t i = 0; node; i++, depth++) {
		int l;

		if (r->node[node].prefix && depth >= SLIP_PREFIX_MIN)
			add_hit(h, r->node[node].prefix);
		if (i == len) {
			if (r->node[node].exact)
				add_hit(h, r->node[node].exact);
			h->filler |= r->node[node].filler;
			return;
		}
		l = letter(rest[i]);
		node = l < 0 ? 0 : r->node[node].next[l];
	}
}

/* Tries one error: a letter too many, one missing, a wrong one, two exchanged. The first letter
 * must be right. */
size_t viz_reason_rules_stems_near(const struct viz_rules *r, uint16_t *stem, size_t max,
				   bool *filler, const char *word, size_t len)
{
	struct hits h = {stem, 0, max, false};
	uint16_t at = 0;

	if (len < SLIP_WORD_MIN)
		return 0;
	for (size_t i = 0; i <= len; i++) {
		int l = i < len ? letter(word[i]) : -1;
		int l2 = i + 1 < len ? letter(word[i + 1]) : -1;

		for (int c = 0; i > 0 && c < VIZ_RULE_LETTERS; c++) {
			uint16_t child = r->node[at].next[c];

			if (child == 0 || c == l)
				continue;
			walk(r, &h, child, i + 1, word + i, len - i);
			if (i < len)
				walk(r, &h, child, i + 1, word + i + 1, len - i - 1);
			if (c == l2 && l >= 0)
				walk(r, &h, r->node[child].next[l], i + 2, word + i + 2,
				     len - i - 2);
		}
		if (i > 0 && i < len)
			walk(r, &h, at, i, word + i + 1, len - i - 1);
		at = l < 0 ? 0 : r->node[at].next[l];
		if (at == 0)
			break;
	}
	*filler = h.filler && h.n == 0;
	return h.n;
}

size_t viz_reason_rules_stems(const struct viz_rules *r, uint16_t *stem, size_t max, bool *filler,
			      const char *word, size_t len)
{
	uint16_t at = 0;
	size_t n = 0;

	*filler = false;
	for (size_t i = 0; i < len; i++) {
		int l = letter(word[i]);

		at = l < 0 ? 0 : r->node[at].next[l];
		if (at == 0)
			return n;
		if (r->node[at].prefix && n < max)
			stem[n++] = (uint16_t)(r->node[at].prefix - 1);
	}
	if (r->node[at].exact && n < max)
		stem[n++] = (uint16_t)(r->node[at].exact - 1);
	*filler = r->node[at].filler;
	return n;
}

bool viz_reason_rules_abbrev(const struct viz_rules *r, const char *word, size_t len)
{
	uint16_t at = 0;

	for (size_t i = 0; i < len; i++) {
		int l = letter(word[i]);

		at = l < 0 ? 0 : r->node[at].next[l];
		if (at == 0)
			return false;
	}
	return r->node[at].abbrev;
}

unsigned viz_reason_rules_group(const struct viz_rules *r, bool *link, const char *word, size_t len)
{
	unsigned group = 0;
	uint16_t at = 0;

	*link = false;
	for (size_t i = 0; i < len; i++) {
		int l = letter(word[i]);

		at = l < 0 ? 0 : r->node[at].next[l];
		if (at == 0)
			return group;
		if (r->node[at].group_prefix)
			group = r->node[at].group_prefix;
	}
	*link = r->node[at].link;
	return r->node[at].group ? r->node[at].group : group;
}
