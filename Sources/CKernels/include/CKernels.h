// The inner loops of the neural networks, once per instruction set. Swift chooses a set by `ckernels_set`.
#ifndef OSTEON_CKERNELS_H
#define OSTEON_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Buffers that `products` reads and writes have room for this many floats past the last position.
#define CKERNELS_SLACK 16
/// `products` takes at most this many output channels at once.
#define CKERNELS_CHANNELS 4

/// One implementation of every kernel. All floats are 32 bits; no pointer needs an alignment.
typedef struct {
    const char *name;

    /// The one product of convolution, linear layer and attention:
    /// out[c * outStride + p] = sum over t of weights[t * channels + c] * input[offsets[t] + p], for 0 <= c < channels (1, 2 or 4)
    /// and 0 <= p < positions. Reads and writes up to CKERNELS_SLACK - 1 positions more. Sums run over t in order.
    void (*products)(
        const float *input, const int32_t *offsets, ptrdiff_t taps, const float *weights, ptrdiff_t channels,
        float *out, ptrdiff_t outStride, ptrdiff_t positions);

    /// out[i] = a if a > 0, else slope * a, with a = scale * x[i] + shift. `out` may be `x`. Slope 1 is the plain affine map.
    void (*affine)(const float *x, float *out, ptrdiff_t count, float scale, float shift, float slope);

    /// out[i] = a if a > 0, else slope * a, with a = x[i] + y[i]. `out` may be `x` or `y`.
    void (*add)(const float *x, const float *y, float *out, ptrdiff_t count, float slope);

    /// out[4 * i + lane] = x[lane * stride + i] + sign * y[lane * stride + i], for 0 <= i < count; rows of `x` from `rowsX` on and of `y`
    /// from `rowsY` on count as 0 (both 0 to 4). With sign 0, `y` is not read.
    void (*interleave)(
        const float *x, ptrdiff_t rowsX, const float *y, ptrdiff_t rowsY, float sign, ptrdiff_t stride, ptrdiff_t count,
        float *out);

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

    /// x[i] = exp(scale * (x[i] - largest)) / sum of these, in place.
    void (*softmax)(float *x, ptrdiff_t count, float scale);

    /// x[i] = x[i] / 2 * (1 + erf(x[i] / sqrt(2))), in place.
    void (*gelu)(float *x, ptrdiff_t count);

    /// x[i] = 1 / (1 + exp(-x[i])), in place.
    void (*sigmoid)(float *x, ptrdiff_t count);
} ckernels_table;

/// The kernels called `portable`, `avx2` or `avx512`; NULL where this build or this processor has none of that name.
const ckernels_table *_Nullable ckernels_set(const char *name);

#pragma clang assume_nonnull end

#endif
