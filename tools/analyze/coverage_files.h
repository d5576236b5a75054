/* Coverage from files, by way of tools/import. */
#ifndef VIZ_ANALYZE_COVERAGE_FILES_H
#define VIZ_ANALYZE_COVERAGE_FILES_H

#include "tools/analyze/coverage.h"
#include "tools/import/import.h"

#define VIZ_COVERAGE_FILES_MAX 64u

/* Keeps our own plant, which viz_coverage borrows. */
struct viz_coverage_files {
	struct viz_import own;
	size_t own_files;
	FILE *warnings; /* parts of files that are left out are listed here */
};

/* Adds the coverage of `path` to the partner `name`, or to self when it is NULL. VIZ_ERR_INPUT with
 * a sentence in `why`. When there are several files of our own, only their cells count, not the
 * exact plant. */
int viz_coverage_files_add(struct viz_coverage_files *files, struct viz_coverage *coverage,
			   const struct viz_gazetteer *gazetteer, const char *name,
			   const char *path, enum viz_lang lang, char *why, size_t why_max);
/* After viz_coverage_free. */
void viz_coverage_files_free(struct viz_coverage_files *files);

#endif
