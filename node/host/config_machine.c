#include "node/host/config_machine.h"

#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_users(char *why, size_t max, const char *value)
{
	char part[VIZ_CONFIG_USER_MAX], absent[VIZ_CONFIG_ERROR_MAX / 2] = "";
	bool bad;

	for (const char *at = value; viz_host_config_value_part(part, sizeof part, &bad, &at);) {
		size_t len = strlen(absent);

		if (bad || getpwnam(part) != NULL)
			continue;
		snprintf(absent + len, sizeof absent - len, "%s%s", len > 0 ? ", " : "", part);
	}
	if (absent[0] != '\0')
		viz_host_speech_print(why, max, VIZ_HOST_TEXTS_NO_USER, absent);
	return absent[0] == '\0';
}

/* Whether the path is there, of this kind (S_IFREG, S_IFDIR), and may be used so (R_OK ...). */
static bool has_path(char *why, size_t max, const char *path, mode_t kind, int mode)
{
	struct stat st;
	int error = 0;

	if (stat(path, &st) != 0)
		error = errno;
	else if ((st.st_mode & S_IFMT) != kind)
		error = kind == S_IFDIR ? ENOTDIR : S_ISDIR(st.st_mode) ? EISDIR : EACCES;
	else if (access(path, mode) != 0)
		error = errno;
	if (error != 0)
		viz_host_speech_print(why, max, VIZ_HOST_TEXTS_BAD_PATH, path,
				      viz_host_speech_errno(error));
	return error == 0;
}

static bool has_directory_of(char *why, size_t max, const char *path)
{
	char dir[4096];
	const char *slash = strrchr(path, '/');
	size_t len = slash > path ? (size_t)(slash - path) : 1;

	snprintf(dir, sizeof dir, "%.*s", (int)len, path);
	return has_path(why, max, dir, S_IFDIR, W_OK | X_OK);
}

/* The installed file names the faces before their packages, which make these users. */
static bool is_of_a_package(const struct viz_config_key *key, const char *value)
{
	return (strcmp(key->name, "web") == 0 && strcmp(value, "vizinho-web") == 0) ||
	       (strcmp(key->name, "erp") == 0 && strcmp(value, "vizinho-erp") == 0);
}

bool viz_host_config_machine_has(char *why, size_t max, const struct viz_config_key *key,
				 const char *value)
{
	if (strcmp(key->section, "access") == 0)
		return is_of_a_package(key, value) || has_users(why, max, value);
	if (strcmp(key->name, "hook") == 0)
		return has_path(why, max, value, S_IFREG, X_OK);
	if (strcmp(key->name, "socket") == 0)
		return has_directory_of(why, max, value);
	return true;
}

bool viz_host_config_machine_state(char *why, size_t max, const char *state)
{
	static const char *const files[] = {"store.mdb", "vault"};
	char path[4096];
	bool right = has_path(why, max, state, S_IFDIR, R_OK | W_OK | X_OK);

	if (right && snprintf(path, sizeof path, "%s/%s", state, files[0]) < (int)sizeof path &&
	    access(path, F_OK) != 0) {
		viz_host_speech_print(why, max, VIZ_HOST_TEXTS_NO_NODE, state, state);
		return false;
	}
	for (size_t i = 0; right && i < sizeof files / sizeof files[0]; i++)
		right = snprintf(path, sizeof path, "%s/%s", state, files[i]) < (int)sizeof path &&
			has_path(why, max, path, S_IFREG, R_OK | W_OK);
	return right;
}
