// Rows of the benchmark: oneDNN's times. onednn sgemm|conv THREADS: a product of matrices of 2048², or conv3d 32 → 32, 3³, on 96³, in
// the layout that oneDNN chooses itself.
#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define OK(call) do { if ((call) != dnnl_success) { fprintf(stderr, "oneDNN: %s\n", #call); exit(1); } } while (0)
#define REPEATS 7
#define EDGE 2048

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void fill(float *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = (float)(i % 17) / 17 - 0.5f;
}

static dnnl_memory_t filled(const dnnl_memory_desc_t *desc, dnnl_engine_t engine) {
    dnnl_memory_t memory;
    void *data;
    OK(dnnl_memory_create(&memory, desc, engine, DNNL_MEMORY_ALLOCATE));
    OK(dnnl_memory_get_data_handle(memory, &data));
    fill(data, dnnl_memory_desc_get_size(desc) / 4);
    return memory;
}

static dnnl_stream_t stream;
static dnnl_primitive_t primitive;
static dnnl_exec_arg_t arguments[3];
static float *a, *b, *c;

static void convolve(void) {
    OK(dnnl_primitive_execute(primitive, stream, 3, arguments));
    OK(dnnl_stream_wait(stream));
}

static void multiply(void) { OK(dnnl_sgemm('N', 'N', EDGE, EDGE, EDGE, 1, a, EDGE, b, EDGE, 0, c, EDGE)); }

static void prepareConvolution(void) {
    dnnl_engine_t engine;
    OK(dnnl_engine_create(&engine, dnnl_cpu, 0));
    OK(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
    dnnl_dims_t image = {1, 32, 96, 96, 96}, kernel = {32, 32, 3, 3, 3}, ones = {1, 1, 1};
    dnnl_memory_desc_t source, weights, target;
    OK(dnnl_memory_desc_init_by_tag(&source, 5, image, dnnl_f32, dnnl_format_tag_any));
    OK(dnnl_memory_desc_init_by_tag(&weights, 5, kernel, dnnl_f32, dnnl_format_tag_any));
    OK(dnnl_memory_desc_init_by_tag(&target, 5, image, dnnl_f32, dnnl_format_tag_any));
    dnnl_convolution_desc_t convolution;
    OK(dnnl_convolution_forward_desc_init(&convolution, dnnl_forward_inference, dnnl_convolution_direct, &source, &weights,
                                          NULL, &target, ones, ones, ones));
    dnnl_primitive_desc_t description;
    OK(dnnl_primitive_desc_create(&description, &convolution, NULL, engine, NULL));
    OK(dnnl_primitive_create(&primitive, description));
    const dnnl_query_t queries[3] = {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md};
    const int names[3] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
    for (int i = 0; i < 3; i++)
        arguments[i] = (dnnl_exec_arg_t){names[i], filled(dnnl_primitive_desc_query_md(description, queries[i], 0), engine)};
}

static void prepareProduct(void) {
    float **matrices[3] = {&a, &b, &c};
    for (int i = 0; i < 3; i++) {
        *matrices[i] = malloc(sizeof(float) * EDGE * EDGE);
        fill(*matrices[i], (size_t)EDGE * EDGE);
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    const int isProduct = strcmp(argv[1], "sgemm") == 0;
    if (isProduct) prepareProduct(); else prepareConvolution();
    double cpu[REPEATS], clock[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        const double startCPU = now(CLOCK_PROCESS_CPUTIME_ID), start = now(CLOCK_MONOTONIC);
        if (isProduct) multiply(); else convolve();
        cpu[i] = now(CLOCK_PROCESS_CPUTIME_ID) - startCPU;
        clock[i] = now(CLOCK_MONOTONIC) - start;
    }
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("row|oneDNN %d.%d.%d|%s|%s|%.2f|%.0f|", dnnl_version()->major, dnnl_version()->minor, dnnl_version()->patch, argv[1],
           argv[2], isProduct ? 2e-9 * EDGE * EDGE * EDGE : 48.92, use.ru_maxrss / 1024.0);
    for (int i = 0; i < REPEATS; i++) printf("%.4f ", cpu[i]);
    printf("|");
    for (int i = 0; i < REPEATS; i++) printf("%.4f ", clock[i]);
    printf("\n");
    return 0;
}
