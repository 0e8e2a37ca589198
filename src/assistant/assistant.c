#include "assistant/assistant.h"

#include <string.h>

#include "assistant/completion.h"
#include "assistant/prompt.h"
#include "base/text.h"
#include "net/http_client.h"

enum { CONNECT_MS = 10 * 1000, REPLY_BYTES = 2 * 1024 * 1024, STATUS_OK = 200 };

struct assistant {
    struct arena *arena; /* holds the struct itself */
    struct assistant_settings settings;
    _Atomic unsigned calls; /* under way */
};

struct assistant *assistant_create(const struct assistant_settings *settings)
{
    struct arena *arena = arena_create();
    struct assistant *assistant = arena_new(arena, struct assistant, 1);
    assistant->arena = arena;
    assistant->settings = *settings;
    return assistant;
}

void assistant_destroy(struct assistant *assistant)
{
    if (assistant)
        arena_destroy(assistant->arena);
}

static void client_cleanup(struct http_client **client)
{
    http_client_destroy(*client);
}
#define AUTO_CLIENT __attribute__((cleanup(client_cleanup))) struct http_client *

static bool refuse(struct error *error, const char *sentence)
{
    return fail(error, ERROR_UNAVAILABLE, "", "%s", sentence);
}

static size_t letter_size(const struct assistant_letter *letter)
{
    return strlen(text_or(letter->subject, "")) + strlen(text_or(letter->body_text, "")) +
           strlen(text_or(letter->body_html, ""));
}

static struct list headers_for(const char *key, struct arena *arena)
{
    struct http_header *headers = arena_new(arena, struct http_header, 3);
    size_t count = 0;
    headers[count++] = (struct http_header){"Content-Type", "application/json"};
    headers[count++] = (struct http_header){"Accept", "application/json"};
    if (key)
        headers[count++] = (struct http_header){"Authorization",
                                                arena_format(arena, "Bearer %s", key)};
    return (struct list){headers, count};
}

static bool send(const struct assistant_settings *settings, const char *prompt, struct arena *arena,
                 struct bytes *ret_body, struct error *error)
{
    struct http_result result;
    AUTO_CLIENT client = http_client_create();
    const struct http_request request = {
        .method = "POST",
        .url = settings->url,
        .headers = headers_for(settings->key, arena),
        .body = {prompt, strlen(prompt)},
        .body_limit = REPLY_BYTES,
        .ca_file = settings->ca_file,
        .connect_timeout_ms = settings->timeout_ms < CONNECT_MS ? settings->timeout_ms : CONNECT_MS,
        .stall_timeout_ms = settings->timeout_ms,
        .total_timeout_ms = settings->timeout_ms,
    };
    bool is_whole = http_client_send(client, &request, arena, &result);
    if (result.is_cut)
        return refuse(error, "the language model's answer is too long");
    if (!is_whole)
        return fail(error, ERROR_UNAVAILABLE, "", "the language model did not answer: %s",
                    text_or(result.message, "the connection broke"));
    if (result.status != STATUS_OK)
        return fail(error, ERROR_UNAVAILABLE, "",
                    "the language model's server answered with status %lld",
                    (long long)result.status);
    *ret_body = result.body;
    return true;
}

static bool ask(const struct assistant_settings *settings, const struct assistant_letter *letter,
                struct arena *arena, struct assistant_letter *ret_letter, struct error *error)
{
    struct bytes body = {0};
    return send(settings, prompt_write(settings->model, letter, arena), arena, &body, error) &&
           completion_read(body, letter, arena, ret_letter, error);
}

bool assistant_complete(struct assistant *assistant, const struct assistant_letter *letter,
                        struct arena *arena, struct assistant_letter *ret_letter,
                        struct error *error)
{
    if (!assistant->settings.url)
        return refuse(error, "no language model is set up on this server");
    if (!letter_size(letter))
        return refuse(error, "there is no text that a language model could complete");
    if (letter_size(letter) > ASSISTANT_LETTER_BYTES)
        return refuse(error, "the mail is too long for the language model");
    bool is_free = ++assistant->calls <= ASSISTANT_CALLS_MOST;
    bool is_done = is_free ? ask(&assistant->settings, letter, arena, ret_letter, error)
                           : refuse(error, "the language model is busy; try again in a moment");
    assistant->calls--;
    return is_done;
}
