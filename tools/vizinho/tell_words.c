/* Words and error codes of the daemon in the languages of people. */
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

static const struct word codes[] = {
    {"ambiguous",
     {"mais de um parceiro corresponde: dê o nome inteiro, ou os 8 dígitos que o distinguem",
      "more than one peer matches: give the whole name, or the 8 digits that tell them apart"}},
    {"bad-answer", {"a resposta é yes, analysis ou no", NULL}},
    {"bad-cep", {"um CEP tem 8 dígitos", NULL}},
    {"bad-invite",
     {"isto não é um convite inteiro: copie a linha toda",
      "this is not a whole invitation: copy all of the line"}},
    {"bad-lead", {"um lead se escreve assim: 20261123-1; na entrada: a1b2c3d4-20261123-1", NULL}},
    {"bad-municipality", {"um município é um código IBGE de 7 dígitos", NULL}},
    {"bad-outcome", {"o desfecho é installed ou lost", NULL}},
    {"bad-date", {"uma data é AAAA-MM-DD", NULL}},
    {"bad-phone", {"telefone: DDD e número, como +5527999990000", NULL}},
    {"bad-revocation", {"isto não é uma revogação", NULL}},
    {"bad-strike", {"strike: nomes de parceiros", NULL}},
    {"clock",
     {"o que assinamos por último está à frente do relógio: acerte o relógio desta máquina", NULL}},
    {"empty", {"a cobertura não toca nenhum município nem CEP", NULL}},
    {"invite-expired", {"o convite venceu: peça outro", NULL}},
    {"no-address", {"o convite não diz a que endereço se ligar", NULL}},
    {"no-consent", {"sem o sim do cliente nada é feito, e nada é guardado", NULL}},
    {"no-such-coverage", {"não há cobertura com esse nome", NULL}},
    {"no-such-lead", {"não há esse lead", NULL}},
    {"no-such-op", {"este vizinhod não conhece a operação: as versões combinam?", NULL}},
    {"no-such-peer", {"nenhum parceiro corresponde a esse nome", NULL}},
    {"no-such-plan", {"não há plano com esse nome", NULL}},
    {"no-such-proposal", {"esse parceiro não fez proposta", NULL}},
    {"not-a-reader",
     {"o seu usuário não pode abrir dados pessoais: veja [access] readers em vizinho.conf", NULL}},
    {"not-now", {"isto não cabe no estado em que está agora", NULL}},
    {"not-single", {"o contato só vai junto quando há exatamente um parceiro", NULL}},
    {"other-federation",
     {"o convite é de outra federação que a deste nó: o nome ou os tempos são outros", NULL}},
    {"own-key-revoked",
     {"a nossa própria chave está revogada: antes é preciso trocar para a próxima (key rotate)", NULL}},
    {"own-invite", {"este convite é nosso", NULL}},
    {"refused", {"a revogação não é de uma chave conhecida aqui", NULL}},
    {"revoked", {"a chave desse parceiro está revogada", NULL}},
    {"revoked-already", {"este consentimento já está revogado", NULL}},
    {"text-changed",
     {"os parceiros mudaram desde que o texto foi lido: leia o novo texto ao cliente", NULL}},
    {"too-large", {"cobertura grande demais: use células maiores (--zoom)", NULL}},
    {"too-many-partners",
     {"a lista de parceiros está cheia (256, contando os retirados nos últimos meses)", NULL}},
    {"too-many-vouches",
     {"este nó já avaliza 64: retire um aval (peer remove), ou peça que outro membro avalize", NULL}},
    {"too-many-invites", {"há convites abertos demais", NULL}},
    {"unknown-key", {"a chave desse parceiro ainda não é conhecida: não houve ligação", NULL}},
    {"wrong-key", {"esta não é a próxima chave com que a atual se comprometeu", NULL}},
};

const char *viz_tell_word(const struct viz_cli *cli, const char *word)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i].word, word) == 0)
			return words[i].text[cli->lang];
	return word;
}

const char *viz_tell_code(enum viz_cli_lang lang, const char *code)
{
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (strcmp(codes[i].word, code) == 0)
			return codes[i].text[lang];
	return NULL;
}
