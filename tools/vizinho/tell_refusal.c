/* Why the daemon refuses, with what was asked for and what fits instead. Its own sentences are
 * English; here are the Portuguese ones, and those that know the command line. */
#include "tools/vizinho/tell.h"

struct refusal {
	const char *code;
	const char *subject; /* the argument that the sentence names; NULL: none */
	/* With one %s where there is a subject. NULL: the daemon's own sentence. */
	const char *text[VIZ_CLI_LANGS];
};

static const struct refusal refusals[] = {
    {"ambiguous",
     "peer",
     {"mais de um parceiro corresponde a \"%s\": dê o nome inteiro, ou os 8 dígitos que o "
      "distinguem",
      "more than one peer matches \"%s\": give the whole name, or the 8 digits that tell them "
      "apart"}},
    {"bad-answer", NULL, {"a resposta é yes, analysis ou no", NULL}},
    {"bad-cep", NULL, {"um CEP tem 8 dígitos", NULL}},
    {"bad-invite",
     NULL,
     {"isto não é um convite inteiro: copie a linha toda",
      "this is not a whole invitation: copy all of the line"}},
    {"bad-lead",
     NULL,
     {"um lead se escreve assim: 20261123-1; na entrada: a1b2c3d4-20261123-1", NULL}},
    {"bad-municipality", NULL, {"um município é um código IBGE de 7 dígitos", NULL}},
    {"bad-outcome", NULL, {"o desfecho é installed ou lost", NULL}},
    {"bad-date", NULL, {"uma data é AAAA-MM-DD", NULL}},
    {"bad-phone", NULL, {"telefone: DDD e número, como +5527999990000", NULL}},
    {"bad-revocation", NULL, {"isto não é uma revogação", NULL}},
    {"bad-strike", NULL, {"strike: nomes de parceiros", NULL}},
    {"clock",
     NULL,
     {"o que assinamos por último está à frente do relógio: acerte o relógio desta máquina", NULL}},
    {"empty", NULL, {"a cobertura não toca nenhum município nem CEP", NULL}},
    {"invite-expired", NULL, {"o convite venceu: peça outro", NULL}},
    {"no-address", NULL, {"o convite não diz a que endereço se ligar", NULL}},
    {"no-consent", NULL, {"sem o sim do cliente nada é feito, e nada é guardado", NULL}},
    {"no-such-coverage",
     "name",
     {"não há cobertura \"%s\": vizinho coverage list",
      "there is no coverage \"%s\": vizinho coverage list"}},
    {"no-such-lead", "lead", {"não há o lead %s", "there is no lead %s"}},
    {"no-such-op", NULL, {"este vizinhod não conhece a operação: as versões combinam?", NULL}},
    {"no-such-peer", "peer", {"nenhum parceiro corresponde a \"%s\"", "no peer matches \"%s\""}},
    {"no-such-plan",
     "name",
     {"não há plano \"%s\": vizinho plan list", "there is no plan \"%s\": vizinho plan list"}},
    {"no-such-proposal",
     "peer",
     {"\"%s\" não fez proposta: vizinho lead proposals mostra quem fez",
      "\"%s\" has made no proposal: vizinho lead proposals shows who has"}},
    {"not-a-reader",
     NULL,
     {"o seu usuário não pode abrir dados pessoais: veja [access] readers em vizinho.conf", NULL}},
    {"not-single", NULL, {"o contato só vai junto quando há exatamente um parceiro", NULL}},
    {"other-federation",
     NULL,
     {"o convite é de outra federação que a deste nó: o nome ou os tempos são outros", NULL}},
    {"own-invite", NULL, {"este convite é nosso", NULL}},
    {"own-key-revoked",
     NULL,
     {"a nossa chave está revogada: vizinho key rotate", "our key is revoked: vizinho key rotate"}},
    {"refused", NULL, {"a revogação não é de uma chave conhecida aqui", NULL}},
    {"revoked", "peer", {"a chave de \"%s\" está revogada", "the key of \"%s\" is revoked"}},
    {"revoked-already",
     "lead",
     {"o consentimento do lead %s já está revogado", "the consent of lead %s is revoked already"}},
    {"text-changed",
     NULL,
     {"os parceiros mudaram desde que o texto foi lido: leia o novo texto ao cliente", NULL}},
    {"too-large", NULL, {"cobertura grande demais: use células maiores (--zoom)", NULL}},
    {"too-many-partners",
     NULL,
     {"a lista de parceiros está cheia (256, contando os retirados nos últimos meses)", NULL}},
    {"too-many-vouches",
     NULL,
     {"este nó já avaliza 64: retire um aval (peer remove), ou peça que outro membro avalize",
      NULL}},
    {"too-many-invites", NULL, {"há convites abertos demais", NULL}},
    {"unknown-key",
     "peer",
     {"a chave de \"%s\" ainda não é conhecida: não houve ligação",
      "the key of \"%s\" is not known yet: it has not been linked"}},
    {"wrong-key", NULL, {"esta não é a próxima chave com que a atual se comprometeu", NULL}},
};

/* What can be done now in a state, for `inbox` and `lead` commands. %s: the entry or the lead. */
static const struct {
	const char *op; /* how the operation begins */
	const char *state;
	const char *text[VIZ_CLI_LANGS];
} fitting[] = {
    {"inbox.",
     "awarded",
     {"primeiro: vizinho inbox contacted %s", "first: vizinho inbox contacted %s"}},
    {"inbox.",
     "contacted",
     {"o que cabe agora: vizinho inbox outcome %s installed|lost",
      "what fits now: vizinho inbox outcome %s installed|lost"}},
    {"inbox.",
     "to-answer",
     {"primeiro: vizinho inbox answer %s yes|analysis|no",
      "first: vizinho inbox answer %s yes|analysis|no"}},
    {"lead.",
     "open",
     {"as propostas ainda não vieram: vizinho lead proposals %s",
      "the proposals are not in yet: vizinho lead proposals %s"}},
    {"lead.",
     "closed",
     {"as propostas ainda não vieram: vizinho lead proposals %s",
      "the proposals are not in yet: vizinho lead proposals %s"}},
    {"lead.",
     "awarded",
     {"o escolhido ainda pode ter o contato: vizinho lead show %s",
      "the chosen one may still hold the contact: vizinho lead show %s"}},
    {"lead.",
     "delivered",
     {"o escolhido ainda tem o contato: vizinho lead show %s",
      "the chosen one still holds the contact: vizinho lead show %s"}},
    {"lead.",
     "contacted",
     {"o escolhido ainda tem o contato: vizinho lead show %s",
      "the chosen one still holds the contact: vizinho lead show %s"}},
};

/* The argument that a sentence names; a lead in the inbox is an "id". */
static const char *subject_of(const struct refusal *r, const json_t *args, const char *message)
{
	static char quoted[128];
	const char *text = viz_tell_text(args, r->subject), *start = strchr(message, '"');
	size_t len = start != NULL ? strcspn(start + 1, "\"") : 0;

	if (text[0] == '\0' && strcmp(r->subject, "lead") == 0)
		text = viz_tell_text(args, "id");
	if (text[0] != '\0' || len == 0 || len >= sizeof quoted)
		return text;
	memcpy(quoted, start + 1, len); /* one of several, which only the daemon can tell */
	quoted[len] = '\0';
	return quoted;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* "%s is STATE: what fits". False: the error has no state. */
static bool by_state(char *out, size_t max, const struct viz_cli *cli, const char *op,
		     const json_t *args, const json_t *error)
{
	const char *state = viz_tell_text(error, "state"), *of = viz_tell_text(args, "id");
	bool inbox = strncmp(op, "inbox.", 6) == 0;
	char next[256];

	if (state[0] == '\0')
		return false;
	if (of[0] == '\0')
		of = viz_tell_text(args, "lead");
	snprintf(next, sizeof next, "%s", viz_say_text(cli->lang, VIZ_SAY_STATE_ENDED));
	for (size_t i = 0; i < sizeof fitting / sizeof fitting[0]; i++)
		if (strncmp(op, fitting[i].op, strlen(fitting[i].op)) == 0 &&
		    strcmp(state, fitting[i].state) == 0)
			snprintf(next, sizeof next, fitting[i].text[cli->lang], of);
	/* The origin's "awarded" is, for the one who was chosen, a call to make. */
	snprintf(out, max, viz_say_text(cli->lang, VIZ_SAY_STATE_UNFIT), of,
		 inbox && strcmp(state, "awarded") == 0
		     ? viz_say_text(cli->lang, VIZ_SAY_INBOX_TO_CALL)
		     : viz_tell_word(cli, state),
		 next);
	return true;
}

void viz_tell_refusal(char *out, size_t max, const struct viz_cli *cli, const json_t *request,
		      const json_t *error)
{
	const char *code = viz_tell_text(error, "code"), *message = viz_tell_text(error, "message");
	const json_t *args = json_object_get(request, "args");

	if (by_state(out, max, cli, viz_tell_text(request, "op"), args, error))
		return;
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		const struct refusal *r = &refusals[i];

		if (strcmp(r->code, code) != 0 || r->text[cli->lang] == NULL)
			continue;
		snprintf(out, max, r->text[cli->lang],
			 r->subject != NULL ? subject_of(r, args, message) : "");
		return;
	}
	snprintf(out, max, "%s", message);
}
#pragma GCC diagnostic pop
