// The kernels in vectors of 512 bits, for processors with AVX-512.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
#define VECTOR_BYTES 64
#define VECTORS 6
#define TABLE ckernels_avx512
#define TABLE_NAME "avx512"
#include "kernels.h"
#pragma clang attribute pop
#endif
