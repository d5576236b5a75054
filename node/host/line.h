/* Splits what comes over the control socket into lines. The lines hold personal data: every buffer
 * is wiped before it is freed. Pure. */
#ifndef VIZ_NODE_HOST_LINE_H
#define VIZ_NODE_HOST_LINE_H

#include "proto/base.h"

struct viz_line {
	uint8_t *bytes; /* owned */
	size_t len, capacity;
	size_t scanned; /* no newline before here */
	size_t max;     /* bytes of a line, without its newline */
};

void viz_host_line_init(struct viz_line *l, size_t max);
void viz_host_line_clear(struct viz_line *l);

/* Where to receive the next bytes: *at with *space bytes (at least 1). VIZ_ERR_LIMIT when a
 * line that has not ended is longer than max, VIZ_ERR_NOMEM. */
int viz_host_line_space(struct viz_line *l, uint8_t **at, size_t *space);
/* So many bytes were put there. */
void viz_host_line_added(struct viz_line *l, size_t count);

/* Takes the next whole line: the caller owns *line (len bytes and a NUL, without the newline and a
 * carriage return before it), wipes and frees it. VIZ_ERR_ABSENT: none is whole yet. VIZ_ERR_LIMIT:
 * longer than max. */
int viz_host_line_take(struct viz_line *l, uint8_t **line, size_t *len);

#endif
