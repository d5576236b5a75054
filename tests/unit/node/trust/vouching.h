/* Small graphs of vouching, without records, in the directory of a test bed. */
#ifndef VIZ_TEST_VOUCHING_H
#define VIZ_TEST_VOUCHING_H

#include "tests/unit/unit.h"

#include "node/trust/member.h"
#include "tests/unit/node/bed.h"

#define UNIT (UINT64_C(1) << 20) /* of weight; more than anybody counts for at least */

struct viz_trust *trust_of(struct bed *b);
void give_key(struct viz_member *m);
struct viz_member *author_of(struct bed *b, const struct viz_id *id, uint64_t weight);
/* An author whose id begins with `name`, and that weighs so much. */
struct viz_member *author(struct bed *b, uint8_t name, uint64_t weight);
void vouch(struct bed *b, struct viz_member *from, const struct viz_id *to);
/* Both vouch for each other. */
void join(struct bed *b, struct viz_member *x, struct viz_member *y);
/* Begins a transaction. Gives ourselves, with a key. */
struct viz_member *begin(struct bed *b);
/* Who is left out at this share: at most 64. */
size_t choose(struct bed *b, struct viz_member **out, uint64_t share);

#endif
