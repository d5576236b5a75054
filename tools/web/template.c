#include "tools/web/template.h"

#include "crypto/secret.h"
#include "tools/web/limits.h"
#include "tools/web/text.h"

#define WHY_MAX 128

struct render {
	char *out;
	size_t len;
	size_t size;
	enum viz_lang lang;
	const json_t *stack[VIZ_WEB_DEPTH_MAX]; /* the model first, the innermost section last */
	size_t depth;
	unsigned nested; /* partials and sections */
	int err;
	char *why;
};

/* A part of a template. */
struct source {
	const char *at;
	const char *end;
};

struct tag {
	char kind; /* '#' '^' '/' '>' '{' or 0: a value */
	char name[VIZ_WEB_NAME_MAX];
	const char *start; /* of its braces */
	const char *behind;
};

static void fail(struct render *r, int err, const char *what)
{
	if (r->err != VIZ_OK)
		return;
	r->err = err;
	snprintf(r->why, WHY_MAX, "%s", what);
}

static void write(struct render *r, const char *text, size_t len)
{
	if (r->err != VIZ_OK)
		return;
	if (len > VIZ_WEB_PAGE_MAX - r->len) {
		fail(r, VIZ_ERR_LIMIT, "the page is too long");
		return;
	}
	if (r->len + len > r->size) {
		size_t size = r->size * 2 > r->len + len ? r->size * 2 : r->len + len;
		char *more = malloc(size);

		if (more == NULL) {
			fail(r, VIZ_ERR_NOMEM, "no memory");
			return;
		}
		memcpy(more, r->out, r->len);
		viz_secret_wipe(r->out, r->size); /* a page may show personal data */
		free(r->out);
		r->out = more;
		r->size = size;
	}
	memcpy(r->out + r->len, text, len);
	r->len += len;
}

static void write_escaped(struct render *r, const char *text, size_t len)
{
	static const char special[] = "&<>\"'";
	static const char *const as[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *found = text[i] != '\0' ? strchr(special, text[i]) : NULL;

		if (found == NULL)
			continue;
		write(r, text + from, i - from);
		write(r, as[found - special], strlen(as[found - special]));
		from = i + 1;
	}
	write(r, text + from, len - from);
}

/* The next tag from s->at on. False: there is none, or it is cut short (which embed.py refuses). */
static bool next_tag(struct tag *t, const struct source *s)
{
	const char *open = memmem(s->at, (size_t)(s->end - s->at), "{{", 2), *close, *name;
	size_t len;

	if (open == NULL)
		return false;
	close = memmem(open, (size_t)(s->end - open), "}}", 2);
	if (close == NULL)
		return false;
	name = open + 2;
	t->start = open;
	t->behind = close + 2;
	t->kind = strchr("#^/>{", *name) != NULL ? *name : '\0';
	name += t->kind != '\0';
	if (t->kind == '{' && t->behind < s->end && *t->behind == '}')
		t->behind++;
	len = (size_t)(close - name);
	if (len == 0 || len >= sizeof t->name)
		return false;
	memcpy(t->name, name, len);
	t->name[len] = '\0';
	return true;
}

/* The value of a name with dots. NULL: it is absent. */
static const json_t *look_up(const struct render *r, const char *name)
{
	const json_t *v = NULL;
	char part[VIZ_WEB_NAME_MAX];
	size_t n = strcspn(name, ".");

	if (strcmp(name, ".") == 0)
		return r->stack[r->depth - 1];
	memcpy(part, name, n);
	part[n] = '\0';
	for (size_t i = r->depth; v == NULL && i > 0; i--)
		v = json_object_get(r->stack[i - 1], part);
	while (v != NULL && name[n] == '.') {
		name += n + 1;
		n = strcspn(name, ".");
		memcpy(part, name, n);
		part[n] = '\0';
		v = json_object_get(v, part);
	}
	return v;
}

static bool holds(const json_t *v)
{
	if (v == NULL)
		return false;
	switch (json_typeof(v)) {
	case JSON_ARRAY:
		return json_array_size(v) > 0;
	case JSON_STRING:
		return json_string_length(v) > 0;
	case JSON_OBJECT:
	case JSON_INTEGER:
	case JSON_REAL:
	case JSON_TRUE:
		return true;
	case JSON_FALSE:
	case JSON_NULL:
		return false;
	}
	return false;
}

static void render(struct render *r, struct source s);

static void render_text(struct render *r, const char *key)
{
	enum viz_web_text id;
	const char *text;

	if (!viz_web_text_find(&id, key)) {
		fail(r, VIZ_ERR_ABSENT, key);
		return;
	}
	text = viz_web_text(r->lang, id);
	for (struct source s = {text, text + strlen(text)};;) {
		struct tag t;

		if (!next_tag(&t, &s)) {
			write_escaped(r, s.at, (size_t)(s.end - s.at));
			return;
		}
		write_escaped(r, s.at, (size_t)(t.start - s.at));
		render(r, (struct source){t.start, t.behind});
		s.at = t.behind;
	}
}

static void render_value(struct render *r, const struct tag *t)
{
	const json_t *v;
	char number[32];

	if (t->kind == '\0' && strncmp(t->name, "t.", 2) == 0) {
		render_text(r, t->name + 2);
		return;
	}
	v = look_up(r, t->name);
	if (json_is_string(v) && t->kind == '{') {
		write(r, json_string_value(v), json_string_length(v));
	} else if (json_is_string(v)) {
		write_escaped(r, json_string_value(v), json_string_length(v));
	} else if (json_is_integer(v)) {
		snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		write(r, number, strlen(number));
	} else {
		fail(r, VIZ_ERR_ABSENT, t->name);
	}
}

static void render_partial(struct render *r, const char *name)
{
	const char *text = viz_web_template_text(name);

	if (text == NULL || ++r->nested > VIZ_WEB_DEPTH_MAX) {
		fail(r, text == NULL ? VIZ_ERR_ABSENT : VIZ_ERR_LIMIT, name);
		return;
	}
	render(r, (struct source){text, text + strlen(text)});
	r->nested--;
}

/* The end tag of the section whose tag is `open`. False: there is none. */
static bool find_end(struct tag *end, const struct tag *open, const char *limit)
{
	struct source s = {open->behind, limit};
	unsigned depth = 1;

	while (next_tag(end, &s)) {
		if (end->kind == '#' || end->kind == '^')
			depth++;
		else if (end->kind == '/' && --depth == 0)
			return strcmp(end->name, open->name) == 0;
		s.at = end->behind;
	}
	return false;
}

static void render_within(struct render *r, const json_t *v, struct source inner)
{
	if (r->depth == VIZ_WEB_DEPTH_MAX) {
		fail(r, VIZ_ERR_LIMIT, "too deep");
		return;
	}
	r->stack[r->depth++] = v;
	render(r, inner);
	r->depth--;
}

static void render_section(struct render *r, const struct tag *open, struct source inner)
{
	const json_t *v = look_up(r, open->name);

	if (open->kind == '^') {
		if (!holds(v))
			render(r, inner);
	} else if (json_is_array(v)) {
		for (size_t i = 0; i < json_array_size(v); i++)
			render_within(r, json_array_get(v, i), inner);
	} else if (json_is_object(v)) {
		render_within(r, v, inner);
	} else if (holds(v)) {
		render(r, inner);
	}
}

static void render(struct render *r, struct source s)
{
	struct tag t, end;

	while (r->err == VIZ_OK && next_tag(&t, &s)) {
		write(r, s.at, (size_t)(t.start - s.at));
		s.at = t.behind;
		if (t.kind == '>') {
			render_partial(r, t.name);
		} else if (t.kind == '\0' || t.kind == '{') {
			render_value(r, &t);
		} else if (t.kind == '/' || !find_end(&end, &t, s.end)) {
			fail(r, VIZ_ERR_ABSENT, t.name);
		} else if (++r->nested > VIZ_WEB_DEPTH_MAX) {
			fail(r, VIZ_ERR_LIMIT, "too deep");
		} else {
			render_section(r, &t, (struct source){t.behind, end.start});
			r->nested--;
			s.at = end.behind;
		}
	}
	write(r, s.at, (size_t)(s.end - s.at));
}

const char *viz_web_template_text(const char *name)
{
	for (const struct viz_web_template *t = viz_web_templates; t->name != NULL; t++)
		if (strcmp(t->name, name) == 0)
			return t->text;
	return NULL;
}

int viz_web_template_render(char **out, size_t *len, char *why, const char *name,
			    enum viz_lang lang, const json_t *model)
{
	struct render r = {.lang = lang, .why = why, .size = 16384};

	r.out = malloc(r.size);
	if (r.out == NULL)
		fail(&r, VIZ_ERR_NOMEM, "no memory");
	r.stack[r.depth++] = model;
	render_partial(&r, name);
	if (r.err != VIZ_OK) {
		if (r.out != NULL)
			viz_secret_wipe(r.out, r.size);
		free(r.out);
		return r.err;
	}
	*out = r.out;
	*len = r.len;
	return VIZ_OK;
}
