/* How likely something is by chance, and how far a share that was counted may be from the true one.
 * Pure. Only what an origin is suspected of depends on it, never a proof, so floating point will
 * do. */
#ifndef VIZ_NODE_OFFER_CHANCE_H
#define VIZ_NODE_OFFER_CHANCE_H

#include "proto/base.h"

/* A suspicion needs so many cases, and so small a probability of its being chance. */
#define VIZ_CHANCE_CASES_MIN 20
#define VIZ_CHANCE_BELOW     1e-6

/* The probability that of `n` independent cases at least `k` occur, each with probability `p`: the
 * upper tail of the binomial distribution, summed term by term. */
double viz_chance_tail(uint32_t n, uint32_t k, double p);

/* The probability that of the `k` + `others_k` cases so many or more fall on one's `n`, when each
 * of the `n` + `others_n` is as likely; 1 when one's share is not above that of the others. The
 * share of the others is itself only counted, and this takes that into account. Source: R. A.
 * Fisher, The Design of Experiments, 1935 (the exact test). */
double viz_chance_among(uint32_t n, uint32_t k, uint32_t others_n, uint32_t others_k);

/* Whether `k` of `n` cases are more than chance gives, against `others_k` of `others_n`. */
bool viz_chance_exceeded(uint32_t n, uint32_t k, uint32_t others_n, uint32_t others_k);

/* The 95 % interval of the true share when `k` of `n` cases were counted. From 0 to 1 when n is 0.
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
 */
struct viz_interval {
	double low, high;
};
struct viz_interval viz_chance_wilson(uint32_t n, uint32_t k);

#endif
