#include "tools/erp/state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096
#define STEP_MS   100 /* between two tries for the lock */

static bool path_of(char out[PATH_SIZE], const char *dir, const char *name)
{
	if (snprintf(out, PATH_SIZE, "%s/%s", dir, name) < PATH_SIZE)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* What root makes here belongs to the service, which must be able to write it, too. */
static bool give_to_owner(int fd, const char *dir)
{
	struct stat st;

	return geteuid() != 0 || (stat(dir, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) == 0);
}

static int take_lock(struct viz_erp_state *s, int patience_s)
{
	char path[PATH_SIZE];
	int err = 0;

	if (!path_of(path, s->dir, "lock"))
		return VIZ_ERR_STORE;
	s->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->lock < 0 || !give_to_owner(s->lock, s->dir))
		return VIZ_ERR_STORE;
	for (int waited = 0; flock(s->lock, LOCK_EX | LOCK_NB) != 0; waited += STEP_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return VIZ_ERR_STORE;
		err = waited >= patience_s * 1000 ? VIZ_ERR_STATE : 0;
		if (err != 0)
			return err;
		usleep(STEP_MS * 1000);
	}
	return VIZ_OK;
}

static int load(struct viz_erp_state *s)
{
	char path[PATH_SIZE];
	int fd;

	if (!path_of(path, s->dir, "state.json"))
		return VIZ_ERR_STORE;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return VIZ_ERR_STORE;
	s->root = fd < 0 ? json_object() : json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL);
	if (fd >= 0)
		close(fd);
	return json_is_object(s->root) ? VIZ_OK : VIZ_ERR_FORM;
}

int viz_erp_state_read(struct viz_erp_state *s, const char *dir)
{
	int err;

	*s = (struct viz_erp_state){.dir = dir, .lock = -1};
	err = load(s);
	if (err != VIZ_OK)
		viz_erp_state_close(s);
	return err;
}

int viz_erp_state_open(struct viz_erp_state *s, const char *dir, int patience_s)
{
	int err, saved;

	*s = (struct viz_erp_state){.dir = dir, .lock = -1};
	err = take_lock(s, patience_s);
	if (err == VIZ_OK)
		err = load(s);
	saved = errno;
	if (err != VIZ_OK)
		viz_erp_state_close(s);
	errno = saved;
	return err;
}

bool viz_erp_state_save(struct viz_erp_state *s)
{
	char path[PATH_SIZE], beside[PATH_SIZE];
	bool written;
	int fd;

	VIZ_REQUIRE(s->lock >= 0);
	if (!path_of(path, s->dir, "state.json") || !path_of(beside, s->dir, "state.new"))
		return false;
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0)
		return false;
	written = give_to_owner(fd, s->dir) && json_dumpfd(s->root, fd, JSON_COMPACT) == 0 &&
		  fsync(fd) == 0;
	close(fd);
	if (!written || rename(beside, path) != 0)
		return false;
	/* its name, too */
	fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	written = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return written;
}

void viz_erp_state_close(struct viz_erp_state *s)
{
	if (s->lock >= 0)
		close(s->lock);
	json_decref(s->root);
	s->lock = -1;
	s->root = NULL;
}

static json_t *part(struct viz_erp_state *s, const char *name)
{
	json_t *o = json_object_get(s->root, name);

	if (!json_is_object(o)) {
		o = json_object();
		json_object_set_new(s->root, name, o);
	}
	return o;
}

json_t *viz_erp_state_streams(struct viz_erp_state *s)
{
	return part(s, "streams");
}

json_t *viz_erp_state_drafts(struct viz_erp_state *s)
{
	return part(s, "drafts");
}

json_t *viz_erp_state_leads(struct viz_erp_state *s)
{
	return part(s, "leads");
}

void viz_erp_state_set_text(json_t *o, const char *key, const char *value)
{
	json_object_set_new(o, key, json_string(value));
}

void viz_erp_state_set_number(json_t *o, const char *key, int64_t value)
{
	json_object_set_new(o, key, json_integer((json_int_t)value));
}
