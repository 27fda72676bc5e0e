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

/// Keeps malloc to two pools that threads share, where the environment does not say otherwise: of one for each thread every one holds on to
/// what a job once freed in it. Nothing with another C library than glibc.
void csystem_limit_arenas(void);

/// Accepts a connection with close-on-exec set. Returns the descriptor, or -1 with `errno` set.
int csystem_accept(int listener, struct sockaddr_storage *peer);

/// Lets the kernel begin to write what a file has in memory to the disk, without waiting (`sync_file_range`). No promise: `fsync` is.
void csystem_begin_saving(int descriptor);
/// Waits until the kernel has handed all bytes of a file to the disk. Returns -1 with `errno` set where some could not be written, which the file
/// system as a whole tells to the first who asks only. No promise either: what the disk itself keeps back, `csystem_sync_file_system` gets out.
int csystem_finish_saving(int descriptor);

/// Waits until all of the file system that a file is on is on the disk (`syncfs`). Returns -1 with `errno` set where it is not.
int csystem_sync_file_system(int descriptor);

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

/// TLS 1.2 and 1.3 on connections that clients open. A context is shared by all, a session belongs to one thread at a time.
typedef struct csystem_tls_context csystem_tls_context;
typedef struct csystem_tls csystem_tls;

/// What a call comes to that moved no byte.
enum {
    /// The other end said that it is done.
    CSYSTEM_TLS_END = 0,
    /// To be called again once the descriptor can be read, or written.
    CSYSTEM_TLS_WANTS_INPUT = -1,
    CSYSTEM_TLS_WANTS_ROOM = -2,
    CSYSTEM_TLS_FAILED = -3,
    /// The other end speaks HTTP without TLS.
    CSYSTEM_TLS_PLAIN = -4,
};

/// From PEM files: the certificate with its chain, its key, and the authority that clients' certificates must be of; NULL asks
/// for none. Returns NULL and a message where they cannot be used.
csystem_tls_context *csystem_tls_context_new(
    const char *certificate, const char *key, const char *clientCA, char *message, size_t size);
void csystem_tls_context_free(csystem_tls_context *context);

/// A session on a descriptor that does not block, which it does not close. NULL when there is no memory.
csystem_tls *csystem_tls_new(csystem_tls_context *context, int descriptor);
void csystem_tls_free(csystem_tls *tls);

/// The handshake: 1 when it is done.
long csystem_tls_accept(csystem_tls *tls);
/// How many bytes were read or written, at least one.
long csystem_tls_read(csystem_tls *tls, void *bytes, size_t count);
long csystem_tls_write(csystem_tls *tls, const void *bytes, size_t count);
/// Whether bytes were received that were not read.
int csystem_tls_pending(const csystem_tls *tls);
/// Tells the other end that nothing more comes.
void csystem_tls_end(csystem_tls *tls);

#endif
