/* Zip archives (PKWARE APPNOTE 6.3.3) in memory: stored or deflated entries, neither encrypted nor
 * zip64. Sizes are taken from the central directory. What an entry unpacks to is limited by its
 * reader, whatever the directory says. */
#ifndef VIZ_TOOLS_TEXT_ZIP_H
#define VIZ_TOOLS_TEXT_ZIP_H

#include "proto/base.h"

struct viz_zip {
	const uint8_t *bytes; /* borrowed */
	size_t len;
	size_t at; /* of the next entry of the directory */
	size_t left;
};

struct viz_zip_entry {
	uint16_t flags, method;
	uint32_t crc, packed, size, offset;
	const uint8_t *name; /* not terminated */
	size_t name_n;
};

/* VIZ_ERR_INPUT when there is no directory of an archive. */
int viz_zip_open(struct viz_zip *zip, const uint8_t *bytes, size_t len);
/* The next entry of the directory. False at its end, and where it is damaged. */
bool viz_zip_next(struct viz_zip *zip, struct viz_zip_entry *entry);
/* The entry of that name. VIZ_ERR_ABSENT. */
int viz_zip_find(struct viz_zip_entry *entry, const uint8_t *bytes, size_t len, const char *name);

bool viz_zip_is_encrypted(const struct viz_zip_entry *entry);

/* Unpacks an entry piece by piece into `sink`, which returns 0, or what ends the reading.
 * VIZ_ERR_INPUT when the entry is damaged, or not as the directory says; VIZ_ERR_LIMIT when more
 * than *budget bytes come out, of which what came is taken off; VIZ_ERR_NOMEM. */
int viz_zip_read(const struct viz_zip_entry *entry, const uint8_t *bytes, size_t len,
		 uint64_t *budget, int (*sink)(void *to, const uint8_t *piece, size_t n), void *to);

#endif
