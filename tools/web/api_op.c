#include "tools/web/api.h"

#include "tools/web/api_problem.h"

#define PAGE_MAX     1000 /* entries of a page, */
#define PAGE_DEFAULT 100  /* and when nobody says how many */

void viz_api_op_ask(struct viz_page *p)
{
	json_t *args = viz_api_args(p);

	if (args == NULL)
		return;
	if (viz_api_row_may(p, args))
		viz_page_ask(p, viz_api_row_of(p)->op, args);
	else
		json_decref(args);
}

/* The id of an entry of a list. */
static const char *id_of(const json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "id"));

	return id != NULL ? id : "";
}

/* Where the page begins: behind the entry that the cursor names. False: it is not there any more.
 */
static bool find_start(size_t *at, const json_t *list, const char *cursor)
{
	*at = 0;
	if (cursor[0] == '\0')
		return true;
	while (*at < json_array_size(list))
		if (strcmp(id_of(json_array_get(list, (*at)++)), cursor) == 0)
			return true;
	return false;
}

static bool page_size(size_t *out, const char *text)
{
	long n = PAGE_DEFAULT;
	char *end;

	if (text[0] != '\0') {
		n = strtol(text, &end, 10);
		if (*end != '\0' || n < 1 || n > PAGE_MAX)
			return false;
	}
	*out = (size_t)n;
	return true;
}

/* The node gives the whole list, and the client gets a page of it. */
static void answer_page(struct viz_page *p, const char *name)
{
	json_t *result = json_copy((json_t *)(uintptr_t)viz_page_result(p, 0));
	const json_t *list = json_object_get(result, name);
	size_t at, size = 0, count = json_array_size(list);
	json_t *part;

	if (!page_size(&size, viz_page_query(p, "max"))) {
		viz_api_problem(p, 400, "bad-number", "1 to 1000", "max");
	} else if (!find_start(&at, list, viz_page_query(p, "cursor"))) {
		viz_api_problem(p, 400, "bad-cursor", "no entry of the list has this id any more",
				"cursor");
	} else {
		part = json_array();
		for (; at < count && json_array_size(part) < size; at++)
			json_array_append(part, json_array_get(list, at));
		if (at < count)
			json_object_set(result, "cursor",
					json_object_get(json_array_get(list, at - 1), "id"));
		json_object_set_new(result, name, part);
		viz_page_json(p, 200, json_incref(result));
	}
	json_decref(result);
}

void viz_api_op_answer(struct viz_page *p)
{
	const char *list = viz_api_row_of(p)->list;

	if (viz_api_problem_refused(p, 0))
		return;
	if (list != NULL)
		answer_page(p, list);
	else
		viz_page_json(p, 200, json_deep_copy(viz_page_result(p, 0)));
}

void viz_api_op_document_ask(struct viz_page *p)
{
	viz_page_file(p, "application/json", NULL, viz_api_document, viz_api_document_len);
}

void viz_api_op_document_answer(struct viz_page *p)
{
	(void)p; /* nothing is asked */
}
