/* The file of the accounts: changes by two at once, kills at any moment, damage. */
#include "tools/web/accounts.h"
#include "tests/unit/scratch.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/wait.h>

#include "node/host/log.h"
#include "tools/web/session.h"
#include "tools/web/token.h"
#include "tools/web/user.h"

static char dir[SCRATCH_PATH];

static int make(void **state)
{
	(void)state;
	viz_host_log_init(VIZ_LOG_CRITICAL);
	scratch_make(dir);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	scratch_remove(dir);
	return 0;
}

static struct viz_web_accounts *open_accounts(void)
{
	struct viz_web_accounts *a = NULL;

	assert_int_equal(viz_web_accounts_open(&a, dir), VIZ_OK);
	return a;
}

static int add(struct viz_web_accounts *a, const char *name, const char *role)
{
	static const struct viz_web_hash hash = {.cost = {8, 1}};
	int err = viz_web_accounts_begin(a);

	if (err != VIZ_OK)
		return err;
	err = viz_web_user_add(a, name, role, &hash, false, 1);
	if (err == VIZ_OK)
		return viz_web_accounts_commit(a);
	viz_web_accounts_abort(a);
	return err;
}

static size_t count(struct viz_web_accounts *a)
{
	return json_array_size(viz_web_accounts_users(a));
}

static void one_sees_what_the_other_wrote(void **state)
{
	struct viz_web_accounts *a = open_accounts(), *b = open_accounts();

	(void)state;
	assert_memory_equal(viz_web_accounts_form_key(a), viz_web_accounts_form_key(b), 32);
	assert_int_equal(add(a, "ana", "admin"), VIZ_OK);
	assert_int_equal(count(b), 1);
	assert_int_equal(add(b, "rui", "agent"), VIZ_OK);
	assert_int_equal(add(a, "rui", "agent"), VIZ_ERR_EXISTS);
	assert_int_equal(count(a), 2);
	/* What is given up has not happened. */
	assert_int_equal(viz_web_accounts_begin(a), VIZ_OK);
	assert_int_equal(viz_web_user_remove(a, "rui"), VIZ_OK);
	viz_web_accounts_abort(a);
	assert_int_equal(count(a), 2);
	assert_int_equal(viz_web_accounts_begin(a), VIZ_OK);
	assert_int_equal(viz_web_user_remove(a, "ana"), VIZ_ERR_STATE);
	assert_int_equal(viz_web_user_role(a, "ana", "agent"), VIZ_ERR_STATE);
	viz_web_accounts_abort(a);
	viz_web_accounts_free(a);
	viz_web_accounts_free(b);
}

static void add_for_ever(void)
{
	struct viz_web_accounts *a = open_accounts();
	char name[32];

	for (size_t n = count(a);; n++) {
		snprintf(name, sizeof name, "u%zu", n);
		if (n % 100 == 99) {
			VIZ_REQUIRE(viz_web_accounts_begin(a) == VIZ_OK);
			json_array_clear(viz_web_accounts_users(a));
			VIZ_REQUIRE(viz_web_accounts_commit(a) == VIZ_OK);
			n = (size_t)-1;
		} else if (add(a, name, "agent") != VIZ_OK) {
			_exit(1);
		}
	}
}

static void a_kill_at_any_moment_leaves_a_whole_file(void **state)
{
	(void)state;
	viz_web_accounts_free(open_accounts());
	for (unsigned i = 0; i < 100; i++) {
		pid_t child = fork();
		int status;
		struct viz_web_accounts *a;

		assert_true(child >= 0);
		if (child == 0)
			add_for_ever();
		usleep(i * 97 % 5000);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		a = open_accounts();
		for (size_t n = 0; n < count(a); n++) {
			char name[32];

			snprintf(name, sizeof name, "u%zu", n);
			assert_non_null(
			    viz_web_accounts_find(viz_web_accounts_users(a), "name", name, NULL));
		}
		viz_web_accounts_free(a);
	}
}

static void put(const char *text)
{
	char path[SCRATCH_PATH + 32];
	FILE *f;

	snprintf(path, sizeof path, "%s/accounts.json", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	fclose(f);
}

static void damage_is_no_new_beginning(void **state)
{
	static const char *const wrong[] = {
	    "", "{}", "[]",
	    "{\"version\":2,\"form_key\":\"\",\"users\":[],\"sessions\":[],\"tokens\":[]}",
	    "{\"version\":1,\"form_key\":\"00\",\"users\":[],\"sessions\":[],\"tokens\":[]}"};
	struct viz_web_accounts *a = NULL, *good = open_accounts();

	(void)state;
	assert_int_equal(add(good, "ana", "admin"), VIZ_OK);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		put(wrong[i]);
		assert_int_equal(viz_web_accounts_open(&a, dir), VIZ_ERR_INPUT);
		/* Whoever has read it before goes on with that, and changes nothing. */
		assert_int_equal(count(good), 1);
		assert_int_equal(viz_web_accounts_begin(good), VIZ_ERR_STORE);
	}
	viz_web_accounts_free(good);
}

static enum viz_web_stage stage(struct viz_web_accounts *a, const char *token, int64_t now_ms)
{
	struct viz_web_session s;

	viz_web_session_find(&s, a, token, now_ms);
	if (s.stage != VIZ_WEB_STAGE_NONE)
		viz_web_session_used(a, token, now_ms);
	return s.stage;
}

static void a_session_ends(void **state)
{
	struct viz_web_accounts *a = open_accounts();
	char token[VIZ_WEB_SESSION_TOKEN], half[VIZ_WEB_SESSION_TOKEN];
	int64_t now = 1000000;

	(void)state;
	assert_int_equal(add(a, "ana", "admin"), VIZ_OK);
	assert_int_equal(viz_web_accounts_begin(a), VIZ_OK);
	viz_web_session_add(token, a, "ana", VIZ_WEB_STAGE_FULL, now);
	viz_web_session_add(half, a, "ana", VIZ_WEB_STAGE_CODE, now);
	assert_int_equal(viz_web_accounts_commit(a), VIZ_OK);
	assert_int_equal(scratch_find(dir, token, strlen(token)), 0);
	assert_int_equal(stage(a, half, now + VIZ_WEB_SESSION_HALF_MS - 1), VIZ_WEB_STAGE_CODE);
	assert_int_equal(stage(a, half, now + VIZ_WEB_SESSION_HALF_MS), VIZ_WEB_STAGE_NONE);
	assert_int_equal(stage(a, token, now + VIZ_WEB_SESSION_IDLE_MS), VIZ_WEB_STAGE_NONE);
	/* Used now and then it lives, but not for ever. */
	for (int64_t at = now; at < now + VIZ_WEB_SESSION_MAX_MS; at += VIZ_WEB_SESSION_IDLE_MS / 2)
		assert_int_equal(stage(a, token, at), VIZ_WEB_STAGE_FULL);
	assert_int_equal(stage(a, token, now + VIZ_WEB_SESSION_MAX_MS), VIZ_WEB_STAGE_NONE);
	assert_int_equal(stage(a, "", now), VIZ_WEB_STAGE_NONE);
	viz_web_accounts_free(a);
}

static void a_user_has_a_few_sessions(void **state)
{
	struct viz_web_accounts *a = open_accounts();
	char token[VIZ_WEB_SESSION_PER_USER + 1][VIZ_WEB_SESSION_TOKEN];

	(void)state;
	assert_int_equal(add(a, "ana", "admin"), VIZ_OK);
	assert_int_equal(viz_web_accounts_begin(a), VIZ_OK);
	for (size_t i = 0; i <= VIZ_WEB_SESSION_PER_USER; i++)
		viz_web_session_add(token[i], a, "ana", VIZ_WEB_STAGE_FULL, 1000);
	viz_web_session_end(a, token[5]);
	assert_int_equal(viz_web_accounts_commit(a), VIZ_OK);
	for (size_t i = 0; i <= VIZ_WEB_SESSION_PER_USER; i++)
		assert_int_equal(stage(a, token[i], 1000),
				 i == 0 || i == 5 ? VIZ_WEB_STAGE_NONE : VIZ_WEB_STAGE_FULL);
	assert_int_equal(viz_web_accounts_begin(a), VIZ_OK);
	viz_web_session_end_all(a, "ana", token[7]);
	assert_int_equal(viz_web_accounts_commit(a), VIZ_OK);
	assert_int_equal(json_array_size(viz_web_accounts_sessions(a)), 1);
	assert_int_equal(stage(a, token[7], 1000), VIZ_WEB_STAGE_FULL);
	viz_web_accounts_free(a);
}

/* Only an admin makes tokens, and they go with the account: also when it is one of an admin no
 * more. */
static void tokens_go_with_the_admin(void **state)
{
	char token[2][VIZ_WEB_TOKEN_SIZE], id[17];
	struct viz_web_accounts *a = open_accounts();
	json_t *scopes = json_pack("[s]", viz_web_token_scopes[0]);

	(void)state;
	assert_int_equal(add(a, "ana", "admin"), VIZ_OK);
	assert_int_equal(add(a, "rui", "admin"), VIZ_OK);
	assert_int_equal(viz_web_accounts_begin(a), VIZ_OK);
	assert_int_equal(viz_web_token_add(token[0], id, a, "um", "admin", scopes, "ana", 30, 1),
			 VIZ_OK);
	assert_int_equal(viz_web_token_add(token[1], id, a, "dois", "admin", scopes, "rui", 30, 1),
			 VIZ_OK);
	assert_int_equal(viz_web_user_role(a, "ana", "admin"), VIZ_OK);
	assert_non_null(viz_web_token_find(a, token[0], 1));
	assert_int_equal(viz_web_user_role(a, "ana", "reader"), VIZ_OK);
	assert_null(viz_web_token_find(a, token[0], 1));
	assert_non_null(viz_web_token_find(a, token[1], 1));
	assert_int_equal(viz_web_accounts_commit(a), VIZ_OK);
	json_decref(scopes);
	viz_web_accounts_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(one_sees_what_the_other_wrote, make, drop),
	    cmocka_unit_test_setup_teardown(a_kill_at_any_moment_leaves_a_whole_file, make, drop),
	    cmocka_unit_test_setup_teardown(damage_is_no_new_beginning, make, drop),
	    cmocka_unit_test_setup_teardown(a_session_ends, make, drop),
	    cmocka_unit_test_setup_teardown(a_user_has_a_few_sessions, make, drop),
	    cmocka_unit_test_setup_teardown(tokens_go_with_the_admin, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
