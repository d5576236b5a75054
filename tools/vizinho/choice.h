/* The customer's choice as a conversation at the terminal: it checks first whether the choice is
 * open, and keeps what was typed until the choice is made. */
#ifndef VIZ_TOOLS_VIZINHO_CHOICE_H
#define VIZ_TOOLS_VIZINHO_CHOICE_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* What is known before the choice. */
struct viz_choice_known {
	const json_t *consent; /* channel and evidence of the first yes; NULL: ask for them */
	const char *street;    /* the new address as it was typed; "" */
	const json_t *contact; /* the data that was typed already; NULL */
	const char *agreed;    /* the second text, where it was read and agreed to; NULL */
};

/* From the check to the hand-off. `peer`: part of the name of the one that is chosen; NULL: the
 * proposals are shown, and it is asked for. Returns an enum viz_exit. */
int viz_choice_converse(const struct viz_cli *cli, const char *lead, const char *peer,
			const struct viz_choice_known *known);
/* Whether `peer` is one of those who proposed, and not the one who was chosen last; else an error
 * is printed. Nobody has to let go of a contact for a choice that is refused. */
bool viz_choice_knows(const struct viz_cli *cli, const char *lead, const char *peer);
/* The customer gives this partner no contact: says what that means. Returns VIZ_EXIT_OK. */
int viz_choice_refused(const struct viz_cli *cli, const char *lead, const char *peer);
/* Waits until the choice is open, with a holder that is told to let go: at a terminal as long as it
 * takes, after asking, unless that was `confirmed`; else some seconds. VIZ_EXIT_OK: it may be sent,
 * though it may be refused. */
int viz_choice_ready(const struct viz_cli *cli, const char *lead, bool confirmed);
/* Says what follows when the customer takes nobody, and asks. VIZ_EXIT_OK: confirmed, or there is
 * no choice, which viz_choice_ready says. */
int viz_choice_confirm_none(const struct viz_cli *cli, const char *lead);
/* Sends lead.choose (args is taken) and waits for the hand-off. */
int viz_choice_send(const struct viz_cli *cli, json_t *args);

#endif
