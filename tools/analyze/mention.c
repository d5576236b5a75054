/* Municipalities that a free text names: "mudou p/ Colatina", "foi morar em Vila Velha ES". */
#include "tools/analyze/analyze.h"
#include "tools/analyze/value.h"
#include "tools/text/fold.h"

#define NAME_WORDS 6 /* of the longest name that is looked for */

/* Words before the name of a place. After a weak one, a single word is a town only in the state of
 * the mover. */
struct before {
	const char *words;
	bool strong;
};
static const struct before befores[] = {
    {"para", true},         {"pra", true},        {"pro", true},     {"p", true},
    {"morar em", true},     {"morando em", true}, {"mora em", true}, {"residir em", true},
    {"residindo em", true}, {"mudou em", false},  {"destino", true}, {"cidade de", true},
    {"municipio de", true}, {"em", false},
};

/* Towns whose name is also a common word, or the name of a country or a region. They count only
 * with their state, or, when it is no word for a part of a town, in the state that the mover left.
 */
static const char *const common[] = {
    "agudos",       "alegria",   "alto",     "areia",        "barcelona", "barreiras",
    "california",   "campinas",  "campos",   "caridade",     "casa nova", "colombia",
    "conquista",    "cordoba",   "curvelo",  "equador",      "esperanca", "feira nova",
    "florida",      "fronteira", "holanda",  "inhuma",       "israel",    "liberdade",
    "luz",          "macau",     "malta",    "mata",         "medina",    "nova iorque",
    "ouro",         "palestina", "panama",   "paulista",     "paz",       "pilar",
    "planalto",     "ponte",     "posse",    "praia grande", "prata",     "primavera",
    "princesa",     "progresso", "santiago", "serra",        "serrinha",  "trabiju",
    "turquia",      "uniao",     "varzea",   "vera",         "vitoria",   "virginia",
    "buenos aires",
};
static const char *const never[] = {
    "bairro",  "barra",  "capela",  "capital",  "casa",     "central",  "centro",
    "chacara", "cidade", "colonia", "fazenda",  "interior", "jardim",   "lagoa",
    "outra",   "outro",  "parque",  "passagem", "predio",   "rio novo", "rocado",
    "saude",   "sede",   "sitio",   "vila",
};

static bool listed(const char *const *list, size_t n, const char *text, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == len && memcmp(list[i], text, len) == 0)
			return true;
	return false;
}
#define LISTED(list, text, len) listed(list, sizeof(list) / sizeof *(list), text, len)

/* Names of states that are also names of towns: after a state they mean the town, except for the
 * two that everybody uses for the town. */
static bool is_state(const char *text, size_t len)
{
	static const char *const towns[] = {"sao paulo", "rio de janeiro"};
	unsigned uf;

	return len > 2 && viz_value_identity_uf(&uf, text, len) == 0 && !LISTED(towns, text, len);
}

/* The town with exactly this name, without a state after it. */
static uint16_t named(struct viz_analysis *a, const char *text, size_t len, unsigned near_uf,
		      bool alone)
{
	uint16_t town;

	if (LISTED(never, text, len))
		return VIZ_TOWN_NONE;
	if (near_uf) {
		town = viz_towns_by_folded(a->towns, near_uf, text, len);
		if (town < VIZ_TOWN_AMBIGUOUS)
			return town;
	}
	if (!alone || LISTED(common, text, len))
		return VIZ_TOWN_NONE;
	town = viz_towns_by_folded(a->towns, 0, text, len);
	return town < VIZ_TOWN_AMBIGUOUS ? town : VIZ_TOWN_NONE;
}

/* The longest name of a town in folded words from `at`; a state may follow. */
static uint16_t named_at(struct viz_analysis *a, const char *text, size_t len, size_t at,
			 unsigned near_uf, bool strong)
{
	size_t end[NAME_WORDS], n = 0;

	for (size_t i = at; n < NAME_WORDS && i <= len; i++)
		if (i == len || text[i] == ' ')
			end[n++] = i;
	for (size_t k = n; k-- > 0;) {
		const char *name = text + at;
		size_t size = end[k] - at;
		unsigned uf = 0;
		uint16_t town;

		if (size < 4)
			break;
		if (k + 1 < n && end[k + 1] - end[k] == 3 &&
		    viz_value_identity_uf(&uf, text + end[k] + 1, 2) == 0) {
			town = viz_towns_by_folded(a->towns, uf, name, size);
			if (town < VIZ_TOWN_AMBIGUOUS)
				return town;
		}
		if (is_state(name, size))
			return VIZ_TOWN_NONE;
		town = named(a, name, size, near_uf, strong || k > 0);
		if (town != VIZ_TOWN_NONE)
			return town;
	}
	return VIZ_TOWN_NONE;
}

/* Skips words before the name: "para a Serra", "p a cidade de Colatina". */
static size_t after_article(const char *text, size_t len, size_t at)
{
	static const char *const skipped[] = {"a ", "o ", "cidade de ", "municipio de "};

	for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++) {
		size_t w = strlen(skipped[i]);

		if (at + w < len && memcmp(text + at, skipped[i], w) == 0)
			at += w;
	}
	return at;
}

uint16_t viz_mention_of(struct viz_analysis *a, const char *text, size_t len, uint16_t origin)
{
	char folded[VIZ_ANALYZE_TEXT_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, text, len);
	unsigned near_uf = origin < VIZ_TOWN_AMBIGUOUS ? viz_towns_uf(a->towns, origin) : 0;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && folded[i - 1] != ' ')
			continue;
		for (size_t k = 0; k < sizeof befores / sizeof *befores; k++) {
			size_t w = strlen(befores[k].words);
			uint16_t town;

			if (i + w + 1 >= n || memcmp(folded + i, befores[k].words, w) != 0 ||
			    folded[i + w] != ' ')
				continue;
			town = named_at(a, folded, n, after_article(folded, n, i + w + 1), near_uf,
					befores[k].strong);
			if (town != VIZ_TOWN_NONE)
				return town;
		}
	}
	return VIZ_TOWN_NONE;
}
