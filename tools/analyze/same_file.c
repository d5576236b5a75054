#include "tools/analyze/same_file.h"
#include <sys/stat.h>

bool viz_same_file_any(const char *out, const char *const *files, size_t n)
{
	struct stat to, from;

	if (!out || stat(out, &to) != 0 || !S_ISREG(to.st_mode))
		return false;
	for (size_t i = 0; i < n; i++)
		if (files[i] && stat(files[i], &from) == 0 && from.st_dev == to.st_dev &&
		    from.st_ino == to.st_ino)
			return true;
	return false;
}
