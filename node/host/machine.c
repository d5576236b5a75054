#include "node/host/machine.h"

#include "node/host/limits.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "store/salvage.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FILES_BESIDE 128 /* the store, the control socket's clients, the loop's own */

/* File systems that write elsewhere what is overwritten: an erased key may stay there. */
static const struct {
	uint32_t type;
	const char *name;
} elsewhere[] = {{0x9123683e, "btrfs"},
		 {0x2fc12fc1, "zfs"},
		 {0xca451a4e, "bcachefs"},
		 {0xf2f52010, "f2fs"},
		 {0x3434, "nilfs2"}};

bool viz_host_machine_swaps(const char *swaps)
{
	const char *line = strchr(swaps, '\n');

	for (; line && line[1] != '\0'; line = strchr(line + 1, '\n'))
		if (strncmp(line + 1, "/dev/zram", 9) != 0)
			return true;
	return false;
}

/* Reads the begin of a file as text. False: it cannot be read. */
static bool read_text(char *out, size_t size, const char *path)
{
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f)
		return false;
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	fclose(f);
	return true;
}

/* Whether our control group may use none of it, as the unit says. */
static bool group_has_none(void)
{
	char text[4096], path[4200], *end;
	const char *group;

	if (!read_text(text, sizeof text, "/proc/self/cgroup"))
		return false;
	group = strstr(text, "0::/");
	if (!group)
		return false;
	end = strchr(group, '\n');
	if (end)
		*end = '\0';
	snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.swap.max", group + 3);
	return read_text(text, sizeof text, path) && strcmp(text, "0\n") == 0;
}

/* Whether a damaged store lies beside the one that was made of it. */
static bool has_damaged(const char *state)
{
	char path[4200];

	return snprintf(path, sizeof path, "%s/%s", state, VIZ_SALVAGE_DAMAGED) <
		   (int)sizeof path &&
	       access(path, F_OK) == 0;
}

void viz_host_machine_read(struct viz_machine *out, const char *state)
{
	struct rlimit files;
	struct statfs fs;
	char swaps[4096];

	*out = (struct viz_machine){.open_files_wanted = VIZ_LINKS_MAX + 1024 +
							 FILES_BESIDE}; /* half-open ones too */
	if (statfs(state, &fs) == 0)
		for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
			if ((uint32_t)fs.f_type == elsewhere[i].type)
				snprintf(out->file_system, sizeof out->file_system, "%s",
					 elsewhere[i].name);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0)
		out->open_files = files.rlim_cur;
	out->damaged = has_damaged(state);
	/* the unit hides /proc/swaps: what cannot be seen is not well */
	out->swap = !group_has_none() && (!read_text(swaps, sizeof swaps, "/proc/swaps") ||
					  viz_host_machine_swaps(swaps));
}
