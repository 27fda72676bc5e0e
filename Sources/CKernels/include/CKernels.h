// The inner loops of the neural networks, once per instruction set. Swift chooses a set by `ckernels_set`.
#ifndef OSTEON_CKERNELS_H
#define OSTEON_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Buffers that `products` reads and writes have room for this many floats past the last position.
#define CKERNELS_SLACK 16
/// Floats that `products` fetches for later with each tap: half a line of the cache, as more would be more than memory gives.
#define CKERNELS_AHEAD 8
/// Positions of one pass of `products` with CKERNELS_ROWS channels, where vectors are wide.
#define CKERNELS_PASS 48
/// `products` takes at most this many channels at once, where they are rows of a matrix.
#define CKERNELS_ROWS 8
/// As many as these where they are output channels of a convolution, whose inputs are wider than a panel of a matrix.
#define CKERNELS_CHANNELS 4

/// One implementation of every kernel. All floats are 32 bits; no pointer needs an alignment.
typedef struct {
    const char *name;

    /// The one product of convolution, linear layer and attention:
    /// out[c * outStride + p] = sum over t of weights[t * tapStep + c * channelStep] * input[offsets[t] + p], for 0 <= c < channels (1,
    /// 2, 4 or 8) and 0 <= p < positions. Reads and writes up to CKERNELS_SLACK - 1 positions more. Sums run over t in order.
    /// Meanwhile the cache is asked for what lies from `ahead` on, if it is not null: CKERNELS_AHEAD * taps floats for every CKERNELS_PASS
    /// positions.
    void (*products)(
        const float *input, const int32_t *offsets, ptrdiff_t taps, const float *weights, ptrdiff_t tapStep,
        ptrdiff_t channelStep, ptrdiff_t channels, float *out, ptrdiff_t outStride, ptrdiff_t positions,
        const float *_Nullable ahead);

    /// out[i] = a if a > 0, else slope * a, with a = scale * x[i] + shift. `out` may be `x`. Slope 1 is the plain affine map.
    void (*affine)(const float *x, float *out, ptrdiff_t count, float scale, float shift, float slope);

    /// out[i] = a if a > 0, else slope * a, with a = x[i] + y[i]. `out` may be `x` or `y`.
    void (*add)(const float *x, const float *y, float *out, ptrdiff_t count, float slope);

    /// out[i] = x[i] + sign * y[i].
    void (*combine)(const float *x, const float *y, float *out, ptrdiff_t count, float sign);

    /// out[r * outStride + i] = sums[r * sumStride + i] + bias[i] (+ added[r * outStride + i], if it is not null) for r < rows and
    /// i < count; then GELU where `isGELU` is not 0.
    void (*finish)(
        const float *sums, ptrdiff_t sumStride, const float *bias, const float *_Nullable added, float *out,
        ptrdiff_t outStride, ptrdiff_t rows, ptrdiff_t count, int isGELU);

    /// out[i] += sign * x[i].
    void (*accumulate)(const float *x, float *out, ptrdiff_t count, float sign);

    /// The inputs of `count` groups of four neighbouring sums with three weights each, transformed so that six products do the work
    /// of twelve (see WinogradRun.swift): out[k * outStride + j] of part k and group j, from row[4 * j] to row[4 * j + 5].
    void (*winogradInput)(const float *row, ptrdiff_t count, float *out, ptrdiff_t outStride);

    /// The way back: out[0 ..< count] of the products sums[k * sumStride + j] of part k and group j, and then as `affine`.
    void (*winogradOutput)(
        const float *sums, ptrdiff_t sumStride, float *out, ptrdiff_t count, float scale, float shift, float slope);

    /// out[i] = (x[i] - mean) * scale * weight[i] + bias[i].
    void (*layerNorm)(
        const float *x, const float *weight, const float *bias, float *out, ptrdiff_t count, float mean, float scale);

    /// Mean and biased variance, in two passes, summed in double precision across blocks.
    void (*moments)(const float *x, ptrdiff_t count, double *mean, double *variance);

    /// x[i] = exp(scale * (x[i] - largest)) for a scale above 0, in place. Returns their sum, by which softmax divides.
    float (*exponentials)(float *x, ptrdiff_t count, float scale);

    /// x[i] = x[i] / 2 * (1 + erf(x[i] / sqrt(2))), in place.
    void (*gelu)(float *x, ptrdiff_t count);

    /// x[i] = 1 / (1 + exp(-x[i])), in place.
    void (*sigmoid)(float *x, ptrdiff_t count);
} ckernels_table;

/// The kernels called `portable`, `avx2` or `avx512`; NULL where this build or this processor has none of that name.
const ckernels_table *_Nullable ckernels_set(const char *name);

#pragma clang assume_nonnull end

#endif
