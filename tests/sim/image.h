/* Memory that many nodes begin with: an image. Each node has its own view of it, and only the
 * pieces that it has changed are kept for it. The image stands at one address, so that the pointers
 * in it hold in each view. One view is there at a time: enter it before you look at its node.
 *
 * What is allocated while the image is made stands in it. What a node allocates later is its own,
 * and what it frees of the image stays there for the others.
 *
 * In the program `sim_nation` the compiler reports each write to memory, as it does for the
 * kernel's address sanitizer, and image_writes.c notes those to the image. Without that the whole
 * image is compared when a view is left, which only a small one bears. */
#ifndef VIZ_SIM_IMAGE_H
#define VIZ_SIM_IMAGE_H

#include "proto/base.h"

struct sim_view;

/* From now on what is allocated stands in a new image. There may be no view. */
void sim_image_begin(void);
/* The image is whole. */
void sim_image_end(void);
void sim_image_free(void);
uint64_t sim_image_bytes(void);

/* A view that has changed nothing. */
struct sim_view *sim_view_new(void);
void sim_view_free(struct sim_view *v);
void sim_view_enter(struct sim_view *v);
/* What it keeps. */
uint64_t sim_view_bytes(const struct sim_view *v);

/* Compares the whole image each time that a view is left, although writes are reported, and ends
 * the process at a write that was not. */
void sim_image_check_writes(void);

/* The compiler reports writes. */
bool sim_image_has_writes(void);
/* So many bytes were written there. */
void sim_image_written(const void *at, size_t len);

#endif
