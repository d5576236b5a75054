#include "tools/vizinho/evidence_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proto/base.h"
#include "tools/vizinho/offline.h"

#define FILE_MAX   (8 * 1024 * 1024)  /* bytes of one file */
#define FOLDER_MAX (64 * 1024 * 1024) /* of all: files with holes must not fill the memory */

static const char *const folders[] = {"r", "h", "k", "reply"};

/* Whether the folder has a file in the inner one: "reply" is there only when somebody protested. */
static bool has_inner(const struct viz_evidence_folder *f, const char *inner)
{
	size_t n = strlen(inner);

	for (size_t i = 0; i < f->count; i++)
		if (strncmp(f->file[i].name, inner, n) == 0 && f->file[i].name[n] == '/')
			return true;
	return false;
}

static bool write_file(int dir, const struct viz_evidence_file *f)
{
	int fd = openat(dir, f->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			strcmp(f->name, "verify.sh") == 0 ? 0755 : 0644);
	size_t at = 0;
	bool ok = fd >= 0;

	while (ok && at < f->len) {
		ssize_t n = write(fd, f->bytes + at, f->len - at);

		ok = n > 0;
		at += ok ? (size_t)n : 0;
	}
	ok = ok && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		ok = false;
	return ok;
}

/* Removes what was written, and the directory. */
static void undo(const struct viz_evidence_folder *f, int dir, const char *path)
{
	int err = errno;

	for (size_t i = 0; dir >= 0 && i < f->count; i++)
		unlinkat(dir, f->file[i].name, 0);
	for (size_t i = 0; dir >= 0 && i < sizeof folders / sizeof *folders; i++)
		unlinkat(dir, folders[i], AT_REMOVEDIR);
	rmdir(path);
	errno = err;
}

const char *viz_evidence_disk_write(const struct viz_evidence_folder *f, const char *dir)
{
	char part[PATH_MAX];
	const char *failed = NULL;
	int fd;

	if (snprintf(part, sizeof part, "%s.part-%ld", dir, (long)getpid()) >= (int)sizeof part) {
		errno = ENAMETOOLONG;
		return dir;
	}
	if (faccessat(AT_FDCWD, dir, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return dir;
	}
	if (mkdir(part, 0755) != 0)
		return dir;
	fd = open(part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		failed = dir;
	for (size_t i = 0; !failed && i < sizeof folders / sizeof *folders; i++)
		if (has_inner(f, folders[i]) && mkdirat(fd, folders[i], 0755) != 0)
			failed = folders[i];
	for (size_t i = 0; !failed && i < f->count; i++)
		if (!write_file(fd, &f->file[i]))
			failed = f->file[i].name;
	if (!failed && (!viz_offline_sync(part) || rename(part, dir) != 0))
		failed = dir;
	if (failed)
		undo(f, fd, part);
	if (fd >= 0)
		close(fd);
	return failed;
}

static size_t bytes_of(const struct viz_evidence_folder *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		n += f->file[i].len;
	return n;
}

static bool read_file(struct viz_evidence_folder *out, int dir, const char *open_as,
		      const char *name)
{
	struct viz_evidence_file *f;
	int fd = openat(dir, open_as, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX &&
		  bytes_of(out) + (size_t)st.st_size <= FOLDER_MAX &&
		  strlen(name) < VIZ_EVIDENCE_NAME && out->count < VIZ_EVIDENCE_FILES;

	if (ok) {
		size_t len = (size_t)st.st_size, at = 0;

		out->file = realloc(out->file, (out->count + 1) * sizeof *out->file);
		VIZ_REQUIRE(out->file);
		f = &out->file[out->count++];
		*f = (struct viz_evidence_file){.bytes = malloc(len + 1), .len = len};
		VIZ_REQUIRE(f->bytes);
		snprintf(f->name, sizeof f->name, "%s", name);
		while (ok && at < len) {
			ssize_t n = read(fd, f->bytes + at, len - at);

			ok = n > 0;
			at += ok ? (size_t)n : 0;
		}
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool is_folder(const char *name)
{
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (strcmp(folders[i], name) == 0)
			return true;
	return false;
}

/* Reads the files of one directory, `prefix` of the folder: "" or "r/". */
static bool read_folder(struct viz_evidence_folder *out, char bad[VIZ_EVIDENCE_DISK_NAME], int fd,
			const char *prefix)
{
	DIR *d = fdopendir(fd);
	struct dirent *entry;
	bool ok = d != NULL;

	snprintf(bad, VIZ_EVIDENCE_DISK_NAME, "%s", prefix);
	while (ok && (entry = readdir(d)) != NULL) {
		bool inner = prefix[0] == '\0' && is_folder(entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || inner)
			continue;
		snprintf(bad, VIZ_EVIDENCE_DISK_NAME, "%s%s", prefix, entry->d_name);
		ok = read_file(out, dirfd(d), entry->d_name, bad);
	}
	if (d)
		closedir(d);
	else
		close(fd);
	return ok;
}

bool viz_evidence_disk_read(struct viz_evidence_folder *out, char bad[VIZ_EVIDENCE_DISK_NAME],
			    const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0;

	snprintf(bad, VIZ_EVIDENCE_DISK_NAME, "%s", dir);
	for (size_t i = 0; ok && i < sizeof folders / sizeof *folders; i++) {
		char prefix[8];
		int inner = openat(fd, folders[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		snprintf(prefix, sizeof prefix, "%s/", folders[i]);
		snprintf(bad, VIZ_EVIDENCE_DISK_NAME, "%s", prefix);
		if (inner < 0 && errno == ENOENT && strcmp(folders[i], "reply") == 0)
			continue;
		ok = inner >= 0 && read_folder(out, bad, inner, prefix) &&
		     has_inner(out, folders[i]);
	}
	if (ok)
		return read_folder(out, bad, fd, "");
	if (fd >= 0)
		close(fd);
	return false;
}
