/* Texts of `lead` and `inbox`. Part of say.h's table. */
#ifndef VIZ_TOOLS_VIZINHO_SAY_LEAD_H
#define VIZ_TOOLS_VIZINHO_SAY_LEAD_H

#define VIZ_SAY_PERSON(X)                                                                          \
	X(REFUSED_BY_PERSON, "Certo: nada foi registrado.", "Fine: nothing was stored.")           \
	X(READ_ALOUD, "Leia ao cliente:", "Read to the customer:")                                 \
	X(ASK_AGREES, "O cliente autoriza? [sim/não]", "Does the customer agree? [yes/no]")        \
	X(ASK_CHANNEL, "Canal do sim (telefone, balcão, whatsapp, web; Enter = telefone):",        \
	  "Channel of the yes (phone, desk, whatsapp, web; Enter = phone):")                       \
	X(BAD_CHANNEL, "Esperado: telefone, balcão, whatsapp ou web.",                             \
	  "Expected phone, desk, whatsapp or web.")                                                \
	X(ASK_EVIDENCE, "Referência da gravação ou mensagem (Enter = nenhuma):",                   \
	  "Reference of the recording or message (Enter = none):")                                 \
	X(ASK_NAME, "Nome:", "Name:")                                                              \
	X(ASK_PHONE, "Telefone (um só, com DDD):", "Telephone (one, with area code):")             \
	X(BAD_PHONE, "Esperado: DDD e número, como 27 99999-0000 ou +5527999990000.",              \
	  "Expected area code and number, like 27 99999-0000 or +5527999990000.")                  \
	X(BAD_DATE, "Esperado: dd/mm/aaaa ou AAAA-MM-DD, ou nada.",                                \
	  "Expected YYYY-MM-DD or dd/mm/yyyy, or nothing.")                                        \
	X(ASK_STREET, "Endereço da instalação:", "Installation address:")                          \
	X(ASK_DATE, "Data desejada (dd/mm/aaaa, Enter = nenhuma):",                                \
	  "Wished date (YYYY-MM-DD, Enter = none):")                                               \
	X(ASK_PLAN, "Plano (Enter = nenhum):", "Plan (Enter = none):")                             \
	X(PLAN_OPTION, "  %s, %s", "  %s, %s")                                                     \
	X(NOT_UTF8, "O texto não é UTF-8: nada foi enviado.",                                      \
	  "The text is not UTF-8: nothing was sent.")                                              \
	X(PERSON_NAME, "Nome", "Name")                                                             \
	X(PERSON_PHONE, "Telefone", "Telephone")                                                   \
	X(PERSON_ADDRESS, "Endereço", "Address")                                                   \
	X(PERSON_DATE, "Data desejada", "Wished date")                                             \
	X(PERSON_PLAN, "Plano", "Plan")

#define VIZ_SAY_LEAD(X)                                                                            \
	X(HEAD_STATE, "ESTADO", "STATE")                                                           \
	X(HEAD_PROTOCOL, "PROTOCOLO", "PROTOCOL")                                                  \
	X(HEAD_TOWN, "MUNICÍPIO", "MUNICIPALITY")                                                  \
	X(HEAD_CANCELLED, "CANCELADO EM", "CANCELLED")                                             \
	X(HEAD_CHOSEN, "ESCOLHIDO", "CHOSEN")                                                      \
	X(HEAD_DELIVERED, "ENTREGUE EM", "DELIVERED")                                              \
	X(HEAD_CONTACTED, "CONTATADO EM", "CONTACTED")                                             \
	X(HEAD_LATEST, "VALE ATÉ", "LATEST")                                                       \
	X(HEAD_OFFLINE, "DIAS SEM INTERNET", "DAYS WITHOUT INTERNET")                              \
	X(HEAD_ASKED, "PERGUNTADO", "ASKED")                                                       \
	X(HEAD_ANSWER, "RESPOSTA", "ANSWER")                                                       \
	X(HEAD_PROPOSAL, "PROPOSTA", "PROPOSAL")                                                   \
	X(HEAD_CONTACT, "CONTATO", "CONTACT")                                                      \
	X(HEAD_ERASED, "APAGOU", "ERASED")                                                         \
	X(HEAD_ANSWERED, "RESPOSTAS", "ANSWERS")                                                   \
	X(HEAD_CREATED, "CRIADO", "CREATED")                                                       \
	X(NEIGHBOUR_CAME, "Chegou um vizinho que atende: pergunte de novo ao cliente.",            \
	  "A neighbour that serves it has come: ask the customer anew.")                           \
	X(GIVEN_BACK, "devolvido", "given back")                                                   \
	X(GIVEN_BACK_NEXT,                                                                         \
	  "\n%s devolveu o cliente. Depois: vizinho lead choose %s NOME, ou vizinho lead choose "  \
	  "%s --none",                                                                             \
	  "\n%s has given the customer back. Next: vizinho lead choose %s NAME, or vizinho lead "  \
	  "choose %s --none")                                                                      \
	X(LEAD_NONE, "Nenhum lead.", "No leads.")                                                  \
	X(LEAD_MADE, "Lead %s: %s.", "Lead %s: %s.")                                               \
	X(PROPOSAL_NONE, "Sem propostas; o lead está: %s.", "No proposals; the lead is: %s.")      \
	X(PROPOSAL_ORDER, "Leia as propostas nesta ordem: ela foi sorteada, ninguém a escolheu.",  \
	  "Read the proposals in this order: it was drawn, nobody chose it.")                      \
	X(PROPOSAL_ONE, "%d. %s: %s", "%d. %s: %s")                                                \
	X(PROPOSAL_NO_PLANS, "   (sem planos publicados)", "   (no published plans)")              \
	X(CONSENT_TEXT, "Texto a ler:", "Text to be read:")                                        \
	X(PROPOSAL_NEXT, "Depois: vizinho lead choose %s NOME, ou vizinho lead choose %s --none",  \
	  "Next: vizinho lead choose %s NAME, or vizinho lead choose %s --none")                   \
	X(OFFER_NEXT, "\nAs respostas: vizinho lead proposals %s",                                 \
	  "\nThe answers: vizinho lead proposals %s")                                              \
	X(CHOSEN_BEFORE, "Quem tinha sido escolhido antes apaga o que recebeu.",                   \
	  "Who was chosen before erases what they received.")                                      \
	X(WAITING_ANSWERS, "aguardando respostas:", "waiting for answers:")                        \
	X(WAIT_HOURS, "Há quem responda à mão, em horas. As propostas: vizinho lead proposals %s", \
	  "Somebody answers by hand, within hours. The proposals: vizinho lead proposals %s")      \
	X(NO_CONTACT, "Não há dados de contato deste lead aqui.",                                  \
	  "There is no contact data of this lead here.")                                           \
	X(LEAD_REVOKE_SURE,                                                                        \
	  "Revogar o consentimento do lead %s? Os dados são apagados aqui e em quem os recebeu. " \
	  "[sim/não]",                                                                             \
	  "Revoke the consent of lead %s? The data is erased here and where it went. [yes/no]")    \
	X(LEAD_REVOKED,                                                                            \
	  "%s: revogado e apagado aqui. `vizinho lead show %s` mostra quem já apagou.",            \
	  "%s: revoked, and erased here. `vizinho lead show %s` shows who has erased.")            \
	X(OUTCOME_STATE, "%s: %s", "%s: %s")                                                       \
	X(OUTCOME_DELIVERED, "com %s desde %s", "with %s since %s")                                \
	X(OUTCOME_CONTACTED, "cliente contatado: %s", "customer contacted: %s")                    \
	X(OUTCOME_DAYS, "dias sem internet: %lld", "days without internet: %lld")                  \
	X(WOULD_ASK, "\nSeriam perguntados (%zu):", "\nWould be asked (%zu):")                     \
	X(NOTHING_LEFT, "\nFoi só uma consulta: nada saiu deste nó.",                              \
	  "\nThis was a look-up only: nothing left this node.")                                    \
	X(ONE_PLACE, "%s: esperado: \"address\" ou \"place\", um dos dois",                        \
	  "%s: expected \"address\" or \"place\", one of the two")                                 \
	X(OWN_COVERAGE,                                                                            \
	  "Nós mesmos atendemos este endereço: ofereça a transferência. \"keep\": true se o "  \
	  "cliente fica, false se prefere os vizinhos.",                                           \
	  "We serve this address ourselves: offer the transfer. \"keep\": true when the customer " \
	  "stays, false when they prefer the neighbours.")                                         \
	X(ASK_PROTOCOL, "Protocolo do cancelamento:", "Protocol number of the cancellation:")      \
	X(ASK_CANCELLED, "Registrado quando (14:05, 2026-11-23 14:05; Enter = agora):",            \
	  "Registered when (14:05, 2026-11-23 14:05; Enter = now):")                               \
	X(BAD_TIME, "Esperado: 14:05 ou 2026-11-23 14:05, e não no futuro.",                       \
	  "Expected 14:05 or 2026-11-23 14:05, and not in the future.")                            \
	X(ASK_NEW_ADDRESS, "Novo endereço (CEP, município/UF, coordenada ou link de mapa):",       \
	  "New address (postcode, municipality/UF, coordinates or a maps link):")                  \
	X(ASK_KEEP, "Transferir conosco? [SIM/não]", "Transfer with us? [YES/no]")                 \
	X(ASK_KEEP_NEAR, "O cliente espera a nossa análise em vez dos vizinhos? [sim/NÃO]",        \
	  "Does the customer wait for our analysis instead of the neighbours? [yes/NO]")           \
	X(ASK_STRIKE, "O cliente risca algum? (números; Enter = nenhum):",                         \
	  "Does the customer strike any? (numbers; Enter = none):")                                \
	X(BAD_STRIKE, "Números de 1 a %zu, com vírgulas.", "Numbers from 1 to %zu, with commas.")  \
	X(PEER_OR_NONE, "Um parceiro ou --none, um dos dois.",                                     \
	  "A partner or --none, one of the two.")                                                  \
	X(NO_PROPOSAL_OF, "\"%s\" não indica uma só proposta.",                                    \
	  "\"%s\" does not mean one proposal.")                                                    \
	X(CHOSEN, "Escolhido: %s.", "Chosen: %s.")                                                 \
	X(CHOSEN_NONE, "%s: nenhum escolhido. As propostas terminam aqui.",                        \
	  "%s: none chosen. The proposals end here.")                                              \
	X(CHOICE_WAITING, "entregando...", "handing over...")                                      \
	X(CHOICE_DELIVERED, "Entregue: %s confirmou com assinatura.",                              \
	  "Delivered: %s acknowledged with a signature.")                                          \
	X(CHOICE_LATER, "Ainda sem confirmação: a entrega continua por si.",                       \
	  "Not yet acknowledged: the hand-off goes on by itself.")

#define VIZ_SAY_INBOX(X)                                                                           \
	X(HEAD_ENTRY, "ENTRADA", "ENTRY")                                                          \
	X(HEAD_OFFERED, "OFERECIDO", "OFFERED")                                                    \
	X(INBOX_EMPTY, "A caixa de entrada está vazia.", "The inbox is empty.")                    \
	X(INBOX_NOTHING, "Nada espera por nós. (--all mostra tudo.)",                              \
	  "Nothing waits for us. (--all shows everything.)")                                       \
	X(INBOX_ENTRY, "%s de %s: %s, vale até %s", "%s from %s: %s, latest %s")                   \
	X(INBOX_ENTRY_BARE, "%s de %s: %s", "%s from %s: %s")                                      \
	X(INBOX_TO_CALL, "ligar para o cliente", "to be called")                                   \
	X(INBOX_OUTCOME, "Depois: vizinho inbox outcome %s installed|lost --days N",               \
	  "Next: vizinho inbox outcome %s installed|lost --days N")                                \
	X(INBOX_LOCATION, "%s, CEP %s, ponto %s, precisão %s",                                     \
	  "%s, postcode %s, point %s, precision %s")                                               \
	X(INBOX_LEASE, "aguardando confirmação...", "waiting for confirmation...")                 \
	X(INBOX_NO_LEASE,                                                                          \
	  "Aguardando confirmação da origem: sem ela o contato não se mostra. Tente de novo.",     \
	  "Waiting for the origin's confirmation: without it the contact is not shown. Try "       \
	  "again.")                                                                                \
	X(INBOX_CALL, "Depois de ligar: vizinho inbox contacted %s",                               \
	  "After the call: vizinho inbox contacted %s")                                            \
	X(INBOX_ANSWER, "Responder: vizinho inbox answer %s yes|analysis|no",                      \
	  "To answer: vizinho inbox answer %s yes|analysis|no")

#endif
