/* tls_server.h - `openssl s_server`, which over TLS answers GET /hello and redirects /down to http,
 * and certificates for it. */
#pragma once
#include <sys/types.h>

struct tls_server {
    pid_t process;
    int port;
};

/* A folder with the certificates: authority.pem trusts server.pem (of 127.0.0.1) and stranger.pem
 * (of mail.example.com). NULL: openssl could not make it. Both for cmocka's group. */
const char *tls_folder_make(void);
void tls_folder_remove(void);
const char *tls_file(const char *name); /* its path; good until the next call */

/* certificate: "server" or "stranger"; options: more of openssl's, or "". */
struct tls_server tls_server_start(const char *certificate, const char *options);
void tls_server_finish(struct tls_server *server);
