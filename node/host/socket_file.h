/* The file of a UNIX socket. Both return a sentence in `error` (256 bytes) with what they return.
 */
#ifndef VIZ_NODE_HOST_SOCKET_FILE_H
#define VIZ_NODE_HOST_SOCKET_FILE_H

/* Removes a socket that nobody answers on. VIZ_ERR_EXISTS (somebody answers), VIZ_ERR_INPUT. `path`
 * is not longer than a socket's address. */
int viz_host_socket_file_clear(const char *path, char *error);
/* Gives it to `group` ("": leaves the group), and reading and writing to owner and group.
 * VIZ_ERR_INPUT. */
int viz_host_socket_file_share(const char *path, const char *group, char *error);

#endif
