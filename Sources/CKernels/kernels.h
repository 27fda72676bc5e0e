// The kernels, in vectors of VECTOR_BYTES; each file that includes this one is an instruction set.
#include "CKernels.h"
#include <string.h>

#define LANES (VECTOR_BYTES / 4)
#define INLINE static inline __attribute__((always_inline))

typedef float vector __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t whole __attribute__((vector_size(VECTOR_BYTES)));

INLINE vector load(const float *from) {
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

INLINE void store(float *to, vector v) { memcpy(to, &v, sizeof v); }

/// `vectors` x LANES positions of `channels` channels: their sums stay in registers while all taps pass.
INLINE void productBlock(
    const float *input, const int32_t *offsets, ptrdiff_t taps, const float *weights, ptrdiff_t tapStep,
    ptrdiff_t channelStep, const int channels, float *out, ptrdiff_t outStride, const float *ahead, const int vectors) {
    vector sums[CKERNELS_ROWS][VECTORS];
#pragma clang loop unroll(full)
    for (int c = 0; c < channels; c++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[c][v] = (vector){0};
    // The weights of the next call: the hardware does not see beyond the end of a page.
    const float *next = weights + (channelStep == 1 ? taps : channelStep) * channels;
    for (ptrdiff_t t = 0; t < taps; t++) {
        const float *x = input + offsets[t];
        const float *w = weights + t * tapStep;
        if (vectors > 2) {
            __builtin_prefetch(next + t * channels, 0, 3);
            __builtin_prefetch(ahead + t * CKERNELS_AHEAD, 0, 2);
        }
        vector values[VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) values[v] = load(x + v * LANES);
#pragma clang loop unroll(full)
        for (int c = 0; c < channels; c++)
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) sums[c][v] += w[c * channelStep] * values[v];
    }
#pragma clang loop unroll(full)
    for (int c = 0; c < channels; c++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) store(out + c * outStride + v * LANES, sums[c][v]);
}

INLINE void productRow(
    const float *input, const int32_t *offsets, ptrdiff_t taps, const float *weights, ptrdiff_t tapStep,
    ptrdiff_t channelStep, const int channels, float *out, ptrdiff_t outStride, ptrdiff_t positions, const float *ahead,
    const int widest) {
    // Blocks of nearly equal width: a last block of one vector would wait for its own sums.
    const ptrdiff_t vectors = (positions + LANES - 1) / LANES;
    const ptrdiff_t blocks = (vectors + widest - 1) / widest;
    for (ptrdiff_t block = 0; block < blocks; block++) {
        const ptrdiff_t first = vectors * block / blocks, width = vectors * (block + 1) / blocks - first;
        const float *from = input + first * LANES;
        float *to = out + first * LANES;
        const float *later = ahead + block * taps * CKERNELS_AHEAD;
#define BLOCK(n)                                                                                                       \
    if (n <= widest && width == n)                                                                                     \
        productBlock(from, offsets, taps, weights, tapStep, channelStep, channels, to, outStride, later, n);
        BLOCK(1) BLOCK(2)
#if VECTORS > 2
        BLOCK(3) BLOCK(4) BLOCK(5) BLOCK(6)
#endif
    }
}

static void products(
    const float *input, const int32_t *offsets, ptrdiff_t taps, const float *weights, ptrdiff_t tapStep,
    ptrdiff_t channelStep, ptrdiff_t channels, float *out, ptrdiff_t outStride, ptrdiff_t positions,
    const float *ahead) {
    if (ahead == NULL) ahead = weights;
    switch (channels) {
#define CHANNELS(n, widest)                                                                                            \
    productRow(input, offsets, taps, weights, tapStep, channelStep, n, out, outStride, positions, ahead, widest)
    case 1: CHANNELS(1, VECTORS); break;
    case 2: CHANNELS(2, VECTORS); break;
    case 4: CHANNELS(4, VECTORS); break;
    case 8:
#if VECTORS > 2
        CHANNELS(8, VECTORS / 2);
#else
        // There are not registers enough for eight.
        CHANNELS(4, VECTORS);
        weights += 4 * channelStep;
        out += 4 * outStride;
        CHANNELS(4, VECTORS);
#endif
        break;
    }
}

static void affine(const float *x, float *out, ptrdiff_t count, float scale, float shift, float slope) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const float a = scale * x[i] + shift;
        out[i] = a > 0 ? a : slope * a;
    }
}

static void add(const float *x, const float *y, float *out, ptrdiff_t count, float slope) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const float a = x[i] + y[i];
        out[i] = a > 0 ? a : slope * a;
    }
}

static void combine(const float *x, const float *y, float *restrict out, ptrdiff_t count, float sign) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = x[i] + sign * y[i];
}

static void accumulate(const float *restrict x, float *restrict out, ptrdiff_t count, float sign) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] += sign * x[i];
}

static void winogradInput(const float *row, ptrdiff_t count, float *out, ptrdiff_t outStride) {
    float *restrict o0 = out, *restrict o1 = out + outStride, *restrict o2 = out + 2 * outStride;
    float *restrict o3 = out + 3 * outStride, *restrict o4 = out + 4 * outStride, *restrict o5 = out + 5 * outStride;
    for (ptrdiff_t j = 0; j < count; j++) {
        const float *d = row + 4 * j;
        o0[j] = d[0] - 1.5f * d[1] - 2.0f * d[2] + 1.5f * d[3] + d[4];
        o1[j] = -d[1] + 0.5f * d[2] + 2.5f * d[3] + d[4];
        o2[j] = d[1] - 2.5f * d[2] + 0.5f * d[3] + d[4];
        o3[j] = -2.0f * d[1] - d[2] + 2.0f * d[3] + d[4];
        o4[j] = 0.5f * d[1] - d[2] - 0.5f * d[3] + d[4];
        o5[j] = d[1] - 1.5f * d[2] - 2.0f * d[3] + 1.5f * d[4] + d[5];
    }
}

INLINE float rectified(float x, float scale, float shift, float slope) {
    const float a = scale * x + shift;
    return a > 0 ? a : slope * a;
}

INLINE void winogradGroup(
    const float *sums, ptrdiff_t sumStride, float *out, float scale, float shift, float slope) {
    const float s0 = sums[0], s1 = sums[sumStride], s2 = sums[2 * sumStride], s3 = sums[3 * sumStride];
    const float s4 = sums[4 * sumStride], s5 = sums[5 * sumStride];
    const float sum = s1 + s2, difference = s1 - s2;
    out[0] = rectified(s0 + sum + (s3 + s4), scale, shift, slope);
    out[1] = rectified(difference + (0.5f * s3 - 2.0f * s4), scale, shift, slope);
    out[2] = rectified(sum + (0.25f * s3 + 4.0f * s4), scale, shift, slope);
    out[3] = rectified(difference + (0.125f * s3 - 8.0f * s4) + s5, scale, shift, slope);
}

static void winogradOutput(
    const float *restrict sums, ptrdiff_t sumStride, float *restrict out, ptrdiff_t count, float scale, float shift,
    float slope) {
    for (ptrdiff_t j = 0; j < count / 4; j++) winogradGroup(sums + j, sumStride, out + 4 * j, scale, shift, slope);
    if (count % 4 == 0) return;
    float last[4];
    winogradGroup(sums + count / 4, sumStride, last, scale, shift, slope);
    memcpy(out + count / 4 * 4, last, (size_t)(count % 4) * sizeof(float));
}

static void layerNorm(
    const float *x, const float *weight, const float *bias, float *out, ptrdiff_t count, float mean, float scale) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (x[i] - mean) * scale * weight[i] + bias[i];
}

INLINE float horizontal(vector v) {
    float lanes[LANES];
    store(lanes, v);
#pragma clang loop unroll(full)
    for (int half = LANES / 2; half > 0; half /= 2)
#pragma clang loop unroll(full)
        for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    return lanes[0];
}

/// The sum of (x - centre) or of its squares. Blocks of 1024 are summed in single precision, their sums in double.
INLINE double blockedSum(const float *x, ptrdiff_t count, float centre, int squared) {
    double total = 0;
    ptrdiff_t i = 0;
    while (i < count) {
        const ptrdiff_t end = i + 1024 < count ? i + 1024 : count;
        vector sum = {0};
        for (; i + LANES <= end; i += LANES) {
            const vector d = load(x + i) - centre;
            sum += squared ? d * d : d;
        }
        float rest = horizontal(sum);
        for (; i < end; i++) {
            const float d = x[i] - centre;
            rest += squared ? d * d : d;
        }
        total += rest;
    }
    return total;
}

static void moments(const float *x, ptrdiff_t count, double *mean, double *variance) {
    *mean = blockedSum(x, count, 0, 0) / (double)count;
    *variance = blockedSum(x, count, (float)*mean, 1) / (double)count;
}

INLINE vector select(whole mask, vector yes, vector no) { return (vector)((mask & (whole)yes) | (~mask & (whole)no)); }

/// The nearest whole number, of |x| < 2^22: adding and taking away 1.5 * 2^23 rounds.
INLINE vector nearest(vector x) { return (x + 12582912.0f) - 12582912.0f; }

/// 2^n * exp(r) of a whole n and |r| <= ln 2 / 2, exp(r) by its Taylor series to r^7: relative error below 1e-7 (the first term left
/// out is r^8 / 8! < 5.3e-9).
INLINE vector scaledExponential(vector n, vector r) {
    vector p = r * (1.0f / 5040) + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    const whole power = (__builtin_convertvector(n, whole) + 127) << 23;
    return p * (vector)power;
}

/// exp(x). Below -87 the result is exp(-87); above 88 it is exp(88).
INLINE vector exponential(vector x) {
    x = select(x > 88.0f, (vector){0} + 88.0f, x);
    x = select(x < -87.0f, (vector){0} - 87.0f, x);
    const vector n = nearest(x * 1.44269504f);
    // ln 2 in two parts, the first short enough that n times it is exact (Cody and Waite 1980).
    return scaledExponential(n, (x - n * 0.693359375f) + n * 2.12194440e-4f);
}

/// 2^x of x <= 0. Below -125 the result is 2^-125.
INLINE vector fraction(vector x) {
    x = select(x < -125.0f, (vector){0} - 125.0f, x);
    const vector n = nearest(x);
    return scaledExponential(n, (x - n) * 0.69314718f);
}

/// Runs CHANGE, which assigns to the vector `v`, for x[0 ..< count] in place; the last, shorter vector through a copy.
#define EACH_VECTOR(x, count, CHANGE)                                                                                  \
    for (ptrdiff_t i = 0; i < (count); i += LANES) {                                                                   \
        const size_t bytes = (size_t)((count) - i < LANES ? (count) - i : LANES) * sizeof(float);                      \
        vector v = {0};                                                                                                \
        if (bytes == sizeof v) {                                                                                       \
            v = load((x) + i);                                                                                         \
            CHANGE;                                                                                                    \
            store((x) + i, v);                                                                                         \
        } else {                                                                                                       \
            memcpy(&v, (x) + i, bytes);                                                                                \
            CHANGE;                                                                                                    \
            memcpy((x) + i, &v, bytes);                                                                                \
        }                                                                                                              \
    }

static float exponentials(float *x, ptrdiff_t count, float scale) {
    vector most = {0};
    most += x[0];
    const ptrdiff_t whole = count / LANES * LANES;
    for (ptrdiff_t i = 0; i < whole; i += LANES) {
        const vector v = load(x + i);
        most = select(v > most, v, most);
    }
    float largest = most[0];
    for (int lane = 1; lane < LANES; lane++) largest = most[lane] > largest ? most[lane] : largest;
    for (ptrdiff_t i = whole; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    // exp(scale * (x - largest)) as a power of two.
    const float slope = scale * 1.44269504f;
    vector sums = {0};
    EACH_VECTOR(x, whole, v = fraction((v - largest) * slope); sums += v)
    EACH_VECTOR(x + whole, count - whole, v = fraction((v - largest) * slope))
    float sum = horizontal(sums);
    for (ptrdiff_t i = whole; i < count; i++) sum += x[i];
    return sum;
}

/// x / 2 * (1 + erf(x / sqrt 2)); erf by Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7.
INLINE vector geluOf(vector x) {
    const vector z = x * 0.70710678f;
    const vector size = (vector)((whole)z & 0x7fffffff);
    const vector t = 1.0f / (1.0f + 0.3275911f * size);
    const vector p = t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
    const vector tail = p * exponential(-z * z);
    // 1 + erf(z) is the tail itself below 0: no difference of near numbers is taken there.
    return 0.5f * x * select(z < 0.0f, tail, 2.0f - tail);
}

static void gelu(float *x, ptrdiff_t count) { EACH_VECTOR(x, count, v = geluOf(v)) }

INLINE void finishVector(
    const float *sums, const float *bias, const float *added, float *out, const size_t bytes, int isGELU) {
    vector sum = {0}, other = {0}, third = {0};
    memcpy(&sum, sums, bytes);
    memcpy(&other, bias, bytes);
    if (added != NULL) memcpy(&third, added, bytes);
    sum = sum + other + third;
    if (isGELU) sum = geluOf(sum);
    memcpy(out, &sum, bytes);
}

static void finish(
    const float *sums, ptrdiff_t sumStride, const float *bias, const float *added, float *out, ptrdiff_t outStride,
    ptrdiff_t rows, ptrdiff_t count, int isGELU) {
    const ptrdiff_t whole = count / LANES * LANES;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *from = sums + r * sumStride, *plus = added != NULL ? added + r * outStride : NULL;
        float *to = out + r * outStride;
        for (ptrdiff_t i = 0; i < whole; i += LANES)
            finishVector(from + i, bias + i, plus != NULL ? plus + i : NULL, to + i, sizeof(vector), isGELU);
        if (whole < count)
            finishVector(
                from + whole, bias + whole, plus != NULL ? plus + whole : NULL, to + whole,
                (size_t)(count - whole) * sizeof(float), isGELU);
    }
}

static void sigmoid(float *x, ptrdiff_t count) { EACH_VECTOR(x, count, v = 1.0f / (1.0f + exponential(-v))) }

const ckernels_table TABLE = {
    .name = TABLE_NAME, .products = products, .affine = affine, .add = add, .combine = combine,
    .accumulate = accumulate, .winogradInput = winogradInput, .winogradOutput = winogradOutput, .layerNorm = layerNorm,
    .moments = moments, .exponentials = exponentials, .gelu = gelu, .finish = finish, .sigmoid = sigmoid,
};
