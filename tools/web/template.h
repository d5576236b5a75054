/* Pages of templates: a strict subset of Mustache over a JSON object.
 *
 *   {{a.b}}              the value, escaped for HTML (text, attribute in quotes); text or number
 *   {{.}}                the item of the list itself
 *   {{#x}}..{{/x}}       for each item of a list; within an object; or when x is true, a number
 *                        or a text that is not empty
 *   {{^x}}..{{/x}}       when x is absent, false, "" or an empty list
 *   {{>name}}            the template pages/name.html in this place
 *   {{t.key}}            the text of texts.TAG.tsv, which may have {{tags}} of values itself
 *   {{{name_svg}}}       a picture that the program made, as it is
 *   {{asset:style.css}}  the address of a file of assets/; the build puts it in
 *
 * A name is looked for in the innermost section first. embed.py looks at all templates and texts
 * while it puts them into the program: a tag, a key, a partial or a file that does not exist fails
 * the build. A value that is not there fails the page. */
#ifndef VIZ_TOOLS_WEB_TEMPLATE_H
#define VIZ_TOOLS_WEB_TEMPLATE_H

#include <jansson.h>

#include "node/host/lang.h"

/* One of them; embed.py makes the table. */
struct viz_web_template {
	const char *name; /* "sign-in", "customer/consent" */
	const char *text;
};
extern const struct viz_web_template viz_web_templates[]; /* ends with a NULL name */

/* The text of a template; NULL: there is none of that name. */
const char *viz_web_template_text(const char *name);

/* Writes the page into a new text, which the caller wipes and frees. VIZ_ERR_ABSENT: there is no
 * such template, or no such value; VIZ_ERR_LIMIT: the page is too long or too deep. `why` (128
 * bytes) then names what it was, without any value. */
int viz_web_template_render(char **out, size_t *len, char *why, const char *name,
			    enum viz_lang lang, const json_t *model);

#endif
