/* sign_in.h - follows what libcurl and the server say to each other until a mail can be sent.
 *
 * It knows the phase and the last reply, which libcurl's own result does not tell. Lines of an
 * AUTH exchange are not looked at. */
#pragma once
#include <curl/curl.h>

#include "net/reply.h"
#include "net/smtp.h"

struct sign_in {
    enum smtp_phase phase;
    struct reply reply;  /* to the last command */
    unsigned extensions; /* enum smtp_extension, of the last EHLO */
    char trouble[CURL_ERROR_SIZE];
};

enum smtp_extension {
    SMTP_HAS_SIZE = 1 << 0,
    SMTP_HAS_8BITMIME = 1 << 1,
    SMTP_HAS_UTF8 = 1 << 2,
    SMTP_HAS_PIPELINING = 1 << 3,
};

/* A CURLOPT_DEBUGFUNCTION; context is the struct sign_in. */
int sign_in_follow(CURL *curl, curl_infotype type, char *data, size_t size, void *context);

/* Fills in outcome, phase, code and message from libcurl's result and what was followed. */
void sign_in_explain(struct sign_in *sign_in, CURL *curl, CURLcode code,
                     const struct smtp_server *server, struct arena *arena,
                     struct smtp_result *result);
