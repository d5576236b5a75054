/* `vizinho audit verify`: the check of a folder that proves a contradiction. It asks no daemon. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/host/speech.h"
#include "tools/vizinho/args.h"
#include "tools/vizinho/evidence.h"
#include "tools/vizinho/evidence_disk.h"
#include "tools/vizinho/format.h"
#include "tools/vizinho/print.h"

/* Prints which file of the folder does not fit, or is missing. */
static int refuse(const struct viz_cli *cli, const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	if (snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path &&
	    lstat(path, &st) != 0 && errno == ENOENT)
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_DOES_NOT_FIT,
				       VIZ_MSG_VERIFY_MISSING, name, dir);
	return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_DOES_NOT_FIT, VIZ_MSG_VERIFY_BAD,
			       name);
}

static int verify(const struct viz_cli *cli, const char *dir, struct viz_evidence *e,
		  const struct viz_evidence_folder *folder, struct viz_evidence_folder *again)
{
	char name[VIZ_EVIDENCE_NAME], accused[VIZ_TEXT_ID_MAX];
	bool other_words;
	const char *bad;
	size_t record;
	int err;

	if (!viz_evidence_script_fits(folder, name))
		return refuse(cli, dir, name);
	if (viz_evidence_read(e, &bad, folder) != VIZ_OK)
		return refuse(cli, dir, bad);
	err = viz_evidence_check(e, &record);
	if (err == VIZ_ERR_AUTH) {
		bool proves = record < viz_evidence_proof_count(e);

		snprintf(
		    name, sizeof name, "%s/%02u.sig", proves ? "r" : "reply",
		    (unsigned)(proves ? record + 1 : record - viz_evidence_proof_count(e) + 1));
		return refuse(cli, dir, name);
	}
	if (err != VIZ_OK)
		return refuse(cli, dir, "index.json");
	viz_evidence_build(again, e);
	bad = viz_evidence_compare(folder, again, &other_words);
	if (bad)
		return refuse(cli, dir, bad);
	viz_id_text(accused, "viz", e->accused.b);
	if (cli->json)
		viz_print_json_new(json_pack(
		    "{s:b,s:i,s:s,s:{s:s},s:I,s:b}", "verified", 1, "rule_number", (int)e->rule,
		    "rule", viz_rules_name(e->rule), "accused", "id", accused, "record_count",
		    (json_int_t)viz_evidence_proof_count(e), "other_words", other_words));
	viz_print(cli, VIZ_MSG_VERIFY_GOOD, (int)e->rule,
		  viz_format_word(cli, viz_rules_name(e->rule)), accused,
		  viz_evidence_proof_count(e));
	if (other_words)
		viz_print(cli, VIZ_MSG_VERIFY_WORDS);
	return VIZ_EXIT_OK;
}

/* A path that was mistyped is no evidence that proves nothing. */
static bool is_directory(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int viz_cmd_audit_verify(const struct viz_cli *cli, int argc, char **argv)
{
	struct viz_evidence_folder folder = {0}, again = {0};
	char bad[VIZ_EVIDENCE_DISK_NAME];
	struct viz_evidence *e;
	struct viz_args words;
	int status;

	if (!viz_args_read(&words, &status, cli, NULL, argc, argv, 1, 1))
		return status;
	if (!is_directory(words.word[0]))
		return viz_print_error(cli, VIZ_EXIT_FAILED, VIZ_CODE_INPUT, VIZ_MSG_CANNOT,
				       words.word[0], viz_host_speech_errno(errno));
	e = calloc(1, sizeof *e);
	VIZ_REQUIRE(e);
	if (viz_evidence_disk_read(&folder, bad, words.word[0]))
		status = verify(cli, words.word[0], e, &folder, &again);
	else
		status = refuse(cli, words.word[0], bad);
	viz_evidence_folder_free(&again);
	viz_evidence_folder_free(&folder);
	viz_evidence_free(e);
	free(e);
	return status;
}
