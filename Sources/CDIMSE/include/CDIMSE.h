// DCMTK's storage SCP behind C: no C++ type and no exception passes this header.
#ifndef OSTEON_CDIMSE_H
#define OSTEON_CDIMSE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Listens for associations. Made by `cdimse_start`, freed by `cdimse_stop`.
typedef struct cdimse_server cdimse_server;

/// Who speaks; the strings live as long as the call.
typedef struct cdimse_peer {
    const char *callingTitle;
    const char *calledTitle;
    const char *address;
} cdimse_peer;

/// What happened to an association.
typedef enum cdimse_event {
    CDIMSE_ACCEPTED = 0,
    /// The title that it calls, its own or its address is none of those that may; `detail` says which.
    CDIMSE_REFUSED,
    CDIMSE_RELEASED,
    /// The peer aborted it, or it broke, or nothing came in time; `detail` says which.
    CDIMSE_ENDED,
} cdimse_event;

/// Takes an object that was received as a file. Returns the status of the answer (PS3.7 C, PS3.4 B.2.3); the file is removed after it.
typedef uint16_t (*cdimse_store)(void *context, const cdimse_peer *peer, const char *path);
typedef void (*cdimse_note)(void *context, const cdimse_peer *peer, cdimse_event event, const char *detail);

typedef struct cdimse_settings {
    uint16_t port;
    /// Titles that may be called; at least one.
    const char *const *calledTitles;
    size_t calledTitleCount;
    /// Titles that may call; none lets all.
    const char *const *callingTitles;
    size_t callingTitleCount;
    /// IPv4 addresses that may connect; at least one.
    const char *const *peers;
    size_t peerCount;
    /// Where objects are received, a file each.
    const char *folder;
    /// Associations that are served at once; others wait to be accepted.
    size_t associations;
    /// Seconds that a peer may say nothing before its association is aborted.
    uint32_t idleSeconds;
    /// Bytes that one object may have; an association that sends more is aborted.
    uint64_t objectBytes;
    /// The two are called on the server's threads, several at once, with `context`.
    cdimse_store store;
    cdimse_note note;
    void *context;
} cdimse_settings;

/// Listens on every address of the machine, on threads of its own: answers C-ECHO, and C-STORE of every storage SOP class and of those
/// that DCMTK does not know, in the common transfer syntaxes. Returns NULL and sets `message` (zero-terminated) when the port cannot be had. What the settings
/// point to is copied.
cdimse_server *cdimse_start(const cdimse_settings *settings, char *message, size_t messageSize);

/// Takes no more associations, waits until those that run have ended, and frees the server.
void cdimse_stop(cdimse_server *server);

#ifdef __cplusplus
}
#endif
#endif
