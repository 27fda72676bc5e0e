#define _GNU_SOURCE
#include "CSystem.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

void csystem_limit_arenas(void) {
#ifdef __GLIBC__
    if (getenv("MALLOC_ARENA_MAX") == NULL) mallopt(M_ARENA_MAX, 2);
#endif
}

int csystem_accept(int listener, struct sockaddr_storage *peer) {
    socklen_t length = sizeof *peer;
    return accept4(listener, (struct sockaddr *)peer, &length, SOCK_CLOEXEC);
}

void csystem_begin_saving(int descriptor) {
    (void)sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
}

int csystem_finish_saving(int descriptor) {
    return sync_file_range(
        descriptor, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

int csystem_sync_file_system(int descriptor) {
    return syncfs(descriptor);
}

int csystem_inflate_init(z_stream *stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}

int csystem_deflate_init(z_stream *stream, int level, int windowBits) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
}

int csystem_equal(const void *a, const void *b, size_t count) {
    return CRYPTO_memcmp(a, b, count) == 0;
}

struct csystem_sha256 {
    EVP_MD_CTX *context;
};

csystem_sha256 *csystem_sha256_new(void) {
    csystem_sha256 *hash = malloc(sizeof *hash);
    if (hash == NULL) return NULL;
    hash->context = EVP_MD_CTX_new();
    if (hash->context == NULL || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
        csystem_sha256_free(hash);
        return NULL;
    }
    return hash;
}

int csystem_sha256_update(csystem_sha256 *hash, const void *bytes, size_t count) {
    return EVP_DigestUpdate(hash->context, bytes, count) == 1;
}

int csystem_sha256_finish(csystem_sha256 *hash, uint8_t digest[32]) {
    unsigned int length = 0;
    return EVP_DigestFinal_ex(hash->context, digest, &length) == 1 && length == 32;
}

int csystem_sha256_text(const void *bytes, size_t count, uint8_t digits[64]) {
    uint8_t digest[32];
    unsigned int length = 0;
    if (EVP_Digest(bytes, count, digest, &length, EVP_sha256(), NULL) != 1 || length != 32) return 0;
    for (size_t i = 0; i < 64; i++) digits[i] = "0123456789abcdef"[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    return 1;
}

void csystem_sha256_free(csystem_sha256 *hash) {
    if (hash == NULL) return;
    EVP_MD_CTX_free(hash->context);
    free(hash);
}

int csystem_hmac_sha256(
    const void *key, size_t keyCount, const void *bytes, size_t count, uint8_t digest[32]) {
    unsigned int length = 0;
    return HMAC(EVP_sha256(), key, (int)keyCount, bytes, count, digest, &length) != NULL && length == 32;
}
