/* What the desk's templates see, of the replies of the node. What returns json_t returns a new
 * reference. */
#ifndef VIZ_TOOLS_WEB_DESK_MODEL_H
#define VIZ_TOOLS_WEB_DESK_MODEL_H

#include "tools/web/page.h"

#define VIZ_DESK_ROLES (VIZ_WEB_AGENT | VIZ_WEB_ADMIN)

/* The navigation, with the part in which the page is: "home", "new", "leads", "inbox", "find",
 * "month". */
void viz_desk_model_frame(struct viz_page *p, const char *part);
/* The text called PREFIX and WORD, with "_" for "-"; the word itself where there is none: a later
 * node may say it. */
json_t *viz_desk_model_word(const struct viz_page *p, const char *prefix, const char *word);
/* A lead of ours, and an entry of the inbox. */
json_t *viz_desk_model_lead(const struct viz_page *p, const json_t *lead);
json_t *viz_desk_model_entry(const struct viz_page *p, const json_t *entry);
/* Whoever must do something next at the lead is somebody of ours. */
bool viz_desk_model_waits(const json_t *lead);
/* Partners that a look-up or a draw names: those that are or would be asked first. */
json_t *viz_desk_model_partners(const struct viz_page *p, const json_t *list);
/* What this node itself says of the place: {yes|analysis|no|none: true}. */
json_t *viz_desk_model_own(const json_t *own);

/* The fields of the form with these names (NULL at the end), to be sent again: `fields`, for
 * desk/carry.html. */
void viz_desk_model_carry(struct viz_page *p, const char *const *names);
/* When the node refused the i-th request for a reason that somebody at the desk can mend, sets
 * `trouble` to words for it, for this round and for the frame of the next ones, and is true. Else
 * it is as viz_page_refused(), and false. */
bool viz_desk_model_trouble(struct viz_page *p, size_t i);

#endif
