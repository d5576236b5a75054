/* No store at all but for the lock on the directory: the tests' core keeps nothing. */
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/vault.h"

struct viz_store {
	int fd;
};

int viz_store_open(struct viz_store **out, char *error, const struct viz_store_config *config)
{
	struct viz_store *s = calloc(1, sizeof *s);
	char path[4096];

	VIZ_REQUIRE(s != NULL);
	snprintf(path, sizeof path, "%s/lock", config->dir);
	s->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->fd < 0 || flock(s->fd, LOCK_EX | LOCK_NB) != 0) {
		snprintf(error, 256, "%s is in use by another process", config->dir);
		free(s);
		return VIZ_ERR_STATE;
	}
	*out = s;
	return VIZ_OK;
}

void viz_store_close(struct viz_store *s)
{
	close(s->fd);
	free(s);
}

int viz_vault_open(struct viz_vault **out, char *error, struct viz_store *store, const char *dir)
{
	(void)error;
	(void)store;
	(void)dir;
	*out = NULL;
	return VIZ_OK;
}

void viz_vault_close(struct viz_vault *v)
{
	(void)v;
}

int viz_vault_recover(struct viz_vault *v, size_t *wiped)
{
	(void)v;
	*wiped = 0;
	return VIZ_OK;
}
