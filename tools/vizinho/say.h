/* What the command says, in two languages: a flat table. pt-BR comes first: most users speak it. */
#ifndef VIZ_TOOLS_VIZINHO_SAY_H
#define VIZ_TOOLS_VIZINHO_SAY_H

#include "proto/base.h"
#include "tools/vizinho/say_coverage.h"
#include "tools/vizinho/say_lead.h"
#include "tools/vizinho/say_peer.h"

enum viz_cli_lang { VIZ_CLI_PT, VIZ_CLI_EN, VIZ_CLI_LANGS };

/* X(id, pt-BR, en). Both have the same conversions (%s, %u ...) in the same order; a test looks. */
#define VIZ_SAY_FRAME(X)                                                                            \
	X(NO_DAEMON, "Ninguém atende em %s: o vizinhod está rodando?",                              \
	  "Nobody answers on %s: is vizinhod running?")                                             \
	X(NO_ACCESS,                                                                                \
	  "Sem permissão para %s: quem entra no grupo dele pode (usermod -aG vizinho NOME).",       \
	  "No permission for %s: who joins its group may (usermod -aG vizinho NAME).")              \
	X(BROKEN, "A resposta do vizinhod não faz sentido ou se interrompeu.",                      \
	  "The reply of vizinhod makes no sense or broke off.")                                     \
	X(REFUSED, "Recusado (%s): %s", "Refused (%s): %s")                                         \
	X(STATE_UNFIT, "%s está: %s; %s", "%s is: %s; %s")                                          \
	X(STATE_ENDED, "nada mais cabe aqui", "nothing more fits here")                             \
	X(NO_COMMAND, "Não há comando \"%s\". `vizinho help` mostra todos.",                        \
	  "There is no command \"%s\". `vizinho help` shows all.")                                  \
	X(USAGE,                                                                                    \
	  "uso: vizinho [--socket CAMINHO] [--json] [--lang pt-BR|en] COMANDO ...\n\n"              \
	  "Comandos (`vizinho help COMANDO` explica um deles):\n",                                  \
	  "usage: vizinho [--socket PATH] [--json] [--lang pt-BR|en] COMMAND ...\n\n"               \
	  "Commands (`vizinho help COMMAND` explains one):\n")                                      \
	X(BAD_LANG, "Idioma \"%s\": esperado pt-BR ou en.",                                         \
	  "Language \"%s\": expected pt-BR or en.")                                                 \
	X(BAD_OPTION, "%s %s: esperado: %s", "%s %s: expected %s")                                  \
	X(NEED_OFFLINE,                                                                             \
	  "Falta --offline DIR: onde ficam a próxima chave e a revogação, fora do estado.",         \
	  "--offline DIR is missing: where the next key and the revocation go, outside the "        \
	  "state.")                                                                                 \
	X(OFFLINE_INSIDE, "%s fica dentro de %s: as chaves offline não podem ficar com o estado.",  \
	  "%s is inside %s: offline keys must not stay with the state.")                            \
	X(OFFLINE_TAKEN, "%s já existe: é a chave de um nó. Dê a --offline outro diretório.",       \
	  "%s exists: it is a node's key. Give --offline another directory.")                       \
	X(INIT_NEXT,                                                                                \
	  "\nAgora: o nome e o endereço em %s, e depois:\n  vizinhod --config %s --state %s",       \
	  "\nNext: the name and the address in %s, and then:\n  vizinhod --config %s --state %s")   \
	X(CANNOT, "%s: %s", "%s: %s")                                                               \
	X(INIT_EXISTS, "Já existe um nó em %s: nada mudou.",                                        \
	  "There is a node in %s: nothing changed.")                                                \
	X(INIT_FAILED, "Não foi possível criar o nó em %s (%s).",                                   \
	  "Cannot make the node in %s (%s).")                                                       \
	X(INIT_DONE, "Nó criado em %s, federação %s.", "Node made in %s, federation %s.")           \
	X(INIT_ID, "Identidade: %s", "Identity: %s")                                                \
	X(INIT_OFFLINE,                                                                             \
	  "\nTIRE ESTES ARQUIVOS DESTA MÁQUINA agora (pen drive no cofre, cópia impressa):\n"     \
	  "  %s/%s\n    a próxima chave; sem ela não há troca de chave\n"                        \
	  "  %s/%s\n    encerra a chave atual, se for roubada\n"                                    \
	  "Quem tiver o primeiro pode assumir este nó; quem tiver o segundo pode encerrá-lo.",      \
	  "\nMOVE THESE FILES OFF THIS MACHINE now (USB stick in the safe, printed copy):\n"        \
	  "  %s/%s\n    the next key; without it the key cannot be changed\n"                       \
	  "  %s/%s\n    ends the current key, should it be stolen\n"                                \
	  "Who has the first can take over this node; who has the second can end it.")              \
	X(INIT_NOT_OWNER, "AVISO: %s precisa ser de %s, que roda o vizinhod: chown -R %s: %s",      \
	  "WARNING: %s must belong to %s, as whom vizinhod runs: chown -R %s: %s")                  \
	X(INIT_UNREADABLE,                                                                          \
	  "AVISO: %s não pode ser lido por %s: o vizinhod não vai iniciar. Como %s precisa ler: " \
	  "chmod a+r %s",                                                                           \
	  "WARNING: %s cannot be read by %s: vizinhod will not start. For %s to read it: "          \
	  "chmod a+r %s")                                                                           \
	X(INIT_CONFIG, "Configuração escrita em %s.", "Configuration written to %s.")               \
	X(INIT_CONFIG_KEPT, "Já existe %s: não foi mudado.", "%s exists: it was not changed.")

#define VIZ_SAY_STATUS(X)                                                                          \
	X(HEAD_FEDERATION, "FEDERAÇÃO", "FEDERATION")                                              \
	X(HEAD_KEY, "CHAVE", "KEY")                                                                \
	X(STATUS_REVOKED, " (revogada: vizinho key rotate)", " (revoked: vizinho key rotate)")     \
	X(HEAD_CLOCK, "RELÓGIO", "CLOCK")                                                          \
	X(STATUS_CLOCK, "o último sinal assinado está %lld s à frente dele: acerte-o",             \
	  "the last sign that we signed is %lld s ahead of it: set it right")                      \
	X(STATUS_FULL, ", cheio: [store] map_mib", ", full: [store] map_mib")                      \
	X(HEAD_MEMBERS, "MEMBROS", "MEMBERS")                                                      \
	X(HEAD_PARTNERS, "PARCEIROS", "PARTNERS")                                                  \
	X(HEAD_LINKS, "LIGAÇÕES", "LINKS")                                                         \
	X(HEAD_RECORDS, "REGISTROS", "RECORDS")                                                    \
	X(HEAD_LEADS, "LEADS", "LEADS")                                                            \
	X(HEAD_INBOX, "CAIXA DE ENTRADA", "INBOX")                                                 \
	X(HEAD_MAIL, "MENSAGENS ESPERANDO LIGAÇÃO", "MESSAGES WAITING FOR A LINK")                 \
	X(HEAD_FINDINGS, "A OLHAR (vizinho audit)", "TO LOOK AT (vizinho audit)")                  \
	X(HEAD_STORE, "DISCO", "DISK")                                                             \
	X(HEAD_VERSION, "VERSÃO", "VERSION")

#define VIZ_SAY_ALL(X)                                                                             \
	VIZ_SAY_FRAME(X)                                                                           \
	VIZ_SAY_STATUS(X)                                                                          \
	VIZ_SAY_SHARED(X)                                                                          \
	VIZ_SAY_PEER(X)                                                                            \
	VIZ_SAY_KEY(X)                                                                             \
	VIZ_SAY_AUDIT(X)                                                                           \
	VIZ_SAY_COVERAGE(X)                                                                        \
	VIZ_SAY_PERSON(X)                                                                          \
	VIZ_SAY_LEAD(X)                                                                            \
	VIZ_SAY_INBOX(X)

enum viz_say_id {
#define X(id, pt, en) VIZ_SAY_##id,
	VIZ_SAY_ALL(X)
#undef X
	    VIZ_SAY_COUNT
};

/* The text itself; borrowed for ever. */
const char *viz_say_text(enum viz_cli_lang lang, enum viz_say_id id);
/* printf of a text, with a newline. */
void viz_say(FILE *out, enum viz_cli_lang lang, enum viz_say_id id, ...);
/* "pt-BR", "pt", "en" (any case) and locale names that begin so. False: neither. */
bool viz_say_lang(enum viz_cli_lang *out, const char *name);
/* From $LC_ALL, $LC_MESSAGES, $LANG, the first that is set; neither language: English. */
enum viz_cli_lang viz_say_locale(void);

#endif
