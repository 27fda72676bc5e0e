// The kernels in vectors of 128 bits, which every processor has: SSE2 on x86-64, NEON on arm64.
#define VECTOR_BYTES 16
#define VECTORS 2
#define TABLE ckernels_portable
#define TABLE_NAME "portable"
#include "kernels.h"
