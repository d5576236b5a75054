/* Words of the daemon in the languages of people. */
#include "tools/vizinho/tell.h"

struct word {
	const char *word;
	const char *text[VIZ_CLI_LANGS];
};

static const struct word words[] = {
    /* states of a lead */
    {"kept", {"fica conosco", "kept"}},
    {"no-neighbour", {"sem vizinho", "no neighbour"}},
    {"neighbour-came", {"chegou vizinho", "neighbour came"}},
    {"open", {"aberto", "open"}},
    {"closed", {"fechado", "closed"}},
    {"choosing", {"cliente escolhe", "choosing"}},
    {"awarded", {"a caminho", "awarded"}},
    {"delivered", {"entregue", "delivered"}},
    {"contacted", {"cliente contatado", "contacted"}},
    {"installed", {"instalado", "installed"}},
    {"lost", {"perdido", "lost"}},
    {"withdrawn", {"revogado", "withdrawn"}},
    {"expired", {"vencido", "expired"}},
    {"none-chosen", {"nenhum escolhido", "none chosen"}},
    /* of an entry in the inbox */
    {"sealed", {"ainda sem chave", "sealed"}},
    {"listed", {"à espera do local", "listed"}},
    {"to-answer", {"responder", "to be answered"}},
    {"answered", {"respondido", "answered"}},
    {"proposed", {"proposta enviada", "proposed"}},
    {"over", {"encerrado", "over"}},
    {"released", {"devolvido", "released"}},
    {"not-listed", {"só conferência", "not listed"}},
    /* answers */
    {"yes", {"viável", "yes"}},
    {"analysis", {"em análise", "in analysis"}},
    {"no", {"inviável", "no"}},
    {"no-content", {"local não recebido", "no location received"}},
    {"waiting", {"aguardando", "waiting"}},
    {"none", {"-", "-"}},
    {"machine", {"na hora", "at once"}},
    {"hand", {"em horas", "within hours"}},
    /* how a place was found */
    {"cell", {"ponto no mapa", "point on the map"}},
    {"postcode", {"CEP", "postcode"}},
    {"municipality", {"município", "municipality"}},
    {"sure", {"certo", "sure"}},
    {"likely", {"provável", "likely"}},
    {"vague", {"vago", "vague"}},
    /* verdicts */
    {"contradiction", {"divergência", "contradiction"}},
    {"suspicion", {"suspeita", "suspicion"}},
    {"in-order", {"em ordem", "in order"}},
    /* rules that `audit` checks */
    {"equivocation", {"dois registros no mesmo lugar", "two records at one place"}},
    {"partner-dates", {"datas de parceria que se contradizem", "partner dates that contradict"}},
    {"two-pledges", {"duas respostas à mesma oferta", "two pledges for one offer"}},
    {"view-bytes", {"visão que não confere com o resumo", "view that does not match its digest"}},
    {"omitted", {"parceiro que atende fora da lista", "partner that serves was left out"}},
    {"unfounded", {"listado sem cobertura na visão", "listed without coverage in the view"}},
    {"false-reason", {"exclusão com motivo que não vale", "excluded for a reason that is not so"}},
    {"closed-early", {"lista fechada antes da hora", "list closed too early"}},
    {"pledge-dropped", {"resposta confirmada e omitida", "acknowledged pledge left out"}},
    {"salt", {"sal diferente do prometido", "salt other than committed"}},
    {"result-list", {"resultado com outra lista", "result with another list"}},
    {"reveal-false", {"proposta diferente da prometida", "reveal other than committed"}},
    {"reveal-dropped", {"proposta confirmada e omitida", "acknowledged reveal left out"}},
    {"order", {"ordem diferente da sorteada", "order other than drawn"}},
    {"unseen", {"cobertura que talvez não tenha sido vista", "coverage perhaps not seen"}},
};

const char *viz_tell_word(const struct viz_cli *cli, const char *word)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].text[cli->lang];
	return word;
}
