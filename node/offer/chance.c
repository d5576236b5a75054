#include "node/offer/chance.h"

#include <math.h>

#define Z95 1.959963984540054 /* the normal distribution's 97.5 % quantile */

/* C(n, k) p^k (1 - p)^(n - k). The factors above and below 1 take turns, so that nothing between
 * leaves the range of the type. */
static long double term(uint32_t n, uint32_t k, long double p)
{
	long double t = 1;
	uint32_t up = 0, down = 0;

	while (up < k || down < n - k)
		if (up < k && (t < 1 || down == n - k)) {
			up++;
			t *= (long double)(n - k + up) / up * p;
		} else {
			down++;
			t *= 1 - p;
		}
	return t;
}

/* The sum of the terms from k on, where k is above the mean, so that they fall. */
static long double sum_from(uint32_t n, uint32_t k, long double p)
{
	long double sum = 0, t = term(n, k, p);

	for (uint32_t i = k; i <= n; i++) {
		sum += t;
		t *= (long double)(n - i) / (i + 1) * p / (1 - p);
		if (t < sum * 1e-20L)
			break;
	}
	return sum;
}

double viz_chance_tail(uint32_t n, uint32_t k, double p)
{
	VIZ_REQUIRE(p >= 0 && p <= 1);
	if (k == 0)
		return 1;
	if (k > n || p <= 0)
		return 0;
	if (p >= 1)
		return 1;
	if (k > n * p)
		return (double)sum_from(n, k, p);
	return (double)(1 - sum_from(n, n - k + 1, 1 - (long double)p));
}

/* The logarithm of C(n, k). */
static long double log_choose(long double n, long double k)
{
	return lgammal(n + 1) - lgammal(k + 1) - lgammal(n - k + 1);
}

double viz_chance_among(uint32_t n, uint32_t k, uint32_t others_n, uint32_t others_k)
{
	long double all = (long double)k + others_k, most = all < n ? all : n, sum = 0, t;

	if (k > n || others_k > others_n)
		return 0;
	if ((double)k * others_n <= (double)others_k * n)
		return 1; /* no more than the others */
	t = expl(log_choose(n, k) + log_choose(others_n, others_k) -
		 log_choose((long double)n + others_n, all));
	for (long double i = k; i <= most && t > sum * 1e-20L; i++) {
		sum += t;
		t *= (n - i) * (all - i) / ((i + 1) * (others_n - all + i + 1));
	}
	return (double)sum;
}

bool viz_chance_exceeded(uint32_t n, uint32_t k, uint32_t others_n, uint32_t others_k)
{
	return n >= VIZ_CHANCE_CASES_MIN &&
	       viz_chance_among(n, k, others_n, others_k) < VIZ_CHANCE_BELOW;
}

struct viz_interval viz_chance_wilson(uint32_t n, uint32_t k)
{
	double p, z2 = Z95 * Z95, centre, half;

	if (n == 0)
		return (struct viz_interval){0, 1};
	p = (double)k / n;
	centre = (p + z2 / (2.0 * n)) / (1 + z2 / n);
	half = Z95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4.0 * n * n));
	return (struct viz_interval){centre - half > 0 ? centre - half : 0,
				     centre + half < 1 ? centre + half : 1};
}
