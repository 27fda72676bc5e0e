// The server's side of TLS, by OpenSSL, on a descriptor that does not block.
#define _GNU_SOURCE
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>

#include "CSystem.h"

struct csystem_tls_context {
    SSL_CTX *context;
};

struct csystem_tls {
    SSL *session;
};

/// Forward secrecy and authenticated encryption only (our choice); TLS 1.3 has nothing else.
static const char ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// Says what OpenSSL met, and forgets it.
static int explain(const char *what, char *message, size_t size) {
    unsigned long code = ERR_peek_last_error();
    const char *reason = code == 0 ? NULL : ERR_reason_error_string(code);
    snprintf(message, size, "%s: %s", what, reason == NULL ? "unknown reason" : reason);
    ERR_clear_error();
    return 0;
}

static int set_up(
    SSL_CTX *context, const char *certificate, const char *key, const char *clientCA, char *message, size_t size) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Every connection shows its certificate anew: nothing is resumed.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context, 0);
    if (SSL_CTX_set_cipher_list(context, ciphers) != 1) return explain("the ciphers", message, size);
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1) return explain("the certificate", message, size);
    if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) return explain("the key", message, size);
    if (SSL_CTX_check_private_key(context) != 1) return explain("the key and the certificate", message, size);
    if (clientCA == NULL) return 1;
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(clientCA);
    if (names == NULL || SSL_CTX_load_verify_locations(context, clientCA, NULL) != 1)
        return explain("the authority of clients", message, size);
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return 1;
}

csystem_tls_context *csystem_tls_context_new(
    const char *certificate, const char *key, const char *clientCA, char *message, size_t size) {
    csystem_tls_context *made = malloc(sizeof *made);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (made == NULL || context == NULL || !set_up(context, certificate, key, clientCA, message, size)) {
        SSL_CTX_free(context);
        free(made);
        return NULL;
    }
    made->context = context;
    return made;
}

void csystem_tls_context_free(csystem_tls_context *context) {
    if (context == NULL) return;
    SSL_CTX_free(context->context);
    free(context);
}

csystem_tls *csystem_tls_new(csystem_tls_context *context, int descriptor) {
    csystem_tls *made = malloc(sizeof *made);
    SSL *session = SSL_new(context->context);
    if (made == NULL || session == NULL || SSL_set_fd(session, descriptor) != 1) {
        SSL_free(session);
        free(made);
        return NULL;
    }
    made->session = session;
    return made;
}

void csystem_tls_free(csystem_tls *tls) {
    if (tls == NULL) return;
    SSL_free(tls->session);
    free(tls);
}

/// What a call that moved no byte came to.
static long outcome(csystem_tls *tls, int result) {
    int reason = SSL_get_error(tls->session, result);
    unsigned long code = ERR_peek_error();
    ERR_clear_error();
    switch (reason) {
        case SSL_ERROR_ZERO_RETURN: return CSYSTEM_TLS_END;
        case SSL_ERROR_WANT_READ: return CSYSTEM_TLS_WANTS_INPUT;
        case SSL_ERROR_WANT_WRITE: return CSYSTEM_TLS_WANTS_ROOM;
        default: return ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST ? CSYSTEM_TLS_PLAIN : CSYSTEM_TLS_FAILED;
    }
}

long csystem_tls_accept(csystem_tls *tls) {
    ERR_clear_error();
    int result = SSL_accept(tls->session);
    return result == 1 ? 1 : outcome(tls, result);
}

long csystem_tls_read(csystem_tls *tls, void *bytes, size_t count) {
    ERR_clear_error();
    size_t read = 0;
    int result = SSL_read_ex(tls->session, bytes, count, &read);
    return result == 1 ? (long)read : outcome(tls, result);
}

long csystem_tls_write(csystem_tls *tls, const void *bytes, size_t count) {
    ERR_clear_error();
    size_t written = 0;
    int result = SSL_write_ex(tls->session, bytes, count, &written);
    return result == 1 ? (long)written : outcome(tls, result);
}

int csystem_tls_pending(const csystem_tls *tls) { return SSL_pending(tls->session) > 0; }

void csystem_tls_end(csystem_tls *tls) {
    ERR_clear_error();
    // The other end's word is not waited for.
    if (SSL_is_init_finished(tls->session)) (void)SSL_shutdown(tls->session);
    ERR_clear_error();
}
