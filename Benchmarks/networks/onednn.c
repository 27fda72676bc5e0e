// One row of the table: oneDNN's time for conv3d 32 → 32, 3³, on 96³, in the layout that it chooses itself.
#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define OK(call) do { if ((call) != dnnl_success) { fprintf(stderr, "oneDNN: %s\n", #call); exit(1); } } while (0)

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static dnnl_memory_t filled(const dnnl_memory_desc_t *desc, dnnl_engine_t engine) {
    dnnl_memory_t memory;
    void *data;
    OK(dnnl_memory_create(&memory, desc, engine, DNNL_MEMORY_ALLOCATE));
    OK(dnnl_memory_get_data_handle(memory, &data));
    float *values = data;
    for (size_t i = 0; i < dnnl_memory_desc_get_size(desc) / 4; i++) values[i] = (float)(i % 17) / 17 - 0.5f;
    return memory;
}

int main(int argc, char **argv) {
    const char *threads = argc > 1 ? argv[1] : "1";
    dnnl_engine_t engine;
    dnnl_stream_t stream;
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
    dnnl_primitive_t primitive;
    OK(dnnl_primitive_create(&primitive, description));
    dnnl_exec_arg_t arguments[3] = {
        {DNNL_ARG_SRC, filled(dnnl_primitive_desc_query_md(description, dnnl_query_src_md, 0), engine)},
        {DNNL_ARG_WEIGHTS, filled(dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0), engine)},
        {DNNL_ARG_DST, filled(dnnl_primitive_desc_query_md(description, dnnl_query_dst_md, 0), engine)}};
    double cpu = 1e9, clock = 1e9;
    for (int i = 0; i < 5; i++) {
        const double c = now(CLOCK_PROCESS_CPUTIME_ID), t = now(CLOCK_MONOTONIC);
        OK(dnnl_primitive_execute(primitive, stream, 3, arguments));
        OK(dnnl_stream_wait(stream));
        const double dc = now(CLOCK_PROCESS_CPUTIME_ID) - c, dt = now(CLOCK_MONOTONIC) - t;
        if (dc < cpu) cpu = dc;
        if (dt < clock) clock = dt;
    }
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    const double gflop = 48.92;
    printf("| oneDNN %d.%d.%d | conv | %s | %.1f | %.3f | %.3f | %.0f | %.0f | %.0f |\n", dnnl_version()->major,
           dnnl_version()->minor, dnnl_version()->patch, threads, gflop, cpu, clock, gflop / cpu, gflop / clock,
           use.ru_maxrss / 1024.0);
    return 0;
}
