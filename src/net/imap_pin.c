#include "net/imap_pin.h"

#include <string.h>

#include "base/clock.h"
#include "net/dial.h"

enum { IMAP_PIN_LINES_MOST = 100, IMAP_PIN_LINE_SIZE = 1024 };

/* Up to the line that begins so. */
static bool imap_pin_hear(struct wire *wire, int64_t deadline_ms, const char *start)
{
    bool is_there = false;
    for (size_t lines = 0; lines < IMAP_PIN_LINES_MOST && !is_there; lines++) {
        bool is_first = true, has_ended = false;
        while (!has_ended) {
            struct bytes piece;
            if (wire_read_piece(wire, IMAP_PIN_LINE_SIZE, deadline_ms, &piece) != WIRE_FINE)
                return false;
            const char *data = piece.data;
            if (is_first && piece.size >= strlen(start))
                is_there = memcmp(data, start, strlen(start)) == 0;
            is_first = false;
            has_ended = data[piece.size - 1] == '\n';
        }
    }
    return is_there;
}

/* RFC 3501 6.2.1; what came along with the go-ahead could be anybody's. */
static bool imap_pin_start_tls(struct wire *wire, int64_t deadline_ms)
{
    static const char COMMAND[] = "a STARTTLS\r\n";
    return imap_pin_hear(wire, deadline_ms, "* OK") &&
           wire_write(wire, COMMAND, sizeof COMMAND - 1, deadline_ms) == WIRE_FINE &&
           imap_pin_hear(wire, deadline_ms, "a OK") && wire->start == wire->end;
}

static bool imap_pin_explain(const struct dial *dial, const char *where, struct error *error)
{
    const struct mail_refusal *refusal = dial->guard.refused;
    if (refusal)
        return fail(error, ERROR_INVALID, refusal->field, "%s: the %s %s", where, refusal->field,
                    refusal->what);
    return fail(error, ERROR_PROVIDER, dial->is_securing ? "security" : "host", "%s: %s", where,
                dial->why);
}

bool imap_pin(const struct imap_server *server, const char *where, struct arena *arena,
              const char **ret_public_key, struct error *error)
{
    struct dial dial = {
        .host = server->host,
        .port = server->port,
        .trust = server->trust,
        .deadline_ms = clock_steady_ms() + server->connect_timeout_ms,
        .guard = {.allow_private = server->allow_private},
    };
    struct wire wire = {0};
    CURLcode code = dial_connect(&dial, &wire, arena);
    if (code == CURLE_OK && server->security == IMAP_STARTTLS &&
        !imap_pin_start_tls(&wire, dial.deadline_ms)) {
        curl_easy_cleanup(wire.curl);
        return fail(error, ERROR_PROVIDER, "security", "%s: STARTTLS was not agreed on", where);
    }
    if (code == CURLE_OK)
        code = dial_secure(&dial, &wire, arena);
    if (code != CURLE_OK)
        return imap_pin_explain(&dial, where, error);
    const char *public_key = trust_public_key(wire.curl, arena);
    curl_easy_cleanup(wire.curl);
    *ret_public_key = public_key;
    return public_key ||
           fail(error, ERROR_PROVIDER, "security", "%s: its certificate cannot be read", where);
}
