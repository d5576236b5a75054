#include "tools/analyze/reason_match.h"

#define GAP       2 /* words that may stand between two of a pattern */
#define NEGATES   3 /* words back to a "não" */
#define YES_BONUS 2 /* "Mudança? Sim" */

static bool has_stem(const struct viz_reason_word *w, uint16_t stem)
{
	for (unsigned i = 0; i < w->stems; i++)
		if (w->stem[i] == stem)
			return true;
	return false;
}

/* The number of words that one alternative matches at `at`, 0 for none. */
static size_t alternative_at(const struct viz_reason_words *words, const struct viz_rule_alt *alt,
			     size_t at)
{
	if (at + alt->n > words->n || words->w[at + alt->n - 1].clause != words->w[at].clause)
		return 0;
	for (size_t i = 0; i < alt->n; i++)
		if (!has_stem(&words->w[at + i], alt->stem[i]))
			return 0;
	return alt->n;
}

static size_t element_at(const struct viz_rules *rules, const struct viz_reason_words *words,
			 const struct viz_rule_element *element, size_t at)
{
	const struct viz_reason_word *w = &words->w[at];
	size_t most = 0;

	for (size_t i = 0; i < element->n; i++) {
		size_t n = alternative_at(words, &rules->alt[element->first + i], at);

		most = n > most ? n : most;
	}
	for (unsigned i = 0; i < w->stems && most == 0; i++)
		if ((element->single[w->stem[i] / 64] >> (w->stem[i] % 64)) & 1)
			return 1;
	return most;
}

/* Whether the rule matches at `at`, all of it in one clause. */
static bool rule_at(const struct viz_rules *rules, const struct viz_reason_words *words,
		    const struct viz_rule *rule, size_t at, struct viz_reason_found *found)
{
	const struct viz_rule_element *element = &rules->element[rule->first];
	uint16_t clause = words->w[at].clause;
	size_t n = element_at(rules, words, element, at), first = at;

	if (!n)
		return false;
	*found = (struct viz_reason_found){rule->kind, rule->weight,          0, (uint16_t)at,
					   0,          (UINT64_C(1) << n) - 1};
	at += n;
	for (size_t e = 1; e < rule->n; e++) {
		size_t gap = 0, most = element[e].tight ? 0 : GAP;

		for (n = 0; gap <= most && at + gap < words->n; gap++)
			if (words->w[at + gap].clause != clause ||
			    (n = element_at(rules, words, element + e, at + gap)) != 0)
				break;
		if (!n || at + gap + n - first > 63)
			return false;
		at += gap;
		found->words |= ((UINT64_C(1) << n) - 1) << (at - first);
		at += n;
	}
	found->last = (uint16_t)(at - 1);
	return true;
}

static void find(struct viz_reason_text *t, const struct viz_rules *rules)
{
	const struct viz_reason_words *words = &t->words;

	t->n = 0;
	for (size_t at = 0; at < words->n; at++) {
		const struct viz_reason_word *w = &words->w[at];

		for (unsigned s = 0; s < w->stems; s++) {
			const struct viz_rule_list *list = &rules->by_stem[w->stem[s]];

			for (size_t i = 0; i < list->n && t->n < VIZ_REASON_MATCHES_MAX; i++)
				t->n += rule_at(rules, words,
						&rules->rule[rules->list[list->first + i]], at,
						&t->found[t->n]);
		}
	}
}

/* "Mudança de plano" is no "mudança": a match whose words are only a part of another's is none. */
static bool covered(const struct viz_reason_text *t, const struct viz_reason_found *m)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct viz_reason_found *by = &t->found[i];
		uint64_t words;

		if (by->kind >= VIZ_RULE_OFFER || by->kind == m->kind || by->first > m->first ||
		    by->last < m->last)
			continue;
		words = m->words << (m->first - by->first);
		if ((by->words & words) == words && by->words != words)
			return true;
	}
	return false;
}

static size_t clause_end(const struct viz_reason_words *words, size_t at)
{
	uint16_t clause = words->w[at].clause;

	while (at < words->n && words->w[at].clause == clause)
		at++;
	return at;
}

static size_t sentence_end(const struct viz_reason_words *words, size_t at)
{
	uint16_t sentence = words->w[at].sentence;

	while (at < words->n && words->w[at].sentence == sentence)
		at++;
	return at;
}

/* Where an agent's words end: with the sentence (an offer) or the clause, or where the customer
 * speaks again. */
static size_t mute_end(const struct viz_reason_text *t, const struct viz_reason_found *m)
{
	size_t end = m->kind == VIZ_RULE_OFFER ? sentence_end(&t->words, m->last)
					       : clause_end(&t->words, m->last);

	for (size_t i = 0; i < t->n; i++)
		if (t->found[i].kind == VIZ_RULE_RESUME && t->found[i].first > m->first &&
		    t->found[i].first < end)
			end = t->found[i].first;
	return end;
}

/* Marks what the agent said and what the customer stressed. */
static void hear(struct viz_reason_text *t)
{
	memset(t->muted, 0, sizeof t->muted);
	memset(t->bonus, 0, sizeof t->bonus);
	for (size_t i = 0; i < t->n; i++) {
		const struct viz_reason_found *m = &t->found[i];
		size_t end;

		if (m->kind == VIZ_RULE_OFFER || m->kind == VIZ_RULE_ASIDE) {
			end = mute_end(t, m);
			for (size_t at = m->first; at < end; at++)
				t->muted[at] = true;
		} else if (m->kind == VIZ_RULE_STRESS) {
			end = sentence_end(&t->words, m->last);
			for (size_t at = m->last; at < end; at++)
				t->bonus[at] = m->weight > t->bonus[at] ? m->weight : t->bonus[at];
		}
	}
}

/* Whether the "não" at `at` belongs to a match of its own ("não pagou"), or another thought begins
 * between it and `to`. */
static bool bound(const struct viz_reason_text *t, size_t at, size_t to)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct viz_reason_found *m = &t->found[i];

		if (m->first == at && m->last > at && m->last < to)
			return true;
		if ((m->kind == VIZ_RULE_RESUME || m->kind == VIZ_RULE_STRESS) && m->first > at &&
		    m->first < to)
			return true;
	}
	return false;
}

/* "Desconto não, mudança não": a clause whose last word is a "não" behind the match. */
static bool answered_no(const struct viz_reason_words *words, size_t at)
{
	size_t last = clause_end(words, at) - 1;

	return last > at && words->w[last].negates;
}

static bool negated(const struct viz_reason_text *t, const struct viz_reason_found *m)
{
	const struct viz_reason_word *w = t->words.w;

	if (w[m->first].negates || w[m->first].sem)
		return false;
	if (answered_no(&t->words, m->last))
		return true;
	for (size_t back = 1; back <= NEGATES && back <= m->first; back++) {
		size_t at = m->first - back;

		if (w[at].clause != w[m->first].clause)
			return false;
		if ((w[at].negates && !bound(t, at, m->first)) || (w[at].sem && back == 1))
			return true;
	}
	return false;
}

/* What is answered to a question: -1 no, 1 yes, 0 something else. */
static int answer(const struct viz_reason_words *words, size_t at)
{
	size_t end = clause_end(words, at);

	if (!words->w[at].asked)
		return 0;
	for (size_t i = end; i < words->n && i < end + 2; i++)
		if (words->w[i].negates || words->w[i].yes)
			return words->w[i].negates ? -1 : 1;
	return 0;
}

/* The weight of a match in its place, 0 when something undoes it. */
static unsigned weight_of(const struct viz_reason_text *t, const struct viz_reason_found *m)
{
	int said = answer(&t->words, m->last);

	if (t->muted[m->first] || said < 0 || negated(t, m) || covered(t, m))
		return 0;
	return m->weight + t->bonus[m->first] + (said > 0 ? YES_BONUS : 0u);
}

static void weigh(struct viz_reason_text *t)
{
	memset(t->strongest, 0, sizeof t->strongest);
	for (size_t i = 0; i < t->n; i++) {
		struct viz_reason_found *m = &t->found[i];

		m->counts = (uint8_t)weight_of(t, m);
		if (m->counts > t->strongest[m->kind])
			t->strongest[m->kind] = m->counts;
	}
}

static bool says_anything(const struct viz_reason_text *t)
{
	for (size_t i = 0; i < t->words.n; i++)
		if (!t->muted[i] && !t->words.w[i].filler)
			return true;
	return false;
}

struct viz_reason_said viz_reason_match(struct viz_reason_text *t, const struct viz_rules *rules)
{
	struct viz_reason_said said = {VIZ_REASON_NONE, 0};
	unsigned best = 0;

	find(t, rules);
	hear(t);
	weigh(t);
	for (size_t i = 0; i < t->n; i++) {
		const struct viz_reason_found *m = &t->found[i];
		unsigned weight = m->kind < VIZ_REASONS ? m->counts : 0;

		/* who "mora no mesmo lugar" has not moved */
		if (m->kind == VIZ_REASON_MOVE && m->weight <= t->strongest[VIZ_RULE_STAYS])
			continue;
		/* a mover gives other reasons too, so of equals the move wins */
		if (weight < best || weight == 0 ||
		    (weight == best &&
		     !(m->kind == VIZ_REASON_MOVE && said.reason != VIZ_REASON_MOVE)))
			continue;
		best = weight;
		said = (struct viz_reason_said){(enum viz_reason)m->kind, (uint8_t)weight};
	}
	if (best == 0 && says_anything(t))
		said.reason = VIZ_REASON_OTHER;
	return said;
}
