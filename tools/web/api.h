/* The API for programs, /api/v1: rows over requests to the node. api.tsv has the rows; api.py makes
 * of them, and of node/CONTROL.md, the table of routes and the document that describes them. */
#ifndef VIZ_TOOLS_WEB_API_H
#define VIZ_TOOLS_WEB_API_H

#include "tools/web/page.h"

struct viz_api_arg {
	const char *name;
	char kind; /* of a path or a query: 't' text, 'n' number, 'f' flag, 'o': only in a body */
	bool in_path;
};

struct viz_api_row {
	enum viz_web_method method;
	const char *path;
	const char *op;                 /* NULL: the node is not asked */
	const char *scopes[2];          /* all that are there are needed */
	const char *if_field;           /* when this field is true, */
	const char *if_scope;           /* this scope too */
	const char *again;              /* what shows again what was made; NULL: it needs no key */
	const char *list;               /* the list that is given in pages; NULL: none */
	const struct viz_api_arg *args; /* ended by a NULL name */
};

/* One for each route. */
extern const struct viz_api_row viz_api_rows[];
extern const struct viz_route viz_api_routes[];
/* The document: JSON, with a NUL behind it. */
extern const char *const viz_api_document;
extern const size_t viz_api_document_len;

const struct viz_api_row *viz_api_row_of(const struct viz_page *p);
/* Whether the token has the scopes of the row, and `if_scope` with these arguments. Else it is
 * answered. */
bool viz_api_row_may(struct viz_page *p, const json_t *args);
/* The arguments of the row's request, from path, query and body. NULL: answered with what is wrong.
 * Otherwise a new reference. */
json_t *viz_api_args(struct viz_page *p);

/* How rows are answered: functions of the names in api.tsv. */
void viz_api_op_ask(struct viz_page *p);
void viz_api_op_answer(struct viz_page *p);
void viz_api_keyed_ask(struct viz_page *p);
void viz_api_keyed_answer(struct viz_page *p);
void viz_api_events_ask(struct viz_page *p);
void viz_api_events_answer(struct viz_page *p);
void viz_api_metrics_ask(struct viz_page *p);
void viz_api_metrics_answer(struct viz_page *p);
void viz_api_op_document_ask(struct viz_page *p);
void viz_api_op_document_answer(struct viz_page *p);
void viz_api_tmf_leads_ask(struct viz_page *p);
void viz_api_tmf_leads_answer(struct viz_page *p);
void viz_api_tmf_lead_ask(struct viz_page *p);
void viz_api_tmf_lead_answer(struct viz_page *p);

#endif
