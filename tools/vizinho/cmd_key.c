/* `vizinho key ...`: reads and writes the files of the keys; the daemon signs. A key can never get
 * lost. The file of the following key is on disk before the daemon hears of it, and the daemon
 * gives the revocation again when the same change is asked for again. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/id.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "node/host/random.h"
#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/ask.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/help.h"
#include "tools/vizinho/input.h"
#include "tools/vizinho/offline.h"
#include "tools/vizinho/print.h"
#include "tools/vizinho/reply.h"

struct rotation {
	const struct viz_cli *cli;
	const char *next_path, *offline;
	uint32_t number; /* of the key that comes into use */
	struct viz_secret next, following;
	char following_path[PATH_MAX], revocation_path[PATH_MAX];
	bool made_following; /* written in this run; removed when the daemon refuses */
	bool in_use;         /* the key is in use already: only its files are missing */
};

static int cannot(const struct viz_cli *cli, const char *path)
{
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_FILE, VIZ_MSG_CANNOT, path,
			       viz_host_speech_errno(errno));
}

static int read_key(uint32_t *number, struct viz_secret *seed, const struct viz_cli *cli,
		    const char *path)
{
	struct viz_input in;
	int status = viz_input_file(&in, cli, path);

	if (status != VIZ_EXIT_OK)
		return status;
	if (viz_offline_key_parse(number, seed, in.text) != VIZ_OK)
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_KEY_FILE_BAD,
					 path, ".vizkey");
	viz_input_free(&in);
	return status;
}

/* Writes the whole file or nothing: first under another name, then renamed. Replaces an existing
 * file only with `replace`. */
static int write_file(const struct rotation *r, const char *path, const char *text, bool replace)
{
	char temporary[PATH_MAX];
	bool ok;
	int fd;

	if (!replace && access(path, F_OK) == 0) {
		errno = EEXIST;
		return cannot(r->cli, path);
	}
	if (snprintf(temporary, sizeof temporary, "%s.part", path) >= (int)sizeof temporary) {
		errno = ENAMETOOLONG;
		return cannot(r->cli, path);
	}
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return cannot(r->cli, temporary);
	ok = viz_offline_write(fd, text);
	if (close(fd) != 0 || !ok || rename(temporary, path) != 0 ||
	    !viz_offline_sync(r->offline)) {
		int status = cannot(r->cli, path);

		unlink(temporary);
		return status;
	}
	return VIZ_EXIT_OK;
}

static int join(char out[PATH_MAX], const struct rotation *r, const char *name)
{
	if (snprintf(out, PATH_MAX, "%s/%s", r->offline, name) < PATH_MAX)
		return VIZ_EXIT_OK;
	errno = ENAMETOOLONG;
	return cannot(r->cli, r->offline);
}

/* Makes and writes the following key, or takes the one that an interrupted change has left. */
static int make_following(struct rotation *r)
{
	char text[VIZ_OFFLINE_TEXT_MAX];
	uint32_t number;
	int status;

	if (access(r->following_path, F_OK) == 0) {
		status = read_key(&number, &r->following, r->cli, r->following_path);
		if (status == VIZ_EXIT_OK && number != r->number + 1)
			status =
			    viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT,
					    VIZ_MSG_KEY_FILE_BAD, r->following_path, ".vizkey");
		if (status == VIZ_EXIT_OK)
			viz_print_hint(r->cli, VIZ_MSG_KEY_REUSED, r->following_path);
		return status;
	}
	viz_host_random(r->following.b, sizeof r->following.b);
	viz_offline_key_text(text, r->cli->lang, r->number + 1, &r->following);
	status = write_file(r, r->following_path, text, false);
	r->made_following = status == VIZ_EXIT_OK;
	viz_secret_wipe(text, sizeof text);
	if (status == VIZ_EXIT_OK)
		viz_print_hint(r->cli, VIZ_MSG_KEY_WRITTEN, r->following_path);
	return status;
}

/* Whether the number of the key fits the node: it is the next key, or the current one of a change
 * that was interrupted. */
static int check_number(struct rotation *r, bool yes)
{
	json_t *result;
	long long current;
	int status = viz_client_ask(&result, r->cli, "status", NULL);

	if (status != VIZ_EXIT_OK)
		return status;
	current = (long long)viz_reply_number(result, "key_number");
	json_decref(result);
	if (r->number != current + 1 && r->number != current)
		return viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_WRONG_KEY,
				       VIZ_MSG_KEY_FILE_NUMBER, r->next_path, r->number, current,
				       current + 1);
	r->in_use = r->number == current;
	if (r->in_use)
		return access(r->following_path, F_OK) == 0
			   ? VIZ_EXIT_OK
			   : viz_print_error(r->cli, VIZ_EXIT_FAILED, VIZ_CODE_WRONG_KEY,
					     VIZ_MSG_KEY_FILE_NUMBER, r->next_path, r->number,
					     current, current + 1);
	return viz_ask_confirm(r->cli, yes, VIZ_MSG_KEY_SURE, r->number, current);
}

static json_t *rotate_args(const struct rotation *r)
{
	struct viz_signer following;
	struct viz_id hash;
	char seed[65], hex[65];
	json_t *args;

	viz_sign_seed_keypair(&following, &r->following);
	viz_id_next_hash(&hash, &following.pub);
	viz_sign_wipe(&following);
	viz_hex(seed, r->next.b, sizeof r->next.b);
	viz_hex(hex, hash.b, sizeof hash.b);
	args = json_pack("{s:s,s:s}", "next_seed", seed, "following_hash", hex);
	viz_secret_wipe(seed, sizeof seed);
	return args;
}

static int keep_revocation(const struct rotation *r, const json_t *result)
{
	const char *hex = viz_reply_text(result, "revocation");
	uint8_t record[VIZ_OFFLINE_RECORD_MAX];
	char text[VIZ_OFFLINE_TEXT_MAX];
	size_t len = strlen(hex) / 2;
	int status = VIZ_EXIT_FAILED;

	if (len > 0 && len <= sizeof record && viz_hex_parse(record, len, hex) == VIZ_OK &&
	    viz_offline_revocation_text(text, r->cli->lang, r->number, record, len) == VIZ_OK)
		status = write_file(r, r->revocation_path, text, true);
	if (status != VIZ_EXIT_OK)
		viz_print_hint(r->cli, VIZ_MSG_KEY_TORN);
	return status;
}

/* When a change was refused, its following key is of no use. The file stays where we cannot be sure
 * that the old key is still in use. */
static void take_back(const struct rotation *r)
{
	const struct viz_cli quiet = {
	    .socket = r->cli->socket, .lang = r->cli->lang, .quiet = true};
	json_t *result;

	if (!r->made_following || viz_client_ask(&result, &quiet, "status", NULL) != VIZ_EXIT_OK)
		return;
	if (viz_reply_number(result, "key_number") < (int64_t)r->number)
		unlink(r->following_path);
	json_decref(result);
}

static int rotate(struct rotation *r, bool yes)
{
	char name[VIZ_OFFLINE_NAME_MAX];
	json_t *result;
	bool complete;
	int status = read_key(&r->number, &r->next, r->cli, r->next_path);

	if (status != VIZ_EXIT_OK)
		return status;
	viz_offline_key_name(name, r->number + 1);
	status = join(r->following_path, r, name);
	viz_offline_revocation_name(name, r->number);
	if (status == VIZ_EXIT_OK)
		status = join(r->revocation_path, r, name);
	if (status == VIZ_EXIT_OK)
		status = check_number(r, yes);
	if (status == VIZ_EXIT_OK)
		status = make_following(r);
	if (status == VIZ_EXIT_OK)
		status = viz_client_ask(&result, r->cli, "key.rotate", rotate_args(r));
	if (status != VIZ_EXIT_OK) {
		take_back(r);
		return status;
	}
	complete = r->in_use && access(r->revocation_path, F_OK) == 0;
	status = keep_revocation(r, result);
	if (status == VIZ_EXIT_OK && r->cli->json) {
		/* Whoever has it can end the key. It is in the file, and in no log of this output.
		 */
		json_object_del(result, "revocation");
		json_object_set_new(result, "next_key_file", viz_print_path(r->following_path));
		json_object_set_new(result, "revocation_file", viz_print_path(r->revocation_path));
		viz_print_json(result);
	} else if (status == VIZ_EXIT_OK && complete)
		viz_print(r->cli, VIZ_MSG_KEY_SAME, r->number);
	else if (status == VIZ_EXIT_OK)
		viz_print(r->cli, VIZ_MSG_KEY_DONE,
			  (long long)viz_reply_number(result, "key_number"), r->following_path,
			  r->revocation_path, r->next_path);
	json_decref(result);
	return status;
}

int viz_cmd_key_rotate(const struct viz_cli *cli, int argc, char **argv)
{
	struct rotation r = {.cli = cli};
	bool yes = false, made_dir;
	char state[PATH_MAX];
	const struct viz_arg options[] = {{"next", &r.next_path, NULL},
					  {"offline", &r.offline, NULL},
					  {"yes", NULL, &yes},
					  {NULL, NULL, NULL}};
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	if (!viz_args_have(&status, cli, options, 2))
		return status;
	made_dir = mkdir(r.offline, 0700) == 0;
	if (!made_dir && errno != EEXIST)
		return cannot(cli, r.offline);
	status = viz_offline_in_state(state, r.offline)
		     ? viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_OFFLINE_INSIDE,
				       VIZ_MSG_OFFLINE_INSIDE, r.offline, state)
		     : rotate(&r, yes);
	if (status != VIZ_EXIT_OK && made_dir)
		rmdir(r.offline); /* fails when something is in it */
	viz_secret_wipe(&r.next, sizeof r.next);
	viz_secret_wipe(&r.following, sizeof r.following);
	return status;
}

int viz_cmd_key_resume(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct viz_arg options[] = {{"yes", NULL, &yes}, {NULL, NULL, NULL}};
	struct viz_args words;
	json_t *result;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 0, 0))
		return status;
	status = viz_ask_confirm(cli, yes, VIZ_MSG_RESUME_SURE);
	if (status != VIZ_EXIT_OK)
		return status;
	status = viz_client_query(&result, cli, "key.resume", NULL);
	if (result == NULL)
		return status;
	viz_print(cli, VIZ_MSG_RESUME_DONE);
	json_decref(result);
	return VIZ_EXIT_OK;
}

int viz_cmd_key_revoke(const struct viz_cli *cli, int argc, char **argv)
{
	bool yes = false;
	const struct viz_arg options[] = {{"yes", NULL, &yes}, {NULL, NULL, NULL}};
	uint8_t record[VIZ_OFFLINE_RECORD_MAX];
	char hex[2 * VIZ_OFFLINE_RECORD_MAX + 1];
	struct viz_args words;
	struct viz_input in;
	uint32_t number = 0;
	json_t *result;
	size_t len = 0;
	int status;

	if (!viz_args_read(&words, &status, cli, options, argc, argv, 1, 1))
		return status;
	status = viz_input_file(&in, cli, words.word[0]);
	if (status != VIZ_EXIT_OK)
		return status;
	if (viz_offline_revocation_parse(&number, record, &len, in.text) != VIZ_OK)
		status = viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_KEY_FILE_BAD,
					 words.word[0], ".vizrev");
	viz_input_free(&in);
	if (status == VIZ_EXIT_OK)
		status = viz_ask_confirm(cli, yes, VIZ_MSG_REVOKE_SURE, number);
	if (status != VIZ_EXIT_OK)
		return status;
	viz_hex(hex, record, len);
	status =
	    viz_client_query(&result, cli, "key.revoke", json_pack("{s:s}", "revocation", hex));
	if (result == NULL)
		return status;
	viz_print(cli, VIZ_MSG_REVOKE_DONE, (long long)viz_reply_number(result, "key_number"),
		  viz_reply_name(result, "node"));
	json_decref(result);
	return VIZ_EXIT_OK;
}
