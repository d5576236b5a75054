/* Texts of `peer`, `key`, `audit` and of what all commands share. Part of say.h's table. */
#ifndef VIZ_TOOLS_VIZINHO_SAY_PEER_H
#define VIZ_TOOLS_VIZINHO_SAY_PEER_H

#define VIZ_SAY_SHARED(X)                                                                          \
	X(BAD_WORD, "\"%s\" não se entende aqui.", "\"%s\" is not understood here.")               \
	X(NEED_VALUE, "%s precisa de um valor.", "%s needs a value.")                              \
	X(TOO_FEW, "Falta alguma coisa na linha de comando.",                                      \
	  "Something is missing on the command line.")                                             \
	X(NEED_OPTION, "Falta %s.", "%s is missing.")                                              \
	X(NO_ANSWER, "A entrada acabou sem resposta: nada foi feito.",                             \
	  "The input ended without an answer: nothing was done.")                                  \
	X(TOO_LONG, "No máximo %u bytes.", "At most %u bytes.")                                    \
	X(YES_OR_NO, "Responda sim ou não.", "Answer yes or no.")                                  \
	X(NEED_YES, "É preciso confirmar: num terminal, ou com --yes.",                            \
	  "This must be confirmed: at a terminal, or with --yes.")                                 \
	X(NOT_CONFIRMED, "Não confirmado: nada foi feito.", "Not confirmed: nothing was done.")    \
	X(BAD_JSON, "%s:%d:%d: esperado: um objeto JSON ({\"chave\": valor, ...})",                \
	  "%s:%d:%d: expected a JSON object ({\"key\": value, ...})")                              \
	X(BAD_KEY, "%s:%d:%d: \"%s\": esperado: %s", "%s:%d:%d: \"%s\": expected %s")              \
	X(UNKNOWN_KEY, "%s:%d:%d: \"%s\": chave desconhecida (a ajuda do comando lista todas)",    \
	  "%s:%d:%d: \"%s\": unknown key (the command's help lists all)")                          \
	X(MISSING_KEY, "%s: falta \"%s%s%s\"", "%s: \"%s%s%s\" is missing")                        \
	X(KIND_TEXT, "um texto entre aspas", "text in quotes")                                     \
	X(KIND_NUMBER, "um número inteiro", "a whole number")                                      \
	X(KIND_FLAG, "true ou false", "true or false")                                             \
	X(KIND_OBJECT, "um objeto {...}", "an object {...}")                                       \
	X(KIND_TEXTS, "uma lista de textos [\"...\"]", "a list of texts [\"...\"]")                \
	X(HEAD_NAME, "NOME", "NAME")                                                               \
	X(HEAD_CNPJ, "CNPJ", "CNPJ")                                                               \
	X(HEAD_ASN, "ASN", "ASN")                                                                  \
	X(HEAD_ID, "IDENTIDADE", "ID")                                                             \
	X(HEAD_ADDRESS, "ENDEREÇOS", "ADDRESSES")                                                  \
	X(HEAD_FINGERPRINT, "IMPRESSÃO DIGITAL", "FINGERPRINT")                                    \
	X(HEAD_STANDING, "SITUAÇÃO", "STANDING")                                                   \
	X(HEAD_LINK, "LIGAÇÃO", "LINK")                                                            \
	X(HEAD_ANSWERS, "RESPONDE", "ANSWERS")                                                     \
	X(HEAD_HEARTBEAT, "ÚLTIMO SINAL", "LAST SIGN")

#define VIZ_SAY_PEER(X)                                                                                \
	X(INVITE_HOW,                                                                                  \
	  "Esta linha vale uma vez, até %s. Mande-a por um caminho em que confia, com este "          \
	  "texto:\n\n%s\n\nQuando o outro lado aceitar, confira a impressão digital por telefone "    \
	  "e confirme: vizinho peer trust NOME",                                                       \
	  "This line is good once, until %s. Send it by a way that you trust, with this "              \
	  "text:\n\n%s\n\nWhen the other side has accepted, compare the fingerprint by telephone "     \
	  "and confirm: vizinho peer trust NAME")                                                      \
	X(INVITE_NO_ADDRESS,                                                                           \
	  "Este nó não publica endereço ([node] address): ninguém consegue aceitar este convite. " \
	  "Configure-o, ou peça que o outro lado convide.",                                            \
	  "This node publishes no address ([node] address): nobody can accept this invitation. "       \
	  "Set it, or let the other side invite.")                                                     \
	X(PEER_MEMBER, "membro", "member")                                                             \
	X(PEER_REVOKED, "chave revogada", "key revoked")                                               \
	X(PEER_PENDING, "à espera do seu trust", "waits for your trust")                               \
	X(PEER_BLOCKED, "bloqueado por nós", "blocked by us")                                          \
	X(PEER_PARTNER, "parceiro", "partner")                                                         \
	X(PEER_COMING, "parceiro a partir de %s", "partner from %s")                                   \
	X(PEER_LEAVING, "parceiro até %s", "partner until %s")                                         \
	X(PEER_WAITS, "espera pelo outro lado", "waits for the other side")                            \
	X(PEER_ASKED, "quer parceria: peer trust", "wants to be partner: peer trust")                  \
	X(PEER_ENDED, "encerrado pelo outro lado em %s", "ended by the other side on %s")              \
	X(PEER_BLOCKED_UNTIL, "bloqueado por nós; parceiro até %s",                                    \
	  "blocked by us; partner until %s")                                                           \
	X(PEER_OWN_REVOKED, "nossa chave revogada: key rotate", "our key revoked: key rotate")         \
	X(TAKES_EFFECT, "Passa a valer em %s; até lá, continua parceiro.",                             \
	  "Takes effect on %s; until then it is still a partner.")                                     \
	X(STANDING_NOW, "Situação: %s.", "Standing: %s.")                                              \
	X(NO_INVITE, "Falta a linha do convite: ela vem pela entrada padrão ou no comando.",           \
	  "The line of the invitation is missing: it comes by standard input or in the command.")      \
	X(PEER_KNOWN, "ainda não é membro", "no member yet")                                           \
	X(PEER_NONE, "Ainda não há ninguém: `vizinho peer invite` convida.",                           \
	  "There is nobody yet: `vizinho peer invite` invites.")                                       \
	X(LINK_UP, "sim", "up")                                                                        \
	X(LINK_DOWN, "não", "down")                                                                    \
	X(ASK_INVITE, "Cole a linha do convite:", "Paste the line of the invitation:")                 \
	X(LINKING, "ligando...", "connecting...")                                                      \
	X(ACCEPT_WHO, "O convite diz vir de:", "The invitation says that it is from:")                 \
	X(ACCEPT_CALL,                                                                                 \
	  "\nConfira antes de aceitar:\n  [ ] ligue para um número que VOCÊ já tinha, não o da "   \
	  "mensagem, e pergunte se o convite é deles",                                                 \
	  "\nCheck before you accept:\n  [ ] call a number that YOU already had, not the one in "      \
	  "the message, and ask whether the invitation is theirs")                                     \
	X(ACCEPT_ASN,                                                                                  \
	  "  [ ] o AS %lld é mesmo dessa empresa: "                                                   \
	  "https://registro.br/tecnologia/ferramentas/whois",                                          \
	  "  [ ] AS %lld really is that company's: "                                                   \
	  "https://registro.br/tecnologia/ferramentas/whois")                                          \
	X(ACCEPT_READ,                                                                                 \
	  "  [ ] depois da ligação, leiam um ao outro a impressão digital (`vizinho peer "          \
	  "fingerprint`)\n",                                                                           \
	  "  [ ] when the link stands, read the fingerprint to each other (`vizinho peer "             \
	  "fingerprint`)\n")                                                                           \
	X(ACCEPT_SURE, "Aceitar? [sim/não]", "Accept? [yes/no]")                                       \
	X(ACCEPT_LINKED,                                                                               \
	  "Aceito, e ligado com %s. A impressão digital de lá, que eles leem por telefone:\n  "      \
	  "%s\nA nossa: vizinho peer fingerprint. Do outro lado falta confirmar: vizinho peer "        \
	  "trust",                                                                                     \
	  "Accepted, and linked with %s. Their fingerprint, which they read out by telephone:\n  "     \
	  "%s\nOurs: vizinho peer fingerprint. The other side has yet to confirm: vizinho peer "       \
	  "trust")                                                                                     \
	X(ACCEPT_NO_LINK,                                                                              \
	  "Aceito. Ainda sem ligação: o nó continua tentando; `vizinho peer list` mostra quando "   \
	  "ela existir. Se não vier, outro pode ter usado o convite: peça um novo.",                   \
	  "Accepted. No link yet: the node keeps trying; `vizinho peer list` shows when it is "        \
	  "up. Should it not come, another may have used the invitation: ask for a new one.")          \
	X(VOUCHED_BY, "Avalizado por %s.", "Vouched for by %s.")                                       \
	X(ONLY_THROUGH, "Responde por %lld membros que só vêm por ele.",                               \
	  "Answers for %lld members that come in through it alone.")                                   \
	X(MAIL_WAITING, "%lld mensagens à espera de ligação.", "%lld messages wait for a link.")       \
	X(BLOCK_REASON, "Bloqueado: %s", "Blocked: %s")                                                \
	X(TRUSTED, "%s: confiança registrada.", "%s: trust is set.")                                   \
	X(READ_BACK,                                                                                   \
	  "Se ainda não leram um ao outro a impressão digital, façam isso agora:\n  %s",               \
	  "If you have not yet read the fingerprint to each other, do it now:\n  %s")                  \
	X(BLOCKED,                                                                                     \
	  "%s está bloqueado: sem negócios a partir da data publicada. O que se guarda e repassa "   \
	  "não muda.",                                                                                 \
	  "%s is blocked: no dealings from the published date on. What is held and relayed does "      \
	  "not change.")                                                                               \
	X(REMOVED, "%s: aval e parceria retirados.", "%s: vouch and partnership withdrawn.")

#define VIZ_SAY_KEY(X)                                                                              \
	X(KEY_FILE_BAD, "%s: esperado: um arquivo %s inteiro", "%s: expected a whole %s file")      \
	X(KEY_FILE_NUMBER, "%s guarda a chave %u; o nó está na %lld e espera a %lld",               \
	  "%s holds key %u; the node is at %lld and expects %lld")                                  \
	X(KEY_SURE, "Trocar para a chave %u? A atual (%lld) termina e não volta. [sim/não]",        \
	  "Change to key %u? The current one (%lld) ends for good. [yes/no]")                       \
	X(KEY_WRITTEN, "A chave seguinte foi gravada antes da troca: %s",                           \
	  "The following key was written before the change: %s")                                    \
	X(KEY_REUSED,                                                                               \
	  "A chave seguinte já estava em %s, de uma troca interrompida: continua com ela.",         \
	  "The following key was already in %s, from a change that broke off: going on with it.")   \
	X(KEY_DONE,                                                                                 \
	  "Chave trocada: agora a %lld.\n\nTIRE ESTES ARQUIVOS DESTA MÁQUINA agora:\n  %s\n    a " \
	  "próxima chave\n  %s\n    encerra a chave nova, se for roubada\nO arquivo da chave que " \
	  "acabou de entrar em uso pode ser destruído: %s",                                         \
	  "The key is changed: now key %lld.\n\nMOVE THESE FILES OFF THIS MACHINE now:\n  %s\n   "  \
	  " the next key\n  %s\n    ends the new key, should it be stolen\nThe file of the key "    \
	  "that has just come into use may be destroyed: %s")                                       \
	X(KEY_SAME, "A chave %u já estava em uso e os arquivos dela já existiam: nada mudou.",      \
	  "Key %u was in use already and its files were there: nothing has changed.")               \
	X(KEY_TORN,                                                                                 \
	  "A chave mudou, mas a revogação não foi gravada: repita o mesmo comando para gravá-la.",  \
	  "The key has changed, but its revocation was not written: repeat the same command to "    \
	  "write it.")                                                                              \
	X(REVOKE_SURE,                                                                              \
	  "Publicar a revogação da chave %u? Ela se espalha e não se desfaz. [sim/não]",            \
	  "Publish the revocation of key %u? It spreads and cannot be undone. [yes/no]")            \
	X(REVOKE_DONE, "A chave %lld de %s está revogada.", "Key %lld of %s is revoked.")

#define VIZ_SAY_AUDIT(X)                                                                           \
	X(AUDIT_CLEAN, "Em ordem: %lld ofertas de parceiros conferidas, nada a apontar.",          \
	  "In order: %lld offers of partners checked, nothing to report.")                         \
	X(AUDIT_FOUND,                                                                             \
	  "%lld ofertas conferidas; %zu a olhar. Uma divergência se demonstra com os registros "  \
	  "assinados; uma suspeita pode ter explicação: pergunte ao parceiro primeiro.",           \
	  "%lld offers checked; %zu to look at. A contradiction is shown by the signed records; "  \
	  "a suspicion may have an explanation: ask the partner first.")                           \
	X(HEAD_VERDICT, "VEREDITO", "VERDICT")                                                     \
	X(HEAD_ORIGIN, "ORIGEM", "ORIGIN")                                                         \
	X(HEAD_LEAD, "LEAD", "LEAD")                                                               \
	X(HEAD_RULE, "REGRA", "RULE")                                                              \
	X(HEAD_FOUND, "VISTO EM", "FOUND")

#endif
