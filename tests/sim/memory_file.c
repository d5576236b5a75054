#include "tests/sim/memory_file.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
#include "node/core/core.h"
#include "proto/base.h"
#include "store/vault_inside.h"

#define FIRST (1 << 24) /* descriptors of the system are below */

struct sim_file {
	int fd;
	uint8_t *bytes;
	size_t len;
};

static struct {
	struct sim_file **list; /* by descriptor */
	int count;
	struct sim_file *next; /* of the vault that is opened next */
} files;

struct sim_file *sim_file_new(void)
{
	struct sim_file *f = calloc(1, sizeof *f);

	VIZ_REQUIRE(f);
	f->fd = FIRST + files.count;
	files.list = viz_core_grow(files.list, (size_t)files.count + 1, sizeof(struct sim_file *));
	files.list[files.count++] = f;
	return f;
}

void sim_file_free(struct sim_file *f)
{
	files.list[f->fd - FIRST] = NULL;
	while (files.count > 0 && !files.list[files.count - 1])
		files.count--;
	if (files.count == 0) {
		free(files.list);
		files.list = NULL;
	}
	free(f->bytes);
	free(f);
}

struct sim_file *sim_file_copy(const struct sim_file *f)
{
	struct sim_file *copy = sim_file_new();

	copy->bytes = viz_core_alloc(f->len + 1);
	if (f->len > 0)
		memcpy(copy->bytes, f->bytes, f->len);
	copy->len = f->len;
	return copy;
}

void sim_file_use(struct sim_file *f)
{
	files.next = f;
}

/* NULL: it is one of the system. */
static struct sim_file *find(int fd)
{
	return fd >= FIRST && fd - FIRST < files.count ? files.list[fd - FIRST] : NULL;
}

int __real_open64(const char *path, int flags, mode_t mode);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
	struct sim_file *f = files.next;
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	if (!f || !strstr(path, "/vault"))
		return __real_open64(path, flags, mode);
	files.next = NULL;
	return f->fd;
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
	return find(fd) ? 0 : __real_close(fd);
}

int __real_fstat64(int fd, struct stat *st);
int __wrap_fstat64(int fd, struct stat *st);
int __wrap_fstat64(int fd, struct stat *st)
{
	if (!find(fd))
		return __real_fstat64(fd, st);
	*st = (struct stat){.st_size = (off_t)find(fd)->len};
	return 0;
}

int __real_viz_vault_block_write(int fd, const uint8_t *block, uint32_t number);
int __wrap_viz_vault_block_write(int fd, const uint8_t *block, uint32_t number);
int __wrap_viz_vault_block_write(int fd, const uint8_t *block, uint32_t number)
{
	size_t end = ((size_t)number + 1) * VIZ_VAULT_BLOCK;
	struct sim_file *f = find(fd);

	if (!f)
		return __real_viz_vault_block_write(fd, block, number);
	if (end > f->len) {
		f->bytes = viz_core_grow(f->bytes, end, 1);
		memset(f->bytes + f->len, 0, end - f->len);
		f->len = end;
	}
	memcpy(f->bytes + end - VIZ_VAULT_BLOCK, block, VIZ_VAULT_BLOCK);
	return 0;
}

int __real_viz_vault_block_read(int fd, uint8_t *block, uint32_t number);
int __wrap_viz_vault_block_read(int fd, uint8_t *block, uint32_t number);
int __wrap_viz_vault_block_read(int fd, uint8_t *block, uint32_t number)
{
	size_t end = ((size_t)number + 1) * VIZ_VAULT_BLOCK;
	const struct sim_file *f = find(fd);

	if (!f)
		return __real_viz_vault_block_read(fd, block, number);
	if (end > f->len)
		return VIZ_ERR_STORE;
	memcpy(block, f->bytes + end - VIZ_VAULT_BLOCK, VIZ_VAULT_BLOCK);
	return 0;
}
