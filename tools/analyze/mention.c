/* Municipalities that a free text names: "mudou p/ Colatina", "foi morar em Vila Velha ES". */
#include "tools/analyze/analyze.h"
#include "tools/analyze/value.h"
#include "tools/geo/place.h"
#include "tools/text/fold.h"

#define NAME_WORDS 6 /* of the longest name that is looked for */

/* How a name is led up to, from the clearest. */
enum lead {
	LEAD_TO,    /* "para": a town, also in a short form */
	LEAD_STATE, /* nothing, but its state follows */
	LEAD_IN,    /* "em": the last one counts, as in "saiu do aluguel em A, comprou casa em B" */
	LEAD_NONE,  /* a name of several words, or the first word of the text */
};
#define LEADS (LEAD_NONE + 1)

static const char *const to_words[] = {
    "para",           "pra",           "pro",          "p",           "ao",           "morar em",
    "morando em",     "mora em",       "reside em",    "residir em",  "residindo em", "destino",
    "destino e",      "cidade de",     "municipio de", "rumo a",      "unidade de",   "quartel de",
    "campus de",      "filial de",     "comarca de",   "batalhao de", "diocese de",   "base de",
    "polo de",        "prefeitura de", "casa em",      "emprego em",  "servico em",   "trabalho em",
    "apartamento em", "lotado em",     "lotada em",    "voltar a",    "regressa a",   "hospital de",
    "usina de",       "paroquia de",   "retornou a",   "usp de",      "federal de",   "presidio de",
    "time de",        "frigorifico de"};
/* Before these a name is no destination, or no town. */
static const char *const away_words[] = {
    "de",      "do",          "da",         "rua",   "r",        "av",       "avenida",
    "bairro",  "jardim",      "jd",         "praca", "travessa", "vila",     "parque",
    "setor",   "residencial", "condominio", "cond",  "conjunto", "edificio", "titular",
    "cliente", "dona",        "sr",         "sra",   "santo",    "loja"};
static const char *const not_in_words[] = {"tecnico", "loja",      "equipe",  "suporte",
					   "agencia", "atendente", "central", "escritorio",
					   "estamos", "cobertura", "atuamos", "cidades"};

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
    "buenos aires", "campanha",  "chapada",  "chaves",
};
static const char *const never[] = {
    "bairro",  "barra",  "capela",    "capital",  "casa",     "central",  "centro",
    "chacara", "cidade", "colonia",   "fazenda",  "interior", "jardim",   "lagoa",
    "outra",   "outro",  "parque",    "passagem", "predio",   "rio novo", "rocado",
    "saude",   "sede",   "sede nova", "sitio",    "vila",
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
		      enum lead lead)
{
	bool clear = lead == LEAD_TO || lead == LEAD_IN || memchr(text, ' ', len);
	uint16_t town;

	if (LISTED(never, text, len) || lead == LEAD_STATE)
		return VIZ_TOWN_NONE;
	if (near_uf && lead != LEAD_NONE) {
		town = viz_towns_by_folded(a->towns, near_uf, text, len);
		if (town < VIZ_TOWN_AMBIGUOUS)
			return town;
	}
	if (!clear || LISTED(common, text, len))
		return VIZ_TOWN_NONE;
	town = viz_towns_by_folded(a->towns, 0, text, len);
	return town < VIZ_TOWN_AMBIGUOUS ? town : VIZ_TOWN_NONE;
}

/* The state that a text begins with: "mg", "minas gerais", "em minas", "interior do parana". */
static unsigned state_at(const char *text, size_t len)
{
	static const char *const skipped[] = {"em ", "no ", "na ", "do ", "da ", "interior "};
	unsigned uf = 0;

	for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++) {
		size_t w = strlen(skipped[i]);

		if (len > w && memcmp(text, skipped[i], w) == 0) {
			text += w;
			len -= w;
			i = (size_t)-1;
		}
	}
	if (len == 0 || (text[0] >= '0' && text[0] <= '9'))
		return 0; /* not a state's number */
	for (size_t end = 2; end <= len && end < 24; end++)
		if ((end == len || text[end] == ' ') && viz_value_identity_uf(&uf, text, end) == 0)
			return uf;
	return len >= 5 && memcmp(text, "minas", 5) == 0 && (len == 5 || text[5] == ' ') ? 31 : 0;
}

/* A short form: "BH", "Gov. Valadares". */
static uint16_t short_form(struct viz_analysis *a, const char *text, size_t len, uint32_t near)
{
	struct viz_place_trouble trouble;
	struct viz_place place;
	char name[VIZ_ANALYZE_NAME_MAX];

	if (len >= sizeof name || LISTED(never, text, len) || LISTED(common, text, len))
		return VIZ_TOWN_NONE;
	memcpy(name, text, len);
	name[len] = 0;
	if (viz_place_find(&place, &trouble, a->gazetteer, NULL, name, near) < 0 ||
	    place.kind != VIZ_PLACE_MUNICIPALITY || place.has_cep)
		return VIZ_TOWN_NONE;
	return viz_towns_by_code(a->towns, place.ibge);
}

/* The longest name of a town in folded words from `at`; a state may follow. */
static uint16_t named_at(struct viz_analysis *a, const char *text, size_t len, size_t at,
			 uint16_t origin, enum lead lead)
{
	unsigned near_uf = origin < VIZ_TOWN_AMBIGUOUS ? viz_towns_uf(a->towns, origin) : 0;
	size_t end[NAME_WORDS], n = 0;

	for (size_t i = at; n < NAME_WORDS && i <= len; i++)
		if (i == len || text[i] == ' ')
			end[n++] = i;
	for (size_t k = n; k-- > 0;) {
		const char *name = text + at;
		size_t size = end[k] - at;
		unsigned uf = end[k] < len ? state_at(text + end[k] + 1, len - end[k] - 1) : 0;
		uint16_t town;

		if (size < 4)
			break;
		if (uf) {
			town = viz_towns_by_folded(a->towns, uf, name, size);
			if (town < VIZ_TOWN_AMBIGUOUS)
				return town;
		}
		if (is_state(name, size))
			return VIZ_TOWN_NONE;
		town = named(a, name, size, near_uf, lead);
		if (town != VIZ_TOWN_NONE)
			return town;
	}
	for (size_t k = n < 4 ? n : 4; (lead == LEAD_TO || lead == LEAD_IN) && k-- > 0;) {
		uint32_t near = near_uf ? viz_towns_ibge(a->towns, origin) : 0;
		uint16_t town = short_form(a, text + at, end[k] - at, near);

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

/* Whether one of the words ends at `at`, before a blank. */
static bool ends_with(const char *text, size_t at, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t w = strlen(words[i]);

		if (at >= w && memcmp(text + at - w, words[i], w) == 0 &&
		    (at == w || text[at - w - 1] == ' '))
			return true;
	}
	return false;
}
#define ENDS_WITH(text, at, words) ends_with(text, at, words, sizeof(words) / sizeof *(words))

static bool leads(enum lead lead, const char *text, size_t at)
{
	static const char *const in[] = {"em"};
	size_t before = at ? at - 1 : 0;

	switch (lead) {
	case LEAD_TO:
		return ENDS_WITH(text, before, to_words);
	case LEAD_IN:
		return ENDS_WITH(text, before, in) &&
		       !(before > 3 && ENDS_WITH(text, before - 3, not_in_words));
	case LEAD_STATE:
	case LEAD_NONE:
		return !ENDS_WITH(text, before, away_words);
	}
	return false;
}

uint16_t viz_mention_of(struct viz_analysis *a, const char *text, size_t len, uint16_t origin)
{
	char folded[VIZ_ANALYZE_TEXT_MAX];
	size_t n = viz_fold_text(folded, sizeof folded, text, len);

	for (enum lead lead = LEAD_TO; lead < LEADS; lead++) {
		uint16_t last = VIZ_TOWN_NONE;

		for (size_t i = 0; i < n; i++) {
			uint16_t town;

			if ((i > 0 && folded[i - 1] != ' ') || !leads(lead, folded, i))
				continue;
			town = named_at(a, folded, n,
					lead == LEAD_TO ? after_article(folded, n, i) : i, origin,
					lead);
			if (town == VIZ_TOWN_NONE)
				continue;
			if (lead != LEAD_IN)
				return town;
			last = town;
		}
		if (last != VIZ_TOWN_NONE)
			return last;
	}
	return VIZ_TOWN_NONE;
}
