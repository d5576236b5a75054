/* The consent and the contact data of a customer, from a file or from questions. They never come
 * from the command line, which other users of the machine can read. */
#ifndef VIZ_TOOLS_VIZINHO_PERSON_H
#define VIZ_TOOLS_VIZINHO_PERSON_H

#include "tools/vizinho/input.h"

/* Checks {name, phone, address, date, plan} and {given, language, channel, evidence, agent} of a
 * file. VIZ_EXIT_FAILED, with the error printed. */
int viz_person_check_contact(const struct viz_input *in, const json_t *contact);
int viz_person_check_consent(const struct viz_input *in, const json_t *consent);
/* Whether the file's "consent" says yes. */
bool viz_person_agrees(const json_t *root);
/* The customer said no: prints that nothing was stored. Returns VIZ_EXIT_OK. */
int viz_person_refused(const struct viz_cli *cli);

/* Reads `text` to the customer and asks for the answer. */
int viz_person_ask_yes(bool *yes, const struct viz_cli *cli, const char *text);
/* Channel and evidence of the yes; *out is {"given": true, ...}, a new reference. */
int viz_person_ask_consent(json_t **out, const struct viz_cli *cli);
/* `plans`: an array of list plans to name, or NULL; borrowed. `street`: the new address as it was
 * typed before, which an empty line takes; or "". */
int viz_person_ask_contact(json_t **out, const struct viz_cli *cli, const json_t *plans,
			   const char *street);
/* Contact data for people, with the wish where it is held (else NULL); a place and the wish that
 * goes with it. What was not given is left out. */
void viz_person_print(const struct viz_cli *cli, const json_t *contact, const json_t *wish);
void viz_person_print_place(const struct viz_cli *cli, const json_t *location);

/* "2026-11-23 14:05" (the machine's zone), "23/11/2026 14:05", "14:05" (today), or with a final Z
 * or +hh:mm and T as in RFC 3339: milliseconds since 1970. VIZ_ERR_FORM. */
int viz_person_time(int64_t *ms, const char *text);
/* The same time as the daemon takes it. */
json_t *viz_person_time_json(int64_t ms);
/* "2026-12" or "12/2026", as "2026-12". VIZ_ERR_FORM. */
int viz_person_month(char month[8], const char *text);

#endif
