/* vizinho-erp without an ERP and without a node: its configuration, values of answers, what a dry
 * run shows, the form of an answer, and the state on disk. */
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tools/erp/round.h"

static char said[4096];

static void say(void *to, const char *line)
{
	size_t len = strlen(said);

	(void)to;
	snprintf(said + len, sizeof said - len, "%s\n", line);
}

static int read_text(struct viz_erp_config *out, const char *text)
{
	FILE *f = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	int err;

	assert_non_null(f);
	said[0] = '\0';
	err = viz_erp_config_stream(out, f, "erp.conf", say, NULL);
	fclose(f);
	return err;
}

#define WHOLE "[erp]\nkind = ixc\nurl = https://erp.example\n"

static void config_defaults(void **state)
{
	struct viz_erp_config c;

	(void)state;
	assert_int_equal(read_text(&c, WHOLE), VIZ_OK);
	assert_string_equal(c.source, "ixc");
	assert_int_equal(c.rate_per_minute, 30);
	assert_int_equal(c.zone_min, -180);
	assert_int_equal(c.write, VIZ_ERP_WRITE_CLAIMED);
	assert_int_equal(c.cancellations, VIZ_ERP_WHICH_TICKED);
	assert_string_equal(c.setting[0], "su_ticket");
	assert_int_equal(read_text(&c, WHOLE "[drafts]\nmove_reasons = 3, 17\nmove_reasons=5\n"),
			 VIZ_OK);
	assert_int_equal(c.reasons.count, 3);
	assert_true(viz_erp_config_ticked(&c.reasons, "17"));
	assert_false(viz_erp_config_ticked(&c.reasons, "1"));
}

static void config_faults(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
	    {"[erp]\nurl = https://erp.example\n", "erp.conf: [erp] kind is missing"},
	    {"[erp]\nkind = ixc\n", "erp.conf: [erp] url is missing"},
	    {WHOLE "kind = sgp\n", "erp.conf:4: [erp] kind stands here twice"},
	    {WHOLE "colour = red\n", "erp.conf:4: \"colour\" is no key of the section [erp]"},
	    {WHOLE "[nonsense]\nx = 1\n", "erp.conf:5: \"x\" is no key of the section [nonsense]"},
	    {WHOLE "rate_per_minute = 0\n", "erp.conf:4: [erp] rate_per_minute: expected"},
	    {WHOLE "rate_per_minute = 30x\n", "erp.conf:4: [erp] rate_per_minute: expected"},
	    {WHOLE "zone = Brasilia\n", "erp.conf:4: [erp] zone: expected a zone"},
	    {WHOLE "ca = relative.pem\n", "erp.conf:4: [erp] ca: expected the whole name"},
	    {WHOLE "[leads]\nwrite = always\n", "erp.conf:5: [leads] write: expected never"},
	    {WHOLE "[sgp]\ncolour = 1\n", "erp.conf:5: \"colour\" is no key of the section [sgp]"},
	    {WHOLE "no equals sign\n", "erp.conf:4: expected"},
	    {"[erp]\nkind = sgp\nurl = https://e.example\n", "erp.conf: [sgp] app is missing"},
	    {"[erp]\nkind = ixc\nurl = ftp://e.example\n", "erp.conf:3: [erp] url: expected"},
	    {"[erp]\nkind = ixc\nurl = https://a:b@e.example\n", "erp.conf:3: [erp] url: expected"},
	    {"[erp]\nkind = ixc\nurl = https://e.example/?t=1\n",
	     "erp.conf:3: [erp] url: expected"},
	};
	struct viz_erp_config c;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(read_text(&c, wrong[i].text), VIZ_ERR_INPUT);
		if (strncmp(said, wrong[i].says, strlen(wrong[i].says)) != 0)
			fail_msg("%s\nsays: %s", wrong[i].text, said);
	}
}

/* The sample with each key's "#" taken away is right for each ERP, and has all keys. */
static void config_sample(void **state)
{
	static const char *const kinds[] = {"ixc", "hubsoft", "sgp", "voalle"};
	char path[4096], line[1024], *text = calloc(1, 65536);
	struct viz_erp_config c;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/tools/packaging/erp.conf", getenv("VIZ_SOURCE"));
	for (size_t k = 0; k < 4; k++) {
		const struct viz_erp_connector *connector = viz_erp_connector_named(kinds[k]);

		text[0] = '\0';
		f = fopen(path, "r");
		assert_non_null(f);
		while (fgets(line, sizeof line, f) != NULL) {
			bool key = line[0] == '#' && line[1] != ' ';

			if (strncmp(line, "#kind = ", 8) == 0)
				snprintf(line, sizeof line, "#kind = %s\n", kinds[k]);
			strcat(text, key ? line + 1 : line);
		}
		fclose(f);
		if (read_text(&c, text) != VIZ_OK)
			fail_msg("%s: %s", kinds[k], said);
		for (size_t i = 0; connector->keys[i].name != NULL; i++) {
			snprintf(line, sizeof line, "\n%s = ", connector->keys[i].name);
			assert_non_null(strstr(text, line));
		}
	}
	free(text);
}

static const struct viz_erp_config some = {
    .url = "https://erp.example/", .user = "user", .rate_per_minute = 600, .zone_min = -180};

static void times(void **state)
{
	static const struct {
		const char *text, *is;
	} right[] = {{"2026-12-01", "2026-12-01T00:00:00-03:00"},
		     {"2026-12-01 10:11:12", "2026-12-01T10:11:12-03:00"},
		     {"01/12/2026 10:11", "2026-12-01T10:11:00-03:00"},
		     {"2026-12-01T10:11:12.345Z", "2026-12-01T10:11:12+00:00"},
		     {"2026-12-01T10:11:12-0400", "2026-12-01T10:11:12-04:00"}};
	static const char *const wrong[] = {"",
					    "0000-00-00",
					    "1899-11-30",
					    "2026-13-01",
					    "2026-12-32",
					    "2026-12-1",
					    "2026-12-01 25:00:00",
					    "ontem",
					    "2026-12-01x",
					    "01-12-2026",
					    "2026-12-01T",
					    "2026-12-01 10:11:12 BRT"};
	const struct viz_erp e = {.config = &some};
	char out[VIZ_ERP_TIME_MAX] = "untouched";

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		assert_true(viz_erp_time(out, &e, right[i].text));
		assert_string_equal(out, right[i].is);
	}
	strcpy(out, "untouched");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (viz_erp_time(out, &e, wrong[i]))
			fail_msg("%s became %s", wrong[i], out);
		assert_string_equal(out, "untouched");
	}
}

static void values(void **state)
{
	json_t *o = json_pack("{s:s,s:i,s:s,s:s,s:n,s:b}", "text", "ação", "number", 12, "digits",
			      "34", "control", "a\nb", "null", "flag", 1);
	char out[8];
	int64_t n = 7;

	(void)state;
	assert_true(viz_erp_text(out, sizeof out, o, "text"));
	assert_true(viz_erp_text(out, sizeof out, o, "number"));
	assert_string_equal(out, "12");
	assert_false(viz_erp_text(out, 5, o, "text")); /* not cut within a character */
	assert_string_equal(out, "");
	assert_false(viz_erp_text(out, sizeof out, o, "control"));
	assert_false(viz_erp_text(out, sizeof out, o, "null"));
	assert_false(viz_erp_text(out, sizeof out, o, "flag"));
	assert_false(viz_erp_text(out, sizeof out, o, "absent"));
	assert_true(viz_erp_number(&n, o, "digits"));
	assert_int_equal(n, 34);
	assert_false(viz_erp_number(&n, o, "text"));
	assert_int_equal(n, 34);
	json_decref(o);
	assert_int_equal(viz_erp_cep("29.300-100"), 29300100);
	assert_int_equal(viz_erp_cep("29300"), 0);
	assert_true(viz_erp_same_phone("+5527999990000", "(27) 99999-0000"));
	assert_true(viz_erp_same_phone("+5527999990000", "027 9999-0000"));
	assert_false(viz_erp_same_phone("+5527999990000", "28999990000"));
	assert_false(viz_erp_same_phone("+5527999990000", ""));
	assert_true(viz_erp_same_text("José da  Silva", "JOSE DA SILVA"));
	assert_false(viz_erp_same_text("José", "Josefa"));
}

static char *masked(const struct viz_erp_request *request)
{
	const struct viz_erp e = {.config = &some};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	viz_erp_mask_print(f, &e, request, false);
	fclose(f);
	return text;
}

static void dry_run(void **state)
{
	const struct viz_erp_field query[] = {{"a b", "c&d", VIZ_ERP_OPEN},
					      {NULL, NULL, VIZ_ERP_OPEN}},
				   form[] = {{"token", "s3cret", VIZ_ERP_SECRET},
					     {"nome", "Maria", VIZ_ERP_PERSONAL},
					     {"limit", "50", VIZ_ERP_OPEN},
					     {NULL, NULL, VIZ_ERP_OPEN}};
	json_t *json = json_pack("{s:s,s:{s:[i]},s:s,s:b}", "nome", "Maria", "in", "phones", 27,
				 "empty", "", "flag", 1);
	struct viz_erp_request r = {.what = "x",
				    .method = "POST",
				    .path = "/p",
				    .query = query,
				    .form = form,
				    .basic = true};
	char *text = masked(&r);

	(void)state;
	assert_string_equal(text, "POST https://erp.example/p?a%20b=c%26d (not sent)\n"
				  "  Authorization: Basic ***\n"
				  "  token=***\n  nome=***\n  limit=50\n");
	free(text);
	r.form = NULL;
	r.json = json;
	text = masked(&r);
	assert_null(strstr(text, "Maria"));
	assert_null(strstr(text, "27"));
	assert_non_null(strstr(text, "\"in\":{\"phones\":[\"***\"]},\"empty\":\"\",\"flag\":true"));
	free(text);
	json_decref(json);
}

struct given {
	int status;
	const char *body;
};

static enum viz_erp_result carry(struct viz_erp *e, struct viz_erp_answer *answer,
				 const struct viz_erp_request *request)
{
	const struct given *g = e->carrier;

	(void)request;
	answer->status = g->status;
	answer->body = strdup(g->body);
	answer->body_len = strlen(g->body);
	return VIZ_ERP_OK;
}

static void forms_of_answers(void **state)
{
	static const struct {
		struct given given;
		enum viz_erp_result is;
		bool maybe; /* a write may have come through */
	} cases[] = {
	    {{200, "{}"}, VIZ_ERP_OK, true},
	    {{201, "[1]"}, VIZ_ERP_OK, true},
	    {{200, ""}, VIZ_ERP_UNSURE, true},
	    {{200, " \n<div>erro</div>"}, VIZ_ERP_UNSURE, true},
	    {{200, "{\"a\":"}, VIZ_ERP_UNSURE, true},
	    {{200, "{\"a\":1,\"a\":2}"}, VIZ_ERP_UNSURE, true},
	    {{200, "{\"a\":\"\xe7\"}"}, VIZ_ERP_UNSURE, true},
	    {{302, ""}, VIZ_ERP_UNSURE, false},
	    {{401, "{}"}, VIZ_ERP_DENIED, false},
	    {{403, "{}"}, VIZ_ERP_DENIED, false},
	    {{404, "{}"}, VIZ_ERP_REFUSED, false},
	    {{429, "{}"}, VIZ_ERP_LATER, false},
	    {{500, "<html>"}, VIZ_ERP_LATER, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct given given = cases[i].given;
		struct viz_erp e = {
		    .config = &some, .carry = carry, .carrier = &given, .hurry = 1000000};
		const struct viz_erp_request r = {
		    .what = "x", .method = "POST", .path = "/p", .changes = true};
		struct viz_erp_answer answer = {0};

		if (viz_erp_ask(&e, &answer, &r) != cases[i].is || e.maybe_done != cases[i].maybe)
			fail_msg("%d %s: %s", given.status, given.body, e.why);
		assert_true((cases[i].is == VIZ_ERP_OK) == (e.why[0] == '\0'));
		viz_erp_answer_free(&answer);
	}
}

/* A file that is killed while it is written is the old one or the new one. */
static void state_survives(void **state)
{
	char dir[SCRATCH_PATH];
	struct viz_erp_state s;
	int64_t last = -1;

	(void)state;
	scratch_make(dir);
	for (int round = 0; round < 40; round++) {
		pid_t child = fork();
		int64_t now;

		assert_true(child >= 0);
		if (child == 0) {
			if (viz_erp_state_open(&s, dir, 10) != VIZ_OK)
				_exit(1);
			for (int64_t i = last + 1;; i++) {
				json_t *drafts = viz_erp_state_drafts(&s);

				viz_erp_state_set_number(drafts, "first", i);
				for (int k = 0; k < 200; k++) {
					char id[32];

					snprintf(id, sizeof id, "contrato:%d", k);
					viz_erp_state_set_number(drafts, id, i);
				}
				viz_erp_state_set_number(drafts, "last", i);
				if (!viz_erp_state_save(&s))
					_exit(1);
			}
		}
		usleep((useconds_t)(500 + 331 * round));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_int_equal(viz_erp_state_read(&s, dir), VIZ_OK);
		now =
		    (int64_t)json_integer_value(json_object_get(viz_erp_state_drafts(&s), "first"));
		if (json_object_size(viz_erp_state_drafts(&s)) > 0) {
			assert_int_equal(json_object_size(viz_erp_state_drafts(&s)), 202);
			assert_int_equal(
			    json_integer_value(json_object_get(viz_erp_state_drafts(&s), "last")),
			    now);
			assert_true(now >= last);
			last = now;
		}
		viz_erp_state_close(&s);
	}
	assert_true(last > 0);
	scratch_remove(dir);
}

static void state_is_locked(void **state)
{
	struct viz_erp_state s, other;
	char dir[SCRATCH_PATH], path[SCRATCH_PATH + 16];
	FILE *f;

	(void)state;
	scratch_make(dir);
	assert_int_equal(viz_erp_state_open(&s, dir, 0), VIZ_OK);
	assert_int_equal(viz_erp_state_open(&other, dir, 0), VIZ_ERR_STATE);
	assert_int_equal(viz_erp_state_read(&other, dir), VIZ_OK);
	viz_erp_state_close(&other);
	assert_true(viz_erp_state_save(&s));
	viz_erp_state_close(&s);
	snprintf(path, sizeof path, "%s/state.json", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("{\"leads\":{", f);
	fclose(f);
	assert_int_equal(viz_erp_state_open(&s, dir, 0), VIZ_ERR_FORM);
	assert_int_equal(viz_erp_state_open(&s, "/nonexistent/dir", 0), VIZ_ERR_STORE);
	scratch_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(config_defaults),  cmocka_unit_test(config_faults),
	    cmocka_unit_test(config_sample),    cmocka_unit_test(times),
	    cmocka_unit_test(values),           cmocka_unit_test(dry_run),
	    cmocka_unit_test(forms_of_answers), cmocka_unit_test(state_survives),
	    cmocka_unit_test(state_is_locked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
