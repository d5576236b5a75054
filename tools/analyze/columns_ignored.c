#include "tools/analyze/columns_ignored.h"
#include "tools/text/fold.h"
#include "tools/text/heading.h"

/* Parts of headings without accents, case and blanks, in the order of preference. */
struct clue {
	enum viz_role role;
	const char *parts[14];
};
static const struct clue clues[] = {
    {VIZ_ROLE_DATE,
     {"databaixa", "dtbaixa", "datasaida", "dtsaida", "datadesativ", "dtdesativ", "dataencerr",
      "dtencerr", "datarescis", "dtrescis", "datacanc", "dtcanc", "datafim"}},
    {VIZ_ROLE_REASON, {"motiv", "causa", "classific", "justific", "razaod", "tipodesist"}},
    {VIZ_ROLE_DETAIL,
     {"obs", "coment", "relato", "historico", "anotac", "descri", "parecer", "tratativa"}},
    {VIZ_ROLE_VALUE, {"mensal", "valor", "vlr", "ticket", "preco", "amount"}},
    {VIZ_ROLE_DEST_CEP, {"cepnov", "novocep", "cepdest"}},
    {VIZ_ROLE_DEST_CITY,
     {"cidadenov", "novacidade", "cidadedest", "municipionov", "novomunicipio", "municipiodest"}},
    {VIZ_ROLE_DEST_TEXT,
     {"enderecodest", "novoendereco", "endereconovo", "paraonde", "ondevai", "destino"}},
    {VIZ_ROLE_STATUS, {"situac", "status"}},
};

/* How words of headings begin, the codes of the ERPs too. */
static const char *const words[] = {
    "acess",   "aditiv",   "agenc",    "anot",     "aparelh", "ativ",   "atend",   "atual",
    "bairro",  "baixa",    "banda",    "base",     "bloq",    "boleto", "cadastr", "canal",
    "cancel",  "canc",     "carteira", "caixa",    "categor", "causa",  "cep",     "chamad",
    "churn",   "cidade",   "class",    "client",   "cobr",    "cod",    "coment",  "compl",
    "conclus", "cond",     "conex",    "contat",   "contr",   "cpf",    "cnpj",    "cust",
    "data",    "debit",    "desativ",  "desc",     "desist",  "dest",   "det",     "dia",
    "doc",     "download", "dt",       "email",    "empresa", "encerr", "ender",   "equip",
    "equipe",  "estado",   "estorn",   "fatur",    "fidel",   "filial", "fim",     "final",
    "financ",  "fone",     "forma",    "franq",    "grupo",   "hist",   "hora",    "ibge",
    "id",      "inad",     "inic",     "instal",   "justif",  "lat",    "login",   "logr",
    "lon",     "loja",     "mac",      "mega",     "mens",    "mes",    "modal",   "motiv",
    "multa",   "munic",    "nasc",     "nome",     "nota",    "nov",    "num",     "nr",
    "obs",     "olt",      "onu",      "operador", "ordem",   "orig",   "pag",     "parecer",
    "pend",    "perfil",   "period",   "plano",    "ponto",   "pop",    "prazo",   "preco",
    "produto", "prot",     "qtd",      "ramo",     "razao",   "ref",    "regi",    "relat",
    "renov",   "resc",     "respons",  "result",   "retenc",  "rota",   "rua",     "saida",
    "saldo",   "segment",  "serv",     "set",      "sexo",    "sit",    "sol",     "stat",
    "sub",     "tec",      "tel",      "tempo",    "ticket",  "tipo",   "total",   "tratativa",
    "turno",   "uf",       "ult",      "unid",     "upload",  "usuar",  "valor",   "velo",
    "venc",    "vend",     "vig",      "vl",       "vlr",     "zona",   "whats",   "de",
    "do",      "da",       "dos",      "das",      "em",      "no",     "na",      "por",
    "para",    "e",        "a",        "o",        "se",      "r",      "efetiv",  "liquid",
    "brut",    "amount",   "city",     "collect",  "neighb",  "number", "people",  "stage",
    "street",  "v",        "zip",      "date",     "reason",
};

/* Whether the heading has only such words: "CANCELADO_em", "dataBaixa" is one word. */
static bool of_headings(const char *name)
{
	char folded[128];
	size_t n = viz_fold_text(folded, sizeof folded, name, strlen(name));

	for (size_t i = 0; i < n;) {
		const char *blank = memchr(folded + i, ' ', n - i);
		size_t end = blank ? (size_t)(blank - folded) : n;
		bool known = folded[i] >= '0' && folded[i] <= '9';

		for (size_t k = 0; k < sizeof words / sizeof *words && !known; k++) {
			size_t len = strlen(words[k]);

			known = end - i >= len && memcmp(folded + i, words[k], len) == 0 &&
				(len > 2 || end - i == len);
		}
		if (!known)
			return false;
		i = end + 1;
	}
	return n > 0;
}

static bool used(const struct viz_columns *c, size_t column)
{
	for (unsigned r = 0; r < VIZ_ROLES; r++)
		if (c->at[r] == column)
			return true;
	return false;
}

void viz_columns_ignored(struct viz_columns_ignored *out, const struct viz_columns *c,
			 const struct viz_row *header)
{
	out->n = 0;
	for (size_t i = 0; i < header->n && out->n < VIZ_COLUMNS_IGNORED_MAX; i++) {
		struct viz_column_ignored *to = &out->column[out->n];

		if (used(c, i))
			continue;
		viz_columns_name(to->name, &header->field[i]);
		to->at = (uint16_t)i;
		to->never = viz_columns_never(&header->field[i]);
		if (!to->never && !of_headings(to->name))
			to->name[0] = 0;
		out->n++;
	}
}

static bool speaks_of(const struct viz_column_ignored *column, const char *part)
{
	char bare[VIZ_HEADING_BYTES + 1];
	size_t n = viz_heading_bare(bare, VIZ_HEADING_BYTES, column->name, strlen(column->name));

	bare[n] = 0;
	return !column->never && strstr(bare, part);
}

static const struct clue *clue_of(enum viz_role role)
{
	size_t i = 0;

	while (clues[i].role != role)
		i++;
	return &clues[i];
}

/* Notes about the new address are a destination first: one column is proposed once. */
static bool is_destination(const struct viz_column_ignored *column)
{
	for (const char *const *part = clue_of(VIZ_ROLE_DEST_TEXT)->parts; *part; part++)
		if (speaks_of(column, *part))
			return true;
	return false;
}

static const struct viz_column_ignored *find(const struct viz_columns_ignored *ignored,
					     const struct clue *clue)
{
	for (const char *const *part = clue->parts; *part; part++)
		for (size_t i = 0; i < ignored->n; i++)
			if (speaks_of(&ignored->column[i], *part) &&
			    (clue->role != VIZ_ROLE_DETAIL || !is_destination(&ignored->column[i])))
				return &ignored->column[i];
	return NULL;
}

const char *viz_columns_ignored_proposal(char out[VIZ_COLUMNS_PROPOSAL_BYTES],
					 const struct viz_columns_ignored *ignored,
					 const struct viz_columns *c, const char *words_of)
{
	size_t len = 0;

	out[0] = 0;
	for (size_t i = 0; i < sizeof clues / sizeof *clues; i++) {
		const struct viz_column_ignored *column = find(ignored, &clues[i]);
		const char *role = words_of ? words_of : viz_columns_role_name(clues[i].role);
		int role_len = (int)strcspn(role, " ");
		char number[8];
		int n;

		if (words_of)
			words_of += role_len + (words_of[role_len] == ' ');
		if (!column || c->at[clues[i].role] != VIZ_COLUMN_NONE || c->mapped[clues[i].role])
			continue;
		/* a comma ends a map, and a quote ends what the shell reads */
		snprintf(number, sizeof number, "%u", column->at + 1u);
		n = snprintf(out + len, VIZ_COLUMNS_PROPOSAL_BYTES - len, "%s%.*s=%s",
			     len ? "," : "", role_len, role,
			     strpbrk(column->name, ",\"$`\\") ? number : column->name);
		if (n < 0 || (size_t)n >= VIZ_COLUMNS_PROPOSAL_BYTES - len) {
			out[len] = 0;
			break;
		}
		len += (size_t)n;
	}
	return out;
}
