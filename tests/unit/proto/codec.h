/* Every encoding of the protocol by its name. The program's reader decodes it and its writer
 * encodes it again. For vectors, round trips and fuzz targets. */
#ifndef VIZ_TESTS_CODEC_H
#define VIZ_TESTS_CODEC_H

#include "proto/base.h"

/* Decodes `in` with the codec `name` ("NODE" ... "ERASED" for the bodies of records, "hello",
 * "message", "location", ...) and encodes the result to `out`, of `max` bytes. Returns the error
 * of the decoder; VIZ_ERR_ABSENT for an unknown name; VIZ_ERR_STATE when the result could not be
 * encoded. */
int viz_codec_again(uint8_t *out, size_t *out_len, size_t max, const char *name, const uint8_t *in,
		    size_t len);

#endif
