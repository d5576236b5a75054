/* A temporary directory for a test, and a search in the bytes of its files. */
#ifndef VIZ_TESTS_SCRATCH_H
#define VIZ_TESTS_SCRATCH_H

#include "proto/base.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCRATCH_PATH 512

static inline void scratch_make(char *dir)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, SCRATCH_PATH, "%s/viz-test-XXXXXX", tmp ? tmp : "/tmp");
	VIZ_REQUIRE(mkdtemp(dir));
}

static inline void scratch_remove(const char *dir)
{
	struct dirent *e = NULL;
	DIR *d = opendir(dir);

	while (d && (e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
	rmdir(dir);
}

/* How many times the bytes occur in the files of the directory. */
static inline size_t scratch_find(const char *dir, const void *bytes, size_t len)
{
	struct dirent *e = NULL;
	DIR *d = opendir(dir);
	size_t found = 0;

	VIZ_REQUIRE(d);
	while ((e = readdir(d))) {
		int fd = openat(dirfd(d), e->d_name, O_RDONLY | O_CLOEXEC);
		uint8_t *all = NULL;
		const uint8_t *at = NULL;
		size_t got = 0;
		struct stat st;

		VIZ_REQUIRE(fd >= 0 && fstat(fd, &st) == 0);
		if (S_ISREG(st.st_mode) && st.st_size > 0) {
			all = malloc((size_t)st.st_size);
			VIZ_REQUIRE(all);
			while (got < (size_t)st.st_size) {
				ssize_t n = read(fd, all + got, (size_t)st.st_size - got);

				VIZ_REQUIRE(n > 0);
				got += (size_t)n;
			}
			at = all;
			while ((at = memmem(at, (size_t)(all + got - at), bytes, len))) {
				found++;
				at++;
			}
			free(all);
		}
		close(fd);
	}
	closedir(d);
	return found;
}

#endif
