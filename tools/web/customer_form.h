/* The form with the contact: what was typed, what is wrong with it, what goes to the node. */
#ifndef VIZ_TOOLS_WEB_CUSTOMER_FORM_H
#define VIZ_TOOLS_WEB_CUSTOMER_FORM_H

#include "tools/web/page.h"

/* The form as it was typed, without errors; on a GET it is empty. Taken by viz_customer_form_show.
 */
json_t *viz_customer_form_read(const struct viz_page *p);

/* Takes the answers to the two questions away: the text has changed, and they were to another one.
 */
void viz_customer_form_unanswer(json_t *form);

/* Marks what is wrong, and is true when nothing is. */
bool viz_customer_form_check(json_t *form);
/* A question with two answers: "location" or "may_call". */
bool viz_customer_form_answered(json_t *form, const char *question);

/* Marks what the node refused: {"code", "field"}. False: it is about no field of the form. */
bool viz_customer_form_blame(json_t *form, const json_t *error);

/* The `contact` of a request (node/CONTROL.md). */
json_t *viz_customer_form_contact(const json_t *form);

/* Gives it to the template, with its errors. */
void viz_customer_form_show(struct viz_page *p, json_t *taken);

/* The fields of the POST for a page that sends them again. */
void viz_customer_form_carry(struct viz_page *p);

#endif
