/* Preloaded into a program: calls fail as $VIZ_BREAK, a file of this layout, says. The file is
 * mapped, so that the test changes it while the program runs and reads what was counted.
 * Only what goes to regular files is counted as read, write and sync. */
/* pread and pread64 are two names here. */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

enum kind { READ, WRITE, SYNC, ALLOC, KINDS };

static struct plan {
	struct {
		_Atomic uint32_t calls; /* so far */
		uint32_t at;            /* the call that fails, from 1; 0: none */
		uint32_t count;         /* so many from it on; UINT32_MAX: all */
		uint32_t error;
		_Atomic uint32_t failed;
	} kind[KINDS];
} * plan;

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("VIZ_BREAK");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *p = fd < 0 ? MAP_FAILED
			 : mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	if (p != MAP_FAILED)
		plan = p;
}

static int fails(enum kind k)
{
	uint32_t n;

	if (!plan)
		return 0;
	n = atomic_fetch_add(&plan->kind[k].calls, 1) + 1;
	if (plan->kind[k].at == 0 || n < plan->kind[k].at ||
	    n - plan->kind[k].at >= plan->kind[k].count)
		return 0;
	atomic_fetch_add(&plan->kind[k].failed, 1);
	errno = (int)plan->kind[k].error;
	return 1;
}

static int is_file(int fd)
{
	struct stat st;

	return plan && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

#define FORWARD(result, name, kind, params, args)                                                  \
	result name params;                                                                        \
	result name params                                                                         \
	{                                                                                          \
		static result(*next) params;                                                       \
                                                                                                   \
		if (!next)                                                                         \
			next = (result(*) params)dlsym(RTLD_NEXT, #name);                          \
		return is_file(fd) && fails(kind) ? -1 : next args;                                \
	}

FORWARD(ssize_t, pread, READ, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
FORWARD(ssize_t, pread64, READ, (int fd, void *p, size_t n, off64_t at), (fd, p, n, at))
FORWARD(ssize_t, pwrite, WRITE, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
FORWARD(ssize_t, pwrite64, WRITE, (int fd, const void *p, size_t n, off64_t at), (fd, p, n, at))
FORWARD(ssize_t, pwritev, WRITE, (int fd, const struct iovec *v, int n, off_t at), (fd, v, n, at))
FORWARD(ssize_t, pwritev64, WRITE, (int fd, const struct iovec *v, int n, off64_t at),
	(fd, v, n, at))
FORWARD(int, fdatasync, SYNC, (int fd), (fd))
FORWARD(int, fsync, SYNC, (int fd), (fd))

/* dlsym would allocate: these go to the library's own names. */

void *malloc(size_t n)
{
	return fails(ALLOC) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return fails(ALLOC) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return fails(ALLOC) ? NULL : __libc_realloc(p, n);
}
