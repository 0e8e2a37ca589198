#include "message/signature.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/text.h"
#include "html/html.h"
#include "message/quoted.h"

static const char SPACE[] = " \t\r\n\f";
static const char SEPARATOR[] = "-- \n";

enum { TRIES_MAX = 1000 }; /* to find it: long ones may repeat what is in them */

struct signature {
    const char *html, *text; /* NULL: nothing to show in this form */
};

static bool is_blank(const char *text)
{
    return !text || !text[text_space_size(text)];
}

static const char *trimmed(const char *text, struct arena *arena)
{
    return is_blank(text) ? NULL : text_trim(text, arena);
}

/* Its own separator, which some write into theirs. */
static const char *without_separator(const char *text)
{
    if (!text || !text_starts(text, "--"))
        return text;
    const char *rest = text + 2 + strspn(text + 2, " \t");
    if (*rest != '\r' && *rest != '\n')
        return text;
    return is_blank(rest) ? NULL : rest + text_space_size(rest);
}

/* Another attempt must give the same mail: what may be over the next time is no answer. */
static bool signature_may_pass(const struct error *error)
{
    return error->code == ERROR_UNAVAILABLE;
}

static bool read_signature(const struct email *email, struct arena *arena,
                           struct signature *ret_signature, struct error *error)
{
    const char *text = NULL;
    struct signature signature = {
        trimmed(email->signature_html, arena),
        trimmed(email->signature_text, arena),
    };
    if (!signature.html && signature.text)
        signature.html = html_escape(signature.text, arena);
    else if (signature.html && !signature.text) {
        if (html_text(signature.html, arena, &text, error))
            signature.text = trimmed(text, arena);
        else if (signature_may_pass(error))
            return false;
    }
    signature.text = without_separator(signature.text);
    *ret_signature = signature;
    return true;
}

/* --- whether a body holds it */

static char *without_space(const char *text, struct arena *arena)
{
    char *bare = arena_alloc(arena, strlen(text) + 1), *to = bare;
    for (; *text; text++)
        if (!strchr(SPACE, *text))
            *to++ = *text;
    return bare;
}

/* Between tags, or between the ends: `Ann` is not held by `<p>Dear Ann,</p>`. */
static bool holds_html(const char *own, const char *html, struct arena *arena)
{
    const char *body = without_space(own, arena), *sought = without_space(html, arena);
    size_t size = strlen(sought);
    int tries = 0;
    for (const char *at = body; tries++ < TRIES_MAX && (at = strstr(at, sought)); at++) {
        bool is_begun = *sought == '<' || at == body || at[-1] == '>';
        bool is_ended = sought[size - 1] == '>' || !at[size] || at[size] == '<';
        if (is_begun && is_ended)
            return true;
    }
    return false;
}

static bool has_line_end(const char *text, size_t size)
{
    return memchr(text, '\n', size) || memchr(text, '\r', size);
}

/* All white space as single spaces; or as line ends where there is one in it. */
static char *joined(const char *text, bool keeps_lines, struct arena *arena)
{
    char *bare = arena_alloc(arena, strlen(text) + 1), *to = bare;
    for (text += text_space_size(text); *text;) {
        size_t space = text_space_size(text);
        if (!space)
            *to++ = *text;
        else if (text[space]) /* none at the end */
            *to++ = keeps_lines && has_line_end(text, space) ? '\n' : ' ';
        text += space ? space : 1;
    }
    return bare;
}

/* As lines of their own. */
static bool holds_text(const char *own, const char *text, struct arena *arena)
{
    const char *body = joined(own, false, arena), *lines = joined(own, true, arena);
    const char *sought = joined(text, false, arena);
    size_t size = strlen(sought);
    int tries = 0;
    for (const char *at = body; tries++ < TRIES_MAX && (at = strstr(at, sought)); at++) {
        size_t start = (size_t)(at - body), end = start + size;
        if ((!start || lines[start - 1] == '\n') && (!lines[end] || lines[end] == '\n'))
            return true;
    }
    return false;
}

/* --- into a body */

static const char *insert_html(const char *html, size_t at, const char *signature,
                               struct arena *arena)
{
    bool is_first = text_space_size(html) >= at;
    return arena_format(arena, "%.*s%s<div class=\"outtray_signature\">%s</div>\n%s", (int)at, html,
                        is_first ? "" : "<br>\n", signature, html + at);
}

static const char *insert_text(const char *before, const char *signature, const char *after,
                               struct arena *arena)
{
    size_t size = strlen(before);
    while (size && strchr(SPACE, before[size - 1]))
        size--;
    after += strspn(after, "\r\n");
    return arena_format(arena, "%.*s%s%s%s\n%s%s", (int)size, before, size ? "\n\n" : "", SEPARATOR,
                        signature, *after ? "\n" : "", after);
}

static const char *sign_text(const char *text, const char *signature, struct arena *arena)
{
    struct quoted quoted = quoted_in_text(text, arena);
    if (!signature || holds_text(quoted.own, signature, arena))
        return text;
    return insert_text(arena_copy_bytes(arena, text, quoted.start), signature, text + quoted.start,
                       arena);
}

/* --- text of HTML, with the signature where the HTML has it */

/* A text that stands for the signature while the HTML becomes text; it cannot be in there. */
static const char *stand_in(const char *html, struct arena *arena)
{
    return arena_format(arena, "outtray-%s", secret_sha256(html, strlen(html), arena));
}

static bool text_of_signed(const char *html, size_t at, const char *signature, struct arena *arena,
                           const char **ret_text, struct error *error)
{
    const char *mark = stand_in(html, arena), *text = NULL;
    const char *marked = arena_format(arena, "%.*s<div>%s</div>%s", (int)at, html, mark, html + at);
    if (!html_text(marked, arena, &text, error)) {
        if (signature_may_pass(error) ||
            !html_text(html, arena, &text, error)) /* it may be the mark that is too much */
            return false;
        *ret_text = sign_text(text, signature, arena);
        return true;
    }
    const char *found = strstr(text, mark);
    if (!found) { /* in something that is not shown */
        *ret_text = sign_text(text, signature, arena);
        return true;
    }
    const char *line = found;
    while (line > text && line[-1] != '\n')
        line--;
    *ret_text = insert_text(arena_copy_bytes(arena, text, (size_t)(line - text)), signature,
                            found + strlen(mark), arena);
    return true;
}

bool signature_append(const struct email *email, struct arena *arena,
                      struct signed_bodies *ret_bodies, struct error *error)
{
    struct signature signature;
    if (!read_signature(email, arena, &signature, error))
        return false;
    const char *html = text_is_empty(email->body_html) ? NULL : email->body_html;
    struct signed_bodies bodies = {email->body_text, html};
    struct quoted quoted = {0, ""};
    bool is_held = false;
    if (html && signature.html) {
        quoted = quoted_in_html(html, arena);
        is_held = holds_html(quoted.own, signature.html, arena);
        if (!is_held)
            bodies.html = insert_html(html, quoted.start, signature.html, arena);
    }
    if (is_held)
        signature.text = NULL;
    bool is_made = true;
    if (bodies.text || !html)
        bodies.text = sign_text(text_or(bodies.text, ""), signature.text, arena);
    else if (!signature.text)
        is_made = html_text(html, arena, &bodies.text, error);
    else
        is_made = text_of_signed(html, quoted.start, signature.text, arena, &bodies.text, error);
    if (is_made)
        *ret_bodies = bodies;
    return is_made;
}
