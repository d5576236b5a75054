/* Whether an output would overwrite a file that is read. */
#ifndef VIZ_ANALYZE_SAME_FILE_H
#define VIZ_ANALYZE_SAME_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* `out` is a regular file, and one of `files` is the same one, under this name or another. Names
 * may be NULL: such a name is no file. */
bool viz_same_file_any(const char *out, const char *const *files, size_t n);

#endif
