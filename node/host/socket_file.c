#include "node/host/socket_file.h"
#include "node/host/speech.h"

#include <errno.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/base.h"

int viz_host_socket_file_clear(const char *path, char *error)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct stat st;
	int fd, err;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return VIZ_OK;
	if (!S_ISSOCK(st.st_mode)) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_NO_SOCKET, path);
		return VIZ_ERR_INPUT;
	}
	memcpy(un.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_SOCKET_FAILS,
				      viz_host_speech_errno(errno));
		return VIZ_ERR_INPUT;
	}
	err = connect(fd, (const struct sockaddr *)&un, sizeof un) == 0 ? 0 : errno;
	close(fd);
	if (err != ECONNREFUSED) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_SOCKET_TAKEN, path);
		return VIZ_ERR_EXISTS;
	}
	if (unlink(path) != 0) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_SOCKET_STALE, path,
				      viz_host_speech_errno(errno));
		return VIZ_ERR_INPUT;
	}
	return VIZ_OK;
}

int viz_host_socket_file_share(const char *path, const char *group, char *error)
{
	const struct group *gr = group[0] != '\0' ? getgrnam(group) : NULL;
	struct stat st;

	if (group[0] != '\0' && gr == NULL) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_NO_GROUP, group);
		return VIZ_ERR_INPUT;
	}
	/* Only where it is needed: the unit's system call filter refuses chown. */
	if (gr != NULL && (stat(path, &st) != 0 || st.st_gid != gr->gr_gid) &&
	    chown(path, (uid_t)-1, gr->gr_gid) != 0) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_GROUP_FAILS, path, group,
				      viz_host_speech_errno(errno));
		return VIZ_ERR_INPUT;
	}
	if (chmod(path, 0660) != 0) {
		viz_host_speech_print(error, 256, VIZ_HOST_TEXTS_MODE_FAILS, path,
				      viz_host_speech_errno(errno));
		return VIZ_ERR_INPUT;
	}
	return VIZ_OK;
}
