// The kernels in vectors of 256 bits, for processors with AVX2 and FMA.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VECTOR_BYTES 32
#define VECTORS 2
#define TABLE ckernels_avx2
#define TABLE_NAME "avx2"
#include "kernels.h"
#pragma clang attribute pop
#endif
