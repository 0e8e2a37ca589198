/* What a server's certificate is believed by, once connected.
 * covers: src/net/trust.c */
#include "net/trust.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/dial.h"
#include "net/smtp.h"
#include "tls_server.h"

#include <cmocka.h> /* last: its fail() is a macro */

static const char *pem_of(const char *name, struct arena *arena)
{
    char text[8192];
    FILE *file = fopen(tls_file(name), "r");
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    return arena_copy_bytes(arena, text, size);
}

/* openssl says the same of it. */
static const char *fingerprint_by_openssl(const char *name, struct arena *arena)
{
    char command[256], said[256] = "";
    snprintf(command, sizeof command,
             "openssl x509 -in %s -outform DER | openssl dgst -sha256 -r | cut -c1-64",
             tls_file(name));
    FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): our own words, in a test
    size_t size = fread(said, 1, 64, pipe);
    pclose(pipe);
    return arena_copy_bytes(arena, said, size);
}

static CURLcode dial(int port, struct tls_trust trust, struct arena *arena, const char **ret_words,
                     const char **ret_public_key)
{
    struct dial dial = {.host = "127.0.0.1",
                        .port = port,
                        .trust = trust,
                        .deadline_ms = clock_steady_ms() + 10000,
                        .guard = {.allow_private = true}};
    struct wire wire = {0};
    assert_int_equal(dial_connect(&dial, &wire, arena), CURLE_OK);
    CURLcode code = dial_secure(&dial, &wire, arena);
    *ret_words = code == CURLE_OK ? "" : dial.why;
    *ret_public_key = code == CURLE_OK ? trust_public_key(wire.curl, arena) : NULL;
    curl_easy_cleanup(wire.curl);
    return code;
}

/* The certificate of `stranger` is for another host, and nobody here vouches for its authority. */
static void each_way_to_trust(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *stranger = fingerprint_by_openssl("stranger.pem", arena);
    const char *server = fingerprint_by_openssl("server.pem", arena);
    assert_int_equal(strlen(stranger), 64);
    assert_string_equal(trust_fingerprint(pem_of("stranger.pem", arena), arena), stranger);
    assert_null(trust_fingerprint("-----BEGIN CERTIFICATE-----", arena));
    const char *authority = pem_of("authority.pem", arena);
    const char *authority_file = arena_copy(arena, tls_file("authority.pem"));
    const char *stranger_file = arena_copy(arena, tls_file("stranger.pem"));
    const struct {
        const char *certificate;
        struct tls_trust trust;
        const char *words; /* NULL: it is trusted */
    } ROWS[] = {
        {"stranger", {.fingerprints = stranger}, NULL},
        {"stranger", {.fingerprints = arena_format(arena, "%s %s", server, stranger)}, NULL},
        {"stranger", {.fingerprints = server}, stranger},
        {"stranger", {.fingerprints = server, .ca_file = authority_file}, "is not the one"},
        {"stranger", {.ca_pem = authority}, "not trusted"},
        {"server", {.ca_pem = authority}, NULL},
        {"server", {.ca_pem = pem_of("server.pem", arena)}, NULL},
        {"server", {.ca_pem = authority, .ca_file = stranger_file}, NULL},
        {"server",
         {.ca_pem = pem_of("stranger.pem", arena), .ca_file = authority_file},
         "not trusted"},
        {"server", {.ca_file = authority_file}, NULL},
        {"server", {0}, "not trusted"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct tls_server running = tls_server_start(ROWS[i].certificate, "");
        const char *words, *public_key;
        CURLcode code = dial(running.port, ROWS[i].trust, arena, &words, &public_key);
        if ((code == CURLE_OK) != !ROWS[i].words || !strstr(words, text_or(ROWS[i].words, "")))
            fail_msg("%zu: %s", i, words);
        if (ROWS[i].trust.fingerprints && code == CURLE_OK) {
            struct tls_trust pinned = {.public_key = public_key};
            assert_int_equal(dial(running.port, pinned, arena, &words, &public_key), CURLE_OK);
            pinned.public_key = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
            assert_int_equal(dial(running.port, pinned, arena, &words, &public_key),
                             CURLE_SSL_PINNEDPUBKEYNOTMATCH);
        }
        tls_server_finish(&running);
    }
}

static struct {
    bool sets_folder;
    const char *file;
} asked;

/* The code calls this one, because the program comes before the library: what libcurl is asked for
 * cannot be read from it. */
CURLcode(curl_easy_setopt)(CURL *curl, CURLoption option, ...)
{
    static CURLcode (*real)(CURL *, CURLoption, ...);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "curl_easy_setopt");
    va_list arguments;
    va_start(arguments, option);
    void *value = va_arg(arguments, void *);
    va_end(arguments);
    if (option == CURLOPT_CAPATH)
        asked.sets_folder = true;
    if (option == CURLOPT_CAINFO)
        asked.file = value;
    return real(curl, option, value);
}

/* The operator's file is beside the system's folder, unless told otherwise. */
static void a_file_is_added(void **state)
{
    (void)state;
    for (int is_alone = 0; is_alone < 2; is_alone++) {
        CURL *curl = curl_easy_init();
        asked.sets_folder = false;
        asked.file = NULL;
        if (is_alone)
            trust_ca_file_alone();
        assert_true(trust_prepare(curl, &(struct tls_trust){.ca_file = "/x.pem"}));
        assert_string_equal(asked.file, "/x.pem");
        assert_int_equal(asked.sets_folder, is_alone);
        curl_easy_cleanup(curl);
    }
}

static int make_folder(void **state)
{
    (void)state;
    return tls_folder_make() ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    tls_folder_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_to_trust),
        cmocka_unit_test(a_file_is_added),
    };
    net_start();
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
