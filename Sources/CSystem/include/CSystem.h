// The operating-system calls that Swift's Glibc module lacks, zlib, libdeflate, and SHA-256, HMAC and comparison from libcrypto.
#ifndef OSTEON_CSYSTEM_H
#define OSTEON_CSYSTEM_H

#include <libdeflate.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <zlib.h>

/// `POLLRDHUP`: the other end closed the connection or its sending half.
#define CSYSTEM_POLL_HANGUP 0x2000

/// Accepts a connection with close-on-exec set. Returns the descriptor, or -1 with `errno` set.
int csystem_accept(int listener, struct sockaddr_storage *peer);

/// `inflateInit2` and `deflateInit2`, which are macros in zlib.h. `windowBits`: -15 raw, 15 zlib, 31 gzip, 47 either.
int csystem_inflate_init(z_stream *stream, int windowBits);
int csystem_deflate_init(z_stream *stream, int level, int windowBits);

/// Whether `count` bytes are equal, in a time that does not tell where they differ.
int csystem_equal(const void *a, const void *b, size_t count);

/// An incremental SHA-256. `csystem_sha256_finish` writes 32 bytes; `csystem_sha256_free` may be called at any point.
typedef struct csystem_sha256 csystem_sha256;
csystem_sha256 *csystem_sha256_new(void);
int csystem_sha256_update(csystem_sha256 *hash, const void *bytes, size_t count);
int csystem_sha256_finish(csystem_sha256 *hash, uint8_t digest[32]);
void csystem_sha256_free(csystem_sha256 *hash);
/// SHA-256 of bytes at once, as 64 lower-case hexadecimal digits without an end mark. Returns 0 where it failed.
int csystem_sha256_text(const void *bytes, size_t count, uint8_t digits[64]);

/// HMAC-SHA256 (RFC 2104) of bytes under a key: writes 32 bytes. Returns 0 where it failed.
int csystem_hmac_sha256(
    const void *key, size_t keyCount, const void *bytes, size_t count, uint8_t digest[32]);

#endif
