#include "tools/vizinho/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096

static bool path_of(char out[PATH_SIZE], const char *dir, const char *name)
{
	if (snprintf(out, PATH_SIZE, "%s/%s", dir, name) < PATH_SIZE)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

static bool make(const char *dir, const char *name)
{
	char path[PATH_SIZE];

	return path_of(path, dir, name) && (mkdir(path, 0770) == 0 || errno == EEXIST);
}

bool viz_spool_open(const char *dir)
{
	return make(dir, "") && make(dir, "queue") && make(dir, "dead");
}

bool viz_spool_lock(const char *dir)
{
	char path[PATH_SIZE];
	int fd;

	if (!path_of(path, dir, "lock"))
		return false;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0; /* open until the process ends */
}

json_t *viz_spool_get(const char *dir, const char *name)
{
	char path[PATH_SIZE];
	json_t *value = NULL;
	int fd = path_of(path, dir, name) ? open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (fd >= 0) {
		value = json_loadfd(fd, 0, NULL);
		close(fd);
	}
	return value;
}

/* The directory of a file, so that its name is on disk, too. */
static void sync_directory(const char *path)
{
	char dir[PATH_SIZE];
	int fd;

	snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(path, '/') - path), path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

bool viz_spool_put(const char *dir, const char *name, const json_t *value)
{
	char path[PATH_SIZE], new[PATH_SIZE], beside[96 + 8];
	const char *slash = strrchr(name, '/');
	bool written;
	int fd;

	/* The sender and the command never write the same name. */
	snprintf(beside, sizeof beside, "new-%.96s", slash != NULL ? slash + 1 : name);
	if (!path_of(path, dir, name) || !path_of(new, dir, beside))
		return false;
	/* root may run the command, and others may write in the directory: no link is followed */
	unlink(new);
	fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660);
	if (fd < 0)
		return false;
	written = json_dumpfd(value, fd, JSON_COMPACT) == 0 && fsync(fd) == 0;
	close(fd);
	if (!written || rename(new, path) != 0)
		return false;
	sync_directory(path);
	return true;
}

bool viz_spool_has(const char *dir, const char *name)
{
	char path[PATH_SIZE];

	return path_of(path, dir, name) && access(path, F_OK) == 0;
}

void viz_spool_remove(const char *dir, const char *name)
{
	char path[PATH_SIZE];

	if (path_of(path, dir, name) && unlink(path) == 0)
		sync_directory(path);
}

bool viz_spool_move(const char *dir, const char *from, const char *to)
{
	char old[PATH_SIZE], path[PATH_SIZE];

	if (!path_of(old, dir, from) || !path_of(path, dir, to) || rename(old, path) != 0)
		return false;
	sync_directory(path);
	sync_directory(old);
	return true;
}

void viz_spool_name(char out[96], const char *part, const json_t *entry)
{
	const json_t *event = json_object_get(entry, "event");
	const char *id = json_string_value(json_object_get(event, "id"));

	snprintf(out, 96, "%s/%s", part, id != NULL ? id : "");
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	long long x = atoll((*a)->d_name), y = atoll((*b)->d_name);

	return x != y ? (x > y) - (x < y) : strcmp((*a)->d_name, (*b)->d_name);
}

static int is_entry(const struct dirent *d)
{
	return d->d_name[0] >= '0' && d->d_name[0] <= '9' && strlen(d->d_name) < 80;
}

json_t *viz_spool_list(const char *dir, const char *part)
{
	json_t *out = json_array();
	struct dirent **names = NULL;
	char path[PATH_SIZE];
	int n = path_of(path, dir, part) ? scandir(path, &names, is_entry, by_number) : 0;

	for (int i = 0; i < n; i++) {
		char name[96 + 8];
		json_t *entry;

		snprintf(name, sizeof name, "%s/%.80s", part, names[i]->d_name);
		entry = viz_spool_get(dir, name);
		if (json_is_object(json_object_get(entry, "event")))
			json_array_append(out, entry);
		json_decref(entry);
		free(names[i]);
	}
	free(names);
	return out;
}
