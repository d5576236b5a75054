/* Runs a fuzz target over the files of the given directories and over an empty input. So corpora
 * are ordinary tests where libFuzzer is missing. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX (1 << 20) /* bytes */

/* The block has exactly `len` bytes, so that ASan reports the first byte that is read past its
 * end. */
static int run(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = calloc(1, len > 0 ? len : 1);

	if (copy == NULL)
		return -1;
	if (len > 0)
		memcpy(copy, bytes, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
	return 0;
}

static int run_file(const char *path)
{
	static uint8_t bytes[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	size_t len;
	int failed;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	len = fread(bytes, 1, sizeof bytes, f);
	failed = ferror(f) != 0 || (len == sizeof bytes && fgetc(f) != EOF);
	fclose(f);
	if (failed) {
		fprintf(stderr, "%s: unreadable, or more than %d bytes\n", path, INPUT_MAX);
		return -1;
	}
	return run(bytes, len);
}

/* Returns the number of files, or -1. */
static int run_directory(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0;

	if (dir == NULL) {
		perror(path);
		return -1;
	}
	while (count >= 0 && (entry = readdir(dir)) != NULL) {
		char file[4096];
		struct stat st;

		if (snprintf(file, sizeof file, "%s/%s", path, entry->d_name) >= (int)sizeof file)
			count = -1;
		else if (stat(file, &st) == 0 && S_ISREG(st.st_mode))
			count = run_file(file) == 0 ? count + 1 : -1;
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	int total = 1;

	if (run(NULL, 0) != 0)
		return EXIT_FAILURE;
	for (int i = 1; i < argc; i++) {
		int count = run_directory(argv[i]);

		if (count < 0)
			return EXIT_FAILURE;
		total += count;
	}
	printf("%d inputs\n", total);
	return EXIT_SUCCESS;
}
