// Which kernels this processor can run.
#include "CKernels.h"
#include <string.h>

extern const ckernels_table ckernels_portable;
#if defined(__x86_64__)
extern const ckernels_table ckernels_avx2, ckernels_avx512;
#endif

const ckernels_table *ckernels_set(const char *name) {
    if (strcmp(name, "portable") == 0) return &ckernels_portable;
#if defined(__x86_64__)
    // The compiler's own CPUID query; it also asks whether the operating system saves the wide registers.
    __builtin_cpu_init();
    if (strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &ckernels_avx2;
    if (strcmp(name, "avx512") == 0 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma"))
        return &ckernels_avx512;
#endif
    return NULL;
}
